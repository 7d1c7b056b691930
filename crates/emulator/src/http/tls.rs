//! The certificate of the HTTPS server.
//!
//! A generated certificate is signed by a generated CA, because clients are easier to configure with a CA than with
//! the certificate of one server. The CA's key is dropped after it has signed this certificate, so it cannot sign
//! another one.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose,
};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// The names in every generated certificate.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The validity of a generated certificate. Some platforms reject more than 398 days.
const LIFETIME: Duration = Duration::from_secs(397 * DAY.as_secs());

/// The certificate and key for HTTPS.
///
/// ```no_run
/// use partner_center_devices_emulator::{Emulator, Tls};
///
/// # async fn https() -> std::io::Result<()> {
/// let emulator = Emulator::builder().tls(Tls::generated()).start().await?;
/// let url = emulator.https_url().unwrap();
/// let ca = emulator.certificate_pem().unwrap(); // the client under test must trust it
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Tls(Source);

#[derive(Clone)]
enum Source {
    Generated(Vec<String>),
    Existing(Arc<ServerConfig>),
}

impl Tls {
    /// Generates a certificate for `localhost`, `127.0.0.1` and `::1` at each start. It is not written to disk.
    ///
    /// It is valid for 397 days from the day before the start, and signed by a CA that is generated with it.
    /// [`Emulator::certificate_pem`](crate::Emulator::certificate_pem) returns the CA's certificate.
    #[must_use]
    pub fn generated() -> Self {
        Self(Source::Generated(NAMES.map(str::to_owned).into()))
    }

    /// Generates a certificate like [`Self::generated`], for additional DNS names and IP addresses.
    ///
    /// # Errors
    /// If a name is not valid in a certificate. International names must be in their `xn--` form.
    pub fn generated_for<N: Into<String>>(
        names: impl IntoIterator<Item = N>,
    ) -> Result<Self, InvalidTls> {
        let more = names.into_iter().map(Into::into);
        let names: Vec<String> = NAMES.map(str::to_owned).into_iter().chain(more).collect();
        if let Some(invalid) = names.iter().find(|name| !is_valid_name(name)) {
            return Err(InvalidTls(format!("'{invalid}' is not a valid name for a certificate")));
        }
        Ok(Self(Source::Generated(names)))
    }

    /// Uses an existing certificate and key, both in PEM.
    ///
    /// `cert_chain` starts with the server's certificate, followed by the intermediate ones. `key` is in PKCS#8,
    /// PKCS#1 or SEC1.
    ///
    /// # Errors
    /// If the certificate or key is missing or unreadable, or if they do not belong together.
    pub fn from_pem(
        cert_chain: impl AsRef<[u8]>,
        key: impl AsRef<[u8]>,
    ) -> Result<Self, InvalidTls> {
        let chain: Vec<_> = CertificateDer::pem_slice_iter(cert_chain.as_ref())
            .collect::<Result<_, _>>()
            .map_err(|error| InvalidTls(format!("the certificate is not PEM: {error}")))?;
        if chain.is_empty() {
            return Err(InvalidTls("the certificate's PEM contains no certificate".to_owned()));
        }
        let key = PrivateKeyDer::from_pem_slice(key.as_ref())
            .map_err(|error| InvalidTls(format!("cannot read the key: {error}")))?;
        config(chain, key).map(|config| Self(Source::Existing(Arc::new(config))))
    }

    /// Returns the acceptor for a listener, and the generated CA's certificate in PEM, if any.
    pub(crate) fn acceptor(&self) -> io::Result<(TlsAcceptor, Option<String>)> {
        match &self.0 {
            Source::Existing(config) => Ok((Arc::clone(config).into(), None)),
            Source::Generated(names) => {
                let (config, ca) = generate(names).map_err(io::Error::other)?;
                Ok((Arc::new(config).into(), Some(ca)))
            }
        }
    }
}

