//! From a name to the devices that bear it. Decides when a registered device is the one that is wanted.
//!
//! Names are the device id, the serial number and the product key, compared without case and blanks. Of the names
//! that a wanted device has, the first in this order that any device bears counts, and a device that bears another
//! of the wanted names differently, or is in another batch than the wanted one, is not the one: placeholder serial
//! numbers are common. Where several are left and some agree in one more name, it is those.
//!
//! A row is looked for by what names one device alone: a serial number that is a placeholder leads to none, and what
//! a column named like a device id holds is one only if it has the form. A row that has no other name is looked for
//! by those in its hardware hash, if the hash is whole.

use std::collections::HashMap;
use std::fmt;

use partner_center_devices::DeviceId;
use serde::{Deserialize, Serialize};

use super::device::RegisteredDevice;
use super::selection::UnresolvedReason;
use crate::check::finding::{Origin, Rule};
use crate::check::fleet::{CheckedRow, Fleet, Verdict};
use crate::check::hardware_hash::HashContents;
use crate::check::inspect::is_placeholder;
use crate::input::{Field, is_hidden};

/// A device that is wanted, by its names, and the row that names it if it is from a file.
///
/// ```
/// use partner_center_devices_fleet::{Fleet, DeviceQuery};
///
/// let fleet = Fleet::read("Serial Number\n4PX12X3\n".as_bytes(), "old.csv");
/// let mut wanted = DeviceQuery::from_rows(&fleet);
/// wanted.push(DeviceQuery::by_product_key("3305000000001"));
/// assert_eq!(wanted[0].to_string(), "4PX12X3 (old.csv:2)");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DeviceQuery {
    /// The source of the row, as it was named.
    pub source: Option<String>,
    /// The line of the row, from 1.
    pub line: Option<u64>,
    /// The batch that it has to be in, compared without case; any if there is none.
    pub batch: Option<String>,
    /// The device id.
    pub device_id: Option<String>,
    /// The serial number.
    pub serial_number: Option<String>,
    /// The product key.
    pub product_key: Option<String>,
    /// The serial number where it is a placeholder, such as `Default string`. Nothing is looked for by it: many devices
    /// share it.
    pub placeholder: Option<String>,
    /// The start and length of the hardware hash. Nothing is found by it: the service's lists show no hash.
    pub short_hash: Option<String>,
    /// Why the row's values cannot be trusted. It is not looked for then.
    pub problem: Option<String>,
}

impl DeviceQuery {
    /// A device by its serial number.
    pub fn by_serial_number(serial: impl Into<String>) -> Self {
        Self { serial_number: Some(serial.into()), ..Self::default() }
    }

    /// A device by its product key.
    pub fn by_product_key(key: impl Into<String>) -> Self {
        Self { product_key: Some(key.into()), ..Self::default() }
    }

    /// A device by its id.
    pub fn by_device_id(id: impl Into<String>) -> Self {
        Self { device_id: Some(id.into()), ..Self::default() }
    }

    /// The same, but only in this batch.
    #[must_use]
    pub fn in_batch(mut self, batch: impl Into<String>) -> Self {
        self.batch = Some(batch.into());
        self
    }

    /// The devices of a file, one for each row, in its order. A row that could not be uploaded for want of other
    /// values, with a serial number alone for instance, is good enough to look for.
    ///
    /// The device id counts before all other names, so a list of registered devices, kept as CSV with a column
    /// `Device ID`, leads back to them; where such a row names a batch, in that batch alone.
    #[must_use]
    pub fn from_rows(fleet: &Fleet) -> Vec<Self> {
        let mut rows: Vec<Self> = fleet.rows().iter().map(Self::from).collect();
        // A row that is nothing but the hash of another one sends nothing, so it has kept no hash to look into.
        let places: HashMap<&Origin, usize> =
            fleet.rows().iter().enumerate().map(|(place, row)| (row.origin(), place)).collect();
        for (place, row) in fleet.rows().iter().enumerate() {
            if let Verdict::Duplicate(kept) = row.verdict()
                && rows[place].is_hash_only()
                && let Some(kept) = places.get(kept)
            {
                rows[place].name_by_hash(&fleet.rows()[*kept]);
            }
        }
        rows
    }

