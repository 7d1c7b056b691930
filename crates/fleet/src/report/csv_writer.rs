//! CSV as it is written. Decides what a cell is that a spreadsheet would calculate.

use std::borrow::Cow;
use std::io::{self, Write};

/// Writes CSV: the names of the columns, then a line for each row. A cell that a spreadsheet would take for a formula
/// begins with an apostrophe (<https://owasp.org/www-community/attacks/CSV_Injection>).
///
/// # Errors
/// If the writer fails, or a row has another number of cells than there are columns.
pub fn write_csv<Row, Text>(
    writer: impl Write,
    columns: &[&str],
    rows: impl IntoIterator<Item = Row>,
) -> io::Result<()>
where
    Row: IntoIterator<Item = Text>,
    Text: AsRef<str>,
{
    let mut csv = csv::Writer::from_writer(writer);
    csv.write_record(columns)?;
    for row in rows {
        for cell in row {
            csv.write_field(harmless(cell.as_ref()).as_bytes())?;
        }
        csv.write_record(None::<&[u8]>)?;
    }
    csv.flush()
}

fn harmless(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_a_formula_is_quoted() {
        for (cell, written) in [
            ("=1", "'=1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@A", "'@A"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("1=", "1="),
            ("", ""),
        ] {
            assert_eq!(harmless(cell), written);
        }
    }

    #[test]
    fn a_row_has_a_cell_for_each_column() {
        let write = |row: &[&str]| {
            let mut bytes = Vec::new();
            write_csv(&mut bytes, &["a", "b"], [row]).map(|()| String::from_utf8(bytes).unwrap())
        };
        assert_eq!(write(&["=1", "x,y"]).unwrap(), "a,b\n'=1,\"x,y\"\n");
        assert!(write(&["1"]).is_err());
    }
}
