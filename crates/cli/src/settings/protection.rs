//! Encrypted files of secrets on Windows: only this user on this machine can decrypt them (DPAPI). Other systems keep the
//! text, in a file that only this user can read.

use std::io;

use secrecy::SecretString;
use serde::Deserialize;

/// The content of an encrypted file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Encrypted {
    /// In Base64.
    dpapi: String,
}

/// Returns true for the content of an encrypted file.
#[cfg(any(windows, test))]
pub(crate) fn is_encrypted(text: &str) -> bool {
    serde_json::from_str::<Encrypted>(text).is_ok()
}

/// Encrypts the content of a file for this user.
#[cfg(windows)]
pub(crate) fn protect(text: &SecretString) -> io::Result<SecretString> {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use secrecy::ExposeSecret as _;
    let encrypted = windows_dpapi::encrypt_data(
        text.expose_secret().as_bytes(),
        windows_dpapi::Scope::User,
        None,
    )
    .map_err(|error| io::Error::other(format!("Windows cannot encrypt it: {error:#}")))?;
    let encrypted = STANDARD.encode(encrypted);
    Ok(serde_json::json!({ "dpapi": encrypted }).to_string().into())
}

/// Returns the text as it is.
#[cfg(not(windows))]
#[expect(clippy::unnecessary_wraps, reason = "the same signature as on Windows")]
pub(crate) fn protect(text: &SecretString) -> io::Result<SecretString> {
    Ok(text.clone())
}

/// Decrypts the content of a file. Text that is not encrypted is returned as it is: an older version wrote it.
pub(crate) fn unprotect(text: String) -> io::Result<SecretString> {
    match serde_json::from_str(&text) {
        Ok(Encrypted { dpapi }) => decrypt(&dpapi),
        Err(_) => Ok(text.into()),
    }
}

#[cfg(windows)]
fn decrypt(base64: &str) -> io::Result<SecretString> {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    let invalid = |reason: String| io::Error::new(io::ErrorKind::InvalidData, reason);
    let encrypted = STANDARD.decode(base64).map_err(|error| invalid(error.to_string()))?;
    let text = windows_dpapi::decrypt_data(&encrypted, windows_dpapi::Scope::User, None).map_err(|error| {
        invalid(format!(
            "Windows cannot decrypt it, as for a file of another user or machine, or after a forced change of the password: {error:#}"
        ))
    })?;
    let text = String::from_utf8(text).map_err(|_| invalid("it is not text".to_owned()))?;
    Ok(text.into())
}

#[cfg(not(windows))]
fn decrypt(_: &str) -> io::Result<SecretString> {
    Err(io::Error::new(
        io::ErrorKind::InvalidData,
        "it was encrypted on Windows, where only the same user on the same machine can decrypt it",
    ))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn a_protected_text_is_read_again_by_the_same_user() {
        for text in ["{\"refreshToken\":\"planted\"}", "{}", "", &"é".repeat(10_000)] {
            let written = protect(&text.into()).unwrap();
            let is_same = written.expose_secret() == text;
            assert_eq!(is_same, !cfg!(windows), "{text:.40}");
            assert_eq!(is_encrypted(written.expose_secret()), cfg!(windows), "{text:.40}");
            let read = unprotect(written.expose_secret().to_owned()).unwrap();
            assert_eq!(read.expose_secret(), text);
        }
    }

    #[test]
    fn a_text_that_cannot_be_decrypted_is_an_error_without_its_content() {
        for text in [r#"{"dpapi":"AQIDBA=="}"#, r#"{"dpapi":"planted?"}"#] {
            let error = unprotect(text.to_owned()).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData);
            assert!(!error.to_string().contains("planted"), "{error}");
        }
        // Other objects are not encrypted.
        for text in ["{\"dpapi\":1}", "{\"dpapi\":\"x\",\"y\":1}", "[]", "dpapi"] {
            assert_eq!(unprotect(text.to_owned()).unwrap().expose_secret(), text);
        }
    }
}
