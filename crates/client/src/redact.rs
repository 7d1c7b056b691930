//! Decides what of a text that came from outside may be shown. Services echo what they were sent, so a
//! message may hold a hardware hash or a token.

use std::borrow::Cow;

/// Ids have 36 characters. What is longer and in one piece is no word but a hash, a part of one, or a token.
const LONGEST_WORD: usize = 48;
/// The documented bound of an error's description.
const LONGEST_TEXT: usize = 1_024;

/// The text with every overlong word cut to its first characters, and not longer than a description may be.
pub(crate) fn redact(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let plain = word.trim_end_matches(['.', '-']); // a full stop is no part of a hash
        if plain.contains(['-', '.', '_']) && !plain.contains(['+', '=', '%', '\\']) {
            // A path or an address: no hash has these, and each part is judged alone.
            for (index, part) in plain.split('/').enumerate() {
                shown.push_str(if index == 0 { "" } else { "/" });
                push(&mut shown, part);
            }
        } else {
            push(&mut shown, plain);
        }
        shown.push_str(&word[plain.len()..]);
        let gap = after.find(is_word).unwrap_or(after.len());
        shown.extend(after[..gap].chars().map(|c| if c.is_control() { ' ' } else { c }));
        rest = &after[gap..];
    }
    shorten(shown.trim()).into_owned()
}

/// The text without the secrets that are known, however short they are.
pub(crate) fn without_secrets(text: &str, secrets: &[&str]) -> String {
    let secrets = secrets.iter().filter(|secret| secret.len() >= 4);
    secrets.fold(text.to_owned(), |text, secret| text.replace(secret, "…"))
}

fn push(shown: &mut String, word: &str) {
    if word.len() > LONGEST_WORD {
        shown.push_str(&word[..6]); // a word is ASCII
        shown.push_str("…(");
        shown.push_str(&word.len().to_string());
        shown.push_str(" characters)");
    } else {
        shown.push_str(word);
    }
}

/// Also what an escaped hash is made of: `%2B`, `\/`.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '_' | '-' | '.' | '%' | '\\' | '~')
}

fn shorten(text: &str) -> Cow<'_, str> {
    let Some((end, next)) = text.char_indices().nth(LONGEST_TEXT) else { return text.into() };
    // Half a secret would not be known as one.
    let within = |c: char| is_word(c) && c != '/';
    let whole = if is_word(next) { text[..end].trim_end_matches(within) } else { &text[..end] };
    format!("{whole}…").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_and_tokens_are_cut_and_words_stay() {
        let hash = "T0HzAQEAHAAAAAoA".repeat(250);
        assert_eq!(redact(&format!("bad hash '{hash}'.")), "bad hash 'T0HzAQ…(4000 characters)'.");
        let plain = "The partner id 7ca96d10-2f2c-4d7e-8c0a-9d8d2a4f7b11 has no relationship — é";
        assert_eq!(redact(plain), plain);
        assert_eq!(redact("two\r\nlines\u{0}"), "two  lines");
    }

    #[test]
    fn a_hash_is_cut_in_whatever_form_it_is_echoed() {
        let hash = "T0HzAQEA+AAAAAo/AbC1".repeat(200);
        let wrapped: String = hash
            .as_bytes()
            .chunks(76)
            .map(|l| format!("{}\n", str::from_utf8(l).unwrap()))
            .collect();
        for echoed in [
            wrapped,
            hash.replace('+', "%2B").replace('/', "%2F"),
            hash.replace('/', "\\/"),
            hash[..100].to_owned(),
            format!("{hash}."),
        ] {
            let shown = redact(&format!("bad hash {echoed}"));
            assert!(!shown.contains("AAAAAo"), "{shown}");
        }
        let named = redact(&format!("devices[0].hardwareHash={}", "T0H/zAQEAAo/AbC1x".repeat(200)));
        assert!(!named.contains("zAQEAAo"), "{named}");
        let token = format!("eyJ0eXAi.{}.{}", "aB-_".repeat(100), "c".repeat(80));
        assert!(!redact(&token).contains("aB-_aB-_"), "{}", redact(&token));
        let address = "/customers/47021739-3426-40bf-9601-61b4b6d7c793/batchJobStatus/0127ed8e-ff72-4983-a3d8-e8d8bd378932";
        assert_eq!(redact(address), address);
    }

    #[test]
    fn a_secret_that_is_known_is_cut_however_short() {
        assert_eq!(
            without_secrets("token abc123 refused: abc123", &["abc123", "x"]),
            "token … refused: …"
        );
    }

    #[test]
    fn a_page_of_text_is_cut_but_not_within_a_word() {
        assert_eq!(redact(&"word ".repeat(1000)).chars().count(), LONGEST_TEXT + 1);
        let text = format!("{}secret-token", "word ".repeat(204));
        assert!(text[..LONGEST_TEXT].ends_with(" secr"));
        assert_eq!(redact(&text), format!("{}…", "word ".repeat(204)));
        let wide = format!("{}secret-token", "é".repeat(LONGEST_TEXT - 4));
        assert_eq!(redact(&wide), format!("{}…", "é".repeat(LONGEST_TEXT - 4)));
        let path = redact(&"/part-1".repeat(300));
        assert!(path.len() > 1_000 && path.ends_with("/part-1/…"), "{path}");
    }
}
