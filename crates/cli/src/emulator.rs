//! `pcdevices emulator`: the service on a port, for any client, until Ctrl-C.

use std::io::Write as _;

use partner_center_devices_emulator::Emulator;

use crate::args;
use crate::error::{Exit, Failure};

pub(crate) async fn run(args: args::Emulator) -> Result<Exit, Failure> {
    let emulator =
        Emulator::builder().listen(args.listen.as_str()).start().await.map_err(|error| {
            Failure::new(Exit::Service, format!("cannot listen on {}: {error}", args.listen))
                .hint("another program may use the port: try --listen 127.0.0.1:0 for any free one")
        })?;
    // One line of JSON, for whoever started it and waits to know where.
    let ready = serde_json::json!({ "ready": true, "url": emulator.url() });
    let _ = writeln!(anstream::stdout(), "{ready}"); // whoever closed stdout does not want it
    let _ = writeln!(
        anstream::stderr(),
        "any bearer token is taken; Ctrl-C ends it, and nothing is kept"
    );
    tokio::signal::ctrl_c()
        .await
        .map_err(|error| Failure::new(Exit::Service, format!("cannot wait for Ctrl-C: {error}")))?;
    emulator.stop().await;
    Ok(Exit::AllWell)
}
