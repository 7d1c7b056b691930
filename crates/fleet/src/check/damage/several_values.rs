//! Recognizes cells with the serial numbers or product keys of several devices.

use crate::check::cell_problem::CellProblem;
use crate::check::rule::Rule;
use crate::input::Field;

/// Finds several values with `;`, `,`, `|`, `/`, `&`, `and` or spaces between them.
pub(super) fn find(field: Field, text: &str) -> Option<CellProblem> {
    if !matches!(field, Field::SerialNumber | Field::ProductKey) {
        return None; // names contain all of these signs
    }
    report(field, count_values(text))
}

/// Finds several values in a text of letters, digits and hyphens.
pub(super) fn find_in_word(field: Field, text: &str) -> Option<CellProblem> {
    report(field, if is_range(text) { 2 } else { 0 })
}

fn report(field: Field, count: usize) -> Option<CellProblem> {
    (count > 1).then(|| {
        let message = format!("the cell contains {count} values, not one {}", field.noun());
        CellProblem::unusable(Rule::SeveralValues, message)
    })
}

/// Returns the number of values; 0 if the text does not look like a list.
fn count_values(text: &str) -> usize {
    // No serial number contains these.
    const SEPARATORS: [&str; 16] = [
        ";", "|", ",", "\t", "、", "<br", "..", " & ", " + ", " - ", " and ", " und ", " et ",
        " or ", " to ", " bis ",
    ];
    for separator in SEPARATORS {
        let parts = text
            .split(separator)
            .filter(|part| part.bytes().any(|byte| byte.is_ascii_alphanumeric()));
        let mut count = 0;
        let mut have_digits = true;
        for part in parts {
            count += 1;
            have_digits &= part.bytes().any(|byte| byte.is_ascii_digit());
        }
        // `CT0001 - returned` is one serial number.
        let is_sure = matches!(separator, ";" | "|" | "," | "\t" | "、");
        if count > 1 && (is_sure || have_digits) {
            return count;
        }
    }
    // Real serial numbers contain these, as in `R9-0ABC12 19/03` and `VMware-56 4d 1c`, but not between parts as long
    // as serial numbers. The serial number of a Dell board is `/` service tag `/` board number `/`.
    for separator in ['/', '\\', '&', '+', ' '] {
        let mut parts = text.split(separator).map(str::trim).filter(|part| !part.is_empty());
        let count = parts.clone().count();
        if count > 1 && parts.all(looks_like_serial_number) {
            return count;
        }
    }
    if is_range(text) { 2 } else { 0 }
}

/// Matches `CT0001-CT0005`: two parts of the same form that start with the same two characters.
fn is_range(text: &str) -> bool {
    const MIN_PART: usize = 6;
    text.split_once(['-', '_', ':']).is_some_and(|(first, last)| {
        let has_letter = first.bytes().any(|byte| byte.is_ascii_alphabetic());
        let is_same = |(one, other): (u8, u8)| one.is_ascii_digit() == other.is_ascii_digit();
        first.len() >= MIN_PART
            && first.len() == last.len()
            && has_letter
            && looks_like_serial_number(first)
            && looks_like_serial_number(last)
            && first.as_bytes()[..2] == last.as_bytes()[..2]
            && first.bytes().zip(last.bytes()).all(is_same)
    })
}

/// Returns true for at least five characters with a digit.
fn looks_like_serial_number(text: &str) -> bool {
    text.len() >= 5
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::cell_problem::tests::short;

    #[test]
    fn recognizes_several_values() {
        for (text, expected) in [
            ("CT0001;CT0002", 2),
            ("CT0001; CT0002; CT0003;", 3),
            ("CT0001,CT0002", 2),
            ("CT0001|CT0002", 2),
            ("CT0001 / CT0002", 2),
            ("CT0001/CT0002/CT0003", 3),
            ("CT0001 and CT0002", 2),
            ("CT0001 & CT0002", 2),
            ("CT0001&CT0002", 2),
            ("CT0001 + CT0002", 2),
            ("CT0001 CT0002", 2),
            ("CT0001  CT0002 CT0003", 3),
            ("CT0001 - CT0002", 2),
            ("CT0001 to CT0005", 2),
            ("CT0001..CT0005", 2),
            ("CT0001<br/>CT0002", 2),
            ("CT0001-CT0005", 2),
            ("CT0001:CT0002", 2),
            ("/4PX12X3/CNWS20000100AB/", 2),
            ("3305000000001 3305000000002", 2),
            ("CT0001;", 0),
            ("CT0001 - returned", 0),
            ("CT0001-XY0005", 0),
            ("4C4C4544-0050-5810-8032-B4C04F583358", 0),
            ("5CG1234ABC", 0),
            ("PF-3ABCDE", 0),
            ("R9-0ABC12 19/03", 0),
            ("VMware-56 4d 1c 0f 3a 7b 22 91-5e 6c aa 01 02 03 04 05", 0),
            ("Parallels-1A 2B 3C", 0),
            ("1234 5678 9012 3456", 0),
            ("CZC1234ABC/01", 0),
            ("System Serial Number", 0),
            ("To be filled by O.E.M.", 0),
            ("MXL1234567 rev B", 0),
            ("AND12345", 0),
        ] {
            assert_eq!(count_values(text), expected, "{text}");
        }
    }

    #[test]
    fn names_may_contain_separators() {
        assert_eq!(short(find(Field::Manufacturer, "Micro-Star International Co., Ltd.")), "");
        assert_eq!(short(find(Field::ProductKey, "1;2")), "several-values");
    }
}
