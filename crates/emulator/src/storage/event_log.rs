//! Decides what is kept of a request so that the same state can be made of it again: the change as it was read,
//! its time, the pace of its job, and the id under which it can be repeated. Making it again goes through the
//! code that made it first ([`Engine::replay`](crate::engine::Engine::replay)).
//!
//! Not kept are hardware hashes (a fingerprint stands for them), requests that changed nothing and had no id,
//! fault rules and what they have seen, and tokens.
//!
//! LoggedAction is declared here and what it holds is a format: members and variants keep their order, new ones are
//! added at the end of an enum, and anything else raises the format's number in `store.rs`.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::api::error::ApiError;
use crate::api::handlers::Change;
use crate::api::idempotency::RequestKey;
use crate::api::response;
use crate::domain::clock::ClockMode;
use crate::domain::pace::Pace;
use crate::storage::world_file::WorldFile;

/// Something that happened and left the state another one. It is written from a reference.
#[derive(Serialize, Deserialize)]
pub(crate) enum Event<R = LoggedRequest> {
    Request(R),
    /// A world took the place of everything.
    World(#[serde(with = "as_json")] WorldFile),
    /// The job of this tracking id was ended by hand.
    JobFinished(String),
    /// Everything was made as at the start.
    Reset,
    /// Time was moved by hand to the time of this event, or was told how it goes on.
    Clock(ClockMode),
}

/// A world in its own form: the log's says nothing of members that are not there.
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

/// A request, as far as it counts later.
#[derive(Serialize, Deserialize)]
pub(crate) struct LoggedRequest {
    /// As the request spells it.
    pub(crate) customer: String,
    /// `None` for a request without an id.
    pub(crate) key: Option<RequestKey>,
    pub(crate) action: LoggedAction,
}

/// What came of a request.
#[derive(Serialize, Deserialize)]
pub(crate) enum LoggedAction {
    /// A change, and the pace of the job if it starts one. It may have been refused: the same state refuses it
    /// again.
    Change(Change, Pace),
    /// It could not be read, and the refusal is remembered under the request's id.
    Rejected { status: u16, body: Vec<u8> },
}

impl LoggedAction {
    pub(crate) fn rejected(fault: &ApiError) -> Self {
        let (head, body) = response::error(fault).into_parts();
        Self::Rejected { status: head.status.as_u16(), body: body.into() }
    }
}

/// An entry of the log: what happened so long after the start.
pub(crate) fn encode<R: Serialize>(at: Duration, event: &Event<R>) -> Vec<u8> {
    postcard::to_allocvec(&(at, event)).expect("what is kept has a form")
}

/// Reads what [`encode`] wrote. `None` for anything else.
pub(crate) fn decode(entry: &[u8]) -> Option<(Duration, Event)> {
    let (read, rest) = postcard::take_from_bytes(entry).ok()?;
    rest.is_empty().then_some(read)
}
