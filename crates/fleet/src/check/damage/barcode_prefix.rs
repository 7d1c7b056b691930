//! Removes the prefixes that barcodes have before the serial number.
//!
//! Lenovo: `1S`, the machine type and model of 10 characters (7 until about 2013, or only the 4 of the type), the serial
//! number of 8 (or 7). HP: `S` and the serial number. Source: <https://github.com/fusioninventory/fusioninventory-for-glpi/issues/805>.
//! GS1: `01`, the number of the article with 14 digits, `21`, and the serial number
//! (<https://ref.gs1.org/standards/genspecs/>). Others: `SN` and the serial number.

use crate::check::cell_problem::CellProblem;
use crate::check::damage::other_values::OtherValues;
use crate::check::quoted::quoted;
use crate::check::rule::Rule;
use crate::check::words::is_one_of;
use crate::input::Field;

/// The lengths of machine type with model, and of the serial number.
const LENOVO_PARTS: [(usize, usize); 5] = [(10, 8), (7, 8), (7, 7), (4, 8), (4, 7)];

/// The names of HP, in lower case. Its models start with `HP` too.
const HP: [&str; 4] = ["hp", "hp inc.", "hewlett-packard", "hewlett packard"];

/// The names of Dell, in lower case.
const DELL: [&str; 3] = ["dell inc.", "dell", "dell inc"];

/// Finds a prefix. The serial number inside the hardware hash proves any prefix, and the model of the row that of Lenovo.
pub(super) fn find(field: Field, text: &str, others: &OtherValues<'_>) -> Option<CellProblem> {
    if field != Field::SerialNumber {
        return None;
    }
    let rest = text.strip_prefix(['0', '1', 'S', 's'])?; // true of few values
    let proven = others.serial_number_in_hash.and_then(|serial| std::str::from_utf8(serial).ok());
    let proven = proven.filter(|serial| has_prefix_before(text, serial));
    if let Some(rest) = rest.strip_prefix(['S', 's']).filter(|_| text.starts_with('1')) {
        return find_lenovo(text, rest, proven, others);
    }
    if is_gs1(text) {
        let whole = || {
            let message = format!("{} is a barcode with the number of the article", quoted(text));
            CellProblem::unusable(Rule::BarcodePrefix, message)
        };
        return Some(proven.map_or_else(whole, |serial| removed(text, serial)));
    }
    if !text.starts_with(['S', 's']) {
        return None;
    }
    let behind_label = rest.strip_prefix(['N', 'n']).unwrap_or_default();
    let is_behind_prefix = |serial: &&str| [rest.len(), behind_label.len()].contains(&serial.len());
    if let Some(serial) = proven.filter(is_behind_prefix) {
        return Some(removed(text, serial));
    }
    let prefix = [("S", rest), ("SN", behind_label)]
        .into_iter()
        .find_map(|(prefix, serial)| is_usual_of_maker(serial, others).then_some(prefix))?;
    let message =
        format!("{} looks like a serial number after the {prefix} of a barcode", quoted(text));
    Some(CellProblem::doubtful(Rule::PossiblePrefix, message))
}

