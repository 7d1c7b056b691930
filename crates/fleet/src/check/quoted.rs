//! Quotes values from files for messages, except secrets: license keys and parts of hardware hashes.

/// The number of characters of a value that a message shows.
const MAX_SHOWN: usize = 40;

/// The number of letters and digits of a license key.
pub(super) const MIN_LICENSE_KEY: usize = 25;

/// Quotes a value for a message and shortens it if it is long. Describes it instead if it may be a secret.
pub(crate) fn quoted(text: &str) -> String {
    if contains_license_key(text) {
        return format!("a value of {} characters with a license key", text.chars().count());
    }
    if may_contain_hash(text) {
        return format!("a value of {} characters", text.chars().count());
    }
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{:?}…", &text[..end]),
        None => format!("{text:?}"),
    }
}

/// Returns true if the text contains a key that activates Windows: five groups of five letters and digits, or the same
/// 25 characters without separators.
pub(crate) fn contains_license_key(text: &str) -> bool {
    if text.len() < MIN_LICENSE_KEY {
        return false; // true of most values
    }
    let (mut groups, mut rest) = (0, text);
    while !rest.is_empty() {
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let (word, after) = rest.split_at(length);
        groups = if word.len() == 5 { groups + 1 } else { 0 };
        if groups == 5 || word.len() == MIN_LICENSE_KEY && word.bytes().all(is_key_character) {
            return true;
        }
        let mut after = after.chars();
        if !after.next().is_some_and(is_group_separator) {
            groups = 0;
        }
        rest = after.as_str();
    }
    false
}

/// Returns true for the letters and digits of a license key. Letters and digits that look alike are left out, except
/// that `N` marks keys of Windows 8 and later.
fn is_key_character(byte: u8) -> bool {
    matches!(byte.to_ascii_uppercase(), b'2'..=b'4' | b'6'..=b'9')
        || b"BCDFGHJKMNPQRTVWXY".contains(&byte.to_ascii_uppercase())
}

fn is_group_separator(c: char) -> bool {
    matches!(c, '-' | ' ' | '_' | '.' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Returns true if a part of the text may be a part of a hardware hash: it starts like one, or it is a longer run of
/// base64 than any serial number.
pub(crate) fn may_contain_hash(text: &str) -> bool {
    const MAX_RUN: usize = 32;
    const MIN_START: usize = 12;
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
    text.len() >= MIN_START
        && text.split(|c| !is_base64(c)).any(|run| {
            let is_start = matches!(run.as_bytes(), [b'T', b'0', b'E'..=b'H', ..]);
            run.len() > MAX_RUN || is_start && run.len() >= MIN_START
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn license_keys_are_found_inside_other_text() {
        for (text, expected) in [
            ("VK7JG-NPHTM-C97JM-9MPGT-3V66T", true),
            ("OA3xOriginalProductKey    AAAAA-BBBBB-CCCCC-DDDDD-EEEEE   ", true),
            ("key:aaaaa-bbbbb-ccccc-ddddd-eeeee;", true),
            ("AAAAA\u{2011}BBBBB\u{2013}CCCCC-DDDDD-EEEEE", true),
            ("AAAAA BBBBB CCCCC DDDDD EEEEE", true),
            ("x AAAAA-BBBBB-CCCCC-DDDDD-EEEEE, y", true),
            ("VK7JGNPHTMC97JM9MPGT3V66T", true),
            ("ABCDEFGHIJKLMNOPQRSTUVWXY", false),
            ("AAAAA-BBBBB-CCCCC-DDDDD-EEEEEE", false),
            ("AAAAA-BBBBB-CCCCC-DDDDD", false),
            ("AAAAA-BBBB-CCCCC-DDDDD-EEEEE-FF", false),
            ("0000-0016-1234-5678-9012-3456-78", false),
            ("VMware-56 4d 1c 0f 3a 7b 22 91-5e 6c aa 01 02 03 04 05", false),
            ("4c4c4544-0050-5810-8032-b4c04f583358", false),
            ("S1", false),
            ("", false),
        ] {
            assert_eq!(contains_license_key(text), expected, "{text}");
        }
    }

    #[test]
    fn secrets_are_described_instead_of_quoted() {
        for (text, expected) in [
            ("S\"1", r#""S\"1""#.to_owned()),
            ("a\u{AD}b", r#""a\u{ad}b""#.to_owned()),
            (&"ab ".repeat(20), format!("{:?}…", &"ab ".repeat(20)[..40])),
            (
                "key VK7JG-NPHTM-C97JM-9MPGT-3V66T",
                "a value of 33 characters with a license key".to_owned(),
            ),
            ("T0FvAAwAFADx", "a value of 12 characters".to_owned()),
            ("Hash: T0FvAAwAFADxiFKN", "a value of 22 characters".to_owned()),
            (&"a1B+".repeat(9), "a value of 36 characters".to_owned()),
            ("NXVNJEG00123456789F", "\"NXVNJEG00123456789F\"".to_owned()),
        ] {
            assert_eq!(quoted(text), expected, "{text}");
        }
    }
}
