//! The remaining time of work that is done in bursts: a job reports many devices at once.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// The shortest time over which the rate is measured. Later it is half of the elapsed time, so that the estimate follows a
/// service that becomes slower without swinging with each job.
const MIN_WINDOW: Duration = Duration::from_secs(20);
/// How slowly the shown end follows a new estimate: a tenth of the elapsed time, up to this.
const MAX_SMOOTHING: Duration = Duration::from_secs(8);
/// There is no estimate before this time.
const FIRST_AFTER: Duration = Duration::from_secs(3);

/// Measures the rate of some work, and estimates its end.
#[derive(Debug)]
pub(crate) struct Estimate {
    started: Instant,
    total: usize,
    /// The number of things that were done at a time, oldest first. The first one is the first progress, because the time
    /// before it is not typical.
    samples: VecDeque<(Instant, usize)>,
    /// The end that is shown, and the time of its last change.
    end: Option<(Instant, Instant)>,
    /// True if the caller knows the remaining time better than the rate does.
    is_told: bool,
}

impl Estimate {
    pub(crate) fn start(total: usize, now: Instant) -> Self {
        Self { started: now, total, samples: VecDeque::new(), end: None, is_told: false }
    }

    /// Records how much is done.
    pub(crate) fn record(&mut self, done: usize, now: Instant) {
        if self.samples.back().is_some_and(|(_, last)| *last == done) || done == 0 {
            return;
        }
        self.samples.push_back((now, done));
        let window = (now.duration_since(self.started) / 2).max(MIN_WINDOW);
        // The sample before the window is where the window starts.
        while self.samples.get(1).is_some_and(|(time, _)| now.duration_since(*time) >= window) {
            self.samples.pop_front();
        }
        if let Some(end) = self.end_at_this_rate().filter(|_| !self.is_told) {
            self.approach(end, now);
        }
    }

    /// Sets the remaining time that the caller expects; `None` if the rate is all that is known.
    pub(crate) fn expect(&mut self, left: Option<Duration>, now: Instant) {
        self.is_told = left.is_some();
        if let Some(left) = left {
            self.approach(now + left, now);
        }
    }

    /// Moves the shown end towards a new one.
    fn approach(&mut self, new: Instant, now: Instant) {
        let smoothing = (now.duration_since(self.started) / 10).min(MAX_SMOOTHING).as_secs_f64();
        let end = match self.end {
            None => new,
            Some((shown, changed)) => {
                let share = now.duration_since(changed).as_secs_f64() / smoothing.max(0.001);
                let share = 1.0 - (-share).exp();
                match new.checked_duration_since(shown) {
                    Some(later) => shown + later.mul_f64(share),
                    None => shown - shown.duration_since(new).mul_f64(share),
                }
            }
        };
        self.end = Some((end, now));
    }

    /// Returns the things that are done in a second.
    pub(crate) fn rate(&self) -> Option<f64> {
        let ((first, before), (last, done)) = (self.samples.front()?, self.samples.back()?);
        let time = last.duration_since(*first).as_secs_f64();
        (time > 0.0 && done > before).then(|| (done - before) as f64 / time)
    }

    /// Returns the remaining time.
    pub(crate) fn left(&self, now: Instant) -> Option<Duration> {
        let (end, _) = self.end.filter(|_| now.duration_since(self.started) >= FIRST_AFTER)?;
        Some(end.saturating_duration_since(now))
    }

