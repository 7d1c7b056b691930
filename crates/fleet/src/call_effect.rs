//! The effect of a failed call: whether it may have changed something, and whether further calls would fail too.

use partner_center_devices::{Error, ErrorKind, Sent};

/// Returns whether a failed call may have changed something.
///
/// A 4xx response means that the service refused it. The exception is 409 after an earlier attempt: the conflict may be
/// with the effect of that attempt.
pub(crate) fn may_have_been_done(kind: ErrorKind, sent: Sent, attempts: u32) -> bool {
    match (sent, kind) {
        (Sent::No, _) => false,
        (Sent::Answered, ErrorKind::Conflict) => attempts > 1,
        (
            Sent::Answered,
            ErrorKind::Unauthorized
            | ErrorKind::Forbidden
            | ErrorKind::NotFound
            | ErrorKind::Throttled
            | ErrorKind::Rejected,
        ) => false,
        _ => true,
    }
}

/// Returns whether every other call would fail too, because there is no token or no way to the service.
pub(crate) fn ends_all(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Unauthorized | ErrorKind::Token | ErrorKind::Connect | ErrorKind::Intercepted
    )
}

/// Returns true if a batch or a device does not exist.
pub(crate) fn is_missing(error: &Error) -> bool {
    means_missing(error.kind(), error.code())
}

/// Returns true if an error means that a batch or a device does not exist. If the customer does not exist (60003,
/// <https://learn.microsoft.com/en-us/partner-center/developer/error-codes>), it may be the wrong customer: its batches and devices may
/// still exist.
pub(crate) fn means_missing(kind: ErrorKind, code: Option<&str>) -> bool {
    kind == ErrorKind::NotFound && code != Some("60003")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_definite_refusal_means_that_nothing_changed() {
        for (kind, sent, maybe, all) in [
            (ErrorKind::Connect, Sent::No, false, true),
            (ErrorKind::Connect, Sent::Maybe, true, true),
            (ErrorKind::Token, Sent::No, false, true),
            (ErrorKind::Interrupted, Sent::Maybe, true, false),
            (ErrorKind::Throttled, Sent::Maybe, true, false),
            (ErrorKind::Throttled, Sent::Answered, false, false),
            (ErrorKind::Unauthorized, Sent::Answered, false, true),
            (ErrorKind::Forbidden, Sent::Answered, false, false),
            (ErrorKind::NotFound, Sent::Answered, false, false),
            (ErrorKind::Conflict, Sent::Answered, false, false),
            (ErrorKind::Rejected, Sent::Answered, false, false),
            (ErrorKind::Service, Sent::Answered, true, false),
            (ErrorKind::Unreadable, Sent::Answered, true, false),
            (ErrorKind::Unexpected, Sent::Answered, true, false),
            (ErrorKind::Intercepted, Sent::Maybe, true, true),
        ] {
            assert_eq!(may_have_been_done(kind, sent, 1), maybe, "{kind:?} {sent:?}");
            assert_eq!(ends_all(kind), all, "{kind:?}");
            let again = maybe || (kind, sent) == (ErrorKind::Conflict, Sent::Answered);
            assert_eq!(may_have_been_done(kind, sent, 2), again, "{kind:?} {sent:?}, again");
        }
    }
}
