//! HTTPS: certificates, trust, and connections that fail or hang.

use std::sync::Arc;
use std::time::Duration;

use partner_center_devices_emulator::{Emulator, Pace, Tls};
use rcgen::{CertificateParams, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::support::CUSTOMER;

/// Returns a client that trusts only this certificate.
fn trusting(certificate: CertificateDer<'static>) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(certificate).unwrap();
    let config = ClientConfig::builder_with_provider(aws_lc_rs::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config).into()
}

fn trusting_the_ca_of(emulator: &Emulator) -> TlsConnector {
    let pem = emulator.certificate_pem().unwrap();
    trusting(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap())
}

fn address(url: &str) -> &str {
    url.split_once("://").unwrap().1
}

async fn connect(
    client: &TlsConnector,
    url: &str,
    name: &'static str,
) -> std::io::Result<TlsStream<TcpStream>> {
    let connection = TcpStream::connect(address(url)).await.unwrap();
    client.connect(ServerName::try_from(name).unwrap(), connection).await
}

/// Sends a request and returns the complete response as text.
async fn call<C: AsyncReadExt + AsyncWriteExt + Unpin>(mut connection: C, request: &str) -> String {
    let (head, body) = request.split_once('\n').unwrap_or((request, ""));
    let length = body.len();
    let request = format!(
        "{head} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer t\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    connection.read_to_string(&mut response).await.unwrap();
    response
}

fn batches() -> String {
    format!("/v1/customers/{CUSTOMER}/deviceBatches")
}

#[tokio::test]
async fn http_and_https_share_one_service() {
    let builder = Emulator::builder().pace(Pace::instant()).listen("127.0.0.1:0");
    let tls = Tls::generated_for(["emulator.test"]).unwrap();
    let emulator = builder.listen_https("127.0.0.1:0").tls(tls).start().await.unwrap();
    let (http, https) = (emulator.url(), emulator.https_url().unwrap());
    assert!(http.starts_with("http://127.0.0.1:"), "{http}");
    assert!(https.starts_with("https://127.0.0.1:"), "{https}");

    let body = r#"{"batchId":"created over HTTP","devices":[]}"#;
    let created = TcpStream::connect(address(http)).await.unwrap();
    let created = call(created, &format!("POST {}\n{body}", batches())).await;
    assert!(created.starts_with("HTTP/1.1 202 "), "{created}");

    let client = trusting_the_ca_of(&emulator);
    for name in ["localhost", "127.0.0.1", "::1", "emulator.test"] {
        let connection = connect(&client, https, name).await.unwrap();
        assert_eq!(connection.get_ref().1.alpn_protocol(), None);
        let list = call(connection, &format!("GET {}", batches())).await;
        assert!(list.starts_with("HTTP/1.1 200 ") && list.contains("created over HTTP"), "{list}");
    }
    let error = connect(&client, https, "other.test").await.unwrap_err().to_string();
    assert!(error.contains("not valid for name"), "{error}");
    emulator.stop().await;
}

#[tokio::test]
async fn each_start_has_a_new_ca() {
    let builder = Emulator::builder().tls(Tls::generated());
    let (emulator, other) =
        (builder.clone().start().await.unwrap(), builder.start().await.unwrap());
    assert_eq!(Some(emulator.url()), emulator.https_url()); // HTTPS only
    let client = trusting_the_ca_of(&other);
    assert!(connect(&client, emulator.url(), "localhost").await.is_err());
    assert!(connect(&client, other.url(), "localhost").await.is_ok());
}

#[tokio::test]
async fn serves_a_user_s_own_certificate() {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["mine.test".to_owned()]).unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let pem = |label: &str, der: &[u8]| {
        use base64::Engine as _;
        let body = base64::engine::general_purpose::STANDARD.encode(der);
        format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
    };
    let chain = pem("CERTIFICATE", certificate.der());
    let tls = Tls::from_pem(chain, pem("PRIVATE KEY", key.serialized_der())).unwrap();
    let emulator = Emulator::builder().tls(tls).start().await.unwrap();
    assert_eq!(emulator.certificate_pem(), None);
    let client = trusting(certificate.der().clone());
    let connection = connect(&client, emulator.url(), "mine.test").await.unwrap();
    assert!(call(connection, &format!("GET {}", batches())).await.starts_with("HTTP/1.1 200 "));
}

#[tokio::test]
async fn a_failed_or_hanging_handshake_blocks_no_other_client() {
    let emulator = Emulator::builder().tls(Tls::generated()).start().await.unwrap();
    let client = trusting_the_ca_of(&emulator);
    let hanging = TcpStream::connect(address(emulator.url())).await.unwrap();

    // A plain HTTP request gets a TLS alert or a closed connection, but no response.
    let mut plain = TcpStream::connect(address(emulator.url())).await.unwrap();
    plain.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut received = Vec::new();
    drop(plain.read_to_end(&mut received).await);
    assert!(!received.starts_with(b"HTTP"), "{received:?}");

    let connection = connect(&client, emulator.url(), "localhost").await.unwrap();
    assert!(call(connection, &format!("GET {}", batches())).await.starts_with("HTTP/1.1 200 "));

    // A handshake is not a running request, so the stop does not wait for it.
    tokio::time::timeout(Duration::from_secs(3), emulator.stop()).await.unwrap();
    drop(hanging);
}

/// The paused clock advances when all tasks are idle.
#[tokio::test(start_paused = true)]
async fn disconnects_a_client_without_a_handshake_after_ten_seconds() {
    let emulator = Emulator::builder().tls(Tls::generated()).start().await.unwrap();
    let start = tokio::time::Instant::now();
    let mut silent = TcpStream::connect(address(emulator.url())).await.unwrap();
    assert_eq!(silent.read(&mut [0; 8]).await.unwrap(), 0);
    assert_eq!(start.elapsed().as_secs(), 10);
}

#[tokio::test]
async fn the_issuer_has_the_scheme_of_the_request() {
    let builder = Emulator::builder().listen("127.0.0.1:0").tls(Tls::generated());
    let emulator = builder.start().await.unwrap();
    let client = trusting_the_ca_of(&emulator);
    let path = "GET /contoso/v2.0/.well-known/openid-configuration";
    let secure = connect(&client, emulator.https_url().unwrap(), "localhost").await.unwrap();
    let discovery = call(secure, path).await;
    assert!(discovery.contains(r#""issuer":"https://x/"#), "{discovery}");
    let discovery = call(TcpStream::connect(address(emulator.url())).await.unwrap(), path).await;
    assert!(discovery.contains(r#""issuer":"http://x/"#), "{discovery}");
}
