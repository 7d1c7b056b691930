//! `pcdevices emulator`: the service on a port, for any client, until Ctrl-C.

use std::io::{ErrorKind, Write as _};
use std::path::Path;
use std::time::Duration;

use partner_center_devices_emulator::{Auth, Emulator, Faults, LoginSettings};

use crate::args;
use crate::error::{Exit, Failure};

pub(crate) async fn run(args: args::Emulator) -> Result<Exit, Failure> {
    let faults = args.faults.as_deref().map(faults).transpose()?.unwrap_or_default();
    let (auth, taken) = match args.auth {
        args::Auth::Off => (Auth::Off, "no token is needed"),
        args::Auth::AnyBearer => (Auth::AnyBearer, "any bearer token is taken"),
        args::Auth::Strict => (Auth::Strict, "only tokens of its own sign-in are taken"),
    };
    let mut login = LoginSettings::default();
    if let Some(seconds) = args.auto_approve {
        login = login.auto_approve(Duration::from_secs(seconds.into()));
    }
    let builder = Emulator::builder().listen(args.listen.as_str());
    let builder = builder.auth(auth).login(login).faults(faults);
    let emulator = builder.start().await.map_err(|error| {
        // The standard library says this of a text that is no address with a port.
        let exit = match error.kind() {
            ErrorKind::InvalidInput => Exit::Argument,
            _ => Exit::Service,
        };
        let failure = Failure::new(exit, format!("cannot listen on {}: {error}", args.listen));
        match error.kind() {
            ErrorKind::AddrInUse => failure
                .hint("another program uses the port: try --listen 127.0.0.1:0 for any free one"),
            ErrorKind::InvalidInput => {
                failure.hint("write it as ADDRESS:PORT, such as 127.0.0.1:8085")
            }
            _ => failure,
        }
    })?;
    let serve = async {
        // One line of JSON, for whoever started it and waits to know where.
        let ready = serde_json::json!({ "ready": true, "url": emulator.url() });
        let _ = writeln!(anstream::stdout(), "{ready}"); // whoever closed stdout does not want it
        let _ = writeln!(anstream::stderr(), "{taken}; Ctrl-C ends it, and nothing is kept");
        std::future::pending().await
    };
    let ended = tokio::select! {
        biased; // Ctrl-C is heard before the line is out: its reader may end it at once
        ended = tokio::signal::ctrl_c() => ended,
        never = serve => never,
    };
    ended
        .map_err(|error| Failure::new(Exit::Service, format!("cannot wait for Ctrl-C: {error}")))?;
    emulator.stop().await;
    Ok(Exit::AllWell)
}

fn faults(file: &Path) -> Result<Faults, Failure> {
    let name = file.display();
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::new(Exit::BadFile, format!("cannot open {name}: {error}")))?;
    Faults::from_yaml(&text)
        .map_err(|error| Failure::new(Exit::BadFile, format!("{name} cannot be used: {error}")))
}
