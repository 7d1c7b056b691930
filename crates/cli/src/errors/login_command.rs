//! The command that hints name.

/// Returns the command that signs in with this profile.
pub(crate) fn login(profile: &str) -> String {
    let quote = if profile.contains(' ') { "'" } else { "" };
    format!("pcdevices auth login --profile {quote}{profile}{quote}")
}
