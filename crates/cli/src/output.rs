//! Where words go. Decides that results are on stdout and everything else is on stderr, how a list is printed in each
//! form, and that nothing is destroyed without a yes.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use partner_center_devices_fleet::write_csv;
use serde::Serialize;

use crate::args::{Confirm, Format};
use crate::error::{Exit, Failure};
use crate::style::BOLD;
use crate::table::{bare, lined};
use crate::text::width;

/// Whether notes are left out. One for the process, as its stderr is.
static QUIET: AtomicBool = AtomicBool::new(false);

pub(crate) fn quiet(quiet: bool) {
    QUIET.store(quiet, Ordering::Relaxed);
}

pub(crate) fn is_quiet() -> bool {
    QUIET.load(Ordering::Relaxed)
}

/// What stdout is as wide as, and whether it has colours.
pub(crate) fn screen() -> (Option<u16>, bool) {
    let stdout = io::stdout();
    let colours = anstream::AutoStream::choice(&stdout) != anstream::ColorChoice::Never;
    (width(&stdout), colours)
}

/// A result, on stdout.
pub(crate) fn write(text: &str) -> Result<(), Failure> {
    written(anstream::stdout().write_all(text.as_bytes()))
}

/// What came of writing a result: a reader that has seen enough is no failure.
pub(crate) fn written(result: io::Result<()>) -> Result<(), Failure> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(Exit::Service, format!("cannot write the result: {error}")))
        }
        _ => Ok(()),
    }
}

/// A note, on stderr, as it is. A result is never said here.
pub(crate) fn say(text: &str) {
    if !is_quiet() {
        let _ = anstream::stderr().write_all(text.as_bytes());
    }
}

/// What must be said though it is no result, on stderr as it is: a plan, a question, what somebody has to do.
pub(crate) fn note(text: &str) {
    let _ = anstream::stderr().write_all(text.as_bytes());
}

/// What must be heard though nothing else is said: on stderr, as one line.
pub(crate) fn warn(text: &str) {
    use crate::style::SOSO;
    let _ = writeln!(anstream::stderr(), "{SOSO}warning:{SOSO:#} {text}");
}

/// A document, indented, on stdout.
pub(crate) fn write_json(document: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(document)
        .map_err(|error| Failure::new(Exit::Service, error.to_string()))?;
    write(&(text + "\n"))
}

/// One column of a list.
pub(crate) struct Column<T> {
    /// Its title in the table; empty if only CSV has it.
    title: &'static str,
    /// Its name in CSV: that of the JSON's property; empty if only the table has it.
    field: &'static str,
    cell: fn(&T) -> String,
}

/// A column of table and CSV.
pub(crate) const fn column<T>(
    title: &'static str,
    field: &'static str,
    cell: fn(&T) -> String,
) -> Column<T> {
    Column { title, field, cell }
}

/// A column that only CSV has, as what is too long for a table.
pub(crate) const fn csv_only<T>(field: &'static str, cell: fn(&T) -> String) -> Column<T> {
    Column { title: "", field, cell }
}

/// A column that only the table has, as what is a name there and an id elsewhere.
pub(crate) const fn table_only<T>(title: &'static str, cell: fn(&T) -> String) -> Column<T> {
    Column { title, field: "", cell }
}

/// A line of a list. As JSON it is an object whose properties include those of the columns.
pub(crate) trait Record: Sized + 'static {
    const COLUMNS: &'static [Column<Self>];
}

/// A list in the form that is asked for. JSON is an array. Where there is nothing, a table is a note that says `none`.
pub(crate) fn write_list<T: Record + Serialize>(
    format: Format,
    records: &[T],
    none: &str,
) -> Result<(), Failure> {
    if format.json {
        return write_json(&records);
    }
    if format.csv {
        let columns = || T::COLUMNS.iter().filter(|column| !column.field.is_empty());
        let names: Vec<_> = columns().map(|column| column.field).collect();
        let cells = |record| columns().map(move |column| (column.cell)(record));
        return written(write_csv(io::stdout().lock(), &names, records.iter().map(cells)));
    }
    if records.is_empty() {
        say(&format!("{none}\n"));
        return Ok(());
    }
    write(&list_table(records))
}

/// Records as a table for stdout.
pub(crate) fn list_table<T: Record>(records: &[T]) -> String {
    let (width, colours) = screen();
    table_of(records, width, colours)
}

/// Records as a table for stderr: what is shown before it is done.
pub(crate) fn note_table<T: Record>(records: &[T]) -> String {
    let stderr = io::stderr();
    let colours = anstream::AutoStream::choice(&stderr) != anstream::ColorChoice::Never;
    table_of(records, width(&stderr), colours)
}

/// Without the columns in which nothing stands.
fn table_of<T: Record>(records: &[T], width: Option<u16>, colours: bool) -> String {
    let columns = T::COLUMNS.iter().filter(|column| !column.title.is_empty());
    let columns = columns.map(|column| {
        (column.title, records.iter().map(|record| (column.cell)(record)).collect::<Vec<_>>())
    });
    let columns: Vec<_> =
        columns.filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty())).collect();
    let titles: Vec<_> = columns.iter().map(|(title, _)| *title).collect();
    let mut table = bare(&titles, width, colours);
    for row in 0..records.len() {
        table.add_row(columns.iter().map(|(_, cells)| cells[row].as_str()));
    }
    lined(&table)
}

/// What is known of one thing, a line for each: `Name:  value`. Empty values are left out.
pub(crate) fn facts(facts: &[(&str, String)]) -> String {
    let shown: Vec<_> = facts.iter().filter(|(_, value)| !value.is_empty()).collect();
    let wide = shown.iter().map(|(name, _)| name.len() + 1).max().unwrap_or_default();
    let line = |(name, value): &&(&str, String)| {
        let value = value.replace('\n', &format!("\n{:wide$}  ", ""));
        format!("{BOLD}{:wide$}{BOLD:#}  {value}\n", format!("{name}:"))
    };
    shown.iter().map(line).collect()
}

/// What would be done, before it is asked for. Heard even where notes are not wanted, unless the yes was given before.
pub(crate) fn show_plan(text: &str, confirm: Confirm) {
    if !(confirm.yes && is_quiet()) {
        note(text);
    }
}

/// Whether somebody is there who can be asked.
pub(crate) fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Goes on if `--yes` was given or the question is answered with yes. What would be done has been shown before.
pub(crate) fn confirm(confirm: Confirm, question: &str) -> Result<(), Failure> {
    if confirm.yes {
        return Ok(());
    }
    if !can_ask() {
        return Err(Failure::new(Exit::Argument, "nothing was done: nobody said yes")
            .hint("to do what is shown above, add --yes"));
    }
    note(&format!("{BOLD}{question}{BOLD:#} [y/N] "));
    let mut answer = String::new();
    let read = io::stdin().lock().read_line(&mut answer);
    match answer.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" if read.is_ok() => Ok(()),
        _ => Err(Failure::new(Exit::Interrupted, "nothing was done")),
    }
}
