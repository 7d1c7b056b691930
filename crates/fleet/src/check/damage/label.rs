//! Removes a label in front of a value, such as `S/N:` or `PKID:`, and recognizes the label of another value.

use crate::check::cell_problem::CellProblem;
use crate::check::quoted::quoted;
use crate::check::rule::Rule;
use crate::input::{Field, field_of_name};

/// Labels that are also part of values, so that a column cannot have them as its name. Without a colon they count only
/// before a space or in parentheses. In lower case.
const SHORT_LABELS: [(Field, &[&str]); 4] = [
    (
        Field::SerialNumber,
        &[
            "(s/n)",
            "(sn)",
            "(s)",
            "[s]",
            "s/n",
            "s.n.",
            "sn",
            "serial number",
            "serial no.",
            "serial no",
            "serial#",
            "serial",
            "ser. no.",
            "ser no",
            "ser.nr.",
            "ser. nr.",
            "n/s",
            "no.",
            "service tag",
            "service-tag",
            "svc tag",
            "st",
            "seriennummer",
            "serien-nr.",
            "seriennr.",
            "numéro de série",
            "n° de série",
            "no de série",
            "nº de serie",
            "número de serie",
            "numero di serie",
            "identifying number",
            "device serial number",
            "シリアル番号",
            "製造番号",
            "序列号",
            "序號",
        ],
    ),
    (
        Field::ProductKey,
        &[
            "pkid",
            "pk id",
            "product key id",
            "product key",
            "product id",
            "windows product id",
            "wpid",
        ],
    ),
    (
        Field::Manufacturer,
        &[
            "manufacturer name",
            "manufacturer",
            "make",
            "maker",
            "vendor",
            "oem",
            "brand",
            "hersteller",
            "fabricant",
            "mfg",
            "mfr",
        ],
    ),
    (
        Field::Model,
        &[
            "device model",
            "model name",
            "model",
            "product name",
            "m/n",
            "modell",
            "modèle",
            "modelo",
        ],
    ),
];

/// Labels of values that the upload has no field for. In lower case.
const OTHER_LABELS: [&str; 19] = [
    "p/n",
    "pn",
    "part no",
    "part no.",
    "part number",
    "asset tag",
    "asset",
    "imei",
    "mac",
    "mac address",
    "uuid",
    "ean",
    "upc",
    "mtm",
    "m/t",
    "sku",
    "type",
    "name",
    "order",
];

/// The labels of other values that are also certain without a colon.
const CERTAIN_OTHER_LABELS: [&str; 5] = ["imei ", "mac ", "uuid ", "p/n ", "asset tag "];

/// Finds a label in front of a value. The label of this field proves the value behind it, which replaces the whole.
pub(super) fn find(field: Field, text: &str) -> Option<CellProblem> {
    let Labeled { label, value, meaning } = split_label(field, text)?;
    if meaning != Meaning::Field(field) {
        let is_code = matches!(field, Field::SerialNumber | Field::ProductKey);
        // A model such as `Type: 2` is a name.
        if meaning == Meaning::Unknown && !is_code {
            return None;
        }
        let message =
            format!("the value has the label {}, not that of a {}", quoted(label), field.noun());
        return Some(CellProblem::unusable(Rule::WrongLabel, message));
    }
    if field == Field::ProductKey && !value.starts_with(|c: char| c.is_ascii_digit()) {
        return None; // reported as a key of the wrong form
    }
    let message =
        format!("{} has a label before the {}, which is removed", quoted(text), field.noun());
    Some(CellProblem::replaced(Rule::ValueLabel, message, value))
}

/// Finds a label in a text of letters, digits and hyphens: only `PKID` before a number.
pub(super) fn find_in_word(field: Field, text: &str) -> Option<CellProblem> {
    let may_have_label = field == Field::ProductKey && text.starts_with(['P', 'p']);
    may_have_label.then(|| find(field, text)).flatten()
}

/// A text split into a label and a value.
#[derive(Debug, PartialEq, Eq)]
struct Labeled<'a> {
    label: &'a str,
    value: &'a str,
    meaning: Meaning,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Field(Field),
    /// The label of a value that is not sent.
    Other,
    /// Words before a colon that no list contains.
    Unknown,
}

fn split_label(field: Field, text: &str) -> Option<Labeled<'_>> {
    if let Some((label, value)) = text.split_once([':', '=', '：', '＝']) {
        let (label, value) = (label.trim_end(), value.trim_start());
        let is_words =
            label.chars().all(|c| !c.is_ascii_digit()) && label.chars().any(char::is_alphabetic);
        let meaning = meaning_of(label).or(is_words.then_some(Meaning::Unknown));
        // A colon at the end does not separate.
        if let Some(meaning) = meaning.filter(|_| !value.is_empty()) {
            return Some(Labeled { label, value, meaning });
        }
    }
    let has_digit = |text: &str| text.bytes().any(|byte| byte.is_ascii_digit());
    let other = CERTAIN_OTHER_LABELS.iter().find_map(|label| {
        let (start, value) = text.split_at_checked(label.len())?;
        start.eq_ignore_ascii_case(label).then_some((start.trim_end(), value))
    });
    if let Some((label, value)) = other
        && matches!(field, Field::SerialNumber | Field::ProductKey)
        && has_digit(value)
    {
        return Some(Labeled { label, value, meaning: Meaning::Other });
    }
    // Otherwise, only a label of this field is certain without a colon.
    let labels = SHORT_LABELS
        .iter()
        .find(|(other, _)| *other == field)
        .map_or(&[][..], |(_, labels)| labels);
    labels.iter().find_map(|label| {
        let (start, rest) = text.split_at_checked(label.len())?;
        let is_label = start.eq_ignore_ascii_case(label)
            || !start.is_ascii() && start.to_lowercase() == **label;
        if !is_label {
            return None;
        }
        let value = rest.trim_start_matches([' ', '#', '.', '-']).trim_start();
        let is_enclosed = label.starts_with(['(', '[']) || *label == "s/n";
        // `PKID3305000000001`: a product key has no letters.
        let is_key = *label == "pkid" && value.starts_with(|c: char| c.is_ascii_digit());
        let is_code = matches!(field, Field::SerialNumber | Field::ProductKey);
        let is_separated = is_code && rest.starts_with([' ', '#', '.']);
        (has_digit(value) && (is_enclosed || is_key || is_separated)).then_some(Labeled {
            label: start,
            value,
            meaning: Meaning::Field(field),
        })
    })
}

