//! Decides what a fault rule can say, and which rules are refused. Rules are YAML or JSON; keys are camelCase,
//! operations are named as in the OpenAPI document, and an unknown key is an error.

use std::collections::HashSet;
use std::fmt;
use std::num::NonZeroU64;

use serde::{Deserialize, Serialize};

use crate::api::route::OperationId;

/// A set of rules, in their order. Each has an id of its own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct Faults {
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    #[serde(default)]
    rules: Vec<Rule>,
}

/// One thing that goes wrong, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rule {
    /// Its name: letters, digits, `-`, `_` and `.`.
    pub id: String,
    /// Whether it is on; it is, if nothing is said. A rule that is off sees no request and hits none.
    #[serde(default = "on")]
    pub enabled: bool,
    /// The requests it is for; all if it says nothing.
    #[serde(default)]
    pub matching: Matching,
    /// What happens to them.
    pub effect: Effect,
}

/// Which requests a rule is for, and which of those it hits. What is left out does not matter; of what is
/// there, all must be true.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Matching {
    /// One of these operations.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<OperationId>,
    /// This method, in any case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// This customer, in any case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// This text in the path as it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path_contains: Option<String>,
    /// Not before so many seconds of the emulator's time since its start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<f64>,
    /// Before so many seconds of the emulator's time since its start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<f64>,
    /// Of the requests above, only this one; the first is 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nth: Option<NonZeroU64>,
    /// Of the requests above, every so many: 3 is the third, the sixth, and so on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every: Option<NonZeroU64>,
    /// Of the requests above, only so many, from the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<NonZeroU64>,
    /// Of the requests above, this part at random, 0 to 1. The seed and the id of the rule decide which.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
}

/// What a rule does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub enum Effect {
    /// The answer comes later; what the request does is done before.
    Latency {
        /// How much later, or the least.
        milliseconds: u64,
        /// The most, if it shall be drawn.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        up_to: Option<u64>,
    },
    /// 429, and nothing is done.
    Throttle {
        /// After how many seconds the request may be tried again.
        seconds: u64,
        /// How that is said.
        #[serde(default)]
        retry_after: RetryAfter,
        /// The form of the body.
        #[serde(default = "gateway")]
        body: BodyShape,
    },
    /// 429 for what is more than so many requests in a window of time, and nothing is done. A window begins
    /// with its first request.
    Limit {
        /// How many requests a window takes.
        requests: NonZeroU64,
        /// How long a window is, in the emulator's time.
        window_seconds: NonZeroU64,
        /// Who shares it.
        #[serde(default)]
        of: LimitScope,
        /// How it is said how long the window lasts.
        #[serde(default)]
        retry_after: RetryAfter,
        /// The form of the body.
        #[serde(default = "gateway")]
        body: BodyShape,
    },
    /// A refusal with this status, 400 to 599, and nothing is done.
    Status {
        /// The status.
        status: u16,
        /// The form of the body.
        #[serde(default)]
        body: BodyShape,
        /// A `Retry-After` in seconds, if there shall be one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seconds: Option<u64>,
    },
    /// The connection is closed without an answer, and nothing is done.
    DropBefore,
    /// The request is done, and the connection is closed without an answer.
    DropAfter,
    /// The connection is closed after so many bytes of the body. A body that has no more is whole.
    Truncate {
        /// How many bytes are sent.
        bytes: usize,
    },
    /// The body comes in pieces.
    SlowBody {
        /// Bytes of each piece.
        piece_bytes: usize,
        /// The time between two pieces.
        pause_milliseconds: u64,
    },
    /// A byte order mark before the body, as one documented answer has it.
    ByteOrderMark,
    /// The first `"attributes"` is written `" attributes"`, as one documented answer has it.
    BlankInAttributes,
    /// All dates of the body in one form.
    Dates(DateStyle),
    /// Statuses, categories and policy settings that no document names.
    UnknownEnumValues,
    /// The token of the request is refused with 401, from now on.
    ExpiredToken,
    /// `Location` names another host.
    LocationHost {
        /// That host, with its port if it has one.
        host: String,
    },
    /// A job that this request starts never ends by itself.
    HangJob,
    /// A job that this request starts takes longer or shorter.
    JobPace {
        /// By this factor, or at least: 2 is twice as long.
        factor: f64,
        /// At most, if it shall be drawn, so that jobs end in another order than they began.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        up_to: Option<f64>,
    },
}

