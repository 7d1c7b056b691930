//! The devices of the checked rows, listed while the rows are read.

use std::io::{self, Write as _};

use partner_center_devices_fleet::RowDetails;
use serde::Serialize;

use crate::errors::CommandError;
use crate::ui::list::{Column, Record, column, csv_only, list_table};
use crate::ui::output::{Ui, written};
use crate::ui::terminal_text::document_output;
use crate::ui::text_layout::count;

/// The maximum number of rows in a table. More rows are hard to read, and the table needs memory for each.
const MAX_TABLE_ROWS: usize = 1000;

impl Record for RowDetails {
    const COLUMNS: &'static [Column<Self>] = &[
        column("File", "file", |row| row.file.clone()),
        column("Line", "line", |row| row.line.to_string()),
        column("Serial number", "serialNumber", |row| text(&row.serial_number)),
        column("Manufacturer", "manufacturer", |row: &Self| text(&row.manufacturer)).rank(1),
        column("Model", "model", |row: &Self| text(&row.model)).rank(1),
        column("Tool", "toolBuild", |row: &Self| text(&row.tool_build)).rank(2),
        column("TPM ready", "tpmReady", |row| row.tpm_ready.name().to_owned()),
        csv_only("tpmVersion", |row| text(&row.tpm_version)),
    ];
}

fn text(value: &Option<String>) -> String {
    value.clone().unwrap_or_default()
}

/// Prints a table of the first rows, with their files if there are several, and the number of the others.
pub(super) fn print_table(
    ui: Ui,
    mut rows: impl Iterator<Item = RowDetails>,
) -> Result<(), CommandError> {
    let mut shown: Vec<_> = rows.by_ref().take(MAX_TABLE_ROWS).collect();
    let is_other = |row: &RowDetails| row.file != shown[0].file;
    if !shown.iter().any(is_other) {
        shown.iter_mut().for_each(|row| row.file.clear());
    }
    if !shown.is_empty() {
        ui.print(&(list_table(ui, &shown) + "\n"))?;
    }
    let more = rows.count();
    if more > 0 {
        let more = count(more, "row");
        ui.print(&format!("{more} more; --csv and --json list all rows\n\n"))?;
    }
    Ok(())
}

/// Prints the start of a JSON object up to the end of its array of rows. [`print_json_end`] prints the rest.
pub(super) fn print_json_start(rows: impl Iterator<Item = RowDetails>) -> Result<(), CommandError> {
    written(write_rows(io::BufWriter::new(document_output()), rows))
}

fn write_rows(mut out: impl io::Write, rows: impl Iterator<Item = RowDetails>) -> io::Result<()> {
    out.write_all(b"{\n  \"details\": [")?;
    for (place, row) in rows.enumerate() {
        out.write_all(if place == 0 { b"\n    " } else { b",\n    " })?;
        serde_json::to_writer(&mut out, &row)?;
    }
    out.write_all(b"\n  ],")?;
    out.flush()
}

/// Prints the other properties of the object and its end.
pub(super) fn print_json_end(rest: &impl Serialize) -> Result<(), CommandError> {
    let text = serde_json::to_string_pretty(rest).map_err(io::Error::from);
    written(text.and_then(|text| {
        let properties = text.strip_prefix('{').unwrap_or(&text);
        writeln!(document_output(), "{properties}")
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use partner_center_devices_fleet::{CheckOptions, CheckSummary, read};

    #[test]
    fn the_rows_and_the_rest_are_one_object() {
        for rows in ["", "S1,HP,X\n", "S1,HP,X\nS2,HP,X\n"] {
            let csv = format!("Serial Number,Manufacturer,Model\n{rows}");
            let items = read(csv.as_bytes(), "f.csv");
            let mut json = Vec::new();
            write_rows(&mut json, CheckSummary::detailed(items, CheckOptions::default())).unwrap();
            json.extend(b"\n  \"rows\": 0\n}");
            let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
            assert_eq!(json["details"].as_array().unwrap().len(), rows.lines().count());
        }
    }
}
