//! A query for registered devices: by an identifier, or by a row of a file.
//!
//! A row is only searched by values that identify one device: a placeholder serial number is set aside, and a value in
//! a device id column counts only if it has the form of a device id. A row with only a hardware hash is searched
//! by the serial number and product key inside the hash, provided its checksum matches.

use std::collections::HashMap;
use std::fmt;

use partner_center_devices::HashContents;
use serde::{Deserialize, Serialize};

use partner_center_devices::raw::printable::is_hidden;

use super::device::RegisteredDevice;
use super::identifiers::{IDENTIFIERS, normalized};
use crate::check::checked_row::{CheckedRow, RowStatus};
use crate::check::fleet::Fleet;
use crate::check::placeholder::is_placeholder;
use crate::input::Field;
use crate::origin::Origin;
use crate::report::ReportRow;

/// A query for a registered device by its identifiers, with the row it came from if there is one.
///
/// ```
/// use partner_center_devices_fleet::Fleet;
/// use partner_center_devices_fleet::inventory::DeviceQuery;
///
/// let fleet = Fleet::read("Serial Number\n4PX12X3\n".as_bytes(), "old.csv");
/// let mut queries = DeviceQuery::from_rows(&fleet);
/// queries.push(DeviceQuery::by_product_key("3305000000001"));
/// assert_eq!(queries[0].to_string(), "4PX12X3 (old.csv:2)");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DeviceQuery {
    /// The source of the row, usually the path of a file.
    pub source: Option<String>,
    /// The line of the row, from 1.
    pub line: Option<u64>,
    /// The batch to search, in upper or lower case. If absent, all batches are searched.
    pub batch: Option<String>,
    /// The device id.
    pub device_id: Option<String>,
    /// The serial number.
    pub serial_number: Option<String>,
    /// The product key.
    pub product_key: Option<String>,
    /// A placeholder serial number, such as `Default string`. Not searched for, because many devices share it.
    pub placeholder: Option<String>,
    /// The start and length of the hardware hash. Not searched for, because the service's lists contain no hashes.
    pub short_hash: Option<String>,
    /// The error that makes the row's values unreliable. Such a row is not searched for.
    pub problem: Option<String>,
    /// The manufacturer. A device of another manufacturer does not match if only its serial number agrees: serial numbers are unique only
    /// within a manufacturer. Not in JSON.
    #[serde(skip)]
    pub manufacturer: Option<String>,
    /// The model, with the same meaning.
    #[serde(skip)]
    pub model: Option<String>,
}

impl DeviceQuery {
    /// Creates a query for a serial number.
    pub fn by_serial_number(serial: impl Into<String>) -> Self {
        Self { serial_number: Some(serial.into()), ..Self::default() }
    }

    /// Creates a query for a product key.
    pub fn by_product_key(key: impl Into<String>) -> Self {
        Self { product_key: Some(key.into()), ..Self::default() }
    }

    /// Creates a query for a device id.
    pub fn by_device_id(id: impl Into<String>) -> Self {
        Self { device_id: Some(id.into()), ..Self::default() }
    }

    /// Creates one query per row of a file, in its order. Rows that are too incomplete to upload, for example with only
    /// a serial number, can still be searched for.
    ///
    /// A device id takes precedence over the other identifiers, so an exported list of registered devices (CSV with a
    /// `Device ID` column) leads back to exactly those devices. If such a row names a batch, only that batch is searched.
    #[must_use]
    pub fn from_rows(fleet: &Fleet) -> Vec<Self> {
        let mut queries: Vec<Self> = fleet.rows().iter().map(Self::from_row).collect();
        // A hash-only row that duplicates another row does not store the hash: read it from the row that is sent.
        let rows_by_origin: HashMap<&Origin, &CheckedRow> =
            fleet.rows().iter().map(|row| (row.origin(), row)).collect();
        for (query, row) in queries.iter_mut().zip(fleet.rows()) {
            if let RowStatus::Duplicate(original) = row.status()
                && query.is_hash_only()
                && let Some(original) = rows_by_origin.get(original)
            {
                query.add_identifiers_from_hash(original);
            }
        }
        queries
    }

