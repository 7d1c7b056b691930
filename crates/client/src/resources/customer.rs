//! One customer: the root of all other resources.

use partner_center_devices_raw::Operation;
use partner_center_devices_raw::types::{BatchId, BatchTrackingId, CustomerId, PolicyId};

use super::batch_upload::BatchUpload;
use super::device_batches::{DeviceBatchResource, DeviceBatches};
use super::device_policies::DevicePolicies;
use super::policies::{Policies, PolicyResource};
use super::relationships;
use super::resource::resource;
use crate::audit::query::AuditQuery;
use crate::audit::records::AuditRecords;
use crate::calls::call::Call;
use crate::calls::operation_call::operation_call;
use crate::responses::job::Job;
use crate::responses::list::List;
use crate::responses::partner_models::{CustomerDetails, PartnerRelationship};

resource! {
    /// One customer of the partner.
    Customer {}
}

impl Customer {
    /// Returns the id of the customer.
    #[must_use]
    pub fn id(&self) -> &CustomerId {
        &self.customer
    }

    /// Returns the base URL of the service.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.shared.base_url
    }

    /// Returns the customer: its name, domain and relationship to the partner
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-id>). The service limits this call to 500 a
    /// minute.
    pub fn get(&self) -> Call<CustomerDetails> {
        let Self { shared, customer } = self.clone();
        operation_call(
            &shared,
            Operation::GetCustomer,
            move |raw| async move { raw.get_customer(&customer).await },
            |response| Ok(response.value.into()),
        )
    }

    /// Lists the indirect partners that work with the customer
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/get-indirect-resellers-of-a-customer>). Only for indirect
    /// providers and resellers, and only with the token of a signed-in user; other partners get the code 1002.
    pub fn relationships(&self) -> List<PartnerRelationship> {
        relationships::of_customer(&self.shared, &self.customer)
    }

    /// Lists records of the audit log, those of this customer: adds it to the customers of the query. See
    /// [`Client::audit_records`](crate::Client::audit_records).
    pub fn audit_records(&self, query: AuditQuery) -> AuditRecords {
        AuditRecords::new(&self.shared, query.customer(self.customer.clone()))
    }

    /// Selects a job by its tracking id.
    #[must_use]
    pub fn batch_upload_status(&self, tracking_id: BatchTrackingId) -> BatchUpload {
        let Self { shared, customer } = self.clone();
        BatchUpload::new(shared, customer, tracking_id)
    }

    /// Selects a job to wait for by its tracking id, to continue after an interruption.
    #[must_use]
    pub fn job(&self, tracking_id: BatchTrackingId) -> Job {
        Job::new(self.batch_upload_status(tracking_id))
    }

    /// Ends the throttle that a 429 of the service started for this customer, for all clones of the client. Use it if a
    /// response asked for an absurd delay. If the service still throttles the customer, its next response starts a new
    /// throttle.
    pub fn reset_throttle(&self) {
        let id = self.customer.as_str();
        self.shared.throttle.reset(id);
    }

    /// Selects the batches of the customer.
    #[must_use]
    pub fn device_batches(&self) -> DeviceBatches {
        let Self { shared, customer } = self.clone();
        DeviceBatches::new(shared, customer)
    }

    /// Selects one batch by its name.
    #[must_use]
    pub fn device_batch(&self, id: BatchId) -> DeviceBatchResource {
        let Self { shared, customer } = self.clone();
        DeviceBatchResource::new(shared, customer, id)
    }

    /// Selects the configuration policies of the customer.
    #[must_use]
    pub fn policies(&self) -> Policies {
        let Self { shared, customer } = self.clone();
        Policies::new(shared, customer)
    }

    /// Selects one configuration policy.
    #[must_use]
    pub fn policy(&self, id: PolicyId) -> PolicyResource {
        let Self { shared, customer } = self.clone();
        PolicyResource::new(shared, customer, id)
    }

    /// Selects the assignment of policies to many devices.
    #[must_use]
    pub fn device_policies(&self) -> DevicePolicies {
        let Self { shared, customer } = self.clone();
        DevicePolicies::new(shared, customer)
    }
}
