//! Lists that are read page by page: the progress of an unfinished list, and the commit of a page.

use partner_center_devices::{BatchId, CustomerId};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::batches::{BatchRecord, known_batch_key, put_batch, put_batches};
use super::customers::{CustomerRecord, customer_key, known_customer_key, put_customers};
use super::database::Index;
use super::devices::{DeviceRecord, Policies, put_devices};
use super::error::IndexError;
use crate::timestamp::Timestamp;

/// A list of the service that is read page by page.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SyncTask {
    /// All customers of the partner.
    Customers,
    /// All batches of a customer.
    Batches(CustomerId),
    /// All devices of a batch.
    Devices(CustomerId, BatchId),
}

/// The progress of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SyncProgress {
    /// The list.
    pub task: SyncTask,
    /// When the first page was requested.
    pub started: Timestamp,
    /// The number of items on all pages so far.
    pub done: u64,
    /// The position of the next page; `None` before the first one. It is opaque to the index.
    pub position: Option<String>,
}

impl SyncProgress {
    /// Returns true if pages of an earlier run are committed.
    #[must_use]
    pub fn is_resumed(&self) -> bool {
        self.position.is_some()
    }
}

/// The result of committing a page.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Commit {
    /// The page is committed, and more pages follow.
    Page(SyncProgress),
    /// The last page is committed.
    Complete,
    /// Another process has committed pages of this list in the meantime. Nothing was written; call
    /// [`Index::progress`] for the position to continue from.
    Overtaken,
}

impl Index {
    /// Returns the progress of a list: that of an earlier run if it was not completed, otherwise a new one.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn progress(&self, task: &SyncTask, now: Timestamp) -> Result<SyncProgress, IndexError> {
        let recorded = self.read(|database| match subject(database, task)? {
            Some(subject) => recorded(database, task, subject),
            None => Ok(None),
        })?;
        Ok(recorded.unwrap_or(SyncProgress {
            task: task.clone(),
            started: now,
            done: 0,
            position: None,
        }))
    }

    /// Forgets the progress of a list, for example because the service no longer accepts the position. The rows stay.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub fn forget_progress(&mut self, task: &SyncTask) -> Result<(), IndexError> {
        self.write(|transaction| match subject(transaction, task)? {
            Some(subject) => remove(transaction, task, subject),
            None => Ok(()),
        })
    }

    /// Commits a page of the customers, and the position of the next page. `None` ends the list.
    ///
    /// # Errors
    /// If the index cannot be written.
    ///
    /// # Panics
    /// If the progress belongs to another kind of list.
    pub fn commit_customers(
        &mut self,
        progress: &SyncProgress,
        page: &[CustomerRecord],
        next: Option<&str>,
        now: Timestamp,
    ) -> Result<Commit, IndexError> {
        assert_eq!(progress.task, SyncTask::Customers, "the progress belongs to another list");
        self.commit(progress, page.len(), next, now, |transaction, _, seen| {
            put_customers(transaction, page, seen)
        })
    }

    /// Commits a page of the batches of a customer, and the position of the next page. `None` ends the list.
    ///
    /// # Errors
    /// If the index cannot be written.
    ///
    /// # Panics
    /// If the progress belongs to another kind of list.
    pub fn commit_batches(
        &mut self,
        progress: &SyncProgress,
        page: &[BatchRecord],
        next: Option<&str>,
        now: Timestamp,
    ) -> Result<Commit, IndexError> {
        assert!(
            matches!(progress.task, SyncTask::Batches(_)),
            "the progress belongs to another list"
        );
        self.commit(progress, page.len(), next, now, |transaction, customer, seen| {
            put_batches(transaction, customer, page, seen)
        })
    }

    /// Commits a page of the devices of a batch, and the position of the next page. `None` ends the list.
    ///
    /// # Errors
    /// If the index cannot be written.
    ///
    /// # Panics
    /// If the progress belongs to another kind of list.
    pub fn commit_devices(
        &mut self,
        progress: &SyncProgress,
        page: &[DeviceRecord],
        next: Option<&str>,
        now: Timestamp,
    ) -> Result<Commit, IndexError> {
        assert!(
            matches!(progress.task, SyncTask::Devices(..)),
            "the progress belongs to another list"
        );
        self.commit(progress, page.len(), next, now, |transaction, batch, seen| {
            put_devices(transaction, batch, page, Policies::Listed, seen)
        })
    }

    fn commit(
        &mut self,
        progress: &SyncProgress,
        items: usize,
        next: Option<&str>,
        now: Timestamp,
        put: impl FnOnce(&Transaction<'_>, i64, Timestamp) -> Result<(), rusqlite::Error>,
    ) -> Result<Commit, IndexError> {
        let SyncProgress { task, started, done, .. } = progress;
        self.write(|transaction| {
            let subject = add_subject(transaction, task, now)?;
            let recorded = recorded(transaction, task, subject)?;
            let is_first = progress.position.is_none();
            if recorded.as_ref().is_some_and(|recorded| recorded != progress)
                || recorded.is_none() && !is_first
            {
                return Ok(Commit::Overtaken);
            }
            // If the clock was set back, rows of this list must still be newer than its start.
            put(transaction, subject, now.max(*started))?;
            let done = done + items as u64;
            match next {
                Some(position) => {
                    let progress = SyncProgress {
                        done,
                        position: Some(position.to_owned()),
                        ..progress.clone()
                    };
                    record(transaction, subject, &progress)?;
                    Ok(Commit::Page(progress))
                }
                None => {
                    complete(transaction, task, subject, *started, now)?;
                    remove(transaction, task, subject)?;
                    Ok(Commit::Complete)
                }
            }
        })
    }
}

