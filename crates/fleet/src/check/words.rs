//! Searches a list of words.

/// Returns true if the text is one of the words, ignoring the case of ASCII. Most values of a row are compared with several
/// lists, so the lengths are compared first, without a call for each word.
pub(super) fn is_one_of(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| word.len() == text.len() && word.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_regardless_of_case() {
        for (text, expected) in [
            ("none", true),
            ("NONE", true),
            ("n/A", true),
            ("no", false),
            ("none ", false),
            ("", false),
        ] {
            assert_eq!(is_one_of(text, &["none", "n/a"]), expected, "{text}");
        }
    }
}
