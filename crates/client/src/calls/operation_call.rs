//! A [`Call`] of one generated method.

use std::future::Future;
use std::sync::Arc;

use partner_center_devices_raw::{self as raw, Operation, ResponseValue};
use serde::de::DeserializeOwned;

use crate::calls::call::Call;
use crate::calls::pipeline::{self, DecodedResponse, Shared};
use crate::responses::error::Error;

/// Creates the call. `method` sends the request, and `finish` makes the result from the decoded response.
pub(crate) fn operation_call<W, T, F, Fut>(
    shared: &Arc<Shared>,
    operation: Operation,
    method: F,
    finish: impl FnOnce(DecodedResponse<W>) -> Result<T, Error> + Send + 'static,
) -> Call<T>
where
    W: DeserializeOwned + Send + 'static,
    T: Send + 'static,
    F: FnOnce(raw::Client) -> Fut + Send + 'static,
    Fut: Future<Output = Result<ResponseValue<W>, raw::Error>> + Send + 'static,
{
    let shared = Arc::clone(shared);
    Call::new(operation.id(), move |options| {
        Box::pin(async move {
            let response = pipeline::run(&shared, operation, options, method).await?;
            let raw = response.raw.clone();
            Ok((finish(response)?, raw))
        })
    })
}
