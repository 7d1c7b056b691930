//! The settings of the sign-in: accepted tokens, apps, users and lifetimes.

use std::time::Duration;

use secrecy::SecretString;

#[cfg(feature = "tls")]
use super::app_certificate::AppCertificate;
#[cfg(feature = "tls")]
use crate::http::tls::InvalidTls;

/// Which access tokens the service accepts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AuthMode {
    /// Accepts every request, with or without a token.
    Off,
    /// Requires a token and accepts any token. An app-only token is rejected where the service rejects it.
    #[default]
    AnyBearer,
    /// Accepts only tokens that this emulator issued for Partner Center, until they expire. A refresh token works
    /// once, which exposes a client that does not store the next one. The emulator forgets used refresh tokens when
    /// it stops.
    Strict,
}

/// The settings of the sign-in: apps, users and lifetimes.
///
/// If you register no app, any client id is accepted, with any secret and any assertion whose claims are right. If you add no user, the only user is
/// `admin@contoso.onmicrosoft.com`.
#[derive(Clone, Debug)]
#[must_use]
pub struct LoginSettings {
    pub(super) apps: Vec<LoginApp>,
    pub(super) users: Vec<LoginUser>,
    pub(super) token_lifetime: Option<Duration>,
    pub(super) auto_approve: Option<Duration>,
    pub(super) poll_interval: Duration,
    pub(super) require_mfa: bool,
    pub(super) refresh_tokens: bool,
    pub(super) challenge_tokens: bool,
}

impl Default for LoginSettings {
    fn default() -> Self {
        Self {
            apps: Vec::new(),
            users: Vec::new(),
            token_lifetime: None,
            auto_approve: None,
            poll_interval: Duration::from_secs(5),
            require_mfa: false,
            refresh_tokens: true,
            challenge_tokens: false,
        }
    }
}

impl LoginSettings {
    /// Registers an app. Once an app is registered, unregistered apps are rejected.
    pub fn app(mut self, app: LoginApp) -> Self {
        self.apps.push(app);
        self
    }

    /// Adds a user. The first user is the default for sign-ins.
    pub fn user(mut self, user: LoginUser) -> Self {
        self.users.push(user);
        self
    }

    /// Sets the lifetime of access tokens, in whole seconds. The default is 60 to 90 minutes, as in Microsoft Entra.
    pub fn token_lifetime(mut self, lifetime: Duration) -> Self {
        self.token_lifetime = Some(lifetime);
        self
    }

    /// Approves each device code for the first user after a delay, in whole seconds. By default, a person has to
    /// approve it.
    pub fn auto_approve(mut self, delay: Duration) -> Self {
        self.auto_approve = Some(delay);
        self
    }

    /// Sets the minimum interval between polls for a device code, in whole seconds. The default is 5. A client that
    /// polls sooner gets `slow_down`. With 0, clients may poll at any rate.
    pub fn poll_interval(mut self, interval: Duration) -> Self {
        self.poll_interval = interval;
        self
    }

    /// Makes the service reject users who signed in without a second factor, with 401 and code 900421.
    ///
    /// A token that is not a JSON Web Token counts as one of those users. App-only tokens are not affected, and neither is
    /// [`AuthMode::Off`].
    pub fn require_mfa(mut self) -> Self {
        self.require_mfa = true;
        self
    }

    /// Makes the sign-in issue no refresh tokens to users, as some policies of tenants do.
    pub fn without_refresh_tokens(mut self) -> Self {
        self.refresh_tokens = false;
        self
    }

    /// Makes the service reject tokens with a claims challenge (continuous access evaluation): a 401 whose
    /// `WWW-Authenticate` header demands claims. Only a token that was requested with these claims is accepted.
    ///
    /// Does not apply to [`AuthMode::Off`].
    pub fn challenge_tokens(mut self) -> Self {
        self.challenge_tokens = true;
        self
    }

    /// Adds the default user if the list of users is empty.
    pub(super) fn with_default_user(mut self) -> Self {
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
    /// Empty for a public client.
    pub(super) credentials: Vec<AppCredential>,
    pub(super) roles: Vec<String>,
}

/// A credential of an app registration.
#[derive(Clone, Debug)]
pub(super) enum AppCredential {
    Secret(SecretString),
    #[cfg(feature = "tls")]
    Certificate(AppCertificate),
    Federated {
        issuer: String,
        subject: String,
    },
}

impl LoginApp {
    /// Creates a confidential client, such as a web app, which has a secret.
    pub fn confidential(id: impl Into<String>, secret: impl Into<SecretString>) -> Self {
        Self::public(id).credential(AppCredential::Secret(secret.into()))
    }

    /// Creates a public client, such as a native app. It has no secret, so it cannot get app-only tokens.
    pub fn public(id: impl Into<String>) -> Self {
        Self { id: id.into(), credentials: Vec::new(), roles: Vec::new() }
    }

    /// Creates a confidential client with a certificate, in PEM format. The sign-in accepts assertions that its RSA key has
    /// signed with PS256 or RS256.
    ///
    /// # Errors
    /// If the text contains no valid certificate.
    #[cfg(feature = "tls")]
    pub fn with_certificate(
        id: impl Into<String>,
        pem: impl AsRef<[u8]>,
    ) -> Result<Self, InvalidTls> {
        let certificate = AppCertificate::from_pem(pem.as_ref())?;
        Ok(Self::public(id).credential(AppCredential::Certificate(certificate)))
    }

    /// Creates a confidential client with a federated credential. The sign-in accepts tokens of this issuer for this subject
    /// as assertions. It does not check their signature, because it does not fetch the keys of the issuer.
    pub fn federated(
        id: impl Into<String>,
        issuer: impl Into<String>,
        subject: impl Into<String>,
    ) -> Self {
        let (issuer, subject) = (issuer.into(), subject.into());
        Self::public(id).credential(AppCredential::Federated { issuer, subject })
    }

    fn credential(mut self, credential: AppCredential) -> Self {
        self.credentials.push(credential);
        self
    }

    /// Adds an application permission, which appears in app-only tokens as one of the `roles`.
    pub fn role(mut self, name: impl Into<String>) -> Self {
        self.roles.push(name.into());
        self
    }
}

/// A user of the partner who can sign in.
#[derive(Clone, Debug)]
#[must_use]
pub struct LoginUser {
    pub(super) name: String,
    pub(super) mfa: bool,
}

impl LoginUser {
    /// Creates a user who signs in with a second factor. `principal_name` looks like `admin@contoso.onmicrosoft.com`.
    pub fn new(principal_name: impl Into<String>) -> Self {
        Self { name: principal_name.into(), mfa: true }
    }

    /// Makes the user sign in with only a password.
    pub fn without_mfa(mut self) -> Self {
        self.mfa = false;
        self
    }
}
