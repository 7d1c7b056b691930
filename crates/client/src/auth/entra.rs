//! Tokens from Microsoft Entra: an application's own, a signed-in user's by refresh token (the secure
//! application model), and a first sign-in by device code. Decides what is asked of the token endpoint and how
//! its answers are read; an answer is never printed, whatever is wrong with it.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use partner_center_devices_raw::{BoxError, BoxFuture};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tokio::time::Instant;
use url::Url;

use super::{AccessToken, TokenError, TokenProvider};
use crate::calls::pipeline::innermost;
use crate::calls::retry::{AttemptOutcome, CallProgress, Decision, Effect, Retry, retry_after};
use crate::network::Network;
use partner_center_devices_raw::redact;

const TIMEOUT: Duration = Duration::from_secs(30);

/// Where a cloud's API and sign-in are. Each part can be replaced, as for an emulator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cloud {
    /// The root of the API.
    pub api: String,
    /// The root of the sign-in endpoints.
    pub authority: String,
}

impl Cloud {
    fn of(api: &str, authority: &str) -> Self {
        Self { api: api.to_owned(), authority: authority.to_owned() }
    }

    /// The public cloud (<https://learn.microsoft.com/en-us/partner-center/developer/partner-center-rest-urls>).
    #[must_use]
    pub fn public() -> Self {
        Self::of(crate::PUBLIC_CLOUD, "https://login.microsoftonline.com")
    }

    /// The US Government cloud: the public API and a sign-in of its own
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/developing-for-partner-center-for-a-microsoft-national-cloud>).
    #[must_use]
    pub fn us_government() -> Self {
        Self::of(crate::PUBLIC_CLOUD, "https://login.microsoftonline.us")
    }

    /// Partner Center operated by 21Vianet
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/partner-center-rest-urls>). The device pages
    /// do not claim to support it.
    #[must_use]
    pub fn china() -> Self {
        Self::of(
            "https://partner.partnercenterapi.microsoftonline.cn",
            "https://login.partner.microsoftonline.cn",
        )
    }
}

/// Keeps a refresh token that the sign-in has replaced by a new one.
pub trait TokenStore: Send + Sync + 'static {
    /// Keeps `token` in the place of the one before. The access token that came with it is not used before
    /// this has succeeded.
    ///
    /// # Errors
    /// Whatever keeps it from being stored. The sign-in fails with it as its source, and the token is offered again
    /// before the next one.
    fn save<'a>(&'a self, token: &'a SecretString) -> BoxFuture<'a, Result<(), BoxError>>;
}

/// What all three providers share: the app, its tenant, and the way to the endpoints.
#[derive(Clone)]
struct App {
    http: reqwest::Client,
    /// Whether the sign-in is on this machine, as an emulator's.
    here: bool,
    cloud: Cloud,
    tenant: String,
    client_id: String,
    client_secret: Option<SecretString>,
}

