//! Results go to stdout, everything else goes to stderr.

#![allow(clippy::disallowed_methods, reason = "this is the filter")]

use std::io::{self, BufWriter, IsTerminal as _, Write as _};
use std::path::Path;

use anstream::{AutoStream, ColorChoice};
use anstyle_hyperlink::Hyperlink;
use partner_center_devices::raw::printable;
use serde::Serialize;
use supports_hyperlinks::Stream;

use crate::args::{Global, When};
use crate::errors::{CommandError, Exit};
use crate::ui::browser;
use crate::ui::progress::activity;
use crate::ui::style::{BOLD, HINT, WARNING};
use crate::ui::terminal_text::{EscapedJson, document_output, indented, styled};
use crate::ui::terminal_width::width;

/// The terminal as the global flags describe it: which messages are shown, and whether they have colors.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ui {
    /// Hides status messages and progress.
    quiet: bool,
    /// The number of `-v`. Each call is printed, and a progress bar would be between these lines.
    verbose: u8,
    color: ColorChoice,
}

impl Ui {
    pub(crate) fn new(global: &Global) -> Self {
        let color = match global.color {
            When::Auto => ColorChoice::Auto,
            When::Always => ColorChoice::Always,
            When::Never => ColorChoice::Never,
        };
        Self { quiet: global.quiet, verbose: global.verbose, color }
    }

    pub(crate) fn is_quiet(self) -> bool {
        self.quiet
    }

    pub(crate) fn is_verbose(self) -> bool {
        self.verbose > 0
    }

    /// Returns true if the start of calls and short waits are printed too.
    pub(crate) fn is_very_verbose(self) -> bool {
        self.verbose == 2
    }

    /// Returns true if a trace replaces the lines for people.
    pub(crate) fn is_traced(self) -> bool {
        self.verbose > 2
    }

    /// Returns the width of stdout, if it is a terminal, and whether it shows colors.
    pub(crate) fn screen(self) -> (Option<u16>, bool) {
        let stdout = io::stdout();
        (width(&stdout), self.has_colors(&stdout))
    }

    /// Like [`screen`](Self::screen), for stderr.
    pub(crate) fn stderr_screen(self) -> (Option<u16>, bool) {
        let stderr = io::stderr();
        (width(&stderr), self.has_colors(&stderr))
    }

    fn has_colors(self, stream: &impl anstream::stream::RawStream) -> bool {
        match self.color {
            ColorChoice::Auto => AutoStream::choice(stream) != ColorChoice::Never,
            ColorChoice::Never => false,
            _ => true,
        }
    }

    pub(crate) fn stdout(self) -> AutoStream<io::Stdout> {
        AutoStream::new(io::stdout(), self.color)
    }

    pub(crate) fn stderr(self) -> AutoStream<io::Stderr> {
        AutoStream::new(io::stderr(), self.color)
    }

    /// Prints a result to stdout.
    pub(crate) fn print(self, text: &str) -> Result<(), CommandError> {
        written(activity::suspend(|| self.stdout().write_all(styled(text).as_bytes())))
    }

    /// Prints a document to stdout as indented JSON.
    pub(crate) fn print_json(self, document: &impl Serialize) -> Result<(), CommandError> {
        activity::hide();
        let mut out = EscapedJson(BufWriter::new(io::stdout().lock()));
        let mut write = || {
            serde_json::to_writer_pretty(&mut out, document)?;
            out.write_all(b"\n")?;
            out.flush()
        };
        written(write())
    }

    /// Prints a document to stdout. Other programs receive it unchanged.
    pub(crate) fn print_document(self, text: &str) -> Result<(), CommandError> {
        written(document_output().write_all(text.as_bytes()))
    }

    pub(crate) fn is_stderr_terminal(self) -> bool {
        io::stderr().is_terminal()
    }

    /// Prints a message to stderr, unless `--quiet` is set. Never a result.
    pub(crate) fn status(self, text: &str) {
        if !self.quiet {
            self.notice(text);
        }
    }

    /// Prints one line to stderr, unless `--quiet` is set. The values in it cannot start another line.
    pub(crate) fn status_line(self, text: &str) {
        self.status(&format!("{}\n", printable::line(text)));
    }

    /// Prints that a file was written. Terminals that can open links show its name as one (OSC 8).
    pub(crate) fn wrote(self, file: &Path) {
        let name = printable::line(&file.display().to_string()).into_owned();
        let has_links = self.stderr_screen().1 && supports_hyperlinks::on(Stream::Stderr);
        let link = match browser::url_of(file) {
            Ok(url) if has_links => Hyperlink::with_url(url.to_string()),
            _ => Hyperlink::default(),
        };
        if !self.quiet {
            // A URL has only visible ASCII, so it cannot end the link.
            let line = format!("Wrote {link}{name}{link:#}\n");
            let _ = activity::suspend(|| self.stderr().write_all(line.as_bytes()));
        }
    }

    /// Prints a message to stderr, even with `--quiet`: a plan, a question, or something the user has to do.
    pub(crate) fn notice(self, text: &str) {
        let _ = activity::suspend(|| self.stderr().write_all(styled(text).as_bytes()));
    }

    /// Prints a warning to stderr as one line, even with `--quiet`.
    pub(crate) fn warning(self, text: &str) {
        self.notice(&format!("{WARNING}warning:{WARNING:#} {}\n", indented(text)));
    }

    /// Prints what to do next to stderr, unless `--quiet` is set.
    pub(crate) fn hint(self, text: &str) {
        self.status(&format!("{HINT}hint:{HINT:#} {text}\n"));
    }

    /// Prints the error that ends the program.
    pub(crate) fn error(self, error: &CommandError) {
        self.notice(&format!("{}\n", error.render()));
    }
}

/// Converts an error of writing a result. A closed pipe is not an error: the reader has seen enough.
pub(crate) fn written(result: io::Result<()>) -> Result<(), CommandError> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(CommandError::new(Exit::Unavailable, "cannot write the result").with_source(error))
        }
        _ => Ok(()),
    }
}

/// Formats one `Name:  value` line for each value that is not empty. A line without a name continues the one above it.
pub(crate) fn facts(facts: &[(&str, String)]) -> String {
    let shown: Vec<_> = facts.iter().filter(|(_, value)| !value.is_empty()).collect();
    let wide = shown.iter().map(|(name, _)| name.len() + 1).max().unwrap_or_default();
    let line = |(name, value): &&(&str, String)| {
        let value = printable::line(value);
        let name = if name.is_empty() { String::new() } else { format!("{name}:") };
        format!("{BOLD}{name:wide$}{BOLD:#}  {value}\n")
    };
    shown.iter().map(line).collect()
}
