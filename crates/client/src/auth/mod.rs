//! Sign-in: token providers, the cache of the current token, and the claims of a token.

mod access_token;
mod app_only;
mod authorization_code;
mod certificate;
mod client_credential;
mod cloud;
mod device_code;
mod entra_codes;
mod github_oidc;
mod redirect_listener;
mod refresh_token;
mod request_limits;
mod token_endpoint;
mod token_provider;
mod token_response;
mod token_store;
mod user;

pub(crate) mod claims;
pub(crate) mod token_cache;
pub(crate) mod token_error;

pub use access_token::AccessToken;
pub use app_only::AppOnly;
pub use authorization_code::{AuthorizationCode, SignInPage};
pub use claims::TokenClaims;
pub use client_credential::ClientCredential;
pub use cloud::Cloud;
pub use device_code::{DeviceCode, DevicePrompt};
pub use entra_codes::SignInCode;
pub use refresh_token::RefreshToken;
pub use token_error::TokenError;
pub(crate) use token_provider::StaticToken;
pub use token_provider::TokenProvider;
pub use token_store::TokenStore;
