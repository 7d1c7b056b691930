//! What an upload tells while it runs.

use partner_center_devices::{BatchId, BatchTrackingId, BatchUploadStatus, CustomerId};

use super::Step;
use crate::report::Report;
use crate::upload::plan::Plan;

/// What happens during an upload.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// What an earlier run with the same journal left. Only if there was one.
    #[non_exhaustive]
    Resumed {
        /// How many devices have an outcome already and are left alone.
        done: usize,
        /// How many devices are in requests whose end is not known yet.
        unfinished: usize,
        /// How many devices there are in all.
        total: usize,
    },
    /// The batches of a customer are known, and what will be sent to one of them. Comes again if that changes
    /// because the batch was made by another in the meantime.
    #[non_exhaustive]
    Planned {
        /// What will be sent.
        plan: Plan,
    },
    /// The service took a chunk.
    #[non_exhaustive]
    Sent {
        /// The customer.
        customer: CustomerId,
        /// The batch.
        batch: BatchId,
        /// Which chunk of this batch in this run, from 1.
        chunk: usize,
        /// How many devices are in it.
        devices: usize,
        /// What finds its job again.
        tracking_id: BatchTrackingId,
    },
    /// A look at a job.
    #[non_exhaustive]
    Progress {
        /// How many devices of the whole upload have an outcome.
        done: usize,
        /// How many devices there are in all.
        total: usize,
        /// The state of the job that was looked at, if the service said one.
        status: Option<BatchUploadStatus>,
    },
    /// Every device of a chunk has its outcome, or is known to have none.
    #[non_exhaustive]
    ChunkFinished {
        /// The customer.
        customer: CustomerId,
        /// The batch.
        batch: BatchId,
        /// Which chunk of this batch in this run, from 1.
        chunk: usize,
        /// How many devices are in it.
        devices: usize,
        /// How many of them the service refused.
        failed: usize,
    },
    /// An upload's answer was lost, or proved nothing: it is asked for again.
    #[non_exhaustive]
    Unconfirmed {
        /// The customer.
        customer: CustomerId,
        /// The batch.
        batch: BatchId,
        /// Which chunk of this batch in this run, from 1.
        chunk: usize,
        /// What went wrong.
        problem: String,
    },
    /// A call failed and ended the upload to a batch; the others go on.
    #[non_exhaustive]
    Stopped {
        /// The customer.
        customer: CustomerId,
        /// The batch.
        batch: BatchId,
        /// At which call.
        step: Step,
        /// What went wrong.
        problem: String,
    },
    /// The end, with the report. Only from [`Upload::start`](crate::Upload::start):
    /// [`Upload::run`](crate::Upload::run) returns it instead.
    Finished(Box<Report>),
}
