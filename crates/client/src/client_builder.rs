//! The builder of a client. A client sends requests to a single base URL, and sends a token over plain HTTP only to
//! this machine.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use partner_center_devices_raw::Transport;
use partner_center_devices_raw::transport::{Direct, InProcess, Service};
use secrecy::SecretString;
use tokio::sync::Semaphore;

use crate::auth::token_cache::TokenCache;
use crate::auth::{AccessToken, Cloud, StaticToken, TokenProvider};
use crate::base_url::{self, PUBLIC_CLOUD};
use crate::calls::headers::ClientHeaders;
use crate::calls::observer::CallObserver;
use crate::calls::pipeline::Shared;
use crate::calls::rate_limit::RateLimit;
use crate::calls::retry::Retry;
use crate::calls::retry_budget::RetryBudget;
use crate::calls::retry_classifier::RetryClassifier;
use crate::calls::throttle::{MAX_THROTTLE, Throttle};
use crate::client::Client;
use crate::network::Network;
use crate::responses::error::{CLIENT, Error, ErrorKind, Sent};

/// The default time limit of an attempt, the same as in the archived .NET SDK. An upload can have several megabytes.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(180);

/// A builder for a [`Client`].
#[must_use]
pub struct ClientBuilder {
    base_url: String,
    token: TokenSource,
    application: Option<String>,
    locale: Option<String>,
    network: Network,
    timeout: Duration,
    retry: Retry,
    validate_mfa: bool,
    requests_per_second: Option<f64>,
    max_throttle: Duration,
    allow_plain_http: bool,
    service: Option<Arc<dyn Transport>>,
    transport: Option<Arc<dyn Transport>>,
    http: Option<reqwest::Client>,
    retry_classifier: Option<Arc<dyn RetryClassifier>>,
    observer: Option<Arc<dyn CallObserver>>,
    connect_timeout: Option<Duration>,
    #[cfg(feature = "__rustls")]
    client_certificate: Option<Vec<u8>>,
}

enum TokenSource {
    None,
    InvalidToken,
    Provider(Arc<dyn TokenProvider>),
}

impl ClientBuilder {
    pub(crate) fn new() -> Self {
        Self {
            base_url: PUBLIC_CLOUD.to_owned(),
            token: TokenSource::None,
            application: None,
            locale: None,
            network: Network::default(),
            timeout: DEFAULT_TIMEOUT,
            retry: Retry::default(),
            validate_mfa: false,
            requests_per_second: None,
            max_throttle: MAX_THROTTLE,
            allow_plain_http: false,
            service: None,
            transport: None,
            http: None,
            retry_classifier: None,
            observer: None,
            connect_timeout: None,
            #[cfg(feature = "__rustls")]
            client_certificate: None,
        }
    }

    /// Sets the base URL of another cloud or an emulator. A trailing slash or `/v1` is removed.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// Sets the base URL of a cloud. A token provider has its own [`Cloud`].
    pub fn cloud(self, cloud: &Cloud) -> Self {
        self.base_url(&cloud.api)
    }

    /// Sets the access token, without `Bearer`. It is valid for about an hour.
    pub fn token(mut self, token: impl Into<SecretString>) -> Self {
        let token = AccessToken::new(token);
        self.token = match token.header() {
            Some(_) => TokenSource::Provider(Arc::new(StaticToken(token))),
            None => TokenSource::InvalidToken,
        };
        self
    }

    /// Sets the provider of access tokens, for programs that run longer than a token is valid.
    pub fn token_provider(mut self, provider: impl TokenProvider) -> Self {
        self.token = TokenSource::Provider(Arc::new(provider));
        self
    }

    /// Asks the service to report whether the user signed in with multi-factor authentication
    /// ([`RawResponse::is_mfa_compliant`](crate::RawResponse::is_mfa_compliant)).
    pub fn validate_mfa(mut self) -> Self {
        self.validate_mfa = true;
        self
    }

