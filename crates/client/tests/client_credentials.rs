//! Apps that sign in without a secret, and the claims challenges of the service, against the sign-in of the emulator.
#![allow(clippy::unwrap_used)]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use partner_center_devices::raw::{BoxError, BoxFuture};
use partner_center_devices::{
    AppOnly, Client, ClientCredential, Cloud, CustomerId, DeviceCode, ErrorKind, Network,
    RefreshToken, TokenError, TokenProvider, TokenStore,
};
use partner_center_devices_emulator::{AuthMode, Emulator, LoginApp, LoginSettings};
use partner_center_devices_testkit::app_credentials::{AppCertificate, ISSUER, federated_token};
use secrecy::SecretString;
use serde_json::json;
use wiremock::matchers::{header, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

const TENANT: &str = "contoso.onmicrosoft.com";
const SUBJECT: &str = "repo:contoso/devices:ref:refs/heads/main";

async fn emulator(login: LoginSettings) -> Emulator {
    partner_center_devices_testkit::trace();
    Emulator::builder().auth(AuthMode::Strict).login(login).start().await.unwrap()
}

fn cloud(emulator: &Emulator) -> Cloud {
    Cloud { api: emulator.url().to_owned(), authority: emulator.url().to_owned() }
}

fn app(emulator: &Emulator, credential: ClientCredential) -> AppOnly {
    AppOnly::with_credential(cloud(emulator), TENANT, "app", credential).unwrap()
}

async fn policies(
    emulator: &Emulator,
    provider: impl TokenProvider,
) -> partner_center_devices::Result<usize> {
    let client = Client::builder().base_url(emulator.url()).token_provider(provider);
    let customer = client.build().unwrap().customer(CustomerId::new("c").unwrap());
    Ok(customer.policies().list().await?.len())
}

#[tokio::test]
async fn an_app_signs_in_with_its_certificate() {
    let (own, other) = (AppCertificate::rsa(), AppCertificate::rsa());
    let registered = LoginApp::with_certificate("app", own.certificate_pem()).unwrap();
    let emulator = emulator(LoginSettings::default().app(registered)).await;
    let credential = ClientCredential::certificate(own.pem()).unwrap();
    assert_eq!(format!("{credential:?}"), "ClientCredential(certificate)");
    let provider = app(&emulator, credential);
    assert!(provider.is_app_only());
    let claims = provider.token().await.unwrap().claims().unwrap();
    assert!(claims.is_app_only && claims.client_id.as_deref() == Some("app"));
    assert_eq!(policies(&emulator, provider).await.unwrap(), 0);

    let error = app(&emulator, ClientCredential::certificate(other.pem()).unwrap());
    let error = error.token().await.unwrap_err();
    assert_eq!(error.code(), Some("AADSTS700027"));
    assert!(error.hint().unwrap().contains("uploaded to the app registration"), "{error}");
    // The thumbprint of the registered certificate does not help without its key.
    let forged = format!("{}{}", other.key_pem(), own.certificate_pem());
    assert!(ClientCredential::certificate(forged).is_err());
}

#[tokio::test]
async fn a_federated_token_is_fetched_for_each_request() {
    let registered = LoginApp::federated("app", ISSUER, SUBJECT);
    let emulator = emulator(LoginSettings::default().app(registered)).await;
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let source = ClientCredential::federated(move || {
        counted.fetch_add(1, Ordering::SeqCst);
        async { Ok(SecretString::from(federated_token(SUBJECT))) }
    });
    let provider = app(&emulator, source);
    provider.token().await.unwrap();
    provider.token().await.unwrap();
    assert_eq!(calls.load(Ordering::SeqCst), 2);

    let failing = ClientCredential::federated(|| async {
        Err(TokenError::new("the agent is not running").retryable())
    });
    let error = app(&emulator, failing).token().await.unwrap_err();
    assert!(error.is_retryable() && error.to_string().contains("the agent is not running"));
}

#[tokio::test]
async fn a_federated_token_file_is_read_again() {
    let registered = LoginApp::federated("app", ISSUER, SUBJECT);
    let emulator = emulator(LoginSettings::default().app(registered)).await;
    let file = std::env::temp_dir().join(format!("federated-token-{}", uuid::Uuid::new_v4()));
    let provider = app(&emulator, ClientCredential::federated_token_file(&file));
    let error = provider.token().await.unwrap_err();
    assert!(error.to_string().contains("cannot read the federated token in"), "{error}");
    for (content, expected) in [
        (federated_token("repo:evil/fork"), Some("AADSTS700213")),
        (format!("{}\n", federated_token(SUBJECT)), None),
        ("planted: not a token".to_owned(), Some("not a JSON Web Token")),
        ("x".repeat((1 << 20) + 1), Some("larger than 1 MiB")),
    ] {
        std::fs::write(&file, content).unwrap();
        let error = provider.token().await.err().map(|error| error.to_string());
        match (&error, expected) {
            (Some(error), Some(words)) => assert!(error.contains(words), "{error}"),
            (None, None) => {}
            _ => panic!("{error:?}, expected {expected:?}"),
        }
        assert!(!format!("{error:?}").contains("planted"));
    }
    std::fs::remove_file(file).unwrap();
}

#[tokio::test]
async fn a_job_in_github_actions_signs_in_with_its_token() {
    let registered = LoginApp::federated("app", ISSUER, SUBJECT);
    let emulator = emulator(LoginSettings::default().app(registered)).await;
    let github = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/job/idtoken"))
        .and(query_param("api-version", "2.0"))
        .and(query_param("audience", "api://AzureADTokenExchange"))
        .and(header("authorization", "Bearer planted-request-token"))
        .respond_with(move |_: &wiremock::Request| {
            ResponseTemplate::new(200).set_body_json(json!({ "value": federated_token(SUBJECT) }))
        })
        .expect(2)
        .mount(&github)
        .await;
    let url = format!("{}/job/idtoken?api-version=2.0", github.uri());
    let credential = |token: &str| ClientCredential::github_actions(&url, token).unwrap();
    // The proxy is not used for this machine.
    let provider = app(&emulator, credential("planted-request-token\n"));
    let provider = provider.network(Network::new().proxy("http://127.0.0.1:1")).unwrap();
    provider.token().await.unwrap();
    assert_eq!(policies(&emulator, provider).await.unwrap(), 0);

    let error = app(&emulator, credential("planted-wrong")).token().await.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(shown.contains("404") && shown.contains("id-token: write"), "{shown}");
    assert!(!shown.contains("planted"), "{shown}");
}

#[tokio::test]
async fn an_echoed_assertion_is_not_in_the_error() {
    let server = MockServer::start().await;
    let response = |request: &wiremock::Request| {
        let body = String::from_utf8_lossy(&request.body);
        let sent = url::form_urlencoded::parse(body.as_bytes());
        let sent = sent.map(|(_, value)| value.into_owned()).collect::<Vec<_>>().join(" ");
        let error = json!({ "error": "invalid_client", "error_description": sent });
        ResponseTemplate::new(401).set_body_json(error)
    };
    Mock::given(method("POST")).respond_with(response).mount(&server).await;
    let cloud = Cloud { authority: server.uri(), ..Cloud::public() };
    let certificate = ClientCredential::certificate(AppCertificate::rsa().pem()).unwrap();
    let federated = || async { Ok("eyJhbGciOiJSUzI1NiJ9.e30.short".into()) };
    for credential in [certificate, ClientCredential::federated(federated)] {
        let app = AppOnly::with_credential(cloud.clone(), "t", "app", credential).unwrap();
        let shown = format!("{:?}", app.token().await.unwrap_err());
        assert!(shown.contains("client_credentials"), "the endpoint echoes: {shown}");
        assert!(!shown.contains("eyJ") && !shown.contains("short"), "{shown}");
    }
}

/// A store in memory.
#[derive(Clone, Default)]
struct Store(Arc<Mutex<Option<SecretString>>>);

impl TokenStore for Store {
    fn save<'a>(&'a self, token: &'a SecretString) -> BoxFuture<'a, Result<(), BoxError>> {
        *self.0.lock().unwrap() = Some(token.clone());
        Box::pin(async { Ok(()) })
    }

    fn load(&self) -> BoxFuture<'_, Result<Option<SecretString>, BoxError>> {
        let token = self.0.lock().unwrap().clone();
        Box::pin(async { Ok(token) })
    }
}

