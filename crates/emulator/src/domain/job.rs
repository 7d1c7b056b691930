//! Jobs and their status: queued, then processing, then finished. Devices are processed one by one, in the order of the
//! request.

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

/// An upload or a policy update.
pub(crate) struct Job {
    pub(crate) id: Guid,
    pub(crate) customer: CustomerKey,
    /// The batch of an upload. `None` for a policy update.
    pub(crate) batch: Option<BatchKey>,
    pub(crate) accepted: Duration,
    /// The pace for a job of this size.
    pub(crate) pace: Pace,
    /// One row for each device, in the order of the request.
    pub(crate) rows: Vec<JobRow>,
    /// The devices that are not processed yet. They belong to the last rows.
    pub(crate) pending: VecDeque<PendingDevice>,
    /// The number of devices that have failed so far.
    pub(crate) failed: usize,
    pub(crate) finished: Option<Duration>,
    /// The body of the status response, cached once the job is finished.
    pub(super) status_body: OnceLock<Bytes>,
}

/// The status of one device.
pub(crate) struct JobRow {
    pub(crate) device_id: Option<RowDeviceId>,
    pub(crate) serial_number: Option<Arc<str>>,
    pub(crate) product_key: Option<Arc<str>>,
    /// `None` until the device has been processed.
    pub(crate) outcome: Option<Outcome>,
}

/// The id of a device in a job's status.
#[derive(Debug)]
pub(crate) enum RowDeviceId {
    /// The id from the request, as spelled there.
    FromRequest(Box<str>),
    Assigned(Guid),
}

impl fmt::Display for RowDeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FromRequest(text) => f.write_str(text),
            Self::Assigned(id) => id.fmt(f),
        }
    }
}

impl JobRow {
    /// Creates the row of a device that is not processed yet.
    pub(super) fn pending(device_id: Option<RowDeviceId>, device: &DeviceInput) -> Self {
        Self {
            device_id,
            serial_number: device.serial_number.clone(),
            product_key: device.product_key.clone(),
            outcome: None,
        }
    }
}

/// A device that a job has not processed yet.
pub(crate) enum PendingDevice {
    /// Registers the device under this id. The id is generated when the request arrives, so that ids do not depend on
    /// the time.
    Register { id: Guid, device: DeviceInput, identities: Identities },
    /// Changes the policy of the device.
    SetPolicy { device: DeviceInput, identities: Identities },
}

impl Job {
    /// Returns when the first device starts.
    fn processing_starts(&self) -> Duration {
        self.accepted.saturating_add(self.pace.queued).saturating_add(self.pace.processing)
    }

    /// Returns when the first device is done, or when a job without devices is finished.
    pub(crate) fn first_due(&self) -> Duration {
        let first = if self.pending.is_empty() { Duration::ZERO } else { self.pace.per_device };
        self.processing_starts().saturating_add(first)
    }

    /// Returns the body that `render` creates. It is cached for a finished job, because a large one is expensive and
    /// no longer changes.
    pub(crate) fn status_body(&self, render: impl FnOnce() -> Bytes) -> Bytes {
        match self.finished {
            Some(_) => self.status_body.get_or_init(render).clone(),
            None => render(),
        }
    }

    pub(crate) fn status(&self, now: Duration) -> BatchUploadStatus {
        if self.finished.is_some() {
            // Even if devices failed, as in the documented example.
            BatchUploadStatus::Finished
        } else if now < self.accepted.saturating_add(self.pace.queued) {
            BatchUploadStatus::Queued
        } else {
            BatchUploadStatus::Processing
        }
    }

    /// Returns the rows with their current status.
    pub(crate) fn rows(
        &self,
        now: Duration,
    ) -> impl Iterator<Item = (&JobRow, DeviceUploadStatus)> {
        let current =
            (now >= self.processing_starts()).then(|| self.rows.len() - self.pending.len());
        self.rows.iter().enumerate().map(move |(index, row)| {
            let status = match row.outcome {
                Some(Outcome::Done) => DeviceUploadStatus::Finished,
                Some(Outcome::Failed(_)) => DeviceUploadStatus::FinishedWithErrors,
                None if current == Some(index) => DeviceUploadStatus::Processing,
                None => DeviceUploadStatus::Queued,
            };
            (row, status)
        })
    }
}
