//! The observer of a client's calls, for programs that show what they wait for.

use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode};
use partner_center_devices_raw::Operation;
use tokio::time::Instant;
use uuid::Uuid;

use crate::calls::headers::CallIds;
use crate::calls::request_kind::RequestKind;
use crate::calls::retry::AttemptOutcome;

/// Receives the events of a client's calls. Set it with
/// [`ClientBuilder::observer`](crate::ClientBuilder::observer). A closure is one.
///
/// The calls wait until it returns, so it must be quick and must not block.
///
/// ```
/// use partner_center_devices::{CallEvent, Client};
///
/// let show = |event: &CallEvent<'_>| {
///     if let CallEvent::Waiting { call, delay, reason } = event {
///         println!("{} {} waits {} s: {reason}", call.method(), call.path(), delay.as_secs());
///     }
/// };
/// let client = Client::builder().token("a-token".to_owned()).observer(show).build()?;
/// # Ok::<(), partner_center_devices::Error>(())
/// ```
pub trait CallObserver: Send + Sync + 'static {
    /// Receives an event.
    fn observe(&self, event: &CallEvent<'_>);
}

impl<F: Fn(&CallEvent<'_>) + Send + Sync + 'static> CallObserver for F {
    fn observe(&self, event: &CallEvent<'_>) {
        self(event);
    }
}

/// An event of a call. Each call starts and ends once, and may wait several times in between.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum CallEvent<'a> {
    /// The call starts. It may have to wait before it is sent.
    Started {
        /// The call.
        call: CallInfo<'a>,
    },
    /// The call waits before it sends its request, for the first time or again.
    Waiting {
        /// The call.
        call: CallInfo<'a>,
        /// The duration of the wait.
        delay: Duration,
        /// The reason.
        reason: WaitReason,
    },
    /// The call ended: with a response, without one, or because its future was dropped.
    Ended {
        /// The call.
        call: CallInfo<'a>,
        /// The status of the last response; `None` without a response.
        status: Option<StatusCode>,
        /// How often the request was sent. 0 if the call failed before.
        attempts: u32,
        /// The time since the start, including all waits.
        elapsed: Duration,
    },
}

/// The reason of a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WaitReason {
    /// An attempt failed with this status, and the next one follows after a delay.
    Status(StatusCode),
    /// There was no connection, and the next attempt follows after a delay.
    NoConnection,
    /// The response was incomplete, and the next attempt follows after a delay.
    Interrupted,
    /// The service throttles the customer because of a 429 of another call.
    Throttle,
    /// The rate limit of the client
    /// ([`ClientBuilder::requests_per_second`](crate::ClientBuilder::requests_per_second)).
    RateLimit,
}

impl WaitReason {
    pub(crate) fn after(outcome: AttemptOutcome) -> Self {
        match outcome {
            AttemptOutcome::Response(status, _) => Self::Status(status),
            outcome if outcome.is_unconnected() => Self::NoConnection,
            _ => Self::Interrupted,
        }
    }
}

impl std::fmt::Display for WaitReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Status(StatusCode::TOO_MANY_REQUESTS) | Self::Throttle => {
                f.write_str("the service is busy (429)")
            }
            Self::Status(status) => write!(f, "the service failed ({})", status.as_u16()),
            Self::NoConnection => f.write_str("there is no connection"),
            Self::Interrupted => f.write_str("the response was incomplete"),
            Self::RateLimit => f.write_str("the rate limit of this client"),
        }
    }
}

/// A call in an event.
#[derive(Clone, Copy, Debug)]
pub struct CallInfo<'a> {
    kind: RequestKind,
    method: &'a Method,
    path: &'a str,
    ids: CallIds,
}

impl<'a> CallInfo<'a> {
    /// Returns the operation; `None` for a custom request.
    #[must_use]
    pub fn operation(&self) -> Option<Operation> {
        self.kind.operation()
    }

    /// Returns the method.
    #[must_use]
    pub fn method(&self) -> &'a Method {
        self.method
    }

    /// Returns the path with the ids of customer, batch and device, but without the query, which may have names.
    #[must_use]
    pub fn path(&self) -> &'a str {
        self.path
    }

    /// Returns the `MS-RequestId` of the call.
    #[must_use]
    pub fn request_id(&self) -> Uuid {
        self.ids.request
    }

    /// Returns the `MS-CorrelationId` of the call.
    #[must_use]
    pub fn correlation_id(&self) -> Uuid {
        self.ids.correlation
    }
}

/// A call that an observer follows. Reports its end when it is dropped.
pub(crate) struct ObservedCall<'a> {
    observer: Option<&'a Arc<dyn CallObserver>>,
    call: CallInfo<'a>,
    started: Instant,
    status: Option<StatusCode>,
    attempts: u32,
}

impl<'a> ObservedCall<'a> {
    pub(crate) fn start(
        observer: Option<&'a Arc<dyn CallObserver>>,
        kind: RequestKind,
        request: &'a reqwest::Request,
        ids: CallIds,
    ) -> Self {
        let call = CallInfo { kind, method: request.method(), path: request.url().path(), ids };
        let observed = Self { observer, call, started: Instant::now(), status: None, attempts: 0 };
        observed.report(&CallEvent::Started { call });
        observed
    }

    pub(crate) fn kind(&self) -> RequestKind {
        self.call.kind
    }

    /// Reports the start of a wait.
    pub(crate) fn wait(&self, delay: Duration, reason: WaitReason) {
        self.report(&CallEvent::Waiting { call: self.call, delay, reason });
    }

    /// Records an attempt that ended.
    pub(crate) fn record(&mut self, status: Option<StatusCode>, attempts: u32) {
        (self.status, self.attempts) = (status, attempts);
    }

    fn report(&self, event: &CallEvent<'_>) {
        if let Some(observer) = self.observer {
            observer.observe(event);
        }
    }
}

impl Drop for ObservedCall<'_> {
    fn drop(&mut self) {
        let Self { call, status, attempts, .. } = *self;
        self.report(&CallEvent::Ended { call, status, attempts, elapsed: self.started.elapsed() });
    }
}
