//! The service on a port: decides how a connection becomes a request for the core, and how it all ends.

use std::fmt;
use std::io;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::response::Response;
use axum::serve::ListenerExt;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::builder::Builder;
use crate::in_process::InProcess;
use crate::machine::{MAX_BODY, Sent};

/// How long [`Emulator::stop`] waits for a client that does not end its request.
const PATIENCE: Duration = Duration::from_secs(5);

/// The emulator on a port of this machine. It stops when it is dropped.
pub struct Emulator {
    url: String,
    /// Dropped, it tells the host to stop.
    stop: oneshot::Sender<()>,
    host: JoinHandle<io::Result<()>>,
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
        // An answer is one small write; waiting for more would only delay it.
        let listener = listener.tap_io(|connection| drop(connection.set_nodelay(true)));
        let (stop, stopped) = oneshot::channel::<()>();
        let router = Router::new().fallback(answer).with_state(service);
        let host = tokio::spawn(async move {
            let stopped = async move { drop(stopped.await) };
            axum::serve(listener, router).with_graceful_shutdown(stopped).await
        });
        Ok(Self { url, stop, host })
    }
}

async fn answer(State(service): State<InProcess>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let head = Request::from_parts(parts, ());
    if body.size_hint().lower() > MAX_BODY as u64 {
        // The declared length is enough to refuse it; nothing is read.
        return service.answer_head(&head, Sent::TooLarge).map(Body::from);
    }
    let answer = match Limited::new(body, MAX_BODY).collect().await {
        Ok(body) => service.answer_head(&head, Sent::Whole(&body.to_bytes())),
        Err(error) if error.is::<LengthLimitError>() => service.answer_head(&head, Sent::TooLarge),
        Err(_) => service.answer_head(&head, Sent::Cut),
    };
    answer.map(Body::from)
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator").field("url", &self.url).finish_non_exhaustive()
    }
}
