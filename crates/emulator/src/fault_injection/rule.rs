//! The format of fault rules and their validation. Rules are YAML or JSON with camelCase keys, operations are named as
//! in the OpenAPI document, and an unknown key is an error.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::num::NonZeroU64;

use http::header::{CONNECTION, CONTENT_LENGTH, HeaderName, HeaderValue, TRANSFER_ENCODING};
use partner_center_devices_raw::Operation;
use partner_center_devices_raw::types::FaultCode;
use serde::{Deserialize, Serialize};

use crate::domain::text_limit::{MAX_TEXT, shortened};

/// The maximum number of rules.
pub(crate) const MAX_RULES: usize = 1000;

/// The maximum size of a document with rules, in bytes.
pub(crate) const MAX_DOCUMENT: usize = 4 << 20;

/// The maximum length of a rule's id.
const MAX_ID: usize = 100;

/// The maximum number of headers of a rule.
const MAX_HEADERS: usize = 100;

/// A list of fault rules in order, with unique ids.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct FaultRules {
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    #[serde(default)]
    rules: Vec<Rule>,
}

/// A fault rule: an effect, and the requests that it applies to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rule {
    /// The id of the rule: at most 100 letters, digits, `-`, `_` and `.`.
    pub id: String,
    /// `true` by default. A disabled rule has no effect and does not count requests.
    #[serde(default = "enabled")]
    pub enabled: bool,
    /// The requests that the rule applies to; all requests by default.
    #[serde(default)]
    pub matching: RequestMatch,
    /// The effect on these requests.
    pub effect: Effect,
}

/// The conditions that select the requests of a rule. A request must meet all conditions that are present.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RequestMatch {
    /// The operation must be one of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<Operation>,
    /// `true` selects the requests to the sign-in, and `false`, the default, the requests to the service.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub sign_in: bool,
    /// The HTTP method, case-insensitively.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The customer id, case-insensitively.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// A text that the path, as it was sent, must contain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path_contains: Option<String>,
    /// The start of an interval, in seconds since the emulator started, by its clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<f64>,
    /// The end of an interval, in seconds since the emulator started, by its clock. It must be after the start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<f64>,
    /// Selects only the n-th request that meets the conditions above; the first is 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nth: Option<NonZeroU64>,
    /// Selects every n-th request that meets the conditions above: 3 selects the third, the sixth, and so on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every: Option<NonZeroU64>,
    /// Selects the first n requests that meet the conditions above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<NonZeroU64>,
    /// Selects a random share, from 0 to 1, of the requests that meet the conditions above. The seed and the rule's id
    /// determine which ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
}

