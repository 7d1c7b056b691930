//! A dry run: the plan of an upload, and each request as the client would send it.
//!
//! The requests come from the client itself. It sends them to a service in this process that captures and refuses them.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use partner_center_devices::{BatchId, Client, Customer, CustomerId, DeviceIdentity, Error, Retry};
use serde::Serialize;

use super::chunk::ChunkLimits;
use super::error::{Failure, Step, UploadError};
use super::plan::plan;
use super::prepare::{self, BatchWork, Input, PendingDevice, Prepared};
use super::requests;
use crate::fingerprint::Fingerprint;
use crate::journal::{ChunkProgress, ChunkState, Journal, Mode, UnfinishedChunk};
use crate::report::Report;

/// The result of a dry run: the requests that an upload would send now.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct DryRun {
    /// The number of devices that already have an outcome in the journal and are skipped.
    #[serde(rename = "settled")]
    pub done: usize,
    /// The number of devices in unfinished requests of an earlier run.
    #[serde(rename = "open")]
    pub unfinished_devices: usize,
    /// The unfinished requests of an earlier run, which are resumed first.
    #[serde(rename = "unsettled")]
    pub unfinished: Vec<UnfinishedRequest>,
    /// The requests to each batch, in the order in which the rows name the batches.
    pub batches: Vec<PlannedBatch>,
}

/// A request of an earlier run whose result is not known.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct UnfinishedRequest {
    /// The customer.
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub customer: CustomerId,
    /// The batch.
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub batch: BatchId,
    /// How far the request got, which decides how it is resumed. `noted`: it is resent under the same id. `accepted`: its
    /// job is polled. `unanswered`: the batch is read to find its devices.
    pub state: ChunkState,
    /// The `MS-RequestId` of the request.
    pub request_id: String,
    /// The number of devices in the request.
    pub devices: usize,
}

/// The requests to one batch.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PlannedBatch {
    /// The customer.
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub customer: CustomerId,
    /// The batch, spelled as the service spells it if it exists. The customer sees its name as the group tag.
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub batch: BatchId,
    /// True if the first request creates the batch. If not, devices are added to an existing one.
    pub creates_batch: bool,
    /// The requests, in order.
    pub requests: Vec<PlannedRequest>,
}

/// A request that would be sent.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PlannedRequest {
    /// The HTTP method.
    pub method: String,
    /// The path and query, relative to the root of the service.
    pub path: String,
    /// The length of the body in bytes.
    pub bytes: usize,
    /// The fingerprint of the devices, in hexadecimal digits.
    pub content: String,
    /// The body, with shortened hardware hashes.
    pub body: serde_json::Value,
    /// The rows that the devices come from, in the order of the body.
    pub rows: Vec<PlannedRow>,
}

/// The row that a device of a request comes from.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PlannedRow {
    /// The source, usually the path of a file.
    pub source: String,
    /// The line number, starting at 1.
    pub line: u64,
}

pub(super) async fn run(
    input: Input,
    limits: ChunkLimits,
    mut journal: Journal,
) -> Result<DryRun, UploadError> {
    let Prepared { targets, batches, done } = prepare::prepare(&mut journal, input, Mode::DryRun)?;
    let mut dry_run =
        DryRun { done, unfinished_devices: 0, unfinished: Vec::new(), batches: Vec::new() };
    let mut existing = ExistingBatches::default();
    for (target, work) in targets.into_iter().zip(batches) {
        let customer = target.customer;
        for chunk in &work.unfinished {
            dry_run.unfinished_devices += chunk.devices.len();
            dry_run.unfinished.push(unfinished_request(customer.id(), &work.batch, chunk));
        }
        if work.pending.is_empty() {
            continue;
        }
        let names = existing
            .of(&customer)
            .await
            .map_err(|error| list_failure(&customer, work.batch.clone(), error))?;
        dry_run.batches.push(planned_batch(customer.id(), names, work, limits).await);
    }
    Ok(dry_run)
}

/// The names of each customer's batches, listed once.
#[derive(Default)]
struct ExistingBatches(Vec<(String, Vec<String>)>);

impl ExistingBatches {
    async fn of(&mut self, customer: &Customer) -> Result<&[String], Error> {
        let id = customer.id().as_str().to_ascii_lowercase();
        let index = match self.0.iter().position(|(known, _)| *known == id) {
            Some(index) => index,
            None => {
                let names = requests::batch_names(customer.clone()).await?;
                self.0.push((id, names));
                self.0.len() - 1
            }
        };
        Ok(&self.0[index].1)
    }
}

