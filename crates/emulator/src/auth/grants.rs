//! Decides which tokens a request to the token endpoint gets, or why it gets none.
//!
//! Source: <https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow>,
//! `v2-oauth2-auth-code-flow`, `v2-oauth2-device-code` and `refresh-tokens` beside it; for version 1
//! <https://learn.microsoft.com/en-us/partner-center/developer/enable-secure-app-model>.

use http::header::HeaderMap;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::codes::{Code, REFRESH_LIFETIME};
use super::context::{Site, Version};
use super::form::{Form, basic};
use super::oauth_error::OAuthError;
use super::scope::RequestedAccess;
use super::server::AuthServer;
use super::settings::{Auth, LoginUser};
use super::token_signer::{Kind, challenge};

/// How long an authorization code lives, in seconds. Microsoft Entra says about ten minutes.
const CODE_LIFETIME: i64 = 10 * 60;
/// How long access tokens live, in seconds: 60 to 90 minutes.
const LIFETIMES: std::ops::Range<u64> = 3600..5400;

/// An app that is who it says, as far as it has to prove that.
pub(super) struct Client {
    pub(super) id: String,
    has_proof: bool,
    roles: Vec<String>,
}

/// What a refresh token holds. It is signed and not secret, so it holds no secret.
#[derive(Serialize, Deserialize)]
struct Refresh {
    /// The sign-in that it goes back to, and its place in the line of those that followed.
    family: String,
    number: u64,
    client: String,
    user: String,
    asked: RequestedAccess,
    issued: i64,
}

impl AuthServer {
    pub(super) fn token(
        &mut self,
        site: &Site,
        headers: &HeaderMap,
        form: &Form,
        version: Version,
    ) -> Result<Value, OAuthError> {
        let grant = form.need("grant_type")?;
        let client = self.client(site, headers, form)?;
        match grant {
            "client_credentials" => {
                if !client.has_proof {
                    return Err(OAuthError::no_secret());
                }
                let asked = match version {
                    Version::V1 => RequestedAccess::of_resource(form.need("resource")?, "")?,
                    Version::V2 => RequestedAccess::of_app(form.need("scope")?)?,
                };
                Ok(self.app_answer(site, &client, &asked, version))
            }
            "refresh_token" => self.refresh(site, &client, form, version),
            "authorization_code" => self.redeem(site, &client, form, version),
            "urn:ietf:params:oauth:grant-type:device_code" => {
                let code = form.need("device_code")?;
                let (user, asked) = self.device_codes.poll(code, &client.id, site.now)?;
                let user = self.user(&user)?;
                Ok(self.user_answer(site, &client, &user, &asked, version, Sign::first()))
            }
            _ => Err(OAuthError::unsupported_grant()),
        }
    }

    /// The app of a request. Where none is registered every app is taken, with any secret or none.
    pub(super) fn client(
        &self,
        site: &Site,
        headers: &HeaderMap,
        form: &Form,
    ) -> Result<Client, OAuthError> {
        let (id, secret) = match basic(headers) {
            Some((id, secret)) => (id, Some(secret)),
            None => {
                (form.need("client_id")?.to_owned(), form.get("client_secret").map(str::to_owned))
            }
        };
        let assertion = form.get("client_assertion").is_some();
        let has_proof = secret.is_some() || assertion;
        if self.settings.apps.is_empty() {
            return Ok(Client { id, has_proof, roles: Vec::new() });
        }
        let mut apps = self.settings.apps.iter();
        let app = apps
            .find(|app| app.id.eq_ignore_ascii_case(&id))
            .ok_or_else(|| OAuthError::unknown_client(&id, &site.tenant))?;
        match (&app.secret, &secret) {
            (None, _) if has_proof => return Err(OAuthError::public_client()),
            (None, _) => {}
            (Some(_), None) if assertion => return Err(OAuthError::bad_assertion()),
            (Some(_), None) => return Err(OAuthError::no_secret()),
            (Some(expected), Some(got)) if expected.expose_secret() == got => {}
            (Some(_), Some(_)) => return Err(OAuthError::wrong_secret(&id)),
        }
        Ok(Client { id: app.id.clone(), has_proof, roles: app.roles.clone() })
    }

    /// As [`client`](Self::client), where a browser or a device asks and nothing is proven.
    pub(super) fn client_id(&self, site: &Site, form: &Form) -> Result<String, OAuthError> {
        let id = form.need("client_id")?;
        let apps = &self.settings.apps;
        if apps.is_empty() || apps.iter().any(|app| app.id.eq_ignore_ascii_case(id)) {
            return Ok(id.to_owned());
        }
        Err(OAuthError::unknown_client(id, &site.tenant))
    }

