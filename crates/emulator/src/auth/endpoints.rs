//! The endpoints of the sign-in server, and the responses to their requests.

use bytes::Bytes;
use http::header::{HOST, LOCATION};
use http::uri::{Authority, Scheme};
use http::{Method, Request, Response, StatusCode};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use uuid::Uuid;

use super::context::{RequestContext, Version};
use super::device_codes::{Approval, DEVICE_CODE_LIFETIME, DeviceCode};
use super::device_page;
use super::form::Form;
use super::oauth_error::{OAuthError, TraceIds, json_response};
use super::scope::RequestedAccess;
use super::server::AuthServer;
use crate::api::error::{ApiError, Missing};
use crate::api::response::ascii;
use crate::http::received_body::ReceivedBody;

/// An endpoint of a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Endpoint {
    Token(Version),
    Authorize(Version),
    DeviceCode,
    /// The page on which a person approves a device code.
    DeviceAuth,
    Configuration(Version),
    Keys,
}

impl AuthServer {
    /// Answers a sign-in request, or returns `None` if the path is not a sign-in path. `now` is in seconds since the
    /// Unix epoch.
    pub(crate) fn handle<T>(
        &mut self,
        request: &Request<T>,
        body: ReceivedBody<'_>,
        now: i64,
    ) -> Option<Response<Bytes>> {
        let (tenant, endpoint) = tenant_and_endpoint(request.uri().path())?;
        let context = RequestContext {
            root: root_url(request),
            tenant_id: self.tenant_id(&tenant.to_ascii_lowercase()),
            tenant,
            now,
        };
        let body = match body {
            ReceivedBody::Complete(body) => body.as_ref(),
            ReceivedBody::TooLarge | ReceivedBody::Incomplete => &[],
        };
        if let Some(delay) = self.settings.auto_approve {
            let delay = i64::try_from(delay.as_secs()).unwrap_or(i64::MAX);
            let user = &self.settings.users[0].name;
            self.device_codes.auto_approve(delay, user, now);
        }
        let ids = self.trace_ids(request, now);
        let response = self
            .respond(endpoint, &context, request, body)
            .unwrap_or_else(|error| error.into_response(&ids));
        Some(with_ids(response, &ids))
    }

    fn respond<T>(
        &mut self,
        endpoint: Endpoint,
        context: &RequestContext,
        request: &Request<T>,
        body: &[u8],
    ) -> Result<Response<Bytes>, OAuthError> {
        let (method, headers, query) = (request.method(), request.headers(), request.uri().query());
        check_method(endpoint, method)?;
        let ok = |body: Value| json_response(StatusCode::OK, &body);
        Ok(match endpoint {
            Endpoint::Token(version) => {
                ok(self.token(context, headers, &Form::from_body(headers, body)?, version)?)
            }
            Endpoint::DeviceCode => {
                ok(self.issue_device_code(context, &Form::from_body(headers, body)?)?)
            }
            Endpoint::Authorize(version) => {
                let location = self.authorize(context, &Form::from_query(query)?, version)?;
                let mut response = device_page::message(StatusCode::FOUND, "Signed in.");
                response.headers_mut().insert(LOCATION, ascii(&location));
                response
            }
            Endpoint::DeviceAuth if method == Method::GET => {
                let form = Form::from_query(query)?;
                device_page::form(&self.settings.users, form.get("user_code").unwrap_or_default())
            }
            Endpoint::DeviceAuth => {
                self.submit_device_page(context, &Form::from_body(headers, body)?)?
            }
            Endpoint::Configuration(version) => ok(configuration(context, version)),
            Endpoint::Keys => ok(self.signer.key_set()),
        })
    }

    /// Starts a sign-in by device code.
    fn issue_device_code(
        &mut self,
        context: &RequestContext,
        form: &Form,
    ) -> Result<Value, OAuthError> {
        let client_id = self.client_id(context, form)?;
        let access = RequestedAccess::from_scope(form.require("scope")?)?;
        let (code, user_code) = (self.random.opaque(), self.random.user_code());
        let interval =
            i64::try_from(self.settings.poll_interval.as_secs()).unwrap_or(DEVICE_CODE_LIFETIME);
        let page = format!("{}/{}/oauth2/deviceauth", context.root, context.tenant_id);
        let response = json!({
            "user_code": user_code,
            "device_code": code,
            "verification_uri": page,
            "expires_in": DEVICE_CODE_LIFETIME,
            "interval": interval,
            "message": format!(
                "To sign in, use a web browser to open the page {page} and enter the code {user_code} to \
                 authenticate."
            ),
        });
        self.device_codes.add(DeviceCode {
            code,
            user_code,
            client_id,
            access,
            issued: context.now,
            interval,
            last_poll: None,
            approval: Approval::Pending,
        });
        Ok(response)
    }