/// Matches a barcode of GS1 in which the serial number is behind the number of the article.
fn is_gs1(text: &str) -> bool {
    const MIN_LENGTH: usize = 20;
    text.len() >= MIN_LENGTH
        && text.starts_with("01")
        && text.bytes().take(16).all(|byte| byte.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Returns true if the text has the form of the manufacturer's serial numbers: ten characters at HP, seven at Dell, and
/// eight that start with a letter at Lenovo.
fn is_usual_of_maker(text: &str, others: &OtherValues<'_>) -> bool {
    let is_of = |names: &[&str]| others.manufacturer.is_some_and(|maker| is_one_of(maker, names));
    let has_digit = || {
        text.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && text.bytes().any(|byte| byte.is_ascii_digit())
    };
    match text.len() {
        10 if is_of(&HP) || others.model.is_some_and(|model| model.starts_with("HP ")) => {
            is_hp_serial_number(text)
        }
        7 if is_of(&DELL) => has_digit(),
        8 if is_of(&["lenovo"]) => has_digit() && text.starts_with(['P', 'p', 'M', 'm', 'Y', 'y']),
        _ => false,
    }
}

fn find_lenovo(
    text: &str,
    rest: &str,
    proven: Option<&str>,
    others: &OtherValues<'_>,
) -> Option<CellProblem> {
    if let Some(serial) = proven {
        return Some(removed(text, serial));
    }
    let rest: String = rest.chars().filter(|c| !matches!(c, '-' | ' ')).collect();
    let starts_with_type = |rest: &str| {
        let digits = rest.bytes().take(2).filter(u8::is_ascii_digit).count();
        digits == 2 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let (machine, serial) = LENOVO_PARTS.iter().find_map(|(machine, serial)| {
        (rest.len() == machine + serial && starts_with_type(&rest)).then(|| rest.split_at(*machine))
    })?;
    let model = others.model.unwrap_or_default();
    let is_model = machine.eq_ignore_ascii_case(model)
        || model.len() == 4 && machine[..4].eq_ignore_ascii_case(model)
        || machine.len() == 4
            && model.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(machine));
    if is_model {
        return Some(removed(text, serial));
    }
    let message = format!(
        "{} is a barcode of Lenovo: 1S, the machine type and model, and the serial number",
        quoted(text)
    );
    let is_lenovo = others.manufacturer.is_none_or(|name| name.eq_ignore_ascii_case("lenovo"));
    Some(if is_lenovo {
        CellProblem::unusable(Rule::BarcodePrefix, message)
    } else {
        CellProblem::doubtful(Rule::PossiblePrefix, message)
    })
}

fn has_prefix_before(text: &str, serial: &str) -> bool {
    let prefix = text.len().saturating_sub(serial.len());
    !serial.is_empty()
        && prefix > 0
        && text.get(prefix..).is_some_and(|rest| rest.eq_ignore_ascii_case(serial))
}

fn removed(text: &str, serial: &str) -> CellProblem {
    let message = format!("{} has the prefix of a barcode, which is removed", quoted(text));
    CellProblem::replaced(Rule::ValueLabel, message, serial)
}

/// Matches `5CG1234ABC` and `MXL1234567`: a place of three characters, year and week, a number of three characters.
fn is_hp_serial_number(text: &str) -> bool {
    text.len() == 10
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && text.bytes().skip(3).take(4).all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::cell_problem::tests::short;

    #[test]
    fn prefix_is_removed_only_with_proof() {
        let removed = "value-label=PF0ABC12";
        for (text, maker, model, in_hash, expected) in [
            ("1S21HMCTO1WWPF0ABC12", Some("LENOVO"), Some("21HMCTO1WW"), None, removed),
            ("1s21hmcto1wwPF0ABC12", Some("Lenovo"), Some("21HMCTO1WW"), None, removed),
            ("1S21HMCTO1WWPF0ABC12", Some("LENOVO"), Some("21HM"), None, removed),
            ("1S21HMCTO1WWPF0ABC12", None, Some("21HMCTO1WW"), None, removed),
            ("1S21HMCTO1WWPF0ABC12", None, None, Some("PF0ABC12"), removed),
            ("1S21HMCTO1WW-PF0ABC12", Some("LENOVO"), Some("21HMCTO1WW"), None, removed),
            ("1S2241CTOL3ABCDE", Some("LENOVO"), Some("2241CTO"), None, "value-label=L3ABCDE"),
            ("1S21HMPF0ABC12", Some("LENOVO"), Some("21HMCTO1WW"), None, removed),
            ("1S21HMPF0ABC12", Some("LENOVO"), Some("ThinkPad X1"), None, "barcode-prefix"),
            ("1S21HMPF0ABC12", Some("Dell Inc."), None, None, "possible-prefix?"),
            ("1S21HMCTO1WWPF0ABC12", Some("LENOVO"), Some("ThinkPad X1"), None, "barcode-prefix"),
            ("1S21HMCTO1WWPF0ABC12", Some("LENOVO"), None, None, "barcode-prefix"),
            ("1S21HMCTO1WWPF0ABC12", None, None, Some("PF0XYZ99"), "barcode-prefix"),
            ("1S21HMCTO1WWPF0ABC12", Some("Dell Inc."), None, None, "possible-prefix?"),
            ("S5CG1234ABC", Some("HP"), None, None, "possible-prefix?"),
            ("S5CG1234ABC", None, Some("HP EliteBook 840 G8"), None, "possible-prefix?"),
            ("S5CG1234ABC", Some("HP"), None, Some("5CG1234ABC"), "value-label=5CG1234ABC"),
            ("S5CG1234ABC", None, None, Some("5CG1234ABC"), "value-label=5CG1234ABC"),
            ("S5CG1234ABC", Some("HP"), None, Some("S5CG1234ABC"), "possible-prefix?"),
            ("SN5CG1234ABC", Some("HP"), None, None, "possible-prefix?"),
            ("SN5CG1234ABC", None, None, Some("5CG1234ABC"), "value-label=5CG1234ABC"),
            ("SN7KQWX13", Some("Dell Inc."), None, None, "possible-prefix?"),
            ("S7KQWX13", Some("Dell Inc."), None, None, "possible-prefix?"),
            ("SNPF0ABC12", Some("LENOVO"), None, None, "possible-prefix?"),
            ("0104006381333931215CG1234ABC", Some("HP"), None, None, "barcode-prefix"),
            (
                "0104006381333931215CG1234ABC",
                None,
                None,
                Some("5CG1234ABC"),
                "value-label=5CG1234ABC",
            ),
            // Real serial numbers.
            ("S5CG1234ABC", Some("Dell Inc."), None, None, ""),
            ("5CG1234ABC", Some("HP"), None, None, ""),
            ("MXL1234567", Some("HP"), None, None, ""),
            ("SGH123ABCD", Some("HP"), None, None, ""),
            ("SN213508001234", Some("Contoso"), None, None, ""),
            ("SN5CG1234ABC", Some("Contoso"), None, None, ""),
            ("0123456789012345", None, None, None, ""),
            ("PF-3ABCDE", Some("LENOVO"), None, None, ""),
            ("S1H0ABCD", Some("LENOVO"), None, None, ""),
            ("1SABCDE", Some("LENOVO"), None, None, ""),
            ("1234567", None, None, Some("1234567"), ""),
            ("11234567", None, None, Some("1234567"), ""),
            ("S1", None, None, Some(""), ""),
        ] {
            let others = OtherValues {
                manufacturer: maker,
                model,
                serial_number_in_hash: in_hash.map(str::as_bytes),
                ..OtherValues::default()
            };
            let problem = find(Field::SerialNumber, text, &others);
            assert_eq!(short(problem), expected, "{text} {maker:?} {model:?} {in_hash:?}");
        }
    }
}
