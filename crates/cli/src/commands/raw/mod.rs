//! `pcdevices raw`: sends any request to the API and prints the response, also that of a
//! failed request. Hardware hashes, tokens and
//! other words of more than 48 characters are shortened; the rest is printed as received, and indented on a terminal.

pub(crate) mod args;

use std::fmt::Write as _;
use std::io;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use partner_center_devices::ErrorKind;
use partner_center_devices::raw::{printable, redact, text_encoding};
use serde::de::IgnoredAny;

use crate::args::Global;
use crate::bounded_file;
use crate::errors::{CommandError, Exit, RETRY_READ};
use crate::settings::session::Session;
use crate::ui::output::Ui;
use crate::ui::style::BOLD;
use crate::ui::terminal_text::is_stdout_terminal;

/// The placeholder for the customer's id in a path.
const CUSTOMER: &str = "{customer}";

/// The largest body that is printed, in bytes. Redaction and indentation need several copies.
const MAX_PRINTED: usize = 16 << 20;

pub(crate) async fn run(ui: Ui, global: &Global, args: args::Raw) -> Result<Exit, CommandError> {
    let data = args.data.as_deref().map(data).transpose()?;
    let session = Session::open(ui, global, &args.service)?;
    let is_read = args.method.is_safe();
    let path = if args.path.contains(CUSTOMER) {
        let Some(name) = &args.customer else {
            let message = format!("no customer given for the {CUSTOMER} in the path");
            return Err(CommandError::new(Exit::Usage, message).hint("add --customer"));
        };
        let customer = session.customer(name).await?.id().clone();
        if !is_read {
            session.announce(std::slice::from_ref(&customer)).await?;
        }
        args.path.replace(CUSTOMER, customer.as_str())
    } else {
        args.path
    };
    let error = match session.client.request(args.method, &path, data).await {
        Ok(response) => {
            if args.include {
                ui.notice(&head(response.status(), response.headers()));
            }
            if response.body().len() > MAX_PRINTED {
                let (length, limit) = (response.body().len() >> 20, MAX_PRINTED >> 20);
                let message = format!(
                    "the response has {length} MiB, and at most {limit} MiB can be printed"
                );
                return Err(CommandError::new(Exit::Unavailable, message)
                    .hint("ask for a part, such as one page of a list"));
            }
            let body = String::from_utf8_lossy(response.body());
            print_body(ui, redact::body_text_with_people(&body))?;
            return Ok(Exit::Success);
        }
        Err(error) => error,
    };
    if let (true, Some(status), Some(headers)) = (args.include, error.status(), error.headers()) {
        ui.notice(&head(status, headers));
    }
    print_body(ui, error.body().unwrap_or_default().to_owned())?;
    let failure = CommandError::from(&error);
    Err(match error.kind() {
        ErrorKind::Interrupted if is_read => failure.replace_hint(error.hint(), RETRY_READ),
        _ => failure,
    })
}

/// Prints a redacted body.
fn print_body(ui: Ui, body: String) -> Result<(), CommandError> {
    let body = if is_stdout_terminal() { readable(&body) } else { body };
    let end = if body.is_empty() || body.ends_with('\n') { "" } else { "\n" };
    ui.print_document(&body)?;
    ui.print_document(end)
}

