//! A call and its options. Awaiting the call runs it.

use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use partner_center_devices_raw::BoxFuture;
use uuid::Uuid;

use crate::calls::options::CallOptions;
use crate::calls::raw_response::RawResponse;
use crate::calls::retry::Retry;
use crate::responses::error::Error;

type RunFuture<T> = BoxFuture<'static, Result<(T, RawResponse), Error>>;
type Run<T> = Box<dyn FnOnce(CallOptions) -> RunFuture<T> + Send>;

/// One call to the service.
///
/// Nothing is sent until the call is awaited. Dropping the future cancels the call, but the service may already have
/// done the work.
///
/// A failed call returns an [`Error`]. Its [`kind`](Error::kind) and [`status`](Error::status) give the reason, and
/// [`sent`](Error::sent) tells you whether the request may have reached the service.
///
/// ```no_run
/// # use std::time::Duration;
/// # use partner_center_devices::{Client, CustomerId, PolicyId, Retry};
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let customer = client.customer(CustomerId::new("47021739-3426-40bf-9601-61b4b6d7c793")?);
/// let policy = customer.policy(PolicyId::new("56edf752-ee77-4fd8-b7f5-df1f74a3a9ac")?);
/// let plain = policy.get().await?;
/// let german = policy.get().locale("de-DE")?.await?;
/// let quick = policy.get().timeout(Duration::from_secs(2)).retry(Retry::never()).await?;
/// let (typed, raw) = policy.get().with_raw().await?;
/// println!("{} {:?} {} bytes", raw.status(), raw.headers().get("MS-CV"), raw.body().len());
/// # Ok(()) }
/// ```
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<T> {
    operation: &'static str,
    options: CallOptions,
    run: Run<T>,
}

impl<T: Send + 'static> Call<T> {
    pub(crate) fn new(
        operation: &'static str,
        run: impl FnOnce(CallOptions) -> RunFuture<T> + Send + 'static,
    ) -> Self {
        Self { operation, options: CallOptions::default(), run: Box::new(run) }
    }

    /// Sets the `MS-RequestId`, the idempotency key of the service. Use the same id to repeat a call whose response was
    /// lost (<https://learn.microsoft.com/en-us/partner-center/developer/headers>). A new id by default.
    pub fn request_id(mut self, id: Uuid) -> Self {
        self.options.request_id = Some(id);
        self
    }

    /// Sets the `MS-CorrelationId`, to find the call in your own traces. A new id by default.
    pub fn correlation_id(mut self, id: Uuid) -> Self {
        self.options.correlation_id = Some(id);
        self
    }

    /// Sets the time limit of one attempt, from connecting to the last byte of the response. The default is
    /// [`ClientBuilder::timeout`](crate::ClientBuilder::timeout).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// Sets how this call is retried.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.options.retry = Some(retry);
        self
    }

    /// Sets the language of the service's texts in this call, such as `de-DE`
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/headers>).
    ///
    /// # Errors
    /// If the text contains a character that is not allowed in a header.
    pub fn locale(mut self, locale: &str) -> Result<Self, Error> {
        self.options.set_locale(self.operation, locale)?;
        Ok(self)
    }

    /// Sets a further header of the request, or replaces one such as `Accept`. The token, the ids and the headers of the
    /// connection cannot be replaced.
    ///
    /// # Errors
    /// If the header belongs to the client, or if a text contains a character that is not allowed in a header.
    pub fn header(mut self, name: &str, value: &str) -> Result<Self, Error> {
        self.options.set_header(self.operation, name, value)?;
        Ok(self)
    }

    /// Returns the raw response together with the typed result.
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
