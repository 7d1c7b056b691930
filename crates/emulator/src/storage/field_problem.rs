//! Problems with the fields of a world file.

use crate::domain::ids::Guid;
use crate::domain::text_limit::{MAX_TEXT, TOO_LONG};

/// A field of a world file, and the problem with its value.
pub(super) type Problem = (String, String);

/// Returns an error if the text of a field is too long to be remembered.
pub(super) fn check_length(
    text: Option<&str>,
    field: impl FnOnce() -> String,
) -> Result<(), Problem> {
    match text {
        Some(text) if text.len() > MAX_TEXT => Err((field(), TOO_LONG.to_owned())),
        _ => Ok(()),
    }
}

/// Parses an id, or returns an error that names its field.
pub(super) fn guid(text: &str, field: impl FnOnce() -> String) -> Result<Guid, Problem> {
    let problem = || (field(), "must be a GUID of 8-4-4-4-12 hexadecimal digits".to_owned());
    Guid::parse(text).ok_or_else(problem)
}
