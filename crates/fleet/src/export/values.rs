//! The values that are known about a device: those of its row, of other rows of the same device, and those inside its
//! hardware hash.

use std::borrow::Cow;

use partner_center_devices::{DeviceIdentity, HardwareHash, HashContents};

use partner_center_devices::raw::printable::is_hidden;

use crate::check::checked_row::CheckedRow;
use crate::input::is_empty_word;
use crate::origin::Origin;

/// The values of a device for an export.
#[derive(Debug, Default)]
pub(super) struct Values<'a> {
    pub(super) hardware_hash: Option<&'a HardwareHash>,
    pub(super) product_key: Option<&'a str>,
    pub(super) serial_number: Option<Value<'a>>,
    pub(super) manufacturer: Option<Value<'a>>,
    pub(super) model: Option<Value<'a>>,
    pub(super) group_tag: Option<&'a str>,
    /// A row of the same device that has a different group tag.
    pub(super) tag_conflict: Option<(&'a Origin, &'a str)>,
}

/// A value and its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// From the row, or from another row of the same device.
    Row(&'a str),
    /// From inside the hardware hash.
    Hash(Box<str>),
}

impl<'a> Value<'a> {
    pub(super) fn into_text(self) -> Cow<'a, str> {
        match self {
            Self::Row(text) => text.into(),
            Self::Hash(text) => String::from(text).into(),
        }
    }
}

impl<'a> Values<'a> {
    /// Collects the values of a device. `others` are the rows that are not sent because they describe the same device.
    pub(super) fn of(
        device: &'a DeviceIdentity,
        row: &'a CheckedRow,
        others: &[&'a CheckedRow],
    ) -> Self {
        let rows = || std::iter::once(row).chain(others.iter().copied());
        let find = |sent: Option<&'a str>, value: fn(&CheckedRow) -> Option<&str>| {
            sent.or_else(|| rows().find_map(value)).map(Value::Row)
        };
        let group_tag = rows().find_map(CheckedRow::group_tag);
        let tag_conflict = rows().find_map(|other| {
            let tag = other.group_tag()?;
            (!tag.eq_ignore_ascii_case(group_tag?)).then_some((other.origin(), tag))
        });
        let mut values = Self {
            hardware_hash: device.hardware_hash(),
            product_key: device.product_key(),
            serial_number: find(device.serial_number(), CheckedRow::serial_number),
            manufacturer: find(device.manufacturer(), CheckedRow::manufacturer),
            model: find(device.model(), CheckedRow::model),
            group_tag,
            tag_conflict,
        };
        values.complete_from_hash();
        values
    }

    /// Adds missing values from inside the hash, if its checksum proves that they were read on the device.
    fn complete_from_hash(&mut self) {
        let Some(hash) = self.hardware_hash else { return };
        if self.serial_number.is_some() && self.manufacturer.is_some() && self.model.is_some() {
            return;
        }
        let Ok(contents) = HashContents::decode(hash) else { return };
        if !contents.has_valid_checksum() {
            return;
        }
        for (value, in_hash) in [
            (&mut self.serial_number, contents.serial_number()),
            (&mut self.manufacturer, contents.manufacturer()),
            (&mut self.model, contents.model()),
        ] {
            if value.is_none() {
                let is_value = |text: &&str| !text.contains(is_hidden) && !is_empty_word(text);
                *value = in_hash.filter(is_value).map(|text| Value::Hash(text.into()));
            }
        }
    }
}
