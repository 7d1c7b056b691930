//! What the end of a call means for the upload. Pure functions; every arm has a test.

use std::time::Duration;

use partner_center_devices::{
    BatchUploadDetails, DeviceError, DeviceOutcome, ErrorKind, MatchKeys, Remedy, Sent,
};

use crate::call_effect::may_have_been_done;
use crate::journal::{OpenDevice, Settled};

/// What to do after an upload that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AfterSend {
    /// The service refused it as a whole: nothing happened. The batch stops here.
    Refused,
    /// Surely nothing was done, and the batch exists: list once more and append.
    BatchExists,
    /// It may have been done. Send it again under the same id after this pause.
    Again(Duration),
    /// It may have been done, and another answer would say no more: look into the batch.
    ReadBack,
    /// It may have been done, and nothing more can be learned now. It stays open for the next run.
    Doubt,
}

/// How often an upload in doubt is sent again, and after how long. The client has tried each several times.
const AGAIN_AFTER: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(5)];

/// What is known of an upload that failed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Failed {
    pub(super) kind: ErrorKind,
    pub(super) sent: Sent,
    pub(super) attempts: u32,
    /// Whether it was to make the batch.
    pub(super) creates: bool,
    /// Whether it may have been done before this call, by an earlier one of this run or of another.
    pub(super) in_doubt: bool,
    /// How often this run sent it before.
    pub(super) rounds: usize,
}

pub(super) fn after_send(failed: Failed) -> AfterSend {
    let Failed { kind, sent, attempts, creates, in_doubt, rounds } = failed;
    if !in_doubt && !may_have_been_done(kind, sent, attempts) {
        let exists = creates && kind == ErrorKind::Conflict;
        return if exists { AfterSend::BatchExists } else { AfterSend::Refused };
    }
    match (kind, AGAIN_AFTER.get(rounds)) {
        // A definite answer, to this call. Of an earlier one under the same id it proves nothing: the service may
        // not know the id any more, and what it objects to may be what the earlier one did.
        (ErrorKind::Conflict | ErrorKind::NotFound | ErrorKind::Rejected, _) => AfterSend::ReadBack,
        // Not a matter of this upload, and not of seconds.
        (
            ErrorKind::Unauthorized
            | ErrorKind::Forbidden
            | ErrorKind::Throttled
            | ErrorKind::Token
            | ErrorKind::Input,
            _,
        ) => AfterSend::Doubt,
        (_, Some(pause)) => AfterSend::Again(*pause),
        // It was taken, as far as one can tell, and no tracking id came with it.
        (ErrorKind::Unreadable, None) => AfterSend::ReadBack,
        (_, None) => AfterSend::Doubt,
    }
}

/// Whether a failed device is worth sending again as it is, after so many uploads. `801` is worth it once: a request
/// that the service cannot read twice will not be read a third time.
pub(super) fn worth_again(error: &DeviceError, uploads: u32) -> bool {
    error.remedy() == Remedy::Wait && (error.code() != "801" || uploads < 2)
}

/// What a job says of the devices of a chunk. Those that it does not speak of are pending.
pub(super) fn settled(devices: &[OpenDevice], status: &BatchUploadDetails) -> Vec<Settled> {
    let answers = status.match_to(devices.iter().map(MatchKeys::from));
    devices
        .iter()
        .zip(answers)
        .map(|(device, answer)| {
            let Some(answer) = answer else {
                return Settled {
                    device: device.key,
                    outcome: DeviceOutcome::Pending,
                    error: None,
                    service_id: None,
                    matched_by: None,
                };
            };
            let outcome = answer.device.outcome();
            let error = match &outcome {
                DeviceOutcome::Failed(error) => Some(error.clone()),
                DeviceOutcome::AlreadyRegistered => {
                    answer.device.error().filter(DeviceError::is_already_registered)
                }
                _ => None,
            };
            let service_id = answer.device.device_id().filter(|id| !id.is_empty());
            Settled {
                device: device.key,
                outcome,
                error: error.map(|error| (error.code().to_owned(), error.name().to_owned())),
                service_id: service_id.map(ToOwned::to_owned),
                matched_by: Some(answer.by),
            }
        })
        .collect()
}

