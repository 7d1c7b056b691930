//! Connections: reuse, proxies, stalled bodies and invalid settings. These tests use sockets.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use partner_center_devices::{
    AppOnly, BatchTrackingId, Client, Cloud, CustomerId, ErrorKind, Network, Retry, Sent,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use wiremock::matchers::{header, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// Starts a server that counts connections and sends the same response to every request, as soon as the head is
/// complete.
async fn server(response: String) -> (String, Arc<AtomicUsize>) {
    partner_center_devices_testkit::trace();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let counting = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            counting.fetch_add(1, Ordering::SeqCst);
            let response = response.clone();
            tokio::spawn(async move {
                let (mut request, mut buffer) = (Vec::new(), [0; 4096]);
                while let Ok(read @ 1..) = socket.read(&mut buffer).await {
                    request.extend_from_slice(&buffer[..read]);
                    if request.windows(4).any(|end| end == b"\r\n\r\n") {
                        request.clear();
                        socket.write_all(response.as_bytes()).await.unwrap();
                    }
                }
            });
        }
    });
    (url, connections)
}

fn client(url: String) -> Client {
    Client::builder().base_url(url).token("planted-token".to_owned()).build().unwrap()
}

#[tokio::test]
async fn polls_of_a_job_share_one_connection() {
    let body = r#"{"status":"processing"}"#;
    let response = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let (url, connections) = server(response).await;
    let customer = client(url).customer(CustomerId::new("c").unwrap());
    for _ in 0..50 {
        let job = customer.clone().job(BatchTrackingId::new("7").unwrap());
        assert!(!job.status().await.unwrap().is_finished());
    }
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

/// A body that never ends is an incomplete response, unless the head already names the job.
#[tokio::test]
async fn a_stalled_body_does_not_block_a_call() {
    for (head, result) in [
        ("200 OK", Err((ErrorKind::Interrupted, Sent::Maybe))),
        ("429 Too Many Requests", Err((ErrorKind::Throttled, Sent::Answered))),
        ("202 Accepted\r\nLocation: /customers/c/batchJobStatus/7", Ok("7")),
    ] {
        let response = format!("HTTP/1.1 {head}\r\nContent-Length: 100\r\n\r\n{{\"items\":");
        let (url, _) = server(response).await;
        let customer = client(url).customer(CustomerId::new("c").unwrap());
        let call = customer.device_policies().update([]);
        let call = call.timeout(Duration::from_millis(200)).retry(Retry::never());
        let outcome = call.await.map(|job| job.tracking_id().as_str().to_owned());
        let outcome =
            outcome.as_ref().map(String::as_str).map_err(|error| (error.kind(), error.sent()));
        assert_eq!(outcome, result, "{head}");
    }
}

#[tokio::test]
async fn calls_and_sign_in_use_the_proxy_and_user_agent() {
    let proxy = MockServer::start().await;
    Mock::given(path("/t/oauth2/v2.0/token"))
        .and(header("user-agent", "contoso/1.0"))
        .respond_with(ResponseTemplate::new(200).set_body_json(serde_json::json!({
            "access_token": "planted-token", "expires_in": 3600,
        })))
        .expect(1)
        .mount(&proxy)
        .await;
    Mock::given(path("/v1/customers/c/policies"))
        .and(header("user-agent", "contoso/1.0"))
        .and(header("authorization", "Bearer planted-token"))
        .respond_with(ResponseTemplate::new(200).set_body_string("[]"))
        .expect(1)
        .mount(&proxy)
        .await;
    // Nothing listens at these addresses; the proxy receives the requests.
    let (api, sign_in) = ("http://127.0.0.1:1", "http://127.0.0.1:2");
    let network = Network::new().proxy(proxy.uri()).user_agent("contoso/1.0");
    let cloud = Cloud { api: api.to_owned(), authority: sign_in.to_owned() };
    let provider = AppOnly::new(cloud, "t", "an-app", "planted-secret".to_owned()).unwrap();
    let provider = provider.network(network.clone()).unwrap();
    let client = Client::builder().base_url(api).token_provider(provider).network(network);
    let customer = client.build().unwrap().customer(CustomerId::new("c").unwrap());
    assert!(customer.policies().list().await.unwrap().is_empty());
}

#[tokio::test]
async fn rejects_invalid_settings() {
    let invalid = || Network::new().proxy("not a url: planted-password");
    let error = Client::builder().token("t".to_owned()).network(invalid()).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Input);
    assert!(!format!("{error} {error:?} {:?}", invalid()).contains("planted"), "{error:?}");
    let provider =
        AppOnly::new(Cloud::public(), "t", "an-app", "planted-secret".to_owned()).unwrap();
    let error = provider.network(invalid()).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("planted"), "{error:?}");
    let certificate = "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n";
    let client = Client::builder().token("t".to_owned());
    let error = client.network(Network::new().root_certificate(certificate)).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Input);
}
