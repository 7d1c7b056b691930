//! The certificate of an app registration, which verifies the assertions of the app.
#![cfg(feature = "tls")]

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use partner_center_devices_raw::der::element;
use sha2::{Digest, Sha256};
use tokio_rustls::rustls::SignatureScheme;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::server::ParsedCertificate;

use crate::http::tls::InvalidTls;

/// A certificate with its public key.
#[derive(Clone)]
pub(super) struct AppCertificate {
    /// The SHA-256 hash of the certificate, in Base64url.
    pub(super) thumbprint: String,
    public_key: Vec<u8>,
}

impl AppCertificate {
    pub(super) fn from_pem(pem: &[u8]) -> Result<Self, InvalidTls> {
        let invalid = || InvalidTls::new("the text contains no valid certificate in PEM format");
        let certificate = CertificateDer::from_pem_slice(pem).map_err(|_| invalid())?;
        let parsed = ParsedCertificate::try_from(&certificate).map_err(|_| invalid())?;
        let key = parsed.subject_public_key_info();
        let public_key = public_key(&key).ok_or_else(invalid)?.to_owned();
        let thumbprint = URL_SAFE_NO_PAD.encode(Sha256::digest(&certificate));
        Ok(Self { thumbprint, public_key })
    }

    /// Returns true if the key of this certificate has signed the text.
    pub(super) fn has_signed(&self, algorithm: &str, text: &str, signature: &[u8]) -> bool {
        let scheme = match algorithm {
            "PS256" => SignatureScheme::RSA_PSS_SHA256,
            _ => SignatureScheme::RSA_PKCS1_SHA256,
        };
        let supported = aws_lc_rs::default_provider().signature_verification_algorithms;
        let mut algorithms = supported.mapping.iter().filter(|(one, _)| *one == scheme);
        algorithms.any(|(_, verifiers)| {
            verifiers.iter().any(|verifier| {
                verifier.verify_signature(&self.public_key, text.as_bytes(), signature).is_ok()
            })
        })
    }
}

impl fmt::Debug for AppCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppCertificate")
            .field("thumbprint", &self.thumbprint)
            .finish_non_exhaustive()
    }
}

/// Returns the key in the structure `SubjectPublicKeyInfo`: a sequence of the algorithm and a bit string (RFC 5280,
/// section 4.1).
fn public_key(info: &[u8]) -> Option<&[u8]> {
    let (0x30, inside, _) = element(info)? else { return None };
    let (0x30, _, after) = element(inside)? else { return None };
    let (0x03, bits, _) = element(after)? else { return None };
    bits.strip_prefix(&[0]) // the number of unused bits
}
