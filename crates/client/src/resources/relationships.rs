//! Relationships between partners, of one customer or of the partner itself.

use std::sync::Arc;

use partner_center_devices_raw::Operation;
use partner_center_devices_raw::types::CustomerId;

use crate::calls::operation_call::operation_call;
use crate::calls::pipeline::Shared;
use crate::responses::list::{FetchedPage, List};
use crate::responses::partner_models::PartnerRelationship;

/// Lists the indirect partners of a customer.
pub(super) fn of_customer(
    shared: &Arc<Shared>,
    customer: &CustomerId,
) -> List<PartnerRelationship> {
    let (shared, customer) = (Arc::clone(shared), customer.clone());
    List::new(Operation::ListCustomerRelationships.id(), move || {
        let customer = customer.clone();
        operation_call(
            &shared,
            Operation::ListCustomerRelationships,
            move |raw| async move { raw.list_customer_relationships(&customer).await },
            // `null` stands for none.
            |response| {
                let response = response.map(Option::unwrap_or_default);
                FetchedPage::new(response, PartnerRelationship::from)
            },
        )
    })
}

/// Lists the indirect partners of the partner. `kind` has the name of the SDK.
pub(crate) fn of_partner(shared: &Arc<Shared>, kind: &'static str) -> List<PartnerRelationship> {
    let shared = Arc::clone(shared);
    List::new(Operation::ListRelationships.id(), move || {
        operation_call(
            &shared,
            Operation::ListRelationships,
            move |raw| async move { raw.list_relationships(None, Some(kind)).await },
            |response| {
                let response = response.map(Option::unwrap_or_default);
                FetchedPage::new(response, PartnerRelationship::from)
            },
        )
    })
}