    /// Creates a query with the identifiers of a row of a report. A placeholder serial number is not searched for.
    #[must_use]
    pub fn of_report_row(row: &ReportRow) -> Self {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let mut query = Self {
            product_key: owned(row.product_key()),
            manufacturer: owned(row.manufacturer()),
            model: owned(row.model()),
            ..Self::default()
        };
        query.set_serial_number(owned(row.serial_number()));
        if !query.has_identifier() {
            query.device_id = owned(row.device_id());
        }
        query
    }

    fn from_row(row: &CheckedRow) -> Self {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let device_id = owned(row.device_id().filter(|id| is_device_id(id)));
        let usable = |field, text: Option<&'_ str>| owned(text.filter(|_| !row.is_damaged(field)));
        let mut serial_number = usable(Field::SerialNumber, row.serial_number());
        let mut product_key = usable(Field::ProductKey, row.product_key());
        let mut problem = None;
        if let RowStatus::Invalid(finding) = row.status() {
            let has_identifier =
                device_id.is_some() || serial_number.is_some() || product_key.is_some();
            let is_damaged = [Field::SerialNumber, Field::ProductKey]
                .into_iter()
                .any(|field| row.is_damaged(field));
            if row.is_broken() || is_damaged && !has_identifier {
                problem = Some(format!("{} [{}]", finding.message(), finding.rule()));
                // They show which row it is.
                serial_number = owned(row.serial_number());
                product_key = owned(row.product_key());
            }
        }
        let mut query = Self {
            source: Some(row.origin().source().to_owned()),
            line: Some(row.origin().line()),
            batch: owned(row.group_tag().filter(|_| device_id.is_some())),
            device_id,
            product_key,
            short_hash: owned(row.short_hash()),
            problem,
            ..Self::default()
        };
        query.set_serial_number(serial_number);
        if query.is_hash_only() {
            query.add_identifiers_from_hash(row);
        }
        query
    }

    /// Returns true if only a hardware hash is known.
    fn is_hash_only(&self) -> bool {
        self.short_hash.is_some() && !self.has_identifier()
    }

    /// Adds the serial number and product key inside the row's hash, if its checksum matches.
    fn add_identifiers_from_hash(&mut self, row: &CheckedRow) {
        let RowStatus::Ready(device) = row.status() else { return };
        let Some(Ok(hash)) = device.hardware_hash().map(HashContents::decode) else { return };
        if !hash.has_valid_checksum() {
            return;
        }
        let printable =
            |text: Option<&str>| text.filter(|text| !text.contains(is_hidden)).map(str::to_owned);
        self.product_key = printable(hash.product_key());
        self.set_serial_number(printable(hash.serial_number()));
    }

    fn set_serial_number(&mut self, serial: Option<String>) {
        match serial {
            Some(serial) if is_placeholder(Field::SerialNumber, &serial) => {
                self.placeholder = Some(serial);
            }
            serial => self.serial_number = serial,
        }
    }

    /// Returns true if the query can match a device at all.
    pub(super) fn is_searchable(&self) -> bool {
        self.problem.is_none() && self.has_identifier()
    }

    fn has_identifier(&self) -> bool {
        self.identifiers().iter().any(Option::is_some)
    }

    /// Returns the normalized identifiers, in order of precedence.
    pub(super) fn identifiers(&self) -> [Option<String>; IDENTIFIERS] {
        [&self.device_id, &self.serial_number, &self.product_key]
            .map(|identifier| normalized(identifier.as_deref()))
    }
}

/// Matches exactly this entry of its batch's list.
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