    /// Whether a hardware hash is all that is known.
    fn is_hash_only(&self) -> bool {
        self.short_hash.is_some() && self.names().iter().all(Option::is_none)
    }

    /// Takes the names from the hash that this row sends, if that is whole.
    fn name_by_hash(&mut self, row: &CheckedRow) {
        let Verdict::Send(device) = row.verdict() else { return };
        let Some(Ok(hash)) = device.hardware_hash().map(HashContents::decode) else { return };
        if !hash.checksum_holds() {
            return;
        }
        let name =
            |name: Option<&str>| name.filter(|name| !name.contains(is_hidden)).map(str::to_owned);
        self.product_key = name(hash.product_key());
        self.set_serial_number(name(hash.serial_number()));
    }

    fn set_serial_number(&mut self, serial: Option<String>) {
        match serial {
            Some(serial) if is_placeholder(Field::SerialNumber, &serial) => {
                self.placeholder = Some(serial);
            }
            serial => self.serial_number = serial,
        }
    }

    /// Whether there is anything to look for.
    pub(super) fn is_findable(&self) -> bool {
        self.problem.is_none() && self.names().iter().any(Option::is_some)
    }

    /// Its names, folded, in the order in which they count.
    pub(super) fn names(&self) -> [Option<String>; NAMES] {
        [&self.device_id, &self.serial_number, &self.product_key]
            .map(|name| folded(name.as_deref()))
    }
}

impl From<&CheckedRow> for DeviceQuery {
    fn from(row: &CheckedRow) -> Self {
        let text = |text: Option<&str>| text.map(str::to_owned);
        let problem = match row.verdict() {
            // The names are whole; what is wrong is beside them.
            Verdict::Refused(finding)
                if !matches!(finding.rule(), Rule::NoIdentity | Rule::HashNotBase64) =>
            {
                Some(format!("{} [{}]", finding.message(), finding.rule()))
            }
            _ => None,
        };
        let device_id = text(row.device_id().filter(|id| is_device_id(id)));
        let mut wanted = Self {
            source: Some(row.origin().source().to_owned()),
            line: Some(row.origin().line()),
            batch: text(row.group_tag().filter(|_| device_id.is_some())),
            device_id,
            product_key: text(row.product_key()),
            short_hash: text(row.short_hash()),
            problem,
            ..Self::default()
        };
        wanted.set_serial_number(text(row.serial_number()));
        if wanted.is_hash_only() {
            wanted.name_by_hash(row);
        }
        wanted
    }
}

/// Just this entry of its batch's list.
impl From<&RegisteredDevice> for DeviceQuery {
    fn from(device: &RegisteredDevice) -> Self {
        Self {
            batch: Some(device.batch.to_string()),
            device_id: device.id.as_ref().map(ToString::to_string),
            serial_number: device.serial_number.clone(),
            product_key: device.product_key.clone(),
            ..Self::default()
        }
    }
}

/// By the first name it has, and where it stands.
impl fmt::Display for DeviceQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = [
            &self.device_id,
            &self.serial_number,
            &self.product_key,
            &self.placeholder,
            &self.short_hash,
        ];
        f.write_str(
            names.into_iter().flatten().next().map_or("a device without a name", |name| name),
        )?;
        match (&self.source, self.line) {
            (Some(source), Some(line)) => write!(f, " ({source}:{line})"),
            (Some(source), None) => write!(f, " ({source})"),
            _ => Ok(()),
        }
    }
}

/// How many kinds of names there are.
const NAMES: usize = 3;

fn names_of(device: &RegisteredDevice) -> [Option<&str>; NAMES] {
    [
        device.id.as_ref().map(DeviceId::as_str),
        device.serial_number.as_deref(),
        device.product_key.as_deref(),
    ]
}

