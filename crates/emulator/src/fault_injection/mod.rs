//! What goes wrong on purpose: the rules ([`Rule`]), which of them hit a request (`decide`), the answers of a
//! gateway in front of the service (`refuse`), and odd forms of an answer's body (`spoil`).

mod alteration;
mod error_response;
pub(crate) mod expired_tokens;
mod plan;
mod rule;

pub(crate) use alteration::alter;
pub(crate) use error_response::{InjectedError, error_response};
pub(crate) use plan::{CountedRule, FaultInjector, FaultPlan, Replacement, RequestFacts};
pub use rule::{
    BodyShape, DateStyle, Effect, Faults, InvalidFaults, LimitScope, Matching, RetryAfter, Rule,
};