fn generate(names: &[String]) -> Result<(ServerConfig, String), InvalidTls> {
    let failed =
        |error: rcgen::Error| InvalidTls(format!("cannot generate a certificate: {error}"));

    let mut ca = with_validity(CertificateParams::default());
    ca.distinguished_name
        .push(DnType::CommonName, "partner-center-devices emulator, this run's CA");
    ca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let ca = CertifiedIssuer::self_signed(ca, KeyPair::generate().map_err(failed)?);
    let ca = ca.map_err(failed)?;

    let mut server = with_validity(CertificateParams::new(names.to_vec()).map_err(failed)?);
    server.distinguished_name.push(DnType::CommonName, "partner-center-devices emulator");
    server.use_authority_key_identifier_extension = true; // strict clients also require the two below
    server.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let key = KeyPair::generate().map_err(failed)?;
    let server = server.signed_by(&key, &ca).map_err(failed)?;

    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    Ok((config(vec![server.into()], key)?, pem(ca.der())))
}

fn with_validity(mut params: CertificateParams) -> CertificateParams {
    // The client's clock may be slow.
    let from = SystemTime::now() - DAY;
    params.not_before = from.into();
    params.not_after = (from + LIFETIME).into();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params
}

fn config(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<ServerConfig, InvalidTls> {
    let failed = |error| InvalidTls(format!("cannot use the certificate and key: {error}"));
    let mut config = ServerConfig::builder_with_provider(aws_lc_rs::default_provider().into())
        .with_safe_default_protocol_versions()
        .map_err(failed)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(failed)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// Returns whether a name is an IP address or a DNS name, which may start with a wildcard.
fn is_valid_name(name: &str) -> bool {
    let label = |label: &str| {
        let is_valid = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (1..=63).contains(&label.len()) && label.bytes().all(is_valid)
    };
    let dns = name.strip_prefix("*.").unwrap_or(name);
    name.parse::<std::net::IpAddr>().is_ok() || (name.len() <= 253 && dns.split('.').all(label))
}

fn pem(certificate: &CertificateDer<'_>) -> String {
    let text = STANDARD.encode(certificate);
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(64));
        pem.push_str(line);
        pem.push('\n');
        rest = more;
    }
    pem.push_str("-----END CERTIFICATE-----\n");
    pem
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Source::Generated(names) => f.debug_tuple("Generated").field(names).finish(),
            Source::Existing(_) => f.write_str("Existing(..)"),
        }
    }
}

/// An invalid certificate, key or name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidTls(String);

impl InvalidTls {
    pub(crate) fn new(problem: &str) -> Self {
        Self(problem.to_owned())
    }
}

impl fmt::Display for InvalidTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidTls {}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair() -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let body = STANDARD.encode(key.serialized_der());
        let key = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
        (pem(certificate.der()), key)
    }

    #[test]
    fn rejects_a_certificate_and_key_that_are_invalid_or_do_not_match() {
        let ((certificate, key), (other, other_key)) = (pair(), pair());
        assert!(Tls::from_pem(&certificate, &key).is_ok());
        assert!(Tls::from_pem(format!("{certificate}{other}"), &key).is_ok());
        for (certificate, key, expected) in [
            ("", key.as_str(), "the certificate's PEM contains no certificate"),
            (&key, &key, "the certificate's PEM contains no certificate"),
            ("-----BEGIN CERTIFICATE-----\nxyz", &key, "the certificate is not PEM: "),
            (&certificate, "", "cannot read the key: "),
            (&certificate, &certificate, "cannot read the key: "),
            (&certificate, &other_key, "cannot use the certificate and key: "),
        ] {
            let message = Tls::from_pem(certificate, key).unwrap_err().to_string();
            assert!(message.starts_with(expected), "{message}");
        }
    }

    #[test]
    fn accepts_only_dns_names_and_addresses() {
        let long = "a".repeat(64);
        for name in ["emulator", "a-b.c_d.test", "*.test", "10.0.0.5", "fd00::5"] {
            assert!(Tls::generated_for([name]).unwrap().acceptor().is_ok(), "{name}");
        }
        for name in ["", "a b", "a..b", "b.", "https://x", "h:1", "é.test", "*", &long] {
            let message = Tls::generated_for([name]).unwrap_err().to_string();
            assert_eq!(message, format!("'{name}' is not a valid name for a certificate"));
        }
    }

    #[test]
    fn debug_output_hides_the_key() {
        let (certificate, key) = pair();
        let tls = Tls::from_pem(certificate, key).unwrap();
        assert_eq!(format!("{tls:?}"), "Existing(..)");
        let expected = r#"Generated(["localhost", "127.0.0.1", "::1"])"#;
        assert_eq!(format!("{:?}", Tls::generated()), expected);
    }
}
