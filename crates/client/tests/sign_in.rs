//! Every token provider against the sign-in of the emulator: on a port, or in process where the test needs to advance
//! the time.
#![allow(clippy::unwrap_used)]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use partner_center_devices::raw::{BoxError, BoxFuture};
use partner_center_devices::{
    AccessToken, AppOnly, AuthorizationCode, BatchId, Client, Cloud, Customer, CustomerId,
    DeviceCode, DeviceIdentity, DevicePrompt, ErrorKind, RefreshToken, Sent, SignInPage,
    TokenError, TokenProvider, TokenStore,
};
use partner_center_devices_emulator::{
    AuthMode, Emulator, InProcess, LoginApp, LoginSettings, LoginUser, Pace,
};
use secrecy::{ExposeSecret, SecretString};
use wiremock::matchers::{body_string_contains, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const CUSTOMER: &str = "47021739-3426-40bf-9601-61b4b6d7c793";
const TENANT: &str = "contoso.onmicrosoft.com";

/// A store that records every token, newest last.
#[derive(Clone, Default)]
struct RecordingStore(Arc<Mutex<Vec<String>>>);

impl RecordingStore {
    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl TokenStore for RecordingStore {
    fn save<'a>(&'a self, token: &'a SecretString) -> BoxFuture<'a, Result<(), BoxError>> {
        self.0.lock().unwrap().push(token.expose_secret().to_owned());
        Box::pin(async { Ok(()) })
    }
}

async fn emulator() -> Emulator {
    let login = LoginSettings::default()
        .app(LoginApp::confidential("web", "planted-s3cr3t"))
        .app(LoginApp::public("native"))
        .user(LoginUser::new("admin@contoso.onmicrosoft.com"))
        .user(LoginUser::new("sales@contoso.onmicrosoft.com").without_mfa())
        .poll_interval(Duration::ZERO);
    let builder = Emulator::builder().pace(Pace::instant()).auth(AuthMode::Strict).login(login);
    partner_center_devices_testkit::trace();
    builder.start().await.unwrap()
}

fn cloud(emulator: &Emulator) -> Cloud {
    Cloud { api: emulator.url().to_owned(), authority: emulator.url().to_owned() }
}

fn customer(emulator: &Emulator, tokens: impl TokenProvider) -> Customer {
    let client = Client::builder().base_url(emulator.url()).token_provider(tokens).validate_mfa();
    client.build().unwrap().customer(CustomerId::new(CUSTOMER).unwrap())
}

/// Creates a batch and returns whether the service saw multi-factor authentication.
async fn create(customer: &Customer, name: &str) -> partner_center_devices::Result<Option<bool>> {
    let device = DeviceIdentity::from_product_key("3306123456789").unwrap();
    let call = customer.device_batches().create(BatchId::new(name).unwrap(), [device]);
    let (_, raw) = call.with_raw().await?;
    Ok(raw.is_mfa_compliant())
}

/// Signs `user` in by device code and returns the first refresh token.
async fn first_refresh_token(emulator: &Emulator, user: &'static str) -> String {
    let (store, root) = (RecordingStore::default(), emulator.url().to_owned());
    let approve = move |prompt: DevicePrompt| {
        assert!(prompt.verification_uri.starts_with(&root), "{prompt:?}");
        let verdict = format!("login/devicecodes/{}/approve?user={user}", prompt.user_code);
        let url = format!("{root}/_emulator/{verdict}");
        tokio::spawn(async move {
            assert_eq!(http().post(url).send().await.unwrap().status(), 204);
        });
    };
    let code = DeviceCode::new(cloud(emulator), TENANT, "native", store.clone(), approve).unwrap();
    let customer = customer(emulator, code);
    create(&customer, &format!("by {user}")).await.unwrap();
    let store = store.all();
    assert_eq!(store.len(), 1, "the refresh token of the sign-in is stored");
    store[0].clone()
}

fn http() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// A store with a token of an earlier sign-in.
struct OldToken;

impl TokenStore for OldToken {
    fn save<'a>(&'a self, _: &'a SecretString) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async { Ok(()) })
    }

    fn load(&self) -> BoxFuture<'_, Result<Option<SecretString>, BoxError>> {
        Box::pin(async { Ok(Some("planted-old".into())) })
    }
}

