//! Character references of XML and HTML, such as `&amp;` and `&#43;`.

use std::borrow::Cow;

/// Decodes the character references of a text: those of XML, the most frequent ones of HTML, and all numbers.
#[must_use]
pub fn decode_references(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return text.into();
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        decoded.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.bytes().take(MAX_REFERENCE).position(|byte| byte == b';');
        let found = end.and_then(|end| Some((end, referenced(&rest[1..end])?)));
        let (length, character) = found.map_or((1, '&'), |(end, found)| (end + 1, found));
        decoded.push(character);
        rest = &rest[length..];
    }
    decoded.push_str(rest);
    decoded.into()
}

/// The maximum length of a character reference in bytes.
const MAX_REFERENCE: usize = 12;

/// Returns the character of a reference without its `&` and `;`.
pub(crate) fn referenced(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => number.parse(),
        };
        return match code.ok().and_then(char::from_u32)? {
            '\u{a0}' => Some(' '),
            character => Some(character),
        };
    }
    Some(match name {
        "nbsp" => ' ',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "amp" => '&',
        "ndash" => '–',
        "mdash" => '—',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_decoded_once() {
        for (text, expected) in [
            ("a & b", "a & b"),
            ("&lt;&gt;&quot;&apos;x&#39;&#x27;&amp;", "<>\"'x'\u{27}&"),
            ("&amp;lt; &amp;#60;", "&lt; &#60;"),
            ("Gesch&#252;tzt&nbsp;&#160;&#8211;&ndash;&mdash;", "Geschützt  ––—"),
            ("&x; &#x110000; &#xd800; &; &#; &amp", "&x; &#x110000; &#xd800; &; &#; &amp"),
            ("&é;&ééééééééééééé;", "&é;&ééééééééééééé;"),
        ] {
            assert_eq!(decode_references(text), expected, "{text}");
        }
    }
}
