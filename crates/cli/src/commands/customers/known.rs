//! `pcdevices customers list --all`: the customers of the index on this machine. It makes no call.

use partner_center_devices_fleet::index::KnownCustomer;
use schemars::JsonSchema;
use serde::Serialize;

use crate::args::{Format, Global};
use crate::errors::{CommandError, Exit};
use crate::settings::config::Config;
use crate::settings::customer_index::{CustomerIndex, index_error};
use crate::settings::customers::alias_of;
use crate::settings::session::target_without_flags;
use crate::ui::list::{Column, Record, column, csv_only, table_only, write_list};
use crate::ui::output::Ui;
use crate::ui::text_layout::{day, or_empty, timestamp};

/// A customer in the index on this machine.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IndexedCustomer {
    /// The company name.
    name: Option<String>,
    /// The default domain.
    domain: Option<String>,
    /// The relationship to you: devices need `reseller`.
    relationship: Option<String>,
    /// The customer's tenant id.
    id: String,
    /// The alias on this machine.
    alias: Option<String>,
    /// The last time at which the service reported the customer, in RFC 3339; null if only its id is known.
    seen: Option<String>,
}

impl Record for IndexedCustomer {
    const COLUMNS: &'static [Column<Self>] = &[
        column("Name", "name", |one| or_empty(&one.name)),
        column("Domain", "domain", |one| or_empty(&one.domain)),
        column("Relationship", "relationship", |one: &Self| or_empty(&one.relationship)).rank(2),
        column("Tenant id", "id", |one: &Self| one.id.clone()).rank(1),
        column("Alias", "alias", |one: &Self| or_empty(&one.alias)).rank(3),
        table_only("As of", |one: &Self| day(one.seen.as_deref().unwrap_or_default()).to_owned()),
        csv_only("seen", |one| or_empty(&one.seen)),
    ];
}

pub(super) fn run(ui: Ui, global: &Global, format: Format) -> Result<Exit, CommandError> {
    let config = Config::read(global)?;
    let target = target_without_flags(&config.profile);
    let aliases = config.aliases()?;
    let index = CustomerIndex::of(&config, &target.base_url)?.open_existing()?;
    let (mut customers, mut synced) = (Vec::new(), None);
    if let Some(index) = index {
        customers = index.customers().map_err(index_error)?;
        synced = index.customers_synced().map_err(index_error)?;
    }
    let line = |one: KnownCustomer| IndexedCustomer {
        alias: alias_of(&aliases, one.id.as_str()).map(str::to_owned),
        id: one.id.to_string(),
        name: one.name,
        domain: one.domain,
        relationship: one.relationship,
        seen: one.seen.map(|seen| timestamp(seen.time())),
    };
    let lines: Vec<_> = customers.into_iter().map(line).collect();
    write_list(ui, format, &lines, "There are no customers in the index on this machine")?;
    match synced {
        Some(read) => {
            ui.status(&format!("All customers were read on {}\n", timestamp(read.time())))
        }
        None => ui.hint(&config.complete("to read all customers: pcdevices customers sync")),
    }
    Ok(Exit::Success)
}
