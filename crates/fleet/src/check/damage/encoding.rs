//! Recognizes names in an encoding that was read as another one: UTF-8, Shift-JIS, Windows-1250 or Windows-1251 read as
//! Windows-1252.

use encoding_rs::WINDOWS_1252;

use crate::check::cell_problem::CellProblem;
use crate::check::quoted::quoted;
use crate::check::rule::Rule;
use crate::input::Field;

/// Finds letters that no name has next to each other, because they were read in the wrong encoding.
pub(super) fn find(field: Field, text: &str) -> Option<CellProblem> {
    if text.is_ascii() || !matches!(field, Field::Manufacturer | Field::Model) {
        return None;
    }
    let message = if is_utf8_read_as_windows_1252(text) {
        format!("{} is UTF-8 that was read as Windows-1252", quoted(text))
    } else if has_implausible_letters(text) {
        format!("{} was read in the wrong encoding", quoted(text))
    } else {
        return None;
    };
    let message = format!("{message}; the right {} is unknown", field.noun());
    Some(CellProblem::unusable(Rule::WrongEncoding, message))
}

/// Matches `MÃ¼ller`: its bytes in Windows-1252 are valid UTF-8. Real names never are.
fn is_utf8_read_as_windows_1252(text: &str) -> bool {
    let (bytes, _, has_others) = WINDOWS_1252.encode(text);
    !has_others && std::str::from_utf8(&bytes).is_ok()
}

/// Matches three letters with accents next to each other, as in `Êîìïàíèÿ` (Windows-1251), and signs next to letters,
/// as in `Przemys³aw` (Windows-1250) and `•xŽm’Ê` (Shift-JIS).
fn has_implausible_letters(text: &str) -> bool {
    const MAX_ACCENTS: usize = 2;
    let is_accented = |c: char| {
        matches!(c, '\u{C0}'..='\u{FF}' | 'Œ' | 'œ' | 'Š' | 'š' | 'Ž' | 'ž' | 'Ÿ')
            && c.is_alphabetic()
    };
    // The bytes 0x80 to 0x9F of Windows-1252, except quotation marks, dashes, letters and the signs of the euro and of
    // trademarks.
    let is_sign =
        |c: char| matches!(c, '‚' | 'ƒ' | '„' | '†' | '‡' | 'ˆ' | '‰' | '‹' | '•' | '›' | '˜');
    let is_odd = |c: char| {
        is_sign(c) || matches!(c, '\u{A1}'..='\u{BF}' if !matches!(c, '®' | '©' | '°' | '·'))
    };
    let mut accents = 0;
    let mut previous = ' ';
    for c in text.chars() {
        accents = if is_accented(c) { accents + 1 } else { 0 };
        let is_odd_pair =
            is_odd(previous) && c.is_alphabetic() || previous.is_alphabetic() && is_sign(c);
        if accents > MAX_ACCENTS || is_odd_pair && previous != ' ' {
            return true;
        }
        previous = c;
    }
    false
}

#[cfg(test)]
mod tests {
    use encoding_rs::{GBK, SHIFT_JIS, UTF_8, WINDOWS_1250, WINDOWS_1251};

    use super::*;
    use crate::check::cell_problem::tests::short;

    #[test]
    fn names_in_another_encoding_are_recognized() {
        for (encoding, name) in [
            (UTF_8, "Müller"),
            (UTF_8, "Intel® NUC"),
            (UTF_8, "Société Générale"),
            (SHIFT_JIS, "富士通"),
            (SHIFT_JIS, "パナソニック"),
            (SHIFT_JIS, "東芝"),
            (WINDOWS_1251, "Компания"),
            (WINDOWS_1251, "Аквариус"),
            (WINDOWS_1250, "Przemysław"),
            (WINDOWS_1250, "Środa Książka"),
            (GBK, "联想电脑"),
        ] {
            let (bytes, ..) = encoding.encode(name);
            let (text, _) = WINDOWS_1252.decode_without_bom_handling(&bytes);
            assert_eq!(
                short(find(Field::Manufacturer, &text)),
                "wrong-encoding",
                "{name} as {text}"
            );
        }
    }

    #[test]
    fn names_with_accents_are_left_alone() {
        for name in [
            "Müller GmbH & Co. KG",
            "Société Générale",
            "Peña",
            "Åkerström",
            "Æbleø",
            "Intel® NUC™",
            "Größe",
            "Čeština",
            "Příští",
            "富士通",
            "Компания",
            "15½ X",
            "‘Book’",
            "Book „14“",
            "Œuvre",
            "Škoda",
            "naïveté",
            "Créée",
            "14°",
        ] {
            assert_eq!(short(find(Field::Model, name)), "", "{name}");
        }
    }
}
