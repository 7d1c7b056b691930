//! The appearance of outcomes, and the bar that charts them.

use std::fmt;

use super::format::{grouped, percentage};
use crate::report::earlier_registration::EarlierRegistration;
use crate::report::outcome::RowOutcome;
use crate::report::row::ReportRow;
use crate::report::totals::ReportTotals;

/// The minimum width of a part of the bar, in percent, so that small parts stay visible.
const MIN_WIDTH: f64 = 0.8;

/// The appearance of an outcome: a CSS class, a symbol and a label.
#[derive(Clone, Copy)]
pub(super) struct Badge {
    pub(super) class: &'static str,
    pub(super) symbol: &'static str,
    pub(super) label: &'static str,
}

const REGISTERED: Badge = Badge { class: "registered", symbol: "✓", label: "Registered" };
const ALREADY: Badge = Badge { class: "already", symbol: "✓", label: "Already registered" };
const DUPLICATE: Badge =
    Badge { class: "duplicate", symbol: "=", label: "Duplicate of another row" };
const FAILED: Badge = Badge { class: "failed", symbol: "✕", label: "Rejected by the service" };
const INVALID: Badge = Badge { class: "refused", symbol: "!", label: "Error in the file" };
const NOT_SENT: Badge = Badge { class: "not-sent", symbol: "–", label: "Not sent" };
const UNKNOWN: Badge = Badge { class: "unknown", symbol: "?", label: "Outcome unknown" };

const IN_NO_BATCH: Badge = Badge { class: "in-no-batch", symbol: "!", label: "In no batch now" };

/// Has the class of an unknown outcome, because no bar has this badge.
const BY_CUSTOMER: Badge =
    Badge { class: "unknown", symbol: "!", label: "Registered by the customer" };

pub(super) fn badge(row: &ReportRow) -> Badge {
    match row.earlier_registration() {
        Some(EarlierRegistration::ByCustomer) => return BY_CUSTOMER,
        Some(EarlierRegistration::InNoBatch) => return IN_NO_BATCH,
        _ => {}
    }
    match row.outcome() {
        RowOutcome::Registered => REGISTERED,
        RowOutcome::AlreadyRegistered => ALREADY,
        RowOutcome::Duplicate(_) => DUPLICATE,
        RowOutcome::Failed(_) => FAILED,
        RowOutcome::Invalid(_) => INVALID,
        RowOutcome::NotSent => NOT_SENT,
        RowOutcome::Unknown => UNKNOWN,
    }
}

/// A bar with a part for each outcome that occurs.
pub(super) struct Bar {
    pub(super) parts: Vec<Part>,
}

pub(super) struct Part {
    pub(super) badge: Badge,
    pub(super) count: usize,
    /// The share of all rows.
    pub(super) share: String,
    /// The start, in percent of the bar.
    pub(super) start: String,
    /// The width, in percent of the bar.
    pub(super) width: String,
}

impl Bar {
    pub(super) fn new(totals: &ReportTotals) -> Self {
        let counts: Vec<_> = [
            (REGISTERED, totals.registered),
            (ALREADY, totals.already_registered - totals.in_no_batch),
            (IN_NO_BATCH, totals.in_no_batch),
            (DUPLICATE, totals.duplicate),
            (FAILED, totals.failed),
            (INVALID, totals.invalid),
            (NOT_SENT, totals.not_sent),
            (UNKNOWN, totals.unknown),
        ]
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .collect();
        let share = |count: usize| count as f64 * 100.0 / totals.rows as f64;
        let sum: f64 = counts.iter().map(|(_, count)| share(*count).max(MIN_WIDTH)).sum();
        let mut start = 0.0;
        let part = |(badge, count)| {
            let width = share(count).max(MIN_WIDTH) * 100.0 / sum;
            let part = Part {
                badge,
                count,
                share: percentage(count, totals.rows),
                start: format!("{start:.2}"),
                width: format!("{width:.2}"),
            };
            start += width;
            part
        };
        Self { parts: counts.into_iter().map(part).collect() }
    }
}

/// Shows the counts as text.
impl fmt::Display for Bar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, part) in self.parts.iter().enumerate() {
            let separator = if position == 0 { "" } else { ", " };
            write!(f, "{separator}{}:\u{a0}{}", part.badge.label, grouped(part.count))?;
        }
        Ok(())
    }
}
