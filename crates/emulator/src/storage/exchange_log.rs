//! Decides which exchanges are kept and which of them are shown. Noting one is cheap, because every request does
//! it: texts are shared and nothing is cut. What may be shown is decided when it is read.

use std::collections::VecDeque;
use std::ops::RangeInclusive;
use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use http::{Method, Request, StatusCode, Uri};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::api::route::OperationId;
use crate::domain::clock::Clock;
use crate::http::delivery::{Delivery, Pacing};
use crate::redact;

/// How many exchanges are kept; the oldest goes first.
pub(crate) const CAPACITY: usize = 1000;

/// How much of a body is kept.
pub(crate) const BODY: usize = 16 << 10;

/// How much of an id is shown.
const ID: usize = 64;

/// One exchange.
pub(crate) struct Exchange {
    /// Given by the log, from 1.
    pub(crate) number: u64,
    pub(crate) at: Duration,
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) operation: Option<OperationId>,
    pub(crate) customer: Option<String>,
    /// `None` if the request was not looked at.
    pub(crate) status: Option<StatusCode>,
    pub(crate) request_id: HeaderValue,
    pub(crate) correlation_id: HeaderValue,
    /// The fault rules that hit.
    pub(crate) rules: Vec<String>,
    pub(crate) delivered: Delivered,
    /// How long the delivery takes by the rules.
    pub(crate) takes: Duration,
    pub(crate) request_headers: HeaderMap,
    /// Without those that belong to the connection.
    pub(crate) response_headers: HeaderMap,
    pub(crate) request: BodyExcerpt,
    pub(crate) response: BodyExcerpt,
}

impl Exchange {
    /// A sign-in: that it was, and how it ended. All else of it is secret.
    pub(crate) fn of_sign_in<T>(request: &Request<T>, status: StatusCode, at: Duration) -> Self {
        let id = |name| request.headers().get(name).cloned();
        let none = HeaderValue::from_static("");
        Self {
            number: 0,
            at,
            method: request.method().clone(),
            uri: request.uri().path().parse().unwrap_or_default(),
            operation: None,
            customer: None,
            status: Some(status),
            request_id: id("client-request-id").unwrap_or_else(|| none.clone()),
            correlation_id: none,
            rules: Vec::new(),
            delivered: Delivered::Whole,
            takes: Duration::ZERO,
            request_headers: HeaderMap::new(),
            response_headers: HeaderMap::new(),
            request: BodyExcerpt::default(),
            response: BodyExcerpt::default(),
        }
    }
}

/// How the answer came to the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Delivered {
    Whole,
    Slowly,
    Truncated,
    /// Not at all.
    Closed,
}

impl Delivered {
    pub(crate) fn of(answer: &Delivery) -> Self {
        match (&answer.response, answer.pacing) {
            (None, _) => Self::Closed,
            (Some(response), Pacing::Truncated { bytes }) if bytes < response.body().len() => {
                Self::Truncated
            }
            (Some(_), Pacing::Slow { .. }) => Self::Slowly,
            (Some(_), _) => Self::Whole,
        }
    }
}

/// The start of a body.
#[derive(Default)]
pub(crate) struct BodyExcerpt {
    start: Bytes,
    bytes: usize,
}

impl BodyExcerpt {
    pub(crate) fn new(body: &Bytes) -> Self {
        // A part of a large body would keep all of it.
        let large = body.len() > BODY;
        let start = if large { Bytes::copy_from_slice(&body[..BODY]) } else { body.clone() };
        Self { start, bytes: body.len() }
    }
}

/// What to show.
#[derive(Default)]
pub(crate) struct Filter {
    pub(crate) customer: Option<String>,
    pub(crate) operation: Option<OperationId>,
    pub(crate) status: Option<RangeInclusive<u16>>,
    /// The `MS-RequestId` or the `MS-CorrelationId`, in any case.
    pub(crate) id: Option<String>,
    /// In the path, an id, a fault rule's id or what is shown of the bodies, in any case.
    pub(crate) text: Option<String>,
    /// Only later exchanges.
    pub(crate) after: Option<u64>,
    /// Only earlier exchanges.
    pub(crate) before: Option<u64>,
    pub(crate) limit: usize,
    /// Whether headers and bodies are left out.
    pub(crate) brief: bool,
}

/// The last exchanges.
#[derive(Default)]
pub(crate) struct ExchangeLog {
    entries: VecDeque<Exchange>,
    noted: u64,
    /// How many of those were noted before the last [`clear`](Self::clear).
    cleared: u64,
}

/// An exchange as it is shown: no hardware hash, token or secret is whole.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExchangeView {
    number: u64,
    time: String,
    method: String,
    path: String,
    operation: Option<OperationId>,
    customer: Option<String>,
    status: Option<u16>,
    request_id: String,
    correlation_id: String,
    /// The same for the same token.
    token_fingerprint: Option<String>,
    fault_rules: Vec<String>,
    delivered: Delivered,
    delivery_milliseconds: u64,
    request_bytes: usize,
    response_bytes: usize,
    #[serde(flatten)]
    content: Option<Content>,
}

