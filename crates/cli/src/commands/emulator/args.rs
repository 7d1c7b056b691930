//! The arguments of `pcdevices emulator`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Args)]
pub(crate) struct Emulator {
    /// Where to listen for HTTP; port 0 is any free one [default: 127.0.0.1:8085, or none with --https]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<String>,

    #[command(flatten)]
    pub(crate) https: Https,

    /// A YAML or JSON file of what shall go wrong; the emulator's README says what can
    #[arg(long, value_name = "FILE")]
    pub(crate) faults: Option<PathBuf>,

    /// What all ids and all chances are drawn from [default: 0, or that of the data folder]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) seed: Option<u64>,

    /// How many devices are on a page
    #[arg(long, value_name = "DEVICES", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) page_size: u32,

    /// Let jobs be done as soon as they are accepted
    #[arg(long)]
    pub(crate) instant: bool,

    /// A folder that keeps the state, so that the next run goes on with it; without one it ends with the program
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,

    /// A YAML or JSON file of what is there at the start: customers, batches, devices, policies, hardware
    #[arg(long, value_name = "FILE")]
    pub(crate) world: Option<PathBuf>,

    /// Which access tokens are taken
    #[arg(long, value_name = "WHICH", value_enum, default_value_t = Auth::AnyBearer)]
    pub(crate) auth: Auth,

    /// Approve sign-ins by device code without a person, this many seconds after they began
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, default_missing_value = "0")]
    pub(crate) auto_approve: Option<u32>,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Auth {
    /// None is needed
    Off,
    /// One must be there, and any will do
    AnyBearer,
    /// Only those of the emulator's own sign-in, until they expire; a refresh token is good for one use
    Strict,
}

#[derive(Args)]
pub(crate) struct Https {
    /// Where to listen for HTTPS; the same service as that of --listen
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) https: Option<String>,

    /// The server's certificate and those that lead to its CA, in PEM; without it one is made for localhost,
    /// 127.0.0.1 and ::1
    #[arg(long, value_name = "FILE", requires = "key", requires = "https")]
    pub(crate) certificate: Option<PathBuf>,

    /// The certificate's key, in PEM
    #[arg(long, value_name = "FILE", requires = "certificate")]
    pub(crate) key: Option<PathBuf>,

    /// One more name or IP address for the certificate that is made; may be given again
    #[arg(
        long = "https-name",
        value_name = "NAME",
        requires = "https",
        conflicts_with = "certificate"
    )]
    pub(crate) names: Vec<String>,

    /// Write the certificate of the CA that signed it, for a client to trust, in PEM
    #[arg(long, value_name = "FILE", requires = "https", conflicts_with = "certificate")]
    pub(crate) write_ca: Option<PathBuf>,
}
