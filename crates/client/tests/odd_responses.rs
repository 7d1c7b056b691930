//! Responses that no document describes: problem details, compressed bodies, delays in a text, and a job that the service
//! does not know yet.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::stream;
use http::{Request, Response};
use partner_center_devices::{
    BatchId, BatchTrackingId, BoxError, BoxFuture, Client, ClientBuilder, Customer, CustomerId,
    DeviceIdentity, ErrorKind, Operation, Retry, Sent, Transport, Wait, reqwest,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::Instant;

/// `{"items":[{"id":"p-1"}],"totalCount":1}` in gzip.
const LIST: &str =
    "H4sIAAAAAAACA6tWyixJzS1WsoquVspMUbJSKtA1VKqN1VEqyS9JzHHOL80rUbIyrAUANjg5+ScAAAA=";

/// `{"title":"Forbidden","detail":"Not your customer."}` in gzip.
const PROBLEM: &str = "H4sIAAAAAAACA6tWKsksyUlVslJyyy9KykxJSc1T0lFKSS1JzMwBCvrllyhU5pcWKSSXFpfk56YW6SnVAgCjjfa+MwAAAA==";

/// Builds a client whose service gives these responses, and repeats the last one.
fn builder(responses: Vec<Response<Bytes>>) -> ClientBuilder {
    let calls = AtomicUsize::new(0);
    Client::builder().in_process(move |_: Request<Bytes>| {
        let call = calls.fetch_add(1, Ordering::Relaxed);
        responses[call.min(responses.len() - 1)].clone()
    })
}

fn customer(responses: Vec<Response<Bytes>>) -> Customer {
    builder(responses).build().unwrap().customer(CustomerId::new("c").unwrap())
}

fn response(status: u16, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Response<Bytes> {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body(body.into()).unwrap()
}

fn bytes(base64: &str) -> Bytes {
    STANDARD.decode(base64).unwrap().into()
}

#[tokio::test]
async fn an_error_has_the_headers_and_the_redacted_body() {
    let hash = "T0HzAQEA".repeat(500);
    let body = format!(r#"{{"title":"Bad Request","detail":"No","hardwareHash":"{hash}"}}"#);
    let problem = response(400, &[("content-type", "application/problem+json")], body);
    let error = customer(vec![problem]).policies().list().await.unwrap_err().clone();
    assert!(error.message().contains("Bad Request: No (400 Bad Request)"), "{error}");
    assert_eq!(error.headers().unwrap()["content-type"], "application/problem+json");
    let body = error.body().unwrap();
    assert!(body.contains(r#""detail":"No""#) && !body.contains("T0HzAQEA"), "{body}");
}

#[tokio::test]
async fn compressed_responses_are_decoded() {
    let gzip: &[_] = &[("content-encoding", "gzip")];
    for headers in [gzip, &[]] {
        let policies = customer(vec![response(200, headers, bytes(LIST))]).policies().list().await;
        assert_eq!(policies.unwrap()[0].as_raw().id.as_deref(), Some("p-1"));
        let failed = customer(vec![response(403, headers, bytes(PROBLEM))]).policies().list().await;
        let error = failed.unwrap_err();
        assert_eq!(error.description(), Some("Forbidden: Not your customer."));
        let client = builder(vec![response(200, headers, bytes(LIST))]).build().unwrap();
        let raw = client.request(http::Method::GET, "profiles", None).await.unwrap();
        assert!(raw.body().starts_with(b"{\"items\"") && raw.headers().is_empty());
    }
}

#[tokio::test]
async fn an_encoding_that_cannot_be_read_is_named() {
    let brotli: &[_] = &[("content-encoding", "br")];
    let body = &b"\x0b\x02\x80\xff"[..];
    let read = customer(vec![response(200, brotli, body)]).policies().list().await.unwrap_err();
    assert_eq!(read.kind(), ErrorKind::Unreadable);
    let failed = customer(vec![response(403, brotli, body)]).policies().list().await.unwrap_err();
    assert_eq!(failed.kind(), ErrorKind::Forbidden);
    for error in [read, failed] {
        assert!(error.to_string().contains("encoded with br"), "{error}");
    }
}

#[tokio::test]
async fn an_error_is_read_in_its_encoding() {
    let words = "Zugriff für Müller verweigert";
    let text = format!(r#"{{"code":"7","description":"{words}"}}"#);
    let latin_1: Vec<u8> = text.chars().map(|c| c as u8).collect();
    let utf_16: Vec<u8> =
        format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (content_type, body) in [
        ("application/json; charset=iso-8859-1", latin_1),
        ("application/json; charset=utf-16", utf_16.clone()),
        ("application/json", utf_16),
    ] {
        let failed = response(400, &[("content-type", content_type)], body);
        let error = customer(vec![failed]).policies().list().await.unwrap_err();
        assert_eq!((error.code(), error.description()), (Some("7"), Some(words)));
        assert_eq!(error.body(), Some(&*text));
    }
}

/// Serves this response on a port, and closes the connection after it. Returns the address and the number of requests.
async fn serve(response: &'static [u8]) -> (String, Arc<AtomicUsize>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let requests = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&requests);
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::Relaxed);
            let mut request = vec![0; 10_000];
            let _ = connection.read(&mut request).await;
            connection.write_all(response).await.unwrap();
        }
    });
    (url, requests)
}

#[tokio::test]
async fn an_error_that_breaks_off_keeps_its_status_and_what_arrived() {
    let head = b"HTTP/1.1 400 Bad Request\r\nms-cv: cv.0\r\ncontent-length: 900\r\n\r\n\
        {\"code\":\"2000\",\"description\":\"The batch planted-tok";
    let (url, requests) = serve(head).await;
    let client = Client::builder().base_url(url).token("planted-token").build().unwrap();
    let customer = client.customer(CustomerId::new("c").unwrap());
    let device = DeviceIdentity::from_product_key("3305000000001").unwrap();
    let batches = customer.device_batches();
    let error = batches.create(BatchId::new("B").unwrap(), [device]).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Rejected, Some("2000")));
    assert_eq!((error.status().map(|status| status.as_u16()), error.attempts()), (Some(400), 1));
    assert_eq!((error.cv(), error.description()), (Some("cv.0"), Some("The batch …")));
    assert!(error.body().unwrap().ends_with("The batch …"), "{error:?}");
    assert_eq!(requests.load(Ordering::Relaxed), 1);
}