/// Reads the body of the request from an argument, a file or stdin. A body that is not JSON is rejected without being
/// quoted, because it may contain hardware hashes.
fn data(data: &str) -> Result<Bytes, CommandError> {
    let mut bytes = Vec::new();
    let place = match (data, data.strip_prefix('@')) {
        ("-", _) | (_, Some("-")) => {
            bytes = bounded_file::read_from(io::stdin().lock()).map_err(|error| {
                CommandError::new(Exit::InvalidFile, "cannot read the standard input")
                    .with_source(error)
            })?;
            "the standard input".to_owned()
        }
        (_, Some(file)) => {
            bytes = bounded_file::read(file.as_ref()).map_err(|error| {
                CommandError::new(Exit::InvalidFile, format!("cannot read {file}"))
                    .with_source(error)
            })?;
            file.to_owned()
        }
        _ => {
            bytes.extend(data.as_bytes());
            "--data".to_owned()
        }
    };
    let text = text_encoding::decode(&bytes); // Windows PowerShell writes UTF-16
    let json = text.as_deref().map_or(&*bytes, str::as_bytes);
    if let Err(error) = serde_json::from_slice::<IgnoredAny>(json) {
        let exit = if place == "--data" { Exit::Usage } else { Exit::InvalidFile };
        let (line, column) = (error.line(), error.column());
        let failure = CommandError::new(
            exit,
            format!("{place} is not JSON: error in line {line}, column {column}"),
        );
        return Err(match exit {
            Exit::Usage => failure
                .hint("to send the content of a file, put an @ before its name: --data @FILE"),
            _ => failure,
        });
    }
    Ok(Bytes::copy_from_slice(json))
}

/// Renders the status and the headers that help support.
fn head(status: StatusCode, headers: &HeaderMap) -> String {
    const SHOWN: [&str; 7] = [
        "Content-Type",
        "Location",
        "Retry-After",
        "MS-RequestId",
        "MS-CorrelationId",
        "MS-CV",
        "isMfaCompliant",
    ];
    let mut text = format!("{BOLD}{status}{BOLD:#}\n");
    for name in SHOWN {
        for value in headers.get_all(name) {
            let value = redact::header(&name.to_ascii_lowercase(), value.as_bytes());
            let _ = writeln!(text, "{name}: {}", printable::line(&value));
        }
    }
    text
}

/// A piece of a text that may be JSON.
enum Piece<'a> {
    Between(&'a str),
    /// A string with its quotation marks, as written.
    Literal(&'a str),
}

/// Splits a text into strings and what is between them. A string without an end is not a string.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('"') {
        let mut escaped = false;
        let end = rest[start + 1..].find(|c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        let Some(end) = end.map(|end| start + 1 + end + 1) else { break };
        pieces.push(Piece::Between(&rest[..start]));
        pieces.push(Piece::Literal(&rest[start..end]));
        rest = &rest[end..];
    }
    pieces.push(Piece::Between(rest));
    pieces
}

/// Makes a body readable on a terminal: JSON is indented, and hidden characters are escaped or replaced.
fn readable(body: &str) -> String {
    let text = body.trim_start_matches('\u{feff}');
    if serde_json::from_str::<IgnoredAny>(text).is_ok() {
        printable::json(&indented(text)).into_owned()
    } else {
        printable::lines(text).into_owned()
    }
}

