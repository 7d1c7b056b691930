//! TLS: a handshake with each crypto provider, and the certificate of a client. These tests use sockets.
#![allow(clippy::unwrap_used)]

use std::sync::{Arc, Mutex};

use partner_center_devices::{
    AppOnly, Client, ClientBuilder, Cloud, CustomerId, Error, ErrorKind, Network, Retry, Sent,
    TokenProvider as _,
};
use partner_center_devices_emulator::Emulator;
use partner_center_devices_testkit::app_credentials::AppCertificate;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

fn builder(url: &str) -> ClientBuilder {
    partner_center_devices_testkit::trace();
    Client::builder().base_url(url).token("planted-token".to_owned()).retry(Retry::never())
}

/// Installs a crypto provider if the features contain none. Without one, no client can be built.
fn prepare() {
    #[cfg(not(any(feature = "rustls", feature = "rustls-ring")))]
    {
        static ONCE: std::sync::Once = std::sync::Once::new();
        ONCE.call_once(|| {
            let error = builder("https://127.0.0.1").build().unwrap_err();
            assert!(error.to_string().contains("there is no crypto provider"), "{error}");
            aws_lc_rs::default_provider().install_default().unwrap();
        });
    }
}

async fn policies(client: ClientBuilder) -> Result<usize, Error> {
    let customer = client.build().unwrap().customer(CustomerId::new("c").unwrap());
    Ok(customer.policies().list().await?.len())
}

#[tokio::test]
async fn a_client_connects_with_its_crypto_provider() {
    prepare();
    let emulator = Emulator::builder().listen_https("127.0.0.1:0").start().await.unwrap();
    let network = Network::new().root_certificate(emulator.certificate_pem().unwrap());
    let client = builder(emulator.https_url().unwrap()).network(network);
    assert_eq!(policies(client).await.unwrap(), 0);

    #[cfg(all(feature = "rustls-ring", not(feature = "rustls")))]
    {
        use tokio_rustls::rustls::NamedGroup;
        use tokio_rustls::rustls::crypto::CryptoProvider;
        // aws-lc has this method to exchange keys, and ring does not.
        let ring = CryptoProvider::get_default().unwrap();
        assert!(ring.kx_groups.iter().all(|group| group.name() != NamedGroup::X25519MLKEM768));
    }
}

/// Starts a server that requires a certificate which `authority` issued. Returns its address, its own certificate and the
/// certificates that clients presented.
async fn server_for_clients(
    authority: &AppCertificate,
) -> (String, Vec<u8>, Arc<Mutex<Vec<Vec<u8>>>>) {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(authority.der.clone().into()).unwrap();
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    let own = AppCertificate::server();
    let key = PrivateKeyDer::Pkcs8(own.key_der().to_vec().into());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier.build().unwrap())
        .with_single_cert(vec![own.der.clone().into()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let presented = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&presented);
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let mut stream = match acceptor.accept(socket).into_fallible().await {
                Ok(stream) => stream,
                Err((_, mut refused)) => {
                    // Unread data would reset the connection, and the alert would be lost.
                    let _ = refused.shutdown().await;
                    let _ = refused.read_to_end(&mut Vec::new()).await;
                    continue;
                }
            };
            let certificate = stream.get_ref().1.peer_certificates().unwrap()[0].to_vec();
            seen.lock().unwrap().push(certificate);
            let _ = stream.read(&mut [0; 10_000]).await;
            let response = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]";
            stream.write_all(response).await.unwrap();
            let _ = stream.shutdown().await;
        }
    });
    (url, own.der, presented)
}

#[tokio::test]
async fn a_client_identifies_itself_with_its_certificate() {
    prepare();
    let (own, other) = (AppCertificate::elliptic(), AppCertificate::elliptic());
    let (url, authority, presented) = server_for_clients(&own).await;
    let network = || Network::new().root_certificate(authority.clone());
    let with = |pem: String| builder(&url).network(network().client_certificate(pem));
    assert_eq!(policies(with(own.pem())).await.unwrap(), 0);
    assert_eq!(
        policies(builder(&url).network(network()).client_certificate(own.pem())).await.unwrap(),
        0
    );
    for client in [builder(&url).network(network()), with(other.pem())] {
        let error = policies(client.retry(Retry::default())).await.unwrap_err();
        let words =
            "the server did not accept the certificate of this machine (received fatal alert";
        assert!(error.to_string().contains(words), "{error}");
        assert!(error.hint().unwrap().contains("requires a certificate of this machine"));
        assert_eq!(
            (error.kind(), error.sent(), error.attempts()),
            (ErrorKind::Connect, Sent::No, 1)
        );
        assert!(!error.is_retryable(), "{error}");
    }
    let cloud = Cloud { api: url.clone(), authority: url };
    let app = AppOnly::new(cloud, "t", "an-app", "planted-secret".to_owned()).unwrap();
    let error = app.network(network()).unwrap().token().await.unwrap_err();
    assert!(error.to_string().contains("certificate of this machine"), "{error}");
    assert!(error.hint().unwrap().contains("requires a certificate of this machine"), "{error}");
    assert_eq!(*presented.lock().unwrap(), [own.der.clone(), own.der]);
}
