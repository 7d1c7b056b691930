//! Decides which rules hit a request and what comes of them: [`FaultInjector::plan`], a function of the rules, the
//! request, what the rules have seen before, the seed and the time. What a rule draws depends on nothing but the
//! seed, its id and its count, so that another rule beside it changes nothing.

use std::collections::HashMap;
use std::time::Duration;

use serde::Serialize;

use super::alteration::Alteration;
use super::error_response::InjectedError;
use super::rule::{Effect, Faults, LimitScope, Matching, RetryAfter, Rule};
use crate::api::route::OperationId;
use crate::domain::ids::mix;
use crate::domain::pace::Pace;
use crate::http::delivery::Pacing;

/// How many windows of one limit are kept before those that are over are looked for.
const WINDOWS: usize = 10_000;

/// What a rule can see of a request.
#[derive(Clone, Copy)]
pub(crate) struct RequestFacts<'a> {
    /// `None` if the path names none.
    pub(crate) operation: Option<OperationId>,
    pub(crate) customer: Option<&'a str>,
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    /// Since the start.
    pub(crate) now: Duration,
}

/// What is to go wrong with one request.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct FaultPlan {
    /// The ids of the rules that hit, in their order.
    pub(crate) rules: Vec<String>,
    /// What happens in the place of the request; the first rule that says something counts.
    pub(crate) replacement: Option<Replacement>,
    pub(crate) expire_token: bool,
    /// Delays add up.
    pub(crate) delay: Duration,
    /// The connection is closed in the place of the answer.
    pub(crate) unanswered: bool,
    pub(crate) pacing: Pacing,
    pub(crate) alterations: Vec<Alteration>,
    /// How a job is changed that the request starts.
    job: Option<JobChange>,
}

/// What happens in the place of a request.
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
    /// The pace of a job that the request starts.
    pub(crate) fn pace(&self, pace: Pace) -> Pace {
        match self.job {
            None => pace,
            Some(JobChange::Hang) => pace.hanging(),
            Some(JobChange::Factor(factor)) => pace.by(factor),
        }
    }
}

/// Rules and what they have seen.
#[derive(Default)]
pub(crate) struct FaultInjector {
    seed: u64,
    rules: Vec<CountedRule>,
}

/// A rule and its counters, as the management shows them.
#[derive(Serialize)]
pub(crate) struct CountedRule {
    #[serde(flatten)]
    rule: Rule,
    /// How many requests it was for.
    seen: u64,
    /// How many of them it hit.
    hits: u64,
    /// When each window of a limit began, and how many requests it has had.
    #[serde(skip)]
    windows: HashMap<String, (Duration, u64)>,
}

impl From<Rule> for CountedRule {
    fn from(rule: Rule) -> Self {
        Self { rule, seen: 0, hits: 0, windows: HashMap::new() }
    }
}

impl FaultInjector {
    pub(crate) fn new(seed: u64, faults: &Faults) -> Self {
        Self { seed, rules: faults.rules().iter().cloned().map(CountedRule::from).collect() }
    }

    /// The rules and what they have seen.
    pub(crate) fn rules(&self) -> &[CountedRule] {
        &self.rules
    }

    /// The rule of this id.
    pub(crate) fn rule(&self, id: &str) -> Option<&CountedRule> {
        self.rules.iter().find(|counted| counted.rule.id == id)
    }

    /// Puts a rule in the place of the one of its id, or at the end. It has seen nothing, unless it is the same
    /// rule switched off.
    pub(crate) fn put(&mut self, rule: Rule) {
        match self.rules.iter_mut().find(|counted| counted.rule.id == rule.id) {
            Some(counted) if rule == (Rule { enabled: false, ..counted.rule.clone() }) => {
                counted.rule.enabled = false;
            }
            Some(counted) => *counted = rule.into(),
            None => self.rules.push(rule.into()),
        }
    }

    /// Takes a rule away; `false` if there is none of this id.
    pub(crate) fn remove(&mut self, id: &str) -> bool {
        let before = self.rules.len();
        self.rules.retain(|counted| counted.rule.id != id);
        self.rules.len() < before
    }