    fn end_at_this_rate(&self) -> Option<Instant> {
        let (last, done) = self.samples.back()?;
        let left = self.total.saturating_sub(*done) as f64 / self.rate()?;
        // More than a century is not a useful estimate, and not a valid time.
        (left < 3e9).then(|| *last + Duration::from_secs_f64(left))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Returns the remaining time that is shown at each tenth of a second, with the real one.
    fn shown(total: usize, bursts: &[(f64, usize)]) -> Vec<(f64, f64)> {
        let start = Instant::now();
        let at = |seconds: f64| start + Duration::from_secs_f64(seconds);
        let end = bursts.last().unwrap().0;
        let mut estimate = Estimate::start(total, start);
        let (mut done, mut rest) = (0, bursts);
        let mut shown = Vec::new();
        for tenth in 0..(end * 10.0) as u32 {
            let now = f64::from(tenth) / 10.0;
            while let [(time, more), later @ ..] = rest
                && *time <= now
            {
                done += more;
                estimate.record(done, at(*time));
                rest = later;
            }
            if let Some(left) = estimate.left(at(now)) {
                shown.push((left.as_secs_f64(), end - now));
            }
        }
        shown
    }

    /// Returns the largest error in the third quarter of the time, as a share of the remaining time.
    fn error(total: usize, bursts: &[(f64, usize)]) -> f64 {
        let end = bursts.last().unwrap().0;
        let compared = shown(total, bursts)
            .into_iter()
            .filter(|(_, left)| (end / 4.0..end / 2.0).contains(left));
        compared.map(|(shown, left)| (shown - left).abs() / left).fold(0.0, f64::max)
    }

    proptest! {
        /// Jobs of equal size that end at nearly equal distances, after a time in which nothing is done.
        #[test]
        fn the_second_half_of_a_steady_run_is_known(
            jobs in 30_usize..200,
            size in 1_usize..2_000,
            first in 0.0..20.0,
            distance in 0.2..10.0,
            shift in prop::collection::vec(-0.15..0.15, 200),
        ) {
            let time = |job: usize| first + distance * (1.0 + job as f64 + shift[job]);
            let bursts: Vec<_> = (0..jobs).map(|job| (time(job), size)).collect();
            let error = error(jobs * size, &bursts);
            prop_assert!(error < 0.3, "{}", error);
        }

        /// The end of the work never jumps by more than a sixth of the whole time from one second to the next.
        #[test]
        fn an_estimate_does_not_jump(
            gaps in prop::collection::vec(0.1..3.0, 40..200),
        ) {
            let mut time = 0.0;
            let bursts: Vec<_> = gaps.iter().map(|gap| { time += gap; (time, 100) }).collect();
            let shown = shown(bursts.len() * 100, &bursts);
            // The first estimates have few samples.
            let later = &shown[shown.len() / 2..];
            for pair in later.windows(10) {
                let [(before, _), .., (after, _)] = pair else { unreachable!() };
                prop_assert!((before - after).abs() < time / 6.0 + 1.0, "{} {}", before, after);
            }
        }
    }

    #[test]
    fn follows_a_service_that_becomes_slower() {
        let fast = (1..=50).map(|burst| (f64::from(burst), 100));
        let slow = (1..=50).map(|burst| (50.0 + 4.0 * f64::from(burst), 100));
        let bursts: Vec<_> = fast.chain(slow).collect();
        let shown = shown(10_000, &bursts);
        let (left, expected) = shown[shown.len() * 3 / 4];
        assert!((left - expected).abs() < expected / 4.0, "{left} {expected}");
    }

    #[test]
    fn there_is_no_estimate_without_progress() {
        let start = Instant::now();
        let later = start + Duration::from_secs(60);
        let mut estimate = Estimate::start(100, start);
        assert_eq!(estimate.left(later), None);
        estimate.record(50, later);
        assert_eq!((estimate.left(later), estimate.rate()), (None, None));
        estimate.record(60, later + Duration::from_secs(10));
        assert_eq!(estimate.rate(), Some(1.0));
        assert_eq!(estimate.left(later + Duration::from_secs(20)), Some(Duration::from_secs(30)));
        // The caller's own estimate takes precedence over the rate.
        let mut told = Estimate::start(100, start);
        told.record(1, start + Duration::from_secs(1));
        told.expect(Some(Duration::from_secs(10)), start + Duration::from_secs(9));
        told.record(2, start + Duration::from_secs(10));
        assert_eq!(told.left(start + Duration::from_secs(12)), Some(Duration::from_secs(7)));
    }
}
