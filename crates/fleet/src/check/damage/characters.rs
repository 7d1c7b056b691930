//! Recognizes characters that are invisible, look like others, or occur in no value of a device.

use partner_center_devices::raw::printable::is_hidden;

use crate::check::cell_problem::CellProblem;
use crate::check::placeholder::is_placeholder;
use crate::check::rule::Rule;
use crate::input::Field;

/// Finds a character that does not belong into a value. Firmware reports serial numbers, product keys and names in
/// ASCII, so a similar letter of another script never matches. Accents in names may be right.
pub(super) fn find(field: Field, text: &str) -> Option<CellProblem> {
    let is_code = matches!(field, Field::SerialNumber | Field::ProductKey);
    if text.is_ascii() {
        return if is_code { find_odd_sign(field, text) } else { find_odd_name(field, text) };
    }
    if is_code {
        let (position, c) = text.chars().enumerate().find(|(_, c)| !c.is_ascii())?;
        return Some(CellProblem::unusable(Rule::LookAlikeCharacter, describe(field, position, c)));
    }
    if let Some((position, c)) = find_look_alike(text) {
        return Some(CellProblem::unusable(Rule::LookAlikeCharacter, describe(field, position, c)));
    }
    let is_odd =
        |c: char| is_combining(c) || matches!(c, '‘' | '’' | '‚' | '“' | '”' | '„' | '\u{2026}');
    let (position, c) = text.chars().enumerate().find(|(_, c)| is_odd(*c))?;
    Some(CellProblem::doubtful(Rule::UnusualCharacter, describe(field, position, c)))
}

/// Finds a character of a name that is certainly wrong: an invisible one, a dash or a full-width letter, or a letter of
/// another script that looks like a Latin one, unless its word has other letters of that script.
fn find_look_alike(text: &str) -> Option<(usize, char)> {
    let is_wrong = |c: char| is_hidden(c) || is_dash(c) || full_width(c).is_some();
    if let Some(found) = text.chars().enumerate().find(|(_, c)| is_wrong(*c)) {
        return Some(found);
    }
    let mut start = 0;
    for word in text.split(|c: char| !c.is_alphabetic()) {
        let position = word.chars().position(|c| script_of(c).is_some());
        if let Some(position) = position {
            let is_other_word = word.chars().all(|c| script_of(c).is_some())
                && word.chars().any(|c| looks_like(c).is_none());
            if !is_other_word {
                return Some((start + position, word.chars().nth(position)?));
            }
        }
        start += word.chars().count() + 1;
    }
    None
}

/// Finds a sign of ASCII that no serial number has, or one at the start or end of it.
fn find_odd_sign(field: Field, text: &str) -> Option<CellProblem> {
    if field == Field::ProductKey || is_placeholder(field, text) {
        return None; // any other form of a product key is reported anyway
    }
    let is_usual = |byte: u8| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'.' | b'_' | b'/' | b' ' | b':' | b'+')
    };
    let is_alphanumeric = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    let odd = bytes.iter().position(|byte| !is_usual(*byte));
    let odd = odd.or_else(|| (!is_alphanumeric(bytes.first())).then_some(0));
    // `1234.5` is a number.
    let is_decimal = |(whole, fraction): (&str, &str)| {
        whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit())
    };
    let odd =
        odd.or_else(|| text.find('.').filter(|_| text.split_once('.').is_some_and(is_decimal)));
    let position = odd.or_else(|| (!is_alphanumeric(bytes.last())).then_some(bytes.len() - 1))?;
    let message = format!(
        "character {} of the {} is \"{}\", which serial numbers rarely have there",
        position + 1,
        field.noun(),
        char::from(bytes[position])
    );
    Some(CellProblem::doubtful(Rule::UnusualCharacter, message))
}

