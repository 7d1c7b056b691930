//! Decides what may be chosen about an emulator, and what it is if nothing is chosen.

use std::io;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use crate::auth::{Auth, LoginSettings};
use crate::core::Core;
use crate::domain::pace::Pace;
use crate::engine::{Engine, InitialState, Settings};
use crate::fault_injection::Faults;
use crate::http::host::{Emulator, Listeners};
#[cfg(feature = "tls")]
use crate::http::tls::Tls;
use crate::in_process::{InProcess, Resumed};
use crate::storage::store::{DataError, Found, Origin, Store, unreadable};
use crate::storage::world_file::WorldFile;

/// A free port of this machine.
const ANY_PORT: &str = "127.0.0.1:0";

/// How an emulator shall be. Made by [`Emulator::builder`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Builder {
    http: Option<String>,
    #[cfg(feature = "tls")]
    https: Option<(String, Tls)>,
    epoch: Option<SystemTime>,
    seed: Option<u64>,
    settings: Settings,
    faults: Faults,
    auth: Auth,
    login: LoginSettings,
    data: Option<PathBuf>,
    world: Option<WorldFile>,
}

impl Default for Builder {
    fn default() -> Self {
        let settings = Settings { pace: Pace::default(), page_size: 100, seed: 0 };
        Self {
            http: None,
            #[cfg(feature = "tls")]
            https: None,
            epoch: None,
            seed: None,
            settings,
            faults: Faults::default(),
            auth: Auth::default(),
            login: LoginSettings::default(),
            data: None,
            world: None,
        }
    }
}

impl Builder {
    /// Address and port to listen on, `127.0.0.1:0` by default. Port 0 is any free one.
    ///
    /// Whoever reaches the address can read and change everything: any token is taken, and with
    /// [`Auth::Strict`] anybody can have one.
    pub fn listen(mut self, address: impl Into<String>) -> Self {
        self.http = Some(address.into());
        self
    }

    /// Listens for HTTPS, with this certificate; on a free port of 127.0.0.1, unless
    /// [`listen_https`](Self::listen_https) names another.
    ///
    /// HTTP is then there only if [`listen`](Self::listen) is called as well. Both are the same service.
    #[cfg(feature = "tls")]
    pub fn tls(mut self, tls: Tls) -> Self {
        let address = self.https.take().map_or_else(|| ANY_PORT.to_owned(), |(address, _)| address);
        self.https = Some((address, tls));
        self
    }

    /// Address and port to listen on for HTTPS; with a generated certificate, unless [`tls`](Self::tls) gives
    /// another.
    #[cfg(feature = "tls")]
    pub fn listen_https(mut self, address: impl Into<String>) -> Self {
        let tls = self.https.take().map_or_else(Tls::generated, |(_, tls)| tls);
        self.https = Some((address.into(), tls));
        self
    }

    /// How long jobs take.
    pub fn pace(mut self, pace: Pace) -> Self {
        self.settings.pace = pace;
        self
    }

    /// How many devices are on a page, 100 by default. 0 is taken as 1.
    pub fn page_size(mut self, devices: usize) -> Self {
        self.settings.page_size = devices.max(1);
        self
    }

    /// What all ids are drawn from, 0 by default. The same seed and requests give the same ids.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self.settings.seed = seed;
        self
    }

    /// The date at the start. By default it is the date on this machine.
    pub fn epoch(mut self, epoch: SystemTime) -> Self {
        self.epoch = Some(epoch);
        self
    }

    /// What goes wrong on purpose; nothing by default.
    pub fn faults(mut self, faults: Faults) -> Self {
        self.faults = faults;
        self
    }

    /// Which access tokens are taken.
    pub fn auth(mut self, auth: Auth) -> Self {
        self.auth = auth;
        self
    }

    /// Apps, users and lifetimes of the sign-in.
    pub fn login(mut self, login: LoginSettings) -> Self {
        self.login = login;
        self
    }

    /// The folder in which the state outlives the process; without one it ends with it. The folder is made if
    /// it is not there.
    ///
    /// Kept are all changes and the answers to be repeated, so that a run goes on where an earlier one ended,
    /// however it ended; its jobs have gone on in between. The seed and the epoch are those of the folder.
    pub fn data(mut self, folder: impl Into<PathBuf>) -> Self {
        self.data = Some(folder.into());
        self
    }

    /// What there is at the start; nothing by default. A data folder that has a state keeps its own.
    pub fn world(mut self, world: WorldFile) -> Self {
        self.world = Some(world);
        self
    }

    /// Listens and answers, on the current Tokio runtime.
    ///
    /// # Errors
    /// If an address cannot be had, which the error names; if the system has no randomness for a key; or with a
    /// [`DataError`] inside if the data folder cannot be used.
    pub async fn start(self) -> io::Result<Emulator> {
        let mut listeners = Listeners::default();
        #[cfg(feature = "tls")]
        if let Some((address, tls)) = &self.https {
            listeners.https(address, tls).await?;
        }
        if self.http.is_some() || listeners.is_empty() {
            listeners.http(self.http.as_deref().unwrap_or(ANY_PORT)).await?;
        }
        let service = self.open().map_err(io::Error::other)?;
        Ok(Emulator::serve(listeners, service))
    }

    /// The same service without a socket.
    ///
    /// # Panics
    /// If there is a data folder that cannot be used; [`open`](Self::open) says why.
    #[must_use]
    pub fn in_process(&self) -> InProcess {
        self.open().unwrap_or_else(|error| panic!("{error}"))
    }

    /// The same service without a socket, where the data folder may fail.
    ///
    /// # Errors
    /// If the data folder cannot be used. Without one there is no error.
    pub fn open(&self) -> Result<InProcess, DataError> {
        let Some(folder) = &self.data else { return Ok(InProcess::new(self.core())) };
        let epoch = self.epoch.unwrap_or_else(SystemTime::now);
        let asked = Origin { seed: self.settings.seed, epoch };
        let (store, Found { origin, new }) = Store::open(folder, asked)?;
        let settings = Settings { seed: origin.seed, ..self.settings };
        let mut engine = Engine::new(settings, origin.epoch, self.initial());
        let changes = store.replay(folder, |at, event| engine.replay(at, event))?;
        // The time in which no process ran counts as well, unless it is moved by hand.
        let passed = if new || engine.has_manual_clock() {
            Duration::ZERO
        } else {
            store.since_last(folder, SystemTime::now())?
        };
        engine.start_logging(passed);
        if let Some(world) = self.world.as_ref().filter(|_| changes == 0) {
            engine.set_world(world);
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
        Ok(InProcess::kept(Core::new(engine), store, resumed))
    }

    /// The state machine alone, for those who move the time by hand. It has no data folder: it does no IO.
    #[must_use]
    pub fn core(&self) -> Core {
        let epoch = self.epoch.unwrap_or_else(SystemTime::now);
        let mut core = Core::new(Engine::new(self.settings, epoch, self.initial()));
        if let Some(world) = &self.world {
            core.set_world(world);
        }
        core
    }

    fn initial(&self) -> InitialState {
        InitialState {
            faults: self.faults.clone(),
            auth: self.auth,
            login: self.login.clone(),
            world: self.world.clone(),
        }
    }
}
