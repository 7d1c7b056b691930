//! The customers of an upload: shown before anything is sent, and confirmed on a terminal if this machine never worked for
//! them. A device that is registered with the wrong customer cannot be registered with the right one until it is deleted.

use std::path::Path;

use partner_center_devices_fleet::{Fleet, RowStatus};
use tokio::task::spawn_blocking;

use super::destinations::Destinations;
use crate::args::Confirm;
use crate::errors::{CommandError, Exit};
use crate::interrupt::ctrl_c;
use crate::settings::session::Session;
use crate::ui::output::Ui;
use crate::ui::prompt::{can_ask, confirm_question};
use crate::ui::text_layout::count;

/// Prints the customers, and asks once if this machine never worked for one of them. An upload that resumes does not ask.
pub(super) async fn confirm(
    ui: Ui,
    session: &Session,
    confirm: Confirm,
    fleet: &Fleet,
    destinations: &Destinations,
    journal: Option<&Path>,
) -> Result<(), CommandError> {
    let customers = destinations.customers(fleet);
    unless_cancelled(session.announce(&customers)).await??;
    let is_resumed = journal.is_some_and(Path::exists);
    if !confirm.yes && !is_resumed && can_ask(ui) {
        let new = session.customers.never_used(ui, &customers);
        let devices = fleet.rows().iter().filter(|row| {
            matches!(row.status(), RowStatus::Ready(_)) && destinations.of_row(row).is_some()
        });
        let devices = count(devices.count(), "device");
        let question = match &new[..] {
            [] => None,
            [only] => Some(format!(
                "This is the first upload to {} from this machine. Upload {devices}?",
                session.customers.label(only)
            )),
            several => Some(format!(
                "This is the first upload to {} of these customers from this machine. Upload {devices}?",
                several.len()
            )),
        };
        if let Some(question) = question {
            // Ctrl-C no longer ends the program by itself.
            let answer = spawn_blocking(move || confirm_question(ui, &question));
            unless_cancelled(answer).await?.map_err(|error| {
                CommandError::new(Exit::Unavailable, "cannot ask a question").with_source(error)
            })??;
        }
    }
    session.record_use(&customers);
    Ok(())
}

/// Waits for a step before the upload, unless Ctrl-C cancels it.
async fn unless_cancelled<T>(step: impl Future<Output = T>) -> Result<T, CommandError> {
    tokio::select! {
        biased;
        () = ctrl_c() => Err(CommandError::new(Exit::Interrupted, "cancelled; nothing was sent")),
        done = step => Ok(done),
    }
}
