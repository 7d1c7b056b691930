//! Errors of client and fleet as errors of a command. This is the one mapping from error kinds to exit codes.

use partner_center_devices::{Error, ErrorKind, ServiceCode, TokenError};
use partner_center_devices_fleet::inventory::CallFailure;
use partner_center_devices_fleet::{Report, ReportRow, RowOutcome};

use crate::errors::command_error::{CommandError, split_support_ids};
use crate::errors::exit::Exit;

/// A hint for errors about permissions.
pub(crate) const RUN_DOCTOR: &str = "find out why: pcdevices doctor --customer CUSTOMER";
/// A hint for errors that a new sign-in solves.
const SIGN_IN: &str = "sign in: pcdevices auth login";
/// A hint for a certificate that is not trusted.
const ADD_CA_FILE: &str = "add the file of the certificate authority: --ca-file FILE";
/// A hint for a read whose response was lost.
pub(crate) const RETRY_READ: &str = "try again: nothing was changed";

/// Returns the exit code for an error of the client.
fn exit_of(error: &Error) -> Exit {
    if let Some(sign_in) = sign_in_error(error) {
        return sign_in.exit;
    }
    let sign_in_unavailable = error.token_error().is_some_and(TokenError::is_retryable);
    exit_of_kind(error.kind(), error.code(), sign_in_unavailable)
}

/// Returns the exit code for a call that failed within a larger operation.
pub(crate) fn exit_of_call(failure: &CallFailure) -> Exit {
    let code = failure.code.as_deref();
    exit_of_kind(failure.kind, code, failure.sign_in_unavailable)
}

/// Returns the exit code for a finished upload. Only proven duplicates may be left out of a successful one. An unknown outcome
/// takes precedence: the result is not final. Then come invalid rows, because they need a new file.
pub(crate) fn exit_of_report(report: &Report) -> Exit {
    let of_outcomes = exit_of_outcomes(report.rows().iter().map(ReportRow::outcome));
    match of_outcomes {
        // The partner cannot manage a device that the customer registered.
        Exit::Success if !report.rows().iter().all(ReportRow::is_success) => Exit::SomeFailed,
        other => other,
    }
}

pub(crate) fn exit_of_outcomes<'a>(outcomes: impl Iterator<Item = &'a RowOutcome>) -> Exit {
    let exits = outcomes.map(|outcome| match outcome {
        RowOutcome::Registered | RowOutcome::AlreadyRegistered | RowOutcome::Duplicate(_) => {
            Exit::Success
        }
        RowOutcome::Failed(_) | RowOutcome::NotSent => Exit::SomeFailed,
        RowOutcome::Invalid(_) => Exit::InvalidFile,
        _ => Exit::OutcomeUnknown,
    });
    exits.max_by_key(|exit| *exit as u8).unwrap_or(Exit::Success)
}

fn exit_of_kind(kind: ErrorKind, code: Option<&str>, sign_in_unavailable: bool) -> Exit {
    match kind {
        // Not sent, because the service would have refused it with this code.
        ErrorKind::Input if code.is_some() => Exit::AccessDenied,
        ErrorKind::Input => Exit::Usage,
        ErrorKind::Token if sign_in_unavailable => Exit::Unavailable,
        ErrorKind::Token | ErrorKind::Unauthorized | ErrorKind::Forbidden => Exit::AccessDenied,
        ErrorKind::Throttled => Exit::Throttled,
        ErrorKind::StillRunning => Exit::OutcomeUnknown,
        ErrorKind::NotFound | ErrorKind::Conflict | ErrorKind::Rejected => Exit::Rejected,
        ErrorKind::Connect
        | ErrorKind::Interrupted
        | ErrorKind::Service
        | ErrorKind::Unreadable
        | ErrorKind::Intercepted
        | ErrorKind::Unexpected => Exit::Unavailable,
        _ => Exit::Unavailable,
    }
}

