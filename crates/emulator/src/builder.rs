//! Decides what may be chosen about an emulator, and what it is if nothing is chosen.

use std::io;
use std::time::SystemTime;

use crate::faults::Faults;
use crate::host::{Emulator, Listeners};
use crate::in_process::InProcess;
use crate::login::{Auth, LoginSettings};
use crate::machine::{Core, Initial, Settings};
use crate::pace::Pace;
#[cfg(feature = "tls")]
use crate::tls::Tls;

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
    settings: Settings,
    faults: Faults,
    auth: Auth,
    login: LoginSettings,
}

impl Default for Builder {
    fn default() -> Self {
        let settings = Settings { pace: Pace::default(), page_size: 100, seed: 0 };
        Self {
            http: None,
            #[cfg(feature = "tls")]
            https: None,
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
    /// If an address cannot be had, which the error names; or if the system has no randomness for a key.
    pub async fn start(self) -> io::Result<Emulator> {
        let mut listeners = Listeners::default();
        #[cfg(feature = "tls")]
        if let Some((address, tls)) = &self.https {
            listeners.https(address, tls).await?;
        }
        if self.http.is_some() || listeners.is_empty() {
            listeners.http(self.http.as_deref().unwrap_or(ANY_PORT)).await?;
        }
        Ok(Emulator::serve(listeners, &self.in_process()))
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
