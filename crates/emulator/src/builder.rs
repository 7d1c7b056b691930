//! The settings of an emulator, and their defaults.

use std::io;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use crate::auth::{AuthMode, LoginSettings};
use crate::core::Core;
use crate::domain::pace::Pace;
use crate::engine::{Engine, InitialState, Settings};
use crate::fault_injection::FaultRules;
use crate::http::server::Emulator;
#[cfg(feature = "tls")]
use crate::http::tls::Tls;
use crate::http::{GateSettings, Listeners};
use crate::in_process::{InProcess, Resumed};
use crate::storage::store::{DataError, Found, Origin, Store, unreadable};
use crate::storage::world_file::WorldFile;

/// Any free port of this machine.
const ANY_PORT: &str = "127.0.0.1:0";

/// Configures and starts an emulator. Created by [`Emulator::builder`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Builder {
    gate: GateSettings,
    http: Option<String>,
    #[cfg(feature = "tls")]
    https: Option<(String, Tls)>,
    epoch: Option<SystemTime>,
    seed: Option<u64>,
    settings: Settings,
    faults: FaultRules,
    auth: AuthMode,
    login: LoginSettings,
    data: Option<PathBuf>,
    world: Option<WorldFile>,
    /// True if a new state without a world starts with the sample customers.
    sample: bool,
}

impl Default for Builder {
    fn default() -> Self {
        let settings = Settings { pace: Pace::default(), page_size: 100, seed: 0 };
        Self {
            gate: GateSettings::default(),
            http: None,
            #[cfg(feature = "tls")]
            https: None,
            epoch: None,
            seed: None,
            settings,
            faults: FaultRules::default(),
            auth: AuthMode::default(),
            login: LoginSettings::default(),
            data: None,
            world: None,
            sample: false,
        }
    }
}

impl Builder {
    /// Sets the address and port to listen on. The default is `127.0.0.1:0`; port 0 selects any free port.
    ///
    /// Every client that can reach the address can read and change all data: the emulator accepts any token, and
    /// with [`AuthMode::Strict`] it issues one to every client.
    pub fn listen(mut self, address: impl Into<String>) -> Self {
        self.http = Some(address.into());
        self
    }

    /// Opens the endpoints and the page at `/_emulator` to other machines. By default only this machine can use them.
    pub fn remote_management(mut self, is_open: bool) -> Self {
        self.gate.remote_management = is_open;
        self
    }

    /// Accepts requests whose `Host` is this name. Addresses, names that are not public, and names of Microsoft's domains
    /// are always accepted; others could be a web page that calls this machine through a browser.
    pub fn allow_host(mut self, name: impl AsRef<str>) -> Self {
        self.gate.hosts.push(name.as_ref().to_ascii_lowercase());
        self
    }

    /// Lets web pages of this origin call the service and the sign-in (CORS): `http://localhost:3000`, without a path, or `*`
    /// for all origins. By default no page of another origin can read a response. `/_emulator` never allows one.
    pub fn allow_origin(mut self, origin: impl AsRef<str>) -> Self {
        self.gate.origins.add(origin.as_ref());
        self
    }

