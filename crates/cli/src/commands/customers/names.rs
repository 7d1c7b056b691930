//! `pcdevices customers list --names`: the names that `--customer` accepts, for completion scripts. It makes no call.

use std::collections::BTreeSet;

use partner_center_devices::raw::printable;

use crate::args::Global;
use crate::errors::{CommandError, Exit};
use crate::settings::config::Config;
use crate::settings::customer_index::{CustomerIndex, index_error};
use crate::settings::session::target_without_flags;
use crate::ui::output::Ui;

pub(super) fn run(ui: Ui, global: &Global) -> Result<Exit, CommandError> {
    let config = Config::read(global)?;
    let target = target_without_flags(&config.profile);
    let mut names: BTreeSet<String> =
        config.aliases()?.into_iter().map(|alias| alias.alias).collect();
    if let Some(index) = CustomerIndex::of(&config, &target.base_url)?.open_existing()? {
        for customer in index.customers().map_err(index_error)? {
            names.extend(customer.name);
            names.extend(customer.domain);
        }
    }
    // A name with a character that a terminal hides cannot be typed.
    let names = names.iter().map(|name| name.trim());
    let names = names.filter(|name| !name.is_empty() && !name.contains(printable::is_hidden));
    ui.print(&names.map(|name| format!("{name}\n")).collect::<String>())?;
    Ok(Exit::Success)
}
