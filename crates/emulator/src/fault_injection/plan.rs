//! The fault plan of a request: the rules that hit it, and their combined effects. [`FaultInjector::plan`] depends only
//! on the rules and their counters, the request, the seed and the time. A random value depends only on the seed, the
//! rule's id and its counter, so adding a rule does not change the values of the others.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use http::{HeaderName, HeaderValue};
use partner_center_devices_raw::Operation;
use serde::Serialize;

use super::alteration::Alteration;
use super::error_response::InjectedError;
use super::rule::{Effect, FaultRules, LimitScope, RequestMatch, RetryAfterFormat, Rule};
use crate::domain::ids::mix;
use crate::domain::pace::Pace;
use crate::http::delivery::Pacing;

/// The number of windows of one limit at which expired windows are removed.
const MAX_WINDOWS: usize = 10_000;

/// The parts of a request that rules can match.
#[derive(Clone, Copy)]
pub(crate) struct RequestFacts<'a> {
    /// `None` if the path belongs to no operation.
    pub(crate) operation: Option<Operation>,
    pub(crate) customer: Option<&'a str>,
    /// True for a request to the sign-in.
    pub(crate) sign_in: bool,
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    /// The time since the start.
    pub(crate) now: Duration,
}

/// The combined effects of all rules that hit a request.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct FaultPlan {
    /// The ids of the rules that hit the request, in order.
    pub(crate) rules: Vec<String>,
    /// The effect that replaces the request, from the first rule that has one.
    pub(crate) replacement: Option<Replacement>,
    pub(crate) expire_token: bool,
    /// The sum of all delays.
    pub(crate) delay: Duration,
    /// The request is processed, and then the connection closes without a response.
    pub(crate) drop_response: bool,
    pub(crate) pacing: Pacing,
    pub(crate) alterations: Vec<Alteration>,
    /// True if a list of devices never ends.
    pub(crate) endless_list: bool,
    /// The change to a job that the request starts.
    job: Option<JobChange>,
}

/// An effect that replaces a request, which is then not processed.
#[derive(Debug, PartialEq)]
pub(crate) enum Replacement {
    Close,
    Error(InjectedError),
}

#[derive(Debug, PartialEq)]
enum JobChange {
    Hang,
    Factor(f64),
}

impl FaultPlan {
    /// Returns the pace of a job that the request starts.
    pub(crate) fn pace(&self, pace: Pace) -> Pace {
        match self.job {
            None => pace,
            Some(JobChange::Hang) => pace.hanging(),
            Some(JobChange::Factor(factor)) => pace.scaled(factor),
        }
    }
}

/// The rules and their counters.
#[derive(Default)]
pub(crate) struct FaultInjector {
    seed: u64,
    rules: Vec<CountedRule>,
}

/// A rule and its counters, as the management endpoints show them.
#[derive(Serialize)]
pub(crate) struct CountedRule {
    #[serde(flatten)]
    rule: Rule,
    /// The number of requests that the rule matched.
    seen: u64,
    /// The number of requests that the rule had an effect on.
    hits: u64,
    /// The start and the number of requests of each window of a limit.
    #[serde(skip)]
    windows: HashMap<String, (Duration, u64)>,
}

impl From<Rule> for CountedRule {
    fn from(rule: Rule) -> Self {
        Self { rule, seen: 0, hits: 0, windows: HashMap::new() }
    }
}

impl FaultInjector {
    pub(crate) fn new(seed: u64, faults: &FaultRules) -> Self {
        Self { seed, rules: faults.rules().iter().cloned().map(CountedRule::from).collect() }
    }

    /// Returns the rules with their counters.
    pub(crate) fn rules(&self) -> &[CountedRule] {
        &self.rules
    }

    /// Returns the rule with this id.
    pub(crate) fn rule(&self, id: &str) -> Option<&CountedRule> {
        self.rules.iter().find(|counted| counted.rule.id == id)
    }

    /// Replaces the rule with the same id, or adds the rule at the end. Its counters restart at zero, unless the only
    /// change is that the rule is disabled.
    pub(crate) fn put(&mut self, rule: Rule) {
        match self.rules.iter_mut().find(|counted| counted.rule.id == rule.id) {
            Some(counted) if rule == (Rule { enabled: false, ..counted.rule.clone() }) => {
                counted.rule.enabled = false;
            }
            Some(counted) => *counted = rule.into(),
            None => self.rules.push(rule.into()),
        }
    }

    /// Removes a rule. Returns `false` if no rule has this id.
    pub(crate) fn remove(&mut self, id: &str) -> bool {
        let before = self.rules.len();
        self.rules.retain(|counted| counted.rule.id != id);
        self.rules.len() < before
    }

