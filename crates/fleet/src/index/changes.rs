//! The work that is left: customers whose devices changed, and the sweep over all customers. Both survive a killed process.
//!
//! A customer is due since a time. It is read again when the list of its batches and the lists of all their devices have started
//! at this time or later.

use std::time::Duration;

use partner_center_devices::CustomerId;
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::customers::{customer_id, customer_key};
use super::database::Index;
use super::error::IndexError;
use crate::timestamp::Timestamp;

/// How long the effect of a change may be missing in the lists: the audit log has the start of a job, not its end. A customer
/// that was read earlier after a change is read once more.
const SETTLES_WITHIN: Duration = Duration::from_secs(60 * 60);

/// The age at which a sweep that is not complete is started again: the audit log must reach back to its start.
const MAX_SWEEP_AGE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The age at which the read of a customer that the user wants does not resume, but starts again.
const MAX_RESUME_AGE: Duration = Duration::from_secs(60 * 60);

/// The numbers of the kinds of rows in `progress`, next to those of lists. They never change: files contain them.
const SWEEP: i64 = 4;
const DUE: i64 = 5;
/// A customer that the user wants to read now.
const WANTED: i64 = 6;

/// A customer whose devices changed, according to the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChangedCustomer {
    /// The customer.
    pub id: CustomerId,
    /// The company name, if the log has it.
    pub name: Option<String>,
    /// The last change.
    pub changed: Timestamp,
}

/// A customer that must be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DueCustomer {
    /// The customer.
    pub id: CustomerId,
    /// Lists that started before this time are read again.
    pub since: Timestamp,
}

/// The number of calls to read customers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReadingCost {
    /// The calls: one for the batches of a customer, and one for each 100 devices of a batch, at least one.
    pub calls: u64,
    /// The customers whose number of batches is not known. For each of them the calls include the average of the others.
    pub unknown: u64,
    /// True if the batches of no customer are known, so that only the calls for the batches are counted.
    pub is_minimum: bool,
}

impl ChangedCustomer {
    /// Creates a customer that changed at a time.
    #[must_use]
    pub fn new(id: CustomerId, name: Option<String>, changed: Timestamp) -> Self {
        Self { id, name, changed }
    }
}

impl DueCustomer {
    /// Creates a customer that is due since a time.
    #[must_use]
    pub fn new(id: CustomerId, since: Timestamp) -> Self {
        Self { id, since }
    }
}

