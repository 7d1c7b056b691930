//! `pcdevices explain`: what a code means, offline. Decides which codes there are, and whether it is worth sending again
//! what was refused with one. What the codes of service and files mean is for client and fleet.

pub(crate) mod args;

use partner_center_devices::{DeviceError, Remedy, ServiceCode};
use partner_center_devices_fleet::{Rule, Severity};
use schemars::JsonSchema;
use serde::Serialize;

use crate::errors::{CommandError, Exit};
use crate::suggestions::closest;
use crate::ui::list::{Column, Record, column, csv_only, write_list};
use crate::ui::output::Ui;
use crate::ui::style::BOLD;
use crate::ui::text_layout::{or_empty, wrap};

/// Where Microsoft writes of the errors of devices, and of those of the service.
const OF_DEVICES: &str = "https://learn.microsoft.com/en-us/autopilot/add-devices";
const OF_THE_SERVICE: &str =
    "https://learn.microsoft.com/en-us/partner-center/developer/error-codes";

/// An error code, an HTTP status or a rule, and what to do about it.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Explained {
    /// The code, or the name of what has no code.
    code: String,
    /// The names the service has for it, if any.
    names: Vec<String>,
    kind: Kind,
    /// How grave a rule is.
    severity: Option<Severity>,
    /// What it means, in plain words.
    meaning: String,
    /// What to do, in plain words.
    cure: String,
    /// Whether the same is worth sending again; null for a rule, which is found before anything is sent.
    retry: Option<Retry>,
    /// Where there is more.
    document: Option<String>,
}

/// What says it.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
enum Kind {
    /// The registration service, of one device.
    Device,
    /// Partner Center, of a request.
    Service,
    /// HTTP, of a request.
    Status,
    /// `pcdevices check`, of a file or a row.
    Rule,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Service => "service",
            Self::Status => "HTTP status",
            Self::Rule => "rule",
        }
    }
}

/// Whether the same is worth sending again.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
enum Retry {
    /// No need: it is where it should be.
    NoNeed,
    /// Not as it is; once it is corrected.
    Corrected,
    /// Not yet; once something else is changed.
    Changed,
    /// Later, as it is.
    Later,
}

impl Retry {
    fn of(remedy: Remedy) -> Option<Self> {
        match remedy {
            Remedy::Nothing => Some(Self::NoNeed),
            Remedy::FixInput => Some(Self::Corrected),
            Remedy::FixElsewhere => Some(Self::Changed),
            Remedy::Wait => Some(Self::Later),
            _ => None,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::NoNeed => "there is no need to send it again",
            Self::Corrected => "worth sending again once it is corrected, and not before",
            Self::Changed => "worth sending again once that is done, and not before",
            Self::Later => "worth sending again later, as it is",
        }
    }
}

impl Record for Explained {
    const COLUMNS: &'static [Column<Self>] = &[
        column("Code", "code", |one| one.code.clone()),
        column("Of", "kind", |one: &Self| one.kind.word().to_owned()).rank(1),
        column("Name", "name", |one| {
            one.names.iter().find(|name| **name != one.code).cloned().unwrap_or_default()
        }),
        csv_only("severity", |one| or_empty(&one.severity)),
        column("Meaning", "meaning", |one: &Self| one.meaning.clone()).text(),
        csv_only("cure", |one| one.cure.clone()),
        csv_only("retry", |one| one.retry.map(Retry::words).unwrap_or_default().to_owned()),
        csv_only("document", |one| or_empty(&one.document)),
    ];
}

pub(crate) fn run(ui: Ui, args: args::Explain) -> Result<Exit, CommandError> {
    let all = all();
    if args.codes.is_empty() {
        write_list(ui, args.format, &all, "there is no code")?;
        return Ok(Exit::Success);
    }
    let found = |wanted: &str| all.iter().position(|one| one.is(wanted));
    let mut places = Vec::new();
    let mut unknown: Option<CommandError> = None;
    for wanted in &args.codes {
        match found(wanted) {
            Some(place) if places.contains(&place) => {} // by its code and by its name
            Some(place) => places.push(place),
            None => {
                let failure = not_known(wanted, &all);
                unknown = Some(match unknown {
                    Some(first) => first.and(Err(failure)),
                    None => failure,
                });
            }
        }
    }
    let chosen: Vec<_> = all
        .into_iter()
        .enumerate()
        .filter(|(place, _)| places.contains(place))
        .map(|(_, one)| one)
        .collect();
    if args.format.json || args.format.csv {
        write_list(ui, args.format, &chosen, "")?;
    } else {
        let texts: Vec<_> = chosen.iter().map(|one| one.text(ui.screen().0)).collect();
        ui.print(&texts.join("\n"))?;
    }
    unknown.map_or(Ok(Exit::Success), Err)
}

fn not_known(wanted: &str, all: &[Explained]) -> CommandError {
    let failure = CommandError::new(Exit::Usage, format!("the code '{wanted}' is not known"));
    // Numbers that look alike have nothing to do with each other.
    let is_number = wanted.bytes().all(|byte| byte.is_ascii_digit());
    let known = all.iter().flat_map(|one| one.names.iter().chain([&one.code])).map(String::as_str);
    match closest(wanted, known).filter(|_| !is_number) {
        Some(close) => failure.hint(format!("a code '{close}' is there")),
        None => failure.hint(
            "go by the words beside it; give Microsoft support the tracking id of the job, or the ids of the error",
        ),
    }
}