#[tokio::test]
async fn the_claims_of_a_refusal_reach_the_next_sign_in() {
    let server = MockServer::start().await;
    let json = |status, body| ResponseTemplate::new(status).set_body_string(body);
    let refusal =
        r#"{"error":"interaction_required","error_codes":[50076],"claims":"{\"policy\":1}"}"#;
    let code = r#"{"device_code":"d","user_code":"U","verification_uri":"https://a.example","interval":1}"#;
    let refresh = Mock::given(body_string_contains("planted-old"));
    refresh.respond_with(json(400, refusal)).mount(&server).await;
    let claims = "claims=%7B%22policy%22%3A1%7D";
    let with_claims = Mock::given(path(format!("/{TENANT}/oauth2/v2.0/devicecode")));
    let with_claims = with_claims.and(body_string_contains(claims));
    with_claims.respond_with(json(200, code)).expect(1).mount(&server).await;
    let tokens = Mock::given(body_string_contains("device_code=d"));
    let tokens = tokens.respond_with(json(200, r#"{"access_token":"a","expires_in":3600}"#));
    tokens.mount(&server).await;
    let cloud = Cloud::emulator(&server.uri());
    let user = DeviceCode::new(cloud.clone(), TENANT, "native", OldToken, |_| ()).unwrap();
    assert_eq!(user.token().await.unwrap().secret().expose_secret(), "a");

    let tenant = RefreshToken::stored(cloud.clone(), TENANT, "native", OldToken).unwrap();
    assert_eq!(tenant.token().await.unwrap_err().claims(), Some(r#"{"policy":1}"#));
    let (opened, pages) = tokio::sync::mpsc::unbounded_channel::<SignInPage>();
    let mut pages = pages;
    let open = move |page| drop(opened.send(page));
    let browser = AuthorizationCode::new(cloud, TENANT, "native", OldToken, open).unwrap();
    tokio::select! {
        _ = browser.token() => panic!("no one signs in"),
        page = pages.recv() => assert!(page.unwrap().url.contains(claims)),
    }
}

#[tokio::test]
async fn an_app_only_token_cannot_create_a_batch() {
    let emulator = emulator().await;
    let app = || AppOnly::new(cloud(&emulator), TENANT, "web", "planted-s3cr3t").unwrap();
    let customer = customer(&emulator, app());
    assert!(customer.policies().list().await.unwrap().is_empty());
    let error = create(&customer, "b").await.unwrap_err();
    assert_eq!(
        (error.code(), error.sent()),
        (Some("900329"), Sent::No),
        "the client refuses by itself"
    );

    // Without the client's check, the service refuses with the same code.
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "web"),
        ("client_secret", "planted-s3cr3t"),
        ("scope", "https://api.partnercenter.microsoft.com/.default"),
    ];
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let url = format!("{}/{TENANT}/oauth2/v2.0/token", emulator.url());
    let request = http().post(url).header("content-type", "application/x-www-form-urlencoded");
    let response: serde_json::Value =
        request.body(body).send().await.unwrap().json().await.unwrap();
    let batches = format!("{}/v1/customers/{CUSTOMER}/deviceBatches", emulator.url());
    let request = http().post(batches).bearer_auth(response["access_token"].as_str().unwrap());
    let body = serde_json::json!({ "batchId": "b", "devices": [{ "productKey": "K" }] });
    let refused = request.json(&body).send().await.unwrap();
    assert_eq!(refused.status(), 403);
    let fault: serde_json::Value = refused.json().await.unwrap();
    assert_eq!(fault["code"], 900_329);
}

#[tokio::test]
async fn a_refused_sign_in_reports_the_code_without_secrets() {
    let emulator = emulator().await;
    for (client, secret, code) in
        [("web", "planted-wr0ng", "AADSTS7000215"), ("nobody", "planted-wr0ng", "AADSTS700016")]
    {
        let app = AppOnly::new(cloud(&emulator), TENANT, client, secret).unwrap();
        let error = app.token().await.unwrap_err();
        assert_eq!(error.code(), Some(code));
        assert!(
            error.hint().is_some() && !format!("{error:?}").contains("planted-wr0ng"),
            "{error:?}"
        );
    }
    let customer = customer(&emulator, StaticToken);
    let error = customer.policies().list().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
}

#[tokio::test(start_paused = true)]
async fn an_unreachable_sign_in_is_retryable() {
    let mut cloud = Cloud::public();
    cloud.authority = "http://127.0.0.1:9".to_owned(); // nothing listens there
    let app = AppOnly::new(cloud, TENANT, "web", "planted-s3cr3t").unwrap();
    let error = app.token().await.unwrap_err();
    assert!(error.is_retryable() && error.code().is_none() && error.hint().is_some(), "{error}");
    let (named, cause) = ("the sign-in is unreachable: cannot connect to 127.0.0.1:9: ", "refused");
    assert!(error.to_string().starts_with(named) && error.to_string().contains(cause), "{error}");
}

/// A token that the emulator did not issue.
struct StaticToken;

impl TokenProvider for StaticToken {
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>> {
        Box::pin(async { Ok(AccessToken::new("t".to_owned())) })
    }
}

#[tokio::test]
async fn a_user_signs_in_once_and_then_uses_refresh_tokens() {
    let emulator = emulator().await;
    let first = first_refresh_token(&emulator, "admin@contoso.onmicrosoft.com").await;
    let store = RecordingStore::default();
    let refresh =
        || RefreshToken::new(cloud(&emulator), TENANT, "native", first.clone(), store.clone());
    let provider = refresh().unwrap();
    provider.token().await.unwrap();
    provider.token().await.unwrap();
    let successors = store.all();
    assert_eq!(successors.len(), 2);
    assert!(successors[0] != successors[1] && !successors.contains(&first));
    let customer = customer(&emulator, provider);
    assert_eq!(create(&customer, "by refresh token").await.unwrap(), Some(true));

    // A program that lost the new token uses the first one again.
    let outdated = refresh().unwrap();
    let error = outdated.token().await.unwrap_err();
    assert_eq!(error.code(), Some("AADSTS70000"));
    assert!(error.to_string().contains("already used"), "{error}");
    assert!(!format!("{error:?} {error}").contains(&first));
}

/// Signs in as a browser would: it follows the redirects of the sign-in page.
fn browse(page: SignInPage) {
    tokio::spawn(async move {
        let response = http().get(page.url).send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert!(response.text().await.unwrap().contains("You are signed in"));
    });
}

#[tokio::test]
async fn a_user_signs_in_with_a_browser() {
    let emulator = emulator().await;
    for (app, secret) in [("native", None), ("web", Some("planted-s3cr3t"))] {
        let store = RecordingStore::default();
        let provider =
            AuthorizationCode::new(cloud(&emulator), TENANT, app, store.clone(), browse).unwrap();
        let provider = match secret {
            Some(secret) => provider.client_secret(secret),
            None => provider,
        };
        assert_eq!(provider.token().await.unwrap().claims().unwrap().multi_factor, Some(true));
        assert_eq!(store.all().len(), 1);
        // The second token comes from the refresh token.
        provider.token().await.unwrap();
        assert_eq!(store.all().len(), 2);
    }
}

#[tokio::test]
async fn a_stranger_can_neither_end_a_browser_sign_in_nor_supply_a_code() {
    let emulator = emulator().await;
    let open = |page: SignInPage| {
        let url = url::Url::parse(&page.url).unwrap();
        let redirect = url.query_pairs().find(|(name, _)| name == "redirect_uri").unwrap().1;
        let redirect = redirect.replace("localhost", "127.0.0.1");
        tokio::spawn(async move {
            for query in ["?code=planted&state=guessed", "?error=access_denied", "favicon.ico"] {
                let response = http().get(format!("{redirect}/{query}")).send().await.unwrap();
                assert_eq!(response.status(), 404, "{query}");
            }
            browse(page);
        });
    };
    let store = RecordingStore::default();
    let provider = AuthorizationCode::new(cloud(&emulator), TENANT, "native", store, open);
    provider.unwrap().token().await.unwrap();
}

/// A store that several processes share.
#[derive(Clone, Default)]
struct SharedStore(Arc<tokio::sync::Mutex<()>>, Arc<Mutex<Option<SecretString>>>);

impl TokenStore for SharedStore {
    fn save<'a>(&'a self, token: &'a SecretString) -> BoxFuture<'a, Result<(), BoxError>> {
        *self.1.lock().unwrap() = Some(token.clone());
        Box::pin(async { Ok(()) })
    }

    fn load(&self) -> BoxFuture<'_, Result<Option<SecretString>, BoxError>> {
        let token = self.1.lock().unwrap().clone();
        Box::pin(async { Ok(token) })
    }

    fn lock(&self) -> BoxFuture<'_, Result<Box<dyn Send>, BoxError>> {
        let lock = Arc::clone(&self.0).lock_owned();
        Box::pin(async { Ok(Box::new(lock.await) as Box<dyn Send>) })
    }
}

