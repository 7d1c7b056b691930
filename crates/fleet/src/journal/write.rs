//! Steps 2 to 4 of the contract: recording chunks and their results.

use rusqlite::{Transaction, params};
use uuid::Uuid;

use super::database::Journal;
use super::error::JournalError;
use super::model::{
    Acceptance, BatchKey, ChunkDevice, ChunkKey, DeviceKey, DeviceResult, MissingDevices,
    ResultSource,
};
use super::words::{matched_by_word, outcome_word};
use crate::fingerprint::Fingerprint;
use crate::timestamp::Timestamp;
use partner_center_devices::DeviceOutcome;

impl Journal {
    /// Records how the service spells the name of a batch.
    pub(crate) fn record_batch_name(
        &mut self,
        batch: BatchKey,
        name: &str,
    ) -> Result<(), JournalError> {
        self.database
            .execute("UPDATE target SET batch = ?2 WHERE id = ?1", params![batch.0, name])
            .map(drop)
            .map_err(|error| self.broken(error))
    }

    /// Step 2: records a chunk that is about to be sent. When this returns, the chunk is on disk.
    pub(crate) fn record_chunk(
        &mut self,
        batch: BatchKey,
        creates: bool,
        content: Fingerprint,
        (request_id, correlation_id): (Uuid, Uuid),
        devices: &[ChunkDevice],
        now: Timestamp,
    ) -> Result<ChunkKey, JournalError> {
        self.set_synchronous("FULL")?;
        let chunk = self.transaction(|transaction| {
            transaction
                .prepare(
                    "INSERT INTO chunk (target, content, devices, creates, request_id, correlation_id, state, noted)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'noted', ?7)",
                )?
                .execute(params![
                    batch.0,
                    content.as_bytes(),
                    devices.len() as i64,
                    creates,
                    request_id.to_string(),
                    correlation_id.to_string(),
                    now.0
                ])?;
            let chunk = ChunkKey(transaction.last_insert_rowid());
            assign_devices(transaction, chunk, devices)?;
            Ok(chunk)
        })?;
        self.set_synchronous("NORMAL")?;
        Ok(chunk)
    }

    fn set_synchronous(&self, level: &str) -> Result<(), JournalError> {
        self.database.pragma_update(None, "synchronous", level).map_err(|error| self.broken(error))
    }

    /// Step 3: records that the service accepted a chunk.
    pub(crate) fn record_acceptance(
        &mut self,
        chunk: ChunkKey,
        acceptance: &Acceptance<'_>,
        now: Timestamp,
    ) -> Result<(), JournalError> {
        let Acceptance { tracking_id, correlation_id, cv } = acceptance;
        self.transaction(|transaction| {
            transaction.execute(
                "UPDATE chunk SET state = 'accepted', tracking_id = ?2, cv = ?3, accepted = ?4,
                 correlation_id = coalesce(?5, correlation_id) WHERE id = ?1",
                params![chunk.0, tracking_id, cv, now.0, correlation_id],
            )?;
            transaction.execute(
                "UPDATE target SET made = 1 WHERE id = (SELECT target FROM chunk WHERE id = ?1 AND creates)",
                [chunk.0],
            )?;
            Ok(())
        })
    }

    /// Step 4: records the results of a finished job. Devices that it did not report are `unknown`.
    pub(crate) fn record_finished_job(
        &mut self,
        chunk: ChunkKey,
        results: &[DeviceResult],
        now: Timestamp,
    ) -> Result<(), JournalError> {
        let is_complete = results.iter().all(|result| result.outcome != DeviceOutcome::Pending);
        let state = if is_complete { "settled" } else { "unanswered" };
        self.transaction(|transaction| {
            end_chunk(transaction, chunk, state, None, now)?;
            write_results(transaction, chunk, results, ResultSource::Job, now)
        })
    }

    /// Records results of a chunk that is not finished: of a running job, or of a batch that is read again later.
    pub(crate) fn record_results(
        &mut self,
        chunk: ChunkKey,
        results: &[DeviceResult],
        source: ResultSource,
        now: Timestamp,
    ) -> Result<(), JournalError> {
        self.transaction(|transaction| write_results(transaction, chunk, results, source, now))
    }

    /// Records that the service refused a chunk as a whole: its devices are in the state they had before.
    pub(crate) fn record_refusal(
        &mut self,
        chunk: ChunkKey,
        problem: &str,
        devices: &[ChunkDevice],
        now: Timestamp,
    ) -> Result<(), JournalError> {
        self.transaction(|transaction| {
            end_chunk(transaction, chunk, "refused", Some(problem), now)?;
            // Back to the outcome of an earlier upload, if there was one.
            let undo = "chunk = told, attempts = attempts - 1";
            update_unreported(transaction, chunk, undo, devices)
        })
    }

