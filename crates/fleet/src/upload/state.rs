//! The state of a running upload: the phase of each batch and of each chunk, and the transitions between them.
//!
//! This is plain data. It has no clock, makes no calls and writes no journal: [`scheduler`](super::scheduler) reads it,
//! [`executor`](super::executor) and [`completions`](super::completions) change it through the methods here.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use partner_center_devices::{BatchId, Error, Job};
use tokio::time::Instant;
use uuid::Uuid;

use super::prepare::{BatchWork, PendingDevice};
use crate::journal::{BatchKey, ChunkDevice, ChunkKey, DeviceKey, MissingDevices, UnfinishedChunk};

/// Everything that the next action depends on.
pub(super) struct State {
    /// The maximum number of concurrent calls, polls excluded.
    pub(super) concurrency: usize,
    /// The number of calls in flight, polls excluded.
    pub(super) calls: usize,
    /// The number of jobs that are being polled.
    pub(super) polls: usize,
    /// True if a failure or a cancellation stopped the whole upload.
    pub(super) is_halted: bool,
    /// The batch at which the search for the next action starts, so that all batches get their turn.
    pub(super) turn: usize,
    /// The batches that each customer already has.
    pub(super) customers: Vec<BatchNames>,
    pub(super) batches: Vec<Batch>,
    /// The chunks of this run that are not finished.
    pub(super) chunks: HashMap<ChunkKey, Chunk>,
    pub(super) progress: Progress,
}

/// How many devices have an outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Progress {
    pub(super) total: usize,
    /// Devices of finished chunks and earlier runs.
    pub(super) finished: usize,
    /// Devices that running jobs have reported so far.
    pub(super) reported: usize,
}

impl Progress {
    pub(super) fn done(self) -> usize {
        self.finished + self.reported
    }
}

/// The names of a customer's existing batches.
#[derive(Debug)]
pub(super) enum BatchNames {
    NotListed,
    Listing,
    Listed(Vec<String>),
    Failed,
}

/// A batch and the work left for it.
pub(super) struct Batch {
    pub(super) key: BatchKey,
    /// The index of its customer.
    pub(super) customer: usize,
    pub(super) id: BatchId,
    pub(super) phase: BatchPhase,
    /// The chunk that is being sent, or for which the batch is being read. Nothing else is sent meanwhile.
    pub(super) occupied_by: Option<ChunkKey>,
    /// Chunks of earlier runs that are not resumed yet, oldest first.
    pub(super) unfinished: VecDeque<UnfinishedChunk>,
    /// The devices of those chunks that are still in the files.
    pub(super) unfinished_devices: HashMap<DeviceKey, PendingDevice>,
    /// The devices to send, in the order of the rows.
    pub(super) pending: VecDeque<PendingDevice>,
    /// Accepted chunks that wait for their jobs to be polled, oldest first.
    pub(super) accepted: VecDeque<ChunkKey>,
    /// The number of chunks whose jobs are polled or were lost.
    pub(super) followed: usize,
    /// Chunks whose job did not report all devices. The batch is read once for all of them, at the end.
    pub(super) unreported: Vec<ChunkKey>,
    /// The number of chunks that this run started.
    pub(super) chunks_started: usize,
    /// True if creating the batch failed once because it already existed.
    pub(super) had_conflict: bool,
    /// How often this run read the batch because a response proved nothing.
    pub(super) read_backs: usize,
}

/// The phase of a batch: its existence, and the plan for the devices that are still to be sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum BatchPhase {
    /// The devices are not split into chunks, because the customer's batches are not known or have changed.
    Unplanned,
    /// The batch does not exist: the next chunk creates it.
    New { sizes: VecDeque<usize> },
    /// The chunk that creates the batch is not finished: the others wait. Without a plan, the devices that remain are
    /// planned afterwards.
    Creating { plan: Option<VecDeque<usize>> },
    /// The batch exists: chunks are appended.
    Existing { sizes: VecDeque<usize> },
    /// A call failed: nothing more is sent.
    Stopped,
}

