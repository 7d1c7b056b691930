use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use http::{HeaderMap, StatusCode};

use super::contract::{BoxError, BoxFuture, Inner, Transport};
use crate::Operation;

/// The status and the headers of the last response to a client created by `with_receipt`.
#[derive(Clone, Default)]
pub struct Receipt(Arc<Mutex<Option<(StatusCode, HeaderMap)>>>);

impl Receipt {
    /// Returns the status of the last response, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.read(|(status, _)| *status)
    }

    /// Returns the headers of the last response, if there was one.
    #[must_use]
    pub fn headers(&self) -> Option<HeaderMap> {
        self.read(|(_, headers)| headers.clone())
    }

    fn read<T>(&self, f: impl FnOnce(&(StatusCode, HeaderMap)) -> T) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(f)
    }
}

impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receipt").field("status", &self.status()).finish_non_exhaustive()
    }
}

/// A transport that fills a receipt.
pub(crate) struct ReceiptTransport {
    pub(crate) next: Inner,
    pub(crate) receipt: Receipt,
}

impl Transport for ReceiptTransport {
    fn execute<'a>(
        &'a self,
        http: &'a reqwest::Client,
        operation: Option<Operation>,
        request: reqwest::Request,
    ) -> BoxFuture<'a, Result<reqwest::Response, BoxError>> {
        Box::pin(async move {
            let response = self.next.transport().execute(http, operation, request).await?;
            let head = (response.status(), response.headers().clone());
            *self.receipt.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(head);
            Ok(response)
        })
    }
}
