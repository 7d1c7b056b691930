//! The decoders of answers, for the targets in `fuzz/`. There only with `--cfg fuzzing`, and no part of the API.
#![allow(missing_docs)]

use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use partner_center_devices_raw::types::{BatchTrackingId, Collection};
use serde::de::DeserializeOwned;

use crate::calls::{pipeline, retry};
use crate::responses::list::Continuation;
use crate::responses::{error_body, list, location};
use partner_center_devices_raw::redact;

/// The body of a success as the pipeline reads it; or what its error says of the place in the JSON.
pub fn decode<W: DeserializeOwned>(body: &[u8]) -> Result<W, String> {
    serde_json::from_slice(body).map_err(|error| {
        redact::message(&pipeline::decode_problem::<W>(body).unwrap_or_else(|| error.to_string()))
    })
}

/// Code and description in the body of an error.
pub fn error_body(body: &[u8]) -> (Option<String>, Option<String>) {
    let read = error_body::read(body);
    (read.code, read.description)
}

pub fn continuation<W>(list: &Collection<W>) -> Result<Option<Continuation>, &'static str> {
    list::next(list)
}

pub fn tracking_id(location: &str) -> Option<BatchTrackingId> {
    location::tracking_id(location)
}

pub fn tracking_id_in_body(body: &[u8]) -> Option<BatchTrackingId> {
    location::tracking_id_in_body(&Bytes::copy_from_slice(body))
}

pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    retry::retry_after(headers)
}
