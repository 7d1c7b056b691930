//! The texts of a small XML document, such as an error in the format of SOAP. A whole XML parser is not necessary: the
//! document is only shown to people, and may be broken.

use partner_center_devices_raw::web_page::decode_references;

/// The number of texts that are read.
const MAX_LEAVES: usize = 64;

/// Returns the elements that contain only text, with their names without prefix. Empty elements are left out.
pub(super) fn leaves(xml: &str) -> Vec<(String, String)> {
    let mut leaves = Vec::new();
    let mut rest = xml;
    let mut open: Option<&str> = None;
    let mut text = String::new();
    while let Some(start) = rest.find('<') {
        text += &decode_references(&rest[..start]);
        rest = &rest[start..];
        if let Some(data) = rest.strip_prefix("<![CDATA[") {
            let end = data.find("]]>").unwrap_or(data.len());
            text += &data[..end];
            rest = data.get(end + 3..).unwrap_or_default();
            continue;
        }
        if let Some(comment) = rest.strip_prefix("<!--") {
            let end = comment.find("-->").unwrap_or(comment.len());
            rest = comment.get(end + 3..).unwrap_or_default();
            continue;
        }
        let Some(end) = rest.find('>') else { break };
        let tag = &rest[1..end];
        rest = &rest[end + 1..];
        if tag.starts_with(['!', '?']) {
            continue;
        }
        if tag.starts_with('/') {
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            if let Some(name) = open.take()
                && !words.is_empty()
                && leaves.len() < MAX_LEAVES
            {
                leaves.push((name.to_owned(), words));
            }
        } else {
            open = (!tag.ends_with('/')).then(|| local_name(tag));
        }
        text.clear();
    }
    leaves
}

/// Returns the attributes of all elements, with their names without prefix. Empty ones are left out.
pub(super) fn attributes(xml: &str) -> Vec<(String, String)> {
    let tags = xml.split('<').skip(1).filter(|tag| !tag.starts_with(['!', '?', '/']));
    let pairs = tags.flat_map(|tag| {
        let mut rest = tag.split_once(char::is_whitespace).map_or("", |(_, rest)| rest);
        std::iter::from_fn(move || {
            let (name, after) = rest.split_once('=').filter(|(name, _)| !name.contains('>'))?;
            let quote = after.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
            let (value, next) = after[1..].split_once(quote)?;
            rest = next;
            Some((local_name(name.trim()).to_owned(), decode_references(value).trim().to_owned()))
        })
    });
    pairs.filter(|(_, value)| !value.is_empty()).take(MAX_LEAVES).collect()
}

/// Returns the name of an element without its prefix and its attributes.
fn local_name(tag: &str) -> &str {
    let name = tag.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
    name.rsplit(':').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_attributes() {
        for (xml, expected) in [
            (
                "<error code=\"20002\" p:message='A &amp; B' x=\"\"/>",
                &[("code", "20002"), ("message", "A & B")][..],
            ),
            (
                "<?xml version=\"1.0\"?><a b=\"1\"><c d='2'>x=\"y\"</c></a>",
                &[("b", "1"), ("d", "2")],
            ),
            ("<a b=c><d e=\"cut", &[]),
            ("text", &[]),
        ] {
            let found = attributes(xml);
            let found: Vec<_> = found.iter().map(|(key, value)| (&**key, &**value)).collect();
            assert_eq!(found, expected, "{xml}");
        }
    }

    #[test]
    fn finds_the_elements_with_text() {
        for (xml, expected) in [
            ("<a><b>x</b><c/> <d>\n y\n z </d></a>", "b=x d=y z"),
            ("<p:a q=\"1\">x &lt; &amp;amp;</p:a>", "a=x < &amp;"),
            ("<a><![CDATA[<b>]]></a>", "a=<b>"),
            ("<a><!-- <b>no</b> -->yes</a>", "a=yes"),
            ("<a>cut", ""),
            ("<a><b>x</b", ""),
        ] {
            let found: Vec<_> =
                leaves(xml).into_iter().map(|(name, text)| format!("{name}={text}")).collect();
            assert_eq!(found.join(" "), expected, "{xml}");
        }
    }
}
