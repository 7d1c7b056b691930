//! Decides how an answer looks that a rule makes odd. Bodies are changed as text, so that the order of their
//! members stays: they are the emulator's own JSON, in which a known key with its quotes and colon is nothing
//! else, because a quote within a text is escaped.

use bytes::Bytes;
use http::Response;
use http::header::{HeaderValue, LOCATION};

use super::rule::DateStyle;

/// An odd form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Alteration {
    ByteOrderMark,
    BlankInAttributes,
    Dates(DateStyle),
    UnknownEnumValues,
    LocationHost(String),
}

const DATES: [&str; 6] = [
    "uploadedDate",
    "creationDate",
    "createdDate",
    "lastModifiedDate",
    "startedTime",
    "completedTime",
];
const ENUMS: [&str; 3] = ["status", "category", "key"];

/// A value that no document names.
const UNKNOWN: &str = "unheard_of";

/// Gives an answer its odd form. An answer without what the alteration is about stays as it is.
pub(crate) fn alter(answer: &mut Response<Bytes>, alteration: &Alteration) {
    if let Alteration::LocationHost(host) = alteration {
        let location = answer.headers().get(LOCATION).and_then(|value| value.to_str().ok());
        let wrong = location.map(|path| format!("https://{host}/v1{path}"));
        if let Some(wrong) = wrong.and_then(|wrong| HeaderValue::try_from(wrong).ok()) {
            answer.headers_mut().insert(LOCATION, wrong);
        }
        return;
    }
    let Ok(body) = std::str::from_utf8(answer.body()) else { return };
    if body.is_empty() {
        return;
    }
    let body = match alteration {
        Alteration::ByteOrderMark => format!("\u{feff}{body}"),
        Alteration::BlankInAttributes => body.replacen(r#""attributes":"#, r#"" attributes":"#, 1),
        Alteration::Dates(style) => values(body, &DATES, |date| dated(date, *style)),
        Alteration::UnknownEnumValues => {
            let body = values(body, &ENUMS, |_| UNKNOWN.to_owned());
            let list = r#""policySettings":["#;
            let body = body.replace(list, &format!(r#"{list}"{UNKNOWN}","#));
            body.replace(&format!(r#"{list}"{UNKNOWN}",]"#), &format!(r#"{list}"{UNKNOWN}"]"#))
        }
        Alteration::LocationHost(_) => return,
    };
    *answer.body_mut() = body.into();
}

/// The JSON text with other values in the place of those texts that have one of the keys. The values must
/// have nothing escaped, as dates and names of enums do.
fn values(json: &str, keys: &[&str], change: impl Fn(&str) -> String) -> String {
    let mut changed = String::with_capacity(json.len());
    let mut rest = json;
    // Each `":"` ends a key and begins a text.
    while let Some(at) = rest.find(r#"":""#) {
        let (before, after) = rest.split_at(at);
        let after = &after[3..];
        let key = before.rsplit('"').next().unwrap_or_default();
        changed.push_str(before);
        changed.push_str(r#"":""#);
        rest = after;
        if keys.contains(&key)
            && let Some(end) = after.find('"')
        {
            changed.push_str(&change(&after[..end]));
            rest = &after[end..];
        }
    }
    changed.push_str(rest);
    changed
}

/// A date in another form. The emulator's are all UTC, and the first 19 bytes of each are those of the others.
fn dated(date: &str, style: DateStyle) -> String {
    let Some((seconds, rest)) = date.split_at_checked(19) else { return date.to_owned() };
    match style {
        DateStyle::Zoneless => seconds.to_owned(),
        DateStyle::Z => format!("{seconds}Z"),
        DateStyle::SevenDigits if rest.starts_with('.') => date.to_owned(),
        DateStyle::SevenDigits => format!("{seconds}.0000000+00:00"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_made_odd() {
        let (short, long) = ("2017-07-25T10:00:00", "2017-08-09T21:43:26.0092288+00:00");
        let body = format!(
            r#"{{"name":"\"status\":\"x","status":"queued","startedTime":"{short}","uploadedDate":"{long}","#
        ) + r#""policies":[{"key":"o_o_b_e","value":null}],"policySettings":[],"more":{"policySettings":["skip_eula"]},"#
            + r#""attributes":{},"attributes":{}}"#;
        for (alteration, from, to) in [
            (Alteration::BlankInAttributes, r#""attributes":{},"#, r#"" attributes":{},"#),
            (Alteration::Dates(DateStyle::Zoneless), long, "2017-08-09T21:43:26"),
            (Alteration::Dates(DateStyle::SevenDigits), short, "2017-07-25T10:00:00.0000000+00:00"),
        ] {
            let mut answer = Response::new(Bytes::from(body.clone()));
            alter(&mut answer, &alteration);
            assert_eq!(answer.body(), &body.replace(from, to), "{alteration:?}");
        }
        let spoiled = |alteration: Alteration| {
            let mut answer = Response::new(Bytes::from(body.clone()));
            alter(&mut answer, &alteration);
            String::from_utf8(answer.body().to_vec()).unwrap()
        };
        let z = spoiled(Alteration::Dates(DateStyle::Z));
        assert_eq!(
            z,
            body.replace(short, "2017-07-25T10:00:00Z").replace(long, "2017-08-09T21:43:26Z")
        );
        assert_eq!(spoiled(Alteration::ByteOrderMark), format!("\u{feff}{body}"));
        assert_eq!(
            spoiled(Alteration::UnknownEnumValues),
            body.replace("queued", UNKNOWN)
                .replace("o_o_b_e", UNKNOWN)
                .replace("\"skip_eula", "\"unheard_of\",\"skip_eula")
                .replace("[]", "[\"unheard_of\"]")
        );
    }

    #[test]
    fn what_is_not_there_is_not_changed() {
        for alteration in [
            Alteration::ByteOrderMark,
            Alteration::BlankInAttributes,
            Alteration::Dates(DateStyle::Z),
            Alteration::UnknownEnumValues,
            Alteration::LocationHost("elsewhere.example".to_owned()),
        ] {
            let mut answer = Response::new(Bytes::new());
            alter(&mut answer, &alteration);
            assert!(answer.body().is_empty() && answer.headers().is_empty(), "{alteration:?}");
        }
        let mut accepted = Response::new(Bytes::new());
        let job = HeaderValue::from_static("/customers/c/batchJobStatus/t");
        accepted.headers_mut().insert(LOCATION, job);
        alter(&mut accepted, &Alteration::LocationHost("elsewhere.example:8080".to_owned()));
        assert_eq!(
            accepted.headers()[LOCATION],
            "https://elsewhere.example:8080/v1/customers/c/batchJobStatus/t"
        );
    }
}
