//! A problem of one value of a row, and its effect on the use of the value.

use crate::check::rule::Rule;

/// A problem of one value of a row. It becomes a finding when the identity of the row is known, because the severity
/// depends on it: a damaged value is an error only if the row needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CellProblem {
    pub(super) rule: Rule,
    /// The problem, in plain words. Names the field or quotes the value with `quoted`, never a hardware hash or a
    /// license key.
    pub(super) message: String,
    pub(super) effect: Effect,
}

/// The effect of a problem on the use of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// The value is malformed. It is not sent, identifies no device and is not compared with other rows. The rule must be
    /// an error: if another value identifies the device, the finding becomes a warning with the rule `unused-damage`.
    Unusable,
    /// The value is replaced by this one, which is proven to be the right one. The new value is checked again.
    Replaced(String),
    /// The value is used as it is. The problem is reported if the value is sent.
    Doubtful,
}

impl CellProblem {
    pub(super) fn unusable(rule: Rule, message: impl Into<String>) -> Self {
        Self { rule, message: message.into(), effect: Effect::Unusable }
    }

    /// Creates a problem of a value that is replaced by the right one.
    pub(super) fn replaced(
        rule: Rule,
        message: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        Self { rule, message: message.into(), effect: Effect::Replaced(value.into()) }
    }

    pub(super) fn doubtful(rule: Rule, message: impl Into<String>) -> Self {
        Self { rule, message: message.into(), effect: Effect::Doubtful }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Returns the rule and the effect: `rule` if unusable, `rule?` if doubtful, `rule=value` if replaced. Empty
    /// without a problem.
    pub(in crate::check) fn short(problem: Option<CellProblem>) -> String {
        let Some(CellProblem { rule, effect, .. }) = problem else { return String::new() };
        match effect {
            Effect::Unusable => rule.to_string(),
            Effect::Doubtful => format!("{rule}?"),
            Effect::Replaced(value) => format!("{rule}={value}"),
        }
    }
}
