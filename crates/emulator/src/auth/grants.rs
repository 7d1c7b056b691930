//! The grants of the token endpoint: checks the client and the grant, and issues tokens or an error.
//!
//! Sources: <https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow>, and the
//! pages `v2-oauth2-auth-code-flow`, `v2-oauth2-device-code` and `refresh-tokens` in the same folder. For version 1,
//! <https://learn.microsoft.com/en-us/partner-center/developer/enable-secure-app-model>.

use http::header::HeaderMap;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::claims_challenge;
use super::client_assertion::ClientAssertion;
use super::codes::{AuthorizationCode, REFRESH_TOKEN_LIFETIME};
use super::context::{RequestContext, Version};
use super::form::{Form, basic_credentials};
use super::oauth_error::OAuthError;
use super::scope::RequestedAccess;
use super::server::AuthServer;
use super::settings::{AppCredential, AuthMode, LoginApp, LoginUser};
use super::token_signer::{TokenKind, pkce_challenge};

/// The lifetime of an authorization code in seconds. Microsoft Entra documents about ten minutes.
const AUTHORIZATION_CODE_LIFETIME: i64 = 10 * 60;
/// The range of lifetimes of access tokens in seconds: 60 to 90 minutes.
const ACCESS_TOKEN_LIFETIMES: std::ops::Range<u64> = 3600..5400;

/// The app that sent a request.
pub(super) struct Client {
    pub(super) id: String,
    /// True if the app sent a secret or an assertion.
    is_authenticated: bool,
    roles: Vec<String>,
    /// True if the app sent the claims of the challenge.
    meets_challenge: bool,
}

/// The content of a refresh token. It is signed but not encrypted, so it must not contain secrets.
#[derive(Serialize, Deserialize)]
struct RefreshTokenContent {
    /// The sign-in that started this series of refresh tokens.
    family: String,
    /// The position in the series.
    number: u64,
    client: String,
    user: String,
    access: RequestedAccess,
    issued: i64,
}

impl AuthServer {
    /// Answers a request to the token endpoint.
    pub(super) fn token(
        &mut self,
        context: &RequestContext,
        headers: &HeaderMap,
        form: &Form,
        version: Version,
    ) -> Result<Value, OAuthError> {
        let grant = form.require("grant_type")?;
        let client = self.authenticate_client(context, headers, form)?;
        match grant {
            "client_credentials" => {
                if !client.is_authenticated {
                    return Err(OAuthError::missing_secret());
                }
                let access = match version {
                    Version::V1 => RequestedAccess::from_resource(form.require("resource")?, "")?,
                    Version::V2 => RequestedAccess::from_app_scope(form.require("scope")?)?,
                };
                Ok(self.issue_app_token(context, &client, &access, version))
            }
            "refresh_token" => self.refresh(context, &client, form, version),
            "authorization_code" => self.redeem_authorization_code(context, &client, form, version),
            "urn:ietf:params:oauth:grant-type:device_code" => {
                let code = form.require("device_code")?;
                let (user, access) = self.device_codes.poll(code, &client.id, context.now)?;
                let user = self.user(&user)?;
                Ok(self.issue_user_tokens(context, &client, &user, &access, version, SignIn::new()))
            }
            _ => Err(OAuthError::unsupported_grant()),
        }
    }

    /// Returns the app of a request. If no app is registered, every app is accepted, with any secret, an assertion whose
    /// claims are right, or neither.
    fn authenticate_client(
        &self,
        context: &RequestContext,
        headers: &HeaderMap,
        form: &Form,
    ) -> Result<Client, OAuthError> {
        let (id, secret) = match basic_credentials(headers) {
            Some((id, secret)) => (id, Some(secret)),
            None => (
                form.require("client_id")?.to_owned(),
                form.get("client_secret").map(str::to_owned),
            ),
        };
        let assertion = ClientAssertion::of(form)?;
        let is_authenticated = secret.is_some() || assertion.is_some();
        let meets_challenge = claims_challenge::is_met_by(form)?;
        let mut apps = self.settings.apps.iter();
        let app = apps.find(|app| app.id.eq_ignore_ascii_case(&id));
        if app.is_none() && !self.settings.apps.is_empty() {
            return Err(OAuthError::unknown_client(&id, &context.tenant));
        }
        if let Some(app) = app {
            check_credentials(app, secret.as_deref(), assertion.is_some())?;
        }
        if let Some(assertion) = assertion {
            assertion.check(context, &id, app)?;
        }
        let (id, roles) = match app {
            Some(app) => (app.id.clone(), app.roles.clone()),
            None => (id, Vec::new()),
        };
        Ok(Client { id, is_authenticated, roles, meets_challenge })
    }

