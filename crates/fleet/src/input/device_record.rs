//! Devices that a program already has as values, for example in a database. They become the same rows as those of a file.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::{fmt, iter};

use csv::ByteRecord;
use partner_center_devices::IdentityFields;

use super::cell_value::{CellReader, CellValues};
use super::encoding::RecordEncoding;
use super::group_tags::GroupTags;
use super::header::Header;
use super::row::{InputItem, Row};
use crate::check::rule::Rule;
use crate::origin::Origin;

/// The values of one device, and where the program has them from.
///
/// The origin is in all findings and reports. Give each device its own, because reports name rows only by it.
#[derive(Clone)]
pub struct DeviceRecord {
    origin: Origin,
    fields: IdentityFields,
    customer: Option<Box<str>>,
    group_tag: Option<Box<str>>,
    device_id: Option<Box<str>>,
}

impl DeviceRecord {
    /// Creates a record with the values that identify the device. They need not be clean: they are read like the cells of
    /// a file.
    #[must_use]
    pub fn new(origin: Origin, fields: IdentityFields) -> Self {
        Self { origin, fields, customer: None, group_tag: None, device_id: None }
    }

    /// Sets the customer; see [`Row::customer`]. Default: none.
    #[must_use]
    pub fn with_customer(mut self, customer: impl Into<Box<str>>) -> Self {
        self.customer = Some(customer.into());
        self
    }

    /// Sets the group tag; see [`Row::group_tag`]. Default: none.
    #[must_use]
    pub fn with_group_tag(mut self, group_tag: impl Into<Box<str>>) -> Self {
        self.group_tag = Some(group_tag.into());
        self
    }

    /// Sets the id that the service gave the device; see [`Row::device_id`]. Default: none.
    #[must_use]
    pub fn with_device_id(mut self, device_id: impl Into<Box<str>>) -> Self {
        self.device_id = Some(device_id.into());
        self
    }
}

impl From<(Origin, IdentityFields)> for DeviceRecord {
    fn from((origin, fields): (Origin, IdentityFields)) -> Self {
        Self::new(origin, fields)
    }
}

/// Shows only the origin: the values are not checked yet, so any of them may be a secret.
impl fmt::Debug for DeviceRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceRecord").field("origin", &self.origin).finish_non_exhaustive()
    }
}

/// Turns devices into rows, one at a time. Each device becomes one row, even without any value.
///
/// The values are read like the cells of a file: they are trimmed, signs around them are removed, words such as `N/A` are
/// empty, and a control character is an error of the row. In findings, the columns have the names of Partner Center's
/// layout. A finding about all rows of a source comes before its first row.
///
/// Use [`Fleet::from_identities`](crate::Fleet::from_identities) to check them with the default options. This function
/// is for other options, for [`CheckSummary`](crate::CheckSummary), and to join devices with files.
///
/// ```
/// use partner_center_devices::IdentityFields;
/// use partner_center_devices_fleet::{CheckSummary, Origin, read, read_devices};
///
/// let serial_number = Some("4PX12X3".to_owned());
/// let fields = IdentityFields { serial_number, ..IdentityFields::default() };
/// let file = read(&b"PKID\n3305000000001\n"[..], "vendor.csv");
/// let devices = read_devices([(Origin::new("stock", 1), fields)]);
/// let summary = CheckSummary::new(file.chain(devices));
/// assert_eq!((summary.row_count(), summary.device_count()), (2, 1));
/// assert!(summary.findings()[0].to_string().starts_with("stock:1: error: "));
/// ```
pub fn read_devices<T: Into<DeviceRecord>>(
    devices: impl IntoIterator<Item = T>,
) -> impl Iterator<Item = InputItem> {
    let mut devices = devices.into_iter();
    let mut reader = DeviceReader::default();
    iter::from_fn(move || {
        if reader.queue.is_empty() {
            match devices.next() {
                Some(device) => reader.read(device.into()),
                None => reader.finish(),
            }
        }
        reader.queue.pop_front()
    })
}