/// Shows the first known identifier, and the source and line.
impl fmt::Display for DeviceQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let identifiers = [
            &self.device_id,
            &self.serial_number,
            &self.product_key,
            &self.placeholder,
            &self.short_hash,
        ];
        let first = identifiers.into_iter().flatten().next();
        f.write_str(first.map_or("unnamed device", String::as_str))?;
        match (&self.source, self.line) {
            (Some(source), Some(line)) => write!(f, " ({source}:{line})"),
            (Some(source), None) => write!(f, " ({source})"),
            _ => Ok(()),
        }
    }
}

/// Returns true for values with the form of a device id: a GUID, or groups such as
/// `9993-8627-3608-6844-6369-4361-72`
/// (<https://learn.microsoft.com/en-us/partner-center/developer/update-a-list-of-devices-with-a-policy>). Columns with
/// that name also contain other values, such as row numbers and asset tags.
fn is_device_id(value: &str) -> bool {
    let is_group =
        |group: &str| !group.is_empty() && group.bytes().all(|c| c.is_ascii_alphanumeric());
    let has_digit = value.contains(|c: char| c.is_ascii_digit());
    value.len() >= 20 && has_digit && value.contains('-') && value.split('-').all(is_group)
}

#[cfg(test)]
mod tests {
    use partner_center_devices_testkit::hash::{HashBuilder, encode};

    use super::*;

    #[test]
    fn rows_with_unreliable_values_have_a_problem() {
        let csv = "Serial,Product key,Hash,Make,Model\n\
            S1\n,33,,,\nS3,,T0E,M,N\nS\u{200b}4\nS5,,,Dell, Inc.,X\n,,T0E=\n";
        let queries = DeviceQuery::from_rows(&Fleet::read(csv.as_bytes(), "f.csv"));
        let problems: Vec<_> = queries.iter().map(|query| query.problem.is_some()).collect();
        assert_eq!(problems, [false, false, false, true, true, false]);
        let shown: Vec<_> = queries.iter().map(DeviceQuery::to_string).collect();
        assert_eq!(
            [&shown[0], &shown[1], &shown[5]],
            ["S1 (f.csv:2)", "33 (f.csv:3)", "…(4 characters) (f.csv:7)"]
        );
    }

    #[test]
    fn hash_only_rows_use_the_identifiers_inside_the_hash() {
        let hash = HashBuilder::new;
        let valid = hash().text(14, "S1").text(24, "3305000000001").bytes();
        let without_identifier = hash().text(16, "Dell").encode();
        let placeholder = hash().text(14, "Default string").text(16, "Dell").encode();
        let hidden = hash().text(14, "S\x1b[2J").encode();
        let mut changed = valid.clone();
        changed[8] = b'X';
        let longer = [&valid[..], &[0; 72]].concat();
        let csv = format!(
            "Serial,Hash,Make\n,{valid},\n,{valid},Dell\nS9,{other},\n,{without_identifier},\n,{placeholder},\n,{hidden},\n,{changed},\n,{longer},\n",
            valid = encode(&valid),
            other = hash().text(14, "S2").encode(),
            changed = encode(&changed),
            longer = encode(&longer),
        );
        let fleet = Fleet::read(csv.as_bytes(), "f.csv");
        assert!(matches!(fleet.rows()[1].status(), RowStatus::Duplicate(_)));
        let identifiers =
            |query: DeviceQuery| (query.serial_number, query.product_key, query.placeholder);
        let (serial, key) = (Some("S1".to_owned()), Some("3305000000001".to_owned()));
        let valid = (serial, key, None);
        assert_eq!(
            DeviceQuery::from_rows(&fleet).into_iter().map(identifiers).collect::<Vec<_>>(),
            [
                valid.clone(),
                valid.clone(),                       // a duplicate of the row before
                (Some("S9".to_owned()), None, None), // the row's own value takes precedence
                (None, None, None),
                (None, None, Some("Default string".to_owned())),
                (None, None, None),
                (None, None, None), // wrong checksum
                valid,              // only bytes outside the checksummed part differ
            ]
        );
    }
}
