//! The registered devices of all customers, by key.

use super::device::Device;
use super::keys::DeviceKey;

/// Devices with the keys 1, 2, 3 and so on. The slot of a removed device stays empty.
#[derive(Default)]
pub(super) struct DeviceStore {
    slots: Vec<Option<Box<Device>>>,
}

impl DeviceStore {
    pub(super) fn push(&mut self, device: Device) -> DeviceKey {
        self.slots.push(Some(Box::new(device)));
        self.slots.len() as DeviceKey
    }

    pub(super) fn get(&self, key: DeviceKey) -> Option<&Device> {
        self.slots.get(slot(key)?)?.as_deref()
    }

    pub(super) fn get_mut(&mut self, key: DeviceKey) -> Option<&mut Device> {
        self.slots.get_mut(slot(key)?)?.as_deref_mut()
    }

    pub(super) fn remove(&mut self, key: DeviceKey) -> Option<Box<Device>> {
        self.slots.get_mut(slot(key)?)?.take()
    }

    /// Returns the last key that was assigned.
    pub(super) fn last_key(&self) -> DeviceKey {
        self.slots.len() as DeviceKey
    }
}

fn slot(key: DeviceKey) -> Option<usize> {
    usize::try_from(key.checked_sub(1)?).ok()
}