struct DeviceReader {
    header: Arc<Header>,
    record: ByteRecord,
    sources: HashMap<Arc<str>, Source>,
    queue: VecDeque<InputItem>,
}

/// The reports and group tags of the devices of a source.
#[derive(Default)]
struct Source {
    /// The number of sources before it.
    number: usize,
    /// The rules that were already reported about its columns.
    reported: Vec<(Rule, usize)>,
    group_tags: GroupTags,
}

impl Default for DeviceReader {
    fn default() -> Self {
        Self {
            header: Arc::new(Header::of_devices()),
            record: ByteRecord::new(),
            sources: HashMap::new(),
            queue: VecDeque::new(),
        }
    }
}

impl DeviceReader {
    /// Adds the row of a device to the queue, behind the findings about its source.
    fn read(&mut self, device: DeviceRecord) {
        let DeviceRecord { origin, fields, customer, group_tag, device_id } = device;
        let hash = fields.hardware_hash.as_ref().map(|hash| hash.expose());
        let others = [&customer, &group_tag, &device_id].map(Option::as_deref);
        let [customer, group_tag, device_id] = others;
        self.record.clear();
        // In the order of `Header::of_devices`.
        for value in [
            fields.serial_number.as_deref(),
            fields.product_key.as_deref(),
            hash,
            fields.manufacturer.as_deref(),
            fields.model.as_deref(),
            customer,
            group_tag,
            device_id,
        ] {
            self.record.push_field(value.unwrap_or_default().as_bytes());
        }
        let mut findings = Vec::new();
        let number = self.sources.len();
        let source = self
            .sources
            .entry(Arc::clone(&origin.source))
            .or_insert_with(|| Source { number, ..Source::default() });
        let mut cells = CellReader {
            origin: &origin,
            encoding: RecordEncoding::Utf8,
            findings: &mut findings,
            reported: &mut source.reported,
            queue: &mut self.queue,
        };
        let CellValues { fields, customer, group_tag, device_id } =
            cells.read_record(&self.record, &self.header);
        let (original, header) = (None, Arc::clone(&self.header));
        let row =
            Row { origin, fields, findings, customer, group_tag, device_id, original, header };
        source.group_tags.add(&row);
        self.queue.push_back(InputItem::Row(row));
    }

    /// Adds the findings about all devices of a source to the queue.
    fn finish(&mut self) {
        let mut sources: Vec<_> = std::mem::take(&mut self.sources).into_iter().collect();
        sources.sort_by_key(|(_, source)| source.number);
        let finding = |(name, source): &(Arc<str>, Source)| source.group_tags.finding(name);
        self.queue.extend(sources.iter().filter_map(finding));
    }
}

#[cfg(test)]
mod tests {
    use partner_center_devices::HardwareHash;
    use proptest::sample::select;

    use super::*;
    use crate::check::finding::Finding;
    use crate::check::fleet::Fleet;
    use crate::check::test_hashes::with_hashes;

    const HEADER: [&str; 8] = [
        "Device Serial Number",
        "Windows Product ID",
        "Hardware Hash",
        "Manufacturer name",
        "Device model",
        "Customer ID",
        "Group Tag",
        "Device ID",
    ];

    /// Values of each column. The device id is never empty, because a file has no rows without values.
    const VALUES: [&[&str]; 8] = [
        &[
            "",
            "S1",
            "S2\t",
            "\u{a0}S1",
            "'003",
            "=\"004\"",
            "N/A",
            "n/a",
            "Default string",
            "S\u{200b}1",
            "S\u{7}1",
            "S1\nS2",
            "\u{201e}S5\u{201c}",
            "S\u{a0}6",
            "#N/A",
            "1.23E+11",
        ],
        &[
            "",
            "3305000000001",
            "3305000000002 ",
            "12",
            "NULL",
            "00329-00000-0003-AA606",
            "VK7JG-NPHTM-C97JM-9MPGT-3V66T",
            "3305\u{1b}[2J",
        ],
        &["", "<1>", "<2>", "<1>\n", "\"<2>\"", "T0E=", "T0E\u{0}", "-"],
        &["M", "", "M2 ", "\"M\"", "None"],
        &["N", "", "unknown", "N\u{2028}"],
        &["", "c1", "c\u{7}"],
        &["", "Berlin", "Berlin \t", "\u{202e}Paris", "n/a"],
        &["d1", "d2 "],
    ];

