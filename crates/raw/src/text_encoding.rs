//! The encoding of text in files and responses. Windows PowerShell writes UTF-16, and web filters answer in the encoding
//! of their language.

use std::borrow::Cow;

use bytes::Bytes;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use http::HeaderMap;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};

/// The number of bytes in which a document may declare its encoding.
const HEAD: usize = 1024;

/// Decodes text in UTF-8 or UTF-16, and removes its byte order mark. UTF-16 is recognized without a mark too, if the text
/// starts with ASCII. Returns `None` for other data.
///
/// ```
/// use partner_center_devices_raw::text_encoding::decode;
/// assert_eq!(decode(b"\xEF\xBB\xBFtext").unwrap(), "text");
/// assert_eq!(decode(b"\xFF\xFEt\0e\0x\0t\0").unwrap(), "text");
/// assert_eq!(decode(b"\xFFtext"), None);
/// ```
#[must_use]
pub fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let (encoding, mark) = match Encoding::for_bom(bytes) {
        Some(found) => found,
        None => (utf_16_without_mark(bytes).unwrap_or(UTF_8), 0),
    };
    encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..])
}

/// Recognizes UTF-16 by the zero bytes of its first two characters.
fn utf_16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [1..=0x7f, 0, 1..=0x7f, 0, ..] => Some(UTF_16LE),
        [0, 1..=0x7f, 0, 1..=0x7f, ..] => Some(UTF_16BE),
        _ => None,
    }
}

/// The longest body that is converted, in bytes. Responses of the service are UTF-8.
const MAX_CONVERTED: usize = 16 << 20;

/// Converts the body of a response to UTF-8 without a byte order mark, and corrects `Content-Type` if it names another
/// encoding. A body that is not text stays as it is, and so does a large body, whose text could need three times its size.
pub(crate) fn body_to_utf_8(headers: &mut HeaderMap, body: Bytes) -> Bytes {
    let Some((encoding, mark)) = encoding_of_body(headers, &body) else { return body };
    if encoding == UTF_8 {
        return body.slice(mark..);
    }
    if body.len() > MAX_CONVERTED {
        return body;
    }
    let (text, _) = encoding.decode_without_bom_handling(&body[mark..]);
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if let Some(content_type) = content_type {
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        if let Ok(value) = HeaderValue::try_from(format!("{media_type}; charset=utf-8")) {
            headers.insert(CONTENT_TYPE, value);
        }
    }
    headers.remove(CONTENT_LENGTH);
    text.into_owned().into()
}

/// Returns the encoding of a body and the length of its byte order mark; `None` if it stays as it is. The bytes are trusted
/// more than a declaration, because many servers declare an encoding that they do not use.
fn encoding_of_body(headers: &HeaderMap, body: &[u8]) -> Option<(&'static Encoding, usize)> {
    if let Some(found) = Encoding::for_bom(body) {
        return Some(found);
    }
    if let Some(encoding) = utf_16_without_mark(body) {
        return Some((encoding, 0));
    }
    let declared = declared_encoding(headers);
    if declared.is_none() && !body.trim_ascii_start().starts_with(b"<") {
        return None; // the usual response, whose bytes need not be looked at
    }
    let has_escapes = || memchr::memchr(0x1b, body).is_some();
    if std::str::from_utf8(body).is_ok() && !has_escapes() {
        return None;
    }
    let encoding = declared.or_else(|| encoding_in(&body[..body.len().min(HEAD)]))?;
    (encoding != UTF_8).then_some((encoding, 0))
}

/// Returns the encoding in `Content-Type`, if it is not UTF-8.
fn declared_encoding(headers: &HeaderMap) -> Option<&'static Encoding> {
    let content_type = headers.get(CONTENT_TYPE)?.as_bytes();
    encoding_in(content_type).filter(|encoding| *encoding != UTF_8)
}

