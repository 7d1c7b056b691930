//! `pcdevices doctor`: checks the setup step by step. A check that depends on an earlier failed check is skipped.

pub(crate) mod args;
mod checkup;
mod customer;
mod machine;
mod service;
mod sign_in;

use std::time::SystemTime;

use partner_center_devices::is_loopback_url;

pub(crate) use self::checkup::Checkup;
use self::checkup::{Check, CheckState};
use self::customer::ToCheck;
use self::machine::{check_configuration, check_journals, check_network, check_old_secrets};
use self::service::check_requests;
use self::sign_in::{check_claims, check_sign_in, no_token};
use crate::args::Global;
use crate::errors::{CommandError, Exit};
use crate::settings::config::Config;
use crate::settings::session::Target;
use crate::ui::output::Ui;

pub(crate) async fn run(ui: Ui, global: &Global, args: args::Doctor) -> Result<Exit, CommandError> {
    // Unreadable settings are an error: there would be nothing to check.
    let config = Config::read(global)?;
    let target = Target::of(&args.service, &config.profile);
    let mut customer = ToCheck::of(ui, &config, &target, args.customer)?;

    let mut checks = vec![check_configuration(&args.service, &config), check_journals()];
    checks.extend(check_old_secrets());
    let (connection, network_checks) = check_network(&args.service, &config, &target);
    checks.extend(network_checks);
    match connection {
        Some(connection) => {
            let (token, sign_in_checks) =
                check_sign_in(ui, &args.service, &config, &target, &connection).await;
            checks.extend(sign_in_checks);
            checks.push(match &token {
                Some(token) => {
                    let is_loopback = is_loopback_url(&target.base_url);
                    check_claims(token.claims.as_ref(), is_loopback, SystemTime::now())
                }
                None => no_token("token"),
            });
            let network = connection.network;
            checks.extend(check_requests(ui, token, &target, network, &mut customer).await);
        }
        None => checks.extend(without_network()),
    }

    for check in &mut checks {
        check.complete_hints(&config);
    }
    let worst = checks.iter().find(|check| check.state == CheckState::Failed);
    let exit = worst.map_or(Exit::Success, |check| check.exit);
    let checkup = Checkup { all_well: worst.is_none(), service: target.base_url, checks };
    if args.json.json {
        ui.print_json(&checkup)?
    } else {
        ui.print(&checkup.text(ui))?
    }
    Ok(exit)
}

/// Returns the checks that need a connection.
fn without_network() -> impl Iterator<Item = Check> {
    let skipped =
        |name| Check::new(name, CheckState::Skipped, "correct the settings of the network first");
    ["sign-in", "token", "service", "mfa", "rights", "clock"].into_iter().map(skipped)
}
