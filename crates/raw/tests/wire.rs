//! The generated client: path encoding, errors with status and headers, and errors of transports. No test opens a socket.
#![allow(clippy::unwrap_used)]

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use bytes::Bytes;
use partner_center_devices_raw::transport::{MAX_BODY, MAX_ERROR_BODY, TooLarge};
use partner_center_devices_raw::types::{
    ApiFault, BatchId, BatchTrackingId, BatchUploadStatus, CustomerId, DeviceId, GatewayFault,
    PolicyId, PolicySetting,
};
use partner_center_devices_raw::{
    BoxError, BoxFuture, Client, Direct, Error, InProcess, Operation, Service, Transport,
};

fn client(
    response: impl Fn(&http::Request<Bytes>) -> http::Response<Bytes> + Send + Sync + 'static,
) -> Client {
    let service = move |request: http::Request<Bytes>| response(&request);
    Client::with_transport("http://raw.test/", reqwest::Client::new(), InProcess(service))
}

fn customer() -> CustomerId {
    CustomerId::new("47021739-3426-40bf-9601-61b4b6d7c793").unwrap()
}

fn response(status: u16, body: &'static str) -> http::Response<Bytes> {
    http::Response::builder()
        .status(status)
        .header("MS-CorrelationId", "4a5002a2")
        .header("Retry-After", "57")
        .body(Bytes::from_static(body.as_bytes()))
        .unwrap()
}

#[tokio::test]
async fn encodes_ids_within_their_segment() {
    let uris = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&uris);
    let client = client(move |request| {
        log.lock().unwrap().push(request.uri().to_string());
        response(204, "")
    });
    let device = DeviceId::new("9993-8627").unwrap();
    for batch in ["Test batch", "a/b", "é", "%2e%2e", "a?b#c", "a+b", "..."] {
        let batch = BatchId::new(batch).unwrap();
        client.delete_device(&customer(), &batch, &device).await.unwrap();
    }
    let base = "http://raw.test/v1/customers/47021739-3426-40bf-9601-61b4b6d7c793/deviceBatches/";
    let segments: Vec<String> = uris
        .lock()
        .unwrap()
        .iter()
        .map(|uri| {
            uri.strip_prefix(base).unwrap().strip_suffix("/devices/9993-8627").unwrap().to_owned()
        })
        .collect();
    assert_eq!(
        segments,
        ["Test%20batch", "a%2Fb", "%C3%A9", "%252e%252e", "a%3Fb%23c", "a+b", "..."]
    );
}

#[tokio::test]
async fn an_error_response_keeps_status_headers_and_body() {
    for body in ["", "<html>Bad gateway</html>", r#"{"code":"2055"}"#, "\u{feff}text"] {
        let client = client(move |_| response(502, body));
        let error = client.list_policies(&customer()).await.unwrap_err();
        assert_eq!(error.status().unwrap(), 502);
        let Error::UnexpectedResponse(response) = error else { panic!("{error}") };
        assert_eq!(response.headers()["retry-after"], "57");
        assert_eq!(response.text().await.unwrap(), body.trim_start_matches('\u{feff}'));
    }
}

#[tokio::test]
async fn an_undecodable_body_leaves_a_receipt() {
    let (client, receipt) = client(|_| response(200, "[1]")).with_receipt();
    assert!(receipt.status().is_none() && receipt.headers().is_none());
    let error = client.list_policies(&customer()).await.unwrap_err();
    assert!(matches!(error, Error::InvalidResponsePayload(..)), "{error}");
    assert_eq!(receipt.status().unwrap(), 200);
    assert_eq!(receipt.headers().unwrap()["ms-correlationid"], "4a5002a2");
    assert_eq!(format!("{receipt:?}"), "Receipt { status: Some(200), .. }");
}

#[tokio::test]
async fn every_2xx_is_a_success() {
    for status in [200, 202, 204] {
        let batch = BatchId::new("b").unwrap();
        let client = client(move |_| response(status, ""));
        let value = client.add_devices(&customer(), &batch, &Vec::new()).await.unwrap();
        assert_eq!(value.status(), status);
        assert_eq!(value.headers()["ms-correlationid"], "4a5002a2");
    }
    for status in [302, 304] {
        let client = client(move |_| response(status, ""));
        let error = client.list_policies(&customer()).await.unwrap_err();
        assert_eq!(error.status().unwrap(), status, "a redirect is neither followed nor a success");
    }
}