    /// What comes of the rules for this request.
    pub(crate) fn plan(&mut self, facts: RequestFacts<'_>) -> FaultPlan {
        let mut plan = FaultPlan::default();
        for counted in &mut self.rules {
            if !counted.rule.enabled || !concerns(&counted.rule.matching, facts) {
                continue;
            }
            counted.seen += 1;
            let draw = Draw { seed: self.seed, rule: &counted.rule.id, count: counted.seen };
            if !turn(&counted.rule.matching, counted.seen, draw.part(0)) {
                continue;
            }
            let wait = match &counted.rule.effect {
                Effect::Limit { requests, window_seconds, of, .. } => {
                    let who = match of {
                        LimitScope::Partner => String::new(),
                        LimitScope::Customer => facts.customer.unwrap_or_default().to_lowercase(),
                    };
                    let window = Duration::from_secs(window_seconds.get());
                    let wait = count(&mut counted.windows, who, facts.now, window, requests.get());
                    let Some(wait) = wait else { continue };
                    wait
                }
                _ => 0,
            };
            counted.hits += 1;
            plan.rules.push(counted.rule.id.clone());
            plan.add(&counted.rule.effect, draw.part(1), wait);
        }
        plan
    }
}

impl FaultPlan {
    /// Adds an effect. `part` is drawn from 0 to 1; `wait` is how many seconds a limit lasts.
    fn add(&mut self, effect: &Effect, part: f64, wait: u64) {
        let refuse = |status, body, retry_after, seconds| {
            Some(Replacement::Error(InjectedError { status, body, retry_after, seconds }))
        };
        let mut replacement = None;
        match effect {
            Effect::Latency { milliseconds, up_to } => {
                let more = up_to.unwrap_or(*milliseconds).saturating_sub(*milliseconds);
                let more = (more as f64 * part).round() as u64;
                let delay = Duration::from_millis(milliseconds.saturating_add(more));
                self.delay = self.delay.saturating_add(delay);
            }
            Effect::Throttle { seconds, retry_after, body } => {
                replacement = refuse(429, *body, *retry_after, *seconds);
            }
            Effect::Limit { retry_after, body, .. } => {
                replacement = refuse(429, *body, *retry_after, wait);
            }
            Effect::Status { status, body, seconds } => {
                let retry_after =
                    if seconds.is_some() { RetryAfter::Seconds } else { RetryAfter::None };
                replacement = refuse(*status, *body, retry_after, seconds.unwrap_or(0));
            }
            Effect::DropBefore => replacement = Some(Replacement::Close),
            Effect::DropAfter => self.unanswered = true,
            Effect::Truncate { bytes } => self.pacing = Pacing::Truncated { bytes: *bytes },
            Effect::SlowBody { piece_bytes, pause_milliseconds } => {
                let pause = Duration::from_millis(*pause_milliseconds);
                self.pacing = Pacing::Slow { piece: *piece_bytes, pause };
            }
            Effect::ByteOrderMark => self.alterations.push(Alteration::ByteOrderMark),
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
                self.job = Some(JobChange::Factor(factor + more * part));
            }
        }
        self.replacement = self.replacement.take().or(replacement);
    }
}

/// Whether a rule is for this request.
fn concerns(matching: &Matching, facts: RequestFacts<'_>) -> bool {
    let Matching { operations, method, customer, path_contains, from, until, .. } = matching;
    let seconds = facts.now.as_secs_f64();
    let same = |wanted: &Option<String>, got: Option<&str>| match wanted {
        None => true,
        Some(wanted) => got.is_some_and(|got| got.eq_ignore_ascii_case(wanted)),
    };
    (operations.is_empty() || facts.operation.is_some_and(|got| operations.contains(&got)))
        && same(method, Some(facts.method))
        && same(customer, facts.customer)
        && path_contains.as_ref().is_none_or(|part| facts.path.contains(part.as_str()))
        && from.is_none_or(|from| seconds >= from)
        && until.is_none_or(|until| seconds < until)
}

/// Whether a rule hits the request that is its `count`th. `part` is drawn from 0 to 1.
fn turn(matching: &Matching, count: u64, part: f64) -> bool {
    matching.nth.is_none_or(|nth| count == nth.get())
        && matching.every.is_none_or(|every| count % every == 0)
        && matching.first.is_none_or(|first| count <= first.get())
        && matching.probability.is_none_or(|probability| part < probability)
}

/// Counts a request in its window: `None` if there is room, else the seconds until the window is over.
fn count(
    windows: &mut HashMap<String, (Duration, u64)>,
    who: String,
    now: Duration,
    window: Duration,
    requests: u64,
) -> Option<u64> {
    if windows.len() >= WINDOWS && !windows.contains_key(&who) {
        windows.retain(|_, (begun, _)| now < begun.saturating_add(window));
    }
    let (begun, counted) = windows.entry(who).or_insert((now, 0));
    if now >= begun.saturating_add(window) {
        (*begun, *counted) = (now, 0);
    }
    if *counted < requests {
        *counted += 1;
        return None;
    }
    let left = begun.saturating_add(window).saturating_sub(now);
    Some(left.as_secs() + u64::from(left.subsec_nanos() > 0))
}

