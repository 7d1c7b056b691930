//! Authorization codes and refresh tokens that the sign-in server has issued.

use std::collections::HashMap;

use super::scope::RequestedAccess;

/// How long a refresh token lives, in seconds: 90 days.
pub(super) const REFRESH_LIFETIME: i64 = 90 * 24 * 60 * 60;

/// An authorization code that is given out.
pub(super) struct Code {
    pub(super) client: String,
    pub(super) reply: String,
    pub(super) challenge: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) user: String,
    pub(super) asked: RequestedAccess,
    pub(super) issued: i64,
    pub(super) redeemed: bool,
}

/// The newest refresh token of each sign-in: number and time. A family that is not here is of an earlier run.
#[derive(Default)]
pub(super) struct Families(HashMap<String, (u64, i64)>);

impl Families {
    pub(super) fn newest(&self, family: &str) -> Option<u64> {
        self.0.get(family).map(|(number, _)| *number)
    }

    pub(super) fn set(&mut self, family: &str, number: u64, now: i64) {
        self.0.retain(|_, (_, issued)| now < *issued + REFRESH_LIFETIME);
        self.0.insert(family.to_owned(), (number, now));
    }
}