    /// Records which devices of a chunk are in the batch. The others are handled according to `missing`.
    pub(crate) fn record_read_back(
        &mut self,
        chunk: ChunkKey,
        found: &[DeviceResult],
        devices: &[ChunkDevice],
        missing: MissingDevices,
        now: Timestamp,
    ) -> Result<(), JournalError> {
        self.transaction(|transaction| {
            end_chunk(transaction, chunk, "readBack", None, now)?;
            write_results(transaction, chunk, found, ResultSource::Batch, now)?;
            let update = match missing {
                MissingDevices::Resend => "chunk = told",
                MissingDevices::LeaveUnknown => "outcome = 'unknown', told = chunk",
            };
            update_unreported(transaction, chunk, update, devices)
        })
    }

    /// Records why the upload to a batch stopped.
    pub(crate) fn record_batch_stop(
        &mut self,
        batch: BatchKey,
        problem: &str,
    ) -> Result<(), JournalError> {
        self.database
            .execute("UPDATE target SET problem = ?2 WHERE id = ?1", params![batch.0, problem])
            .map(drop)
            .map_err(|error| self.broken(error))
    }

    /// Records why the whole upload stopped.
    pub(crate) fn record_stop(&mut self, problem: &str) -> Result<(), JournalError> {
        self.database
            .execute("UPDATE run SET stopped = ?1", [problem])
            .map(drop)
            .map_err(|error| self.broken(error))
    }
}

/// Puts devices into a chunk, with one statement for each run of consecutive keys.
fn assign_devices(
    transaction: &Transaction<'_>,
    chunk: ChunkKey,
    devices: &[ChunkDevice],
) -> Result<(), rusqlite::Error> {
    let keys: Vec<DeviceKey> = devices.iter().map(|device| device.key).collect();
    let mut update = transaction.prepare(
        "UPDATE device SET chunk = ?3, position = ?4 + id - ?1, attempts = attempts + 1
         WHERE id BETWEEN ?1 AND ?2",
    )?;
    let mut position = 0_i64;
    for run in keys.chunk_by(|one, next| one.0 + 1 == next.0) {
        let (first, last) = (run[0].0, run[run.len() - 1].0);
        update.execute(params![first, last, chunk.0, position])?;
        position += run.len() as i64;
    }
    Ok(())
}

fn end_chunk(
    transaction: &Transaction<'_>,
    chunk: ChunkKey,
    state: &str,
    problem: Option<&str>,
    now: Timestamp,
) -> Result<(), rusqlite::Error> {
    transaction
        .execute(
            "UPDATE chunk SET state = ?2, problem = ?3, settled = ?4 WHERE id = ?1",
            params![chunk.0, state, problem, now.0],
        )
        .map(drop)
}

/// Updates the devices of a chunk that it did not report.
fn update_unreported(
    transaction: &Transaction<'_>,
    chunk: ChunkKey,
    update: &str,
    devices: &[ChunkDevice],
) -> Result<(), rusqlite::Error> {
    let mut statement = transaction.prepare(&format!(
        "UPDATE device SET {update} WHERE id = ?1 AND chunk = ?2 AND (told IS NOT ?2 OR outcome = 'unknown')"
    ))?;
    for device in devices {
        statement.execute(params![device.key.0, chunk.0])?;
    }
    Ok(())
}

/// Writes results. A device that is not reported keeps the outcome that the same upload reported earlier.
fn write_results(
    transaction: &Transaction<'_>,
    chunk: ChunkKey,
    results: &[DeviceResult],
    source: ResultSource,
    now: Timestamp,
) -> Result<(), rusqlite::Error> {
    let mut prove = transaction.prepare(
        "INSERT INTO proof (device, chunk, word) VALUES (?1, ?2, 'readBack')
         ON CONFLICT DO UPDATE SET chunk = ?2, word = 'readBack'",
    )?;
    let mut update = transaction.prepare(
        "UPDATE device SET outcome = ?2, code = ?3, name = ?4, service_id = ?5, matched = ?6, settled = ?7, told = ?8
         WHERE id = ?1 AND (?2 <> 'unknown' OR told IS NOT ?8)",
    )?;
    for result in results {
        let (code, name) = result.error.as_ref().map(|(code, name)| (code, name)).unzip();
        update.execute(params![
            result.device.0,
            outcome_word(&result.outcome),
            code,
            name,
            result.service_id,
            result.matched_by.and_then(matched_by_word),
            now.0,
            chunk.0
        ])?;
        if source == ResultSource::Batch {
            prove.execute(params![result.device.0, chunk.0])?;
        }
    }
    Ok(())
}