/// How many devices of a job have an outcome.
pub(super) fn decided(status: &BatchUploadDetails) -> usize {
    status.devices().iter().filter(|device| device.outcome() != DeviceOutcome::Pending).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use AfterSend::{Again, BatchExists, Doubt, ReadBack, Refused};
    use ErrorKind as Kind;
    use Sent::{Answered, Maybe, No};

    const ONCE: Failed = Failed {
        kind: Kind::Unexpected,
        sent: Answered,
        attempts: 1,
        creates: false,
        in_doubt: false,
        rounds: 0,
    };
    const FIRST: AfterSend = Again(AGAIN_AFTER[0]);

    #[test]
    fn a_first_failure_is_a_refusal_or_a_doubt() {
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
            // The last attempt was refused, and an earlier one got no answer.
            (Kind::Connect, Maybe, FIRST),
            (Kind::Interrupted, No, Refused),
            (Kind::Throttled, Maybe, Doubt),
            (Kind::Unauthorized, Maybe, Doubt),
            (Kind::Forbidden, Maybe, Doubt),
            (Kind::Token, Maybe, Doubt),
            (Kind::Input, Maybe, Doubt),
        ] {
            assert_eq!(after_send(Failed { kind, sent, ..ONCE }), after, "{kind:?} {sent:?}");
        }
    }

    #[test]
    fn in_doubt_a_definite_answer_is_read_back_and_others_are_asked_for_again() {
        let in_doubt = Failed { in_doubt: true, ..ONCE };
        for (kind, sent, after) in [
            (Kind::Conflict, Answered, ReadBack),
            (Kind::NotFound, Answered, ReadBack),
            (Kind::Rejected, Answered, ReadBack),
            (Kind::Unauthorized, Answered, Doubt),
            (Kind::Forbidden, Answered, Doubt),
            (Kind::Throttled, Answered, Doubt),
            (Kind::Token, No, Doubt),
            (Kind::Input, No, Doubt),
            (Kind::Connect, No, FIRST),
            (Kind::Interrupted, Maybe, FIRST),
            (Kind::Service, Answered, FIRST),
            (Kind::Unreadable, Answered, FIRST),
            (Kind::Unexpected, Maybe, FIRST),
        ] {
            // Whether it was to make the batch does not matter any more.
            for creates in [false, true] {
                let failed = Failed { kind, sent, creates, ..in_doubt };
                assert_eq!(after_send(failed), after, "{kind:?} {creates}");
            }
        }
    }

    #[test]
    fn a_conflict_says_that_the_batch_exists_if_nothing_was_sent_before() {
        let conflict = Failed { kind: Kind::Conflict, ..ONCE };
        for (creates, attempts, after) in
            [(true, 1, BatchExists), (false, 1, Refused), (true, 2, ReadBack), (false, 2, ReadBack)]
        {
            assert_eq!(after_send(Failed { creates, attempts, ..conflict }), after);
        }
    }

    #[test]
    fn it_is_sent_again_twice_and_later_each_time() {
        for (kind, last) in [
            (Kind::Interrupted, Doubt),
            (Kind::Service, Doubt),
            (Kind::Connect, Doubt),
            (Kind::Unreadable, ReadBack),
        ] {
            let all: Vec<_> = (0..4)
                .map(|rounds| {
                    after_send(Failed { kind, sent: Maybe, in_doubt: true, rounds, ..ONCE })
                })
                .collect();
            assert_eq!(all, [FIRST, Again(AGAIN_AFTER[1]), last, last]);
        }
    }

    #[test]
    fn what_passes_is_worth_another_upload() {
        for (code, uploads, worth) in [
            ("640", 1, true),
            ("640", 9, true),
            ("801", 1, true),
            ("801", 2, false),
            ("802", 1, false),
            ("808", 1, false),
            ("999", 1, false),
        ] {
            assert_eq!(
                worth_again(&DeviceError::new(code, ""), uploads),
                worth,
                "{code} {uploads}"
            );
        }
    }
}
