//! How a failure is said and what the program exits with. One place decides both.

use std::fmt;
use std::process::ExitCode;

use partner_center_devices::{Error, ErrorKind, Sent};
use partner_center_devices_fleet::Report;
use partner_center_devices_fleet::inventory::CallFailure;

/// What the program exits with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    Success = 0,
    SomeFailed = 1,
    /// Also clap's.
    Usage = 2,
    InvalidFile = 3,
    AccessDenied = 4,
    Throttled = 5,
    OutcomeUnknown = 6,
    Unavailable = 7,
    Rejected = 8,
    /// 128 and the number of SIGINT, as shells have it.
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
            Self::Success => "all well",
            Self::SomeFailed => "some devices failed",
            Self::Usage => "a wrong argument",
            Self::InvalidFile => "a file cannot be used",
            Self::AccessDenied => "not allowed: the token or a right is missing",
            Self::Throttled => "throttled",
            Self::OutcomeUnknown => "some outcomes are not known yet; a job may still be running",
            Self::Unavailable => "the service, the network or this machine failed",
            Self::Rejected => "the service refused the request",
            Self::Interrupted => "stopped by Ctrl-C, or by a no",
        }
    }

    /// The list for `--help`.
    pub(crate) fn help() -> String {
        Self::help_where(&[])
    }

    /// The list for `--help` of a command for which some of them mean this.
    pub(crate) fn help_where(meanings: &[(Self, &str)]) -> String {
        let lines = Self::ALL.map(|exit| {
            let own = meanings.iter().find(|(of, _)| *of == exit).map(|(_, meaning)| *meaning);
            format!("\n{:>5}  {}", exit as u8, own.unwrap_or(exit.meaning()))
        });
        format!("Exit codes:{}", lines.concat())
    }

    /// The exit code for an error of the client.
    pub(crate) fn of(error: &Error) -> Self {
        match error.kind() {
            // Not sent because the service would have refused it with this code.
            ErrorKind::Input if error.code().is_some() => Self::AccessDenied,
            ErrorKind::Input => Self::Usage,
            ErrorKind::Token => {
                of_sign_in(error).map_or(Self::AccessDenied, |failure| failure.exit)
            }
            ErrorKind::Unauthorized | ErrorKind::Forbidden => Self::AccessDenied,
            ErrorKind::Throttled => Self::Throttled,
            ErrorKind::StillRunning => Self::OutcomeUnknown,
            ErrorKind::NotFound | ErrorKind::Conflict | ErrorKind::Rejected => Self::Rejected,
            ErrorKind::Connect
            | ErrorKind::Interrupted
            | ErrorKind::Service
            | ErrorKind::Unreadable
            | ErrorKind::Unexpected => Self::Unavailable,
            // A later kind. Input and network have theirs, so what stops a call before it is sent is the token.
            _ if error.sent() == Sent::No && error.attempts() == 0 => Self::AccessDenied,
            _ => Self::Unavailable,
        }
    }

    /// The exit code for a call that failed within something larger.
    pub(crate) fn of_call(failure: &CallFailure) -> Self {
        match failure.kind.as_str() {
            "input" => Self::Usage,
            "unauthorized" | "forbidden" | "token" => Self::AccessDenied,
            "throttled" => Self::Throttled,
            "stillRunning" => Self::OutcomeUnknown,
            "notFound" | "conflict" | "rejected" => Self::Rejected,
            _ => Self::Unavailable,
        }
    }

    /// The exit code for an upload that came to its end. What is not known goes before what failed: the result
    /// is not final.
    pub(crate) fn of_report(report: &Report) -> Self {
        if report.totals().unknown > 0 {
            Self::OutcomeUnknown
        } else if report.all_succeeded() {
            Self::Success
        } else {
            Self::SomeFailed
        }
    }
}

/// A failure that ends the program: what happened, what to do, and the exit code.
#[derive(Clone, Debug)]
pub(crate) struct CommandError {
    pub(crate) exit: Exit,
    message: String,
    hints: Vec<String>,
    /// What failed besides.
    others: Vec<CommandError>,
}

