//! Which service a command talks to: Partner Center with a token, or the built-in emulator without.

use std::path::Path;

use partner_center_devices::{BatchId, Client, CustomerId};
use partner_center_devices_emulator::Emulator;

use crate::args::Service;
use crate::error::{Exit, Failure};

/// A made-up customer and batch for `--emulator`, so that a first try needs no id.
const CUSTOMER: &str = "47021739-3426-40bf-9601-61b4b6d7c793";
const BATCH: &str = "Contoso first fleet";

/// A client, and the emulator it talks to, which runs until this is dropped.
pub(crate) struct Connection {
    pub(crate) client: Client,
    pub(crate) emulator: Option<Emulator>,
}

impl Connection {
    /// At most `rate` requests leave in a second.
    pub(crate) async fn open(service: &Service, rate: Option<f64>) -> Result<Self, Failure> {
        let mut builder =
            Client::builder().application(concat!("pcdevices ", env!("CARGO_PKG_VERSION")));
        if let Some(rate) = rate {
            builder = builder.requests_per_second(rate);
        }
        if service.emulator {
            let emulator = Emulator::start().await.map_err(|error| {
                Failure::new(
                    Exit::Service,
                    format!("the emulator cannot listen on this machine: {error}"),
                )
            })?;
            let client = builder.base_url(emulator.url()).token("emulator".to_owned()).build()?;
            return Ok(Self { client, emulator: Some(emulator) });
        }
        let token = token(service.token_file.as_deref())?;
        Ok(Self {
            client: builder.base_url(&service.base_url).token(token).build()?,
            emulator: None,
        })
    }
}

/// The access token, without what editors and shells put around it. Never says the token itself.
#[allow(clippy::disallowed_methods)] // the one secret that comes from the environment: never an argument
fn token(file: Option<&Path>) -> Result<String, Failure> {
    let (text, place) = match file {
        Some(file) => {
            let place = format!("the token file {}", file.display());
            let text = std::fs::read_to_string(file).map_err(|error| {
                Failure::new(Exit::NotAllowed, format!("cannot read {place}: {error}"))
            })?;
            (text, place)
        }
        None => {
            let text = std::env::var("PCDEVICES_TOKEN").map_err(|_| {
                Failure::new(Exit::NotAllowed, "there is no access token")
                    .hint("put it into the variable PCDEVICES_TOKEN, or into a file and name it with --token-file")
                    .hint("to try without an account, add --emulator")
            })?;
            (text, "the variable PCDEVICES_TOKEN".to_owned())
        }
    };
    let token = text.trim_start_matches('\u{feff}').trim(); // Windows PowerShell begins a file so
    if token.is_empty() {
        return Err(Failure::new(Exit::NotAllowed, format!("{place} holds no access token")));
    }
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Failure::new(
            Exit::NotAllowed,
            format!("{place} holds a character that no access token has"),
        )
        .hint("it must hold the token alone, on one line and without `Bearer`"));
    }
    Ok(token.to_owned())
}

/// The customer, or the made-up one where clap let it be left out.
pub(crate) fn customer(given: Option<CustomerId>) -> Result<CustomerId, Failure> {
    given.map_or_else(|| CustomerId::new(CUSTOMER), Ok).map_err(unusable)
}

/// The batch, or the made-up one where clap let it be left out.
pub(crate) fn batch(given: Option<BatchId>) -> Result<BatchId, Failure> {
    given.map_or_else(|| BatchId::new(BATCH), Ok).map_err(unusable)
}

fn unusable(error: impl std::fmt::Display) -> Failure {
    Failure::new(Exit::Argument, error.to_string())
}
