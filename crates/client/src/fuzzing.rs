//! The decoders of responses, for the targets in `fuzz/`. Only with `--cfg fuzzing`, and not part of the API.
#![allow(missing_docs)]

use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use partner_center_devices_raw::redact;
use partner_center_devices_raw::types::{BatchTrackingId, Collection};
use serde::de::DeserializeOwned;

use crate::calls::decode_problem::decode_problem;
use crate::responses::next_page::{self, Continuation};
use crate::responses::{error_body as body, location};

/// Decodes the body of a success, like the pipeline. Returns the description of the problem as the error.
pub fn decode<W: DeserializeOwned>(body: &[u8]) -> Result<W, String> {
    serde_json::from_slice(body).map_err(|error| {
        redact::message(&decode_problem::<W>(body).unwrap_or_else(|| error.to_string()))
    })
}

/// Reads the code and the description in the body of an error.
pub fn error_body(bytes: &[u8]) -> (Option<String>, Option<String>) {
    let read = body::read(bytes);
    (read.code, read.description)
}

pub fn continuation<W>(list: &Collection<W>) -> Result<Option<Continuation>, &'static str> {
    next_page::next(list, next_page::TokenQuery::Seek)
}

pub fn tracking_id(location: &str) -> Option<BatchTrackingId> {
    location::tracking_id(location)
}

pub fn tracking_id_in_body(body: &[u8]) -> Option<BatchTrackingId> {
    location::tracking_id_in_body(&Bytes::copy_from_slice(body))
}

pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    crate::calls::retry_after::retry_after(headers)
}
