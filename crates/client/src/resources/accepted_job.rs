//! The job in the response to an upload or to an assignment of policies.

use std::sync::Arc;

use http::StatusCode;
use http::header::LOCATION;
use partner_center_devices_raw::ForeignResponse;
use partner_center_devices_raw::types::CustomerId;

use super::batch_upload::BatchUpload;
use crate::calls::pipeline::{DecodedResponse, Shared};
use crate::calls::retry_after::retry_after;
use crate::responses::error::Error;
use crate::responses::job::Job;
use crate::responses::location;

/// Returns the job that the service accepted.
pub(super) fn accepted_job(
    shared: Arc<Shared>,
    customer: CustomerId,
    response: DecodedResponse<()>,
) -> Result<Job, Error> {
    let DecodedResponse { raw, context, .. } = response;
    let header = raw.headers().get(LOCATION).and_then(|value| value.to_str().ok());
    let id = header
        .and_then(location::tracking_id)
        .or_else(|| location::tracking_id_in_body(raw.body()));
    match id {
        Some(id) => {
            let upload = BatchUpload::new(shared, customer, id);
            Ok(Job::accepted(upload, retry_after(raw.headers())))
        }
        // The documented status is 201 or 202, and no documented body is without the link to the job.
        None if raw.status() == StatusCode::OK && !raw.body().is_empty() => {
            Err(context.intercepted(&ForeignResponse::other_json()))
        }
        None => Err(context.unreadable(
            "the service accepted the request but returned no job in `Location`; check the batch before you try again",
        )),
    }
}
