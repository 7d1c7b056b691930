//! The options of one call.

use std::time::Duration;

use http::HeaderValue;
use uuid::Uuid;

use crate::calls::retry::Retry;
use crate::responses::error::Error;

/// The options of one call. For `None`, the setting of the client applies.
#[derive(Clone, Debug, Default)]
pub(crate) struct CallOptions {
    pub(crate) request_id: Option<Uuid>,
    pub(crate) correlation_id: Option<Uuid>,
    pub(crate) locale: Option<HeaderValue>,
    pub(crate) continuation: Option<HeaderValue>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: Option<Retry>,
}

impl CallOptions {
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
