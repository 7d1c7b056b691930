//! Step 1 of the contract: records the rows of a run and looks up the state of their devices.

use std::collections::HashMap;

use partner_center_devices::{BatchTrackingId, DeviceKind};
use rusqlite::types::Type;
use rusqlite::{OptionalExtension as _, Transaction, params};
use uuid::Uuid;

use super::database::Journal;
use super::error::JournalError;
use super::model::{
    BatchKey, ChunkDevice, ChunkKey, ChunkProgress, DeviceKey, DeviceState, Mode, StartedRun,
    UnfinishedChunk, names_in_response,
};
use super::words;
use crate::check::checked_row::{CheckedRow, RowStatus};
use crate::check::finding::Finding;
use crate::device_model::DeviceModel;
use crate::fingerprint::Measure;
use crate::timestamp::Timestamp;

impl Journal {
    /// Records the rows, replacing those of the last run. The state of their devices is kept.
    pub(crate) fn start_run(
        &mut self,
        service: Option<&str>,
        batches: &[(&str, &str)],
        rows: &[CheckedRow],
        now: Timestamp,
        mode: Mode,
    ) -> Result<StartedRun, JournalError> {
        if let Some(service) = service {
            self.check_service(service)?;
        }
        let started = (|| {
            let transaction = self.database.transaction()?;
            record_run(&transaction, service, now)?;
            let batches = record_batches(&transaction, batches)?;
            let devices = record_devices(&transaction, &batches, rows)?;
            record_lines(&transaction, &batches, rows, &devices)?;
            record_models(&transaction, rows)?;
            let unfinished = unfinished_chunks(&transaction, &batches)?;
            if mode == Mode::Run {
                transaction.commit()?;
            }
            let devices = devices.into_iter().flatten().collect();
            Ok(StartedRun { batches, devices, unfinished })
        })();
        started.map_err(|error: rusqlite::Error| self.broken(error))
    }

    /// Fails if the journal records an upload to another service: its outcomes do not apply to this one.
    fn check_service(&self, service: &str) -> Result<(), JournalError> {
        let recorded: Option<Option<String>> = self
            .database
            .query_row("SELECT service FROM run", [], |row| row.get(0))
            .optional()
            .map_err(|error| self.broken(error))?;
        match recorded.flatten() {
            Some(other) if other != service => Err(self.other_service(&other)),
            _ => Ok(()),
        }
    }
}

fn record_run(
    transaction: &Transaction<'_>,
    service: Option<&str>,
    now: Timestamp,
) -> Result<(), rusqlite::Error> {
    let resume = "UPDATE run SET service = coalesce(?1, service), stopped = NULL";
    if transaction.execute(resume, [service])? == 0 {
        transaction
            .execute("INSERT INTO run (service, begun) VALUES (?1, ?2)", params![service, now.0])?;
    }
    transaction.execute_batch(
        "DELETE FROM line; DELETE FROM source; DELETE FROM line_model; DELETE FROM model; UPDATE target SET problem = NULL;",
    )
}

/// Returns the key and the recorded spelling of each batch.
fn record_batches(
    transaction: &Transaction<'_>,
    batches: &[(&str, &str)],
) -> Result<Vec<(BatchKey, String)>, rusqlite::Error> {
    let mut add = transaction.prepare(
        "INSERT INTO target (customer, folded, batch) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
    )?;
    let mut find =
        transaction.prepare("SELECT id, batch FROM target WHERE customer = ?1 AND folded = ?2")?;
    let mut keys = Vec::with_capacity(batches.len());
    for (customer, batch) in batches {
        let folded = batch.to_lowercase();
        add.execute(params![customer, folded, batch])?;
        let found = find
            .query_row(params![customer, folded], |row| Ok((BatchKey(row.get(0)?), row.get(1)?)))?;
        keys.push(found);
    }
    Ok(keys)
}