    /// Applies the rules to a request and counts it.
    pub(crate) fn plan(&mut self, facts: RequestFacts<'_>) -> FaultPlan {
        let mut plan = FaultPlan::default();
        for counted in &mut self.rules {
            if !counted.rule.enabled || !matches_request(&counted.rule.matching, facts) {
                continue;
            }
            counted.seen += 1;
            let draw = RandomDraw { seed: self.seed, rule: &counted.rule.id, count: counted.seen };
            if !is_selected(&counted.rule.matching, counted.seen, draw.value(0)) {
                continue;
            }
            let wait = match &counted.rule.effect {
                Effect::Limit { requests, window_seconds, of, .. } => {
                    let key = match of {
                        LimitScope::Partner => String::new(),
                        LimitScope::Customer => facts.customer.unwrap_or_default().to_lowercase(),
                    };
                    let window = Duration::from_secs(window_seconds.get());
                    let wait = count_in_window(
                        &mut counted.windows,
                        key,
                        facts.now,
                        window,
                        requests.get(),
                    );
                    let Some(wait) = wait else { continue };
                    wait
                }
                _ => 0,
            };
            counted.hits += 1;
            plan.rules.push(counted.rule.id.clone());
            plan.add(&counted.rule.effect, draw.value(1), wait);
        }
        plan
    }
}

impl FaultPlan {
    /// Adds an effect. `random` is from 0 to 1, and `wait` is the number of seconds until the window of a limit ends.
    fn add(&mut self, effect: &Effect, random: f64, wait: u64) {
        let refuse = |status, body, retry_after, seconds| {
            let more = InjectedError::default();
            Some(Replacement::Error(InjectedError { status, body, retry_after, seconds, ..more }))
        };
        let mut replacement = None;
        match effect {
            Effect::Latency { milliseconds, up_to } => {
                let more = up_to.unwrap_or(*milliseconds).saturating_sub(*milliseconds);
                let more = (more as f64 * random).round() as u64;
                let delay = Duration::from_millis(milliseconds.saturating_add(more));
                self.delay = self.delay.saturating_add(delay);
            }
            Effect::Throttle { seconds, retry_after, body } => {
                replacement = refuse(429, *body, *retry_after, *seconds);
            }
            Effect::Limit { retry_after, body, .. } => {
                replacement = refuse(429, *body, *retry_after, wait);
            }
            Effect::Status { status, body, seconds, code, description, headers } => {
                let retry_after = if seconds.is_some() {
                    RetryAfterFormat::Seconds
                } else {
                    RetryAfterFormat::None
                };
                replacement = Some(Replacement::Error(InjectedError {
                    status: *status,
                    body: *body,
                    retry_after,
                    seconds: seconds.unwrap_or(0),
                    code: code.as_ref().map(ToString::to_string),
                    description: description.clone(),
                    headers: parsed(headers),
                }));
            }
            Effect::DropBefore => replacement = Some(Replacement::Close),
            Effect::DropAfter => self.drop_response = true,
            Effect::Truncate { bytes } => self.pacing = Pacing::Truncated { bytes: *bytes },
            Effect::SlowBody { piece_bytes, pause_milliseconds } => {
                let pause = Duration::from_millis(*pause_milliseconds);
                self.pacing = Pacing::Slow { piece: *piece_bytes, pause };
            }
            Effect::ByteOrderMark => self.alterations.push(Alteration::ByteOrderMark),
            Effect::Gzip => self.alterations.push(Alteration::Gzip),
            Effect::EndlessList => self.endless_list = true,
            Effect::JobLinkInBody => self.alterations.push(Alteration::JobLinkInBody),
            Effect::BlankInAttributes => self.alterations.push(Alteration::BlankInAttributes),
            Effect::Dates(style) => self.alterations.push(Alteration::Dates(*style)),
            Effect::UnknownEnumValues => self.alterations.push(Alteration::UnknownEnumValues),
            Effect::LocationHost { host } => {
                self.alterations.push(Alteration::LocationHost(host.clone()));
            }
            Effect::ExpiredToken => self.expire_token = true,
            Effect::HangJob => self.job = Some(JobChange::Hang),
            Effect::JobPace { factor, up_to } => {
                let more = up_to.unwrap_or(*factor) - factor;
                self.job = Some(JobChange::Factor(factor + more * random));
            }
        }
        self.replacement = self.replacement.take().or(replacement);
    }
}

/// Returns headers that were checked when the rule was read.
fn parsed(headers: &BTreeMap<String, String>) -> Vec<(HeaderName, HeaderValue)> {
    let parse = |(name, value): (&String, &String)| {
        Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?))
    };
    headers.iter().filter_map(parse).collect()
}

