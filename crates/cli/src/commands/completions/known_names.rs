//! The names that this machine knows, for completions. Makes no call.

use std::collections::BTreeSet;

use partner_center_devices::CustomerId;
use partner_center_devices_fleet::{Journal, Journals};

use super::place::Names;
use crate::args::{CustomerName, Global};
use crate::commands::customers::{TypedOptions, names_of_customers, typable};
use crate::environment;
use crate::errors::CommandError;
use crate::settings::config::Config;
use crate::settings::customer_index::{CustomerIndex, index_error};
use crate::settings::customer_lookup::Customers;
use crate::settings::journals::default_dir;
use crate::settings::session::Target;
use crate::ui::output::Ui;

/// Returns the names of a kind, for the command line that is being typed.
pub(super) fn known_names(
    ui: Ui,
    global: Global,
    names: Names,
    words: &[String],
) -> Result<BTreeSet<String>, CommandError> {
    let typed = TypedOptions::of(words);
    let (config, target) = typed.settings(global)?;
    let found = match names {
        Names::Customers => names_of_customers(&config, &target)?,
        Names::Aliases => config.aliases()?.into_iter().map(|alias| alias.alias).collect(),
        Names::Batches => batches(ui, &config, &target, &typed)?,
        Names::Policies => policies(&config, &target)?,
        Names::Journals => journals(&typed)?.into_iter().map(|(name, _)| name).collect(),
        Names::Jobs => jobs(ui, &config, &target, &typed)?,
    };
    Ok(typable(&found).map(str::to_owned).collect())
}

/// Returns the customer of the command line, if this machine knows it.
fn customer(
    ui: Ui,
    config: &Config,
    target: &Target,
    typed: &TypedOptions,
) -> Result<Option<CustomerId>, CommandError> {
    let name = typed.customer.clone().or_else(|| environment::variable("PCDEVICES_CUSTOMER"));
    match name.filter(|name| !name.is_empty()) {
        Some(name) => Customers::of(config, &target.base_url)?.known(ui, &CustomerName(name)),
        None => Ok(None),
    }
}

/// Returns the batches of the customer in the index.
fn batches(
    ui: Ui,
    config: &Config,
    target: &Target,
    typed: &TypedOptions,
) -> Result<BTreeSet<String>, CommandError> {
    let Some(customer) = customer(ui, config, target, typed)? else { return Ok(BTreeSet::new()) };
    let Some(index) = CustomerIndex::of(config, &target.base_url)?.open_existing()? else {
        return Ok(BTreeSet::new());
    };
    let batches = index.batches(&customer).map_err(index_error)?;
    Ok(batches.into_iter().map(|batch| batch.id.to_string()).collect())
}

/// Returns the names of policies in the index.
fn policies(config: &Config, target: &Target) -> Result<BTreeSet<String>, CommandError> {
    match CustomerIndex::of(config, &target.base_url)?.open_existing()? {
        Some(index) => Ok(index.policy_names().map_err(index_error)?.into_iter().collect()),
        None => Ok(BTreeSet::new()),
    }
}

/// Returns the journals of the directory: name and reading access.
fn journals(typed: &TypedOptions) -> Result<Vec<(String, Journals)>, CommandError> {
    let folder = typed.folder.clone().map_or_else(default_dir, |folder| Ok(folder.into()))?;
    let files = std::fs::read_dir(&folder).into_iter().flatten().flatten();
    let names = files.filter_map(|file| {
        let path = file.path();
        let is_journal = path.extension().is_some_and(|extension| extension == "journal");
        path.file_stem()?.to_str().filter(|_| is_journal).map(str::to_owned)
    });
    Ok(names.map(|name| (name, Journals::in_directory(&folder))).collect())
}

/// Returns the tracking ids in the journals, of the customer if one is typed.
fn jobs(
    ui: Ui,
    config: &Config,
    target: &Target,
    typed: &TypedOptions,
) -> Result<BTreeSet<String>, CommandError> {
    let customer = customer(ui, config, target, typed)?;
    let is_wanted = |id: &CustomerId| {
        customer.as_ref().is_none_or(|customer| customer.as_str().eq_ignore_ascii_case(id.as_str()))
    };
    let open = |(name, journals): (String, Journals)| {
        Journal::open_read_only(journals.directory().join(format!("{name}.journal"))).ok()
    };
    let journals = journals(typed)?.into_iter().filter_map(open);
    let requests = journals.filter_map(|journal| journal.chunks().ok()).flatten();
    let ids = requests.filter(|request| is_wanted(&request.customer));
    Ok(ids.filter_map(|request| Some(request.tracking_id?.to_string())).collect())
}
