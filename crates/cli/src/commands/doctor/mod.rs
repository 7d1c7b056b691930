//! `pcdevices doctor`: why it does not work, before anybody asks. Decides what is looked at, in which order, and what each
//! finding means; a later check that an earlier one makes useless is left out.

pub(crate) mod args;

use std::time::{Duration, SystemTime};

use anstyle::Style;
use http::Method;
use partner_center_devices::raw::BoxFuture;
use partner_center_devices::{
    AccessToken, Client, CustomerId, Error, ErrorKind, Retry, TokenClaims, TokenError,
    TokenProvider, is_loopback_url,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::args::Global;
use crate::errors::{CommandError, Exit, RUN_DOCTOR};
use crate::settings::config::Config;
use crate::settings::folders::state_dir;
use crate::settings::secrets::SecretStore;
use crate::settings::session::{
    ANY_TOKEN, APPLICATION, Target, TokenSource, environment_token, network, token_source,
};
use crate::settings::sign_in::{SignedIn, login};
use crate::ui::output::Ui;
use crate::ui::style::{BOLD, ERROR, HINT, SUCCESS, WARNING};
use crate::ui::text_layout::{count, hanging_indent, timestamp};

/// From this difference on, tokens may be refused as not valid yet, or as expired.
const CLOCK_FAILS: Duration = Duration::from_secs(5 * 60);
const CLOCK_WARNS: Duration = Duration::from_secs(60);

/// The names under which a token can be for Partner Center
/// (<https://learn.microsoft.com/en-us/partner-center/developer/partner-center-authentication>).
const AUDIENCES: [&str; 3] = [
    "https://api.partnercenter.microsoft.com",
    "https://partner.partnercenterapi.microsoftonline.cn",
    "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd",
];

/// What was looked at, and what was found.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Checkup {
    /// Whether nothing failed.
    all_well: bool,
    /// The root of the API.
    service: String,
    /// Each check, in its order.
    checks: Vec<Check>,
}

/// One thing that was looked at.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Check {
    /// What was looked at.
    name: &'static str,
    /// How it is.
    state: State,
    /// What was found.
    detail: String,
    /// What to do about it.
    hints: Vec<String>,
    #[serde(skip)]
    exit: Exit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
enum State {
    /// As it should be.
    Ok,
    /// It works, and may not for long or not for everything.
    Warning,
    /// It does not work.
    Failed,
    /// It was not looked at.
    Skipped,
}

impl Check {
    fn new(name: &'static str, state: State, detail: impl Into<String>) -> Self {
        Self { name, state, detail: detail.into(), hints: Vec::new(), exit: Exit::Unavailable }
    }

