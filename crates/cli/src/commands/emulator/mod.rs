//! `pcdevices emulator`: the service on a port, or on two, for any client, until it is told to stop.

pub(crate) mod args;

use std::fmt::Display;
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;
use std::time::Duration;

use partner_center_devices_emulator::{
    Auth, Builder, DataError, Emulator, Faults, LoginSettings, Pace, Tls, WorldFile,
};
use serde_json::{Value, json};

use crate::errors::{CommandError, Exit};
use crate::ui::output::Ui;

/// Where it listens if nothing is said.
const DEFAULT_ADDRESS: &str = "127.0.0.1:8085";

pub(crate) async fn run(ui: Ui, args: args::Emulator) -> Result<Exit, CommandError> {
    let signals = StopSignals::new().map_err(|error| {
        CommandError::new(Exit::Unavailable, format!("cannot wait for signals: {error}"))
    })?;
    let emulator = builder(&args)?.start().await.map_err(cannot_start)?;
    if let (Some(file), Some(pem)) = (&args.https.write_ca, emulator.certificate_pem()) {
        std::fs::write(file, pem).map_err(|error| {
            CommandError::new(
                Exit::InvalidFile,
                format!("cannot write {}: {error}", file.display()),
            )
        })?;
    }
    let serve = async {
        // One line of JSON, for whoever started it and waits to know where.
        let _ = writeln!(ui.stdout(), "{}", ready(&emulator)); // whoever closed stdout does not want it
        let taken = match args.auth {
            args::Auth::Off => "no token is needed",
            args::Auth::AnyBearer => "any bearer token is taken",
            args::Auth::Strict => "only tokens of its own sign-in are taken",
        };
        let kept = match emulator.resumed() {
            None => "nothing is kept".to_owned(),
            Some(resumed) => format!("the state is kept ({resumed})"),
        };
        ui.notice(&format!("{taken}; Ctrl-C ends it, and {kept}\n"));
        ui.notice(&format!("to look inside: {}/_emulator/\n", emulator.url()));
        std::future::pending().await
    };
    tokio::select! {
        biased; // a signal is heard before the line is out: its reader may end it at once
        ended = signals.wait() => ended,
        never = serve => never,
    }
    .map_err(|error| {
        CommandError::new(Exit::Unavailable, format!("cannot wait for Ctrl-C: {error}"))
    })?;
    emulator.stop().await;
    Ok(Exit::Success)
}

/// What was asked for.
fn builder(args: &args::Emulator) -> Result<Builder, CommandError> {
    let auth = match args.auth {
        args::Auth::Off => Auth::Off,
        args::Auth::AnyBearer => Auth::AnyBearer,
        args::Auth::Strict => Auth::Strict,
    };
    let mut login = LoginSettings::default();
    if let Some(seconds) = args.auto_approve {
        login = login.auto_approve(Duration::from_secs(seconds.into()));
    }
    let mut builder =
        Emulator::builder().auth(auth).login(login).page_size(args.page_size as usize);
    if let Some(seed) = args.seed {
        builder = builder.seed(seed);
    }
    if args.instant {
        builder = builder.pace(Pace::instant());
    }
    if let Some(file) = &args.faults {
        builder = builder.faults(read(file, Faults::from_yaml)?);
    }
    if let Some(folder) = &args.data {
        builder = builder.data(folder);
    }
    if let Some(file) = &args.world {
        builder = builder.world(read(file, WorldFile::from_yaml)?);
    }
    if let Some(address) = &args.https.https {
        builder = builder.listen_https(address).tls(tls(&args.https)?);
    }
    // HTTPS alone is alone; who wants both says both.
    if args.listen.is_some() || args.https.https.is_none() {
        builder = builder.listen(args.listen.as_deref().unwrap_or(DEFAULT_ADDRESS));
    }
    Ok(builder)
}

fn tls(https: &args::Https) -> Result<Tls, CommandError> {
    let (Some(certificate), Some(key)) = (&https.certificate, &https.key) else {
        return Tls::generated_for(&https.names)
            .map_err(|error| CommandError::new(Exit::Usage, error.to_string()));
    };
    let read = |file: &Path| std::fs::read(file).map_err(|error| cannot_open(file, &error));
    Tls::from_pem(read(certificate)?, read(key)?).map_err(|error| {
        let files = format!("{} and {}", certificate.display(), key.display());
        CommandError::new(Exit::InvalidFile, format!("{files} cannot be used: {error}"))
    })
}

fn ready(emulator: &Emulator) -> Value {
    let mut ready = json!({
        "ready": true,
        "url": emulator.url(),
        "management": format!("{}/_emulator/", emulator.url()),
        "pid": std::process::id(),
        "version": env!("CARGO_PKG_VERSION"),
    });
    if let Some(url) = emulator.https_url() {
        ready["httpsUrl"] = url.into();
    }
    ready
}

/// The error names the address, or the data folder.
fn cannot_start(error: io::Error) -> CommandError {
    if error.get_ref().is_some_and(|inner| inner.is::<DataError>()) {
        return CommandError::new(Exit::InvalidFile, error.to_string());
    }
    // The standard library says this of a text that is no address with a port.
    let exit = match error.kind() {
        ErrorKind::InvalidInput => Exit::Usage,
        _ => Exit::Unavailable,
    };
    let failure = CommandError::new(exit, error.to_string());
    match error.kind() {
        ErrorKind::AddrInUse => {
            failure.hint("another program uses the port: try 127.0.0.1:0 for any free one")
        }
        ErrorKind::InvalidInput => failure.hint("write it as ADDRESS:PORT, such as 127.0.0.1:8085"),
        _ => failure,
    }
}

/// What a file holds.
fn read<T, E: Display>(file: &Path, parse: fn(&str) -> Result<T, E>) -> Result<T, CommandError> {
    let text = std::fs::read_to_string(file).map_err(|error| cannot_open(file, &error))?;
    parse(&text).map_err(|error| {
        CommandError::new(Exit::InvalidFile, format!("{} cannot be used: {error}", file.display()))
    })
}

fn cannot_open(file: &Path, error: &io::Error) -> CommandError {
    CommandError::new(Exit::InvalidFile, format!("cannot open {}: {error}", file.display()))
}

/// What ends it: Ctrl-C, and SIGTERM, which is what `kill`, service managers and containers send.
struct StopSignals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl StopSignals {
    /// Hears from now on.
    fn new() -> io::Result<Self> {
        #[cfg(unix)]
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            #[cfg(unix)]
            terminate: signal(SignalKind::terminate())?,
        })
    }

    #[cfg(unix)]
    async fn wait(mut self) -> io::Result<()> {
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted,
            _ = self.terminate.recv() => Ok(()),
        }
    }

    #[cfg(not(unix))]
    async fn wait(self) -> io::Result<()> {
        tokio::signal::ctrl_c().await
    }
}
