//! Every documented exchange with the typed client: the request has the documented method, path, headers and identifying
//! fields, the response decodes, and a snapshot contains both. Each file in spec/examples is a test.
#![allow(clippy::unwrap_used)]

mod call;

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use insta::assert_snapshot;
use partner_center_devices::raw::Operation;
use partner_center_devices::{Client, Retry};
use partner_center_devices_testkit::{self as examples, Example};

fn client(base_url: &str, example: &Example) -> Client {
    examples::trace();
    let token = example.request.header("Authorization").unwrap().strip_prefix("Bearer ").unwrap();
    let mut builder =
        Client::builder().base_url(base_url).token(token.to_owned()).retry(Retry::never());
    if let Some(application) = example.request.header("MS-PartnerCenter-Application") {
        builder = builder.application(application);
    }
    builder.build().unwrap()
}

/// Headers that this client sends in addition to the documented ones.
const ADDITIONAL: [&str; 8] = [
    "accept",
    "authorization",
    "content-length",
    "host",
    "ms-correlationid",
    "ms-requestid",
    "user-agent",
    "x-locale",
];

/// Parts of documented targets that this client sends in another form: the example, the documented part and the sent one.
const OTHER_TARGETS: [(&str, &str, &str); 1] = [(
    "list-audit-records",
    "startDate=6/1/2017%2012:00:00%20AM", // the table on the page requires yyyy-mm-dd
    "startDate=2017-06-01&endDate=2017-06-27",
)];

#[tokio::test]
async fn every_example_is_sent_and_read_as_documented() {
    examples::each(exchange).await;
}

async fn exchange(example: Example) {
    let server = examples::serve(&example).await;
    let decoded = call::call(&client(&server.uri(), &example), &example).await;

    let sent = &server.received_requests().await.unwrap()[0];
    assert_eq!(sent.method.as_str(), example.request.method);
    let target = sent
        .url
        .query()
        .map_or_else(|| sent.url.path().to_owned(), |query| format!("{}?{query}", sent.url.path()));
    let mut documented = example.request.target.clone();
    for (_, part, sent) in OTHER_TARGETS.iter().filter(|(name, ..)| *name == example.name) {
        documented = documented.replace(part, sent);
    }
    assert!(examples::same_path(&documented, &target), "{target}");
    for (header, value) in example.request.sent_headers() {
        let sent_value = sent.headers.get(&header).map(|v| v.to_str().unwrap());
        let same = match header.as_str() {
            "content-type" => sent_value.is_some_and(|sent_value| value.starts_with(sent_value)),
            // The names of other clients are not part of the contract.
            "ms-partnercenter-client" | "ms-sdkversion" => true,
            _ => sent_value == Some(value),
        };
        assert!(same, "{header} is {sent_value:?}, documented is {value:?}");
    }
    for header in sent.headers.keys() {
        let known = example.request.header(header.as_str()).is_some()
            || ADDITIONAL.contains(&header.as_str());
        assert!(known, "{header} was sent and is not documented");
    }
    for header in ["ms-requestid", "ms-correlationid", "x-locale", "user-agent"] {
        assert!(sent.headers.contains_key(header), "{header} was not sent");
    }
    let body: Option<serde_json::Value> =
        (!sent.body.is_empty()).then(|| serde_json::from_slice(&sent.body).unwrap());
    let documented = example.request.json().map(|json| examples::identification(&json));
    assert_eq!(body, documented, "exactly the identifying fields, without nulls and empty lists");

    let body = body.map_or_else(String::new, |body| serde_json::to_string_pretty(&body).unwrap());
    let snapshot =
        format!("{} {target}\n{body}\n\n{} ->\n{decoded}\n", sent.method, example.response.status);
    assert_snapshot!(format!("client-{}", example.name), snapshot);
}

/// Truncates each body at every byte, and replaces each value by every other kind of value. The call returns a value,
/// or an error that names the operation.
#[tokio::test]
async fn a_damaged_response_is_a_value_or_a_clear_error() {
    for example in examples::all() {
        let mut errors = 0;
        let current = Arc::new(Mutex::new(Bytes::new()));
        let body = Arc::clone(&current);
        let (status, headers) = (example.response.status, example.response.headers.clone());
        let service = move |_: http::Request<Bytes>| {
            let mut response = http::Response::builder().status(status);
            for (name, value) in &headers {
                response = response.header(name, value);
            }
            response.body(body.lock().unwrap().clone()).unwrap()
        };
        // A throttle would delay the next call. With this deadline it fails instead.
        let retry = Retry::never().deadline(std::time::Duration::from_secs(10));
        let client = Client::builder().in_process(service).retry(retry).build().unwrap();
        for bytes in examples::broken(&example.response.bytes()) {
            *current.lock().unwrap() = bytes.into();
            let decoded = call::call(&client, &example).await;
            if let Some(error) = decoded.strip_prefix("error: ") {
                let summary = Operation::from_id(&example.operation).unwrap().summary();
                let (_, object) = summary.split_once(' ').unwrap();
                let names_it = error.starts_with("cannot ") && error.contains(object);
                assert!(names_it, "{}: {error}", example.name);
                errors += 1;
            }
        }
        let has_json = example.response.status < 300 && example.response.body.is_some();
        assert!(!has_json || errors > 0, "{}: no damaged body was detected", example.name);
    }
}