    fn failed(name: &'static str, failure: &CommandError) -> Self {
        // To itself nobody is sent.
        let hints = failure.hints().iter().filter(|hint| *hint != RUN_DOCTOR).cloned().collect();
        Self { hints, exit: failure.exit, ..Self::new(name, State::Failed, failure.to_string()) }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    fn exit(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }
}

pub(crate) async fn run(ui: Ui, global: &Global, args: args::Doctor) -> Result<Exit, CommandError> {
    // What is set must be readable: without it there is nothing to look at.
    let config = Config::read(global)?;
    let customer = args.customer.as_ref().map(|name| config.customer(name)).transpose()?;
    let network = network(&args.service, &config)?;
    let target = Target::of(&args.service, &config.profile);

    let mut checks = vec![configuration(&config), journals()];
    let source = token_source(ui, &args.service, &config, &target, environment_token());
    let token = match source {
        Ok(TokenSource::Token(token)) => {
            checks.push(Check::new("sign-in", State::Ok, "an access token is given"));
            Some(Had { token: AccessToken::new(token), is_app_only: false })
        }
        Ok(TokenSource::MadeUp) => {
            checks.push(made_up(&target, &config));
            Some(Had { token: any_token(), is_app_only: false })
        }
        Ok(TokenSource::SignIn(sign_in)) => {
            checks.push(secrets(ui, &config)?);
            let had = match SignedIn::of(ui, &config, target.cloud(), sign_in, network.clone()) {
                Ok(signed_in) => had(signed_in).await,
                Err(failure) => Err(failure),
            };
            checks.push(match &had {
                Ok(_) => Check::new("sign-in", State::Ok, "a new token was given out"),
                Err(failure) => Check::failed("sign-in", failure),
            });
            had.ok()
        }
        Err(failure) => {
            checks.push(Check::failed("sign-in", &failure));
            None
        }
    };
    let skipped = |name| Check::new(name, State::Skipped, "there is no token to ask with");
    checks.push(match &token {
        Some(Had { token, .. }) => claims(token.claims(), is_loopback_url(&target.base_url), now()),
        None => skipped("token"),
    });
    let is_token = token.is_some();
    // Whether anybody answers can be told without a token, from a refusal.
    let token = token.unwrap_or_else(|| Had { token: any_token(), is_app_only: false });
    let is_app_only = token.is_app_only;
    let client = Client::builder()
        .application(APPLICATION)
        .base_url(&target.base_url)
        .network(network)
        .retry(Retry::never())
        .validate_mfa()
        .token_provider(token)
        .build();
    match client {
        Ok(client) => {
            let answer = ask(&client, customer.as_ref()).await;
            checks.push(service(&answer, &target.base_url));
            if is_token {
                checks.push(factors(&answer, is_app_only));
                checks.push(rights(&answer, customer.as_ref()));
            } else {
                checks.extend(["factors", "rights"].map(skipped));
            }
            checks.push(clock(&answer, now()));
        }
        Err(error) => checks.push(Check::failed("service", &error.into())),
    }

    let worst = checks.iter().find(|check| check.state == State::Failed);
    let exit = worst.map_or(Exit::Success, |check| check.exit);
    let checkup = Checkup { all_well: worst.is_none(), service: target.base_url, checks };
    if args.json.json {
        ui.print_json(&checkup)?
    } else {
        ui.print(&checkup.text(ui))?
    }
    Ok(exit)
}

fn now() -> SystemTime {
    SystemTime::now()
}

/// A token that is there.
struct Had {
    token: AccessToken,
    is_app_only: bool,
}

impl TokenProvider for Had {
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>> {
        Box::pin(std::future::ready(Ok(self.token.clone())))
    }

