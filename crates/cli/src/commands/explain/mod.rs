//! `pcdevices explain`: explains error codes, HTTP statuses and rules, without network access. The client and the fleet
//! crate define the meaning of service codes and rules; this module adds the HTTP statuses and the advice on retries.

pub(crate) mod args;
mod pack;

use partner_center_devices::{DeviceError, Remedy, ServiceCode, SignInCode};
use partner_center_devices_fleet::{Rule, Severity};
use schemars::JsonSchema;
use serde::Serialize;

use crate::args::Global;
use crate::errors::{CommandError, Exit};
use crate::suggestions::closest;
use crate::ui::list::{Column, Record, column, csv_only, write_list};
use crate::ui::output::Ui;
use crate::ui::style::BOLD;
use crate::ui::text_layout::{or_empty, wrap};

/// Microsoft's documentation of service errors.
const SERVICE_ERRORS: &str =
    "https://learn.microsoft.com/en-us/partner-center/developer/error-codes";

/// Microsoft's documentation of sign-in errors.
const SIGN_IN_ERRORS: &str =
    "https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes";

/// An error code, an HTTP status or a rule, and how to fix the problem.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Explained {
    /// The code, or the name of an error without a code.
    code: String,
    /// The service's names for it.
    names: Vec<String>,
    kind: Kind,
    /// The severity of a rule.
    severity: Option<Severity>,
    /// The meaning, in plain words.
    meaning: String,
    /// How to fix the problem, in plain words.
    cure: String,
    /// Details of the fix, in order.
    steps: Vec<String>,
    /// Advice on retries; null for a rule, which is checked before anything is sent.
    retry: Option<Retry>,
    /// The addresses of the sources.
    documents: Vec<String>,
}

/// The source of a code.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
enum Kind {
    /// The registration service, for one device.
    Device,
    /// Partner Center, for a request.
    Service,
    /// HTTP, for a request.
    Status,
    /// Microsoft Entra, for a sign-in.
    SignIn,
    /// `pcdevices check`, for a file or a row.
    Rule,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Service => "service",
            Self::Status => "HTTP status",
            Self::SignIn => "sign-in",
            Self::Rule => "rule",
        }
    }
}

/// Advice on sending the same request or device again.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
enum Retry {
    /// Not needed: the device is registered where it should be.
    NoNeed,
    /// Useful only after the input is corrected.
    Corrected,
    /// Useful only after something else is changed.
    Changed,
    /// Useful later, unchanged.
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
            Self::NoNeed => "you do not need to send it again",
            Self::Corrected => "correct it before you send it again",
            Self::Changed => "do this before you send it again",
            Self::Later => "send it again later, unchanged",
        }
    }
}

impl Record for Explained {
    const COLUMNS: &'static [Column<Self>] = &[
        column("Code", "code", |one| one.code.clone()),
        column("Kind", "kind", |one: &Self| one.kind.word().to_owned()).rank(1),
        column("Name", "name", |one| {
            one.names.iter().find(|name| **name != one.code).cloned().unwrap_or_default()
        }),
        csv_only("severity", |one| or_empty(&one.severity)),
        column("Meaning", "meaning", |one: &Self| one.meaning.clone()).text(),
        csv_only("cure", |one| one.cure.clone()),
        csv_only("retry", |one| one.retry.map(Retry::words).unwrap_or_default().to_owned()),
        csv_only("steps", |one| one.steps.join("; ")),
        csv_only("documents", |one| one.documents.join(" ")),
    ];
}