    pub(super) fn user(&self, name: &str) -> Result<LoginUser, OAuthError> {
        let mut users = self.settings.users.iter();
        users
            .find(|user| user.name.eq_ignore_ascii_case(name))
            .cloned()
            .ok_or_else(OAuthError::no_such_user)
    }

    fn refresh(
        &mut self,
        site: &Site,
        client: &Client,
        form: &Form,
        version: Version,
    ) -> Result<Value, OAuthError> {
        let content = self.signer.open(Kind::Refresh, form.need("refresh_token")?);
        let token: Refresh = content
            .and_then(|content| serde_json::from_value(content).ok())
            .ok_or_else(OAuthError::malformed_grant)?;
        if !token.client.eq_ignore_ascii_case(&client.id) {
            return Err(OAuthError::other_client());
        }
        if site.now >= token.issued.saturating_add(REFRESH_LIFETIME) {
            return Err(OAuthError::refresh_expired());
        }
        let user = self.user(&token.user)?;
        let mut asked = match (version, form.get("resource"), form.get("scope")) {
            (Version::V1, Some(resource), scope) => {
                RequestedAccess::of_resource(resource, scope.unwrap_or_default())?
            }
            (Version::V2, _, Some(scope)) => RequestedAccess::of_scope(scope)?,
            _ => token.asked,
        };
        asked.offline = true; // who has one gets the next
        let newest = self.families.newest(&token.family).unwrap_or_default().max(token.number);
        if self.auth == Auth::Strict && token.number < newest {
            return Err(OAuthError::superseded());
        }
        let sign = Sign { family: Some((token.family, newest.saturating_add(1))), nonce: None };
        Ok(self.user_answer(site, client, &user, &asked, version, sign))
    }

    /// The first half of a sign-in by browser: where to send it, with a code.
    pub(super) fn authorize(
        &mut self,
        site: &Site,
        form: &Form,
        version: Version,
    ) -> Result<String, OAuthError> {
        let client = self.client_id(site, form)?;
        let reply = form.get("redirect_uri").ok_or_else(OAuthError::no_reply_address)?;
        let mut to = url::Url::parse(reply).map_err(|_| OAuthError::no_reply_address())?;
        let challenge = form.get("code_challenge");
        let methods = [
            (form.need("response_type")?, "code"),
            (form.get("response_mode").unwrap_or("query"), "query"),
            (form.get("code_challenge_method").unwrap_or("S256"), "S256"),
        ];
        if methods.iter().any(|(got, known)| got != known) {
            return Err(OAuthError::not_a_code());
        }
        let scope = form.get("scope");
        let asked = match version {
            Version::V1 => {
                RequestedAccess::of_resource(form.need("resource")?, scope.unwrap_or_default())?
            }
            Version::V2 => RequestedAccess::of_scope(form.need("scope")?)?,
        };
        let user = match form.get("login_hint") {
            Some(name) => self.user(name)?.name,
            None => self.settings.users[0].name.clone(),
        };
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let code = self.random.opaque();
        self.codes.retain(|_, code| site.now < code.issued + 2 * CODE_LIFETIME);
        self.codes.insert(
            code.clone(),
            Code {
                client,
                reply: reply.to_owned(),
                challenge: owned(challenge),
                nonce: owned(form.get("nonce")),
                user,
                asked,
                issued: site.now,
                redeemed: false,
            },
        );
        to.query_pairs_mut().append_pair("code", &code);
        if let Some(state) = form.get("state") {
            to.query_pairs_mut().append_pair("state", state);
        }
        Ok(to.into())
    }

    fn redeem(
        &mut self,
        site: &Site,
        client: &Client,
        form: &Form,
        version: Version,
    ) -> Result<Value, OAuthError> {
        let code =
            self.codes.get_mut(form.need("code")?).ok_or_else(OAuthError::malformed_grant)?;
        if !code.client.eq_ignore_ascii_case(&client.id) {
            return Err(OAuthError::other_client());
        }
        if site.now >= code.issued + CODE_LIFETIME {
            return Err(OAuthError::code_expired());
        }
        if form.need("redirect_uri")? != code.reply {
            return Err(OAuthError::wrong_reply_address());
        }
        let verifier = form.get("code_verifier").map(challenge);
        if code.challenge != verifier {
            return Err(OAuthError::wrong_verifier());
        }
        if std::mem::replace(&mut code.redeemed, true) {
            return Err(OAuthError::code_redeemed());
        }
        let (asked, name) = (code.asked.clone(), code.user.clone());
        let sign = Sign { nonce: code.nonce.clone(), ..Sign::first() };
        let user = self.user(&name)?;
        Ok(self.user_answer(site, client, &user, &asked, version, sign))
    }

