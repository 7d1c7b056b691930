//! The trait for stores of refresh tokens.

use std::sync::Arc;

use partner_center_devices_raw::{BoxError, BoxFuture};
use secrecy::SecretString;

/// A store for the refresh token, which the sign-in replaces from time to time.
///
/// Several processes can share a token if they share a store with [`load`](Self::load) and [`lock`](Self::lock). A
/// provider requests a token in this order: lock, load, request, save, unlock.
///
/// `Arc<S>` and `Box<dyn TokenStore>` are stores too.
///
/// A file that processes on one machine share, in a directory that only its owner can read:
///
/// ```no_run
/// use std::fs::{self, File};
/// use std::io;
/// use std::path::PathBuf;
///
/// use partner_center_devices::secrecy::{ExposeSecret, SecretString};
/// use partner_center_devices::{BoxError, BoxFuture, TokenStore};
///
/// struct FileStore(PathBuf);
///
/// impl TokenStore for FileStore {
///     fn save<'a>(&'a self, token: &'a SecretString) -> BoxFuture<'a, Result<(), BoxError>> {
///         Box::pin(async {
///             // If the process ends here, the store has the old token or the new one, but never half of one.
///             let new = self.0.with_extension("new");
///             fs::write(&new, token.expose_secret())?;
///             Ok(fs::rename(new, &self.0)?)
///         })
///     }
///
///     fn load(&self) -> BoxFuture<'_, Result<Option<SecretString>, BoxError>> {
///         Box::pin(async {
///             match fs::read_to_string(&self.0) {
///                 Ok(token) => Ok(Some(token.into())),
///                 Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
///                 Err(error) => Err(error.into()),
///             }
///         })
///     }
///
///     fn lock(&self) -> BoxFuture<'_, Result<Box<dyn Send>, BoxError>> {
///         let path = self.0.with_extension("lock");
///         Box::pin(async {
///             // Waiting for another process would block all tasks of this thread.
///             let file = tokio::task::spawn_blocking(move || {
///                 let file = File::create(path)?;
///                 file.lock()?; // until the file is dropped
///                 io::Result::Ok(file)
///             });
///             Ok(Box::new(file.await??) as Box<dyn Send>)
///         })
///     }
/// }
/// ```
pub trait TokenStore: Send + Sync + 'static {
    /// Stores `token` and replaces the previous one. The access token that came with it is not used before this
    /// succeeds.
    ///
    /// # Errors
    /// If the token cannot be stored. The sign-in then fails with this error as its source, and the next sign-in
    /// offers the token again.
    fn save<'a>(&'a self, token: &'a SecretString) -> BoxFuture<'a, Result<(), BoxError>>;

    /// Returns the stored token; `None` if there is none. Providers call it before each request, so that they use a
    /// token that another process has saved. The default always returns `None`.
    ///
    /// # Errors
    /// If the store cannot be read. The sign-in then fails with this error as its source.
    fn load(&self) -> BoxFuture<'_, Result<Option<SecretString>, BoxError>> {
        Box::pin(std::future::ready(Ok(None)))
    }

    /// Waits until no other process requests a token, and keeps others waiting until the result is dropped. A refresh
    /// token may work only once, so two requests with the same one must not overlap. The default does not wait.
    ///
    /// # Errors
    /// If the store cannot be locked. The sign-in then fails with this error as its source.
    fn lock(&self) -> BoxFuture<'_, Result<Box<dyn Send>, BoxError>> {
        Box::pin(async { Ok(Box::new(()) as Box<dyn Send>) })
    }
}

macro_rules! forward {
    ($pointer:ident) => {
        impl<S: TokenStore + ?Sized> TokenStore for $pointer<S> {
            fn save<'a>(&'a self, token: &'a SecretString) -> BoxFuture<'a, Result<(), BoxError>> {
                (**self).save(token)
            }

            fn load(&self) -> BoxFuture<'_, Result<Option<SecretString>, BoxError>> {
                (**self).load()
            }

            fn lock(&self) -> BoxFuture<'_, Result<Box<dyn Send>, BoxError>> {
                (**self).lock()
            }
        }
    };
}

forward!(Arc);
forward!(Box);
