//! Writes CSV that is safe to open in a spreadsheet.

use std::borrow::Cow;
use std::io::{self, Write};

/// Writes CSV: a header with the column names, then one line per row. Cells that a spreadsheet would interpret as a
/// formula start with an apostrophe (<https://owasp.org/www-community/attacks/CSV_Injection>).
///
/// # Errors
/// If the writer fails, or the number of cells in a row differs from the number of columns.
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
            csv.write_field(escape_formula(cell.as_ref()).as_bytes())?;
        }
        csv.write_record(None::<&[u8]>)?;
    }
    csv.flush()
}

fn escape_formula(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_formulas() {
        for (cell, written) in [
            ("=1", "'=1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@A", "'@A"),
            ("＝1", "'＝1"),
            ("＋1", "'＋1"),
            ("－1", "'－1"),
            ("＠A", "'＠A"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("1=", "1="),
            ("", ""),
        ] {
            assert_eq!(escape_formula(cell), written);
        }
    }

    #[test]
    fn rows_need_a_cell_per_column() {
        let write = |row: &[&str]| {
            let mut bytes = Vec::new();
            write_csv(&mut bytes, &["a", "b"], [row]).map(|()| String::from_utf8(bytes).unwrap())
        };
        assert_eq!(write(&["=1", "x,y"]).unwrap(), "a,b\n'=1,\"x,y\"\n");
        assert!(write(&["1"]).is_err());
    }
}
