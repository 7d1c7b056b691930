//! The error that ends a command.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use partner_center_devices::raw::printable;
use partner_center_devices::{CustomerId, TokenError};

use crate::errors::exit::Exit;
use crate::errors::follow_up::{FollowUp, name_customer, quoted};
use crate::ui::style::{ERROR, HINT};
use crate::ui::terminal_text::indented;

/// An error that ends a command: its exit code, what happened, what caused it and what to do about it.
///
/// `Display` is what happened, followed by the causes. [`render`](Self::render) adds hints and further errors.
#[derive(Clone, Debug)]
pub(crate) struct CommandError {
    pub(crate) exit: Exit,
    message: String,
    source: Option<Arc<dyn Error + Send + Sync>>,
    hints: Vec<String>,
    /// The ids of the request for Microsoft support, printed below the hints.
    support_ids: Option<String>,
    /// True if the user declined a question, which is not an error.
    is_declined: bool,
    /// Errors that happened in addition. They are printed after this one and do not change the exit code.
    also: Vec<CommandError>,
}

impl CommandError {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
            source: None,
            hints: Vec::new(),
            support_ids: None,
            is_declined: false,
            also: Vec::new(),
        }
    }

    /// Creates the end of a command whose question the user declined.
    pub(crate) fn declined() -> Self {
        let message = "cancelled; nothing was changed";
        Self { is_declined: true, ..Self::new(Exit::Interrupted, message) }
    }

    /// Wraps an error whose own message says what happened.
    pub(crate) fn wrap(exit: Exit, error: impl Error + Send + Sync + 'static) -> Self {
        Self::new(exit, error.to_string()).with_source(error)
    }

    pub(crate) fn with_source(mut self, source: impl Error + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    pub(crate) fn with_support_ids(mut self, ids: Option<String>) -> Self {
        self.support_ids = ids;
        self
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    pub(crate) fn without_hints(mut self) -> Self {
        self.hints.clear();
        self
    }

    /// Replaces a hint.
    pub(crate) fn replace_hint(mut self, old: Option<&str>, new: &str) -> Self {
        self.hints.retain(|hint| Some(hint.as_str()) != old);
        self.hint(new)
    }

    /// Adds a hint below this error and the ones after it.
    pub(crate) fn final_hint(mut self, hint: impl Into<String>) -> Self {
        match self.also.last_mut() {
            Some(last) => last.hints.push(hint.into()),
            None => self.hints.push(hint.into()),
        }
        self
    }

    /// Puts what the error is about in front of the message.
    pub(crate) fn context(mut self, context: &str) -> Self {
        self.message = format!("{}: {}", printable::line(context), self.message);
        self
    }

    /// Adds another error, if there was one.
    pub(crate) fn and(mut self, other: Result<(), Self>) -> Self {
        self.also.extend(other.err());
        self
    }

    /// Names the customer in the commands of the hints.
    pub(crate) fn of_customer(mut self, customer: &CustomerId) -> Self {
        for hint in &mut self.hints {
            *hint = name_customer(hint, &quoted(customer.as_str()));
        }
        self
    }

    /// Completes the commands in the hints with the flags of the user's command.
    pub(crate) fn with_commands_of(mut self, follow_up: &FollowUp) -> Self {
        for hint in &mut self.hints {
            *hint = follow_up.complete(hint);
        }
        self.also = self.also.into_iter().map(|other| other.with_commands_of(follow_up)).collect();
        self
    }

    pub(crate) fn hints(&self) -> &[String] {
        &self.hints
    }

    /// Returns message, causes and support ids on one line, for tables and JSON.
    pub(crate) fn to_line(&self) -> String {
        match &self.support_ids {
            Some(ids) => format!("{self} ({ids})"),
            None => self.to_string(),
        }
    }

    /// Returns the error as people see it: message, causes, hints and support ids, then the errors that happened in addition.
    pub(crate) fn render(&self) -> String {
        let mut text = match self.is_declined {
            true => self.to_string(),
            false => format!("{ERROR}error:{ERROR:#} {}", indented(&self.to_string())),
        };
        for hint in &self.hints {
            text += &format!("\n{HINT}hint:{HINT:#} {}", printable::line(hint));
        }
        if let Some(ids) = &self.support_ids {
            text += &format!("\n{ids}");
        }
        for other in &self.also {
            text += &format!("\n{}", other.render());
        }
        text
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        let mut shown = self.message.clone();
        let first = self.source.as_deref().map(|source| source as &(dyn Error + 'static));
        for cause in std::iter::successors(first, |cause| next_cause(*cause)) {
            let text = cause.to_string();
            let (text, _) = split_support_ids(&text);
            // Many errors repeat their cause in their own message.
            if !shown.contains(text) {
                write!(f, ": {text}")?;
                shown = text.to_owned();
            }
        }
        Ok(())
    }
}

/// Splits the message of a client error into the sentence and the line with the ids for support.
pub(crate) fn split_support_ids(message: &str) -> (&str, Option<&str>) {
    match message.find("\nMS-") {
        Some(end) => (&message[..end], Some(message[end..].trim_start())),
        None => (message, None),
    }
}

/// Returns the next cause in the chain. The client's errors are complete by themselves, and their causes may quote requests.
fn next_cause<'a>(cause: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    let is_complete = cause.is::<partner_center_devices::Error>() || cause.is::<TokenError>();
    if is_complete { None } else { cause.source() }
}

/// A sign-in fails with this error inside an error of the client.
impl Error for CommandError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    fn render(error: &CommandError) -> String {
        anstream::adapter::strip_str(&error.render()).to_string()
    }

    #[test]
    fn the_hints_of_each_error_name_the_profile_in_use() {
        let error = || CommandError::new(Exit::AccessDenied, "x").hint("pcdevices auth login");
        let error = error().and(Err(error())).with_commands_of(&FollowUp::of_profile("p"));
        let login = "hint: pcdevices auth login --profile p";
        assert_eq!(render(&error), format!("error: x\n{login}\nerror: x\n{login}"));
    }

    #[test]
    fn a_hint_is_one_line() {
        let error = CommandError::new(Exit::Usage, "x").hint("use a\r\nhint: run evil");
        assert_eq!(render(&error), "error: x\nhint: use a  hint: run evil");
    }

    #[test]
    fn prints_causes_hints_and_further_errors() {
        let cause = io::Error::from(io::ErrorKind::StorageFull);
        let other = CommandError::new(Exit::Unavailable, "cannot write r.csv").with_source(cause);
        let error = CommandError::new(Exit::Throttled, "busy").hint("wait");
        let error = error.and(Ok(())).and(Err(other)).final_hint("free some space");
        assert_eq!(
            render(&error),
            "error: busy\nhint: wait\nerror: cannot write r.csv: no storage space\nhint: free some space"
        );
        assert_eq!(error.exit, Exit::Throttled);
    }

    #[test]
    fn does_not_repeat_a_cause() {
        let cause = io::Error::other("the disk is full");
        let inner = CommandError::wrap(Exit::Unavailable, cause);
        assert_eq!(inner.to_string(), "the disk is full");
        let outer = CommandError::new(Exit::Unavailable, "cannot save").with_source(inner);
        assert_eq!(
            outer.context("profile 'a'").to_string(),
            "profile 'a': cannot save: the disk is full"
        );
    }

    #[test]
    fn does_not_print_what_is_below_an_error_of_the_client() {
        let token = TokenError::new("expired").with_source(io::Error::other("a request body"));
        let error = CommandError::wrap(Exit::AccessDenied, token).context("no token");
        assert_eq!(error.to_string(), "no token: expired");
        assert!(error.source().is_some());
    }
}