/// Everything that is known: errors of devices, codes of the service, statuses, rules.
fn all() -> Vec<Explained> {
    let devices = DeviceError::known().map(|error| Explained {
        code: if error.code().is_empty() { error.name() } else { error.code() }.to_owned(),
        names: error.names().iter().map(|name| (*name).to_owned()).collect(),
        kind: Kind::Device,
        severity: None,
        meaning: error.meaning().unwrap_or_default().to_owned(),
        cure: error.cure().unwrap_or_default().to_owned(),
        retry: Retry::of(error.remedy()),
        document: Some(OF_DEVICES.to_owned()),
    });
    let service = ServiceCode::ALL.iter().map(|known| Explained {
        code: known.code.to_owned(),
        names: Vec::new(),
        kind: Kind::Service,
        severity: None,
        meaning: format!("{} (HTTP {})", known.meaning, known.status.as_u16()),
        cure: known.hint.to_owned(),
        retry: Some(Retry::Changed),
        document: Some(OF_THE_SERVICE.to_owned()),
    });
    let statuses = STATUSES.iter().map(|(code, meaning, cure, retry)| Explained {
        code: (*code).to_owned(),
        names: Vec::new(),
        kind: Kind::Status,
        severity: None,
        meaning: (*meaning).to_owned(),
        cure: (*cure).to_owned(),
        retry: Some(*retry),
        document: Some(OF_THE_SERVICE.to_owned()),
    });
    let rules = Rule::ALL.iter().map(|rule| {
        let (meaning, document) = without_address(rule.meaning());
        Explained {
            code: rule.id().to_owned(),
            names: Vec::new(),
            kind: Kind::Rule,
            severity: Some(rule.severity()),
            meaning,
            cure: rule.cure().to_owned(),
            retry: None,
            document,
        }
    });
    devices.chain(service).chain(statuses).chain(rules).collect()
}

/// What a status means where no code of the service says more.
const STATUSES: &[(&str, &str, &str, Retry)] = &[
    (
        "400",
        "the service did not like the request",
        "go by the words beside it; most often a value is missing or of the wrong form",
        Retry::Corrected,
    ),
    (
        "401",
        "the token is missing, expired or of the wrong audience",
        "get a new one: pcdevices auth login",
        Retry::Changed,
    ),
    (
        "403",
        "the token is good, and the right is missing",
        "check the customer id, the relationship with the customer, and the role of who signed in: admin agent or sales agent",
        Retry::Changed,
    ),
    (
        "404",
        "the customer, batch, device, policy or job is not there",
        "list what is there: another may have removed it, or the id belongs to another customer",
        Retry::Corrected,
    ),
    (
        "409",
        "it exists already, another change got in between, or something else still needs it",
        "look at what is there, then decide",
        Retry::Changed,
    ),
    (
        "429",
        "too many requests; the program has waited and tried again before it gave up",
        "wait, and send fewer at once: --rate",
        Retry::Later,
    ),
    (
        "5xx",
        "the service or a gateway before it failed; the program has tried again before it gave up",
        "try again later; if it stays, give Microsoft support the ids of the error",
        Retry::Later,
    ),
];

/// Words, and the address that stood among them in `<>`.
fn without_address(text: &str) -> (String, Option<String>) {
    let Some((before, rest)) = text.split_once('<') else { return (text.to_owned(), None) };
    let Some((address, after)) = rest.split_once('>') else { return (text.to_owned(), None) };
    let before = before.trim_end_matches('(').trim_end();
    let after = after.trim_start_matches(')');
    (format!("{before}{after}"), Some(address.to_owned()))
}

impl Explained {
    fn is(&self, wanted: &str) -> bool {
        let wanted = wanted.trim();
        let any = self.names.iter().chain([&self.code]).any(|one| one.eq_ignore_ascii_case(wanted));
        let digits = wanted.len() == 3 && wanted.bytes().all(|byte| byte.is_ascii_digit());
        any || self.code == "5xx" && digits && wanted.starts_with('5')
    }

    fn text(&self, width: Option<u16>) -> String {
        let mut title = self.code.clone();
        for name in self.names.iter().filter(|name| **name != self.code) {
            title += &format!(" {name}");
        }
        let of = match (self.kind, self.severity) {
            (Kind::Rule, Some(severity)) => format!("{severity} of pcdevices check"),
            (kind, _) => kind.word().to_owned(),
        };
        let mut text = format!("{BOLD}{title}{BOLD:#} ({of})\n");
        text += &wrap(&self.meaning, width);
        text += &wrap(&format!("-> {}", self.cure), width);
        if let Some(retry) = self.retry {
            let how = match (self.kind, retry) {
                (Kind::Device, Retry::Later) => ": pcdevices upload --retry",
                _ => "",
            };
            text += &wrap(&format!("{}{how}", retry.words()), width);
        }
        if let Some(document) = &self.document {
            text += &wrap(&format!("see {document}"), width);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_there_once_and_says_what_to_do() {
        let all = all();
        for one in &all {
            let wanted = one.names.iter().chain([&one.code]);
            for wanted in wanted {
                assert_eq!(all.iter().filter(|one| one.is(wanted)).count(), 1, "{wanted}");
            }
            assert!(!one.meaning.is_empty() && !one.cure.is_empty(), "{}", one.code);
            assert!(!one.meaning.contains(['<', '>']), "{}", one.meaning);
            assert_eq!(one.retry.is_none(), one.kind == Kind::Rule, "{}", one.code);
        }
    }

    #[test]
    fn an_address_is_taken_out_of_the_words() {
        let taken = |text: &str| without_address(text);
        assert_eq!(
            taken("a rule (<https://x>): so"),
            ("a rule: so".into(), Some("https://x".into()))
        );
        assert_eq!(taken("no address"), ("no address".into(), None));
    }
}
