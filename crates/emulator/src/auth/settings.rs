//! Decides what may be chosen about the sign-in: which tokens the service takes, which apps and users there are,
//! and how long things live.

use std::time::Duration;

use secrecy::SecretString;

/// Which access tokens the service takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Auth {
    /// None is needed, and none is looked at.
    Off,
    /// One must be there, and any will do. One that says of itself that it is an app's own, without a user, is
    /// refused where the service refuses those.
    #[default]
    AnyBearer,
    /// Only what the emulator's own sign-in gave out, for Partner Center, and only until it expires. A refresh
    /// token is good for one use, so that a client that does not keep the next one is found out. Which ones have
    /// been used is forgotten when the emulator ends.
    Strict,
}

/// The sign-in: apps, users and lifetimes. Without apps any client id and secret are taken; without users
/// there is `admin@contoso.onmicrosoft.com`.
#[derive(Clone, Debug)]
#[must_use]
pub struct LoginSettings {
    pub(super) apps: Vec<LoginApp>,
    pub(super) users: Vec<LoginUser>,
    pub(super) token_lifetime: Option<Duration>,
    pub(super) auto_approve: Option<Duration>,
    pub(super) poll_interval: Duration,
}

impl Default for LoginSettings {
    fn default() -> Self {
        Self {
            apps: Vec::new(),
            users: Vec::new(),
            token_lifetime: None,
            auto_approve: None,
            poll_interval: Duration::from_secs(5),
        }
    }
}

impl LoginSettings {
    /// Registers an app. From the first one on, others are refused.
    pub fn app(mut self, app: LoginApp) -> Self {
        self.apps.push(app);
        self
    }

    /// Adds a user. The first one signs in where nobody says who.
    pub fn user(mut self, user: LoginUser) -> Self {
        self.users.push(user);
        self
    }

    /// How long access tokens live, in whole seconds. By default each lives for 60 to 90 minutes, as at
    /// Microsoft Entra.
    pub fn token_lifetime(mut self, lifetime: Duration) -> Self {
        self.token_lifetime = Some(lifetime);
        self
    }

    /// Approves each device code this long after it was given out, in whole seconds, for the first user. By
    /// default somebody has to approve it.
    pub fn auto_approve(mut self, after: Duration) -> Self {
        self.auto_approve = Some(after);
        self
    }

    /// How often a client may ask whether a device code has been approved, in whole seconds: 5 by default. A
    /// client that asks sooner is told to slow down; with 0 none is.
    pub fn poll_interval(mut self, interval: Duration) -> Self {
        self.poll_interval = interval;
        self
    }

    /// The users, of whom there is one at least.
    pub(super) fn with_a_user(mut self) -> Self {
        if self.users.is_empty() {
            self.users.push(LoginUser::new("admin@contoso.onmicrosoft.com"));
        }
        self
    }
}

/// An app registration.
#[derive(Clone, Debug)]
#[must_use]
pub struct LoginApp {
    pub(super) id: String,
    /// None: a public client.
    pub(super) secret: Option<SecretString>,
    pub(super) roles: Vec<String>,
}

impl LoginApp {
    /// A web app, which has a secret.
    pub fn confidential(id: impl Into<String>, secret: impl Into<SecretString>) -> Self {
        Self { id: id.into(), secret: Some(secret.into()), roles: Vec::new() }
    }

    /// A native app, which cannot keep a secret: it signs users in, and has no tokens of its own.
    pub fn public(id: impl Into<String>) -> Self {
        Self { id: id.into(), secret: None, roles: Vec::new() }
    }

    /// An application permission, which stands in the app's own tokens as one of its `roles`.
    pub fn role(mut self, name: impl Into<String>) -> Self {
        self.roles.push(name.into());
        self
    }
}

/// A person of the partner who signs in.
#[derive(Clone, Debug)]
#[must_use]
pub struct LoginUser {
    pub(super) name: String,
    pub(super) mfa: bool,
}

impl LoginUser {
    /// A user by their principal name, `admin@contoso.onmicrosoft.com`, who signs in with a second factor.
    pub fn new(principal_name: impl Into<String>) -> Self {
        Self { name: principal_name.into(), mfa: true }
    }

    /// The user signs in with a password alone.
    pub fn without_mfa(mut self) -> Self {
        self.mfa = false;
        self
    }
}
