//! Connections: reuse, proxies, stalled bodies and invalid settings. These tests use sockets.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use partner_center_devices::{
    AppOnly, BatchTrackingId, Client, Cloud, CustomerId, ErrorKind, Network, Retry, Sent,
    TokenProvider as _,
};
use partner_center_devices_emulator::Emulator;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
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
async fn calls_use_the_proxy_and_user_agent() {
    let proxy = MockServer::start().await;
    Mock::given(path("/v1/customers/c/policies"))
        .and(header("host", "api.test"))
        .and(header("user-agent", "contoso/1.0"))
        .and(header("authorization", "Bearer planted-token"))
        .respond_with(ResponseTemplate::new(200).set_body_string("[]"))
        .expect(1)
        .mount(&proxy)
        .await;
    let network = Network::new().proxy(proxy.uri()).user_agent("contoso/1.0");
    let client = Client::builder().base_url("http://api.test").allow_plain_http();
    let client = client.token("planted-token".to_owned()).network(network);
    let customer = client.build().unwrap().customer(CustomerId::new("c").unwrap());
    assert!(customer.policies().list().await.unwrap().is_empty());
}

/// A proxy could read the token, because connections to this machine may be unencrypted.
#[tokio::test]
async fn this_machine_is_reached_without_a_proxy_by_every_name() {
    let (url, _) = server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]".to_owned()).await;
    let (proxy, proxied) = server(String::new()).await;
    for host in ["127.0.0.1", "localhost", "name.localhost"] {
        let network = Network::new().proxy(proxy.clone());
        let client = Client::builder().base_url(url.replace("127.0.0.1", host));
        let client = client.token("planted-token".to_owned()).network(network).build().unwrap();
        let customer = client.customer(CustomerId::new("c").unwrap());
        assert!(customer.policies().list().await.unwrap().is_empty(), "{host}");
    }
    assert_eq!(proxied.load(Ordering::SeqCst), 0);
}

/// No server has a name with such a long label (RFC 1035, section 2.3.4), so no test asks a name server for it.
fn unknown_host(name: &str) -> String {
    format!("http://{name}{}.test", "x".repeat(64))
}

#[tokio::test]
async fn only_the_listed_hosts_are_reached_without_the_proxy() {
    let (proxy, proxied) =
        server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]".to_owned()).await;
    for (host, is_direct) in [("direct", true), ("other", false)] {
        let network = Network::new().proxy(&proxy).no_proxy_for("direct*.test, 10.0.0.0/8");
        let client = Client::builder().base_url(unknown_host(host)).allow_plain_http();
        let client = client.token("t".to_owned()).network(network).retry(Retry::never());
        let customer = client.build().unwrap().customer(CustomerId::new("c").unwrap());
        let before = proxied.load(Ordering::SeqCst);
        let result = customer.policies().list().await;
        assert_eq!(result.is_err(), is_direct, "{host}: {result:?}");
        assert_eq!(proxied.load(Ordering::SeqCst) == before, is_direct, "{host}");
    }
}

#[tokio::test]
async fn a_refusal_of_the_proxy_is_named_with_its_status() {
    let basic = "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"";
    let ntlm = "407 Proxy Authentication Required\r\nProxy-Authenticate: NTLM";
    for (status, attempts, hint) in [
        ("403 Forbidden", 1, "ask the administrator of the proxy"),
        (basic, 1, "correct the user name and the password"),
        (ntlm, 1, "such as Px or CNTLM"),
        ("502 Bad Gateway", 2, "check the network, the proxy and the base URL"),
    ] {
        let response = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
        let shown = status.lines().next().unwrap();
        let (proxy, connections) = server(response).await;
        let with_password = proxy.replace("http://", "http://user:planted-password@");
        let retry = Retry::default().max_attempts(2).initial_delay(Duration::ZERO);
        let client = Client::builder().base_url("https://api.test").retry(retry);
        let client = client.token("t".to_owned()).network(Network::new().proxy(with_password));
        let customer = client.build().unwrap().customer(CustomerId::new("c").unwrap());
        let error = customer.policies().list().await.unwrap_err();
        let expected = format!("the proxy {proxy} refused the connection to api.test ({shown})");
        let message = error.to_string();
        assert!(message.contains(&expected), "{message}");
        assert!(error.hint().unwrap().contains(hint), "{:?}", error.hint());
        // The reason is asked for after the first attempt and after the last one.
        assert_eq!(
            (error.attempts(), connections.load(Ordering::SeqCst)),
            (attempts, 2 * attempts as usize)
        );
        assert_eq!((error.kind(), error.sent()), (ErrorKind::Connect, Sent::No));
        assert_eq!(error.is_retryable(), attempts == 2);
        assert!(!format!("{message} {error:?}").contains("planted"), "{message}");
    }
}

#[tokio::test]
async fn a_connection_error_names_the_host_and_the_proxy() {
    for (network, words) in [
        (Network::new(), "cannot connect to 127.0.0.1:1: "),
        (
            Network::new().proxy("http://127.0.0.1:1"),
            "cannot connect to api.test through the proxy http://127.0.0.1:1: ",
        ),
    ] {
        let is_direct = words.contains("to 127");
        let url = if is_direct { "http://127.0.0.1:1" } else { "https://api.test" };
        let client = Client::builder().base_url(url).network(network).retry(Retry::never());
        let client = client.token("t".to_owned()).build().unwrap();
        let customer = client.customer(CustomerId::new("c").unwrap());
        let error = customer.policies().list().await.unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    }
}

