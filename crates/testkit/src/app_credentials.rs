//! Credentials of app registrations: certificates, generated for each test, and tokens of another issuer.

use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rcgen::{
    CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256, SignatureAlgorithm,
};
use serde_json::{Value, json};

/// The issuer of [`federated_token`].
pub const ISSUER: &str = "https://token.actions.githubusercontent.com";

/// A certificate with its private key.
pub struct AppCertificate {
    /// The certificate in DER format.
    pub der: Vec<u8>,
    /// The private key in PKCS #8.
    key: Vec<u8>,
}

impl AppCertificate {
    /// Generates a certificate with an RSA key of 2048 bits.
    ///
    /// # Panics
    /// If the key cannot be generated.
    #[must_use]
    pub fn rsa() -> Self {
        Self::generate(&PKCS_RSA_SHA256, &[], None)
    }

    /// Like [`rsa`](Self::rsa), with a certificate that expires at this time.
    ///
    /// # Panics
    /// If the key cannot be generated.
    #[must_use]
    pub fn rsa_until(end: SystemTime) -> Self {
        Self::generate(&PKCS_RSA_SHA256, &[], Some(end))
    }

    /// Generates a certificate with an elliptic key, which Microsoft Entra does not accept.
    ///
    /// # Panics
    /// If the key cannot be generated.
    #[must_use]
    pub fn elliptic() -> Self {
        Self::generate(&PKCS_ECDSA_P256_SHA256, &[], None)
    }

    /// Generates a certificate for a server at `127.0.0.1`.
    ///
    /// # Panics
    /// If the key cannot be generated.
    #[must_use]
    pub fn server() -> Self {
        Self::generate(&PKCS_ECDSA_P256_SHA256, &["127.0.0.1".to_owned()], None)
    }

    fn generate(
        algorithm: &'static SignatureAlgorithm,
        names: &[String],
        end: Option<SystemTime>,
    ) -> Self {
        let key = KeyPair::generate_for(algorithm).expect("a key can be generated");
        let mut params = CertificateParams::new(names).expect("the names are valid");
        if let Some(end) = end {
            params.not_after = end.into();
        }
        let certificate = params.self_signed(&key).expect("the certificate can be signed");
        Self { der: certificate.der().to_vec(), key: key.serialize_der() }
    }

    /// Returns the certificate in PEM format.
    #[must_use]
    pub fn certificate_pem(&self) -> String {
        pem("CERTIFICATE", &self.der)
    }

    /// Returns the private key in the format PKCS #8.
    #[must_use]
    pub fn key_der(&self) -> &[u8] {
        &self.key
    }

    /// Returns the private key in PEM format.
    #[must_use]
    pub fn key_pem(&self) -> String {
        pem("PRIVATE KEY", &self.key)
    }

    /// Returns the private key and the certificate in PEM format.
    #[must_use]
    pub fn pem(&self) -> String {
        format!("{}{}", self.key_pem(), self.certificate_pem())
    }
}

/// Returns an access token of a user with these authentication methods, such as `pwd` and `mfa`. No key has signed it.
#[must_use]
pub fn user_token(methods: &[&str]) -> String {
    unsigned_token(json!({ "appid": "a", "scp": "user_impersonation", "amr": methods }))
}

/// Returns a token of another issuer for a federated credential. It expires after five minutes, and no key has signed it.
///
/// # Panics
/// If the clock is before 1970.
#[must_use]
pub fn federated_token(subject: &str) -> String {
    let now = std::time::UNIX_EPOCH.elapsed().expect("the clock is right").as_secs();
    unsigned_token(json!({
        "aud": "api://AzureADTokenExchange", "iss": ISSUER, "sub": subject, "exp": now + 300,
    }))
}

fn unsigned_token(claims: Value) -> String {
    let encode = |part: Value| URL_SAFE_NO_PAD.encode(part.to_string());
    format!("{}.{}.c2lnbmF0dXJl", encode(json!({ "alg": "RS256" })), encode(claims))
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<_> =
        text.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line)).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}
