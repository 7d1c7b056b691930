//! The log of the most recent exchanges, and its redacted views.
//!
//! Every request is recorded, so recording is cheap: it shares texts and copies little. Secrets are redacted only when
//! an exchange is read.

use std::collections::VecDeque;
use std::ops::RangeInclusive;
use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Request, Response, StatusCode, Uri};
use partner_center_devices_raw::{Operation, redact};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::domain::clock::Clock;
use crate::http::delivery::{Delivery, Pacing};
use crate::http::received_body::ReceivedBody;

/// The number of exchanges that are kept. The oldest one is dropped first.
pub(crate) const CAPACITY: usize = 1000;

/// The number of bytes of a body that are kept.
const MAX_EXCERPT: usize = 16 << 10;

/// The number of characters of an id that are shown.
const MAX_ID: usize = 64;

/// One exchange.
pub(crate) struct Exchange {
    /// Assigned by the log, from 1.
    number: u64,
    at: Duration,
    method: Method,
    uri: Uri,
    pub(crate) target: ExchangeTarget,
    /// `None` if the connection was closed without processing the request.
    status: Option<StatusCode>,
    pub(crate) ids: ExchangeIds,
    /// The ids of the fault rules that applied.
    pub(crate) rules: Vec<String>,
    delivered: Delivered,
    /// The time that fault rules add to the delivery.
    delivery_time: Duration,
    request_headers: HeaderMap,
    /// The response headers, without those that the connection adds.
    response_headers: HeaderMap,
    request_body: BodyExcerpt,
    response_body: BodyExcerpt,
}

/// The ids by which a response belongs to its request.
pub(crate) struct ExchangeIds {
    pub(crate) request_id: HeaderValue,
    pub(crate) correlation_id: HeaderValue,
}

/// The operation and customer of a request. Both are `None` if the path does not name an operation.
#[derive(Default)]
pub(crate) struct ExchangeTarget {
    pub(crate) operation: Option<Operation>,
    pub(crate) customer: Option<String>,
}

impl Exchange {
    /// Creates an exchange without ids, target and rules. Until it is changed, it ends with a closed connection.
    pub(crate) fn new<T>(
        at: Duration,
        request: &Request<T>,
        body: ReceivedBody<'_>,
        response: Option<&Response<Bytes>>,
    ) -> Self {
        Self {
            number: 0,
            at,
            method: request.method().clone(),
            uri: request.uri().clone(),
            target: ExchangeTarget::default(),
            status: response.map(Response::status),
            ids: ExchangeIds::default(),
            rules: Vec::new(),
            delivered: Delivered::Closed,
            delivery_time: Duration::ZERO,
            request_headers: request.headers().clone(),
            response_headers: response.map(|it| it.headers().clone()).unwrap_or_default(),
            request_body: match body {
                ReceivedBody::Complete(body) => BodyExcerpt::new(body),
                ReceivedBody::TooLarge | ReceivedBody::Incomplete => BodyExcerpt::default(),
            },
            response_body: response.map(|it| BodyExcerpt::new(it.body())).unwrap_or_default(),
        }
    }

    /// Creates the exchange of a sign-in. It keeps only the path, the request id and the status; the rest is secret.
    pub(crate) fn sign_in<T>(
        at: Duration,
        request: &Request<T>,
        status: Option<StatusCode>,
    ) -> Self {
        let request_id = request.headers().get("client-request-id").cloned();
        Self {
            number: 0,
            at,
            method: request.method().clone(),
            uri: request.uri().path().parse().unwrap_or_default(),
            target: ExchangeTarget::default(),
            status,
            ids: ExchangeIds {
                request_id: request_id.unwrap_or_else(empty_header),
                ..ExchangeIds::default()
            },
            rules: Vec::new(),
            delivered: Delivered::Whole,
            delivery_time: Duration::ZERO,
            request_headers: HeaderMap::new(),
            response_headers: HeaderMap::new(),
            request_body: BodyExcerpt::default(),
            response_body: BodyExcerpt::default(),
        }
    }

