//! Writes CSV that is safe to open in a spreadsheet.

use std::borrow::Cow;
use std::io::{self, Write};

/// Writes CSV: a header with the column names, then one line per row. Cells that a spreadsheet would interpret as a
/// formula start with an apostrophe (<https://owasp.org/www-community/attacks/CSV_Injection>). So do the parts of a cell
/// that would become separate cells where the separator is a semicolon or a tab.
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
    const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let is_formula = |text: &str| {
        let visible = text.trim_start_matches(|c: char| c.is_control());
        visible.starts_with(FORMULA) || text.starts_with(['\t', '\r'])
    };
    let is_separator = |c: char| matches!(c, ';' | '\t');
    let mut parts = cell.split_inclusive(is_separator);
    if !parts.any(is_formula) {
        return Cow::Borrowed(cell);
    }
    let escape = |part: &str| [if is_formula(part) { "'" } else { "" }, part].concat();
    Cow::Owned(cell.split_inclusive(is_separator).map(escape).collect())
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
            ("\t=1", "'\t'=1"),
            ("\r=1", "'\r=1"),
            ("\n=1", "'\n=1"),
            ("\0=1", "'\0=1"),
            ("S1;=HYPERLINK(1);2;@A", "S1;'=HYPERLINK(1);2;'@A"),
            ("S1\t=1", "S1\t'=1"),
            ("1;2 = 3", "1;2 = 3"),
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
