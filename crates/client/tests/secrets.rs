//! Secrets never appear in output: every secret contains a mark, which errors, `Debug`, panics and traces must not print.
//! CI searches the output of the whole test run for the same mark.
#![allow(clippy::unwrap_used)]

use std::fmt::{Debug, Write as _};
use std::io;
use std::sync::{Arc, Mutex};

use partner_center_devices::raw::{BoxError, BoxFuture};
use partner_center_devices::{
    AccessToken, AppOnly, AuditQuery, BatchId, Client, ClientCredential, Cloud, CustomerId,
    DeviceCode, DeviceId, DeviceIdentity, Network, PolicyAssignment, PolicyId, RefreshToken, Retry,
    TokenError, TokenProvider, TokenStore,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;
use wiremock::matchers::{body_string_contains, path, path_regex};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

const MARK: &str = "PLANTED";

/// Everything that is printed.
#[derive(Clone, Default)]
struct Output(Arc<Mutex<Vec<u8>>>);

impl Output {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }

    fn debug(&self, value: &dyn Debug) {
        let text = format!("{value:?}\n{value:#?}\n");
        self.0.lock().unwrap().extend_from_slice(text.as_bytes());
    }

    /// Prints an error, its sources, and the panic of unwrapping it.
    fn error(&self, error: impl std::error::Error + Send + 'static) {
        let mut text = String::new();
        let mut cause: Option<&dyn std::error::Error> = Some(&error);
        while let Some(error) = cause {
            writeln!(text, "{error}\n{error:?}\n{error:#?}").unwrap();
            cause = error.source();
        }
        let unwrapped = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            panic!("{error:?}"); // like `unwrap`
        }));
        text += unwrapped.unwrap_err().downcast_ref::<String>().unwrap();
        self.0.lock().unwrap().extend_from_slice(text.as_bytes());
    }
}

impl io::Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Output {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// A refresh token store that fails from the second token on.
#[derive(Clone, Default)]
struct Store(Arc<Mutex<Vec<SecretString>>>);

impl TokenStore for Store {
    fn save<'a>(&'a self, token: &'a SecretString) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            let mut tokens = self.0.lock().unwrap();
            tokens.push(token.clone());
            if tokens.len() > 1 { Err("the disk is full".into()) } else { Ok(()) }
        })
    }
}

/// Returns a text as long as a real hash. The mark is in the middle, so no shortened form contains it.
fn hash() -> String {
    format!("T0HzAQEAHAAAAAoA{}{MARK}HASH{}", "A".repeat(1000), "B".repeat(1000))
}

/// Returns a secret that is long enough to be redacted as a word, and has every character that tokens have.
fn secret(what: &str) -> String {
    format!("{MARK}-{what}/{}~{MARK}-7f3a9c", "aB3".repeat(25))
}

/// Starts a server that echoes the request in an error.
async fn echo(status: u16, wrap: impl Fn(String) -> Vec<u8> + Send + Sync + 'static) -> MockServer {
    let server = MockServer::start().await;
    let response = move |request: &Request| {
        let headers: Vec<_> = request.headers.values().filter_map(|v| v.to_str().ok()).collect();
        let sent = format!("{} {}", headers.join(" "), String::from_utf8_lossy(&request.body));
        ResponseTemplate::new(status)
            .insert_header("WWW-Authenticate", secret("challenge").as_str())
            .insert_header("Set-Cookie", secret("cookie").as_str())
            .insert_header("MS-CV", secret("access").as_str())
            .insert_header("MS-RequestId", format!("x {}", secret("access")).as_str())
            .insert_header("Retry-After", secret("access").as_str())
            .set_body_bytes(wrap(sent))
    };
    Mock::given(path_regex(".*")).respond_with(response).mount(&server).await;
    server
}

async fn call_everything(client: &Client, output: &Output) {
    output.debug(client);
    let customer = client.customer(CustomerId::new("c").unwrap());
    let batch = customer.device_batch(BatchId::new("b").unwrap());
    let device = DeviceIdentity::from_hash(hash()).unwrap();
    let assignment = || PolicyAssignment::by_identity(device.clone(), None);
    let policy = PolicyId::new("p").unwrap();
    let raw = client.raw();
    output.debug(&(&customer, &batch, &device, assignment(), &raw));
    let create = || customer.device_batches().create(BatchId::new("b").unwrap(), [device.clone()]);
    output.debug(&create());
    macro_rules! calls {
        ($($call:expr),+ $(,)?) => {$(
            match $call.await {
                Ok(value) => output.debug(&value),
                Err(error) => {
                    output.debug(&(error.code(), error.description(), error.hint()));
                    output.error(error);
                }
            }
        )+};
    }
    calls!(
        create(),
        create().with_raw(),
        batch.devices().add([device.clone()]),
        batch.devices().list(),
        batch.device(DeviceId::new("d").unwrap()).update(Some(policy.clone())),
        batch.device(DeviceId::new("d").unwrap()).delete(),
        customer.device_policies().update([assignment()]),
        customer.device_batches().list(),
        customer.policies().list(),
        customer.policy(policy.clone()).get(),
    );
    // The errors of the generated client print responses as they are. Only the traces of the pipeline are checked.
    let _ = raw.list_device_batches(customer.id()).await;
    let _ = raw.get_policy(customer.id(), &policy).await;
}