    /// Returns the id of the app for a sign-in by browser or device code, where the app does not authenticate.
    pub(super) fn client_id(
        &self,
        context: &RequestContext,
        form: &Form,
    ) -> Result<String, OAuthError> {
        let id = form.require("client_id")?;
        let apps = &self.settings.apps;
        if apps.is_empty() || apps.iter().any(|app| app.id.eq_ignore_ascii_case(id)) {
            return Ok(id.to_owned());
        }
        Err(OAuthError::unknown_client(id, &context.tenant))
    }

    pub(super) fn user(&self, name: &str) -> Result<LoginUser, OAuthError> {
        let mut users = self.settings.users.iter();
        users
            .find(|user| user.name.eq_ignore_ascii_case(name))
            .cloned()
            .ok_or_else(OAuthError::unknown_user)
    }

    fn refresh(
        &mut self,
        context: &RequestContext,
        client: &Client,
        form: &Form,
        version: Version,
    ) -> Result<Value, OAuthError> {
        let content = self.signer.verify(TokenKind::Refresh, form.require("refresh_token")?);
        let token: RefreshTokenContent = content
            .and_then(|content| serde_json::from_value(content).ok())
            .ok_or_else(OAuthError::malformed_grant)?;
        if !token.client.eq_ignore_ascii_case(&client.id) {
            return Err(OAuthError::wrong_client());
        }
        if context.now >= token.issued.saturating_add(REFRESH_TOKEN_LIFETIME) {
            return Err(OAuthError::refresh_token_expired());
        }
        let user = self.user(&token.user)?;
        let mut access = match (version, form.get("resource"), form.get("scope")) {
            (Version::V1, Some(resource), scope) => {
                RequestedAccess::from_resource(resource, scope.unwrap_or_default())?
            }
            (Version::V2, _, Some(scope)) => RequestedAccess::from_scope(scope)?,
            _ => token.access,
        };
        access.offline = true; // a refresh always returns the next refresh token
        let newest =
            self.refresh_tokens.newest(&token.family).unwrap_or_default().max(token.number);
        if self.auth == AuthMode::Strict && token.number < newest {
            return Err(OAuthError::refresh_token_reused());
        }
        let sign_in =
            SignIn { family: Some((token.family, newest.saturating_add(1))), nonce: None };
        Ok(self.issue_user_tokens(context, client, &user, &access, version, sign_in))
    }

    /// Starts a sign-in by browser. Returns the redirect URI with an authorization code.
    pub(super) fn authorize(
        &mut self,
        context: &RequestContext,
        form: &Form,
        version: Version,
    ) -> Result<String, OAuthError> {
        let client_id = self.client_id(context, form)?;
        let redirect_uri = form.get("redirect_uri").ok_or_else(OAuthError::missing_redirect_uri)?;
        let mut location =
            url::Url::parse(redirect_uri).map_err(|_| OAuthError::missing_redirect_uri())?;
        let challenge = form.get("code_challenge");
        let supported = [
            (form.require("response_type")?, "code"),
            (form.get("response_mode").unwrap_or("query"), "query"),
            (form.get("code_challenge_method").unwrap_or("S256"), "S256"),
        ];
        if supported.iter().any(|(actual, expected)| actual != expected) {
            return Err(OAuthError::unsupported_response_type());
        }
        let scope = form.get("scope");
        let access = match version {
            Version::V1 => RequestedAccess::from_resource(
                form.require("resource")?,
                scope.unwrap_or_default(),
            )?,
            Version::V2 => RequestedAccess::from_scope(form.require("scope")?)?,
        };
        let user = match form.get("login_hint") {
            Some(name) => self.user(name)?.name,
            None => self.settings.users[0].name.clone(),
        };
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let code = self.random.opaque();
        self.authorization_codes
            .retain(|_, code| context.now < code.issued + 2 * AUTHORIZATION_CODE_LIFETIME);
        self.authorization_codes.insert(
            code.clone(),
            AuthorizationCode {
                client_id,
                redirect_uri: redirect_uri.to_owned(),
                challenge: owned(challenge),
                nonce: owned(form.get("nonce")),
                user,
                access,
                issued: context.now,
                redeemed: false,
            },
        );
        location.query_pairs_mut().append_pair("code", &code);
        if let Some(state) = form.get("state") {
            location.query_pairs_mut().append_pair("state", state);
        }
        Ok(location.into())
    }

