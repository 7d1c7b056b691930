//! Lists in each form that a command prints: a table for people, CSV and JSON for programs. Columns that do not fit
//! the terminal are hidden.

use std::borrow::Borrow;

use comfy_table::{ColumnConstraint, Width};
use partner_center_devices::raw::printable;
use partner_center_devices_fleet::write_csv;
use serde::Serialize;
use unicode_width::UnicodeWidthStr as _;

use crate::args::Format;
use crate::errors::CommandError;
use crate::ui::output::{Ui, written};
use crate::ui::table::{plain_table, to_text};
use crate::ui::terminal_text::{document_output, is_stdout_terminal};

/// One column of a list.
pub(crate) struct Column<T> {
    /// The title in the table; empty if only CSV has the column.
    title: &'static str,
    /// The name in CSV, the same as in JSON; empty if only the table has the column.
    field: &'static str,
    cell: fn(&T) -> String,
    /// If the terminal is too narrow, columns with the highest rank are hidden first. Rank 0 is always shown.
    rank: u8,
    /// True if the cells may wrap between words. Others stay whole, because users copy them.
    is_text: bool,
}

impl<T> Column<T> {
    const fn new(title: &'static str, field: &'static str, cell: fn(&T) -> String) -> Self {
        Self { title, field, cell, rank: 0, is_text: false }
    }

    /// Lets narrow terminals hide the column. The highest rank is hidden first.
    pub(crate) const fn rank(self, rank: u8) -> Self {
        Self { rank, ..self }
    }

    /// Lets the cells wrap between words.
    pub(crate) const fn text(self) -> Self {
        Self { is_text: true, ..self }
    }
}

/// Returns a column of table and CSV.
pub(crate) const fn column<T>(
    title: &'static str,
    field: &'static str,
    cell: fn(&T) -> String,
) -> Column<T> {
    Column::new(title, field, cell)
}

/// Returns a column of CSV only, for values that are too long for a table.
pub(crate) const fn csv_only<T>(field: &'static str, cell: fn(&T) -> String) -> Column<T> {
    Column::new("", field, cell)
}

/// Returns a column of the table only, such as a name whose id is in CSV.
pub(crate) const fn table_only<T>(title: &'static str, cell: fn(&T) -> String) -> Column<T> {
    Column::new(title, "", cell)
}

/// An entry of a list. Its JSON object has the properties that the columns name.
pub(crate) trait Record: Sized + 'static {
    const COLUMNS: &'static [Column<Self>];
}

/// Prints a list in the requested format. An empty table is replaced by the message `none` on stderr.
pub(crate) fn write_list<T: Record + Serialize>(
    ui: Ui,
    format: Format,
    records: &[T],
    none: &str,
) -> Result<(), CommandError> {
    if format.json {
        return ui.print_json(&records);
    }
    if format.csv {
        return write_csv_list(records);
    }
    if records.is_empty() {
        ui.status(&format!("{none}\n"));
        return Ok(());
    }
    ui.print(&list_table(ui, records))
}

/// Prints records as CSV.
pub(crate) fn write_csv_list<T: Record>(records: &[T]) -> Result<(), CommandError> {
    write_csv_rows::<T>(records.iter())
}

/// Prints records as CSV while they are made.
pub(crate) fn write_csv_rows<T: Record>(
    records: impl Iterator<Item = impl Borrow<T>>,
) -> Result<(), CommandError> {
    let columns = || T::COLUMNS.iter().filter(|column| !column.field.is_empty());
    let names: Vec<_> = columns().map(|column| column.field).collect();
    let is_terminal = is_stdout_terminal();
    let cell = |text: String| match is_terminal {
        true => printable::line(&text).into_owned(), // a line break would look like a row
        false => text,
    };
    let cells =
        |record: &T| columns().map(|column| cell((column.cell)(record))).collect::<Vec<_>>();
    let rows = records.map(|record| cells(record.borrow()));
    written(write_csv(document_output(), &names, rows))
}

/// Returns records as a table for stdout. Names hidden columns on stderr.
pub(crate) fn list_table<T: Record>(ui: Ui, records: &[T]) -> String {
    let (width, colors) = ui.screen();
    let (table, hidden) = table_of(records, width, colors);
    if !hidden.is_empty() {
        let hidden = hidden.join(", ");
        ui.status(&format!(
            "Hidden because the terminal is narrow: {hidden}. Use --json to see everything.\n"
        ));
    }
    table
}

/// Returns records as a table for stderr, such as a plan.
pub(crate) fn note_table<T: Record>(ui: Ui, records: &[T]) -> String {
    let (width, colors) = ui.stderr_screen();
    table_of(records, width, colors).0
}