/// Whether a value has the form of a device id: a GUID, or groups such as `9993-8627-3608-6844-6369-4361-72`
/// (<https://learn.microsoft.com/en-us/partner-center/developer/update-a-list-of-devices-with-a-policy>). Columns of
/// that name hold other things too: numbers of rows, asset numbers.
fn is_device_id(value: &str) -> bool {
    let is_group =
        |group: &str| !group.is_empty() && group.bytes().all(|c| c.is_ascii_alphanumeric());
    let has_digit = value.contains(|c: char| c.is_ascii_digit());
    value.len() >= 20 && has_digit && value.contains('-') && value.split('-').all(is_group)
}

/// A name without blanks and case; `None` if nothing is left.
pub(super) fn folded(name: Option<&str>) -> Option<String> {
    let visible = name?.chars().filter(|c| !c.is_whitespace());
    Some(visible.flat_map(char::to_lowercase).collect()).filter(|name: &String| !name.is_empty())
}

/// A folded name as careless hands write it: a spreadsheet cuts the zeros in front, and O and 0 look alike.
fn alike(folded: &str) -> String {
    folded.replace('o', "0").trim_start_matches('0').to_owned()
}

/// What a wanted device came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Lookup {
    /// These devices, those first that bear the name exactly as it was given.
    Found(Vec<usize>),
    /// None. Those that look alike, or bear one name and differ in another.
    NotFound(Vec<usize>),
    /// It cannot be looked for.
    Unusable(UnresolvedReason),
}

/// Registered devices by their names.
pub(super) struct Index<'a> {
    devices: &'a [RegisteredDevice],
    /// The names of each device, folded.
    folded: Vec<[Option<String>; NAMES]>,
    named: [HashMap<String, Vec<usize>>; NAMES],
    /// Serial numbers and product keys together, as careless hands write them.
    alike: HashMap<String, Vec<usize>>,
}

impl<'a> Index<'a> {
    pub(super) fn of(devices: &'a [RegisteredDevice]) -> Self {
        let folded: Vec<_> = devices.iter().map(|device| names_of(device).map(folded)).collect();
        let mut named: [HashMap<_, Vec<_>>; NAMES] = Default::default();
        let mut alikes: HashMap<_, Vec<_>> = HashMap::new();
        for (place, names) in folded.iter().enumerate() {
            for (kind, name) in names.iter().enumerate() {
                let Some(name) = name else { continue };
                if kind > 0 {
                    alikes.entry(alike(name)).or_default().push(place);
                }
                named[kind].entry(name.clone()).or_default().push(place);
            }
        }
        Self { devices, folded, named, alike: alikes }
    }

