//! Client assertions: JSON Web Tokens with which an app proves its identity instead of a secret. The app signs one with its
//! certificate, or another issuer signs one for a federated credential.
//!
//! Sources: <https://learn.microsoft.com/en-us/entra/identity-platform/certificate-credentials> and
//! <https://learn.microsoft.com/en-us/entra/workload-id/workload-identity-federation>.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::context::RequestContext;
use super::form::Form;
use super::oauth_error::OAuthError;
use super::settings::{AppCredential, LoginApp};

const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// The audiences of tokens for federated credentials: in the public cloud, US Government, and that of 21Vianet.
const TOKEN_EXCHANGE: [&str; 3] = [
    "api://AzureADTokenExchange",
    "api://AzureADTokenExchangeUSGov",
    "api://AzureADTokenExchangeChina",
];
/// The accepted difference between the clocks, in seconds.
const CLOCK_SKEW: i64 = 5 * 60;

/// A well-formed assertion.
pub(super) struct ClientAssertion {
    header: Value,
    claims: Value,
    #[cfg_attr(not(feature = "tls"), allow(dead_code))]
    signed: String,
    #[cfg_attr(not(feature = "tls"), allow(dead_code))]
    signature: Vec<u8>,
}

impl ClientAssertion {
    /// Reads the assertion of a request, if there is one.
    pub(super) fn of(form: &Form) -> Result<Option<Self>, OAuthError> {
        let Some(text) = form.get("client_assertion") else { return Ok(None) };
        if form.require("client_assertion_type")? != JWT_BEARER {
            return Err(OAuthError::unsupported_assertion_type());
        }
        let malformed = |problem| OAuthError::malformed_assertion(problem);
        let parts: Vec<&str> = text.split('.').collect();
        let [header, claims, signature] = parts[..] else {
            return Err(malformed("It does not have three parts."));
        };
        let json = |part: &str| {
            let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
            serde_json::from_slice(&bytes).ok().filter(Value::is_object)
        };
        let header = json(header).ok_or_else(|| malformed("The header is not valid."))?;
        let content = json(claims).ok_or_else(|| malformed("The claims are not valid."))?;
        let bytes = URL_SAFE_NO_PAD.decode(signature).ok().filter(|bytes| !bytes.is_empty());
        let signature = bytes.ok_or_else(|| malformed("The signature is not valid."))?;
        if !matches!(header["alg"].as_str(), Some("RS256" | "PS256")) {
            return Err(malformed("The algorithm must be PS256 or RS256."));
        }
        let signed = text.rsplit_once('.').map_or(text, |(signed, _)| signed).to_owned();
        Ok(Some(Self { header, claims: content, signed, signature }))
    }

    /// Checks the time and the audience, and if an app is registered, that the assertion is one of its credentials.
    pub(super) fn check(
        &self,
        context: &RequestContext,
        client_id: &str,
        app: Option<&LoginApp>,
    ) -> Result<(), OAuthError> {
        let now = context.now;
        let expires = self.claims["exp"].as_i64().unwrap_or_default();
        let starts = self.claims["nbf"].as_i64().unwrap_or(now);
        if expires <= now || starts > now + CLOCK_SKEW {
            return Err(OAuthError::assertion_not_valid_now());
        }
        let text = |claim: &str| self.claims[claim].as_str().unwrap_or_default();
        let is_own = |claim: &str| text(claim).eq_ignore_ascii_case(client_id);
        match (is_own("iss"), is_own("sub")) {
            (true, true) => self.check_own(context, app),
            (false, _) if text("iss").contains("://") => self.check_federated(app),
            _ => Err(OAuthError::assertion_of_another_app()),
        }
    }

    /// Checks an assertion that the app signed.
    fn check_own(
        &self,
        context: &RequestContext,
        app: Option<&LoginApp>,
    ) -> Result<(), OAuthError> {
        let audience = self.claims["aud"].as_str().unwrap_or_default();
        let is_audience = |tenant: &str| {
            let paths = ["oauth2/v2.0/token", "oauth2/token", "v2.0", ""];
            let root = &context.root;
            paths.iter().any(|path| audience == format!("{root}/{tenant}/{path}"))
        };
        if !is_audience(&context.tenant) && !is_audience(&context.tenant_id.to_string()) {
            return Err(OAuthError::wrong_assertion_audience());
        }
        let thumbprint = self.header["x5t#S256"].as_str();
        let has_thumbprint = thumbprint.or(self.header["x5t"].as_str()).is_some();
        if !has_thumbprint {
            return Err(OAuthError::malformed_assertion(
                "The header has no thumbprint of a certificate.",
            ));
        }
        let Some(app) = app else { return Ok(()) };
        let is_registered = app.credentials.iter().any(|credential| match credential {
            #[cfg(feature = "tls")]
            AppCredential::Certificate(certificate) => {
                thumbprint == Some(&certificate.thumbprint)
                    && certificate.has_signed(
                        self.header["alg"].as_str().unwrap_or_default(),
                        &self.signed,
                        &self.signature,
                    )
            }
            _ => false,
        });
        is_registered.then_some(()).ok_or_else(OAuthError::bad_assertion)
    }

    /// Checks an assertion of another issuer. Its signature is not checked, because the emulator does not fetch keys.
    fn check_federated(&self, app: Option<&LoginApp>) -> Result<(), OAuthError> {
        let text = |claim: &str| self.claims[claim].as_str().unwrap_or_default();
        if !TOKEN_EXCHANGE.contains(&text("aud")) {
            return Err(OAuthError::no_federated_credential(700_212, "audience"));
        }
        let Some(app) = app else { return Ok(()) };
        let federated = app.credentials.iter().filter_map(|credential| match credential {
            AppCredential::Federated { issuer, subject } => Some((issuer, subject)),
            _ => None,
        });
        let mut subjects = federated.filter(|(issuer, _)| *issuer == text("iss")).peekable();
        if subjects.peek().is_none() {
            return Err(OAuthError::no_federated_credential(700_211, "issuer"));
        }
        let is_registered = subjects.any(|(_, subject)| subject == text("sub"));
        is_registered
            .then_some(())
            .ok_or_else(|| OAuthError::no_federated_credential(700_213, "subject"))
    }
}