/// A chunk of this run: a request that is being sent, or whose result is not complete.
pub(super) struct Chunk {
    /// The index of its batch.
    pub(super) batch: usize,
    /// The batch name, as in the request.
    pub(super) batch_id: BatchId,
    /// The number of the chunk in its batch and run, starting at 1.
    pub(super) number: usize,
    pub(super) creates: bool,
    pub(super) request_id: Uuid,
    pub(super) correlation_id: Uuid,
    /// The devices without a complete result, in the order sent.
    pub(super) devices: Arc<[ChunkDevice]>,
    /// The same devices as they are sent, if they are still in the files. Empty once the service accepted the
    /// chunk.
    pub(super) contents: Vec<Option<PendingDevice>>,
    /// How many of its devices belong to rows of this run and do not count as finished yet.
    pub(super) counted: usize,
    /// The time until which a request whose job is unknown may still add its devices to the batch.
    pub(super) may_appear_until: Instant,
    /// The failure to get any response to the request. If the batch does not have all devices, it ends the batch.
    pub(super) unanswered: Option<Error>,
    pub(super) phase: ChunkPhase,
}

/// The phase of a chunk.
pub(super) enum ChunkPhase {
    /// The request is in flight, or waits to be resent. The chunk occupies its batch.
    Sending {
        /// True if an earlier attempt, of this run or another, may have arrived.
        is_in_doubt: bool,
        /// How often this run resent it.
        resends: usize,
    },
    /// The batch is being read, because no response proved whether the chunk arrived. The chunk occupies its batch.
    Verifying {
        missing: MissingDevices,
        /// True if the devices that are missing are resent in smaller requests.
        halves: bool,
    },
    /// The service accepted the chunk; its job waits to be polled.
    Accepted(FollowedJob),
    /// The job is being polled.
    Polling {
        job: FollowedJob,
        /// How many of the counted devices the last poll reported.
        reported: usize,
    },
    /// The service does not know the job. The batch is being read; the chunk does not occupy it.
    JobLost {
        /// How many of the counted devices the job had reported.
        reported: usize,
    },
    /// The job finished without reporting all devices. The batch is read at the end.
    Unreported,
}

/// The job of an accepted chunk.
#[derive(Clone)]
pub(super) struct FollowedJob {
    pub(super) job: Job,
    /// The time from which each poll has failed because the sign-in is unavailable.
    pub(super) sign_in_fails_since: Option<Instant>,
}

impl FollowedJob {
    pub(super) fn new(job: Job) -> Self {
        Self { job, sign_in_fails_since: None }
    }
}

impl State {
    pub(super) fn new(
        concurrency: usize,
        customers: usize,
        batches: Vec<Batch>,
        done: usize,
    ) -> Self {
        let total = |batch: &Batch| batch.unfinished_devices.len() + batch.pending.len();
        let total = done + batches.iter().map(total).sum::<usize>();
        Self {
            concurrency,
            calls: 0,
            polls: 0,
            is_halted: false,
            turn: 0,
            customers: (0..customers).map(|_| BatchNames::NotListed).collect(),
            batches,
            chunks: HashMap::new(),
            progress: Progress { total, finished: done, reported: 0 },
        }
    }

    pub(super) fn batch_of(&mut self, chunk: ChunkKey) -> Option<&mut Batch> {
        self.chunks.get(&chunk).map(|chunk| &mut self.batches[chunk.batch])
    }

    /// Moves a chunk that occupies its batch to another such phase.
    pub(super) fn set_phase(&mut self, key: ChunkKey, phase: ChunkPhase) {
        if let Some(chunk) = self.chunks.get_mut(&key) {
            chunk.phase = phase;
        }
    }

    /// Returns whether a request to upload devices is in flight.
    pub(super) fn is_sending(&self) -> bool {
        self.chunks.values().any(|chunk| matches!(chunk.phase, ChunkPhase::Sending { .. }))
    }

    /// Adds a chunk. In the phases `Sending` and `Verifying` it occupies its batch.
    pub(super) fn add_chunk(&mut self, key: ChunkKey, chunk: Chunk) {
        let batch = &mut self.batches[chunk.batch];
        match &chunk.phase {
            ChunkPhase::Sending { .. } | ChunkPhase::Verifying { .. } => {
                batch.occupied_by = Some(key);
            }
            ChunkPhase::Accepted(_) => batch.accepted.push_back(key),
            _ => {}
        }
        if chunk.creates {
            batch.phase.start_creating();
        }
        self.chunks.insert(key, chunk);
    }