    fn is_app_only(&self) -> bool {
        self.is_app_only
    }
}

async fn had(signed_in: SignedIn) -> Result<Had, CommandError> {
    let token = signed_in.renew().await;
    let is_app_only = signed_in.is_app_only();
    let had = token.map(|token| Had { token, is_app_only });
    had.map_err(|failure| failure.context("there is no token"))
}

fn any_token() -> AccessToken {
    AccessToken::new(ANY_TOKEN.to_owned())
}

/// No token is known, and none needed.
fn made_up(target: &Target, config: &Config) -> Check {
    let detail = "no token is named: a made-up one is sent, as an emulator takes any";
    let check = |state| Check::new("sign-in", state, detail);
    match target.unused(config) {
        Some(unused) => check(State::Warning).hint(unused),
        None => check(State::Ok),
    }
}

// ---- What is on this machine --------------------------------------------------------------------------------

fn configuration(config: &Config) -> Check {
    let file = config.config_file();
    let detail = if config.profile_exists {
        format!("profile '{}' in {}", config.profile_name, file.display())
    } else {
        format!(
            "no profile '{}' in {}; what flags and variables say counts",
            config.profile_name,
            file.display()
        )
    };
    Check::new("configuration", State::Ok, detail)
}

fn secrets(ui: Ui, config: &Config) -> Result<Check, CommandError> {
    let store = SecretStore::of(ui, &config.profile_name, &config.profile)?;
    let place = store.shown();
    Ok(match (store.exists(), store.loose()) {
        (false, _) => Check::new("secrets", State::Warning, format!("nothing is kept in {place}"))
            .hint(format!("sign in: {}", login(&config.profile_name))),
        (true, Some(problem)) => Check::new("secrets", State::Warning, problem),
        (true, None) => Check::new("secrets", State::Ok, format!("{place}, for this user alone")),
    })
}

/// Uploads write there before they send anything.
fn journals() -> Check {
    let folder = match state_dir() {
        Ok(folder) => folder.join("journals"),
        Err(failure) => return Check::failed("journals", &failure),
    };
    let tried = std::fs::create_dir_all(&folder).and_then(|()| tempfile::tempfile_in(&folder));
    match tried {
        Ok(_) => Check::new("journals", State::Ok, format!("{} can be written", folder.display())),
        Err(error) => {
            let detail = format!("{} cannot be written: {error}", folder.display());
            Check::new("journals", State::Failed, detail)
                .hint("uploads can name another file with --journal")
        }
    }
}

// ---- The token ----------------------------------------------------------------------------------------------

/// What the token says of itself.
fn claims(claims: Option<TokenClaims>, is_here: bool, now: SystemTime) -> Check {
    let check = |state, detail: String| Check::new("token", state, detail).exit(Exit::AccessDenied);
    let Some(claims) = claims else {
        return check(State::Ok, "it says nothing of itself that can be read".to_owned());
    };
    let who = match &claims.user {
        Some(user) => format!("of {user}"),
        None if claims.is_app_only => "of the app itself".to_owned(),
        None => "of nobody named".to_owned(),
    };
    let tenant = claims.tenant_id.map(|id| format!(", tenant {id}")).unwrap_or_default();
    let until =
        claims.expires.map(|time| format!(", until {}", timestamp(time))).unwrap_or_default();
    let detail = format!("{who}{tenant}{until}");
    let audience = claims.audience.as_deref().map(|audience| audience.trim_end_matches('/'));
    match audience {
        Some(other) if !is_here && !AUDIENCES.contains(&other) => {
            return check(State::Failed, format!("it is for {other}, not for Partner Center"))
                .hint(format!(
                    "ask for a token with the scope {}/user_impersonation",
                    AUDIENCES[0]
                ));
        }
        _ => {}
    }
    if claims.expires.is_some_and(|until| until <= now) {
        return check(State::Failed, format!("it has expired: {detail}"))
            .hint("get a new one: it lives for about an hour; pcdevices auth login keeps a sign-in that renews it");
    }
    if claims.is_app_only {
        return check(State::Warning, detail)
            .hint("batches cannot be made with an app's own token: sign in as a user, pcdevices auth login");
    }
    if claims.multi_factor == Some(false) {
        return check(State::Warning, format!("{detail}; signed in with one factor"))
            .hint("Partner Center asks for multi-factor authentication: turn it on for this user and sign in again");
    }
    check(State::Ok, detail)
}

// ---- The service --------------------------------------------------------------------------------------------

/// A customer that nobody has, to see whether anything is answered at all.
const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

/// What came back when the batches of a customer were asked for.
struct Answer {
    error: Option<Error>,
    date: Option<SystemTime>,
    mfa: Option<bool>,
}

async fn ask(client: &Client, customer: Option<&CustomerId>) -> Answer {
    let id = customer.map_or(NOBODY, CustomerId::as_str);
    match client.request(Method::GET, &format!("customers/{id}/deviceBatches"), None).await {
        Ok(raw) => Answer { error: None, date: raw.date(), mfa: raw.is_mfa_compliant() },
        Err(error) => Answer { date: error.date(), mfa: None, error: Some(error) },
    }
}

impl Answer {
    /// Why it is none of the service itself.
    fn none(&self) -> Option<&Error> {
        let server = |error: &&Error| error.status().is_none_or(|status| status.is_server_error());
        self.error.as_ref().filter(server)
    }
}

/// Whether there is anybody who answers as the service does.
fn service(answer: &Answer, url: &str) -> Check {
    match answer.none() {
        Some(error) => Check::failed("service", &error.into()),
        None => Check::new("service", State::Ok, format!("{url} answers")),
    }
}

/// Whether the service finds that the user has shown more than a password.
fn factors(answer: &Answer, is_app_only: bool) -> Check {
    match answer.mfa {
        _ if is_app_only => Check::new("factors", State::Skipped, "an app has none"),
        Some(true) => {
            Check::new("factors", State::Ok, "the service finds multi-factor authentication")
        }
        Some(false) => Check::new(
            "factors",
            State::Warning,
            "the service finds no multi-factor authentication",
        )
        .hint("it may refuse calls: turn it on for this user and sign in again"),
        None => Check::new(
            "factors",
            State::Skipped,
            "the service did not say whether it finds multi-factor authentication",
        ),
    }
}

/// Whether it lets this user, or app, do what was asked.
fn rights(answer: &Answer, customer: Option<&CustomerId>) -> Check {
    if answer.none().is_some() {
        return Check::new("rights", State::Skipped, "the service did not answer");
    }
    let error = match (&answer.error, customer) {
        (None, Some(id)) => {
            return Check::new(
                "rights",
                State::Ok,
                format!("the batches of customer {id} can be listed"),
            );
        }
        (Some(error), _) if error.kind() == ErrorKind::Unauthorized => error,
        (Some(error), Some(_)) => error,
        (_, None) => {
            return Check::new("rights", State::Skipped, "no customer is named").hint(
                "pcdevices doctor --customer CUSTOMER looks whether its devices can be managed",
            );
        }
    };
    let check = Check::failed("rights", &error.into());
    match error.kind() {
        // Why it can be, however the service words it
        // (https://learn.microsoft.com/en-us/partner-center/customers/autopilot).
        ErrorKind::Forbidden | ErrorKind::NotFound => check
            .hint("the customer must have accepted the reseller relationship; delegated administration is not needed")
            .hint("the user must be an admin agent, or for uploads alone a sales agent, of the partner")
            .hint("an indirect reseller has no rights here: its provider has, or the portal"),
        _ => check,
    }
}

/// Whether this machine's clock is the service's.
fn clock(answer: &Answer, now: SystemTime) -> Check {
    let Some(date) = answer.date else {
        return Check::new("clock", State::Skipped, "the service did not say what time it is");
    };
    let (size, side) = match now.duration_since(date) {
        Ok(size) => (size, "ahead of"),
        Err(before) => (before.duration(), "behind"),
    };
    let detail = format!(
        "this machine is {} {side} the service",
        count(usize::try_from(size.as_secs()).unwrap_or(usize::MAX), "second")
    );
    let set = "set this machine's clock, best by a time server: tokens are good between two times";
    if size >= CLOCK_FAILS {
        Check::new("clock", State::Failed, detail).hint(set)
    } else if size >= CLOCK_WARNS {
        Check::new("clock", State::Warning, detail).hint(set)
    } else {
        Check::new("clock", State::Ok, "this machine has the service's time")
    }
}

// ---- What is printed ----------------------------------------------------------------------------------------

impl Checkup {
    fn text(&self, ui: Ui) -> String {
        let (width, _) = ui.screen();
        self.checks.iter().map(|check| check.text(width)).collect()
    }
}

impl Check {
    fn text(&self, width: Option<u16>) -> String {
        let (word, style) = match self.state {
            State::Ok => ("ok", SUCCESS),
            State::Warning => ("warning", WARNING),
            State::Failed => ("failed", ERROR),
            State::Skipped => ("skipped", Style::new()),
        };
        let (head, detail) =
            (format!("{style}{word:8}{style:#}{BOLD}{:14}{BOLD:#}", self.name), &self.detail);
        let mut text = hanging_indent(&head, 22, detail, width);
        for hint in &self.hints {
            text += &hanging_indent(&format!("{:22}{HINT}hint:{HINT:#} ", ""), 28, hint, width);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn a_token_says_why_it_would_be_refused() {
        let claims = |change: fn(&mut TokenClaims)| {
            let mut claims = TokenClaims::default();
            claims.audience = Some("https://api.partnercenter.microsoft.com/".to_owned());
            claims.user = Some("user@example.com".to_owned());
            claims.expires = Some(at(2_000));
            change(&mut claims);
            Some(claims)
        };
        for (said, state, words) in [
            (claims(|_| ()), State::Ok, "of user@example.com, until 1970-01-01T00:33:20Z"),
            (None, State::Ok, "says nothing of itself"),
            (claims(|claims| claims.expires = Some(at(1_000))), State::Failed, "has expired"),
            (claims(|claims| claims.multi_factor = Some(false)), State::Warning, "one factor"),
            (
                claims(|claims| (claims.user, claims.is_app_only) = (None, true)),
                State::Warning,
                "app itself",
            ),
            (
                claims(|claims| claims.audience = Some("https://graph.microsoft.com".to_owned())),
                State::Failed,
                "is for https://graph.microsoft.com",
            ),
        ] {
            let check = super::claims(said, false, at(1_000));
            assert_eq!(check.state, state, "{check:?}");
            assert!(check.detail.contains(words), "{check:?}");
            assert_eq!(check.hints.is_empty(), state == State::Ok, "{check:?}");
        }
    }

    #[test]
    fn a_clock_may_differ_a_little() {
        for (now, state) in [
            (at(1_000), State::Ok),
            (at(1_059), State::Ok),
            (at(1_060), State::Warning),
            (at(900), State::Warning),
            (at(1_300), State::Failed),
            (at(0), State::Failed),
        ] {
            let answer = Answer { error: None, date: Some(at(1_000)), mfa: None };
            let check = clock(&answer, now);
            assert_eq!(
                (check.state, check.hints.is_empty()),
                (state, state == State::Ok),
                "{check:?}"
            );
        }
        let answer = Answer { error: None, date: None, mfa: None };
        assert_eq!(clock(&answer, at(0)).state, State::Skipped);
    }
}
