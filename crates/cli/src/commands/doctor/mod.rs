//! `pcdevices doctor`: checks the setup step by step. A check that depends on an earlier failed check is skipped.

pub(crate) mod args;

use std::time::{Duration, SystemTime};

use anstyle::Style;
use http::Method;
use partner_center_devices::raw::BoxFuture;
use partner_center_devices::{
    AccessToken, Client, CustomerId, Error, ErrorKind, Network, Retry, TokenClaims, TokenError,
    TokenProvider, is_loopback_url,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::args::Global;
use crate::errors::{CommandError, Exit, RUN_DOCTOR, with_profile};
use crate::settings::config::Config;
use crate::settings::connection::Connection;
use crate::settings::folders::state_dir;
use crate::settings::secrets::SecretStore;
use crate::settings::session::{
    APPLICATION, PLACEHOLDER_TOKEN, Target, TokenSource, environment_token, token_source,
};
use crate::settings::sign_in::{SignedIn, login};
use crate::ui::output::Ui;
use crate::ui::style::{BOLD, ERROR, HINT, SUCCESS, WARNING};
use crate::ui::text_layout::{count, hanging_indent, timestamp};

/// From this difference, the service may reject tokens as expired or not yet valid.
const CLOCK_FAILS: Duration = Duration::from_secs(5 * 60);
const CLOCK_WARNS: Duration = Duration::from_secs(60);

/// The audiences of tokens for Partner Center
/// (<https://learn.microsoft.com/en-us/partner-center/developer/partner-center-authentication>).
const AUDIENCES: [&str; 3] = [
    "https://api.partnercenter.microsoft.com",
    "https://partner.partnercenterapi.microsoftonline.cn",
    "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd",
];

/// The codes of a 401 for a sign-in without multi-factor authentication.
const MFA_CODES: [&str; 2] = ["900421", "10001"];

/// The results of all checks.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Checkup {
    /// True if no check failed.
    all_well: bool,
    /// The root of the API.
    service: String,
    /// The checks, in order.
    checks: Vec<Check>,
}

/// The result of one check.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Check {
    /// The name of the check.
    name: &'static str,
    /// The result.
    state: CheckState,
    /// The details.
    detail: String,
    /// How to fix the problem.
    hints: Vec<String>,
    #[serde(skip)]
    exit: Exit,
}

/// The result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "State")]
enum CheckState {
    /// The check passed.
    Ok,
    /// It works, but maybe not for long or not for everything.
    Warning,
    /// It does not work.
    Failed,
    /// It was not checked.
    Skipped,
}

impl Check {
    fn new(name: &'static str, state: CheckState, detail: impl Into<String>) -> Self {
        Self { name, state, detail: detail.into(), hints: Vec::new(), exit: Exit::Unavailable }
    }