    fn redeem_authorization_code(
        &mut self,
        context: &RequestContext,
        client: &Client,
        form: &Form,
        version: Version,
    ) -> Result<Value, OAuthError> {
        let code = self
            .authorization_codes
            .get_mut(form.require("code")?)
            .ok_or_else(OAuthError::malformed_grant)?;
        if !code.client_id.eq_ignore_ascii_case(&client.id) {
            return Err(OAuthError::wrong_client());
        }
        if context.now >= code.issued + AUTHORIZATION_CODE_LIFETIME {
            return Err(OAuthError::authorization_code_expired());
        }
        if form.require("redirect_uri")? != code.redirect_uri {
            return Err(OAuthError::wrong_redirect_uri());
        }
        let verifier = form.get("code_verifier").map(pkce_challenge);
        if code.challenge != verifier {
            return Err(OAuthError::wrong_verifier());
        }
        if std::mem::replace(&mut code.redeemed, true) {
            return Err(OAuthError::code_redeemed());
        }
        let (access, name) = (code.access.clone(), code.user.clone());
        let sign_in = SignIn { nonce: code.nonce.clone(), ..SignIn::new() };
        let user = self.user(&name)?;
        Ok(self.issue_user_tokens(context, client, &user, &access, version, sign_in))
    }

    fn issue_app_token(
        &mut self,
        context: &RequestContext,
        client: &Client,
        access: &RequestedAccess,
        version: Version,
    ) -> Value {
        let (mut claims, lifetime) = self.access_claims(context, client, access);
        let object = self.signer.id_of("service principal", &client.id).to_string();
        claims["oid"] = json!(object);
        claims["sub"] = json!(object);
        claims["idtyp"] = json!("app");
        if !client.roles.is_empty() {
            claims["roles"] = json!(client.roles);
        }
        let token = self.signer.sign(TokenKind::Jwt, &claims);
        token_response(context, access, version, &token, lifetime)
    }

    fn issue_user_tokens(
        &mut self,
        context: &RequestContext,
        client: &Client,
        user: &LoginUser,
        access: &RequestedAccess,
        version: Version,
        sign_in: SignIn,
    ) -> Value {
        let (mut claims, lifetime) = self.access_claims(context, client, access);
        let object = self.signer.id_of("user", &user.name).to_string();
        let subject =
            self.signer.id_of("subject", &format!("{object} {}", client.id)).simple().to_string();
        claims["oid"] = json!(object);
        claims["sub"] = json!(subject);
        claims["idtyp"] = json!("user");
        claims["upn"] = json!(user.name);
        claims["unique_name"] = json!(user.name);
        claims["name"] = json!(user.name);
        claims["scp"] = json!(access.permissions.join(" "));
        claims["amr"] = if user.mfa { json!(["pwd", "mfa"]) } else { json!(["pwd"]) };
        let token = self.signer.sign(TokenKind::Jwt, &claims);

        let mut response = token_response(context, access, version, &token, lifetime);
        response["scope"] = match version {
            Version::V1 => json!(access.permissions.join(" ")),
            Version::V2 => json!(access.granted_scope()),
        };
        if access.openid {
            let issuer = context.issuer(version);
            let mut id_claims = json!({
                "iss": issuer, "aud": client.id, "iat": context.now, "nbf": context.now,
                "exp": context.now.saturating_add(lifetime), "oid": object, "sub": subject,
                "tid": context.tenant_id.to_string(),
                "name": user.name, "preferred_username": user.name, "upn": user.name,
                "ver": match version { Version::V1 => "1.0", Version::V2 => "2.0" },
            });
            if let Some(nonce) = sign_in.nonce {
                id_claims["nonce"] = json!(nonce);
            }
            response["id_token"] = json!(self.signer.sign(TokenKind::Jwt, &id_claims));
        }
        if access.offline && self.settings.refresh_tokens {
            // The time distinguishes this family from those of earlier runs with the same seed.
            let new_family = || (format!("{} {}", self.random.guid(), context.now), 0);
            let (family, number) = sign_in.family.unwrap_or_else(new_family);
            self.refresh_tokens.set(&family, number, context.now);
            let content = RefreshTokenContent {
                family,
                number,
                client: client.id.clone(),
                user: user.name.clone(),
                access: access.clone(),
                issued: context.now,
            };
            response["refresh_token"] =
                json!(self.signer.sign(TokenKind::Refresh, &json!(content)));
        }
        response
    }

