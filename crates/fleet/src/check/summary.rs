//! The findings and row counts of files of any size, without their devices.

use std::collections::HashMap;
use std::fmt;

use crate::check::checked_row::{CheckedRow, RowStatus};
use crate::check::checker::{Checker, StreamedRow};
use crate::check::finding::Finding;
use crate::check::options::CheckOptions;
use crate::check::row_details::{HashDetails, RowDetails};
use crate::check::rule::Rule;
use crate::input::{InputItem, Row};
use crate::origin::Origin;

/// The findings and row counts of files of any size. Same results as a [`Fleet`](crate::Fleet) of the same items, but
/// keeps no device in memory.
///
/// ```
/// use partner_center_devices_fleet::{CheckSummary, read};
///
/// let csv = "Serial Number,Manufacturer,Model\n4PX12X3,Dell Inc.,X\n4PX12X3,Dell Inc.,X\n4PX12X4,,\n";
/// let summary = CheckSummary::new(read(csv.as_bytes(), "vendor.csv"));
/// assert_eq!((summary.row_count(), summary.device_count()), (3, 1));
/// assert_eq!((summary.duplicate_count(), summary.invalid_count()), (1, 1));
/// assert_eq!(summary.findings().len(), 2);
/// ```
#[derive(Clone, Debug, Default)]
pub struct CheckSummary {
    rows: usize,
    duplicates: usize,
    invalid: usize,
    findings: Vec<Finding>,
}

impl CheckSummary {
    /// Reads and checks all rows. To check several files as one fleet, chain their items or use
    /// [`read_all`](crate::read_all).
    pub fn new(items: impl IntoIterator<Item = InputItem>) -> Self {
        Self::with_options(items, CheckOptions::default())
    }

    /// Reads and checks all rows like [`new`](Self::new), with options.
    pub fn with_options(items: impl IntoIterator<Item = InputItem>, options: CheckOptions) -> Self {
        Self::detailed(items, options).finish()
    }

    /// Reads and checks rows one at a time, and describes the device of each.
    pub fn detailed<I: IntoIterator<Item = InputItem>>(
        items: I,
        options: CheckOptions,
    ) -> DetailedCheck<I::IntoIter> {
        DetailedCheck {
            items: items.into_iter(),
            checker: Checker::new(options),
            builder: SummaryBuilder::default(),
            buffer: Vec::new(),
        }
    }

    /// Returns the number of rows.
    #[must_use]
    pub fn row_count(&self) -> usize {
        self.rows
    }

    /// Returns the number of rows that an upload would send.
    #[must_use]
    pub fn device_count(&self) -> usize {
        self.rows - self.duplicates - self.invalid
    }

    /// Returns the number of rows that are not sent because another row describes the same device.
    #[must_use]
    pub fn duplicate_count(&self) -> usize {
        self.duplicates
    }

    /// Returns the number of rows that are not sent because they have an error.
    #[must_use]
    pub fn invalid_count(&self) -> usize {
        self.invalid
    }

    /// Returns all findings, in the order of the rows.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

/// Checks rows one at a time: an iterator over the details of each row, in memory that does not depend on their number.
/// [`finish`](Self::finish) returns the summary of all rows.
///
/// ```
/// use partner_center_devices_fleet::{CheckOptions, CheckSummary, read};
///
/// let csv = "Serial Number,Manufacturer,Model\n4PX12X3,Dell Inc.,X\n";
/// let mut check = CheckSummary::detailed(read(csv.as_bytes(), "vendor.csv"), CheckOptions::default());
/// assert_eq!(check.next().unwrap().serial_number.as_deref(), Some("4PX12X3"));
/// assert_eq!(check.finish().row_count(), 1);
/// ```
pub struct DetailedCheck<I> {
    items: I,
    checker: Checker,
    builder: SummaryBuilder,
    /// Reused for decoding each hardware hash.
    buffer: Vec<u8>,
}

impl<I: Iterator<Item = InputItem>> DetailedCheck<I> {
    /// Checks the remaining rows, and returns the summary of all rows.
    pub fn finish(mut self) -> CheckSummary {
        while let Some(row) = self.next_row() {
            self.check(row);
        }
        self.builder.finish()
    }

