//! The environment variables that clap does not read: secrets, which are never arguments, and variables of other programs.

use std::env::var_os;
use std::ffi::{OsStr, OsString};

use secrecy::SecretString;

/// Returns a variable. Bytes that are not text are replaced, so that they are an error later and not a missing value.
#[allow(clippy::disallowed_methods, reason = "this is the home of the environment")]
pub(crate) fn variable(name: &str) -> Option<String> {
    var_os(name).map(lossy)
}

/// Returns a variable with a secret.
pub(crate) fn secret(name: &str) -> Option<SecretString> {
    variable(name).map(SecretString::from)
}

/// Returns true if the variable is set to an empty text.
#[allow(clippy::disallowed_methods, reason = "this is the home of the environment")]
pub(crate) fn is_empty(name: &OsStr) -> bool {
    var_os(name).is_some_and(|text| text.is_empty())
}

fn lossy(text: OsString) -> String {
    text.into_string().unwrap_or_else(|text| text.to_string_lossy().into_owned())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::ffi::OsStringExt as _;

    use super::*;

    #[test]
    fn a_value_that_is_not_text_does_not_count_as_missing() {
        assert_eq!(lossy(OsString::from("text")), "text");
        assert_eq!(lossy(OsString::from_vec(b"t\xe9".to_vec())), "t\u{fffd}");
    }
}
