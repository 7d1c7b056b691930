//! The client and how it is built. Decides where requests may go: one base URL, no redirects, and no token
//! over plain HTTP but to this machine.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use partner_center_devices_raw::Transport;
use partner_center_devices_raw::transport::{Direct, InProcess, Service};
use partner_center_devices_raw::types::CustomerId;
use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

use crate::error::{Error, ErrorKind, Sent};
use crate::pipeline::Shared;
use crate::resources::Customer;

/// The base URL of the public and the US Government cloud
/// (<https://learn.microsoft.com/en-us/partner-center/developer/partner-center-rest-urls>).
pub const PUBLIC_CLOUD: &str = "https://api.partnercenter.microsoft.com";

/// A whole upload may be megabytes; the archived .NET SDK waits as long.
const TIMEOUT: Duration = Duration::from_secs(180);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Talks to Partner Center. Cheap to clone; clones share one connection pool.
///
/// `Debug` shows the base URL and nothing else.
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
}

impl Client {
    /// A client for the public cloud that sends this access token.
    ///
    /// # Errors
    /// If the token cannot stand in a header.
    pub fn new(token: impl Into<SecretString>) -> Result<Self, Error> {
        Self::builder().token(token).build()
    }

    /// Starts with the defaults: public cloud, 180 seconds for a request, no token.
    pub fn builder() -> ClientBuilder {
        ClientBuilder {
            base_url: PUBLIC_CLOUD.to_owned(),
            token: None,
            application: None,
            locale: None,
            timeout: TIMEOUT,
            plain_http: false,
            service: None,
        }
    }

    /// One customer of the partner: the root of everything else.
    #[must_use]
    pub fn customer(&self, id: CustomerId) -> Customer {
        Customer::new(Arc::clone(&self.shared), id)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("base_url", &self.shared.base_url).finish_non_exhaustive()
    }
}

/// Makes a [`Client`].
#[must_use]
pub struct ClientBuilder {
    base_url: String,
    token: Option<SecretString>,
    application: Option<String>,
    locale: Option<String>,
    timeout: Duration,
    plain_http: bool,
    service: Option<Arc<dyn Transport>>,
}

impl ClientBuilder {
    /// Another cloud or an emulator, by its root. A final slash or `/v1` is cut.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// The access token, without `Bearer`. It lasts about an hour.
    pub fn token(mut self, token: impl Into<SecretString>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// The name of your application, sent as `MS-PartnerCenter-Application`
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/headers>).
    pub fn application(mut self, name: impl Into<String>) -> Self {
        self.application = Some(name.into());
        self
    }

    /// The language of the service's texts, sent as `X-Locale`; `en-US` unless set.
    pub fn locale(mut self, locale: impl Into<String>) -> Self {
        self.locale = Some(locale.into());
        self
    }

    /// How long one request may take, from connecting to the last byte of its answer.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Lets the token travel unencrypted to another machine. For an emulator in a container; never otherwise.
    pub fn allow_plain_http(mut self) -> Self {
        self.plain_http = true;
        self
    }

    /// Asks this service in the same process instead of the network. Needs no token.
    pub fn in_process(mut self, service: impl Service) -> Self {
        self.service = Some(Arc::new(InProcess(service)));
        self
    }

