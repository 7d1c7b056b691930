//! Alterations of a response by a fault rule. Bodies are edited as text to keep the order of their members. This is
//! safe because the emulator writes them: a known key with its quotes and colon is always a key, because quotes inside
//! a string are escaped.

use std::io::Write as _;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderValue, LOCATION};
use http::{Response, StatusCode};
use serde_json::json;

use super::rule::DateFormat;

/// A change to a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Alteration {
    ByteOrderMark,
    JobLinkInBody,
    Gzip,
    BlankInAttributes,
    Dates(DateFormat),
    UnknownEnumValues,
    LocationHost(String),
}

const DATES: [&str; 7] = [
    "uploadedDate",
    "creationDate",
    "createdDate",
    "lastModifiedDate",
    "startedTime",
    "completedTime",
    "operationDate",
];
const ENUMS: [&str; 8] = [
    "status",
    "category",
    "key",
    "relationshipToPartner",
    "relationshipType",
    "operationType",
    "operationStatus",
    "resourceType",
];

/// An undocumented value.
const UNKNOWN: &str = "unheard_of";

/// Applies the alterations. The body is compressed last, because the others edit text.
pub(crate) fn alter_all(response: &mut Response<Bytes>, alterations: &[Alteration]) {
    for alteration in alterations {
        alter(response, alteration);
    }
    if alterations.contains(&Alteration::Gzip) && !response.body().is_empty() {
        let mut compressed = GzEncoder::new(Vec::new(), Compression::default());
        compressed.write_all(response.body()).expect("writing to memory never fails");
        let compressed = compressed.finish().expect("writing to memory never fails");
        *response.body_mut() = compressed.into();
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
}

/// Applies an alteration other than compression. A response without the part that it affects stays unchanged.
fn alter(response: &mut Response<Bytes>, alteration: &Alteration) {
    if *alteration == Alteration::JobLinkInBody {
        return add_job_link(response);
    }
    if let Alteration::LocationHost(host) = alteration {
        let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
        let url = location.map(|path| format!("https://{host}/v1{path}"));
        if let Some(url) = url.and_then(|url| HeaderValue::try_from(url).ok()) {
            response.headers_mut().insert(LOCATION, url);
        }
        return;
    }
    let Ok(body) = std::str::from_utf8(response.body()) else { return };
    if body.is_empty() {
        return;
    }
    let body = match alteration {
        Alteration::ByteOrderMark
            if response.status().is_success() && !body.starts_with('\u{feff}') =>
        {
            format!("\u{feff}{body}")
        }
        Alteration::ByteOrderMark => return,
        Alteration::BlankInAttributes => body.replacen(r#""attributes":"#, r#"" attributes":"#, 1),
        Alteration::Dates(style) => {
            replace_values(body, &DATES, |date| reformat_date(date, *style))
        }
        Alteration::UnknownEnumValues => {
            let body = replace_values(body, &ENUMS, |_| UNKNOWN.to_owned());
            let list = r#""policySettings":["#;
            let body = body.replace(list, &format!(r#"{list}"{UNKNOWN}","#));
            body.replace(&format!(r#"{list}"{UNKNOWN}",]"#), &format!(r#"{list}"{UNKNOWN}"]"#))
        }
        Alteration::JobLinkInBody | Alteration::Gzip | Alteration::LocationHost(_) => return,
    };
    *response.body_mut() = body.into();
}

/// Adds the link of the `Location` header as a body. The REST description mentions it and shows no example:
/// <https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/uploaded-customer-devices>.
fn add_job_link(response: &mut Response<Bytes>) {
    if response.status() != StatusCode::ACCEPTED || !response.body().is_empty() {
        return;
    }
    let Some(location) = response.headers().get(LOCATION).and_then(|value| value.to_str().ok())
    else {
        return;
    };
    let link = json!({ "uri": location, "method": "GET", "headers": [] });
    *response.body_mut() = link.to_string().into();
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, json);
}

/// Replaces the string values of the keys in a JSON text. The values must not contain escapes; dates and names of
/// enums do not.
fn replace_values(json: &str, keys: &[&str], replace: impl Fn(&str) -> String) -> String {
    let mut replaced = String::with_capacity(json.len());
    let mut rest = json;
    // Each `":"` ends a key and starts a string.
    while let Some(at) = rest.find(r#"":""#) {
        let (before, after) = rest.split_at(at);
        let after = &after[3..];
        let key = before.rsplit('"').next().unwrap_or_default();
        replaced.push_str(before);
        replaced.push_str(r#"":""#);
        rest = after;
        if keys.contains(&key)
            && let Some(end) = after.find('"')
        {
            replaced.push_str(&replace(&after[..end]));
            rest = &after[end..];
        }
    }
    replaced.push_str(rest);
    replaced
}

/// Returns a date in another format. All dates of the emulator are UTC, and their first 19 bytes are the same in every
/// format.
fn reformat_date(date: &str, style: DateFormat) -> String {
    let Some((seconds, rest)) = date.split_at_checked(19) else { return date.to_owned() };
    match style {
        DateFormat::Zoneless => seconds.to_owned(),
        DateFormat::Z => format!("{seconds}Z"),
        DateFormat::SevenDigits if rest.starts_with('.') => date.to_owned(),
        DateFormat::SevenDigits => format!("{seconds}.0000000+00:00"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alters_dates_enums_and_attributes() {
        let (short, long) = ("2017-07-25T10:00:00", "2017-08-09T21:43:26.0092288+00:00");
        let body = format!(
            r#"{{"name":"\"status\":\"x","status":"queued","startedTime":"{short}","uploadedDate":"{long}","#
        ) + r#""policies":[{"key":"o_o_b_e","value":null}],"policySettings":[],"more":{"policySettings":["skip_eula"]},"#
            + r#""attributes":{},"attributes":{}}"#;
        for (alteration, from, to) in [
            (Alteration::BlankInAttributes, r#""attributes":{},"#, r#"" attributes":{},"#),
            (Alteration::Dates(DateFormat::Zoneless), long, "2017-08-09T21:43:26"),
            (
                Alteration::Dates(DateFormat::SevenDigits),
                short,
                "2017-07-25T10:00:00.0000000+00:00",
            ),
        ] {
            let mut response = Response::new(Bytes::from(body.clone()));
            alter(&mut response, &alteration);
            assert_eq!(response.body(), &body.replace(from, to), "{alteration:?}");
        }
        let altered = |alteration: Alteration| {
            let mut response = Response::new(Bytes::from(body.clone()));
            alter(&mut response, &alteration);
            String::from_utf8(response.body().to_vec()).unwrap()
        };
        let z = altered(Alteration::Dates(DateFormat::Z));
        assert_eq!(
            z,
            body.replace(short, "2017-07-25T10:00:00Z").replace(long, "2017-08-09T21:43:26Z")
        );
        assert_eq!(altered(Alteration::ByteOrderMark), format!("\u{feff}{body}"));
        let mut response = Response::new(Bytes::from(body.clone()));
        for _ in 0..2 {
            alter(&mut response, &Alteration::ByteOrderMark);
        }
        assert_eq!(response.body(), &format!("\u{feff}{body}"), "two rules add one mark");
        assert_eq!(
            altered(Alteration::UnknownEnumValues),
            body.replace("queued", UNKNOWN)
                .replace("o_o_b_e", UNKNOWN)
                .replace("\"skip_eula", "\"unheard_of\",\"skip_eula")
                .replace("[]", "[\"unheard_of\"]")
        );
    }

    #[test]
    fn leaves_responses_without_the_altered_part_unchanged() {
        for alteration in [
            Alteration::ByteOrderMark,
            Alteration::BlankInAttributes,
            Alteration::Dates(DateFormat::Z),
            Alteration::UnknownEnumValues,
            Alteration::LocationHost("elsewhere.example".to_owned()),
        ] {
            let mut response = Response::new(Bytes::new());
            alter(&mut response, &alteration);
            assert!(response.body().is_empty() && response.headers().is_empty(), "{alteration:?}");
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