pub(crate) fn run(ui: Ui, global: &Global, args: args::Explain) -> Result<Exit, CommandError> {
    let all = all();
    if let Some(report) = &args.report {
        let is_known = |code: &String| {
            all.iter().any(|one| one.kind == Kind::Device && one.code == pack::CODE && one.is(code))
        };
        if args.codes.len() != 1 || !args.codes.iter().all(is_known) {
            let message = format!("--for is only for the code {}", pack::CODE);
            let hint = format!("pcdevices explain {} --for {}", pack::CODE, report.display());
            return Err(CommandError::new(Exit::Usage, message).hint(hint));
        }
        return pack::write(ui, global, report, args.output);
    }
    if args.codes.is_empty() {
        write_list(ui, args.format, &all, "There are no codes")?;
        return Ok(Exit::Success);
    }
    let find = |code: &str| all.iter().position(|one| one.is(code));
    let mut places = Vec::new();
    let mut unknown: Option<CommandError> = None;
    for code in &args.codes {
        match find(code) {
            Some(place) if places.contains(&place) => {} // given by code and by name
            Some(place) => places.push(place),
            None => {
                let failure = unknown_code(code, &all);
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

fn unknown_code(code: &str, all: &[Explained]) -> CommandError {
    let failure = CommandError::new(Exit::Usage, format!("the code '{code}' is unknown"));
    // Similar numbers are unrelated, so they make poor suggestions.
    let is_number = code.bytes().all(|byte| byte.is_ascii_digit());
    let known = all.iter().flat_map(|one| one.names.iter().chain([&one.code])).map(String::as_str);
    match closest(code, known).filter(|_| !is_number) {
        Some(close) => failure.hint(format!("did you mean '{close}'?")),
        None => failure.hint(
            "read the service's message next to the code, or give Microsoft support the tracking id of the job or the ids of the error",
        ),
    }
}

/// Returns all known device errors, service codes, HTTP statuses, codes of the sign-in and rules.
fn all() -> Vec<Explained> {
    let devices = DeviceError::known().map(|error| Explained {
        code: if error.code().is_empty() { error.name() } else { error.code() }.to_owned(),
        names: error.names().iter().map(|name| (*name).to_owned()).collect(),
        kind: Kind::Device,
        severity: None,
        meaning: error.meaning().unwrap_or_default().to_owned(),
        cure: error.cure().unwrap_or_default().to_owned(),
        retry: Retry::of(error.remedy()),
        steps: error.steps().iter().map(|step| (*step).to_owned()).collect(),
        documents: error.documents().map(str::to_owned).collect(),
    });
    let service = ServiceCode::ALL.iter().map(|known| Explained {
        code: known.code.to_owned(),
        names: Vec::new(),
        kind: Kind::Service,
        severity: None,
        meaning: format!("{} (HTTP {})", known.meaning, known.status.as_u16()),
        cure: known.hint.to_owned(),
        retry: Some(Retry::Changed),
        steps: Vec::new(),
        documents: vec![SERVICE_ERRORS.to_owned()],
    });
    let statuses = STATUSES.iter().map(|(code, meaning, cure, retry)| Explained {
        code: (*code).to_owned(),
        names: Vec::new(),
        kind: Kind::Status,
        severity: None,
        meaning: (*meaning).to_owned(),
        cure: (*cure).to_owned(),
        retry: Some(*retry),
        steps: Vec::new(),
        documents: vec![SERVICE_ERRORS.to_owned()],
    });
    let sign_ins = SignInCode::ALL.iter().flat_map(|known| {
        known.codes.iter().map(|code| Explained {
            code: format!("AADSTS{code}"),
            names: Vec::new(),
            kind: Kind::SignIn,
            severity: None,
            meaning: known.meaning.to_owned(),
            cure: known.cure.to_owned(),
            retry: Some(if known.is_temporary { Retry::Later } else { Retry::Changed }),
            steps: known.needs_sign_in.then(|| SIGN_IN.to_owned()).into_iter().collect(),
            documents: vec![SIGN_IN_ERRORS.to_owned()],
        })
    });
    let rules = Rule::ALL.iter().map(|rule| {
        let (meaning, document) = split_address(rule.meaning());
        Explained {
            code: rule.id().to_owned(),
            names: Vec::new(),
            kind: Kind::Rule,
            severity: Some(rule.severity()),
            meaning,
            cure: rule.cure().to_owned(),
            retry: None,
            steps: Vec::new(),
            documents: document.into_iter().collect(),
        }
    });
    devices.chain(service).chain(statuses).chain(sign_ins).chain(rules).collect()
}

/// The step that renews a sign-in.
const SIGN_IN: &str = "pcdevices auth login --profile PROFILE";

/// HTTP statuses, for responses without a service code.
const STATUSES: &[(&str, &str, &str, Retry)] = &[
    (
        "400",
        "the service could not process the request",
        "read the message next to it; usually a value is missing or malformed",
        Retry::Corrected,
    ),
    (
        "401",
        "the token is missing, expired or for another audience",
        "sign in again: pcdevices auth login",
        Retry::Changed,
    ),
    (
        "403",
        "the token is valid, but it does not have the required rights",
        "check the customer id, the relationship with the customer, and the role of the signed-in user (admin agent or sales agent)",
        Retry::Changed,
    ),
    (
        "404",
        "the customer, batch, device, policy or job does not exist",
        "list the customer's items: it may have been removed, or its id may belong to another customer",
        Retry::Corrected,
    ),
    (
        "408",
        "the request did not arrive in time; the program retried before it gave up",
        "check the network connection and the proxy, then try again; smaller requests help on a slow connection",
        Retry::Later,
    ),
    (
        "409",
        "it already exists, someone else changed it, or it is still in use",
        "check the current state before you try again",
        Retry::Changed,
    ),
    (
        "429",
        "too many requests; the program waited and retried before it gave up",
        "wait, and send fewer requests per second with --rate",
        Retry::Later,
    ),
    (
        "5xx",
        "the service or a gateway failed; the program retried before it gave up",
        "try again later; if the problem persists, give Microsoft support the ids of the error",
        Retry::Later,
    ),
];

/// Splits a text into the text without its address in `<>`, and the address.
fn split_address(text: &str) -> (String, Option<String>) {
    let Some((before, rest)) = text.split_once('<') else { return (text.to_owned(), None) };
    let Some((address, after)) = rest.split_once('>') else { return (text.to_owned(), None) };
    let before = before.trim_end_matches('(').trim_end();
    let after = after.trim_start_matches(')');
    (format!("{before}{after}"), Some(address.to_owned()))
}

impl Explained {
    fn is(&self, code: &str) -> bool {
        let code = code.trim();
        let any = self.names.iter().chain([&self.code]).any(|one| one.eq_ignore_ascii_case(code));
        let digits = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit());
        // Few people type the prefix.
        let is_number = self.code.strip_prefix("AADSTS") == Some(code);
        any || is_number || self.code == "5xx" && digits && code.starts_with('5')
    }

    fn text(&self, width: Option<u16>) -> String {
        let mut title = self.code.clone();
        for name in self.names.iter().filter(|name| **name != self.code) {
            title += &format!(" {name}");
        }
        let kind = match (self.kind, self.severity) {
            (Kind::Rule, Some(severity)) => {
                let command = if self.code.starts_with("export-") { "export" } else { "check" };
                format!("{severity} from pcdevices {command}")
            }
            (kind, _) => kind.word().to_owned(),
        };
        let mut text = format!("{BOLD}{title}{BOLD:#} ({kind})\n");
        text += &wrap(&self.meaning, width);
        text += &wrap(&format!("-> {}", self.cure), width);
        for step in &self.steps {
            text += &wrap(&format!("- {step}"), width);
        }
        if let Some(retry) = self.retry {
            let how = match (self.kind, retry) {
                (Kind::Device, Retry::Later) => ": pcdevices upload --retry",
                (Kind::Device, Retry::Changed) => "; then: pcdevices upload --retry",
                _ => "",
            };
            text += &wrap(&format!("{}{how}", retry.words()), width);
        }
        for document in &self.documents {
            text += &wrap(&format!("see {document}"), width);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_unique_and_has_a_meaning_and_a_fix() {
        let all = all();
        for one in &all {
            let codes = one.names.iter().chain([&one.code]);
            for code in codes {
                assert_eq!(all.iter().filter(|one| one.is(code)).count(), 1, "{code}");
            }
            assert!(!one.meaning.is_empty() && !one.cure.is_empty(), "{}", one.code);
            assert!(!one.meaning.contains(['<', '>']), "{}", one.meaning);
            assert_eq!(one.retry.is_none(), one.kind == Kind::Rule, "{}", one.code);
        }
    }

    #[test]
    fn an_address_is_split_from_the_text() {
        let split = |text: &str| split_address(text);
        assert_eq!(
            split("a rule (<https://x>): so"),
            ("a rule: so".into(), Some("https://x".into()))
        );
        assert_eq!(split("no address"), ("no address".into(), None));
    }
}
