//! Settings: configuration files, profiles, customers, secrets, and the session with the service.

pub(crate) mod app_credential;
pub(crate) mod config;
pub(crate) mod connection;
pub(crate) mod customer_index;
pub(crate) mod customer_lookup;
pub(crate) mod customer_match;
pub(crate) mod customers;
pub(crate) mod folders;
pub(crate) mod journals;
#[cfg(any(feature = "keyring", test))]
pub(crate) mod keyring_parts;
pub(crate) mod protection;
pub(crate) mod secret_readers;
pub(crate) mod secrets;
pub(crate) mod session;
pub(crate) mod sign_in;
pub(crate) mod toml_file;
#[cfg(any(windows, test))]
pub(crate) mod windows_access;
