//! An upload without its effects. Decides nothing of its own: the plan is that of the upload, and each request is the
//! client's own, caught before it leaves.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use partner_center_devices::{BatchId, Client, CustomerId, DeviceIdentity, Retry};
use serde::Serialize;

use super::executor::{self, Start, Waiting};
use super::requests;
use super::{Failure, Step, Upload, UploadError};
use crate::journal::{ChunkState, Journal, Left, Mode};
use crate::report::Report;
use crate::upload::chunk::Fingerprint;
use crate::upload::plan::plan;

/// What an [`Upload`] would do now.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct DryRun {
    /// Devices that have an outcome already, in the journal, and are left alone.
    pub settled: usize,
    /// Devices in requests of an earlier run whose end is not known.
    pub open: usize,
    /// Those requests: they would be settled first.
    pub unsettled: Vec<UnfinishedRequest>,
    /// What would be sent to each batch, in the order in which the rows name them.
    pub batches: Vec<PlannedBatch>,
}

/// A request of an earlier run whose end is not known.
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
    /// How far it came: `noted`, and it would be sent again under the same id; `accepted`, and its job would be asked
    /// for; `unanswered`, and it would be looked which of its devices stand in the batch.
    pub state: ChunkState,
    /// Its `MS-RequestId`.
    pub request_id: String,
    /// How many devices are in it.
    pub devices: usize,
}

/// What would be sent to one batch.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PlannedBatch {
    /// The customer.
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub customer: CustomerId,
    /// The batch; if it exists, as the service spells it. Its name becomes the group tag that the customer sees.
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub batch: BatchId,
    /// Whether the batch is new. If not, the devices are added to those it has.
    pub creates_batch: bool,
    /// The requests, in order.
    pub requests: Vec<PlannedRequest>,
}

/// One request that would be sent.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PlannedRequest {
    /// The method.
    pub method: String,
    /// The path and query below the service's root.
    pub path: String,
    /// The length of the body, in bytes.
    pub bytes: usize,
    /// The fingerprint of its devices, in hexadecimal digits.
    pub content: String,
    /// The body, its hardware hashes shortened.
    pub body: serde_json::Value,
    /// The rows its devices are from, in the order of the body.
    pub rows: Vec<PlannedRow>,
}

/// Where a device of a request is from.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct PlannedRow {
    /// The source, most often the path of a file.
    pub source: String,
    /// The line, from 1.
    pub line: u64,
}

pub(super) async fn run(upload: Upload) -> Result<DryRun, UploadError> {
    let Upload { routes, rows, limits, retry, journal, .. } = upload;
    let mut journal = match journal {
        Some(journal) => journal,
        None => Journal::in_memory()?,
    };
    let Start { targets, settled } =
        executor::start(&mut journal, &routes, rows, retry, Mode::Rehearsal)?;
    let mut open = 0;
    let mut unsettled = Vec::new();
    let mut batches = Vec::new();
    let mut known: Vec<(String, Vec<String>)> = Vec::new();
    for (route, target) in routes.into_iter().zip(targets) {
        let (customer, batch) = (route.customer, target.batch);
        for chunk in &target.left {
            open += chunk.devices.len();
            unsettled.push(UnfinishedRequest {
                customer: customer.id().clone(),
                batch: batch.clone(),
                state: match chunk.left {
                    Left::Noted => ChunkState::Noted,
                    Left::Accepted(_) => ChunkState::Accepted,
                    Left::Unanswered => ChunkState::Unanswered,
                },
                request_id: chunk.request_id.to_string(),
                devices: chunk.devices.len(),
            });
        }
        if target.pending.is_empty() {
            continue;
        }
        let id = customer.id().as_str().to_ascii_lowercase();
        let there = match known.iter().position(|(known, _)| *known == id) {
            Some(place) => place,
            None => {
                let names = requests::batch_names(customer.clone()).await.map_err(|error| {
                    let step = Step::ListBatches;
                    let customer = customer.id().clone();
                    let failure = Failure { customer, batch: batch.clone(), step, error };
                    UploadError::Calls {
                        report: Box::new(Report::default()),
                        failures: vec![failure],
                    }
                })?;
                known.push((id, names));
                known.len() - 1
            }
        };
        let lengths: Vec<usize> =
            target.pending.iter().map(|waiting| waiting.measure.length).collect();
        let (waiting, devices): (Vec<_>, Vec<_>) = target.pending.into_iter().map(separate).unzip();
        let made = target.left.iter().any(|chunk| chunk.creates).then(|| batch.to_string());
        let existing: Vec<String> = known[there].1.iter().cloned().chain(made).collect();
        let plan = plan(customer.id().clone(), &existing, batch, lengths, limits);
        let mut creates = plan.creates_batch();
        let mut rest = waiting.into_iter().zip(devices);
        let mut requests = Vec::new();
        for &size in plan.chunks() {
            let (rows, devices) = rest.by_ref().take(size).unzip();
            requests.push(request(customer.id(), plan.batch(), creates, devices, rows).await);
            creates = false;
        }
        batches.push(PlannedBatch {
            customer: customer.id().clone(),
            batch: plan.batch().clone(),
            creates_batch: plan.creates_batch(),
            requests,
        });
    }
    Ok(DryRun { settled, open, unsettled, batches })
}

fn separate(waiting: Waiting) -> (PlannedRow, DeviceIdentity) {
    let row =
        PlannedRow { source: waiting.origin.source().to_owned(), line: waiting.origin.line() };
    (row, waiting.identity)
}

/// The request that the client would send.
async fn request(
    customer: &CustomerId,
    batch: &BatchId,
    creates: bool,
    devices: Vec<DeviceIdentity>,
    rows: Vec<PlannedRow>,
) -> PlannedRequest {
    let content = Fingerprint::of_chunk(devices.iter().map(Fingerprint::of)).to_string();
    let short: Vec<Option<String>> =
        devices.iter().map(|device| device.hardware_hash().map(ToString::to_string)).collect();
    let (method, path, body) = caught(customer, batch, creates, devices).await;
    let mut json: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    let list = if creates { json.get_mut("devices") } else { Some(&mut json) };
    let list = list.and_then(serde_json::Value::as_array_mut);
    for (device, short) in list.into_iter().flatten().zip(short) {
        if let (Some(hash), Some(short)) = (device.get_mut("hardwareHash"), short) {
            *hash = short.into();
        }
    }
    PlannedRequest { method, path, bytes: body.len(), content, body: json, rows }
}

/// Lets the client send to a service that takes notes and refuses.
async fn caught(
    customer: &CustomerId,
    batch: &BatchId,
    creates: bool,
    devices: Vec<DeviceIdentity>,
) -> (String, String, Bytes) {
    let seen = Arc::new(Mutex::new((String::new(), String::new(), Bytes::new())));
    let noted = Arc::clone(&seen);
    let service = move |request: Request<Bytes>| {
        let (head, body) = request.into_parts();
        let path = head.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
        *noted.lock().unwrap_or_else(PoisonError::into_inner) =
            (head.method.to_string(), path, body);
        let mut answer = Response::new(Bytes::new());
        *answer.status_mut() = StatusCode::BAD_REQUEST;
        answer
    };
    if let Ok(client) = Client::builder().in_process(service).retry(Retry::never()).build() {
        let customer = client.customer(customer.clone());
        let call = requests::upload(&customer, batch.clone(), creates, devices);
        drop(call.await); // always refused
    }
    let seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    seen.clone()
}
