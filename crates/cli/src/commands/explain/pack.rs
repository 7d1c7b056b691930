//! `pcdevices explain 808 --for REPORT`: writes the letters and the checklist for devices of another organization.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use partner_center_devices::CustomerId;
use partner_center_devices::raw::printable;
use partner_center_devices_fleet::Language;
use partner_center_devices_fleet::ownership::{
    OwnershipCase, RejectedDevice, rejected_in_csv, rejected_in_json,
};

use crate::args::Global;
use crate::atomic_file::{create_public_folder, write_public};
use crate::bounded_file;
use crate::errors::{CommandError, Exit, quoted};
use crate::report_files::ReportForm;
use crate::settings::config::Config;
use crate::settings::customer_lookup::Customers;
use crate::settings::journals::{self, unreadable};
use crate::settings::session::target_without_flags;
use crate::ui::output::Ui;
use crate::ui::terminal_text;
use crate::ui::text_layout::count;

/// The code that has a pack.
pub(super) const CODE: &str = "808";

/// Writes the pack for the devices of a report or a journal.
pub(super) fn write(
    ui: Ui,
    global: &Global,
    report: &Path,
    output: Option<PathBuf>,
) -> Result<Exit, CommandError> {
    let config = Config::read(global)?;
    let customers = Customers::of(&config, &target_without_flags(&config.profile).base_url)?;
    let (with_own, with_strangers): (Vec<_>, Vec<_>) =
        devices(report)?.into_iter().partition(|device| device.other_customer.is_some());
    let warnings = [
        own_customers_may_have(ui, &customers, &with_strangers),
        without_identifier(&with_strangers),
    ];
    let cases = OwnershipCase::by_customer(with_strangers);
    let label = |id: &str| match CustomerId::new(id) {
        Ok(known) => match customers.company_name(ui, &known) {
            Some(name) => printable::line(&format!("{name} ({id})")).into_owned(),
            None => known.to_string(),
        },
        Err(_) => printable::line(id).into_owned(),
    };
    let with_own = with_own_customers(&with_own, label);
    if cases.is_empty() {
        return Err(no_strangers(report, &with_own, &config));
    }
    let folder = output.unwrap_or_else(|| {
        let name = report.file_stem().unwrap_or_default().to_string_lossy();
        format!("{CODE}-{name}").into()
    });
    check_is_new(&folder)?;
    let mut text = String::new();
    let is_single = cases.len() == 1;
    for (index, case) in cases.into_iter().enumerate() {
        let folder = if is_single { folder.clone() } else { folder.join(name(&case, index + 1)) };
        let shown = label(case.customer_id());
        let known = CustomerId::new(case.customer_id()).ok();
        let case = case.named(known.and_then(|id| customers.company_name(ui, &id)));
        write_case(&case, &folder).map_err(|error| {
            let message = format!("cannot write to {}", folder.display());
            CommandError::new(Exit::Unavailable, message).with_source(error)
        })?;
        let devices = count(case.devices().len(), "device");
        text += &format!("Customer {shown}: {devices} with error {CODE}\n");
    }
    for OwnCustomer { label, devices, is_former, .. } in &with_own {
        let has = match is_former {
            true => "no longer has: run the upload again with --retry",
            false => "has",
        };
        let devices = count(*devices, "device");
        text += &format!(
            "No letter for {devices} with error {CODE} that your customer {label} {has}\n"
        );
    }
    text += &format!(
        "\nWrote a checklist, letters to the seller and to Microsoft support in {} languages, and a list of the devices:\n  {}\n\
         Start with the checklist, complete the letters, and send each with the list and the proofs that it names.\n",
        Language::ALL.len(),
        terminal_text::path(&folder),
    );
    ui.print(&text)?;
    for warning in warnings.iter().flatten() {
        ui.warning(warning);
    }
    Ok(Exit::Success)
}

/// Returns a warning if the index has devices of the letters at another customer of this partner: the report is older than the index,
/// or was made without it.
fn own_customers_may_have(
    ui: Ui,
    customers: &Customers,
    devices: &[RejectedDevice],
) -> Option<String> {
    let index = customers.open_index(ui).ok()??;
    let other_customer = |device: &RejectedDevice| {
        let by_key = device.product_key.as_ref().map(|key| index.devices_with_product_key(key));
        let by_serial = device.serial_number.as_ref().map(|it| index.devices_with_serial(it));
        let known = [by_key, by_serial].into_iter().flatten().flat_map(Result::unwrap_or_default);
        known
            .filter(|known| known.gone.is_none())
            .map(|known| known.customer)
            .find(|customer| !customer.as_str().eq_ignore_ascii_case(&device.customer))
    };
    let found: Vec<CustomerId> = devices.iter().filter_map(other_customer).collect();
    let first = found.first()?;
    let name = customers.company_name(ui, first);
    Some(format!(
        "your own customers, such as {}, have {} with such a serial number or product key, according to the index: run the upload again with --retry before you send a letter",
        name.unwrap_or_else(|| first.to_string()),
        count(found.len(), "device"),
    ))
}