    fn failed(name: &'static str, failure: &CommandError) -> Self {
        // Drop the hint that sends the user to this command.
        let hints = failure.hints().iter().filter(|hint| *hint != RUN_DOCTOR).cloned().collect();
        Self { hints, exit: failure.exit, ..Self::new(name, CheckState::Failed, failure.to_line()) }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Completes the hints to sign in with the profile in use.
    fn name_profile(&mut self, profile: &str) {
        for hint in &mut self.hints {
            *hint = with_profile(hint, profile);
        }
    }

    fn exit(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }
}

pub(crate) async fn run(ui: Ui, global: &Global, args: args::Doctor) -> Result<Exit, CommandError> {
    // Unreadable settings are an error: there would be nothing to check.
    let config = Config::read(global)?;
    let customer = args.customer.as_ref().map(|name| config.customer(name)).transpose()?;
    let connection = Connection::of(&args.service, &config)?;
    let target = Target::of(&args.service, &config.profile);

    let mut checks = vec![check_configuration(&config), check_journals()];
    checks.extend(check_proxy(&connection.network, &target));
    let (token, sign_in_checks) = check_sign_in(ui, &args, &config, &target, &connection).await?;
    checks.extend(sign_in_checks);
    checks.push(match &token {
        Some(FixedToken { token, .. }) => {
            check_claims(token.claims(), is_loopback_url(&target.base_url), now())
        }
        None => no_token("token"),
    });
    checks.extend(check_requests(token, &target, connection.network, customer.as_ref()).await);

    if config.profile_exists {
        for check in &mut checks {
            check.name_profile(&config.profile_name);
        }
    }
    let worst = checks.iter().find(|check| check.state == CheckState::Failed);
    let exit = worst.map_or(Exit::Success, |check| check.exit);
    let checkup = Checkup { all_well: worst.is_none(), service: target.base_url, checks };
    if args.json.json {
        ui.print_json(&checkup)?
    } else {
        ui.print(&checkup.text(ui))?
    }
    Ok(exit)
}

/// Gets a token in the way that commands would, and checks each step.
async fn check_sign_in(
    ui: Ui,
    args: &args::Doctor,
    config: &Config,
    target: &Target,
    connection: &Connection,
) -> Result<(Option<FixedToken>, Vec<Check>), CommandError> {
    let given = |token| FixedToken { token, is_app_only: false };
    Ok(match token_source(ui, &args.service, config, target, environment_token()) {
        Ok(TokenSource::Token(token)) => {
            let check =
                Check::new("sign-in", CheckState::Ok, "using the access token you provided");
            (Some(given(AccessToken::new(token))), vec![check])
        }
        Ok(TokenSource::File(file)) => {
            let check = Check::new("sign-in", CheckState::Ok, "using the access token of a file");
            (Some(given(file.next()?)), vec![check])
        }
        Ok(TokenSource::Placeholder) => {
            (Some(given(placeholder_token())), vec![check_placeholder(target, config)])
        }
        Ok(TokenSource::SignIn(sign_in)) => {
            let secrets = check_secrets(ui, config)?;
            let signed_in = SignedIn::of(ui, config, target.cloud(), sign_in, connection.clone());
            let is_renewable = signed_in.as_ref().is_ok_and(SignedIn::is_renewable);
            let token = match signed_in {
                Ok(signed_in) => renew(signed_in).await,
                Err(failure) => Err(failure),
            };
            let check = match &token {
                Ok(_) if !is_renewable => {
                    let detail = "the saved access token is used until it expires; the tenant issued no refresh token";
                    Check::new("sign-in", CheckState::Warning, detail)
                        .hint(format!("then sign in again: {}", login(&config.profile_name)))
                }
                Ok(_) => Check::new("sign-in", CheckState::Ok, "a new token was issued"),
                Err(failure) => Check::failed("sign-in", failure),
            };
            (token.ok(), vec![secrets, check])
        }
        Err(failure) => (None, vec![Check::failed("sign-in", &failure)]),
    })
}

/// Sends one request and checks the service, MFA, rights and the clock. Without a token, the rejection still shows that
/// the service responds.
async fn check_requests(
    token: Option<FixedToken>,
    target: &Target,
    network: Network,
    customer: Option<&CustomerId>,
) -> Vec<Check> {
    let has_token = token.is_some();
    let token =
        token.unwrap_or_else(|| FixedToken { token: placeholder_token(), is_app_only: false });
    let claims = token.token.claims().unwrap_or_default();
    let is_app_only = token.is_app_only || claims.is_app_only;
    let claimed_mfa = claims.multi_factor;
    let client = Client::builder()
        .application(APPLICATION)
        .base_url(&target.base_url)
        .network(network)
        .retry(Retry::never())
        .validate_mfa()
        .token_provider(token)
        .build();
    let client = match client {
        Ok(client) => client,
        Err(error) => return vec![Check::failed("service", &error.into())],
    };
    let reply = send_probe(&client, customer).await;
    let mut checks = vec![check_service(&reply, &target.base_url)];
    if has_token {
        checks.push(check_mfa(&reply, is_app_only, claimed_mfa));
        checks.push(check_rights(&reply, customer));
    } else {
        checks.extend(["mfa", "rights"].map(no_token));
    }
    checks.push(check_clock(&reply, now()));
    checks
}

fn no_token(name: &'static str) -> Check {
    Check::new(name, CheckState::Skipped, "there is no token to check with")
}

fn now() -> SystemTime {
    SystemTime::now()
}

/// A token provider with a single token.
struct FixedToken {
    token: AccessToken,
    is_app_only: bool,
}

impl TokenProvider for FixedToken {
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>> {
        Box::pin(std::future::ready(Ok(self.token.clone())))
    }

