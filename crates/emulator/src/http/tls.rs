//! Decides which certificate the emulator shows to a client that comes over HTTPS, and who has signed it.
//!
//! A generated certificate is signed by a CA of its own, because clients are told to trust a CA more easily
//! than one server's certificate. The CA signs this one certificate; then its key is gone, so nobody can make
//! another that a client would trust.

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

/// What every generated certificate is for.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a generated certificate is good. Some platforms refuse one of more than 398 days.
const LIFETIME: Duration = Duration::from_secs(397 * DAY.as_secs());

/// The certificate for HTTPS, and its key.
///
/// ```no_run
/// use partner_center_devices_emulator::{Emulator, Tls};
///
/// # async fn https() -> std::io::Result<()> {
/// let emulator = Emulator::builder().tls(Tls::generated()).start().await?;
/// let url = emulator.https_url().unwrap();
/// let ca = emulator.certificate_pem().unwrap(); // what the client under test must trust
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Tls(Source);

#[derive(Clone)]
enum Source {
    Generated(Vec<String>),
    Given(Arc<ServerConfig>),
}

impl Tls {
    /// A certificate for `localhost`, `127.0.0.1` and `::1`, made at the start and written nowhere.
    ///
    /// It is good for 397 days from the day before. Each start makes another one, and another CA;
    /// [`Emulator::certificate_pem`](crate::Emulator::certificate_pem) is the CA's certificate.
    #[must_use]
    pub fn generated() -> Self {
        Self(Source::Generated(NAMES.map(str::to_owned).into()))
    }

    /// As [`Self::generated`], for more names: DNS names and IP addresses.
    ///
    /// # Errors
    /// If a name cannot be in a certificate. An international name must be in its `xn--` form.
    pub fn generated_for<N: Into<String>>(
        names: impl IntoIterator<Item = N>,
    ) -> Result<Self, InvalidTls> {
        let more = names.into_iter().map(Into::into);
        let names: Vec<String> = NAMES.map(str::to_owned).into_iter().chain(more).collect();
        if let Some(wrong) = names.iter().find(|name| !is_name(name)) {
            return Err(InvalidTls(format!("the name '{wrong}' cannot be in a certificate")));
        }
        Ok(Self(Source::Generated(names)))
    }

    /// A certificate of your own: the server's certificate first, then those that lead to its CA, and the
    /// key, PKCS#8, PKCS#1 or SEC1; all in PEM.
    ///
    /// # Errors
    /// If one of the two is missing or unreadable, or the key is not the certificate's.
    pub fn from_pem(
        cert_chain: impl AsRef<[u8]>,
        key: impl AsRef<[u8]>,
    ) -> Result<Self, InvalidTls> {
        let chain: Vec<_> = CertificateDer::pem_slice_iter(cert_chain.as_ref())
            .collect::<Result<_, _>>()
            .map_err(|error| InvalidTls(format!("the certificate is not PEM: {error}")))?;
        if chain.is_empty() {
            return Err(InvalidTls("no certificate is in the certificate's PEM".to_owned()));
        }
        let key = PrivateKeyDer::from_pem_slice(key.as_ref())
            .map_err(|error| InvalidTls(format!("the key cannot be read: {error}")))?;
        config(chain, key).map(|config| Self(Source::Given(Arc::new(config))))
    }

    /// What a listener needs; the CA's certificate in PEM if it was made here.
    pub(crate) fn ready(&self) -> io::Result<(TlsAcceptor, Option<String>)> {
        match &self.0 {
            Source::Given(config) => Ok((Arc::clone(config).into(), None)),
            Source::Generated(names) => {
                let (config, ca) = generate(names).map_err(io::Error::other)?;
                Ok((Arc::new(config).into(), Some(ca)))
            }
        }
    }
}

fn generate(names: &[String]) -> Result<(ServerConfig, String), InvalidTls> {
    let failed = |error: rcgen::Error| InvalidTls(format!("no certificate can be made: {error}"));

    let mut ca = dated(CertificateParams::default());
    ca.distinguished_name
        .push(DnType::CommonName, "partner-center-devices emulator, this run's CA");
    ca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let ca = CertifiedIssuer::self_signed(ca, KeyPair::generate().map_err(failed)?);
    let ca = ca.map_err(failed)?;

    let mut server = dated(CertificateParams::new(names.to_vec()).map_err(failed)?);
    server.distinguished_name.push(DnType::CommonName, "partner-center-devices emulator");
    server.use_authority_key_identifier_extension = true; // strict checkers look for the two below as well
    server.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let key = KeyPair::generate().map_err(failed)?;
    let server = server.signed_by(&key, &ca).map_err(failed)?;

    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    Ok((config(vec![server.into()], key)?, pem(ca.der())))
}

fn dated(mut params: CertificateParams) -> CertificateParams {
    // The client's clock may be a little behind.
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
    let failed = |error| InvalidTls(format!("certificate and key cannot be used: {error}"));
    let mut config = ServerConfig::builder_with_provider(aws_lc_rs::default_provider().into())
        .with_safe_default_protocol_versions()
        .map_err(failed)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(failed)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// Whether an IP address or a DNS name, perhaps with a wildcard first.
fn is_name(name: &str) -> bool {
    let label = |label: &str| {
        let of = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (1..=63).contains(&label.len()) && label.bytes().all(of)
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
            Source::Given(_) => f.write_str("Given(..)"),
        }
    }
}

/// A certificate, key or name that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidTls(String);

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
    fn a_pair_of_your_own_must_be_whole_and_belong_together() {
        let ((certificate, key), (other, other_key)) = (pair(), pair());
        assert!(Tls::from_pem(&certificate, &key).is_ok());
        assert!(Tls::from_pem(format!("{certificate}{other}"), &key).is_ok());
        for (certificate, key, words) in [
            ("", key.as_str(), "no certificate is in the certificate's PEM"),
            (&key, &key, "no certificate is in the certificate's PEM"),
            ("-----BEGIN CERTIFICATE-----\nxyz", &key, "the certificate is not PEM: "),
            (&certificate, "", "the key cannot be read: "),
            (&certificate, &certificate, "the key cannot be read: "),
            (&certificate, &other_key, "certificate and key cannot be used: "),
        ] {
            let said = Tls::from_pem(certificate, key).unwrap_err().to_string();
            assert!(said.starts_with(words), "{said}");
        }
    }

    #[test]
    fn only_what_can_be_a_host_is_a_name() {
        let long = "a".repeat(64);
        for name in ["emulator", "a-b.c_d.test", "*.test", "10.0.0.5", "fd00::5"] {
            assert!(Tls::generated_for([name]).unwrap().ready().is_ok(), "{name}");
        }
        for name in ["", "a b", "a..b", "b.", "https://x", "h:1", "é.test", "*", &long] {
            let said = Tls::generated_for([name]).unwrap_err().to_string();
            assert_eq!(said, format!("the name '{name}' cannot be in a certificate"));
        }
    }

    #[test]
    fn debug_shows_no_key() {
        let (certificate, key) = pair();
        let tls = Tls::from_pem(certificate, key).unwrap();
        assert_eq!(format!("{tls:?}"), "Given(..)");
        let expected = r#"Generated(["localhost", "127.0.0.1", "::1"])"#;
        assert_eq!(format!("{:?}", Tls::generated()), expected);
    }
}
