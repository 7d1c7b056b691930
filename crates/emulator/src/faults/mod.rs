//! What goes wrong on purpose: the rules ([`Rule`]), which of them hit a request (`decide`), the answers of a
//! gateway in front of the service (`refuse`), and odd forms of an answer's body (`spoil`).

mod decide;
mod refuse;
mod rule;
mod spoil;

pub(crate) use decide::{Armed, Counted, Facts, Instead, Plan};
pub(crate) use refuse::refuse;
pub use rule::{
    BodyShape, DateStyle, Effect, Faults, InvalidFaults, LimitOf, Matching, RetryAfter, Rule,
};
pub(crate) use spoil::spoil;