fn list_failure(customer: &Customer, batch: BatchId, error: Error) -> UploadError {
    let customer = customer.id().clone();
    let failure = Failure { customer, batch, step: Step::ListBatches, error };
    UploadError::Calls { report: Box::new(Report::default()), failures: vec![failure] }
}

fn unfinished_request(
    customer: &CustomerId,
    batch: &BatchId,
    chunk: &UnfinishedChunk,
) -> UnfinishedRequest {
    UnfinishedRequest {
        customer: customer.clone(),
        batch: batch.clone(),
        state: match chunk.progress {
            ChunkProgress::Recorded => ChunkState::Recorded,
            ChunkProgress::Accepted(_) => ChunkState::Accepted,
            ChunkProgress::Unreported => ChunkState::Unreported,
        },
        request_id: chunk.request_id.to_string(),
        devices: chunk.devices.len(),
    }
}

async fn planned_batch(
    customer: &CustomerId,
    existing: &[String],
    work: BatchWork,
    limits: ChunkLimits,
) -> PlannedBatch {
    let BatchWork { batch, unfinished, pending, .. } = work;
    // An unfinished request creates the batch before the planned ones are sent.
    let created = unfinished.iter().any(|chunk| chunk.creates).then(|| batch.to_string());
    let existing: Vec<String> = existing.iter().cloned().chain(created).collect();
    let lengths = pending.iter().map(|device| device.measure.length);
    let plan = plan(customer.clone(), &existing, batch, lengths, limits);
    let mut creates = plan.creates_batch();
    let mut pending = pending.into_iter();
    let mut requests = Vec::new();
    for &size in plan.chunks() {
        let devices = pending.by_ref().take(size).collect();
        requests.push(planned_request(customer, plan.batch(), creates, devices).await);
        creates = false;
    }
    PlannedBatch {
        customer: customer.clone(),
        batch: plan.batch().clone(),
        creates_batch: plan.creates_batch(),
        requests,
    }
}

/// Returns the request that the client would send for these devices.
async fn planned_request(
    customer: &CustomerId,
    batch: &BatchId,
    creates: bool,
    devices: Vec<PendingDevice>,
) -> PlannedRequest {
    let content = Fingerprint::of_chunk(devices.iter().map(|device| device.measure.fingerprint));
    let (rows, devices): (Vec<_>, Vec<_>) = devices
        .into_iter()
        .map(|PendingDevice { origin, identity, .. }| {
            (PlannedRow { source: origin.source().to_owned(), line: origin.line() }, identity)
        })
        .unzip();
    let short_hashes: Vec<Option<String>> =
        devices.iter().map(|device| device.hardware_hash().map(ToString::to_string)).collect();
    let (method, path, body) = capture(customer, batch, creates, devices).await;
    let mut json: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    let list = if creates { json.get_mut("devices") } else { Some(&mut json) };
    let list = list.and_then(serde_json::Value::as_array_mut);
    for (device, short) in list.into_iter().flatten().zip(short_hashes) {
        if let (Some(hash), Some(short)) = (device.get_mut("hardwareHash"), short) {
            *hash = short.into();
        }
    }
    let content = content.to_string();
    PlannedRequest { method, path, bytes: body.len(), content, body: json, rows }
}

/// Lets the client upload devices to a service that captures the request and refuses it. Returns the method, the path
/// and the body.
async fn capture(
    customer: &CustomerId,
    batch: &BatchId,
    creates: bool,
    devices: Vec<DeviceIdentity>,
) -> (String, String, Bytes) {
    let captured = Arc::new(Mutex::new((String::new(), String::new(), Bytes::new())));
    let capture = Arc::clone(&captured);
    let service = move |request: Request<Bytes>| {
        let (head, body) = request.into_parts();
        let path = head.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
        *capture.lock().unwrap_or_else(PoisonError::into_inner) =
            (head.method.to_string(), path, body);
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = StatusCode::BAD_REQUEST;
        response
    };
    if let Ok(client) = Client::builder().in_process(service).retry(Retry::never()).build() {
        let customer = client.customer(customer.clone());
        let call = requests::upload(&customer, batch.clone(), creates, devices);
        drop(call.await); // always refused
    }
    let captured = captured.lock().unwrap_or_else(PoisonError::into_inner);
    captured.clone()
}
