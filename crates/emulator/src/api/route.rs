//! Routing, which finds the operation for a method and path.
//!
//! Path segments are case-insensitive and empty segments are skipped, because the documents contain `batchjobstatus` and
//! `//v1`. Ids are percent-decoded. HEAD is routed like GET. Paths of other parts of Partner Center return 501, unknown
//! paths 404.

use http::Method;
use partner_center_devices_raw::Operation;
use percent_encoding::percent_decode_str;
use serde::Serialize;

use crate::api::error::ApiError;

// The paths of other parts of Partner Center, from the archived SDK:
// <https://github.com/microsoft/partner-center-sdk-for-dotNET>, `PartnerSdkConfiguration.json`.

/// Segments after `/v1`.
const PARTNER_PATHS: [&str; 25] = [
    "accountSettings",
    "agreements",
    "agreementTemplates",
    "analytics",
    "auditRecords",
    "compliance",
    "countryValidationRules",
    "domains",
    "enrolledPrograms",
    "extensions",
    "invoices",
    "migrations",
    "offerCategories",
    "offers",
    "productPromotions",
    "products",
    "productUpgrades",
    "profiles",
    "rateCards",
    "relationships",
    "selfServePolicy",
    "serviceIncidents",
    "serviceRequests",
    "usageSummary",
    "validations",
];

/// Segments after `/v1/customers/{customer}`.
const CUSTOMER_PATHS: [&str; 24] = [
    "agreements",
    "analytics",
    "carts",
    "directoryRoles",
    "directSignedMicrosoftCustomerAgreementStatus",
    "entitlements",
    "managedServices",
    "migrations",
    "offerCategories",
    "offers",
    "orders",
    "products",
    "profiles",
    "promotionEligibilities",
    "qualifications",
    "relationships",
    "serviceCosts",
    "serviceRequests",
    "subscribedSkus",
    "subscriptions",
    "usageBudget",
    "usageSummary",
    "users",
    "validationStatus",
];

/// An operation with the ids in its path.
///
/// Its encoding is part of the digests in the event log, so do not reorder the variants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum Route {
    ListDeviceBatches,
    CreateDeviceBatch,
    ListDevices { batch: String },
    AddDevices { batch: String },
    UpdateDevice { batch: String, device: String },
    DeleteDevice { batch: String, device: String },
    UpdateDevicePolicies,
    GetBatchJobStatus { tracking: String },
    ListPolicies,
    CreatePolicy,
    GetPolicy { policy: String },
    ReplacePolicy { policy: String },
    DeletePolicy { policy: String },
}

impl Route {
    pub(crate) fn operation(&self) -> Operation {
        match self {
            Self::ListDeviceBatches => Operation::ListDeviceBatches,
            Self::CreateDeviceBatch => Operation::CreateDeviceBatch,
            Self::ListDevices { .. } => Operation::ListDevices,
            Self::AddDevices { .. } => Operation::AddDevices,
            Self::UpdateDevice { .. } => Operation::UpdateDevice,
            Self::DeleteDevice { .. } => Operation::DeleteDevice,
            Self::UpdateDevicePolicies => Operation::UpdateDevicePolicies,
            Self::GetBatchJobStatus { .. } => Operation::GetBatchJobStatus,
            Self::ListPolicies => Operation::ListPolicies,
            Self::CreatePolicy => Operation::CreatePolicy,
            Self::GetPolicy { .. } => Operation::GetPolicy,
            Self::ReplacePolicy { .. } => Operation::ReplacePolicy,
            Self::DeletePolicy { .. } => Operation::DeletePolicy,
        }
    }
}