impl Index {
    /// Records the result of reading the audit log: the customers that must be read again, and the time up to which the log has been read.
    /// A customer that was read late enough after its change is left out.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub fn record_changes(
        &mut self,
        changes: &[ChangedCustomer],
        until: Timestamp,
    ) -> Result<(), IndexError> {
        self.write(|transaction| {
            for ChangedCustomer { id, name, changed } in changes {
                let customer = customer_key(transaction, id)?;
                let name = name.as_deref().filter(|name| !name.trim().is_empty());
                transaction.execute(
                    "UPDATE customer SET name = ?2, folded_name = ?3 WHERE id = ?1 AND name IS NULL",
                    params![customer, name, name.map(super::customers::folded)],
                )?;
                if is_due(*changed, read_since(transaction, customer)?) {
                    put_due(transaction, customer, *changed, until)?;
                }
            }
            transaction.execute("UPDATE about SET audit_read = ?1", [until.0]).map(drop)
        })
    }

    /// Records that the user wants to read customers now. A read that started within the last hour and is not complete resumes: the
    /// customer is due since its start, so that its lists since then count.
    ///
    /// This does not make customers [due](Self::due_customers) for the next sync: the id may be wrong.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub fn begin_read(
        &mut self,
        customers: &[CustomerId],
        now: Timestamp,
    ) -> Result<Vec<DueCustomer>, IndexError> {
        let oldest = now.time().checked_sub(MAX_RESUME_AGE).map_or(now, Timestamp::from);
        self.write(|transaction| {
            let expired = "DELETE FROM progress WHERE task = ?1 AND started NOT BETWEEN ?2 AND ?3";
            transaction.execute(expired, params![WANTED, oldest.0, now.0])?;
            let mut due = Vec::with_capacity(customers.len());
            for id in customers {
                let customer = customer_key(transaction, id)?;
                let since = put_since(transaction, WANTED, customer, oldest, now)?;
                due.push(DueCustomer::new(id.clone(), since));
            }
            Ok(due)
        })
    }

    /// Forgets the [read of a customer](Self::begin_read) that failed: the next one starts again. The lists that were read stay.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub fn forget_read(&mut self, customer: &CustomerId) -> Result<(), IndexError> {
        self.write(|transaction| {
            transaction
                .execute(
                    "DELETE FROM progress WHERE task = ?1
                     AND subject = (SELECT id FROM customer WHERE tenant = ?2)",
                    params![WANTED, customer.as_str()],
                )
                .map(drop)
        })
    }

    /// Returns the customers that are due, those that are due for longer first. Customers that are gone are not among them, nor those
    /// that ended their relationship with the partner (`none`): the service refuses access to their devices.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn due_customers(&self) -> Result<Vec<DueCustomer>, IndexError> {
        self.read(|database| {
            let mut query = database.prepare(
                "SELECT tenant, started FROM progress JOIN customer ON customer.id = subject
                 WHERE task = ?1 AND gone IS NULL AND relationship IS NOT 'none' ORDER BY started, subject",
            )?;
            let due = query.query_map([DUE], |row| {
                Ok(DueCustomer::new(customer_id(row, 0)?, Timestamp(row.get(1)?)))
            })?;
            due.collect()
        })
    }

    /// Records that a customer was read, unless it has become due again in the meantime.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub fn finish_due(&mut self, customer: &DueCustomer) -> Result<(), IndexError> {
        self.write(|transaction| {
            let subject = "SELECT id FROM customer WHERE tenant = ?2";
            let delete = format!(
                "DELETE FROM progress WHERE task IN (?1, ?4) AND subject = ({subject}) AND started <= ?3"
            );
            transaction
                .execute(&delete, params![DUE, customer.id.as_str(), customer.since.0, WANTED])
                .map(drop)
        })
    }

    /// Returns the start of a sweep over all customers that is not complete.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn sweep_started(&self) -> Result<Option<Timestamp>, IndexError> {
        self.read(sweep_started)
    }

    /// Starts a sweep over all customers, or continues the one that is not complete, if it is not older than 30 days. Returns its
    /// start.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub fn begin_sweep(&mut self, now: Timestamp) -> Result<Timestamp, IndexError> {
        self.write(|transaction| match sweep_started(transaction)? {
            Some(started) if is_recent(started, now) => Ok(started),
            _ => put_progress(transaction, SWEEP, 0, now).map(|()| now),
        })
    }

    /// Forgets the sweep that is not complete. The lists that it has read stay.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub fn forget_sweep(&mut self) -> Result<(), IndexError> {
        self.write(remove_sweep)
    }

    /// Records that a sweep is complete, except for these customers, which are due from now on. Everything that changed after its
    /// start is in the audit log.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub fn finish_sweep(&mut self, failed: &[CustomerId]) -> Result<(), IndexError> {
        self.write(|transaction| {
            let Some(started) = sweep_started(transaction)? else { return Ok(()) };
            for id in failed {
                let customer = customer_key(transaction, id)?;
                put_due(transaction, customer, started, started)?;
            }
            transaction.execute(
                "UPDATE about SET audit_read = max(coalesce(audit_read, 0), ?1)",
                [started.0],
            )?;
            remove_sweep(transaction)
        })
    }

    /// Returns the customers that a sweep has not read yet. A customer that ended its relationship with the partner (`none`) is not
    /// among them: the service refuses access to its devices.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn customers_to_sweep(&self, started: Timestamp) -> Result<Vec<DueCustomer>, IndexError> {
        self.read(|database| {
            let mut query = database.prepare(
                "SELECT tenant FROM customer WHERE gone IS NULL AND seen IS NOT NULL AND relationship IS NOT 'none'
                 AND (coalesce(listed, 0) < ?1 OR EXISTS (
                     SELECT 1 FROM batch WHERE customer = customer.id AND batch.gone IS NULL AND coalesce(batch.listed, 0) < ?1))
                 ORDER BY id",
            )?;
            let due =
                query.query_map([started.0], |row| Ok(DueCustomer::new(customer_id(row, 0)?, started)))?;
            due.collect()
        })
    }

    /// Counts the calls to read customers, from their known batches.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn reading_cost(&self, due: &[DueCustomer]) -> Result<ReadingCost, IndexError> {
        self.read(|database| {
            let mut of_customer = database.prepare(&format!(
                "SELECT listed, (SELECT {PAGES} FROM batch
                     WHERE customer = customer.id AND gone IS NULL AND coalesce(listed, 0) < ?2)
                 FROM customer WHERE tenant = ?1"
            ))?;
            let mut cost = ReadingCost::default();
            for DueCustomer { id, since } in due {
                let known: Option<(Option<i64>, Option<i64>)> = of_customer
                    .query_row(params![id.as_str(), since.0], |row| Ok((row.get(0)?, row.get(1)?)))
                    .optional()?;
                let (listed, pages) = known.unwrap_or_default();
                cost.unknown += u64::from(listed.is_none());
                cost.calls += u64::from(listed.is_none_or(|listed| listed < since.0));
                cost.calls += pages.unwrap_or_default().unsigned_abs();
            }
            match average_pages(database)? {
                Some((pages, customers)) => cost.calls += cost.unknown * pages / customers,
                None => cost.is_minimum = cost.unknown > 0,
            }
            Ok(cost)
        })
    }
}

