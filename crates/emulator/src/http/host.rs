//! The service on a port: decides how a connection becomes a request for the core, and how it all ends.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::uri::Scheme;
use http::{Request, Response};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Sleep, sleep};

use crate::builder::Builder;
use crate::http::delivery::{DeliveryError, Pacing};
use crate::http::received_body::{MAX_BODY, ReceivedBody};
use crate::in_process::{InProcess, Resumed};
use crate::storage::world_file::WorldFile;

/// How long [`Emulator::stop`] waits for a client that does not end its request.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a client may take to agree on TLS.
#[cfg(feature = "tls")]
const HANDSHAKE: Duration = Duration::from_secs(10);

/// How long no connection is taken when the system has none to give.
const EXHAUSTED: Duration = Duration::from_secs(1);

/// How long a connection lives on after the last byte of a truncated body, so that the byte is sent.
const FLUSH: Duration = Duration::from_millis(20);

/// The emulator on a port of this machine, or on two. It stops when it is dropped.
pub struct Emulator {
    urls: Urls,
    service: InProcess,
    /// Dropped, it tells the host to stop.
    stop: watch::Sender<()>,
    host: JoinHandle<()>,
}

/// Where the emulator answers, and whom to trust there.
#[derive(Debug, Default)]
struct Urls {
    http: Option<String>,
    #[cfg(feature = "tls")]
    https: Option<String>,
    #[cfg(feature = "tls")]
    ca: Option<String>,
}

/// The ports that are taken, before anybody is answered.
#[derive(Default)]
pub(crate) struct Listeners {
    urls: Urls,
    doors: Vec<(TcpListener, Door)>,
}

/// What stands between a connection and HTTP.
#[derive(Clone)]
enum Door {
    Plain,
    #[cfg(feature = "tls")]
    Tls(tokio_rustls::TlsAcceptor),
}

impl Emulator {
    /// Starts on a free port of 127.0.0.1, with all defaults.
    ///
    /// # Errors
    /// If no port can be had.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Says how the emulator shall be.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Where it answers, without a slash at the end: `http://127.0.0.1:49152`. This is what a client takes in
    /// the place of `https://api.partnercenter.microsoft.com`.
    ///
    /// It is the HTTPS one if there is no other. An emulator that listens on all addresses of the machine names
    /// the loopback.
    #[must_use]
    pub fn url(&self) -> &str {
        let url = self.urls.http.as_deref();
        #[cfg(feature = "tls")]
        let url = url.or(self.https_url());
        url.unwrap_or_default() // a builder listens at least once
    }

    /// Where it answers over HTTPS, if it does.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn https_url(&self) -> Option<&str> {
        self.urls.https.as_deref()
    }

    /// The certificate, in PEM, of the CA that signed the generated certificate. A client under test must
    /// trust it. There is none without HTTPS or with a certificate of your own.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn certificate_pem(&self) -> Option<&str> {
        self.urls.ca.as_deref()
    }

    /// What the data folder had; `None` without one.
    #[must_use]
    pub fn resumed(&self) -> Option<Resumed> {
        self.service.resumed()
    }

    /// Everything that there is now, as a file.
    #[must_use]
    pub fn world(&self) -> WorldFile {
        self.service.world()
    }

    /// Puts a world in the place of everything that there is, in the data folder as well.
    ///
    /// # Errors
    /// If it cannot be written to the data folder.
    pub fn set_world(&self, file: &WorldFile) -> io::Result<()> {
        self.service.set_world(file)
    }

    /// Takes no more connections, ends those that are open after their last answer, and returns when all is
    /// done.
    pub async fn stop(self) {
        drop(self.stop);
        let abort = self.host.abort_handle();
        if tokio::time::timeout(PATIENCE, self.host).await.is_err() {
            abort.abort();
        }
    }

    pub(crate) fn serve(listeners: Listeners, service: InProcess) -> Self {
        let (stop, stopped) = watch::channel(());
        let mut doors = JoinSet::new(); // ends them if the host is aborted
        for (listener, door) in listeners.doors {
            doors.spawn(serve(listener, door, service.clone(), stopped.clone()));
        }
        let host = tokio::spawn(async move { while doors.join_next().await.is_some() {} });
        Self { urls: listeners.urls, service, stop, host }
    }
}

impl Listeners {
    pub(crate) async fn http(&mut self, address: &str) -> io::Result<()> {
        let at = self.bind(address, Door::Plain).await?;
        self.urls.http = Some(format!("http://{at}"));
        Ok(())
    }

    #[cfg(feature = "tls")]
    pub(crate) async fn https(
        &mut self,
        address: &str,
        tls: &crate::http::tls::Tls,
    ) -> io::Result<()> {
        let (acceptor, ca) = tls.ready()?;
        let at = self.bind(address, Door::Tls(acceptor)).await?;
        self.urls.https = Some(format!("https://{at}"));
        self.urls.ca = ca;
        Ok(())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.doors.is_empty()
    }

    async fn bind(&mut self, address: &str, door: Door) -> io::Result<SocketAddr> {
        let bound = TcpListener::bind(address).await;
        let bound = bound.and_then(|listener| Ok((listener.local_addr()?, listener)));
        let (at, listener) = bound.map_err(|error| {
            io::Error::new(error.kind(), format!("cannot listen on {address}: {error}"))
        })?;
        self.doors.push((listener, door));
        Ok(reached_at(at))
    }
}

