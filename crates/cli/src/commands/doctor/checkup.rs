//! The results of the checks, and their table.

use anstyle::Style;
use partner_center_devices::ServiceCode;
use schemars::JsonSchema;
use serde::Serialize;

use crate::errors::{CommandError, Exit, RUN_DOCTOR};
use crate::settings::config::Config;
use crate::ui::output::Ui;
use crate::ui::style::{BOLD, ERROR, HINT, SUCCESS, WARNING};
use crate::ui::text_layout::hanging_indent;

/// The results of all checks.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Checkup {
    /// True if no check failed.
    pub(super) all_well: bool,
    /// The root of the API.
    pub(super) service: String,
    /// The checks, in order.
    pub(super) checks: Vec<Check>,
}

/// The result of one check.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Check {
    /// The name of the check.
    pub(super) name: &'static str,
    /// The result.
    pub(super) state: CheckState,
    /// The details.
    pub(super) detail: String,
    /// How to fix the problem.
    pub(super) hints: Vec<String>,
    #[serde(skip)]
    pub(super) exit: Exit,
}

/// The result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "State")]
pub(super) enum CheckState {
    /// The check passed.
    Ok,
    /// It works, but maybe not for long or not for everything.
    Warning,
    /// It does not work.
    Failed,
    /// It was not checked.
    Skipped,
}

impl Check {
    pub(super) fn new(name: &'static str, state: CheckState, detail: impl Into<String>) -> Self {
        Self { name, state, detail: detail.into(), hints: Vec::new(), exit: Exit::Unavailable }
    }

    pub(super) fn failed(name: &'static str, failure: &CommandError) -> Self {
        // Drop the hint that sends the user to this command.
        let hints = failure.hints().iter().filter(|hint| *hint != RUN_DOCTOR).cloned().collect();
        Self { hints, exit: failure.exit, ..Self::new(name, CheckState::Failed, failure.to_line()) }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Puts the meaning of the service's code in front of its message, and adds the cure.
    pub(super) fn explained(mut self, cause: ServiceCode) -> Self {
        self.detail = format!("{}: {}", cause.meaning, self.detail);
        if !self.hints.iter().any(|hint| hint == cause.hint) {
            self.hints.push(cause.hint.to_owned());
        }
        self
    }

    /// Completes the commands in the hints with the profile in use and the flags of the user.
    pub(super) fn complete_hints(&mut self, config: &Config) {
        for hint in &mut self.hints {
            *hint = config.complete(hint);
        }
    }

    pub(super) fn exit(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }
}

impl Checkup {
    pub(super) fn text(&self, ui: Ui) -> String {
        let (width, _) = ui.screen();
        self.checks.iter().map(|check| check.text(width)).collect()
    }
}

impl Check {
    fn text(&self, width: Option<u16>) -> String {
        let (word, style) = match self.state {
            CheckState::Ok => ("ok", SUCCESS),
            CheckState::Warning => ("warning", WARNING),
            CheckState::Failed => ("failed", ERROR),
            CheckState::Skipped => ("skipped", Style::new()),
        };
        let (head, detail) =
            (format!("{style}{word:8}{style:#}{BOLD}{:14}{BOLD:#}", self.name), &self.detail);
        let mut text = hanging_indent(&head, 22, detail, width);
        for hint in &self.hints {
            text += &hanging_indent(&format!("{:22}{HINT}hint:{HINT:#} ", ""), 28, hint, width);
        }
        text
    }
}
