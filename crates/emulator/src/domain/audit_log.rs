//! The audit log: a record of each accepted change of devices and policies.
//!
//! No two records have the same time, so a time identifies a record. A record keeps no content of the change.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::clock::Moment;
use super::ids::Guid;
use super::keys::CustomerKey;

/// The number of records that are kept. The oldest one is dropped first.
const CAPACITY: usize = 500_000;

/// The age at which a record is dropped. A query reaches back 90 days.
const MAX_AGE: Duration = Duration::from_secs(92 * 24 * 3600);

/// Records of the same moment have times that are a few ticks apart. A record counts as visible this long before its time.
const TOLERANCE: Duration = Duration::from_millis(1);

/// The maximum length of a correlation id, in bytes. A longer one is shortened.
const MAX_CORRELATION_ID: usize = 200;

/// An operation that is recorded. The names are those of `OperationType` in the archived .NET SDK; which request causes which
/// record is an inference from these names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(crate) enum AuditedOperation {
    PolicyCreated,
    PolicyUpdated,
    PolicyDeleted,
    DeviceUpdated,
    DevicesUpdateAttempted,
    DeviceDeleted,
    DevicesUploadToNewBatchAttempted,
    DevicesUploadToExistingBatchAttempted,
}

impl AuditedOperation {
    /// Returns the `operationType` in responses.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::PolicyCreated => "policy_created",
            Self::PolicyUpdated => "policy_updated",
            Self::PolicyDeleted => "policy_deleted",
            Self::DeviceUpdated => "device_updated",
            Self::DevicesUpdateAttempted => "devices_update_attempted",
            Self::DeviceDeleted => "device_deleted",
            Self::DevicesUploadToNewBatchAttempted => "devices_upload_to_new_batch_attempted",
            Self::DevicesUploadToExistingBatchAttempted => {
                "devices_upload_to_existing_batch_attempted"
            }
        }
    }

    /// Returns the `resourceType` in responses.
    pub(crate) fn resource_type(self) -> &'static str {
        match self {
            Self::PolicyCreated | Self::PolicyUpdated | Self::PolicyDeleted => "policy",
            _ => "device",
        }
    }
}

/// The caller of a recorded operation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Actor {
    /// The tenant of the partner.
    #[serde(with = "as_number")]
    pub(crate) tenant: Uuid,
    /// `None` for an app, or if the token does not name the user.
    pub(crate) user: Option<Box<str>>,
    /// The id of the app, if the token names it.
    pub(crate) app: Option<Box<str>>,
}

/// An id as a number: the crate of ids supports serde only with a feature.
mod as_number {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};
    use uuid::Uuid;

    pub(super) fn serialize<S: Serializer>(id: &Uuid, to: S) -> Result<S::Ok, S::Error> {
        id.as_u128().serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Uuid, D::Error> {
        Ok(Uuid::from_u128(u128::deserialize(from)?))
    }
}

/// The request that caused a record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AuditOrigin {
    pub(crate) actor: Actor,
    pub(crate) correlation_id: Box<str>,
}

/// A record of one change.
#[derive(Debug)]
pub(crate) struct AuditRecord {
    pub(crate) at: Moment,
    pub(crate) operation: AuditedOperation,
    pub(crate) customer: CustomerKey,
    /// The device or the policy, if the request names one.
    pub(crate) resource: Option<Guid>,
    pub(crate) correlation_id: Box<str>,
    pub(crate) actor: Arc<Actor>,
}

/// The records, oldest first.
#[derive(Default)]
pub(crate) struct AuditLog {
    records: VecDeque<AuditRecord>,
    /// The time until a record is visible to queries.
    pub(crate) delay: Duration,
}

impl AuditLog {
    /// Adds a record. If another record has the same time, the new one gets the next free time.
    pub(crate) fn add(
        &mut self,
        at: Moment,
        operation: AuditedOperation,
        customer: CustomerKey,
        resource: Option<Guid>,
        origin: AuditOrigin,
    ) {
        let AuditOrigin { actor, correlation_id } = origin;
        // Most records have the caller of the record before.
        let actor = match self.records.back() {
            Some(last) if *last.actor == actor => last.actor.clone(),
            _ => Arc::new(actor),
        };
        let mut place = self.records.partition_point(|record| record.at < at);
        let mut at = at;
        while self.records.get(place).is_some_and(|record| record.at == at) {
            at = at.next();
            place += 1;
        }
        let correlation_id = cut(correlation_id);
        let record = AuditRecord { at, operation, customer, resource, correlation_id, actor };
        self.records.insert(place, record);
        if self.records.len() > CAPACITY {
            self.records.pop_front();
        }
    }

