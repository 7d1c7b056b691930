//! `pcdevices customers`: names for customers, so that nobody pastes tenant ids. They are in a file of this machine, and
//! the service knows nothing of them.

use toml_edit::{DocumentMut, InlineTable, value};

use crate::args::{self, CustomersCommand, Global};
use crate::config::{self, Alias, Config, closest, edit_toml};
use crate::error::{Exit, Failure};
use crate::output::{Column, Record, column, confirm, say, show_plan, write_list};
use crate::text::opt;

impl Record for Alias {
    const COLUMNS: &'static [Column<Self>] = &[
        column("Alias", "alias", |one| one.alias.clone()),
        column("Tenant id", "id", |one| one.id.clone()),
        column("Note", "note", |one| opt(&one.note)),
    ];
}

pub(crate) fn run(global: &Global, args: args::Customers) -> Result<Exit, Failure> {
    let config = Config::read(global)?;
    let file = config.customers_file();
    let aliases = config.aliases()?;
    match args.what {
        CustomersCommand::List { format } => {
            let none = format!(
                "{} names no customer yet\nhint: pcdevices customers add NAME TENANT-ID",
                file.display()
            );
            write_list(format, &aliases, &none)?;
        }
        CustomersCommand::Add { alias, id, note, confirm: yes } => {
            let id = id.to_string();
            let before = config::alias(&alias, &aliases)?;
            if let Some(before) = before.filter(|before| before.id != id) {
                let plan = format!("'{}' is {} now, and would be {id}\n", before.alias, before.id);
                show_plan(&plan, yes);
                confirm(yes, "Change it?")?;
            }
            let key = before.map_or(alias.as_str(), |before| before.alias.as_str());
            edit_toml(&file, |document| set(document, key, &id, note.as_deref()))?;
            say(&format!("--customer '{key}' is {id} from now on\n"));
        }
        CustomersCommand::Remove { alias } => {
            let Some(found) = config::alias(&alias, &aliases)? else {
                let failure = Failure::new(
                    Exit::Argument,
                    format!("{} names no customer '{alias}'", file.display()),
                );
                let close = closest(&alias, aliases.iter().map(|one| one.alias.as_str()));
                return Err(match close {
                    Some(close) => failure.hint(format!("a customer '{close}' is there")),
                    None => failure,
                });
            };
            edit_toml(&file, |document| {
                document.remove(&found.alias);
            })?;
            say(&format!("'{}' was {}\n", found.alias, found.id));
        }
    }
    Ok(Exit::AllWell)
}

/// One line in the file: the id, or a table with the note. A note that is there stays unless another is given.
fn set(document: &mut DocumentMut, alias: &str, id: &str, note: Option<&str>) {
    let before = document.get(alias).and_then(|entry| entry.get("note")?.as_str());
    let Some(note) = note.or(before).map(ToOwned::to_owned) else {
        document[alias] = value(id);
        return;
    };
    let mut entry = InlineTable::new();
    entry.insert("id", id.into());
    entry.insert("note", note.into());
    document[alias] = value(entry);
}