/// Returns the sign-in error that left a call without a token.
fn sign_in_error(error: &Error) -> Option<&CommandError> {
    let error: &(dyn std::error::Error + 'static) = error;
    std::iter::successors(Some(error), |error| error.source())
        .find_map(|error| error.downcast_ref())
}

impl From<Error> for CommandError {
    fn from(error: Error) -> Self {
        Self::from(&error).with_source(error)
    }
}

impl From<&Error> for CommandError {
    fn from(error: &Error) -> Self {
        let message = error.to_string();
        let (message, ids) = split_support_ids(&message);
        let command_error =
            Self::new(exit_of(error), message).with_support_ids(ids.map(ToOwned::to_owned));
        hints(error).into_iter().fold(command_error, Self::hint)
    }
}

fn hints(error: &Error) -> Vec<String> {
    if let Some(sign_in) = sign_in_error(error) {
        return sign_in.hints().to_vec();
    }
    if error.kind() == ErrorKind::Unauthorized {
        let is_known = ServiceCode::ALL.iter().any(|known| Some(known.code) == error.code());
        return match error.hint().filter(|_| is_known) {
            Some(hint) => vec![hint.to_owned(), SIGN_IN.to_owned()],
            None => vec![format!("{SIGN_IN}; a token that you supply lasts about an hour")],
        };
    }
    // Reads can be repeated safely.
    let is_read = ["list_", "get_"].iter().any(|verb| error.operation().starts_with(verb));
    let hint = match error.hint() {
        Some(_) if error.kind() == ErrorKind::Interrupted && is_read => Some(RETRY_READ),
        hint => hint,
    };
    let doctor = (error.kind() == ErrorKind::Forbidden).then_some(RUN_DOCTOR);
    let is_untrusted =
        error.kind() == ErrorKind::Connect && error.message().contains("certificate");
    let ca_file = is_untrusted.then_some(ADD_CA_FILE);
    hint.into_iter().chain(doctor).chain(ca_file).map(ToOwned::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{Request, Response};
    use partner_center_devices::raw::BoxFuture;
    use partner_center_devices::{AccessToken, Client, CustomerId, DeviceError, TokenProvider};
    use partner_center_devices_fleet::{Fleet, RowStatus};

    use super::*;

    async fn list_batches(client: Client) -> Error {
        let customer = client.customer(CustomerId::new("c").unwrap());
        customer.device_batches().list().await.unwrap_err()
    }

    /// Both ways to an exit code lead to the same one.
    fn assert_exit(error: &Error, exit: Exit) {
        assert_eq!(exit_of(error), exit, "{error}");
        assert_eq!(exit_of_call(&CallFailure::from(error)), exit, "{error}");
    }

    #[tokio::test(start_paused = true)]
    async fn every_status_has_an_exit_code() {
        for (status, exit) in [
            (301, Exit::Unavailable),
            (400, Exit::Rejected),
            (401, Exit::AccessDenied),
            (403, Exit::AccessDenied),
            (404, Exit::Rejected),
            (409, Exit::Rejected),
            (412, Exit::Rejected),
            (429, Exit::Throttled),
            (500, Exit::Unavailable),
            (503, Exit::Unavailable),
        ] {
            let service = move |_: Request<Bytes>| {
                Response::builder().status(status).body(Bytes::new()).unwrap()
            };
            let client = Client::builder().in_process(service).build().unwrap();
            assert_exit(&list_batches(client).await, exit);
        }
    }

    #[tokio::test]
    async fn support_ids_are_on_the_last_line() {
        let service = |_: Request<Bytes>| {
            Response::builder().status(403).header("ms-cv", "c.0").body(Bytes::new()).unwrap()
        };
        let client = Client::builder().in_process(service).build().unwrap();
        let error = CommandError::from(list_batches(client).await);
        let text = anstream::adapter::strip_str(&error.render()).to_string();
        let lines: Vec<_> = text.lines().collect();
        let [message, hint, ids] = &lines[..] else { panic!("{text}") };
        assert!(
            message.starts_with("error: cannot list the device batches of a customer"),
            "{text}"
        );
        assert!(hint.starts_with("hint: find out why"), "{text}");
        assert!(ids.starts_with("MS-RequestId ") && ids.ends_with("MS-CV c.0"), "{text}");
    }

    #[tokio::test]
    async fn a_rejected_token_has_the_hint_of_its_code() {
        for (body, words) in [
            (r#"{"code":"900421"}"#, "multi-factor authentication"),
            (r#"{"code":10001}"#, "multi-factor authentication"),
            (r#"{"code":"900420"}"#, "audience"),
            (r#"{"code":"800001"}"#, "lasts about an hour"),
            ("", "lasts about an hour"),
        ] {
            let service = move |_: Request<Bytes>| {
                Response::builder().status(401).body(Bytes::from_static(body.as_bytes())).unwrap()
            };
            let client = Client::builder().in_process(service).build().unwrap();
            let error = CommandError::from(list_batches(client).await);
            let hints = error.hints().join("\n");
            assert!(hints.contains(words) && hints.contains("pcdevices auth login"), "{hints}");
        }
    }

    struct NoToken {
        is_retryable: bool,
    }

    impl TokenProvider for NoToken {
        fn token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>> {
            let error = TokenError::new("no token");
            let error = if self.is_retryable { error.retryable() } else { error };
            Box::pin(std::future::ready(Err(error)))
        }
    }

    #[tokio::test]
    async fn an_unreachable_sign_in_is_unavailable_and_a_refused_one_is_access_denied() {
        for (is_retryable, exit) in [(true, Exit::Unavailable), (false, Exit::AccessDenied)] {
            let service = |_: Request<Bytes>| Response::new(Bytes::new());
            let client = Client::builder().in_process(service);
            let client = client.token_provider(NoToken { is_retryable }).build().unwrap();
            assert_exit(&list_batches(client).await, exit);
        }
    }

    #[test]
    fn every_outcome_of_a_row_has_an_exit_code() {
        let csv = "Serial,Make,Model\nS1,M,N\nS1,M,N\nS2,,\n";
        let fleet = Fleet::read(csv.as_bytes(), "f.csv");
        let status = |row: usize| fleet.rows()[row].status().clone();
        let RowStatus::Duplicate(first) = status(1) else { panic!() };
        let RowStatus::Invalid(finding) = status(2) else { panic!() };
        let (duplicate, invalid) = (RowOutcome::Duplicate(first), RowOutcome::Invalid(finding));
        let failed = || RowOutcome::Failed(DeviceError::new("808", ""));
        let exit = |outcomes: &[RowOutcome]| exit_of_outcomes(outcomes.iter());
        for (outcome, expected) in [
            (RowOutcome::Registered, Exit::Success),
            (RowOutcome::AlreadyRegistered, Exit::Success),
            (failed(), Exit::SomeFailed),
            (duplicate, Exit::Success),
            (invalid.clone(), Exit::InvalidFile),
            (RowOutcome::NotSent, Exit::SomeFailed),
            (RowOutcome::Unknown, Exit::OutcomeUnknown),
        ] {
            let both = [RowOutcome::Registered, outcome];
            assert_eq!(exit(&both[1..]), expected, "{}", both[1].id());
            assert_eq!(exit(&both), expected, "{} among others", both[1].id());
        }
        // The first of these that applies.
        let (unknown, invalid) = (|| RowOutcome::Unknown, || invalid.clone());
        assert_eq!(exit(&[failed(), unknown(), invalid()]), Exit::OutcomeUnknown);
        assert_eq!(exit(&[failed(), invalid()]), Exit::InvalidFile);
        assert_eq!(exit(&[]), Exit::Success);
    }

    #[test]
    fn a_wrong_base_url_is_a_usage_error() {
        let error = Client::builder().base_url("nowhere").token("t".to_owned()).build();
        assert_exit(&error.unwrap_err(), Exit::Usage);
    }
}