    fn device(origin: Origin, values: &[String]) -> DeviceRecord {
        let some = |index: usize| Some(values[index].clone()).filter(|value| !value.is_empty());
        let fields = IdentityFields {
            serial_number: some(0),
            product_key: some(1),
            hardware_hash: some(2).map(HardwareHash::new),
            manufacturer: some(3),
            model: some(4),
        };
        DeviceRecord::new(origin, fields)
            .with_customer(values[5].as_str())
            .with_group_tag(values[6].as_str())
            .with_device_id(values[7].as_str())
    }

    proptest::proptest! {
        /// Any values give the same rows and the same findings as a file that has them as cells.
        #[test]
        fn devices_are_checked_like_the_same_rows_of_a_file(
            rows in proptest::collection::vec(VALUES.map(select), 1..8),
        ) {
            let rows = rows.iter().map(|row| row.map(with_hashes)).collect::<Vec<_>>();
            let mut csv = csv::Writer::from_writer(Vec::new());
            csv.write_record(HEADER).unwrap();
            let mut line = 2;
            let mut devices = Vec::new();
            for row in &rows {
                csv.write_record(row).unwrap();
                devices.push(device(Origin::new("stock", line), row));
                line += 1 + row.concat().matches('\n').count() as u64;
            }
            let of_file = Fleet::read(&csv.into_inner().unwrap()[..], "stock");
            let of_devices = Fleet::from_identities(devices);
            assert_eq!(format!("{:?}", of_devices.rows()), format!("{:?}", of_file.rows()));
            let is_of_row = |finding: &&Finding| finding.line() != Some(1);
            let of_rows: Vec<_> = of_file.findings().iter().filter(is_of_row).collect();
            assert_eq!(of_devices.findings().iter().collect::<Vec<_>>(), of_rows);
            let shown: String = of_devices.findings().iter().map(Finding::to_string).collect();
            assert!(!shown.contains(partner_center_devices::raw::printable::is_hidden), "{shown:?}");
        }
    }

    #[test]
    fn device_without_values_is_an_invalid_row() {
        let fleet = Fleet::from_identities([(Origin::new("stock", 1), IdentityFields::default())]);
        assert_eq!((fleet.rows().len(), fleet.device_count()), (1, 0));
        let finding = fleet.findings()[0].to_string();
        assert!(finding.starts_with("stock:1: error: no field identifies the device"), "{finding}");
    }

    #[test]
    fn finding_about_a_column_is_reported_once_per_source() {
        let key = |source: &str, line, key: &str| {
            let product_key = Some(key.to_owned());
            let fields = IdentityFields { product_key, ..IdentityFields::default() };
            (Origin::new(source, line), fields)
        };
        let fleet = Fleet::from_identities([
            key("a", 1, "'3305000000001"),
            key("b", 1, "'3305000000002"),
            key("a", 2, "'3305000000003"),
        ]);
        let findings: Vec<_> = fleet
            .findings()
            .iter()
            .map(|finding| (finding.source(), finding.line(), finding.rule().id()))
            .collect();
        let rule = "leading-apostrophe";
        assert_eq!(findings, [("a", Some(1), rule), ("b", Some(1), rule)]);
        assert_eq!(fleet.device_count(), 3);
    }

    #[test]
    fn origin_has_no_hidden_characters_and_debug_no_values() {
        let origin = Origin::new("a\u{1b}[2J\u{202e}b", 7);
        assert_eq!(origin.to_string(), "a\u{FFFD}[2J\u{FFFD}b:7");
        let values = ["serial", "key", "hash", "maker", "model", "c", "tag", "id"];
        let shown = format!("{:?}", device(origin, &values.map(str::to_owned)));
        assert!(values.iter().all(|value| *value == "c" || !shown.contains(value)), "{shown}");
        assert!(shown.contains("line: 7"), "{shown}");
    }
}
