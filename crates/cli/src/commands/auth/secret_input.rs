//! The secrets that `auth login` reads: from a file, a variable or a prompt, never from an argument.

use std::io::{self, IsTerminal as _};
use std::path::Path;

use secrecy::{ExposeSecret as _, SecretString};

use super::sign_in_names::sign_in_name;
use crate::bounded_file::{read_secret, read_secret_from};
use crate::environment;
use crate::errors::{CommandError, Exit};
use crate::settings::config::SignIn;
use crate::settings::secrets::warn_if_exposed;
use crate::ui::output::Ui;

pub(super) const CANCELLED: &str = "cancelled; no credentials were saved";

/// Returns the client secret, if this kind of sign-in has one.
pub(super) fn client_secret(
    ui: Ui,
    file: Option<&Path>,
    sign_in: SignIn,
) -> Result<Option<SecretString>, CommandError> {
    let variable = variable("PCDEVICES_CLIENT_SECRET");
    let uses_secret = matches!(sign_in, SignIn::Browser | SignIn::RefreshToken | SignIn::AppOnly);
    match (file, variable, sign_in) {
        (None, _, _) if !uses_secret => Ok(None),
        (None, None, SignIn::Browser | SignIn::RefreshToken) => Ok(None),
        (Some(_), _, _) if !uses_secret => {
            let kind = sign_in_name(sign_in);
            let message = format!("a sign-in by {kind} does not use a client secret");
            Err(CommandError::new(Exit::Usage, message)
                .hint("use a client secret with --browser, --refresh-token or --app-only"))
        }
        (file, variable, _) => secret(ui, "client secret", file, variable).map(Some),
    }
}

pub(super) fn refresh_token(ui: Ui, file: Option<&Path>) -> Result<SecretString, CommandError> {
    secret(ui, "refresh token", file, variable("PCDEVICES_REFRESH_TOKEN"))
}

/// Reads a secret from a file, then from a variable, then from a prompt. Never from an argument, because arguments
/// appear in the list of processes and in the shell's history.
fn secret(
    ui: Ui,
    what: &str,
    file: Option<&Path>,
    variable: Option<SecretString>,
) -> Result<SecretString, CommandError> {
    let failure = |message: String| CommandError::new(Exit::AccessDenied, message);
    let text = match (file, variable) {
        (Some(file), _) if file.as_os_str() == "-" => {
            let read = read_secret_from(io::stdin().lock());
            read.map_err(|error| failure(format!("cannot read the {what}: {error}")))?
        }
        (Some(file), _) => {
            warn_if_exposed(ui, file);
            read_secret(file).map_err(|error| {
                failure(format!("cannot read the {what} in {}: {error}", file.display()))
            })?
        }
        (None, Some(text)) => text,
        (None, None) if io::stdin().is_terminal() => {
            ui.notice(&format!("Enter the {what} (hidden): "));
            let text = rpassword::read_password().map_err(|error| match error.kind() {
                // rpassword handles Ctrl-C itself and leaves the cursor on the line.
                io::ErrorKind::Interrupted => {
                    ui.notice("\n");
                    CommandError::new(Exit::Interrupted, CANCELLED)
                }
                _ => failure(format!("cannot read the {what}: {error}")),
            });
            SecretString::from(text?)
        }
        (None, None) => {
            let flag = what.replace(' ', "-");
            let name = flag.to_uppercase().replace('-', "_");
            return Err(failure(format!("the {what} is missing")).hint(format!(
                "specify a file with --{flag}-file (- for standard input), or set PCDEVICES_{name}"
            )));
        }
    };
    let clean = text.expose_secret().trim_start_matches('\u{feff}').trim();
    if clean.is_empty() || clean.chars().any(char::is_control) {
        return Err(failure(format!("invalid {what}: it is empty or has more than one line")));
    }
    Ok(clean.to_owned().into())
}

/// Returns a variable with a secret, unless it is blank.
pub(super) fn variable(name: &str) -> Option<SecretString> {
    environment::secret(name).filter(|secret| !secret.expose_secret().trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Global;

    #[test]
    fn a_secret_with_more_than_one_line_is_invalid() {
        let ui = Ui::new(&Global::default());
        for text in ["planted\nplanted", " ", "plan\u{7f}ted"] {
            let failure =
                secret(ui, "client secret", None, Some(text.to_owned().into())).unwrap_err();
            assert!(!failure.to_string().contains("planted"), "{failure}");
        }
        let clean =
            secret(ui, "client secret", None, Some("\u{feff}planted\r\n".to_owned().into()));
        assert_eq!(clean.unwrap().expose_secret(), "planted");
    }
}
