//! Recognizes web pages among response bodies. Proxies, web filters and the sign-in pages of networks send them
//! instead of the response of the service.

use memchr::memmem;

pub use crate::character_references::decode_references;
use crate::redact;

/// The number of bytes in which the start of a page and its title are looked for.
pub(crate) const HEAD: usize = 64 << 10;

/// Returns true if the body is a web page.
#[must_use]
pub fn is_page(body: &[u8]) -> bool {
    let start = visible_start(body);
    let starts = |tag: &[u8]| {
        start.get(..tag.len()).is_some_and(|found| found.eq_ignore_ascii_case(tag))
            && !start.get(tag.len()).is_some_and(u8::is_ascii_alphanumeric)
    };
    let tags = [
        "<!doctype html",
        "<html",
        "<head",
        "<body",
        "<title",
        "<meta",
        "<script",
        "<style",
        "<link",
        "<noscript",
        "<frameset",
        "<iframe",
        "<center",
        "<div",
        "<form",
        "<table",
        "<p",
        "<h1",
        "<h2",
        "<h3",
        "<br",
        "<font",
        "<img",
        "<span",
        "<strong",
    ];
    // Pages may start with a comment or an XML declaration.
    let is_later = starts(b"<!--") || starts(b"<?xml") || starts(b"<!doctype");
    tags.iter().any(|tag| starts(tag.as_bytes()))
        || is_later && memmem::find(&lowercase(start), b"<html").is_some()
}

/// Returns the title of a web page, or else its first heading. The text is redacted and fits in one line.
#[must_use]
pub fn title(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(&body[..body.len().min(HEAD)]);
    // The offsets stay the same, because only ASCII letters change.
    let lower = text.to_ascii_lowercase();
    ["<title", "<h1", "<h2"].iter().find_map(|tag| {
        let ends = lower.match_indices(tag).map(|(at, tag)| at + tag.len());
        ends.filter(|at| !lower[*at..].starts_with(|c: char| c.is_alphanumeric())).find_map(|at| {
            let start = at + lower[at..].find('>')? + 1;
            let end = lower[start..].find("</").map_or(lower.len(), |end| start + end);
            let words = decode_references(&text[start..end]);
            let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
            let line: String = redact::message(&words).chars().take(MAX_TITLE).collect();
            (!line.trim().is_empty()).then_some(line)
        })
    })
}

/// The maximum length of a title in characters.
const MAX_TITLE: usize = 120;

/// Describes a web page with its title: `a web page, "Access denied"`.
#[must_use]
pub fn describe(body: &[u8]) -> String {
    match title(body) {
        Some(title) => format!("a web page, \"{title}\""),
        None => "a web page".to_owned(),
    }
}

/// Returns the body from its first visible byte on: without a byte order mark, and without white space in front.
pub(crate) fn visible_start(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body).trim_ascii_start()
}

fn lowercase(body: &[u8]) -> Vec<u8> {
    body[..body.len().min(HEAD)].to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_described_with_their_titles() {
        for (body, expected) in [
            ("<html><head><title>Blocked</title></head></html>", "a web page, \"Blocked\""),
            ("<!DOCTYPE html>\n<TITLE>502 Bad\nGateway</TITLE>", "a web page, \"502 Bad Gateway\""),
            ("<!-- x --><html><title lang=\"en\">A &amp; B</title>", "a web page, \"A & B\""),
            ("\u{FEFF} <html><title></title><h1 class=x>Sign in</h1>", "a web page, \"Sign in\""),
            ("<html><title>\u{1b}[31mred</title>", "a web page, \"\u{fffd}[31mred\""),
            (
                "<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"x\"><html><title>X</title>",
                "a web page, \"X\"",
            ),
            ("<html><titlebar>no</titlebar></html>", "a web page"),
            ("<html><title>cut off", "a web page, \"cut off\""),
            ("<head><meta http-equiv=refresh></head>", "a web page"),
            ("<style>p{}</style><h2>Blocked</h2>", "a web page, \"Blocked\""),
            ("<div class=x><p>Access denied</p></div>", "a web page"),
            ("<form action=/login>", "a web page"),
            ("<iframe src=/block>", "a web page"),
        ] {
            assert!(is_page(body.as_bytes()), "{body}");
            assert_eq!(describe(body.as_bytes()), expected, "{body}");
        }
        for body in [
            "",
            "{}",
            "<",
            "<Error/>",
            "<policies/>",
            "<batch/>",
            "<?xml version=\"1.0\"?><Error/>",
            "<html5x>",
            "text",
        ] {
            assert!(!is_page(body.as_bytes()), "{body}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_body_panics_or_has_a_long_title(body in "(<[a-z0-9]{0,6}>|title|é|&|;|[^a]){0,40}") {
            let _ = is_page(body.as_bytes());
            let title = title(format!("<title>{body}").as_bytes()).unwrap_or_default();
            assert!(title.chars().count() <= MAX_TITLE);
        }
    }
}
