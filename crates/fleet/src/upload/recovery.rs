//! What to do when it is unclear whether the service accepted a chunk: after a failed send, an unknown job, or a
//! read-back. Pure functions with a test for every arm.

use std::time::Duration;

use partner_center_devices::{DeviceOutcome, ErrorKind, Remedy, Sent};
use tokio::time::Instant;

use crate::call_effect::may_have_been_done;

/// The pauses before a chunk is resent. The client has already retried each request several times.
const RESEND_DELAYS: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(5)];

/// How long the devices of an accepted upload may take to appear in the batch. Registration takes minutes.
pub(super) const APPEARS_WITHIN: Duration = Duration::from_secs(5 * 60);

/// How often a run reads one batch because a response proved nothing, so that a service whose responses never prove
/// anything is not read forever.
pub(super) const MAX_READ_BACKS: usize = 5;

/// A send that failed.
#[derive(Clone, Copy, Debug)]
pub(super) struct FailedSend {
    pub(super) kind: ErrorKind,
    pub(super) sent: Sent,
    pub(super) attempts: u32,
    /// True if the request creates the batch.
    pub(super) creates: bool,
    /// True if an earlier call, of this run or another, may have arrived.
    pub(super) is_in_doubt: bool,
    /// How often this run resent it.
    pub(super) resends: usize,
    /// True if no response arrived in time.
    pub(super) timed_out: bool,
    /// True if it has several devices, and reading the batch shows for each whether it arrived.
    pub(super) can_be_halved: bool,
}

/// What to do after a failed send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AfterFailedSend {
    /// The service refused the chunk and did nothing. The batch stops.
    Refused,
    /// The service did nothing because the batch already exists. List the batches again and append.
    BatchExists,
    /// The chunk may have arrived. Resend it under the same id after this pause.
    Resend(Duration),
    /// The chunk may have arrived, and a resend would not show whether it did. Read the batch.
    ReadBack,
    /// The chunk timed out under the same id again: the connection may be too slow for it. Read the batch, and send the
    /// devices that are missing in requests of half the size.
    ReadBackAndHalve,
    /// No response arrives. Read the batch once: the devices that it has arrived. If some are missing, the chunk stays open for the next
    /// run.
    ReadBackOnce,
    /// The chunk may have arrived, and it is not possible to find out now. It stays open for the next run.
    LeaveOpen,
}

pub(super) fn after_failed_send(failed: FailedSend) -> AfterFailedSend {
    let FailedSend { kind, sent, attempts, creates, is_in_doubt, resends, .. } = failed;
    if !is_in_doubt && !may_have_been_done(kind, sent, attempts) {
        return match kind {
            ErrorKind::Conflict if creates => AfterFailedSend::BatchExists,
            _ => AfterFailedSend::Refused,
        };
    }
    let was_repeated = is_in_doubt || attempts > 1;
    if failed.timed_out && failed.can_be_halved && was_repeated {
        return AfterFailedSend::ReadBackAndHalve;
    }
    match (kind, RESEND_DELAYS.get(resends)) {
        // A definite response to this call proves nothing about an earlier call under the same id: the service may have
        // forgotten the id, and may object to the effect of the earlier call.
        (ErrorKind::Conflict | ErrorKind::NotFound | ErrorKind::Rejected, _) => {
            AfterFailedSend::ReadBack
        }
        // Unrelated to this chunk, and not over in seconds.
        (
            ErrorKind::Unauthorized
            | ErrorKind::Forbidden
            | ErrorKind::Throttled
            | ErrorKind::Token
            | ErrorKind::Intercepted
            | ErrorKind::Input,
            _,
        ) => AfterFailedSend::LeaveOpen,
        (_, Some(delay)) => AfterFailedSend::Resend(*delay),
        // The service seems to accept it but returns no tracking id.
        (ErrorKind::Unreadable, None) => AfterFailedSend::ReadBack,
        (ErrorKind::Interrupted, None) => AfterFailedSend::ReadBackOnce,
        (_, None) => AfterFailedSend::LeaveOpen,
    }
}

/// How long a job is followed through a failure of the sign-in.
const SIGN_IN_FAILS_FOR: Duration = Duration::from_secs(60 * 60);

