//! A row as it was read, before its values are checked.

use std::fmt;
use std::sync::Arc;

use partner_center_devices::IdentityFields;

use super::field::Field;
use super::header::Header;
use crate::check::finding::Finding;
use crate::origin::Origin;

/// A row of a file that has at least one filled cell, or a device of a program. Values are trimmed.
#[derive(Clone, Debug)]
pub struct Row {
    pub(crate) origin: Origin,
    pub(crate) fields: IdentityFields,
    /// Problems of the text of the row. The values of a row with an error are only used to show which row it is.
    pub(crate) findings: Vec<Finding>,
    pub(crate) customer: Option<Box<str>>,
    pub(crate) group_tag: Option<Box<str>>,
    pub(crate) device_id: Option<Box<str>>,
    pub(crate) original: Option<Box<OriginalRecord>>,
    pub(super) header: Arc<Header>,
}

/// The cells of a row and of the header above it, as the file has them: neither trimmed nor replaced. Files that are not
/// UTF-8 are converted.
#[derive(Clone, PartialEq, Eq)]
pub struct OriginalRecord {
    pub(super) header: Arc<[Box<str>]>,
    pub(super) cells: Arc<[Box<str>]>,
}

impl OriginalRecord {
    /// Returns the column names of the header above the row. A row may have more cells or fewer.
    pub fn header(&self) -> impl ExactSizeIterator<Item = &str> {
        self.header.iter().map(AsRef::as_ref)
    }

    /// Returns the cells, which include the whole hardware hash.
    pub fn cells(&self) -> impl ExactSizeIterator<Item = &str> {
        self.cells.iter().map(AsRef::as_ref)
    }
}

impl fmt::Debug for OriginalRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OriginalRecord").field("cells", &self.cells.len()).finish_non_exhaustive()
    }
}

/// An item that a [`RowReader`](super::RowReader) returns.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum InputItem {
    /// A row.
    Row(Row),
    /// A finding about the whole file, or about a line that is not a row. One of severity `Error` ends the file, sheet or
    /// member of an archive that its source names.
    Finding(Finding),
}

impl Row {
    /// Returns the file and line of the row.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Returns the values that identify the device. An empty or missing cell is `None`.
    #[must_use]
    pub fn fields(&self) -> &IdentityFields {
        &self.fields
    }

    /// Returns the customer, from a column such as `Customer ID` or `Tenant ID`. It is not sent and may not be a valid
    /// id. Use it to upload each row to its customer.
    #[must_use]
    pub fn customer(&self) -> Option<&str> {
        self.customer.as_deref()
    }

    /// Returns the group tag, from a column such as `Group Tag`, `Order ID` or `Batch name`. It is not sent and may not
    /// be a valid batch name. Use it to upload the rows of each group tag as a batch with that name, because the batch
    /// name becomes the group tag.
    #[must_use]
    pub fn group_tag(&self) -> Option<&str> {
        self.group_tag.as_deref()
    }

    /// Returns the id that the service gave the device, from a column such as `Device ID`. Lists of registered devices
    /// have it. It is not sent and may not be a valid id. See
    /// [`DeviceQuery::from_rows`](crate::inventory::DeviceQuery::from_rows).
    #[must_use]
    pub fn device_id(&self) -> Option<&str> {
        self.device_id.as_deref()
    }

    /// Returns the cells of the row as the file has them, if [`ReadOptions::keep_records`](super::ReadOptions::keep_records)
    /// is set.
    #[must_use]
    pub fn original(&self) -> Option<&OriginalRecord> {
        self.original.as_deref()
    }

    /// Returns the problems of the text of the row.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Describes the ignored columns that may have the fields that are empty in `fields`, which are the usable values of
    /// this row; `None` if no column was ignored.
    pub(crate) fn ignored_hint(&self, fields: &IdentityFields) -> Option<String> {
        self.header.ignored_hint(&missing_fields(fields))
    }

    /// The same, but only for columns that are likely to have one of these fields.
    pub(crate) fn likely_column_hint(&self, fields: &IdentityFields) -> Option<String> {
        self.header.likely_column_hint(&missing_fields(fields))
    }

    /// Returns the column name of a field, as the file spells it.
    pub(crate) fn column(&self, field: Field) -> &str {
        self.header.name(field)
    }
}

fn missing_fields(fields: &IdentityFields) -> Vec<Field> {
    let missing = [
        (Field::HardwareHash, fields.hardware_hash.is_none()),
        (Field::ProductKey, fields.product_key.is_none()),
        (Field::SerialNumber, fields.serial_number.is_none()),
        (Field::Manufacturer, fields.manufacturer.is_none()),
        (Field::Model, fields.model.is_none()),
    ];
    missing.into_iter().filter(|(_, is_missing)| *is_missing).map(|(field, _)| field).collect()
}
