//! The places of devices that were registered before.

use std::collections::{HashMap, HashSet};

use partner_center_devices_fleet::EarlierRegistration;

/// The places of a report's devices that are known.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// The numbers of the rows whose devices are searched for, from 0.
    pub(super) searched: HashSet<usize>,
    /// The results, by the number of the row. `None` for a device whose place is not known after a complete search.
    pub(super) found: HashMap<usize, Option<EarlierRegistration>>,
}

impl Places {
    /// Returns true if the search for the device of a row did not come to an end.
    pub(super) fn is_open(&self, row: usize) -> bool {
        self.searched.contains(&row) && !self.found.contains_key(&row)
    }
}
