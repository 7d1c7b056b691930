//! The number of rows by outcome.

use serde::Serialize;

use super::outcome::RowOutcome;
use super::row::ReportRow;

/// The number of rows by outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ReportTotals {
    /// All rows.
    pub rows: usize,
    /// Rows whose device was registered by this upload.
    pub registered: usize,
    /// Rows whose device was already registered with this customer.
    pub already_registered: usize,
    /// Rows whose device was already registered by the customer itself: the partner cannot manage it. They count as already
    /// registered, too.
    pub registered_by_customer: usize,
    /// Rows whose device was already registered when it was sent, and is in no batch of its customer now. They count as already
    /// registered, too.
    pub in_no_batch: usize,
    /// Rows whose device the service rejected.
    pub failed: usize,
    /// Rows with the same device as another row.
    pub duplicate: usize,
    /// Rows that were not sent because they contain an error.
    #[serde(rename = "refused")]
    pub invalid: usize,
    /// Rows that were not sent because the upload stopped early.
    pub not_sent: usize,
    /// Rows that were sent, or may have been sent, and whose outcome is unknown.
    pub unknown: usize,
}

impl ReportTotals {
    pub(super) fn count(&mut self, row: &ReportRow) {
        self.rows += 1;
        self.registered_by_customer += usize::from(row.is_registered_by_customer());
        self.in_no_batch += usize::from(row.is_in_no_batch());
        *match &row.outcome {
            RowOutcome::Registered => &mut self.registered,
            RowOutcome::AlreadyRegistered => &mut self.already_registered,
            RowOutcome::Failed(_) => &mut self.failed,
            RowOutcome::Duplicate(_) => &mut self.duplicate,
            RowOutcome::Invalid(_) => &mut self.invalid,
            RowOutcome::NotSent => &mut self.not_sent,
            RowOutcome::Unknown => &mut self.unknown,
        } += 1;
    }
}
