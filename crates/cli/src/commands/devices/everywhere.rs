//! `pcdevices devices find --everywhere`: finds devices of all customers in the index of this machine, and checks each with a call.

use std::collections::BTreeMap;

use partner_center_devices::raw::printable;
use partner_center_devices_fleet::index::{Index, KnownDevice, SyncError, Verification};
use partner_center_devices_fleet::inventory::CallFailure;
use schemars::JsonSchema;
use serde::Serialize;

use super::args::FindDevices;
use super::call_failures;
use super::labels::shortlist;
use super::sync::IndexState;
use crate::args::Global;
use crate::errors::{CommandError, Exit, exit_of_call};
use crate::settings::customer_index::{CustomerIndex, index_error};
use crate::settings::session::Session;
use crate::ui::list::{Column, Record, column, csv_only, table_only, write_list};
use crate::ui::output::{Ui, facts};
use crate::ui::text_layout::{or_empty, timestamp};

/// The devices that were found in the index, and the contents of the index if some were not found.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FoundEverywhere {
    /// The devices.
    found: Vec<FoundDevice>,
    /// The texts without a device that is still registered.
    not_found: Vec<String>,
    /// The contents of the index; null if each text has a device.
    index: Option<IndexState>,
}

/// A device of the index.
#[derive(Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct FoundDevice {
    /// The text that matched it.
    text: String,
    /// The customer's tenant id.
    customer: String,
    /// The company name, if the index has it.
    customer_name: Option<String>,
    /// The batch.
    batch: String,
    /// The device id.
    id: Option<String>,
    /// The serial number.
    serial_number: Option<String>,
    /// The product key.
    product_key: Option<String>,
    /// The id of the configuration policy.
    policy_id: Option<String>,
    /// The last time at which the service reported the device, in RFC 3339.
    seen: String,
    state: State,
    /// The reason why it could not be checked.
    problem: Option<String>,
}

/// The state of a device now.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
enum State {
    /// The batch lists the device now.
    Verified,
    /// The batch listed the device earlier, and does not list it now.
    Missing,
    /// The device was deleted or moved earlier, and the batch does not list it now.
    Gone,
    /// The batch could not be read now.
    Unverified,
}

impl State {
    /// Returns the name in JSON.
    fn id(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Missing => "missing",
            Self::Gone => "gone",
            Self::Unverified => "unverified",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Verified => "checked now",
            Self::Missing => "no longer there",
            Self::Gone => "removed earlier",
            Self::Unverified => "not checked",
        }
    }
}

impl Record for FoundDevice {
    const COLUMNS: &'static [Column<Self>] = &[
        column("Text", "text", |one: &Self| one.text.clone()).rank(1),
        column("Serial number", "serialNumber", |one| or_empty(&one.serial_number)),
        column("Product key", "productKey", |one| or_empty(&one.product_key)),
        column("Customer", "customerName", |one| or_empty(&one.customer_name)),
        column("Tenant id", "customer", |one: &Self| one.customer.clone()).rank(2),
        column("Batch", "batch", |one| one.batch.clone()),
        table_only("State", |one| one.state.words().to_owned()),
        column("Seen", "seen", |one: &Self| one.seen.clone()).rank(3),
        csv_only("state", |one| one.state.id().to_owned()),
        csv_only("id", |one| or_empty(&one.id)),
        csv_only("policyId", |one| or_empty(&one.policy_id)),
        csv_only("problem", |one| or_empty(&one.problem)),
    ];
}

pub(super) async fn run(ui: Ui, global: &Global, args: FindDevices) -> Result<Exit, CommandError> {
    let session = Session::open(ui, global, &args.service)?;
    let file = CustomerIndex::of(&session.config, session.base_url())?;
    let Some(mut index) = file.open_existing()? else {
        return Err(CommandError::new(Exit::Usage, "there is no index of devices on this machine")
            .hint(session.config.complete(FILL)));
    };
    let mut known: Vec<(&str, KnownDevice)> = Vec::new();
    for text in &args.texts {
        known.extend(look_up(&index, text)?.into_iter().map(|device| (text.as_str(), device)));
    }
    let (found, failures) = check(&session, &mut index, &known).await?;
    let is_registered = |text: &str| {
        let states = found.iter().filter(|one| one.text == text).map(|one| one.state);
        states.into_iter().any(|state| state != State::Gone && state != State::Missing)
    };
    let not_found: Vec<_> =
        args.texts.iter().filter(|text| !is_registered(text)).cloned().collect();
    let state = match not_found.is_empty() {
        true => None,
        false => Some(IndexState::of(&index).map_err(index_error)?),
    };
    let exit = match failures.first() {
        Some(failure) => exit_of_call(failure),
        None if not_found.is_empty() => Exit::Success,
        None => Exit::SomeFailed,
    };
    let result = FoundEverywhere { found, not_found, index: state };
    if args.format.json {
        return ui.print_json(&result).map(|()| exit);
    }
    match &result.found[..] {
        [only] if !args.format.csv => ui.print(&details(only))?,
        [] if !args.format.csv => {}
        found => write_list(ui, args.format, found, "")?,
    }
    explain(ui, &session, &result, &failures);
    Ok(exit)
}

const FILL: &str = "to read the devices of all customers once: pcdevices devices sync --all";
const REFRESH: &str = "to read what changed since: pcdevices devices sync";

