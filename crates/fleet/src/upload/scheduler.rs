//! Chooses the next action of an upload: a pure function of its state.
//!
//! Batches get their turn one after another, starting at [`State::turn`]. For one batch the rules are, in this order:
//!
//! 1. Accepted chunks are polled first, also those of a stopped batch, so that every sent device gets its outcome.
//! 2. An occupied batch starts nothing else.
//! 3. When all devices are sent and all jobs are finished, the batch is read for devices that jobs did not report.
//! 4. Chunks of earlier runs are resumed, oldest first, before anything new is sent.
//! 5. While the batch is being created, everything else waits.
//! 6. The customer's batches are listed, the devices are planned, and chunks are sent until [`MAX_AHEAD`] of them wait for
//!    their jobs. All batches of the customer are planned, in their order, before a new chunk is sent to one of them,
//!    so that the whole plan can be shown first.

use super::state::{Batch, BatchNames, BatchPhase, State};
use crate::journal::ChunkProgress;

/// How many jobs are polled concurrently. A poll is a small request every few seconds.
const MAX_POLLS: usize = 64;

/// How many jobs of one batch are polled concurrently: the oldest ones. When the turn of a later job comes, it is usually
/// finished and costs a single poll.
const MAX_FOLLOWED: usize = 4;

/// How many chunks of one batch may be accepted while their jobs are unfinished.
pub(super) const MAX_AHEAD: usize = 64;

/// Something that can start now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// List the batches of a customer.
    ListBatches { customer: usize, batch: usize },
    /// Resume the oldest chunk of an earlier run.
    Resume { batch: usize },
    /// Split the pending devices into chunks.
    Plan { batch: usize },
    /// Send the next chunk.
    Send { batch: usize },
    /// Poll the oldest accepted job.
    Follow { batch: usize },
    /// Read the batch for devices that its jobs did not report.
    ReadBack { batch: usize },
}

impl Action {
    /// Returns the batch that the action is for.
    pub(super) fn batch(self) -> usize {
        match self {
            Self::ListBatches { batch, .. }
            | Self::Resume { batch }
            | Self::Plan { batch }
            | Self::Send { batch }
            | Self::Follow { batch }
            | Self::ReadBack { batch } => batch,
        }
    }
}

/// Returns the next action, or `None` if everything waits for a call or is finished.
pub(super) fn next_action(state: &State) -> Option<Action> {
    if state.is_halted {
        return None;
    }
    let count = state.batches.len();
    let action = (0..count).find_map(|step| action_for(state, (state.turn + step) % count))?;
    match action {
        Action::Plan { batch } | Action::Send { batch } => {
            Some(first_plan(state, state.batches[batch].customer).unwrap_or(action))
        }
        action => Some(action),
    }
}

/// Returns the action that plans the first batch of a customer that is ready to be planned.
fn first_plan(state: &State, customer: usize) -> Option<Action> {
    let unplanned = (0..state.batches.len()).filter(|index| {
        let batch = &state.batches[*index];
        batch.customer == customer && batch.phase == BatchPhase::Unplanned
    });
    unplanned
        .filter_map(|index| action_for(state, index))
        .find(|action| matches!(action, Action::Plan { .. }))
}

fn action_for(state: &State, index: usize) -> Option<Action> {
    let batch = &state.batches[index];
    let can_call = state.calls < state.concurrency;
    if !batch.accepted.is_empty() && batch.followed < MAX_FOLLOWED && state.polls < MAX_POLLS {
        return Some(Action::Follow { batch: index });
    }
    if batch.occupied_by.is_some() {
        return None;
    }
    if has_nothing_to_send(batch) {
        let is_ready = batch.unfinished_jobs() == 0 && !batch.unreported.is_empty();
        return (is_ready && can_call).then_some(Action::ReadBack { batch: index });
    }
    if let Some(chunk) = batch.unfinished.front() {
        let needs_call = !matches!(chunk.progress, ChunkProgress::Accepted(_));
        return (can_call || !needs_call).then_some(Action::Resume { batch: index });
    }
    match (&batch.phase, &state.customers[batch.customer]) {
        (BatchPhase::Creating { .. } | BatchPhase::Stopped, _)
        | (_, BatchNames::Listing | BatchNames::Failed) => None,
        (_, BatchNames::NotListed) => {
            can_call.then_some(Action::ListBatches { customer: batch.customer, batch: index })
        }
        (BatchPhase::Unplanned, BatchNames::Listed(_)) => Some(Action::Plan { batch: index }),
        (BatchPhase::New { .. } | BatchPhase::Existing { .. }, BatchNames::Listed(_)) => {
            let may_send = can_call && batch.unfinished_jobs() < MAX_AHEAD;
            may_send.then_some(Action::Send { batch: index })
        }
    }
}

