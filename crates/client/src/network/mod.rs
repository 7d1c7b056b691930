//! Connection settings: proxy, certificate authorities, timeouts and `User-Agent`. Connections to this machine never use
//! a proxy. Redirects are not followed, and reqwest does not retry.

mod certificate_issuer;
mod certificates;
pub(crate) mod crypto_provider;
mod host_list;
mod loopback_names;
mod proxy;
mod proxy_refusal;
mod system_proxy;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use self::loopback_names::LoopbackNames;
pub use self::proxy::InvalidProxy;
use self::proxy::{ProxyAddress, ProxyRules};
use self::proxy_refusal::ProxyRefusal;
use crate::calls::retry::AttemptOutcome;
#[cfg(feature = "__rustls")]
use crate::key_file::KeyFile;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Connection settings for a client ([`ClientBuilder::network`](crate::ClientBuilder::network)) and for the sign-in of a
/// token provider ([`AppOnly::network`](crate::AppOnly::network) and the others). Behind a proxy or a private
/// certificate authority, set both to the same value.
///
/// A proxy is never used for this machine: a token for `http://localhost` would be readable by the proxy. The names
/// `localhost` and `*.localhost` always mean this machine, regardless of its name servers.
///
/// `Debug` does not print the address of the proxy, which may contain a password.
#[derive(Clone)]
#[must_use]
pub struct Network {
    proxy: Proxy,
    direct_hosts: Option<String>,
    root_certificates: Vec<Vec<u8>>,
    #[cfg(feature = "__rustls")]
    client_certificate: Option<Arc<secrecy::SecretSlice<u8>>>,
    connect_timeout: Duration,
    user_agent: String,
}

#[derive(Clone)]
enum Proxy {
    /// The variables of the system.
    System,
    None,
    Url(String),
}

/// The reason why connection settings cannot be used.
#[derive(Debug)]
pub(crate) struct InvalidNetwork {
    problem: String,
    source: Option<reqwest::Error>,
}

impl InvalidNetwork {
    pub(crate) fn new(problem: impl Into<String>) -> Self {
        Self { problem: problem.into(), source: None }
    }
}

impl fmt::Display for InvalidNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem)
    }
}

impl std::error::Error for InvalidNetwork {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}

impl Default for Network {
    fn default() -> Self {
        Self {
            proxy: Proxy::System,
            direct_hosts: None,
            root_certificates: Vec::new(),
            #[cfg(feature = "__rustls")]
            client_certificate: None,
            connect_timeout: CONNECT_TIMEOUT,
            user_agent: concat!("partner-center-devices/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

impl Network {
    /// Creates settings that use the system's proxy (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in upper or
    /// lower case) and certificate authorities. If the variable that applies contains no valid proxy or is not UTF-8, the
    /// method that receives these settings returns an error. `HTTP_PROXY` of a CGI program is not read, because a request
    /// could set it.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the URL of the proxy, such as `http://user:password@proxy.example:3128`. Without a scheme it is `http`.
    /// `socks5`, `socks5h`, `socks4` and `socks4a` need the feature `socks`. Characters such as `@`, `#` and `/` in the
    /// password must be percent-encoded. The default is the proxy of the system. If the URL is invalid, the method that
    /// receives these settings returns an error.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Proxy::Url(url.into());
        self
    }

    /// Disables proxies, including that of the system.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = Proxy::None;
        self
    }

    /// Sets the hosts that are reached without the proxy, separated by commas, in addition to this machine: names
    /// (`example.com` includes its subdomains), addresses, networks (`10.0.0.0/8`), patterns (`api-*.example.com`), or `*`
    /// for all. A port limits an entry to it. Replaces `NO_PROXY`. If an entry cannot be read, the method that receives
    /// these settings returns an error.
    pub fn no_proxy_for(mut self, hosts: impl Into<String>) -> Self {
        self.direct_hosts = Some(hosts.into());
        self
    }

    /// Returns the proxy for a URL without its password, or `None` for a direct connection.
    ///
    /// # Errors
    /// If the proxy that applies is invalid.
    pub fn proxy_for(&self, url: &str) -> Result<Option<String>, InvalidProxy> {
        let Ok(url) = Url::parse(url) else { return Ok(None) };
        Ok(self.rules()?.proxy_for(&url)?.map(ToString::to_string))
    }

    /// Returns the address of the script that chooses the proxy for a URL in the settings of Windows, if no proxy is set
    /// otherwise. Scripts are not run, so connections are direct: set the proxy that the script chooses.
    #[must_use]
    pub fn unused_proxy_script(&self, url: &str) -> Option<String> {
        self.rules().ok()?.script_for(&Url::parse(url).ok()?).map(ToOwned::to_owned)
    }

    /// Trusts additional certificate authorities, for a proxy that inspects TLS or for an emulator: any number of
    /// certificates in PEM, DER or PKCS 7 format. Text may be UTF-8 or UTF-16. If there is no certificate or an invalid one,
    /// the method that receives these settings returns an error.
    #[cfg(any(feature = "__rustls", feature = "native-tls"))]
    pub fn root_certificate(mut self, pem_or_der: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(pem_or_der.into());
        self
    }

    /// Checks the files that were passed to [`root_certificate`](Self::root_certificate).
    ///
    /// # Errors
    /// With a description of the problem, if a file contains no certificate or an invalid one.
    #[cfg(any(feature = "__rustls", feature = "native-tls"))]
    pub fn check_certificates(&self) -> Result<(), String> {
        self.root_certificates.iter().try_for_each(|file| certificates::read(file).map(drop))
    }

    /// Identifies this machine with a certificate, for a proxy or a gateway that requires one. The PEM text contains the
    /// certificate, the private key, which is not encrypted, and perhaps the certificates of its authorities. If one is
    /// missing or invalid, the method that receives these settings returns an error.
    #[cfg(feature = "__rustls")]
    pub fn client_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.client_certificate = Some(Arc::new(pem.into().into()));
        self
    }

    /// Sets the time limit for connecting. The default is 10 seconds.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets the `User-Agent`.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = name.into();
        self
    }

