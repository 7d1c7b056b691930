//! Fault injection: the rules ([`Rule`]), the plan for a request (`plan`), injected error responses
//! (`error_response`), altered responses (`alteration`), and tokens that a rule expired (`expired_tokens`).

mod alteration;
mod error_response;
pub(crate) mod expired_tokens;
mod plan;
mod rule;

pub(crate) use alteration::alter_all;
pub(crate) use error_response::{InjectedError, error_response};
pub(crate) use plan::{CountedRule, FaultInjector, FaultPlan, Replacement, RequestFacts};
pub use rule::{
    DateFormat, Effect, ErrorBodyFormat, FaultRules, InvalidFaultRules, LimitScope, RequestMatch,
    RetryAfterFormat, Rule,
};
pub(crate) use rule::{MAX_DOCUMENT, MAX_RULES};
