//! Devices that were registered before: with this customer (806), or with another organization (808). Finds their places with calls that
//! read, and prints what to do. Changes nothing in the service.

mod advice;
mod look_up;
mod places;
mod wanted;

use std::path::Path;
use std::time::{Duration, SystemTime};

use partner_center_devices_fleet::{Journal, Report};

pub(super) use self::advice::advise;
use self::look_up::LookUp;
use self::places::Places;
use self::wanted::{KnownDevices, Wanted};
use crate::interrupt::stop_signal;
use crate::settings::customer_lookup::UnusableIndex;
use crate::settings::session::Session;
use crate::ui::output::Ui;
use crate::ui::text_layout::count;

/// Maximum time for all searches: the report waits for them.
const LOOK_UP_WITHIN: Duration = Duration::from_secs(10 * 60);

/// Adds to a report, and to its journal, where the devices are that were registered before. `started` is the time at which the run
/// started to send.
///
/// Ctrl-C, a request to end the program and the time limit skip the rest. The places that were found by then count.
pub(super) async fn locate(
    ui: Ui,
    session: &Session,
    report: &mut Report,
    journal: Option<&Path>,
    started: SystemTime,
) -> Places {
    let mut places = Places::default();
    // The built-in emulator has no earlier registrations.
    if !session.customers.are_remembered() {
        return places;
    }
    let index = session.customers.open_index(ui);
    let known_devices = match &index {
        Ok(Some(index)) => KnownDevices::In(index),
        Ok(None) => KnownDevices::Missing,
        Err(UnusableIndex) => KnownDevices::Unreadable,
    };
    let wanted = Wanted::of(report, known_devices, started);
    drop(index);
    if wanted.unsearchable > 0 {
        ui.warning(&format!(
            "cannot look for {} that {} registered before: {} neither a serial number nor a product key",
            count(wanted.unsearchable, "device"),
            if wanted.unsearchable == 1 { "was" } else { "were" },
            if wanted.unsearchable == 1 { "its row has" } else { "their rows have" },
        ));
    }
    if !wanted.unknown.is_empty() {
        let devices = count(wanted.unknown.len(), "device");
        // The reason was printed if the index cannot be opened.
        let reason = wanted.index_failure.as_ref().map(|error| format!(": {error}"));
        let reason = reason.unwrap_or_default();
        ui.warning(&format!("cannot look for {devices} with error 808 in the index{reason}"));
    }
    places.searched = wanted.rows().collect();
    let mut gone = Vec::new();
    let look_up = LookUp { ui, session, places: &mut places, gone: &mut gone };
    if let Some(reason) = until_stopped(stop_signal(), look_up.run(wanted)).await {
        ui.warning(&format!("stopped looking for devices that were registered before: {reason}"));
    }
    if !gone.is_empty() {
        session.change_index(|index, _| {
            gone.iter().try_for_each(|(device, since)| index.record_missing(device, *since))
        });
    }
    let mut is_changed = false;
    for (row, place) in &places.found {
        if report.rows()[*row].earlier_registration() != place.as_ref() {
            is_changed |= report.set_earlier_registration(*row, place.clone());
        }
    }
    let Some(journal) = journal.filter(|_| is_changed) else { return places };
    let recorded =
        Journal::open(journal).and_then(|mut it| it.record_earlier_registrations(report));
    if let Err(error) = recorded {
        ui.warning(&format!(
            "the journal does not have the places of devices that were registered before: {error}"
        ));
    }
    places
}

/// Runs a search until it is complete, a signal stops it or its time is up. Returns the reason if it is not complete.
async fn until_stopped(
    signal: impl Future<Output = ()>,
    look_up: impl Future<Output = ()>,
) -> Option<String> {
    tokio::select! {
        biased;
        () = signal => Some("cancelled".to_owned()),
        () = look_up => None,
        () = tokio::time::sleep(LOOK_UP_WITHIN) => {
            Some(format!("it took more than {} minutes", LOOK_UP_WITHIN.as_secs() / 60))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{pending, ready};

    #[tokio::test(start_paused = true)]
    async fn the_search_has_a_time_limit() {
        let almost = tokio::time::sleep(LOOK_UP_WITHIN - Duration::from_secs(1));
        assert_eq!(until_stopped(pending(), almost).await, None);
        let too_long = until_stopped(pending(), pending()).await;
        assert_eq!(too_long.as_deref(), Some("it took more than 10 minutes"));
        let cancelled = until_stopped(ready(()), pending()).await;
        assert_eq!(cancelled.as_deref(), Some("cancelled"));
    }
}
