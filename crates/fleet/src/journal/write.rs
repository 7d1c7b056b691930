//! What a run writes, step by step. Decides which steps are one transaction.

use std::collections::HashMap;

use partner_center_devices::{BatchTrackingId, DeviceKind, DeviceOutcome, MatchKeys, MatchedBy};
use rusqlite::types::Type;
use rusqlite::{OptionalExtension as _, Transaction, params};
use uuid::Uuid;

use super::{Journal, JournalError, Moment};
use crate::check::finding::{Finding, Origin};
use crate::check::fleet::Label;
use crate::upload::chunk::Fingerprint;

/// A device of the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct DeviceKey(i64);

/// An upload of the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ChunkKey(i64);

/// A batch of a customer, in the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TargetKey(i64);

/// A row as it is read now.
pub(crate) struct NewRow<'a> {
    pub(crate) origin: &'a Origin,
    pub(crate) label: &'a Label,
    /// The place of its destination among those given; `None` for a row that has none.
    pub(crate) target: Option<usize>,
    pub(crate) verdict: RowVerdict<'a>,
}

pub(crate) enum RowVerdict<'a> {
    Send(Fingerprint, DeviceKind),
    Duplicate(&'a Origin),
    Refused(&'a Finding),
}

/// Whether what is begun is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// It is.
    Run,
    /// It is not: only what would be done is asked.
    Rehearsal,
}

/// What the journal knows of a row's device.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Known {
    /// It is to be sent.
    Open,
    /// It is in an upload that is not settled.
    Under,
    /// It has this outcome, after so many uploads.
    Settled(DeviceOutcome, u32),
}

/// What a run finds.
pub(crate) struct Begun {
    /// The journal's keys of the destinations, and how their batches are spelled, in their order.
    pub(crate) targets: Vec<(TargetKey, String)>,
    /// Of the rows that send something, in their order.
    pub(crate) devices: Vec<(DeviceKey, Known)>,
    /// What an earlier run left, oldest first, with the places of their destinations.
    pub(crate) open: Vec<OpenChunk>,
}

/// An upload that has no end yet.
#[derive(Debug)]
pub(crate) struct OpenChunk {
    pub(crate) key: ChunkKey,
    pub(crate) target: usize,
    pub(crate) creates: bool,
    pub(crate) request_id: Uuid,
    pub(crate) correlation_id: Uuid,
    /// When it was about to be sent.
    pub(crate) noted: Moment,
    pub(crate) left: Left,
    pub(crate) devices: Vec<OpenDevice>,
}

/// How far an upload came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Left {
    /// It may have been sent.
    Noted,
    /// The service took it, under this tracking id.
    Accepted(BatchTrackingId),
    /// Its job is over and did not speak of all its devices.
    Unanswered,
}

/// A device in an upload, by what its answer can name.
#[derive(Clone, Debug)]
pub(crate) struct OpenDevice {
    pub(crate) key: DeviceKey,
    pub(crate) serial: Option<Box<str>>,
    pub(crate) product_key: Option<Box<str>>,
}

impl<'a> From<&'a OpenDevice> for MatchKeys<'a> {
    fn from(device: &'a OpenDevice) -> Self {
        Self::new(device.serial.as_deref(), device.product_key.as_deref())
    }
}

/// What the service said when it took an upload.
pub(crate) struct Accepted<'a> {
    pub(crate) tracking_id: &'a str,
    pub(crate) correlation_id: Option<&'a str>,
    pub(crate) cv: Option<&'a str>,
}

/// What became of a device.
#[derive(Clone, Debug)]
pub(crate) struct Settled {
    pub(crate) device: DeviceKey,
    pub(crate) outcome: DeviceOutcome,
    /// The service's code and name, of a device that failed or was there before.
    pub(crate) error: Option<(String, String)>,
    pub(crate) service_id: Option<String>,
    pub(crate) matched_by: Option<MatchedBy>,
}

