//! `pcdevices devices diff`: compares files with the registered devices.

use partner_center_devices_fleet::inventory::{DeviceQuery, Diff, DiffOptions, RegisteredDevice};

use super::args::DiffDevices;
use super::labels::{candidate_list, name, unresolved_queries};
use super::reading::{self, warn_unlisted};
use crate::args::Global;
use crate::device_files;
use crate::errors::{CommandError, Exit};
use crate::policy_names::Policies;
use crate::settings::session::Session;
use crate::ui::list::{Column, Record, csv_only, list_table, table_only, write_csv_list};
use crate::ui::output::Ui;
use crate::ui::style::{ERROR, SUCCESS, WARNING};
use crate::ui::text_layout::{colored_counts, count, or_empty};

/// A line of the table output.
struct Line {
    place: String,
    device: String,
    difference: &'static str,
    note: String,
}

/// A line of the CSV output: a row of the file, a registered device, or both. A row whose devices have another policy
/// becomes one line per device.
#[derive(Default)]
struct Difference {
    /// The list of the JSON document that contains it.
    kind: &'static str,
    query: DeviceQuery,
    device: Option<RegisteredDevice>,
    note: String,
}

impl Difference {
    /// Returns a value of the registered device, or of the row if there is no device.
    fn of(
        &self,
        registered: fn(&RegisteredDevice) -> String,
        queried: fn(&DeviceQuery) -> String,
    ) -> String {
        self.device.as_ref().map_or_else(|| queried(&self.query), registered)
    }
}

impl Record for Difference {
    const COLUMNS: &'static [Column<Self>] = &[
        csv_only("difference", |one| one.kind.to_owned()),
        csv_only("source", |one| or_empty(&one.query.source)),
        csv_only("line", |one| or_empty(&one.query.line)),
        csv_only("serialNumber", |one| {
            one.of(|device| or_empty(&device.serial_number), |query| or_empty(&query.serial_number))
        }),
        csv_only("productKey", |one| {
            one.of(|device| or_empty(&device.product_key), |query| or_empty(&query.product_key))
        }),
        csv_only("id", |one| {
            one.of(|device| or_empty(&device.id), |query| or_empty(&query.device_id))
        }),
        csv_only("batch", |one| {
            one.device.as_ref().map(|device| device.batch.to_string()).unwrap_or_default()
        }),
        csv_only("policyId", |one| one.of(|device| or_empty(&device.policy_id), |_| String::new())),
        csv_only("note", |one| one.note.clone()),
    ];
}

fn differences(diff: &Diff) -> Vec<Difference> {
    let missing = diff.missing.iter().map(|row| Difference {
        kind: "missing",
        query: row.query.clone(),
        note: similar_note(&row.similar),
        ..Difference::default()
    });
    let other = diff.other_policy.iter().flat_map(|row| {
        row.devices.iter().map(|device| Difference {
            kind: "otherPolicy",
            query: row.query.clone(),
            device: Some(device.clone()),
            ..Difference::default()
        })
    });
    let extra = diff.extra.iter().map(|device| Difference {
        kind: "extra",
        device: Some(device.clone()),
        ..Difference::default()
    });
    let unresolved = diff.unresolved.iter().map(|row| Difference {
        kind: "unresolved",
        query: row.query.clone(),
        note: row.message.clone(),
        ..Difference::default()
    });
    missing.chain(other).chain(extra).chain(unresolved).collect()
}

fn similar_note(similar: &[RegisteredDevice]) -> String {
    match similar {
        [] => String::new(),
        similar => format!("similar to {}", candidate_list(similar, false)),
    }
}

impl Record for Line {
    const COLUMNS: &'static [Column<Self>] = &[
        table_only("Row", |line| line.place.clone()),
        table_only("Device", |line| line.device.clone()),
        table_only("Difference", |line| line.difference.to_owned()),
        table_only("Note", |line: &Self| line.note.clone()).text(),
    ];
}

