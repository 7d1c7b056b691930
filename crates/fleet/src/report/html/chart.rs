//! The number of rows by status.

use super::status::Status;
use crate::report::row::ReportRow;

/// The number of rows by status.
#[derive(Clone, Copy, Default)]
pub(super) struct Counts([usize; Status::ALL.len()]);

impl Counts {
    pub(super) fn of<'a>(rows: impl IntoIterator<Item = &'a ReportRow>) -> Self {
        let mut counts = Self::default();
        for row in rows {
            counts.add(Status::of(row));
        }
        counts
    }

    pub(super) fn add(&mut self, status: Status) {
        self.0[status.index()] += 1;
    }

    pub(super) fn plus(mut self, other: Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(count, more)| *count += more);
        self
    }

    pub(super) fn get(&self, status: Status) -> usize {
        self.0[status.index()]
    }

    pub(super) fn rows(&self) -> usize {
        self.0.iter().sum()
    }

    /// Returns the number of devices: rows of the same device count once.
    pub(super) fn devices(&self) -> usize {
        self.rows() - self.get(Status::Duplicate)
    }

    /// Returns the number of devices that are registered, by this upload or before.
    pub(super) fn registered(&self) -> usize {
        self.get(Status::Registered) + self.get(Status::AlreadyRegistered)
    }

    /// Returns the number of devices that are not registered.
    pub(super) fn open(&self) -> usize {
        self.devices() - self.registered()
    }

    /// Returns each status that occurs, with its number of rows.
    pub(super) fn present(&self) -> impl Iterator<Item = (Status, usize)> {
        let counts = *self;
        let counted = Status::ALL.into_iter().map(move |status| (status, counts.get(status)));
        counted.filter(|(_, count)| *count > 0)
    }
}