/// Documented responses are camelCase. The archived SDK writes PascalCase.
#[tokio::test]
async fn reads_pascal_case() {
    let customer_of = |body| client(move |_| response(200, body));
    let job = BatchTrackingId::new("t").unwrap();
    let status = customer_of(
        r#"{"BatchTrackingId":"t","Status":"Finished","StartedTime":"2017-07-25T10:00:00",
            "DevicesStatus":[{"SerialNumber":"1","ErrorCode":"808","ErrorDescription":"x",
            " attributes":{"ObjectType":"DeviceUploadDetails"}}],"Attributes":{"Etag":"e"}}"#,
    );
    let status = status.get_batch_job_status(&customer(), &job).await.unwrap().into_inner();
    assert_eq!(status.status, Some(BatchUploadStatus::Finished));
    assert_eq!(status.started_time.unwrap().as_str(), "2017-07-25T10:00:00");
    assert_eq!(status.attributes.unwrap().etag.as_deref(), Some("e"));
    let device = &status.devices_status.unwrap()[0];
    assert_eq!(device.serial_number.as_deref(), Some("1"));
    assert_eq!(device.error_code.as_deref(), Some("808"));
    let attributes = device.attributes.as_ref().unwrap();
    assert_eq!(attributes.object_type.as_deref(), Some("DeviceUploadDetails"));

    let list = customer_of(
        r#"{"TotalCount":1,"Items":[{"Id":"p","Name":"n","PolicySettings":["Skip_Eula"]}]}"#,
    );
    let list = list.list_policies(&customer()).await.unwrap().into_inner();
    assert_eq!(list.items[0].name.as_deref(), Some("n"));
    assert_eq!(list.items[0].policy_settings, Some(vec![PolicySetting::SkipEula]));

    let fault = r#"{"Code":"2055","Description":"d","Data":[1],"Source":"s"}"#;
    let fault: ApiFault = serde_json::from_str(fault).unwrap();
    assert_eq!((fault.code.as_deref(), fault.source.as_deref()), (Some("2055"), Some("s")));
    let fault: GatewayFault = serde_json::from_str(r#"{"StatusCode":429,"Message":"m"}"#).unwrap();
    assert_eq!((fault.status_code, fault.message.as_deref()), (Some(429), Some("m")));
}

#[tokio::test]
async fn reads_numeric_error_codes() {
    let client = client(|_| {
        response(
            200,
            r#"{"devicesStatus":[{"errorCode":0},{"errorCode":808},{"errorCode":"0x80070005"},
                {"errorCode":-2147024891},{"errorCode":null},{}]}"#,
        )
    });
    let job = BatchTrackingId::new("t").unwrap();
    let status = client.get_batch_job_status(&customer(), &job).await.unwrap().into_inner();
    let devices = status.devices_status.unwrap();
    let codes: Vec<Option<&str>> =
        devices.iter().map(|device| device.error_code.as_deref()).collect();
    let documented = [Some("0"), Some("808"), Some("0x80070005"), Some("-2147024891"), None, None];
    assert_eq!(codes, documented);
}

#[derive(Debug, PartialEq)]
struct Refused(u8);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "refused {}", self.0)
    }
}

impl std::error::Error for Refused {}

struct Refusing;

impl Transport for Refusing {
    fn execute<'a>(
        &'a self,
        _: &'a reqwest::Client,
        operation: Option<Operation>,
        _: reqwest::Request,
    ) -> BoxFuture<'a, Result<reqwest::Response, BoxError>> {
        assert_eq!(operation, Some(Operation::GetPolicy));
        Box::pin(async { Err(Refused(7).into()) })
    }
}

#[tokio::test]
async fn the_error_of_a_transport_is_the_source() {
    let client = Client::with_transport("http://raw.test", reqwest::Client::new(), Refusing);
    let policy = PolicyId::new("p").unwrap();
    let error = client.get_policy(&customer(), &policy).await.unwrap_err();
    assert!(matches!(error, Error::CommunicationError(_)), "{error:?}");
    assert_eq!(find::<Refused>(&error), Some(&Refused(7)), "{error:?}");
}

