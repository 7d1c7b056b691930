//! The checks of the service: one request shows whether it responds, MFA, the rights and the time.

use std::time::{Duration, SystemTime};

use http::Method;
use partner_center_devices::raw::{ForeignResponse, Operation};
use partner_center_devices::{Client, CustomerId, Error, ErrorKind, Network, Retry};

use super::checkup::{Check, CheckState};
use super::customer::{ToCheck, known_cause};
use super::sign_in::{Token, no_token};
use crate::errors::{CommandError, Exit};
use crate::settings::session::{APPLICATION, Target};
use crate::ui::calls::call_display;
use crate::ui::output::Ui;
use crate::ui::text_layout::count;

/// From this difference, the service may reject tokens as expired or not yet valid.
const CLOCK_FAILS: Duration = Duration::from_secs(5 * 60);
const CLOCK_WARNS: Duration = Duration::from_secs(60);

/// Sends one request and checks the service, MFA, rights and the clock. Without a token, the rejection still shows that
/// the service responds.
pub(super) async fn check_requests(
    ui: Ui,
    token: Option<Token>,
    target: &Target,
    network: Network,
    customer: &mut ToCheck,
) -> Vec<Check> {
    let has_token = token.is_some();
    let Token { claims, provider, is_app_only } = token.unwrap_or_else(Token::placeholder);
    let claims = claims.unwrap_or_default();
    let is_app_only = is_app_only || claims.is_app_only;
    let client = Client::builder()
        .application(APPLICATION)
        .base_url(&target.base_url)
        .network(network)
        .retry(Retry::never())
        .validate_mfa()
        .observer(call_display(ui))
        .token_provider(provider)
        .build();
    let client = match client {
        Ok(client) => client,
        Err(error) => return vec![Check::failed("service", &error.into())],
    };
    let not_found = if has_token { customer.find(ui, &client).await.err() } else { None };
    let reply = send_probe(&client, customer.id()).await;
    let mut checks = vec![check_service(&reply, &target.base_url)];
    if has_token {
        checks.push(check_mfa(&reply, is_app_only, claims.multi_factor));
        checks.extend(match not_found {
            Some(failure) => Some(Check::failed("customer", &failure)),
            None if reply.no_response().is_some() => None,
            None => customer.check(&client, reply.error.is_none()).await,
        });
        checks.push(check_rights(&reply, customer));
    } else {
        checks.extend(["mfa", "rights"].map(no_token));
    }
    checks.push(check_clock(&reply, SystemTime::now()));
    checks
}

/// A customer id that does not exist, to check that the service responds.
const NO_CUSTOMER: &str = "00000000-0000-0000-0000-000000000000";

/// The reply to a request for the batches of a customer. The date and MFA are only those that the service itself reported.
#[derive(Default)]
struct ProbeReply {
    error: Option<Error>,
    /// The reason why a success is not from the service.
    foreign: Option<ForeignResponse>,
    date: Option<SystemTime>,
    mfa: Option<bool>,
}

async fn send_probe(client: &Client, customer: Option<&CustomerId>) -> ProbeReply {
    let id = customer.map_or(NO_CUSTOMER, CustomerId::as_str);
    match client.request(Method::GET, &format!("customers/{id}/deviceBatches"), None).await {
        Ok(raw) => {
            let operation = Some(Operation::ListDeviceBatches);
            match ForeignResponse::check(operation, raw.status(), raw.body(), &[]) {
                Ok(()) => ProbeReply {
                    date: raw.date(),
                    mfa: raw.is_mfa_compliant(),
                    ..ProbeReply::default()
                },
                Err(foreign) => ProbeReply { foreign: Some(foreign), ..ProbeReply::default() },
            }
        }
        Err(error) => {
            let (date, mfa) = (error.date(), error.is_mfa_compliant());
            let reply = ProbeReply { error: Some(error), date, mfa, foreign: None };
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
    fn no_response(&self) -> Option<CommandError> {
        if let Some(foreign) = &self.foreign {
            return Some(CommandError::new(Exit::Unavailable, foreign.to_string()).hint(
                "sign in to the network in a browser, or let the web filter or proxy pass the service",
            ));
        }
        let is_other = |error: &&Error| {
            error.kind() == ErrorKind::Intercepted
                || error.status().is_none_or(|status| status.is_server_error())
        };
        self.error.as_ref().filter(is_other).map(Into::into)
    }
}

/// Checks that the service responds.
fn check_service(reply: &ProbeReply, url: &str) -> Check {
    match reply.no_response() {
        Some(error) => Check::failed("service", &error),
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
    match (reply.mfa, claimed) {
        _ if is_app_only => Check::new("mfa", CheckState::Skipped, "does not apply to an app"),
        _ if reply.error.as_ref().is_some_and(Error::requires_mfa) => {
            no(CheckState::Failed, "no: the service refuses this sign-in for that reason")
        }
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
fn check_rights(reply: &ProbeReply, customer: &ToCheck) -> Check {
    if reply.no_response().is_some() {
        return Check::new("rights", CheckState::Skipped, "the service did not respond");
    }
    let error = match (&reply.error, customer.id()) {
        (None, Some(_)) => {
            let label = customer.label();
            let detail = format!("you can list the batches of customer {label}");
            return Check::new("rights", CheckState::Ok, detail);
        }
        (Some(error), _) if error.kind() == ErrorKind::Unauthorized => error,
        (Some(error), Some(_)) => error,
        (_, None) => {
            return Check::new("rights", CheckState::Skipped, "no customer given")
                .hint("check your rights for a customer: pcdevices doctor --customer CUSTOMER");
        }
    };
    let check = Check::failed("rights", &error.into());
    if let Some(cause) = known_cause(error) {
        return check.explained(cause);
    }
    match error.kind() {
        // The possible reasons, regardless of the service's message
        // (https://learn.microsoft.com/en-us/partner-center/customers/autopilot).
        ErrorKind::Forbidden | ErrorKind::NotFound if error.hint().is_none() => check
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

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
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
            (401, "false", "", None, CheckState::Failed, "no"),
            // The token has another problem, too.
            (401, "false", r#"{"code":"900420"}"#, None, CheckState::Warning, "no"),
            (401, "?", "", None, CheckState::Skipped, "unknown"),
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
            (200, "text/plain", "Access denied by policy", false),
            (200, "application/json", r#"{"error":"blocked"}"#, false),
            (302, "text/plain", "", false),
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
            let reply = ProbeReply { date: Some(at(1_000)), ..ProbeReply::default() };
            let check = check_clock(&reply, now);
            assert_eq!(
                (check.state, check.hints.is_empty()),
                (state, state == CheckState::Ok),
                "{check:?}"
            );
        }
        let reply = ProbeReply::default();
        assert_eq!(check_clock(&reply, at(0)).state, CheckState::Skipped);
    }
}