/// Returns the pause before a job is polled again, if a poll failed because the sign-in is temporarily unavailable. The
/// job continues without us, so an outage of the sign-in must not end the wait for it. `failing_for` is the time since
/// the first of these failures.
pub(super) fn after_sign_in_outage(failing_for: Duration) -> Option<Duration> {
    const DELAY: Duration = Duration::from_secs(15);
    (failing_for < SIGN_IN_FAILS_FOR).then_some(DELAY)
}

/// What to do after the batch of a chunk was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AfterReadBack {
    /// A job takes minutes: missing devices may still appear. Read the batch once more at this time.
    ReadAgain(Instant),
    /// The devices that are missing now stay missing.
    Finish,
}

pub(super) fn after_read_back(
    found_all: bool,
    now: Instant,
    may_appear_until: Instant,
) -> AfterReadBack {
    if found_all || now >= may_appear_until {
        AfterReadBack::Finish
    } else {
        AfterReadBack::ReadAgain(may_appear_until)
    }
}

/// Returns whether a device is worth resending unchanged after this number of uploads: its failure was temporary, or its cause is
/// outside the file, so that somebody may have removed it. `is_unmanaged`: the device was already registered and in no batch, so the
/// customer may have deregistered it, or the partner deleted it.
///
/// `801` is resent once: a request that the service cannot read twice will not be read a third time.
pub(super) fn is_worth_resending(
    outcome: &DeviceOutcome,
    uploads: u32,
    is_unmanaged: bool,
) -> bool {
    match outcome {
        DeviceOutcome::Failed(error) if error.code() == "801" => uploads < 2,
        DeviceOutcome::Failed(error) => {
            matches!(error.remedy(), Remedy::Wait | Remedy::FixElsewhere)
        }
        DeviceOutcome::AlreadyRegistered => is_unmanaged,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use AfterFailedSend::{BatchExists, LeaveOpen, ReadBack, Refused, Resend};
    use ErrorKind as Kind;
    use Sent::{Answered, Maybe, No};
    use partner_center_devices::DeviceError;

    const ONCE: FailedSend = FailedSend {
        kind: Kind::Unexpected,
        sent: Answered,
        attempts: 1,
        creates: false,
        is_in_doubt: false,
        resends: 0,
        timed_out: false,
        can_be_halved: true,
    };
    const FIRST: AfterFailedSend = Resend(RESEND_DELAYS[0]);

    #[test]
    fn a_first_failure_is_a_refusal_or_is_resent() {
        for (kind, sent, after) in [
            (Kind::Unauthorized, Answered, Refused),
            (Kind::Forbidden, Answered, Refused),
            (Kind::NotFound, Answered, Refused),
            (Kind::Throttled, Answered, Refused),
            (Kind::Rejected, Answered, Refused),
            (Kind::Conflict, Answered, Refused),
            (Kind::Connect, No, Refused),
            (Kind::Token, No, Refused),
            (Kind::Input, No, Refused),
            (Kind::Service, Answered, FIRST),
            (Kind::Unreadable, Answered, FIRST),
            (Kind::Unexpected, Answered, FIRST),
            (Kind::Interrupted, Maybe, FIRST),
            // The last attempt was refused, and an earlier one got no response.
            (Kind::Connect, Maybe, FIRST),
            (Kind::Interrupted, No, Refused),
            (Kind::Throttled, Maybe, LeaveOpen),
            (Kind::Unauthorized, Maybe, LeaveOpen),
            (Kind::Forbidden, Maybe, LeaveOpen),
            (Kind::Token, Maybe, LeaveOpen),
            (Kind::Intercepted, Maybe, LeaveOpen),
            (Kind::Input, Maybe, LeaveOpen),
        ] {
            let failed = FailedSend { kind, sent, ..ONCE };
            assert_eq!(after_failed_send(failed), after, "{kind:?} {sent:?}");
        }
    }

    #[test]
    fn in_doubt_a_definite_response_is_read_back_and_others_are_resent() {
        let in_doubt = FailedSend { is_in_doubt: true, ..ONCE };
        for (kind, sent, after) in [
            (Kind::Conflict, Answered, ReadBack),
            (Kind::NotFound, Answered, ReadBack),
            (Kind::Rejected, Answered, ReadBack),
            (Kind::Unauthorized, Answered, LeaveOpen),
            (Kind::Forbidden, Answered, LeaveOpen),
            (Kind::Throttled, Answered, LeaveOpen),
            (Kind::Token, No, LeaveOpen),
            (Kind::Input, No, LeaveOpen),
            (Kind::Connect, No, FIRST),
            (Kind::Interrupted, Maybe, FIRST),
            (Kind::Service, Answered, FIRST),
            (Kind::Unreadable, Answered, FIRST),
            (Kind::Unexpected, Maybe, FIRST),
        ] {
            // The result is the same for requests that create the batch.
            for creates in [false, true] {
                let failed = FailedSend { kind, sent, creates, ..in_doubt };
                assert_eq!(after_failed_send(failed), after, "{kind:?} {creates}");
            }
        }
    }

    #[test]
    fn a_conflict_means_that_the_batch_exists_if_nothing_was_sent_before() {
        let conflict = FailedSend { kind: Kind::Conflict, ..ONCE };
        for (creates, attempts, after) in
            [(true, 1, BatchExists), (false, 1, Refused), (true, 2, ReadBack), (false, 2, ReadBack)]
        {
            assert_eq!(after_failed_send(FailedSend { creates, attempts, ..conflict }), after);
        }
    }

    #[test]
    fn resends_twice_with_increasing_delays() {
        for (kind, last) in [
            (Kind::Interrupted, AfterFailedSend::ReadBackOnce),
            (Kind::Service, LeaveOpen),
            (Kind::Connect, LeaveOpen),
            (Kind::Unreadable, ReadBack),
        ] {
            let all: Vec<_> = (0..4)
                .map(|resends| {
                    let sent = Maybe;
                    after_failed_send(FailedSend { kind, sent, is_in_doubt: true, resends, ..ONCE })
                })
                .collect();
            assert_eq!(all, [FIRST, Resend(RESEND_DELAYS[1]), last, last]);
        }
    }

    #[test]
    fn a_chunk_that_times_out_again_is_halved() {
        let timed_out =
            FailedSend { kind: Kind::Interrupted, sent: Maybe, timed_out: true, ..ONCE };
        let halve = AfterFailedSend::ReadBackAndHalve;
        for (attempts, is_in_doubt, can_be_halved, after) in [
            (1, false, true, FIRST),
            (2, false, true, halve),
            (1, true, true, halve),
            (2, false, false, FIRST),
            (1, true, false, FIRST),
        ] {
            let failed = FailedSend { attempts, is_in_doubt, can_be_halved, ..timed_out };
            assert_eq!(after_failed_send(failed), after, "{failed:?}");
            // If a response breaks off, the size is not the reason.
            let broken_off = FailedSend { timed_out: false, ..failed };
            assert_eq!(after_failed_send(broken_off), FIRST, "{broken_off:?}");
        }
    }

    #[test]
    fn a_job_is_followed_through_an_outage_of_the_sign_in_for_an_hour() {
        let again = Some(Duration::from_secs(15));
        for (seconds, after) in [(0, again), (3_599, again), (3_600, None)] {
            assert_eq!(after_sign_in_outage(Duration::from_secs(seconds)), after, "{seconds}");
        }
    }

    #[test]
    fn a_batch_is_read_again_while_devices_may_appear() {
        let start = Instant::now();
        let until = start + APPEARS_WITHIN;
        for (found_all, now, after) in [
            (false, start, AfterReadBack::ReadAgain(until)),
            (true, start, AfterReadBack::Finish),
            (false, until, AfterReadBack::Finish),
            (true, until, AfterReadBack::Finish),
        ] {
            assert_eq!(after_read_back(found_all, now, until), after);
        }
    }

    #[test]
    fn failures_that_may_be_gone_are_worth_resending() {
        for (code, uploads, worth) in [
            ("640", 1, true),
            ("640", 9, true),
            ("801", 1, true),
            ("801", 2, false),
            ("802", 1, false),
            ("808", 1, true),
            ("808", 9, true),
            ("999", 1, false),
        ] {
            let failed = DeviceOutcome::Failed(DeviceError::new(code, ""));
            assert_eq!(is_worth_resending(&failed, uploads, false), worth, "{code} {uploads}");
        }
        for is_unmanaged in [false, true] {
            let already = DeviceOutcome::AlreadyRegistered;
            assert_eq!(is_worth_resending(&already, 1, is_unmanaged), is_unmanaged);
            assert!(!is_worth_resending(&DeviceOutcome::Succeeded, 1, is_unmanaged));
        }
    }
}
