//! The configuration policy of each row of a report.

use std::sync::Arc;

/// The configuration policies of the rows of a report, as far as the local index knows them. See
/// [`Index::policies_of`](crate::index::Index::policies_of).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowPolicies(pub(crate) Vec<Option<Arc<str>>>);

impl RowPolicies {
    /// Returns the name of the policy of a row, or its id if the name is unknown. `row` is the position in the report, from 0.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<&str> {
        self.0.get(row)?.as_deref()
    }
}