impl App {
    fn new(cloud: Cloud, tenant: String, client_id: String) -> Result<Self, TokenError> {
        let unusable =
            || TokenError::new("the sign-in root is not a URL, or the tenant cannot stand in one");
        let url = Url::parse(&cloud.authority).map_err(|_| unusable())?;
        let here = crate::client::is_here(&url);
        if url.scheme() != "https" && !(url.scheme() == "http" && here) {
            return Err(TokenError::new(
                "the sign-in root is not https, and secrets would travel unencrypted",
            ));
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        if tenant.is_empty() || tenant.starts_with('.') || !tenant.chars().all(plain) {
            return Err(unusable());
        }
        let network = Network::default();
        let http = network.pool(here).map_err(unusable_network)?;
        Ok(Self { http, here, cloud, tenant, client_id, client_secret: None })
    }

    fn network(self, network: &Network) -> Result<Self, TokenError> {
        Ok(Self { http: network.pool(self.here).map_err(unusable_network)?, ..self })
    }

    fn scope(&self, name: &str) -> String {
        format!("{}/{name}", self.cloud.api.trim_end_matches('/'))
    }

    /// Posts a form to an endpoint of the tenant and reads the answer, whatever its status.
    async fn post(
        &self,
        endpoint: &str,
        form: &[(&str, &str)],
    ) -> Result<Result<Value, Refusal>, TokenError> {
        let root = self.cloud.authority.trim_end_matches('/');
        let url = format!("{root}/{}/oauth2/v2.0/{endpoint}", self.tenant);
        let body = self.form(form);

        let (began, mut attempts) = (Instant::now(), 0);
        loop {
            attempts += 1;
            let sent = self
                .http
                .post(&url)
                .header("content-type", "application/x-www-form-urlencoded")
                .header("accept", "application/json")
                .timeout(TIMEOUT)
                .body(body.clone())
                .send()
                .await;
            let (came, result) = match sent {
                Ok(answer) => {
                    let (status, wait) = (answer.status(), retry_after(answer.headers()));
                    match answer.bytes().await {
                        Ok(bytes) => {
                            let bytes = self.without_secrets(status, bytes, form);
                            (AttemptOutcome::Answer(status, wait), read(status, &bytes))
                        }
                        Err(error) => (AttemptOutcome::Lost, Err(unreachable(root, error))),
                    }
                }
                Err(error) if error.is_connect() => {
                    (AttemptOutcome::Nothing, Err(unreachable(root, error)))
                }
                Err(error) => (AttemptOutcome::Lost, Err(unreachable(root, error))),
            };
            // A refusal of the sign-in (400, 401) stands; a throttled or failing endpoint is asked again.
            let so_far = CallProgress {
                attempts,
                elapsed: began.elapsed(),
                new_token: true,
                random: fastrand::f64(),
            };
            match Retry::default().max_attempts(4).deadline(Duration::from_secs(60)).decide(
                Effect::Once,
                came,
                so_far,
            ) {
                Decision::Again(wait) => tokio::time::sleep(wait).await,
                _ => return result,
            }
        }
    }

    /// A refusal may echo what it was sent. It is cut before anything else is: half a secret would not be known.
    fn without_secrets(
        &self,
        status: http::StatusCode,
        body: bytes::Bytes,
        form: &[(&str, &str)],
    ) -> bytes::Bytes {
        if status.is_success() {
            return body; // the next refresh token may be the same as the one before
        }
        let named = |(name, _): &&(&str, &str)| matches!(*name, "refresh_token" | "device_code");
        let mut secrets: Vec<&str> = form.iter().filter(named).map(|(_, value)| *value).collect();
        secrets.extend(self.client_secret.as_ref().map(ExposeSecret::expose_secret));
        redact::known_secrets(&String::from_utf8_lossy(&body), &secrets).into()
    }

    fn form(&self, pairs: &[(&str, &str)]) -> String {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.append_pair("client_id", &self.client_id);
        if let Some(secret) = &self.client_secret {
            body.append_pair("client_secret", secret.expose_secret());
        }
        body.extend_pairs(pairs).finish()
    }

    async fn token(&self, form: &[(&str, &str)]) -> Result<TokenResponse, TokenError> {
        self.post("token", form)
            .await?
            .map_err(Refusal::into_error)
            .and_then(|value| TokenResponse::read(&value))
    }
}

fn unusable_network(error: reqwest::Error) -> TokenError {
    TokenError::new("TLS or proxy settings cannot be used").with_source(error.without_url())
}

/// Names the root alone: the path has the tenant.
fn unreachable(root: &str, error: reqwest::Error) -> TokenError {
    let error = error.without_url();
    let cause = innermost(&error);
    TokenError {
        retryable: true,
        ..TokenError::new(format!("the sign-in at {root} could not be reached: {cause}"))
            .with_source(error)
    }
}

/// What the endpoint said against a request.
#[derive(Debug)]
struct Refusal {
    error: String,
    description: String,
    code: Option<String>,
}

impl Refusal {
    fn into_error(self) -> TokenError {
        TokenError {
            message: if self.description.is_empty() {
                self.error.clone()
            } else {
                self.description
            },
            code: self.code.or(Some(self.error)),
            retryable: false,
            source: None,
        }
    }
}

/// Sorts an answer into a success, a refusal in the OAuth form, and anything else.
fn read(status: http::StatusCode, body: &[u8]) -> Result<Result<Value, Refusal>, TokenError> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    // The parser's own message could quote the body, so it is not kept.
    let value: Option<Value> = serde_json::from_slice(body).ok();
    match value {
        Some(value) if status.is_success() => Ok(Ok(value)),
        Some(value) if value["error"].is_string() => {
            let text = |key: &str| redact::message(value[key].as_str().unwrap_or_default());
            let code = value["error_codes"][0].as_u64().map(|number| format!("AADSTS{number}"));
            Ok(Err(Refusal { error: text("error"), description: text("error_description"), code }))
        }
        _ => Err(TokenError {
            retryable: status.is_server_error() || status == http::StatusCode::TOO_MANY_REQUESTS,
            ..TokenError::new(format!(
                "the sign-in endpoint answered {status} with something else than a token"
            ))
        }),
    }
}

struct TokenResponse {
    access: AccessToken,
    refresh: Option<SecretString>,
}

