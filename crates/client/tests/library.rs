//! The client as a part of other programs: own transports, own retry rules, own headers, and batches that may exist.
#![allow(clippy::unwrap_used)]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use partner_center_devices::raw::transport::response;
use partner_center_devices::{
    BatchId, BatchUploadDetails, BoxError, BoxFuture, Client, ClientBuilder, Cloud, CustomerId,
    DeviceIdentity, ErrorKind, FailedAttempt, Operation, Transport, reqwest,
};

/// A transport that answers with these statuses, repeats the last one, and records the requests.
#[derive(Clone, Default)]
struct Recorder {
    responses: Vec<(u16, &'static str)>,
    requests: Arc<Mutex<Vec<(String, http::HeaderMap)>>>,
}

impl Recorder {
    fn new(responses: &[(u16, &'static str)]) -> Self {
        Self { responses: responses.to_vec(), requests: Arc::default() }
    }

    fn builder(&self) -> ClientBuilder {
        Client::builder().token("t".to_owned()).transport(self.clone())
    }

    fn lines(&self) -> Vec<String> {
        self.requests.lock().unwrap().iter().map(|(line, _)| line.clone()).collect()
    }
}

impl Transport for Recorder {
    fn execute<'a>(
        &'a self,
        _: &'a reqwest::Client,
        _: Option<Operation>,
        request: reqwest::Request,
    ) -> BoxFuture<'a, Result<reqwest::Response, BoxError>> {
        let mut requests = self.requests.lock().unwrap();
        let (status, body) = self.responses[requests.len().min(self.responses.len() - 1)];
        let line = format!("{} {}", request.method(), request.url());
        requests.push((line, request.headers().clone()));
        let mut built = Response::builder().status(status);
        if status == 202 {
            built = built.header("Location", "/customers/c/batchJobStatus/7");
        }
        let built = built.body(Bytes::from_static(body.as_bytes())).unwrap();
        Box::pin(async move { Ok(response(built)) })
    }
}

fn customer(builder: ClientBuilder) -> partner_center_devices::Customer {
    builder.build().unwrap().customer(CustomerId::new("c").unwrap())
}

fn device() -> DeviceIdentity {
    DeviceIdentity::from_product_key("3305000000001").unwrap()
}

#[tokio::test]
async fn a_transport_receives_complete_requests() {
    let recorder = Recorder::new(&[(200, "[]")]);
    let cloud = Cloud::china();
    let customer = customer(recorder.builder().cloud(&cloud));
    customer.policies().list().await.unwrap();
    assert_eq!(recorder.lines(), [format!("GET {}/v1/customers/c/policies", cloud.api)]);
    assert_eq!(recorder.requests.lock().unwrap()[0].1["authorization"], "Bearer t");
}

#[tokio::test]
async fn a_call_can_have_further_headers_but_not_another_token() {
    let recorder = Recorder::new(&[(204, "")]);
    let policy =
        customer(recorder.builder()).policy(partner_center_devices::PolicyId::new("p").unwrap());
    policy.delete().header("X-Trace", "1").unwrap().header("Accept", "*/*").unwrap().await.unwrap();
    let headers = recorder.requests.lock().unwrap()[0].1.clone();
    assert_eq!(
        (&headers["x-trace"], &headers["accept"]),
        (&"1".parse().unwrap(), &"*/*".parse().unwrap())
    );
    for (name, value, words) in [
        ("Authorization", "Bearer x", "is set by the client"),
        ("MS-RequestId", "x", "is set by the client"),
        ("host", "evil.test", "is set by the client"),
        ("a b", "x", "name of a header"),
        ("x", "a\r\nb", "not allowed"),
    ] {
        let error = policy.delete().header(name, value).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Input);
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_retry_classifier_replaces_the_rules_within_the_limits() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let conflicts = move |attempt: &FailedAttempt| {
        counter.fetch_add(1, Ordering::Relaxed);
        assert!(attempt.was_sent() && attempt.is_idempotent());
        attempt.status().is_some_and(|status| status == 409)
    };
    for (responses, requests) in [
        (&[(409, ""), (409, ""), (200, "[]")][..], 3),
        (&[(503, ""), (200, "[]")], 1),
        (&[(409, "")], 5),
    ] {
        let recorder = Recorder::new(responses);
        let builder = recorder.builder().retry_classifier(conflicts.clone());
        let _ = customer(builder).policies().list().await;
        assert_eq!(recorder.lines().len(), requests, "{responses:?}");
    }
    assert_eq!(asked.load(Ordering::Relaxed), 2 + 1 + 4);
}

#[tokio::test]
async fn devices_are_added_to_a_batch_that_exists_or_appears() {
    const NONE: (u16, &str) = (200, r#"{"items":[]}"#);
    for (responses, last) in [
        (&[NONE, (202, "")][..], "deviceBatches"),
        (&[(200, r#"{"items":[{"id":"HQ"}]}"#), (202, "")], "deviceBatches/HQ/devices"),
        (&[(200, r#"{"items":[{"id":"HQ"},{"id":"hq"}]}"#), (202, "")], "deviceBatches/hq/devices"),
        (&[(200, r#"{"items":[{"id":".."},{"id":"other"}]}"#), (202, "")], "deviceBatches"),
        (&[NONE, (409, ""), (202, "")], "deviceBatches/hq/devices"),
    ] {
        let recorder = Recorder::new(responses);
        let batches = customer(recorder.builder()).device_batches();
        let job = batches.create_or_add(BatchId::new("hq").unwrap(), [device()]).await.unwrap();
        assert_eq!(job.tracking_id().as_str(), "7");
        let lines = recorder.lines();
        let url = format!("POST https://api.partnercenter.microsoft.com/v1/customers/c/{last}");
        assert_eq!((lines.len(), lines.last()), (responses.len(), Some(&url)));
    }
    let recorder = Recorder::new(&[NONE, (403, "")]);
    let batches = customer(recorder.builder()).device_batches();
    let refused = batches.create_or_add(BatchId::new("hq").unwrap(), [device()]).await;
    let kind = refused.unwrap_err().kind();
    assert_eq!((kind, kind.as_str()), (ErrorKind::Forbidden, "forbidden"));
}

#[tokio::test]
async fn an_own_reqwest_client_sends_the_requests() {
    let server = wiremock::MockServer::start().await;
    wiremock::Mock::given(wiremock::matchers::header("user-agent", "mine"))
        .respond_with(wiremock::ResponseTemplate::new(200).set_body_string("[]"))
        .mount(&server)
        .await;
    let own = || reqwest::Client::builder().user_agent("mine").no_proxy().build().unwrap();
    let builder = || Client::builder().base_url(server.uri()).token("t".to_owned());
    let policies = customer(builder().http_client(own())).policies().list().await.unwrap();
    assert!(policies.is_empty());
    let error = customer(builder()).policies().list().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    // Settings that the own client would ignore are refused.
    for builder in [
        builder().http_client(own()).connect_timeout(Duration::from_secs(1)),
        builder().http_client(own()).client_certificate("PEM"),
    ] {
        let error = builder.build().unwrap_err();
        assert!(error.to_string().contains("set them there"), "{error}");
    }
    assert!(builder().connect_timeout(Duration::from_secs(1)).build().is_ok());
    let error = builder().client_certificate("not PEM").build().unwrap_err();
    assert!(error.to_string().contains("certificate and its private key"), "{error}");
}

#[tokio::test]
async fn the_status_of_a_job_is_written_as_it_was_read() {
    let body = r#"{"batchTrackingId":"7","devicesStatus":[{"serialNumber":"S1","status":"finished"}],"status":"finished"}"#;
    let service = move |_: Request<Bytes>| Response::new(Bytes::from_static(body.as_bytes()));
    let customer = customer(Client::builder().in_process(service));
    let id = partner_center_devices::BatchTrackingId::new("7").unwrap();
    let details: BatchUploadDetails = customer.job(id).status().await.unwrap();
    let written = serde_json::to_value(&details).unwrap();
    assert_eq!(written, serde_json::from_str::<serde_json::Value>(body).unwrap());
}