impl CommandError {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), hints: Vec::new(), others: Vec::new() }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// With another hint than this one.
    pub(crate) fn rehint(mut self, old: Option<&str>, new: &str) -> Self {
        self.hints.retain(|hint| Some(hint.as_str()) != old);
        self.hint(new)
    }

    /// With what it is about before it.
    pub(crate) fn about(mut self, what: &str) -> Self {
        self.message = format!("{what}: {}", self.message);
        self
    }

    /// A hint for all of it.
    pub(crate) fn at_last(mut self, hint: impl Into<String>) -> Self {
        match self.others.last_mut() {
            Some(last) => last.hints.push(hint.into()),
            None => self.hints.push(hint.into()),
        }
        self
    }

    /// What happened, without its hints.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    pub(crate) fn hints(&self) -> &[String] {
        &self.hints
    }

    /// What failed besides is said too, behind this, and changes no exit code.
    pub(crate) fn and(mut self, other: Result<(), Self>) -> Self {
        self.others.extend(other.err());
        self
    }
}

/// It is what a sign-in fails with, inside an error of the client.
impl std::error::Error for CommandError {}

/// What the sign-in failed with, if that is why there was no token.
fn of_sign_in(error: &Error) -> Option<&CommandError> {
    let error: &(dyn std::error::Error + 'static) = error;
    std::iter::successors(Some(error), |error| error.source())
        .find_map(|error| error.downcast_ref())
}

impl From<Error> for CommandError {
    fn from(error: Error) -> Self {
        Self::from(&error)
    }
}

impl From<&Error> for CommandError {
    fn from(error: &Error) -> Self {
        let failure = Self::new(Exit::of(error), error.to_string());
        if let Some(sign_in) = of_sign_in(error) {
            return sign_in.hints.iter().fold(failure, Self::hint);
        }
        if error.kind() == ErrorKind::Unauthorized && error.code() != Some("900420") {
            return failure
                .hint("sign in: pcdevices auth login; a token of your own lasts about an hour");
        }
        // A read is repeated without a thought.
        let is_read = ["list_", "get_"].iter().any(|verb| error.operation().starts_with(verb));
        let failure = match error.hint() {
            Some(_) if error.kind() == ErrorKind::Interrupted && is_read => failure.hint(LOST_READ),
            Some(hint) => failure.hint(hint),
            None => failure,
        };
        match error.kind() {
            ErrorKind::Forbidden => failure.hint(LOOKS_WHY),
            _ => failure,
        }
    }
}

/// For what is not allowed, whoever says so.
pub(crate) const LOOKS_WHY: &str = "pcdevices doctor --customer CUSTOMER looks why";
/// For a read whose answer did not come.
pub(crate) const LOST_READ: &str = "try again: nothing was changed";

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use crate::ui::style::{ERROR, HINT};
        write!(f, "{ERROR}error:{ERROR:#} {}", self.message)?;
        for hint in &self.hints {
            write!(f, "\n{HINT}hint:{HINT:#} {hint}")?;
        }
        self.others.iter().try_for_each(|other| write!(f, "\n{other}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use http::{Request, Response};
    use partner_center_devices::{Client, CustomerId};

    #[tokio::test(start_paused = true)]
    async fn every_answer_has_its_exit() {
        for (status, exit) in [
            (301, Exit::Unavailable),
            (400, Exit::Rejected),
            (401, Exit::AccessDenied),
            (403, Exit::AccessDenied),
            (404, Exit::Rejected),
            (409, Exit::Rejected),
            (412, Exit::Rejected),
            (429, Exit::Throttled),
            (500, Exit::Unavailable),
            (503, Exit::Unavailable),
        ] {
            let service = move |_: Request<Bytes>| {
                Response::builder().status(status).body(Bytes::new()).unwrap()
            };
            let client = Client::builder().in_process(service).build().unwrap();
            let customer = client.customer(CustomerId::new("c").unwrap());
            let error = customer.device_batches().list().await.unwrap_err();
            assert_eq!(Exit::of(&error), exit, "{status}");
            assert_eq!(Exit::of_call(&CallFailure::from(&error)), exit, "{status}");
        }
    }

    #[test]
    fn what_fails_besides_hides_nothing() {
        let first = CommandError::new(Exit::Throttled, "busy").hint("wait");
        let failure =
            first.and(Ok(())).and(Err(CommandError::new(Exit::Unavailable, "a full disk")));
        let said = anstream::adapter::strip_str(&failure.to_string()).to_string();
        assert_eq!(said, "error: busy\nhint: wait\nerror: a full disk");
        assert_eq!(failure.exit, Exit::Throttled);
    }

    #[test]
    fn a_base_url_is_an_argument() {
        let error = Client::builder().base_url("nowhere").token("t".to_owned()).build();
        assert_eq!(Exit::of(&error.unwrap_err()), Exit::Usage);
    }
}
