//! The JSON views of a customer.

use serde::Serialize;

use crate::domain::customer::Relationship;
use crate::domain::keys::CustomerKey;
use crate::domain::world::{Batch, World};

/// A customer. The members of a profile are `None` if it was given none.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CustomerView {
    id: String,
    name: Option<String>,
    domain: Option<String>,
    relationship: Option<Relationship>,
    delegated_access: Option<bool>,
    batches: usize,
    devices: usize,
    policies: usize,
}

impl CustomerView {
    pub(super) fn new(world: &World, key: CustomerKey) -> Self {
        let (batches, profile) = (world.batches(key), world.given_profile(key));
        Self {
            id: world.customer_name(key).to_owned(),
            name: customer_name(world, key),
            domain: profile.map(|profile| profile.domain.to_string()),
            relationship: profile.map(|profile| profile.relationship),
            delegated_access: profile.map(|profile| profile.delegated_access),
            batches: batches.len(),
            devices: batches.iter().map(Batch::device_count).sum(),
            policies: world.policies(key).len(),
        }
    }
}

/// Returns the name that a customer was given.
pub(super) fn customer_name(world: &World, key: CustomerKey) -> Option<String> {
    world.given_profile(key).map(|profile| profile.name.to_string())
}
