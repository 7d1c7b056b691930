//! A checked row: the device that is sent for it, or the reason why it is not sent.

use partner_center_devices::{DeviceIdentity, IdentityFields};

use crate::check::finding::Finding;
use crate::device_model::DeviceModel;
use crate::fingerprint::Measure;
use crate::input::{Field, OriginalRecord, Row};
use crate::origin::Origin;

/// A row after all checks, with its status.
#[derive(Clone, Debug)]
pub struct CheckedRow {
    pub(crate) origin: Origin,
    pub(crate) label: Label,
    pub(crate) status: RowStatus,
    /// The fingerprint and the JSON length of the device that is sent. Computed by the threads that check rows, because
    /// it costs as much as all checks together; `None` if the row was checked one at a time.
    pub(crate) measure: Option<Measure>,
    /// The index of the batch that an upload sends the row to.
    pub(crate) batch: Option<usize>,
    customer: Option<Box<str>>,
    group_tag: Option<Box<str>>,
    device_id: Option<Box<str>>,
    original: Option<Box<OriginalRecord>>,
    /// Manufacturer and model, unless they are part of the identity in the status.
    manufacturer: Option<Box<str>>,
    model: Option<Box<str>>,
    model_in_hash: Option<Box<DeviceModel>>,
    reliability: Reliability,
}

/// The values of a row after their check, except those that are sent.
#[derive(Default)]
pub(super) struct RowValues {
    pub(super) label: Label,
    /// Manufacturer and model, unless they are sent.
    pub(super) manufacturer: Option<Box<str>>,
    pub(super) model: Option<Box<str>>,
    /// The model inside a valid hardware hash, if the row does not have one.
    pub(super) model_in_hash: Option<Box<DeviceModel>>,
    pub(super) reliability: Reliability,
}

impl RowValues {
    /// The values of a row whose text is broken.
    pub(super) fn broken(fields: IdentityFields) -> Self {
        Self {
            label: Label::of(&fields),
            manufacturer: fields.manufacturer.map(Into::into),
            model: fields.model.map(Into::into),
            model_in_hash: None,
            reliability: Reliability::Broken,
        }
    }
}

/// The reliability of the label of an invalid row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reliability {
    /// The text of the row is broken, so its values may be in the wrong fields.
    Broken,
    /// The values are in the right fields, but those of these fields are damaged. A valid row has no damaged fields.
    Except(Box<[Field]>),
}

impl Default for Reliability {
    fn default() -> Self {
        Self::Except(Box::default())
    }
}

/// The values by which people recognize a row. A valid row has the usable values, an invalid one also the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) serial_number: Option<Box<str>>,
    pub(crate) product_key: Option<Box<str>>,
    /// The start and the length of the hash, never the hash itself.
    pub(crate) hardware_hash: Option<Box<str>>,
}

/// The result of checking a row.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RowStatus {
    /// The row is valid and is sent as this device.
    Ready(DeviceIdentity),
    /// The row at this origin describes the same device and is sent instead.
    Duplicate(Origin),
    /// The row has an error and is not sent.
    Invalid(Finding),
}

impl CheckedRow {
    /// Creates the checked form of `row`. Takes the columns that are not sent out of it.
    pub(super) fn new(row: &mut Row, values: RowValues, status: RowStatus) -> Self {
        let RowValues { label, manufacturer, model, model_in_hash, reliability } = values;
        Self {
            origin: row.origin.clone(),
            label,
            status,
            measure: None,
            batch: None,
            customer: row.customer.take(),
            group_tag: row.group_tag.take(),
            device_id: row.device_id.take(),
            original: row.original.take(),
            manufacturer,
            model,
            model_in_hash,
            reliability,
        }
    }

    /// Changes the status of a row that turns out not to be sent. Manufacturer and model stay known.
    pub(super) fn withdraw(&mut self, status: RowStatus) {
        if let RowStatus::Ready(identity) = std::mem::replace(&mut self.status, status) {
            self.manufacturer =
                self.manufacturer.take().or_else(|| identity.manufacturer().map(Into::into));
            self.model = self.model.take().or_else(|| identity.model().map(Into::into));
        }
    }

