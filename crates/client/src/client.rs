//! The client and how it is built. Decides where requests may go: one base URL, no redirects, and no token
//! over plain HTTP but to this machine.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method};
use partner_center_devices_raw::transport::{Direct, InProcess, Service};
use partner_center_devices_raw::types::CustomerId;
use partner_center_devices_raw::{self as raw, Transport};
use secrecy::SecretString;
use url::{Host, Url};

use crate::auth::{AccessToken, StaticToken, TokenProvider, Tokens};
use crate::calls::call::{Call, RawResponse};
use crate::calls::custom_request::{REQUEST, request};
use crate::calls::pipeline::{self, PipelineTransport, Shared};
use crate::calls::rate_limit::RateLimit;
use crate::calls::retry::{Retry, RetryBudget};
use crate::calls::throttle::Throttle;
use crate::network::Network;
use crate::resources::Customer;
use crate::responses::error::{Error, ErrorKind, Sent};

/// The base URL of the public and the US Government cloud
/// (<https://learn.microsoft.com/en-us/partner-center/developer/partner-center-rest-urls>).
pub const PUBLIC_CLOUD: &str = "https://api.partnercenter.microsoft.com";

/// A whole upload may be megabytes; the archived .NET SDK waits as long.
const TIMEOUT: Duration = Duration::from_secs(180);

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
            tokens: None,
            unusable_token: false,
            application: None,
            locale: None,
            network: Network::default(),
            timeout: TIMEOUT,
            retry: Retry::default(),
            validate_mfa: false,
            rate: None,
            plain_http: false,
            service: None,
        }
    }

    /// One customer of the partner: the root of everything else.
    #[must_use]
    pub fn customer(&self, id: CustomerId) -> Customer {
        Customer::new(Arc::clone(&self.shared), id)
    }

    /// Any request of the API, for what this crate has no method for: token, ids, retries, gate and rate as for every
    /// other call. Its answer is the answer as it came, if its status is a success.
    ///
    /// `path` is under the base URL's `/v1`: `customers/ID/policies`, with or without `/v1/` before it, and a query
    /// behind it if there is one. It is sent as it is written; blanks and other letters that no URL holds are
    /// percent-encoded, and what is encoded stays so. `json` is the body.
    ///
    /// Nobody says here what a repeat would do, so a `POST` or `PATCH` is made again only where it surely was not
    /// done: the service could not be reached, throttled it (429), or refused the token (401). The other methods are made again
    /// as reads are: see [`Retry`].
    ///
    /// ```no_run
    /// # use partner_center_devices::Client;
    /// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let profile = client.request(http::Method::GET, "profiles/organization", None).await?;
    /// println!("{}", String::from_utf8_lossy(profile.body()));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When it is awaited: beside what any call may fail with, [`ErrorKind::Input`] for a method or a path that is not
    /// taken. None leads to another host or out of `/v1`: no `.` or `..`, also encoded, no empty part, no fragment.
    pub fn request(&self, method: Method, path: &str, json: Option<Bytes>) -> Call<RawResponse> {
        let request = request(&self.shared.base_url, method, path, json);
        let shared = Arc::clone(&self.shared);
        Call::new(REQUEST, move |options| {
            Box::pin(async move {
                let raw = pipeline::send(&shared, REQUEST, options, request?).await?;
                Ok((raw.clone(), raw))
            })
        })
    }

    /// The generated client over the same pipeline: token, ids, retries and gate as for every other call.
    #[must_use]
    pub fn raw(&self) -> raw::Client {
        let each_call = PipelineTransport(Arc::clone(&self.shared));
        raw::Client::with_transport(&self.shared.base_url, self.shared.http.clone(), each_call)
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
    tokens: Option<Arc<dyn TokenProvider>>,
    unusable_token: bool,
    application: Option<String>,
    locale: Option<String>,
    network: Network,
    timeout: Duration,
    retry: Retry,
    validate_mfa: bool,
    rate: Option<f64>,
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
        let token = AccessToken::new(token);
        self.unusable_token = token.header().is_none();
        self.tokens = Some(Arc::new(StaticToken(token)));
        self
    }

    /// Where access tokens come from, for programs that run longer than a token lives.
    pub fn token_provider(mut self, provider: impl TokenProvider) -> Self {
        self.tokens = Some(Arc::new(provider));
        self.unusable_token = false;
        self
    }

    /// Asks the service to say whether the user signed in with multi-factor authentication
    /// ([`RawResponse::is_mfa_compliant`](crate::RawResponse::is_mfa_compliant)).
    pub fn validate_mfa(mut self) -> Self {
        self.validate_mfa = true;
        self
    }

    /// How many requests may leave in a second, of all calls and customers together, repeats and looks at jobs
    /// included; a fraction is fine. They are spaced evenly; after a silence a tenth of a second's worth, and at least
    /// two, may leave at once. Without it requests leave as they come, and the service says when it is too much: its
    /// limits are not published
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/api-throttling-guidance>).
    ///
    /// A call waits for its turn as long as it takes: that time counts neither against the deadline of its
    /// [`Retry`] nor against [`timeout`](Self::timeout), which are about the service. What has to be over by a certain
    /// time takes a timeout around the call. A call that is dropped while it waits leaves its turn empty. The
    /// deadline of a [`Wait`](crate::Wait) for a job does count it, so a rate too low for the jobs under way ends
    /// such waits before a look was made.
    pub fn requests_per_second(mut self, requests: f64) -> Self {
        self.rate = Some(requests);
        self
    }

    /// How calls are tried again, unless a call says otherwise.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Proxy, certificate authorities and `User-Agent`; by default what the system says. A token provider has
    /// connections of its own: give it the same.
    pub fn network(mut self, network: Network) -> Self {
        self.network = network;
        self
    }

    /// The name of your application, sent as `MS-PartnerCenter-Application`
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/headers>).
    pub fn application(mut self, name: impl Into<String>) -> Self {
        self.application = Some(name.into());
        self
    }

    /// The language of the service's texts, sent as `X-Locale`; `en-US` unless set
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/headers>).
    pub fn locale(mut self, locale: impl Into<String>) -> Self {
        self.locale = Some(locale.into());
        self
    }

    /// How long one attempt may take, from connecting to the last byte of its answer, unless a call says
    /// otherwise. 180 seconds by default.
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
    /// [`ErrorKind::Input`] if the base URL is no plain `https` root, if there is no token, if the rate is not between
    /// one request a day and a billion a second, if a text cannot stand in a header, or if TLS or proxy settings
    /// cannot be used.
    pub fn build(self) -> Result<Client, Error> {
        let refuse = |problem: &str| Error::input("the client", problem);
        let (base_url, here) = match self.service {
            Some(_) => ("http://in-process.invalid".to_owned(), true),
            None => check_base_url(&self.base_url, self.plain_http).map_err(refuse)?,
        };
        if self.unusable_token {
            return Err(refuse("the token is empty, or has a character that no header can hold"));
        }
        let tokens: Arc<dyn TokenProvider> = match self.tokens {
            Some(provider) => provider,
            None if self.service.is_some() => {
                Arc::new(StaticToken(AccessToken::new("in-process".to_owned())))
            }
            None => return Err(refuse("there is no token")),
        };
        let text = |name: &str, value: Option<&str>| {
            value
                .map(HeaderValue::try_from)
                .transpose()
                .map_err(|_| refuse(&format!("the {name} has a character that no header can hold")))
        };
        let unusable = |error: reqwest::Error| {
            Error::new(ErrorKind::Input, "the client", Sent::No)
                .with_detail("TLS or proxy settings cannot be used")
                .with_source(error.without_url())
        };
        let rate_limit = self
            .rate
            .map(|rate| {
                RateLimit::per_second(rate).ok_or_else(|| {
                    refuse("the rate is not between one request a day and a billion a second")
                })
            })
            .transpose()?;
        let http = self.network.pool(here).map_err(unusable)?;
        Ok(Client {
            shared: Arc::new(Shared {
                base_url,
                http,
                transport: self.service.unwrap_or_else(|| Arc::new(Direct::default())),
                tokens: Tokens::new(tokens),
                application: text("application name", self.application.as_deref())?,
                locale: text("locale", self.locale.as_deref().or(Some("en-US")))?,
                validate_mfa: self.validate_mfa,
                timeout: self.timeout,
                retry: self.retry,
                budget: RetryBudget::full(),
                throttle: Throttle::default(),
                rate_limit,
            }),
        })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

/// Whether the host of a URL is this machine, by its name or loopback address. False for what is no URL.
#[must_use]
pub fn is_loopback_url(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| is_here(&url))
}

pub(crate) fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The root without what is too much, and whether it is this machine.
fn check_base_url(text: &str, plain_http: bool) -> Result<(String, bool), &'static str> {
    let url = Url::parse(text).map_err(|_| "the base URL is not a URL")?;
    if url.host().is_none() {
        return Err("the base URL has no host");
    }
    let here = is_here(&url);
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
        assert_eq!(
            check_base_url("http://emulator:8085", true).unwrap(),
            ("http://emulator:8085".to_owned(), false)
        );
    }

    #[test]
    fn this_machine_is_known_by_its_names() {
        for (url, here) in [
            ("http://127.0.0.1:8085", true),
            ("http://127.1.2.3", true),
            ("https://localhost/x", true),
            ("http://[::1]:80", true),
            ("http://a.localhost:1/x", true),
            (PUBLIC_CLOUD, false),
            ("http://127.example.com", false),
            ("http://emulator:8085", false),
            ("127.0.0.1:8085", false),
        ] {
            assert_eq!(is_loopback_url(url), here, "{url}");
        }
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
