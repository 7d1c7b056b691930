//! The remaining time of an upload, from the jobs so far.
//!
//! The service works on several jobs at the same time, and reports the devices of a job while it runs. So the rest is not
//! proportional to the devices that have an outcome: it is the longest of the running jobs, the requests that are not sent,
//! and one more job after them. If a job is still at its start when it should be finished, the service works on one after
//! another, and this model does not fit: there is no estimate.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use partner_center_devices::Wait;
use tokio::time::Instant;

use super::scheduler::MAX_AHEAD;
use super::state::{Batch, BatchPhase, ChunkPhase, State};
use crate::journal::ChunkKey;

/// The number of requests and jobs that an average covers.
const RECENT: usize = 8;
/// A job that has reported nothing after this many times the usual duration waits for others.
const WAITS_AFTER: f64 = 1.5;
/// A job has to report one of this many devices before its speed counts.
const MIN_SHARE: usize = 20;
const COMPUTED_EVERY: Duration = Duration::from_millis(200);
/// The end of a longer job is not known to the second.
const LONGEST_JOB: Duration = Duration::from_secs(3600);

/// The durations of requests and jobs.
#[derive(Debug)]
pub(super) struct Timing {
    sends: Recent,
    /// The durations of jobs up to their probable end, between two polls.
    jobs: Recent,
    /// The ages at which a job is polled.
    polls: Vec<Duration>,
    /// The number of devices of the largest request.
    largest: usize,
    open: HashMap<ChunkKey, OpenTiming>,
    /// The last result, with its time.
    computed: Option<(Instant, Option<Duration>)>,
}

/// The times of a chunk that is not finished.
#[derive(Clone, Copy, Debug)]
struct OpenTiming {
    /// The time at which the request was sent or, once it is accepted, the time of that.
    since: Instant,
    /// The first and the last report that had devices, and their number.
    reports: Option<[(Instant, usize); 2]>,
    /// True if the job was polled.
    is_polled: bool,
}

impl OpenTiming {
    fn new(now: Instant, is_polled: bool) -> Self {
        Self { since: now, reports: None, is_polled }
    }

    /// Returns the devices that the job finishes in a second.
    fn speed(&self) -> Option<f64> {
        let [(first, before), (last, reported)] = self.reports?;
        // The devices of the first report took an unknown time: the job may have been queued.
        let (time, devices) = match reported > before {
            true => (last - first, reported - before),
            false => (last - self.since, reported),
        };
        (!time.is_zero()).then(|| devices as f64 / time.as_secs_f64())
    }

    /// Returns the probable end of a job that a poll found finished.
    fn end(&self, devices: usize, now: Instant) -> Instant {
        let Some(([_, (last, reported)], speed)) = self.reports.zip(self.speed()) else {
            return now;
        };
        let rest = Duration::from_secs_f64(devices.saturating_sub(reported) as f64 / speed);
        (last + rest).min(now)
    }
}

#[derive(Debug, Default)]
struct Recent(VecDeque<Duration>);

impl Recent {
    fn add(&mut self, duration: Duration) {
        self.0.push_back(duration);
        if self.0.len() > RECENT {
            self.0.pop_front();
        }
    }

    fn average(&self) -> Option<Duration> {
        let number = u32::try_from(self.0.len()).ok().filter(|number| *number > 0)?;
        Some(self.0.iter().sum::<Duration>() / number)
    }
}

impl Timing {
    pub(super) fn new(wait: Wait) -> Self {
        let ages = wait.delays().scan(Duration::ZERO, |age, delay| {
            *age += delay;
            Some(*age)
        });
        Self {
            sends: Recent::default(),
            jobs: Recent::default(),
            polls: ages.take_while(|age| *age <= LONGEST_JOB).collect(),
            largest: 0,
            open: HashMap::new(),
            computed: None,
        }
    }

    pub(super) fn sending(&mut self, key: ChunkKey, devices: usize, now: Instant) {
        self.largest = self.largest.max(devices);
        self.open.insert(key, OpenTiming::new(now, false));
    }

