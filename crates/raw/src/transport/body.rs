//! The body of a response: its limits and its encodings.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::contract::BoxError;
use crate::content_encoding::DecodeError;
use crate::{content_encoding, text_encoding};

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Removes a byte order mark from `body`. The service documents one before a policy:
/// <https://learn.microsoft.com/en-us/partner-center/developer/retrieve-a-customer-s-configuration-policy>.
#[must_use]
pub fn strip_bom(body: Bytes) -> Bytes {
    if body.starts_with(BOM) { body.slice(BOM.len()..) } else { body }
}

/// The maximum size of a successful response in bytes. The largest known ones, lists of devices with their hardware
/// hashes, have a few megabytes.
pub const MAX_BODY: usize = 64 << 20;

/// The maximum size of an error response in bytes.
pub const MAX_ERROR_BODY: usize = 1 << 20;

/// The maximum number of commas in a response. Each value of JSON needs much more memory than text.
const MAX_VALUES: usize = 500_000;

/// The maximum number of opening braces in a response. An empty device needs several hundred bytes.
const MAX_OBJECTS: usize = 100_000;

/// Bodies up to this size have no more values and objects than memory allows.
const SMALL_BODY: usize = 2 * MAX_OBJECTS;

/// The error of a response that is larger than any response of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooLarge {
    /// The body has more bytes than this.
    Bytes(usize),
    /// The body has more JSON values than this.
    Values(usize),
    /// The body has more JSON objects than this.
    Objects(usize),
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(limit) => {
                write!(f, "the response is larger than {} MiB, the most that is read", limit >> 20)
            }
            Self::Values(limit) => {
                write!(f, "the response has more than {limit} values, the most that are read")
            }
            Self::Objects(limit) => {
                write!(f, "the response has more than {limit} objects, the most that are read")
            }
        }
    }
}

impl std::error::Error for TooLarge {}

/// Decodes a body, and checks its size again.
pub(super) fn decode(
    headers: &mut HeaderMap,
    body: Bytes,
    limit: usize,
) -> Result<Bytes, BoxError> {
    let body = content_encoding::decode(headers, body, limit).map_err(|error| match error {
        DecodeError::TooLarge => BoxError::from(TooLarge::Bytes(limit)),
        DecodeError::Unreadable(error) => error.into(),
    })?;
    let body = text_encoding::body_to_utf_8(headers, body);
    if body.len() > limit {
        return Err(TooLarge::Bytes(limit).into());
    }
    check_values(body)
}

/// The bytes of a body in one buffer. Keeping the frames until the end would need twice the memory.
#[derive(Default)]
pub(super) struct Collected {
    /// A body of one frame is not copied.
    first: Bytes,
    all: Vec<u8>,
}

impl Collected {
    pub(super) fn len(&self) -> usize {
        self.first.len() + self.all.len()
    }

    pub(super) fn push(&mut self, data: Bytes) {
        if self.all.is_empty() && self.first.is_empty() {
            self.first = data;
        } else {
            self.all.extend_from_slice(&std::mem::take(&mut self.first));
            self.all.extend_from_slice(&data);
        }
    }
}

impl From<Collected> for Bytes {
    fn from(collected: Collected) -> Self {
        if collected.all.is_empty() { collected.first } else { collected.all.into() }
    }
}

pub(super) fn check_values(body: Bytes) -> Result<Bytes, BoxError> {
    if body.len() <= SMALL_BODY {
        return Ok(body);
    }
    let count = |byte| memchr::memchr_iter(byte, &body).count();
    if count(b',') > MAX_VALUES {
        return Err(TooLarge::Values(MAX_VALUES).into());
    }
    if count(b'{') > MAX_OBJECTS {
        return Err(TooLarge::Objects(MAX_OBJECTS).into());
    }
    Ok(body)
}

/// Returns the limit for the body of a response, in bytes.
#[must_use]
pub fn body_limit(status: StatusCode) -> usize {
    if status.is_success() { MAX_BODY } else { MAX_ERROR_BODY }
}
