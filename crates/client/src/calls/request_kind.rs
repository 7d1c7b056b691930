//! The kind of a request: an operation of the API, or a custom request.

use http::Method;
use partner_center_devices_raw::{Effect, Operation};

/// The name of a custom request in errors and traces.
pub(crate) const CUSTOM_REQUEST: &str = "request";

/// An operation of the API, or a request that has no generated method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RequestKind {
    Operation(Operation),
    Custom { is_idempotent: bool },
}

/// How safe it is to resend a request whose result is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RepeatSafety {
    /// Safe: several requests have the same effect as one.
    Idempotent,
    /// Safe only with the same `MS-RequestId`, by which the service recognizes the repeat.
    NeedsRequestId,
    /// Not safe: neither the effect nor the service's handling of the request id is known.
    Unknown,
}

impl RequestKind {
    pub(crate) fn new(operation: Option<Operation>, method: &Method) -> Self {
        match operation {
            Some(operation) => Self::Operation(operation),
            None => Self::Custom { is_idempotent: method.is_idempotent() },
        }
    }

    pub(crate) fn operation(self) -> Option<Operation> {
        match self {
            Self::Operation(operation) => Some(operation),
            Self::Custom { .. } => None,
        }
    }

    /// Returns the name for errors and traces: the `operationId`, or [`CUSTOM_REQUEST`].
    pub(crate) fn name(self) -> &'static str {
        self.operation().map_or(CUSTOM_REQUEST, Operation::id)
    }

    pub(crate) fn repeat_safety(self) -> RepeatSafety {
        match self {
            Self::Operation(operation) => match operation.effect() {
                Effect::Idempotent => RepeatSafety::Idempotent,
                Effect::Once => RepeatSafety::NeedsRequestId,
            },
            Self::Custom { is_idempotent: true } => RepeatSafety::Idempotent,
            Self::Custom { is_idempotent: false } => RepeatSafety::Unknown,
        }
    }

    /// Returns true if a success has a body. Otherwise status and headers are the whole response.
    pub(crate) fn has_response_body(self) -> bool {
        self.operation().is_none_or(Operation::has_response_body)
    }

    /// Returns true if the service refuses an app-only token.
    pub(crate) fn requires_user(self) -> bool {
        self.operation().is_some_and(Operation::requires_user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_has_the_properties_from_the_spec() {
        for operation in Operation::ALL {
            let kind = RequestKind::new(Some(*operation), &Method::GET);
            let is_idempotent = kind.repeat_safety() == RepeatSafety::Idempotent;
            assert_eq!(kind.name(), operation.id());
            assert_eq!(is_idempotent, operation.method().is_idempotent(), "{operation}");
            assert_eq!(kind.requires_user(), operation.requires_user());
        }
    }

    #[test]
    fn the_method_of_a_custom_request_determines_its_safety() {
        for (method, safety) in [
            (Method::GET, RepeatSafety::Idempotent),
            (Method::HEAD, RepeatSafety::Idempotent),
            (Method::PUT, RepeatSafety::Idempotent),
            (Method::DELETE, RepeatSafety::Idempotent),
            (Method::POST, RepeatSafety::Unknown),
            (Method::PATCH, RepeatSafety::Unknown),
        ] {
            let kind = RequestKind::new(None, &method);
            assert_eq!((kind.name(), kind.repeat_safety()), (CUSTOM_REQUEST, safety), "{method}");
            assert!(kind.has_response_body() && !kind.requires_user());
        }
    }
}
