//! The arguments of `pcdevices auth`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::args::{CloudName, Json, Service, path};
use crate::settings::config::{SecretPlace, SignIn};

#[derive(Args)]
pub(crate) struct AuthCommands {
    #[command(subcommand)]
    pub(crate) what: AuthCommand,
}

#[derive(Subcommand)]
pub(crate) enum AuthCommand {
    /// Sign in and save the credentials for a profile
    ///
    /// By default you sign in the way the profile does, and a new profile in a browser on this machine; the app
    /// registration needs the redirect address http://localhost for it. With --device-code you open a page on any device
    /// and type a code. Only a refresh token is stored, in a file that only you can read; the profile in config.toml
    /// contains no secrets. The profile also stores the service that you select by flag or environment variable.
    Login(Login),
    /// Show who is signed in, and check that the sign-in still works
    Status(Status),
    /// Remove the saved credentials; the profile stays in config.toml
    Logout,
}

#[derive(Args)]
pub(crate) struct Login {
    /// The partner's tenant, as an id or a domain [default: from the profile]
    #[arg(long, value_name = "TENANT")]
    pub(crate) tenant: Option<String>,

    /// The client id of the app registration [default: from the profile]
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,

    /// Sign in with a browser on this machine
    #[arg(long, group = "kind")]
    pub(crate) browser: bool,

    /// Sign in with a code that you type on any device
    #[arg(long, group = "kind")]
    pub(crate) device_code: bool,

    /// Sign in as the app itself, with its client secret; cannot create batches
    #[arg(long, group = "kind", conflicts_with = "refresh_token_file")]
    pub(crate) app_only: bool,

    /// Sign in as the app itself, with the certificate and its private key in this PEM file; cannot create batches
    #[arg(long, value_name = "FILE", group = "kind", conflicts_with_all = ["refresh_token_file", "client_secret_file"], value_parser = path())]
    pub(crate) certificate_file: Option<PathBuf>,

    /// Sign in as the app itself, with the token of another issuer in this file, which another program renews; cannot create
    /// batches. With workload identity, the file is "$AZURE_FEDERATED_TOKEN_FILE"
    #[arg(long, value_name = "FILE", group = "kind", conflicts_with_all = ["refresh_token_file", "client_secret_file"], value_parser = path())]
    pub(crate) federated_token_file: Option<PathBuf>,

    /// Sign in as the app itself, with the token of this job in GitHub Actions (permission id-token: write); cannot create
    /// batches
    #[arg(long, group = "kind", conflicts_with_all = ["refresh_token_file", "client_secret_file"])]
    pub(crate) github_oidc: bool,

    /// Use a refresh token from the secure application model
    #[arg(long, group = "kind")]
    pub(crate) refresh_token: bool,

    /// Read the refresh token from this file, or from standard input with - [default: PCDEVICES_REFRESH_TOKEN, then a
    /// prompt]
    #[arg(long, value_name = "FILE", conflicts_with_all = ["browser", "device_code"], value_parser = path())]
    pub(crate) refresh_token_file: Option<PathBuf>,

    /// Read the client secret of a web app registration from this file, or from standard input with - [default:
    /// PCDEVICES_CLIENT_SECRET, then with --app-only a prompt]
    #[arg(long, value_name = "FILE", value_parser = path())]
    pub(crate) client_secret_file: Option<PathBuf>,

    /// Store secrets in the system keyring instead of a file
    #[cfg(feature = "keyring")]
    #[arg(long)]
    pub(crate) keyring: bool,

    /// The cloud that hosts the API and the sign-in [default: from the profile, then public]
    #[arg(
        long,
        value_name = "CLOUD",
        value_enum,
        env = "PCDEVICES_CLOUD",
        hide_env_values = true,
        help_heading = "Service"
    )]
    pub(crate) cloud: Option<CloudName>,

    /// The root URL of the API instead of the cloud's; for an emulator, also the root URL of its sign-in
    #[arg(
        long,
        value_name = "URL",
        env = "PCDEVICES_BASE_URL",
        hide_env_values = true,
        help_heading = "Service"
    )]
    pub(crate) base_url: Option<String>,

    /// The root URL of the sign-in instead of the cloud's
    #[arg(long, value_name = "URL", help_heading = "Service")]
    pub(crate) authority: Option<String>,

    /// An additional certificate authority to trust, as a PEM file
    #[arg(
        long,
        value_name = "FILE",
        env = "PCDEVICES_CA_FILE",
        hide_env_values = true,
        value_parser = path(),
        help_heading = "Service"
    )]
    pub(crate) ca_file: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) json: Json,
}

impl Login {
    /// Returns the kind of sign-in, if a flag selects it.
    pub(crate) fn kind(&self) -> Option<SignIn> {
        if self.app_only {
            Some(SignIn::AppOnly)
        } else if self.certificate_file.is_some() {
            Some(SignIn::Certificate)
        } else if self.federated_token_file.is_some() {
            Some(SignIn::FederatedTokenFile)
        } else if self.github_oidc {
            Some(SignIn::GithubOidc)
        } else if self.refresh_token || self.refresh_token_file.is_some() {
            Some(SignIn::RefreshToken)
        } else if self.device_code {
            Some(SignIn::DeviceCode)
        } else {
            self.browser.then_some(SignIn::Browser)
        }
    }

    /// Returns where to store the secrets, if a flag selects it.
    pub(crate) fn kept_in(&self) -> Option<SecretPlace> {
        #[cfg(feature = "keyring")]
        if self.keyring {
            return Some(SecretPlace::Keyring);
        }
        None
    }
}

#[derive(Args)]
pub(crate) struct Status {
    /// Show only what is stored; do not request a token
    #[arg(long)]
    pub(crate) offline: bool,

    #[command(flatten)]
    pub(crate) service: Service,

    #[command(flatten)]
    pub(crate) json: Json,
}
