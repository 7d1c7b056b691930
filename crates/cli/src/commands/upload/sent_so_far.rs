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
    /// The devices that an earlier run finished, and those that it sent.
    done_before: usize,
    sent_before: usize,
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
            Event::Resumed { done, unfinished, total, .. } => {
                self.total = Some(*total);
                (self.done_before, self.sent_before, self.done) = (*done, *unfinished, *done);
            }
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
        let is_resumed = self.done_before + self.sent_before > 0;
        let pending = (self.sent_before + sent).saturating_sub(done - self.done_before.min(done));
        let total = count(total, "device");
        let error = match (self.last_job, how) {
            (None, Cancelled::InOrder) if is_resumed => error(&format!(
                "this run sent nothing. {done} of {total} are finished, and {pending} that an earlier run sent are pending"
            )),
            (None, Cancelled::InOrder) => error("nothing was sent"),
            (None, Cancelled::Abruptly) => error("the service may have received the first request"),
            (Some((job, customer)), how) => {
                let doubt = match how {
                    Cancelled::InOrder => "",
                    Cancelled::Abruptly => "; the service may have received the next request too",
                };
                let error = match is_resumed {
                    true => error(&format!(
                        "this run sent {}. {done} of {total} are finished, and {pending} are pending{doubt}",
                        count(sent, "device")
                    )),
                    false => error(&format!("{sent} of {total} sent, {done} finished{doubt}")),
                };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cancelled_upload_says_what_is_pending() {
        let so_far = |total, done_before, sent_before, sent, done, job: bool| SentSoFar {
            total,
            done_before,
            sent_before,
            sent,
            done,
            last_job: job
                .then(|| (BatchTrackingId::new("7").unwrap(), CustomerId::new("c").unwrap())),
        };
        for (so_far, message) in [
            (SentSoFar::default(), "nothing was sent"),
            (so_far(Some(40), 0, 0, 0, 0, false), "nothing was sent"),
            (so_far(Some(40), 0, 0, 30, 10, true), "30 of 40 devices sent, 10 finished"),
            (
                so_far(Some(40), 10, 30, 0, 10, false),
                "this run sent nothing. 10 of 40 devices are finished, and 30 that an earlier run sent are pending",
            ),
            (
                so_far(Some(40), 5, 20, 15, 25, true),
                "this run sent 15 devices. 25 of 40 devices are finished, and 15 are pending",
            ),
        ] {
            let error = so_far.cancelled(Cancelled::InOrder, true, false);
            assert_eq!(error.to_string(), format!("cancelled; {message}"));
        }
    }
}
