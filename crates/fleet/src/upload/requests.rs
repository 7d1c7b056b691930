//! The calls of an upload, each a future that owns all it needs and ends in a [`Done`].

use std::collections::HashMap;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use partner_center_devices::{
    BatchId, BatchUploadDetails, Call, Customer, Device, DeviceIdentity, DeviceOutcome, Error,
    ErrorKind, Job, MatchedBy, RawResponse, Statuses,
};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::journal::{ChunkKey, OpenDevice, Settled};

/// A chunk on its way.
#[derive(Debug)]
pub(super) struct Flight {
    pub(super) target: usize,
    /// The batch, as it is sent to.
    pub(super) batch: BatchId,
    /// Its place among the chunks of its batch in this run, from 1.
    pub(super) number: usize,
    pub(super) chunk: ChunkKey,
    pub(super) creates: bool,
    pub(super) request_id: Uuid,
    pub(super) correlation_id: Uuid,
    /// What its answers can name, in the order in which they were sent.
    pub(super) devices: Vec<OpenDevice>,
    /// What is sent, as far as the files still have it. Empty once the service took it.
    pub(super) identities: Vec<Option<DeviceIdentity>>,
    /// Whether it may have been sent before.
    pub(super) in_doubt: bool,
    /// How often this run sent it.
    pub(super) rounds: usize,
    /// How many of its devices are of rows of this run, and were not counted as settled when it began.
    pub(super) open: usize,
    /// How many of those the last look showed as decided.
    pub(super) decided: usize,
    /// The job, and when it was taken, if that was in this run.
    pub(super) job: Option<(Job, Instant)>,
    /// Until when a job that nobody knows of may still bring its devices into the batch.
    pub(super) may_appear_until: Instant,
    /// Whether nothing else may be sent to its batch meanwhile.
    pub(super) is_busy: bool,
    /// Whether it is among the jobs that are followed.
    pub(super) is_followed: bool,
    /// Whether devices that do not stand in the batch are to be sent again.
    pub(super) releases: bool,
}

/// How a call ended.
pub(super) enum Done {
    Listed(usize, Result<Vec<String>, Error>),
    Sent(Box<Flight>, Result<(Job, RawResponse), Error>),
    /// The upload was asked to stop before the chunk was sent again.
    Unsent(Box<Flight>),
    /// One look, and what gives the next. Without a look the job is over.
    Looked(Box<Flight>, Box<Statuses>, Option<Result<BatchUploadDetails, Error>>),
    /// Of one or more chunks of one batch.
    #[expect(clippy::vec_box, reason = "they come boxed and go on so")]
    ReadBack(Vec<Box<Flight>>, Result<Vec<Settled>, Error>),
}

pub(super) type Running = BoxFuture<'static, Done>;

/// Lists the batches of a customer.
pub(super) fn list(place: usize, customer: &Customer) -> Running {
    let names = batch_names(customer.clone());
    Box::pin(async move { Done::Listed(place, names.await) })
}

/// The names of a customer's batches.
pub(super) async fn batch_names(customer: Customer) -> Result<Vec<String>, Error> {
    let batches = customer.device_batches().list().await?;
    Ok(batches.iter().filter_map(|batch| batch.id().map(ToOwned::to_owned)).collect())
}

/// The call that uploads devices: it makes the batch, or adds to it.
pub(super) fn upload(
    customer: &Customer,
    batch: BatchId,
    creates: bool,
    devices: Vec<DeviceIdentity>,
) -> Call<Job> {
    if creates {
        customer.device_batches().create(batch, devices)
    } else {
        customer.device_batch(batch).devices().add(devices)
    }
}

/// Sends a chunk, after a pause if it was sent before.
pub(super) fn send(
    flight: Box<Flight>,
    customer: &Customer,
    pause: Duration,
    cancel: CancellationToken,
) -> Running {
    // Kept until the service took them.
    let devices: Vec<DeviceIdentity> = flight.identities.iter().flatten().cloned().collect();
    let call = upload(customer, flight.batch.clone(), flight.creates, devices)
        .request_id(flight.request_id)
        .correlation_id(flight.correlation_id)
        .with_raw();
    Box::pin(async move {
        if !pause.is_zero() && tokio::time::timeout(pause, cancel.cancelled()).await.is_ok() {
            return Done::Unsent(flight);
        }
        let answer = call.await;
        Done::Sent(flight, answer)
    })
}