/// Returns the key and state of each row's device, or `None` for rows that send no device.
///
/// New devices are inserted batch by batch, so that those of one chunk are adjacent, on few pages.
fn record_devices(
    transaction: &Transaction<'_>,
    batches: &[(BatchKey, String)],
    rows: &[CheckedRow],
) -> Result<Vec<Option<(DeviceKey, DeviceState)>>, rusqlite::Error> {
    let mut sent: Vec<_> = rows
        .iter()
        .enumerate()
        .filter_map(|(index, row)| match &row.status {
            RowStatus::Ready(identity) => Some((index, row, identity)),
            _ => None,
        })
        .collect();
    sent.sort_by_key(|(_, row, _)| row.batch); // stable: within a batch the rows stay in order
    let mut find = transaction.prepare(
        "SELECT device.id, outcome, code, name, attempts, chunk.state, told IS device.chunk,
                earlier.word IN ('byCustomer', 'inNoBatch')
         FROM device LEFT JOIN chunk ON chunk.id = device.chunk
         LEFT JOIN earlier_registration AS earlier ON earlier.device = device.id AND earlier.chunk = device.chunk
         WHERE device.target = ?1 AND fingerprint = ?2",
    )?;
    let mut add = transaction.prepare(
        "INSERT INTO device (target, fingerprint, kind, serial, product_key) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO NOTHING",
    )?;
    let mut devices = vec![None; rows.len()];
    for (index, row, identity) in sent {
        let batch = row.batch.map(|batch| batches[batch].0.0);
        let measure = row.measure.unwrap_or_else(|| Measure::of(identity));
        let fingerprint = measure.fingerprint.as_bytes();
        let kind = identity.kind();
        let (serial, product_key) = names_in_response(kind, &row.label);
        let kind = kind_number(kind);
        // Most devices are new, so the insert is tried before the lookup.
        let inserted = add.execute(params![batch, fingerprint, kind, serial, product_key])?;
        devices[index] = Some(match inserted {
            0 => find.query_row(params![batch, fingerprint], known_device)?,
            _ => (DeviceKey(transaction.last_insert_rowid()), DeviceState::ToSend),
        });
    }
    Ok(devices)
}

fn record_lines(
    transaction: &Transaction<'_>,
    batches: &[(BatchKey, String)],
    rows: &[CheckedRow],
    devices: &[Option<(DeviceKey, DeviceState)>],
) -> Result<(), rusqlite::Error> {
    let mut sources: HashMap<String, i64> = HashMap::new();
    let mut source_id = |name: &str| -> Result<i64, rusqlite::Error> {
        if let Some(id) = sources.get(name) {
            return Ok(*id);
        }
        transaction.execute("INSERT INTO source (name) VALUES (?1)", [name])?;
        let id = transaction.last_insert_rowid();
        sources.insert(name.to_owned(), id);
        Ok(id)
    };
    let mut insert = transaction.prepare(
        "INSERT INTO line (place, source, line, target, device, serial, product_key, hash, rule, message, field,
         same_source, same_line) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?;
    for ((place, row), device) in (0_i64..).zip(rows).zip(devices) {
        let (mut refused, mut duplicate_of) = (None, None);
        match &row.status {
            RowStatus::Ready(_) => {}
            RowStatus::Duplicate(first) => {
                duplicate_of = Some((source_id(&first.source)?, first.line));
            }
            RowStatus::Invalid(finding) => refused = Some(finding),
        }
        insert.execute(params![
            place,
            source_id(&row.origin.source)?,
            row.origin.line.cast_signed(),
            row.batch.map(|batch| batches[batch].0.0),
            device.as_ref().map(|(key, _)| key.0),
            row.label.serial_number,
            row.label.product_key,
            row.label.hardware_hash,
            refused.map(|finding| finding.rule().id()),
            refused.map(Finding::message),
            refused.and_then(Finding::column),
            duplicate_of.map(|(source, _)| source),
            duplicate_of.map(|(_, line)| line.cast_signed()),
        ])?;
    }
    Ok(())
}

/// Records the models of the rows, each model once.
fn record_models(
    transaction: &Transaction<'_>,
    rows: &[CheckedRow],
) -> Result<(), rusqlite::Error> {
    let mut add = transaction.prepare("INSERT INTO model (manufacturer, name) VALUES (?1, ?2)")?;
    let mut put = transaction.prepare("INSERT INTO line_model (place, model) VALUES (?1, ?2)")?;
    let mut models: HashMap<DeviceModel, i64> = HashMap::new();
    for (place, row) in (0_i64..).zip(rows) {
        let Some(model) = row.device_model() else { continue };
        let key = match models.get(&model) {
            Some(key) => *key,
            None => {
                add.execute(params![model.manufacturer, model.name])?;
                let key = transaction.last_insert_rowid();
                models.insert(model, key);
                key
            }
        };
        put.execute(params![place, key])?;
    }
    Ok(())
}

