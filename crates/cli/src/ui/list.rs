//! Lists in each form that a command prints: a table for people, CSV and JSON for programs. Columns that do not fit
//! the terminal are hidden.

use std::borrow::Borrow;

use comfy_table::{Cell, CellAlignment, Color, ColumnConstraint, Width};
use indicatif::HumanCount;
use partner_center_devices::raw::printable;
use partner_center_devices_fleet::write_csv;
use serde::Serialize;
use unicode_width::UnicodeWidthStr as _;

use crate::args::{AllRows, Format};
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
    /// True if the cells are numbers, which are aligned on the right.
    is_number: bool,
    /// The color of a cell.
    color: Option<fn(&T) -> Option<Color>>,
}

impl<T> Column<T> {
    const fn new(title: &'static str, field: &'static str, cell: fn(&T) -> String) -> Self {
        Self { title, field, cell, rank: 0, is_text: false, is_number: false, color: None }
    }

    /// Lets narrow terminals hide the column. The highest rank is hidden first.
    pub(crate) const fn rank(self, rank: u8) -> Self {
        Self { rank, ..self }
    }

    /// Lets the cells wrap between words.
    pub(crate) const fn text(self) -> Self {
        Self { is_text: true, ..self }
    }

    /// Aligns the cells on the right.
    pub(crate) const fn number(self) -> Self {
        Self { is_number: true, ..self }
    }

    /// Colors the cells.
    pub(crate) const fn colored(self, color: fn(&T) -> Option<Color>) -> Self {
        Self { color: Some(color), ..self }
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
    print_table(ui, records)
}

/// The part of a long list that a terminal shows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Part {
    /// The first 50 records.
    Start,
    /// The last 20 records, of a list whose newest record is the last.
    End,
}

impl Part {
    /// Returns the records of this part.
    fn of<T>(self, records: &[T]) -> &[T] {
        match self {
            Self::Start => &records[..records.len().min(50)],
            Self::End => &records[records.len().saturating_sub(20)..],
        }
    }
}

/// Like [`write_list`]. A terminal shows only a part of a long table, unless the user wants all rows, and the number of the
/// others. `things` is their name, for several.
pub(crate) fn write_long_list<T: Record + Serialize>(
    ui: Ui,
    format: Format,
    (part, all): (Part, AllRows),
    records: &[T],
    things: &str,
    none: &str,
) -> Result<(), CommandError> {
    let shown = part.of(records);
    let is_whole = all.all || shown.len() == records.len() || !is_stdout_terminal();
    if format.json || format.csv || is_whole {
        return write_list(ui, format, records, none);
    }
    print_table(ui, shown)?;
    let part = match part {
        Part::Start => "first",
        Part::End => "last",
    };
    let (shown, whole) = (shown.len(), HumanCount(records.len() as u64));
    ui.status(&format!("The {part} {shown} of {whole} {things}. Use --all to list all.\n"));
    Ok(())
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
    let layout = Layout::of(records, width);
    note_hidden(ui, &layout.hidden());
    layout.render(records, colors).collect()
}

/// Prints records as a table, some rows at a time. Names hidden columns on stderr.
pub(crate) fn print_table<T: Record>(ui: Ui, records: &[T]) -> Result<(), CommandError> {
    let (width, colors) = ui.screen();
    let layout = Layout::of(records, width);
    note_hidden(ui, &layout.hidden());
    layout.render(records, colors).try_for_each(|rows| ui.print(&rows))
}

/// Returns records as a table for stderr, such as a plan.
pub(crate) fn note_table<T: Record>(ui: Ui, records: &[T]) -> String {
    let (width, colors) = ui.stderr_screen();
    Layout::of(records, width).render(records, colors).collect()
}

/// Names the columns that did not fit.
pub(crate) fn note_hidden(ui: Ui, hidden: &[&str]) {
    if !hidden.is_empty() {
        let hidden = hidden.join(", ");
        ui.status(&format!(
            "Hidden because the terminal is narrow: {hidden}. Use --json to see everything.\n"
        ));
    }
}

/// Returns the text of a cell. A text that is much longer than any of the service is truncated, because a server must not fill
/// the memory with it. JSON and CSV have the whole text.
fn shown_cell<T>(column: &Column<T>, record: &T) -> String {
    let mut cell = (column.cell)(record);
    if let Some((end, _)) = cell.char_indices().nth(MAX_CELL) {
        cell.truncate(end);
        cell.push('…');
    }
    printable::line(&cell).into_owned()
}

/// The columns of a table that are not empty, and the width of each.
pub(crate) struct Layout<T: 'static> {
    columns: Vec<(&'static Column<T>, Option<usize>)>,
    is_whole: bool,
}

impl<T: Record> Layout<T> {
    pub(crate) fn of(records: &[T], width: Option<u16>) -> Self {
        let columns = T::COLUMNS.iter().filter(|column| !column.title.is_empty());
        let columns: Vec<_> = columns
            .filter_map(|column| Need::of(column, records).map(|need| (column, need)))
            .collect();
        let needs: Vec<_> = columns.iter().map(|(_, need)| *need).collect();
        let width = width.map_or(usize::MAX, usize::from);
        let whole: usize = needs.iter().map(|need| need.whole + PADDING).sum();
        let widths = widths(&needs, width);
        let columns = columns.into_iter().map(|(column, _)| column);
        Self { columns: columns.zip(widths).collect(), is_whole: whole <= width }
    }