    /// The client.
    ///
    /// # Errors
    /// [`ErrorKind::Input`] if the base URL is no plain `https` root, if there is no token, or if a text
    /// cannot stand in a header.
    pub fn build(self) -> Result<Client, Error> {
        let refuse = |problem: &str| Error::input("the client", problem);
        let (base_url, here) = match self.service {
            Some(_) => ("http://in-process.invalid".to_owned(), true),
            None => check_base_url(&self.base_url, self.plain_http).map_err(refuse)?,
        };
        let authorization = match &self.token {
            Some(token) => {
                // A token pasted from a file often ends with a line break.
                let token = token.expose_secret().trim();
                let value = HeaderValue::try_from(format!("Bearer {token}"));
                let mut value = value
                    .map_err(|_| refuse("the token has a character that no header can hold"))?;
                if token.is_empty() {
                    return Err(refuse("the token is empty"));
                }
                value.set_sensitive(true);
                Some(value)
            }
            None if self.service.is_some() => Some(HeaderValue::from_static("Bearer in-process")),
            None => return Err(refuse("there is no token")),
        };
        let text = |name: &str, value: Option<&str>| {
            value
                .map(HeaderValue::try_from)
                .transpose()
                .map_err(|_| refuse(&format!("the {name} has a character that no header can hold")))
        };
        let mut http = reqwest::Client::builder();
        if here {
            http = http.no_proxy(); // what is meant for this machine stays on it
        }
        let http = http
            .redirect(reqwest::redirect::Policy::none())
            .timeout(self.timeout)
            .connect_timeout(CONNECT_TIMEOUT)
            .user_agent(concat!("partner-center-devices/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| {
                Error::new(ErrorKind::Input, "the client", Sent::No)
                    .with_detail("TLS or proxy settings of this machine cannot be used")
                    .with_source(error)
            })?;
        Ok(Client {
            shared: Arc::new(Shared {
                base_url,
                http,
                transport: self.service.unwrap_or_else(|| Arc::new(Direct::default())),
                authorization,
                application: text("application name", self.application.as_deref())?,
                locale: text("locale", self.locale.as_deref().or(Some("en-US")))?,
            }),
        })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

/// The root without what is too much, and whether it is this machine.
fn check_base_url(text: &str, plain_http: bool) -> Result<(String, bool), &'static str> {
    let url = Url::parse(text).map_err(|_| "the base URL is not a URL")?;
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return Err("the base URL has no host"),
    };
    match url.scheme() {
        "https" => {}
        "http" if here || plain_http => {}
        "http" => return Err("the base URL is not https, and the token would travel unencrypted"),
        _ => return Err("the base URL is not https"),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the base URL holds a user name or password");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("the base URL has a query or a fragment");
    }
    let root = url.as_str().trim_end_matches('/');
    Ok((root.strip_suffix("/v1").unwrap_or(root).trim_end_matches('/').to_owned(), here))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_is_an_encrypted_root_or_this_machine() {
        for (text, root) in [
            (PUBLIC_CLOUD, PUBLIC_CLOUD),
            ("https://api.partnercenter.microsoft.com/v1/", PUBLIC_CLOUD),
            ("http://127.0.0.1:8085", "http://127.0.0.1:8085"),
            ("http://localhost:8085/v1", "http://localhost:8085"),
            ("http://[::1]:1/", "http://[::1]:1"),
            ("https://proxy.example/partner", "https://proxy.example/partner"),
        ] {
            assert_eq!(check_base_url(text, false).unwrap().0, root, "{text}");
        }
        for (text, words) in [
            ("api.partnercenter.microsoft.com", "not a URL"),
            ("ftp://x", "not https"),
            ("http://example.com", "unencrypted"),
            ("http://127.0.0.1.example.com", "unencrypted"),
            ("https://user:secret@x", "password"),
            ("https://x/?a=1", "query"),
            ("data:text/plain,x", "no host"),
        ] {
            let problem = check_base_url(text, false).unwrap_err();
            assert!(problem.contains(words), "{text}: {problem}");
        }
        assert_eq!(check_base_url("http://emulator:8085", true).unwrap(), ("http://emulator:8085".to_owned(), false));
    }

    #[test]
    fn a_client_without_a_usable_token_is_refused() {
        for (token, words) in
            [("", "empty"), (" \n", "empty"), ("a\u{7f}b", "no header"), ("a\nb", "no header")]
        {
            let error = Client::new(token.to_owned()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Input);
            assert!(error.to_string().contains(words), "{error}");
        }
        let error = Client::builder().build().unwrap_err();
        assert_eq!(error.to_string(), "the client cannot be made: there is no token");
    }

    #[test]
    fn nothing_prints_the_token() {
        let builder = Client::builder().token("planted-secret".to_owned());
        let shown = format!("{builder:?}");
        let client = builder.build().unwrap();
        assert!(
            !format!("{shown} {client:?} {:?}", client.customer(CustomerId::new("c").unwrap()))
                .contains("planted-secret")
        );
    }
}