/// Returns `true` if the request meets the conditions that do not depend on counters.
fn matches_request(matching: &RequestMatch, facts: RequestFacts<'_>) -> bool {
    let RequestMatch { operations, method, customer, path_contains, from, until, .. } = matching;
    let seconds = facts.now.as_secs_f64();
    let same = |expected: &Option<String>, actual: Option<&str>| match expected {
        None => true,
        Some(expected) => actual.is_some_and(|actual| actual.eq_ignore_ascii_case(expected)),
    };
    matching.sign_in == facts.sign_in
        && (operations.is_empty()
            || facts.operation.is_some_and(|operation| operations.contains(&operation)))
        && same(method, Some(facts.method))
        && same(customer, facts.customer)
        && path_contains.as_ref().is_none_or(|text| facts.path.contains(text.as_str()))
        && from.is_none_or(|from| seconds >= from)
        && until.is_none_or(|until| seconds < until)
}

/// Returns `true` if a rule hits the `count`-th request that it matched. `random` is from 0 to 1.
fn is_selected(matching: &RequestMatch, count: u64, random: f64) -> bool {
    matching.nth.is_none_or(|nth| count == nth.get())
        && matching.every.is_none_or(|every| count % every == 0)
        && matching.first.is_none_or(|first| count <= first.get())
        && matching.probability.is_none_or(|probability| random < probability)
}

/// Counts a request in its window. Returns `None` if the limit is not reached, otherwise the seconds until the window
/// ends.
fn count_in_window(
    windows: &mut HashMap<String, (Duration, u64)>,
    key: String,
    now: Duration,
    window: Duration,
    requests: u64,
) -> Option<u64> {
    if windows.len() >= MAX_WINDOWS && !windows.contains_key(&key) {
        windows.retain(|_, (start, _)| now < start.saturating_add(window));
    }
    let (start, counted) = windows.entry(key).or_insert((now, 0));
    if now >= start.saturating_add(window) {
        (*start, *counted) = (now, 0);
    }
    if *counted < requests {
        *counted += 1;
        return None;
    }
    let remaining = start.saturating_add(window).saturating_sub(now);
    Some(remaining.as_secs() + u64::from(remaining.subsec_nanos() > 0))
}

/// The source of random values for the `count`-th request of a rule.
#[derive(Clone, Copy)]
struct RandomDraw<'a> {
    seed: u64,
    rule: &'a str,
    count: u64,
}

