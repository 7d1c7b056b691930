//! Applies a plan: sends its chunks and polls their jobs.

use std::ops::Range;

use futures_util::StreamExt as _;
use partner_center_devices::{
    BatchTrackingId, BatchUploadStatus, Client, Customer, Error, Job, PolicyAssignment, Wait,
};
use tokio_util::sync::CancellationToken;

use super::plan::AssignPlan;
use super::report::{AssignOutcome, AssignReport, AssignedDevice};
use super::results::{apply_results, count_done};
use crate::call_effect::ends_all;
use crate::event_stream::EventStream;
use crate::inventory::call_failure::CallFailure;
use crate::upload::chunk::ChunkSize;

/// The execution of an [`AssignPlan`]. Nothing is sent until [`run`](Self::run) is awaited or [`start`](Self::start) is
/// polled. Dropping either stops sending and polling; jobs that the service accepted continue.
#[derive(Debug)]
#[must_use = "nothing is assigned until it is run"]
pub struct Assign {
    customer: Customer,
    plan: AssignPlan,
    chunk_size: ChunkSize,
    wait: Wait,
    cancel: CancellationToken,
}

/// An event of assigning a policy.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum AssignEvent {
    /// The service accepted a chunk.
    #[non_exhaustive]
    Sent {
        /// The number of the chunk, from 1.
        chunk: usize,
        /// The number of chunks.
        chunks: usize,
        /// The number of devices in the chunk.
        devices: usize,
        /// The tracking id of its job.
        tracking_id: BatchTrackingId,
    },
    /// A chunk could not be sent, or its job could not be polled.
    #[non_exhaustive]
    Failed {
        /// The number of the chunk, from 1.
        chunk: usize,
        /// The number of chunks.
        chunks: usize,
        /// The reason.
        failure: CallFailure,
    },
    /// A job was polled.
    #[non_exhaustive]
    Progress {
        /// The number of devices that are finished, including those whose request failed.
        done: usize,
        /// The number of devices to change.
        total: usize,
        /// The status of the current job, if the service returned one.
        status: Option<BatchUploadStatus>,
    },
    /// All chunks are finished. Only sent by [`Assign::start`]; [`Assign::run`] returns the report instead.
    Finished(Box<AssignReport>),
}

impl AssignPlan {
    /// Prepares to apply the plan. Nothing is sent until the result is run.
    pub fn apply(self, client: &Client) -> Assign {
        let customer = client.customer(self.customer.clone());
        Assign {
            customer,
            plan: self,
            chunk_size: ChunkSize::default(),
            wait: Wait::default(),
            cancel: CancellationToken::new(),
        }
    }
}

impl Assign {
    /// Sets the number of devices per request. The default is 500; Microsoft documents no limit for this call.
    pub fn chunk_size(mut self, size: ChunkSize) -> Self {
        self.chunk_size = size;
        self
    }

    /// Sets how to wait for the job of each chunk.
    pub fn wait(mut self, wait: Wait) -> Self {
        self.wait = wait;
        self
    }

    /// Cancels the assignment when `token` is cancelled, for example by a Ctrl-C handler. Nothing more is sent and the
    /// current job is no longer polled. A request in flight is awaited.
    pub fn cancel_with(mut self, token: CancellationToken) -> Self {
        self.cancel = token;
        self
    }