/// Finds a sign of ASCII that no name has.
fn find_odd_name(field: Field, text: &str) -> Option<CellProblem> {
    let is_odd = |c: char| {
        matches!(c, '{' | '}' | '<' | '>' | '|' | ';' | '=' | '\\' | '^' | '`' | '~' | '$')
    };
    let is_odd = |(position, c): &(usize, char)| is_odd(*c) || *position == 0 && *c == '#';
    let (position, c) = text.chars().enumerate().find(is_odd)?;
    let noun = field.noun();
    let message =
        format!("character {} of the {noun} is \"{c}\", which names rarely have", position + 1);
    Some(CellProblem::doubtful(Rule::UnusualCharacter, message))
}

/// Describes a character by its position, its code point and its kind.
fn describe(field: Field, position: usize, c: char) -> String {
    let kind = if is_hidden(c) {
        "an invisible character".to_owned()
    } else if is_dash(c) {
        "a dash that looks like \"-\"".to_owned()
    } else if let Some(letter) = full_width(c) {
        format!("a full-width character that looks like \"{letter}\"")
    } else if let Some((script, letter)) = script_of(c).zip(looks_like(c)) {
        format!("a {script} letter that looks like \"{letter}\"")
    } else if let Some(script) = script_of(c) {
        format!("a {script} letter")
    } else if is_combining(c) {
        "an accent by itself".to_owned()
    } else if matches!(c, '‘' | '’' | '‚' | '“' | '”' | '„') {
        "a typographic quotation mark".to_owned()
    } else if c.is_numeric() {
        "a digit of another script".to_owned()
    } else if c.is_alphabetic() {
        "a letter that ASCII does not have".to_owned()
    } else {
        "a sign that ASCII does not have".to_owned()
    };
    format!("character {} of the {} is U+{:04X}, {kind}", position + 1, field.noun(), u32::from(c))
}

/// Returns true for hyphens, dashes and minus signs beyond ASCII.
fn is_dash(c: char) -> bool {
    matches!(
        c,
        '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}'
    )
}

/// Returns the ASCII character of a full-width character.
fn full_width(c: char) -> Option<char> {
    matches!(c, '\u{FF01}'..='\u{FF5E}').then(|| char::from_u32(u32::from(c) - 0xFEE0)).flatten()
}

fn is_combining(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}

/// Returns the name of a script with letters like Latin ones.
fn script_of(c: char) -> Option<&'static str> {
    match c {
        '\u{0370}'..='\u{03FF}' | '\u{1F00}'..='\u{1FFF}' => Some("Greek"),
        '\u{0400}'..='\u{052F}' | '\u{1C80}'..='\u{1C8F}' => Some("Cyrillic"),
        _ => None,
    }
}

