use std::fmt;

use http::HeaderMap;

use super::contract::{BoxError, BoxFuture, Transport};
use super::target;
use crate::Operation;

/// A transport that sends with the given reqwest client and adds the same headers to every request.
/// On `wasm32`, it refuses a response to which a redirect to another origin led.
///
/// Mark a token as sensitive (`HeaderValue::set_sensitive`) before you pass it.
#[derive(Clone, Default)]
pub struct Direct {
    headers: HeaderMap,
}

impl Direct {
    /// Adds `headers` (a token, `MS-RequestId`, …) to every request that does not have them yet.
    #[must_use]
    pub fn with_headers(headers: HeaderMap) -> Self {
        Self { headers }
    }
}

impl fmt::Debug for Direct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Direct").field("headers", &self.headers.len()).finish()
    }
}

impl Transport for Direct {
    fn execute<'a>(
        &'a self,
        http: &'a reqwest::Client,
        _operation: Option<Operation>,
        mut request: reqwest::Request,
    ) -> BoxFuture<'a, Result<reqwest::Response, BoxError>> {
        for (name, value) in &self.headers {
            request.headers_mut().entry(name).or_insert_with(|| value.clone());
        }
        Box::pin(target::send(http, request))
    }
}