    /// Reads the next row, and the findings before it.
    fn next_row(&mut self) -> Option<Row> {
        loop {
            match self.items.next()? {
                InputItem::Row(row) => return Some(row),
                InputItem::Finding(finding) => self.builder.add_finding(finding),
            }
        }
    }

    fn check(&mut self, row: Row) -> CheckedRow {
        let checked = self.checker.check(row);
        self.builder.add_row(&checked);
        checked.into_row()
    }
}

impl<I: Iterator<Item = InputItem>> Iterator for DetailedCheck<I> {
    type Item = RowDetails;

    fn next(&mut self) -> Option<RowDetails> {
        let row = self.next_row()?;
        let hash = HashDetails::of(row.fields().hardware_hash.as_ref(), &mut self.buffer);
        let checked = self.check(row);
        Some(RowDetails::new(&checked, hash, &mut self.buffer))
    }
}

impl<I> fmt::Debug for DetailedCheck<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DetailedCheck")
            .field("rows", &self.builder.summary.rows)
            .finish_non_exhaustive()
    }
}

/// Builds a summary row by row. Duplicates are final only at the end, because a later row may identify a device better.
#[derive(Default)]
struct SummaryBuilder {
    summary: CheckSummary,
    findings: Vec<(Position, Finding)>,
    /// Rows that are duplicates of an earlier row, with that row.
    duplicates: Vec<(Origin, Origin)>,
    /// Rows that a later row replaces, with that row. Few files have any.
    replaced_by: HashMap<Origin, Origin>,
    /// Rows that a later row contradicts, with the error. Few files have any.
    contradicted: HashMap<Origin, Finding>,
    sources: Vec<String>,
    /// The line that was reached in the last source, and the line of the last row.
    line: u64,
    row_line: u64,
}

/// The position of a finding: the number of the source, the line, and the order within the line.
type Position = (usize, u64, Order);

/// The order of findings about the same line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    BeforeRow,
    Row,
    Duplicate,
    AfterRow,
}

impl SummaryBuilder {
    /// Advances to a line of a source. Returns the number of the source and the line.
    fn advance(&mut self, source: &str, line: Option<u64>) -> (usize, u64) {
        if self.sources.last().is_none_or(|last| *last != *source) {
            self.sources.push(source.to_owned());
            (self.line, self.row_line) = (0, 0);
        }
        self.line = self.line.max(line.unwrap_or_default());
        (self.sources.len(), self.line)
    }

    fn add_finding(&mut self, finding: Finding) {
        let (source, line) = self.advance(finding.source(), finding.line());
        let order = if line > self.row_line { Order::BeforeRow } else { Order::AfterRow };
        self.findings.push(((source, line, order), finding));
    }

    fn add_row(&mut self, checked: &StreamedRow) {
        self.summary.rows += 1;
        let origin = checked.row().origin();
        let (source, line) = self.advance(&origin.source, Some(origin.line));
        self.row_line = line;
        for earlier in checked.replaces() {
            self.replaced_by.insert(earlier.clone(), origin.clone());
        }
        for error in checked.invalidates() {
            let line = error.line().unwrap_or_default();
            let earlier = Origin { source: error.source_name(), line };
            self.contradicted.insert(earlier, error.clone());
        }
        match checked.row().status() {
            RowStatus::Ready(_) => {}
            RowStatus::Duplicate(first) => self.duplicates.push((origin.clone(), first.clone())),
            RowStatus::Invalid(_) => self.summary.invalid += 1,
        }
        // Findings about duplicates are added at the end.
        let findings = checked.findings().iter().filter(|found| found.rule() != Rule::Duplicate);
        self.findings.extend(findings.map(|found| ((source, line, Order::Row), found.clone())));
    }

