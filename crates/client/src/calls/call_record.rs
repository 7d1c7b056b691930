//! The record of a call, and the error that is made from it if the call fails.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode};
use partner_center_devices_raw::transport::bearer_token;
use partner_center_devices_raw::{self as raw, BoxError, redact};
use serde::de::DeserializeOwned;

use crate::calls::attempt::{AttemptLog, Received, unusable};
use crate::calls::decode_problem::decode_problem;
use crate::calls::headers::CallIds;
use crate::calls::retry::AttemptOutcome;
use crate::calls::retry_after::retry_after;
use crate::network::ConnectProblem;
use crate::responses::error::{Error, ErrorKind, Sent, SupportIds};
use crate::responses::failed_response::Response;
use crate::root_cause::{refuses_own_certificate, root_cause};

/// The ids and attempts of a call, and the response to the last attempt.
pub(crate) struct CallRecord {
    ids: CallIds,
    attempts: u32,
    outcome: Option<AttemptOutcome>,
    received: Received,
    /// The token of the last attempt, which the service may echo.
    token: Option<HeaderValue>,
    /// True if an attempt before the last one may have taken effect.
    earlier_may_have_taken_effect: bool,
    /// The error of a call that ended before its next attempt was sent.
    not_sent: Option<Error>,
    /// The delay of a retry that the deadline did not allow.
    refused_delay: Option<Duration>,
    /// Why there was no connection: the host, and the proxy in use.
    connection_problem: Option<ConnectProblem>,
}

impl CallRecord {
    pub(crate) fn new(ids: CallIds) -> Self {
        Self {
            ids,
            attempts: 0,
            outcome: None,
            received: Received::default(),
            token: None,
            earlier_may_have_taken_effect: false,
            not_sent: None,
            refused_delay: None,
            connection_problem: None,
        }
    }

    /// Counts an attempt that is about to be sent.
    pub(crate) fn start_attempt(&mut self, token: HeaderValue) {
        self.token = Some(token);
        self.keep_uncertainty();
        self.connection_problem = None;
        self.attempts += 1;
    }