/// Returns the devices with this serial number or product key. Those that are gone only if there is no other.
fn look_up(index: &Index, text: &str) -> Result<Vec<KnownDevice>, CommandError> {
    let mut devices = index.devices_with_serial(text).map_err(index_error)?;
    for device in index.devices_with_product_key(text).map_err(index_error)? {
        if !devices.contains(&device) {
            devices.push(device);
        }
    }
    if devices.iter().any(|device| device.gone.is_none()) {
        devices.retain(|device| device.gone.is_none());
    }
    Ok(devices)
}

/// Checks with the service whether devices are in their batches. Reads each batch once, and stops after a failure that every other call
/// would share. A device that was removed earlier may be back.
async fn check(
    session: &Session,
    index: &mut Index,
    known: &[(&str, KnownDevice)],
) -> Result<(Vec<FoundDevice>, Vec<CallFailure>), CommandError> {
    let mut batches: BTreeMap<(String, &str), Vec<usize>> = BTreeMap::new();
    for (number, (_, device)) in known.iter().enumerate() {
        let customer = device.customer.as_str().to_lowercase();
        batches.entry((customer, device.batch.as_str())).or_default().push(number);
    }
    let mut found: Vec<Option<FoundDevice>> = vec![None; known.len()];
    let mut failures: Vec<CallFailure> = Vec::new();
    for numbers in batches.into_values() {
        let devices: Vec<_> = numbers.iter().map(|number| known[*number].1.clone()).collect();
        let verified = match failures.last().filter(|failure| failure.ends_all()) {
            Some(failure) => Err(failure.clone()),
            None => match index.verify(&session.client, &devices).await {
                Ok(verified) => Ok(verified),
                Err(SyncError::Call(error)) => {
                    failures.push(CallFailure::from(&error));
                    Err(CallFailure::from(&error))
                }
                Err(SyncError::Index(error)) => return Err(index_error(error)),
                Err(other) => return Err(CommandError::wrap(Exit::Unavailable, other)),
            },
        };
        for (place, (number, device)) in numbers.into_iter().zip(devices).enumerate() {
            let text = known[number].0;
            let was_gone = device.gone.is_some();
            found[number] = Some(match &verified {
                Ok(results) => match &results[place] {
                    Verification::Listed(now) => {
                        FoundDevice::new(text, (**now).clone(), State::Verified)
                    }
                    _ if was_gone => FoundDevice::new(text, device, State::Gone),
                    _ => FoundDevice::new(text, device, State::Missing),
                },
                Err(failure) => {
                    let problem = Some(failure.message.clone());
                    FoundDevice { problem, ..FoundDevice::new(text, device, State::Unverified) }
                }
            });
        }
    }
    Ok((found.into_iter().flatten().collect(), failures))
}

impl FoundDevice {
    fn new(text: &str, device: KnownDevice, state: State) -> Self {
        Self {
            text: text.to_owned(),
            customer: device.customer.to_string(),
            customer_name: device.customer_name,
            batch: device.batch.to_string(),
            id: device.id,
            serial_number: device.serial_number,
            product_key: device.product_key,
            policy_id: device.policy_id,
            seen: timestamp(device.seen.time()),
            state,
            problem: None,
        }
    }
}

/// Shows everything that is known about one device.
fn details(device: &FoundDevice) -> String {
    let customer = match &device.customer_name {
        Some(name) => format!("{} ({})", printable::line(name), device.customer),
        None => device.customer.clone(),
    };
    facts(&[
        ("Serial number", or_empty(&device.serial_number)),
        ("Product key", or_empty(&device.product_key)),
        ("Customer", customer),
        ("Batch", device.batch.clone()),
        ("Policy", or_empty(&device.policy_id)),
        ("Id", or_empty(&device.id)),
        ("Seen", format!("{}, {}", device.seen, device.state.words())),
    ])
}

/// Explains missing devices and failed checks, and names the next command.
fn explain(ui: Ui, session: &Session, result: &FoundEverywhere, failures: &[CallFailure]) {
    let mut unchecked: Vec<(&str, Vec<&str>)> = Vec::new();
    for device in &result.found {
        let FoundDevice { text, batch, seen, problem, .. } = device;
        match device.state {
            State::Missing => ui.warning(&format!(
                "'{text}' was in batch '{batch}' on {seen}, and is no longer there; the index is updated"
            )),
            State::Gone => {
                ui.warning(&format!("'{text}' was removed from batch '{batch}' after {seen}"));
            }
            State::Verified | State::Unverified => {}
        }
        let Some(problem) = problem.as_deref() else { continue };
        match unchecked.iter_mut().find(|(known, _)| *known == problem) {
            Some((_, texts)) => texts.push(text),
            None => unchecked.push((problem, vec![text])),
        }
    }
    for (problem, texts) in unchecked {
        let names: Vec<_> = texts.iter().map(|text| format!("'{text}'")).collect();
        let names = shortlist(&names);
        ui.warning(&format!("{names} could not be checked: {problem}"));
    }
    call_failures::show_hints(ui, &session.config, failures);
    let Some(state) = &result.index else { return };
    for text in &result.not_found {
        if !result.found.iter().any(|one| one.text == *text) {
            ui.warning(&format!(
                "the index has no device with the serial number or product key '{text}'"
            ));
        }
    }
    ui.status(&state.text());
    let next = if state.changes_known_until.is_some() { REFRESH } else { FILL };
    ui.hint(&session.config.complete(next));
}
