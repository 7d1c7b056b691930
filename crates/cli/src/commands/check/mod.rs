//! `pcdevices check`: checks files as an upload would, without sending them. It fails if an upload would send
//! nothing, or if there are too many warnings.

pub(crate) mod args;
mod details;

use partner_center_devices_fleet::{
    CheckOptions, CheckSummary, FindingTotals, Findings, InputItem, ReadOptions, RowDetails, Rule,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::args::Format;
use crate::errors::{CommandError, Exit};
use crate::input_files::{self, Subdirectories};
use crate::ui::findings;
use crate::ui::list::write_csv_rows;
use crate::ui::output::{Ui, written};
use crate::ui::style::{ERROR, SUCCESS};
use crate::ui::terminal_text::document_output;
use crate::ui::text_layout::{count, counts};

/// The findings in files, and how many of their rows would be sent.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Checked<'a> {
    /// The device of each row, with `--details`.
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    details: &'a [RowDetails],
    /// The number of rows.
    rows: usize,
    /// The number of devices that would be sent.
    devices: usize,
    /// The number of rows with the same device as another row.
    duplicates: usize,
    /// The number of invalid rows.
    refused: usize,
    #[serde(flatten)]
    findings: Findings<'a>,
}

pub(crate) fn run(ui: Ui, args: args::Check) -> Result<Exit, CommandError> {
    let files = input_files::open(&args.files, Subdirectories::of(args.customer_from))?;
    let names: Vec<_> = files.iter().map(|file| file.name.clone()).collect();
    let is_routed = args.customer_from.is_some();
    let is_relevant = move |item: &InputItem| match item {
        InputItem::Finding(finding) => !is_routed || finding.rule() != Rule::CustomerColumn,
        _ => true,
    };
    let items = input_files::read(files, ReadOptions::new()).filter(is_relevant);
    let options = CheckOptions::default().after_repair(args.after_repair);
    let mut detailed = CheckSummary::detailed(items, options);
    if args.details {
        let rows = detailed.by_ref();
        match args.format {
            Format { json: true, .. } => details::print_json_start(rows)?,
            Format { csv: true, .. } => write_csv_rows::<RowDetails>(rows)?,
            Format { .. } => details::print_table(ui, rows)?,
        }
    }
    let checked = detailed.finish();
    let all = Findings::new(checked.findings());
    let totals = all.totals();
    let files = names.len() - input_files::skipped(&names, checked.findings());
    let summary = summary(&checked, totals, files);
    if args.format.json {
        let document = Checked {
            details: &[], // printed before
            rows: checked.row_count(),
            devices: checked.device_count(),
            duplicates: checked.duplicate_count(),
            refused: checked.invalid_count(),
            findings: all,
        };
        if args.details {
            details::print_json_end(&document)?;
        } else {
            ui.print_json(&document)?;
        }
        ui.status(&summary);
    } else if args.format.csv {
        if !args.details {
            written(all.write_csv(document_output()))?;
        }
        ui.status(&summary);
    } else {
        let gap = if checked.findings().is_empty() { "" } else { "\n" };
        ui.print(&(findings::render(checked.findings(), ui.screen().0) + gap + &summary))?;
    }
    verdict(&checked, totals, args.max_warnings)
}

/// Formats the totals: `40 rows in 2 files: 39 devices would be sent, 1 duplicate; 1 warning`.
fn summary(checked: &CheckSummary, totals: FindingTotals, files: usize) -> String {
    let files = if files == 1 { String::new() } else { format!(" in {}", count(files, "file")) };
    let mut text = format!("{}{files}: ", count(checked.row_count(), "row"));
    let devices = count(checked.device_count(), "device");
    text += &if is_sendable(checked, totals) {
        format!("{SUCCESS}{devices} would be sent{SUCCESS:#}")
    } else if checked.invalid_count() > 0 {
        let rows = count(checked.invalid_count(), "row");
        let are = if checked.device_count() == 1 { "is" } else { "are" };
        format!(
            "{ERROR}{rows} must be fixed before anything is sent{ERROR:#} ({devices} {are} ready)"
        )
    } else {
        format!("{ERROR}nothing would be sent{ERROR:#}")
    };
    if checked.duplicate_count() > 0 {
        text += &format!(", {}", count(checked.duplicate_count(), "duplicate"));
    }
    let found = [(totals.error, "error"), (totals.warning, "warning"), (totals.note, "note")];
    text + "; " + &counts(&found) + "\n"
}

/// Returns true if an upload would send the devices: it sends nothing if there is an error.
fn is_sendable(checked: &CheckSummary, totals: FindingTotals) -> bool {
    totals.error == 0 && checked.device_count() > 0
}

fn verdict(
    checked: &CheckSummary,
    totals: FindingTotals,
    max_warnings: Option<usize>,
) -> Result<Exit, CommandError> {
    if !is_sendable(checked, totals) {
        return Ok(Exit::InvalidFile);
    }
    match max_warnings {
        Some(max) if totals.warning > max => {
            let message =
                format!("{}, but --max-warnings is {max}", count(totals.warning, "warning"));
            Err(CommandError::new(Exit::InvalidFile, message))
        }
        _ => Ok(Exit::Success),
    }
}
