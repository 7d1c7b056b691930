//! The number of devices by model, or by configuration policy.

use std::cmp::Reverse;

use super::chart::Counts;
use super::line::Names;
use super::status::Status;
use crate::report::row::ReportRow;

/// The maximum number of names in a table. The list of all rows has the others.
const MAX_NAMES: usize = 25;

/// The number of devices by a name that rows have. Rows of the same device count once.
pub(super) struct CountTable<'a> {
    /// The most frequent names.
    pub(super) rows: Vec<(&'a str, Counts)>,
    /// The number of other names, and their devices.
    pub(super) others: Option<(usize, Counts)>,
    /// The devices without a name.
    pub(super) unnamed: Option<Counts>,
}

impl<'a> CountTable<'a> {
    /// Counts the devices that `counts` accepts. Returns `None` if no row has a name.
    pub(super) fn new(
        rows: &[ReportRow],
        names: &'a Names,
        counts: impl Fn(Status) -> bool,
    ) -> Option<Self> {
        let mut by_number = vec![Counts::default(); names.all.len() + 1];
        for (row, &number) in rows.iter().zip(&names.of_row) {
            let status = Status::of(row);
            if status != Status::Duplicate && counts(status) {
                by_number[number].add(status);
            }
        }
        let is_present = |counts: &Counts| counts.rows() > 0;
        let unnamed = by_number.first().copied().filter(is_present);
        let named =
            (1..).zip(by_number.into_iter().skip(1)).filter(|(_, counts)| is_present(counts));
        let mut rows: Vec<_> =
            named.filter_map(|(number, counts)| Some((names.get(number)?, counts))).collect();
        // The stable sort keeps the order of the rows for equal counts.
        rows.sort_by_key(|(_, counts)| Reverse(counts.rows()));
        let others = rows.split_off(rows.len().min(MAX_NAMES));
        let sum = others.iter().fold(Counts::default(), |sum, (_, counts)| sum.plus(*counts));
        let others = (!others.is_empty()).then_some((others.len(), sum));
        (!rows.is_empty()).then_some(Self { rows, others, unnamed })
    }
}
