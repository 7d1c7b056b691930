//! One request and its response. Only the start of a large body is kept.

use std::time::Duration;

use bytes::Bytes;
use http::header::{HeaderMap, HeaderValue};
use http::{Method, Request, Response, StatusCode, Uri};
use partner_center_devices_raw::Operation;
use serde::Serialize;

use crate::http::delivery::{Delivery, Pacing};
use crate::http::received_body::ReceivedBody;

/// The number of bytes of a body that are kept.
pub(super) const MAX_EXCERPT: usize = 16 << 10;

/// One exchange.
pub(crate) struct Exchange {
    /// Assigned by the log, from 1.
    pub(super) number: u64,
    pub(super) at: Duration,
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) is_sign_in: bool,
    pub(crate) target: ExchangeTarget,
    /// `None` if the connection was closed without processing the request.
    pub(super) status: Option<StatusCode>,
    pub(crate) ids: ExchangeIds,
    /// The ids of the fault rules that applied.
    pub(crate) rules: Vec<String>,
    pub(super) delivered: Delivered,
    /// The time that the emulator needed for the response.
    pub(super) processing_time: Duration,
    /// The time that fault rules add to the delivery.
    pub(super) delivery_time: Duration,
    pub(super) request_headers: HeaderMap,
    /// The response headers, without those that the connection adds.
    pub(super) response_headers: HeaderMap,
    pub(super) request_body: BodyExcerpt,
    pub(super) response_body: BodyExcerpt,
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
            is_sign_in: false,
            target: ExchangeTarget::default(),
            status: response.map(Response::status),
            ids: ExchangeIds::default(),
            rules: Vec::new(),
            delivered: Delivered::Closed,
            processing_time: Duration::ZERO,
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
            is_sign_in: true,
            target: ExchangeTarget::default(),
            status,
            ids: ExchangeIds {
                request_id: request_id.unwrap_or_else(empty_header),
                ..ExchangeIds::default()
            },
            rules: Vec::new(),
            delivered: Delivered::Whole,
            processing_time: Duration::ZERO,
            delivery_time: Duration::ZERO,
            request_headers: HeaderMap::new(),
            response_headers: HeaderMap::new(),
            request_body: BodyExcerpt::default(),
            response_body: BodyExcerpt::default(),
        }
    }

    /// Returns the reason if the request cannot be sent again.
    pub(super) fn incomplete(&self) -> Option<&'static str> {
        if self.is_sign_in {
            return Some("Only the result of a sign-in is kept, so it cannot be sent again.");
        }
        let is_cut = self.request_body.total_bytes > self.request_body.start.len();
        is_cut.then_some(
            "The body has more than 16 KiB. Only its start is kept, so it cannot be sent again.",
        )
    }

    /// Returns the request again, or the reason if it is not kept. Without `same_id`, it counts as a new request.
    pub(super) fn replayed(&self, same_id: bool) -> Result<Request<Bytes>, &'static str> {
        if let Some(reason) = self.incomplete() {
            return Err(reason);
        }
        let mut request = Request::new(self.request_body.start.clone());
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = self.request_headers.clone();
        if !same_id {
            for name in ["ms-requestid", "ms-correlationid"] {
                request.headers_mut().remove(name);
            }
        }
        Ok(request)
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

/// The start of a body, and the size of the whole body.
#[derive(Default)]
pub(super) struct BodyExcerpt {
    pub(super) start: Bytes,
    pub(super) total_bytes: usize,
}

impl BodyExcerpt {
    fn new(body: &Bytes) -> Self {
        // A slice would keep the whole body in memory.
        let large = body.len() > MAX_EXCERPT;
        let start = if large { Bytes::copy_from_slice(&body[..MAX_EXCERPT]) } else { body.clone() };
        Self { start, total_bytes: body.len() }
    }
}

/// How much of the response reached the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Delivered {
    Whole,
    Slowly,
    Truncated,
    /// Nothing: the connection was closed.
    Closed,
}

impl Delivered {
    pub(super) fn of(delivery: &Delivery) -> Self {
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