/// The effect of a rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub enum Effect {
    /// Delays the response. The request is processed before the delay.
    Latency {
        /// The delay, or the shortest delay.
        milliseconds: u64,
        /// The longest delay, for a random delay.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        up_to: Option<u64>,
    },
    /// Returns 429 without processing the request.
    Throttle {
        /// Seconds until the client may retry.
        seconds: u64,
        /// The format of the `Retry-After` header.
        #[serde(default)]
        retry_after: RetryAfterFormat,
        /// The form of the body.
        #[serde(default = "gateway")]
        body: ErrorBodyFormat,
    },
    /// Returns 429 without processing the request, if it exceeds a number of requests per window. A window starts with
    /// its first request.
    Limit {
        /// The number of requests that a window allows.
        requests: NonZeroU64,
        /// The length of a window in seconds, by the emulator's clock.
        window_seconds: NonZeroU64,
        /// The requests that share the limit.
        #[serde(default)]
        of: LimitScope,
        /// The format of the `Retry-After` header, which is the end of the window.
        #[serde(default)]
        retry_after: RetryAfterFormat,
        /// The form of the body.
        #[serde(default = "gateway")]
        body: ErrorBodyFormat,
    },
    /// Returns a status without processing the request: an error, or a page of a web filter instead of a success.
    Status {
        /// The status, from 200 to 599, but not 204, 205 or 304.
        status: u16,
        /// The form of the body.
        #[serde(default)]
        body: ErrorBodyFormat,
        /// The `Retry-After` header in seconds; no header by default.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seconds: Option<u64>,
        /// The code in the body, such as 900421. The default is the name of the status.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<FaultCode>,
        /// The description in the body. The default is the name of the status.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        description: Option<String>,
        /// More headers, such as `retry-after-ms`. They replace headers of the same name.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        headers: BTreeMap<String, String>,
    },
    /// Closes the connection without processing the request.
    DropBefore,
    /// Processes the request, then closes the connection without a response.
    DropAfter,
    /// Closes the connection after a number of bytes of the body. A shorter body arrives complete.
    Truncate {
        /// The number of bytes to send.
        bytes: usize,
    },
    /// Sends the body in pieces.
    SlowBody {
        /// The size of a piece in bytes.
        piece_bytes: usize,
        /// The pause between two pieces.
        pause_milliseconds: u64,
    },
    /// Adds a byte order mark before the body of each success, as in one documented response and in all responses that a
    /// public client received.
    ByteOrderMark,
    /// Adds the link to the job as a body to a 202, as the REST description mentions.
    JobLinkInBody,
    /// Compresses the body with gzip, although no client asked for it.
    Gzip,
    /// Adds a page to each page of devices, customers or audit records: every page has a continuation token that was never sent
    /// before.
    EndlessList,
    /// Writes the first `"attributes"` as `" attributes"`, as in one documented response.
    BlankInAttributes,
    /// Writes all dates of the body in one format.
    Dates(DateFormat),
    /// Replaces statuses, categories, policy settings, relationships and the types of audit records with undocumented values.
    UnknownEnumValues,
    /// Rejects the token of this request with 401, now and later.
    ExpiredToken,
    /// Makes the `Location` header name another host.
    LocationHost {
        /// The host, optionally with a port.
        host: String,
    },
    /// Makes a job that this request starts hang forever.
    HangJob,
    /// Makes a job that this request starts take longer or shorter.
    JobPace {
        /// The factor, or the smallest factor; 2 is twice as long.
        factor: f64,
        /// The largest factor, for a random factor. It makes jobs finish out of order.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        up_to: Option<f64>,
    },
}

/// The format of an error body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ErrorBodyFormat {
    /// The service's format: `code`, `description`, `data`, `source`.
    #[default]
    Fault,
    /// The format of the gateway in front of the service: `statusCode` and `message`.
    Gateway,
    /// An HTML page.
    Html,
    /// Plain text.
    Text,
    /// An empty body.
    Empty,
    /// `{"error":{"code","message"}}`
    #[serde(rename = "odata")]
    OData,
    /// The format of the sign-in: `error`, `error_description` and `error_codes`.
    #[serde(rename = "oauth")]
    OAuth,
    /// Problem details (RFC 9457): `type`, `title`, `status` and `detail`.
    ProblemJson,
    /// An XML document.
    Xml,
    /// The HTML page of a web filter.
    WebFilter,
}

/// The format of the `Retry-After` header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RetryAfterFormat {
    /// A number of seconds.
    #[default]
    Seconds,
    /// An HTTP date.
    Date,
    /// No header.
    None,
}

/// The requests that share a limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LimitScope {
    /// All requests of the partner.
    #[default]
    Partner,
    /// The requests for one customer.
    Customer,
}

/// A date format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DateFormat {
    /// `2017-07-25T10:00:00`
    Zoneless,
    /// `2017-07-25T10:00:00.0000000+00:00`
    SevenDigits,
    /// `2017-07-25T10:00:00Z`
    Z,
}

fn enabled() -> bool {
    true
}

fn gateway() -> ErrorBodyFormat {
    ErrorBodyFormat::Gateway
}

/// Invalid fault rules. The message has the position and the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidFaultRules(String);

impl fmt::Display for InvalidFaultRules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidFaultRules {}