    /// Sets the number of connections that may be open at the same time, on both ports together. The default is 512; 0 counts
    /// as 1.
    ///
    /// One more connection gets a short response with status 503. It closes without one if it is a TLS connection, or while
    /// 32 others are being refused.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.gate.max_connections = connections;
        self
    }

    /// Listens for HTTPS with this certificate. The default address is a free port of 127.0.0.1; see
    /// [`listen_https`](Self::listen_https).
    ///
    /// The emulator then listens for HTTP only if [`listen`](Self::listen) is called, too. Both ports serve the
    /// same state.
    #[cfg(feature = "tls")]
    pub fn tls(mut self, tls: Tls) -> Self {
        let address = self.https.take().map_or_else(|| ANY_PORT.to_owned(), |(address, _)| address);
        self.https = Some((address, tls));
        self
    }

    /// Sets the address and port to listen on for HTTPS. The default certificate is a generated one; see
    /// [`tls`](Self::tls).
    #[cfg(feature = "tls")]
    pub fn listen_https(mut self, address: impl Into<String>) -> Self {
        let tls = self.https.take().map_or_else(Tls::generated, |(_, tls)| tls);
        self.https = Some((address.into(), tls));
        self
    }

    /// Sets how long jobs take.
    pub fn pace(mut self, pace: Pace) -> Self {
        self.settings.pace = pace;
        self
    }

    /// Sets the number of devices on a page. The default is 100; 0 counts as 1.
    pub fn page_size(mut self, devices: usize) -> Self {
        self.settings.page_size = devices.max(1);
        self
    }

    /// Sets the seed of all generated ids. The default is 0. The same seed and requests give the same ids.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self.settings.seed = seed;
        self
    }

    /// Sets the date and time at the start. The default is the time of this machine.
    pub fn epoch(mut self, epoch: SystemTime) -> Self {
        self.epoch = Some(epoch);
        self
    }

    /// Sets the fault rules. The default is an empty list.
    pub fn faults(mut self, faults: FaultRules) -> Self {
        self.faults = faults;
        self
    }

    /// Sets which access tokens are accepted.
    pub fn auth(mut self, auth: AuthMode) -> Self {
        self.auth = auth;
        self
    }

    /// Sets the apps, users and token lifetimes of the sign-in.
    pub fn login(mut self, login: LoginSettings) -> Self {
        self.login = login;
        self
    }

    /// Stores the state in a folder, which is created if it does not exist. By default the state is lost when
    /// the process ends.
    ///
    /// The folder contains all changes, and the responses to changes with a request id. The next run resumes from
    /// them, even after a crash; jobs continue as if the emulator had been running. The seed and the epoch of an
    /// existing folder override the ones set here.
    pub fn data(mut self, folder: impl Into<PathBuf>) -> Self {
        self.data = Some(folder.into());
        self
    }

    /// Sets the world at the start. By default it is empty. An existing state in the data folder overrides it.
    pub fn world(mut self, world: WorldFile) -> Self {
        self.world = Some(world);
        self
    }

    /// Starts a new state with a few customers, unless a [world](Self::world) is set. By default it is empty.
    ///
    /// See [`WorldFile::sample_customers`].
    pub fn sample_customers(mut self) -> Self {
        self.sample = true;
        self
    }

    /// Starts the emulator on the current Tokio runtime.
    ///
    /// # Errors
    /// If an address is not available, or the system has no randomness for a key. If the data folder cannot be
    /// used, the error contains a [`DataError`].
    pub async fn start(self) -> io::Result<Emulator> {
        let mut listeners = Listeners::default();
        #[cfg(feature = "tls")]
        if let Some((address, tls)) = &self.https {
            listeners.bind_https(address, tls).await?;
        }
        if self.http.is_some() || listeners.is_empty() {
            listeners.bind_http(self.http.as_deref().unwrap_or(ANY_PORT)).await?;
        }
        let service = self.open().map_err(io::Error::other)?;
        Ok(Emulator::serve(listeners, service, self.gate))
    }

    /// Creates an emulator that is called in this process, without a socket.
    ///
    /// # Panics
    /// If the data folder cannot be used. [`open`](Self::open) returns an error instead.
    #[must_use]
    pub fn in_process(&self) -> InProcess {
        self.open().unwrap_or_else(|error| panic!("{error}"))
    }

    /// Creates an emulator like [`in_process`](Self::in_process), but returns an error if the data folder cannot be
    /// used.
    ///
    /// # Errors
    /// If the data folder cannot be used.
    pub fn open(&self) -> Result<InProcess, DataError> {
        let Some(folder) = &self.data else { return Ok(InProcess::new(self.core())) };
        let epoch = self.epoch.unwrap_or_else(SystemTime::now);
        let requested = Origin { seed: self.settings.seed, epoch };
        let (store, Found { origin, new }) = Store::open(folder, requested)?;
        let settings = Settings { seed: origin.seed, ..self.settings };
        let mut engine = Engine::new(settings, origin.epoch, self.initial());
        let changes = store.replay(folder, |at, event| engine.replay(at, event))?;
        // Time also passes between two runs, unless the clock is manual.
        let elapsed = if new || engine.has_manual_clock() {
            Duration::ZERO
        } else {
            store.time_since_last_entry(folder, SystemTime::now())?
        };
        engine.start_logging(elapsed);
        if let Some(world) = self.first_world().filter(|_| changes == 0) {
            engine.set_world(&world);
            let entry = engine.take_log_entry().unwrap_or_default();
            let written = store.append(SystemTime::now(), &entry);
            written.map_err(|error| unreadable(folder, error.to_string()))?;
        }
        let other_seed = self.seed.filter(|seed| *seed != origin.seed);
        let resumed = Resumed {
            new,
            changes,
            seed: origin.seed,
            world_not_loaded: self.world.is_some() && changes > 0,
            other_seed,
        };
        Ok(InProcess::with_store(Core::new(engine), store, resumed))
    }

    /// Creates the state machine, for callers that control the time. It does no IO and ignores the data folder.
    #[must_use]
    pub fn core(&self) -> Core {
        let epoch = self.epoch.unwrap_or_else(SystemTime::now);
        let mut core = Core::new(Engine::new(self.settings, epoch, self.initial()));
        if let Some(world) = self.first_world() {
            core.set_world(&world);
        }
        core
    }

    fn initial(&self) -> InitialState {
        InitialState {
            faults: self.faults.clone(),
            auth: self.auth,
            login: self.login.clone(),
            world: self.first_world(),
        }
    }

    /// Returns the world of a new state.
    fn first_world(&self) -> Option<WorldFile> {
        self.world.clone().or_else(|| self.sample.then(WorldFile::sample_customers))
    }
}
