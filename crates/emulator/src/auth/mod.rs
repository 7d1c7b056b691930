//! The sign-in, on the emulator's own port, with the paths of Microsoft Entra: decides which request is for it and
//! what it answers. A request, the time and seeded randomness in, an answer out.
//!
//! Its tokens are for this emulator. They name it as their issuer, by the address it was asked at, and are signed
//! with a key that anybody can make who knows the seed; nothing else in the world has a reason to take them.

mod caller;
mod codes;
mod context;
mod device_codes;
mod device_page;
mod form;
mod grants;
mod oauth_error;
mod scope;
mod server;
mod settings;
mod token_signer;

use bytes::Bytes;
use http::header::{HOST, LOCATION};
use http::uri::{Authority, Scheme};
use http::{Method, Request, Response, StatusCode};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::api::error::{ApiError, Missing};
use crate::api::response::ascii;
use crate::http::received_body::ReceivedBody;

pub(crate) use caller::Caller;
pub(crate) use server::AuthServer;
pub use settings::{Auth, LoginApp, LoginSettings, LoginUser};

use context::{Site, Version};
use device_codes::{Approval, DeviceCode, LIFETIME};
use form::Form;
use oauth_error::{OAuthError, Trace, json_answer};
use scope::RequestedAccess;

/// What can be asked for at a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Endpoint {
    Token(Version),
    Authorize(Version),
    DeviceCode,
    /// The page on which a person approves.
    DeviceAuth,
    Configuration(Version),
    Keys,
}

impl AuthServer {
    /// Answers a request that is for the sign-in, `now` in seconds since the Unix epoch. `None`: it is not.
    pub(crate) fn handle<T>(
        &mut self,
        request: &Request<T>,
        sent: ReceivedBody<'_>,
        now: i64,
    ) -> Option<Response<Bytes>> {
        let segments: Vec<String> = request
            .uri()
            .path()
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
            .collect();
        let words: Vec<String> = segments.iter().map(|word| word.to_ascii_lowercase()).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (tenant, rest) = words.split_first()?;
        let endpoint = endpoint(rest)?;
        let site = Site {
            root: root(request),
            tenant: segments[0].clone(),
            tenant_id: self.tenant_id(tenant),
            now,
        };
        let body = match sent {
            ReceivedBody::Complete(body) => body.as_ref(),
            ReceivedBody::TooLarge | ReceivedBody::Incomplete => &[],
        };
        if let Some(after) = self.settings.auto_approve {
            let after = i64::try_from(after.as_secs()).unwrap_or(i64::MAX);
            let user = &self.settings.users[0].name;
            self.device_codes.approve_old(after, user, now);
        }
        let trace = self.trace(request, now);
        let answer = self
            .at(endpoint, &site, request, body)
            .unwrap_or_else(|refusal| refusal.into_response(&trace));
        Some(with_ids(answer, &trace))
    }

    fn at<T>(
        &mut self,
        endpoint: Endpoint,
        site: &Site,
        request: &Request<T>,
        body: &[u8],
    ) -> Result<Response<Bytes>, OAuthError> {
        let (headers, query) = (request.headers(), request.uri().query());
        let allow = match endpoint {
            Endpoint::Token(_) | Endpoint::DeviceCode => "POST",
            Endpoint::DeviceAuth => "GET, POST",
            Endpoint::Authorize(_) | Endpoint::Configuration(_) | Endpoint::Keys => "GET",
        };
        let method = request.method();
        if !allow.split(", ").any(|known| known == method.as_str()) {
            return Err(OAuthError::wrong_method(allow));
        }
        let json = |body: Value| json_answer(StatusCode::OK, &body);
        Ok(match endpoint {
            Endpoint::Token(version) => {
                json(self.token(site, headers, &Form::of_body(headers, body)?, version)?)
            }
            Endpoint::DeviceCode => json(self.begin(site, &Form::of_body(headers, body)?)?),
            Endpoint::Authorize(version) => {
                let to = self.authorize(site, &Form::of_query(query)?, version)?;
                let mut answer = device_page::said(StatusCode::FOUND, "Signed in.");
                answer.headers_mut().insert(LOCATION, ascii(&to));
                answer
            }
            Endpoint::DeviceAuth if method == Method::GET => {
                let form = Form::of_query(query)?;
                device_page::form(&self.settings.users, form.get("user_code").unwrap_or_default())
            }
            Endpoint::DeviceAuth => {
                let form = Form::of_body(headers, body)?;
                let user = form.get("user").unwrap_or(&self.settings.users[0].name);
                let (state, words) = match form.get("action") {
                    Some("decline") => (Approval::Declined, "Declined. You can close this page."),
                    _ => (
                        Approval::Approved(self.user(user)?.name),
                        "Signed in. You can close this page.",
                    ),
                };
                if self.device_codes.decide(form.need("user_code")?, state, site.now) {
                    device_page::said(StatusCode::OK, words)
                } else {
                    device_page::said(StatusCode::BAD_REQUEST, "No sign-in waits for this code.")
                }
            }
            Endpoint::Configuration(version) => json(configuration(site, version)),
            Endpoint::Keys => json(self.signer.key_set()),
        })
    }