    /// Returns the claims that all access tokens have, and the lifetime in seconds. The resource determines the token
    /// version. Partner Center uses version 1 with both versions of the endpoint.
    fn access_claims(
        &mut self,
        context: &RequestContext,
        client: &Client,
        access: &RequestedAccess,
    ) -> (Value, i64) {
        let lifetime = match self.settings.token_lifetime {
            Some(lifetime) => i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX / 2),
            None => self.random.within(ACCESS_TOKEN_LIFETIMES) as i64,
        };
        let mut claims = json!({
            "aud": access.resource,
            "iss": context.issuer(Version::V1),
            "iat": context.now,
            "nbf": context.now,
            "exp": context.now.saturating_add(lifetime),
            "appid": client.id,
            "appidacr": if client.is_authenticated { "1" } else { "0" },
            "tid": context.tenant_id.to_string(),
            "uti": self.random.opaque(),
            "ver": "1.0",
        });
        if client.meets_challenge {
            claims[claims_challenge::MET] = json!(true);
        }
        (claims, lifetime)
    }
}

/// Checks the secret of a registered app. An assertion is checked by itself.
fn check_credentials(
    app: &LoginApp,
    secret: Option<&str>,
    has_assertion: bool,
) -> Result<(), OAuthError> {
    if app.credentials.is_empty() {
        let is_authenticated = secret.is_some() || has_assertion;
        return if is_authenticated { Err(OAuthError::public_client()) } else { Ok(()) };
    }
    let is_secret = |credential: &AppCredential, actual: &str| matches!(credential, AppCredential::Secret(secret) if secret.expose_secret() == actual);
    match secret {
        Some(actual) if app.credentials.iter().any(|one| is_secret(one, actual)) => Ok(()),
        Some(_) => Err(OAuthError::wrong_secret(&app.id)),
        None if has_assertion => Ok(()),
        None => Err(OAuthError::missing_secret()),
    }
}

/// The sign-in that a user's tokens belong to.
struct SignIn {
    /// The family and number of the next refresh token. `None` starts a new family.
    family: Option<(String, u64)>,
    nonce: Option<String>,
}

impl SignIn {
    fn new() -> Self {
        Self { family: None, nonce: None }
    }
}

/// Returns the members that every token response has. Version 1 sends numbers as strings.
fn token_response(
    context: &RequestContext,
    access: &RequestedAccess,
    version: Version,
    token: &str,
    lifetime: i64,
) -> Value {
    match version {
        Version::V1 => json!({
            "token_type": "Bearer",
            "expires_in": lifetime.to_string(),
            "ext_expires_in": lifetime.to_string(),
            "expires_on": context.now.saturating_add(lifetime).to_string(),
            "not_before": context.now.to_string(),
            "resource": access.resource,
            "access_token": token,
        }),
        Version::V2 => json!({
            "token_type": "Bearer",
            "expires_in": lifetime,
            "ext_expires_in": lifetime,
            "access_token": token,
        }),
    }
}
