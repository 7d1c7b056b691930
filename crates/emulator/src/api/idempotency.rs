//! Idempotency: stored responses to changes, by request id.
//!
//! If a request id is reused, an identical request gets the stored response, and a different request is rejected.
//! Responses to requests without an id are not stored.
//!
//! The documents say that the request id is for idempotency, and that a retry must send the same id. The comparison, and
//! how long a response is stored, are the emulator's own choice.

use std::collections::{HashMap, VecDeque};

use bytes::Bytes;
use http::{HeaderValue, Method, Response};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::api::error::ApiError;
use crate::api::route::Route;
use crate::domain::keys::CustomerKey;

/// The number of stored responses. The oldest one is dropped first.
const CAPACITY: usize = 10_000;

/// A request id in lower case, and a digest of the request.
#[derive(Serialize, Deserialize)]
pub(crate) struct RequestKey {
    id: Box<[u8]>,
    /// The digest of the operation, the ids in its path, and the body.
    digest: [u8; 32],
}

impl RequestKey {
    /// Creates the key of a change, or returns `None` for a request that is read-only or has no id.
    pub(crate) fn new(
        method: &Method,
        id: Option<&HeaderValue>,
        route: &Route,
        body: &[u8],
    ) -> Option<Self> {
        let id = id.filter(|id| !id.is_empty() && !method.is_safe())?;
        let route = postcard::to_allocvec(route).expect("a route serializes");
        let mut digest = Sha256::new();
        digest.update((route.len() as u64).to_le_bytes()); // separates the route and the body
        digest.update(route);
        digest.update(body);
        let id = id.as_bytes().to_ascii_lowercase().into();
        Some(Self { id, digest: digest.finalize().into() })
    }
}

/// A customer, and a request id in lower case.
type CacheKey = (CustomerKey, Box<[u8]>);

/// The stored responses.
pub(crate) struct ResponseCache {
    capacity: usize,
    responses: HashMap<CacheKey, ([u8; 32], Response<Bytes>)>,
    /// The keys, oldest first.
    order: VecDeque<CacheKey>,
}

impl Default for ResponseCache {
    fn default() -> Self {
        Self { capacity: CAPACITY, responses: HashMap::new(), order: VecDeque::new() }
    }
}

impl ResponseCache {
    /// Returns the stored response to this request, an error if its id was used for a different request, or `None` if
    /// the id is new.
    pub(crate) fn find(
        &self,
        customer: CustomerKey,
        key: &RequestKey,
    ) -> Option<Result<Response<Bytes>, ApiError>> {
        let (digest, response) = self.responses.get(&(customer, key.id.clone()))?;
        let same = *digest == key.digest;
        Some(if same { Ok(response.clone()) } else { Err(ApiError::request_id_reused()) })
    }

    /// Stores the response to a request whose id is new.
    pub(crate) fn store(
        &mut self,
        customer: CustomerKey,
        key: RequestKey,
        response: Response<Bytes>,
    ) {
        if self.order.len() == self.capacity
            && let Some(oldest) = self.order.pop_front()
        {
            self.responses.remove(&oldest);
        }
        let id = (customer, key.id);
        self.order.push_back(id.clone());
        self.responses.insert(id, (key.digest, response));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::world::World;

    fn delete(policy: &str) -> Route {
        Route::DeletePolicy { policy: policy.to_owned() }
    }

    #[test]
    fn a_reused_id_gets_the_stored_response_or_is_rejected() {
        let mut world = World::default();
        let [one, other] = ["one", "other"].map(|name| world.customer(name));
        let key = |id: &'static str, customer, route: Route, body: &str| {
            let id = HeaderValue::from_static(id);
            let request = RequestKey::new(&Method::POST, Some(&id), &route, body.as_bytes());
            (customer, request.unwrap())
        };
        let mut cache = ResponseCache::default();
        let first = Response::builder().status(202).header("location", "/job").body("x".into());
        let (customer, first_key) = key("Id-1", one, delete("p"), "body");
        cache.store(customer, first_key, first.unwrap());

        for (case, (customer, request), status) in [
            ("the same", key("Id-1", one, delete("p"), "body"), Some(202)),
            ("in another case", key("iD-1", one, delete("p"), "body"), Some(202)),
            ("another id", key("Id-2", one, delete("p"), "body"), None),
            ("another customer", key("Id-1", other, delete("p"), "body"), None),
            ("another path", key("Id-1", one, delete("q"), "body"), Some(409)),
            ("another method", key("Id-1", one, Route::CreatePolicy, "body"), Some(409)),
            ("another body", key("Id-1", one, delete("p"), "Body"), Some(409)),
        ] {
            let found = cache.find(customer, &request).map(|stored| match stored {
                Ok(response) => {
                    assert_eq!(
                        (&response.headers()["location"], response.body().as_ref()),
                        (&HeaderValue::from_static("/job"), b"x".as_slice())
                    );
                    response.status().as_u16()
                }
                Err(error) => error.status.as_u16(),
            });
            assert_eq!(found, status, "{case}");
        }
    }

    #[test]
    fn responses_to_reads_and_requests_without_id_are_not_stored() {
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
    fn the_oldest_response_is_dropped_first() {
        let customer = World::default().customer("c");
        let key =
            |id: u64| RequestKey::new(&Method::PUT, Some(&id.into()), &delete("p"), b"").unwrap();
        let mut cache = ResponseCache { capacity: 2, ..ResponseCache::default() };
        for id in 1..=3 {
            cache.store(customer, key(id), Response::new(Bytes::new()));
        }
        let known = [1, 2, 3].map(|id| cache.find(customer, &key(id)).is_some());
        assert_eq!(known, [false, true, true]);
        assert_eq!((cache.order.len(), cache.responses.len()), (2, 2));
    }
}