/// The form of a refusal's body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum BodyShape {
    /// That of the service: `code`, `description`, `data`, `source`.
    #[default]
    Fault,
    /// That of the gateway in front of it: `statusCode` and `message`.
    Gateway,
    /// A page.
    Html,
    /// Plain text.
    Text,
    /// Nothing.
    Empty,
    /// `{"error":{"code","message"}}`
    #[serde(rename = "odata")]
    OData,
}

/// How a 429 says when to come again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RetryAfter {
    /// In seconds.
    #[default]
    Seconds,
    /// As an HTTP date.
    Date,
    /// Not in a header.
    None,
}

/// Who shares a limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LimitScope {
    /// All requests.
    #[default]
    Partner,
    /// The requests about one customer.
    Customer,
}

/// A form of dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DateStyle {
    /// `2017-07-25T10:00:00`
    Zoneless,
    /// `2017-07-25T10:00:00.0000000+00:00`
    SevenDigits,
    /// `2017-07-25T10:00:00Z`
    Z,
}

fn on() -> bool {
    true
}

fn gateway() -> BodyShape {
    BodyShape::Gateway
}

/// Rules that cannot be: where, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidFaults(String);

impl fmt::Display for InvalidFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidFaults {}

impl Faults {
    /// These rules.
    ///
    /// # Errors
    /// If two have one id, or a value is out of its range.
    pub fn new(rules: Vec<Rule>) -> Result<Self, InvalidFaults> {
        let mut ids = HashSet::new();
        for (place, rule) in rules.iter().enumerate() {
            let problem = match rule.check() {
                Ok(()) if ids.insert(rule.id.as_str()) => continue,
                Ok(()) => "id: another rule has it",
                Err(problem) => problem,
            };
            return Err(InvalidFaults(format!("rules[{place}].{problem}")));
        }
        Ok(Self { rules })
    }

    /// Reads `rules: [...]` as YAML, of which JSON is a part.
    ///
    /// # Errors
    /// With the place, if it is no such thing.
    pub fn from_yaml(text: &str) -> Result<Self, InvalidFaults> {
        serde_saphyr::from_str(text)
            .map_err(|error| InvalidFaults(error.without_snippet().to_string()))
    }

    /// The rules.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }
}

impl TryFrom<Unchecked> for Faults {
    type Error = InvalidFaults;

    fn try_from(unchecked: Unchecked) -> Result<Self, InvalidFaults> {
        Self::new(unchecked.rules)
    }
}

impl Rule {
    /// What is wrong with it, by its place.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        let named = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if self.id.is_empty() || !self.id.bytes().all(named) {
            return Err("id: must be letters, digits, '-', '_' or '.'");
        }
        if self.matching.probability.is_some_and(|part| !(0.0..=1.0).contains(&part)) {
            return Err("matching.probability: must be from 0 to 1");
        }
        let fair = |factor: f64| factor > 0.0 && factor.is_finite();
        match &self.effect {
            Effect::Status { status, .. } if !(400..600).contains(status) => {
                Err("effect.status.status: must be from 400 to 599")
            }
            Effect::Latency { milliseconds, up_to: Some(up_to) } if up_to < milliseconds => {
                Err("effect.latency.upTo: must not be less than milliseconds")
            }
            Effect::JobPace { factor, .. } if !fair(*factor) => {
                Err("effect.jobPace.factor: must be more than 0")
            }
            Effect::JobPace { factor, up_to: Some(up_to) }
                if !(fair(*up_to) && up_to >= factor) =>
            {
                Err("effect.jobPace.upTo: must not be less than factor")
            }
            Effect::LocationHost { host } if host.is_empty() || !host.bytes().all(in_host) => {
                Err("effect.locationHost.host: must be a host name")
            }
            _ => Ok(()),
        }
    }
}

