//! The causes of an error.

use std::error::Error;

use crate::network::is_about_own_certificate;

/// Returns an error and its sources, from the outside in.
fn chain<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> + 'a {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let error = next?;
        next = error.source();
        Some(error)
    })
}

/// Returns the message of the deepest source: "Connection refused" rather than "error sending request".
pub(crate) fn root_cause(error: &(dyn Error + 'static)) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
}

/// Returns the error of this type among an error and its sources.
pub(crate) fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    chain(error).find_map(|error| error.downcast_ref())
}

/// Returns true if a connection failed because of the certificate of the server. rustls and the TLS of each system have
/// their own error types, but all name the certificate.
pub(crate) fn is_about_certificate(error: &(dyn Error + 'static)) -> bool {
    let is_about = |text: String| text.to_ascii_lowercase().contains("certificate");
    !refuses_own_certificate(error) && chain(error).any(|error| is_about(error.to_string()))
}

/// Returns true if a server refused the certificate of this machine, or requires one.
pub(crate) fn refuses_own_certificate(error: &(dyn Error + 'static)) -> bool {
    is_about_own_certificate(&root_cause(error))
}