    /// Assigns the policy and reports progress to `on_event`.
    pub async fn run(self, mut on_event: impl FnMut(AssignEvent)) -> AssignReport {
        let Self { customer, plan, chunk_size, wait, cancel } = self;
        let assignments: Vec<_> = plan
            .devices
            .iter()
            .map(|planned| PolicyAssignment::by_id(planned.id.clone(), plan.policy.clone()))
            .collect();
        let mut devices: Vec<_> = plan
            .devices
            .into_iter()
            .map(|planned| AssignedDevice::new(planned, AssignOutcome::NotTried))
            .collect();

        for chunk in Chunk::split(devices.len(), chunk_size) {
            if cancel.is_cancelled() {
                break;
            }
            let assignments = assignments[chunk.range.clone()].to_vec();
            let devices = &mut devices[chunk.range.clone()];
            let result = match customer.device_policies().update(assignments).await {
                Ok(job) => chunk.poll(job, wait, &cancel, devices, &mut on_event).await,
                Err(error) => {
                    chunk.fail(&error, devices);
                    Err(error)
                }
            };
            if let Err(error) = result {
                let Chunk { number, count, .. } = chunk;
                let failure = CallFailure::from(&error);
                on_event(AssignEvent::Failed { chunk: number, chunks: count, failure });
                if ends_all(error.kind()) {
                    break;
                }
            }
        }

        let already_assigned = plan.already_assigned.into_iter();
        devices.extend(
            already_assigned
                .map(|planned| AssignedDevice::new(planned, AssignOutcome::AlreadyAssigned)),
        );
        AssignReport {
            customer: plan.customer,
            policy: plan.policy,
            devices,
            unresolved: plan.unresolved,
            unlisted: plan.unlisted,
        }
    }

    /// Assigns the policy as a stream. The last item is [`AssignEvent::Finished`].
    pub fn start(self) -> EventStream<AssignEvent> {
        EventStream::new(move |sink| async move {
            let report = self.run(|event| sink.put(event)).await;
            AssignEvent::Finished(Box::new(report))
        })
    }
}

/// The devices of one request.
struct Chunk {
    /// The number of the chunk, from 1.
    number: usize,
    /// The number of chunks.
    count: usize,
    /// Its devices.
    range: Range<usize>,
    /// The number of devices in all chunks.
    total: usize,
}

impl Chunk {
    /// Splits devices into chunks.
    fn split(total: usize, size: ChunkSize) -> impl Iterator<Item = Self> {
        let size = size.get();
        let count = total.div_ceil(size);
        (0..count).map(move |index| {
            let start = index * size;
            Self { number: index + 1, count, range: start..total.min(start + size), total }
        })
    }

    /// Records that the request failed.
    fn fail(&self, error: &Error, devices: &mut [AssignedDevice]) {
        let failure = CallFailure::from(error);
        for device in devices {
            device.outcome = if failure.may_have_taken_effect {
                AssignOutcome::Unknown { failure: Some(failure.clone()) }
            } else {
                AssignOutcome::Failed { failure: failure.clone() }
            };
        }
    }

    /// Polls the chunk's job until it is finished, polling fails or `cancel` is cancelled, and records the outcomes of
    /// the last response.
    async fn poll(
        &self,
        job: Job,
        wait: Wait,
        cancel: &CancellationToken,
        devices: &mut [AssignedDevice],
        on_event: &mut impl FnMut(AssignEvent),
    ) -> Result<(), Error> {
        let tracking_id = job.tracking_id().clone();
        for device in &mut *devices {
            device.tracking_id = Some(tracking_id.clone());
            device.outcome = AssignOutcome::Unknown { failure: None };
        }
        let Self { number, count, total, .. } = *self;
        let size = devices.len();
        on_event(AssignEvent::Sent { chunk: number, chunks: count, devices: size, tracking_id });

        let mut statuses = job.statuses(wait);
        let (mut last, mut error) = (None, None);
        loop {
            let response = tokio::select! {
                biased; // do not poll once cancelled
                () = cancel.cancelled() => break,
                response = statuses.next() => response,
            };
            match response {
                Some(Ok(status)) => {
                    let done = self.range.start + count_done(&status).min(size);
                    let job_status = status.status().cloned();
                    on_event(AssignEvent::Progress { done, total, status: job_status });
                    last = Some(status);
                }
                Some(Err(failed)) => error = Some(failed),
                None => break,
            }
        }

        if let Some(status) = &last {
            apply_results(devices, status);
        }
        let Some(error) = error else { return Ok(()) };
        let failure = CallFailure::from(&error);
        for device in devices {
            if let AssignOutcome::Unknown { failure: reason } = &mut device.outcome {
                *reason = Some(failure.clone());
            }
        }
        Err(error)
    }
}
