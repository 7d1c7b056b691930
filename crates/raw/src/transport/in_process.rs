use bytes::Bytes;

use super::contract::{BoxError, BoxFuture, Transport};
use super::native::response;
use crate::Operation;

/// A service that responds without a socket: the emulator, or a closure in a test.
pub trait Service: Send + Sync + 'static {
    /// Responds to one request. The URI is absolute.
    ///
    /// # Errors
    /// If there is no response, as if the network had failed.
    fn call(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, BoxError>>;
}

impl<F> Service for F
where
    F: Fn(http::Request<Bytes>) -> http::Response<Bytes> + Send + Sync + 'static,
{
    fn call(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, BoxError>> {
        let response = self(request);
        Box::pin(async move { Ok(response) })
    }
}

/// A transport that calls a [`Service`] in this process, without a network.
pub struct InProcess<S>(pub S);

impl<S: Service> Transport for InProcess<S> {
    fn execute<'a>(
        &'a self,
        _http: &'a reqwest::Client,
        _operation: Option<Operation>,
        request: reqwest::Request,
    ) -> BoxFuture<'a, Result<reqwest::Response, BoxError>> {
        Box::pin(async move {
            let request = http::Request::<reqwest::Body>::try_from(request)?;
            let (parts, body) = request.into_parts();
            // The generated client only creates bodies that are in memory.
            let body = body.as_bytes().map_or_else(Bytes::new, Bytes::copy_from_slice);
            Ok(response(self.0.call(http::Request::from_parts(parts, body)).await?))
        })
    }
}
