//! The proof of a row's outcome: a pure function of the evidence, with a table test.

/// The proof of the outcome of a row that was sent.
///
/// The first two come from the service's own response. The others matter only if a response was lost, or if a job did not
/// report all devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Proof {
    /// The job reported the device.
    JobResult,
    /// The service accepted the request, but neither its job nor the batch shows the device. The outcome is unknown.
    Accepted,
    /// A list of the batch has the device.
    ReadBack,
    /// A list of the batch has the device, and the audit log has a record with the correlation id of its request.
    ReadBackAndAuditRecord,
    /// Only the audit log has a record with the correlation id of the request: the request probably arrived. No document says
    /// that both ids are the same, so this is a hint, and the outcome is unknown.
    AuditRecordOnly,
    /// Nothing shows whether the request arrived. The outcome is unknown.
    NotProven,
}

/// The evidence about a row that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Evidence {
    /// The device has an outcome.
    pub(crate) has_outcome: bool,
    /// The outcome is from a list of the batch, not from a job.
    pub(crate) was_read: bool,
    /// The service accepted the request.
    pub(crate) was_accepted: bool,
    /// The audit log has a record of the request.
    pub(crate) has_audit_record: bool,
}

impl Proof {
    /// Returns the proof. An audit record never proves an outcome.
    pub(crate) fn of(evidence: Evidence) -> Self {
        let Evidence { has_outcome, was_read, was_accepted, has_audit_record } = evidence;
        match (has_outcome, was_read) {
            (true, false) => Self::JobResult,
            (true, true) if has_audit_record => Self::ReadBackAndAuditRecord,
            (true, true) => Self::ReadBack,
            (false, _) if was_accepted => Self::Accepted,
            (false, _) if has_audit_record => Self::AuditRecordOnly,
            (false, _) => Self::NotProven,
        }
    }

    /// Returns the stable name: `jobResult`, `accepted`, `readBack`, `readBackAndAuditRecord`, `auditRecordOnly` or
    /// `notProven`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::JobResult => "jobResult",
            Self::Accepted => "accepted",
            Self::ReadBack => "readBack",
            Self::ReadBackAndAuditRecord => "readBackAndAuditRecord",
            Self::AuditRecordOnly => "auditRecordOnly",
            Self::NotProven => "notProven",
        }
    }

    /// Returns the proof in a few words, for a table.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::JobResult => "job result",
            Self::Accepted => "accepted",
            Self::ReadBack => "in the batch",
            Self::ReadBackAndAuditRecord => "in the batch, audit record",
            Self::AuditRecordOnly => "audit record only",
            Self::NotProven => "not proven",
        }
    }

    /// Returns an explanation in plain words.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::JobResult => "the job reported the device",
            Self::Accepted => {
                "the service accepted the request, but neither its job nor the batch shows the device"
            }
            Self::ReadBack => "no job reported the device, and a list of the batch has it",
            Self::ReadBackAndAuditRecord => {
                "no job reported the device, a list of the batch has it, and the audit log has a record of its request"
            }
            Self::AuditRecordOnly => {
                "the audit log has a record of the request, so it probably arrived; this proves no outcome"
            }
            Self::NotProven => "nothing shows whether the request arrived",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audit_record_proves_no_outcome() {
        use Proof::{
            Accepted, AuditRecordOnly, JobResult, NotProven, ReadBack, ReadBackAndAuditRecord,
        };
        // Outcome, read, accepted, audit record.
        for (has_outcome, was_read, was_accepted, has_audit_record, expected) in [
            (true, false, true, false, JobResult),
            (true, false, true, true, JobResult),
            (true, false, false, false, JobResult),
            (true, true, false, false, ReadBack),
            (true, true, true, false, ReadBack),
            (true, true, false, true, ReadBackAndAuditRecord),
            (true, true, true, true, ReadBackAndAuditRecord),
            (false, false, true, false, Accepted),
            (false, false, true, true, Accepted),
            (false, false, false, true, AuditRecordOnly),
            (false, false, false, false, NotProven),
            (false, true, false, false, NotProven),
        ] {
            let evidence = Evidence { has_outcome, was_read, was_accepted, has_audit_record };
            assert_eq!(Proof::of(evidence), expected, "{evidence:?}");
        }
    }
}
