//! Turns the values of a device into the cells of a format, or into the reasons why the format cannot hold them.

use std::borrow::Cow;

use partner_center_devices::{DeviceIdentity, HardwareHash};

use partner_center_devices::raw::printable::is_hidden;

use super::format::ExportFormat;
use super::values::{Value, Values};
use crate::check::checked_row::CheckedRow;
use crate::check::placeholder::is_placeholder;
use crate::check::quoted::quoted;
use crate::check::rule::{Rule, Severity};
use crate::input::Field;
use crate::origin::Origin;

/// The maximum length of a group tag, in characters (<https://github.com/ennnbeee/AutopilotGroupTagger/issues/3>).
const MAX_GROUP_TAG: usize = 512;

/// The cells of a row, or of no row if a problem is an error.
pub(super) type Cells<'a> = Vec<Cow<'a, str>>;

/// A problem of a row: its rule and the message.
pub(super) type Problem = (Rule, String);

/// Returns the cells of a device, and the problems of its row. There are no cells if a problem is an error. `others` are
/// the rows that are not sent because they describe the same device.
pub(super) fn cells<'a>(
    format: ExportFormat,
    device: &'a DeviceIdentity,
    row: &'a CheckedRow,
    others: &[&'a CheckedRow],
) -> (Option<Cells<'a>>, Vec<Problem>) {
    let mut writer = CellWriter { format, cells: Vec::with_capacity(5), problems: Vec::new() };
    let values = || Values::of(device, row, others);
    match format {
        ExportFormat::PartnerCenter => writer.partner_center(device, row.group_tag()),
        ExportFormat::Intune => writer.intune(row.origin(), values()),
        ExportFormat::CorporateIdentifiers => writer.corporate_identifier(device, values()),
    }
    let is_error = writer.problems.iter().any(|(rule, _)| rule.severity() == Severity::Error);
    ((!is_error).then_some(writer.cells), writer.problems)
}

struct CellWriter<'a> {
    format: ExportFormat,
    cells: Cells<'a>,
    problems: Vec<Problem>,
}

impl<'a> CellWriter<'a> {
    /// Writes the values that an upload sends. The other columns stay empty.
    fn partner_center(&mut self, device: &'a DeviceIdentity, group_tag: Option<&str>) {
        if let Some(tag) = group_tag {
            let message = format!("the group tag {} is not in the exported file", quoted(tag));
            self.problems.push((Rule::ExportGroupTag, message));
        }
        self.text("serial number", device.serial_number().map(Cow::Borrowed));
        self.text("product key", device.product_key().map(Cow::Borrowed));
        self.hash(device.hardware_hash());
        self.text("manufacturer", device.manufacturer().map(Cow::Borrowed));
        self.text("model", device.model().map(Cow::Borrowed));
    }

    fn intune(&mut self, row: &Origin, values: Values<'a>) {
        self.require(&[
            ("hardware hash", values.hardware_hash.is_some()),
            ("serial number", values.serial_number.is_some()),
        ]);
        self.note_source(&[("serial number", &values.serial_number)]);
        if let (Some(tag), Some((other, other_tag))) = (values.group_tag, values.tag_conflict) {
            let message = format!(
                "the group tag is {} in this row but {} in {}, which is the same device",
                quoted(tag),
                quoted(other_tag),
                other.relative_to(row),
            );
            self.problems.push((Rule::ExportUnsupportedValue, message));
        }
        if values.group_tag.is_some_and(|tag| tag.chars().count() > MAX_GROUP_TAG) {
            let message = format!("the group tag is longer than {MAX_GROUP_TAG} characters");
            self.problems.push((Rule::ExportUnsupportedValue, message));
        }
        self.text("serial number", values.serial_number.map(Value::into_text));
        self.text("product key", values.product_key.map(Cow::Borrowed));
        self.hash(values.hardware_hash);
        self.text("group tag", values.group_tag.map(Cow::Borrowed));
        self.text("assigned user", None);
    }

