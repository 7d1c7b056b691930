//! How connections are made: proxy, certificate authorities, the name in `User-Agent`. Decides that nothing for
//! this machine goes through a proxy unless one is named, that redirects are not followed, and that reqwest
//! repeats nothing by itself.

use std::fmt;
use std::time::Duration;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How connections are made, for a client ([`ClientBuilder::network`](crate::ClientBuilder::network)) and for the
/// sign-in of a token provider ([`AppOnly::network`](crate::AppOnly::network) and the others). Give both the same
/// where a proxy or an authority of your own stands between you and the internet.
///
/// `Debug` does not show the proxy, whose address may hold a password.
#[derive(Clone)]
#[must_use]
pub struct Network {
    proxy: Proxy,
    root_certificates: Vec<Vec<u8>>,
    user_agent: String,
}

#[derive(Clone)]
enum Proxy {
    /// What the system's settings say, but nothing for this machine.
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
    /// The system's proxy settings (`HTTPS_PROXY` and its kin) and certificate authorities.
    pub fn new() -> Self {
        Self::default()
    }

    /// Goes through this proxy, by its URL. Without it, the system's settings count. What cannot be used is an error
    /// of whatever takes these settings.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Proxy::Url(url.into());
        self
    }

    /// Goes through no proxy, whatever the system's settings are.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = Proxy::None;
        self
    }

    /// Trusts this certificate authority too, in PEM: for a proxy that looks into TLS, or an emulator. What
    /// cannot be read is an error of whatever takes these settings.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(pem.into());
        self
    }

    /// What the program calls itself in `User-Agent`.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = name.into();
        self
    }

    /// A connection pool of these settings; `here` says whether all it is for is on this machine.
    pub(crate) fn pool(&self, here: bool) -> Result<reqwest::Client, reqwest::Error> {
        let mut http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never()) // every attempt is ours to count
            .connect_timeout(CONNECT_TIMEOUT)
            .user_agent(&self.user_agent);
        http = match &self.proxy {
            Proxy::System if here => http.no_proxy(), // what is meant for this machine stays on it
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
