//! `pcdevices customers list --names`: the names that `--customer` accepts. It makes no call.

use std::collections::{BTreeMap, BTreeSet};

use clap::ValueEnum as _;
use partner_center_devices::raw::printable;
use partner_center_devices_fleet::index::KnownCustomer;

use crate::args::{CloudName, Global, Service};
use crate::environment;
use crate::errors::{CommandError, Exit};
use crate::settings::config::Config;
use crate::settings::customer_index::{CustomerIndex, index_error};
use crate::settings::session::Target;
use crate::ui::output::Ui;

/// Prints the names.
pub(super) fn run(ui: Ui, global: Global) -> Result<Exit, CommandError> {
    let (config, target) = TypedOptions::default().settings(global)?;
    let names = names_of_customers(&config, &target)?;
    ui.print(&typable(&names).map(|name| format!("{name}\n")).collect::<String>())?;
    Ok(Exit::Success)
}

/// Returns the aliases, and the names and domains in the index.
pub(crate) fn names_of_customers(
    config: &Config,
    target: &Target,
) -> Result<BTreeSet<String>, CommandError> {
    let mut names: BTreeSet<String> =
        config.aliases()?.into_iter().map(|alias| alias.alias).collect();
    if let Some(index) = CustomerIndex::of(config, &target.base_url)?.open_existing()? {
        names.extend(unambiguous(index.customers().map_err(index_error)?));
    }
    Ok(names)
}

/// Leaves out names that cannot be typed: those with a character that a terminal hides.
pub(crate) fn typable(names: &BTreeSet<String>) -> impl Iterator<Item = &str> {
    let names = names.iter().map(|name| name.trim());
    names.filter(|name| !name.is_empty() && !name.contains(printable::is_hidden))
}

/// Returns the names and domains that mean one customer.
fn unambiguous(customers: Vec<KnownCustomer>) -> impl Iterator<Item = String> {
    let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for KnownCustomer { name, domain, .. } in customers {
        let key = |name: &String| name.trim().to_lowercase();
        let domain = domain.filter(|domain| name.as_ref().map(key) != Some(key(domain)));
        for name in [name, domain].into_iter().flatten() {
            names.entry(key(&name)).or_default().push(name);
        }
    }
    names.into_values().filter(|names| names.len() == 1).flatten()
}

/// The options of a command line that is being completed: they select the names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct TypedOptions {
    profile: Option<String>,
    config_dir: Option<String>,
    base_url: Option<String>,
    cloud: Option<String>,
    pub(crate) customer: Option<String>,
    pub(crate) folder: Option<String>,
}

impl TypedOptions {
    /// Returns the settings and the service that the options select.
    pub(crate) fn settings(&self, mut global: Global) -> Result<(Config, Target), CommandError> {
        global.profile = self.profile.clone().or(global.profile);
        global.config_dir = self.config_dir.clone().map(Into::into).or(global.config_dir);
        let config = Config::read(&global)?;
        let variable = || environment::variable("PCDEVICES_BASE_URL");
        let cloud = self.cloud.as_ref().and_then(|name| CloudName::from_str(name, false).ok());
        let service = Service {
            base_url: self.base_url.clone().or_else(variable).filter(|url| !url.is_empty()),
            cloud,
            ..Service::default()
        };
        let target = Target::of(&service, &config.profile);
        Ok((config, target))
    }

    /// Reads `--name value`, `--name=value` and what bash makes of it: `--name`, `=`, `value`.
    pub(crate) fn of(words: &[String]) -> Self {
        let mut typed = Self::default();
        let words: Vec<String> = words.iter().map(|word| unquoted(word)).collect();
        let mut words = words.iter().map(String::as_str).peekable();
        while let Some(word) = words.next() {
            let (name, value) =
                word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
            if let Some(value) = word.strip_prefix("-c").filter(|value| !value.is_empty()) {
                typed.customer = Some(value.to_owned());
                continue;
            }
            let option = match name {
                "--profile" => &mut typed.profile,
                "--config-dir" => &mut typed.config_dir,
                "--base-url" => &mut typed.base_url,
                "--cloud" => &mut typed.cloud,
                "--customer" | "-c" => &mut typed.customer,
                "--folder" => &mut typed.folder,
                _ => continue,
            };
            let value = value.map(str::to_owned).or_else(|| {
                words.next_if_eq(&"=");
                words.next().map(str::to_owned)
            });
            *option = value.map(|value| unquoted(&value));
        }
        typed
    }
}

