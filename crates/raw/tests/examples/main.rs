//! Every documented exchange with the generated client: the request is the documented one, the response decodes, and a
//! snapshot contains both. Each file in spec/examples is a test.
#![allow(clippy::unwrap_used)]

mod call;

use insta::assert_snapshot;
use partner_center_devices_raw::{Client, Direct, InProcess};
use partner_center_devices_testkit::{self as examples, Example};

fn http() -> reqwest::Client {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}

/// Returns the documented headers, without those that a body or the generated code adds.
fn ambient_headers(example: &Example) -> http::HeaderMap {
    example
        .request
        .sent_headers()
        .filter(|(name, _)| name != "content-type" && name != "ms-continuationtoken")
        .map(|(name, value)| {
            let name: http::HeaderName = name.parse().unwrap();
            (name, value.parse().unwrap())
        })
        .collect()
}

/// Headers that a client sends in addition to the documented ones, for the connection and the media type.
const UNDOCUMENTED: [&str; 4] = ["accept", "content-length", "host", "user-agent"];

#[tokio::test]
async fn every_example_is_sent_and_read_as_documented() {
    examples::each(exchange).await;
}

async fn exchange(example: Example) {
    let server = examples::serve(&example).await;
    let transport = Direct::with_headers(ambient_headers(&example));
    let client = Client::with_transport(&server.uri(), http(), transport);
    let (status, headers, decoded) = call::call(&client, &example).await;

    let sent = &server.received_requests().await.unwrap()[0];
    assert_eq!(sent.method.as_str(), example.request.method);
    assert!(examples::same_path(&example.request.target, &target(&sent.url)), "{}", sent.url);
    for (header, value) in example.request.sent_headers() {
        let sent_value = sent.headers.get(&header).map(|v| v.to_str().unwrap());
        let same = match header.as_str() {
            "content-type" => sent_value.is_some_and(|sent_value| value.starts_with(sent_value)),
            _ => sent_value == Some(value),
        };
        assert!(same, "{header} is {sent_value:?}, documented is {value:?}");
    }
    for header in sent.headers.keys() {
        let known = example.request.header(header.as_str()).is_some()
            || UNDOCUMENTED.contains(&header.as_str());
        assert!(known, "{header} was sent and is not documented");
    }
    let body = (!sent.body.is_empty()).then(|| serde_json::from_slice(&sent.body).unwrap());
    let documented = example.request.json();
    assert_eq!(body.as_ref().map(examples::canonical), documented, "body");

    assert_eq!(status, example.response.status, "status");
    for (header, value) in &example.response.headers {
        assert_eq!(headers.get(header).unwrap(), value, "{header}");
    }

    let mut snapshot = format!(
        "{} {}\n{}\n\n{}\n\n{status}\n{}\n\n{decoded}\n",
        sent.method,
        target(&sent.url),
        lines(example.request.sent_headers().map(|(name, value)| format!("{name}: {value}"))),
        String::from_utf8(sent.body.clone()).unwrap(),
        lines(example.response.headers.iter().map(|(name, value)| format!("{name}: {value}"))),
    );
    snapshot.push_str(&format!("\noddities: {:#?}\n", example.oddities));
    assert_snapshot!(format!("raw-{}", example.name), snapshot);
}

fn target(url: &reqwest::Url) -> String {
    url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()))
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    let mut lines: Vec<String> = lines.collect();
    lines.sort();
    lines.join("\n")
}

/// Truncates each body at every byte, and replaces each value by every other kind of value.
#[tokio::test]
async fn a_damaged_response_is_a_value_or_an_error() {
    let http = http();
    for example in examples::all() {
        for bytes in examples::broken(&example.response.bytes()) {
            let status = example.response.status;
            let service = move |_: http::Request<bytes::Bytes>| {
                http::Response::builder().status(status).body(bytes.clone().into()).unwrap()
            };
            let client =
                Client::with_transport("http://raw.test", http.clone(), InProcess(service));
            let (status, _, _) = call::call(&client, &example).await;
            assert_eq!(status, example.response.status, "the status does not depend on the body");
        }
    }
}