/// Headers and bodies of an exchange.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    /// Names and values, in the order of their first names.
    request_headers: Vec<(String, String)>,
    response_headers: Vec<(String, String)>,
    /// At most the first 16 KiB.
    request: String,
    response: String,
}

/// A list of exchanges, oldest first.
#[derive(Serialize)]
pub(crate) struct ExchangePage {
    items: Vec<ExchangeView>,
    /// The number of the last exchange there is, shown or not.
    last: u64,
    /// Whether more match: later ones if `after` was given, and earlier ones otherwise.
    more: bool,
}

impl ExchangeLog {
    pub(crate) fn note(&mut self, mut entry: Exchange) {
        self.noted += 1;
        entry.number = self.noted;
        if self.entries.len() == CAPACITY {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
    }

    /// Forgets all. Numbers go on, so that whoever asks for what came after one of them misses nothing.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.cleared = self.noted;
    }

    /// How many there were since the start or the last [`clear`](Self::clear).
    pub(crate) fn noted(&self) -> u64 {
        self.noted - self.cleared
    }

    /// The exchange of this number, if it is still kept.
    pub(crate) fn one(&self, number: u64, clock: Clock) -> Option<ExchangeView> {
        let entry = self.entries.iter().find(|entry| entry.number == number)?;
        Some(show(entry, clock, true))
    }

    /// The first that match after `filter.after`, or else the last that match.
    pub(crate) fn page(&self, filter: &Filter, clock: Clock) -> ExchangePage {
        let after = filter.after.unwrap_or(0);
        let text = filter.text.as_ref().map(|text| text.to_lowercase());
        let found = |entry: &Exchange| -> Option<ExchangeView> {
            let after = entry.number > after;
            let before = filter.before.is_none_or(|before| entry.number < before);
            if !(after && before && matches(entry, filter)) {
                return None;
            }
            let mut shown = show(entry, clock, text.is_some() || !filter.brief);
            if let Some(text) = &text {
                shown.has(text).then_some(())?;
            }
            shown.content = shown.content.filter(|_| !filter.brief);
            Some(shown)
        };
        let entries = self.entries.iter();
        let one_more = filter.limit + 1;
        let mut items: Vec<ExchangeView> = match filter.after {
            Some(_) => entries.filter_map(found).take(one_more).collect(),
            None => entries.rev().filter_map(found).take(one_more).collect(),
        };
        let more = items.len() > filter.limit;
        items.truncate(filter.limit);
        if filter.after.is_none() {
            items.reverse();
        }
        ExchangePage { items, last: self.noted, more }
    }
}

impl ExchangeView {
    fn has(&self, text: &str) -> bool {
        let Self { path, request_id, correlation_id, fault_rules, content, .. } = self;
        let bodies = content.iter().flat_map(|content| [&content.request, &content.response]);
        let mut fields =
            [path, request_id, correlation_id].into_iter().chain(fault_rules).chain(bodies);
        fields.any(|field| field.to_lowercase().contains(text))
    }
}

fn matches(entry: &Exchange, filter: &Filter) -> bool {
    let Filter { customer, operation, status, id, .. } = filter;
    let is_id =
        |value: &HeaderValue, id: &str| value.as_bytes().eq_ignore_ascii_case(id.as_bytes());
    customer.as_ref().is_none_or(|wanted| {
        entry.customer.as_ref().is_some_and(|got| got.to_lowercase() == wanted.to_lowercase())
    }) && operation.is_none_or(|wanted| entry.operation == Some(wanted))
        && status
            .as_ref()
            .is_none_or(|wanted| entry.status.is_some_and(|got| wanted.contains(&got.as_u16())))
        && id
            .as_ref()
            .is_none_or(|id| is_id(&entry.request_id, id) || is_id(&entry.correlation_id, id))
}

/// Content is cut where it is secret, which takes time.
fn show(entry: &Exchange, clock: Clock, with_content: bool) -> ExchangeView {
    let id = |value: &HeaderValue| {
        String::from_utf8_lossy(value.as_bytes()).chars().take(ID).collect::<String>()
    };
    ExchangeView {
        number: entry.number,
        time: clock.milliseconds(entry.at),
        method: entry.method.to_string(),
        path: entry.uri.path().to_owned(),
        operation: entry.operation,
        customer: entry.customer.clone(),
        status: entry.status.map(|status| status.as_u16()),
        request_id: id(&entry.request_id),
        correlation_id: id(&entry.correlation_id),
        token_fingerprint: entry.request_headers.get(AUTHORIZATION).map(|token| {
            let digest = Sha256::digest(token.as_bytes());
            digest[..4].iter().map(|byte| format!("{byte:02x}")).collect()
        }),
        fault_rules: entry.rules.clone(),
        delivered: entry.delivered,
        delivery_milliseconds: u64::try_from(entry.takes.as_millis()).unwrap_or(u64::MAX),
        request_bytes: entry.request.bytes,
        response_bytes: entry.response.bytes,
        content: with_content.then(|| Content {
            request_headers: headers(&entry.request_headers, redact::request_header),
            response_headers: headers(&entry.response_headers, redact::response_header),
            request: redact::request(&entry.request.start),
            response: redact::response(&entry.response.start),
        }),
    }
}

