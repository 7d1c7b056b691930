//! Decides what becomes of a request that changes something and comes under a request id that has been used:
//! the same request gets its first answer again, and any other is refused. Without an id nothing is kept.
//!
//! The documents say that the id is for idempotency and that a repeated call must carry the same; what is
//! compared, and how long an answer is kept, is the emulator's own choice.

use std::collections::{HashMap, VecDeque};

use bytes::Bytes;
use http::{HeaderValue, Method, Response};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::api::error::ApiError;
use crate::api::route::Operation;
use crate::domain::keys::CustomerKey;

/// How many cache are kept; the oldest goes first.
const KEPT: usize = 10_000;

/// A request that is known again, by its id in lower case and a digest of what it asks.
#[derive(Serialize, Deserialize)]
pub(crate) struct RequestKey {
    id: Box<[u8]>,
    /// Of the operation with the ids of its path, and of the body.
    digest: [u8; 32],
}

impl RequestKey {
    /// `None` for a request that changes nothing or has no id.
    pub(crate) fn new(
        method: &Method,
        id: Option<&HeaderValue>,
        operation: &Operation,
        body: &[u8],
    ) -> Option<Self> {
        let id = id.filter(|id| !id.is_empty() && !method.is_safe())?;
        let operation = postcard::to_allocvec(operation).expect("an operation has a form");
        let mut digest = Sha256::new();
        digest.update((operation.len() as u64).to_le_bytes()); // so that the two cannot run into one another
        digest.update(operation);
        digest.update(body);
        let id = id.as_bytes().to_ascii_lowercase().into();
        Some(Self { id, digest: digest.finalize().into() })
    }
}

/// A request id of a customer, in lower case.
type Id = (CustomerKey, Box<[u8]>);

/// The cache that were given, by request id.
pub(crate) struct ResponseCache {
    kept: usize,
    first: HashMap<Id, ([u8; 32], Response<Bytes>)>,
    /// Oldest first.
    order: VecDeque<Id>,
}

impl Default for ResponseCache {
    fn default() -> Self {
        Self { kept: KEPT, first: HashMap::new(), order: VecDeque::new() }
    }
}

impl ResponseCache {
    /// The first answer to this request; a refusal if its id was used for another; `None` if the id is new.
    pub(crate) fn find(
        &self,
        customer: CustomerKey,
        asked: &RequestKey,
    ) -> Option<Result<Response<Bytes>, ApiError>> {
        let (digest, answer) = self.first.get(&(customer, asked.id.clone()))?;
        let same = *digest == asked.digest;
        Some(if same { Ok(answer.clone()) } else { Err(ApiError::request_id_reused()) })
    }

    /// Keeps the answer to a request whose id is new.
    pub(crate) fn store(
        &mut self,
        customer: CustomerKey,
        asked: RequestKey,
        answer: Response<Bytes>,
    ) {
        if self.order.len() == self.kept
            && let Some(oldest) = self.order.pop_front()
        {
            self.first.remove(&oldest);
        }
        let id = (customer, asked.id);
        self.order.push_back(id.clone());
        self.first.insert(id, (asked.digest, answer));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::world::World;

    fn delete(policy: &str) -> Operation {
        Operation::DeletePolicy { policy: policy.to_owned() }
    }

    #[test]
    fn a_used_id_gets_the_first_answer_or_is_refused() {
        let mut world = World::default();
        let [one, other] = ["one", "other"].map(|name| world.customer(name));
        let asked = |id: &'static str, customer, operation: Operation, body: &str| {
            let id = HeaderValue::from_static(id);
            let asked = RequestKey::new(&Method::POST, Some(&id), &operation, body.as_bytes());
            (customer, asked.unwrap())
        };
        let mut cache = ResponseCache::default();
        let first = Response::builder().status(202).header("location", "/job").body("x".into());
        let (customer, asked_first) = asked("Id-1", one, delete("p"), "body");
        cache.store(customer, asked_first, first.unwrap());

        for (what, (customer, asked), status) in [
            ("the same", asked("Id-1", one, delete("p"), "body"), Some(202)),
            ("in another case", asked("iD-1", one, delete("p"), "body"), Some(202)),
            ("another id", asked("Id-2", one, delete("p"), "body"), None),
            ("another customer", asked("Id-1", other, delete("p"), "body"), None),
            ("another path", asked("Id-1", one, delete("q"), "body"), Some(409)),
            ("another method", asked("Id-1", one, Operation::CreatePolicy, "body"), Some(409)),
            ("another body", asked("Id-1", one, delete("p"), "Body"), Some(409)),
        ] {
            let status_got = cache.find(customer, &asked).map(|answer| match answer {
                Ok(answer) => {
                    assert_eq!(
                        (&answer.headers()["location"], answer.body().as_ref()),
                        (&HeaderValue::from_static("/job"), b"x".as_slice())
                    );
                    answer.status().as_u16()
                }
                Err(fault) => fault.status.as_u16(),
            });
            assert_eq!(status_got, status, "{what}");
        }
    }

    #[test]
    fn reading_and_a_missing_id_keep_nothing() {
        let id = HeaderValue::from_static("id");
        let empty = HeaderValue::from_static("");
        for (method, id) in [
            (Method::GET, Some(&id)),
            (Method::HEAD, Some(&id)),
            (Method::POST, None),
            (Method::POST, Some(&empty)),
        ] {
            assert!(RequestKey::new(&method, id, &delete("p"), b"").is_none(), "{method}");
        }
    }

    #[test]
    fn the_oldest_answer_goes_first() {
        let customer = World::default().customer("c");
        let asked =
            |id: u64| RequestKey::new(&Method::PUT, Some(&id.into()), &delete("p"), b"").unwrap();
        let mut cache = ResponseCache { kept: 2, ..ResponseCache::default() };
        for id in 1..=3 {
            cache.store(customer, asked(id), Response::new(Bytes::new()));
        }
        let known = [1, 2, 3].map(|id| cache.find(customer, &asked(id)).is_some());
        assert_eq!(known, [false, true, true]);
        assert_eq!((cache.order.len(), cache.first.len()), (2, 2));
    }
}
