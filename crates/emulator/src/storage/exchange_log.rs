//! The log of the most recent exchanges.
//!
//! Every request is recorded, so recording is cheap: it shares texts and copies little. Secrets are redacted only when
//! an exchange is read.

use std::collections::VecDeque;
use std::ops::RangeInclusive;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http::header::HeaderValue;
use partner_center_devices_raw::Operation;
use serde::Serialize;

use super::exchange::{Exchange, ExchangeIds, ExchangeTarget};
use super::exchange_view::{ExchangeView, view};
use crate::domain::clock::Clock;

/// The number of exchanges that are kept. The oldest one is dropped first.
pub(crate) const CAPACITY: usize = 1000;

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
    /// Leaves out requests for the status of a job.
    pub(crate) without_polls: bool,
}

/// The most recent exchanges.
#[derive(Default)]
pub(crate) struct ExchangeLog {
    entries: VecDeque<Exchange>,
    last_number: u64,
    /// The last number at the time of the last [`clear`](Self::clear).
    cleared_until: u64,
}

/// A page of exchanges, oldest first.
#[derive(Serialize)]
pub(crate) struct ExchangePage {
    pub(crate) items: Vec<ExchangeView>,
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

    /// Sets the time that the emulator needed for the last request, if it is newer than number `after`.
    pub(crate) fn set_processing_time(&mut self, after: u64, time: Duration) {
        if let Some(exchange) = self.entries.back_mut().filter(|exchange| exchange.number > after) {
            exchange.processing_time = time;
        }
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

    /// Returns the number of the last exchange, or 0.
    pub(crate) fn last_number(&self) -> u64 {
        self.last_number
    }

    /// Returns an exchange by its number, if it is still kept.
    pub(crate) fn get(&self, number: u64, clock: Clock) -> Option<ExchangeView> {
        Some(view(self.find(number)?, clock, true))
    }

    /// Returns the request of an exchange, or the reason why it is not kept; `None` if the exchange is not kept. Without
    /// `same_id`, it counts as a new request.
    pub(crate) fn replayed(
        &self,
        number: u64,
        same_id: bool,
    ) -> Option<Result<Request<Bytes>, &'static str>> {
        self.find(number).map(|exchange| exchange.replayed(same_id))
    }

    fn find(&self, number: u64) -> Option<&Exchange> {
        self.entries.iter().find(|exchange| exchange.number == number)
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

fn matches(exchange: &Exchange, filter: &Filter) -> bool {
    let ExchangeTarget { operation, customer } = &exchange.target;
    let ExchangeIds { request_id, correlation_id } = &exchange.ids;
    let is_id =
        |value: &HeaderValue, id: &str| value.as_bytes().eq_ignore_ascii_case(id.as_bytes());
    let is_selected = |wanted: &Vec<String>| {
        customer.as_ref().is_some_and(|actual| wanted.contains(&actual.to_lowercase()))
    };
    let is_poll = *operation == Some(Operation::GetBatchJobStatus);
    !(filter.without_polls && is_poll)
        && filter.customers.as_ref().is_none_or(is_selected)
        && filter.operation.is_none_or(|wanted| *operation == Some(wanted))
        && filter.status.as_ref().is_none_or(|wanted| {
            exchange.status.is_some_and(|actual| wanted.contains(&actual.as_u16()))
        })
        && filter.id.as_ref().is_none_or(|id| is_id(request_id, id) || is_id(correlation_id, id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::received_body::ReceivedBody;
    use crate::storage::exchange::MAX_EXCERPT;
    use http::Response;
    use http::header::AUTHORIZATION;
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
    fn status_polls_can_be_left_out() {
        let mut log = ExchangeLog::default();
        for operation in [Operation::GetPolicy, Operation::GetBatchJobStatus] {
            let mut exchange = exchange(200, Bytes::new());
            exchange.target.operation = Some(operation);
            log.record(exchange);
        }
        let all = || Filter { limit: 3, ..Filter::default() };
        assert_eq!(numbers(&log, all()), (vec![1, 2], false));
        assert_eq!(numbers(&log, Filter { without_polls: true, ..all() }), (vec![1], false));
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