/// Finds an error among the sources of another one.
fn find<E: std::error::Error + 'static>(error: &dyn std::error::Error) -> Option<&E> {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        source = error.source();
    }
    None
}

/// A service whose responses have this status and a body that never ends. Counts the bytes that were read.
struct Endless(u16, Arc<AtomicUsize>);

impl http_body::Body for Endless {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, BoxError>>> {
        const PART: &[u8] = &[b' '; 64 << 10];
        self.1.fetch_add(PART.len(), Ordering::Relaxed);
        Poll::Ready(Some(Ok(http_body::Frame::data(Bytes::from_static(PART)))))
    }
}

impl Transport for Endless {
    fn execute<'a>(
        &'a self,
        _: &'a reqwest::Client,
        _: Option<Operation>,
        _: reqwest::Request,
    ) -> BoxFuture<'a, Result<reqwest::Response, BoxError>> {
        let body = reqwest::Body::wrap(Self(self.0, Arc::clone(&self.1)));
        let response = http::Response::builder().status(self.0).body(body).unwrap();
        Box::pin(std::future::ready(Ok(response.into())))
    }
}

#[tokio::test]
async fn a_body_without_end_is_read_up_to_its_limit() {
    let (read, part) = (Arc::new(AtomicUsize::new(0)), 64 << 10);
    let client = |status| {
        let transport = Endless(status, Arc::clone(&read));
        Client::with_transport("http://raw.test", reqwest::Client::new(), transport)
    };
    let error = client(200).list_policies(&customer()).await.unwrap_err();
    assert_eq!(find::<TooLarge>(&error), Some(&TooLarge::Bytes(MAX_BODY)), "{error:?}");
    assert!(read.swap(0, Ordering::Relaxed) <= MAX_BODY + part);

    let error = client(500).list_policies(&customer()).await.unwrap_err();
    let Error::UnexpectedResponse(response) = error else { panic!("{error}") };
    assert_eq!(response.bytes().await.unwrap().len(), MAX_ERROR_BODY);
    assert!(read.load(Ordering::Relaxed) <= MAX_ERROR_BODY + part);
}

/// More levels than any stack has, but only a few megabytes.
#[tokio::test]
async fn deeply_nested_json_is_an_error() {
    let levels = 3_000_000;
    for start in ["[", r#"{"items":"#, r#"{"items":[{"id":"p","x":"#] {
        let body = format!("{start}{}", "[".repeat(levels));
        let body = Bytes::from(body + &"]".repeat(levels));
        let client = client(move |_| http::Response::new(body.clone()));
        let error = client.list_policies(&customer()).await.unwrap_err();
        assert!(matches!(error, Error::InvalidResponsePayload(..)), "{error}");
    }
}

struct Failing;

impl Service for Failing {
    fn call(
        &self,
        _: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, BoxError>> {
        Box::pin(async { Err(Refused(8).into()) })
    }
}

#[tokio::test]
async fn the_error_of_a_service_is_a_communication_error() {
    let client =
        Client::with_transport("http://raw.test", reqwest::Client::new(), InProcess(Failing));
    let error = client.list_policies(&customer()).await.unwrap_err();
    assert!(matches!(error, Error::CommunicationError(_)), "{error}");
}

#[test]
fn debug_does_not_print_tokens() {
    let mut headers = http::HeaderMap::new();
    headers.insert("authorization", "Bearer planted-secret".parse().unwrap());
    let transport = Direct::with_headers(headers);
    let printed = format!("{transport:?}");
    let client = Client::with_transport("http://raw.test", reqwest::Client::new(), transport);
    assert!(!format!("{printed} {client:?}").contains("planted-secret"));
}

/// The future of a call can be spawned.
#[tokio::test]
async fn calls_are_send() {
    let client = client(|_| response(200, "[]"));
    let policies = tokio::spawn(async move {
        client.list_policies(&customer()).await.map(|list| list.items.len())
    });
    assert_eq!(policies.await.unwrap().unwrap(), 0);
}
