//! Exit codes of the program.

use std::process::ExitCode;

/// An exit code. A command's `--help` lists them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    Success = 0,
    SomeFailed = 1,
    /// Also the code that clap uses for invalid arguments.
    Usage = 2,
    InvalidFile = 3,
    AccessDenied = 4,
    Throttled = 5,
    OutcomeUnknown = 6,
    Unavailable = 7,
    Rejected = 8,
    /// 128 plus the number of SIGINT, as in shells.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl Exit {
    pub(crate) const ALL: [Self; 10] = [
        Self::Success,
        Self::SomeFailed,
        Self::Usage,
        Self::InvalidFile,
        Self::AccessDenied,
        Self::Throttled,
        Self::OutcomeUnknown,
        Self::Unavailable,
        Self::Rejected,
        Self::Interrupted,
    ];

    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::SomeFailed => "some devices failed",
            Self::Usage => "invalid arguments",
            Self::InvalidFile => "a file is invalid or cannot be read",
            Self::AccessDenied => "access denied: the token or a permission is missing",
            Self::Throttled => "too many requests: the service throttled the program",
            Self::OutcomeUnknown => "some outcomes are unknown; a job may still be running",
            Self::Unavailable => "the service, the sign-in, the network or this machine failed",
            Self::Rejected => "the service rejected the request",
            Self::Interrupted => "cancelled by Ctrl-C or at a prompt",
        }
    }

    /// Returns the list of exit codes for `--help`.
    pub(crate) fn help() -> String {
        Self::help_with(&[])
    }

    /// Returns the list for the `--help` of a command that gives some exit codes a more exact meaning.
    pub(crate) fn help_with(meanings: &[(Self, &str)]) -> String {
        let lines = Self::ALL.map(|exit| {
            let own = meanings.iter().find(|(code, _)| *code == exit).map(|(_, meaning)| *meaning);
            format!("\n{:>5}  {}", exit as u8, own.unwrap_or(exit.meaning()))
        });
        format!("Exit codes:{}", lines.concat())
    }
}
