//! Results go to stdout, everything else goes to stderr.

use std::io::{self, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

use crate::errors::{CommandError, Exit};
use crate::ui::style::BOLD;
use crate::ui::text_layout::width;

/// Whether notes are left out. One for the process, as its stderr is.
static QUIET: AtomicBool = AtomicBool::new(false);

pub(crate) fn quiet(quiet: bool) {
    QUIET.store(quiet, Ordering::Relaxed);
}

pub(crate) fn is_quiet() -> bool {
    QUIET.load(Ordering::Relaxed)
}

/// Whether each call is told: a bar would be drawn between the lines, and broken by them.
static VERBOSE: AtomicBool = AtomicBool::new(false);

pub(crate) fn verbose(verbose: bool) {
    VERBOSE.store(verbose, Ordering::Relaxed);
}

pub(crate) fn is_verbose() -> bool {
    VERBOSE.load(Ordering::Relaxed)
}

/// What stdout is as wide as, and whether it has colours.
pub(crate) fn screen() -> (Option<u16>, bool) {
    let stdout = io::stdout();
    let colours = anstream::AutoStream::choice(&stdout) != anstream::ColorChoice::Never;
    (width(&stdout), colours)
}

/// A result, on stdout.
pub(crate) fn write(text: &str) -> Result<(), CommandError> {
    written(anstream::stdout().write_all(text.as_bytes()))
}

/// What came of writing a result: a reader that has seen enough is no failure.
pub(crate) fn written(result: io::Result<()>) -> Result<(), CommandError> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(CommandError::new(Exit::Unavailable, format!("cannot write the result: {error}")))
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
    use crate::ui::style::WARNING;
    let _ = writeln!(anstream::stderr(), "{WARNING}warning:{WARNING:#} {text}");
}

/// A document, indented, on stdout.
pub(crate) fn write_json(document: &impl Serialize) -> Result<(), CommandError> {
    let text = serde_json::to_string_pretty(document)
        .map_err(|error| CommandError::new(Exit::Unavailable, error.to_string()))?;
    write(&(text + "\n"))
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