/// Waits for the next look at a job.
pub(super) fn look(flight: Box<Flight>, mut statuses: Box<Statuses>) -> Running {
    Box::pin(async move {
        let look = statuses.next().await;
        Done::Looked(flight, statuses, look)
    })
}

/// Looks at a job anew after a pause.
pub(super) fn look_again(flight: Box<Flight>, statuses: Box<Statuses>, pause: Duration) -> Running {
    Box::pin(async move {
        tokio::time::sleep(pause).await;
        look(flight, statuses).await
    })
}

/// Looks which of the chunks' devices stand in their batch, at once or from a moment on. A batch that is not there
/// has none.
#[expect(clippy::vec_box, reason = "they come boxed and go on so")]
pub(super) fn read_back(
    flights: Vec<Box<Flight>>,
    customer: &Customer,
    from: Option<Instant>,
) -> Running {
    let lists =
        flights.first().map(|flight| customer.device_batch(flight.batch.clone()).devices().list());
    Box::pin(async move {
        let Some(mut list) = lists else { return Done::ReadBack(flights, Ok(Vec::new())) };
        if let Some(from) = from {
            tokio::time::sleep_until(from).await;
        }
        let mut wanted = Wanted::of(flights.iter().flat_map(|flight| &flight.devices));
        let mut found = Vec::new();
        while let Some(device) = list.next().await {
            match device {
                Ok(device) => found.extend(wanted.take(&device)),
                Err(error) if error.kind() == ErrorKind::NotFound => break,
                Err(error) => {
                    drop(wanted);
                    return Done::ReadBack(flights, Err(error));
                }
            }
            if wanted.is_empty() {
                break;
            }
        }
        drop(wanted);
        Done::ReadBack(flights, Ok(found))
    })
}

/// Devices that are looked for, by the names that a list has. A device without a name cannot be found, nor one whose
/// name another has too.
struct Wanted<'a> {
    by_serial: HashMap<String, &'a OpenDevice>,
    by_key: HashMap<String, &'a OpenDevice>,
}

impl<'a> Wanted<'a> {
    fn of(devices: impl Iterator<Item = &'a OpenDevice> + Clone) -> Self {
        let by = |name: fn(&OpenDevice) -> Option<&str>| {
            let mut named: HashMap<String, Option<&OpenDevice>> = HashMap::new();
            for device in devices.clone() {
                if let Some(name) = name(device) {
                    named.entry(folded(name)).and_modify(|one| *one = None).or_insert(Some(device));
                }
            }
            named.into_iter().filter_map(|(name, device)| Some((name, device?))).collect()
        };
        Self {
            by_serial: by(|device| device.serial.as_deref()),
            by_key: by(|device| device.product_key.as_deref()),
        }
    }

    fn take(&mut self, listed: &Device) -> Option<Settled> {
        let by_serial =
            listed.serial_number().and_then(|name| self.by_serial.remove(&folded(name)));
        let by_key = listed.product_key().and_then(|name| self.by_key.remove(&folded(name)));
        let (device, by) = match (by_serial, by_key) {
            (Some(device), _) => (device, MatchedBy::SerialNumber),
            (None, Some(device)) => (device, MatchedBy::ProductKey),
            (None, None) => return None,
        };
        // Not once more by its other name.
        if let Some(name) = &device.serial {
            self.by_serial.remove(&folded(name));
        }
        if let Some(name) = &device.product_key {
            self.by_key.remove(&folded(name));
        }
        Some(Settled {
            device: device.key,
            outcome: DeviceOutcome::Succeeded,
            error: None,
            service_id: listed.id().map(ToOwned::to_owned),
            matched_by: Some(by),
        })
    }

    fn is_empty(&self) -> bool {
        self.by_serial.is_empty() && self.by_key.is_empty()
    }
}

fn folded(name: &str) -> String {
    name.trim().to_ascii_uppercase()
}