    /// Returns the titles of the columns that did not fit.
    pub(crate) fn hidden(&self) -> Vec<&'static str> {
        let hidden = self.columns.iter().filter(|(_, width)| width.is_none());
        hidden.map(|(column, _)| column.title).collect()
    }

    /// Returns true if all columns fit without wrapped cells.
    pub(crate) fn fits(&self) -> bool {
        self.is_whole
    }

    /// Renders the table, some rows at a time, so that a long table needs little memory.
    pub(crate) fn render<'a>(
        &'a self,
        records: &'a [T],
        colors: bool,
    ) -> impl Iterator<Item = String> + 'a {
        records.chunks(ROWS_AT_A_TIME).enumerate().map(move |(place, rows)| {
            let shown =
                || self.columns.iter().filter_map(|(column, width)| Some((*column, (*width)?)));
            let titles: Vec<_> = shown().map(|(column, _)| column.title).collect();
            let mut table = plain_table(&titles, None, colors);
            for row in rows {
                table.add_row(shown().map(|(column, _)| {
                    let cell = Cell::new(shown_cell(column, row));
                    match column.color.and_then(|color| color(row)) {
                        Some(color) => cell.fg(color),
                        None => cell,
                    }
                }));
            }
            for (place, (of, width)) in shown().enumerate() {
                if let Some(column) = table.column_mut(place) {
                    if of.is_number {
                        column.set_cell_alignment(CellAlignment::Right);
                    }
                    let width = Width::Fixed(u16::try_from(width + PADDING).unwrap_or(u16::MAX));
                    column.set_constraint(ColumnConstraint::Absolute(width));
                }
            }
            let text = to_text(&table);
            // Only the first part has the titles, which need one line.
            match place {
                0 => text,
                _ => text.split_once('\n').map(|(_, rows)| rows.to_owned()).unwrap_or_default(),
            }
        })
    }
}

/// The maximum length of a cell in characters.
const MAX_CELL: usize = 1_000;
/// The number of rows that are rendered together.
const ROWS_AT_A_TIME: usize = 1_000;
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
    /// Returns what a column needs; `None` if all of its cells are empty.
    fn of<T>(column: &Column<T>, records: &[T]) -> Option<Self> {
        let words = |text: &str| text.split(' ').map(|word| word.width()).max().unwrap_or_default();
        let mut is_empty = true;
        let (mut whole, mut word) = (column.title.width(), words(column.title));
        for record in records {
            let cell = shown_cell(column, record);
            is_empty &= cell.is_empty();
            whole = whole.max(cell.width());
            word = word.max(words(&cell));
        }
        let least = if column.is_text { word.max(MIN_TEXT_WIDTH).min(whole) } else { whole };
        (!is_empty).then_some(Self { rank: column.rank, least, whole })
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

    /// Returns a table and the titles of its hidden columns.
    fn table_of<T: Record>(records: &[T], width: Option<u16>) -> (String, Vec<&'static str>) {
        let layout = Layout::of(records, width);
        (layout.render(records, false).collect(), layout.hidden())
    }

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
            let (table, hidden) = table_of(&lines, Some(width));
            shown += &format!("{width}: without {hidden:?}\n{table}");
            assert!(table.contains("Headquarters-0001"), "{table}");
            assert!(
                width < 40 || table.lines().all(|line| line.width() <= width.into()),
                "{table}"
            );
        }
        insta::assert_snapshot!("narrow-tables", shown);
    }
    /// A table that is rendered in parts looks like one that is rendered as a whole.
    #[test]
    fn a_long_table_has_one_header_and_the_same_columns() {
        let mut lines: Vec<_> = (0..2_500).map(|_| Line(["a", "M", "none"])).collect();
        lines[2_400] = Line(["a-long-name", "M", "one two three four five six"]);
        for width in [None, Some(60)] {
            let (table, _) = table_of(&lines, width);
            assert_eq!(table.matches("Name").count(), 1);
            assert_eq!(table.matches(" a  ").count(), 2_499, "{width:?}");
            let place = |line: &str| line.find("M ").unwrap();
            let (first, last) = (table.lines().nth(1).unwrap(), table.lines().last().unwrap());
            assert_eq!(place(first), place(last));
        }
    }

    #[test]
    fn a_huge_cell_is_truncated() {
        struct Huge(usize);
        impl Record for Huge {
            const COLUMNS: &'static [Column<Self>] =
                &[column("Name", "name", |huge| "é".repeat(huge.0))];
        }
        let (table, _) = table_of(&[Huge(MAX_CELL)], None);
        assert!(table.contains(&"é".repeat(MAX_CELL)) && !table.contains('…'));
        let (table, _) = table_of(&[Huge(MAX_CELL + 1)], None);
        assert!(table.contains(&("é".repeat(MAX_CELL) + "…")));
    }
}
