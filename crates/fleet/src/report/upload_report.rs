//! The report as a whole.

use std::collections::HashMap;
use std::sync::Arc;

use super::destination::Destination;
use super::earlier_registration::EarlierRegistration;
use super::outcome::RowOutcome;
use super::row::ReportRow;
use super::totals::ReportTotals;

/// The outcome of every row of a fleet, in the order of the input. An [`Upload`](crate::Upload) returns it at the end; a
/// [`Journal`](crate::Journal) can create it at any time.
///
/// In JSON (camelCase) it has the properties `allWell`, `stopped`, `destinations`, `totals` and `rows`.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub(crate) destinations: Vec<Arc<Destination>>,
    pub(crate) stopped: Option<String>,
    pub(crate) rows: Vec<ReportRow>,
}

impl Report {
    /// Returns the batches that rows were sent to, in the order in which the journal first recorded them: those of an
    /// earlier run that are still used come before new ones.
    pub fn destinations(&self) -> impl ExactSizeIterator<Item = &Destination> {
        self.destinations.iter().map(|destination| &**destination)
    }

    /// Returns the reason the whole upload stopped early; `None` if it did not. The upload to a single destination may
    /// have stopped for its own reason.
    #[must_use]
    pub fn stopped(&self) -> Option<&str> {
        self.stopped.as_deref()
    }

    /// Returns all rows, in the order of the input.
    #[must_use]
    pub fn rows(&self) -> &[ReportRow] {
        &self.rows
    }

    /// Sets the place of the device of a row, or removes it: `None` means that the device was looked for, and that its place is not
    /// known. Rows count from 0.
    ///
    /// Returns false without a change if the report does not have the row, or if its outcome does not
    /// [allow](ReportRow::may_be_in) the place.
    pub fn set_earlier_registration(
        &mut self,
        row: usize,
        place: Option<EarlierRegistration>,
    ) -> bool {
        let Some(row) = self.rows.get_mut(row) else { return false };
        let is_possible = place.as_ref().is_none_or(|place| row.may_be_in(place));
        if is_possible {
            row.earlier = place.map(Box::new);
        }
        is_possible
    }

    /// Counts the rows by outcome.
    #[must_use]
    pub fn totals(&self) -> ReportTotals {
        let mut totals = ReportTotals::default();
        self.rows.iter().for_each(|row| totals.count(row));
        totals
    }

    /// Counts the rows of each batch by outcome, in the order of [`destinations`](Self::destinations). Rows without a batch
    /// do not count.
    #[must_use]
    pub fn totals_by_batch(&self) -> Vec<(&Destination, ReportTotals)> {
        let mut totals: Vec<_> =
            self.destinations().map(|destination| (destination, ReportTotals::default())).collect();
        let places: HashMap<*const Destination, usize> =
            self.destinations.iter().map(Arc::as_ptr).zip(0..).collect();
        for row in &self.rows {
            let place = row.destination.as_ref().and_then(|to| places.get(&Arc::as_ptr(to)));
            if let Some(place) = place {
                totals[*place].1.count(row);
            }
        }
        totals
    }

    /// Returns true if every device is registered and can be managed: not [by its customer](EarlierRegistration::ByCustomer), and
    /// not [in no batch](EarlierRegistration::InNoBatch). Rows that are duplicates do not count. Returns false for an upload that ended
    /// before it recorded its rows.
    #[must_use]
    pub fn all_succeeded(&self) -> bool {
        !self.rows.is_empty() && self.rows.iter().all(ReportRow::is_success)
    }

    /// Returns true if the same upload has more to do when it is run again: rows were not sent, or their outcome is
    /// unknown.
    #[must_use]
    pub fn is_unfinished(&self) -> bool {
        let is_unfinished =
            |row: &ReportRow| matches!(row.outcome, RowOutcome::NotSent | RowOutcome::Unknown);
        self.rows.iter().any(is_unfinished)
    }
}