    pub(crate) fn set_delivery(&mut self, delivery: &Delivery) {
        self.delivery_time = delivery.duration();
        self.delivered = Delivered::of(delivery);
    }
}

impl Default for ExchangeIds {
    fn default() -> Self {
        Self { request_id: empty_header(), correlation_id: empty_header() }
    }
}

fn empty_header() -> HeaderValue {
    HeaderValue::from_static("")
}

/// How much of the response reached the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum Delivered {
    Whole,
    Slowly,
    Truncated,
    /// Nothing: the connection was closed.
    Closed,
}

impl Delivered {
    fn of(delivery: &Delivery) -> Self {
        match (&delivery.response, delivery.pacing) {
            (None, _) => Self::Closed,
            (Some(response), Pacing::Truncated { bytes }) if bytes < response.body().len() => {
                Self::Truncated
            }
            (Some(_), Pacing::Slow { .. }) => Self::Slowly,
            (Some(_), _) => Self::Whole,
        }
    }
}

/// The start of a body, and the size of the whole body.
#[derive(Default)]
struct BodyExcerpt {
    start: Bytes,
    total_bytes: usize,
}

impl BodyExcerpt {
    fn new(body: &Bytes) -> Self {
        // A slice would keep the whole body in memory.
        let large = body.len() > MAX_EXCERPT;
        let start = if large { Bytes::copy_from_slice(&body[..MAX_EXCERPT]) } else { body.clone() };
        Self { start, total_bytes: body.len() }
    }
}

/// Selects exchanges.
#[derive(Default)]
pub(crate) struct Filter {
    /// The ids of customers, in lower case.
    pub(crate) customers: Option<Vec<String>>,
    pub(crate) operation: Option<Operation>,
    pub(crate) status: Option<RangeInclusive<u16>>,
    /// The `MS-RequestId` or the `MS-CorrelationId`, case-insensitive.
    pub(crate) id: Option<String>,
    /// Text in the path, an id, a fault rule's id or the shown part of a body, case-insensitive.
    pub(crate) text: Option<String>,
    /// Only exchanges with a higher number.
    pub(crate) after: Option<u64>,
    /// Only exchanges with a lower number.
    pub(crate) before: Option<u64>,
    pub(crate) limit: usize,
    /// Leaves out headers and bodies.
    pub(crate) brief: bool,
}

/// The most recent exchanges.
#[derive(Default)]
pub(crate) struct ExchangeLog {
    entries: VecDeque<Exchange>,
    last_number: u64,
    /// The last number at the time of the last [`clear`](Self::clear).
    cleared_until: u64,
}

/// An exchange as it is shown: hardware hashes, tokens and secrets are redacted.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExchangeView {
    number: u64,
    time: String,
    method: String,
    path: String,
    operation: Option<Operation>,
    customer: Option<String>,
    /// Set by [`name_customer`](Self::name_customer).
    customer_name: Option<String>,
    status: Option<u16>,
    request_id: String,
    correlation_id: String,
    /// The fingerprint of the token, which is the same for the same token.
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

/// A page of exchanges, oldest first.
#[derive(Serialize)]
pub(crate) struct ExchangePage {
    items: Vec<ExchangeView>,
    /// The number of the last exchange, matching or not.
    last: u64,
    /// True if more exchanges match: later ones if `after` was given, earlier ones otherwise.
    more: bool,
}

impl ExchangeLog {
    pub(crate) fn record(&mut self, mut exchange: Exchange) {
        self.last_number += 1;
        exchange.number = self.last_number;
        if self.entries.len() == CAPACITY {
            self.entries.pop_front();
        }
        self.entries.push_back(exchange);
    }