/// The number of pages of the devices of batches.
const PAGES: &str = "sum(max(1, (coalesce(devices, 0) + 99) / 100))";

/// Returns the number of pages of all customers whose batches are known, and the number of these customers, if there are any.
fn average_pages(database: &Connection) -> Result<Option<(u64, u64)>, rusqlite::Error> {
    let customers = "SELECT count(*) FROM customer WHERE listed IS NOT NULL";
    let customers: i64 = database.query_row(customers, [], |row| row.get(0))?;
    let pages = format!(
        "SELECT {PAGES} FROM batch JOIN customer ON customer.id = customer
         WHERE batch.gone IS NULL AND customer.listed IS NOT NULL"
    );
    let pages: Option<i64> = database.query_row(&pages, [], |row| row.get(0))?;
    Ok((customers > 0)
        .then(|| (pages.unwrap_or_default().unsigned_abs(), customers.unsigned_abs())))
}

/// Returns true if a customer must be read again: it changed at a time, and was last read at another.
fn is_due(changed: Timestamp, read: Option<Timestamp>) -> bool {
    let settled = changed.time().checked_add(SETTLES_WITHIN).map(Timestamp::from);
    read.is_none_or(|read| settled.is_none_or(|settled| read < settled))
}

fn is_recent(sweep: Timestamp, now: Timestamp) -> bool {
    now.time().duration_since(sweep.time()).is_ok_and(|age| age < MAX_SWEEP_AGE)
}

/// Returns the start of the oldest list of a customer and its batches. `None` if not all of them were read.
fn read_since(
    transaction: &Transaction<'_>,
    customer: i64,
) -> Result<Option<Timestamp>, rusqlite::Error> {
    let (listed, batches, unlisted): (Option<i64>, Option<i64>, i64) = transaction.query_row(
        "SELECT (SELECT listed FROM customer WHERE id = ?1), min(listed), count(*) - count(listed)
         FROM batch WHERE customer = ?1 AND gone IS NULL",
        [customer],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let read = listed.filter(|_| unlisted == 0);
    Ok(read.map(|listed| Timestamp(batches.map_or(listed, |batches| batches.min(listed)))))
}

/// Makes a customer due, and returns since when. One that is due since after the change stays due since then, so that its lists
/// since then count.
fn put_due(
    transaction: &Transaction<'_>,
    customer: i64,
    changed: Timestamp,
    now: Timestamp,
) -> Result<Timestamp, rusqlite::Error> {
    put_since(transaction, DUE, customer, changed, now)
}

/// Keeps the time of a row if it is not before the oldest one, or else sets it to now. Returns the time.
fn put_since(
    transaction: &Transaction<'_>,
    task: i64,
    customer: i64,
    oldest: Timestamp,
    now: Timestamp,
) -> Result<Timestamp, rusqlite::Error> {
    let since = "SELECT started FROM progress WHERE task = ?1 AND subject = ?2";
    let since: Option<i64> =
        transaction.query_row(since, [task, customer], |row| row.get(0)).optional()?;
    match since {
        Some(since) if oldest.0 <= since => Ok(Timestamp(since)),
        _ => put_progress(transaction, task, customer, now).map(|()| now),
    }
}

fn put_progress(
    transaction: &Transaction<'_>,
    task: i64,
    subject: i64,
    started: Timestamp,
) -> Result<(), rusqlite::Error> {
    transaction
        .execute(
            "INSERT INTO progress (task, subject, position, started, done) VALUES (?1, ?2, '', ?3, 0)
             ON CONFLICT (task, subject) DO UPDATE SET started = ?3",
            [task, subject, started.0],
        )
        .map(drop)
}

fn sweep_started(database: &Connection) -> Result<Option<Timestamp>, rusqlite::Error> {
    let query = "SELECT started FROM progress WHERE task = ?1";
    let started: Option<i64> = database.query_row(query, [SWEEP], |row| row.get(0)).optional()?;
    Ok(started.map(Timestamp))
}

fn remove_sweep(transaction: &Transaction<'_>) -> Result<(), rusqlite::Error> {
    transaction.execute("DELETE FROM progress WHERE task = ?1", [SWEEP]).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_is_due_until_its_change_has_settled() {
        let hour = i64::try_from(SETTLES_WITHIN.as_millis()).unwrap();
        let change = 1_700_000_000_000;
        for (read, expected) in [
            (None, true),
            (Some(change - 1), true),
            (Some(change + 1), true),
            (Some(change + hour - 1), true),
            (Some(change + hour), false),
        ] {
            assert_eq!(is_due(Timestamp(change), read.map(Timestamp)), expected, "{read:?}");
        }
    }
}