    /// Sets how many requests the client sends per second, for all calls and customers together, including retries and
    /// job polls. Fractions are allowed. Requests are spaced evenly; after idle time, the requests of a tenth of a second,
    /// and at least two, may be sent together. By default there is no limit, and the service throttles: its limits are not
    /// published (<https://learn.microsoft.com/en-us/partner-center/developer/api-throttling-guidance>).
    ///
    /// A call waits for its turn as long as necessary. That time counts neither against the deadline of its [`Retry`]
    /// nor against [`timeout`](Self::timeout), which are about the service. If a call must end by a certain time, put a
    /// timeout around it. A call that is dropped while it waits leaves its turn unused. The deadline of a
    /// [`Wait`](crate::Wait) for a job does include the time, so if the rate is too low for the number of running jobs,
    /// waiting can end before some of them are polled.
    pub fn requests_per_second(mut self, requests: f64) -> Self {
        self.requests_per_second = Some(requests);
        self
    }

    /// Sets the longest time for which a 429 throttles the calls for a customer. The default is one hour. After that, the
    /// next call asks the service again. [`Customer::reset_throttle`](crate::Customer::reset_throttle) ends a throttle
    /// earlier.
    pub fn max_throttle(mut self, max: Duration) -> Self {
        self.max_throttle = max;
        self
    }

    /// Sets how calls are retried, unless a call has its own setting.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Sets proxy, certificate authorities and `User-Agent`. The default is the system's configuration. A token provider
    /// has its own connections: pass it the same settings.
    pub fn network(mut self, network: Network) -> Self {
        self.network = network;
        self
    }

