//! Uploads a fleet: the calls and their order, and the handling of failed calls and interrupted runs.
//!
//! For each batch of each customer, an upload:
//!
//! 1. Resumes what an earlier run left: polls jobs that were accepted, and resends requests that may have been sent,
//!    under the same `MS-RequestId`. If the response proves nothing, reads the batch to see which devices it contains.
//! 2. Lists the customer's batches, once, to decide whether to create the batch or append to it.
//! 3. Sends the chunks one after another. A chunk is recorded in the journal before it is sent, and its tracking id after
//!    it is accepted. The chunks after the one that creates the batch wait for its job, because only an existing batch
//!    can be appended to. If someone else created the batch in the meantime, appends. If a chunk times out again under
//!    its request id, reads the batch, and sends the missing devices and all that follow in requests of half the size.
//! 4. Polls each job until it finishes, and records the outcome of each device.
//! 5. Reads the batch if a job did not report all devices.
//! 6. Asks the audit log, once at the end, for the requests whose response was lost: a hint for the report, which decides nothing.
//!
//! Batches run concurrently: up to [`Upload::concurrency`] calls, and in addition up to 64 polled jobs. A failed call
//! stops its own batch. A failure that would affect every call, such as a refused token, stops the whole upload. A device
//! that the service refuses is a result, not a failure.
//!
//! # Structure
//!
//! - [`prepare`] records the rows in the journal and finds the devices that are still to be sent.
//! - [`state`] is everything that decisions depend on: plain data, with the phase of each batch and chunk.
//! - [`scheduler`] chooses the next action: a pure function of the state, without clock or I/O.
//! - [`executor`] runs the actions and the select loop, and owns the journal.
//! - [`completions`] handles finished calls: it writes the journal first and then changes the state.
//! - [`recovery`] decides what an unclear send, a lost job or a read-back means: pure functions.
//! - [`audit_hint`] finds the lost requests in the audit log.
//! - [`requests`] has the calls as futures. [`job_status`] and [`read_back`] match responses to devices.
//!
//! # Invariants
//!
//! - At most one chunk occupies a batch: it is being sent, or the batch is being read to find out whether it arrived.
//!   While a batch is occupied, nothing else is sent to it.
//! - While the chunk that creates a batch is unfinished, nothing is appended to that batch.
//! - A device is in at most one place: pending, in one unfinished chunk of an earlier run, or in one chunk of this run.
//! - The journal is written before the state changes and before the call that follows from the change.
//! - A chunk is only resent with the same devices in the same order under the same request id. If a device of it is no
//!   longer in the files, its batch is read instead.
//!
//! # Blocking
//!
//! Journal writes block the task that runs the upload. They are short compared to a request: all SQLite work for 100,000
//! devices in 200 chunks takes 0.6 s of a core, of which 0.4 s are at the start (recording the rows) and most of the rest
//! at the end (the report). Moving writes to another thread would leave the journal locked for a moment after an upload
//! is dropped, and a new run would fail with [`JournalError::InUse`](crate::JournalError::InUse). Run a large upload as its
//! own task on a multi-threaded runtime.

mod audit_hint;
mod builder;
pub(crate) mod chunk;
mod completions;
mod dry_run;
mod error;
mod event;
mod executor;
mod job_status;
pub(crate) mod plan;
mod prepare;
mod read_back;
mod recovery;
mod remaining_time;
mod requests;
mod scheduler;
mod state;
mod target;

pub use builder::Upload;
pub use dry_run::{DryRun, PlannedBatch, PlannedRequest, PlannedRow, UnfinishedRequest};
pub use error::{Failure, Step, UploadError};
pub use event::Event;