/// Returns a table without empty columns, and the titles of the columns that did not fit.
pub(crate) fn table_of<T: Record>(
    records: &[T],
    width: Option<u16>,
    colors: bool,
) -> (String, Vec<&'static str>) {
    let columns = T::COLUMNS.iter().filter(|column| !column.title.is_empty());
    let columns = columns.map(|column| {
        let cell = |record| printable::line(&(column.cell)(record)).into_owned();
        (column, records.iter().map(cell).collect::<Vec<_>>())
    });
    let columns: Vec<_> =
        columns.filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty())).collect();
    let needs: Vec<_> = columns.iter().map(|(column, cells)| Need::of(column, cells)).collect();
    let widths = widths(&needs, width.map_or(usize::MAX, usize::from));
    let shown =
        || columns.iter().zip(&widths).filter_map(|(column, width)| Some((column, (*width)?)));
    let titles: Vec<_> = shown().map(|((column, _), _)| column.title).collect();
    let mut table = plain_table(&titles, None, colors);
    for row in 0..records.len() {
        table.add_row(shown().map(|((_, cells), _)| cells[row].as_str()));
    }
    for (place, (_, width)) in shown().enumerate() {
        if let Some(column) = table.column_mut(place) {
            let width = Width::Fixed(u16::try_from(width + PADDING).unwrap_or(u16::MAX));
            column.set_constraint(ColumnConstraint::Absolute(width));
        }
    }
    let hidden = columns.iter().zip(&widths).filter(|(_, width)| width.is_none());
    (to_text(&table), hidden.map(|((column, _), _)| column.title).collect())
}

/// The space on both sides of a column.
const PADDING: usize = 2;
/// The minimum width of a column that wraps.
const MIN_TEXT_WIDTH: usize = 20;

/// The width that a column needs.
#[derive(Clone, Copy)]
struct Need {
    rank: u8,
    /// The width without a break inside a word.
    least: usize,
    /// The width without any break.
    whole: usize,
}

impl Need {
    fn of<T>(column: &Column<T>, cells: &[String]) -> Self {
        let texts = || cells.iter().map(String::as_str).chain([column.title]);
        let widest = |width: fn(&str) -> usize| texts().map(width).max().unwrap_or_default();
        let whole = widest(|text| text.width());
        let words = |text: &str| text.split(' ').map(|word| word.width()).max().unwrap_or_default();
        let least =
            if column.is_text { widest(words).max(MIN_TEXT_WIDTH).min(whole) } else { whole };
        Self { rank: column.rank, least, whole }
    }
}

/// Returns the width of each column; `None` hides it. Columns of rank 0 are always shown, the others in the order of their
/// rank while there is room. Wrapping columns share the rest.
fn widths(needs: &[Need], width: usize) -> Vec<Option<usize>> {
    let mut places: Vec<_> = (0..needs.len()).collect();
    places.sort_by_key(|place| needs[*place].rank); // stable: columns of the same rank keep their order
    let mut widths = vec![None; needs.len()];
    let mut left = width;
    for place in places {
        let Need { rank, least, .. } = needs[place];
        if rank == 0 || least + PADDING <= left {
            widths[place] = Some(least);
            left = left.saturating_sub(least + PADDING);
        }
    }
    for (width, need) in widths.iter_mut().zip(needs) {
        if let Some(width) = width {
            let more = left.min(need.whole - need.least);
            *width += more;
            left -= more;
        }
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Line([&'static str; 3]);

    impl Record for Line {
        const COLUMNS: &'static [Column<Self>] = &[
            column("Name", "name", |line| line.0[0].to_owned()),
            column("Maker", "maker", |line: &Self| line.0[1].to_owned()).rank(2),
            column("Settings", "settings", |line: &Self| line.0[2].to_owned()).rank(1).text(),
        ];
    }

    /// Names stay whole, texts wrap between words, and hidden columns are named.
    #[test]
    fn a_narrow_table_does_not_break_names() {
        let lines = [
            Line(["Headquarters-0001", "Contoso", "remove_oem_preinstalls, skip_eula, skip_oem"]),
            Line(["装置", "M", "none"]),
        ];
        let mut shown = String::new();
        for width in [80, 60, 50, 40, 10] {
            let (table, hidden) = table_of(&lines, Some(width), false);
            shown += &format!("{width}: without {hidden:?}\n{table}");
            assert!(table.contains("Headquarters-0001"), "{table}");
            assert!(
                width < 40 || table.lines().all(|line| line.width() <= width.into()),
                "{table}"
            );
        }
        insta::assert_snapshot!("narrow-tables", shown);
    }
}