    /// Records that the service accepted a chunk: it no longer occupies its batch, and its job waits to be polled.
    /// Returns its contents.
    pub(super) fn accept(&mut self, key: ChunkKey, job: FollowedJob) -> Vec<Option<PendingDevice>> {
        let Some(chunk) = self.chunks.get_mut(&key) else { return Vec::new() };
        let batch = &mut self.batches[chunk.batch];
        chunk.phase = ChunkPhase::Accepted(job);
        batch.occupied_by = None;
        batch.accepted.push_back(key);
        std::mem::take(&mut chunk.contents)
    }

    /// Starts polling the oldest accepted chunk of a batch.
    pub(super) fn follow(&mut self, batch: usize) -> Option<(ChunkKey, Job)> {
        let batch = &mut self.batches[batch];
        let key = batch.accepted.pop_front()?;
        let chunk = self.chunks.get_mut(&key)?;
        let ChunkPhase::Accepted(followed) = &chunk.phase else { return None };
        let followed = followed.clone();
        let job = followed.job.clone();
        chunk.phase = ChunkPhase::Polling { job: followed, reported: 0 };
        batch.followed += 1;
        self.polls += 1;
        Some((key, job))
    }

    /// Sets how many of the counted devices of a chunk its job has reported.
    pub(super) fn set_reported(&mut self, key: ChunkKey, now_reported: usize) {
        if let Some(chunk) = self.chunks.get_mut(&key)
            && let ChunkPhase::Polling { reported, job } = &mut chunk.phase
        {
            job.sign_in_fails_since = None;
            self.progress.reported = self.progress.reported - *reported + now_reported;
            *reported = now_reported;
        }
    }

    /// Replaces the job that is polled for a chunk.
    pub(super) fn set_job(&mut self, key: ChunkKey, followed: FollowedJob) {
        if let Some(chunk) = self.chunks.get_mut(&key)
            && let ChunkPhase::Polling { job, .. } = &mut chunk.phase
        {
            *job = followed;
        }
    }

    /// Handles a job that the service does not know: the batch of its chunk is read instead.
    pub(super) fn lose_job(&mut self, key: ChunkKey) {
        if let Some(chunk) = self.chunks.get_mut(&key)
            && let ChunkPhase::Polling { reported, .. } = chunk.phase
        {
            chunk.phase = ChunkPhase::JobLost { reported };
            self.polls -= 1;
        }
    }

    /// Finishes the job of a chunk. If the job reported all devices, the chunk is finished too and is returned.
    pub(super) fn finish_job(
        &mut self,
        key: ChunkKey,
        unreported: Vec<ChunkDevice>,
        now: Instant,
    ) -> Option<Chunk> {
        let chunk = self.chunks.get(&key)?;
        if chunk.creates {
            let batch = &mut self.batches[chunk.batch];
            batch.phase.finish_creating();
            if let BatchNames::Listed(names) = &mut self.customers[batch.customer] {
                names.push(chunk.batch_id.as_str().to_owned());
            }
        }
        if unreported.is_empty() {
            return self.finish(key);
        }
        let mut chunk = self.end(key)?;
        let open = unreported.len().min(chunk.counted);
        self.progress.finished += chunk.counted - open;
        chunk.counted = open;
        chunk.devices = unreported.into();
        chunk.may_appear_until = now;
        chunk.phase = ChunkPhase::Unreported;
        self.batches[chunk.batch].unreported.push(key);
        self.chunks.insert(key, chunk);
        None
    }

    /// Starts reading a batch for all its chunks with unreported devices. One of them occupies the batch.
    pub(super) fn take_unreported(&mut self, batch: usize) -> Vec<ChunkKey> {
        let batch = &mut self.batches[batch];
        let chunks = std::mem::take(&mut batch.unreported);
        batch.occupied_by = chunks.first().copied();
        chunks
    }

    /// Finishes a chunk: its devices count as done.
    pub(super) fn finish(&mut self, key: ChunkKey) -> Option<Chunk> {
        let chunk = self.end(key)?;
        self.progress.finished += chunk.counted;
        Some(chunk)
    }

    /// Removes a chunk, which frees everything it holds in its batch. If it was creating the batch, another chunk may
    /// try.
    pub(super) fn end(&mut self, key: ChunkKey) -> Option<Chunk> {
        let chunk = self.chunks.remove(&key)?;
        let batch = &mut self.batches[chunk.batch];
        if batch.occupied_by == Some(key) {
            batch.occupied_by = None;
        }
        match chunk.phase {
            ChunkPhase::Polling { reported, .. } => {
                self.polls -= 1;
                batch.followed -= 1;
                self.progress.reported -= reported;
            }
            ChunkPhase::JobLost { reported } => {
                batch.followed -= 1;
                self.progress.reported -= reported;
            }
            _ => {}
        }
        if chunk.creates {
            batch.phase.abandon_creating();
        }
        Some(chunk)
    }

