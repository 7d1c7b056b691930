//! Waiting for a job. Decides when to ask again and when to stop: polls begin quick and grow, the service may ask
//! for a longer pause (`Retry-After`), an unknown state is asked about again, and a deadline bounds it all.

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use partner_center_devices_raw::BoxFuture;
use partner_center_devices_raw::types::BatchTrackingId;
use tokio::time::{Instant, Sleep};

use crate::calls::call::{Call, RawResponse};
use crate::calls::retry::retry_after;
use crate::resources::Customer;
use crate::responses::error::{Error, ErrorKind, Sent};
use crate::responses::models::BatchUploadDetails;

/// No settings make the polls hammer the service.
const SHORTEST: Duration = Duration::from_millis(100);

/// What the answer to the last look may take beyond the deadline.
const GRACE: Duration = Duration::from_secs(10);

/// How to wait for a [`Job`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[must_use]
pub struct Wait {
    initial_delay: Duration,
    max_delay: Duration,
    deadline: Duration,
}

impl Default for Wait {
    /// Polls after half a second, then ever more slowly up to 15 seconds, for one hour at most: registration
    /// takes minutes, and hours were seen.
    fn default() -> Self {
        Self {
            initial_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(15),
            deadline: Duration::from_secs(3600),
        }
    }
}

impl Wait {
    /// The pause before the second look; the first is at once, unless the service asked for a pause when it took
    /// the job. No pause is shorter than 0.1 seconds.
    pub fn initial_delay(mut self, pause: Duration) -> Self {
        self.initial_delay = pause;
        self
    }

    /// The longest pause between two looks, unless the service asks for a longer one with `Retry-After`.
    pub fn max_delay(mut self, pause: Duration) -> Self {
        self.max_delay = pause;
        self
    }

    /// How long to wait in all; the answer to the last look may take some seconds more. The job itself goes on
    /// after that. A look that waits for its turn at the client's own rate
    /// ([`ClientBuilder::requests_per_second`](crate::ClientBuilder::requests_per_second)) is bounded by it too.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// What to do after look number `looks` (from 1), `elapsed` after the first; `asked` is the pause that the
    /// service asks for.
    fn decide(&self, finished: bool, looks: u32, elapsed: Duration, asked: Duration) -> Next {
        if finished {
            return Next::Finished;
        }
        if elapsed >= self.deadline {
            return Next::TimeIsUp;
        }
        // Half as long again each time: 0.5, 0.75, 1.1, 1.7 … 15 s.
        let growth = 1.5_f64.powi(looks.saturating_sub(1).min(60) as i32);
        let grown = Duration::try_from_secs_f64(self.initial_delay.as_secs_f64() * growth)
            .unwrap_or(self.max_delay);
        // The last look is at the deadline itself.
        let pause = grown.min(self.max_delay).max(SHORTEST).max(asked);
        Next::LookAfter(pause.min(self.deadline - elapsed))
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Next {
    Finished,
    TimeIsUp,
    LookAfter(Duration),
}

/// A job that the service runs: an upload, or a change of policies.
///
/// - `job.await` waits for its end with the default [`Wait`];
/// - [`statuses`](Self::statuses) gives each look as it comes;
/// - [`status`](Self::status) looks once.
///
/// Dropping any of them stops the waiting, not the job. Keep the [`tracking_id`](Self::tracking_id) to come
/// back to it later with [`Customer::job`].
#[derive(Clone)]
pub struct Job {
    customer: Customer,
    tracking_id: BatchTrackingId,
    /// Before this moment the service does not want to be asked.
    not_before: Option<Instant>,
}

impl Job {
    pub(crate) fn new(customer: Customer, tracking_id: BatchTrackingId) -> Self {
        Self { customer, tracking_id, not_before: None }
    }

    /// A job that was just taken, with the pause that the service asked for.
    pub(crate) fn taken(self, asked: Option<Duration>) -> Self {
        Self { not_before: asked.map(|pause| Instant::now() + pause), ..self }
    }

    /// What finds the job again.
    #[must_use]
    pub fn tracking_id(&self) -> &BatchTrackingId {
        &self.tracking_id
    }

    /// Looks once.
    pub fn status(&self) -> Call<BatchUploadDetails> {
        self.customer.batch_upload_status(self.tracking_id.clone()).get()
    }

    /// Waits for the job's end.
    ///
    /// # Errors
    /// If a look fails, or if the deadline passes ([`ErrorKind::StillRunning`]): the job goes on all the same.
    pub async fn wait(&self, wait: Wait) -> Result<BatchUploadDetails, Error> {
        let mut statuses = self.statuses(wait);
        loop {
            match std::future::poll_fn(|context| Pin::new(&mut statuses).poll_next(context)).await {
                Some(Ok(status)) if status.is_finished() => return Ok(status),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error),
                None => return Err(self.deadline_passed()),
            }
        }
    }

    /// Every look until the job ends. The last one is finished, or an error.
    pub fn statuses(&self, wait: Wait) -> Statuses {
        Statuses { job: self.clone(), wait, end: None, looks: 0, state: State::Begin }
    }

    fn deadline_passed(&self) -> Error {
        let detail =
            format!("job {} goes on; the time given to wait for it is over", self.tracking_id);
        Error::new(ErrorKind::StillRunning, "get_batch_job_status", Sent::Answered)
            .with_detail(detail)
    }
}

impl IntoFuture for Job {
    type Output = Result<BatchUploadDetails, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.wait(Wait::default()).await })
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job").field("tracking_id", &self.tracking_id).finish_non_exhaustive()
    }
}

