//! `pcdevices customers`: finds customers, reads all of them into the index, and manages aliases, short names for customers.
//! Aliases are stored in a local file and never sent to the service.

pub(crate) mod args;
mod find;
mod known;
mod names;
mod sync;

pub(crate) use self::find::FoundCustomer;
pub(crate) use self::known::IndexedCustomer;
pub(crate) use self::names::{TypedOptions, names_of_customers, typable};
pub(crate) use self::sync::{SyncSummary, read_customers, sync_failed};

use toml_edit::{DocumentMut, InlineTable, value};

use self::args::CustomersCommand;
use crate::args::Global;
use crate::errors::{CommandError, Exit};
use crate::settings::config::Config;
use crate::settings::customers;
use crate::settings::customers::Alias;
use crate::settings::toml_file::edit_toml;
use crate::suggestions::closest;
use crate::ui::list::{Column, Record, column, write_list};
use crate::ui::output::Ui;
use crate::ui::prompt::{confirm, show_plan};
use crate::ui::terminal_text;
use crate::ui::text_layout::or_empty;
use partner_center_devices::raw::printable;

impl Record for Alias {
    const COLUMNS: &'static [Column<Self>] = &[
        column("Alias", "alias", |one| one.alias.clone()),
        column("Tenant id", "id", |one| one.id.clone()),
        column("Note", "note", |one| or_empty(&one.note)),
    ];
}

pub(crate) async fn run(
    ui: Ui,
    global: &Global,
    args: args::Customers,
) -> Result<Exit, CommandError> {
    match args.what {
        CustomersCommand::Find { text, format, service } => {
            find::run(ui, global, &service, &text, format).await
        }
        CustomersCommand::Sync { json, service } => sync::run(ui, global, &service, json).await,
        CustomersCommand::List { names: true, .. } => names::run(ui, global.clone()),
        CustomersCommand::List { all: true, format, .. } => known::run(ui, global, format),
        other => aliases(ui, global, other),
    }
}

/// Lists and changes aliases.
fn aliases(ui: Ui, global: &Global, what: CustomersCommand) -> Result<Exit, CommandError> {
    let config = Config::read(global)?;
    let file = config.customers_file();
    let aliases = config.aliases()?;
    match what {
        CustomersCommand::List { format, .. } => {
            let none = format!(
                "There are no aliases in {}\nhint: add one: pcdevices customers add ALIAS TENANT-ID\nhint: to list all customers that this machine knows: pcdevices customers list --all",
                terminal_text::path(&file)
            );
            write_list(ui, format, &aliases, &none)?;
        }
        CustomersCommand::Add { alias, id, note, confirm: yes } => {
            let id = id.to_string();
            let existing = customers::alias(&alias, &aliases)?;
            if let Some(existing) = existing.filter(|existing| existing.id != id) {
                let plan = format!(
                    "Alias '{}' would change from {} to {id}\n",
                    printable::line(&existing.alias),
                    printable::line(&existing.id)
                );
                show_plan(ui, &plan, yes);
                confirm(ui, yes, "Change this alias?")?;
            }
            let key = existing.map_or(alias.as_str(), |existing| existing.alias.as_str());
            edit_toml(&file, |document| set(document, key, &id, note.as_deref()))?;
            ui.status_line(&format!("Alias '{key}' now refers to {id}"));
        }
        CustomersCommand::Remove { alias } => {
            let Some(found) = customers::alias(&alias, &aliases)? else {
                let error = CommandError::new(
                    Exit::Usage,
                    format!("there is no alias '{alias}' in {}", file.display()),
                );
                let close = closest(&alias, aliases.iter().map(|one| one.alias.as_str()));
                return Err(match close {
                    Some(close) => error.hint(format!("did you mean '{close}'?")),
                    None => error,
                });
            };
            edit_toml(&file, |document| {
                document.remove(&found.alias);
            })?;
            ui.status_line(&format!("Removed alias '{}' ({})", found.alias, found.id));
        }
        CustomersCommand::Find { .. } | CustomersCommand::Sync { .. } => {}
    }
    Ok(Exit::Success)
}

/// Writes one line: the id, or a table with the id and the note. Keeps an existing note unless a new one is given.
fn set(document: &mut DocumentMut, alias: &str, id: &str, note: Option<&str>) {
    let old_note = document.get(alias).and_then(|entry| entry.get("note")?.as_str());
    let Some(note) = note.or(old_note).map(ToOwned::to_owned) else {
        document[alias] = value(id);
        return;
    };
    let mut entry = InlineTable::new();
    entry.insert("id", id.into());
    entry.insert("note", note.into());
    document[alias] = value(entry);
}
