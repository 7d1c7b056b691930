//! Steps 5 to 8 of the [engine's contract](super): from an authenticated request to the operation's response.

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response};

use super::Engine;
use super::pipeline::REQUEST_ID;
use crate::api::error::ApiError;
use crate::api::handlers::{OperationContext, PageSettings, Parsed, RequestParts};
use crate::api::idempotency::RequestKey;
use crate::api::partner_handlers::PartnerContext;
use crate::api::response::{self, ApiResponse};
use crate::api::route::Routed;
use crate::auth::Caller;
use crate::domain::audit_log::AuditOrigin;
use crate::fault_injection::FaultPlan;
use crate::http::received_body::{MAX_BODY, ReceivedBody};
use crate::storage::event_log::{self, Event, LoggedAction, LoggedRequest};

impl Engine {
    /// Runs the operation of a request. An error means that the request was rejected without a log entry.
    pub(super) fn run_operation<T>(
        &mut self,
        request: &Request<T>,
        routed: Result<Routed, ApiError>,
        body: ReceivedBody<'_>,
        plan: &FaultPlan,
        (caller, correlation_id): (&Caller, &HeaderValue),
    ) -> Result<Response<Bytes>, ApiError> {
        let headers = request.headers();
        let routed = match routed {
            Err(error) if request.method() == Method::OPTIONS => return response::options(error),
            routed => routed?,
        };
        response::check_accept(headers)?;
        caller.check_permission(routed.operation())?;
        let body = complete(body)?;
        let query = request.uri().query().unwrap_or_default();
        let (customer_name, route) = match routed {
            Routed::Devices { customer, route } => (customer, route),
            Routed::Partner(route) => {
                let context = self.partner_context(caller, plan);
                return context.respond(&route, headers, query).map(ApiResponse::into_response);
            }
        };
        let state = &mut self.state;

        let customer = state.world.customer(&customer_name);
        if !state.world.has_relationship(customer) {
            return Err(ApiError::no_relationship());
        }
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
        let origin = AuditOrigin {
            actor: caller.actor(self.state.auth.home_tenant()),
            correlation_id: String::from_utf8_lossy(correlation_id.as_bytes()).into(),
        };
        Ok(self.log_and_apply(LoggedRequest { customer: customer_name, key, action, origin }))
    }

    fn partner_context(&self, caller: &Caller, plan: &FaultPlan) -> PartnerContext<'_> {
        PartnerContext {
            world: &self.state.world,
            clock: self.clock,
            now: self.time.now().into(),
            seed: self.settings.seed,
            endless: plan.endless_list,
            tenant: caller.actor(self.state.auth.home_tenant()).tenant,
            home_domain: self.state.auth.home_domain(),
        }
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
        let now = self.time.now().into();
        let result = match request.action {
            LoggedAction::Change(change, pace) => {
                let (operation, resource) = change.audited();
                let result = context.apply(change, pace, &mut state.resource_ids);
                if result.is_ok() {
                    let world = &mut state.world;
                    let resource = resource.or_else(|| world.newest_policy(operation, customer));
                    world.audit.drop_old(now);
                    world.audit.add(now, operation, customer, resource, request.origin);
                }
                result.map(ApiResponse::into_response).map_err(|error| response::error(&error))
            }
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