    pub(super) fn accepted(&mut self, key: ChunkKey, now: Instant) {
        if let Some(open) = self.open.get_mut(&key) {
            self.sends.add(now.duration_since(open.since));
            open.since = now;
        }
    }

    /// Records a poll. The job of an earlier run counts from its first poll.
    pub(super) fn polled(&mut self, key: ChunkKey, reported: usize, now: Instant) {
        let open = self.open.entry(key).or_insert(OpenTiming::new(now, true));
        open.is_polled = true;
        if reported > 0 {
            let report = (now, reported);
            open.reports.get_or_insert([report; 2])[1] = report;
        }
    }

    /// Records that a poll found a job finished. A poll before may have found it running.
    pub(super) fn finished(&mut self, key: ChunkKey, devices: usize, now: Instant) {
        if let Some(open) = self.open.remove(&key).filter(|open| open.is_polled) {
            self.jobs.add(open.end(devices, now).duration_since(open.since));
        }
    }

    /// Returns the remaining time of an upload. Computes it only a few times a second, because it looks at all batches.
    pub(super) fn remaining(&mut self, state: &State, now: Instant) -> Option<Duration> {
        if let Some((time, left)) = self.computed
            && now.duration_since(time) < COMPUTED_EVERY
        {
            return left.map(|left| left.saturating_sub(now.duration_since(time)));
        }
        let left = self.compute(state, now);
        self.computed = Some((now, left));
        left
    }

    fn compute(&self, state: &State, now: Instant) -> Option<Duration> {
        let mut batches: Vec<OpenBatch> =
            state.batches.iter().map(|batch| self.unsent(batch)).collect();
        for (key, chunk) in &state.chunks {
            let reported = match chunk.phase {
                ChunkPhase::Accepted(_) => 0,
                ChunkPhase::Polling { reported, .. } => reported,
                _ => continue,
            };
            let open = self.open.get(key);
            batches[chunk.batch].jobs.push(OpenJob {
                age: open.map_or(Duration::ZERO, |open| now.duration_since(open.since)),
                devices: chunk.counted,
                reported,
                speed: open.and_then(OpenTiming::speed),
                is_polled: open.is_some_and(|open| open.is_polled),
            });
        }
        let speed = Speed {
            job: self.jobs.average(),
            polls: &self.polls,
            send: self.sends.average().unwrap_or_default(),
            concurrency: state.concurrency.max(1),
        };
        remaining(&batches, speed)
    }

    fn unsent(&self, batch: &Batch) -> OpenBatch {
        let chunks = |devices: usize| devices.div_ceil(self.largest.max(1));
        let (planned, is_creating) = match &batch.phase {
            BatchPhase::New { sizes } | BatchPhase::Existing { sizes } => (sizes.len(), false),
            BatchPhase::Creating { plan: Some(sizes) } => (sizes.len(), true),
            BatchPhase::Creating { plan: None } => (chunks(batch.pending.len()), true),
            BatchPhase::Unplanned => (chunks(batch.pending.len()), false),
            BatchPhase::Stopped => (0, false),
        };
        let unsent = planned + batch.unfinished.len() + batch.unreported.len();
        OpenBatch { jobs: Vec::new(), unsent, is_creating }
    }
}

/// A job that is not finished.
#[derive(Clone, Copy, Debug)]
struct OpenJob {
    age: Duration,
    devices: usize,
    reported: usize,
    /// The devices that it finishes in a second, if it has reported some.
    speed: Option<f64>,
    is_polled: bool,
}

impl OpenJob {
    /// Returns the duration of the job at its current speed, if it has reported enough devices.
    fn duration_by_speed(&self) -> Option<Duration> {
        let is_enough = self.reported * MIN_SHARE >= self.devices;
        let speed = self.speed.filter(|speed| is_enough && *speed > 0.0)?;
        let rest = self.devices.saturating_sub(self.reported) as f64 / speed;
        Duration::try_from_secs_f64(rest).ok().map(|rest| self.age + rest)
    }