fn headers(headers: &HeaderMap, show: impl Fn(&str, &[u8]) -> String) -> Vec<(String, String)> {
    let named = headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
    named.map(|(name, value)| (name.to_owned(), show(name, value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::SystemTime;

    fn entry(status: u16, body: Bytes) -> Exchange {
        Exchange {
            number: 0,
            at: Duration::ZERO,
            method: Method::POST,
            uri: Uri::from_static("/v1/customers/C/policies"),
            operation: Some(OperationId::CreatePolicy),
            customer: Some("C".to_owned()),
            status: StatusCode::from_u16(status).ok(),
            request_id: HeaderValue::from_static("R-1"),
            correlation_id: HeaderValue::from_static("k-1"),
            rules: Vec::new(),
            delivered: Delivered::Whole,
            takes: Duration::ZERO,
            request_headers: [(AUTHORIZATION, HeaderValue::from_static("Bearer SECRET"))]
                .into_iter()
                .collect(),
            response_headers: HeaderMap::new(),
            request: BodyExcerpt::new(&body),
            response: BodyExcerpt::default(),
        }
    }

    fn numbers(log: &ExchangeLog, filter: Filter) -> (Vec<u64>, bool) {
        let page = log.page(&filter, Clock::new(SystemTime::UNIX_EPOCH));
        (page.items.iter().map(|shown| shown.number).collect(), page.more)
    }

    #[test]
    fn the_last_are_kept_and_found() {
        let mut log = ExchangeLog::default();
        for number in 1..=CAPACITY as u64 + 5 {
            log.note(entry(200 + u16::from(number % 2 == 0), format!("n{number}.").into()));
        }
        let all = || Filter { limit: 3, ..Filter::default() };
        let text = |text: &str| Some(text.to_owned());
        for (filter, expected, more) in [
            (all(), vec![1003, 1004, 1005], true),
            (Filter { after: Some(0), ..all() }, vec![6, 7, 8], true),
            (Filter { after: Some(1004), ..all() }, vec![1005], false),
            (Filter { after: Some(1005), ..all() }, vec![], false),
            (Filter { before: Some(1004), ..all() }, vec![1001, 1002, 1003], true),
            (Filter { before: Some(8), ..all() }, vec![6, 7], false),
            (Filter { status: Some(201..=201), ..all() }, vec![1000, 1002, 1004], true),
            (Filter { status: Some(200..=299), ..all() }, vec![1003, 1004, 1005], true),
            (Filter { status: Some(404..=404), ..all() }, vec![], false),
            (Filter { customer: text("c"), after: Some(1003), ..all() }, vec![1004, 1005], false),
            (Filter { customer: text("d"), ..all() }, vec![], false),
            (Filter { operation: Some(OperationId::GetPolicy), ..all() }, vec![], false),
            (Filter { id: text("r-1"), after: Some(1004), ..all() }, vec![1005], false),
            (Filter { id: text("K-1"), after: Some(1004), ..all() }, vec![1005], false),
            (Filter { id: text("r"), ..all() }, vec![], false),
            (Filter { text: text("N77."), ..all() }, vec![77], false),
            (Filter { text: text("/POLICIES"), after: Some(1004), ..all() }, vec![1005], false),
        ] {
            assert_eq!(numbers(&log, filter), (expected, more));
        }
    }

    #[test]
    fn nothing_secret_is_shown_or_found() {
        let mut log = ExchangeLog::default();
        let body = format!(r#"{{"hardwareHash":"{}T0HSECRET"}}"#, "x".repeat(BODY));
        log.note(entry(200, body.into()));
        log.note(entry(200, r#"{"hardwareHash":"T0HSECRET"}"#.into()));
        let page =
            log.page(&Filter { limit: 9, ..Filter::default() }, Clock::new(SystemTime::UNIX_EPOCH));
        let text = serde_json::to_string(&page).unwrap();
        assert!(!text.contains("SECRET") && text.len() < 2000, "{text}");
        assert!(text.contains(r#"["authorization","Bearer …(6)"]"#), "{text}");
        let brief = Filter { limit: 9, brief: true, ..Filter::default() };
        let brief = log.page(&brief, Clock::new(SystemTime::UNIX_EPOCH));
        assert!(!serde_json::to_string(&brief).unwrap().contains("request\""));
        assert_eq!(page.items[0].token_fingerprint, page.items[1].token_fingerprint);
        let search = Filter { text: Some("SECRET".to_owned()), limit: 9, ..Filter::default() };
        assert_eq!(numbers(&log, search), (vec![], false));
        // A large body is not kept for its start.
        assert_eq!(log.entries[0].request.start.len(), BODY);
    }
}
