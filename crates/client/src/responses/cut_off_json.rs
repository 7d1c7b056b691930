//! JSON that breaks off, because the connection did.

use serde_json::Value;

/// Completes JSON that breaks off: a text at its end is closed, and another value is left out. A code is left out too, because
/// the start of a code may be another code. Returns `None` for other text.
pub(crate) fn complete(text: &str) -> Option<Value> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let end = End::of(text)?;
    let complete = if end.is_escape { &text[..text.len() - 1] } else { text };
    let quote = if end.in_string { "\"" } else { "" };
    let closed = || {
        let is_partial = match end.in_string {
            true => end.last_key(text).to_ascii_lowercase().contains("code"),
            false => !text.trim_end().ends_with(['{', '[', '}', ']', '"']),
        };
        (!is_partial).then(|| format!("{complete}{quote}{}", end.brackets))
    };
    let without_last = || {
        let text = &text[..end.last_start?];
        serde_json::from_str(&format!("{text}{}", End::of(text)?.brackets)).ok()
    };
    closed().and_then(|closed| serde_json::from_str(&closed).ok()).or_else(without_last)
}

/// The end of a text that breaks off.
struct End {
    /// The brackets that close it.
    brackets: String,
    in_string: bool,
    /// The text ends with the first character of an escape.
    is_escape: bool,
    /// The position of the comma in front of the last value, or behind the bracket in front of it.
    last_start: Option<usize>,
}

impl End {
    /// Returns `None` if more brackets are closed than opened.
    fn of(text: &str) -> Option<Self> {
        let mut open = Vec::new();
        let (mut in_string, mut is_escape, mut last_start) = (false, false, None);
        for (at, c) in text.char_indices() {
            match c {
                _ if is_escape => is_escape = false,
                '\\' if in_string => is_escape = true,
                '"' => in_string = !in_string,
                _ if in_string => {}
                '{' | '[' => {
                    open.push(if c == '{' { '}' } else { ']' });
                    last_start = Some(at + 1);
                }
                '}' | ']' => drop(open.pop()?),
                ',' => last_start = Some(at),
                _ => {}
            }
        }
        Some(Self { brackets: open.iter().rev().collect(), in_string, is_escape, last_start })
    }

    /// Returns the key of the last value; empty for an element of an array.
    fn last_key<'a>(&self, text: &'a str) -> &'a str {
        let member =
            text[self.last_start.unwrap_or_default()..].trim_start_matches(',').trim_start();
        let key = member.strip_prefix('"').and_then(|key| key.split_once('"'));
        key.filter(|(_, value)| value.trim_start().starts_with(':')).map_or("", |(key, _)| key)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn incomplete_json_is_read_up_to_its_end() {
        for (text, expected) in [
            (
                r#"{"code":"1","description":"cut o"#,
                Some(json!({"code": "1", "description": "cut o"})),
            ),
            (
                r#"{"code":"1","description":"cut\"#,
                Some(json!({"code": "1", "description": "cut"})),
            ),
            (r#"{"code":"1","descr"#, Some(json!({"code": "1"}))),
            (r#"{"code":"1","description":"#, Some(json!({"code": "1"}))),
            (r#"{"code":"1","description""#, Some(json!({"code": "1"}))),
            (r#"{"code":"1","#, Some(json!({"code": "1"}))),
            (r#"{"code":"1","x":tru"#, Some(json!({"code": "1"}))),
            (r#"{"code":12"#, Some(json!({}))),
            (r#"{"code":"12"#, Some(json!({}))),
            (r#"{"description":"d", "errorCode" : "12"#, Some(json!({"description": "d"}))),
            (r#"{"code":"12""#, Some(json!({"code": "12"}))),
            (r#"["code 12"#, Some(json!(["code 12"]))),
            (
                r#"{"error":{"code":"1","details":[{"a":"b, {"#,
                Some(json!({"error": {"code": "1", "details": [{"a": "b, {"}]}})),
            ),
            (r#"[{"code":"1"},{"co"#, Some(json!([{"code": "1"}, {}]))),
            ("{", Some(json!({}))),
            (r#"{"co"#, Some(json!({}))),
            ("{}}", None),
            ("text", None),
        ] {
            assert_eq!(complete(text), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in r#"[{\["a,:\\\]}é]{0,20}"#) {
            let _ = complete(&text);
        }

        #[test]
        fn every_part_of_an_object_keeps_the_members_before_it(end in 12_usize..46) {
            let text = r#"{"code":"1","description":"x","data":["a",{}]}"#;
            let found = complete(&text[..end]);
            proptest::prop_assert_eq!(&found.unwrap()["code"], "1");
        }
    }
}