    fn rules(&self) -> Result<ProxyRules, InvalidProxy> {
        let rules = match &self.proxy {
            Proxy::System => ProxyRules::of_system(),
            Proxy::None => ProxyRules::default(),
            Proxy::Url(url) => ProxyRules::all(ProxyAddress::parse("", url)?),
        };
        Ok(match &self.direct_hosts {
            Some(hosts) => rules.direct(hosts),
            None => rules,
        })
    }

    /// Creates a connection pool for the host of a URL.
    pub(crate) fn pool(&self, url: &str) -> Result<reqwest::Client, InvalidNetwork> {
        crypto_provider::prepare().map_err(InvalidNetwork::new)?;
        #[cfg_attr(not(any(feature = "__rustls", feature = "native-tls")), expect(unused_mut))]
        let mut http = self.builder(url)?;
        #[cfg(any(feature = "__rustls", feature = "native-tls"))]
        for file in &self.root_certificates {
            for certificate in certificates::read(file).map_err(InvalidNetwork::new)? {
                http = http.add_root_certificate(certificate);
            }
        }
        #[cfg(feature = "__rustls")]
        if let Some(pem) = &self.client_certificate {
            use secrecy::ExposeSecret as _;
            http = http.identity(client_identity(pem.expose_secret()).map_err(|problem| {
                InvalidNetwork::new(format!(
                    "the client certificate cannot be used: {problem}; it needs a certificate and its private key in PEM format"
                ))
            })?);
        }
        http.build().map_err(|error| {
            let error = error.without_url();
            let causes = std::iter::successors(std::error::Error::source(&error), |it| it.source());
            let cause = causes.last().map(|cause| format!(": {cause}")).unwrap_or_default();
            let problem = format!("the TLS or proxy settings are invalid{cause}");
            InvalidNetwork { problem, source: Some(error) }
        })
    }

    /// Creates a connection pool without its certificates.
    fn builder(&self, url: &str) -> Result<reqwest::ClientBuilder, InvalidNetwork> {
        let mut http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never()) // the pipeline counts every attempt
            .connect_timeout(self.connect_timeout)
            .user_agent(&self.user_agent)
            .dns_resolver(Arc::new(LoopbackNames))
            .no_proxy();
        // Only the settings that apply to this URL have to be valid.
        let proxy = self.proxy_for(url);
        if proxy.map_err(|error| InvalidNetwork::new(error.to_string()))?.is_some() {
            let rules = self.rules().map_err(|error| InvalidNetwork::new(error.to_string()))?;
            http = http.proxy(rules.into_reqwest());
        }
        Ok(http)
    }

    /// Describes why no connection to a URL could be made: the host, the proxy in use and the status of its refusal, or
    /// the issuer of a certificate that is not trusted.
    pub(crate) async fn explain(&self, url: &str, cause: &str) -> ConnectProblem {
        let refuses_certificate = is_about_own_certificate(cause);
        let problem = |text| ConnectProblem { text, refusal: None, refuses_certificate };
        let Ok(url) = &Url::parse(url) else { return problem(cause.to_owned()) };
        let cause = &*match refuses_certificate {
            true => format!("the server did not accept the certificate of this machine ({cause})")
                .into(),
            false => self.with_issuer(url, cause).await,
        };
        let host = url.host_str().unwrap_or_default();
        let host = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        let rules = self.rules().ok();
        let text = match rules.as_ref().and_then(|rules| rules.proxy_for(url).ok().flatten()) {
            None => match rules.as_ref().and_then(|rules| rules.script_for(url)) {
                Some(script) => format!(
                    "cannot connect to {host}: {cause}; {} choose the proxy with the script {script}, which is not run here: set HTTPS_PROXY",
                    system_proxy::SETTINGS
                ),
                None => format!("cannot connect to {host}: {cause}"),
            },
            Some(proxy) if !is_about_tunnel(cause) => {
                format!("cannot connect to {host} through the proxy {proxy}: {cause}")
            }
            Some(proxy) => {
                let refusal = proxy_refusal::of_proxy(proxy, url, cause).await;
                let text = match refusal {
                    Some(ProxyRefusal { status, .. }) => {
                        format!("the proxy {proxy} refused the connection to {host} ({status})")
                    }
                    None => format!("the proxy {proxy} did not connect to {host}: {cause}"),
                };
                return ConnectProblem { refusal, ..problem(text) };
            }
        };
        problem(text)
    }

    /// Adds the issuer of the server's certificate to the cause of a failed connection if the cause is about it.
    async fn with_issuer<'a>(&self, url: &Url, cause: &'a str) -> Cow<'a, str> {
        #[cfg(not(feature = "__rustls"))]
        let _ = url;
        #[cfg(feature = "__rustls")]
        if cause.contains("certificate")
            && let Ok(http) = self.builder(url.as_str())
            && let Some(issuer) = certificate_issuer::of_server(http, url.as_str()).await
        {
            return format!("{cause}; the certificate was issued by \"{issuer}\"").into();
        }
        Cow::Borrowed(cause)
    }
}

