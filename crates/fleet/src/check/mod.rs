//! Checks rows and turns them into findings and devices.
//!
//! [`row_check`] applies every rule that concerns one row by itself, on several threads if there are many rows.
//! [`dedup`] then compares each row with the rows before it. [`fleet`] keeps all rows; [`checker`] and [`summary`] keep
//! only what the comparison needs.

mod after_repair;
mod cell_problem;
pub(crate) mod checked_row;
pub(crate) mod checker;
mod damage;
pub(crate) mod dedup;
pub(crate) mod finding;
pub(crate) mod findings_output;
pub(crate) mod fleet;
mod hash_rules;
pub(crate) mod options;
mod ordered_parallel;
pub(crate) mod placeholder;
pub(crate) mod quoted;
mod row_check;
pub(crate) mod row_details;
pub(crate) mod rule;
mod spreadsheet_damage;
pub(crate) mod summary;
#[cfg(test)]
pub(crate) mod test_hashes;
mod text_rules;
mod value_rules;
mod words;
