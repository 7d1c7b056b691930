//! Assertions that an app signs with its certificate
//! (<https://learn.microsoft.com/en-us/entra/identity-platform/certificate-credentials>).
#![cfg(feature = "__rustls")]

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustls_crate::SignatureScheme;
use rustls_crate::sign::SigningKey;
use secrecy::SecretString;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::token_error::TokenError;
use crate::certificate_fields::CertificateFields;
use crate::key_file::KeyFile;
use crate::network::crypto_provider;

/// The lifetime of an assertion. Microsoft recommends at most ten minutes.
const LIFETIME: Duration = Duration::from_secs(10 * 60);

/// The private key of an app, and the thumbprint of its certificate.
pub(super) struct Certificate {
    key: Arc<dyn SigningKey>,
    /// The SHA-256 hash of the certificate in DER format, in Base64url.
    thumbprint: String,
    /// The time at which the certificate expires, if it can be read.
    pub(super) expires: Option<SystemTime>,
}

impl Certificate {
    /// Reads the certificate and its key. Errors never quote the text.
    pub(super) fn read(pem: &str) -> Result<Self, String> {
        let file = KeyFile::read(pem.as_bytes()).map_err(|error| format!("the file {error}"))?;
        let pair = file.find_pair(&*crypto_provider::current()?)?;
        let thumbprint = URL_SAFE_NO_PAD.encode(Sha256::digest(pair.certificate()));
        let expires =
            CertificateFields::read(pair.certificate()).and_then(|fields| fields.expires());
        let key = pair.certified_key.key;
        match sign(&*key, b"") {
            Some(_) => Ok(Self { key, thumbprint, expires }),
            None => Err("its key is not an RSA key, which Microsoft Entra requires".to_owned()),
        }
    }

    /// Returns an assertion for one request to a token endpoint.
    pub(super) fn assertion(
        &self,
        client_id: &str,
        token_endpoint: &str,
        now: SystemTime,
    ) -> Result<SecretString, TokenError> {
        let seconds =
            |time: SystemTime| time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let now = seconds(now);
        let header = json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": self.thumbprint });
        let claims = json!({
            "aud": token_endpoint,
            "exp": now.saturating_add(LIFETIME.as_secs()),
            "iat": now,
            "iss": client_id,
            "jti": Uuid::new_v4().to_string(),
            "nbf": now,
            "sub": client_id,
        });
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", encode(&header), encode(&claims));
        let signature = sign(&*self.key, signed.as_bytes())
            .ok_or_else(|| TokenError::new("the private key of the app could not sign"))?;
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)).into())
    }
}

/// Signs with RSA and PSS padding; `None` for another kind of key.
fn sign(key: &dyn SigningKey, message: &[u8]) -> Option<Vec<u8>> {
    key.choose_scheme(&[SignatureScheme::RSA_PSS_SHA256])?.sign(message).ok()
}

#[cfg(test)]
mod tests {
    use partner_center_devices_testkit::app_credentials::AppCertificate;
    use secrecy::ExposeSecret as _;

    use super::*;

    fn decode(part: &str) -> Value {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    }

    #[test]
    fn an_assertion_has_the_documented_header_and_claims() {
        let app = AppCertificate::rsa();
        let certificate = Certificate::read(&app.pem()).unwrap();
        let now = UNIX_EPOCH + Duration::from_secs(1_000_000);
        let assertion = || {
            let signed = certificate.assertion("app", "https://login.example/t/token", now);
            signed.unwrap().expose_secret().to_owned()
        };
        let one = assertion();
        let parts: Vec<&str> = one.split('.').collect();
        let [header, claims, signature] = parts[..] else { panic!("{one}") };
        let thumbprint = URL_SAFE_NO_PAD.encode(Sha256::digest(&app.der));
        assert_eq!(decode(header), json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": thumbprint }));
        let mut claims = decode(claims);
        let id = claims["jti"].take();
        assert_eq!(
            claims,
            json!({
                "aud": "https://login.example/t/token", "iss": "app", "sub": "app", "jti": null,
                "iat": 1_000_000, "nbf": 1_000_000, "exp": 1_000_600,
            })
        );
        assert!(Uuid::try_parse(id.as_str().unwrap()).is_ok());
        assert_eq!(URL_SAFE_NO_PAD.decode(signature).unwrap().len(), 256);
        assert_ne!(assertion(), one, "each request has its own id");
    }

    #[test]
    fn finds_the_certificate_of_the_key_in_any_order() {
        let (app, other) = (AppCertificate::rsa(), AppCertificate::elliptic());
        for pem in [
            format!("\u{feff}{}", app.pem().replace('\n', "\r\n")),
            format!("{}{}{}", app.key_pem(), app.certificate_pem(), other.certificate_pem()),
            format!(
                "Bag Attributes\n{}{}{}",
                other.certificate_pem(),
                app.certificate_pem(),
                app.key_pem()
            ),
        ] {
            let read = Certificate::read(&pem).unwrap();
            assert_eq!(read.thumbprint, URL_SAFE_NO_PAD.encode(Sha256::digest(&app.der)));
        }
    }

    #[test]
    fn an_unusable_certificate_is_an_error_that_does_not_quote_it() {
        let (app, other) = (AppCertificate::rsa(), AppCertificate::elliptic());
        let encrypted = app.key_pem().replace("BEGIN PRIVATE", "BEGIN ENCRYPTED PRIVATE");
        for (pem, words) in [
            (String::new(), "contains nothing"),
            ("planted".to_owned(), "no certificate in PEM or DER format"),
            (app.certificate_pem(), "no private key"),
            (app.key_pem(), "no certificate"),
            (encrypted.replace("END PRIVATE", "END ENCRYPTED PRIVATE"), "openssl pkey"),
            (format!("{}{}", app.key_pem(), other.certificate_pem()), "does not belong"),
            (other.pem(), "not an RSA key"),
        ] {
            let problem = Certificate::read(&pem).err().unwrap();
            assert!(problem.contains(words), "{problem}");
            assert!(!problem.contains("planted"), "{problem}");
        }
    }
}
