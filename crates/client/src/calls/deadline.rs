//! The deadline of a call.

use std::time::Duration;

use tokio::time::Instant;

/// The time that a call may take: attempts, retry delays and waits for a throttled customer together. Waits for the
/// client's own rate limit do not count.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    started: Instant,
    limit: Duration,
    excluded: Duration,
}

impl Deadline {
    /// Starts the clock.
    pub(crate) fn start(limit: Duration) -> Self {
        Self { started: Instant::now(), limit, excluded: Duration::ZERO }
    }

    /// Excludes a wait from the elapsed time.
    pub(crate) fn exclude(&mut self, wait: Duration) {
        self.excluded += wait;
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed().saturating_sub(self.excluded)
    }

    pub(crate) fn remaining(&self) -> Duration {
        self.limit.saturating_sub(self.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn excluded_waits_do_not_count() {
        let mut deadline = Deadline::start(Duration::from_secs(10));
        tokio::time::sleep(Duration::from_secs(7)).await;
        deadline.exclude(Duration::from_secs(4));
        assert_eq!(deadline.elapsed(), Duration::from_secs(3));
        assert_eq!(deadline.remaining(), Duration::from_secs(7));
        tokio::time::sleep(Duration::from_secs(60)).await;
        assert_eq!(deadline.remaining(), Duration::ZERO);
    }
}