/// Reads the state of a device that an earlier run recorded.
fn known_device(row: &rusqlite::Row<'_>) -> Result<(DeviceKey, DeviceState), rusqlite::Error> {
    let outcome: Option<String> = row.get(1)?;
    let error: (Option<String>, Option<String>) = (row.get(2)?, row.get(3)?);
    let chunk_state: Option<String> = row.get(5)?;
    // An outcome reported by an earlier upload does not count for the latest one.
    let outcome = outcome.filter(|_| row.get(6).unwrap_or(false));
    let state = match (outcome.as_deref(), chunk_state.as_deref()) {
        // The job may report more devices than it had when it was last polled.
        (_, Some("noted" | "accepted")) | (None | Some("unknown"), Some("unanswered")) => {
            DeviceState::InUnfinishedChunk
        }
        // Neither a job nor the batch reported it. Resending is safe, and the only way to learn more.
        (None | Some("unknown"), _) => DeviceState::ToSend,
        (Some(word), _) => DeviceState::Finished {
            outcome: words::outcome(word, &error),
            uploads: row.get(4)?,
            is_unmanaged: row.get::<_, Option<bool>>(7)?.unwrap_or_default(),
        },
    };
    Ok((DeviceKey(row.get(0)?), state))
}

fn unfinished_chunks(
    transaction: &Transaction<'_>,
    batches: &[(BatchKey, String)],
) -> Result<Vec<UnfinishedChunk>, rusqlite::Error> {
    let indexes: HashMap<i64, usize> =
        batches.iter().enumerate().map(|(index, (key, _))| (key.0, index)).collect();
    let mut devices = devices_of_unfinished_chunks(transaction)?;
    let mut chunks = transaction.prepare(
        "SELECT id, target, creates, request_id, state, tracking_id, correlation_id, noted FROM chunk
         WHERE state IN ('noted', 'accepted', 'unanswered') ORDER BY id",
    )?;
    let mut unfinished = Vec::new();
    let mut rows = chunks.query([])?;
    while let Some(row) = rows.next()? {
        // A chunk of a batch that this run does not have stays for a run that has it.
        let Some(&batch) = indexes.get(&row.get::<_, i64>(1)?) else { continue };
        let key = row.get(0)?;
        let progress = match row.get_ref(4)?.as_str()? {
            "accepted" => accepted(row.get(5)?),
            "unanswered" => ChunkProgress::Unreported,
            _ => ChunkProgress::Recorded,
        };
        let devices = devices.remove(&key).unwrap_or_default().into_iter();
        // If the job is finished, only the devices that it did not report are left.
        let devices =
            devices.filter(|(is_unknown, _)| *is_unknown || progress != ChunkProgress::Unreported);
        let devices = devices.map(|(_, device)| device).collect();
        unfinished.push(UnfinishedChunk {
            key: ChunkKey(key),
            batch,
            creates: row.get(2)?,
            request_id: uuid(row, 3)?,
            // The service may have replaced it by any text.
            correlation_id: uuid(row, 6).unwrap_or_else(|_| Uuid::new_v4()),
            recorded: Timestamp(row.get(7)?),
            progress,
            devices,
        });
    }
    Ok(unfinished)
}

/// Returns the devices of each unfinished chunk in the order sent, and whether their outcome is recorded as unknown.
fn devices_of_unfinished_chunks(
    transaction: &Transaction<'_>,
) -> Result<HashMap<i64, Vec<(bool, ChunkDevice)>>, rusqlite::Error> {
    let mut query = transaction.prepare(
        "SELECT chunk, outcome IS 'unknown', id, serial, product_key FROM device
         WHERE chunk IN (SELECT id FROM chunk WHERE state IN ('noted', 'accepted', 'unanswered'))
         ORDER BY chunk, position",
    )?;
    let mut devices: HashMap<i64, Vec<(bool, ChunkDevice)>> = HashMap::new();
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let device = ChunkDevice {
            key: DeviceKey(row.get(2)?),
            serial: row.get(3)?,
            product_key: row.get(4)?,
        };
        devices.entry(row.get(0)?).or_default().push((row.get(1)?, device));
    }
    Ok(devices)
}

/// Reads an id that will be sent again, so a damaged one cannot be replaced.
fn uuid(row: &rusqlite::Row<'_>, column: usize) -> Result<Uuid, rusqlite::Error> {
    let text = row.get_ref(column)?.as_str()?;
    Uuid::parse_str(text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
    })
}

/// Returns the progress of an accepted chunk. Without a valid tracking id, it is treated as one that may have been
/// sent.
fn accepted(tracking_id: Option<String>) -> ChunkProgress {
    let tracking_id = tracking_id.and_then(|id| BatchTrackingId::new(id).ok());
    tracking_id.map_or(ChunkProgress::Recorded, ChunkProgress::Accepted)
}

fn kind_number(kind: DeviceKind) -> i64 {
    match kind {
        DeviceKind::HardwareHash => 2,
        DeviceKind::ProductKey => 1,
        _ => 0,
    }
}
