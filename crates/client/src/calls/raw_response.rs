//! A response with its status, headers and body.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::calls::service_headers;

/// A response with its status, headers and body. Cheap to clone.
///
/// `Debug` prints the status and the length of the body. It does not print the body, which may contain hardware hashes.
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

    /// Returns the status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// Returns the headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// Returns the body without a byte order mark.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.1
    }

    /// Returns the time of the response by the clock of the service: `Date`, to the second.
    #[must_use]
    pub fn date(&self) -> Option<SystemTime> {
        service_headers::date(&self.0.headers)
    }

    /// Returns whether the user signed in with multi-factor authentication, as the service sees it; `None` if the
    /// response does not say (<https://learn.microsoft.com/en-us/partner-center/developer/partner-center-authentication>).
    /// Request it with [`ClientBuilder::validate_mfa`](crate::ClientBuilder::validate_mfa).
    #[must_use]
    pub fn is_mfa_compliant(&self) -> Option<bool> {
        service_headers::is_mfa_compliant(&self.0.headers)
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