impl FaultRules {
    /// Creates a list of rules.
    ///
    /// # Errors
    /// If there are more than 1,000 rules, two rules have the same id, a value is out of range, or a text is longer than
    /// 16 KiB.
    pub fn new(rules: Vec<Rule>) -> Result<Self, InvalidFaultRules> {
        if rules.len() > MAX_RULES {
            return Err(InvalidFaultRules(format!("rules: must be at most {MAX_RULES}")));
        }
        let mut ids = HashSet::new();
        for (index, rule) in rules.iter().enumerate() {
            let problem = match rule.check() {
                Ok(()) if ids.insert(rule.id.as_str()) => continue,
                Ok(()) => "id: another rule has the same id",
                Err(problem) => problem,
            };
            return Err(InvalidFaultRules(format!("rules[{index}].{problem}")));
        }
        Ok(Self { rules })
    }

    /// Parses `rules: [...]` as YAML, which includes JSON.
    ///
    /// # Errors
    /// If the text is not a valid list of rules, or has more than 4 MiB. The error has the position.
    pub fn from_yaml(text: &str) -> Result<Self, InvalidFaultRules> {
        if text.len() > MAX_DOCUMENT {
            return Err(InvalidFaultRules("must have at most 4 MiB".to_owned()));
        }
        serde_saphyr::from_str(text)
            .map_err(|error| InvalidFaultRules(shortened(error.without_snippet().to_string())))
    }

    /// Returns the rules.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }
}

impl TryFrom<Unchecked> for FaultRules {
    type Error = InvalidFaultRules;

    fn try_from(unchecked: Unchecked) -> Result<Self, InvalidFaultRules> {
        Self::new(unchecked.rules)
    }
}

impl Rule {
    /// Returns an error with the position and the reason if the rule is invalid.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        let is_id_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if self.id.is_empty() || self.id.len() > MAX_ID || !self.id.bytes().all(is_id_byte) {
            return Err("id: must be letters, digits, '-', '_' or '.', at most 100");
        }
        check_texts(self)?;
        if self.matching.probability.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
            return Err("matching.probability: must be from 0 to 1");
        }
        let RequestMatch { sign_in, operations, customer, from, until, .. } = &self.matching;
        let is_time = |time: &Option<f64>| time.is_none_or(|time| time >= 0.0 && time.is_finite());
        if !is_time(from) {
            return Err("matching.from: must be a number of seconds from 0 on");
        }
        if !is_time(until) || until.is_some_and(|until| until <= from.unwrap_or(0.0)) {
            return Err("matching.until: must be a number of seconds after from");
        }
        if *sign_in && !(operations.is_empty() && customer.is_none()) {
            return Err("matching.signIn: cannot be combined with operations or customer");
        }
        let is_valid = |factor: f64| factor > 0.0 && factor.is_finite();
        match &self.effect {
            Effect::Status { status, .. }
                if !(200..600).contains(status) || matches!(status, 204 | 205 | 304) =>
            {
                Err("effect.status.status: must be from 200 to 599, and not 204, 205 or 304")
            }
            Effect::Status { headers, .. } if !headers.iter().all(is_settable) => Err(
                "effect.status.headers: must be names and values of headers that describe the content",
            ),
            Effect::Latency { milliseconds, up_to: Some(up_to) } if up_to < milliseconds => {
                Err("effect.latency.upTo: must not be less than milliseconds")
            }
            Effect::JobPace { factor, .. } if !is_valid(*factor) => {
                Err("effect.jobPace.factor: must be more than 0")
            }
            Effect::JobPace { factor, up_to: Some(up_to) }
                if !(is_valid(*up_to) && up_to >= factor) =>
            {
                Err("effect.jobPace.upTo: must not be less than factor")
            }
            Effect::LocationHost { host } if host.is_empty() || !host.bytes().all(is_host_byte) => {
                Err("effect.locationHost.host: must be a host name")
            }
            _ => Ok(()),
        }
    }
}

