//! The hardware that exists, in a world that lists it. In such a strict world, no other hardware can be registered.
//!
//! It matters only for devices that are not registered. The fields of an entry are compared exactly, including upper and
//! lower case, as manufacturers spell them.

use std::collections::HashMap;

use partner_center_devices_raw::is_product_key_id;

use super::device::{DeviceInput, Identities};
use super::hardware_hash::HardwareHash;
use super::identity::Identity;

/// One piece of hardware.
pub(crate) struct HardwareRecord {
    /// The identifying fields.
    pub(crate) device: DeviceInput,
    /// True if the hardware has joined a directory before.
    pub(crate) joined: bool,
}

/// All hardware that exists.
pub(crate) struct HardwareInventory {
    records: Vec<HardwareRecord>,
    /// The number of records with an identity, and the index of the last one.
    index: HashMap<Identity, (usize, usize)>,
}

/// The result of looking up a device in the inventory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HardwareLookup {
    /// Exactly one record matches, or the world does not list its hardware.
    Known,
    /// No record matches.
    NotFound,
    /// More than one record matches.
    NotUnique,
    /// The matching hardware has joined a directory before.
    Joined,
}

impl HardwareInventory {
    pub(crate) fn new(records: Vec<HardwareRecord>) -> Self {
        let mut index = HashMap::new();
        for (position, record) in records.iter().enumerate() {
            for identity in record.identities() {
                let (count, last) = index.entry(identity).or_insert((0, position));
                (*count, *last) = (*count + 1, position);
            }
        }
        Self { records, index }
    }

    /// Returns the records in the order of the world file.
    pub(crate) fn records(&self) -> &[HardwareRecord] {
        &self.records
    }

    /// Returns true if a record has this identity.
    pub(crate) fn lists(&self, identity: Identity) -> bool {
        self.index.contains_key(&identity)
    }

    /// Looks up a device: by its hash or the values inside, otherwise by its product key, otherwise by the rest.
    ///
    /// A device with a hash is not compared with its other fields, because the service reads the hash. Without a hash,
    /// no field may differ from the record.
    pub(crate) fn find(&self, device: &DeviceInput, identities: &Identities) -> HardwareLookup {
        let found = |identity: Identity| self.index.get(&identity);
        let (found, compared) = match device.hash {
            HardwareHash::Decoded(hash) => (hash.all().find_map(found), false),
            _ => (identities.all().find_map(found), identities.hash().is_none()),
        };
        match found {
            None => HardwareLookup::NotFound,
            Some((2.., _)) => HardwareLookup::NotUnique,
            Some((_, position)) => {
                let record = &self.records[*position];
                match record {
                    record if compared && record.contradicts(device) => HardwareLookup::NotFound,
                    HardwareRecord { joined: true, .. } => HardwareLookup::Joined,
                    _ => HardwareLookup::Known,
                }
            }
        }
    }
}

impl HardwareRecord {
    /// Returns the identities that find this record. The serial number inside a hash finds it, unless the record
    /// also has the manufacturer and the model, which must then match.
    fn identities(&self) -> impl Iterator<Item = Identity> + use<> {
        let DeviceInput { serial_number, manufacturer, model, .. } = &self.device;
        let partial = manufacturer.is_none() || model.is_none();
        let serial = serial_number.as_deref().filter(|_| partial).map(Identity::serial_number);
        self.device.identities(|_| true).all().chain(serial)
    }

    /// Returns true if a field differs from this record. Absent fields and malformed product keys do not count.
    fn contradicts(&self, device: &DeviceInput) -> bool {
        let key = |device: &DeviceInput| {
            device.product_key.clone().filter(|key| is_product_key_id(key.trim()))
        };
        let keys = (key(&self.device), key(device));
        let fields = |device: &DeviceInput| {
            [device.serial_number.clone(), device.manufacturer.clone(), device.model.clone()]
        };
        fields(&self.device)
            .into_iter()
            .zip(fields(device))
            .chain([keys])
            .any(|pair| matches!(pair, (Some(one), Some(other)) if one.trim() != other.trim()))
    }
}

#[cfg(test)]
mod tests {
    use partner_center_devices_testkit::hash::HashBuilder;

    use super::*;
    use HardwareLookup::{Joined, Known, NotFound, NotUnique};

