//! Plans and questions before a command changes or deletes something.

use std::io::{self, BufRead as _, IsTerminal as _};

use crate::args::Confirm;
use crate::errors::{CommandError, Exit};
use crate::ui::output::Ui;
use crate::ui::style::BOLD;

/// What would be done, before it is asked for. Heard even where notes are not wanted, unless the yes was given before.
pub(crate) fn show_plan(ui: Ui, text: &str, confirm: Confirm) {
    if !(confirm.yes && ui.is_quiet()) {
        ui.notice(text);
    }
}

/// Whether somebody is there who can be asked.
pub(crate) fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Goes on if `--yes` was given or the question is answered with yes. What would be done has been shown before.
pub(crate) fn confirm(ui: Ui, confirm: Confirm, question: &str) -> Result<(), CommandError> {
    if confirm.yes {
        return Ok(());
    }
    if !can_ask() {
        return Err(CommandError::new(Exit::Usage, "nothing was done: nobody said yes")
            .hint("to do what is shown above, add --yes"));
    }
    ui.notice(&format!("{BOLD}{question}{BOLD:#} [y/N] "));
    let mut answer = String::new();
    let read = io::stdin().lock().read_line(&mut answer);
    if !answer.ends_with('\n') {
        ui.notice("\n"); // Ctrl-D leaves the cursor behind the question
    }
    match answer.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" if read.is_ok() => Ok(()),
        _ => Err(CommandError::new(Exit::Interrupted, "nothing was done")),
    }
}