/// Returns the customer and the operation of a request.
pub(crate) fn route(method: &Method, path: &str) -> Result<(String, Route), ApiError> {
    let segments = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .map(|segment| percent_decode_str(segment).decode_utf8().map(String::from))
        .collect::<Result<Vec<String>, _>>()
        .map_err(|_| ApiError::invalid_path())?;
    let mut segments = segments.into_iter();
    let mut next_is = |expected: &str| {
        segments.next().is_some_and(|actual| actual.eq_ignore_ascii_case(expected))
    };
    if !next_is("v1") {
        return Err(ApiError::no_such_path());
    }
    let segment = segments.next().unwrap_or_default();
    if !segment.eq_ignore_ascii_case("customers") {
        return Err(unknown_path("/v1", &PARTNER_PATHS, &segment));
    }
    let customer = segments.next().ok_or_else(|| ApiError::not_emulated("/v1/customers"))?;
    let rest: Vec<String> = segments.collect();
    Ok((customer, customer_route(method, rest)?))
}

/// Returns the error for a path that continues with `segment` after `root`.
fn unknown_path(root: &str, known: &[&str], segment: &str) -> ApiError {
    match known.iter().find(|known| known.eq_ignore_ascii_case(segment)) {
        Some(known) => ApiError::not_emulated(&format!("{root}/{known}")),
        None => ApiError::no_such_path(),
    }
}

