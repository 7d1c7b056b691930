//! `pcdevices devices diff`. Decides how a difference is shown, and when there is one.

use partner_center_devices_fleet::inventory::{DeviceQuery, Diff, DiffOptions, RegisteredDevice};

use super::args::DiffDevices;
use super::{alike, left_out, name, say_unlisted};
use crate::args::Global;
use crate::device_files;
use crate::errors::{CommandError, Exit};
use crate::policy_names::Policies;
use crate::settings::session::Session;
use crate::ui::list::{Column, Record, csv_only, list_table, table_only, write_csv_list};
use crate::ui::output::Ui;
use crate::ui::style::{ERROR, SUCCESS, WARNING};
use crate::ui::text_layout::{colored_counts, count, or_empty};

/// A line of the table.
struct Line {
    place: String,
    device: String,
    what: &'static str,
    note: String,
}

/// A line of CSV: a row, or a device, or both. Of a row whose devices have another policy each device is a line.
#[derive(Default)]
struct Difference {
    /// Which of the document's lists it is from.
    what: &'static str,
    wanted: DeviceQuery,
    device: Option<RegisteredDevice>,
    note: String,
}

impl Difference {
    /// What is registered, or else what the row says.
    fn of(
        &self,
        registered: fn(&RegisteredDevice) -> String,
        wanted: fn(&DeviceQuery) -> String,
    ) -> String {
        self.device.as_ref().map_or_else(|| wanted(&self.wanted), registered)
    }
}

impl Record for Difference {
    const COLUMNS: &'static [Column<Self>] = &[
        csv_only("difference", |one| one.what.to_owned()),
        csv_only("source", |one| or_empty(&one.wanted.source)),
        csv_only("line", |one| or_empty(&one.wanted.line)),
        csv_only("serialNumber", |one| {
            one.of(
                |device| or_empty(&device.serial_number),
                |wanted| or_empty(&wanted.serial_number),
            )
        }),
        csv_only("productKey", |one| {
            one.of(|device| or_empty(&device.product_key), |wanted| or_empty(&wanted.product_key))
        }),
        csv_only("id", |one| {
            one.of(|device| or_empty(&device.id), |wanted| or_empty(&wanted.device_id))
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
        what: "missing",
        wanted: row.query.clone(),
        note: looks_like(&row.similar),
        ..Difference::default()
    });
    let other = diff.other_policy.iter().flat_map(|row| {
        row.devices.iter().map(|device| Difference {
            what: "otherPolicy",
            wanted: row.query.clone(),
            device: Some(device.clone()),
            ..Difference::default()
        })
    });
    let extra = diff.extra.iter().map(|device| Difference {
        what: "extra",
        device: Some(device.clone()),
        ..Difference::default()
    });
    let unresolved = diff.unresolved.iter().map(|row| Difference {
        what: "unresolved",
        wanted: row.query.clone(),
        note: row.message.clone(),
        ..Difference::default()
    });
    missing.chain(other).chain(extra).chain(unresolved).collect()
}

fn looks_like(near: &[RegisteredDevice]) -> String {
    match near {
        [] => String::new(),
        near => format!("looks like {}", alike(near, false)),
    }
}

impl Record for Line {
    const COLUMNS: &'static [Column<Self>] = &[
        table_only("Row", |line| line.place.clone()),
        table_only("Device", |line| line.device.clone()),
        table_only("Difference", |line| line.what.to_owned()),
        table_only("Note", |line: &Self| line.note.clone()).text(),
    ];
}

pub(super) async fn run(ui: Ui, global: &Global, args: DiffDevices) -> Result<Exit, CommandError> {
    let fleet = device_files::to_look_up(ui, &args.files)?;
    let session = Session::open(ui, global, &args.service)?;
    let customer = session.customer(&args.customer.customer)?;
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
        options = options.extra_in(super::meant(batch, &known)?);
    }
    let registered = super::read(ui, &customer, &[]).await?;
    let mut diff = Diff::new(&fleet, &registered, &options);
    if args.no_extra {
        diff.totals.extra = 0;
        diff.extra.clear();
    }
    let exit = say_unlisted(ui, &diff.unlisted).unwrap_or(exit(&diff));
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
    let unresolved = left_out("cannot be told", &diff.unresolved, width);
    if !unresolved.is_empty() {
        text += &(unresolved + "\n");
    }
    ui.print(&(text + &summary(&diff)))?;
    if !diff.nameless.is_empty() {
        let devices = count(diff.nameless.len(), "registered device");
        ui.warning(&format!(
            "{devices} without serial number and product key: a row that is not registered may be one of them"
        ));
    }
    Ok(exit)
}

/// A row of which nothing can be told may be a difference.
fn exit(diff: &Diff) -> Exit {
    let totals = &diff.totals;
    match totals.missing + totals.other_policy + totals.extra + totals.unresolved {
        0 => Exit::Success,
        _ => Exit::SomeFailed,
    }
}

fn lines(diff: &Diff, several: bool, policy: impl Fn(&str) -> String) -> Vec<Line> {
    let place = |wanted: &DeviceQuery| match (&wanted.source, wanted.line) {
        (Some(source), Some(line)) if several => format!("{source}:{line}"),
        (_, Some(line)) => line.to_string(),
        _ => String::new(),
    };
    let device = |wanted: &DeviceQuery| {
        let mut wanted = wanted.clone();
        (wanted.source, wanted.line) = (None, None);
        wanted.to_string()
    };
    let missing = diff.missing.iter().map(|row| Line {
        place: place(&row.query),
        device: device(&row.query),
        what: "not registered",
        note: looks_like(&row.similar),
    });
    let other = diff.other_policy.iter().map(|row| Line {
        place: place(&row.query),
        device: device(&row.query),
        what: "other policy",
        note: with_policies(&row.devices, &policy),
    });
    let extra = diff.extra.iter().map(|extra| Line {
        place: String::new(),
        device: name(extra),
        what: "not in the file",
        note: format!("in '{}'", extra.batch),
    });
    missing.chain(other).chain(extra).collect()
}

/// What each has.
fn with_policies(devices: &[RegisteredDevice], policy: impl Fn(&str) -> String) -> String {
    let one = |device: &RegisteredDevice| match &device.policy_id {
        Some(id) => format!("has '{}' in '{}'", policy(id), device.batch),
        None => format!("has none in '{}'", device.batch),
    };
    devices.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn summary(diff: &Diff) -> String {
    let totals = &diff.totals;
    let parts = colored_counts(&[
        (totals.matched, "registered", SUCCESS),
        (totals.missing, "not registered", ERROR),
        (totals.other_policy, "with another policy", ERROR),
        (totals.duplicates, "the same as another row", WARNING),
        (totals.unresolved, "cannot be told", WARNING),
    ]);
    let rows = count(totals.rows, "row");
    let devices = count(totals.devices, "registered device");
    let extra = match totals.extra {
        0 => String::new(),
        extra => format!(", {ERROR}{extra} not in the file{ERROR:#}"),
    };
    format!("{rows}: {parts}\n{devices}{extra}\n")
}
