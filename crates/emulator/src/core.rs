//! The public state machine: the service and the management endpoints.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::Request;

use crate::admin;
use crate::engine::Engine;
use crate::http::delivery::Delivery;
use crate::http::received_body::{MAX_BODY, ReceivedBody};
use crate::storage::world_file::WorldFile;

/// The emulator as a state machine: it takes a request and the time, and returns a response.
///
/// Built by [`Builder::core`](crate::Builder::core). Use it to control the time yourself; otherwise use
/// [`Emulator`](crate::Emulator) or [`InProcess`](crate::InProcess).
pub struct Core {
    pub(crate) engine: Engine,
}

impl Core {
    pub(crate) fn new(engine: Engine) -> Self {
        Self { engine }
    }

    /// Handles a request that arrives `now` after the emulator's start.
    ///
    /// Only the path and the query of the URI are used; the sign-in endpoints also use its authority.
    /// Time never goes back: a `now` earlier than the previous one counts as equal to it.
    #[must_use]
    pub fn handle(&mut self, request: &Request<Bytes>, now: Duration) -> Delivery {
        let body = request.body();
        let body = if body.len() > MAX_BODY {
            ReceivedBody::TooLarge
        } else {
            ReceivedBody::Complete(body)
        };
        self.handle_parts(request, body, now)
    }

    /// Handles a request like [`handle`](Self::handle), with the body passed separately.
    pub(crate) fn handle_parts<T>(
        &mut self,
        request: &Request<T>,
        body: ReceivedBody<'_>,
        now: Duration,
    ) -> Delivery {
        self.engine.advance_to(now);
        if admin::is_admin_path(request.uri().path()) {
            Delivery::complete(admin::handle(&mut self.engine, request, body))
        } else if admin::is_browser_at_root(request) {
            Delivery::complete(admin::redirect_to_page())
        } else {
            self.engine.handle(request, body)
        }
    }

    /// Returns the current world as a file.
    ///
    /// The file does not contain jobs, fault rules, tokens, or the stored responses to repeated requests.
    #[must_use]
    pub fn world(&self) -> WorldFile {
        self.engine.world()
    }

    /// Replaces the current world. Running jobs and stored responses are dropped.
    ///
    /// Entries without an id get one; the same seed and file give the same ids. Entries without a date get the
    /// current time.
    pub fn set_world(&mut self, file: &WorldFile) {
        self.engine.set_world(file);
    }
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core").field("engine", &self.engine).finish()
    }
}