/// The looks at a job, as a stream.
#[must_use = "a stream is only polled when it is used"]
pub struct Statuses {
    job: Job,
    wait: Wait,
    /// When the waiting began, and the deadline, from the first poll on. It bounds the looks themselves too.
    end: Option<(Instant, Pin<Box<Sleep>>)>,
    looks: u32,
    state: State,
}

enum State {
    Begin,
    Look,
    Looking(BoxFuture<'static, Result<(BatchUploadDetails, RawResponse), Error>>),
    Pausing(Pin<Box<Sleep>>),
    TimeIsUp,
    Over,
}

impl Stream for Statuses {
    type Item = Result<BatchUploadDetails, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let deadline = this.wait.deadline;
        loop {
            match &mut this.state {
                State::Begin => {
                    let now = Instant::now();
                    this.end = Some((now, Box::pin(tokio::time::sleep(deadline))));
                    let asked = this.job.not_before.map(|moment| moment.duration_since(now));
                    this.state = match asked.filter(|pause| !pause.is_zero()) {
                        None => State::Look,
                        Some(pause) => {
                            State::Pausing(Box::pin(tokio::time::sleep(pause.min(deadline))))
                        }
                    };
                }
                State::Look => {
                    this.looks += 1;
                    if let Some((began, end)) = &mut this.end
                        && began.elapsed() >= deadline
                    {
                        // The last look begins at the deadline and needs a moment for its answer.
                        end.as_mut().reset(Instant::now() + GRACE);
                    }
                    this.state = State::Looking(this.job.status().with_raw().into_future());
                }
                State::Looking(looking) => {
                    let Poll::Ready(result) = looking.as_mut().poll(context) else {
                        if let Some((_, end)) = &mut this.end {
                            ready!(end.as_mut().poll(context));
                        }
                        this.state = State::TimeIsUp;
                        continue;
                    };
                    let elapsed =
                        this.end.as_ref().map_or(Duration::ZERO, |(began, _)| began.elapsed());
                    this.state = match &result {
                        Ok((status, raw)) => {
                            let asked = retry_after(raw.headers()).unwrap_or_default();
                            let finished = status.is_finished();
                            match this.wait.decide(finished, this.looks, elapsed, asked) {
                                Next::Finished => State::Over,
                                Next::TimeIsUp => State::TimeIsUp,
                                Next::LookAfter(pause) => {
                                    State::Pausing(Box::pin(tokio::time::sleep(pause)))
                                }
                            }
                        }
                        Err(_) => State::Over,
                    };
                    return Poll::Ready(Some(result.map(|(status, _)| status)));
                }
                State::Pausing(sleep) => {
                    ready!(sleep.as_mut().poll(context));
                    this.state = State::Look;
                }
                State::TimeIsUp => {
                    this.state = State::Over;
                    return Poll::Ready(Some(Err(this.job.deadline_passed())));
                }
                State::Over => return Poll::Ready(None),
            }
        }
    }
}

impl fmt::Debug for Statuses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Statuses")
            .field("job", &self.job)
            .field("looks", &self.looks)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_begin_quick_and_grow_to_the_longest() {
        let wait = Wait::default();
        let pauses: Vec<u128> = (1..=12)
            .map(|looks| match wait.decide(false, looks, Duration::ZERO, Duration::ZERO) {
                Next::LookAfter(pause) => pause.as_millis(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(
            pauses,
            [500, 750, 1125, 1687, 2531, 3796, 5695, 8542, 12814, 15000, 15000, 15000]
        );
    }

    #[test]
    fn no_setting_hammers_or_panics() {
        let pause =
            |wait: Wait, looks| match wait.decide(false, looks, Duration::ZERO, Duration::ZERO) {
                Next::LookAfter(pause) => pause,
                other => panic!("{other:?}"),
            };
        assert_eq!(pause(Wait::default().initial_delay(Duration::ZERO), 9), SHORTEST);
        assert_eq!(pause(Wait::default().max_delay(Duration::ZERO), 1), SHORTEST);
        let forever = Wait::default()
            .initial_delay(Duration::MAX)
            .max_delay(Duration::MAX)
            .deadline(Duration::MAX);
        assert_eq!(pause(forever, 60), Duration::MAX);
    }

    #[test]
    fn the_end_and_the_deadline_stop_it() {
        let (wait, none) = (Wait::default().deadline(Duration::from_secs(10)), Duration::ZERO);
        assert_eq!(wait.decide(true, 1, Duration::from_secs(99), none), Next::Finished);
        assert_eq!(wait.decide(false, 9, Duration::from_secs(10), none), Next::TimeIsUp);
        assert_eq!(
            wait.decide(false, 9, Duration::from_secs(9), none),
            Next::LookAfter(Duration::from_secs(1))
        );
        assert_eq!(
            wait.decide(false, u32::MAX, Duration::ZERO, none),
            Next::LookAfter(Duration::from_secs(10))
        );
    }

    #[test]
    fn the_service_may_ask_for_a_longer_pause() {
        let wait = Wait::default().deadline(Duration::from_secs(60));
        for (asked, looks, elapsed, pause) in [
            (0, 1, 0, 500),        // nothing asked
            (7, 1, 0, 7_000),      // more than the first pause
            (1, 3, 0, 1_125),      // less than the grown one
            (40, 1, 0, 40_000),    // more than the longest
            (3600, 1, 50, 10_000), // more than is left: a last look at the deadline
        ] {
            assert_eq!(
                wait.decide(false, looks, Duration::from_secs(elapsed), Duration::from_secs(asked)),
                Next::LookAfter(Duration::from_millis(pause)),
                "{asked} {looks} {elapsed}"
            );
        }
    }
}
