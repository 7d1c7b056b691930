//! Writes findings as text, JSON or CSV.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use crate::check::finding::Finding;
use crate::check::rule::Severity;
use crate::report::csv_writer::write_csv;

/// A list of findings that can be written as text, JSON or CSV.
///
/// ```
/// use partner_center_devices_fleet::{Findings, Fleet};
///
/// let fleet = Fleet::read("Serial Number,Order\n4PX12X3,77\n".as_bytes(), "vendor.csv");
/// let findings = Findings::new(fleet.findings());
/// let mut text = Vec::new();
/// findings.write_text(&mut text)?;
/// assert!(text.ends_with(b"1 error, 0 warnings, 1 note\n"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(
    feature = "schemars",
    schemars(description = "The findings of a check, before anything is sent.")
)]
pub struct Findings<'a> {
    findings: &'a [Finding],
    totals: FindingTotals,
}

/// The number of findings of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct FindingTotals {
    /// Errors, which prevent a row or a file from being sent.
    pub error: usize,
    /// Warnings about probable mistakes.
    pub warning: usize,
    /// Notes about facts worth knowing.
    pub note: usize,
}

impl FindingTotals {
    fn count(&mut self, severity: Severity) {
        *match severity {
            Severity::Error => &mut self.error,
            Severity::Warning => &mut self.warning,
            Severity::Note => &mut self.note,
        } += 1;
    }
}

impl<'a> Findings<'a> {
    /// Counts the findings of each severity.
    #[must_use]
    pub fn new(findings: &'a [Finding]) -> Self {
        let mut totals = FindingTotals::default();
        findings.iter().for_each(|finding| totals.count(finding.severity()));
        Self { findings, totals }
    }

    /// Returns the number of findings of each severity.
    #[must_use]
    pub fn totals(&self) -> FindingTotals {
        self.totals
    }

    /// Writes one JSON object and a line feed: `{"findings":[…],"totals":{"error":1,"warning":0,"note":2}}`.
    ///
    /// # Errors
    /// Fails if the writer fails.
    pub fn write_json(&self, mut writer: impl Write) -> io::Result<()> {
        serde_json::to_writer(&mut writer, self)?;
        writer.write_all(b"\n")
    }

    /// Writes CSV with the columns `file,line,column,rule,severity,message,cure`. A cell that a spreadsheet would read
    /// as a formula is prefixed with an apostrophe.
    ///
    /// # Errors
    /// Fails if the writer fails.
    pub fn write_csv(&self, writer: impl Write) -> io::Result<()> {
        let columns = ["file", "line", "column", "rule", "severity", "message", "cure"];
        let cells = |finding: &'a Finding| {
            [
                finding.source().into(),
                finding.line().map(|line| line.to_string()).unwrap_or_default().into(),
                finding.column().unwrap_or_default().into(),
                finding.rule().id().into(),
                finding.severity().to_string().into(),
                finding.message().into(),
                Cow::from(finding.cure()),
            ]
        };
        write_csv(writer, &columns, self.findings.iter().map(cells))
    }

    /// Writes a line for each finding with its cure below it, and a line of totals.
    ///
    /// # Errors
    /// Fails if the writer fails.
    pub fn write_text(&self, mut writer: impl Write) -> io::Result<()> {
        for finding in self.findings {
            writeln!(writer, "{finding}\n  -> {}", finding.cure())?;
        }
        let FindingTotals { error, warning, note } = self.totals;
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let (errors, warnings, notes) = (plural(error), plural(warning), plural(note));
        writeln!(writer, "{error} error{errors}, {warning} warning{warnings}, {note} note{notes}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fleet::Fleet;

    fn written(write: impl FnOnce(&Findings<'_>, &mut Vec<u8>) -> io::Result<()>) -> String {
        let csv = "Serial,PKID,Make,Model,=1+1,\"a\"\"b\"\nS1,12,M,N,x,\nS2,,,,,\n";
        let fleet = Fleet::read(csv.as_bytes(), "=cmd|'/c calc'!A1, or so.csv");
        let mut bytes = Vec::new();
        write(&Findings::new(fleet.findings()), &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn text_has_findings_cures_and_totals() {
        insta::assert_snapshot!(written(|findings, bytes| findings.write_text(bytes)));
    }

    #[test]
    fn csv_has_no_formulas() {
        let text = written(|findings, bytes| findings.write_csv(bytes));
        insta::assert_snapshot!(text);
        let mut csv = csv::Reader::from_reader(text.as_bytes());
        for record in csv.records() {
            let record = record.unwrap();
            assert_eq!(record.len(), 7);
            assert!(record.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])));
        }
    }

    #[test]
    fn json_is_one_object_with_totals() {
        let json = written(|findings, bytes| findings.write_json(bytes));
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["totals"], serde_json::json!({"error": 1, "warning": 1, "note": 2}));
        insta::assert_json_snapshot!(json["findings"][2]);
        let none = serde_json::to_value(Findings::new(&[])).unwrap();
        let totals = serde_json::json!({"error": 0, "warning": 0, "note": 0});
        assert_eq!(none, serde_json::json!({"findings": [], "totals": totals}));
    }
}
