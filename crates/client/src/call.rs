//! A call that is ready and not yet made: `.await` makes it. Between the two, options of this one call are set.

use std::fmt;
use std::future::IntoFuture;

use http::HeaderValue;
use partner_center_devices_raw::BoxFuture;
use uuid::Uuid;

use crate::error::Error;
use crate::pipeline::CallOptions;

type Run<T> = Box<dyn FnOnce(CallOptions) -> BoxFuture<'static, Result<T, Error>> + Send>;

/// One call of the service. Nothing happens until it is awaited; dropping it then cancels it.
///
/// ```no_run
/// # use partner_center_devices::{Client, CustomerId, PolicyId};
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let policies = client.customer(CustomerId::new("47021739-3426-40bf-9601-61b4b6d7c793")?);
/// let policy = policies.policy(PolicyId::new("56edf752-ee77-4fd8-b7f5-df1f74a3a9ac")?);
/// let plain = policy.get().await?;
/// let german = policy.get().locale("de-DE")?.await?;
/// # Ok(()) }
/// ```
#[must_use = "a call is only made when it is awaited"]
pub struct Call<T> {
    operation: &'static str,
    options: CallOptions,
    run: Run<T>,
}

impl<T> Call<T> {
    pub(crate) fn new(
        operation: &'static str,
        run: impl FnOnce(CallOptions) -> BoxFuture<'static, Result<T, Error>> + Send + 'static,
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

    /// The language of the service's texts in this call.
    ///
    /// # Errors
    /// If the text cannot stand in a header.
    pub fn locale(mut self, locale: &str) -> Result<Self, Error> {
        let value = HeaderValue::try_from(locale).map_err(|_| {
            Error::input(self.operation, "the locale has a character that no header can hold")
        })?;
        self.options.locale = Some(value);
        Ok(self)
    }

    pub(crate) fn options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }
}

impl<T> IntoFuture for Call<T> {
    type Output = Result<T, Error>;
    type IntoFuture = BoxFuture<'static, Result<T, Error>>;

    fn into_future(self) -> Self::IntoFuture {
        (self.run)(self.options)
    }
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("operation", &self.operation).finish_non_exhaustive()
    }
}