/// Removes the quotes around a word, or the backslashes that bash puts before special characters. The backslashes of a path on Windows stay.
fn unquoted(word: &str) -> String {
    let inner = |quote| word.strip_prefix(quote)?.strip_suffix(quote);
    if let Some(inner) = inner('"').or_else(|| inner('\'')) {
        return inner.to_owned();
    }
    let mut text = String::new();
    let mut letters = word.chars().peekable();
    while let Some(letter) = letters.next() {
        let is_escape = letter == '\\'
            && letters.peek().is_some_and(|next| !next.is_alphanumeric() && *next != '\\');
        if !is_escape {
            text.push(letter);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use partner_center_devices::CustomerId;
    use partner_center_devices_fleet::index::CustomerRecord;

    #[test]
    fn options_of_the_typed_command_line_count() {
        let typed = |line: &str| {
            let words: Vec<_> = line.split('|').map(str::to_owned).collect();
            TypedOptions::of(&words)
        };
        let text = |text: &str| Some(text.to_owned());
        let profile = |name| TypedOptions { profile: text(name), ..TypedOptions::default() };
        for (line, expected) in [
            (
                "pcdevices|upload|--customer|Con",
                TypedOptions { customer: text("Con"), ..TypedOptions::default() },
            ),
            (
                r"pcdevices|upload|--customer|Alpha\ Ltd|-b|",
                TypedOptions { customer: text("Alpha Ltd"), ..TypedOptions::default() },
            ),
            (
                "pcdevices|upload|-calpha.example|-b|",
                TypedOptions { customer: text("alpha.example"), ..TypedOptions::default() },
            ),
            (
                "pcdevices|journals|show|--folder=j|",
                TypedOptions { folder: text("j"), ..TypedOptions::default() },
            ),
            ("pcdevices|--profile|b|upload|-b|", profile("b")),
            ("pcdevices|upload|--profile=b|-c", profile("b")),
            ("pcdevices|upload|--profile|=|b|-c", profile("b")),
            ("pcdevices|upload|--profile|'B and B'|-c", profile("B and B")),
            ("pcdevices|upload|--profile", TypedOptions::default()),
            (
                "pcdevices|--config-dir|\"C:\\my files\"|batches|list|--base-url=http://x|--cloud|china|-c",
                TypedOptions {
                    config_dir: text("C:\\my files"),
                    base_url: text("http://x"),
                    cloud: text("china"),
                    profile: None,
                    ..TypedOptions::default()
                },
            ),
        ] {
            assert_eq!(typed(line), expected, "{line}");
        }
    }

    #[test]
    fn a_name_of_two_customers_is_not_offered() {
        let folder = tempfile::tempdir().unwrap();
        let file = CustomerIndex::in_file(folder.path().join("index"), "https://x.example");
        let mut index = file.open().unwrap();
        for (id, name, domain) in [
            ("a", "Contoso", "contoso.com"),
            ("b", "CONTOSO", "b.example"),
            ("c", "c.example", "C.example"),
        ] {
            let mut record = CustomerRecord::new(CustomerId::new(id).unwrap());
            (record.name, record.domain) = (Some(name.to_owned()), Some(domain.to_owned()));
            index.record_customer(&record, std::time::SystemTime::now().into()).unwrap();
        }
        let names: Vec<_> = unambiguous(index.customers().unwrap()).collect();
        assert_eq!(names, ["b.example", "c.example", "contoso.com"]);
    }
}
