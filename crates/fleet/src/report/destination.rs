//! A batch that rows were sent to.

use partner_center_devices::{BatchId, CustomerId};
use serde::Serialize;

/// A batch of a customer that rows were sent to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Destination {
    /// The customer's id.
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub(crate) customer: CustomerId,
    /// The batch. Its name is the group tag that the customer sees.
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub(crate) batch: BatchId,
    /// True if the service accepted a request to create the batch.
    pub(crate) created_batch: bool,
    /// The reason the upload to this batch stopped early.
    pub(crate) stopped: Option<String>,
}

impl Destination {
    /// Returns the customer.
    #[must_use]
    pub fn customer(&self) -> &CustomerId {
        &self.customer
    }

    /// Returns the batch, spelled as the service spells it if it already existed. Its name is the group tag that the
    /// customer sees.
    #[must_use]
    pub fn batch(&self) -> &BatchId {
        &self.batch
    }

    /// Returns true if the service accepted a request to create the batch. Otherwise the batch already existed, or
    /// nothing was sent.
    #[must_use]
    pub fn created_batch(&self) -> bool {
        self.created_batch
    }

    /// Returns the reason the upload to this batch stopped early; `None` if it did not.
    #[must_use]
    pub fn stopped(&self) -> Option<&str> {
        self.stopped.as_deref()
    }
}
