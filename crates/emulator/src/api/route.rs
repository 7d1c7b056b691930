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

/// Segments after `/v1/customers` that are not the id of a customer.
const CUSTOMERS_PATHS: [&str; 2] = ["relationshipRequests", "usageRecords"];

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

/// A request whose path and method belong to an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Routed {
    /// For the devices or policies of a customer.
    Devices { customer: String, route: Route },
    /// For the partner and its customers themselves.
    Partner(PartnerRoute),
}

impl Routed {
    pub(crate) fn operation(&self) -> Operation {
        match self {
            Self::Devices { route, .. } => route.operation(),
            Self::Partner(route) => route.operation(),
        }
    }

    /// Returns the customer in the path, if there is one.
    pub(crate) fn customer(&self) -> Option<&str> {
        match self {
            Self::Devices { customer, .. }
            | Self::Partner(
                PartnerRoute::GetCustomer { customer }
                | PartnerRoute::ListCustomerRelationships { customer },
            ) => Some(customer),
            Self::Partner(_) => None,
        }
    }
}

/// A read-only operation of the partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PartnerRoute {
    ListCustomers,
    GetCustomer { customer: String },
    ListCustomerRelationships { customer: String },
    ListRelationships,
    ListAuditRecords,
    GetOrganizationProfile,
}

impl PartnerRoute {
    fn operation(&self) -> Operation {
        match self {
            Self::ListCustomers => Operation::ListCustomers,
            Self::GetCustomer { .. } => Operation::GetCustomer,
            Self::ListCustomerRelationships { .. } => Operation::ListCustomerRelationships,
            Self::ListRelationships => Operation::ListRelationships,
            Self::ListAuditRecords => Operation::ListAuditRecords,
            Self::GetOrganizationProfile => Operation::GetOrganizationProfile,
        }
    }
}

/// An operation on devices or policies, with the ids in its path.
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

/// Returns the operation of a request.
pub(crate) fn route(method: &Method, path: &str) -> Result<Routed, ApiError> {
    let segments = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .map(|segment| percent_decode_str(segment).decode_utf8().map(String::from))
        .collect::<Result<Vec<String>, _>>()
        .map_err(|_| ApiError::invalid_path())?;
    let is = |place: usize, expected: &str| {
        segments.get(place).is_some_and(|actual| actual.eq_ignore_ascii_case(expected))
    };
    if !is(0, "v1") {
        return Err(ApiError::no_such_path());
    }
    let rest = || segments[3..].to_vec();
    let partner = match segments.len() {
        2 if is(1, "customers") => PartnerRoute::ListCustomers,
        2 if is(1, "auditRecords") => PartnerRoute::ListAuditRecords,
        2 if is(1, "relationships") => PartnerRoute::ListRelationships,
        3 if is(1, "profiles") && is(2, "organization") => PartnerRoute::GetOrganizationProfile,
        3.. if is(1, "customers") => match CUSTOMERS_PATHS.iter().find(|known| is(2, known)) {
            Some(known) => return Err(ApiError::not_emulated(&format!("/v1/customers/{known}"))),
            None if segments.len() == 3 => {
                PartnerRoute::GetCustomer { customer: segments[2].clone() }
            }
            None if segments.len() == 4 && is(3, "relationships") => {
                PartnerRoute::ListCustomerRelationships { customer: segments[2].clone() }
            }
            None => {
                let route = customer_route(method, rest())?;
                return Ok(Routed::Devices { customer: segments[2].clone(), route });
            }
        },
        _ => {
            let segment = segments.get(1).map(String::as_str).unwrap_or_default();
            return Err(unknown_path("/v1", &PARTNER_PATHS, segment));
        }
    };
    match *method {
        Method::GET | Method::HEAD => Ok(Routed::Partner(partner)),
        _ => Err(ApiError::method_not_allowed("GET, HEAD")),
    }
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
        _ => {
            let segment = lowercase.first().copied().unwrap_or_default();
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
        let devices = |customer: &str, route| Routed::Devices { customer: customer.into(), route };
        let found =
            route(&Method::PUT, "//V1/Customers/C-1/DEVICEBATCHES/Test%20b%2Fx//devices/D/");
        let update = Route::UpdateDevice { batch: "Test b/x".into(), device: "D".into() };
        assert_eq!(found.unwrap(), devices("C-1", update));
        let found = route(&Method::GET, "/v1/customers/c/batchjobstatus/T").unwrap();
        assert_eq!(found, devices("c", Route::GetBatchJobStatus { tracking: "T".into() }));
        // A link of the service and an archived client together gave this path.
        let found = route(&Method::GET, "/v1//V1/customers/").unwrap_err();
        assert_eq!(found.status.as_u16(), 404);
        let found = route(&Method::GET, "//v1/CUSTOMERS/C-1/Relationships").unwrap();
        let relationships = PartnerRoute::ListCustomerRelationships { customer: "C-1".into() };
        assert_eq!(found, Routed::Partner(relationships));
    }

    #[test]
    fn operation_names_match_the_openapi_document() {
        let document = include_str!("../../../../spec/device-deployment.yaml");
        let mut names: Vec<&str> =
            document.lines().filter_map(|line| line.trim().strip_prefix("operationId: ")).collect();
        let mut known = Vec::new();
        for (method, path) in [
            ("GET", "/v1/customers"),
            ("GET", "/v1/customers/c"),
            ("GET", "/v1/customers/c/relationships"),
            ("GET", "/v1/relationships"),
            ("GET", "/v1/auditrecords"),
            ("GET", "/v1/profiles/organization"),
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
            let path = match path.starts_with('/') {
                true => path.to_owned(),
                false => format!("/v1/customers/c/{path}"),
            };
            let found = route(&method.parse().unwrap(), &path).unwrap();
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
            ("POST", "/v1/customers", "GET, HEAD"),
            ("PATCH", "/v1/customers/c", "GET, HEAD"),
            ("OPTIONS", "/v1/auditRecords", "GET, HEAD"),
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
            ("/v1/customers/usagerecords", "/v1/customers/usageRecords."),
            ("//v1/Customers/relationshiprequests/", "/v1/customers/relationshipRequests."),
            ("/V1/INVOICES/i/lineitems", "/v1/invoices."),
            ("/v1/profiles/mpn", "/v1/profiles."),
            ("/v1/auditrecords/r", "/v1/auditRecords."),
            ("/v1/relationships/r", "/v1/relationships."),
            ("/v1/customers/c/profiles/company", "/v1/customers/{customer}/profiles."),
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
