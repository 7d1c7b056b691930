//! A batch of a customer that an upload sends to.

use partner_center_devices::{BatchId, Customer};

#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) customer: Customer,
    pub(super) batch: BatchId,
}