    fn app_answer(
        &mut self,
        site: &Site,
        client: &Client,
        asked: &RequestedAccess,
        version: Version,
    ) -> Value {
        let (mut claims, lifetime) = self.access_claims(site, client, asked);
        let object = self.signer.id_of("service principal", &client.id).to_string();
        claims["oid"] = json!(object);
        claims["sub"] = json!(object);
        claims["idtyp"] = json!("app");
        if !client.roles.is_empty() {
            claims["roles"] = json!(client.roles);
        }
        let access = self.signer.seal(Kind::Jwt, &claims);
        answer(site, asked, version, &access, lifetime)
    }

    fn user_answer(
        &mut self,
        site: &Site,
        client: &Client,
        user: &LoginUser,
        asked: &RequestedAccess,
        version: Version,
        sign: Sign,
    ) -> Value {
        let (mut claims, lifetime) = self.access_claims(site, client, asked);
        let object = self.signer.id_of("user", &user.name).to_string();
        let subject =
            self.signer.id_of("subject", &format!("{object} {}", client.id)).simple().to_string();
        claims["oid"] = json!(object);
        claims["sub"] = json!(subject);
        claims["idtyp"] = json!("user");
        claims["upn"] = json!(user.name);
        claims["unique_name"] = json!(user.name);
        claims["name"] = json!(user.name);
        claims["scp"] = json!(asked.permissions.join(" "));
        claims["amr"] = if user.mfa { json!(["pwd", "mfa"]) } else { json!(["pwd"]) };
        let access = self.signer.seal(Kind::Jwt, &claims);

        let mut answer = answer(site, asked, version, &access, lifetime);
        answer["scope"] = match version {
            Version::V1 => json!(asked.permissions.join(" ")),
            Version::V2 => json!(asked.granted()),
        };
        if asked.openid {
            let issuer = site.issuer(version);
            let mut id = json!({
                "iss": issuer, "aud": client.id, "iat": site.now, "nbf": site.now,
                "exp": site.now.saturating_add(lifetime), "oid": object, "sub": subject,
                "tid": site.tenant_id.to_string(),
                "name": user.name, "preferred_username": user.name, "upn": user.name,
                "ver": match version { Version::V1 => "1.0", Version::V2 => "2.0" },
            });
            if let Some(nonce) = sign.nonce {
                id["nonce"] = json!(nonce);
            }
            answer["id_token"] = json!(self.signer.seal(Kind::Jwt, &id));
        }
        if asked.offline {
            // The time keeps it apart from a family of an earlier run with the same seed.
            let made = || (format!("{} {}", self.random.guid(), site.now), 0);
            let (family, number) = sign.family.unwrap_or_else(made);
            self.families.set(&family, number, site.now);
            let refresh = Refresh {
                family,
                number,
                client: client.id.clone(),
                user: user.name.clone(),
                asked: asked.clone(),
                issued: site.now,
            };
            answer["refresh_token"] = json!(self.signer.seal(Kind::Refresh, &json!(refresh)));
        }
        answer
    }

    /// What each access token says, and for how long it does, in seconds. The resource decides the version of
    /// its tokens, and Partner Center's are version 1, whichever endpoint gives them out.
    fn access_claims(
        &mut self,
        site: &Site,
        client: &Client,
        asked: &RequestedAccess,
    ) -> (Value, i64) {
        let lifetime = match self.settings.token_lifetime {
            Some(lifetime) => i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX / 2),
            None => self.random.within(LIFETIMES) as i64,
        };
        let claims = json!({
            "aud": asked.resource,
            "iss": site.issuer(Version::V1),
            "iat": site.now,
            "nbf": site.now,
            "exp": site.now.saturating_add(lifetime),
            "appid": client.id,
            "appidacr": if client.has_proof { "1" } else { "0" },
            "tid": site.tenant_id.to_string(),
            "uti": self.random.opaque(),
            "ver": "1.0",
        });
        (claims, lifetime)
    }
}

/// Which sign-in a user's tokens are of.
struct Sign {
    /// The family and the number of the next refresh token. `None`: a new one.
    family: Option<(String, u64)>,
    nonce: Option<String>,
}

impl Sign {
    fn first() -> Self {
        Self { family: None, nonce: None }
    }
}

/// What every answer with a token has. Version 1 writes numbers as texts.
fn answer(
    site: &Site,
    asked: &RequestedAccess,
    version: Version,
    access: &str,
    lifetime: i64,
) -> Value {
    match version {
        Version::V1 => json!({
            "token_type": "Bearer",
            "expires_in": lifetime.to_string(),
            "ext_expires_in": lifetime.to_string(),
            "expires_on": site.now.saturating_add(lifetime).to_string(),
            "not_before": site.now.to_string(),
            "resource": asked.resource,
            "access_token": access,
        }),
        Version::V2 => json!({
            "token_type": "Bearer",
            "expires_in": lifetime,
            "ext_expires_in": lifetime,
            "access_token": access,
        }),
    }
}