/// The reason why no connection could be made.
pub(crate) struct ConnectProblem {
    pub(crate) text: String,
    refusal: Option<ProxyRefusal>,
    /// True if the server requires a certificate of this machine, or does not accept the one that it got.
    refuses_certificate: bool,
}

const OWN_CERTIFICATE: &str = "the server, or a proxy that inspects the connection, requires a certificate of this machine: configure one that it accepts, or ask its administrator";

impl ConnectProblem {
    /// Returns true if the server or a proxy refused the connection, and would refuse the next one too.
    pub(crate) fn is_final_refusal(&self) -> bool {
        self.refuses_certificate || self.refusal.is_some_and(ProxyRefusal::is_final)
    }

    /// Returns how the attempt ended.
    pub(crate) fn outcome(&self) -> AttemptOutcome {
        match self.is_final_refusal() {
            true if self.refuses_certificate => AttemptOutcome::Untrusted,
            true => AttemptOutcome::ProxyRefused,
            false => AttemptOutcome::NotConnected,
        }
    }

    /// Returns what to do about it, if that is known.
    pub(crate) fn hint(&self) -> Option<&'static str> {
        let own_certificate = self.refuses_certificate.then_some(OWN_CERTIFICATE);
        own_certificate.or_else(|| self.refusal.and_then(ProxyRefusal::hint))
    }
}

/// Returns true if a server ended the handshake because of the certificate of this machine: it requires one, or does not
/// accept the one that it got. A client sees that only after its first request if the server speaks TLS 1.3, but the server
/// does not read this request.
pub(crate) fn is_about_own_certificate(cause: &str) -> bool {
    // rustls writes names such as `UnknownCA`, and the TLS of a system writes words.
    let cause = cause.to_ascii_lowercase().replace(' ', "");
    let alerts = ["certificate", "unknownca", "decrypterror", "accessdenied"];
    cause.contains("alert") && alerts.into_iter().any(|alert| cause.contains(alert))
}

/// Returns true if a connection failed because a proxy opened no tunnel.
pub(crate) fn is_about_tunnel(cause: &str) -> bool {
    cause.starts_with("tunnel error")
}

/// Reads a client certificate with its private key.
#[cfg(feature = "__rustls")]
fn client_identity(file: &[u8]) -> Result<reqwest::Identity, String> {
    let file = KeyFile::read(file).map_err(|error| format!("the file {error}"))?;
    let pair = file.find_pair(&*crypto_provider::current()?)?;
    reqwest::Identity::from_pem(pair.to_pem().as_bytes()).map_err(|error| error.to_string())
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let proxy = match self.proxy {
            Proxy::System => "system",
            Proxy::None => "none",
            Proxy::Url(_) => "set",
        };
        f.debug_struct("Network")
            .field("proxy", &proxy)
            .field("root_certificates", &self.root_certificates.len())
            .field("user_agent", &self.user_agent)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_about_the_certificate_of_this_machine_are_recognized() {
        for (cause, expected) in [
            ("received fatal alert: CertificateRequired", true),
            ("received fatal alert: UnknownCA", true),
            ("received fatal alert: DecryptError", true),
            ("tlsv13 alert certificate required", true),
            ("sslv3 alert bad certificate", true),
            ("tlsv1 alert unknown ca", true),
            ("received fatal alert: HandshakeFailure", false),
            ("invalid peer certificate: UnknownIssuer", false),
            ("Connection refused (os error 111)", false),
        ] {
            assert_eq!(is_about_own_certificate(cause), expected, "{cause}");
        }
    }
}