fn customer_route(method: &Method, rest: Vec<String>) -> Result<Route, ApiError> {
    // Ids keep their case.
    let lowercase: Vec<String> = rest.iter().map(|segment| segment.to_ascii_lowercase()).collect();
    let lowercase: Vec<&str> = lowercase.iter().map(String::as_str).collect();
    let id = |index: usize| rest[index].clone();
    let method = if method == Method::HEAD { "GET" } else { method.as_str() };
    Ok(match lowercase.as_slice() {
        ["devicebatches"] => match method {
            "GET" => Route::ListDeviceBatches,
            "POST" => Route::CreateDeviceBatch,
            _ => return Err(ApiError::method_not_allowed("GET, HEAD, POST")),
        },
        ["devicebatches", _, "devices"] => match method {
            "GET" => Route::ListDevices { batch: id(1) },
            "POST" => Route::AddDevices { batch: id(1) },
            _ => return Err(ApiError::method_not_allowed("GET, HEAD, POST")),
        },
        ["devicebatches", _, "devices", _] => match method {
            "PUT" => Route::UpdateDevice { batch: id(1), device: id(3) },
            "DELETE" => Route::DeleteDevice { batch: id(1), device: id(3) },
            _ => return Err(ApiError::method_not_allowed("PUT, DELETE")),
        },
        ["devicepolicyupdates"] => match method {
            "PATCH" => Route::UpdateDevicePolicies,
            _ => return Err(ApiError::method_not_allowed("PATCH")),
        },
        ["batchjobstatus", _] => match method {
            "GET" => Route::GetBatchJobStatus { tracking: id(1) },
            _ => return Err(ApiError::method_not_allowed("GET, HEAD")),
        },
        ["policies"] => match method {
            "GET" => Route::ListPolicies,
            "POST" => Route::CreatePolicy,
            _ => return Err(ApiError::method_not_allowed("GET, HEAD, POST")),
        },
        ["policies", _] => match method {
            "GET" => Route::GetPolicy { policy: id(1) },
            "PUT" => Route::ReplacePolicy { policy: id(1) },
            "DELETE" => Route::DeletePolicy { policy: id(1) },
            _ => return Err(ApiError::method_not_allowed("GET, HEAD, PUT, DELETE")),
        },
        [] => return Err(ApiError::not_emulated("/v1/customers/{customer}")),
        [segment, ..] => {
            return Err(unknown_path("/v1/customers/{customer}", &CUSTOMER_PATHS, segment));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(method: &str, path: &str) -> u16 {
        match route(&method.parse().unwrap(), path) {
            Ok(_) => 0,
            Err(error) => error.status.as_u16(),
        }
    }

    #[test]
    fn paths_are_case_insensitive_and_ids_keep_their_case() {
        let (customer, found) =
            route(&Method::PUT, "//V1/Customers/C-1/DEVICEBATCHES/Test%20b%2Fx//devices/D/")
                .unwrap();
        assert_eq!(customer, "C-1");
        assert_eq!(found, Route::UpdateDevice { batch: "Test b/x".into(), device: "D".into() });
        let (_, found) = route(&Method::GET, "/v1/customers/c/batchjobstatus/T").unwrap();
        assert_eq!(found, Route::GetBatchJobStatus { tracking: "T".into() });
    }

    #[test]
    fn operation_names_match_the_openapi_document() {
        let document = include_str!("../../../../spec/device-deployment.yaml");
        let mut names: Vec<&str> =
            document.lines().filter_map(|line| line.trim().strip_prefix("operationId: ")).collect();
        let mut known = Vec::new();
        for (method, path) in [
            ("GET", "deviceBatches"),
            ("POST", "deviceBatches"),
            ("GET", "deviceBatches/b/devices"),
            ("POST", "deviceBatches/b/devices"),
            ("PUT", "deviceBatches/b/devices/d"),
            ("DELETE", "deviceBatches/b/devices/d"),
            ("PATCH", "DevicePolicyUpdates"),
            ("GET", "batchJobStatus/t"),
            ("GET", "policies"),
            ("POST", "policies"),
            ("GET", "policies/p"),
            ("PUT", "policies/p"),
            ("DELETE", "policies/p"),
        ] {
            let path = format!("/v1/customers/c/{path}");
            let (_, found) = route(&method.parse().unwrap(), &path).unwrap();
            known.push(
                serde_json::to_value(found.operation()).unwrap().as_str().unwrap().to_owned(),
            );
        }
        names.sort_unstable();
        names.dedup(); // links also name them
        known.sort_unstable();
        assert_eq!(known, names);
    }

    #[test]
    fn unknown_paths_are_404_and_unsupported_methods_405() {
        for path in [
            "/",
            "/v1",
            "/v1/nowhere",
            "/v2/invoices",
            "/invoices",
            "/customers/c/policies",
            "/v1/customers/c/nowhere",
            "/v1/customers/c/policies/p/x",
            "/v1/customers/c/deviceBatches/b",
            "/v1/customers/c/deviceBatches/b/devices/d/x",
            "/v1/customers/c/batchJobStatus",
        ] {
            assert_eq!(status("GET", path), 404, "{path}");
        }
        for (method, path, allow) in [
            ("DELETE", "/v1/customers/c/deviceBatches", "GET, HEAD, POST"),
            ("GET", "/v1/customers/c/DevicePolicyUpdates", "PATCH"),
            ("HEAD", "/v1/customers/c/DevicePolicyUpdates", "PATCH"),
            ("PATCH", "/v1/customers/c/deviceBatches/b/devices/d", "PUT, DELETE"),
            ("OPTIONS", "/v1/customers/c/policies/p", "GET, HEAD, PUT, DELETE"),
            ("POST", "/v1/customers/c/batchJobStatus/t", "GET, HEAD"),
        ] {
            let error = route(&method.parse().unwrap(), path).unwrap_err();
            assert_eq!(error.status.as_u16(), 405, "{method} {path}");
            assert_eq!(error.header.unwrap().1, allow, "{method} {path}");
        }
        assert_eq!(status("GET", "/v1/customers/%FF/policies"), 400);
    }

    #[test]
    fn other_parts_of_partner_center_are_501() {
        for (path, named) in [
            ("/v1/customers", "/v1/customers."),
            ("//v1/Customers/c/", "/v1/customers/{customer}."),
            ("/v1/customers/usagerecords", "/v1/customers/{customer}."),
            ("/V1/INVOICES/i/lineitems", "/v1/invoices."),
            ("/v1/profiles/organization", "/v1/profiles."),
            ("/v1/customers/c/subscriptions/s/upgrades", "/v1/customers/{customer}/subscriptions."),
        ] {
            for method in [Method::GET, Method::POST, Method::OPTIONS] {
                let error = route(&method, path).unwrap_err();
                assert_eq!(error.status.as_u16(), 501, "{method} {path}");
                assert!(error.description.ends_with(named), "{}", error.description);
            }
        }
    }

    #[test]
    fn head_is_routed_like_get() {
        let path = "/v1/customers/c/policies/p";
        assert_eq!(route(&Method::HEAD, path).unwrap(), route(&Method::GET, path).unwrap());
    }
}