/// The emulator's refresh tokens work once.
#[tokio::test]
async fn two_processes_share_a_rotating_refresh_token() {
    let emulator = emulator().await;
    let store = SharedStore::default();
    let provider =
        AuthorizationCode::new(cloud(&emulator), TENANT, "native", store.clone(), browse).unwrap();
    provider.token().await.unwrap();
    let boxed: Box<dyn TokenStore> = Box::new(store.clone());
    let one = RefreshToken::stored(cloud(&emulator), TENANT, "native", boxed).unwrap();
    let two = RefreshToken::stored(cloud(&emulator), TENANT, "native", Arc::new(store.clone()));
    let (one, two): (Arc<dyn TokenProvider>, Box<dyn TokenProvider>) =
        (Arc::new(one), Box::new(two.unwrap()));
    let (one, two) = (Client::builder().token_provider(one), Client::builder().token_provider(two));
    let (one, two) = (one.base_url(emulator.url()).build().unwrap(), two.base_url(emulator.url()));
    let two = two.build().unwrap();
    for _ in 0..3 {
        let (first, second, third) =
            tokio::join!(provider.token(), one.token_claims(), two.token_claims());
        assert!(first.is_ok() && second.is_ok() && third.is_ok());
    }
    // An outdated token is replaced by the stored one, and an outdated store by a new token.
    let newest = store.load().await.unwrap().unwrap();
    let outdated = RefreshToken::new(cloud(&emulator), TENANT, "native", "outdated", store.clone());
    outdated.unwrap().token().await.unwrap();
    let newest_after = store.load().await.unwrap().unwrap();
    assert_ne!(newest.expose_secret(), newest_after.expose_secret());
    store.save(&newest).await.unwrap();
    let again = RefreshToken::new(cloud(&emulator), TENANT, "native", newest_after, store);
    again.unwrap().token().await.unwrap();
}

