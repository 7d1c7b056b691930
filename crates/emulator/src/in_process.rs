//! The service in this process: decides where the time comes from, and delivers as the core says. The core
//! does the rest.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::{Request, Response};
use partner_center_devices_raw::{BoxError, BoxFuture, Service};
use tokio::time::Instant;

use crate::delivery::Answer;
use crate::machine::{Core, Sent};

/// The emulator without a socket, as the `Service` of the raw client's in-process transport. Clones are the
/// same service.
///
/// Time is Tokio's, from the moment this was made, so a paused test clock moves the jobs and the delays. A
/// connection that a fault rule closes is an error of the call: a [`Broken`](crate::Broken).
#[derive(Clone)]
pub struct InProcess {
    core: Arc<Mutex<Core>>,
    start: Instant,
}

impl InProcess {
    pub(crate) fn new(core: Core) -> Self {
        Self { core: Arc::new(Mutex::new(core)), start: Instant::now() }
    }

    /// Answers one request at once, and says how the answer is to be delivered.
    #[must_use]
    pub fn answer(&self, request: &Request<Bytes>) -> Answer {
        self.with(|core, now| core.answer(request, now))
    }

    pub(crate) fn answer_head<T>(&self, request: &Request<T>, sent: Sent<'_>) -> Answer {
        self.with(|core, now| core.answer_head(request, sent, now))
    }

    fn with<A>(&self, ask: impl FnOnce(&mut Core, std::time::Duration) -> A) -> A {
        let mut core = self.core.lock().unwrap_or_else(PoisonError::into_inner);
        ask(&mut core, self.start.elapsed())
    }
}

impl Service for InProcess {
    fn call(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, BoxError>> {
        let answer = self.answer(&request);
        Box::pin(async move {
            let takes = answer.takes();
            if !takes.is_zero() {
                tokio::time::sleep(takes).await;
            }
            Ok(answer.response()?)
        })
    }
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InProcess").finish_non_exhaustive()
    }
}
