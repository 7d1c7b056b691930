//! The crypto provider of rustls; a process has one. With the feature `rustls`, reqwest uses aws-lc by itself. Without
//! that feature and without a provider, reqwest panics.

/// Makes sure that there is a crypto provider: the one that the program installed, otherwise that of the features.
#[cfg(all(feature = "rustls-no-provider", not(feature = "rustls")))]
pub(super) fn prepare() -> Result<(), &'static str> {
    use rustls_crate::crypto::CryptoProvider;
    #[cfg(feature = "rustls-ring")]
    if CryptoProvider::get_default().is_none() {
        // Fails only if another thread has just installed one.
        let _ = rustls_crate::crypto::ring::default_provider().install_default();
    }
    match CryptoProvider::get_default() {
        Some(_) => Ok(()),
        None => Err(
            "there is no crypto provider; call `install_default` of a rustls `CryptoProvider` first, or use the feature \
             `rustls` or `rustls-ring`",
        ),
    }
}

#[cfg(not(all(feature = "rustls-no-provider", not(feature = "rustls"))))]
pub(super) fn prepare() -> Result<(), &'static str> {
    Ok(())
}

/// Returns the crypto provider that connections use.
#[cfg(feature = "__rustls")]
pub(crate) fn current() -> Result<std::sync::Arc<rustls_crate::crypto::CryptoProvider>, &'static str>
{
    prepare()?;
    let installed = rustls_crate::crypto::CryptoProvider::get_default().cloned();
    #[cfg(feature = "rustls")]
    let installed = installed
        .or_else(|| Some(std::sync::Arc::new(rustls_crate::crypto::aws_lc_rs::default_provider())));
    installed.ok_or("there is no crypto provider")
}