#[tokio::test]
async fn an_empty_store_is_an_error() {
    let emulator = emulator().await;
    let store = SharedStore::default();
    let provider = RefreshToken::stored(cloud(&emulator), TENANT, "native", store).unwrap();
    let error = provider.token().await.unwrap_err();
    assert!(error.to_string().contains("no refresh token"), "{error}");
    assert!(error.needs_sign_in() && error.hint().is_some());
}

#[tokio::test]
async fn a_service_that_requires_mfa_gets_one_request_from_a_user_without_it() {
    let login = LoginSettings::default()
        .user(LoginUser::new("sales@contoso.onmicrosoft.com").without_mfa())
        .auto_approve(Duration::ZERO)
        .poll_interval(Duration::ZERO)
        .require_mfa();
    let emulator = Emulator::builder().auth(AuthMode::Strict).login(login).start().await.unwrap();
    let store = RecordingStore::default();
    let code = DeviceCode::new(cloud(&emulator), TENANT, "native", store.clone(), |_| ()).unwrap();
    let error = create(&customer(&emulator, code), "b").await.unwrap_err();
    assert_eq!((error.code(), error.is_mfa_compliant()), (Some("900421"), Some(false)));
    assert_eq!(error.attempts(), 1, "a new token of the same sign-in would not help");
    assert_eq!(store.all().len(), 1, "the sign-in is not renewed");
}

#[tokio::test]
async fn reports_a_sign_in_without_mfa() {
    let emulator = emulator().await;
    let token = first_refresh_token(&emulator, "sales@contoso.onmicrosoft.com").await;
    let provider =
        RefreshToken::new(cloud(&emulator), TENANT, "native", token, RecordingStore::default())
            .unwrap();
    let customer = customer(&emulator, provider);
    assert_eq!(create(&customer, "by sales").await.unwrap(), Some(false));
}

#[tokio::test]
async fn a_declined_sign_in_is_an_error() {
    let emulator = emulator().await;
    let root = emulator.url().to_owned();
    let decline = move |prompt: DevicePrompt| {
        let url = format!("{root}/_emulator/login/devicecodes/{}/decline", prompt.user_code);
        tokio::spawn(http().post(url).send());
    };
    let code =
        DeviceCode::new(cloud(&emulator), TENANT, "native", RecordingStore::default(), decline);
    let error = code.unwrap().token().await.unwrap_err();
    assert_eq!(error.to_string(), "the sign-in was declined");
}

/// Requests tokens from the emulator in this process, and drops their lifetime.
#[derive(Clone)]
struct Untimed(InProcess, Arc<Mutex<usize>>);

