//! Steps 5 to 8 of the [engine's contract](super): from an authenticated request to the operation's response.

use bytes::Bytes;
use http::{Method, Request, Response};

use super::Engine;
use super::pipeline::REQUEST_ID;
use crate::api::error::ApiError;
use crate::api::handlers::{OperationContext, PageSettings, Parsed, RequestParts};
use crate::api::idempotency::RequestKey;
use crate::api::response::{self, ApiResponse};
use crate::api::route::Route;
use crate::auth::Caller;
use crate::fault_injection::FaultPlan;
use crate::http::received_body::{MAX_BODY, ReceivedBody};
use crate::storage::event_log::{self, Event, LoggedAction, LoggedRequest};

impl Engine {
    /// Runs the operation of a request. An error means that the request was rejected without a log entry.
    pub(super) fn run_operation<T>(
        &mut self,
        request: &Request<T>,
        routed: Result<(String, Route), ApiError>,
        body: ReceivedBody<'_>,
        plan: &FaultPlan,
        caller: Caller,
    ) -> Result<Response<Bytes>, ApiError> {
        let headers = request.headers();
        let state = &mut self.state;
        let (customer_name, route) = match routed {
            Err(error) if request.method() == Method::OPTIONS => return response::options(error),
            routed => routed?,
        };
        response::check_accept(headers)?;
        caller.check_permission(route.operation())?;
        let body = complete(body)?;

        let customer = state.world.customer(&customer_name);
        let key = RequestKey::new(request.method(), headers.get(REQUEST_ID), &route, body);
        let stored = key.as_ref().and_then(|key| state.responses.find(customer, key));
        if let Some(stored) = stored {
            return stored;
        }

        let context = OperationContext {
            customer,
            customer_name: &customer_name,
            world: &mut state.world,
            clock: self.clock,
            now: self.time.now(),
        };
        let query = request.uri().query().unwrap_or_default();
        let pages = PageSettings {
            size: self.settings.page_size,
            seed: self.settings.seed,
            endless: plan.endless_list,
        };
        let action = match context.parse(route, RequestParts { headers, query, body }, pages) {
            Ok(Parsed::Read(response)) => return Ok(response.into_response()),
            Ok(Parsed::Change(change)) => {
                LoggedAction::Change(change, plan.pace(self.settings.pace))
            }
            Err(error) if request.method().is_safe() => return Err(error),
            Err(error) => LoggedAction::rejected(&error),
        };
        Ok(self.log_and_apply(LoggedRequest { customer: customer_name, key, action }))
    }

    fn log_and_apply(&mut self, request: LoggedRequest) -> Response<Bytes> {
        // Encoded first, because applying the request consumes it.
        let entry =
            self.logging.then(|| event_log::encode(self.time.now(), &Event::Request(&request)));
        let (response, changed) = self.apply(request);
        self.log_entry = entry.filter(|_| changed);
        response
    }

    /// Applies a change, or rejects it, and stores the response under the request id. Also returns whether the
    /// state changed.
    pub(super) fn apply(&mut self, request: LoggedRequest) -> (Response<Bytes>, bool) {
        let state = &mut self.state;
        let customer = state.world.customer(&request.customer);
        let context = OperationContext {
            customer,
            customer_name: &request.customer,
            world: &mut state.world,
            clock: self.clock,
            now: self.time.now(),
        };
        let result = match request.action {
            LoggedAction::Change(change, pace) => context
                .apply(change, pace, &mut state.resource_ids)
                .map(ApiResponse::into_response)
                .map_err(|error| response::error(&error)),
            LoggedAction::Rejected { status, body } => Err(response::stored_error(status, body)),
        };
        let changed = result.is_ok() || request.key.is_some();
        let response = result.unwrap_or_else(|rejection| rejection);
        if let Some(key) = request.key {
            state.responses.store(customer, key, response.clone());
        }
        (response, changed)
    }
}

fn complete(body: ReceivedBody<'_>) -> Result<&Bytes, ApiError> {
    match body {
        ReceivedBody::Complete(body) => Ok(body),
        ReceivedBody::TooLarge => Err(ApiError::too_large(MAX_BODY)),
        ReceivedBody::Incomplete => Err(ApiError::incomplete_body()),
    }
}