/// Indents JSON without changing the order of its properties. Other text is unchanged.
fn indented(text: &str) -> String {
    if serde_json::from_str::<IgnoredAny>(text).is_err() {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len() * 2);
    let mut depth = 0_usize;
    let mut is_empty = false; // an object or an array was just opened
    let new_line = |shown: &mut String, depth: usize| {
        shown.push('\n');
        shown.extend(std::iter::repeat_n("  ", depth));
    };
    for piece in pieces(text) {
        let between = match piece {
            Piece::Literal(literal) => {
                if std::mem::take(&mut is_empty) {
                    new_line(&mut shown, depth);
                }
                shown += literal;
                continue;
            }
            Piece::Between(between) => between,
        };
        for letter in between.chars().filter(|letter| !letter.is_whitespace()) {
            let ends = matches!(letter, '}' | ']');
            depth -= usize::from(ends && depth > 0);
            if (std::mem::take(&mut is_empty) && !ends) || (ends && !shown.ends_with(['{', '['])) {
                new_line(&mut shown, depth);
            }
            shown.push(letter);
            match letter {
                '{' | '[' => {
                    depth += 1;
                    is_empty = true;
                }
                ',' => new_line(&mut shown, depth),
                ':' => shown.push(' '),
                _ => {}
            }
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hardware_hashes_are_shortened() {
        let hash = format!("T0HzAQEAHAAAAAoA{}", "AAAA/+".repeat(600));
        let escaped = hash.replace('/', "\\/").replace('+', "\\u002B");
        for body in [
            format!(r#"{{"a": 1.0, "hardwareHash" : "{hash}","b":"c"}}"#),
            format!(r#"{{" HardwareHash":"{escaped}"}}"#),
            format!(r#"{{"description":"invalid: {hash}."}}"#),
            format!(r#"["{hash}"]"#),
            format!("<p>{hash}</p>"),
            format!(r#"{{"broken": "{hash}"#),
        ] {
            let shown = redact::body_text(&body);
            assert!(shown.contains("T0HzAQ…(") && !shown.contains("T0HzAQE"), "{shown}");
            assert!(shown.len() < 100, "{shown}");
        }
        let short = r#"{"hardwareHash":"DummyHash123","x":"DummyHash123"}"#;
        assert_eq!(
            redact::body_text(short),
            r#"{"hardwareHash":"…(12 characters)","x":"DummyHash123"}"#
        );
        let token = format!("{{\"token\":\"eyJ0eXAi.{}\"}}", "x1_-".repeat(20));
        assert_eq!(redact::body_text(&token), r#"{"token":"eyJ0eX…(89 characters)"}"#);
    }

    #[test]
    fn other_text_is_unchanged() {
        for body in [
            "",
            "no JSON, \"not even\" in \"parts",
            r#"{ "b" : 1.50, "a":"\u00fc \" \\","hardwareHash":null,"c":{"hardwareHash":""}}"#,
            r#"{"links":{"next":{"uri":"/customers/c/devices?token=QWxsIHlvdXI%3D"}}}"#,
            "[1,\n 2]\n",
        ] {
            assert_eq!(redact::body_text(body), body);
        }
    }

    #[test]
    fn json_is_indented_and_keeps_its_order() {
        for (body, shown) in [
            ("", ""),
            ("no {JSON}", "no {JSON}"),
            ("[]", "[]"),
            (r#"{"b":[],"a":{}}"#, "{\n  \"b\": [],\n  \"a\": {}\n}"),
            (r#"[1.50,"a,]{",[true]]"#, "[\n  1.50,\n  \"a,]{\",\n  [\n    true\n  ]\n]"),
            ("{\n \"a\" : \"\\\"\"\n}", "{\n  \"a\": \"\\\"\"\n}"),
            ("[{}, {\"a\": [null]}]", "[\n  {},\n  {\n    \"a\": [\n      null\n    ]\n  }\n]"),
        ] {
            assert_eq!(indented(body), shown, "{body}");
            let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
            assert_eq!(json(shown), json(body));
        }
    }

    #[test]
    fn hidden_characters_of_a_body_do_not_reach_a_terminal() {
        for (body, shown) in [
            ("\u{feff}{\"a\":\"\u{202e}x\u{9b}\"}", "{\n  \"a\": \"\\u202ex\\u009b\"\n}"),
            ("\u{1b}]0;title\u{7}\r\n<b>\u{0}", "\u{fffd}]0;title\u{fffd}\n<b>\u{fffd}"),
        ] {
            assert_eq!(readable(body), shown);
        }
    }

    #[test]
    fn data_must_be_json_and_is_not_quoted() {
        assert_eq!(data("{\"a\": 1}").unwrap(), Bytes::from_static(b"{\"a\": 1}"));
        let failure = data("{\"secret\": planted}").unwrap_err();
        assert_eq!(failure.exit, Exit::Usage);
        assert!(!failure.to_string().contains("planted"), "{failure}");
        assert_eq!(data("@/no/such").unwrap_err().exit, Exit::InvalidFile);
    }
}