/// Answers with this status and a body that never ends.
struct Endless(u16);

impl Transport for Endless {
    fn execute<'a>(
        &'a self,
        _: &'a reqwest::Client,
        _: Option<Operation>,
        _: reqwest::Request,
    ) -> BoxFuture<'a, Result<reqwest::Response, BoxError>> {
        let part = Bytes::from_static(&[b' '; 64 << 10]);
        let body =
            reqwest::Body::wrap_stream(stream::repeat(Ok::<_, std::convert::Infallible>(part)));
        let response = Response::builder().status(self.0).body(body).unwrap();
        Box::pin(std::future::ready(Ok(response.into())))
    }
}

#[tokio::test]
async fn a_body_without_end_is_an_error() {
    for (status, kind, sent, words) in [
        (200, ErrorKind::Unreadable, Sent::Maybe, "the response is larger than 64 MiB"),
        (400, ErrorKind::Rejected, Sent::Answered, "(400 Bad Request)"),
        (500, ErrorKind::Service, Sent::Answered, "(500 Internal Server Error)"),
    ] {
        let client = Client::builder().token("a-token").transport(Endless(status));
        let client = client.retry(Retry::never()).build().unwrap();
        let customer = client.customer(CustomerId::new("c").unwrap());
        let error = customer.policies().list().await.unwrap_err();
        assert_eq!((error.kind(), error.sent()), (kind, sent), "{error}");
        assert!(error.to_string().contains(words), "{error}");
        assert!(error.body().is_none_or(|body| body.len() <= 1 << 20), "{status}");
        // A request without a documented response has the same limits.
        let request = client.request(http::Method::GET, "profiles", None);
        assert_eq!(request.await.unwrap_err().kind(), kind);
    }
}

