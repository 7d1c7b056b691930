//! Runs an upload: starts the actions that the scheduler chooses, waits for calls, and hands each finished call to
//! [`completions`](super::completions).

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use partner_center_devices::{Customer, Error, Wait};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::chunk::ChunkLimits;
use super::error::{Failure, Step, UploadError};
use super::event::Event;
use super::plan::plan;
use super::prepare::{self, Input, PendingDevice, Prepared};
use super::recovery::APPEARS_WITHIN;
use super::remaining_time::Timing;
use super::requests::{self, Completed, Running};
use super::scheduler::{self, Action};
use super::state::{Batch, BatchNames, BatchPhase, Chunk, ChunkPhase, FollowedJob, State};
use crate::call_effect::ends_all;
use crate::fingerprint::Fingerprint;
use crate::journal::{
    ChunkDevice, ChunkKey, ChunkProgress, Journal, JournalError, MissingDevices, Mode,
};
use crate::report::Report;
use crate::timestamp::Timestamp;

/// How long a cancelled upload waits for responses to requests in flight.
const GRACE_PERIOD: Duration = Duration::from_secs(20);

pub(super) struct Options {
    pub(super) limits: ChunkLimits,
    pub(super) wait: Wait,
    pub(super) waits_for_results: bool,
    pub(super) concurrency: usize,
    pub(super) cancel: CancellationToken,
}

/// A running upload.
pub(super) struct Executor<F> {
    pub(super) on_event: F,
    pub(super) journal: Journal,
    pub(super) state: State,
    pub(super) timing: Timing,
    pub(super) failures: Vec<Failure>,
    /// The devices that the service accepted. They are freed at the end, all together: freeing hardware hashes between
    /// other allocations costs as much time as serializing them.
    pub(super) accepted: Vec<Vec<Option<PendingDevice>>>,
    pub(super) options: Options,
    customers: Vec<Customer>,
    /// Lists, uploads and read-backs.
    calls: FuturesUnordered<Running>,
    polls: FuturesUnordered<Running>,
}

pub(super) async fn run(
    input: Input,
    options: Options,
    journal: Journal,
    on_event: impl FnMut(Event),
) -> Result<Report, UploadError> {
    let mut executor = Executor::start(input, options, journal, on_event)?;
    executor.run_to_end().await?;
    executor.ask_audit_log().await?;
    let report = executor.journal.report()?;
    if executor.failures.is_empty() {
        Ok(report)
    } else {
        Err(UploadError::Calls { report: Box::new(report), failures: executor.failures })
    }
}

impl<F: FnMut(Event)> Executor<F> {
    fn start(
        input: Input,
        options: Options,
        mut journal: Journal,
        mut on_event: F,
    ) -> Result<Self, JournalError> {
        let Prepared { targets, batches, done } = prepare::prepare(&mut journal, input, Mode::Run)?;
        let mut customers: Vec<Customer> = Vec::new();
        let mut indexes: HashMap<String, usize> = HashMap::new();
        let batches: Vec<Batch> = targets
            .into_iter()
            .zip(batches)
            .map(|(target, work)| {
                let id = target.customer.id().as_str().to_ascii_lowercase();
                let customer = *indexes.entry(id).or_insert_with(|| {
                    customers.push(target.customer);
                    customers.len() - 1
                });
                Batch::new(customer, work)
            })
            .collect();
        let unfinished: usize = batches.iter().map(|batch| batch.unfinished_devices.len()).sum();
        let state = State::new(options.concurrency, customers.len(), batches, done);
        if done > 0 || unfinished > 0 {
            on_event(Event::Resumed { done, unfinished, total: state.progress.total });
        }
        Ok(Self {
            on_event,
            journal,
            state,
            timing: Timing::new(options.wait),
            failures: Vec::new(),
            accepted: Vec::new(),
            options,
            customers,
            calls: FuturesUnordered::new(),
            polls: FuturesUnordered::new(),
        })
    }

    async fn run_to_end(&mut self) -> Result<(), JournalError> {
        let cancel = self.options.cancel.clone();
        loop {
            if !self.options.waits_for_results && scheduler::is_all_sent(&self.state) {
                self.polls.clear();
                return Ok(());
            }
            while !cancel.is_cancelled()
                && let Some(action) = scheduler::next_action(&self.state)
            {
                self.perform(action)?;
            }
            let is_idle = self.calls.is_empty() && self.polls.is_empty();
            if is_idle && scheduler::next_action(&self.state).is_none() {
                return Ok(()); // also if the cancellation came a moment too late
            }
            if cancel.is_cancelled() {
                return self.wind_down().await;
            }
            let completed = tokio::select! {
                biased; // a cancellation takes precedence over anything that could follow
                () = cancel.cancelled() => continue,
                Some(completed) = self.calls.next() => completed,
                Some(completed) = self.polls.next() => completed,
                else => continue,
            };
            self.complete(completed)?;
        }
    }