/// The listener accepts nothing, and Linux queues one connection for it.
#[cfg(target_os = "linux")]
#[tokio::test(start_paused = true)]
async fn a_connection_that_is_not_accepted_has_its_own_time_limit() {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(0).unwrap();
    let address = listener.local_addr().unwrap();
    let _queued = TcpStream::connect(address).await.unwrap();
    let limit = Duration::from_secs(3);
    let builder = || {
        let client = Client::builder().base_url(format!("http://{address}"));
        client.token("t".to_owned()).retry(Retry::never())
    };
    for (client, seconds) in [
        (builder(), 10),
        (builder().connect_timeout(limit), 3),
        (builder().network(Network::new().connect_timeout(limit)), 3),
    ] {
        let started = tokio::time::Instant::now();
        let customer = client.build().unwrap().customer(CustomerId::new("c").unwrap());
        let error = customer.policies().list().await.unwrap_err();
        assert_eq!((error.kind(), error.sent()), (ErrorKind::Connect, Sent::No), "{error}");
        assert_eq!(started.elapsed().as_secs(), seconds, "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_sign_in_that_is_unreachable_names_the_host_and_the_proxy() {
    let app = || AppOnly::new(Cloud::public(), "t", "an-app", "planted-secret".to_owned()).unwrap();
    let network = Network::new().proxy("http://user:planted-password@127.0.0.1:1");
    let error = app().network(network).unwrap().token().await.unwrap_err();
    let words = "the sign-in is unreachable: cannot connect to login.microsoftonline.com through the proxy http://127.0.0.1:1: ";
    let shown = format!("{error} {error:?}");
    assert!(error.to_string().starts_with(words) && error.is_retryable(), "{shown}");
    assert!(!shown.contains("planted"), "{shown}");
}

#[tokio::test]
async fn a_refusal_of_the_proxy_is_named_by_the_sign_in() {
    let response = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n".to_owned();
    let (proxy, connections) = server(response).await;
    let app = AppOnly::new(Cloud::public(), "t", "an-app", "planted-secret".to_owned()).unwrap();
    let app = app.network(Network::new().proxy(proxy.clone())).unwrap();
    let error = app.token().await.unwrap_err();
    let expected = format!(
        "the proxy {proxy} refused the connection to login.microsoftonline.com (403 Forbidden)"
    );
    assert!(error.to_string().contains(&expected), "{error}");
    assert!(error.hint().unwrap().contains("administrator of the proxy"), "{:?}", error.hint());
    assert_eq!(connections.load(Ordering::SeqCst), 2);
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
    let key = "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n";
    let certificate = "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n";
    for file in [certificate, key, "", "text"] {
        let client = Client::builder().token("t".to_owned());
        let error = client.network(Network::new().root_certificate(file)).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Input, "{file}");
        assert!(error.to_string().contains("certificate authorit"), "{error}");
    }
}

/// Starts a server whose certificate is not trusted. Counts its connections.
async fn untrusted_server() -> (String, Arc<AtomicUsize>) {
    let emulator = Emulator::builder().listen_https("127.0.0.1:0").start().await.unwrap();
    let target = emulator.https_url().unwrap().trim_start_matches("https://").to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let counting = Arc::clone(&connections);
    tokio::spawn(async move {
        let _emulator = emulator;
        while let Ok((mut socket, _)) = listener.accept().await {
            counting.fetch_add(1, Ordering::SeqCst);
            let mut service = TcpStream::connect(&target).await.unwrap();
            tokio::spawn(async move {
                let _ = tokio::io::copy_bidirectional(&mut socket, &mut service).await;
            });
        }
    });
    (url, connections)
}

#[tokio::test]
async fn an_untrusted_certificate_is_not_tried_again() {
    let (url, connections) = untrusted_server().await;
    let client = Client::builder().base_url(&url).token("a-token".to_owned()).build().unwrap();
    let customer = client.customer(CustomerId::new("c").unwrap());
    let error = customer.policies().list().await.unwrap_err();
    assert_eq!((error.kind(), error.sent(), error.attempts()), (ErrorKind::Connect, Sent::No, 1));
    assert!(error.to_string().contains("certificate"), "{error}");
    assert!(error.hint().unwrap().contains("certificate authority"), "{error}");
    assert!(!error.is_retryable());
    let issuer = "the certificate was issued by \"partner-center-devices";
    assert!(error.to_string().contains(issuer), "{error}");
    assert_eq!(connections.load(Ordering::SeqCst), 2); // one for the request, and one for the issuer

    let cloud = Cloud { authority: url, ..Cloud::public() };
    let sign_in = AppOnly::new(cloud, "t", "an-app", "a-secret".to_owned()).unwrap();
    let error = sign_in.token().await.unwrap_err();
    assert!(error.to_string().contains("certificate"), "{error}");
    assert!(error.hint().unwrap().contains("certificate authority"), "{error}");
    assert!(error.to_string().contains(issuer), "{error}");
    assert_eq!(connections.load(Ordering::SeqCst), 4);
}
