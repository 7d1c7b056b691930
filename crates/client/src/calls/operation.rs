//! The operations as the pipeline sees them: what a repeat would do, and whose token is taken. The table of
//! `retry.rs` is read by these.

use http::Method;

use crate::calls::custom_request::REQUEST;
use crate::calls::retry::Effect;

/// One operation of the spec, or a request that is none of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Operation {
    /// The `operationId`, or [`REQUEST`].
    pub(crate) id: &'static str,
    pub(crate) effect: Effect,
    /// Whether a success is read from its head alone.
    pub(crate) bodiless: bool,
    /// Whether the service refuses an app-only token (403, code 900329).
    pub(crate) needs_user: bool,
}

impl Operation {
    /// The operation of this id. One that is not known here is treated with care.
    pub(crate) fn of(id: &'static str, method: &Method) -> Self {
        let effect = match id {
            "get_batch_job_status"
            | "list_device_batches"
            | "list_devices"
            | "list_policies"
            | "get_policy"
            | "update_device"
            | "delete_device"
            | "replace_policy"
            | "delete_policy" => Effect::Idempotent,
            REQUEST if method.is_idempotent() => Effect::Idempotent,
            REQUEST => Effect::Unknown,
            _ => Effect::Once,
        };
        let bodiless = matches!(
            id,
            "create_device_batch"
                | "add_devices"
                | "update_device_policies"
                | "delete_device"
                | "delete_policy"
        );
        Self { id, effect, bodiless, needs_user: id == "create_device_batch" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_of_the_spec_is_sorted_by_its_method() {
        let once =
            ["add_devices", "create_device_batch", "create_policy", "update_device_policies"];
        for id in partner_center_devices_testkit::operations() {
            let is_once = once.contains(&id.as_str());
            let operation = Operation::of(id.leak(), &Method::GET);
            assert_eq!(operation.effect == Effect::Once, is_once, "{operation:?}");
            assert_eq!(operation.needs_user, operation.id == "create_device_batch");
        }
    }

    #[test]
    fn any_other_request_is_sorted_by_its_method() {
        for (method, effect) in [
            (Method::GET, Effect::Idempotent),
            (Method::HEAD, Effect::Idempotent),
            (Method::PUT, Effect::Idempotent),
            (Method::DELETE, Effect::Idempotent),
            (Method::POST, Effect::Unknown),
            (Method::PATCH, Effect::Unknown),
        ] {
            assert_eq!(Operation::of(REQUEST, &method).effect, effect, "{method}");
        }
    }
}
