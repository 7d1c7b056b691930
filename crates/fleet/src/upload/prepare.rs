//! The start of a run: records the rows in the journal and finds the devices that are still to be sent.

use std::collections::HashMap;

use partner_center_devices::{BatchId, DeviceIdentity};

use super::recovery;
use super::target::Target;
use crate::check::checked_row::{CheckedRow, RowStatus};
use crate::fingerprint::Measure;
use crate::journal::{
    BatchKey, ChunkDevice, DeviceKey, DeviceState, Journal, JournalError, Mode, StartedRun,
    UnfinishedChunk,
};
use crate::origin::Origin;
use crate::timestamp::Timestamp;

/// The rows of an upload and the batches they go to.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) targets: Vec<Target>,
    /// Rows whose `batch` is an index into `targets`.
    pub(super) rows: Vec<CheckedRow>,
    pub(super) retry_failed: bool,
}

/// The work of a run.
pub(super) struct Prepared {
    pub(super) targets: Vec<Target>,
    /// The work for each target.
    pub(super) batches: Vec<BatchWork>,
    /// The number of devices that already have an outcome.
    pub(super) done: usize,
}

/// The work for one batch.
pub(super) struct BatchWork {
    pub(super) key: BatchKey,
    pub(super) batch: BatchId,
    /// Chunks of earlier runs, oldest first.
    pub(super) unfinished: Vec<UnfinishedChunk>,
    /// The devices of those chunks that are still in the files.
    pub(super) unfinished_devices: HashMap<DeviceKey, PendingDevice>,
    /// The devices to send, in the order of the rows.
    pub(super) pending: Vec<PendingDevice>,
}

/// A device to send, and the row it comes from.
pub(super) struct PendingDevice {
    pub(super) device: ChunkDevice,
    pub(super) origin: Origin,
    pub(super) measure: Measure,
    pub(super) identity: DeviceIdentity,
}

/// Records the rows, unless this is a dry run, and returns the remaining work.
pub(super) fn prepare(
    journal: &mut Journal,
    input: Input,
    mode: Mode,
) -> Result<Prepared, JournalError> {
    let Input { targets, mut rows, retry_failed } = input;
    for row in &mut rows {
        if let RowStatus::Ready(identity) = &row.status {
            row.measure.get_or_insert_with(|| Measure::of(identity));
        }
    }
    let service = common_service(journal, &targets)?;
    let names: Vec<_> = targets
        .iter()
        .map(|target| (target.customer.id().as_str(), target.batch.as_str()))
        .collect();
    let StartedRun { batches, devices, unfinished } =
        journal.start_run(service, &names, &rows, Timestamp::now(), mode)?;

    let mut batches: Vec<BatchWork> = batches
        .into_iter()
        .zip(&targets)
        .map(|((key, batch), target)| BatchWork {
            key,
            batch: BatchId::new(batch).unwrap_or_else(|_| target.batch.clone()),
            unfinished: Vec::new(),
            unfinished_devices: HashMap::new(),
            pending: Vec::new(),
        })
        .collect();
    for chunk in unfinished {
        batches[chunk.batch].unfinished.push(chunk);
    }
    let sent = rows.into_iter().filter(|row| matches!(row.status, RowStatus::Ready(_)));
    let mut done = 0;
    for (row, (key, state)) in sent.zip(devices) {
        let CheckedRow {
            origin, label, status, measure: Some(measure), batch: Some(batch), ..
        } = row
        else {
            continue;
        };
        let RowStatus::Ready(identity) = status else { continue };
        let batch = &mut batches[batch];
        let device = ChunkDevice::new(key, identity.kind(), &label);
        let device = PendingDevice { device, origin, measure, identity };
        match state {
            DeviceState::ToSend => batch.pending.push(device),
            DeviceState::InUnfinishedChunk => drop(batch.unfinished_devices.insert(key, device)),
            DeviceState::Finished { outcome, uploads, is_unmanaged }
                if retry_failed
                    && recovery::is_worth_resending(&outcome, uploads, is_unmanaged) =>
            {
                batch.pending.push(device);
            }
            DeviceState::Finished { .. } => done += 1,
        }
    }
    Ok(Prepared { targets, batches, done })
}

/// Returns the service of all targets. A journal records an upload to one service only.
fn common_service<'a>(
    journal: &Journal,
    targets: &'a [Target],
) -> Result<Option<&'a str>, JournalError> {
    let mut services = targets.iter().map(|target| target.customer.base_url());
    let Some(service) = services.next() else { return Ok(None) };
    if services.any(|other| other != service) {
        return Err(journal.other_service(service));
    }
    Ok(Some(service))
}
