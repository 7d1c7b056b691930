//! The progress in the taskbar, in terminals that have it (OSC 9;4), such as Windows Terminal.

#![allow(clippy::disallowed_methods, reason = "writes only numbers")]

use std::io::{self, IsTerminal as _, Write as _};

use anstyle_progress::{TermProgress, supports_term_progress};

/// The progress of a bar in the taskbar. It is removed at the end, even after an error.
#[derive(Debug)]
pub(crate) struct Taskbar {
    shown: Option<u8>,
}

impl Taskbar {
    /// Returns `None` if the terminal shows no progress.
    pub(crate) fn of_terminal() -> Option<Self> {
        supports_term_progress(io::stderr().is_terminal()).then_some(Self { shown: None })
    }

    pub(crate) fn show(&mut self, percent: u8) {
        if self.shown != Some(percent) {
            self.shown = Some(percent);
            write(TermProgress::start().percent(percent.min(100)));
        }
    }
}

impl Drop for Taskbar {
    fn drop(&mut self) {
        if self.shown.is_some() {
            write(TermProgress::remove());
        }
    }
}

fn write(progress: TermProgress) {
    let _ = io::stderr().write_all(progress.to_string().as_bytes());
}
