//! Sign-in in a browser on this machine: authorization code with PKCE
//! (<https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow>, RFC 7636, RFC 8252).

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use url::Url;
use uuid::Uuid;

use super::access_token::AccessToken;
use super::client_credential::ClientCredential;
use super::cloud::Cloud;
use super::redirect_listener::RedirectListener;
use super::token_endpoint::{TokenEndpoint, uses_token_endpoint};
use super::token_error::TokenError;
use super::token_response::Tokens;
use super::token_store::TokenStore;
use super::user::User;

/// The time that the provider waits for the person.
const TIME_LIMIT: Duration = Duration::from_secs(10 * 60);

type Open = Box<dyn Fn(SignInPage) + Send + Sync>;

/// The page on which a person signs in. `Debug` does not print its address, which contains the state of the sign-in.
#[derive(Clone)]
#[non_exhaustive]
pub struct SignInPage {
    /// The address to open in a browser on this machine.
    pub url: String,
    /// How long the provider waits for the person.
    pub expires_in: Duration,
}

impl fmt::Debug for SignInPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignInPage").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}

/// A provider that signs a person in with a browser on this machine, and then uses refresh tokens, as
/// [`RefreshToken`](crate::RefreshToken) does. Use it for the first refresh token of the secure application model, too.
///
/// The first token request listens on a loopback port, shows the page and waits up to ten minutes for the person. A
/// client call waits only until its deadline, five minutes by default, so request the first token yourself
/// ([`TokenProvider::token`](crate::TokenProvider::token)). If the store has a token ([`TokenStore::load`]) that still works, the page is not shown.
///
/// Only requests before the first token show the page. If a person must sign in again later, token requests fail with
/// [`TokenError::needs_sign_in`], because perhaps no one would answer; [`sign_in`](Self::sign_in) shows the page then. A
/// service that must never ask uses [`RefreshToken::stored`](crate::RefreshToken::stored).
///
/// The app registration needs the redirect address `http://localhost`; Microsoft Entra ignores its port. Set it under
/// "Mobile and desktop applications" for a public client, or under "Web" together with
/// [`client_secret`](Self::client_secret).
///
/// ```no_run
/// use partner_center_devices::{AuthorizationCode, Client, Cloud, TokenProvider, TokenStore};
///
/// async fn sign_in(store: impl TokenStore) -> Result<Client, Box<dyn std::error::Error>> {
///     let cloud = Cloud::public(); // or Cloud::emulator("http://127.0.0.1:8085")
///     let user = AuthorizationCode::new(cloud.clone(), "contoso.onmicrosoft.com", "client-id", store, |page| {
///         println!("open {} in a browser on this machine", page.url);
///     })?;
///     user.token().await?; // waits for the person
///     Ok(Client::builder().cloud(&cloud).token_provider(user).build()?)
/// }
/// ```
pub struct AuthorizationCode {
    endpoint: TokenEndpoint,
    open: Open,
    user: User,
    port: u16,
}

impl AuthorizationCode {
    /// Creates the provider. `open` opens a page in a browser, or shows its address to the person. It must return
    /// quickly.
    ///
    /// # Errors
    /// If the sign-in root of the cloud or the tenant is invalid.
    pub fn new(
        cloud: Cloud,
        tenant: impl Into<String>,
        client_id: impl Into<String>,
        store: impl TokenStore,
        open: impl Fn(SignInPage) + Send + Sync + 'static,
    ) -> Result<Self, TokenError> {
        let endpoint = TokenEndpoint::new(cloud, tenant.into(), client_id.into())?;
        let user = User::new(None, Arc::new(store));
        Ok(Self { endpoint, open: Box::new(open), user, port: 0 })
    }

    /// Sets the secret of a web app registration. A public client does not need one.
    #[must_use]
    pub fn client_secret(self, secret: impl Into<SecretString>) -> Self {
        self.client_credential(ClientCredential::secret(secret))
    }

