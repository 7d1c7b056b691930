//! `pcdevices check`: what an upload would say of files, without one. Decides when that is a failure.

pub(crate) mod args;

use std::io;

use partner_center_devices_fleet::{CheckSummary, FindingTotals, Findings, read_all};
use schemars::JsonSchema;
use serde::Serialize;

use crate::errors::{CommandError, Exit};
use crate::input_files;
use crate::ui::findings;
use crate::ui::output::{Ui, written};
use crate::ui::style::{ERROR, SUCCESS};
use crate::ui::text_layout::{count, counts};

/// What was found in files, and how many of their rows would be sent.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Checked<'a> {
    /// How many rows there are.
    rows: usize,
    /// How many of them would be sent.
    devices: usize,
    /// How many are the same device as another row.
    duplicates: usize,
    /// How many have an error.
    refused: usize,
    #[serde(flatten)]
    findings: Findings<'a>,
}

pub(crate) fn run(ui: Ui, args: args::Check) -> Result<Exit, CommandError> {
    let number = args.files.len();
    let sources = input_files::open(&args.files)?;
    let checked =
        CheckSummary::new(read_all(sources.into_iter().map(|(name, file)| (name, Ok(file)))));
    let all = Findings::new(checked.findings());
    let totals = all.totals();
    let summary = summary(&checked, totals, number);
    if args.format.json {
        ui.print_json(&Checked {
            rows: checked.row_count(),
            devices: checked.device_count(),
            duplicates: checked.duplicate_count(),
            refused: checked.invalid_count(),
            findings: all,
        })?;
        ui.status(&summary);
    } else if args.format.csv {
        written(all.write_csv(io::stdout().lock()))?;
        ui.status(&summary);
    } else {
        let gap = if checked.findings().is_empty() { "" } else { "\n" };
        ui.print(&(findings::render(checked.findings(), ui.screen().0) + gap + &summary))?;
    }
    verdict(&checked, totals, args.max_warnings)
}

/// `40 rows in 2 files: 39 devices would be sent, 1 duplicate; 1 warning`.
fn summary(checked: &CheckSummary, totals: FindingTotals, files: usize) -> String {
    let files = if files == 1 { String::new() } else { format!(" in {}", count(files, "file")) };
    let mut text = format!("{}{files}: ", count(checked.row_count(), "row"));
    let devices = count(checked.device_count(), "device");
    text += &if sends(checked, totals) {
        format!("{SUCCESS}{devices} would be sent{SUCCESS:#}")
    } else {
        format!("{ERROR}nothing would be sent{ERROR:#}")
    };
    if checked.duplicate_count() > 0 {
        text += &format!(", {}", count(checked.duplicate_count(), "duplicate"));
    }
    if checked.invalid_count() > 0 {
        let rows = count(checked.invalid_count(), "row");
        text += &format!(", {rows} cannot be sent, {devices} could");
    }
    let found = [(totals.error, "error"), (totals.warning, "warning"), (totals.note, "note")];
    text + "; " + &counts(&found) + "\n"
}

/// As an upload decides it: with an error nothing is sent.
fn sends(checked: &CheckSummary, totals: FindingTotals) -> bool {
    totals.error == 0 && checked.device_count() > 0
}

fn verdict(
    checked: &CheckSummary,
    totals: FindingTotals,
    max_warnings: Option<usize>,
) -> Result<Exit, CommandError> {
    if !sends(checked, totals) {
        return Ok(Exit::InvalidFile);
    }
    match max_warnings {
        Some(most) if totals.warning > most => {
            let message = format!("{} where {most} may be", count(totals.warning, "warning"));
            Err(CommandError::new(Exit::InvalidFile, message))
        }
        _ => Ok(Exit::Success),
    }
}
