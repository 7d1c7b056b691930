//! The sign-in server, which serves the paths of Microsoft Entra on the emulator's own port.
//!
//! Its tokens are valid for this emulator only. Their issuer is the address that the client used, and their signing key
//! is derived from the seed, so anyone who knows the seed can sign tokens.

mod app_certificate;
mod caller;
mod claims_challenge;
mod client_assertion;
mod codes;
mod context;
mod device_codes;
mod device_page;
mod endpoints;
mod form;
mod grants;
mod oauth_error;
mod scope;
mod server;
mod settings;
mod token_signer;

pub(crate) use caller::Caller;
pub(crate) use endpoints::{is_sign_in_path, root_url};
pub(crate) use server::AuthServer;
pub use settings::{AuthMode, LoginApp, LoginSettings, LoginUser};
