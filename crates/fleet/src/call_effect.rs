//! What the failure of a call means for what it asked for, and for the calls after it. Pure functions.

use partner_center_devices::{ErrorKind, Sent};

/// Whether a change that failed may have been made. An answer of 4xx refused it; but for 409 once an earlier attempt
/// went out, because that may be what it is in conflict with.
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

/// Whether the failure is not about what was asked for: no token, or no way to the service. The next call would
/// fail as this one did, after as many attempts.
pub(crate) fn ends_all(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::Unauthorized | ErrorKind::Token | ErrorKind::Connect)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_refusal_says_that_nothing_was_done() {
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
        ] {
            assert_eq!(may_have_been_done(kind, sent, 1), maybe, "{kind:?} {sent:?}");
            assert_eq!(ends_all(kind), all, "{kind:?}");
            let again = maybe || (kind, sent) == (ErrorKind::Conflict, Sent::Answered);
            assert_eq!(may_have_been_done(kind, sent, 2), again, "{kind:?} {sent:?}, again");
        }
    }
}