/// Returns a warning if the letters have devices without an identifier.
fn without_identifier(devices: &[RejectedDevice]) -> Option<String> {
    let is_nameless =
        |device: &&RejectedDevice| device.serial_number.is_none() && device.product_key.is_none();
    let nameless = devices.iter().filter(is_nameless).count();
    (nameless > 0).then(|| {
        format!(
            "{} {} neither a serial number nor a product key in the report: write the serial numbers into the letters and into devices.csv",
            count(nameless, "device"),
            if nameless == 1 { "has" } else { "have" },
        )
    })
}

/// A customer of this partner that has devices of the report, or had them.
struct OwnCustomer {
    id: String,
    label: String,
    devices: usize,
    /// True if it no longer has them.
    is_former: bool,
}

/// Counts the devices by the other customer of this partner that has them, or had them.
fn with_own_customers(
    devices: &[RejectedDevice],
    label: impl Fn(&str) -> String,
) -> Vec<OwnCustomer> {
    let mut counts: BTreeMap<(bool, &str), usize> = BTreeMap::new();
    for device in devices {
        if let Some(id) = device.other_customer.as_deref() {
            *counts.entry((device.is_former, id)).or_default() += 1;
        }
    }
    let own = |((is_former, id), devices): ((bool, &str), usize)| {
        let (id, label) = (printable::line(id).into_owned(), label(id));
        OwnCustomer { id, label, devices, is_former }
    };
    counts.into_iter().map(own).collect()
}

/// Returns the error for a report without a device of a stranger.
fn no_strangers(report: &Path, own: &[OwnCustomer], config: &Config) -> CommandError {
    if own.is_empty() {
        let message = format!("no device in {} failed with error {CODE}", report.display());
        return CommandError::new(Exit::InvalidFile, message).hint(
            "name the report of the upload that failed, in JSON or CSV, or its journal: pcdevices journals list",
        );
    }
    let (former, with_own): (Vec<_>, Vec<_>) = own.iter().partition(|own| own.is_former);
    let verb = match (with_own.is_empty(), former.is_empty()) {
        (false, false) => "have or had",
        (true, false) => "had",
        _ => "have",
    };
    let part = |own: &OwnCustomer| {
        let verb = if own.is_former { "had" } else { "has" };
        format!("{} {verb} {}", own.label, count(own.devices, "device"))
    };
    let message = format!(
        "no letter is needed: your own customers {verb} the devices in {} with error {CODE}: {}",
        report.display(),
        own.iter().map(part).collect::<Vec<_>>().join(", "),
    );
    let mut error = CommandError::new(Exit::InvalidFile, message);
    if !with_own.is_empty() {
        let customer = match with_own[..] {
            [only] => quoted(&only.id),
            _ => "CUSTOMER".to_owned(),
        };
        error = error.hint(config.complete(&format!(
            "to move them: run the upload again, which prints the command that deletes exactly these devices from {customer}"
        )));
    }
    if !former.is_empty() {
        let what = if with_own.is_empty() { "them" } else { "the others" };
        error = error.hint(format!("to send {what}: run the upload again with --retry"));
    }
    error
}

/// Reads the devices of a report in JSON or CSV, or else of a journal.
fn devices(report: &Path) -> Result<Vec<RejectedDevice>, CommandError> {
    let read = match ReportForm::of(report) {
        Some(ReportForm::Json) => rejected_in_json,
        Some(ReportForm::Csv) => rejected_in_csv,
        Some(ReportForm::Html) => {
            let message = format!("{} is a page for customers", report.display());
            return Err(CommandError::new(Exit::Usage, message)
                .hint("name the report in JSON or CSV, or the journal: pcdevices journals list"));
        }
        None => {
            let name = report.to_string_lossy();
            let journal = journals::open_journal(&journals::default_dir()?, &name)?;
            let report = journal.report().map_err(unreadable)?;
            return Ok(report.registered_elsewhere().collect());
        }
    };
    let failed =
        || CommandError::new(Exit::InvalidFile, format!("cannot read {}", report.display()));
    let text = bounded_file::read_text(report).map_err(|error| failed().with_source(error))?;
    read(&text).map_err(|error| failed().with_source(error))
}

/// Refuses a directory with files: letters of another case must not mix with these.
fn check_is_new(folder: &Path) -> Result<(), CommandError> {
    match fs::read_dir(folder).map(|mut entries| entries.next().is_some()) {
        Ok(false) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Ok(true) => {
            let message = format!("the directory {} is not empty", folder.display());
            Err(CommandError::new(Exit::Usage, message).hint("name another one with --output"))
        }
        Err(error) => {
            let message = format!("cannot use the directory {}", folder.display());
            Err(CommandError::new(Exit::Unavailable, message).with_source(error))
        }
    }
}

/// Returns the name of the directory of one customer. The id comes from a file, so it must be a tenant id.
fn name(case: &OwnershipCase, number: usize) -> String {
    match uuid::Uuid::try_parse(case.customer_id()) {
        Ok(id) => id.to_string(),
        Err(_) => format!("customer-{number}"),
    }
}

fn write_case(case: &OwnershipCase, folder: &Path) -> io::Result<()> {
    create_public_folder(folder)?;
    let mut devices = b"\xEF\xBB\xBF".to_vec(); // so that Excel reads UTF-8
    case.write_devices(&mut devices)?;
    write_public(&folder.join("devices.csv"), &devices)?;
    for language in Language::ALL {
        for (name, text) in case.documents(language)? {
            write_public(&folder.join(name), text.as_bytes())?;
        }
    }
    Ok(())
}