/// Returns the position and the reason if a text of the rule is too long.
fn check_texts(rule: &Rule) -> Result<(), &'static str> {
    let RequestMatch { operations, method, customer, path_contains, .. } = &rule.matching;
    let is_long = |text: &Option<String>| text.as_ref().is_some_and(|text| text.len() > MAX_TEXT);
    let problem = if is_long(method) {
        "matching.method: must have at most 16384 bytes"
    } else if is_long(customer) {
        "matching.customer: must have at most 16384 bytes"
    } else if is_long(path_contains) {
        "matching.pathContains: must have at most 16384 bytes"
    } else if operations.len() > MAX_TEXT {
        "matching.operations: must be at most 16384"
    } else {
        return check_effect_texts(&rule.effect);
    };
    Err(problem)
}

/// Returns the position and the reason if a text of the effect is too long.
fn check_effect_texts(effect: &Effect) -> Result<(), &'static str> {
    let is_long = |text: &str| text.len() > MAX_TEXT;
    match effect {
        Effect::Status { description: Some(description), .. } if is_long(description) => {
            Err("effect.status.description: must have at most 16384 bytes")
        }
        Effect::Status { code: Some(code), .. } if is_long(code) => {
            Err("effect.status.code: must have at most 16384 bytes")
        }
        Effect::Status { headers, .. } if headers.len() > MAX_HEADERS => {
            Err("effect.status.headers: must be at most 100")
        }
        Effect::Status { headers, .. }
            if headers.iter().any(|(name, value)| is_long(name) || is_long(value)) =>
        {
            Err("effect.status.headers: must have at most 16384 bytes each")
        }
        Effect::LocationHost { host } if is_long(host) => {
            Err("effect.locationHost.host: must have at most 16384 bytes")
        }
        _ => Ok(()),
    }
}

/// Returns `true` for a valid header that does not change how the body is sent.
fn is_settable((name, value): (&String, &String)) -> bool {
    let name = HeaderName::try_from(name.as_str());
    let is_framing = |name| [CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING].contains(name);
    name.as_ref().is_ok_and(|name| !is_framing(name))
        && HeaderValue::try_from(value.as_str()).is_ok()
}

