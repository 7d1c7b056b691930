//! The steps of a request, in the order of the [engine's contract](super).

use std::time::Duration;

use bytes::Bytes;
use http::header::{DATE, HeaderName, HeaderValue};
use http::{Method, Request, Response};

use super::Engine;
use crate::api::error::ApiError;
use crate::api::response::{self, ascii};
use crate::api::route::{self, Routed};
use crate::auth::{self, Caller};
use crate::fault_injection::{self, FaultPlan, InjectedError, Replacement, RequestFacts};
use crate::http::delivery::Delivery;
use crate::http::received_body::ReceivedBody;
use crate::storage::exchange::{Exchange, ExchangeIds, ExchangeTarget};

pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("ms-requestid");
const CORRELATION_ID: HeaderName = HeaderName::from_static("ms-correlationid");
const CORRELATION_VECTOR: HeaderName = HeaderName::from_static("ms-cv");
const SERVER_ID: HeaderName = HeaderName::from_static("ms-serverid");

/// A response before the common headers are added.
struct Reply {
    response: Response<Bytes>,
    /// False for an injected gateway error, which has no ids of the service.
    from_service: bool,
    mfa_header: Option<(HeaderName, HeaderValue)>,
}

type RouteResult = Result<Routed, ApiError>;

impl Engine {
    /// Handles a request at the current time.
    pub(crate) fn handle<T>(&mut self, request: &Request<T>, body: ReceivedBody<'_>) -> Delivery {
        if auth::is_sign_in_path(request.uri().path()) {
            return self.sign_in(request, body);
        }
        let ids = self.exchange_ids(request);
        let routed = route::route(request.method(), request.uri().path());
        let target = target(&routed);
        let plan = self.plan_faults(request, &target, false);
        if plan.expire_token {
            self.state.expired_tokens.add(request.headers());
        }
        let reply = self.reply(request, routed, body, &plan, &ids.correlation_id);
        let response = reply.map(|reply| self.finish(reply, &ids, request.method(), &plan));
        let mut exchange = Exchange::new(self.time.now(), request, body, response.as_ref());
        let response = response.filter(|_| !plan.drop_response);
        let delivery = Delivery { delay: plan.delay, response, pacing: plan.pacing };
        exchange.ids = ids;
        exchange.target = target;
        exchange.rules = plan.rules;
        exchange.set_delivery(&delivery);
        self.exchanges.record(exchange);
        delivery
    }

    /// Step 1: answers a sign-in request. Only fault rules for the sign-in apply.
    fn sign_in<T>(&mut self, request: &Request<T>, body: ReceivedBody<'_>) -> Delivery {
        let now = self.time.now();
        let plan = self.plan_faults(request, &ExchangeTarget::default(), true);
        let response = match &plan.replacement {
            Some(Replacement::Close) => None,
            Some(Replacement::Error(error)) => Some(self.injected_reply(error).response),
            None => self.state.auth.handle(request, body, self.clock.unix_seconds(now)),
        };
        let response = response.map(|mut response| {
            response.headers_mut().insert(DATE, ascii(&self.clock.http_date(now)));
            fault_injection::alter_all(&mut response, &plan.alterations);
            response
        });
        let status = response.as_ref().map(Response::status);
        let response = response.filter(|_| !plan.drop_response);
        let delivery = Delivery { delay: plan.delay, response, pacing: plan.pacing };
        let mut exchange = Exchange::sign_in(now, request, status);
        exchange.rules = plan.rules;
        exchange.set_delivery(&delivery);
        self.exchanges.record(exchange);
        delivery
    }

    /// Step 2: takes the ids from the headers, or generates them.
    fn exchange_ids<T>(&mut self, request: &Request<T>) -> ExchangeIds {
        let headers = request.headers();
        ExchangeIds {
            request_id: self.state.header_or_new_id(headers, &REQUEST_ID),
            correlation_id: self.state.header_or_new_id(headers, &CORRELATION_ID),
        }
    }