    fn corporate_identifier(&mut self, device: &DeviceIdentity, values: Values<'a>) {
        // The check of the row reports placeholders only in values that an upload sends, and in the hash.
        for (field, name, value, sent) in [
            (Field::Manufacturer, "manufacturer", &values.manufacturer, device.manufacturer()),
            (Field::Model, "model", &values.model, device.model()),
            (Field::SerialNumber, "serial number", &values.serial_number, device.serial_number()),
        ] {
            if let (Some(Value::Row(text)), None) = (value, sent)
                && is_placeholder(field, text)
            {
                let text = quoted(text);
                let message =
                    format!("the {name} {text} is a placeholder, not the value of a device");
                self.problems.push((Rule::Placeholder, message));
            }
        }
        self.note_source(&[
            ("manufacturer", &values.manufacturer),
            ("model", &values.model),
            ("serial number", &values.serial_number),
        ]);
        let serial = values.serial_number.map(|serial| self.without_periods(serial.into_text()));
        let serial = serial.filter(|serial| !serial.is_empty());
        self.require(&[
            ("manufacturer", values.manufacturer.is_some()),
            ("model", values.model.is_some()),
            ("serial number", serial.is_some()),
        ]);
        self.text("manufacturer", values.manufacturer.map(Value::into_text));
        self.text("model", values.model.map(Value::into_text));
        self.text("serial number", serial);
    }

    /// Removes periods. Intune rejects a file with a serial number that contains one
    /// (<https://github.com/MicrosoftDocs/IntuneDocs/pull/1190>).
    fn without_periods(&mut self, serial: Cow<'a, str>) -> Cow<'a, str> {
        if !serial.contains('.') {
            return serial;
        }
        let without = serial.replace('.', "");
        let message =
            format!("the serial number {} is written as {}", quoted(&serial), quoted(&without));
        self.problems.push((Rule::ExportAdaptedValue, message));
        without.into()
    }

    /// Reports the values that the format requires and that are missing.
    fn require(&mut self, required: &[(&str, bool)]) {
        let missing: Vec<_> =
            required.iter().filter(|(_, is_there)| !is_there).map(|(name, _)| *name).collect();
        if !missing.is_empty() {
            let requires = self.format.subject();
            let message = format!("the row has no {}, which {requires} requires", either(&missing));
            self.problems.push((Rule::ExportMissingValue, message));
        }
    }

    /// Reports the values that come from inside the hardware hash.
    fn note_source(&mut self, values: &[(&str, &Option<Value<'_>>)]) {
        let from_hash =
            |(_, value): &&(&str, &Option<Value<'_>>)| matches!(value, Some(Value::Hash(_)));
        let names: Vec<_> = values.iter().filter(from_hash).map(|(name, _)| *name).collect();
        if !names.is_empty() {
            let verb = if names.len() == 1 { "comes" } else { "come" };
            let message = format!("the {} {verb} from inside the hardware hash", all(&names));
            self.problems.push((Rule::ExportAdaptedValue, message));
        }
    }

    /// Adds a cell with a hardware hash. Its text is never shown.
    fn hash(&mut self, hash: Option<&'a HardwareHash>) {
        self.cells.push(hash.map(HardwareHash::expose).unwrap_or_default().into());
    }

    /// Adds a cell and reports the characters that it cannot contain.
    fn text(&mut self, name: &str, value: Option<Cow<'a, str>>) {
        let value = value.unwrap_or_default();
        if let Some(problem) = unsupported(self.format, &value) {
            let message = format!("the {name} {} contains {problem}", quoted(&value));
            self.problems.push((Rule::ExportUnsupportedValue, message));
        } else if value.starts_with(['+', '-', '@']) {
            let message = format!("the {name} {} looks like a formula", quoted(&value));
            self.problems.push((Rule::ExportFormula, message));
        }
        self.cells.push(value);
    }
}

/// Returns the characters of a value that the format cannot hold.
fn unsupported(format: ExportFormat, value: &str) -> Option<String> {
    if value.contains(',') {
        Some("a comma".to_owned())
    } else if value.contains('"') || value.starts_with(['\'', '“', '”', '„', '«', '»', '‘', '’'])
    {
        Some("a quotation mark".to_owned())
    } else if value.contains(is_hidden) {
        Some("an invisible character".to_owned())
    } else if value.starts_with('=') {
        Some("a formula".to_owned())
    } else if format.is_ascii_only() {
        let letter = value.chars().find(|letter| !letter.is_ascii())?;
        Some(format!("the character {letter:?}, which is not in every ANSI code page"))
    } else {
        None
    }
}

/// Joins names: `serial number`, or `manufacturer, model and serial number`.
fn all(names: &[&str]) -> String {
    join(names, "and")
}

/// Joins names: `serial number`, or `manufacturer, model or serial number`.
fn either(names: &[&str]) -> String {
    join(names, "or")
}

fn join(names: &[&str], word: &str) -> String {
    match names {
        [most @ .., last] if !most.is_empty() => format!("{} {word} {last}", most.join(", ")),
        _ => names.concat(),
    }
}