    /// Ends a cancelled upload. Jobs are no longer polled. Requests in flight get their response, or stay open for the next
    /// run.
    async fn wind_down(&mut self) -> Result<(), JournalError> {
        self.polls.clear();
        self.state.is_halted = true;
        let deadline = Instant::now() + GRACE_PERIOD;
        while self.state.is_sending()
            && let Ok(Some(completed)) = tokio::time::timeout_at(deadline, self.calls.next()).await
        {
            // The results of lists and read-backs are no longer needed.
            if let Completed::Sent { .. } | Completed::NotResent { .. } = completed {
                self.complete(completed)?;
            }
        }
        self.journal.record_stop("the upload was cancelled")
    }

    fn perform(&mut self, action: Action) -> Result<(), JournalError> {
        self.state.turn = action.batch() + 1;
        match action {
            Action::ListBatches { customer, .. } => {
                self.state.customers[customer] = BatchNames::Listing;
                self.call(requests::list_batches(customer, &self.customers[customer]));
                Ok(())
            }
            Action::Resume { batch } => {
                self.resume(batch);
                Ok(())
            }
            Action::Plan { batch } => self.plan(batch),
            Action::Send { batch } => self.send_next(batch),
            Action::Follow { batch } => {
                if let Some((chunk, job)) = self.state.follow(batch) {
                    self.poll(requests::poll(chunk, Box::new(job.statuses(self.options.wait))));
                }
                Ok(())
            }
            Action::ReadBack { batch } => {
                let chunks = self.state.take_unreported(batch);
                self.read_back(chunks, None);
                Ok(())
            }
        }
    }

    /// Splits the pending devices into chunks, now that the customer's batches are known.
    fn plan(&mut self, index: usize) -> Result<(), JournalError> {
        let batch = &mut self.state.batches[index];
        let BatchNames::Listed(existing) = &self.state.customers[batch.customer] else {
            return Ok(());
        };
        let lengths = batch.pending.iter().map(|device| device.measure.length);
        let customer = self.customers[batch.customer].id().clone();
        let plan = plan(customer, existing, batch.id.clone(), lengths, self.options.limits);
        let sizes = plan.chunks().iter().copied().collect();
        batch.id = plan.batch().clone();
        batch.phase = if plan.creates_batch() {
            BatchPhase::New { sizes }
        } else {
            BatchPhase::Existing { sizes }
        };
        self.journal.record_batch_name(batch.key, batch.id.as_str())?;
        (self.on_event)(Event::Planned { plan });
        Ok(())
    }

    /// Records the next chunk of a batch and sends it.
    fn send_next(&mut self, index: usize) -> Result<(), JournalError> {
        let batch = &mut self.state.batches[index];
        let creates = matches!(batch.phase, BatchPhase::New { .. });
        let size = batch.phase.next_size().unwrap_or_default().min(batch.pending.len());
        if size == 0 {
            batch.phase.discard_plan(); // devices were given back after it was made
            return Ok(());
        }
        let contents: Vec<PendingDevice> = batch.pending.drain(..size).collect();
        let fingerprints = contents.iter().map(|device| device.measure.fingerprint);
        let fingerprint = Fingerprint::of_chunk(fingerprints);
        let devices: Vec<ChunkDevice> = contents.iter().map(|one| one.device.clone()).collect();
        let (request_id, correlation_id) = (Uuid::new_v4(), Uuid::new_v4());
        let key = self.journal.record_chunk(
            batch.key,
            creates,
            fingerprint,
            (request_id, correlation_id),
            &devices,
            Timestamp::now(),
        )?;
        batch.chunks_started += 1;
        let chunk = Chunk {
            batch: index,
            batch_id: batch.id.clone(),
            number: batch.chunks_started,
            creates,
            request_id,
            correlation_id,
            counted: devices.len(),
            devices: devices.into(),
            contents: contents.into_iter().map(Some).collect(),
            may_appear_until: Instant::now() + APPEARS_WITHIN,
            unanswered: None,
            phase: ChunkPhase::Sending { is_in_doubt: false, resends: 0 },
        };
        (self.on_event)(Event::Sending {
            customer: self.customers[batch.customer].id().clone(),
            batch: chunk.batch_id.clone(),
            chunk: chunk.number,
            devices: chunk.counted,
        });
        self.timing.sending(key, chunk.counted, Instant::now());
        self.state.add_chunk(key, chunk);
        self.send(key, Duration::ZERO);
        Ok(())
    }