    fn identity(&self) -> Option<&DeviceIdentity> {
        match &self.status {
            RowStatus::Ready(identity) => Some(identity),
            _ => None,
        }
    }

    /// Returns the file and line that the row came from.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Returns the result of checking the row.
    #[must_use]
    pub fn status(&self) -> &RowStatus {
        &self.status
    }

    /// Returns the result of checking the row.
    #[must_use]
    pub fn into_status(self) -> RowStatus {
        self.status
    }

    /// Returns the value of the customer column; see [`Row::customer`].
    #[must_use]
    pub fn customer(&self) -> Option<&str> {
        self.customer.as_deref()
    }

    /// Returns the value of the group tag column; see [`Row::group_tag`].
    #[must_use]
    pub fn group_tag(&self) -> Option<&str> {
        self.group_tag.as_deref()
    }

    /// Returns the value of the device id column; see [`Row::device_id`].
    #[must_use]
    pub fn device_id(&self) -> Option<&str> {
        self.device_id.as_deref()
    }

    /// Returns the cells of the row as the file has them; see [`Row::original`].
    #[must_use]
    pub fn original(&self) -> Option<&OriginalRecord> {
        self.original.as_deref()
    }

    /// Frees the cells of the row, which an upload does not need.
    pub(crate) fn drop_original(&mut self) {
        self.original = None;
    }

    /// Returns the manufacturer in the file. An upload may not send it.
    #[must_use]
    pub fn manufacturer(&self) -> Option<&str> {
        self.manufacturer.as_deref().or_else(|| self.identity()?.manufacturer())
    }

    /// Returns the model in the file. An upload may not send it.
    #[must_use]
    pub fn model(&self) -> Option<&str> {
        self.model.as_deref().or_else(|| self.identity()?.model())
    }

    /// Returns the model of the device, in the row or else in its hardware hash. `None` if the values may be damaged, or in the
    /// wrong fields.
    pub(crate) fn device_model(&self) -> Option<DeviceModel> {
        if self.is_broken() {
            return None;
        }
        if self.model().is_none() && self.model_in_hash.is_some() {
            return self.model_in_hash.as_deref().cloned();
        }
        let usable = |field, value| (!self.is_damaged(field)).then_some(value).flatten();
        DeviceModel::new(
            usable(Field::Manufacturer, self.manufacturer()),
            usable(Field::Model, self.model()),
        )
    }

    /// Returns the serial number in the file. An upload may not send it. A damaged value is only returned for an invalid
    /// row.
    #[must_use]
    pub fn serial_number(&self) -> Option<&str> {
        self.label.serial_number.as_deref()
    }

    /// Returns the product key in the file. An upload may not send it. A damaged value is only returned for an invalid
    /// row, and a license key never.
    #[must_use]
    pub fn product_key(&self) -> Option<&str> {
        self.label.product_key.as_deref()
    }

    /// Returns true if the text of the row is broken, so that its values may be in the wrong fields.
    pub(crate) fn is_broken(&self) -> bool {
        self.reliability == Reliability::Broken
    }

    /// Returns true if the value of the field is damaged, in a row that is not broken as a whole.
    pub(crate) fn is_damaged(&self, field: Field) -> bool {
        match &self.reliability {
            Reliability::Broken => false,
            Reliability::Except(fields) => fields.contains(&field),
        }
    }

    /// Returns the first characters and the length of the hardware hash in the file.
    #[must_use]
    pub fn short_hash(&self) -> Option<&str> {
        self.label.hardware_hash.as_deref()
    }
}

impl Label {
    pub(super) fn of(fields: &IdentityFields) -> Self {
        let text = |text: &Option<String>| text.as_deref().map(Into::into);
        Self {
            serial_number: text(&fields.serial_number),
            product_key: text(&fields.product_key),
            hardware_hash: fields.hardware_hash.as_ref().map(|hash| hash.to_string().into()),
        }
    }
}