fn is_host_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE_RULE: &str = "rules: [{ id: a, effect: dropAfter }]";

    #[test]
    fn rules_round_trip_through_yaml_and_json() {
        let faults = FaultRules::from_yaml(
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
        assert_eq!(busy.matching.operations, [Operation::GetBatchJobStatus, Operation::AddDevices]);
        assert_eq!(
            busy.effect,
            Effect::Throttle {
                seconds: 5,
                retry_after: RetryAfterFormat::Date,
                body: ErrorBodyFormat::Fault
            }
        );
        assert_eq!(late.effect, Effect::Latency { milliseconds: 20, up_to: Some(400) });
        assert_eq!((&gone.effect, gone.matching.first), (&Effect::DropAfter, NonZeroU64::new(1)));
        assert_eq!(odd.effect, Effect::Dates(DateFormat::SevenDigits));
        assert!(matches!(limit.effect, Effect::Limit { of: LimitScope::Customer, .. }));
        let json = serde_json::to_string(&faults).unwrap();
        assert_eq!(FaultRules::from_yaml(&json).unwrap(), faults);
        assert_eq!(serde_json::from_str::<FaultRules>(&json).unwrap(), faults);
    }

    #[test]
    fn rejects_invalid_rules_with_their_position() {
        for (rule, expected) in [
            ("{ id: a, effekt: dropAfter }", "effekt"),
            ("{ id: a, matching: { methods: [POST] }, effect: dropAfter }", "methods"),
            ("{ id: a, effect: { throttle: { seconds: 1, retry_after: none } } }", "retry_after"),
            ("{ id: a, effect: explode }", "explode"),
            ("{ id: a, matching: { operations: [explode] }, effect: dropAfter }", "explode"),
            ("{ id: a, matching: { every: 0 }, effect: dropAfter }", "zero"),
            ("{ effect: dropAfter }", "id"),
            ("{ id: a/b, effect: dropAfter }", "rules[0].id: must be letters"),
            ("{ id: a, matching: { probability: 1.5 }, effect: dropAfter }", "probability"),
            ("{ id: a, effect: { status: { status: 199 } } }", "rules[0].effect.status.status"),
            ("{ id: a, effect: { status: { status: 204 } } }", "not 204"),
            ("{ id: a, effect: { status: { status: 500, headers: { 'a b': c } } } }", "headers"),
            (
                "{ id: a, effect: { status: { status: 500, headers: { Content-Length: '1' } } } }",
                "headers",
            ),
            ("{ id: a, matching: { signIn: true, customer: c }, effect: dropAfter }", "signIn"),
            ("{ id: a, effect: { latency: { milliseconds: 2, upTo: 1 } } }", "upTo"),
            ("{ id: a, effect: { jobPace: { factor: 0 } } }", "factor"),
            ("{ id: a, effect: { jobPace: { factor: 2, upTo: 1 } } }", "upTo"),
            ("{ id: a, effect: { locationHost: { host: 'a b' } } }", "host name"),
            ("{ id: LONG, effect: dropAfter }", "rules[0].id: must be letters"),
            ("{ id: a, matching: { from: 9, until: 3 }, effect: dropAfter }", "matching.until: "),
            ("{ id: a, matching: { from: 3, until: 3 }, effect: dropAfter }", "matching.until: "),
            ("{ id: a, matching: { until: 0 }, effect: dropAfter }", "matching.until: "),
            ("{ id: a, matching: { from: .nan }, effect: dropAfter }", "matching.from: "),
            ("{ id: a, matching: { from: -1 }, effect: dropAfter }", "matching.from: "),
            (
                "{ id: a, matching: { method: LONG }, effect: dropAfter }",
                "rules[0].matching.method: ",
            ),
            (
                "{ id: a, matching: { customer: LONG }, effect: dropAfter }",
                "matching.customer: must have at most",
            ),
            (
                "{ id: a, matching: { pathContains: LONG }, effect: dropAfter }",
                "matching.pathContains: ",
            ),
            (
                "{ id: a, effect: { status: { status: 500, description: LONG } } }",
                "status.description: ",
            ),
            ("{ id: a, effect: { status: { status: 500, code: LONG } } }", "effect.status.code: "),
            (
                "{ id: a, effect: { status: { status: 500, headers: { a: LONG } } } }",
                "status.headers: ",
            ),
            ("{ id: a, effect: { locationHost: { host: LONG } } }", "effect.locationHost.host: "),
            ("{ id: a, LONG: LONG, effect: dropAfter }", "unknown field"),
            ("{ id: a, effect: LONG }", "unknown variant"),
        ] {
            let rule = rule.replace("LONG", &"x".repeat(1_000_000));
            let error = FaultRules::from_yaml(&format!("rules:\n  - {rule}\n")).unwrap_err();
            let error = error.to_string();
            assert!(error.contains(expected) && error.len() < 1000, "{rule:.200}: {error}");
        }
        let mut rules = vec![];
        rules.resize(MAX_RULES + 1, FaultRules::from_yaml(ONE_RULE).unwrap().rules()[0].clone());
        assert_eq!(FaultRules::new(rules).unwrap_err().to_string(), "rules: must be at most 1000");
        let error = FaultRules::from_yaml(&"#".repeat(MAX_DOCUMENT + 1)).unwrap_err();
        assert_eq!(error.to_string(), "must have at most 4 MiB");
        let duplicate =
            "rules:\n  - { id: a, effect: dropAfter }\n  - { id: a, effect: dropAfter }\n";
        let error = FaultRules::from_yaml(duplicate).unwrap_err().to_string();
        assert!(error.contains("rules[1].id: another rule has the same id"), "{error}");
        let error =
            FaultRules::from_yaml("rules:\n  - id: a\n    effect: dropAfter\n    more: 1\n");
        assert!(error.unwrap_err().to_string().contains("line 4"), "the error has the line");
    }
}