    /// Sets the credential of a web app registration, such as a certificate. Replaces a client secret.
    #[must_use]
    pub fn client_credential(mut self, credential: ClientCredential) -> Self {
        self.endpoint.set_credential(credential);
        self
    }

    /// Sets the port of the redirect address. The default is any free port.
    #[must_use]
    pub fn redirect_port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    async fn request(&self, claims: Option<&str>) -> Result<AccessToken, TokenError> {
        self.user.refresh_or_ask(&self.endpoint, claims, self.ask(claims)).await
    }

    /// Asks the person to sign in now, even if there is a stored token. Use it after an error that
    /// [`needs_sign_in`](TokenError::needs_sign_in), in a program with a person in front of it. The
    /// [`claims`](TokenError::claims) that the error demands are requested.
    ///
    /// # Errors
    /// If the sign-in fails, or no one signs in within ten minutes.
    pub async fn sign_in(&self) -> Result<AccessToken, TokenError> {
        let _lock = self.user.lock().await?;
        self.ask(None).await
    }

    async fn ask(&self, claims: Option<&str>) -> Result<AccessToken, TokenError> {
        let tokens = self.user.keep_claims(self.tokens_of_person(claims).await)?;
        self.user.accept(tokens).await
    }

    async fn tokens_of_person(&self, claims: Option<&str>) -> Result<Tokens, TokenError> {
        let listener = RedirectListener::bind(self.port).await.map_err(|error| {
            TokenError::new("could not listen for the sign-in in the browser").with_source(error)
        })?;
        // Each part has 122 random bits of the operating system.
        let state = Uuid::new_v4().simple().to_string();
        let verifier: String = (0..3).map(|_| Uuid::new_v4().simple().to_string()).collect();
        let verifier = SecretString::from(verifier);
        let redirect_uri = listener.redirect_uri();
        let scope = self.endpoint.user_scope();
        let mut url = self.authorize_url(&redirect_uri, &scope, &state, &challenge(&verifier))?;
        if let Some(claims) = self.user.claims_or(claims) {
            url.query_pairs_mut().append_pair("claims", &claims);
        }
        (self.open)(SignInPage { url: url.into(), expires_in: TIME_LIMIT });
        let code = match tokio::time::timeout(TIME_LIMIT, listener.code(&state)).await {
            Ok(code) => code?,
            Err(_) => return Err(TokenError::new("no one signed in within 10 minutes")),
        };
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.expose_secret()),
            ("redirect_uri", &redirect_uri),
            ("code_verifier", verifier.expose_secret()),
            ("scope", &scope),
        ];
        self.endpoint.tokens(&form).await
    }

    fn authorize_url(
        &self,
        redirect_uri: &str,
        scope: &str,
        state: &str,
        challenge: &str,
    ) -> Result<Url, TokenError> {
        let root = self.endpoint.cloud.authority.trim_end_matches('/');
        let url = format!("{root}/{}/oauth2/v2.0/authorize", self.endpoint.tenant);
        let mut url =
            Url::parse(&url).map_err(|_| TokenError::new("the sign-in root is invalid"))?;
        url.query_pairs_mut().extend_pairs([
            ("client_id", self.endpoint.client_id.as_str()),
            ("response_type", "code"),
            ("response_mode", "query"),
            ("redirect_uri", redirect_uri),
            ("scope", scope),
            ("state", state),
            ("code_challenge", challenge),
            ("code_challenge_method", "S256"),
            ("prompt", "select_account"),
        ]);
        Ok(url)
    }
}

uses_token_endpoint!(AuthorizationCode.endpoint, is_app_only: false);

/// Returns the challenge for a verifier: its SHA-256 hash in Base64url.
fn challenge(verifier: &SecretString) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.expose_secret()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn computes_the_challenge_of_rfc_7636() {
        let verifier = SecretString::from("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(challenge(&verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}
