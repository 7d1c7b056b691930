//! Writes rows that were not sent to a CSV file, so that they can be corrected and uploaded again.

use std::io::{self, Write};

use crate::input::OriginalRecord;

/// The name of the column with the problem of each row. Readers ignore it.
const PROBLEM: &str = "Problem";

/// Writes rows to correct in a spreadsheet and to upload again: UTF-8 with a byte order mark, the original header and cells,
/// and a last column `Problem`. If the header changes, the new one is written above its rows. Readers accept both.
///
/// The file contains whole hardware hashes, so only its owner should be able to read it. Cells are not escaped, because
/// they would be uploaded in their escaped form.
///
/// # Errors
/// If the writer fails.
pub fn write_rows_to_correct<'a>(
    mut writer: impl Write,
    rows: impl IntoIterator<Item = (&'a OriginalRecord, &'a str)>,
) -> io::Result<()> {
    writer.write_all("\u{FEFF}".as_bytes())?;
    let mut csv = csv::WriterBuilder::new().flexible(true).from_writer(writer);
    let mut last: Option<&OriginalRecord> = None;
    for (row, problem) in rows {
        // A file that was written here already has the column.
        let is_kept: Vec<bool> = names(row).map(|name| name.trim() != PROBLEM).collect();
        if last.is_none_or(|last| !last.header().eq(row.header())) {
            let names = names(row).zip(&is_kept).filter(|(_, is_kept)| **is_kept);
            csv.write_record(names.map(|(name, _)| name).chain([PROBLEM]))?;
        }
        last = Some(row);
        let kept = |index: usize| is_kept.get(index).copied().unwrap_or(true);
        let cells = row.cells().enumerate().filter(|(index, _)| kept(*index));
        let cells = cells.map(|(_, cell)| without_line_end(cell));
        let missing = is_kept.iter().skip(row.cells().len()).filter(|is_kept| **is_kept).count();
        csv.write_record(cells.chain(std::iter::repeat_n("", missing)).chain([problem]))?;
    }
    csv.flush()
}

fn names(row: &OriginalRecord) -> impl Iterator<Item = &str> {
    row.header().map(without_line_end)
}

/// Removes the carriage return of CRLF, which the last cell of a line still has.
fn without_line_end(cell: &str) -> &str {
    cell.strip_suffix('\r').unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::checked_row::{CheckedRow, RowStatus};
    use crate::check::fleet::Fleet;
    use crate::input::ReadOptions;

    fn fleet(csv: &[u8]) -> Fleet {
        Fleet::check(ReadOptions::new().keep_records(true).read(csv, "f.csv"))
    }

    /// Writes all rows, each with its number as the problem.
    fn written(fleet: &Fleet) -> String {
        let problems: Vec<_> = (1..=fleet.rows().len()).map(|row| format!("p{row}")).collect();
        let originals = fleet.rows().iter().map(|row| row.original().unwrap());
        let mut bytes = Vec::new();
        write_rows_to_correct(&mut bytes, originals.zip(problems.iter().map(String::as_str)))
            .unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn cells_are_kept_as_they_are() {
        for (case, csv, expected) in [
            (
                "cells that a spreadsheet would interpret, quotation marks and spaces",
                &b"Serial,Make,Model,Shelf\n=1+1, M ,\"N, \"\"x\"\"\",-3\n"[..],
                "Serial,Make,Model,Shelf,Problem\n=1+1, M ,\"N, \"\"x\"\"\",-3,p1\n",
            ),
            ("short row", b"Serial,Make,Model\nS1\n", "Serial,Make,Model,Problem\nS1,,,p1\n"),
            (
                "long row",
                b"Serial,Make,Model\nS1,Dell, Inc.,N\n",
                "Serial,Make,Model,Problem\nS1,Dell, Inc.,N,p1\n",
            ),
            ("semicolons", b"Serial;Make\r\nS1;M,N\r\n", "Serial,Make,Problem\nS1,\"M,N\",p1\n"),
            (
                "Windows-1252",
                b"Serial,Make\nS1,M\xFCll\n",
                "Serial,Make,Problem\nS1,M\u{FC}ll,p1\n",
            ),
            (
                "another header",
                b"Serial,Make\nS1,M\nS2,M\nSerial,PKID\nS3,4\n",
                "Serial,Make,Problem\nS1,M,p1\nS2,M,p2\nSerial,PKID,Problem\nS3,4,p3\n",
            ),
            (
                "its own file",
                b"Serial,Make,Problem\nS1,M,old\nS2\n",
                "Serial,Make,Problem\nS1,M,p1\nS2,,p2\n",
            ),
        ] {
            assert_eq!(written(&fleet(csv)), format!("\u{FEFF}{expected}"), "{case}");
        }
    }

    #[test]
    fn the_problem_column_changes_no_row_and_makes_no_finding() {
        let csv =
            b"Serial,PKID,Hash,Make,Model\nS1,,,,\nS2,12,,,\nS3,,,Dell, Inc.,N\n,,,,M\nS4,,,M,N\n";
        let before = fleet(csv);
        let after = fleet(written(&before).as_bytes());
        let statuses = |fleet: &Fleet| -> Vec<_> {
            let status = |row: &CheckedRow| match row.status() {
                RowStatus::Invalid(finding) => finding.rule().id().to_owned(),
                valid => format!("{valid:?}"),
            };
            fleet.rows().iter().map(status).collect()
        };
        assert_eq!(statuses(&before), statuses(&after));
        let rules = |fleet: &Fleet| -> Vec<_> {
            fleet.findings().iter().map(|finding| (finding.line(), finding.rule())).collect()
        };
        assert_eq!(rules(&before), rules(&after));
    }
}
