//! Decides where a job stands at a moment: queued, then processing, then finished, its devices one by one in
//! the order of the request. Time moves only through [`World::advance`](crate::domain::world::World::advance).

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use partner_center_devices_raw::types::{BatchUploadStatus, DeviceUploadStatus};

use crate::domain::device::{DeviceInput, Identities};
use crate::domain::ids::Guid;
use crate::domain::keys::{BatchKey, CustomerKey};
use crate::domain::outcome::Outcome;
use crate::domain::pace::Pace;

/// One upload or policy update.
pub(crate) struct Job {
    pub(crate) id: Guid,
    pub(crate) customer: CustomerKey,
    /// The batch that an upload fills; a policy update has none.
    pub(crate) batch: Option<BatchKey>,
    pub(crate) accepted: Duration,
    /// That of a job of this size.
    pub(crate) pace: Pace,
    /// One for each device of the request, in its order.
    pub(crate) rows: Vec<Row>,
    /// What is still to do: the last of the rows.
    pub(crate) pending: VecDeque<PendingDevice>,
    /// How many devices have failed so far.
    pub(crate) failed: usize,
    pub(crate) finished: Option<Duration>,
    /// What is shown of it, made once it is finished.
    pub(crate) shown: OnceLock<Bytes>,
}

/// What the status says of one device.
pub(crate) struct Row {
    pub(crate) device_id: Option<RowDeviceId>,
    pub(crate) serial_number: Option<Arc<str>>,
    pub(crate) product_key: Option<Arc<str>>,
    /// `None` until the device's turn is over.
    pub(crate) outcome: Option<Outcome>,
}

/// The id of a device in a row.
#[derive(Debug)]
pub(crate) enum RowDeviceId {
    /// As the request has it.
    Sent(Box<str>),
    Made(Guid),
}

impl fmt::Display for RowDeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sent(text) => f.write_str(text),
            Self::Made(id) => id.fmt(f),
        }
    }
}

impl Row {
    /// The row of a device whose turn is to come. Its names are those it was sent with.
    pub(crate) fn waiting(device_id: Option<RowDeviceId>, device: &DeviceInput) -> Self {
        Self {
            device_id,
            serial_number: device.serial_number.clone(),
            product_key: device.product_key.clone(),
            outcome: None,
        }
    }
}

/// What a job does with one device when its turn comes.
pub(crate) enum PendingDevice {
    /// Register it under this id, which is drawn when the request comes, so that ids do not depend on time.
    Register { id: Guid, device: DeviceInput, identities: Identities },
    /// Change its policy.
    SetPolicy { device: DeviceInput, identities: Identities },
}

impl Job {
    /// When the first device's turn begins.
    fn begins(&self) -> Duration {
        self.accepted.saturating_add(self.pace.queued).saturating_add(self.pace.processing)
    }

    /// When the job first has something to do: its first device is done, or it ends without one.
    pub(crate) fn first_due(&self) -> Duration {
        let turn = if self.pending.is_empty() { Duration::ZERO } else { self.pace.per_device };
        self.begins().saturating_add(turn)
    }

    /// The body that `show` makes. That of a finished job never changes, and a large one is dear, so it is made
    /// once.
    pub(crate) fn shown_by(&self, show: impl FnOnce() -> Bytes) -> Bytes {
        match self.finished {
            Some(_) => self.shown.get_or_init(show).clone(),
            None => show(),
        }
    }

    pub(crate) fn status(&self, now: Duration) -> BatchUploadStatus {
        if self.finished.is_some() {
            // Also when devices failed, as the documented example has it.
            BatchUploadStatus::Finished
        } else if now < self.accepted.saturating_add(self.pace.queued) {
            BatchUploadStatus::Queued
        } else {
            BatchUploadStatus::Processing
        }
    }

    /// The rows and where each of them stands.
    pub(crate) fn rows(&self, now: Duration) -> impl Iterator<Item = (&Row, DeviceUploadStatus)> {
        let turn = (now >= self.begins()).then(|| self.rows.len() - self.pending.len());
        self.rows.iter().enumerate().map(move |(place, row)| {
            let status = match row.outcome {
                Some(Outcome::Done) => DeviceUploadStatus::Finished,
                Some(Outcome::Failed(_)) => DeviceUploadStatus::FinishedWithErrors,
                None if turn == Some(place) => DeviceUploadStatus::Processing,
                None => DeviceUploadStatus::Queued,
            };
            (row, status)
        })
    }
}