    /// Returns the rest of the job. `None` if it waits for other jobs.
    fn left(&self, speed: &Speed<'_>, usual: Duration) -> Option<Duration> {
        if self.reported >= self.devices {
            return Some(Duration::ZERO);
        }
        // The first reports say less than the jobs before.
        let by_speed = || self.duration_by_speed().filter(|_| self.age > usual);
        let duration = by_speed().unwrap_or(usual.max(self.age));
        if !self.is_polled {
            return Some(duration - self.age); // its first poll comes after those of other jobs
        }
        let seen = speed.seen_after(duration);
        let is_late = self.age > speed.seen_after(usual).mul_f64(WAITS_AFTER);
        let waits = is_late && self.reported == 0;
        (!waits).then_some(seen.saturating_sub(self.age))
    }
}

/// The rest of a batch.
#[derive(Clone, Debug)]
struct OpenBatch {
    jobs: Vec<OpenJob>,
    /// The number of requests that are not sent.
    unsent: usize,
    /// True if the others wait for the job that creates the batch.
    is_creating: bool,
}

/// The usual durations.
#[derive(Clone, Copy, Debug)]
struct Speed<'a> {
    /// The duration of a job, if one is finished.
    job: Option<Duration>,
    /// The duration of a request.
    send: Duration,
    /// The number of requests at the same time, over all batches.
    concurrency: usize,
    /// The ages at which a job is polled.
    polls: &'a [Duration],
}

impl Speed<'_> {
    /// Returns the age at which a poll finds a job of this duration finished.
    fn seen_after(&self, duration: Duration) -> Duration {
        let place = self.polls.partition_point(|age| *age < duration);
        self.polls.get(place).copied().unwrap_or(duration)
    }
}

