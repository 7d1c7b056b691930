//! The keys of customers, batches and devices in the world.

/// A customer's index in the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct CustomerKey(pub(super) usize);

impl CustomerKey {
    /// Returns the position in the list of all customers.
    pub(crate) fn position(self) -> u64 {
        self.0 as u64
    }
}

/// A customer and the index of one of its batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct BatchKey {
    pub(crate) customer: CustomerKey,
    pub(crate) index: usize,
}

/// A device's registration number over all customers, from 1. Numbers are never reused.
pub(crate) type DeviceKey = u64;
