//! The calls of an upload. Each is a future that owns what it needs and returns a [`Completed`].

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use partner_center_devices::{
    BatchId, BatchUploadDetails, Call, Customer, DeviceIdentity, Error, ErrorKind, Job,
    RawResponse, Statuses,
};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::read_back::DeviceFinder;
use super::state::Chunk;
use crate::journal::{ChunkDevice, ChunkKey, DeviceResult};

/// A finished call.
pub(super) enum Completed {
    Listed {
        customer: usize,
        result: Result<Vec<String>, Error>,
    },
    Sent {
        chunk: ChunkKey,
        result: Result<(Job, RawResponse), Error>,
    },
    /// The upload was cancelled before the chunk was resent.
    NotResent {
        chunk: ChunkKey,
    },
    /// A poll, and the stream for the next one. Without a status the job is finished.
    Polled {
        chunk: ChunkKey,
        statuses: Box<Statuses>,
        status: Option<Result<BatchUploadDetails, Error>>,
    },
    /// The devices of these chunks that are in their batch.
    ReadBack {
        chunks: Vec<ChunkKey>,
        result: Result<Vec<DeviceResult>, Error>,
    },
}

pub(super) type Running = BoxFuture<'static, Completed>;

pub(super) fn list_batches(customer: usize, of: &Customer) -> Running {
    let names = batch_names(of.clone());
    Box::pin(async move { Completed::Listed { customer, result: names.await } })
}

/// Returns the names of a customer's batches.
pub(super) async fn batch_names(customer: Customer) -> Result<Vec<String>, Error> {
    let batches = customer.device_batches().list().await?;
    Ok(batches.iter().filter_map(|batch| batch.id_text().map(ToOwned::to_owned)).collect())
}

/// Returns the call that uploads devices by creating a batch or appending to it.
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

/// Sends a chunk, after a pause if it is resent.
pub(super) fn send(
    key: ChunkKey,
    chunk: &Chunk,
    customer: &Customer,
    pause: Duration,
    cancel: CancellationToken,
) -> Running {
    // Cloned, because the chunk may have to be resent.
    let devices = chunk.contents.iter().flatten().map(|device| device.identity.clone()).collect();
    let call = upload(customer, chunk.batch_id.clone(), chunk.creates, devices)
        .request_id(chunk.request_id)
        .correlation_id(chunk.correlation_id)
        .with_raw();
    Box::pin(async move {
        if !pause.is_zero() && tokio::time::timeout(pause, cancel.cancelled()).await.is_ok() {
            return Completed::NotResent { chunk: key };
        }
        Completed::Sent { chunk: key, result: call.await }
    })
}

/// Waits for the next status of a job.
pub(super) fn poll(chunk: ChunkKey, mut statuses: Box<Statuses>) -> Running {
    Box::pin(async move {
        let status = statuses.next().await;
        Completed::Polled { chunk, statuses, status }
    })
}

/// Polls a job after a pause.
pub(super) fn poll_after(chunk: ChunkKey, statuses: Box<Statuses>, pause: Duration) -> Running {
    Box::pin(async move {
        tokio::time::sleep(pause).await;
        poll(chunk, statuses).await
    })
}

/// Reads a batch, now or at a later time, to find the devices of some chunks. A batch that does not exist is empty.
pub(super) fn read_back(
    chunks: Vec<ChunkKey>,
    devices: Vec<Arc<[ChunkDevice]>>,
    customer: &Customer,
    batch: BatchId,
    at: Option<Instant>,
) -> Running {
    let mut list = customer.device_batch(batch).devices().list();
    Box::pin(async move {
        if let Some(at) = at {
            tokio::time::sleep_until(at).await;
        }
        let mut finder = DeviceFinder::new(devices.iter().flat_map(|devices| devices.iter()));
        let mut found = Vec::new();
        while let Some(device) = list.next().await {
            match device {
                Ok(device) => found.extend(finder.take(&device)),
                Err(error) if error.kind() == ErrorKind::NotFound => break,
                Err(error) => return Completed::ReadBack { chunks, result: Err(error) },
            }
            if finder.is_empty() {
                break;
            }
        }
        Completed::ReadBack { chunks, result: Ok(found) }
    })
}
