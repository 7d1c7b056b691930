//! Connection settings: proxy, certificate authorities and `User-Agent`. Connections to this machine use a proxy only if
//! one is set explicitly. Redirects are not followed, and reqwest does not retry.

use std::fmt;
use std::time::Duration;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Connection settings for a client ([`ClientBuilder::network`](crate::ClientBuilder::network)) and for the sign-in of a
/// token provider ([`AppOnly::network`](crate::AppOnly::network) and the others). Behind a proxy or a private
/// certificate authority, set both to the same value.
///
/// `Debug` does not print the address of the proxy, which may contain a password.
#[derive(Clone)]
#[must_use]
pub struct Network {
    proxy: Proxy,
    root_certificates: Vec<Vec<u8>>,
    user_agent: String,
}

#[derive(Clone)]
enum Proxy {
    /// The system settings, except for connections to this machine.
    System,
    None,
    Url(String),
}

impl Default for Network {
    fn default() -> Self {
        Self {
            proxy: Proxy::System,
            root_certificates: Vec::new(),
            user_agent: concat!("partner-center-devices/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

impl Network {
    /// Creates settings that use the system's proxy (`HTTPS_PROXY` and similar) and certificate authorities.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the URL of the proxy. The default is the proxy of the system. If the URL is invalid, the method that
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

    /// Trusts an additional certificate authority in PEM format, for a proxy that inspects TLS or for an emulator. If
    /// the certificate is invalid, the method that receives these settings returns an error.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(pem.into());
        self
    }

    /// Sets the `User-Agent`.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = name.into();
        self
    }

    /// Creates a connection pool. With `is_loopback`, all connections are to this machine.
    pub(crate) fn pool(&self, is_loopback: bool) -> Result<reqwest::Client, reqwest::Error> {
        let mut http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never()) // the pipeline counts every attempt
            .connect_timeout(CONNECT_TIMEOUT)
            .user_agent(&self.user_agent);
        http = match &self.proxy {
            Proxy::System if is_loopback => http.no_proxy(),
            Proxy::System => http,
            Proxy::None => http.no_proxy(),
            Proxy::Url(url) => http.proxy(reqwest::Proxy::all(url)?),
        };
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        for pem in &self.root_certificates {
            for certificate in reqwest::Certificate::from_pem_bundle(pem)? {
                http = http.add_root_certificate(certificate);
            }
        }
        http.build()
    }
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
            .finish()
    }
}
