//! The arguments of `pcdevices auth`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::args::{CloudName, Json, Service, path};
use crate::settings::config::KeptIn;

#[derive(Args)]
pub(crate) struct AuthCommands {
    #[command(subcommand)]
    pub(crate) what: AuthCommand,
}

#[derive(Subcommand)]
pub(crate) enum AuthCommand {
    /// Sign in, and keep the sign-in in a profile
    ///
    /// Without more a person signs in by device code: a page is named, and a code to type there. What is kept is a
    /// refresh token, in a file that only this user can read; the profile in config.toml holds no secret. The service
    /// that is named, by flag or by variable, becomes that of the profile.
    Login(Login),
    /// Show who is signed in, and whether that still works
    Status(Status),
    /// Forget what is kept of a sign-in; the profile in config.toml stays
    Logout,
}

#[derive(Args)]
pub(crate) struct Login {
    /// The partner's tenant, by id or domain [default: that of the profile]
    #[arg(long, value_name = "TENANT")]
    pub(crate) tenant: Option<String>,

    /// The client id of the app registration [default: that of the profile]
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,

    /// Sign in as the app itself, by its client secret; batches cannot be made so
    #[arg(long, conflicts_with = "refresh_token")]
    pub(crate) app_only: bool,

    /// Take over a refresh token of the secure application model
    #[arg(long)]
    pub(crate) refresh_token: bool,

    /// A file that holds the refresh token; - is the standard input [default: the variable PCDEVICES_REFRESH_TOKEN,
    /// or it is asked for]
    #[arg(long, value_name = "FILE", requires = "refresh_token", value_parser = path())]
    pub(crate) refresh_token_file: Option<PathBuf>,

    /// A file that holds the client secret of a web app registration; - is the standard input [default: the variable
    /// PCDEVICES_CLIENT_SECRET, or with --app-only it is asked for]
    #[arg(long, value_name = "FILE", value_parser = path())]
    pub(crate) client_secret_file: Option<PathBuf>,

    /// Keep the secrets in the system's keyring, and not in a file
    #[cfg(feature = "keyring")]
    #[arg(long)]
    pub(crate) keyring: bool,

    /// The cloud: where API and sign-in are [default: that of the profile, else public]
    #[arg(
        long,
        value_name = "CLOUD",
        value_enum,
        env = "PCDEVICES_CLOUD",
        hide_env_values = true,
        help_heading = "Service"
    )]
    pub(crate) cloud: Option<CloudName>,

    /// The root of the API in the place of the cloud's; that of an emulator is the root of its sign-in too
    #[arg(
        long,
        value_name = "URL",
        env = "PCDEVICES_BASE_URL",
        hide_env_values = true,
        help_heading = "Service"
    )]
    pub(crate) base_url: Option<String>,

    /// The root of the sign-in in the place of the cloud's
    #[arg(long, value_name = "URL", help_heading = "Service")]
    pub(crate) authority: Option<String>,

    /// A certificate authority to trust besides the system's, in PEM
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
    /// Where the secrets shall be, if that is said.
    pub(crate) fn kept_in(&self) -> Option<KeptIn> {
        #[cfg(feature = "keyring")]
        if self.keyring {
            return Some(KeptIn::Keyring);
        }
        None
    }
}

#[derive(Args)]
pub(crate) struct Status {
    /// Only say what is kept; ask nobody for a token
    #[arg(long)]
    pub(crate) offline: bool,

    #[command(flatten)]
    pub(crate) service: Service,

    #[command(flatten)]
    pub(crate) json: Json,
}
