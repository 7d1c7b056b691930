//! `pcdevices customers find`: asks the service for customers by the start of their name or domain.

use partner_center_devices_fleet::index::CustomerRecord;
use schemars::JsonSchema;
use serde::Serialize;

use crate::args::{Format, Global, Service};
use crate::errors::{CommandError, Exit};
use crate::settings::customers::{Alias, alias_of};
use crate::settings::session::Session;
use crate::ui::list::{Column, Record, column, write_list};
use crate::ui::output::Ui;
use crate::ui::text_layout::or_empty;

/// A customer that was found by the start of its name or domain.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FoundCustomer {
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
}

impl Record for FoundCustomer {
    const COLUMNS: &'static [Column<Self>] = &[
        column("Name", "name", |one| or_empty(&one.name)),
        column("Domain", "domain", |one| or_empty(&one.domain)),
        column("Relationship", "relationship", |one: &Self| or_empty(&one.relationship)).rank(2),
        column("Tenant id", "id", |one: &Self| one.id.clone()).rank(1),
        column("Alias", "alias", |one: &Self| or_empty(&one.alias)).rank(3),
    ];
}

pub(super) async fn run(
    ui: Ui,
    global: &Global,
    service: &Service,
    text: &str,
    format: Format,
) -> Result<Exit, CommandError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(CommandError::new(Exit::Usage, "there is no text to find")
            .hint("to read all customers: pcdevices customers sync"));
    }
    let session = Session::open(ui, global, service)?;
    let aliases = session.config.aliases()?;
    let found = session.client.customers().find(text).await?;
    let found: Vec<_> = found.iter().filter_map(CustomerRecord::of).collect();
    let mut lines: Vec<_> = found.into_iter().map(|one| line(one, &aliases)).collect();
    let key = |one: &FoundCustomer| one.name.as_ref().map(|name| name.to_lowercase());
    lines.sort_by(|one, other| (key(one), &one.id).cmp(&(key(other), &other.id)));
    let none = format!("No customer has a name or a default domain that starts with '{text}'");
    write_list(ui, format, &lines, &none)?;
    ui.status(
        "Only the start of company names and default domains is compared. Other domains of a customer are not searched.\n",
    );
    Ok(if lines.is_empty() { Exit::SomeFailed } else { Exit::Success })
}

fn line(customer: CustomerRecord, aliases: &[Alias]) -> FoundCustomer {
    let CustomerRecord { id, name, domain, relationship, .. } = customer;
    let alias = alias_of(aliases, id.as_str()).map(str::to_owned);
    FoundCustomer { name, domain, relationship, id: id.to_string(), alias }
}
