//! The emulator as a server: accepts connections, passes requests to the service, and shuts down gracefully.

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use http::header::{HeaderValue, RETRY_AFTER};
use http::uri::Scheme;
use http::{Request, Response, StatusCode};
use http_body_util::{Either, Full, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use serde_json::json;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;

use super::admitted_body::AdmittedBody;
use super::cors;
use super::delivery::{Delivery, DeliveryError};
use super::event_stream::EventStream;
use super::gate::{Admission, Gate, GateSettings};
use super::listener::{Listeners, Security, Urls};
use super::paced_body::PacedBody;
use super::received_body::{MAX_BODY, ReceivedBody};
use crate::admin::{is_event_stream, json_response};
use crate::builder::Builder;
use crate::in_process::{InProcess, Resumed};
use crate::storage::world_file::WorldFile;

/// How long [`Emulator::stop`] waits for requests in progress.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// The timeout for the TLS handshake.
#[cfg(feature = "tls")]
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a connection may take to send the head of its next request, or wait between two requests.
const HEAD_TIMEOUT: Duration = Duration::from_secs(120);

/// How long a client may take to send a body.
const BODY_TIMEOUT: Duration = Duration::from_secs(600);

/// How long a client may not read any of its response.
const READING_TIMEOUT: Duration = Duration::from_secs(120);

/// The wait before the next `accept` when the system is out of connections.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_secs(1);

/// How long a client may take to send a request on a connection that is refused.
const REFUSAL_TIMEOUT: Duration = Duration::from_secs(2);

/// The emulator, listening on one or two ports of this machine. Dropping it stops it.
pub struct Emulator {
    urls: Urls,
    service: InProcess,
    /// Dropping this stops the server.
    stop: watch::Sender<()>,
    is_public: bool,
    server: JoinHandle<()>,
}

impl Emulator {
    /// Starts an emulator with default settings on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// If no port is available.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Returns a builder with default settings.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Returns the base URL, without a trailing slash: `http://127.0.0.1:49152`. Clients use it instead of
    /// `https://api.partnercenter.microsoft.com`.
    ///
    /// Returns the HTTPS URL if the emulator does not listen for HTTP. If the emulator listens on all addresses of the
    /// machine, the URL contains the loopback address.
    #[must_use]
    pub fn url(&self) -> &str {
        let url = self.urls.http.as_deref();
        #[cfg(feature = "tls")]
        let url = url.or(self.https_url());
        url.unwrap_or_default() // a builder binds at least one port
    }

    /// Returns the HTTPS base URL, if the emulator listens for HTTPS.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn https_url(&self) -> Option<&str> {
        self.urls.https.as_deref()
    }

    /// Returns the certificate, in PEM, of the CA that signed the generated certificate. A client under test
    /// must trust it.
    ///
    /// Returns `None` without HTTPS, or if the certificate was not generated.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn certificate_pem(&self) -> Option<&str> {
        self.urls.ca.as_deref()
    }

    /// Returns true if other machines can reach the emulator.
    #[must_use]
    pub fn is_reachable_by_others(&self) -> bool {
        self.is_public
    }

    /// Returns the state found in the data folder, or `None` if there is no data folder.
    #[must_use]
    pub fn resumed(&self) -> Option<Resumed> {
        self.service.resumed()
    }

    /// Returns the current world as a file.
    #[must_use]
    pub fn world(&self) -> WorldFile {
        self.service.world()
    }

    /// Replaces the current world, also in the data folder.
    ///
    /// # Errors
    /// If the world cannot be written to the data folder.
    pub fn set_world(&self, file: &WorldFile) -> io::Result<()> {
        self.service.set_world(file)
    }

    /// Stops accepting connections, waits up to 5 seconds for requests in progress, and closes all connections.
    pub async fn stop(self) {
        drop(self.stop);
        let abort = self.server.abort_handle();
        if tokio::time::timeout(SHUTDOWN_TIMEOUT, self.server).await.is_err() {
            abort.abort();
        }
    }

    pub(crate) fn serve(listeners: Listeners, service: InProcess, settings: GateSettings) -> Self {
        let gate = Gate::new(settings);
        let is_local = |listener: &TcpListener| {
            listener.local_addr().is_ok_and(|address| address.ip().to_canonical().is_loopback())
        };
        let is_public = !listeners.bound.iter().all(|(listener, _)| is_local(listener));
        let (stop, stopped) = watch::channel(());
        let mut tasks = JoinSet::new(); // aborts the tasks if the server task is aborted
        for (listener, security) in listeners.bound {
            tasks.spawn(accept_all(
                listener,
                security,
                Context { service: service.clone(), gate: gate.clone(), stopped: stopped.clone() },
                stopped.clone(),
            ));
        }
        let server = tokio::spawn(async move { while tasks.join_next().await.is_some() {} });
        Self { urls: listeners.urls, service, stop, is_public, server }
    }
}

/// State shared by all connections.
#[derive(Clone)]
struct Context {
    service: InProcess,
    gate: Gate,
    /// Its sender is dropped when the server stops.
    stopped: watch::Receiver<()>,
}

/// The body of a response.
type SentBody = Either<PacedBody, EventStream>;