impl TokenResponse {
    fn read(value: &Value) -> Result<Self, TokenError> {
        let secret = |key: &str| {
            value[key]
                .as_str()
                .filter(|text| !text.is_empty())
                .map(|t| SecretString::from(t.to_owned()))
        };
        let mut access = AccessToken::new(secret("access_token").ok_or_else(|| {
            TokenError::new("the sign-in endpoint's answer holds no access token")
        })?);
        // v2 writes a number, v1 a string.
        let lifetime = match &value["expires_in"] {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        if let Some(seconds) = lifetime {
            access = access.expires_in(Duration::from_secs(seconds));
        }
        Ok(Self { access, refresh: secret("refresh_token") })
    }
}

/// An application's own tokens: client id and secret, no user
/// (<https://learn.microsoft.com/en-us/partner-center/developer/partner-center-authentication>). Enough for all
/// operations but `create_device_batch`.
pub struct AppOnly(App);

impl AppOnly {
    /// `tenant` is the partner's, by id or domain.
    ///
    /// # Errors
    /// If the cloud's sign-in root or the tenant cannot be used.
    pub fn new(
        cloud: Cloud,
        tenant: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<SecretString>,
    ) -> Result<Self, TokenError> {
        let mut app = App::new(cloud, tenant.into(), client_id.into())?;
        app.client_secret = Some(client_secret.into());
        Ok(Self(app))
    }
}

impl TokenProvider for AppOnly {
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>> {
        Box::pin(async {
            let scope = self.0.scope(".default");
            let form = [("grant_type", "client_credentials"), ("scope", scope.as_str())];
            Ok(self.0.token(&form).await?.access)
        })
    }

    fn is_app_only(&self) -> bool {
        true
    }
}

/// A signed-in user's tokens by a refresh token: the secure application model
/// (<https://learn.microsoft.com/en-us/partner-center/developer/enable-secure-app-model>).
pub struct RefreshToken {
    app: App,
    user: User,
}

/// The user's refresh token and where its successors go.
struct User {
    token: Mutex<SecretString>,
    /// A successor that could not be stored yet.
    unsaved: Mutex<bool>,
    store: Arc<dyn TokenStore>,
}

impl User {
    fn new(token: SecretString, store: Arc<dyn TokenStore>) -> Self {
        Self { token: Mutex::new(token), unsaved: Mutex::new(false), store }
    }

    /// Takes over a rotated token: kept here at once, stored before anything else happens.
    async fn rotate(&self, token: Option<SecretString>) -> Result<(), TokenError> {
        if let Some(token) = token {
            *self.token.lock().unwrap_or_else(PoisonError::into_inner) = token;
            *self.unsaved.lock().unwrap_or_else(PoisonError::into_inner) = true;
        }
        if !*self.unsaved.lock().unwrap_or_else(PoisonError::into_inner) {
            return Ok(());
        }
        let token = self.current();
        self.store.save(&token).await.map_err(|error| {
            TokenError::new("the new refresh token could not be stored").with_source(error)
        })?;
        *self.unsaved.lock().unwrap_or_else(PoisonError::into_inner) = false;
        Ok(())
    }

    fn current(&self) -> SecretString {
        self.token.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn refresh(&self, app: &App) -> Result<AccessToken, TokenError> {
        self.rotate(None).await?; // what an earlier failure left unsaved
        let scope = format!("{} offline_access", app.scope("user_impersonation"));
        let token = self.current();
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", token.expose_secret()),
            ("scope", &scope),
        ];
        let answer = app.token(&form).await?;
        self.rotate(answer.refresh).await?;
        Ok(answer.access)
    }
}

impl RefreshToken {
    /// `tenant` is the partner's. A rotated refresh token goes to `store`.
    ///
    /// # Errors
    /// If the cloud's sign-in root or the tenant cannot be used.
    pub fn new(
        cloud: Cloud,
        tenant: impl Into<String>,
        client_id: impl Into<String>,
        refresh_token: impl Into<SecretString>,
        store: impl TokenStore,
    ) -> Result<Self, TokenError> {
        let app = App::new(cloud, tenant.into(), client_id.into())?;
        Ok(Self { app, user: User::new(refresh_token.into(), Arc::new(store)) })
    }

    /// The secret of a web app registration; a public client has none.
    #[must_use]
    pub fn client_secret(mut self, secret: impl Into<SecretString>) -> Self {
        self.app.client_secret = Some(secret.into());
        self
    }
}

impl TokenProvider for RefreshToken {
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>> {
        Box::pin(self.user.refresh(&self.app))
    }
}

/// What a person has to do to sign in by device code.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DevicePrompt {
    /// The page to open.
    pub verification_uri: String,
    /// The code to type there.
    pub user_code: String,
    /// How long the code is good for.
    pub expires_in: Duration,
}

type Show = Box<dyn Fn(DevicePrompt) + Send + Sync>;