impl TokenProvider for Untimed {
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>> {
        *self.1.lock().unwrap() += 1;
        let request = Request::post(format!("http://emulator/{TENANT}/oauth2/token"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Bytes::from_static(
                b"grant_type=client_credentials&client_id=a&client_secret=b&\
                  resource=https://api.partnercenter.microsoft.com",
            ));
        let response = self.0.handle(&request.unwrap()).response().unwrap();
        let response: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
        let token = response["access_token"].as_str().unwrap().to_owned();
        Box::pin(async { Ok(AccessToken::new(token)) })
    }
}

#[tokio::test(start_paused = true)]
async fn replaces_an_expired_token() {
    let login = LoginSettings::default().token_lifetime(Duration::from_secs(60));
    let service = Emulator::builder().auth(AuthMode::Strict).login(login).in_process();
    let requests = Arc::<Mutex<usize>>::default();
    let tokens = Untimed(service.clone(), Arc::clone(&requests));
    let client = Client::builder().in_process(service).token_provider(tokens).build().unwrap();
    let customer = client.customer(CustomerId::new(CUSTOMER).unwrap());
    for (wait, expected) in [(0, 1), (58, 1), (3, 2)] {
        tokio::time::sleep(Duration::from_secs(wait)).await;
        customer.policies().list().await.unwrap();
        assert_eq!(*requests.lock().unwrap(), expected);
    }
}

/// Opens the redirect address with a code, as a browser would after a sign-in.
fn redirect(page: &SignInPage) {
    let url = url::Url::parse(&page.url).unwrap();
    let value = |name: &str| url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    let answer = format!("{}/?code=c&state={}", value("redirect_uri"), value("state"));
    tokio::spawn(async move { http().get(answer).send().await.unwrap() });
}

#[tokio::test]
async fn a_person_is_asked_at_the_start_and_then_only_by_sign_in() {
    let server = MockServer::start().await;
    let respond = |grant: &'static str, status: u16, body: serde_json::Value| {
        Mock::given(path("/t/oauth2/v2.0/token"))
            .and(body_string_contains(format!("grant_type={grant}")))
            .respond_with(ResponseTemplate::new(status).set_body_json(body))
            .mount(&server)
    };
    let tokens = || serde_json::json!({ "access_token": "a", "refresh_token": "r" });
    let revoked = serde_json::json!({ "error": "invalid_grant", "error_codes": [50173] });
    respond("refresh_token", 400, revoked).await;
    respond("authorization_code", 200, tokens()).await;
    respond("urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code", 200, tokens()).await;
    let code = serde_json::json!({ "device_code": "d", "user_code": "ABC", "interval": 0, "verification_uri": "https://x" });
    Mock::given(path("/t/oauth2/v2.0/devicecode"))
        .respond_with(ResponseTemplate::new(200).set_body_json(code))
        .mount(&server)
        .await;

    let cloud = || Cloud { authority: server.uri(), ..Cloud::public() };
    let asked = Arc::new(Mutex::new(0));
    let count = || {
        let asked = Arc::clone(&asked);
        move || *asked.lock().unwrap() += 1
    };
    // The store has a token that was revoked.
    let stored = || {
        let store = SharedStore::default();
        *store.1.lock().unwrap() = Some("revoked".into());
        store
    };
    let (count_pages, count_codes) = (count(), count());
    let open = move |page: SignInPage| {
        count_pages();
        redirect(&page);
    };
    let browser = AuthorizationCode::new(cloud(), "t", "c", stored(), open).unwrap();
    let device = DeviceCode::new(cloud(), "t", "c", stored(), move |_| count_codes()).unwrap();
    macro_rules! check {
        ($provider:expr) => {
            *asked.lock().unwrap() = 0;
            $provider.token().await.unwrap();
            assert_eq!(*asked.lock().unwrap(), 1);
            let error = $provider.token().await.unwrap_err();
            assert!(error.needs_sign_in() && !error.is_retryable(), "{error}");
            assert_eq!(*asked.lock().unwrap(), 1, "perhaps no one would answer");
            $provider.sign_in().await.unwrap();
            assert_eq!(*asked.lock().unwrap(), 2);
        };
    }
    check!(browser);
    check!(device);
}

#[tokio::test]
async fn a_response_of_the_sign_in_that_is_too_large_is_an_error() {
    let server = MockServer::start().await;
    let body = vec![b' '; (1 << 20) + 1];
    let respond = ResponseTemplate::new(200).set_body_bytes(body);
    Mock::given(path("/t/oauth2/v2.0/token")).respond_with(respond).expect(1).mount(&server).await;
    let cloud = Cloud { api: server.uri(), authority: server.uri() };
    let app = AppOnly::new(cloud, "t", "an-app", "planted-s3cr3t".to_owned()).unwrap();
    let error = app.token().await.unwrap_err();
    assert!(error.to_string().contains("larger than 1 MiB"), "{error}");
    assert!(error.is_retryable() && !error.needs_sign_in(), "{error}");
}
