//! Reading and editing TOML files.

use std::io;
use std::path::Path;

use serde::de::DeserializeOwned;

use crate::atomic_file::{Readers, replace};
use crate::bounded_file;
use crate::errors::{CommandError, Exit};

/// Reads a TOML file; `None` if there is none. An error names the line but never quotes it: the line may contain a
/// secret that does not belong there.
pub(crate) fn read_toml<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, CommandError> {
    let unusable = |what: String| {
        CommandError::new(Exit::InvalidFile, format!("cannot use {}: {what}", path.display()))
    };
    let text = match bounded_file::read_text(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unusable(error.to_string())),
    };
    toml_edit::de::from_str(&text).map(Some).map_err(|error| {
        let line = error.span().map(|span| text[..span.start].matches('\n').count() + 1);
        let line = line.map(|line| format!("line {line}: ")).unwrap_or_default();
        let failure = unusable(format!("{line}{}", error.message()));
        if ["secret", "token"].iter().any(|word| error.message().contains(&format!("-{word}`"))) {
            return failure
                .hint("remove secrets from this file; store them with: pcdevices auth login");
        }
        failure
    })
}

/// Edits a TOML file, or creates it. Other entries and comments are kept.
pub(crate) fn edit_toml(
    path: &Path,
    edit: impl FnOnce(&mut toml_edit::DocumentMut),
) -> Result<(), CommandError> {
    let cannot = |error: &dyn std::fmt::Display| {
        CommandError::new(Exit::InvalidFile, format!("cannot change {}: {error}", path.display()))
    };
    let text = match bounded_file::read_text(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        read => read.map_err(|error| cannot(&error))?,
    };
    let mut document: toml_edit::DocumentMut =
        text.parse().map_err(|error: toml_edit::TomlError| cannot(&error.message()))?;
    edit(&mut document);
    replace(path, document.to_string().as_bytes(), Readers::Unchanged)
        .map_err(|error| cannot(&error))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn an_edit_keeps_other_entries_and_comments() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/customers.toml");
        edit_toml(&path, |document| document["a"] = toml_edit::value("1")).unwrap();
        fs::write(&path, "# mine\na = '1' # one\n").unwrap();
        edit_toml(&path, |document| document["b"] = toml_edit::value("2")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "# mine\na = '1' # one\nb = \"2\"\n");
    }
}
