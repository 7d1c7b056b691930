//! Descriptions of calls that failed for some devices.

use std::collections::BTreeSet;

use partner_center_devices::ErrorKind;
use partner_center_devices_fleet::inventory::{CallFailure, RegisteredDevice};

use super::labels::{name, shortlist};
use crate::errors::RUN_DOCTOR;
use crate::settings::config::Config;
use crate::ui::output::Ui;
use crate::ui::text_layout::wrap;

/// Maximum number of failures that are shown.
const MAX_SHOWN: usize = 40;

/// Returns the hints for a failed call.
fn hints(failure: &CallFailure) -> impl Iterator<Item = &str> {
    let is_forbidden = failure.kind == ErrorKind::Forbidden;
    failure.hint.as_deref().into_iter().chain(is_forbidden.then_some(RUN_DOCTOR))
}

/// Prints the hints for failed calls, each once.
pub(super) fn show_hints<'a>(
    ui: Ui,
    config: &Config,
    failures: impl IntoIterator<Item = &'a CallFailure>,
) {
    let hints: BTreeSet<_> = failures.into_iter().flat_map(hints).collect();
    for hint in hints {
        ui.hint(&config.complete(hint));
    }
}

/// Returns the failure that decides the exit code on its own: one that ended everything, or the first one if it left devices
/// that were not tried.
pub(super) fn decisive<'a>(
    failures: impl Iterator<Item = &'a CallFailure>,
    not_tried: usize,
) -> Option<&'a CallFailure> {
    let mut failures = failures.peekable();
    let first = failures.peek().copied();
    failures.find(|failure| failure.ends_all()).or_else(|| first.filter(|_| not_tried > 0))
}

/// Describes failed calls: each failure once with its devices, and each hint once.
pub(super) fn describe_failures<'a>(
    failed: impl Iterator<Item = (&'a RegisteredDevice, &'a CallFailure)>,
    config: &Config,
    width: Option<u16>,
) -> String {
    let mut failures: Vec<(&CallFailure, Vec<String>)> = Vec::new();
    for (device, failure) in failed {
        match failures.last_mut() {
            // The devices of one request are adjacent.
            Some((last, names)) if *last == failure => names.push(name(device)),
            _ => failures.push((failure, vec![name(device)])),
        }
    }
    let mut text = String::new();
    for (failure, names) in failures.iter().take(MAX_SHOWN) {
        text += &wrap(&format!("{}: {failure}", shortlist(names)), width);
    }
    if failures.len() > MAX_SHOWN {
        text += &wrap(&format!("and {} more", failures.len() - MAX_SHOWN), width);
    }
    let hints: BTreeSet<_> = failures.iter().flat_map(|(failure, _)| hints(failure)).collect();
    for hint in hints {
        text += &wrap(&format!("-> {}", config.complete(hint)), width);
    }
    if text.is_empty() { text } else { format!("\n{text}") }
}