fn client(url: &str, token: impl TokenProvider) -> Client {
    let builder = Client::builder().base_url(url).token_provider(token).retry(Retry::never());
    builder.application("an application").build().unwrap()
}

struct Fixed(AccessToken);

impl TokenProvider for Fixed {
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>> {
        Box::pin(async { Ok(self.0.clone()) })
    }
}

fn fixed() -> Fixed {
    Fixed(AccessToken::new(secret("access")))
}

async fn call_an_echoing_service(output: &Output) {
    type Wrap = fn(String) -> Vec<u8>;
    let shapes: [(u16, Wrap); 10] = [
        (403, |sent| json!({"code": "900329", "description": sent}).to_string().into()),
        (400, |sent| json!({"error": {"code": sent, "message": sent}}).to_string().into()),
        (500, |sent| json!({"statusCode": 500, "message": sent}).to_string().into()),
        (502, |sent| format!("<html><title>{sent}</title>{sent}</html>").into()),
        (401, |sent| sent.into()),
        (429, |sent| format!("\u{feff}{sent}").into()),
        // Successes that do not decode, and one that does.
        (200, |sent| format!("{{\"items\": [{{\"serialNumber\": {{\"{sent}\": 1}}}}]}}").into()),
        (200, |sent| format!("{{\"items\": \"{sent}").into()),
        (200, |sent| json!({"items": [{"hardwareHash": sent, "id": "d"}]}).to_string().into()),
        (200, |_| json!({"items": [{"hardwareHash": hash(), "id": "d"}]}).to_string().into()),
    ];
    for (status, wrap) in shapes {
        let server = echo(status, wrap).await;
        call_everything(&client(&server.uri(), fixed()), output).await;
    }
}

/// Uses every provider with sign-in endpoints that succeed, echo, or return nonsense.
async fn sign_in_with_every_provider(output: &Output) {
    let good = MockServer::start().await;
    let response = json!({"access_token": secret("issued"), "refresh_token": secret("rotated"), "expires_in": "3600"});
    Mock::given(body_string_contains("grant_type"))
        .respond_with(ResponseTemplate::new(200).set_body_json(response))
        .mount(&good)
        .await;
    let echoing = echo(400, |sent| {
        json!({"error": "invalid_grant", "error_description": sent, "error_codes": [700_082]})
            .to_string()
            .into()
    })
    .await;
    let odd = echo(200, |sent| format!("{{\"access_token\": [\"{sent}").into()).await;
    let missing = echo(200, |sent| json!({"id_token": sent}).to_string().into()).await;
    for server in [&good, &echoing, &odd, &missing] {
        let code = json!({"device_code": secret("device-code"), "user_code": "ABC", "interval": 0,
            "verification_uri": "https://microsoft.com/devicelogin"});
        Mock::given(path("/t/oauth2/v2.0/devicecode"))
            .respond_with(ResponseTemplate::new(200).set_body_json(code))
            .with_priority(1)
            .mount(server)
            .await;
        let cloud = || Cloud { authority: server.uri(), ..Cloud::public() };
        let store = Store::default();
        let app = AppOnly::new(cloud(), "t", "app", secret("client")).unwrap();
        let user = RefreshToken::new(cloud(), "t", "app", secret("refresh"), store.clone());
        let user = user.unwrap().client_secret(secret("client"));
        let federated =
            ClientCredential::federated(|| async { Ok(format!("eyJ{MARK}.{MARK}.{MARK}").into()) });
        let federated = AppOnly::with_credential(cloud(), "t", "app", federated).unwrap();
        let github = ClientCredential::github_actions(&server.uri(), secret("request")).unwrap();
        let github = AppOnly::with_credential(cloud(), "t", "app", github).unwrap();
        output.debug(&(&federated, &github));
        let output_of_prompt = output.clone();
        let show = move |prompt| output_of_prompt.debug(&prompt);
        let device = DeviceCode::new(cloud(), "t", "app", store.clone(), show).unwrap();
        output.debug(&(&app, &user, &device, &store.0));
        for provider in [&app as &dyn TokenProvider, &user, &device, &user, &federated, &github] {
            match provider.token().await {
                Ok(token) => output.debug(&token),
                Err(error) => output.error(error),
            }
        }
        for secret in store.0.lock().unwrap().iter() {
            assert!(secret.expose_secret().contains(MARK), "the store received a planted token");
        }
        let customer = client(&server.uri(), user).customer(CustomerId::new("c").unwrap());
        output.debug(&customer.policies().list().await.map_err(|error| output.error(error)));
    }
}