impl RandomDraw<'_> {
    /// Returns a number from 0 up to, but not including, 1. `index` selects one of two independent values.
    fn value(self, index: u64) -> f64 {
        let rule = self.rule.bytes().fold(0, |sum, byte| mix(sum ^ u64::from(byte) ^ 0x100));
        let bits = mix(mix(mix(self.seed) ^ rule) ^ mix(self.count << 1 | index));
        (bits >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault_injection::ErrorBodyFormat;

    const FACTS: RequestFacts<'static> = RequestFacts {
        operation: Some(Operation::AddDevices),
        customer: Some("C-1"),
        sign_in: false,
        method: "POST",
        path: "/v1/customers/C-1/deviceBatches/b/devices",
        now: Duration::from_secs(10),
    };

    fn injector(seed: u64, rules: &str) -> FaultInjector {
        FaultInjector::new(seed, &FaultRules::from_yaml(&format!("rules:\n{rules}")).unwrap())
    }

    /// Returns the numbers of the requests that a rule hits, from the first `requests` requests.
    fn hits(seed: u64, matching: &str, requests: u64) -> Vec<u64> {
        let mut injector =
            injector(seed, &format!("  - {{ id: r, matching: {matching}, effect: dropAfter }}\n"));
        (1..=requests).filter(|_| injector.plan(FACTS).drop_response).collect()
    }

    #[test]
    fn a_rule_matches_by_its_conditions() {
        for (matching, hit) in [
            ("{}", true),
            ("{ operations: [create_device_batch, add_devices] }", true),
            ("{ operations: [list_devices] }", false),
            ("{ method: post }", true),
            ("{ method: GET }", false),
            ("{ customer: c-1 }", true),
            ("{ customer: c-2 }", false),
            ("{ pathContains: deviceBatches/b }", true),
            ("{ pathContains: policies }", false),
            ("{ from: 10, until: 10.5 }", true),
            ("{ from: 10.5 }", false),
            ("{ until: 10 }", false),
            ("{ method: POST, customer: c-2 }", false),
        ] {
            assert_eq!(hits(0, matching, 1).len() == 1, hit, "{matching}");
        }
        // An unknown path has neither an operation nor a customer.
        let mut injector =
            injector(0, "  - { id: r, matching: { customer: C-1 }, effect: dropAfter }\n");
        let facts = RequestFacts { operation: None, customer: None, ..FACTS };
        assert_eq!(injector.plan(facts), FaultPlan::default());
    }

    #[test]
    fn nth_every_first_and_probability_select_by_count() {
        for (matching, expected) in [
            ("{ nth: 2 }", vec![2]),
            ("{ every: 3 }", vec![3, 6, 9]),
            ("{ first: 2 }", vec![1, 2]),
            ("{ every: 2, first: 5 }", vec![2, 4]),
            ("{ probability: 0 }", vec![]),
            ("{ probability: 1, nth: 9 }", vec![9]),
        ] {
            assert_eq!(hits(0, matching, 9), expected, "{matching}");
        }
    }

    #[test]
    fn random_values_depend_only_on_the_seed_and_the_rule() {
        let half = "{ probability: 0.5 }";
        assert_eq!(hits(7, half, 100), hits(7, half, 100));
        assert_ne!(hits(7, half, 100), hits(8, half, 100));
        assert!((400..600).contains(&hits(7, half, 1000).len()));

        let late = "  - { id: late, effect: { latency: { milliseconds: 100, upTo: 200 } } }\n";
        let other = "  - { id: other, effect: { latency: { milliseconds: 0, upTo: 0 } } }\n";
        let delays = |rules: &str| {
            let mut injector = injector(1, rules);
            (0..100).map(|_| injector.plan(FACTS).delay).collect::<Vec<_>>()
        };
        let without_other = delays(late);
        assert_eq!(without_other, delays(&format!("{other}{late}")));
        assert!(without_other.iter().all(|delay| (100..=200).contains(&delay.as_millis())));
        assert!(without_other.iter().min() < without_other.iter().max());
    }

    #[test]
    fn effects_add_up_and_the_first_error_wins() {
        let mut injector = injector(
            0,
            "  - { id: a, effect: { latency: { milliseconds: 5 } } }
  - { id: b, effect: { latency: { milliseconds: 7 } } }
  - { id: c, matching: { nth: 2 }, effect: dropBefore }
  - { id: d, effect: { status: { status: 503, body: html } } }
  - { id: e, effect: { truncate: { bytes: 9 } } }
  - { id: f, effect: byteOrderMark }
",
        );
        let first = injector.plan(FACTS);
        assert_eq!(first.rules, ["a", "b", "d", "e", "f"]);
        assert_eq!((first.delay.as_millis(), first.pacing), (12, Pacing::Truncated { bytes: 9 }));
        assert_eq!(
            first.replacement,
            Some(Replacement::Error(InjectedError {
                status: 503,
                body: ErrorBodyFormat::Html,
                retry_after: RetryAfterFormat::None,
                ..InjectedError::default()
            }))
        );
        assert_eq!(first.alterations, [Alteration::ByteOrderMark]);
        assert_eq!(injector.plan(FACTS).replacement, Some(Replacement::Close));
        let counts: Vec<_> = injector.rules.iter().map(|rule| (rule.seen, rule.hits)).collect();
        assert_eq!(counts, [(2, 2), (2, 2), (2, 1), (2, 2), (2, 2), (2, 2)]);
    }

    #[test]
    fn a_limit_reports_the_seconds_until_its_window_ends() {
        let rule = |of: &str| {
            injector(
                0,
                &format!(
                    "  - {{ id: l, effect: {{ limit: {{ requests: 2, windowSeconds: 10, of: {of} }} }} }}\n"
                ),
            )
        };
        let wait = |plan: FaultPlan| match plan.replacement {
            None => None,
            Some(Replacement::Error(refusal)) => Some((refusal.status, refusal.seconds)),
            other => panic!("{other:?}"),
        };
        let at = |millis, customer| RequestFacts {
            now: Duration::from_millis(millis),
            customer: Some(customer),
            ..FACTS
        };
        let mut partner = rule("partner");
        for (millis, customer, expected) in [
            (1000, "a", None),
            (2000, "b", None),
            (2000, "a", Some((429, 9))),
            (10_999, "c", Some((429, 1))),
            (11_000, "a", None),
            (12_000, "a", None),
            (12_500, "a", Some((429, 9))),
        ] {
            assert_eq!(wait(partner.plan(at(millis, customer))), expected, "{millis} {customer}");
        }
        let mut customer = rule("customer");
        for (name, expected) in
            [("a", None), ("A", None), ("a", Some((429, 10))), ("b", None), ("b", None)]
        {
            assert_eq!(wait(customer.plan(at(0, name))), expected, "{name}");
        }
    }
}