    /// How often the request was sent, including an attempt that has started.
    pub(crate) fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The log entry of an attempt that has started.
    pub(crate) fn attempt_log(&self) -> AttemptLog<'_> {
        AttemptLog { resend_count: self.attempts.saturating_sub(1), token: self.token.as_ref() }
    }

    pub(crate) fn finish_attempt(&mut self, outcome: AttemptOutcome, received: Received) {
        self.outcome = Some(outcome);
        self.received = received;
    }

    /// Ends the call with an error before its next attempt. Returns its message for the generated client.
    pub(crate) fn fail(&mut self, error: Error) -> BoxError {
        self.keep_uncertainty();
        let message = error.to_string();
        self.not_sent = Some(error);
        message.into()
    }

    /// Ends the call because the deadline does not allow a retry after this delay.
    pub(crate) fn refuse_delay(&mut self, delay: Duration) {
        self.refused_delay = Some(delay);
    }

    /// Returns true if the last attempt failed because there was no connection.
    pub(crate) fn is_unconnected(&self) -> bool {
        let is_unconnected = self.outcome.as_ref().is_some_and(AttemptOutcome::is_unconnected);
        self.not_sent.is_none() && is_unconnected
    }

    /// Returns true if there was no connection in the last attempt, and the reason is not known yet.
    pub(crate) fn needs_explanation(&self) -> bool {
        self.is_unconnected() && self.connection_problem.is_none()
    }

    pub(crate) fn explain_connection(&mut self, problem: ConnectProblem) {
        self.connection_problem = Some(problem);
    }

    /// Records whether the last attempt may have taken effect, before the next attempt replaces it.
    fn keep_uncertainty(&mut self) {
        if let Some(outcome) = self.outcome.take() {
            self.earlier_may_have_taken_effect |= outcome.may_have_taken_effect();
        }
    }

    pub(crate) fn status(&self) -> Option<StatusCode> {
        self.received.status
    }

    /// Returns the value of `error.type` in traces; `None` for a success.
    pub(crate) fn error_type(&self) -> Option<&str> {
        match &self.not_sent {
            Some(_) => Some("not_sent"),
            None => self.outcome.as_ref().and_then(AttemptOutcome::error_type),
        }
    }

    /// Moves the headers and the body of the last response out of the record, and copies its status.
    pub(crate) fn take_response(&mut self) -> (Option<StatusCode>, Option<HeaderMap>, Bytes) {
        let Received { status, headers, body, .. } = &mut self.received;
        (*status, headers.take(), std::mem::take(body))
    }

    /// Puts headers that were taken with [`take_response`](Self::take_response) back into the record.
    pub(crate) fn restore_headers(&mut self, headers: HeaderMap) {
        self.received.headers = Some(headers);
    }

    /// Turns the error of a generated method into the error of the call.
    pub(crate) fn explain<W: DeserializeOwned>(
        mut self,
        name: &'static str,
        error: raw::Error,
    ) -> Error {
        if let Some(error) = self.not_sent.take().or_else(|| unusable_response(name, &error)) {
            return self.complete(error);
        }
        let error = match error {
            raw::Error::UnexpectedResponse(response) => {
                let problem = std::mem::take(&mut self.received.problem);
                Error::response(name, response.status(), problem)
            }
            raw::Error::InvalidResponsePayload(body, error) => {
                let detail = decode_problem::<W>(&body).unwrap_or_else(|| error.to_string());
                let detail = redact::known_secrets(&detail, &[self.token()]);
                Error::new(ErrorKind::Unreadable, name, Sent::Answered).with_detail(detail)
            }
            raw::Error::CommunicationError(error) | raw::Error::ResponseBodyError(error) => {
                self.communication_error(name, error)
            }
            raw::Error::InvalidRequest(problem) | raw::Error::Custom(problem) => {
                Error::input(name, problem)
            }
            other => {
                Error::new(ErrorKind::Unexpected, name, Sent::Maybe).with_detail(root_cause(&other))
            }
        };
        self.complete(error)
    }

    /// Turns the error of a transport into the error of the call.
    pub(crate) fn explain_transport_error(mut self, name: &'static str, error: BoxError) -> Error {
        if let Some(error) = self.not_sent.take().or_else(|| unusable_response(name, &*error)) {
            return self.complete(error);
        }
        let error = match error.downcast::<reqwest::Error>() {
            Ok(error) => self.communication_error(name, *error),
            Err(error) => Error::new(ErrorKind::Interrupted, name, Sent::Maybe)
                .with_detail(root_cause(&*error))
                .with_source(error),
        };
        self.complete(error)
    }

    fn communication_error(&self, name: &'static str, error: reqwest::Error) -> Error {
        let error = error.without_url(); // the URL contains customer and device ids
        let (kind, sent) = match self.received.status {
            None if error.is_connect() || refuses_own_certificate(&error) => {
                (ErrorKind::Connect, Sent::No)
            }
            None if error.is_builder() => (ErrorKind::Input, Sent::No),
            _ => (ErrorKind::Interrupted, Sent::Maybe),
        };
        let problem = self.connection_problem.as_ref().filter(|_| kind == ErrorKind::Connect);
        let detail = problem.map_or_else(|| root_cause(&error), |problem| problem.text.clone());
        let hint = problem.and_then(ConnectProblem::hint);
        Error::new(kind, name, sent).with_detail(detail).with_hint(hint).with_source(error)
    }

    /// Adds the ids, the attempts and the status to an error.
    pub(crate) fn complete(self, error: Error) -> Error {
        let ids = SupportIds::sent(self.ids.request, self.ids.correlation);
        let headers = self.received.headers.as_ref();
        let ids = match headers {
            Some(headers) => ids.received(headers, &[self.token()]),
            None => ids,
        };
        let delay = self.received.delay.or_else(|| headers.and_then(retry_after));
        let lasts = [AttemptOutcome::Untrusted, AttemptOutcome::ProxyRefused].map(Some);
        let error = error.with_retry_after(delay).that_lasts(lasts.contains(&self.outcome));
        let error = match self.refused_delay {
            Some(delay) => error.with_note(format!(
                "not retried, because a delay of {} s would pass the deadline",
                delay.as_secs().max(1)
            )),
            None => error,
        };
        error
            .after_attempts(self.attempts, self.earlier_may_have_taken_effect)
            .with_status(self.received.status)
            .with_response(
                headers.map(|headers| {
                    Response::redacted(headers, &self.received.body, &[self.token()])
                }),
            )
            .with_call(ids, self.attempts)
    }

    /// Takes the error of a call that ended before its next attempt.
    pub(crate) fn take_not_sent(&mut self) -> Option<Error> {
        self.not_sent.take()
    }

    fn token(&self) -> &str {
        self.token.as_ref().map(bearer_token).unwrap_or_default()
    }
}

/// Creates the error for a response that cannot be used.
fn unusable_response(
    name: &'static str,
    error: &(dyn std::error::Error + 'static),
) -> Option<Error> {
    let (kind, reason) = unusable(error)?;
    Some(Error::new(kind, name, Sent::Maybe).with_detail(reason))
}
