//! The service on a port: decides how a connection becomes a request for the core, and how it all ends.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Sleep, sleep};

use crate::builder::Builder;
use crate::delivery::{Broken, Pacing};
use crate::in_process::InProcess;
use crate::machine::{MAX_BODY, Sent};

/// How long [`Emulator::stop`] waits for a client that does not end its request.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long no connection is taken when the system has none to give.
const EXHAUSTED: Duration = Duration::from_secs(1);

/// How long a connection lives on after the last byte of a truncated body, so that the byte is sent.
const FLUSH: Duration = Duration::from_millis(20);

/// The emulator on a port of this machine. It stops when it is dropped.
pub struct Emulator {
    url: String,
    /// Dropped, it tells the host to stop.
    stop: oneshot::Sender<()>,
    host: JoinHandle<()>,
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
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
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

    pub(crate) async fn listen(address: &str, service: InProcess) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let (stop, stopped) = oneshot::channel();
        let host = tokio::spawn(serve(listener, service, stopped));
        Ok(Self { url, stop, host })
    }
}

/// Takes connections until it is told to stop, then waits for those that are open.
async fn serve(listener: TcpListener, service: InProcess, mut stopped: oneshot::Receiver<()>) {
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new(); // ends them if this is aborted
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = &mut stopped => break,
            Some(_) = connections.join_next() => continue,
        };
        match accepted {
            Ok((connection, _)) => {
                // An answer is one small write; waiting for more would only delay it.
                drop(connection.set_nodelay(true));
                let service = service.clone();
                let connection = http1::Builder::new().serve_connection(
                    TokioIo::new(connection),
                    service_fn(move |request| answer(service.clone(), request)),
                );
                // What fails on a connection is between hyper and the client.
                connections.spawn(graceful.watch(connection));
            }
            Err(error) if is_of_the_connection(&error) => {}
            Err(_) => sleep(EXHAUSTED).await,
        }
    }
    drop(listener);
    graceful.shutdown().await;
}

fn is_of_the_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// An error closes the connection.
async fn answer(service: InProcess, request: Request<Incoming>) -> Result<Response<Paced>, Broken> {
    let (parts, body) = request.into_parts();
    let head = Request::from_parts(parts, ());
    let answer = if body.size_hint().lower() > MAX_BODY as u64 {
        // The declared length is enough to refuse it; nothing is read.
        service.answer_head(&head, Sent::TooLarge)
    } else {
        match Limited::new(body, MAX_BODY).collect().await {
            Ok(body) => service.answer_head(&head, Sent::Whole(&body.to_bytes())),
            Err(error) if error.is::<LengthLimitError>() => {
                service.answer_head(&head, Sent::TooLarge)
            }
            Err(_) => service.answer_head(&head, Sent::Cut),
        }
    };
    if !answer.delay.is_zero() {
        sleep(answer.delay).await;
    }
    let response = answer.response.ok_or(Broken::Closed)?;
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
    end: Option<Broken>,
}

impl Paced {
    fn new(mut rest: Bytes, pacing: Pacing) -> Self {
        let of = rest.len();
        let (piece, pause, end) = match pacing {
            Pacing::Truncated { bytes } if bytes < of => {
                rest.truncate(bytes);
                (of, FLUSH, Some(Broken::Truncated { bytes, of }))
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
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
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
        f.debug_struct("Emulator").field("url", &self.url).finish_non_exhaustive()
    }
}
