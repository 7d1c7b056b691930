//! The outcome of each device as a table, and below it what to do about each kind of error.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use comfy_table::presets::NOTHING;
use comfy_table::{Attribute, Cell, Color, ContentArrangement, Table};
use partner_center_devices_fleet::{Report, ReportRow, RowOutcome};

use crate::style::{BOLD, ERROR, GOOD, SOSO};

/// How many line numbers are named before the rest is counted.
const LINES_NAMED: usize = 12;

/// The report as people read it; `width` is the terminal's, if it is one.
pub(crate) fn render(report: &Report, width: Option<u16>, colours: bool) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    // The table does not look at the terminal itself: its caller has.
    if colours {
        table.enforce_styling()
    } else {
        table.force_no_tty()
    };
    table.set_width(width.unwrap_or(u16::MAX));
    let bold = |text| Cell::new(text).add_attribute(Attribute::Bold);
    table.set_header([bold("Line"), bold("Device"), bold("Outcome"), bold("Error")]);
    for row in report.rows() {
        let (word, colour) = outcome(row.outcome());
        let error = match (row.code(), row.name()) {
            (Some(code), Some(name)) => format!("{code} {name}"),
            (code, name) => {
                code.map(ToOwned::to_owned).or(name.map(Into::into)).unwrap_or_default()
            }
        };
        table.add_row([
            Cell::new(row.origin().line()),
            Cell::new(device(row)),
            Cell::new(word).fg(colour),
            Cell::new(error),
        ]);
    }
    let mut text: String =
        table.lines().flat_map(|line| [line.trim_end().to_owned(), "\n".to_owned()]).collect();
    text += &cures(report, width);
    text += &summary(report);
    text
}

fn outcome(outcome: &RowOutcome) -> (&'static str, Color) {
    match outcome {
        RowOutcome::Registered => ("registered", Color::Green),
        RowOutcome::AlreadyRegistered => ("already registered", Color::Green),
        RowOutcome::Failed(_) => ("failed", Color::Red),
        RowOutcome::Duplicate(_) => ("duplicate", Color::Yellow),
        RowOutcome::Refused(_) => ("not sent", Color::Red),
        RowOutcome::NotSent => ("not sent", Color::Yellow),
        _ => ("not known", Color::Yellow),
    }
}

fn device(row: &ReportRow) -> String {
    let key = || row.product_key().map(|key| format!("key {key}"));
    let hash = || row.short_hash().map(|hash| format!("hash {hash}"));
    row.serial_number().map(ToOwned::to_owned).or_else(key).or_else(hash).unwrap_or_default()
}

/// Each kind of trouble once: what it is, which lines have it, what it means, what to do.
fn cures(report: &Report, width: Option<u16>) -> String {
    let mut kinds: BTreeMap<(u8, String, String, &str), Vec<u64>> = BTreeMap::new();
    for row in report.rows().iter().filter(|row| !matches!(row.outcome(), RowOutcome::Registered)) {
        let title = match (row.code(), row.name()) {
            (Some(code), Some(name)) => format!("{code} {name}"),
            (_, name) => name.map_or_else(|| outcome(row.outcome()).0.to_owned(), Into::into),
        };
        let meaning = row.meaning().map(String::from).unwrap_or_default();
        let cure = row.cure().unwrap_or_default();
        kinds
            .entry((urgency(row.outcome()), title, meaning, cure))
            .or_default()
            .push(row.origin().line());
    }
    let mut text = String::new();
    for ((_, title, meaning, cure), lines) in kinds {
        let _ = write!(text, "\n{BOLD}{title}{BOLD:#} ({})\n", named(&lines));
        for line in [meaning, format!("{}{cure}", if cure.is_empty() { "" } else { "-> " })] {
            if !line.is_empty() {
                text += &wrap(&line, width);
            }
        }
    }
    text
}

/// What needs a hand comes first.
fn urgency(outcome: &RowOutcome) -> u8 {
    match outcome {
        RowOutcome::Failed(_) | RowOutcome::Refused(_) => 0,
        RowOutcome::AlreadyRegistered | RowOutcome::Duplicate(_) => 2,
        _ => 1,
    }
}

fn named(lines: &[u64]) -> String {
    let mut shown: Vec<String> = lines.iter().take(LINES_NAMED).map(ToString::to_string).collect();
    if lines.len() > LINES_NAMED {
        shown.push(format!("and {} more", lines.len() - LINES_NAMED));
    }
    format!("line{} {}", if lines.len() == 1 { "" } else { "s" }, shown.join(", "))
}

/// Indents by two blanks, and by five where a line goes on.
fn wrap(text: &str, width: Option<u16>) -> String {
    let width = width.map_or(usize::MAX, |width| usize::from(width).max(40));
    let mut wrapped = String::from(" ");
    let mut used = 1;
    for word in text.split(' ') {
        let length = word.chars().count();
        if used > 2 && used + 1 + length > width {
            wrapped.push_str("\n    ");
            used = 4;
        }
        wrapped.push(' ');
        wrapped.push_str(word);
        used += 1 + length;
    }
    wrapped + "\n"
}

fn summary(report: &Report) -> String {
    let totals = report.totals();
    let parts = [
        (totals.registered, "registered", GOOD),
        (totals.already_registered, "already registered", GOOD),
        (totals.failed, "failed", ERROR),
        (totals.duplicate, "duplicate", SOSO),
        (totals.refused, "refused before sending", ERROR),
        (totals.not_sent, "not sent", SOSO),
        (totals.unknown, "not known", SOSO),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, word, style)| format!("{style}{count} {word}{style:#}"))
        .collect();
    let devices = if totals.rows == 1 { "device" } else { "devices" };
    format!("\n{} {devices} in batch '{}': {}\n", totals.rows, report.batch(), parts.join(", "))
}