    /// Drops all exchanges. Numbers continue, so that a client that polls with `after` misses nothing.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.cleared_until = self.last_number;
    }

    /// Returns the number of exchanges since the start or the last [`clear`](Self::clear).
    pub(crate) fn count(&self) -> u64 {
        self.last_number - self.cleared_until
    }

    /// Returns an exchange by its number, if it is still kept.
    pub(crate) fn get(&self, number: u64, clock: Clock) -> Option<ExchangeView> {
        let exchange = self.entries.iter().find(|exchange| exchange.number == number)?;
        Some(view(exchange, clock, true))
    }

    /// Returns the first matches after `filter.after`, or the last matches if it is `None`.
    pub(crate) fn page(&self, filter: &Filter, clock: Clock) -> ExchangePage {
        let after = filter.after.unwrap_or(0);
        let text = filter.text.as_ref().map(|text| text.to_lowercase());
        let matching = |exchange: &Exchange| -> Option<ExchangeView> {
            let after = exchange.number > after;
            let before = filter.before.is_none_or(|before| exchange.number < before);
            if !(after && before && matches(exchange, filter)) {
                return None;
            }
            let mut view = view(exchange, clock, text.is_some() || !filter.brief);
            if let Some(text) = &text {
                view.contains(text).then_some(())?;
            }
            view.content = view.content.filter(|_| !filter.brief);
            Some(view)
        };
        let entries = self.entries.iter();
        let one_more = filter.limit + 1;
        let mut items: Vec<ExchangeView> = match filter.after {
            Some(_) => entries.filter_map(matching).take(one_more).collect(),
            None => entries.rev().filter_map(matching).take(one_more).collect(),
        };
        let more = items.len() > filter.limit;
        items.truncate(filter.limit);
        if filter.after.is_none() {
            items.reverse();
        }
        ExchangePage { items, last: self.last_number, more }
    }
}

impl ExchangePage {
    pub(crate) fn name_customers(&mut self, name: impl Fn(&str) -> Option<String>) {
        for item in &mut self.items {
            item.name_customer(&name);
        }
    }
}

impl ExchangeView {
    /// Sets the name of the customer. `name` returns it for an id.
    pub(crate) fn name_customer(&mut self, name: impl Fn(&str) -> Option<String>) {
        self.customer_name = self.customer.as_deref().and_then(name);
    }

    fn contains(&self, text: &str) -> bool {
        let Self { path, request_id, correlation_id, fault_rules, content, .. } = self;
        let bodies = content.iter().flat_map(|content| [&content.request, &content.response]);
        let mut fields =
            [path, request_id, correlation_id].into_iter().chain(fault_rules).chain(bodies);
        fields.any(|field| field.to_lowercase().contains(text))
    }
}

fn matches(exchange: &Exchange, filter: &Filter) -> bool {
    let ExchangeTarget { operation, customer } = &exchange.target;
    let ExchangeIds { request_id, correlation_id } = &exchange.ids;
    let is_id =
        |value: &HeaderValue, id: &str| value.as_bytes().eq_ignore_ascii_case(id.as_bytes());
    let is_selected = |wanted: &Vec<String>| {
        customer.as_ref().is_some_and(|actual| wanted.contains(&actual.to_lowercase()))
    };
    filter.customers.as_ref().is_none_or(is_selected)
        && filter.operation.is_none_or(|wanted| *operation == Some(wanted))
        && filter.status.as_ref().is_none_or(|wanted| {
            exchange.status.is_some_and(|actual| wanted.contains(&actual.as_u16()))
        })
        && filter.id.as_ref().is_none_or(|id| is_id(request_id, id) || is_id(correlation_id, id))
}

/// Renders an exchange. The content is optional because redacting it takes time.
fn view(exchange: &Exchange, clock: Clock, with_content: bool) -> ExchangeView {
    let id = |value: &HeaderValue| {
        String::from_utf8_lossy(value.as_bytes()).chars().take(MAX_ID).collect::<String>()
    };
    ExchangeView {
        number: exchange.number,
        time: clock.milliseconds(exchange.at),
        method: exchange.method.to_string(),
        path: exchange.uri.path().to_owned(),
        operation: exchange.target.operation,
        customer: exchange.target.customer.clone(),
        customer_name: None,
        status: exchange.status.map(|status| status.as_u16()),
        request_id: id(&exchange.ids.request_id),
        correlation_id: id(&exchange.ids.correlation_id),
        token_fingerprint: exchange.request_headers.get(AUTHORIZATION).map(|token| {
            let digest = Sha256::digest(token.as_bytes());
            digest[..4].iter().map(|byte| format!("{byte:02x}")).collect()
        }),
        fault_rules: exchange.rules.clone(),
        delivered: exchange.delivered,
        delivery_milliseconds: u64::try_from(exchange.delivery_time.as_millis())
            .unwrap_or(u64::MAX),
        request_bytes: exchange.request_body.total_bytes,
        response_bytes: exchange.response_body.total_bytes,
        content: with_content.then(|| Content {
            request_headers: redacted_headers(&exchange.request_headers),
            response_headers: redacted_headers(&exchange.response_headers),
            request: redact::body(&exchange.request_body.start),
            response: redact::body(&exchange.response_body.start),
        }),
    }
}

