//! The calls of a client, as the user sees them: what a terminal waits for, a line for each long wait in a log, and with `-v`
//! a line for each call.

use std::time::Duration;

use http::StatusCode;
use partner_center_devices::{CallEvent, CallInfo, CallObserver, WaitReason};

use crate::ui::output::Ui;
use crate::ui::progress::{activity, duration};

/// Shorter waits are not mentioned.
const MENTIONED: Duration = Duration::from_secs(1);

/// Shows the calls of a client.
pub(crate) fn call_display(ui: Ui) -> impl CallObserver {
    move |event: &CallEvent<'_>| match event {
        CallEvent::Started { call } => {
            activity::begin(call.request_id().as_u128(), label(call));
            if ui.is_very_verbose() {
                ui.status_line(&format!("{} {}: started", call.method(), call.path()));
            }
        }
        CallEvent::Waiting { reason, delay, .. } => {
            let (words, short, then) = wait_words(*reason);
            let is_mentioned = match ui.is_very_verbose() {
                true => true,
                false => *delay >= MENTIONED && activity::wait(words.clone(), short, then, *delay),
            };
            let is_log = !ui.is_stderr_terminal() || ui.is_verbose();
            // With a rate limit, nearly each call waits.
            let is_usual = *reason == WaitReason::RateLimit && !ui.is_very_verbose();
            if is_mentioned && is_log && !is_usual {
                ui.status_line(&format!("{words}; {then} {}", in_tenths(*delay)));
            }
        }
        CallEvent::Ended { call, status, attempts, elapsed } => {
            activity::end(call.request_id().as_u128());
            if ui.is_verbose() && !ui.is_traced() {
                ui.status_line(&summary(call, *status, *attempts, *elapsed));
            }
        }
        _ => {}
    }
}

/// Formats a wait: `28 s`, `0.4 s`.
fn in_tenths(delay: Duration) -> String {
    match delay.as_secs() {
        0 => format!("{:.1} s", delay.as_secs_f64()),
        _ => duration(delay + Duration::from_millis(999)),
    }
}

/// Describes a wait: the reason, a shorter reason, and the next step.
fn wait_words(reason: WaitReason) -> (String, &'static str, &'static str) {
    let (words, short) = match reason {
        WaitReason::Status(StatusCode::TOO_MANY_REQUESTS) | WaitReason::Throttle => {
            ("Partner Center is busy (429)".to_owned(), "busy (429)")
        }
        WaitReason::Status(status) => {
            (format!("Partner Center failed ({})", status.as_u16()), "failed")
        }
        WaitReason::NoConnection => {
            ("there is no connection to Partner Center".to_owned(), "no connection")
        }
        WaitReason::Interrupted => {
            ("Partner Center did not answer completely".to_owned(), "no answer")
        }
        WaitReason::RateLimit => {
            return ("waiting for the rate limit (--rate)".to_owned(), "rate limit", "sending in");
        }
        other => (other.to_string(), "waiting"),
    };
    (words, short, "retrying in")
}

/// Describes what a call does.
fn label(call: &CallInfo<'_>) -> &'static str {
    match call.operation().map_or("", |operation| operation.id()) {
        "list_device_batches" => "looking up batches",
        "list_devices" => "looking up devices",
        "create_device_batch" | "add_devices" => "sending devices",
        "update_device" => "changing a device",
        "delete_device" => "deleting a device",
        "update_device_policies" => "assigning policies",
        "get_batch_job_status" => "looking up the job",
        "list_policies" | "get_policy" => "looking up policies",
        "create_policy" | "replace_policy" => "saving a policy",
        "delete_policy" => "deleting a policy",
        "list_customers" | "get_customer" => "looking up customers",
        "list_customer_relationships" | "list_relationships" => "looking up relationships",
        "list_audit_records" => "reading the audit log",
        "get_organization_profile" => "looking up your organization",
        _ => "waiting for Partner Center",
    }
}

/// Formats a call that ended: `GET /v1/customers/…/devicebatches: 200 in 45 ms`, and its ids for support.
fn summary(
    call: &CallInfo<'_>,
    status: Option<StatusCode>,
    attempts: u32,
    elapsed: Duration,
) -> String {
    let status = match status {
        Some(status) => status.as_u16().to_string(),
        None if attempts == 0 => "not sent".to_owned(),
        None => "no response".to_owned(),
    };
    let attempts = match attempts {
        0 | 1 => String::new(),
        attempts => format!(", {attempts} attempts"),
    };
    format!(
        "{} {}: {status} in {} ms{attempts} (MS-RequestId {}, MS-CorrelationId {})",
        call.method(),
        call.path(),
        elapsed.as_millis(),
        call.request_id(),
        call.correlation_id(),
    )
}