    /// Resumes the oldest chunk that an earlier run left.
    fn resume(&mut self, index: usize) {
        let batch = &mut self.state.batches[index];
        let Some(unfinished) = batch.unfinished.pop_front() else { return };
        batch.chunks_started += 1;
        let mut contents: Vec<Option<PendingDevice>> = unfinished
            .devices
            .iter()
            .map(|device| batch.unfinished_devices.remove(&device.key))
            .collect();
        let counted = contents.iter().flatten().count();
        let is_whole = counted == contents.len();
        let now = Instant::now();
        let age = SystemTime::now().duration_since(unfinished.recorded.time()).unwrap_or_default();
        let may_appear_until = match unfinished.progress {
            ChunkProgress::Unreported => now, // its job is finished
            _ => now + APPEARS_WITHIN.saturating_sub(age),
        };
        let phase = match unfinished.progress {
            ChunkProgress::Accepted(tracking_id) => {
                contents.clear(); // never resent by this run
                let job = self.customers[batch.customer].job(tracking_id);
                ChunkPhase::Accepted(FollowedJob::new(job))
            }
            // Only an identical request proves something under the same id.
            ChunkProgress::Recorded if is_whole => {
                ChunkPhase::Sending { is_in_doubt: true, resends: 0 }
            }
            ChunkProgress::Recorded | ChunkProgress::Unreported => {
                ChunkPhase::Verifying { missing: MissingDevices::Resend, halves: false }
            }
        };
        let key = unfinished.key;
        let is_sent = matches!(phase, ChunkPhase::Sending { .. });
        let is_read = matches!(phase, ChunkPhase::Verifying { .. });
        let chunk = Chunk {
            batch: index,
            batch_id: batch.id.clone(),
            number: batch.chunks_started,
            creates: unfinished.creates,
            request_id: unfinished.request_id,
            correlation_id: unfinished.correlation_id,
            counted,
            devices: unfinished.devices.into(),
            contents,
            may_appear_until,
            unanswered: None,
            phase,
        };
        self.state.add_chunk(key, chunk);
        if is_sent {
            self.send(key, Duration::ZERO);
        } else if is_read {
            self.read_back(vec![key], None);
        }
    }

    /// Sends a chunk after a pause.
    pub(super) fn send(&mut self, key: ChunkKey, pause: Duration) {
        let Some(chunk) = self.state.chunks.get(&key) else { return };
        let customer = &self.customers[self.state.batches[chunk.batch].customer];
        let cancel = self.options.cancel.clone();
        self.call(requests::send(key, chunk, customer, pause, cancel));
    }

    /// Reads the batch of some chunks, now or at a later time.
    pub(super) fn read_back(&mut self, keys: Vec<ChunkKey>, at: Option<Instant>) {
        let chunks: Vec<&Chunk> =
            keys.iter().filter_map(|key| self.state.chunks.get(key)).collect();
        let Some(first) = chunks.first() else { return };
        let customer = &self.customers[self.state.batches[first.batch].customer];
        let batch = first.batch_id.clone();
        let devices = chunks.iter().map(|chunk| chunk.devices.clone()).collect();
        self.call(requests::read_back(keys, devices, customer, batch, at));
    }

    /// Polls a job from the start, after a pause.
    pub(super) fn poll_job_after(&mut self, key: ChunkKey, job: &FollowedJob, pause: Duration) {
        let statuses = Box::new(job.job.statuses(self.options.wait));
        self.poll(requests::poll_after(key, statuses, pause));
    }

    pub(super) fn poll(&mut self, running: Running) {
        self.polls.push(running);
    }

    fn call(&mut self, running: Running) {
        self.state.calls += 1;
        self.calls.push(running);
    }

    /// Makes the requests of this run half as large as a chunk that the connection was too slow for.
    pub(super) fn halve_requests(&mut self, chunk: &Chunk) {
        let lengths: Vec<usize> =
            chunk.contents.iter().flatten().map(|device| device.measure.length).collect();
        self.options.limits = self.options.limits.halved(&lengths, &chunk.batch_id);
        self.state.discard_plans();
        let event = Event::Halved {
            customer: self.customer_of(chunk.batch).id().clone(),
            batch: chunk.batch_id.clone(),
            chunk: chunk.number,
            bytes: self.options.limits.bytes,
        };
        (self.on_event)(event);
    }

    pub(super) fn customers(&self) -> &[Customer] {
        &self.customers
    }

    pub(super) fn customer_of(&self, batch: usize) -> &Customer {
        &self.customers[self.state.batches[batch].customer]
    }

    /// Stops a batch after a failed call, or the whole upload if every other call would fail too.
    pub(super) fn fail(
        &mut self,
        index: usize,
        step: Step,
        error: Error,
    ) -> Result<(), JournalError> {
        let problem = format!("{step}: {error}");
        self.state.stop_batch(index);
        let batch = &self.state.batches[index];
        self.journal.record_batch_stop(batch.key, &problem)?;
        if ends_all(error.kind()) {
            self.state.is_halted = true;
            self.journal.record_stop(&problem)?;
        }
        let customer = self.customers[batch.customer].id().clone();
        let batch = batch.id.clone();
        (self.on_event)(Event::Stopped {
            customer: customer.clone(),
            batch: batch.clone(),
            step,
            problem: error.to_string(),
        });
        self.failures.push(Failure { customer, batch, step, error });
        Ok(())
    }
}