fn in_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_from_yaml_and_written_as_they_are_read() {
        let faults = Faults::from_yaml(
            "rules:
  - id: busy
    matching: { operations: [get_batch_job_status, add_devices], customer: c1, every: 3 }
    effect: { throttle: { seconds: 5, retryAfter: date, body: fault } }
  - { id: late, effect: { latency: { milliseconds: 20, upTo: 400 } } }
  - { id: gone, matching: { method: post, first: 1 }, effect: dropAfter }
  - { id: odd.1, matching: { probability: 0.5, until: 10 }, effect: { dates: sevenDigits } }
  - { id: limit, effect: { limit: { requests: 10, windowSeconds: 60, of: customer } } }
",
        )
        .unwrap();
        let [busy, late, gone, odd, limit] = faults.rules() else { panic!("five rules") };
        assert_eq!(
            busy.matching.operations,
            [OperationId::GetBatchJobStatus, OperationId::AddDevices]
        );
        assert_eq!(
            busy.effect,
            Effect::Throttle { seconds: 5, retry_after: RetryAfter::Date, body: BodyShape::Fault }
        );
        assert_eq!(late.effect, Effect::Latency { milliseconds: 20, up_to: Some(400) });
        assert_eq!((&gone.effect, gone.matching.first), (&Effect::DropAfter, NonZeroU64::new(1)));
        assert_eq!(odd.effect, Effect::Dates(DateStyle::SevenDigits));
        assert!(matches!(limit.effect, Effect::Limit { of: LimitScope::Customer, .. }));
        let json = serde_json::to_string(&faults).unwrap();
        assert_eq!(Faults::from_yaml(&json).unwrap(), faults);
        assert_eq!(serde_json::from_str::<Faults>(&json).unwrap(), faults);
    }

    #[test]
    fn what_no_rule_says_is_refused_with_its_place() {
        for (rule, words) in [
            ("{ id: a, effekt: dropAfter }", "effekt"),
            ("{ id: a, matching: { methods: [POST] }, effect: dropAfter }", "methods"),
            ("{ id: a, effect: { throttle: { seconds: 1, retry_after: none } } }", "retry_after"),
            ("{ id: a, effect: explode }", "explode"),
            ("{ id: a, matching: { operations: [explode] }, effect: dropAfter }", "explode"),
            ("{ id: a, matching: { every: 0 }, effect: dropAfter }", "zero"),
            ("{ effect: dropAfter }", "id"),
            ("{ id: a/b, effect: dropAfter }", "rules[0].id: must be letters"),
            ("{ id: a, matching: { probability: 1.5 }, effect: dropAfter }", "probability"),
            ("{ id: a, effect: { status: { status: 200 } } }", "rules[0].effect.status.status"),
            ("{ id: a, effect: { latency: { milliseconds: 2, upTo: 1 } } }", "upTo"),
            ("{ id: a, effect: { jobPace: { factor: 0 } } }", "factor"),
            ("{ id: a, effect: { jobPace: { factor: 2, upTo: 1 } } }", "upTo"),
            ("{ id: a, effect: { locationHost: { host: 'a b' } } }", "host name"),
        ] {
            let error = Faults::from_yaml(&format!("rules:\n  - {rule}\n")).unwrap_err();
            assert!(error.to_string().contains(words), "{rule}: {error}");
        }
        let twice = "rules:\n  - { id: a, effect: dropAfter }\n  - { id: a, effect: dropAfter }\n";
        let error = Faults::from_yaml(twice).unwrap_err().to_string();
        assert!(error.contains("rules[1].id: another rule has it"), "{error}");
        let error = Faults::from_yaml("rules:\n  - id: a\n    effect: dropAfter\n    more: 1\n");
        assert!(error.unwrap_err().to_string().contains("line 4"), "the line is named");
    }
}