fn meaning_of(label: &str) -> Option<Meaning> {
    if let Some(field) = field_of_name(label) {
        return Some(Meaning::Field(field));
    }
    let label = label.to_lowercase();
    let label = label.trim_end_matches(['#', ' ']);
    let of = |(field, labels): &(Field, &[&str])| labels.contains(&label).then_some(*field);
    let field = SHORT_LABELS.iter().find_map(of).map(Meaning::Field);
    field.or_else(|| OTHER_LABELS.contains(&label).then_some(Meaning::Other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::cell_problem::tests::short;

    #[test]
    fn label_of_the_field_is_removed() {
        let serial = Field::SerialNumber;
        for (field, text, value) in [
            (serial, "S/N: CT0002", "CT0002"),
            (serial, "S/N:CT0002", "CT0002"),
            (serial, "s/n CT0002", "CT0002"),
            (serial, "S/NCT0002", "CT0002"),
            (serial, "SN:CT0003", "CT0003"),
            (serial, "SN: CT0003", "CT0003"),
            (serial, "SN CT0003", "CT0003"),
            (serial, "SN#CT0003", "CT0003"),
            (serial, "(S)CT0004", "CT0004"),
            (serial, "(S) CT0004", "CT0004"),
            (serial, "(S/N)CT0004", "CT0004"),
            (serial, "Serial No.: CT0005", "CT0005"),
            (serial, "Serial Number CT0005", "CT0005"),
            (serial, "SerialNumber : CT0005", "CT0005"),
            (serial, "SerialNumber=CT0005", "CT0005"),
            (serial, "Serial#: CT0005", "CT0005"),
            (serial, "Ser.Nr. CT0005", "CT0005"),
            (serial, "N/S CT0005", "CT0005"),
            (serial, "No. CT0005", "CT0005"),
            (serial, "Service-Tag 4PX12X3", "4PX12X3"),
            (serial, "Service Tag: 4PX12X3", "4PX12X3"),
            (serial, "Service Tag 4PX12X3", "4PX12X3"),
            (serial, "Seriennummer: CT0006", "CT0006"),
            (serial, "N° de série : CT0006", "CT0006"),
            (serial, "シリアル番号：CT0006", "CT0006"),
            (Field::ProductKey, "PKID: 3305000000001", "3305000000001"),
            (Field::ProductKey, "PKID3305000000002", "3305000000002"),
            (Field::ProductKey, "PKID 3305000000002", "3305000000002"),
            (Field::ProductKey, "Product Key ID: 3305000000002", "3305000000002"),
            // The value is checked again.
            (Field::ProductKey, "PKID: 3305000000001.0", "3305000000001.0"),
            (serial, "S/N: CT0001; CT0002", "CT0001; CT0002"),
            (Field::Manufacturer, "Manufacturer: Dell Inc.", "Dell Inc."),
            (Field::Model, "Model: Latitude 5450", "Latitude 5450"),
        ] {
            let problem = find(field, text);
            assert_eq!(short(problem), format!("value-label={value}"), "{text}");
        }
    }

    #[test]
    fn other_labels_are_unusable() {
        for (text, expected) in [
            ("P/N: 12345", "wrong-label"),
            ("IMEI: 356938035643809", "wrong-label"),
            ("IMEI 356938035643809", "wrong-label"),
            ("MAC 00-1A-2B-3C-4D-5E", "wrong-label"),
            ("P/N 12345", "wrong-label"),
            ("Model: Latitude", "wrong-label"),
            ("PKID: 3305000000001", "wrong-label"),
            ("Rechnung: 12345", "wrong-label"),
        ] {
            let problem = find(Field::SerialNumber, text);
            assert_eq!(short(problem), expected, "{text}");
        }
    }

    #[test]
    fn values_without_a_label_are_left_alone() {
        for (field, text) in [
            (Field::SerialNumber, "SN213508001234"),
            (Field::SerialNumber, "ST12345"),
            (Field::SerialNumber, "S5CG1234ABC"),
            (Field::SerialNumber, "SERIAL12345"),
            (Field::SerialNumber, "System Serial Number"),
            (Field::SerialNumber, "Serial Number"),
            (Field::SerialNumber, "S/N:"),
            (Field::SerialNumber, "00:1A:2B:3C:4D:5E"),
            (Field::SerialNumber, "PF-3ABCDE"),
            (Field::SerialNumber, "R9-0ABC12 19/03"),
            (Field::ProductKey, "PKID"),
            (Field::Model, "Model 100"),
            (Field::Model, "Make 2"),
            (Field::Model, "Edition: Pro"),
            (Field::Manufacturer, "OEM 1"),
        ] {
            assert_eq!(short(find(field, text)), "", "{text}");
        }
    }
}
