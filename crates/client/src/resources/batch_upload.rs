//! The status of one job.

use partner_center_devices_raw::Operation;
use partner_center_devices_raw::types::BatchTrackingId;

use super::resource::resource;
use crate::calls::call::Call;
use crate::calls::operation_call::operation_call;
use crate::calls::pipeline::DecodedResponse;
use crate::responses::models::BatchUploadDetails;

resource! {
    /// One job of a customer.
    BatchUpload { tracking_id: BatchTrackingId }
}

impl BatchUpload {
    pub(crate) fn tracking_id(&self) -> &BatchTrackingId {
        &self.tracking_id
    }

    /// Returns the status of the job
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/get-the-status-of-a-device-batch-upload>).
    ///
    /// # Errors
    /// In addition to the errors of any call, [`ErrorKind::Unreadable`](crate::ErrorKind::Unreadable) if the response
    /// contains neither the status of the job nor its devices.
    pub fn get(&self) -> Call<BatchUploadDetails> {
        let (customer, tracking_id) = (self.customer.clone(), self.tracking_id.clone());
        operation_call(
            &self.shared,
            Operation::GetBatchJobStatus,
            move |raw| async move { raw.get_batch_job_status(&customer, &tracking_id).await },
            |response| {
                let DecodedResponse { value, context, .. } = response;
                if value.status.is_none() && value.devices_status.is_none() {
                    // Otherwise a caller would wait for the job forever.
                    return Err(context.unreadable(
                        "the response contains neither the status of the job nor its devices",
                    ));
                }
                Ok(value.into())
            },
        )
    }
}