fn redacted_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let redacted = |(name, value): (&HeaderName, &HeaderValue)| {
        (name.as_str().to_owned(), redact::header(name.as_str(), value.as_bytes()))
    };
    headers.iter().map(redacted).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::SystemTime;

    fn exchange(status: u16, body: Bytes) -> Exchange {
        let request = Request::post("/v1/customers/C/policies")
            .header(AUTHORIZATION, "Bearer SECRET")
            .body(())
            .unwrap();
        let response = Response::builder().status(status).body(Bytes::new()).unwrap();
        let body = ReceivedBody::Complete(&body);
        let mut exchange = Exchange::new(Duration::ZERO, &request, body, Some(&response));
        exchange.target = ExchangeTarget {
            operation: Some(Operation::CreatePolicy),
            customer: Some("C".to_owned()),
        };
        exchange.ids = ExchangeIds {
            request_id: HeaderValue::from_static("R-1"),
            correlation_id: HeaderValue::from_static("k-1"),
        };
        exchange
    }

    fn numbers(log: &ExchangeLog, filter: Filter) -> (Vec<u64>, bool) {
        let page = log.page(&filter, Clock::new(SystemTime::UNIX_EPOCH));
        (page.items.iter().map(|view| view.number).collect(), page.more)
    }

    #[test]
    fn filters_and_pages_the_most_recent_exchanges() {
        let mut log = ExchangeLog::default();
        for number in 1..=CAPACITY as u64 + 5 {
            log.record(exchange(200 + u16::from(number % 2 == 0), format!("n{number}.").into()));
        }
        let all = || Filter { limit: 3, ..Filter::default() };
        let text = |text: &str| Some(text.to_owned());
        let customer = |id: &str| Some(vec![id.to_owned()]);
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
            (
                Filter { customers: customer("c"), after: Some(1003), ..all() },
                vec![1004, 1005],
                false,
            ),
            (Filter { customers: customer("d"), ..all() }, vec![], false),
            (Filter { operation: Some(Operation::GetPolicy), ..all() }, vec![], false),
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
    fn redacts_secrets() {
        let mut log = ExchangeLog::default();
        let body = format!(r#"{{"hardwareHash":"{}T0HSECRET"}}"#, "x".repeat(MAX_EXCERPT));
        log.record(exchange(200, body.into()));
        log.record(exchange(200, r#"{"hardwareHash":"T0HSECRET"}"#.into()));
        let page =
            log.page(&Filter { limit: 9, ..Filter::default() }, Clock::new(SystemTime::UNIX_EPOCH));
        let text = serde_json::to_string(&page).unwrap();
        assert!(!text.contains("SECRET") && text.len() < 2000, "{text}");
        assert!(text.contains(r#"["authorization","Bearer …(6 characters)"]"#), "{text}");
        let brief = Filter { limit: 9, brief: true, ..Filter::default() };
        let brief = log.page(&brief, Clock::new(SystemTime::UNIX_EPOCH));
        assert!(!serde_json::to_string(&brief).unwrap().contains("request\""));
        assert_eq!(page.items[0].token_fingerprint, page.items[1].token_fingerprint);
        let search = Filter { text: Some("SECRET".to_owned()), limit: 9, ..Filter::default() };
        assert_eq!(numbers(&log, search), (vec![], false));
        // Only the excerpt stays in memory.
        assert_eq!(log.entries[0].request_body.start.len(), MAX_EXCERPT);
    }
}
