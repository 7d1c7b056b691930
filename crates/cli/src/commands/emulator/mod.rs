//! `pcdevices emulator`: runs the service on one or two ports, for any client, until a signal stops it.

pub(crate) mod args;
mod hardware;

use std::fmt::Display;
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;
use std::time::Duration;

use partner_center_devices_emulator::{
    AuthMode, Builder, DataError, Emulator, FaultRules, InvalidFaultRules, LoginSettings,
    LoginUser, Pace, Tls, WorldFile,
};
use serde_json::{Value, json};

use crate::atomic_file::write_public;
use crate::bounded_file;
use crate::errors::{CommandError, Exit};
use crate::interrupt::StopSignals;
use crate::ui::output::Ui;

/// The default address.
const DEFAULT_ADDRESS: &str = "127.0.0.1:8085";

pub(crate) async fn run(ui: Ui, args: args::Emulator) -> Result<Exit, CommandError> {
    let signals = StopSignals::new().map_err(|error| {
        CommandError::new(Exit::Unavailable, "cannot wait for signals").with_source(error)
    })?;
    let emulator = builder(&args)?.start().await.map_err(cannot_start)?;
    if let (Some(file), Some(pem)) = (&args.https.write_ca, emulator.certificate_pem()) {
        write_public(file, pem.as_bytes()).map_err(|error| {
            CommandError::new(Exit::InvalidFile, format!("cannot write {}", file.display()))
                .with_source(error)
        })?;
    }
    let serve = async {
        // A program that starts the emulator waits for this line.
        let _ = writeln!(ui.stdout(), "{}", ready(&emulator)); // a closed stdout is fine
        let tokens = match args.auth {
            args::Auth::Off => "No token is needed",
            args::Auth::AnyBearer => "Any bearer token is accepted",
            args::Auth::Strict => "Only tokens issued by this emulator are accepted",
        };
        let state = match emulator.resumed() {
            None => "the state is lost".to_owned(),
            Some(resumed) => format!("the state is saved ({resumed})"),
        };
        ui.notice(&format!("{tokens}. Press Ctrl-C to stop; {state}.\n"));
        if emulator.is_reachable_by_others() {
            let management = match args.allow_remote_management {
                true => "including /_emulator",
                false => "except /_emulator (--allow-remote-management opens it)",
            };
            ui.warning(&format!(
                "other machines can reach this emulator: they can read and change all data, {management}"
            ));
        }
        ui.notice(&format!("Inspect the state at {}/_emulator/\n", emulator.url()));
        std::future::pending().await
    };
    tokio::select! {
        biased; // the reader of the ready line may send a signal right away
        ended = signals.wait() => ended,
        never = serve => never,
    }
    .map_err(|error| {
        CommandError::new(Exit::Unavailable, "cannot wait for Ctrl-C").with_source(error)
    })?;
    emulator.stop().await;
    Ok(Exit::Success)
}

/// Configures the emulator from the arguments.
fn builder(args: &args::Emulator) -> Result<Builder, CommandError> {
    let auth = match args.auth {
        args::Auth::Off => AuthMode::Off,
        args::Auth::AnyBearer => AuthMode::AnyBearer,
        args::Auth::Strict => AuthMode::Strict,
    };
    let mut login = LoginSettings::default();
    for (is_set, flag) in
        [(args.require_mfa, "--require-mfa"), (args.challenge_tokens, "--challenge-tokens")]
    {
        if is_set && matches!(args.auth, args::Auth::Off) {
            let message = format!("{flag} has no effect with --auth off");
            return Err(CommandError::new(Exit::Usage, message)
                .hint("use --auth any-bearer or --auth strict"));
        }
    }
    if args.no_refresh_tokens {
        login = login.without_refresh_tokens();
    }
    if args.challenge_tokens {
        login = login.challenge_tokens();
    }
    if args.require_mfa {
        login = login
            .require_mfa()
            .user(LoginUser::new("admin@contoso.onmicrosoft.com"))
            .user(LoginUser::new("password-only@contoso.onmicrosoft.com").without_mfa());
    }
    if let Some(seconds) = args.auto_approve {
        login = login.auto_approve(Duration::from_secs(seconds.into()));
    }
    let mut builder =
        Emulator::builder().auth(auth).login(login).page_size(args.page_size as usize);
    if let Some(seed) = args.seed {
        builder = builder.seed(seed);
    }
    builder = builder.max_connections(args.max_connections as usize);
    builder = builder.remote_management(args.allow_remote_management);
    for name in args.hosts.iter().chain(&args.https.names) {
        builder = builder.allow_host(name);
    }
    for origin in &args.origins {
        builder = builder.allow_origin(origin);
    }
    if args.instant {
        builder = builder.pace(Pace::instant());
    }
    builder = builder.faults(faults(args)?);
    if let Some(folder) = &args.data {
        builder = builder.data(folder);
    }
    builder = match world(args)? {
        Some(world) => builder.world(world),
        None => builder.sample_customers(),
    };
    if let Some(address) = &args.https.https {
        builder = builder.listen_https(address).tls(tls(&args.https)?);
    }
    // With --https, HTTP is off unless --listen is set too.
    if args.listen.is_some() || args.https.https.is_none() {
        builder = builder.listen(args.listen.as_deref().unwrap_or(DEFAULT_ADDRESS));
    }
    Ok(builder)
}