    /// A sign-in by device code begins.
    fn begin(&mut self, site: &Site, form: &Form) -> Result<Value, OAuthError> {
        let client = self.client_id(site, form)?;
        let asked = RequestedAccess::of_scope(form.need("scope")?)?;
        let (code, user_code) = (self.random.opaque(), self.random.user_code());
        let interval = i64::try_from(self.settings.poll_interval.as_secs()).unwrap_or(LIFETIME);
        let page = format!("{}/{}/oauth2/deviceauth", site.root, site.tenant_id);
        let answer = json!({
            "user_code": user_code,
            "device_code": code,
            "verification_uri": page,
            "expires_in": LIFETIME,
            "interval": interval,
            "message": format!(
                "To sign in, use a web browser to open the page {page} and enter the code {user_code} to \
                 authenticate."
            ),
        });
        self.device_codes.add(DeviceCode {
            code,
            user_code,
            client,
            asked,
            issued: site.now,
            interval,
            polled: None,
            state: Approval::Pending,
        });
        Ok(answer)
    }

    /// A person's answer to a device code, given by a program; the first user's, if none is named.
    pub(crate) fn decide_device_code(
        &mut self,
        user_code: &str,
        approve: bool,
        user: Option<&str>,
        now: i64,
    ) -> Result<(), ApiError> {
        let state = if approve {
            let user = self.user(user.unwrap_or(&self.settings.users[0].name));
            Approval::Approved(
                user.map_err(|_| ApiError::invalid("user", "is no user's name"))?.name,
            )
        } else {
            Approval::Declined
        };
        if self.device_codes.decide(user_code, state, now) {
            return Ok(());
        }
        Err(ApiError::not_found(Missing::DeviceCode))
    }

    fn trace<T>(&mut self, request: &Request<T>, now: i64) -> Trace {
        let sent = request.headers().get("client-request-id").and_then(|id| id.to_str().ok());
        let sent = sent.and_then(|id| Uuid::try_parse(id).ok()).map(|id| id.to_string());
        let (id, made) = (self.random.guid().to_string(), self.random.guid().to_string());
        Trace { id, correlation: sent.unwrap_or(made), now }
    }
}

fn endpoint(rest: &[&str]) -> Option<Endpoint> {
    use Version::{V1, V2};
    Some(match rest {
        ["oauth2", "token"] => Endpoint::Token(V1),
        ["oauth2", "v2.0", "token"] => Endpoint::Token(V2),
        ["oauth2", "authorize"] => Endpoint::Authorize(V1),
        ["oauth2", "v2.0", "authorize"] => Endpoint::Authorize(V2),
        ["oauth2", "v2.0", "devicecode"] => Endpoint::DeviceCode,
        ["oauth2", "deviceauth"] => Endpoint::DeviceAuth,
        [".well-known", "openid-configuration"] => Endpoint::Configuration(V1),
        ["v2.0", ".well-known", "openid-configuration"] => Endpoint::Configuration(V2),
        ["discovery", "keys"] | ["discovery", "v2.0", "keys"] => Endpoint::Keys,
        _ => return None,
    })
}

/// The emulator's own URL, by the name that the client uses for it.
fn root<T>(request: &Request<T>) -> String {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let host: Option<Authority> = host.and_then(|host| host.parse().ok());
    let scheme = request.extensions().get::<Scheme>().or(request.uri().scheme());
    let scheme = scheme.unwrap_or(&Scheme::HTTP);
    match host.as_ref().or(request.uri().authority()) {
        Some(host) => format!("{scheme}://{host}"),
        None => "http://emulator.invalid".to_owned(),
    }
}

fn configuration(site: &Site, version: Version) -> Value {
    let at = |path: &str| format!("{}/{}/{path}", site.root, site.tenant);
    let (infix, keys) = match version {
        Version::V1 => ("", "discovery/keys"),
        Version::V2 => ("v2.0/", "discovery/v2.0/keys"),
    };
    let mut configuration = json!({
        "issuer": site.issuer(version),
        "token_endpoint": at(&format!("oauth2/{infix}token")),
        "authorization_endpoint": at(&format!("oauth2/{infix}authorize")),
        "jwks_uri": at(keys),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
    });
    if version == Version::V2 {
        configuration["device_authorization_endpoint"] = json!(at("oauth2/v2.0/devicecode"));
    }
    configuration
}

fn with_ids(mut answer: Response<Bytes>, trace: &Trace) -> Response<Bytes> {
    let headers = answer.headers_mut();
    headers.insert("x-ms-request-id", ascii(&trace.id));
    headers.insert("client-request-id", ascii(&trace.correlation));
    answer
}
