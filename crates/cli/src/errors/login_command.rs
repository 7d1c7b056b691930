//! The command that hints name.

const LOGIN: &str = "pcdevices auth login";

/// Returns the command that signs in with this profile.
pub(crate) fn login(profile: &str) -> String {
    let quote = if profile.contains(' ') { "'" } else { "" };
    format!("{LOGIN} --profile {quote}{profile}{quote}")
}

/// Completes a hint to sign in with the profile in use, so that it can be followed word for word.
pub(crate) fn with_profile(hint: &str, profile: &str) -> String {
    if !hint.contains(LOGIN) || hint.contains("--profile") {
        return hint.to_owned();
    }
    hint.replacen(LOGIN, &login(profile), 1)
}