    fn finish(self) -> CheckSummary {
        let Self {
            mut summary, mut findings, duplicates, replaced_by, contradicted, sources, ..
        } = self;
        let position = |row: &Origin| {
            let source = sources.iter().position(|source| *source == row.source());
            (source.map_or(0, |source| source + 1), row.line, Order::Duplicate)
        };
        let replaced = replaced_by.iter().map(|(row, better)| (row.clone(), better.clone()));
        for (row, mut sent) in duplicates.into_iter().chain(replaced) {
            while let Some(better) = replaced_by.get(&sent) {
                sent = better.clone();
            }
            let finding = if contradicted.contains_key(&sent) {
                summary.invalid += 1;
                Finding::same_as_invalid(&row, &sent)
            } else {
                summary.duplicates += 1;
                Finding::duplicate(&row, &sent)
            };
            findings.push((position(&row), finding));
        }
        let contradicted =
            contradicted.into_iter().filter(|(row, _)| !replaced_by.contains_key(row));
        for (row, error) in contradicted {
            summary.invalid += 1;
            findings.push((position(&row), error));
        }
        findings.sort_by_key(|(position, _)| *position); // stable
        summary.findings = findings.into_iter().map(|(_, finding)| finding).collect();
        summary
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fleet::Fleet;
    use crate::check::test_hashes::with_hashes;
    use crate::input::{read, read_all};

    const HEADER: &str = "Serial,PKID,Hash,Make,Model,Order\n";

    #[test]
    fn findings_are_in_the_order_of_the_rows() {
        let rows = "S1,,,M,N,\nS2,,,,,\nS1,KEY,,M,N,\nS1,,,M,N,\nS1,KEY,<1>,M,N,\n,KEY,,,,\n";
        let csv = with_hashes(&format!("{HEADER}{rows}")).replace("KEY", "3305000000001");
        let files = || {
            [("a.csv", Ok(csv.as_bytes())), ("b.csv", Ok(&b""[..])), ("a.csv", Ok(csv.as_bytes()))]
        };
        let fleet = Fleet::check(read_all(files()));
        let summary = CheckSummary::new(read_all(files()));
        assert_eq!(summary.findings(), fleet.findings());
        assert_eq!(
            (summary.row_count(), summary.device_count()),
            (fleet.rows().len(), fleet.device_count())
        );
        assert_eq!(
            (summary.device_count(), summary.duplicate_count(), summary.invalid_count()),
            (1, 9, 2)
        );
    }

    #[test]
    fn findings_about_a_column_come_before_those_of_the_row() {
        let csv = "Serial,PKID\n=\"S1\",12\nS2,34\n";
        let summary = CheckSummary::new(read(csv.as_bytes(), "f.csv"));
        let rules: Vec<_> = summary.findings().iter().map(|found| found.rule().id()).collect();
        assert_eq!(rules, ["formula-quotes", "product-key-form", "product-key-form",]);
        let fleet = Fleet::read(csv.as_bytes(), "f.csv");
        assert_eq!(summary.findings(), fleet.findings());
    }

    proptest::proptest! {
        #[test]
        fn summary_agrees_with_fleet(
            rows in proptest::collection::vec(proptest::collection::vec(0..3_usize, 5), 0..12),
        ) {
            let columns = [
                ["", "S1", "S2"], ["", "3305000000001", "3305000000002"], ["", "<1>", "<2>"],
                ["M", "", "M"], ["N", "N", ""],
            ];
            let mut text = HEADER.to_owned();
            for row in rows {
                let cells = row.iter().zip(columns).map(|(choice, column)| column[*choice]);
                text += &(cells.collect::<Vec<_>>().join(",") + ",\n");
            }
            let text = with_hashes(&text);
            let fleet = Fleet::check(read(text.as_bytes(), "f.csv"));
            let summary = CheckSummary::new(read(text.as_bytes(), "f.csv"));
            proptest::prop_assert_eq!(summary.findings(), fleet.findings());
            proptest::prop_assert_eq!(
                (summary.row_count(), summary.device_count()),
                (fleet.rows().len(), fleet.device_count())
            );
        }
    }
}