/// Returns the Latin letter that a Greek or Cyrillic letter looks like
/// (<https://www.unicode.org/Public/security/latest/confusables.txt>).
fn looks_like(c: char) -> Option<char> {
    const LETTERS: [(&str, &str); 2] = [
        ("АВЕЅІЈКМНОРСТУХԚԜҮаԁсеһіјӏорԛѕѡухѵ", "ABESIJKMHOPCTYXQWYadcehijlopqswyxv"),
        ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαιονρυϳ", "ABEZHIKMNOPTYXaiovpuj"),
    ];
    LETTERS.iter().find_map(|(other, latin)| {
        let position = other.chars().position(|letter| letter == c)?;
        latin.chars().nth(position)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::cell_problem::tests::short;

    #[test]
    fn serial_numbers_are_ascii() {
        let (look_alike, unusual) = ("look-alike-character", "unusual-character?");
        for (text, expected, message) in [
            (
                "PF\u{2011}3ABCDE",
                look_alike,
                "character 3 of the serial number is U+2011, a dash that looks like \"-\"",
            ),
            ("CT\u{2013}0001", look_alike, "is U+2013, a dash"),
            ("CT\u{2212}0001", look_alike, "is U+2212, a dash"),
            (
                "\u{FF23}T0001",
                look_alike,
                "character 1 of the serial number is U+FF23, a full-width character that looks like \"C\"",
            ),
            (
                "CT000\u{FF11}",
                look_alike,
                "character 6 of the serial number is U+FF11, a full-width character that looks like \"1\"",
            ),
            ("\u{0421}T0001", look_alike, "U+0421, a Cyrillic letter that looks like \"C\""),
            ("CT\u{041E}001", look_alike, "U+041E, a Cyrillic letter that looks like \"O\""),
            ("C\u{03A4}0001", look_alike, "U+03A4, a Greek letter that looks like \"T\""),
            ("CT\u{0416}001", look_alike, "U+0416, a Cyrillic letter"),
            ("CTe\u{301}01", look_alike, "U+0301, an accent by itself"),
            ("CT\u{0661}01", look_alike, "U+0661, a digit of another script"),
            ("CT\u{AD}0001", look_alike, "U+00AD, an invisible character"),
            ("CT\u{3164}0001", look_alike, "U+3164, an invisible character"),
            ("CT\u{2800}0001", look_alike, "U+2800, an invisible character"),
            ("CT\u{FE0F}0001", look_alike, "U+FE0F, an invisible character"),
            ("CT\u{E0041}0001", look_alike, "U+E0041, an invisible character"),
            ("CTé001", look_alike, "U+00E9, a letter that ASCII does not have"),
            ("CT’001", look_alike, "U+2019, a typographic quotation mark"),
            ("CT\u{2028}001", look_alike, "U+2028, an invisible character"),
            ("CT™001", look_alike, "U+2122, a sign that ASCII does not have"),
            ("#CT0001", unusual, "character 1 of the serial number is \"#\""),
            ("CT0001;", unusual, "character 7 of the serial number is \";\""),
            ("CT~0001", unusual, "character 3 of the serial number is \"~\""),
            ("1234.5", unusual, "character 5 of the serial number is \".\""),
            ("CT0001.", unusual, "character 7 of the serial number is \".\""),
            ("-CT0001", unusual, "character 1 of the serial number is \"-\""),
            ("PF-3ABCDE", "", ""),
            ("VMware-56 4d 1c 0f 3a 7b 22 91-5e 6c aa 01 02 03 04 05", "", ""),
            ("R9-0ABC12 19/03", "", ""),
            ("00:1A:2B:3C:4D:5E", "", ""),
            ("To be filled by O.E.M.", "", ""),
            ("......", "", ""),
        ] {
            let problem = find(Field::SerialNumber, text);
            let shown = problem.as_ref().map(|problem| problem.message.clone()).unwrap_or_default();
            assert_eq!(short(problem), expected, "{text:?}");
            assert!(shown.contains(message), "{shown}");
        }
    }

    #[test]
    fn names_may_have_accents_and_words_of_another_script() {
        let (look_alike, unusual) = ("look-alike-character", "unusual-character?");
        for (text, expected) in [
            ("Müller GmbH", ""),
            ("Intel® NUC™", ""),
            ("Книга 14", ""),
            ("Σύστημα", ""),
            ("富士通", ""),
            ("15\" X (2-in-1) i7-1165G7 @ 2.80GHz", ""),
            ("Micro-Star International Co., Ltd.", ""),
            ("Standard PC (i440FX + PIIX, 1996)", ""),
            ("L\u{0415}NOVO", look_alike),
            ("\u{041D}\u{0420}", look_alike),
            ("Dell \u{0406}nc.", look_alike),
            ("\u{FF2E}\u{FF25}\u{FF23}", look_alike),
            ("Latitude\u{AD} 5450", look_alike),
            ("ThinkPad X1 \u{2013} Gen 9", look_alike),
            ("Cafe\u{301}", unusual),
            ("Kids’ Book", unusual),
            ("Book|14", unusual),
            ("<Book", unusual),
            ("#Book", unusual),
            ("Book #1", ""),
        ] {
            assert_eq!(short(find(Field::Model, text)), expected, "{text:?}");
        }
    }

    #[test]
    fn look_alikes_are_pairs() {
        assert_eq!(
            ['А', 'Ү', 'а', 'ѵ', 'Α', 'Χ', 'α', 'ϳ'].map(looks_like),
            ['A', 'Y', 'a', 'v', 'A', 'X', 'a', 'j'].map(Some)
        );
        assert_eq!(looks_like('Ж'), None);
    }
}