    /// All names, folded.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.named.iter().flat_map(HashMap::keys).map(String::as_str)
    }

    pub(super) fn find(&self, wanted: &DeviceQuery) -> Lookup {
        if wanted.problem.is_some() {
            return Lookup::Unusable(UnresolvedReason::InvalidRow);
        }
        let names = wanted.names();
        let mut near = Vec::new();
        for (kind, name) in names.iter().enumerate() {
            let Some(name) = name else { continue };
            let bearers = self.named[kind].get(name).map(Vec::as_slice).unwrap_or_default();
            let (found, others): (Vec<_>, Vec<_>) =
                bearers.iter().partition(|place| self.agreement(wanted, &names, **place).is_some());
            near.extend(others);
            if !found.is_empty() {
                return Lookup::Found(self.best(wanted, &names, found));
            }
        }
        if names.iter().all(Option::is_none) {
            return Lookup::Unusable(match (&wanted.placeholder, &wanted.short_hash) {
                (Some(_), _) => UnresolvedReason::Placeholder,
                (None, Some(_)) => UnresolvedReason::HashOnly,
                (None, None) => UnresolvedReason::NoIdentifier,
            });
        }
        for name in names[1..].iter().flatten() {
            near.extend(self.alike.get(&alike(name)).into_iter().flatten());
        }
        near.sort_unstable();
        near.dedup();
        Lookup::NotFound(near)
    }

    /// In how many names a device agrees with what is wanted; `None` if it differs in one, or is in another batch.
    fn agreement(
        &self,
        wanted: &DeviceQuery,
        names: &[Option<String>; NAMES],
        place: usize,
    ) -> Option<usize> {
        if let Some(batch) = &wanted.batch
            && batch.to_lowercase() != self.devices[place].batch.as_str().to_lowercase()
        {
            return None;
        }
        let mut agreed = 0;
        for pair in names.iter().zip(&self.folded[place]) {
            match pair {
                (Some(wanted), Some(has)) if wanted == has => agreed += 1,
                (Some(_), Some(_)) => return None,
                _ => {}
            }
        }
        Some(agreed)
    }

    /// Those that agree in most names; exact spelling first.
    fn best(
        &self,
        wanted: &DeviceQuery,
        names: &[Option<String>; NAMES],
        mut found: Vec<usize>,
    ) -> Vec<usize> {
        let most = found.iter().filter_map(|place| self.agreement(wanted, names, *place)).max();
        found.retain(|place| self.agreement(wanted, names, *place) == most);
        let spelled = [&wanted.device_id, &wanted.serial_number, &wanted.product_key];
        found.sort_by_key(|place| {
            let has = names_of(&self.devices[*place]);
            !spelled.iter().zip(has).all(|(wanted, has)| {
                wanted.as_deref().zip(has).is_none_or(|(wanted, has)| wanted == has)
            })
        });
        found
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::listing::RegisteredDevices;
    use super::*;
    use crate::check::hardware_hash::tests as hash;
    use partner_center_devices::CustomerId;
    use proptest::prelude::*;

    /// What a customer has, all of it read.
    pub(in crate::inventory) fn registered(lines: &[&str]) -> RegisteredDevices {
        let customer = CustomerId::new("c").unwrap();
        RegisteredDevices { customer, devices: devices(lines), unlisted: Vec::new() }
    }

    /// Devices of `batch id serial key policy`, `-` for none.
    pub(in crate::inventory) fn devices(lines: &[&str]) -> Vec<RegisteredDevice> {
        let device = |line: &&str| {
            let mut words = line.split(' ').map(|word| (word != "-").then_some(word));
            let mut next = || words.next().flatten();
            let json = serde_json::json!({
                "batch": next(), "id": next(), "serialNumber": next(), "productKey": next(),
                "policyId": next(),
            });
            serde_json::from_value(json).unwrap()
        };
        lines.iter().map(device).collect()
    }

    fn wanted(id: &str, serial: &str, key: &str) -> DeviceQuery {
        let filled = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        DeviceQuery {
            device_id: filled(id),
            serial_number: filled(serial),
            product_key: filled(key),
            ..DeviceQuery::default()
        }
    }

    #[test]
    fn names_lead_to_devices() {
        use Lookup::{Found, NotFound, Unusable};
        let devices = devices(&[
            "A d-1 S1 -",
            "A d-2 s1 -",
            "A d-3 - 3305000000001",
            "A d-4 Default 3305000000004",
            "B d-5 Default 3305000000005",
            "B d-6 Default -",
            "B D-1 S1 -",
            "B - PO17 -",
            "B d-8 007 -",
            "B d-9 - 0330500000009",
        ]);
        let index = Index::of(&devices);
        for (what, wanted, expected) in [
            ("a serial number, exact first", wanted("", "s1", ""), Found(vec![1, 0, 6])),
            ("blanks and case", wanted("", " S 1", ""), Found(vec![0, 1, 6])),
            ("an id in two batches", wanted("d-1", "", ""), Found(vec![0, 6])),
            ("a key", wanted("", "", "3305000000001"), Found(vec![2])),
            (
                "a key, where the list has no serial",
                wanted("", "S9", "3305000000001"),
                Found(vec![2]),
            ),
            ("the key decides", wanted("", "default", "3305000000005"), Found(vec![4])),
            ("all that bear it", wanted("", "default", ""), Found(vec![3, 4, 5])),
            ("the only one that does not differ", wanted("", "DEFAULT", "33"), Found(vec![5])),
            ("a key that no list has", wanted("", "S1", "33"), Found(vec![0, 6, 1])),
            ("an id and foreign names", wanted("d-3", "S1", "9"), NotFound(vec![0, 1, 2, 6])),
            ("an id and a foreign key", wanted("d-3", "", "9"), NotFound(vec![2])),
            ("in one batch", wanted("", "s1", "").in_batch("b"), Found(vec![6])),
            (
                "in no batch of that name",
                wanted("", "s1", "").in_batch("C"),
                NotFound(vec![0, 1, 6]),
            ),
            ("an entry of a list", DeviceQuery::from(&devices[6]), Found(vec![6])),
            ("zeros lost", wanted("", "7", ""), NotFound(vec![8])),
            ("zeros lost in a key", wanted("", "", "330500000009"), NotFound(vec![9])),
            ("a zero for an O", wanted("", "P017", ""), NotFound(vec![7])),
            ("nothing like it", wanted("", "S9", ""), NotFound(vec![])),
            ("blanks are no name", wanted("", " ", ""), Unusable(UnresolvedReason::NoIdentifier)),
        ] {
            assert_eq!(index.find(&wanted), expected, "{what}");
        }
        let hash = DeviceQuery { short_hash: Some("T0Hz".to_owned()), ..DeviceQuery::default() };
        assert_eq!(index.find(&hash), Unusable(UnresolvedReason::HashOnly));
        let broken =
            DeviceQuery { problem: Some("x".to_owned()), ..DeviceQuery::by_serial_number("S1") };
        assert_eq!(index.find(&broken), Unusable(UnresolvedReason::InvalidRow));
    }

    #[test]
    fn a_row_is_looked_for_by_what_can_be_trusted() {
        let csv = "Serial,Product key,Hash,Make,Model\n\
            S1\n,33,,,\nS3,,T0E,M,N\nS\u{200b}4\nS5,,,Dell, Inc.,X\n,,T0E=\n";
        let rows = DeviceQuery::from_rows(&Fleet::read(csv.as_bytes(), "f.csv"));
        let problems: Vec<_> = rows.iter().map(|row| row.problem.is_some()).collect();
        assert_eq!(problems, [false, false, false, true, true, false]);
        let shown: Vec<_> = rows.iter().map(DeviceQuery::to_string).collect();
        assert_eq!(
            [&shown[0], &shown[1], &shown[5]],
            ["S1 (f.csv:2)", "33 (f.csv:3)", "…(4 characters) (f.csv:7)"]
        );
    }

    #[test]
    fn a_placeholder_leads_to_no_device() {
        let devices = devices(&["A d-1 Default 3305000000001", "A d-2 System - -"]);
        let index = Index::of(&devices);
        let csv = "Serial,Product key,Make,Model\nnone,,Dell,X\n0000000,3305000000001,,\n";
        let rows = DeviceQuery::from_rows(&Fleet::read(csv.as_bytes(), "f.csv"));
        assert_eq!(index.find(&rows[0]), Lookup::Unusable(UnresolvedReason::Placeholder));
        assert_eq!(rows[0].to_string(), "none (f.csv:2)");
        assert_eq!(index.find(&rows[1]), Lookup::Found(vec![0]));
    }

    #[test]
    fn a_hash_gives_the_names_that_its_row_has_not() {
        let whole = hash::bytes(&[(14, b"S1"), (24, b"3305000000001")]);
        let nameless = hash::bytes(&[(16, b"Dell")]);
        let placeholder = hash::bytes(&[(14, b"Default string"), (16, b"Dell")]);
        let hidden = hash::bytes(&[(14, b"S\x1b[2J")]);
        let mut changed = whole.clone();
        changed[8] = b'X';
        let longer = [&whole[..], &[0; 72]].concat();
        let of = |bytes: &[u8]| hash::hash(bytes).expose().to_owned();
        let csv = format!(
            "Serial,Hash,Make\n,{whole},\n,{whole},Dell\nS9,{other},\n,{nameless},\n,{placeholder},\n,{hidden},\n,{changed},\n,{longer},\n",
            whole = of(&whole),
            other = of(&hash::bytes(&[(14, b"S2")])),
            nameless = of(&nameless),
            placeholder = of(&placeholder),
            hidden = of(&hidden),
            changed = of(&changed),
            longer = of(&longer),
        );
        let fleet = Fleet::read(csv.as_bytes(), "f.csv");
        assert!(matches!(fleet.rows()[1].verdict(), Verdict::Duplicate(_)));
        let names = |row: DeviceQuery| (row.serial_number, row.product_key, row.placeholder);
        let (serial, key) = (Some("S1".to_owned()), Some("3305000000001".to_owned()));
        let whole = (serial, key, None);
        assert_eq!(
            DeviceQuery::from_rows(&fleet).into_iter().map(names).collect::<Vec<_>>(),
            [
                whole.clone(),
                whole.clone(),                       // sent as the row before it
                (Some("S9".to_owned()), None, None), // what the row says counts
                (None, None, None),
                (None, None, Some("Default string".to_owned())),
                (None, None, None),
                (None, None, None), // the checksum is another
                whole,              // which is beside the checksummed part
            ]
        );
    }

    #[test]
    fn an_exported_list_leads_back_to_its_devices() {
        let (one, other) =
            ("2f3b9d2e-7a41-4c51-9f0e-0a6f1c2d3e4f", "9993-8627-3608-6844-6369-4361-72");
        let (first, second, third) =
            (format!("A {one} S1 -"), format!("B {one} S1 -"), format!("A {other} S1 -"));
        let devices = devices(&[&first, &second, &third]);
        let index = Index::of(&devices);
        let found = |csv: &str| {
            let rows = DeviceQuery::from_rows(&Fleet::read(csv.as_bytes(), "f.csv"));
            rows.iter().map(|row| index.find(row)).collect::<Vec<_>>()
        };
        use Lookup::Found;
        for (csv, expected) in [
            (format!("Device ID\n{one}\n{other}\n"), vec![Found(vec![0, 1]), Found(vec![2])]),
            (
                format!("Batch,Id,Serial number\nB,{one},S1\na,{other},S1\n"),
                vec![Found(vec![1]), Found(vec![2])],
            ),
            // A number of the row is no device id, and a group tag without one no batch.
            ("Id,Serial number,Group tag\n17,S1,C\n".to_owned(), vec![Found(vec![0, 1, 2])]),
            (
                "DeviceId\nlaptop-of-the-reception\n".to_owned(),
                vec![Lookup::Unusable(UnresolvedReason::NoIdentifier)],
            ),
        ] {
            assert_eq!(found(&csv), expected, "{csv}");
        }
    }

    proptest! {
        /// Every device is found by each of its names however they are written, and nothing is found that
        /// differs in a name.
        #[test]
        fn what_is_found_bears_the_names(
            lines in prop::collection::vec("[AB] (-|[de][12]) (-|[sS0O]{1,2}) (-|[12]{1,2})", 1..12),
            serial in "[ sS0O]{0,2}", key in "[12]{0,2}",
        ) {
            let lines: Vec<_> = lines.iter().map(String::as_str).collect();
            let devices = devices(&lines);
            let index = Index::of(&devices);
            for (place, device) in devices.iter().enumerate() {
                let shouted = |name: &String| DeviceQuery::by_serial_number(format!(" {} ", name.to_uppercase()));
                for wanted in [
                    device.serial_number.as_ref().map(shouted),
                    device.product_key.as_ref().map(DeviceQuery::by_product_key),
                    device.id.as_ref().map(|id| DeviceQuery::by_device_id(id.as_str())),
                ].into_iter().flatten() {
                    let Lookup::Found(found) = index.find(&wanted) else { panic!("{wanted}") };
                    prop_assert!(found.contains(&place));
                }
            }
            let wanted = wanted("", &serial, &key);
            match index.find(&wanted) {
                Lookup::Found(found) => {
                    let names = wanted.names();
                    prop_assert!(!found.is_empty());
                    for place in found {
                        prop_assert!(index.agreement(&wanted, &names, place).is_some_and(|names| names > 0));
                    }
                }
                Lookup::NotFound(near) => prop_assert!(near.len() <= devices.len()),
                Lookup::Unusable(_) => prop_assert!(key.is_empty() && serial.trim().is_empty()),
            }
        }
    }
}
