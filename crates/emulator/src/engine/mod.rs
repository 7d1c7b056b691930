//! The emulated service as a state machine: it has no sockets, tasks or clock.
//!
//! [`Core`](crate::Core) advances the time and answers requests under `/_emulator` itself.
//! [`Engine::handle`] processes every other request in these steps:
//!
//! 1. If the request is for the [sign-in](crate::auth), apply the fault rules for the sign-in, answer it there and stop.
//! 2. Take the request id and correlation id from the headers, or generate them, and find the operation.
//! 3. Apply the fault rules: one may close the connection, replace the response (429 or any other status), or
//!    expire the token.
//! 4. Authenticate the bearer token, and check the second factor if it is required (401).
//! 5. Reject unknown paths and methods (400, 404, 405, 501), callers that do not accept JSON (406), and callers
//!    that may not use the operation (403).
//! 6. Reject a body that is incomplete (400) or too large (413).
//! 7. If a change reuses a request id, repeat the stored response, or reject the request (409).
//! 8. Parse the body (400, 415) and run the operation (400, 404, 409, 501). Write a change and its response to
//!    the [event log](crate::storage::event_log), and store the response under the request id.
//! 9. Add ids and the date to the response.
//! 10. Apply the fault rules that alter, delay, slow down or truncate the response. Drop the body for HEAD.
//! 11. Record the exchange.

mod operation;
mod pipeline;
mod state;

use std::fmt;
use std::time::{Duration, SystemTime};

use crate::domain::clock::{Clock, ClockMode, EmulatedTime};
use crate::domain::ids::Random;
use crate::domain::pace::Pace;
use crate::storage::event_log::{self, Event};
use crate::storage::exchange_log::ExchangeLog;
use crate::storage::world_file::WorldFile;

pub(crate) use state::InitialState;
use state::ServiceState;

/// The service and its state.
pub(crate) struct Engine {
    pub(crate) clock: Clock,
    pub(crate) settings: Settings,
    pub(crate) time: EmulatedTime,
    /// The state that a reset restores.
    initial: InitialState,
    server_id: String,
    /// True if changes are logged.
    logging: bool,
    /// The log entry of the current request.
    log_entry: Option<Vec<u8>>,
    pub(crate) exchanges: ExchangeLog,
    pub(crate) state: ServiceState,
}

/// The settings of an engine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) pace: Pace,
    pub(crate) page_size: usize,
    pub(crate) seed: u64,
}

impl Engine {
    pub(crate) fn new(settings: Settings, epoch: SystemTime, initial: InitialState) -> Self {
        Self {
            clock: Clock::new(epoch),
            settings,
            time: EmulatedTime::default(),
            server_id: Random::new(settings.seed, 1).server_id(),
            exchanges: ExchangeLog::default(),
            state: ServiceState::new(settings.seed, &initial),
            initial,
            logging: false,
            log_entry: None,
        }
    }

    /// Starts logging changes, after the log has been replayed and `passed` has elapsed since its last entry.
    ///
    /// Ids of exchanges are drawn from a new stream, so that they differ from those of an earlier run.
    pub(crate) fn start_logging(&mut self, passed: Duration) {
        self.logging = true;
        self.time.advance(passed);
        let now = self.time.now();
        if !now.is_zero() {
            // Above 1000, so that the stream differs from the numbered ones.
            self.state.trace_ids =
                Random::new(self.settings.seed, 1000_u64.wrapping_add(now.as_nanos() as u64));
        }
    }

    /// Returns whether the time advances only on request.
    pub(crate) fn has_manual_clock(&self) -> bool {
        self.time.mode() == ClockMode::Manual
    }

    /// Logs an event that was not caused by a request to the API.
    pub(crate) fn log_event(&mut self, event: impl FnOnce() -> Event) {
        if self.logging {
            self.log_entry = Some(event_log::encode(self.time.now(), &event()));
        }
    }

    /// Returns the log entry of the last request, if it changed anything. It must be written before the response
    /// is sent.
    pub(crate) fn take_log_entry(&mut self) -> Option<Vec<u8>> {
        self.log_entry.take()
    }

    /// Advances the time to `real` after the start of this run, and runs the jobs up to it.
    pub(crate) fn advance_to(&mut self, real: Duration) {
        self.time.observe(real);
        self.state.world.advance(self.time.now());
    }

    /// See [`Core::world`](crate::Core::world).
    pub(crate) fn world(&self) -> WorldFile {
        WorldFile::from_world(&self.state.world, self.clock)
    }

    /// See [`Core::set_world`](crate::Core::set_world).
    pub(crate) fn set_world(&mut self, file: &WorldFile) {
        self.state.load_world(file, self.settings.seed, self.clock, self.time.now());
        self.log_event(|| Event::World(file.clone())); // cloned only if it is logged
    }

    /// Applies a logged event that happened `at` after the start.
    pub(crate) fn replay(&mut self, at: Duration, event: Event) {
        self.time.advance(at.saturating_sub(self.time.now()));
        self.state.world.advance(at);
        match event {
            Event::Request(request) => drop(self.apply(request)),
            Event::World(file) => self.set_world(&file),
            Event::JobFinished(job) => drop(self.state.world.finish_job(&job, at)),
            Event::Reset => self.restore_initial_state(),
            Event::Clock(mode) => self.time.set_mode(mode),
        }
    }

    /// Sets the clock's mode, if given, and advances the time.
    pub(crate) fn change_clock(&mut self, mode: Option<ClockMode>, by: Duration) {
        if let Some(mode) = mode {
            self.time.set_mode(mode);
        }
        self.time.advance(by);
        self.state.world.advance(self.time.now());
        let mode = self.time.mode();
        self.log_event(|| Event::Clock(mode));
    }

    /// Restores the initial state, including the world file. The time and the exchange numbers continue.
    pub(crate) fn reset(&mut self) {
        self.exchanges.clear();
        self.restore_initial_state();
        match self.initial.world.clone() {
            Some(world) => self.set_world(&world), // logs the world, because the next run may have another file
            None => self.log_event(|| Event::Reset),
        }
    }

    fn restore_initial_state(&mut self) {
        self.time.set_mode(ClockMode::Running);
        self.state = ServiceState::new(self.settings.seed, &self.initial);
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("settings", &self.settings)
            .field("time", &self.time)
            .finish_non_exhaustive()
    }
}
