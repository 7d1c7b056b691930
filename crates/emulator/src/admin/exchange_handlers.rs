//! The handlers of the recorded exchanges: the list, one exchange, a HAR file, and sending a request again.

use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, HeaderValue};
use serde_json::json;

use super::customer_views::customer_name;
use super::handlers::AdminRequest;
use super::har;
use super::response::{AdminError, AdminResult, ok};
use crate::domain::text_limit::shortened;
use crate::http::received_body::ReceivedBody;
use crate::storage::exchange_log::{CAPACITY, Filter};

/// The parameters that select exchanges.
const FILTER: [&str; 8] =
    ["customer", "operation", "status", "id", "text", "polls", "after", "before"];

impl AdminRequest<'_> {
    pub(super) fn exchanges(&self) -> AdminResult {
        self.query.check_names(&[&FILTER[..], &["limit", "brief"]].concat())?;
        let filter = Filter { brief: self.query.flag("brief")?, ..self.filter()? };
        let mut page = self.engine.exchanges.page(&filter, self.engine.clock);
        page.name_customers(|id| self.customer_name(id));
        Ok(ok(&page))
    }

    /// Returns all exchanges that match, as a HAR file.
    pub(super) fn exchanges_as_har(&self) -> AdminResult {
        self.query.check_names(&[&FILTER[..], &["limit"]].concat())?;
        let limit = self.query.text("limit").map_or(Ok(CAPACITY), |_| self.query.limit())?;
        let filter = Filter { limit, ..self.filter()? };
        let page = self.engine.exchanges.page(&filter, self.engine.clock);
        let mut response = ok(&har::har(&page.items, &self.origin));
        let disposition = HeaderValue::from_static("attachment; filename=\"emulator.har\"");
        response.headers_mut().insert(CONTENT_DISPOSITION, disposition);
        Ok(response)
    }

    fn filter(&self) -> Result<Filter, AdminError> {
        let query = &self.query;
        let operation = query.text("operation").map(|name| {
            let name = serde_json::Value::String(name);
            serde_json::from_value(name)
                .map_err(|error| AdminError::bad_request(shortened(format!("operation: {error}"))))
        });
        Ok(Filter {
            customers: query.text("customer").map(|text| self.customer_ids(text)),
            operation: operation.transpose()?,
            status: query.statuses()?,
            id: query.text("id"),
            text: query.text("text"),
            after: query.number("after")?,
            before: query.number("before")?,
            limit: query.limit()?,
            without_polls: !query.flag_or("polls", true)?,
            brief: false,
        })
    }

    /// Returns the ids of the customers with this id, name or domain. An unknown text counts as an id.
    fn customer_ids(&self, text: String) -> Vec<String> {
        let world = &self.engine.state.world;
        let found = world.customers_called(&text).into_iter();
        let ids: Vec<String> = found.map(|key| world.customer_name(key).to_lowercase()).collect();
        if ids.is_empty() { vec![text.to_lowercase()] } else { ids }
    }

    fn customer_name(&self, id: &str) -> Option<String> {
        let world = &self.engine.state.world;
        world.find_customer(id).and_then(|key| customer_name(world, key))
    }

    pub(super) fn exchange(&self, number: &str) -> AdminResult {
        let number = number.parse().ok();
        let exchange =
            number.and_then(|number| self.engine.exchanges.get(number, self.engine.clock));
        let mut exchange = exchange.ok_or_else(missing)?;
        exchange.name_customer(|id| self.customer_name(id));
        Ok(ok(&exchange))
    }

    /// Sends a request again: to this emulator, and nowhere else. Fault rules apply to it, except their delays.
    pub(super) fn replay_exchange(&mut self, number: &str) -> AdminResult {
        self.query.check_names(&["sameId"])?;
        let same_id = self.query.flag("sameId")?;
        let number = number.parse().map_err(|_| missing())?;
        let request = self.engine.exchanges.replayed(number, same_id).ok_or_else(missing)?;
        let request =
            request.map_err(|reason| AdminError(StatusCode::CONFLICT, reason.to_owned().into()))?;
        let delivery = self.engine.handle(&request, ReceivedBody::Complete(request.body()));
        let status = delivery.response.map(|response| response.status().as_u16());
        let number = self.engine.exchanges.last_number();
        Ok(ok(&json!({ "number": number, "status": status })))
    }
}

fn missing() -> AdminError {
    AdminError::not_found("There is no exchange with this number, or a newer one has replaced it.")
}
