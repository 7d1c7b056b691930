//! A count of sent devices, for the message after Ctrl-C.

use partner_center_devices::{BatchTrackingId, CustomerId};
use partner_center_devices_fleet::Event;

use crate::errors::{CommandError, Exit, check_job};
use crate::ui::text_layout::count;

/// The progress that the events of an upload have reported. After Ctrl-C only this is known.
#[derive(Default)]
pub(super) struct SentSoFar {
    /// How many devices the upload has; `None` until the first call returned.
    total: Option<usize>,
    sent: usize,
    done: usize,
    last_job: Option<(BatchTrackingId, CustomerId)>,
}

/// How an upload ended after Ctrl-C.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cancelled {
    /// It waited for the responses to the requests that were already sent.
    InOrder,
    /// A second Ctrl-C ended it before those responses arrived.
    Abruptly,
}

impl SentSoFar {
    pub(super) fn record(&mut self, event: &Event) {
        match event {
            Event::Resumed { total, .. } => self.total = Some(*total),
            Event::Planned { plan, .. } => {
                self.total = Some(self.total.unwrap_or_default().max(plan.devices()));
            }
            Event::Sent { devices, tracking_id, customer, .. } => {
                self.sent += devices;
                self.last_job = Some((tracking_id.clone(), customer.clone()));
            }
            Event::Progress { done, .. } => self.done = *done,
            _ => {}
        }
    }

    /// Returns the error for an upload that Ctrl-C ended. Without `job_hint` the jobs cannot be checked later.
    pub(super) fn cancelled(
        self,
        how: Cancelled,
        has_journal: bool,
        job_hint: bool,
    ) -> CommandError {
        let error =
            |message: &str| CommandError::new(Exit::Interrupted, format!("cancelled; {message}"));
        let (Some(total), sent, done) = (self.total, self.sent, self.done) else {
            return error("nothing was sent");
        };
        let total = count(total, "device");
        let error = match (self.last_job, how) {
            (None, Cancelled::InOrder) => error("nothing was sent"),
            (None, Cancelled::Abruptly) => error("the service may have received the first request"),
            (Some((job, customer)), how) => {
                let doubt = match how {
                    Cancelled::InOrder => "",
                    Cancelled::Abruptly => "; the service may have received the next request too",
                };
                let error = error(&format!("{sent} of {total} sent, {done} finished{doubt}"));
                match job_hint {
                    true => error.hint(check_job(&job, &customer)),
                    false => error,
                }
            }
        };
        error.hint(if has_journal {
            "run the same command again to resume"
        } else {
            "upload the file again; this is safe even if some devices are already registered"
        })
    }
}