#[tokio::test]
async fn a_user_without_a_refresh_token_has_one_access_token() {
    let login = LoginSettings::default()
        .auto_approve(Duration::ZERO)
        .poll_interval(Duration::ZERO)
        .without_refresh_tokens();
    let emulator = emulator(login).await;
    let store = Store::default();
    let code = DeviceCode::new(cloud(&emulator), TENANT, "app", store.clone(), |_| ()).unwrap();
    assert_eq!(policies(&emulator, code).await.unwrap(), 0);
    assert!(store.0.lock().unwrap().is_none());
}

#[tokio::test]
async fn a_claims_challenge_is_met_by_the_next_token() {
    let login = LoginSettings::default()
        .auto_approve(Duration::ZERO)
        .poll_interval(Duration::ZERO)
        .challenge_tokens();
    let emulator = emulator(login).await;
    assert_eq!(
        policies(&emulator, app(&emulator, ClientCredential::secret("s"))).await.unwrap(),
        0
    );
    let store = Store::default();
    let code = DeviceCode::new(cloud(&emulator), TENANT, "app", store.clone(), |_| ()).unwrap();
    assert_eq!(policies(&emulator, code).await.unwrap(), 0);
    let user = RefreshToken::stored(cloud(&emulator), TENANT, "app", store).unwrap();
    assert_eq!(policies(&emulator, user).await.unwrap(), 0);

    // A provider that ignores the claims gets the rejection.
    struct Deaf(AppOnly);
    impl TokenProvider for Deaf {
        fn token(&self) -> BoxFuture<'_, Result<partner_center_devices::AccessToken, TokenError>> {
            self.0.token()
        }
    }
    let deaf = Deaf(app(&emulator, ClientCredential::secret("s")));
    assert_eq!(policies(&emulator, deaf).await.unwrap_err().kind(), ErrorKind::Unauthorized);
}