/// Returns true if the service accepted all devices of the batches that did not stop.
pub(super) fn is_all_sent(state: &State) -> bool {
    state.batches.iter().all(|batch| batch.occupied_by.is_none() && has_nothing_to_send(batch))
}

fn has_nothing_to_send(batch: &Batch) -> bool {
    batch.phase == BatchPhase::Stopped || (batch.unfinished.is_empty() && batch.pending.is_empty())
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use partner_center_devices::{BatchId, BatchTrackingId, DeviceIdentity};
    use uuid::Uuid;

    use super::*;
    use crate::fingerprint::Measure;
    use crate::journal::{BatchKey, ChunkDevice, ChunkKey, DeviceKey, UnfinishedChunk};
    use crate::origin::Origin;
    use crate::timestamp::Timestamp;
    use crate::upload::prepare::{BatchWork, PendingDevice};

    const LIST: Action = Action::ListBatches { customer: 0, batch: 0 };
    const RESUME: Action = Action::Resume { batch: 0 };
    const PLAN: Action = Action::Plan { batch: 0 };
    const SEND: Action = Action::Send { batch: 0 };
    const FOLLOW: Action = Action::Follow { batch: 0 };
    const READ_BACK: Action = Action::ReadBack { batch: 0 };

    fn pending(number: i64) -> PendingDevice {
        let identity = DeviceIdentity::from_product_key(format!("{number}")).unwrap();
        PendingDevice {
            device: ChunkDevice { key: DeviceKey(number), serial: None, product_key: None },
            origin: Origin { source: "f.csv".into(), line: 2 },
            measure: Measure::of(&identity),
            identity,
        }
    }

    fn unfinished(progress: ChunkProgress) -> UnfinishedChunk {
        UnfinishedChunk {
            key: ChunkKey(1),
            batch: 0,
            creates: false,
            request_id: Uuid::nil(),
            correlation_id: Uuid::nil(),
            recorded: Timestamp(0),
            progress,
            devices: Vec::new(),
        }
    }

    fn accepted() -> ChunkProgress {
        ChunkProgress::Accepted(BatchTrackingId::new("t").unwrap())
    }

    fn sizes() -> VecDeque<usize> {
        VecDeque::from([1])
    }

    /// A customer whose batches are listed, and a new batch with a planned device.
    fn state() -> State {
        let work = BatchWork {
            key: BatchKey(1),
            batch: BatchId::new("b").unwrap(),
            unfinished: Vec::new(),
            unfinished_devices: std::collections::HashMap::new(),
            pending: vec![pending(1)],
        };
        let mut batch = Batch::new(0, work);
        batch.phase = BatchPhase::New { sizes: sizes() };
        let mut state = State::new(4, 1, vec![batch], 0);
        state.customers[0] = BatchNames::Listed(Vec::new());
        state
    }

    /// A change to [`state`].
    type Change = fn(&mut State);

    fn check(table: &[(&str, Change, Option<Action>)]) {
        for (case, change, expected) in table {
            let mut state = state();
            change(&mut state);
            assert_eq!(next_action(&state), *expected, "{case}");
        }
    }

    fn keys(count: i64) -> VecDeque<ChunkKey> {
        (0..count).map(ChunkKey).collect()
    }

    #[test]
    fn each_phase_of_a_batch_has_its_action() {
        check(&[
            ("unplanned", |s| s.batches[0].phase = BatchPhase::Unplanned, Some(PLAN)),
            ("new", |_| (), Some(SEND)),
            (
                "existing",
                |s| s.batches[0].phase = BatchPhase::Existing { sizes: sizes() },
                Some(SEND),
            ),
            (
                "creating",
                |s| s.batches[0].phase = BatchPhase::Creating { plan: Some(sizes()) },
                None,
            ),
            (
                "creating, no plan",
                |s| s.batches[0].phase = BatchPhase::Creating { plan: None },
                None,
            ),
            ("stopped", |s| s.batches[0].phase = BatchPhase::Stopped, None),
            ("occupied", |s| s.batches[0].occupied_by = Some(ChunkKey(1)), None),
            ("nothing pending", |s| s.batches[0].pending.clear(), None),
            ("halted", |s| s.is_halted = true, None),
            ("no batch", |s| s.batches.clear(), None),
        ]);
    }

    #[test]
    fn sends_wait_for_a_free_call_and_for_jobs() {
        check(&[
            ("one call free", |s| s.calls = 3, Some(SEND)),
            ("no call free", |s| s.calls = 4, None),
            ("polls do not count as calls", |s| s.polls = 64, Some(SEND)),
            ("63 unfinished jobs", |s| s.batches[0].followed = 63, Some(SEND)),
            ("64 unfinished jobs", |s| s.batches[0].followed = 64, None),
            (
                "64 accepted and followed jobs",
                |s| (s.batches[0].followed, s.batches[0].accepted) = (4, keys(60)),
                None,
            ),
        ]);
    }

    #[test]
    fn batches_are_listed_before_devices_are_planned_or_sent() {
        check(&[
            ("not listed", |s| s.customers[0] = BatchNames::NotListed, Some(LIST)),
            (
                "not listed and unplanned",
                |s| {
                    s.customers[0] = BatchNames::NotListed;
                    s.batches[0].phase = BatchPhase::Unplanned;
                },
                Some(LIST),
            ),
            (
                "not listed, existing",
                |s| {
                    s.customers[0] = BatchNames::NotListed;
                    s.batches[0].phase = BatchPhase::Existing { sizes: sizes() };
                },
                Some(LIST),
            ),
            (
                "not listed, no call free",
                |s| (s.customers[0], s.calls) = (BatchNames::NotListed, 4),
                None,
            ),
            (
                "not listed, stopped",
                |s| {
                    s.customers[0] = BatchNames::NotListed;
                    s.batches[0].phase = BatchPhase::Stopped;
                },
                None,
            ),
            ("listing", |s| s.customers[0] = BatchNames::Listing, None),
            ("failed", |s| s.customers[0] = BatchNames::Failed, None),
            (
                "planning needs no call",
                |s| (s.batches[0].phase, s.calls) = (BatchPhase::Unplanned, 4),
                Some(PLAN),
            ),
        ]);
    }

    #[test]
    fn follows_accepted_jobs_up_to_the_limits() {
        check(&[
            ("accepted", |s| s.batches[0].accepted = keys(1), Some(FOLLOW)),
            (
                "the batch is stopped",
                |s| (s.batches[0].accepted, s.batches[0].phase) = (keys(1), BatchPhase::Stopped),
                Some(FOLLOW),
            ),
            (
                "the batch is occupied and no call is free",
                |s| {
                    s.batches[0].accepted = keys(1);
                    s.batches[0].occupied_by = Some(ChunkKey(9));
                    s.calls = 4;
                },
                Some(FOLLOW),
            ),
            (
                "3 followed",
                |s| (s.batches[0].accepted, s.batches[0].followed) = (keys(1), 3),
                Some(FOLLOW),
            ),
            (
                "4 followed: the next chunk is sent",
                |s| (s.batches[0].accepted, s.batches[0].followed) = (keys(1), 4),
                Some(SEND),
            ),
            (
                "64 polls: the next chunk is sent",
                |s| (s.batches[0].accepted, s.polls) = (keys(1), 64),
                Some(SEND),
            ),
        ]);
    }

    #[test]
    fn resumes_unfinished_chunks_before_sending() {
        check(&[
            (
                "recorded",
                |s| s.batches[0].unfinished.push_back(unfinished(ChunkProgress::Recorded)),
                Some(RESUME),
            ),
            (
                "unreported",
                |s| s.batches[0].unfinished.push_back(unfinished(ChunkProgress::Unreported)),
                Some(RESUME),
            ),
            (
                "accepted, no call free",
                |s| {
                    s.batches[0].unfinished.push_back(unfinished(accepted()));
                    s.calls = 4;
                },
                Some(RESUME),
            ),
            (
                "recorded, no call free",
                |s| {
                    s.batches[0].unfinished.push_back(unfinished(ChunkProgress::Recorded));
                    s.calls = 4;
                },
                None,
            ),
            (
                "nothing pending",
                |s| {
                    s.batches[0].unfinished.push_back(unfinished(ChunkProgress::Recorded));
                    s.batches[0].pending.clear();
                },
                Some(RESUME),
            ),
            (
                "occupied",
                |s| {
                    s.batches[0].unfinished.push_back(unfinished(accepted()));
                    s.batches[0].occupied_by = Some(ChunkKey(9));
                },
                None,
            ),
            (
                "stopped",
                |s| {
                    s.batches[0].unfinished.push_back(unfinished(accepted()));
                    s.batches[0].phase = BatchPhase::Stopped;
                },
                None,
            ),
        ]);
    }

    #[test]
    fn reads_the_batch_once_nothing_else_is_left() {
        fn done(state: &mut State) {
            state.batches[0].pending.clear();
            state.batches[0].unreported.push(ChunkKey(1));
        }
        check(&[
            ("nothing else left", done, Some(READ_BACK)),
            (
                "stopped with pending devices",
                |s| {
                    s.batches[0].unreported.push(ChunkKey(1));
                    s.batches[0].phase = BatchPhase::Stopped;
                },
                Some(READ_BACK),
            ),
            ("devices are pending", |s| s.batches[0].unreported.push(ChunkKey(1)), Some(SEND)),
            (
                "a job is followed",
                |s| {
                    done(s);
                    s.batches[0].followed = 1;
                },
                None,
            ),
            (
                "a job waits to be followed",
                |s| {
                    done(s);
                    (s.batches[0].accepted, s.polls) = (keys(1), 64);
                },
                None,
            ),
            (
                "occupied",
                |s| {
                    done(s);
                    s.batches[0].occupied_by = Some(ChunkKey(9));
                },
                None,
            ),
            (
                "no call free",
                |s| {
                    done(s);
                    s.calls = 4;
                },
                None,
            ),
        ]);
    }

    #[test]
    fn everything_is_sent_if_no_batch_sends_or_reads() {
        let cases: [(&str, Change, bool); 5] = [
            ("a device is pending", |_| (), false),
            ("all are accepted", |s| s.batches[0].pending.clear(), true),
            ("the batch stopped", |s| s.batches[0].phase = BatchPhase::Stopped, true),
            (
                "a request is in flight",
                |s| {
                    s.batches[0].pending.clear();
                    s.batches[0].occupied_by = Some(ChunkKey(9));
                },
                false,
            ),
            (
                "an earlier run left a chunk",
                |s| {
                    s.batches[0].pending.clear();
                    s.batches[0].unfinished.push_back(unfinished(accepted()));
                },
                false,
            ),
        ];
        for (case, change, expected) in cases {
            let mut state = state();
            change(&mut state);
            assert_eq!(is_all_sent(&state), expected, "{case}");
        }
    }

    #[test]
    fn batches_take_turns() {
        let mut state = state();
        for number in 1..3 {
            let mut other = self::state().batches.remove(0);
            other.customer = number;
            state.batches.push(other);
            state.customers.push(BatchNames::Listed(Vec::new()));
        }
        for (turn, batch) in [(0, 0), (1, 1), (2, 2), (3, 0), (5, 2)] {
            state.turn = turn;
            assert_eq!(next_action(&state), Some(Action::Send { batch }), "{turn}");
        }
        state.batches[1].occupied_by = Some(ChunkKey(1));
        state.turn = 1;
        assert_eq!(next_action(&state).map(Action::batch), Some(2));
        state.batches[2].occupied_by = Some(ChunkKey(2));
        assert_eq!(next_action(&state).map(Action::batch), Some(0));
    }

    #[test]
    fn all_batches_of_a_customer_are_planned_before_one_is_sent() {
        let of_customer = |customer, phase| {
            let mut batch = self::state().batches.remove(0);
            (batch.customer, batch.phase) = (customer, phase);
            batch
        };
        let mut state = state(); // its batch is planned
        state.customers.push(BatchNames::Listed(Vec::new()));
        state.batches.push(of_customer(1, BatchPhase::Unplanned));
        assert_eq!(next_action(&state), Some(SEND), "another customer's batch");
        state.batches.push(of_customer(0, BatchPhase::Unplanned));
        state.batches.push(of_customer(0, BatchPhase::Unplanned));
        state.turn = 3;
        assert_eq!(next_action(&state), Some(Action::Plan { batch: 2 }), "in their order");
        state.batches.pop();
        state.turn = 0;
        // A batch that resumes an earlier request is planned after that.
        state.batches[2].unfinished.push_back(unfinished(ChunkProgress::Recorded));
        assert_eq!(next_action(&state), Some(SEND));
    }
}