impl Journal {
    /// Step 1: the rows, in the place of those of the last time. What is known of their devices stays.
    pub(crate) fn begin<'a>(
        &mut self,
        service: Option<&str>,
        targets: &[(&str, &str)],
        rows: impl Iterator<Item = NewRow<'a>>,
        now: Moment,
        mode: Mode,
    ) -> Result<Begun, JournalError> {
        if let Some(service) = service {
            self.of_service(service)?;
        }
        let begun = (|| {
            let all = self.log.transaction()?;
            let (targets, devices) = begin(&all, service, targets, rows, now)?;
            let open = open_chunks(&all, &targets)?;
            if mode == Mode::Run {
                all.commit()?;
            }
            Ok(Begun { targets, devices, open })
        })();
        begun.map_err(|error| self.failed(&error))
    }

    /// What was sent to one service says nothing of another.
    fn of_service(&self, service: &str) -> Result<(), JournalError> {
        let found: Option<Option<String>> = self
            .log
            .query_row("SELECT service FROM run", [], |row| row.get(0))
            .optional()
            .map_err(|error| self.failed(&error))?;
        match found.flatten() {
            Some(other) if other != service => Err(self.is_of(&other)),
            _ => Ok(()),
        }
    }

    /// How the service spells a batch.
    pub(crate) fn name_batch(
        &mut self,
        target: TargetKey,
        batch: &str,
    ) -> Result<(), JournalError> {
        let named = self
            .log
            .execute("UPDATE target SET batch = ?2 WHERE id = ?1", params![target.0, batch]);
        named.map(drop).map_err(|error| self.failed(&error))
    }

    /// Step 2: an upload that is about to be sent. When this returns, it is on the disk.
    pub(crate) fn note(
        &mut self,
        target: TargetKey,
        creates: bool,
        content: &[u8],
        (request_id, correlation_id): (Uuid, Uuid),
        devices: &[DeviceKey],
        now: Moment,
    ) -> Result<ChunkKey, JournalError> {
        let noted = (|| {
            self.log.pragma_update(None, "synchronous", "FULL")?;
            let all = self.log.transaction()?;
            all.prepare(
                "INSERT INTO chunk (target, content, devices, creates, request_id, correlation_id, state, noted)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'noted', ?7)",
            )?
            .execute(params![
                target.0,
                content,
                devices.len() as i64,
                creates,
                request_id.to_string(),
                correlation_id.to_string(),
                now.0
            ])?;
            let chunk = all.last_insert_rowid();
            {
                let mut device = all.prepare(
                    "UPDATE device SET chunk = ?3, position = ?4 + id - ?1, attempts = attempts + 1
                     WHERE id BETWEEN ?1 AND ?2",
                )?;
                let mut position = 0_i64;
                for run in devices.chunk_by(|one, next| one.0 + 1 == next.0) {
                    let (first, last) = (run[0].0, run[run.len() - 1].0);
                    device.execute(params![first, last, chunk, position])?;
                    position += run.len() as i64;
                }
            }
            all.commit()?;
            self.log.pragma_update(None, "synchronous", "NORMAL")?;
            Ok(ChunkKey(chunk))
        })();
        noted.map_err(|error| self.failed(&error))
    }

    /// Step 3: the service took it.
    pub(crate) fn accept(
        &mut self,
        chunk: ChunkKey,
        accepted: &Accepted<'_>,
        now: Moment,
    ) -> Result<(), JournalError> {
        self.in_one(|all| {
            all.execute(
                "UPDATE chunk SET state = 'accepted', tracking_id = ?2, cv = ?3, accepted = ?4,
                 correlation_id = coalesce(?5, correlation_id) WHERE id = ?1",
                params![chunk.0, accepted.tracking_id, accepted.cv, now.0, accepted.correlation_id],
            )?;
            all.execute(
                "UPDATE target SET made = 1 WHERE id = (SELECT target FROM chunk WHERE id = ?1 AND creates)",
                [chunk.0],
            )?;
            Ok(())
        })
    }

    /// Step 4: the job is over. Devices that it did not speak of are `unknown`.
    pub(crate) fn settle(
        &mut self,
        chunk: ChunkKey,
        settled: &[Settled],
        now: Moment,
    ) -> Result<(), JournalError> {
        let unanswered = settled.iter().any(|device| device.outcome == DeviceOutcome::Pending);
        let state = if unanswered { "unanswered" } else { "settled" };
        self.end_chunk(chunk, (state, None), settled, Rest::Nothing, now)
    }

    /// The service refused the upload as a whole: nothing happened to its devices, and it is as if it had not been.
    pub(crate) fn refuse(
        &mut self,
        chunk: ChunkKey,
        problem: &str,
        devices: &[OpenDevice],
        now: Moment,
    ) -> Result<(), JournalError> {
        self.end_chunk(chunk, ("refused", Some(problem)), &[], Rest::WasNotSent(devices), now)
    }

    /// What a look into the batch showed of an upload. The rest can be sent again, or stays unknown.
    pub(crate) fn read_back(
        &mut self,
        chunk: ChunkKey,
        found: &[Settled],
        devices: &[OpenDevice],
        releases: bool,
        now: Moment,
    ) -> Result<(), JournalError> {
        let rest = if releases { Rest::ToBeSent(devices) } else { Rest::Unknown(devices) };
        self.end_chunk(chunk, ("readBack", None), found, rest, now)
    }

    /// Outcomes of devices whose upload has no end yet.
    pub(crate) fn note_outcomes(
        &mut self,
        chunk: ChunkKey,
        known: &[Settled],
        now: Moment,
    ) -> Result<(), JournalError> {
        self.in_one(|all| write_outcomes(all, chunk, known, now))
    }

    fn end_chunk(
        &mut self,
        chunk: ChunkKey,
        (state, problem): (&str, Option<&str>),
        settled: &[Settled],
        rest: Rest<'_>,
        now: Moment,
    ) -> Result<(), JournalError> {
        self.in_one(|all| {
            all.execute(
                "UPDATE chunk SET state = ?2, problem = ?3, settled = ?4 WHERE id = ?1",
                params![chunk.0, state, problem, now.0],
            )?;
            write_outcomes(all, chunk, settled, now)?;
            let (rest, devices) = match rest {
                Rest::Nothing => ("", &[][..]),
                // Back to what an earlier upload told, if there was one.
                Rest::WasNotSent(devices) => ("chunk = told, attempts = attempts - 1", devices),
                Rest::ToBeSent(devices) => ("chunk = told", devices),
                Rest::Unknown(devices) => ("outcome = 'unknown', told = chunk", devices),
            };
            if !devices.is_empty() {
                let mut device = all.prepare(&format!(
                    "UPDATE device SET {rest} WHERE id = ?1 AND chunk = ?2 AND (told IS NOT ?2 OR outcome = 'unknown')"
                ))?;
                for one in devices {
                    device.execute(params![one.key.0, chunk.0])?;
                }
            }
            Ok(())
        })
    }

    /// All of these writes, or none.
    fn in_one(
        &mut self,
        write: impl FnOnce(&Transaction<'_>) -> Result<(), rusqlite::Error>,
    ) -> Result<(), JournalError> {
        let written = (|| {
            let all = self.log.transaction()?;
            write(&all)?;
            all.commit()
        })();
        written.map_err(|error| self.failed(&error))
    }

    /// Why a destination, or all of it, stopped.
    pub(crate) fn stop(
        &mut self,
        target: Option<TargetKey>,
        problem: &str,
    ) -> Result<(), JournalError> {
        let stopped = match target {
            Some(target) => self.log.execute(
                "UPDATE target SET problem = ?2 WHERE id = ?1",
                params![target.0, problem],
            ),
            None => self.log.execute("UPDATE run SET stopped = ?1", [problem]),
        };
        stopped.map(drop).map_err(|error| self.failed(&error))
    }
}