#[tokio::test]
async fn megabytes_of_headers_are_an_error() {
    let head = format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "x".repeat(3 << 20));
    let (url, requests) = serve(head.into_bytes().leak()).await;
    let client = Client::builder().base_url(url).token("a-token").retry(Retry::never());
    let customer = client.build().unwrap().customer(CustomerId::new("c").unwrap());
    let error = customer.policies().list().await.unwrap_err();
    assert_eq!((error.kind(), error.sent()), (ErrorKind::Interrupted, Sent::Maybe), "{error}");
    assert!(error.to_string().contains("head is too large"), "{error}");
    assert_eq!(requests.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn deeply_nested_json_is_an_error() {
    let levels = 3_000_000;
    let body = r#"{"items":[{"id":"p","x":"#.to_owned() + &"[".repeat(levels);
    let deep = response(200, &[], body + &"]".repeat(levels));
    let error = customer(vec![deep]).policies().list().await.unwrap_err();
    assert_eq!((error.kind(), error.sent()), (ErrorKind::Unreadable, Sent::Answered), "{error}");
    assert!(error.to_string().len() < 1000, "{error}");
}

#[tokio::test]
async fn a_401_whose_header_denies_mfa_is_about_mfa() {
    // The token may have expired too, so it is renewed once.
    let refused = || response(401, &[("isMfaCompliant", "false")], "");
    let error = customer(vec![refused(), refused()]).policies().list().await.unwrap_err();
    assert!(error.hint().unwrap().contains("multi-factor"), "{error}");
    assert_eq!((error.attempts(), error.is_mfa_compliant()), (2, Some(false)));
    let renewed = vec![refused(), response(200, &[], r#"{"items":[]}"#)];
    customer(renewed).policies().list().await.unwrap();
    let expired = response(401, &[("isMfaCompliant", "true")], "");
    let error = customer(vec![expired]).policies().list().await.unwrap_err();
    assert!(error.hint().unwrap().contains("expired"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn waits_as_long_as_the_text_of_a_429_says() {
    let text = r#"{"statusCode":429,"message":"Rate limit is exceeded. Try again in 12 seconds."}"#;
    for throttled in [
        response(429, &[], text),
        response(503, &[("x-ms-retry-after-ms", "12000")], ""),
        response(503, &[("retry-after", "12.0")], ""),
    ] {
        let started = Instant::now();
        let responses = vec![throttled, response(200, &[], r#"{"items":[]}"#)];
        customer(responses).policies().list().await.unwrap();
        let waited = started.elapsed().as_secs_f64();
        assert!((12.0..12.6).contains(&waited), "{waited}");
    }
    let error = customer(vec![response(429, &[], text)])
        .policies()
        .create(partner_center_devices::NewPolicy::new("P", []))
        .retry(Retry::never())
        .await
        .unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(12)));
    assert!(error.is_retryable());
}

#[tokio::test(start_paused = true)]
async fn an_absurd_throttle_ends_after_an_hour_or_when_it_is_reset() {
    let responses = || {
        vec![
            response(429, &[("retry-after", "99999999")], ""),
            response(200, &[], r#"{"items":[]}"#),
        ]
    };
    let customer = customer(responses());
    customer.policies().list().await.unwrap_err();
    let error = customer.policies().list().await.unwrap_err();
    assert!(error.to_string().contains("for another 3600 s"), "{error}");
    customer.reset_throttle();
    customer.policies().list().await.unwrap();

    let client = builder(responses()).max_throttle(Duration::from_secs(60)).build().unwrap();
    let customer = client.customer(CustomerId::new("a b").unwrap());
    customer.policies().list().await.unwrap_err();
    customer.policies().list().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_new_job_may_be_unknown_for_a_minute() {
    let accepted = || response(202, &[("location", "/customers/c/batchJobStatus/7")], "");
    let (unknown, finished) =
        (response(404, &[], ""), response(200, &[], r#"{"status":"finished"}"#));
    let device = DeviceIdentity::from_product_key("3305000000001").unwrap();
    let create = |responses| {
        let batches = customer(responses).device_batches();
        batches.create(BatchId::new("B").unwrap(), [device.clone()])
    };
    let job = create(vec![accepted(), unknown.clone(), unknown.clone(), finished]).await.unwrap();
    assert!(job.await.unwrap().is_finished());

    let job = create(vec![accepted(), unknown.clone()]).await.unwrap();
    let started = Instant::now();
    let error = job.wait(Wait::default()).await.unwrap_err();
    let waited = started.elapsed().as_secs();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!((60..66).contains(&waited), "{waited}");

    // A job of an earlier process may be new for ten seconds.
    let tracking_id = || BatchTrackingId::new("7").unwrap();
    let job = customer(vec![unknown.clone()]).job(tracking_id());
    let started = Instant::now();
    assert_eq!(job.await.unwrap_err().kind(), ErrorKind::NotFound);
    let waited = started.elapsed().as_secs();
    assert!((10..15).contains(&waited), "{waited}");
    let finished = response(200, &[], r#"{"status":"finished"}"#);
    let job = customer(vec![unknown, finished]).job(tracking_id());
    assert!(job.await.unwrap().is_finished());
}

#[tokio::test(start_paused = true)]
async fn an_absurd_retry_after_of_a_job_delays_its_polls_by_minutes_only() {
    let absurd = [("retry-after", "99999999")];
    let running = response(200, &absurd, r#"{"status":"processing"}"#);
    let finished = response(200, &[], r#"{"status":"finished"}"#);
    let job = customer(vec![running, finished]).job(BatchTrackingId::new("7").unwrap());
    let started = Instant::now();
    assert!(job.await.unwrap().is_finished());
    assert_eq!(started.elapsed().as_secs(), 5 * 60);
}
