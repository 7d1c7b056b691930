//! Decides what may be chosen about an emulator, and what it is if nothing is chosen.

use std::io;
use std::time::SystemTime;

use crate::faults::Faults;
use crate::host::Emulator;
use crate::in_process::InProcess;
use crate::login::{Auth, LoginSettings};
use crate::machine::{Core, Initial, Settings};
use crate::pace::Pace;

/// How an emulator shall be. Made by [`Emulator::builder`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Builder {
    address: String,
    epoch: Option<SystemTime>,
    settings: Settings,
    faults: Faults,
    auth: Auth,
    login: LoginSettings,
}

impl Default for Builder {
    fn default() -> Self {
        let settings = Settings { pace: Pace::default(), page_size: 100, seed: 0 };
        Self {
            address: "127.0.0.1:0".to_owned(),
            epoch: None,
            settings,
            faults: Faults::default(),
            auth: Auth::default(),
            login: LoginSettings::default(),
        }
    }
}

impl Builder {
    /// Address and port to listen on, `127.0.0.1:0` by default. Port 0 is any free one.
    ///
    /// Whoever reaches the address can read and change everything: any token is taken, and with
    /// [`Auth::Strict`] anybody can have one.
    pub fn listen(mut self, address: impl Into<String>) -> Self {
        self.address = address.into();
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

    /// Listens and answers, on the current Tokio runtime.
    ///
    /// # Errors
    /// If the address cannot be had.
    pub async fn start(self) -> io::Result<Emulator> {
        Emulator::listen(&self.address, self.in_process()).await
    }

    /// The same service without a socket.
    #[must_use]
    pub fn in_process(&self) -> InProcess {
        InProcess::new(self.core())
    }

    /// The state machine alone, for those who move the time by hand.
    #[must_use]
    pub fn core(&self) -> Core {
        let initial =
            Initial { faults: self.faults.clone(), auth: self.auth, login: self.login.clone() };
        Core::new(self.settings, self.epoch.unwrap_or_else(SystemTime::now), initial)
    }
}