#[tokio::test]
async fn no_secret_is_printed_anywhere() {
    let output = Output::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(output.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    call_an_echoing_service(&output).await;
    sign_in_with_every_provider(&output).await;

    // Network settings whose URLs contain a password.
    let in_url = |what| secret(what).replace('/', "");
    let proxy = format!("http://user:{}@127.0.0.1:1", in_url("proxy"));
    let network = Network::new().proxy(&proxy);
    output.debug(&network);
    let builder = Client::builder().base_url("http://127.0.0.1:2").token(secret("token"));
    let builder = builder.network(network).retry(Retry::never());
    output.debug(&builder);
    call_everything(&builder.build().unwrap(), &output).await;
    let url = format!("https://user:{}@example.com", in_url("base-url"));
    for url in [url.as_str(), "https://PLANTED example"] {
        output.error(Client::builder().token("t".to_owned()).base_url(url).build().unwrap_err());
    }
    let broken = secret("token\u{7f}");
    output.error(Client::new(broken).unwrap_err());

    let text = output.text();
    for expected in
        ["TRACE", "900329", "AADSTS700082", "the disk is full", "response received", "T0HzAQ"]
    {
        assert!(text.contains(expected), "the output lacks {expected}");
    }
    if let Some(position) = text.find(MARK) {
        let (start, end) = (position.saturating_sub(300), (position + 100).min(text.len()));
        panic!("found: {}", String::from_utf8_lossy(&text.as_bytes()[start..end]));
    }
}

/// Returns text about a person, in the form of a mail address.
fn person() -> String {
    format!("zoe.{MARK}@contoso.example")
}

/// Returns the bodies of a service with text about people in every documented place, and in values of a wrong kind.
fn bodies_about_people() -> Vec<String> {
    let address = json!({"country": "CH", "city": person(), "addressLine1": person(), "addressLine2": person(),
        "addressLine3": person(), "district": person(), "postalCode": person(), "firstName": person(),
        "middleName": person(), "lastName": person(), "emailAddress": person(), "phoneNumber": person()});
    let customer = json!({
        "id": "c",
        "companyProfile": {"companyName": "Contoso", "address": address, "email": person()},
        "billingProfile": {"firstName": person(), "lastName": person(), "email": person(), "defaultAddress": address},
        "defaultAddress": address, "email": person(), "tenantId": "c",
        "operationType": "device_deleted", "userPrincipalName": person(),
        "resourceOldValue": json!({"FirstName": person()}).to_string(),
        "resourceNewValue": json!({"FirstName": person()}).to_string(),
        "customizedData": [{"key": "User", "value": person()}],
    });
    let wrong = |member: &str| {
        let mut wrong = customer.clone();
        wrong[member] = json!(person());
        wrong
    };
    let list = |item: &serde_json::Value| json!({"totalCount": 1, "items": [item]}).to_string();
    let mut bodies = vec![customer.to_string(), list(&customer)];
    for member in ["companyProfile", "billingProfile", "defaultAddress", "customizedData"] {
        bodies.push(wrong(member).to_string());
        bodies.push(list(&wrong(member)));
    }
    bodies
}

#[tokio::test]
async fn no_text_about_people_is_printed_anywhere() {
    let output = Output::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(output.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let (mut successes, mut failures) = (0, 0);
    for (status, body) in
        bodies_about_people().into_iter().flat_map(|body| [(200, body.clone()), (500, body)])
    {
        let server = MockServer::start().await;
        let response = ResponseTemplate::new(status).set_body_string(body);
        Mock::given(path_regex(".*")).respond_with(response).mount(&server).await;
        let client = client(&server.uri(), fixed());
        macro_rules! calls {
            ($($call:expr),+ $(,)?) => {$(
                match $call.await {
                    Ok(value) => {
                        successes += 1;
                        output.debug(&value);
                    }
                    Err(error) => {
                        failures += 1;
                        if let Some(body) = error.body() {
                            output.debug(&body);
                        }
                        output.error(error);
                    }
                }
            )+};
        }
        calls!(
            client.customers().list(),
            client.customer(CustomerId::new("c").unwrap()).get(),
            client.audit_records(AuditQuery::new()),
            client.indirect_resellers(),
            client.organization_profile(),
            client.organization_profile().with_raw(),
        );
    }
    let text = output.text();
    assert!(successes > 10 && failures > 20, "{successes} {failures}");
    for expected in ["TRACE", "response received", "Contoso", "a string of 27 characters"] {
        assert!(text.contains(expected), "the output lacks {expected}");
    }
    if let Some(position) = text.find(MARK) {
        let (start, end) = (position.saturating_sub(300), (position + 100).min(text.len()));
        panic!("found: {}", String::from_utf8_lossy(&text.as_bytes()[start..end]));
    }
}