/// A first sign-in on another device, then refresh tokens as [`RefreshToken`] does. The first token that is
/// asked for shows the prompt and waits for the person. A call of the client waits no longer than its deadline,
/// five minutes unless set otherwise, and the code is good for longer: ask for the first token yourself
/// ([`TokenProvider::token`]), or give the first call a longer [`Retry::deadline`](crate::Retry::deadline).
pub struct DeviceCode {
    app: App,
    store: Arc<dyn TokenStore>,
    show: Show,
    user: Mutex<Option<Arc<User>>>,
}

impl DeviceCode {
    /// `show` tells the person where to go and what to type. The refresh token of the sign-in, and each that
    /// replaces it, goes to `store`.
    ///
    /// # Errors
    /// If the cloud's sign-in root or the tenant cannot be used.
    pub fn new(
        cloud: Cloud,
        tenant: impl Into<String>,
        client_id: impl Into<String>,
        store: impl TokenStore,
        show: impl Fn(DevicePrompt) + Send + Sync + 'static,
    ) -> Result<Self, TokenError> {
        let app = App::new(cloud, tenant.into(), client_id.into())?;
        Ok(Self { app, store: Arc::new(store), show: Box::new(show), user: Mutex::default() })
    }

    async fn sign_in(&self) -> Result<AccessToken, TokenError> {
        let scope = format!("{} offline_access", self.app.scope("user_impersonation"));
        let begun = self
            .app
            .post("devicecode", &[("scope", &scope)])
            .await?
            .map_err(Refusal::into_error)?;
        let seconds =
            |key: &str, default| Duration::from_secs(begun[key].as_u64().unwrap_or(default));
        let text = |key: &str| begun[key].as_str().unwrap_or_default().to_owned();
        let code = SecretString::from(text("device_code"));
        let (expires_in, mut interval) = (seconds("expires_in", 900), seconds("interval", 5));
        if code.expose_secret().is_empty() || text("user_code").is_empty() {
            return Err(TokenError::new("the sign-in endpoint's answer holds no device code"));
        }
        (self.show)(DevicePrompt {
            verification_uri: text("verification_uri"),
            user_code: text("user_code"),
            expires_in,
        });
        let began = Instant::now();
        loop {
            tokio::time::sleep(interval).await;
            let form = [
                ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
                ("device_code", code.expose_secret()),
            ];
            let refusal = match self.app.post("token", &form).await {
                Ok(Ok(value)) => {
                    let answer = TokenResponse::read(&value)?;
                    if let Some(refresh) = answer.refresh {
                        let user = Arc::new(User::new(refresh.clone(), Arc::clone(&self.store)));
                        *self.user.lock().unwrap_or_else(PoisonError::into_inner) =
                            Some(Arc::clone(&user));
                        user.rotate(Some(refresh)).await?;
                    }
                    return Ok(answer.access);
                }
                Ok(Err(refusal)) => refusal,
                // The person is still at it: a lost connection is no reason to ask them again.
                Err(error) if error.retryable && began.elapsed() < expires_in => continue,
                Err(error) => return Err(error),
            };
            match refusal.error.as_str() {
                _ if began.elapsed() >= expires_in => {
                    return Err(TokenError::new("nobody signed in before the code expired"));
                }
                "authorization_pending" => {}
                "slow_down" => interval += Duration::from_secs(5), // RFC 8628, 3.5
                "expired_token" => {
                    return Err(TokenError::new("nobody signed in before the code expired"));
                }
                "authorization_declined" | "access_denied" => {
                    return Err(TokenError::new("the sign-in was declined"));
                }
                _ => return Err(refusal.into_error()),
            }
        }
    }
}

impl TokenProvider for DeviceCode {
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>> {
        Box::pin(async {
            let user = self.user.lock().unwrap_or_else(PoisonError::into_inner).clone();
            match user {
                Some(user) => user.refresh(&self.app).await,
                None => self.sign_in().await,
            }
        })
    }
}

macro_rules! no_secrets_in_debug {
    ($($name:ident . $app:tt),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name))
                    .field("cloud", &self.$app.cloud)
                    .field("tenant", &self.$app.tenant)
                    .field("client_id", &self.$app.client_id)
                    .finish_non_exhaustive()
            }
        }
    )+};
}

no_secrets_in_debug!(AppOnly.0, RefreshToken.app, DeviceCode.app);

macro_rules! networked {
    ($($name:ident . $app:tt),+) => {$(
        impl $name {
            /// Proxy, certificate authorities and `User-Agent` of the sign-in.
            ///
            /// # Errors
            /// If the proxy's address or a certificate cannot be used.
            pub fn network(mut self, network: Network) -> Result<Self, TokenError> {
                self.$app = self.$app.network(&network)?;
                Ok(self)
            }
        }
    )+};
}

networked!(AppOnly.0, RefreshToken.app, DeviceCode.app);
