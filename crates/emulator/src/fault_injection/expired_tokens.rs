//! Decides which tokens a fault rule has spoiled. Only digests are kept, and the last ones only.

use std::collections::VecDeque;

use http::header::{AUTHORIZATION, HeaderMap};
use sha2::{Digest, Sha256};

use crate::api::error::ApiError;

/// How many spoiled tokens are kept; the oldest is good again.
const KEPT: usize = 1000;

/// The tokens that are refused from now on.
#[derive(Default)]
pub(crate) struct ExpiredTokens(VecDeque<[u8; 32]>);

impl ExpiredTokens {
    /// Spoils the token of a request, if it has one.
    pub(crate) fn add(&mut self, headers: &HeaderMap) {
        let Some(token) = digest(headers).filter(|token| !self.0.contains(token)) else { return };
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(token);
    }

    /// Refuses a request with a spoiled token.
    pub(crate) fn check(&self, headers: &HeaderMap) -> Result<(), ApiError> {
        let spoiled = !self.0.is_empty() && digest(headers).is_some_and(|it| self.0.contains(&it));
        if spoiled { Err(ApiError::expired_token()) } else { Ok(()) }
    }
}

fn digest(headers: &HeaderMap) -> Option<[u8; 32]> {
    headers.get(AUTHORIZATION).map(|token| Sha256::digest(token.as_bytes()).into())
}
