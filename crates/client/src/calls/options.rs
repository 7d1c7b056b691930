//! The options of one call.

use std::time::Duration;

use http::header::{
    AUTHORIZATION, CONNECTION, CONTENT_LENGTH, HOST, PROXY_AUTHORIZATION, TRANSFER_ENCODING,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

use crate::calls::retry::Retry;
use crate::calls::service_headers::{CONTINUATION, CORRELATION_ID, REQUEST_ID};
use crate::responses::error::Error;

/// The options of one call. For `None`, the setting of the client applies.
#[derive(Clone, Debug, Default)]
pub(crate) struct CallOptions {
    pub(crate) request_id: Option<Uuid>,
    pub(crate) correlation_id: Option<Uuid>,
    pub(crate) locale: Option<HeaderValue>,
    pub(crate) continuation: Option<HeaderValue>,
    /// The query of the request, instead of the query of the generated method.
    pub(crate) query: Option<String>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: Option<Retry>,
    pub(crate) headers: HeaderMap,
}

/// Headers that belong to the client: its token, the ids of a call, and the connection.
const RESERVED: [HeaderName; 9] = [
    AUTHORIZATION,
    CONNECTION,
    CONTENT_LENGTH,
    HOST,
    PROXY_AUTHORIZATION,
    TRANSFER_ENCODING,
    CONTINUATION,
    CORRELATION_ID,
    REQUEST_ID,
];

/// Returns true for a header that only the client sets.
pub(crate) fn is_reserved(name: &HeaderName) -> bool {
    RESERVED.contains(name)
}

impl CallOptions {
    pub(crate) fn set_header(
        &mut self,
        operation: &'static str,
        name: &str,
        value: &str,
    ) -> Result<(), Error> {
        let invalid = |problem: &str| Error::input(operation, problem);
        let name = HeaderName::try_from(name).map_err(|_| {
            invalid("the name of a header contains a character that is not allowed")
        })?;
        if is_reserved(&name) {
            return Err(invalid(&format!("the header `{name}` is set by the client")));
        }
        let value = HeaderValue::try_from(value).map_err(|_| {
            invalid(&format!("the header `{name}` contains a character that is not allowed"))
        })?;
        self.headers.insert(name, value);
        Ok(())
    }

    pub(crate) fn set_locale(
        &mut self,
        operation: &'static str,
        locale: &str,
    ) -> Result<(), Error> {
        let value = HeaderValue::try_from(locale).map_err(|_| {
            Error::input(
                operation,
                "the locale contains a character that is not allowed in a header",
            )
        })?;
        self.locale = Some(value);
        Ok(())
    }
}