/// Returns the encoding that `charset=` of a header or a page declares, or `encoding=` of an XML document.
fn encoding_in(text: &[u8]) -> Option<&'static Encoding> {
    let text = String::from_utf8_lossy(text).to_ascii_lowercase();
    let after = ["charset", "encoding"].iter().find_map(|name| {
        let ends = text.match_indices(name).map(|(at, name)| at + name.len());
        ends.filter_map(|end| text[end..].trim_start().strip_prefix('=')).next()
    })?;
    let label = after.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\''));
    let is_end =
        |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '>' | '?' | '/' | ',');
    Encoding::for_label(label.split(is_end).next()?.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf_16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    #[test]
    fn text_is_utf_8_or_utf_16() {
        for text in ["", "a", "a-é", "-----BEGIN CERTIFICATE-----\r\n"] {
            let marked = format!("\u{feff}{text}");
            for bytes in [
                text.as_bytes().to_vec(),
                marked.as_bytes().to_vec(),
                utf_16(&marked, u16::to_le_bytes),
                utf_16(&marked, u16::to_be_bytes),
            ] {
                assert_eq!(decode(&bytes).as_deref(), Some(text), "{bytes:?}");
            }
            if text.len() > 2 {
                for to_bytes in [u16::to_le_bytes, u16::to_be_bytes] {
                    assert_eq!(decode(&utf_16(text, to_bytes)).as_deref(), Some(text));
                }
            }
        }
        for bytes in [&b"\xe9"[..], b"\xff\xfea", b"\xff\xfe\0\xd8", b"a\0b\0c"] {
            assert_eq!(decode(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn a_body_in_any_encoding_becomes_utf_8() {
        let words = r#"{"description":"Zugriff für Müller verweigert"}"#;
        let latin_1 = |text: &str| text.chars().map(|c| c as u8).collect::<Vec<u8>>();
        let page = "<html><meta charset=\"windows-1252\"><title>Geschützt</title>";
        let marked = format!("\u{feff}{words}");
        for (content_type, body, expected) in [
            ("application/json", words.as_bytes().to_vec(), words),
            ("application/json", marked.as_bytes().to_vec(), words),
            ("application/json; charset=utf-16", utf_16(&marked, u16::to_le_bytes), words),
            ("application/json", utf_16(&marked, u16::to_be_bytes), words),
            ("application/json", utf_16(words, u16::to_le_bytes), words),
            ("application/json; charset=iso-8859-1", latin_1(words), words),
            ("application/json; Charset = \"ISO-8859-1\"; x=y", latin_1(words), words),
            // The declarations are wrong.
            ("application/json; charset=iso-8859-1", words.as_bytes().to_vec(), words),
            ("application/json; charset=utf-16", words.as_bytes().to_vec(), words),
            ("text/html", latin_1(page), page),
            ("text/plain; charset=shift_jis", b"\x83A\x83N\x83Z\x83X".to_vec(), "アクセス"),
            ("text/plain; charset=iso-2022-jp", b"\x1b$B%\"%/%;%9\x1b(B".to_vec(), "アクセス"),
            (
                "text/xml",
                b"<?xml version='1.0' encoding='iso-8859-1'?><a>\xe9</a>".to_vec(),
                "<?xml version='1.0' encoding='iso-8859-1'?><a>é</a>",
            ),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, content_type.parse().unwrap());
            let is_utf_8 = std::str::from_utf8(&body).is_ok_and(|text| text.contains(expected));
            let converted = body_to_utf_8(&mut headers, body.into());
            assert_eq!(String::from_utf8_lossy(&converted), expected, "{content_type}");
            let after = headers[CONTENT_TYPE].to_str().unwrap();
            assert!(is_utf_8 || after.ends_with("; charset=utf-8"), "{after}");
        }
        for (content_type, body) in [
            ("application/octet-stream", &b"\x80\xff"[..]),
            ("text/plain; charset=klingon", b"\xe9"),
            ("text/plain; charset=utf-8", b"\xe9"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, content_type.parse().unwrap());
            assert_eq!(body_to_utf_8(&mut headers, body.into()), body, "{content_type}");
            assert_eq!(headers[CONTENT_TYPE], content_type);
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..40)) {
            let _ = decode(&bytes);
            body_to_utf_8(&mut HeaderMap::new(), bytes.into());
        }
    }
}