    /// Handles the form that a person submits on the device page.
    fn submit_device_page(
        &mut self,
        context: &RequestContext,
        form: &Form,
    ) -> Result<Response<Bytes>, OAuthError> {
        let user = form.get("user").unwrap_or(&self.settings.users[0].name);
        let (approval, text) = match form.get("action") {
            Some("decline") => (Approval::Declined, "Sign-in declined. You can close this page."),
            _ => (Approval::Approved(self.user(user)?.name), "Signed in. You can close this page."),
        };
        let user_code = form.require("user_code")?;
        Ok(if self.device_codes.set_approval(user_code, approval, context.now) {
            device_page::message(StatusCode::OK, text)
        } else {
            device_page::message(StatusCode::BAD_REQUEST, "No sign-in is waiting for this code.")
        })
    }

    /// Approves or declines a device code for a program; approves it for the first user if `user` is `None`.
    pub(crate) fn decide_device_code(
        &mut self,
        user_code: &str,
        approve: bool,
        user: Option<&str>,
        now: i64,
    ) -> Result<(), ApiError> {
        let approval = if approve {
            let user = self.user(user.unwrap_or(&self.settings.users[0].name));
            Approval::Approved(
                user.map_err(|_| ApiError::invalid("user", "must be the name of a user"))?.name,
            )
        } else {
            Approval::Declined
        };
        if self.device_codes.set_approval(user_code, approval, now) {
            return Ok(());
        }
        Err(ApiError::not_found(Missing::DeviceCode))
    }

    fn trace_ids<T>(&mut self, request: &Request<T>, now: i64) -> TraceIds {
        let sent = request.headers().get("client-request-id").and_then(|id| id.to_str().ok());
        let sent = sent.and_then(|id| Uuid::try_parse(id).ok()).map(|id| id.to_string());
        let (trace, generated) = (self.random.guid().to_string(), self.random.guid().to_string());
        TraceIds { trace, correlation: sent.unwrap_or(generated), now }
    }
}

/// Returns `true` if a path belongs to the sign-in.
pub(crate) fn is_sign_in_path(path: &str) -> bool {
    tenant_and_endpoint(path).is_some()
}

/// Returns the tenant in a path, spelled as in the path, and the endpoint. Returns `None` for other paths.
fn tenant_and_endpoint(path: &str) -> Option<(String, Endpoint)> {
    let mut segments: Vec<String> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
        .collect();
    let lowercase: Vec<String> =
        segments.iter().map(|segment| segment.to_ascii_lowercase()).collect();
    let lowercase: Vec<&str> = lowercase.iter().map(String::as_str).collect();
    let endpoint = endpoint(lowercase.get(1..)?)?;
    Some((segments.swap_remove(0), endpoint))
}

fn endpoint(path: &[&str]) -> Option<Endpoint> {
    use Version::{V1, V2};
    Some(match path {
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

fn check_method(endpoint: Endpoint, method: &Method) -> Result<(), OAuthError> {
    let allow = match endpoint {
        Endpoint::Token(_) | Endpoint::DeviceCode => "POST",
        Endpoint::DeviceAuth => "GET, POST",
        Endpoint::Authorize(_) | Endpoint::Configuration(_) | Endpoint::Keys => "GET",
    };
    if allow.split(", ").any(|allowed| allowed == method.as_str()) {
        return Ok(());
    }
    Err(OAuthError::method_not_allowed(allow))
}

/// Returns the emulator's own URL, with the host name that the client used.
pub(crate) fn root_url<T>(request: &Request<T>) -> String {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let host: Option<Authority> = host.and_then(|host| host.parse().ok());
    let scheme = request.extensions().get::<Scheme>().or(request.uri().scheme());
    let scheme = scheme.unwrap_or(&Scheme::HTTP);
    match host.as_ref().or(request.uri().authority()) {
        Some(host) => format!("{scheme}://{host}"),
        None => "http://emulator.invalid".to_owned(),
    }
}

fn configuration(context: &RequestContext, version: Version) -> Value {
    let url = |path: &str| format!("{}/{}/{path}", context.root, context.tenant);
    let (infix, keys) = match version {
        Version::V1 => ("", "discovery/keys"),
        Version::V2 => ("v2.0/", "discovery/v2.0/keys"),
    };
    let mut configuration = json!({
        "issuer": context.issuer(version),
        "token_endpoint": url(&format!("oauth2/{infix}token")),
        "authorization_endpoint": url(&format!("oauth2/{infix}authorize")),
        "jwks_uri": url(keys),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
    });
    if version == Version::V2 {
        configuration["device_authorization_endpoint"] = json!(url("oauth2/v2.0/devicecode"));
    }
    configuration
}

fn with_ids(mut response: Response<Bytes>, ids: &TraceIds) -> Response<Bytes> {
    let headers = response.headers_mut();
    headers.insert("x-ms-request-id", ascii(&ids.trace));
    headers.insert("client-request-id", ascii(&ids.correlation));
    response
}