pub(super) async fn run(ui: Ui, global: &Global, args: DiffDevices) -> Result<Exit, CommandError> {
    let fleet = device_files::to_look_up(ui, &args.files)?;
    let session = Session::open(ui, global, &args.service)?;
    let customer = session.customer(&args.customer.customer).await?;
    let mut options = DiffOptions::new();
    let mut policies = None;
    if let Some(policy) = &args.policy {
        let all = Policies::of(&customer).await?;
        options = options.policy(Some(all.find(policy)?));
        policies = Some(all);
    } else if args.no_policy {
        options = options.policy(None);
        policies = Some(Policies::of(&customer).await?);
    }
    if let Some(batch) = &args.batch {
        let listed = customer.device_batches().list().await?;
        let known: Vec<_> = listed.iter().filter_map(|batch| batch.id()).collect();
        options = options.extra_in(reading::resolve_batch(batch, &known)?);
    }
    let registered = reading::read(ui, &customer, &[]).await?;
    let mut diff = Diff::new(&fleet, &registered, &options);
    if args.no_extra {
        diff.totals.extra = 0;
        diff.extra.clear();
    }
    let exit = warn_unlisted(ui, &session.config, &diff.unlisted).unwrap_or(exit(&diff));
    if args.format.json {
        return ui.print_json(&diff).map(|()| exit);
    }
    if args.format.csv {
        return write_csv_list(&differences(&diff)).map(|()| exit);
    }
    let several = args.files.len() > 1;
    let policy = |id: &str| policies.as_ref().map_or(id, |policies| policies.name(id)).to_owned();
    let lines = lines(&diff, several, policy);
    let (width, _) = ui.screen();
    let mut text = if lines.is_empty() { String::new() } else { list_table(ui, &lines) + "\n" };
    let unresolved = unresolved_queries("not compared", &diff.unresolved, width);
    if !unresolved.is_empty() {
        text += &(unresolved + "\n");
    }
    ui.print(&(text + &summary(&diff)))?;
    if !diff.nameless.is_empty() {
        let devices = count(diff.nameless.len(), "registered device");
        ui.warning(&format!(
            "{devices} without a serial number and a product key; a row that is not registered may be one of them"
        ));
    }
    Ok(exit)
}

/// Returns the exit code. A row that cannot be compared counts as a difference.
fn exit(diff: &Diff) -> Exit {
    let totals = &diff.totals;
    match totals.missing + totals.other_policy + totals.extra + totals.unresolved {
        0 => Exit::Success,
        _ => Exit::SomeFailed,
    }
}

fn lines(diff: &Diff, several: bool, policy: impl Fn(&str) -> String) -> Vec<Line> {
    let place = |query: &DeviceQuery| match (&query.source, query.line) {
        (Some(source), Some(line)) if several => format!("{source}:{line}"),
        (_, Some(line)) => line.to_string(),
        _ => String::new(),
    };
    let device = |query: &DeviceQuery| {
        let mut query = query.clone();
        (query.source, query.line) = (None, None);
        query.to_string()
    };
    let missing = diff.missing.iter().map(|row| Line {
        place: place(&row.query),
        device: device(&row.query),
        difference: "not registered",
        note: similar_note(&row.similar),
    });
    let other = diff.other_policy.iter().map(|row| Line {
        place: place(&row.query),
        device: device(&row.query),
        difference: "other policy",
        note: current_policies(&row.devices, &policy),
    });
    let extra = diff.extra.iter().map(|extra| Line {
        place: String::new(),
        device: name(extra),
        difference: "not in the file",
        note: format!("in '{}'", extra.batch),
    });
    missing.chain(other).chain(extra).collect()
}

/// Describes the policy of each device.
fn current_policies(devices: &[RegisteredDevice], policy: impl Fn(&str) -> String) -> String {
    let one = |device: &RegisteredDevice| match &device.policy_id {
        Some(id) => format!("has '{}' in '{}'", policy(id), device.batch),
        None => format!("has no policy in '{}'", device.batch),
    };
    devices.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn summary(diff: &Diff) -> String {
    let totals = &diff.totals;
    let parts = colored_counts(&[
        (totals.matched, "registered", SUCCESS),
        (totals.missing, "not registered", ERROR),
        (totals.other_policy, "with another policy", ERROR),
        (totals.duplicates, "duplicate", WARNING),
        (totals.unresolved, "not compared", WARNING),
    ]);
    let rows = count(totals.rows, "row");
    let devices = count(totals.devices, "registered device");
    let extra = match totals.extra {
        0 => String::new(),
        extra => format!(", {ERROR}{extra} not in the file{ERROR:#}"),
    };
    format!("{rows}: {parts}\n{devices}{extra}\n")
}