/// Accepts connections until the server is stopped, then waits for the open ones.
async fn accept_all(
    listener: TcpListener,
    security: Security,
    context: Context,
    mut stopped: watch::Receiver<()>,
) {
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new(); // aborts the connections if this task is aborted
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopped.changed() => break,
            Some(_) = connections.join_next() => continue,
        };
        match accepted {
            Ok((connection, peer)) => {
                // A response is one small write; waiting for more data would only delay it.
                drop(connection.set_nodelay(true));
                let permit = match context.gate.admit() {
                    Admission::Open(permit) => permit,
                    Admission::Refused(permit) => {
                        connections.spawn(refuse(connection, security.clone(), permit));
                        continue;
                    }
                    Admission::Closed => continue,
                };
                let served = serve_connection(
                    connection,
                    peer.ip(),
                    security.clone(),
                    graceful.watcher(),
                    context.clone(),
                    stopped.clone(),
                );
                connections.spawn(async move {
                    served.await;
                    drop(permit);
                });
            }
            Err(error) if is_connection_error(&error) => {}
            Err(_) => sleep(ACCEPT_RETRY_DELAY).await,
        }
    }
    drop(listener);
    graceful.shutdown().await;
}

/// Responds to one request of a connection that is one too many. A TLS connection closes without a response.
async fn refuse(connection: TcpStream, security: Security, permit: OwnedSemaphorePermit) {
    match security {
        Security::Plain => {
            let respond = service_fn(async |_| Ok::<_, Infallible>(too_many_connections()));
            let connection = http1::Builder::new()
                .keep_alive(false)
                .serve_connection(TokioIo::new(connection), respond);
            drop(timeout(REFUSAL_TIMEOUT, connection).await);
        }
        #[cfg(feature = "tls")]
        Security::Tls(_) => {}
    }
    drop(permit);
}

fn too_many_connections() -> Response<Full<Bytes>> {
    let error =
        "Too many connections are open. Close some, or raise the limit with --max-connections.";
    let mut response = json_response(StatusCode::SERVICE_UNAVAILABLE, &json!({ "error": error }));
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response.map(Full::new)
}

/// Serves one connection to its end. An error, of the client, of TLS or of hyper, only ends the connection.
async fn serve_connection(
    connection: TcpStream,
    peer: IpAddr,
    security: Security,
    watcher: Watcher,
    context: Context,
    #[cfg_attr(not(feature = "tls"), expect(unused_variables, unused_mut))]
    mut stopped: watch::Receiver<()>,
) {
    match security {
        Security::Plain => serve_http(connection, peer, Scheme::HTTP, watcher, context).await,
        #[cfg(feature = "tls")]
        Security::Tls(acceptor) => {
            let handshake = tokio::select! {
                handshake = tokio::time::timeout(HANDSHAKE_TIMEOUT, acceptor.accept(connection)) => handshake,
                _ = stopped.changed() => return, // no request has arrived yet
            };
            if let Ok(Ok(connection)) = handshake {
                serve_http(connection, peer, Scheme::HTTPS, watcher, context).await;
            }
        }
    }
}

async fn serve_http<C>(
    connection: C,
    peer: IpAddr,
    scheme: Scheme,
    watcher: Watcher,
    context: Context,
) where
    C: AsyncRead + AsyncWrite + Unpin + 'static,
{
    let mut connection = TimeoutStream::new(connection);
    connection.set_write_timeout(Some(READING_TIMEOUT));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(
            TokioIo::new(Box::pin(connection)),
            service_fn(move |request| respond(context.clone(), peer, scheme.clone(), request)),
        );
    drop(watcher.watch(connection).await);
}

/// Returns whether an `accept` error concerns only the connection that was being accepted.
fn is_connection_error(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Responds to one request. An error makes hyper close the connection.
async fn respond(
    Context { service, gate, stopped }: Context,
    peer: IpAddr,
    scheme: Scheme,
    request: Request<Incoming>,
) -> Result<Response<SentBody>, DeliveryError> {
    let (mut parts, incoming) = request.into_parts();
    parts.extensions.insert(scheme); // the URI of the request line has no scheme
    let head = Request::from_parts(parts, ());
    let declared = incoming.size_hint();
    let origin = gate.origins().allowed(&head);
    let preflight = || cors::preflight(&head, origin.as_ref()?);
    let delivery = if let Some(response) = gate.refusal(peer, &head).or_else(preflight) {
        Delivery::complete(response)
    } else if declared.lower() > MAX_BODY as u64 {
        // Rejected by its declared length, without reading it.
        service.handle_parts(&head, ReceivedBody::TooLarge)
    } else {
        let mut body = AdmittedBody::new(&gate, declared.upper());
        match timeout(BODY_TIMEOUT, body.read(Limited::new(incoming, MAX_BODY))).await {
            Ok(Ok(body)) => service.handle_parts(&head, ReceivedBody::Complete(&body)),
            Ok(Err(error)) if error.is::<LengthLimitError>() => {
                service.handle_parts(&head, ReceivedBody::TooLarge)
            }
            Ok(Err(_)) | Err(_) => service.handle_parts(&head, ReceivedBody::Incomplete),
        }
    };
    if !delivery.delay.is_zero() {
        sleep(delivery.delay).await;
    }
    let mut response = delivery.response.ok_or(DeliveryError::Closed)?;
    if let Some(origin) = &origin {
        cors::allow(response.headers_mut(), origin);
    }
    let is_stream = is_event_stream(head.uri().path()) && response.status() == StatusCode::OK;
    Ok(response.map(|body| match is_stream {
        true => Either::Right(EventStream::new(body, service, stopped)),
        false => Either::Left(PacedBody::new(body, delivery.pacing)),
    }))
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator").field("url", &self.url()).finish_non_exhaustive()
    }
}
