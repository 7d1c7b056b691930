//! A call that is ready and not yet made: `.await` makes it. Between the two, options of this one call are set.

use std::fmt;
use std::future::IntoFuture;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use partner_center_devices_raw::BoxFuture;
use uuid::Uuid;

use crate::calls::pipeline::CallOptions;
use crate::calls::retry::Retry;
use crate::responses::error::Error;

type Ready<T> = BoxFuture<'static, Result<(T, RawResponse), Error>>;
type Run<T> = Box<dyn FnOnce(CallOptions) -> Ready<T> + Send>;

/// One call of the service. Nothing happens until it is awaited; dropping it then cancels it, though what it asked
/// for may have happened.
///
/// It fails with an [`Error`], whose [`kind`](Error::kind) and [`status`](Error::status) say why and whose
/// [`sent`](Error::sent) says whether the request may have arrived.
///
/// ```no_run
/// # use std::time::Duration;
/// # use partner_center_devices::{Client, CustomerId, PolicyId, Retry};
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let customer = client.customer(CustomerId::new("47021739-3426-40bf-9601-61b4b6d7c793")?);
/// let policy = customer.policy(PolicyId::new("56edf752-ee77-4fd8-b7f5-df1f74a3a9ac")?);
/// let plain = policy.get().await?;
/// let german = policy.get().locale("de-DE")?.await?;
/// let hasty = policy.get().timeout(Duration::from_secs(2)).retry(Retry::never()).await?;
/// let (typed, raw) = policy.get().with_raw().await?;
/// println!("{} {:?} {} bytes", raw.status(), raw.headers().get("MS-CV"), raw.body().len());
/// # Ok(()) }
/// ```
#[must_use = "a call is only made when it is awaited"]
pub struct Call<T> {
    operation: &'static str,
    options: CallOptions,
    run: Run<T>,
}

impl<T: Send + 'static> Call<T> {
    pub(crate) fn new(
        operation: &'static str,
        run: impl FnOnce(CallOptions) -> Ready<T> + Send + 'static,
    ) -> Self {
        Self { operation, options: CallOptions::default(), run: Box::new(run) }
    }

    /// Sends this `MS-RequestId` instead of a new one. It is the service's idempotency key: repeat a call
    /// whose answer got lost under the same id
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/headers>).
    pub fn request_id(mut self, id: Uuid) -> Self {
        self.options.request_id = Some(id);
        self
    }

    /// Sends this `MS-CorrelationId`, to find the call in a trace of your own.
    pub fn correlation_id(mut self, id: Uuid) -> Self {
        self.options.correlation_id = Some(id);
        self
    }

    /// How long one attempt of this call may take, from connecting to the last byte of its answer. Unless set, what
    /// [`ClientBuilder::timeout`](crate::ClientBuilder::timeout) says.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// How this call is tried again.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.options.retry = Some(retry);
        self
    }

    /// The language of the service's texts in this call, such as `de-DE`
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/headers>).
    ///
    /// # Errors
    /// If the text cannot stand in a header.
    pub fn locale(mut self, locale: &str) -> Result<Self, Error> {
        self.options.set_locale(self.operation, locale)?;
        Ok(self)
    }

    /// Gives the answer as it came beside the typed result.
    pub fn with_raw(self) -> Call<(T, RawResponse)> {
        let Self { operation, options, run } = self;
        let run: Run<(T, RawResponse)> = Box::new(move |options| {
            Box::pin(async move {
                let (value, raw) = run(options).await?;
                Ok(((value, raw.clone()), raw))
            })
        });
        Call { operation, options, run }
    }

    pub(crate) fn map<U: Send + 'static>(
        self,
        convert: impl FnOnce(T) -> U + Send + 'static,
    ) -> Call<U> {
        let Self { operation, options, run } = self;
        let run: Run<U> = Box::new(move |options| {
            Box::pin(async move {
                let (value, raw) = run(options).await?;
                Ok((convert(value), raw))
            })
        });
        Call { operation, options, run }
    }

    #[cfg(feature = "blocking")]
    pub(crate) fn operation(&self) -> &'static str {
        self.operation
    }

    pub(crate) fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }
}

impl<T: Send + 'static> IntoFuture for Call<T> {
    type Output = Result<T, Error>;
    type IntoFuture = BoxFuture<'static, Result<T, Error>>;

    fn into_future(self) -> Self::IntoFuture {
        let running = (self.run)(self.options);
        Box::pin(async move { Ok(running.await?.0) })
    }
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("operation", &self.operation).finish_non_exhaustive()
    }
}

/// An answer as it came. Cheap to clone. `Debug` shows the status and the length, not the body: it may hold
/// hardware hashes.
#[derive(Clone)]
pub struct RawResponse(Arc<Head>, Bytes);

struct Head {
    status: StatusCode,
    headers: HeaderMap,
}

impl RawResponse {
    pub(crate) fn new(status: StatusCode, headers: HeaderMap, body: Bytes) -> Self {
        Self(Arc::new(Head { status, headers }), body)
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The body, without a byte order mark.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.1
    }

    /// When the service answered, by its own clock: `Date`, to the second.
    #[must_use]
    pub fn date(&self) -> Option<SystemTime> {
        crate::responses::error::date(&self.0.headers)
    }

    /// Whether the service found that the user signed in with multi-factor authentication; `None` if it did not
    /// say (<https://learn.microsoft.com/en-us/partner-center/developer/partner-center-authentication>). Ask for
    /// it with [`ClientBuilder::validate_mfa`](crate::ClientBuilder::validate_mfa).
    #[must_use]
    pub fn is_mfa_compliant(&self) -> Option<bool> {
        let text = self.0.headers.get("ismfacompliant")?.to_str().ok()?.trim();
        text.to_ascii_lowercase().parse().ok()
    }
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("status", &self.0.status)
            .field("body_length", &self.1.len())
            .finish_non_exhaustive()
    }
}
