//! The tokens that a fault rule has expired. Only digests of the most recent ones are stored.

use std::collections::VecDeque;

use http::header::{AUTHORIZATION, HeaderMap};
use sha2::{Digest, Sha256};

use crate::api::error::ApiError;

/// The number of stored tokens. When it is exceeded, the oldest token becomes valid again.
const CAPACITY: usize = 1000;

/// Tokens that are rejected as expired.
#[derive(Default)]
pub(crate) struct ExpiredTokens(VecDeque<[u8; 32]>);

impl ExpiredTokens {
    /// Marks the token of a request as expired, if it has one.
    pub(crate) fn add(&mut self, headers: &HeaderMap) {
        let Some(token) = digest(headers).filter(|token| !self.0.contains(token)) else { return };
        if self.0.len() == CAPACITY {
            self.0.pop_front();
        }
        self.0.push_back(token);
    }

    /// Returns an error if the token of a request is marked as expired.
    pub(crate) fn check(&self, headers: &HeaderMap) -> Result<(), ApiError> {
        let is_expired =
            !self.0.is_empty() && digest(headers).is_some_and(|digest| self.0.contains(&digest));
        if is_expired { Err(ApiError::expired_token()) } else { Ok(()) }
    }
}

fn digest(headers: &HeaderMap) -> Option<[u8; 32]> {
    headers.get(AUTHORIZATION).map(|token| Sha256::digest(token.as_bytes()).into())
}