    /// Serial number, product key, manufacturer and model; `-` is absent.
    fn device(fields: [&str; 4], hash: &str) -> DeviceInput {
        let [serial_number, product_key, manufacturer, model] =
            fields.map(|text| (text != "-").then(|| text.into()));
        let hash = if hash == "-" { HardwareHash::Absent } else { HardwareHash::parse(hash) };
        DeviceInput {
            serial_number,
            product_key,
            manufacturer,
            model,
            hash,
            ..DeviceInput::default()
        }
    }

    fn inside(serial_number: &str, manufacturer: &str, model: &str) -> String {
        HashBuilder::of_device(serial_number, manufacturer, model).encode()
    }

    #[test]
    fn only_listed_hardware_is_found() {
        let whole = inside("H1", "Contoso", "Book 5");
        let records = [
            (["S1", "-", "Contoso", "Book 5"], "-", false),
            (["S2", "3305000000002", "Contoso", "Book 5"], "-", false),
            (["-", "3305000000003", "-", "-"], "-", false),
            (["H1", "-", "-", "-"], whole.as_str(), false),
            (["TWIN", "-", "Contoso", "Book 5"], "-", false),
            (["TWIN", "-", "Contoso", "Book 5"], "-", false),
            (["OLD", "-", "Contoso", "Book 5"], "-", true),
            (["-", "00329-00000-0003-AA606", "-", "-"], "-", false),
            (["-", "-", "-", "-"], "DummyHash123", false),
        ];
        let records = records
            .map(|(fields, hash, joined)| HardwareRecord { device: device(fields, hash), joined });
        let inventory = HardwareInventory::new(records.into());
        let with_key =
            HashBuilder::of_device("X", "Contoso", "Book 5").text(24, "3305000000003").encode();
        let newer = HashBuilder::of_device("H1", "Contoso", "Book 5").record(12, &[7; 16]).encode();
        for (fields, hash, expected) in [
            // serial number, manufacturer and model
            (["S1", "-", "Contoso", "Book 5"], "-", Known),
            (["S1", "N/A", "Contoso", "Book 5"], "-", Known),
            (["s1", "-", "Contoso", "Book 5"], "-", NotFound),
            (["S1", "-", "contoso", "Book 5"], "-", NotFound),
            (["S1", "-", "Contoso", "Book  5"], "-", NotFound),
            (["S9", "-", "Contoso", "Book 5"], "-", NotFound),
            (["TWIN", "-", "Contoso", "Book 5"], "-", NotUnique),
            (["OLD", "-", "Contoso", "Book 5"], "-", Joined),
            // product key
            (["-", "3305000000003", "-", "-"], "-", Known),
            (["-", "3305000000009", "-", "-"], "-", NotFound),
            (["S2", "3305000000002", "Contoso", "Book 5"], "-", Known),
            (["S1", "3305000000002", "-", "-"], "-", NotFound),
            (["S2", "3305000000002", "Contoso", "Book 4"], "-", NotFound),
            (["S2", "3305000000009", "Contoso", "Book 5"], "-", NotFound),
            (["-", "00329-00000-0003-aa606", "-", "-"], "-", Known),
            // hash
            (["-", "-", "-", "-"], &whole, Known),
            (["-", "-", "-", "-"], &newer, Known),
            (["-", "-", "-", "-"], "DummyHash123", Known),
            (["-", "-", "-", "-"], &inside("S1", "Contoso", "Book 5"), Known),
            (["-", "-", "-", "-"], &inside("S1", "Contoso", "Book 4"), NotFound),
            (["-", "-", "-", "-"], &inside("S9", "Contoso", "Book 5"), NotFound),
            (["-", "-", "-", "-"], &inside("TWIN", "Contoso", "Book 5"), NotUnique),
            (["-", "-", "-", "-"], &inside("OLD", "Contoso", "Book 5"), Joined),
            (["-", "-", "-", "-"], &with_key, Known),
            (["S1", "-", "Contoso", "Book 5"], &inside("S9", "Contoso", "Book 5"), NotFound),
            (["S9", "-", "Contoso", "Book 5"], &inside("S1", "Contoso", "Book 5"), Known),
        ] {
            let device = device(fields, hash);
            let identities = device.identities(|identity| inventory.lists(identity));
            assert_eq!(inventory.find(&device, &identities), expected, "{fields:?} {}", hash.len());
        }
    }
}
