//! The audit log as the list of what changed: only customers with records about devices are read again.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::StreamExt as _;
use partner_center_devices::{AuditQuery, AuditResourceType, Client, UtcDay};

use super::changes::ChangedCustomer;
use super::customers::lowercase_id;
use super::database::Index;
use super::sync_error::SyncError;
use crate::timestamp::Timestamp;

/// How long the record of a change may take to appear in the log. Microsoft documents no time. So the log is always
/// read from this long before the last time on.
const LAG: Duration = Duration::from_secs(24 * 60 * 60);

/// The last time that the audit log was read into an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LastLook {
    /// Never: the index does not know the earlier devices.
    Never,
    /// More than 89 days ago. The log does not go back that far.
    TooOld(Timestamp),
    /// At this time.
    At(Timestamp),
}

/// The changes that the audit log has.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuditChanges {
    /// The first day that was read.
    pub from: UtcDay,
    /// The number of records about devices.
    pub records: u64,
    /// The customers of these records.
    pub customers: usize,
}

impl LastLook {
    /// Returns the last time that the log was read into an index.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn of(index: &Index, now: Timestamp) -> Result<Self, super::IndexError> {
        Ok(last_look(index.audit_read()?, now))
    }
}

fn last_look(read: Option<Timestamp>, now: Timestamp) -> LastLook {
    match read {
        None => LastLook::Never,
        Some(read) if UtcDay::of(read.time()) < oldest(now) => LastLook::TooOld(read),
        Some(read) => LastLook::At(read),
    }
}

fn oldest(now: Timestamp) -> UtcDay {
    UtcDay::of(now.time()).days_before(AuditQuery::MAX_AGE_DAYS)
}

/// Returns the first day to read if the log was last read at a time.
fn first_day(last_look: Timestamp, now: Timestamp) -> UtcDay {
    let from = last_look.time().checked_sub(LAG).unwrap_or(last_look.time());
    // A clock that was set back must not skip days.
    UtcDay::of(from.min(now.time())).max(oldest(now))
}

impl Index {
    /// Reads the audit log from the last time on, and records which customers are due.
    ///
    /// # Errors
    /// If a call fails, or if the index cannot be written. Then nothing is recorded.
    pub async fn read_audit_log(
        &mut self,
        client: &Client,
        last_look: Timestamp,
    ) -> Result<AuditChanges, SyncError> {
        let now = Timestamp::now();
        let today = UtcDay::of(now.time());
        let from = first_day(last_look, now);
        let query = AuditQuery::new()
            .days(from, today)
            .today(today)
            .resource_type(AuditResourceType::Device);
        let mut log = client.audit_records(query);
        let mut changed: BTreeMap<String, ChangedCustomer> = BTreeMap::new();
        let mut records = 0;
        while let Some(record) = log.next().await {
            let record = record?;
            records += 1;
            let Some(id) = record.customer_id() else { continue };
            let at = record.date().map_or(now, Timestamp::from);
            let name = record.customer_name().map(ToOwned::to_owned);
            let one = changed
                .entry(lowercase_id(&id))
                .or_insert_with(|| ChangedCustomer::new(id, None, at));
            one.changed = one.changed.max(at);
            one.name = one.name.take().or(name);
        }
        let changed: Vec<_> = changed.into_values().collect();
        self.record_changes(&changed, now)?;
        Ok(AuditChanges { from, records, customers: changed.len() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        std::time::SystemTime::from(text.parse::<jiff::Timestamp>().unwrap()).into()
    }

    #[test]
    fn the_log_is_read_from_a_day_before_the_last_time() {
        let now = at("2026-11-27T12:00:00Z");
        for (last, is_in_log, first) in [
            ("2026-11-27T11:00:00Z", true, "2026-11-26"),
            ("2026-11-01T00:00:00Z", true, "2026-10-31"),
            ("2026-08-31T23:00:00Z", true, "2026-08-30"),
            ("2026-08-30T00:00:00Z", true, "2026-08-30"), // as far back as possible
            ("2026-08-29T23:59:59Z", false, "2026-08-30"),
            ("2026-12-24T00:00:00Z", true, "2026-11-27"), // the clock was wrong
        ] {
            let last = at(last);
            let expected = if is_in_log { LastLook::At(last) } else { LastLook::TooOld(last) };
            assert_eq!(last_look(Some(last), now), expected);
            assert_eq!(first_day(last, now).to_string(), first, "{last}");
        }
        assert_eq!(last_look(None, now), LastLook::Never);
    }
}
