//! Plans and questions before a command changes or deletes something.

use std::io::{self, BufRead as _, IsTerminal as _};

use partner_center_devices::raw::printable;

use crate::args::Confirm;
use crate::errors::{CommandError, Exit};
use crate::ui::output::Ui;
use crate::ui::style::BOLD;

/// Prints what a command would do, before it asks for confirmation. With `--quiet` the plan is hidden only if `--yes` is set.
pub(crate) fn show_plan(ui: Ui, text: &str, confirm: Confirm) {
    if !(confirm.yes && ui.is_quiet()) {
        ui.notice(text);
    }
}

/// Returns true if there is a user at a terminal to answer a question.
pub(crate) fn can_ask(ui: Ui) -> bool {
    io::stdin().is_terminal() && ui.is_stderr_terminal()
}

/// Asks for confirmation, unless `--yes` is set. Fails if the user declines.
pub(crate) fn confirm(ui: Ui, confirm: Confirm, question: &str) -> Result<(), CommandError> {
    if confirm.yes {
        return Ok(());
    }
    if !can_ask(ui) {
        return Err(CommandError::new(Exit::Usage, "not confirmed; nothing was changed")
            .hint("add --yes to skip the question"));
    }
    confirm_question(ui, question)
}

/// Asks a question at a terminal and returns the answer without surrounding spaces.
///
/// # Errors
/// If Ctrl-C or the end of the input stops the question.
pub(crate) async fn ask(ui: Ui, question: &str) -> Result<String, CommandError> {
    let cancelled = || CommandError::new(Exit::Interrupted, "cancelled");
    ui.notice(&format!("{BOLD}{}{BOLD:#} ", printable::line(question)));
    let read = tokio::task::spawn_blocking(|| {
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer).map(|_| answer)
    });
    let answer = tokio::select! {
        biased;
        () = crate::interrupt::ctrl_c() => None,
        read = read => read.ok().and_then(Result::ok),
    };
    match answer {
        Some(answer) if answer.ends_with('\n') => Ok(answer.trim().to_owned()),
        _ => {
            ui.notice("\n");
            Err(cancelled())
        }
    }
}

/// Asks a question at a terminal. Fails if the user declines.
pub(crate) fn confirm_question(ui: Ui, question: &str) -> Result<(), CommandError> {
    let question = printable::line(question);
    ui.notice(&format!("{BOLD}{question}{BOLD:#} [y/N] "));
    let mut answer = String::new();
    let read = io::stdin().lock().read_line(&mut answer);
    if !answer.ends_with('\n') {
        ui.notice("\n"); // after Ctrl-D the cursor is still on the line of the question
    }
    match answer.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" if read.is_ok() => Ok(()),
        _ => Err(CommandError::declined()),
    }
}
