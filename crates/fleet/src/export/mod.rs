//! Files with the checked devices for other ways to register them: Partner Center's own page, and Intune.
//!
//! [`format`] has the columns and limits of each format. [`values`] collects the values that are known about a device,
//! and [`cells`] turns them into the cells of a row. An export is a pure function of the checked rows.

mod cells;
pub(crate) mod format;
mod values;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::io::{self, BufWriter, Write};

use self::cells::{Cells, Problem, cells};
use self::format::ExportFormat;
use crate::check::checked_row::{CheckedRow, RowStatus};
use crate::check::finding::Finding;
use crate::check::fleet::Fleet;
use crate::check::rule::Rule;
use crate::origin::Origin;

/// The devices of a fleet in a file format, in as many files as its limits require.
///
/// Each row that is [`Ready`](RowStatus::Ready) is in a file, or [`findings`](Self::findings) has an error with the
/// reason. Duplicates are left out: the row that is sent instead is in a file. It takes values that it lacks from its
/// duplicates, then from inside its hardware hash if the checksum of the hash is correct. A value that a spreadsheet
/// damaged is never used.
///
/// ```
/// use partner_center_devices_fleet::{Export, ExportFormat, Fleet};
///
/// let csv = "Serial,Make,Model\nCT.01,Contoso,Book 14\nCT.02,\"Contoso, Inc.\",Book 14\n";
/// let fleet = Fleet::read(csv.as_bytes(), "vendor.csv");
/// let export = Export::new(&fleet, ExportFormat::CorporateIdentifiers);
/// let mut file = Vec::new();
/// export.files()[0].write(&mut file)?;
/// assert_eq!(file, b"Contoso,Book 14,CT01\r\n");
/// assert!(!export.is_complete()); // no corporate identifier can contain the comma of "Contoso, Inc."
/// assert_eq!(export.findings().last().and_then(|finding| finding.line()), Some(3));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Export<'a> {
    format: ExportFormat,
    files: Vec<ExportFile<'a>>,
    findings: Vec<Finding>,
    is_complete: bool,
}

/// A file of an [`Export`]. `Debug` shows no values.
#[derive(Clone)]
pub struct ExportFile<'a> {
    format: ExportFormat,
    rows: Vec<Cells<'a>>,
    bytes: usize,
}

impl<'a> Export<'a> {
    /// Exports the devices of a fleet.
    #[must_use]
    pub fn new(fleet: &'a Fleet, format: ExportFormat) -> Self {
        let mut duplicates: HashMap<&Origin, Vec<&CheckedRow>> = HashMap::new();
        for row in fleet.rows() {
            if let RowStatus::Duplicate(sent) = row.status() {
                duplicates.entry(sent).or_default().push(row);
            }
        }
        let mut export =
            Self { format, files: Vec::new(), findings: Vec::new(), is_complete: true };
        let mut identifiers = Identifiers::default();
        for row in fleet.rows() {
            match row.status() {
                RowStatus::Ready(device) => {
                    let others = duplicates.get(row.origin()).map_or(&[][..], Vec::as_slice);
                    let (cells, problems) = cells(format, device, row, others);
                    export.add(row.origin(), cells, problems, &mut identifiers);
                }
                RowStatus::Duplicate(_) => {}
                RowStatus::Invalid(_) => export.is_complete = false,
            }
        }
        export
    }

    fn add(
        &mut self,
        row: &'a Origin,
        cells: Option<Cells<'a>>,
        problems: Vec<Problem>,
        identifiers: &mut Identifiers<'a>,
    ) {
        let findings = problems.into_iter();
        self.findings.extend(findings.map(|(rule, message)| Finding::at(row, rule, message)));
        let Some(cells) = cells else {
            self.is_complete = false;
            return;
        };
        if self.format == ExportFormat::CorporateIdentifiers
            && let Some(first) = identifiers.add(&cells, row)
        {
            let first = first.relative_to(row);
            let message = format!("the same identifier as {first}; it is written once");
            self.findings.push(Finding::at(row, Rule::ExportRepeatedIdentifier, message));
            return;
        }
        if !self.files.last().is_some_and(|file| file.has_room_for(&cells)) {
            self.files.push(ExportFile::new(self.format));
        }
        if let Some(file) = self.files.last_mut() {
            file.push(cells);
        }
    }