    /// Drops the records that queries can no longer reach.
    pub(crate) fn drop_old(&mut self, now: Moment) {
        let limit = now.earlier(MAX_AGE);
        while self.records.front().is_some_and(|oldest| oldest.at < limit) {
            self.records.pop_front();
        }
    }

    /// Returns the records from `from` on and before `until` that are visible at `now`, newest first.
    pub(crate) fn visible(
        &self,
        from: Moment,
        until: Moment,
        now: Moment,
    ) -> impl Iterator<Item = &AuditRecord> {
        let until = until.min(self.visible_until(now).next());
        let first = self.records.partition_point(|record| record.at < from);
        let end = self.records.partition_point(|record| record.at < until);
        self.records.range(first..end.max(first)).rev()
    }

    /// Returns true if queries at `now` can show a record of this time.
    pub(crate) fn is_visible(&self, at: Moment, now: Moment) -> bool {
        at <= self.visible_until(now)
    }

    /// Returns true if the newest record is not visible yet.
    pub(crate) fn last_is_hidden(&self, now: Moment) -> bool {
        self.records.back().is_some_and(|record| !self.is_visible(record.at, now))
    }

    fn visible_until(&self, now: Moment) -> Moment {
        now.earlier(self.delay).later(TOLERANCE)
    }

    /// Returns all records, oldest first.
    pub(crate) fn records(
        &self,
    ) -> impl DoubleEndedIterator<Item = &AuditRecord> + ExactSizeIterator {
        self.records.iter()
    }
}

fn cut(text: Box<str>) -> Box<str> {
    if text.len() <= MAX_CORRELATION_ID {
        text
    } else {
        text[..text.floor_char_boundary(MAX_CORRELATION_ID)].into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::world::World;

    fn at(seconds: u64) -> Moment {
        Duration::from_secs(seconds).into()
    }

    fn log(times: &[u64]) -> AuditLog {
        let customer = World::default().customer("c");
        let mut log = AuditLog::default();
        for (number, seconds) in times.iter().enumerate() {
            let origin =
                AuditOrigin { correlation_id: number.to_string().into(), ..AuditOrigin::default() };
            log.add(at(*seconds), AuditedOperation::DeviceUpdated, customer, None, origin);
        }
        log
    }

    fn ids<'a>(records: impl Iterator<Item = &'a AuditRecord>) -> String {
        records.map(|record| &*record.correlation_id).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn records_have_different_times_and_are_sorted() {
        let log = log(&[5, 5, 9, 5, 1]);
        assert_eq!(ids(log.records()), "4 0 1 3 2");
        let times: Vec<Moment> = log.records().map(|record| record.at).collect();
        assert!(times.is_sorted_by(|a, b| a < b), "{times:?}");
        assert_eq!(times[1..4], [at(5), at(5).next(), at(5).next().next()]);
        assert!(times[1..4].iter().all(|time| log.is_visible(*time, at(5))));
    }

    #[test]
    fn a_query_returns_the_visible_records_newest_first() {
        let mut log = log(&[1, 2, 3, 4]);
        let ids = |log: &AuditLog, from, until, now| ids(log.visible(at(from), at(until), at(now)));
        assert_eq!(ids(&log, 0, 9, 9), "3 2 1 0");
        assert_eq!(ids(&log, 2, 4, 9), "2 1");
        assert_eq!(ids(&log, 4, 2, 9), "");
        assert_eq!(ids(&log, 0, 9, 2), "1 0");
        log.delay = Duration::from_secs(3);
        assert_eq!(ids(&log, 0, 9, 3), "");
        assert_eq!(ids(&log, 0, 9, 4), "0");
        assert_eq!(ids(&log, 0, 9, 7), "3 2 1 0");
        assert!(log.is_visible(at(4), at(7)) && !log.is_visible(at(4), at(6)));
    }

    #[test]
    fn old_records_are_dropped() {
        let mut log = log(&[1, 2, 3]);
        log.drop_old(at(2 + 92 * 24 * 3600));
        assert_eq!(ids(log.records()), "1 2");
    }

    #[test]
    fn long_correlation_ids_are_shortened() {
        assert_eq!(cut("é".repeat(150).into()).len(), 200);
        assert_eq!(&*cut("id".into()), "id");
    }
}