    /// Puts devices of an ended chunk back to the front of the pending ones. The batch is planned again, and its
    /// customer's batches are listed again if they may have changed.
    pub(super) fn give_back(&mut self, chunk: Chunk, is_missing: impl Fn(&ChunkDevice) -> bool) {
        let batch = &mut self.batches[chunk.batch];
        let mut pending: VecDeque<PendingDevice> =
            chunk.contents.into_iter().flatten().filter(|one| is_missing(&one.device)).collect();
        pending.append(&mut batch.pending);
        batch.pending = pending;
        batch.phase.discard_plan();
        let names = &mut self.customers[batch.customer];
        if chunk.creates || matches!(names, BatchNames::Failed) {
            *names = BatchNames::NotListed;
        }
    }

    /// Plans all batches again, because the limits of requests have changed.
    pub(super) fn discard_plans(&mut self) {
        self.batches.iter_mut().for_each(|batch| batch.phase.discard_plan());
    }

    /// Stops a batch: nothing more is sent to it.
    pub(super) fn stop_batch(&mut self, batch: usize) {
        self.batches[batch].phase = BatchPhase::Stopped;
    }
}

impl Batch {
    pub(super) fn new(customer: usize, work: BatchWork) -> Self {
        let BatchWork { key, batch, unfinished, unfinished_devices, pending } = work;
        Self {
            key,
            customer,
            id: batch,
            phase: BatchPhase::Unplanned,
            occupied_by: None,
            unfinished: unfinished.into(),
            unfinished_devices,
            pending: pending.into(),
            accepted: VecDeque::new(),
            followed: 0,
            unreported: Vec::new(),
            chunks_started: 0,
            had_conflict: false,
            read_backs: 0,
        }
    }

    /// Returns the chunks that the service accepted and whose jobs are not finished.
    pub(super) fn unfinished_jobs(&self) -> usize {
        self.accepted.len() + self.followed
    }
}

impl BatchPhase {
    /// Takes the size of the next chunk from the plan; `None` if there is no plan or it is used up.
    pub(super) fn next_size(&mut self) -> Option<usize> {
        match self {
            Self::New { sizes } | Self::Existing { sizes } => sizes.pop_front(),
            _ => None,
        }
    }

    pub(super) fn discard_plan(&mut self) {
        *self = match std::mem::replace(self, Self::Unplanned) {
            Self::Creating { .. } => Self::Creating { plan: None },
            Self::Stopped => Self::Stopped,
            _ => Self::Unplanned,
        };
    }

    fn start_creating(&mut self) {
        *self = match std::mem::replace(self, Self::Unplanned) {
            Self::New { sizes } | Self::Existing { sizes } => Self::Creating { plan: Some(sizes) },
            Self::Unplanned => Self::Creating { plan: None },
            other => other,
        };
    }

    /// Records that the chunk that creates the batch succeeded.
    fn finish_creating(&mut self) {
        *self = match std::mem::replace(self, Self::Unplanned) {
            Self::Creating { plan: Some(sizes) } => Self::Existing { sizes },
            Self::Creating { plan: None } => Self::Unplanned,
            other => other,
        };
    }