    /// Returns the format.
    #[must_use]
    pub fn format(&self) -> ExportFormat {
        self.format
    }

    /// Returns the files, in the order of the rows. No file is empty. If no row can be exported, there are no files.
    #[must_use]
    pub fn files(&self) -> &[ExportFile<'a>] {
        &self.files
    }

    /// Returns the problems of rows that are valid but not for this format, and the values that were changed for it. The
    /// findings of the fleet are not repeated.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Returns true if the files have the device of every row.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }
}

impl ExportFile<'_> {
    /// Returns the number of devices in the file.
    #[must_use]
    pub fn device_count(&self) -> usize {
        self.rows.len()
    }

    /// Writes the file: the header if the format has one, then one line per device. It contains whole hardware hashes.
    ///
    /// # Errors
    /// If the writer fails.
    pub fn write(&self, writer: impl Write) -> io::Result<()> {
        let mut writer = BufWriter::new(writer);
        if let Some(header) = self.format.header() {
            write_line(&mut writer, &header)?;
        }
        for row in &self.rows {
            write_line(&mut writer, row)?;
        }
        writer.flush()
    }
}

impl<'a> ExportFile<'a> {
    fn new(format: ExportFormat) -> Self {
        let header = format.header();
        Self { format, rows: Vec::new(), bytes: header.map_or(0, |header| length(&header)) }
    }

    /// Returns true if the limits of the format allow another row.
    fn has_room_for(&self, cells: &Cells<'_>) -> bool {
        let has_bytes = |max: usize| self.bytes + length(cells) <= max;
        self.rows.len() < self.format.max_rows() && self.format.max_bytes().is_none_or(has_bytes)
    }

    fn push(&mut self, cells: Cells<'a>) {
        self.bytes += length(&cells);
        self.rows.push(cells);
    }
}

impl fmt::Debug for ExportFile<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { format, rows, bytes } = self;
        let mut file = f.debug_struct("ExportFile");
        file.field("format", format).field("devices", &rows.len()).field("bytes", bytes).finish()
    }
}

/// The corporate identifiers that are already in a file. Case does not count: Microsoft does not say how Intune compares
/// them, and devices that differ only in case are unlikely.
#[derive(Default)]
struct Identifiers<'a>(HashMap<String, &'a Origin>);

impl<'a> Identifiers<'a> {
    /// Adds the identifier of a row. Returns an earlier row with the same identifier.
    fn add(&mut self, cells: &Cells<'_>, row: &'a Origin) -> Option<&'a Origin> {
        match self.0.entry(cells.join(",").to_lowercase()) {
            Entry::Occupied(first) => Some(first.get()),
            Entry::Vacant(place) => {
                place.insert(row);
                None
            }
        }
    }
}

const LINE_END: &[u8] = b"\r\n";

/// Returns the length of a line in bytes.
fn length(cells: &[impl AsRef<str>]) -> usize {
    let text: usize = cells.iter().map(|cell| cell.as_ref().len()).sum();
    text + cells.len().saturating_sub(1) + LINE_END.len()
}

/// Writes a line. No cell contains a comma, a quotation mark or a line break.
fn write_line(writer: &mut impl Write, cells: &[impl AsRef<str>]) -> io::Result<()> {
    for (position, cell) in cells.iter().enumerate() {
        if position > 0 {
            writer.write_all(b",")?;
        }
        writer.write_all(cell.as_ref().as_bytes())?;
    }
    writer.write_all(LINE_END)
}

#[cfg(test)]
mod tests;