/// Marks rows that no page of a complete list has contained as gone, and records the time of the list.
fn complete(
    transaction: &Transaction<'_>,
    task: &SyncTask,
    subject: i64,
    started: Timestamp,
    now: Timestamp,
) -> Result<(), rusqlite::Error> {
    let (started, now) = (started.0, now.0);
    match task {
        SyncTask::Customers => {
            transaction.execute(
                "UPDATE customer SET gone = ?2 WHERE gone IS NULL AND seen < ?1",
                [started, now],
            )?;
            transaction.execute("UPDATE about SET customers_synced = ?1", [started])?;
        }
        SyncTask::Batches(_) => {
            // The devices of a batch that is gone are gone, too.
            transaction.execute(
                "UPDATE device SET gone = ?3 WHERE gone IS NULL AND seen < ?2
                 AND batch IN (SELECT id FROM batch WHERE customer = ?1 AND gone IS NULL AND seen < ?2)",
                [subject, started, now],
            )?;
            transaction.execute(
                "UPDATE batch SET gone = ?3 WHERE customer = ?1 AND gone IS NULL AND seen < ?2",
                [subject, started, now],
            )?;
            transaction
                .execute("UPDATE customer SET listed = ?2 WHERE id = ?1", [subject, started])?;
        }
        SyncTask::Devices(..) => {
            transaction.execute(
                "UPDATE device SET gone = ?3 WHERE batch = ?1 AND gone IS NULL AND seen < ?2",
                [subject, started, now],
            )?;
            transaction
                .execute("UPDATE batch SET listed = ?2 WHERE id = ?1", [subject, started])?;
        }
    }
    Ok(())
}

/// Returns the number that stands for the kind of a list. It never changes: files contain it.
fn number(task: &SyncTask) -> i64 {
    match task {
        SyncTask::Customers => 1,
        SyncTask::Batches(_) => 2,
        SyncTask::Devices(..) => 3,
    }
}

/// Returns the key of the customer or batch that is listed; `None` if it is not known.
fn subject(database: &Connection, task: &SyncTask) -> Result<Option<i64>, rusqlite::Error> {
    match task {
        SyncTask::Customers => Ok(Some(0)),
        SyncTask::Batches(customer) => known_customer_key(database, customer),
        SyncTask::Devices(customer, batch) => known_batch_key(database, customer, batch),
    }
}

/// Returns the key of the customer or batch that is listed, which is added if it is not known.
fn add_subject(
    transaction: &Transaction<'_>,
    task: &SyncTask,
    now: Timestamp,
) -> Result<i64, rusqlite::Error> {
    if let Some(subject) = subject(transaction, task)? {
        return Ok(subject);
    }
    match task {
        SyncTask::Customers => Ok(0),
        SyncTask::Batches(customer) => customer_key(transaction, customer),
        SyncTask::Devices(customer, batch) => {
            let customer = customer_key(transaction, customer)?;
            put_batch(transaction, customer, &BatchRecord::new(batch.clone()), now)
        }
    }
}

fn recorded(
    database: &Connection,
    task: &SyncTask,
    subject: i64,
) -> Result<Option<SyncProgress>, rusqlite::Error> {
    database
        .prepare("SELECT position, started, done FROM progress WHERE task = ?1 AND subject = ?2")?
        .query_row([number(task), subject], |row| {
            let done: i64 = row.get(2)?;
            Ok(SyncProgress {
                task: task.clone(),
                position: row.get(0)?,
                started: Timestamp(row.get(1)?),
                done: done.unsigned_abs(),
            })
        })
        .optional()
}

fn record(
    transaction: &Transaction<'_>,
    subject: i64,
    progress: &SyncProgress,
) -> Result<(), rusqlite::Error> {
    let SyncProgress { task, started, done, position } = progress;
    transaction
        .prepare(
            "INSERT INTO progress (task, subject, position, started, done) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (task, subject) DO UPDATE SET position = ?3, started = ?4, done = ?5",
        )?
        .execute(params![number(task), subject, position, started.0, done.cast_signed()])
        .map(drop)
}

fn remove(
    transaction: &Transaction<'_>,
    task: &SyncTask,
    subject: i64,
) -> Result<(), rusqlite::Error> {
    transaction
        .prepare("DELETE FROM progress WHERE task = ?1 AND subject = ?2")?
        .execute([number(task), subject])
        .map(drop)
}
