//! The issuer of a certificate that is not trusted. Behind a proxy that inspects TLS it is the authority of that proxy,
//! whose certificate the program then needs. The TLS libraries do not report it, so the certificate is asked for once more,
//! for the error message. The handshake never succeeds, so no request is sent.
#![cfg(feature = "__rustls")]

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use partner_center_devices_raw::der::element;
use rustls_crate::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use rustls_crate::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls_crate::{CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme};

use super::crypto_provider;
use crate::certificate_fields::{CertificateFields, SEQUENCE, inside};

const TIMEOUT: Duration = Duration::from_secs(5);

/// The maximum length of a name in characters.
const MAX_NAME: usize = 100;

/// Asks for the certificate of a server, and returns the name of its issuer. `http` has the proxy to use.
pub(super) async fn of_server(http: reqwest::ClientBuilder, url: &str) -> Option<String> {
    let provider = crypto_provider::current().ok()?;
    let witness = Arc::new(Witness {
        schemes: provider.signature_verification_algorithms.supported_schemes(),
        issuer: OnceLock::new(),
    });
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .ok()?
        .dangerous() // it accepts no certificate at all
        .with_custom_certificate_verifier(Arc::clone(&witness) as Arc<dyn ServerCertVerifier>)
        .with_no_client_auth();
    let http = http.tls_backend_preconfigured(tls).build().ok()?;
    let _ = tokio::time::timeout(TIMEOUT, http.head(url).send()).await;
    witness.issuer.get()?.clone()
}

/// Remembers the issuer of a certificate and refuses it.
struct Witness {
    schemes: Vec<SignatureScheme>,
    issuer: OnceLock<Option<String>>,
}

impl fmt::Debug for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Witness").finish_non_exhaustive()
    }
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.issuer.get_or_init(|| issuer_name(certificate));
        refuse()
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        refuse()
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        refuse()
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.schemes.clone()
    }
}

fn refuse<T>() -> Result<T, Error> {
    Err(CertificateError::ApplicationVerificationFailure.into())
}

/// Returns the common name of a certificate's issuer, or else its organization (RFC 5280, section 4.1.2.4).
fn issuer_name(certificate: &[u8]) -> Option<String> {
    const COMMON_NAME: &[u8] = &[0x55, 4, 3];
    const ORGANIZATION: &[u8] = &[0x55, 4, 10];
    let mut parts = CertificateFields::read(certificate)?.issuer;
    let mut organization = None;
    while let Some((_, part, rest)) = element(parts) {
        parts = rest;
        let Some((attribute, _)) = inside(part, SEQUENCE) else { continue };
        let Some((_, kind, value)) = element(attribute) else { continue };
        let Some((tag, value, _)) = element(value) else { continue };
        match kind {
            COMMON_NAME => return Some(text(tag, value)),
            ORGANIZATION => organization = Some(text(tag, value)),
            _ => {}
        }
    }
    organization
}

/// Decodes a text of a name, without characters that a terminal would obey.
fn text(tag: u8, value: &[u8]) -> String {
    const TWO_BYTES: u8 = 0x1E; // BMPString
    let text = match tag {
        TWO_BYTES => {
            let units = value.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            char::decode_utf16(units)
                .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect()
        }
        _ => String::from_utf8_lossy(value).into_owned(),
    };
    text.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' '..='~')).take(MAX_NAME).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let inside = parts.concat();
        [&[tag, inside.len().try_into().unwrap()][..], &inside].concat()
    }

    fn certificate(version: &[u8], names: &[Vec<u8>]) -> Vec<u8> {
        let names: Vec<_> = names.iter().map(Vec::as_slice).collect();
        let fields = [version, &[2, 1, 7], &[0x30, 0], &der(0x30, &names), &[0x30, 0]];
        der(0x30, &[&der(0x30, &fields), &[0x30, 0], &[3, 2, 0, 1]])
    }

    fn name(kind: u8, tag: u8, text: &[u8]) -> Vec<u8> {
        der(0x31, &[&der(0x30, &[&[6, 3, 0x55, 4, kind], &der(tag, &[text])])])
    }

    #[test]
    fn issuer_is_the_common_name_or_the_organization() {
        let version = &[0xA0, 3, 2, 1, 2];
        let (country, organization) = (name(6, 0x13, b"CH"), name(10, 0x0C, b"Contoso"));
        let common = name(3, 0x0C, "Contoso Root Z\u{fc}rich\u{1b}[2J\u{202e}".as_bytes());
        let wide = name(3, 0x1E, &[0, b'C', 0, b'A']);
        for (names, expected) in [
            (
                vec![country.clone(), organization.clone(), common],
                Some("Contoso Root Z\u{fc}rich[2J"),
            ),
            (vec![wide, organization.clone()], Some("CA")),
            (vec![country, organization], Some("Contoso")),
            (vec![], None),
        ] {
            for version in [&version[..], &[]] {
                let found = issuer_name(&certificate(version, &names));
                assert_eq!(found.as_deref(), expected);
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn no_certificate_panics(
            changed in proptest::collection::vec((0..70usize, proptest::num::u8::ANY), 0..4),
        ) {
            let mut bytes = certificate(&[], &[name(3, 0x0C, b"Contoso"), name(10, 0x0C, b"C")]);
            for (at, byte) in changed {
                if let Some(old) = bytes.get_mut(at) { *old = byte }
            }
            let _ = issuer_name(&bytes);
        }
    }
}
