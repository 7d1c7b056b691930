//! The limits of requests to sign-in endpoints: size, time and attempts.

use std::time::Duration;

use tokio::time::Instant;

use super::token_error::TokenError;
use crate::calls::request_kind::RepeatSafety;
use crate::calls::retry::{AttemptOutcome, Decision, Progress, Retry};
use crate::network::InvalidNetwork;

/// The most bytes of a response that are read.
pub(super) const MAX_BODY: usize = 1 << 20;
pub(super) const TIMEOUT: Duration = Duration::from_secs(30);
const MAX_ATTEMPTS: u32 = 4;
const DEADLINE: Duration = Duration::from_secs(60);

/// Retries a request to a throttled or failing endpoint of the sign-in.
pub(super) async fn retrying<T, F>(mut attempt: impl FnMut() -> F) -> Result<T, TokenError>
where
    F: Future<Output = (AttemptOutcome, Result<T, TokenError>)>,
{
    let retry = Retry::default().max_attempts(MAX_ATTEMPTS).deadline(DEADLINE);
    let (started, mut attempts) = (Instant::now(), 0);
    loop {
        attempts += 1;
        let (outcome, result) = attempt().await;
        let progress = Progress {
            attempts,
            elapsed: started.elapsed(),
            token_refreshed: true,
            random: fastrand::f64(),
        };
        match retry.decide(RepeatSafety::NeedsRequestId, outcome, progress) {
            Decision::Retry(delay) => tokio::time::sleep(delay).await,
            _ => return result,
        }
    }
}

pub(super) fn unusable_network(error: InvalidNetwork) -> TokenError {
    TokenError::new(error.to_string()).with_source(error)
}
