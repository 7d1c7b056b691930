use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use http::HeaderValue;

use crate::Operation;

/// A boxed future, which trait objects need. On `wasm32` it is not `Send`, because it may wait for JavaScript.
#[cfg(not(target_arch = "wasm32"))]
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
/// A boxed future, which trait objects need. It is not `Send`, because it may wait for JavaScript.
#[cfg(target_arch = "wasm32")]
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;
/// The error of a transport. A `reqwest::Error` passes through unchanged; any other error is the `source()` of the
/// `Error::CommunicationError` that the call fails with. On `wasm32`, the source only has its text.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The trait for transports: they send a request and return the response.
pub trait Transport: Send + Sync + 'static {
    /// Sends `request` and returns the response with any status.
    ///
    /// `operation` is `None` for a request that has no generated method. A byte order mark before the body is removed
    /// after this method returns, so an implementation can ignore it.
    ///
    /// # Errors
    /// If there is no response. A response with an error status is not an error here.
    fn execute<'a>(
        &'a self,
        http: &'a reqwest::Client,
        operation: Option<Operation>,
        request: reqwest::Request,
    ) -> BoxFuture<'a, Result<reqwest::Response, BoxError>>;
}

/// The transport of a generated client, shared by its clones.
#[derive(Clone)]
pub struct Inner(Arc<dyn Transport>);

impl Inner {
    /// Wraps a transport for `Client::new_with_client`.
    pub fn new(transport: impl Transport) -> Self {
        Self(Arc::new(transport))
    }

    /// Returns the transport.
    #[must_use]
    pub fn transport(&self) -> &dyn Transport {
        &*self.0
    }
}

impl From<Arc<dyn Transport>> for Inner {
    fn from(transport: Arc<dyn Transport>) -> Self {
        Self(transport)
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Inner(..)") // a transport may contain a token
    }
}

/// Returns the token of an `Authorization` header without its scheme.
#[must_use]
pub fn bearer_token(header: &HeaderValue) -> &str {
    let text = header.to_str().unwrap_or_default();
    text.strip_prefix("Bearer ").unwrap_or(text)
}
