//! The progress events of an upload.

use std::time::Duration;

use partner_center_devices::{BatchId, BatchTrackingId, BatchUploadStatus, CustomerId};

use super::error::Step;
use super::plan::Plan;
use crate::report::Report;

/// An event during an upload.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// The journal has results of an earlier run. Always the first event.
    #[non_exhaustive]
    Resumed {
        /// The number of devices that already have an outcome and are skipped.
        done: usize,
        /// The number of devices in requests whose result is not known yet.
        unfinished: usize,
        /// The total number of devices.
        total: usize,
    },
    /// The requests to a batch are planned, because the customer's batches are known. All batches of a customer are
    /// planned before new devices are sent to one of them. Sent again if the plan changes because someone else created
    /// the batch in the meantime.
    #[non_exhaustive]
    Planned {
        /// The plan.
        plan: Plan,
    },
    /// A new chunk is about to be sent.
    #[non_exhaustive]
    Sending {
        /// The customer.
        customer: CustomerId,
        /// The batch.
        batch: BatchId,
        /// The number of the chunk in this batch and run, starting at 1.
        chunk: usize,
        /// The number of devices in the chunk.
        devices: usize,
    },
    /// The service accepted a chunk.
    #[non_exhaustive]
    Sent {
        /// The customer.
        customer: CustomerId,
        /// The batch.
        batch: BatchId,
        /// The number of the chunk in this batch and run, starting at 1.
        chunk: usize,
        /// The number of devices in the chunk.
        devices: usize,
        /// The tracking id of the job.
        tracking_id: BatchTrackingId,
    },
    /// A job was polled.
    #[non_exhaustive]
    Progress {
        /// The number of devices in the whole upload that have an outcome.
        done: usize,
        /// The total number of devices.
        total: usize,
        /// The remaining time, if the jobs so far show it. An estimate that changes with each poll.
        left: Option<Duration>,
        /// The status of the polled job, if the service reported one.
        status: Option<BatchUploadStatus>,
    },
    /// All devices of a chunk have an outcome, or none can be obtained for the rest.
    #[non_exhaustive]
    ChunkFinished {
        /// The customer.
        customer: CustomerId,
        /// The batch.
        batch: BatchId,
        /// The number of the chunk in this batch and run, starting at 1.
        chunk: usize,
        /// The number of devices in the chunk.
        devices: usize,
        /// The number of devices that the service refused.
        failed: usize,
    },
    /// It is unclear whether the service accepted a chunk. The chunk is resent under the same request id, or the batch
    /// is read.
    #[non_exhaustive]
    Unconfirmed {
        /// The customer.
        customer: CustomerId,
        /// The batch.
        batch: BatchId,
        /// The number of the chunk in this batch and run, starting at 1.
        chunk: usize,
        /// The error of the call.
        problem: String,
    },
    /// The connection was too slow for a chunk: it timed out twice under the same request id, and its devices are not in
    /// the batch. They are sent again in smaller requests, and so are all devices that follow in this run.
    #[non_exhaustive]
    Halved {
        /// The customer.
        customer: CustomerId,
        /// The batch.
        batch: BatchId,
        /// The number of the chunk in this batch and run, starting at 1.
        chunk: usize,
        /// The limit for the following requests in bytes.
        bytes: usize,
    },
    /// A call failed and stopped the upload to a batch. The other batches continue.
    #[non_exhaustive]
    Stopped {
        /// The customer.
        customer: CustomerId,
        /// The batch.
        batch: BatchId,
        /// The call that failed.
        step: Step,
        /// The error of the call.
        problem: String,
    },
    /// The audit log was asked for the requests whose response was lost. The answer is a hint for the report
    /// ([`ReportRow::proof`](crate::ReportRow::proof)); it changes nothing else, and an error fails nothing.
    #[non_exhaustive]
    AuditLogRead {
        /// The number of requests whose response was lost.
        requests: usize,
        /// The number of these requests with a record in the log. The log may show others later.
        found: usize,
        /// The reason why the log could not be read to its end.
        problem: Option<String>,
    },
    /// The upload finished. Only sent by [`Upload::start`](crate::Upload::start);
    /// [`Upload::run`](crate::Upload::run) returns the report instead.
    Finished(Box<Report>),
}
