//! The credentials of apps that are not stored with the other secrets: a certificate file, a token file, or the variables of a
//! job in GitHub Actions.

use std::path::{Path, PathBuf};

use partner_center_devices::{ClientCredential, TokenError};
use secrecy::SecretString;

use crate::bounded_file::read_regular_secret;
use crate::environment::variable;
use crate::errors::{CommandError, Exit};
use crate::settings::config::{Config, SignIn};
use crate::settings::secrets::warn_if_exposed;
use crate::ui::output::Ui;

/// The variables of a job in GitHub Actions that may request tokens.
const REQUEST_URL: &str = "ACTIONS_ID_TOKEN_REQUEST_URL";
const REQUEST_TOKEN: &str = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";

/// Returns the credential of a profile's app; `None` if the profile stores a secret.
pub(crate) fn app_credential(
    ui: Ui,
    config: &Config,
    sign_in: SignIn,
) -> Result<Option<ClientCredential>, CommandError> {
    let profile = &config.profile;
    let path = |path: &Option<PathBuf>, what| {
        path.clone().ok_or_else(|| {
            let name = &config.profile_name;
            CommandError::new(Exit::AccessDenied, format!("profile '{name}' has no {what}"))
                .hint(format!("sign in: {} --{what} FILE", crate::settings::sign_in::login(name)))
        })
    };
    Ok(Some(match sign_in {
        SignIn::Browser | SignIn::DeviceCode | SignIn::RefreshToken | SignIn::AppOnly => {
            return Ok(None);
        }
        SignIn::Certificate => {
            certificate(ui, &path(&profile.certificate_file, "certificate-file")?)?
        }
        SignIn::FederatedTokenFile => {
            let file = path(&profile.federated_token_file, "federated-token-file")?;
            ClientCredential::federated_token_file(file)
        }
        SignIn::GithubOidc => github_oidc(variable)?,
    }))
}

/// A hint for a file that cannot be used as a certificate.
const PEM_FILE: &str = "use a PEM file with the certificate and its RSA key, not encrypted; convert a PFX file: openssl pkcs12 -in FILE.pfx -nodes -out FILE.pem";

fn certificate(ui: Ui, file: &Path) -> Result<ClientCredential, CommandError> {
    let place = file.display();
    let pem = read_regular_secret(file).map_err(|error| {
        let is_missing = error.kind() == std::io::ErrorKind::NotFound;
        let message = format!("cannot read the certificate in {place}");
        let error = CommandError::new(Exit::AccessDenied, message).with_source(error);
        if is_missing { error } else { error.hint(PEM_FILE) }
    })?;
    warn_if_exposed(ui, file);
    ClientCredential::certificate(pem).map_err(|error| {
        CommandError::wrap(Exit::AccessDenied, error)
            .context(&format!("cannot use {place}"))
            .hint(PEM_FILE)
    })
}

fn github_oidc(
    variable: impl Fn(&str) -> Option<String>,
) -> Result<ClientCredential, CommandError> {
    let value = |name| {
        variable(name).filter(|value| !value.trim().is_empty()).ok_or_else(|| {
            let message =
                format!("GitHub Actions did not permit a token: the variable {name} is missing");
            CommandError::new(Exit::AccessDenied, message)
                .hint("run this in a job of GitHub Actions with `permissions: id-token: write`")
        })
    };
    let (url, token) = (value(REQUEST_URL)?, SecretString::from(value(REQUEST_TOKEN)?));
    let credential: Result<_, TokenError> = ClientCredential::github_actions(&url, token);
    credential.map_err(|error| CommandError::wrap(Exit::AccessDenied, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_without_the_permission_gets_a_hint() {
        let url = "https://actions.example/token";
        for (variables, words) in [
            (&[][..], "ACTIONS_ID_TOKEN_REQUEST_URL is missing"),
            (&[(REQUEST_URL, url)], "ACTIONS_ID_TOKEN_REQUEST_TOKEN is missing"),
            (
                &[(REQUEST_URL, url), (REQUEST_TOKEN, " ")],
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN is missing",
            ),
            (&[(REQUEST_URL, "http://evil.test"), (REQUEST_TOKEN, "planted")], "not https"),
        ] {
            let variable = |name: &str| {
                let found = variables.iter().find(|(key, _)| *key == name);
                found.map(|(_, value)| (*value).to_owned())
            };
            let error = github_oidc(variable).unwrap_err().render();
            assert!(error.contains(words) && !error.contains("planted"), "{error}");
        }
    }
}