/// Returns the fault rules of the file and the flags.
fn faults(args: &args::Emulator) -> Result<FaultRules, CommandError> {
    const BYTE_ORDER_MARKS: &str = "rules: [{ id: byte-order-marks, effect: byteOrderMark }]";
    let rules = match &args.faults {
        Some(file) => read(file, FaultRules::from_yaml)?,
        None => FaultRules::default(),
    };
    if !args.byte_order_marks {
        return Ok(rules);
    }
    let added = FaultRules::from_yaml(BYTE_ORDER_MARKS).map_err(unusable_rules)?;
    FaultRules::new([rules.rules(), added.rules()].concat()).map_err(unusable_rules)
}

fn unusable_rules(error: InvalidFaultRules) -> CommandError {
    CommandError::wrap(Exit::InvalidFile, error)
}

/// Returns the world at the start, if one is set.
fn world(args: &args::Emulator) -> Result<Option<WorldFile>, CommandError> {
    let mut world = args.world.as_ref().map(|file| read(file, WorldFile::from_yaml)).transpose()?;
    if args.exact_batch_names {
        world = Some(world.unwrap_or_else(WorldFile::sample_customers).with_exact_batch_names());
    }
    if let Some(seconds) = args.audit_delay {
        let delay = Duration::from_secs(seconds.into());
        world = Some(world.unwrap_or_else(WorldFile::sample_customers).with_audit_delay(delay));
    }
    if args.hardware.is_empty() {
        return Ok(world);
    }
    let hardware = hardware::read(&args.hardware)?;
    let world = world.unwrap_or_else(WorldFile::sample_customers).with_known_hardware(hardware);
    world.map(Some).map_err(|error| CommandError::wrap(Exit::InvalidFile, error))
}

fn tls(https: &args::Https) -> Result<Tls, CommandError> {
    let (Some(certificate), Some(key)) = (&https.certificate, &https.key) else {
        return Tls::generated_for(&https.names)
            .map_err(|error| CommandError::wrap(Exit::Usage, error));
    };
    let read = |file: &Path| bounded_file::read(file).map_err(|error| cannot_open(file, error));
    Tls::from_pem(read(certificate)?, read(key)?).map_err(|error| {
        let files = format!("{} and {}", certificate.display(), key.display());
        CommandError::new(Exit::InvalidFile, format!("cannot use {files}")).with_source(error)
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

/// Returns an error that names the address or the data directory.
fn cannot_start(error: io::Error) -> CommandError {
    if error.get_ref().is_some_and(|inner| inner.is::<DataError>()) {
        return CommandError::wrap(Exit::InvalidFile, error);
    }
    // The standard library uses this kind for an invalid address.
    let kind = error.kind();
    let exit = match kind {
        ErrorKind::InvalidInput => Exit::Usage,
        _ => Exit::Unavailable,
    };
    let failure = CommandError::wrap(exit, error);
    match kind {
        ErrorKind::AddrInUse => failure.hint(
            "use another port, or 127.0.0.1:0 for any free port; another program uses this one",
        ),
        ErrorKind::InvalidInput => failure.hint("use ADDRESS:PORT, such as 127.0.0.1:8085"),
        _ => failure,
    }
}

/// Reads and parses a file.
fn read<T, E: Display>(file: &Path, parse: fn(&str) -> Result<T, E>) -> Result<T, CommandError> {
    let text = bounded_file::read_text(file).map_err(|error| cannot_open(file, error))?;
    parse(&text).map_err(|error| {
        CommandError::new(Exit::InvalidFile, format!("cannot use {}: {error}", file.display()))
    })
}

fn cannot_open(file: &Path, error: io::Error) -> CommandError {
    CommandError::new(Exit::InvalidFile, format!("cannot open {}", file.display()))
        .with_source(error)
}
