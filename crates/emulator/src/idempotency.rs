//! Decides what becomes of a request that changes something and comes under a request id that has been used:
//! the same request gets its first answer again, and any other is refused. Without an id nothing is kept.
//!
//! The documents say that the id is for idempotency and that a repeated call must carry the same; what is
//! compared, and how long an answer is kept, is the emulator's own choice.

use std::collections::{HashMap, VecDeque};

use bytes::Bytes;
use http::{HeaderValue, Method, Response};
use sha2::{Digest, Sha256};

use crate::fault::Fault;
use crate::route::Operation;
use crate::world::CustomerKey;

/// How many answers are kept; the oldest goes first.
const KEPT: usize = 10_000;

/// A request id of a customer, in lower case.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Id(CustomerKey, Box<[u8]>);

/// A request that is known again: what it asks of whom, and a digest of its body.
pub(crate) struct Asked {
    id: Id,
    operation: Operation,
    body: [u8; 32],
}

impl Asked {
    /// `None` for a request that changes nothing or has no id.
    pub(crate) fn new(
        method: &Method,
        id: Option<&HeaderValue>,
        customer: CustomerKey,
        operation: &Operation,
        body: &[u8],
    ) -> Option<Self> {
        let id = id.filter(|id| !id.is_empty() && method != Method::GET)?;
        let id = Id(customer, id.as_bytes().to_ascii_lowercase().into());
        Some(Self { id, operation: operation.clone(), body: Sha256::digest(body).into() })
    }
}

/// The answers that were given, by request id.
pub(crate) struct Answers {
    kept: usize,
    first: HashMap<Id, (Operation, [u8; 32], Response<Bytes>)>,
    /// Oldest first.
    order: VecDeque<Id>,
}

impl Default for Answers {
    fn default() -> Self {
        Self { kept: KEPT, first: HashMap::new(), order: VecDeque::new() }
    }
}

impl Answers {
    /// The first answer to this request; a refusal if its id was used for another; `None` if the id is new.
    pub(crate) fn recall(&self, asked: &Asked) -> Option<Result<Response<Bytes>, Fault>> {
        let (operation, body, answer) = self.first.get(&asked.id)?;
        let same = *operation == asked.operation && *body == asked.body;
        Some(if same { Ok(answer.clone()) } else { Err(Fault::request_id_reused()) })
    }

    /// Keeps the answer to a request whose id is new.
    pub(crate) fn keep(&mut self, asked: Asked, answer: Response<Bytes>) {
        if self.order.len() == self.kept
            && let Some(oldest) = self.order.pop_front()
        {
            self.first.remove(&oldest);
        }
        self.order.push_back(asked.id.clone());
        self.first.insert(asked.id, (asked.operation, asked.body, answer));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::World;

    fn delete(policy: &str) -> Operation {
        Operation::DeletePolicy { policy: policy.to_owned() }
    }

    #[test]
    fn a_used_id_gets_the_first_answer_or_is_refused() {
        let mut world = World::default();
        let [one, other] = ["one", "other"].map(|name| world.customer(name));
        let asked = |id: &'static str, customer, operation: Operation, body: &str| {
            let id = HeaderValue::from_static(id);
            Asked::new(&Method::POST, Some(&id), customer, &operation, body.as_bytes()).unwrap()
        };
        let mut answers = Answers::default();
        let first = Response::builder().status(202).header("location", "/job").body("x".into());
        answers.keep(asked("Id-1", one, delete("p"), "body"), first.unwrap());

        for (what, asked, status) in [
            ("the same", asked("Id-1", one, delete("p"), "body"), Some(202)),
            ("in another case", asked("iD-1", one, delete("p"), "body"), Some(202)),
            ("another id", asked("Id-2", one, delete("p"), "body"), None),
            ("another customer", asked("Id-1", other, delete("p"), "body"), None),
            ("another path", asked("Id-1", one, delete("q"), "body"), Some(409)),
            ("another method", asked("Id-1", one, Operation::CreatePolicy, "body"), Some(409)),
            ("another body", asked("Id-1", one, delete("p"), "Body"), Some(409)),
        ] {
            let status_got = answers.recall(&asked).map(|answer| match answer {
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
        let customer = World::default().customer("c");
        let id = HeaderValue::from_static("id");
        let empty = HeaderValue::from_static("");
        for (method, id) in
            [(Method::GET, Some(&id)), (Method::POST, None), (Method::POST, Some(&empty))]
        {
            assert!(Asked::new(&method, id, customer, &delete("p"), b"").is_none(), "{method}");
        }
    }

    #[test]
    fn the_oldest_answer_goes_first() {
        let customer = World::default().customer("c");
        let asked = |id: u64| {
            Asked::new(&Method::PUT, Some(&id.into()), customer, &delete("p"), b"").unwrap()
        };
        let mut answers = Answers { kept: 2, ..Answers::default() };
        for id in 1..=3 {
            answers.keep(asked(id), Response::new(Bytes::new()));
        }
        let known = [1, 2, 3].map(|id| answers.recall(&asked(id)).is_some());
        assert_eq!(known, [false, true, true]);
        assert_eq!((answers.order.len(), answers.first.len()), (2, 2));
    }
}
