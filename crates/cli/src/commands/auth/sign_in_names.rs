//! The names of the kinds of sign-in in texts.

use crate::settings::config::SignIn;

/// Returns the name of a kind of sign-in in texts.
pub(super) fn sign_in_name(sign_in: SignIn) -> &'static str {
    match sign_in {
        SignIn::Browser => "browser",
        SignIn::DeviceCode => "device code",
        SignIn::RefreshToken => "refresh token",
        SignIn::AppOnly => "app only",
        SignIn::Certificate => "certificate of the app",
        SignIn::FederatedTokenFile => "federated token file",
        SignIn::GithubOidc => "GitHub Actions",
    }
}