/// What a rule draws for its `count`th request.
#[derive(Clone, Copy)]
struct Draw<'a> {
    seed: u64,
    rule: &'a str,
    count: u64,
}

impl Draw<'_> {
    /// A number from 0 to 1, without 1.
    fn part(self, which: u64) -> f64 {
        let rule = self.rule.bytes().fold(0, |sum, byte| mix(sum ^ u64::from(byte) ^ 0x100));
        let bits = mix(mix(mix(self.seed) ^ rule) ^ mix(self.count << 1 | which));
        (bits >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault_injection::BodyShape;

    const FACTS: RequestFacts<'static> = RequestFacts {
        operation: Some(OperationId::AddDevices),
        customer: Some("C-1"),
        method: "POST",
        path: "/v1/customers/C-1/deviceBatches/b/devices",
        now: Duration::from_secs(10),
    };

    fn armed(seed: u64, rules: &str) -> FaultInjector {
        FaultInjector::new(seed, &Faults::from_yaml(&format!("rules:\n{rules}")).unwrap())
    }

    /// Which of the first `requests` requests a rule hits.
    fn hits(seed: u64, matching: &str, requests: u64) -> Vec<u64> {
        let mut armed =
            armed(seed, &format!("  - {{ id: r, matching: {matching}, effect: dropAfter }}\n"));
        (1..=requests).filter(|_| armed.plan(FACTS).unanswered).collect()
    }

    #[test]
    fn a_rule_is_for_what_it_names() {
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
        // A path that names nothing has no operation and no customer.
        let mut armed = armed(0, "  - { id: r, matching: { customer: C-1 }, effect: dropAfter }\n");
        let facts = RequestFacts { operation: None, customer: None, ..FACTS };
        assert_eq!(armed.plan(facts), FaultPlan::default());
    }

    #[test]
    fn a_rule_counts_the_requests_it_is_for() {
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
    fn the_seed_and_the_rule_decide_what_is_drawn() {
        let half = "{ probability: 0.5 }";
        assert_eq!(hits(7, half, 100), hits(7, half, 100));
        assert_ne!(hits(7, half, 100), hits(8, half, 100));
        assert!((400..600).contains(&hits(7, half, 1000).len()));

        let late = "  - { id: late, effect: { latency: { milliseconds: 100, upTo: 200 } } }\n";
        let other = "  - { id: other, effect: { latency: { milliseconds: 0, upTo: 0 } } }\n";
        let delays = |rules: &str| {
            let mut armed = armed(1, rules);
            (0..100).map(|_| armed.plan(FACTS).delay).collect::<Vec<_>>()
        };
        let alone = delays(late);
        assert_eq!(alone, delays(&format!("{other}{late}")));
        assert!(alone.iter().all(|delay| (100..=200).contains(&delay.as_millis())));
        assert!(alone.iter().min() < alone.iter().max());
    }

    #[test]
    fn effects_add_up_and_the_first_refusal_counts() {
        let mut armed = armed(
            0,
            "  - { id: a, effect: { latency: { milliseconds: 5 } } }
  - { id: b, effect: { latency: { milliseconds: 7 } } }
  - { id: c, matching: { nth: 2 }, effect: dropBefore }
  - { id: d, effect: { status: { status: 503, body: html } } }
  - { id: e, effect: { truncate: { bytes: 9 } } }
  - { id: f, effect: byteOrderMark }
",
        );
        let first = armed.plan(FACTS);
        assert_eq!(first.rules, ["a", "b", "d", "e", "f"]);
        assert_eq!((first.delay.as_millis(), first.pacing), (12, Pacing::Truncated { bytes: 9 }));
        assert_eq!(
            first.replacement,
            Some(Replacement::Error(InjectedError {
                status: 503,
                body: BodyShape::Html,
                retry_after: RetryAfter::None,
                seconds: 0
            }))
        );
        assert_eq!(first.alterations, [Alteration::ByteOrderMark]);
        assert_eq!(armed.plan(FACTS).replacement, Some(Replacement::Close));
        let counts: Vec<_> = armed.rules.iter().map(|rule| (rule.seen, rule.hits)).collect();
        assert_eq!(counts, [(2, 2), (2, 2), (2, 1), (2, 2), (2, 2), (2, 2)]);
    }

    #[test]
    fn a_limit_says_how_long_its_window_lasts() {
        let rule = |of: &str| {
            armed(
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
