//! The authorization codes and refresh tokens that the sign-in server has issued.

use std::collections::HashMap;

use super::scope::RequestedAccess;

/// The lifetime of a refresh token in seconds: 90 days.
pub(super) const REFRESH_TOKEN_LIFETIME: i64 = 90 * 24 * 60 * 60;

/// An issued authorization code.
pub(super) struct AuthorizationCode {
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) challenge: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) user: String,
    pub(super) access: RequestedAccess,
    pub(super) issued: i64,
    pub(super) redeemed: bool,
}

/// The newest refresh token of each sign-in: its number and its time. A family that is missing here was started by
/// an earlier run.
#[derive(Default)]
pub(super) struct RefreshTokenFamilies(HashMap<String, (u64, i64)>);

impl RefreshTokenFamilies {
    pub(super) fn newest(&self, family: &str) -> Option<u64> {
        self.0.get(family).map(|(number, _)| *number)
    }

    pub(super) fn set(&mut self, family: &str, number: u64, now: i64) {
        self.0.retain(|_, (_, issued)| now < *issued + REFRESH_TOKEN_LIFETIME);
        self.0.insert(family.to_owned(), (number, now));
    }
}
