//! The values that an upload exchanges with its journal.

use partner_center_devices::{BatchTrackingId, DeviceKind, DeviceOutcome, MatchKeys, MatchedBy};
use uuid::Uuid;

use crate::check::checked_row::Label;
use crate::timestamp::Timestamp;

/// The journal's key for a batch of a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct BatchKey(pub(crate) i64);

/// The journal's key for a device in a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct DeviceKey(pub(crate) i64);

/// The journal's key for a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ChunkKey(pub(crate) i64);

/// Selects whether the start of a run is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Run,
    /// Computes the same result and rolls back.
    DryRun,
}

/// The state of a row's device in the journal.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum DeviceState {
    ToSend,
    /// The device is in a chunk whose result is not complete.
    InUnfinishedChunk,
    Finished {
        outcome: DeviceOutcome,
        uploads: u32,
        /// True if the device was already registered, but no batch lists it.
        is_unmanaged: bool,
    },
}

/// The result of recording the rows of a run.
pub(crate) struct StartedRun {
    /// The key and the spelling of each batch, in the order given.
    pub(crate) batches: Vec<(BatchKey, String)>,
    /// The device of each row that sends one, in the order of the rows.
    pub(crate) devices: Vec<(DeviceKey, DeviceState)>,
    /// Chunks of earlier runs, oldest first.
    pub(crate) unfinished: Vec<UnfinishedChunk>,
}

/// A chunk of an earlier run whose result is not complete.
#[derive(Clone, Debug)]
pub(crate) struct UnfinishedChunk {
    pub(crate) key: ChunkKey,
    /// The index of its batch among those of the run.
    pub(crate) batch: usize,
    pub(crate) creates: bool,
    pub(crate) request_id: Uuid,
    pub(crate) correlation_id: Uuid,
    /// The time just before it was sent.
    pub(crate) recorded: Timestamp,
    pub(crate) progress: ChunkProgress,
    pub(crate) devices: Vec<ChunkDevice>,
}

/// How far an unfinished chunk got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ChunkProgress {
    /// It may have been sent.
    Recorded,
    /// The service accepted it under this tracking id.
    Accepted(BatchTrackingId),
    /// Its job finished without reporting all devices.
    Unreported,
}

/// A device in a chunk, with the names under which the service may report it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ChunkDevice {
    pub(crate) key: DeviceKey,
    pub(crate) serial: Option<Box<str>>,
    pub(crate) product_key: Option<Box<str>>,
}

impl ChunkDevice {
    pub(crate) fn new(key: DeviceKey, kind: DeviceKind, label: &Label) -> Self {
        let (serial, product_key) = names_in_response(kind, label);
        Self { key, serial: serial.map(Into::into), product_key: product_key.map(Into::into) }
    }
}

impl<'a> From<&'a ChunkDevice> for MatchKeys<'a> {
    fn from(device: &'a ChunkDevice) -> Self {
        Self::new(device.serial.as_deref(), device.product_key.as_deref())
    }
}

/// Returns the serial number and product key under which the service may report a device.
pub(crate) fn names_in_response(kind: DeviceKind, label: &Label) -> (Option<&str>, Option<&str>) {
    let (serial, key) = (label.serial_number.as_deref(), label.product_key.as_deref());
    match kind {
        DeviceKind::HardwareHash => (serial, key),
        DeviceKind::ProductKey => (None, key),
        _ => (serial, None),
    }
}

/// A request that got no response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LostResponse {
    pub(crate) chunk: ChunkKey,
    /// The id of the customer.
    pub(crate) customer: String,
    pub(crate) correlation_id: Uuid,
    /// The time just before it was sent.
    pub(crate) recorded: Timestamp,
}

/// Where results come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ResultSource {
    Job,
    /// A list of the batch.
    Batch,
}

/// The service's response to a chunk that it accepted.
pub(crate) struct Acceptance<'a> {
    pub(crate) tracking_id: &'a str,
    pub(crate) correlation_id: Option<&'a str>,
    pub(crate) cv: Option<&'a str>,
}

/// The outcome of one device.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DeviceResult {
    pub(crate) device: DeviceKey,
    pub(crate) outcome: DeviceOutcome,
    /// The service's code and name for a device that failed or was already registered.
    pub(crate) error: Option<(String, String)>,
    pub(crate) service_id: Option<String>,
    pub(crate) matched_by: Option<MatchedBy>,
}

impl DeviceResult {
    /// Returns the result of a device that was not reported.
    pub(crate) fn pending(device: DeviceKey) -> Self {
        Self {
            device,
            outcome: DeviceOutcome::Pending,
            error: None,
            service_id: None,
            matched_by: None,
        }
    }
}

/// What happens to devices that were not found in a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MissingDevices {
    /// They are sent again by this run.
    Resend,
    /// Their outcome stays unknown; a later run sends them again.
    LeaveUnknown,
}
