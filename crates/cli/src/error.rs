//! How a failure is said and what the program exits with. One place decides both.

use std::fmt;
use std::process::ExitCode;

use partner_center_devices::{Error, ErrorKind};

/// What the program exits with; the list in `--help` is the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    AllWell = 0,
    SomeFailed = 1,
    // 2 is clap's, for a wrong argument.
    BadFile = 3,
    NotAllowed = 4,
    Throttled = 5,
    StillRunning = 6,
    Service = 7,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl Exit {
    /// The exit code for an error of the client.
    pub(crate) fn of(error: &Error) -> Self {
        match error.kind() {
            ErrorKind::Unauthorized | ErrorKind::Forbidden => Self::NotAllowed,
            ErrorKind::Throttled => Self::Throttled,
            ErrorKind::StillRunning => Self::StillRunning,
            _ => Self::Service,
        }
    }
}

/// A failure that ends the program: what happened, what to do, and the exit code.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    message: String,
    hints: Vec<String>,
}

impl Failure {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), hints: Vec::new() }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let failure = Self::new(Exit::of(&error), error.to_string());
        match error.hint() {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use crate::style::{ERROR, HINT};
        write!(f, "{ERROR}error:{ERROR:#} {}", self.message)?;
        for hint in &self.hints {
            write!(f, "\n{HINT}hint:{HINT:#} {hint}")?;
        }
        Ok(())
    }
}
