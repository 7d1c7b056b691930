//! The events that are logged so that the next run can restore the state.
//!
//! A logged request contains the parsed change, its time, the pace of its job, and its request id. Replaying it runs
//! the same code as the request did ([`Engine::replay`](crate::engine::Engine::replay)).
//!
//! The log does not contain hardware hashes (only their fingerprints), requests that changed nothing and had no
//! request id, fault rules and their counters, or tokens.
//!
//! The types in this file, and the types they contain, are a file format: do not reorder fields or variants, and add
//! new variants at the end. Any other change needs a new format number in `store.rs`.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::api::error::ApiError;
use crate::api::handlers::Change;
use crate::api::idempotency::RequestKey;
use crate::api::response;
use crate::domain::audit_log::AuditOrigin;
use crate::domain::clock::ClockMode;
use crate::domain::pace::Pace;
use crate::storage::world_file::WorldFile;

/// A change of the state. For encoding, `R` is `&LoggedRequest`, which avoids a copy.
#[derive(Serialize, Deserialize)]
pub(crate) enum Event<R = LoggedRequest> {
    Request(R),
    /// The world was replaced.
    World(#[serde(with = "as_json")] WorldFile),
    /// The job with this tracking id was finished by a management request.
    JobFinished(String),
    /// The initial state was restored.
    Reset,
    /// The clock was advanced to the time of this event, or its mode was changed.
    Clock(ClockMode),
}

/// A world as JSON: the log's binary format cannot skip missing fields.
mod as_json {
    use super::{Deserialize, Serialize, WorldFile};

    pub(super) fn serialize<S: serde::Serializer>(
        world: &WorldFile,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        world.to_json().serialize(to)
    }

    pub(super) fn deserialize<'de, D: serde::Deserializer<'de>>(
        from: D,
    ) -> Result<WorldFile, D::Error> {
        WorldFile::from_yaml(&String::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

/// The parts of a request that are needed to replay it.
#[derive(Serialize, Deserialize)]
pub(crate) struct LoggedRequest {
    /// The customer id, spelled as in the request.
    pub(crate) customer: String,
    /// `None` for a request without an id.
    pub(crate) key: Option<RequestKey>,
    pub(crate) action: LoggedAction,
    /// The caller and the correlation id, for the audit log.
    pub(crate) origin: AuditOrigin,
}

/// The action of a logged request.
#[derive(Serialize, Deserialize)]
pub(crate) enum LoggedAction {
    /// A change, and the pace of the job if it starts one. If the change was rejected, replaying it rejects it again.
    Change(Change, Pace),
    /// The body was invalid. The error is stored under the request id.
    Rejected { status: u16, body: Vec<u8> },
}

impl LoggedAction {
    pub(crate) fn rejected(error: &ApiError) -> Self {
        let (head, body) = response::error(error).into_parts();
        Self::Rejected { status: head.status.as_u16(), body: body.into() }
    }
}

/// Encodes an event that happened `at` after the start as a log entry.
pub(crate) fn encode<R: Serialize>(at: Duration, event: &Event<R>) -> Vec<u8> {
    postcard::to_allocvec(&(at, event)).expect("an event serializes")
}

/// Decodes an entry written by [`encode`]. Returns `None` if it is damaged.
pub(crate) fn decode(entry: &[u8]) -> Option<(Duration, Event)> {
    let (decoded, rest) = postcard::take_from_bytes(entry).ok()?;
    rest.is_empty().then_some(decoded)
}