/// What becomes of the devices of an upload that got no outcome at its end.
enum Rest<'a> {
    Nothing,
    WasNotSent(&'a [OpenDevice]),
    ToBeSent(&'a [OpenDevice]),
    Unknown(&'a [OpenDevice]),
}

type Keys = (Vec<(TargetKey, String)>, Vec<(DeviceKey, Known)>);

fn begin<'a>(
    all: &Transaction<'_>,
    service: Option<&str>,
    targets: &[(&str, &str)],
    rows: impl Iterator<Item = NewRow<'a>>,
    now: Moment,
) -> Result<Keys, rusqlite::Error> {
    if all.execute("UPDATE run SET service = coalesce(?1, service), stopped = NULL", [service])?
        == 0
    {
        all.execute("INSERT INTO run (service, begun) VALUES (?1, ?2)", params![service, now.0])?;
    }
    all.execute_batch("DELETE FROM line; DELETE FROM source; UPDATE target SET problem = NULL;")?;
    let mut keys = Vec::with_capacity(targets.len());
    for (customer, batch) in targets {
        let folded = batch.to_lowercase();
        all.prepare(
            "INSERT INTO target (customer, folded, batch) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        )?
        .execute(params![customer, folded, batch])?;
        let found = all
            .prepare("SELECT id, batch FROM target WHERE customer = ?1 AND folded = ?2")?
            .query_row(params![customer, folded], |row| {
                Ok((TargetKey(row.get(0)?), row.get(1)?))
            })?;
        keys.push(found);
    }
    let rows: Vec<NewRow<'a>> = rows.collect();
    let found = devices(all, &keys, &rows)?;
    let mut sources: HashMap<String, i64> = HashMap::new();
    let mut source = |name: &str| -> Result<i64, rusqlite::Error> {
        if let Some(id) = sources.get(name) {
            return Ok(*id);
        }
        all.execute("INSERT INTO source (name) VALUES (?1)", [name])?;
        let id = all.last_insert_rowid();
        sources.insert(name.to_owned(), id);
        Ok(id)
    };
    let mut line = all.prepare(
        "INSERT INTO line (place, source, line, target, device, serial, product_key, hash, rule, message, field,
         same_source, same_line) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?;
    let mut devices = Vec::new();
    for ((place, row), found) in (0_i64..).zip(rows).zip(found) {
        let mut device = None;
        let (mut refused, mut same) = (None, None);
        match row.verdict {
            RowVerdict::Send(..) => {
                device = found.as_ref().map(|(key, _)| key.0);
                devices.extend(found);
            }
            RowVerdict::Duplicate(first) => same = Some((source(&first.source)?, first.line)),
            RowVerdict::Refused(finding) => refused = Some(finding),
        }
        line.execute(params![
            place,
            source(&row.origin.source)?,
            row.origin.line.cast_signed(),
            row.target.map(|target| keys[target].0.0),
            device,
            row.label.serial_number,
            row.label.product_key,
            row.label.hardware_hash,
            refused.map(|finding| finding.rule().id()),
            refused.map(Finding::message),
            refused.and_then(Finding::column),
            same.map(|(source, _)| source),
            same.map(|(_, line)| line.cast_signed()),
        ])?;
    }
    Ok((keys, devices))
}

/// The devices of the rows that send one, and what is known of them, each in the place of its row. New ones are
/// written destination by destination: those of an upload then stand side by side, on few pages.
fn devices(
    all: &Transaction<'_>,
    keys: &[(TargetKey, String)],
    rows: &[NewRow<'_>],
) -> Result<Vec<Option<(DeviceKey, Known)>>, rusqlite::Error> {
    let sent = rows.iter().enumerate().filter_map(|(place, row)| match &row.verdict {
        RowVerdict::Send(print, kind) => Some((place, row, print, *kind)),
        _ => None,
    });
    let mut sent: Vec<_> = sent.collect();
    sent.sort_by_key(|(_, row, ..)| row.target); // stable: within a destination the order is that of the rows
    let mut find = all.prepare(
        "SELECT device.id, outcome, code, name, attempts, chunk.state, told IS chunk
         FROM device LEFT JOIN chunk ON chunk.id = device.chunk
         WHERE device.target = ?1 AND fingerprint = ?2",
    )?;
    let mut add = all.prepare(
        "INSERT INTO device (target, fingerprint, kind, serial, product_key) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO NOTHING",
    )?;
    let mut found = vec![None; rows.len()];
    for (place, row, print, kind) in sent {
        let (target, print) = (row.target.map(|target| keys[target].0.0), print.as_bytes());
        let (serial, key) = sent_names(kind, row.label);
        // Most often it is new: then nothing is looked for.
        let kind = kind_number(kind);
        found[place] = Some(match add.execute(params![target, print, kind, serial, key])? {
            0 => find.query_row(params![target, print], known)?,
            _ => (DeviceKey(all.last_insert_rowid()), Known::Open),
        });
    }
    Ok(found)
}

fn open_chunks(
    log: &Transaction<'_>,
    targets: &[(TargetKey, String)],
) -> Result<Vec<OpenChunk>, rusqlite::Error> {
    let places: HashMap<i64, usize> =
        targets.iter().enumerate().map(|(place, (key, _))| (key.0, place)).collect();
    let mut chunks = log.prepare(
        "SELECT id, target, creates, request_id, state, tracking_id, correlation_id, noted FROM chunk
         WHERE state IN ('noted', 'accepted', 'unanswered') ORDER BY id",
    )?;
    let mut held = log.prepare(
        "SELECT chunk, outcome IS 'unknown', id, serial, product_key FROM device
         WHERE chunk IN (SELECT id FROM chunk WHERE state IN ('noted', 'accepted', 'unanswered'))
         ORDER BY chunk, position",
    )?;
    let mut devices: HashMap<i64, Vec<(bool, OpenDevice)>> = HashMap::new();
    let mut rows = held.query([])?;
    while let Some(row) = rows.next()? {
        let device = OpenDevice {
            key: DeviceKey(row.get(2)?),
            serial: row.get(3)?,
            product_key: row.get(4)?,
        };
        devices.entry(row.get(0)?).or_default().push((row.get(1)?, device));
    }
    let mut open = Vec::new();
    let mut rows = chunks.query([])?;
    while let Some(row) = rows.next()? {
        // One of a destination that this run does not have waits for a run that has it.
        let Some(&target) = places.get(&row.get::<_, i64>(1)?) else { continue };
        let key = row.get(0)?;
        let left = match row.get_ref(4)?.as_str()? {
            "accepted" => accepted(row.get(5)?),
            "unanswered" => Left::Unanswered,
            _ => Left::Noted,
        };
        let devices = devices.remove(&key).unwrap_or_default().into_iter();
        // Of a job that is over, only those that it did not speak of.
        let devices = devices.filter(|(unknown, _)| *unknown || left != Left::Unanswered);
        let devices = devices.map(|(_, device)| device).collect();
        open.push(OpenChunk {
            key: ChunkKey(key),
            target,
            creates: row.get(2)?,
            request_id: uuid(row, 3)?,
            // As the service answered it, which may be anything.
            correlation_id: uuid(row, 6).unwrap_or_else(|_| Uuid::new_v4()),
            noted: Moment(row.get(7)?),
            left,
            devices,
        });
    }
    Ok(open)
}

/// An id that is none any more cannot be sent in the place of the one that was.
fn uuid(row: &rusqlite::Row<'_>, column: usize) -> Result<Uuid, rusqlite::Error> {
    let text = row.get_ref(column)?.as_str()?;
    Uuid::parse_str(text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
    })
}

/// A tracking id that is none any more is as good as an upload that may have been sent.
fn accepted(tracking_id: Option<String>) -> Left {
    tracking_id.and_then(|id| BatchTrackingId::new(id).ok()).map_or(Left::Noted, Left::Accepted)
}

/// What is known of a device that was there before.
fn known(row: &rusqlite::Row<'_>) -> Result<(DeviceKey, Known), rusqlite::Error> {
    let outcome: Option<String> = row.get(1)?;
    let error: (Option<String>, Option<String>) = (row.get(2)?, row.get(3)?);
    let state: Option<String> = row.get(5)?;
    // What an earlier upload told is no outcome of this one.
    let outcome = outcome.filter(|_| row.get(6).unwrap_or(false));
    let known = match (outcome.as_deref(), state.as_deref()) {
        // The job may say more of a device than its last look did.
        (_, Some("noted" | "accepted")) | (None | Some("unknown"), Some("unanswered")) => {
            Known::Under
        }
        // What neither a job nor the batch spoke of is sent again: that is safe, and the only way to learn more.
        (None | Some("unknown"), _) => Known::Open,
        (Some(word), _) => Known::Settled(super::read::outcome(word, &error), row.get(4)?),
    };
    Ok((DeviceKey(row.get(0)?), known))
}

/// A device that is not spoken of keeps what the same upload told of it before.
fn write_outcomes(
    all: &Transaction<'_>,
    chunk: ChunkKey,
    settled: &[Settled],
    now: Moment,
) -> Result<(), rusqlite::Error> {
    let mut device = all.prepare(
        "UPDATE device SET outcome = ?2, code = ?3, name = ?4, service_id = ?5, matched = ?6, settled = ?7, told = ?8
         WHERE id = ?1 AND (?2 <> 'unknown' OR told IS NOT ?8)",
    )?;
    for one in settled {
        let (code, name) = one.error.as_ref().map(|(code, name)| (code, name)).unzip();
        device.execute(params![
            one.device.0,
            outcome_word(&one.outcome),
            code,
            name,
            one.service_id,
            one.matched_by.and_then(matched_word),
            now.0,
            chunk.0
        ])?;
    }
    Ok(())
}

/// The names under which the service may answer.
pub(crate) fn sent_names(kind: DeviceKind, label: &Label) -> (Option<&str>, Option<&str>) {
    let (serial, key) = (label.serial_number.as_deref(), label.product_key.as_deref());
    match kind {
        DeviceKind::HardwareHash => (serial, key),
        DeviceKind::ProductKey => (None, key),
        _ => (serial, None),
    }
}

fn kind_number(kind: DeviceKind) -> i64 {
    match kind {
        DeviceKind::HardwareHash => 2,
        DeviceKind::ProductKey => 1,
        _ => 0,
    }
}

fn outcome_word(outcome: &DeviceOutcome) -> &'static str {
    match outcome {
        DeviceOutcome::Succeeded => "registered",
        DeviceOutcome::AlreadyRegistered => "alreadyRegistered",
        DeviceOutcome::Failed(_) => "failed",
        _ => "unknown",
    }
}

/// As the journal, JSON and CSV say it.
pub(crate) fn matched_word(by: MatchedBy) -> Option<&'static str> {
    match by {
        MatchedBy::SerialNumber => Some("serialNumber"),
        MatchedBy::ProductKey => Some("productKey"),
        MatchedBy::Position => Some("position"),
        _ => None,
    }
}