    /// Records that the chunk that creates the batch ended, but it is unknown whether the batch exists.
    fn abandon_creating(&mut self) {
        *self = match std::mem::replace(self, Self::Unplanned) {
            Self::Creating { plan: Some(sizes) } => Self::New { sizes },
            Self::Creating { plan: None } => Self::Unplanned,
            other => other,
        };
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use partner_center_devices::{BatchTrackingId, Client, CustomerId, DeviceIdentity};

    use super::*;
    use crate::fingerprint::Measure;
    use crate::origin::Origin;

    fn pending(number: i64) -> PendingDevice {
        let identity = DeviceIdentity::from_product_key(format!("{number}")).unwrap();
        PendingDevice {
            device: ChunkDevice { key: DeviceKey(number), serial: None, product_key: None },
            origin: Origin { source: "f.csv".into(), line: 2 },
            measure: Measure::of(&identity),
            identity,
        }
    }

    fn sizes(sizes: &[usize]) -> VecDeque<usize> {
        sizes.iter().copied().collect()
    }

    /// A new batch with one device left to send and a planned chunk for it.
    fn state() -> State {
        let work = BatchWork {
            key: BatchKey(1),
            batch: BatchId::new("b").unwrap(),
            unfinished: Vec::new(),
            unfinished_devices: HashMap::new(),
            pending: vec![pending(1), pending(2), pending(3)],
        };
        let mut state = State::new(4, 1, vec![Batch::new(0, work)], 0);
        state.customers[0] = BatchNames::Listed(Vec::new());
        state.batches[0].phase = BatchPhase::New { sizes: sizes(&[1]) };
        state
    }

    /// A chunk of two devices that is taken from the pending ones.
    fn chunk(state: &mut State, creates: bool, phase: ChunkPhase) -> Chunk {
        let contents: Vec<_> = state.batches[0].pending.drain(..2).collect();
        let devices: Vec<_> = contents.iter().map(|one| one.device.clone()).collect();
        Chunk {
            batch: 0,
            batch_id: BatchId::new("b").unwrap(),
            number: 1,
            creates,
            request_id: Uuid::nil(),
            correlation_id: Uuid::nil(),
            devices: devices.into(),
            contents: contents.into_iter().map(Some).collect(),
            counted: 2,
            may_appear_until: Instant::now() + Duration::from_secs(300),
            unanswered: None,
            phase,
        }
    }

    fn job() -> FollowedJob {
        let service = |_: http::Request<bytes::Bytes>| http::Response::new(bytes::Bytes::new());
        let client = Client::builder().in_process(service).build().unwrap();
        let customer = client.customer(CustomerId::new("c").unwrap());
        let job = customer.job(BatchTrackingId::new("t").unwrap());
        FollowedJob::new(job)
    }

    const KEY: ChunkKey = ChunkKey(7);
    const SENDING: ChunkPhase = ChunkPhase::Sending { is_in_doubt: false, resends: 0 };

    /// A state whose chunk was sent, accepted and is being polled.
    fn polling(creates: bool) -> State {
        let mut state = state();
        let chunk = chunk(&mut state, creates, SENDING);
        state.add_chunk(KEY, chunk);
        let contents = state.accept(KEY, job());
        assert_eq!(contents.len(), 2);
        assert_eq!(state.follow(0).unwrap().0, KEY);
        state
    }

    #[test]
    fn the_batch_exists_once_the_job_of_its_first_chunk_finished() {
        let mut state = state();
        let chunk = chunk(&mut state, true, SENDING);
        state.add_chunk(KEY, chunk);
        let creating = BatchPhase::Creating { plan: Some(sizes(&[1])) };
        assert_eq!(state.batches[0].phase, creating);
        assert_eq!(state.batches[0].occupied_by, Some(KEY));
        assert!(state.is_sending());

        state.accept(KEY, job());
        assert_eq!(state.batches[0].phase, creating);
        assert_eq!(state.batches[0].occupied_by, None);
        assert_eq!(state.batches[0].unfinished_jobs(), 1);
        assert!(!state.is_sending());

        assert!(state.follow(0).is_some() && state.follow(0).is_none());
        assert_eq!((state.polls, state.batches[0].unfinished_jobs()), (1, 1));

        assert!(state.finish_job(KEY, Vec::new(), Instant::now()).is_some());
        assert_eq!(state.batches[0].phase, BatchPhase::Existing { sizes: sizes(&[1]) });
        assert!(matches!(&state.customers[0], BatchNames::Listed(names) if names[..] == ["b"]));
        assert_eq!((state.polls, state.batches[0].unfinished_jobs()), (0, 0));
        assert_eq!(state.progress, Progress { total: 3, finished: 2, reported: 0 });
        assert!(state.chunks.is_empty());
    }

    #[test]
    fn a_refused_chunk_gives_its_devices_back_in_front_of_the_others() {
        for creates in [true, false] {
            let mut state = state();
            let chunk = chunk(&mut state, creates, SENDING);
            state.add_chunk(KEY, chunk);
            let chunk = state.end(KEY).unwrap();
            assert_eq!(state.batches[0].occupied_by, None);
            assert_eq!(state.batches[0].phase, BatchPhase::New { sizes: sizes(&[1]) });

            state.give_back(chunk, |device| device.key != DeviceKey(1));
            let keys: Vec<_> =
                state.batches[0].pending.iter().map(|one| one.device.key.0).collect();
            assert_eq!(keys, [2, 3]);
            assert_eq!(state.batches[0].phase, BatchPhase::Unplanned);
            // The batch may exist now, so the batches are listed again.
            assert_eq!(matches!(state.customers[0], BatchNames::NotListed), creates);
        }
    }

    #[test]
    fn giving_devices_back_lists_the_batches_again_after_a_failed_list() {
        let mut state = state();
        let chunk = chunk(&mut state, false, SENDING);
        state.add_chunk(KEY, chunk);
        state.customers[0] = BatchNames::Failed;
        let chunk = state.end(KEY).unwrap();
        state.give_back(chunk, |_| true);
        assert!(matches!(state.customers[0], BatchNames::NotListed));
    }

    #[test]
    fn a_stopped_batch_stays_stopped() {
        let mut state = polling(true);
        state.stop_batch(0);
        state.finish_job(KEY, Vec::new(), Instant::now());
        assert_eq!(state.batches[0].phase, BatchPhase::Stopped);
        let chunk = chunk_of(&mut state);
        state.give_back(chunk, |_| true);
        assert_eq!(state.batches[0].phase, BatchPhase::Stopped);
    }

    fn chunk_of(state: &mut State) -> Chunk {
        state.batches[0].pending.push_back(pending(4));
        chunk(state, true, SENDING)
    }

    #[test]
    fn progress_counts_reported_devices_of_running_jobs() {
        let mut state = polling(false);
        state.set_reported(KEY, 1);
        assert_eq!(state.progress.done(), 1);
        state.set_reported(KEY, 2);
        assert_eq!(state.progress.done(), 2);
        state.end(KEY);
        assert_eq!(state.progress, Progress { total: 3, finished: 0, reported: 0 });
    }

    #[test]
    fn a_lost_job_is_not_polled_but_still_followed() {
        let mut state = polling(false);
        state.set_reported(KEY, 1);
        state.lose_job(KEY);
        assert_eq!((state.polls, state.batches[0].followed), (0, 1));
        assert_eq!(state.batches[0].occupied_by, None);
        state.finish(KEY);
        assert_eq!(state.batches[0].followed, 0);
        assert_eq!(state.progress, Progress { total: 3, finished: 2, reported: 0 });
    }

    #[test]
    fn unreported_devices_wait_for_one_read_of_the_batch() {
        let mut state = polling(true);
        let unreported = vec![pending(2).device];
        assert!(state.finish_job(KEY, unreported.clone(), Instant::now()).is_none());
        assert_eq!(state.progress, Progress { total: 3, finished: 1, reported: 0 });
        assert_eq!((state.polls, state.batches[0].unfinished_jobs()), (0, 0));
        assert_eq!(state.batches[0].phase, BatchPhase::Existing { sizes: sizes(&[1]) });
        assert_eq!(state.batches[0].occupied_by, None);
        assert_eq!(state.chunks[&KEY].devices[..], unreported);

        assert_eq!(state.take_unreported(0), [KEY]);
        assert_eq!(state.batches[0].occupied_by, Some(KEY));
        state.finish(KEY);
        assert_eq!(state.batches[0].occupied_by, None);
        assert_eq!(state.progress.finished, 2);
    }

    #[test]
    fn a_chunk_under_verification_occupies_its_batch() {
        let mut state = state();
        let verifying = ChunkPhase::Verifying { missing: MissingDevices::Resend, halves: false };
        let chunk = chunk(&mut state, false, verifying);
        state.add_chunk(KEY, chunk);
        assert_eq!(state.batches[0].occupied_by, Some(KEY));
        assert!(!state.is_sending());
    }

    #[test]
    fn a_resumed_chunk_that_creates_the_batch_leaves_it_unplanned() {
        let mut state = state();
        state.batches[0].phase = BatchPhase::Unplanned;
        let chunk = chunk(&mut state, true, ChunkPhase::Accepted(job()));
        state.add_chunk(KEY, chunk);
        assert_eq!(state.batches[0].phase, BatchPhase::Creating { plan: None });
        assert_eq!(state.batches[0].accepted, [KEY]);
        state.follow(0);
        state.finish_job(KEY, Vec::new(), Instant::now());
        assert_eq!(state.batches[0].phase, BatchPhase::Unplanned);
    }
}
