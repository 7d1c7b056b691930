//! What would become of files, without their devices: for a look before an upload. Decides the same as
//! [`Fleet`](crate::Fleet), and keeps only what was found.

use std::collections::HashMap;

use crate::check::finding::{Finding, Origin, Rule};
use crate::check::fleet::{Checker, StreamedRow, Verdict, duplicate};
use crate::input::Entry;

/// The findings of files of any size, and how many of their rows would be sent. It says what [`Fleet`](crate::Fleet)
/// says of the same entries, and keeps no device.
///
/// ```
/// use partner_center_devices_fleet::{Survey, read};
///
/// let csv = "Serial Number,Manufacturer,Model\n4PX12X3,Dell Inc.,X\n4PX12X3,Dell Inc.,X\n4PX12X4,,\n";
/// let survey = Survey::of(read(csv.as_bytes(), "vendor.csv"));
/// assert_eq!((survey.rows(), survey.devices(), survey.duplicates(), survey.refused()), (3, 1, 1, 1));
/// assert_eq!(survey.findings().len(), 2);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Survey {
    rows: usize,
    duplicates: usize,
    refused: usize,
    findings: Vec<Finding>,
}

impl Survey {
    /// Reads to the end. Files are looked at as one fleet if their entries are chained.
    pub fn of(entries: impl IntoIterator<Item = Entry>) -> Self {
        let mut checker = Checker::default();
        let mut making = Making::default();
        for entry in entries {
            match entry {
                Entry::Row(row) => making.row(&checker.check(row)),
                Entry::Finding(finding) => making.finding(finding),
            }
        }
        making.end()
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many of them would be sent.
    #[must_use]
    pub fn devices(&self) -> usize {
        self.rows - self.duplicates - self.refused
    }

    /// How many are the same device as another row, and would not be sent.
    #[must_use]
    pub fn duplicates(&self) -> usize {
        self.duplicates
    }

    /// How many have an error, and would not be sent.
    #[must_use]
    pub fn refused(&self) -> usize {
        self.refused
    }

    /// Everything that was found, in the order of the rows.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

/// Which row is a duplicate of which is sure only at the end: a better one may come.
#[derive(Default)]
struct Making {
    survey: Survey,
    findings: Vec<(Place, Finding)>,
    /// Rows that are not sent, and the row before them that is the same.
    same: Vec<(Origin, Origin)>,
    /// Rows that a later one says better, which is the other. Few files have one.
    replaced: HashMap<Origin, Origin>,
    sources: Vec<String>,
    line: u64,
}

/// Source, line, and what comes first of a line: what is said of the row itself, that it is a duplicate, what is said of
/// no row.
type Place = (usize, u64, u8);

impl Making {
    fn entry(&mut self, source: &str, line: Option<u64>) -> (usize, u64) {
        if self.sources.last().is_none_or(|last| *last != *source) {
            self.sources.push(source.to_owned());
            self.line = 0;
        }
        self.line = self.line.max(line.unwrap_or_default());
        (self.sources.len(), self.line)
    }

    fn finding(&mut self, finding: Finding) {
        let (source, line) = self.entry(finding.source(), finding.line());
        self.findings.push(((source, line, 2), finding));
    }

    fn row(&mut self, checked: &StreamedRow) {
        self.survey.rows += 1;
        let origin = checked.row().origin();
        let (source, line) = self.entry(&origin.source, Some(origin.line));
        for earlier in checked.replaces() {
            self.replaced.insert(earlier.clone(), origin.clone());
        }
        match checked.row().verdict() {
            Verdict::Send(_) => {}
            Verdict::Duplicate(first) => self.same.push((origin.clone(), first.clone())),
            Verdict::Refused(_) => self.survey.refused += 1,
        }
        for found in checked.findings() {
            // What is said of equal rows is said at the end.
            if !matches!(found.rule(), Rule::Duplicate | Rule::LateDuplicate) {
                self.findings.push(((source, line, 0), found.clone()));
            }
        }
    }

    fn end(self) -> Survey {
        let Self { mut survey, mut findings, same, replaced, sources, .. } = self;
        let late = replaced.iter().map(|(row, better)| (row.clone(), better.clone()));
        for (row, mut kept) in same.into_iter().chain(late) {
            while let Some(better) = replaced.get(&kept) {
                kept = better.clone();
            }
            let source = sources.iter().position(|source| *source == row.source());
            let place = (source.map_or(0, |place| place + 1), row.line, 1);
            findings.push((place, duplicate(&row, &kept)));
            survey.duplicates += 1;
        }
        findings.sort_by_key(|(place, _)| *place); // stable
        survey.findings = findings.into_iter().map(|(_, finding)| finding).collect();
        survey
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fleet::Fleet;
    use crate::input::{read, read_all};

    const HEADER: &str = "Serial,PKID,Hash,Make,Model,Order\n";

    #[test]
    fn the_order_is_that_of_the_rows() {
        let rows = "S1,,,M,N,\nS2,,,,,\nS1,12,,M,N,\nS1,,,M,N,\nS1,12,T0E=,M,N,\n,12,,,,\n";
        let csv = format!("{HEADER}{rows}");
        let files = || {
            [("a.csv", Ok(csv.as_bytes())), ("b.csv", Ok(&b""[..])), ("a.csv", Ok(csv.as_bytes()))]
        };
        let (fleet, survey) = (Fleet::check(read_all(files())), Survey::of(read_all(files())));
        assert_eq!(survey.findings(), fleet.findings());
        assert_eq!((survey.rows(), survey.devices()), (fleet.rows().len(), fleet.devices()));
        assert_eq!((survey.devices(), survey.duplicates(), survey.refused()), (1, 9, 2));
    }

    proptest::proptest! {
        #[test]
        fn a_survey_says_what_a_fleet_says(
            rows in proptest::collection::vec(proptest::collection::vec(0..3_usize, 5), 0..12),
        ) {
            let columns = [
                ["", "S1", "S2"], ["", "1", "2"], ["", "T0E=", "T0F="], ["M", "", "M"], ["N", "N", ""],
            ];
            let mut text = HEADER.to_owned();
            for row in rows {
                let cells = row.iter().zip(columns).map(|(choice, column)| column[*choice]);
                text += &(cells.collect::<Vec<_>>().join(",") + ",\n");
            }
            let fleet = Fleet::check(read(text.as_bytes(), "f.csv"));
            let survey = Survey::of(read(text.as_bytes(), "f.csv"));
            proptest::prop_assert_eq!(survey.findings(), fleet.findings());
            proptest::prop_assert_eq!((survey.rows(), survey.devices()), (fleet.rows().len(), fleet.devices()));
        }
    }
}