    /// Sets the name of your application, sent as `MS-PartnerCenter-Application`
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/headers>).
    pub fn application(mut self, name: impl Into<String>) -> Self {
        self.application = Some(name.into());
        self
    }

    /// Sets the language of the service's texts, sent as `X-Locale`. The default is `en-US`
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/headers>).
    pub fn locale(mut self, locale: impl Into<String>) -> Self {
        self.locale = Some(locale.into());
        self
    }

    /// Sets the time limit of one attempt, from connecting to the last byte of the response, unless a call has its own
    /// setting. The default is 180 seconds.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Allows sending the token unencrypted to another machine. Only for an emulator in a container.
    pub fn allow_plain_http(mut self) -> Self {
        self.allow_plain_http = true;
        self
    }

    /// Uses a service in the same process instead of the network. No token is needed.
    pub fn in_process(mut self, service: impl Service) -> Self {
        self.service = Some(Arc::new(InProcess(service)));
        self
    }

    /// Sends the requests with your own transport, for example to record them. It receives complete requests with their
    /// token, and must send them only to the base URL. Retries, waits and errors stay as they are.
    ///
    /// ```
    /// use partner_center_devices::raw::Direct;
    /// use partner_center_devices::{BoxError, BoxFuture, Client, Operation, Transport, reqwest};
    ///
    /// /// Prints each request and sends it as the client would.
    /// struct Printing;
    ///
    /// impl Transport for Printing {
    ///     fn execute<'a>(
    ///         &'a self,
    ///         http: &'a reqwest::Client,
    ///         operation: Option<Operation>,
    ///         request: reqwest::Request,
    ///     ) -> BoxFuture<'a, Result<reqwest::Response, BoxError>> {
    ///         println!("{} {}", request.method(), request.url().path());
    ///         Box::pin(async move { Direct::default().execute(http, operation, request).await })
    ///     }
    /// }
    ///
    /// let client = Client::builder().token("a-token".to_owned()).transport(Printing).build()?;
    /// # Ok::<(), partner_center_devices::Error>(())
    /// ```
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Sends the requests with your own reqwest client. Its settings for proxies, certificates and timeouts apply, and
    /// those of [`network`](Self::network) do not. It must not follow redirects, which could send the token to another
    /// host (`reqwest::redirect::Policy::none()`), and should not retry (`reqwest::retry::never()`). It cannot be combined
    /// with [`connect_timeout`](Self::connect_timeout) and `client_certificate`, which it would ignore.
    pub fn http_client(mut self, http: reqwest::Client) -> Self {
        self.http = Some(http);
        self
    }

    /// Sets your own rule for which failed attempts are repeated. The limits of [`Retry`] apply to it too.
    pub fn retry_classifier(mut self, classifier: impl RetryClassifier) -> Self {
        self.retry_classifier = Some(Arc::new(classifier));
        self
    }

    /// Sets an observer of all calls, for example to show what a program waits for.
    pub fn observer(mut self, observer: impl CallObserver) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Sets the time limit for connecting, like [`Network::connect_timeout`].
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// Identifies this machine with a certificate, like [`Network::client_certificate`].
    #[cfg(feature = "__rustls")]
    pub fn client_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.client_certificate = Some(pem.into());
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    /// [`ErrorKind::Input`] if the base URL is not a plain `https` root, if there is no token, if the rate is not between
    /// one request a day and a billion a second, if a text contains a character that is not allowed in a header, if the
    /// TLS or proxy settings are invalid, or if there are settings for connections in addition to an own reqwest client.
    pub fn build(self) -> Result<Client, Error> {
        let base_url = match self.service {
            Some(_) => "http://in-process.invalid".to_owned(),
            None => base_url::check(&self.base_url, self.allow_plain_http).map_err(invalid)?,
        };
        let tokens = self.token.provider(self.service.is_some())?;
        #[cfg(feature = "__rustls")]
        let has_certificate = self.client_certificate.is_some();
        #[cfg(not(feature = "__rustls"))]
        let has_certificate = false;
        if self.http.is_some() && (has_certificate || self.connect_timeout.is_some()) {
            return Err(invalid(
                "an own reqwest client has its own certificate and timeout for connecting; set them there",
            ));
        }
        let mut network = self.network;
        if let Some(timeout) = self.connect_timeout {
            network = network.connect_timeout(timeout);
        }
        #[cfg(feature = "__rustls")]
        if let Some(pem) = self.client_certificate {
            network = network.client_certificate(pem);
        }
        // A service in this process needs no proxy.
        let host = if self.service.is_some() { "http://localhost" } else { &base_url };
        let pool = self.http.map_or_else(|| network.pool(host), Ok);
        let http = pool.map_err(|error| {
            Error::new(ErrorKind::Input, CLIENT, Sent::No)
                .with_detail(error.to_string())
                .with_source(error)
        })?;
        let headers = ClientHeaders {
            application: header_value("application name", self.application.as_deref())?,
            locale: header_value("locale", self.locale.as_deref().or(Some("en-US")))?,
            validate_mfa: self.validate_mfa,
        };
        Ok(Client {
            shared: Arc::new(Shared {
                base_url,
                http,
                transport: self
                    .transport
                    .or(self.service)
                    .unwrap_or_else(|| Arc::new(Direct::default())),
                tokens: TokenCache::new(tokens),
                headers,
                timeout: self.timeout,
                retry: self.retry,
                retry_classifier: self.retry_classifier,
                observer: self.observer,
                retry_budget: RetryBudget::full(),
                throttle: Throttle::new(self.max_throttle),
                network,
                rate_limit: self.requests_per_second.map(rate_limit).transpose()?,
                large_bodies: Arc::new(Semaphore::new(1)),
            }),
        })
    }
}

impl TokenSource {
    fn provider(self, is_in_process: bool) -> Result<Arc<dyn TokenProvider>, Error> {
        match self {
            Self::Provider(provider) => Ok(provider),
            Self::InvalidToken => Err(invalid(
                "the token is empty or contains a character that is not allowed in a header",
            )),
            Self::None if is_in_process => {
                Ok(Arc::new(StaticToken(AccessToken::new("in-process".to_owned()))))
            }
            Self::None => Err(invalid("there is no token")),
        }
    }
}

fn invalid(problem: &str) -> Error {
    Error::input(CLIENT, problem)
}

fn header_value(name: &str, value: Option<&str>) -> Result<Option<HeaderValue>, Error> {
    value.map(HeaderValue::try_from).transpose().map_err(|_| {
        invalid(&format!("the {name} contains a character that is not allowed in a header"))
    })
}

fn rate_limit(requests_per_second: f64) -> Result<RateLimit, Error> {
    RateLimit::per_second(requests_per_second)
        .ok_or_else(|| invalid("the rate is not between one request a day and a billion a second"))
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}
