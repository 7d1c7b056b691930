//! Checks rows one at a time, in memory that does not depend on the size of a row.

use std::fmt;

use crate::check::checked_row::{CheckedRow, RowStatus};
use crate::check::dedup::{DeviceIndex, Relation};
use crate::check::finding::Finding;
use crate::check::options::CheckOptions;
use crate::check::row_check::{ComparedRow, RowCheck, contradiction_finding};
use crate::input::Row;
use crate::origin::Origin;

/// Checks rows one at a time, for files of any size. It keeps about 30 bytes for each key of a row and does not keep
/// the row. Rows after the first 4 billion are not compared with others.
///
/// A row gets its status before later rows are known. If a later row identifies the same device better, both rows are
/// [`RowStatus::Ready`], and the later one lists the earlier one in [`StreamedRow::replaces`].
/// [`Fleet`](crate::Fleet) holds all rows and sends only the better one.
#[derive(Default)]
pub struct Checker {
    options: CheckOptions,
    index: DeviceIndex,
    /// Reused for decoding each hardware hash.
    buffer: Vec<u8>,
}

/// A row checked by [`Checker`], with the findings about it.
#[derive(Clone, Debug)]
pub struct StreamedRow {
    row: CheckedRow,
    findings: Vec<Finding>,
    replaces: Vec<Origin>,
    invalidates: Vec<Finding>,
}

impl Checker {
    /// Creates a checker with options.
    #[must_use]
    pub fn new(options: CheckOptions) -> Self {
        Self { options, ..Self::default() }
    }

    /// Checks the next row.
    pub fn check(&mut self, row: Row) -> StreamedRow {
        let check = RowCheck::with_options(row, self.options, &mut self.buffer);
        let ComparedRow { mut row, mut findings, comparison } = check.compare(&mut self.index);
        let origin = |row: u32| self.index.origin(row);
        if let Relation::Duplicate(first) = comparison.relation {
            let sent = origin(first);
            findings.push(Finding::duplicate(&row.origin, &sent));
            row.withdraw(RowStatus::Duplicate(sent));
        }
        let replaces = comparison.replaces.into_iter().map(origin).collect();
        let invalidate = |(earlier, contradiction)| {
            contradiction_finding(contradiction, &origin(earlier), &row.origin)
        };
        let invalidates = comparison.invalidates.into_iter().map(invalidate).collect();
        StreamedRow { row, findings, replaces, invalidates }
    }
}

impl fmt::Debug for Checker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checker").finish_non_exhaustive()
    }
}

impl StreamedRow {
    /// Returns the row.
    #[must_use]
    pub fn row(&self) -> &CheckedRow {
        &self.row
    }

    /// Returns the row.
    #[must_use]
    pub fn into_row(self) -> CheckedRow {
        self.row
    }

    /// Returns the findings about the row.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Returns earlier rows that describe the same device less reliably, although they were [`RowStatus::Ready`]. Send
    /// this row instead of them if that is still possible.
    #[must_use]
    pub fn replaces(&self) -> &[Origin] {
        &self.replaces
    }

    /// Returns errors of earlier rows that this row contradicts, although they were [`RowStatus::Ready`]. Do not send
    /// them, nor their duplicates.
    #[must_use]
    pub fn invalidates(&self) -> &[Finding] {
        &self.invalidates
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::test_hashes::with_hashes;
    use crate::input::{InputItem, read};

    #[test]
    fn row_gets_its_status_immediately_and_lists_the_rows_it_replaces() {
        let key = "3305000000001";
        let text = with_hashes(&format!(
            "Serial,PKID,Hash,Make,Model\nS1,,,M,N\n,,,,x\nS1,{key},,M,N\nS1,{key},<1>,M,N\nS1,,,M,N\n"
        ));
        let mut checker = Checker::default();
        let rows: Vec<_> = read(text.as_bytes(), "f.csv")
            .filter_map(|item| match item {
                InputItem::Row(row) => Some(checker.check(row)),
                _ => None,
            })
            .map(|checked| {
                let status = match checked.row().status() {
                    RowStatus::Ready(device) => format!("{:?}", device.kind()),
                    RowStatus::Duplicate(sent) => format!("same as {sent}"),
                    RowStatus::Invalid(finding) => finding.rule().to_string(),
                };
                let replaced: Vec<_> = checked.replaces().iter().map(Origin::line).collect();
                let last = checked.findings().last().map(|finding| finding.rule().id());
                format!("{status} {replaced:?} {}", last.unwrap_or("-"))
            })
            .collect();
        let expected = [
            "Model [] -",
            "no-identity [] no-identity",
            "ProductKey [2] -",
            "HardwareHash [4] -",
            "same as f.csv:5 [] duplicate",
        ];
        assert_eq!(rows, expected);
    }
}