fn remaining(batches: &[OpenBatch], speed: Speed<'_>) -> Option<Duration> {
    let jobs = || batches.iter().flat_map(|batch| &batch.jobs);
    // Without a finished job, one that has reported devices shows how long it takes.
    let usual = speed.job.or_else(|| jobs().filter_map(OpenJob::duration_by_speed).max())?;
    let unsent: usize = batches.iter().map(|batch| batch.unsent).sum();
    let all_sends = speed.send * u32::try_from(unsent.div_ceil(speed.concurrency)).ok()?;
    let seen = speed.seen_after(usual);
    let mut longest = if unsent > 0 { all_sends + usual } else { Duration::ZERO };
    for batch in batches {
        let mut current = Duration::ZERO;
        for job in &batch.jobs {
            current = current.max(job.left(&speed, usual)?);
        }
        let left = match batch.unsent {
            0 => current,
            unsent => {
                let free = MAX_AHEAD.saturating_sub(batch.jobs.len());
                let waves = unsent.saturating_sub(free).div_ceil(MAX_AHEAD) + 1;
                // The first jobs of a wave are polled from their start, and the others after them.
                let sends = speed.send * u32::try_from(unsent).ok()?;
                let after = (sends + usual).max(seen) + seen * u32::try_from(waves - 1).ok()?;
                if batch.is_creating { current + after } else { current.max(after) }
            }
        };
        longest = longest.max(left);
    }
    Some(longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO_JOB: Speed<'_> =
        Speed { job: None, send: Duration::from_millis(100), concurrency: 4, polls: &[] };
    const JOBS_OF_TEN: Speed<'_> = Speed {
        job: Some(Duration::from_secs(10)),
        polls: &[Duration::from_secs(4), Duration::from_secs(12), Duration::from_secs(30)],
        ..NO_JOB
    };

    fn job(age: u64, reported: usize) -> OpenJob {
        OpenJob {
            age: Duration::from_secs(age),
            devices: 500,
            reported,
            speed: (reported > 0).then(|| reported as f64 / age as f64),
            is_polled: true,
        }
    }

    fn batch(jobs: &[OpenJob], unsent: usize, is_creating: bool) -> OpenBatch {
        OpenBatch { jobs: jobs.to_vec(), unsent, is_creating }
    }

    #[test]
    fn the_rest_covers_running_jobs_and_unsent_requests() {
        let not_polled = OpenJob { is_polled: false, ..job(7, 0) };
        for (batches, speed, seconds) in [
            (vec![], NO_JOB, None),
            (vec![batch(&[job(3, 0)], 0, false)], NO_JOB, None),
            (vec![batch(&[job(4, 24)], 0, false)], NO_JOB, None),
            (vec![batch(&[job(4, 200)], 0, false)], NO_JOB, Some(6.0)),
            // The job that creates the batch, then the others together.
            (vec![batch(&[job(4, 200)], 10, true)], NO_JOB, Some(6.0 + 1.0 + 10.0)),
            // The longest of the running job, which is polled next at 12 seconds, and the requests with their jobs.
            (vec![batch(&[job(4, 200)], 0, false)], JOBS_OF_TEN, Some(8.0)),
            (vec![batch(&[job(4, 200)], 10, false)], JOBS_OF_TEN, Some(12.0)),
            (vec![batch(&[job(4, 200)], 40, false)], JOBS_OF_TEN, Some(4.0 + 10.0)),
            (vec![batch(&[job(4, 0)], 0, false)], JOBS_OF_TEN, Some(8.0)),
            (vec![batch(&[not_polled], 0, false)], JOBS_OF_TEN, Some(3.0)),
            (vec![batch(&[job(11, 500)], 0, false)], JOBS_OF_TEN, Some(0.0)),
            // Slower than the jobs before.
            (vec![batch(&[job(20, 400)], 0, false)], JOBS_OF_TEN, Some(10.0)),
            (vec![batch(&[job(20, 250)], 0, false)], JOBS_OF_TEN, Some(20.0)),
            // It has reported nothing, and other jobs run.
            (vec![batch(&[job(4, 200), job(30, 0)], 0, false)], JOBS_OF_TEN, None),
            // 64 jobs at a time.
            (vec![batch(&[], 64, false)], JOBS_OF_TEN, Some(6.4 + 10.0)),
            (vec![batch(&[], 65, false)], JOBS_OF_TEN, Some(6.5 + 10.0 + 12.0)),
            // The longest of several batches.
            (
                vec![batch(&[job(4, 200)], 0, false), batch(&[job(9, 450)], 0, false)],
                NO_JOB,
                Some(6.0),
            ),
            // Requests of several batches share the connections.
            (vec![batch(&[], 1, false); 400], JOBS_OF_TEN, Some(10.0 + 10.0)),
        ] {
            let left = remaining(&batches, speed).map(|left| left.as_secs_f64());
            let is_near = match (left, seconds) {
                (Some(left), Some(seconds)) => (left - seconds).abs() < 0.01_f64,
                (left, seconds) => left == seconds,
            };
            assert!(is_near, "{left:?} {seconds:?} {batches:?}");
        }
    }

    /// A job is queued for two seconds, and then finishes 100 devices a second.
    #[test]
    fn a_job_ends_between_two_polls() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut timing = Timing::new(Wait::default());
        let key = ChunkKey(1);
        timing.sending(key, 500, start);
        timing.accepted(key, at(1));
        for (second, reported) in [(2, 0), (4, 100), (5, 200)] {
            timing.polled(key, reported, at(second));
        }
        timing.finished(key, 500, at(11));
        let averages = [&timing.sends, &timing.jobs].map(Recent::average);
        assert_eq!(averages, [1, 7].map(|seconds| Some(Duration::from_secs(seconds))));
    }

    #[test]
    fn an_average_covers_the_last_ones() {
        let mut recent = Recent::default();
        assert_eq!(recent.average(), None);
        for seconds in [100, 1, 1, 1, 1, 1, 1, 1, 9] {
            recent.add(Duration::from_secs(seconds));
        }
        assert_eq!(recent.average(), Some(Duration::from_secs(2)));
    }
}
