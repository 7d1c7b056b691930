//! Lists in each form that a command prints: a table for people, CSV and JSON for programs. Columns that do not fit
//! the terminal are hidden.

use std::io;

use comfy_table::{ColumnConstraint, Width};
use partner_center_devices_fleet::write_csv;
use serde::Serialize;
use unicode_width::UnicodeWidthStr as _;

use crate::args::Format;
use crate::errors::CommandError;
use crate::ui::output::{Ui, written};
use crate::ui::table::{bare, lined};

/// One column of a list.
pub(crate) struct Column<T> {
    /// Its title in the table; empty if only CSV has it.
    title: &'static str,
    /// Its name in CSV: that of the JSON's property; empty if only the table has it.
    field: &'static str,
    cell: fn(&T) -> String,
    /// Where a terminal is too narrow, the highest is left out first, and 0 never.
    rank: u8,
    /// Whether it may break between words. What is no text is copied, and stays whole.
    is_text: bool,
}

impl<T> Column<T> {
    const fn new(title: &'static str, field: &'static str, cell: fn(&T) -> String) -> Self {
        Self { title, field, cell, rank: 0, is_text: false }
    }

    /// What a table can do without, the higher the sooner.
    pub(crate) const fn rank(self, rank: u8) -> Self {
        Self { rank, ..self }
    }

    /// A sentence or a list of words.
    pub(crate) const fn text(self) -> Self {
        Self { is_text: true, ..self }
    }
}

/// A column of table and CSV.
pub(crate) const fn column<T>(
    title: &'static str,
    field: &'static str,
    cell: fn(&T) -> String,
) -> Column<T> {
    Column::new(title, field, cell)
}

/// A column that only CSV has, as what is too long for a table.
pub(crate) const fn csv_only<T>(field: &'static str, cell: fn(&T) -> String) -> Column<T> {
    Column::new("", field, cell)
}

/// A column that only the table has, as what is a name there and an id elsewhere.
pub(crate) const fn table_only<T>(title: &'static str, cell: fn(&T) -> String) -> Column<T> {
    Column::new(title, "", cell)
}

/// A line of a list. As JSON it is an object whose properties include those of the columns.
pub(crate) trait Record: Sized + 'static {
    const COLUMNS: &'static [Column<Self>];
}

/// A list in the form that is asked for. JSON is an array. Where there is nothing, a table is a note that says `none`.
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

/// Records as CSV, on stdout.
pub(crate) fn write_csv_list<T: Record>(records: &[T]) -> Result<(), CommandError> {
    let columns = || T::COLUMNS.iter().filter(|column| !column.field.is_empty());
    let names: Vec<_> = columns().map(|column| column.field).collect();
    let cells = |record| columns().map(move |column| (column.cell)(record));
    written(write_csv(io::stdout().lock(), &names, records.iter().map(cells)))
}

/// Records as a table for stdout. What it leaves out is said on stderr.
pub(crate) fn list_table<T: Record>(ui: Ui, records: &[T]) -> String {
    let (width, colours) = ui.screen();
    let (table, left_out) = table_of(records, width, colours);
    if !left_out.is_empty() {
        let left_out = left_out.join(", ");
        ui.status(&format!("left out, as the terminal is narrow: {left_out}; --json has all\n"));
    }
    table
}

/// Records as a table for stderr: what is shown before it is done.
pub(crate) fn note_table<T: Record>(ui: Ui, records: &[T]) -> String {
    let (width, colours) = ui.stderr_screen();
    table_of(records, width, colours).0
}

/// Without the columns in which nothing stands, and with the titles of those for which there is no room.
fn table_of<T: Record>(
    records: &[T],
    width: Option<u16>,
    colours: bool,
) -> (String, Vec<&'static str>) {
    let columns = T::COLUMNS.iter().filter(|column| !column.title.is_empty());
    let columns = columns.map(|column| {
        (column, records.iter().map(|record| (column.cell)(record)).collect::<Vec<_>>())
    });
    let columns: Vec<_> =
        columns.filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty())).collect();
    let needs: Vec<_> = columns.iter().map(|(column, cells)| Need::of(column, cells)).collect();
    let widths = widths(&needs, width.map_or(usize::MAX, usize::from));
    let shown =
        || columns.iter().zip(&widths).filter_map(|(column, width)| Some((column, (*width)?)));
    let titles: Vec<_> = shown().map(|((column, _), _)| column.title).collect();
    let mut table = bare(&titles, None, colours);
    for row in 0..records.len() {
        table.add_row(shown().map(|((_, cells), _)| cells[row].as_str()));
    }
    for (place, (_, width)) in shown().enumerate() {
        if let Some(column) = table.column_mut(place) {
            let width = Width::Fixed(u16::try_from(width + PADDING).unwrap_or(u16::MAX));
            column.set_constraint(ColumnConstraint::Absolute(width));
        }
    }
    let left_out = columns.iter().zip(&widths).filter(|(_, width)| width.is_none());
    (lined(&table), left_out.map(|((column, _), _)| column.title).collect())
}

/// A blank on either side of a column.
const PADDING: usize = 2;
/// A text that is narrower is hard to read.
const NARROW: usize = 20;

/// What a column takes.
#[derive(Clone, Copy)]
struct Need {
    rank: u8,
    /// So that nothing breaks that should not.
    least: usize,
    /// So that nothing breaks.
    whole: usize,
}

impl Need {
    fn of<T>(column: &Column<T>, cells: &[String]) -> Self {
        let texts = || cells.iter().map(String::as_str).chain([column.title]);
        let widest = |width: fn(&str) -> usize| texts().map(width).max().unwrap_or_default();
        let whole = widest(|text| text.width());
        let words = |text: &str| text.split(' ').map(|word| word.width()).max().unwrap_or_default();
        let least = if column.is_text { widest(words).max(NARROW).min(whole) } else { whole };
        Self { rank: column.rank, least, whole }
    }
}

/// How wide each column is; `None` leaves it out. Columns come in by their rank while there is room, and those that cannot
/// be left out come in anyhow; then texts share what is left.
fn widths(needs: &[Need], width: usize) -> Vec<Option<usize>> {
    let mut places: Vec<_> = (0..needs.len()).collect();
    places.sort_by_key(|place| needs[*place].rank); // stable: else the first goes before
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

    /// What is copied stays whole, what can be read in two lines breaks between words, and the rest is named.
    #[test]
    fn a_narrow_table_breaks_no_name() {
        let lines = [
            Line(["Headquarters-0001", "Contoso", "remove_oem_preinstalls, skip_eula, skip_oem"]),
            Line(["装置", "M", "none"]),
        ];
        let mut shown = String::new();
        for width in [80, 60, 50, 40, 10] {
            let (table, left_out) = table_of(&lines, Some(width), false);
            shown += &format!("{width}: without {left_out:?}\n{table}");
            assert!(table.contains("Headquarters-0001"), "{table}");
            assert!(
                width < 40 || table.lines().all(|line| line.width() <= width.into()),
                "{table}"
            );
        }
        insta::assert_snapshot!("narrow-tables", shown);
    }
}