/// "All addresses" is none that every client can call.
fn reached_at(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address.ip() {
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    address
}

/// Takes connections until it is told to stop, then waits for those that are open.
async fn serve(
    listener: TcpListener,
    door: Door,
    service: InProcess,
    mut stopped: watch::Receiver<()>,
) {
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new(); // ends them if this is aborted
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopped.changed() => break,
            Some(_) = connections.join_next() => continue,
        };
        match accepted {
            Ok((connection, _)) => {
                // An answer is one small write; waiting for more would only delay it.
                drop(connection.set_nodelay(true));
                connections.spawn(door.clone().enter(
                    connection,
                    graceful.watcher(),
                    service.clone(),
                    stopped.clone(),
                ));
            }
            Err(error) if is_of_the_connection(&error) => {}
            Err(_) => sleep(EXHAUSTED).await,
        }
    }
    drop(listener);
    graceful.shutdown().await;
}

impl Door {
    /// The whole of one connection. What fails here is between the client and TLS or hyper.
    async fn enter(
        self,
        connection: TcpStream,
        watcher: Watcher,
        service: InProcess,
        #[cfg_attr(not(feature = "tls"), expect(unused_variables, unused_mut))]
        mut stopped: watch::Receiver<()>,
    ) {
        match self {
            Self::Plain => converse(connection, Scheme::HTTP, watcher, service).await,
            #[cfg(feature = "tls")]
            Self::Tls(acceptor) => {
                let agreed = tokio::select! {
                    agreed = tokio::time::timeout(HANDSHAKE, acceptor.accept(connection)) => agreed,
                    _ = stopped.changed() => return, // nothing is asked yet, so nothing is waited for
                };
                if let Ok(Ok(connection)) = agreed {
                    converse(connection, Scheme::HTTPS, watcher, service).await;
                }
            }
        }
    }
}

async fn converse<C>(connection: C, scheme: Scheme, watcher: Watcher, service: InProcess)
where
    C: AsyncRead + AsyncWrite + Unpin + 'static,
{
    let connection = http1::Builder::new().serve_connection(
        TokioIo::new(connection),
        service_fn(move |request| answer(service.clone(), scheme.clone(), request)),
    );
    drop(watcher.watch(connection).await);
}

fn is_of_the_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// An error closes the connection.
async fn answer(
    service: InProcess,
    scheme: Scheme,
    request: Request<Incoming>,
) -> Result<Response<Paced>, DeliveryError> {
    let (mut parts, body) = request.into_parts();
    parts.extensions.insert(scheme); // the request's own URI has none
    let head = Request::from_parts(parts, ());
    let answer = if body.size_hint().lower() > MAX_BODY as u64 {
        // The declared length is enough to refuse it; nothing is read.
        service.handle_parts(&head, ReceivedBody::TooLarge)
    } else {
        match Limited::new(body, MAX_BODY).collect().await {
            Ok(body) => service.handle_parts(&head, ReceivedBody::Complete(&body.to_bytes())),
            Err(error) if error.is::<LengthLimitError>() => {
                service.handle_parts(&head, ReceivedBody::TooLarge)
            }
            Err(_) => service.handle_parts(&head, ReceivedBody::Incomplete),
        }
    };
    if !answer.delay.is_zero() {
        sleep(answer.delay).await;
    }
    let response = answer.response.ok_or(DeliveryError::Closed)?;
    Ok(response.map(|body| Paced::new(body, answer.pacing)))
}

/// A body on its way, in pieces and perhaps not to its end.
struct Paced {
    rest: Bytes,
    /// What is declared of the rest.
    declared: u64,
    piece: usize,
    pause: Duration,
    waiting: Option<Pin<Box<Sleep>>>,
    /// How it ends, if not well.
    end: Option<DeliveryError>,
}

impl Paced {
    fn new(mut rest: Bytes, pacing: Pacing) -> Self {
        let of = rest.len();
        let (piece, pause, end) = match pacing {
            Pacing::Truncated { bytes } if bytes < of => {
                rest.truncate(bytes);
                (of, FLUSH, Some(DeliveryError::Truncated { bytes, of }))
            }
            Pacing::Slow { piece, pause } => (piece.max(1), pause, None),
            Pacing::Whole | Pacing::Truncated { .. } => (of, Duration::ZERO, None),
        };
        // With not one byte to send, the head must go out before the end.
        let waiting = (rest.is_empty() && end.is_some()).then(|| Box::pin(sleep(pause)));
        Self { rest, declared: of as u64, piece, pause, waiting, end }
    }
}

impl Body for Paced {
    type Data = Bytes;
    type Error = DeliveryError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, DeliveryError>>> {
        if let Some(waiting) = &mut self.waiting {
            ready!(waiting.as_mut().poll(context));
            self.waiting = None;
        }
        if self.rest.is_empty() {
            return Poll::Ready(self.end.take().map(Err));
        }
        let piece = self.piece.min(self.rest.len());
        let piece = self.rest.split_to(piece);
        self.declared -= piece.len() as u64;
        if !self.is_end_stream() && !self.pause.is_zero() {
            self.waiting = Some(Box::pin(sleep(self.pause)));
        }
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.end.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.declared)
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator").field("url", &self.url()).finish_non_exhaustive()
    }
}
