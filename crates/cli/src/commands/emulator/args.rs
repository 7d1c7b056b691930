//! The arguments of `pcdevices emulator`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Args)]
pub(crate) struct Emulator {
    /// Listen for HTTP on this address; port 0 picks a free port [default: 127.0.0.1:8085, or none with --https]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<String>,

    /// Let other machines use /_emulator, which can read and change everything
    #[arg(long)]
    pub(crate) allow_remote_management: bool,

    /// Accept requests to this public host name; repeat for more
    #[arg(long = "allow-host", value_name = "NAME")]
    pub(crate) hosts: Vec<String>,

    /// Let web pages of this origin call the service from a browser (CORS), such as http://localhost:3000, or * for all;
    /// repeat for more. They can never use /_emulator
    #[arg(long = "cors", value_name = "ORIGIN", value_parser = origin)]
    pub(crate) origins: Vec<String>,

    /// Connections that may be open at the same time; one more gets a 503
    #[arg(long, value_name = "NUMBER", default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) max_connections: u32,

    #[command(flatten)]
    pub(crate) https: Https,

    /// Inject the faults in this YAML or JSON file; the emulator's README documents it
    #[arg(long, value_name = "FILE")]
    pub(crate) faults: Option<PathBuf>,

    /// Start each successful JSON body with a byte order mark, as public clients observed
    #[arg(long)]
    pub(crate) byte_order_marks: bool,

    /// The seed for ids and random faults [default: 0, or the seed of the data directory]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) seed: Option<u64>,

    /// Devices per page
    #[arg(long, value_name = "DEVICES", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) page_size: u32,

    /// Finish jobs immediately
    #[arg(long)]
    pub(crate) instant: bool,

    /// Keep the state in this directory across restarts [default: in memory only]
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,

    /// Load customers, batches, devices, policies, hardware and audit records from this YAML or JSON file at the start
    /// [default: five customers]
    #[arg(long, value_name = "FILE")]
    pub(crate) world: Option<PathBuf>,

    /// Seconds until a change is visible in the audit log, by the emulator's clock [default: 0, or that of --world]
    #[arg(long, value_name = "SECONDS")]
    pub(crate) audit_delay: Option<u32>,

    /// Accept only the devices in this file, in any format that `pcdevices check` reads; repeat for more files. Other
    /// devices fail with 812. The list extends the known hardware of --world
    #[arg(long, value_name = "FILE")]
    pub(crate) hardware: Vec<PathBuf>,

    /// Treat `Sales` and `sales` as two batches; by default, upper and lower case does not matter in batch names
    #[arg(long)]
    pub(crate) exact_batch_names: bool,

    /// Accept these access tokens
    #[arg(long, value_name = "MODE", value_enum, default_value_t = Auth::AnyBearer)]
    pub(crate) auth: Auth,

    /// Reject users who signed in without multi-factor authentication (401, code 900421), and tokens without proof of it.
    /// Adds the user password-only@contoso.onmicrosoft.com to the sign-in
    #[arg(long)]
    pub(crate) require_mfa: bool,

    /// Issue no refresh tokens to users, as some policies of tenants do
    #[arg(long)]
    pub(crate) no_refresh_tokens: bool,

    /// Reject tokens with a claims challenge (continuous access evaluation) until one is requested with its claims
    #[arg(long)]
    pub(crate) challenge_tokens: bool,

    /// Approve device code sign-ins automatically, this many seconds after they start
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, default_missing_value = "0")]
    pub(crate) auto_approve: Option<u32>,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Auth {
    /// Accept requests without a token
    Off,
    /// Accept any token
    AnyBearer,
    /// Accept only tokens issued by this emulator, until they expire; a refresh token works once
    Strict,
}

#[derive(Args)]
pub(crate) struct Https {
    /// Listen for HTTPS on this address, for the same service as --listen
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) https: Option<String>,

    /// The server's certificate chain, as a PEM file [default: a new certificate for localhost, 127.0.0.1 and ::1]
    #[arg(long, value_name = "FILE", requires = "key", requires = "https")]
    pub(crate) certificate: Option<PathBuf>,

    /// The private key of the certificate, as a PEM file
    #[arg(long, value_name = "FILE", requires = "certificate")]
    pub(crate) key: Option<PathBuf>,

    /// An additional name or IP address for the new certificate; repeat for more
    #[arg(
        long = "https-name",
        value_name = "NAME",
        requires = "https",
        conflicts_with = "certificate"
    )]
    pub(crate) names: Vec<String>,

    /// Write the CA certificate that clients must trust to this PEM file
    #[arg(long, value_name = "FILE", requires = "https", conflicts_with = "certificate")]
    pub(crate) write_ca: Option<PathBuf>,
}

/// Accepts `*` or an origin, which has no path.
fn origin(text: &str) -> Result<String, &'static str> {
    let origin = text.strip_suffix('/').unwrap_or(text);
    let host = ["http://", "https://"].iter().find_map(|scheme| origin.strip_prefix(scheme));
    let is_host = |host: &str| !host.is_empty() && !host.contains(['/', '?', '#', '@', '*']);
    if origin == "*" || host.is_some_and(is_host) {
        Ok(origin.to_owned())
    } else {
        Err("use http://HOST:PORT, https://HOST, or * for all origins")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_a_scheme_and_a_host_but_no_path() {
        for (text, expected) in [
            ("http://localhost:3000", Some("http://localhost:3000")),
            ("http://localhost:3000/", Some("http://localhost:3000")),
            ("https://portal.example.com", Some("https://portal.example.com")),
            ("*", Some("*")),
            ("localhost:3000", None),
            ("http://", None),
            ("https://*.example.com", None),
            ("http://localhost:3000/app", None),
            ("null", None),
        ] {
            assert_eq!(origin(text).ok().as_deref(), expected, "{text}");
        }
    }
}