    fn is_app_only(&self) -> bool {
        self.is_app_only
    }
}

async fn renew(signed_in: SignedIn) -> Result<FixedToken, CommandError> {
    let token = signed_in.renew().await.map_err(|failure| failure.context("cannot get a token"))?;
    Ok(FixedToken { token, is_app_only: signed_in.is_app_only() })
}

fn placeholder_token() -> AccessToken {
    AccessToken::new(PLACEHOLDER_TOKEN.to_owned())
}

/// Reports the placeholder token, which is enough for an emulator.
fn check_placeholder(target: &Target, config: &Config) -> Check {
    let detail = "no token given; sending a placeholder token, which an emulator accepts";
    let check = |state| Check::new("sign-in", state, detail);
    match target.unused_sign_in(config) {
        Some(unused) => check(CheckState::Warning).hint(unused),
        None => check(CheckState::Ok),
    }
}

// ---- This machine -------------------------------------------------------------------------------------------

fn check_configuration(config: &Config) -> Check {
    let file = config.config_file();
    let detail = if config.profile_exists {
        format!("profile '{}' in {}", config.profile_name, file.display())
    } else {
        format!(
            "no profile '{}' in {}; using flags and environment variables",
            config.profile_name,
            file.display()
        )
    };
    Check::new("configuration", CheckState::Ok, detail)
}

fn check_secrets(ui: Ui, config: &Config) -> Result<Check, CommandError> {
    let store = SecretStore::of(ui, &config.profile_name, &config.profile)?;
    let place = store.shown();
    Ok(match (store.exists(), store.exposed()) {
        (false, _) => {
            Check::new("secrets", CheckState::Warning, format!("no saved credentials in {place}"))
                .hint(format!("sign in: {}", login(&config.profile_name)))
        }
        (true, Some(problem)) => Check::new("secrets", CheckState::Warning, problem),
        (true, None) => {
            Check::new("secrets", CheckState::Ok, format!("{place}, readable only by you"))
        }
    })
}

/// Names the proxies for the API and the sign-in, if there are any.
fn check_proxy(network: &Network, target: &Target) -> Option<Check> {
    let cloud = target.cloud();
    let places = [("the service", &target.base_url), ("the sign-in", &cloud.authority)];
    let mut used = Vec::new();
    for (place, url) in places {
        match network.proxy_for(url) {
            Ok(Some(proxy)) => used.push(format!("{proxy} for {place}")),
            Ok(None) => {}
            Err(error) => {
                let check = Check::new("proxy", CheckState::Failed, error.to_string());
                return Some(check.hint("correct it, such as http://proxy.example:3128"));
            }
        }
    }
    (!used.is_empty()).then(|| Check::new("proxy", CheckState::Ok, used.join(", ")))
}

/// Checks that uploads can write their journals.
fn check_journals() -> Check {
    let folder = match state_dir() {
        Ok(folder) => folder.join("journals"),
        Err(failure) => return Check::failed("journals", &failure),
    };
    let written = std::fs::create_dir_all(&folder).and_then(|()| tempfile::tempfile_in(&folder));
    match written {
        Ok(_) => {
            Check::new("journals", CheckState::Ok, format!("{} is writable", folder.display()))
        }
        Err(error) => {
            let detail = format!("{} is not writable: {error}", folder.display());
            Check::new("journals", CheckState::Failed, detail)
                .hint("use another file with --journal")
        }
    }
}

// ---- The token ----------------------------------------------------------------------------------------------

/// Checks the claims of the token. An emulator on this machine accepts any audience.
fn check_claims(claims: Option<TokenClaims>, is_loopback: bool, now: SystemTime) -> Check {
    let check = |state, detail: String| Check::new("token", state, detail).exit(Exit::AccessDenied);
    let Some(claims) = claims else {
        return check(CheckState::Ok, "its claims cannot be read".to_owned());
    };
    let user = match &claims.user {
        Some(user) => format!("for {user}"),
        None if claims.is_app_only => "for the app itself".to_owned(),
        None => "for an unnamed user".to_owned(),
    };
    let tenant = claims.tenant_id.map(|id| format!(", tenant {id}")).unwrap_or_default();
    let expires =
        claims.expires.map(|time| format!(", expires {}", timestamp(time))).unwrap_or_default();
    let detail = format!("{user}{tenant}{expires}");
    let audience = claims.audience.as_deref().map(|audience| audience.trim_end_matches('/'));
    match audience {
        Some(other) if !is_loopback && !AUDIENCES.contains(&other) => {
            return check(
                CheckState::Failed,
                format!("the token is for {other}, not for Partner Center"),
            )
            .hint(format!("request a token with the scope {}/user_impersonation", AUDIENCES[0]));
        }
        _ => {}
    }
    if claims.expires.is_some_and(|expires| expires <= now) {
        return check(CheckState::Failed, format!("the token expired: {detail}"))
            .hint("sign in with pcdevices auth login, which renews tokens automatically; a token lasts about an hour");
    }
    if claims.is_app_only {
        return check(CheckState::Warning, detail)
            .hint("to create batches, sign in as a user: pcdevices auth login --browser");
    }
    if claims.multi_factor == Some(false) {
        return check(CheckState::Warning, format!("{detail}; signed in without MFA"))
            .hint("turn on multi-factor authentication for this user and sign in again; Partner Center requires it");
    }
    check(CheckState::Ok, detail)
}

// ---- The service --------------------------------------------------------------------------------------------

/// A customer id that does not exist, to check that the service responds.
const NO_CUSTOMER: &str = "00000000-0000-0000-0000-000000000000";

/// The reply to a request for the batches of a customer. The date and MFA are only those that the service itself reported.
struct ProbeReply {
    error: Option<Error>,
    date: Option<SystemTime>,
    mfa: Option<bool>,
}

async fn send_probe(client: &Client, customer: Option<&CustomerId>) -> ProbeReply {
    let id = customer.map_or(NO_CUSTOMER, CustomerId::as_str);
    match client.request(Method::GET, &format!("customers/{id}/deviceBatches"), None).await {
        Ok(raw) => ProbeReply { error: None, date: raw.date(), mfa: raw.is_mfa_compliant() },
        Err(error) => {
            let (date, mfa) = (error.date(), error.is_mfa_compliant());
            let reply = ProbeReply { error: Some(error), date, mfa };
            match reply.no_response() {
                // The page of a web filter has the time of the filter.
                Some(_) => ProbeReply { date: None, mfa: None, ..reply },
                None => reply,
            }
        }
    }
}

impl ProbeReply {
    /// Returns the error if the service itself did not respond.
    fn no_response(&self) -> Option<&Error> {
        let is_other = |error: &&Error| {
            error.kind() == ErrorKind::Intercepted
                || error.status().is_none_or(|status| status.is_server_error())
        };
        self.error.as_ref().filter(is_other)
    }
}

/// Checks that the service responds.
fn check_service(reply: &ProbeReply, url: &str) -> Check {
    match reply.no_response() {
        Some(error) => Check::failed("service", &error.into()),
        None => Check::new("service", CheckState::Ok, format!("{url} responds")),
    }
}

/// Checks whether the sign-in used multi-factor authentication, as the service sees it or else to the token.
fn check_mfa(reply: &ProbeReply, is_app_only: bool, claimed: Option<bool>) -> Check {
    let no = |state, detail| {
        Check::new("mfa", state, detail).exit(Exit::AccessDenied).hint(
            "turn on multi-factor authentication for this user and sign in again: pcdevices auth login; Partner Center requires it",
        )
    };
    let refusal = reply.error.as_ref().and_then(Error::code);
    if refusal.is_some_and(|code| MFA_CODES.contains(&code)) {
        return no(CheckState::Failed, "no: the service refuses this sign-in for that reason");
    }
    match (reply.mfa, claimed) {
        _ if is_app_only => Check::new("mfa", CheckState::Skipped, "does not apply to an app"),
        (Some(true), _) => Check::new("mfa", CheckState::Ok, "yes, according to the service"),
        (Some(false), _) => no(CheckState::Warning, "no, according to the service"),
        (None, Some(true)) => Check::new(
            "mfa",
            CheckState::Ok,
            "yes, according to the token; the service did not report it",
        ),
        (None, Some(false)) => {
            no(CheckState::Warning, "no, according to the token; the service did not report it")
        }
        (None, None) => Check::new(
            "mfa",
            CheckState::Skipped,
            "unknown: neither the token nor the service states it",
        ),
    }
}

/// Checks that this user or app may list the customer's batches.
fn check_rights(reply: &ProbeReply, customer: Option<&CustomerId>) -> Check {
    if reply.no_response().is_some() {
        return Check::new("rights", CheckState::Skipped, "the service did not respond");
    }
    let error = match (&reply.error, customer) {
        (None, Some(id)) => {
            return Check::new(
                "rights",
                CheckState::Ok,
                format!("you can list the batches of customer {id}"),
            );
        }
        (Some(error), _) if error.kind() == ErrorKind::Unauthorized => error,
        (Some(error), Some(_)) => error,
        (_, None) => {
            return Check::new("rights", CheckState::Skipped, "no customer given")
                .hint("check your rights for a customer: pcdevices doctor --customer CUSTOMER");
        }
    };
    let check = Check::failed("rights", &error.into());
    match error.kind() {
        // The possible reasons, regardless of the service's message
        // (https://learn.microsoft.com/en-us/partner-center/customers/autopilot).
        ErrorKind::Forbidden | ErrorKind::NotFound => check
            .hint("check that the customer accepted the reseller relationship; delegated administration is not required")
            .hint("check that the user is an admin agent of the partner; a sales agent can only upload")
            .hint("as an indirect reseller, use the provider's account or the portal; you have no access to this API"),
        _ => check,
    }
}

/// Compares this machine's clock with the service's.
fn check_clock(reply: &ProbeReply, now: SystemTime) -> Check {
    let Some(date) = reply.date else {
        return Check::new("clock", CheckState::Skipped, "the service did not report its time");
    };
    let (size, side) = match now.duration_since(date) {
        Ok(size) => (size, "ahead of"),
        Err(before) => (before.duration(), "behind"),
    };
    let detail = format!(
        "this machine is {} {side} the service",
        count(usize::try_from(size.as_secs()).unwrap_or(usize::MAX), "second")
    );
    let set = "set this machine's clock, preferably from a time server; a token is valid only between its start and expiry times";
    if size >= CLOCK_FAILS {
        Check::new("clock", CheckState::Failed, detail).hint(set)
    } else if size >= CLOCK_WARNS {
        Check::new("clock", CheckState::Warning, detail).hint(set)
    } else {
        Check::new("clock", CheckState::Ok, "this machine's clock matches the service")
    }
}

// ---- Output -------------------------------------------------------------------------------------------------

impl Checkup {
    fn text(&self, ui: Ui) -> String {
        let (width, _) = ui.screen();
        self.checks.iter().map(|check| check.text(width)).collect()
    }
}

impl Check {
    fn text(&self, width: Option<u16>) -> String {
        let (word, style) = match self.state {
            CheckState::Ok => ("ok", SUCCESS),
            CheckState::Warning => ("warning", WARNING),
            CheckState::Failed => ("failed", ERROR),
            CheckState::Skipped => ("skipped", Style::new()),
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
    fn claims_show_why_a_token_would_be_rejected() {
        let claims = |change: fn(&mut TokenClaims)| {
            let mut claims = TokenClaims::default();
            claims.audience = Some("https://api.partnercenter.microsoft.com/".to_owned());
            claims.user = Some("user@example.com".to_owned());
            claims.expires = Some(at(2_000));
            change(&mut claims);
            Some(claims)
        };
        for (claims, state, words) in [
            (claims(|_| ()), CheckState::Ok, "for user@example.com, expires 1970-01-01T00:33:20Z"),
            (None, CheckState::Ok, "its claims cannot be read"),
            (
                claims(|claims| claims.expires = Some(at(1_000))),
                CheckState::Failed,
                "the token expired",
            ),
            (
                claims(|claims| claims.multi_factor = Some(false)),
                CheckState::Warning,
                "without MFA",
            ),
            (
                claims(|claims| (claims.user, claims.is_app_only) = (None, true)),
                CheckState::Warning,
                "app itself",
            ),
            (
                claims(|claims| claims.audience = Some("https://graph.microsoft.com".to_owned())),
                CheckState::Failed,
                "is for https://graph.microsoft.com",
            ),
        ] {
            let check = check_claims(claims, false, at(1_000));
            assert_eq!(check.state, state, "{check:?}");
            assert!(check.detail.contains(words), "{check:?}");
            assert_eq!(check.hints.is_empty(), state == CheckState::Ok, "{check:?}");
        }
    }

    #[tokio::test]
    async fn mfa_is_yes_no_or_unknown() {
        let reply = async |status: u16, header: &'static str, body: &'static str| {
            let service = move |_: http::Request<bytes::Bytes>| {
                let response = http::Response::builder().status(status);
                let response = response.header("isMfaCompliant", header);
                response.body(bytes::Bytes::from_static(body.as_bytes())).unwrap()
            };
            send_probe(&Client::builder().in_process(service).build().unwrap(), None).await
        };
        let code = r#"{"code":"900421"}"#;
        for (status, header, body, claimed, state, words) in [
            (200, "true", "", None, CheckState::Ok, "yes"),
            (404, "true", "", Some(false), CheckState::Ok, "yes"),
            (404, "False", "", Some(true), CheckState::Warning, "no"),
            (404, "?", "", Some(false), CheckState::Warning, "no"),
            (404, "?", "", Some(true), CheckState::Ok, "yes"),
            (404, "?", "", None, CheckState::Skipped, "unknown"),
            (401, "false", code, Some(true), CheckState::Failed, "no"),
            (401, "?", r#"{"code":10001}"#, None, CheckState::Failed, "no"),
        ] {
            let check = check_mfa(&reply(status, header, body).await, false, claimed);
            assert_eq!(check.state, state, "{check:?}");
            assert!(check.detail.starts_with(words), "{check:?}");
        }
    }

    #[tokio::test]
    async fn only_the_service_reports_the_time_and_mfa() {
        let html = "<html><head><title>Web Page Blocked</title></head></html>";
        for (status, content_type, body, is_service) in [
            (200, "application/json", r#"{"totalCount":0,"items":[]}"#, true),
            (401, "application/json", r#"{"code":"1"}"#, true),
            (404, "application/json", r#"{"code":"1"}"#, true),
            (200, "text/html", html, false),
            (403, "text/html", html, false),
            (407, "text/html", html, false),
            (502, "text/html", html, false),
        ] {
            let service = move |_: http::Request<bytes::Bytes>| {
                let response = http::Response::builder().status(status);
                let response = response.header("content-type", content_type);
                let response = response.header("date", "Thu, 01 Jan 1970 00:16:40 GMT");
                let response = response.header("isMfaCompliant", "true");
                response.body(bytes::Bytes::from_static(body.as_bytes())).unwrap()
            };
            let client = Client::builder().in_process(service).retry(Retry::never()).build();
            let reply = send_probe(&client.unwrap(), None).await;
            assert_eq!(reply.mfa, is_service.then_some(true), "{status} {content_type}");
            assert_eq!(reply.date, is_service.then(|| at(1_000)), "{status} {content_type}");
            let state = if is_service { CheckState::Failed } else { CheckState::Skipped };
            assert_eq!(check_clock(&reply, at(0)).state, state, "{status} {content_type}");
        }
    }

    #[test]
    fn a_small_clock_difference_is_accepted() {
        for (now, state) in [
            (at(1_000), CheckState::Ok),
            (at(1_059), CheckState::Ok),
            (at(1_060), CheckState::Warning),
            (at(900), CheckState::Warning),
            (at(1_300), CheckState::Failed),
            (at(0), CheckState::Failed),
        ] {
            let reply = ProbeReply { error: None, date: Some(at(1_000)), mfa: None };
            let check = check_clock(&reply, now);
            assert_eq!(
                (check.state, check.hints.is_empty()),
                (state, state == CheckState::Ok),
                "{check:?}"
            );
        }
        let reply = ProbeReply { error: None, date: None, mfa: None };
        assert_eq!(check_clock(&reply, at(0)).state, CheckState::Skipped);
    }
}