    /// Step 3: determines the effects of the fault rules on this request.
    fn plan_faults<T>(
        &mut self,
        request: &Request<T>,
        target: &ExchangeTarget,
        sign_in: bool,
    ) -> FaultPlan {
        self.state.faults.plan(RequestFacts {
            operation: target.operation,
            customer: target.customer.as_deref(),
            sign_in,
            method: request.method().as_str(),
            path: request.uri().path(),
            now: self.time.now(),
        })
    }

    /// Steps 3 to 8: returns the injected response or the service's response, or `None` if a fault rule closes the
    /// connection.
    fn reply<T>(
        &mut self,
        request: &Request<T>,
        routed: RouteResult,
        body: ReceivedBody<'_>,
        plan: &FaultPlan,
        correlation_id: &HeaderValue,
    ) -> Option<Reply> {
        match &plan.replacement {
            Some(Replacement::Close) => None,
            Some(Replacement::Error(error)) => Some(self.injected_reply(error)),
            None => Some(self.service_reply(request, routed, body, plan, correlation_id)),
        }
    }

    fn injected_reply(&self, error: &InjectedError) -> Reply {
        let now = self.time.now();
        let http_date =
            |seconds| self.clock.http_date(now.saturating_add(Duration::from_secs(seconds)));
        Reply {
            response: fault_injection::error_response(error, http_date),
            from_service: error.is_from_service(),
            mfa_header: None,
        }
    }

    fn service_reply<T>(
        &mut self,
        request: &Request<T>,
        routed: RouteResult,
        body: ReceivedBody<'_>,
        plan: &FaultPlan,
        correlation_id: &HeaderValue,
    ) -> Reply {
        let caller = self.authenticate(request);
        let mfa_header =
            caller.as_ref().ok().and_then(|caller| caller.mfa_header(request.headers()));
        let caller = caller.and_then(|caller| self.state.auth.check_challenge(caller));
        let caller = caller.and_then(|caller| self.state.auth.check_mfa(caller));
        let response = caller.and_then(|caller| {
            self.run_operation(request, routed, body, plan, (&caller, correlation_id))
        });
        Reply {
            response: response.unwrap_or_else(|error| response::error(&error)),
            from_service: true,
            mfa_header,
        }
    }

    /// Step 4: checks the bearer token and returns the caller. The second factor is checked later, because the response
    /// to a user without one has a header for it.
    fn authenticate<T>(&self, request: &Request<T>) -> Result<Caller, ApiError> {
        let seconds = self.clock.unix_seconds(self.time.now());
        let caller = self.state.auth.authenticate(request.headers(), seconds)?;
        self.state.expired_tokens.check(request.headers())?;
        Ok(caller)
    }

    /// Steps 9 and 10: adds ids and date to the response, and alters it according to the fault rules.
    fn finish(
        &mut self,
        reply: Reply,
        ids: &ExchangeIds,
        method: &Method,
        plan: &FaultPlan,
    ) -> Response<Bytes> {
        let Reply { mut response, from_service, mfa_header } = reply;
        let headers = response.headers_mut();
        headers.extend(mfa_header);
        if from_service {
            headers.insert(REQUEST_ID, ids.request_id.clone());
            headers.insert(CORRELATION_ID, ids.correlation_id.clone());
            let vector = self.state.trace_ids.correlation_vector();
            headers.insert(CORRELATION_VECTOR, ascii(&vector));
            headers.insert(SERVER_ID, ascii(&self.server_id));
        }
        headers.insert(DATE, ascii(&self.clock.http_date(self.time.now())));
        fault_injection::alter_all(&mut response, &plan.alterations);
        if method == Method::HEAD {
            response::drop_body(&mut response);
        }
        response
    }
}

fn target(routed: &RouteResult) -> ExchangeTarget {
    match routed {
        Ok(routed) => ExchangeTarget {
            operation: Some(routed.operation()),
            customer: routed.customer().map(ToOwned::to_owned),
        },
        Err(_) => ExchangeTarget::default(),
    }
}
