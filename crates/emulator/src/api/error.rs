//! The errors of the API: a status, a code, and a description that names the field.
//!
//! A description never repeats a value of the request, which may be a hardware hash.
//!
//! The documents list no codes for batches, devices or policies, so most codes are the emulator's own. Clients should
//! rely on the status.

use std::borrow::Cow;

use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::Value;

/// An error, before it becomes a response.
#[derive(Debug)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    code: Cow<'static, str>,
    pub(crate) description: Box<str>,
    pub(crate) header: Option<(HeaderName, HeaderValue)>,
    origin: Origin,
}

/// The part of the service that an error comes from, which determines the format of its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// The emulator, for errors without a known source.
    Emulator,
    /// The source of the errors about customers.
    PartnerFd,
    /// The web framework, which sends only a message.
    Framework,
}

impl ApiError {
    fn new(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        description: impl Into<String>,
    ) -> Self {
        let description = description.into().into_boxed_str();
        Self { status, code: code.into(), description, header: None, origin: Origin::Emulator }
    }

    fn partner_fd(status: StatusCode, code: &'static str, description: impl Into<String>) -> Self {
        Self { origin: Origin::PartnerFd, ..Self::new(status, code, description) }
    }

    /// Returns a 403: the partner has no relationship with the customer. Code, description and source were observed:
    /// <https://github.com/microsoft/Partner-Smart-Office/issues/12>.
    pub(crate) fn no_relationship() -> Self {
        let description = "No relationship between caller and account.";
        Self::partner_fd(StatusCode::FORBIDDEN, "20002", description)
    }

    /// Returns a 404: the customer is not in the partner's list. Code and description are documented.
    pub(crate) fn unknown_customer() -> Self {
        Self::partner_fd(StatusCode::NOT_FOUND, "60003", "Tenant not found")
    }

    /// Returns a 403: the caller is neither an indirect provider nor an indirect reseller. The body was observed, but not the
    /// status: <https://github.com/microsoft/PartnerCenterPowerShellModule/issues/83>.
    pub(crate) fn not_indirect() -> Self {
        Self::partner_fd(StatusCode::FORBIDDEN, "1002", "Authorization Failed")
    }

    /// Returns a 400: a parameter of a list is invalid. The code was observed for another parameter.
    pub(crate) fn bad_input(description: impl Into<String>) -> Self {
        Self::partner_fd(StatusCode::BAD_REQUEST, "2000", description)
    }

    /// Returns a 400: the continuation token does not belong to this list of customers or audit records.
    pub(crate) fn bad_continuation_token() -> Self {
        Self::bad_input("MS-ContinuationToken is not a continuation token of this list.")
    }

    /// Returns a 400 of the web framework: a date cannot be read. The body was observed:
    /// <https://github.com/PartnerCenterSamples/Partner-Center-SDK-Samples/issues/17>.
    pub(crate) fn invalid_request() -> Self {
        let error = Self::new(StatusCode::BAD_REQUEST, "", "The request is invalid.");
        Self { origin: Origin::Framework, ..error }
    }

    /// Returns the error that a fault rule requests.
    pub(crate) fn injected(status: StatusCode, code: String, description: String) -> Self {
        match status {
            StatusCode::UNAUTHORIZED => Self::unauthorized(code, description),
            _ => Self::new(status, code, description),
        }
    }

    /// Returns a 401: a fault rule expired the token.
    pub(crate) fn expired_token() -> Self {
        Self::invalid_token("The token has expired.")
    }

    /// Returns a 401 with the documented challenge.
    fn unauthorized(code: impl Into<Cow<'static, str>>, description: impl Into<String>) -> Self {
        let challenge = HeaderValue::from_static(
            "OAuth realm=urn:cpsvc:cpid:00000000-0000-0000-0000-000000000000",
        );
        Self {
            header: Some((header::WWW_AUTHENTICATE, challenge)),
            ..Self::new(StatusCode::UNAUTHORIZED, code, description)
        }
    }

    /// Returns a 401: the bearer token is missing. Code and description are documented.
    pub(crate) fn missing_token() -> Self {
        Self::unauthorized("800001", "Partner Token missing.")
    }

    /// Returns a 401: the token is invalid. The code and "Access denied." are documented; `reason` is the emulator's.
    pub(crate) fn invalid_token(reason: &str) -> Self {
        Self::unauthorized("400", format!("Access denied. {reason}"))
    }

    /// Returns a 401: the token is for another resource. Code and description are documented.
    pub(crate) fn wrong_audience() -> Self {
        Self::unauthorized(
            "900420",
            "The audience in the token is invalid and is no longer supported.",
        )
    }

    /// Returns a 401: the user signed in without a second factor. The description is the emulator's.
    pub(crate) fn mfa_required() -> Self {
        Self::unauthorized("900421", "MFA is required to access this resource.")
    }

    /// Returns a 401 that demands claims (continuous access evaluation). Code and description are the emulator's.
    pub(crate) fn claims_challenge(challenge: HeaderValue) -> Self {
        let description = "Continuous access evaluation resulted in a challenge. Request a token with its claims.";
        Self {
            header: Some((header::WWW_AUTHENTICATE, challenge)),
            ..Self::new(StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", description)
        }
    }

    /// Returns a 403: the operation requires a signed-in user, but the token is app-only. Code and description are
    /// documented.
    pub(crate) fn app_only() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "900329",
            "This resource doesn't support application-only authentication.",
        )
    }

    /// Returns a 404: the path does not exist.
    pub(crate) fn no_such_path() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "PathNotFound",
            "No device-deployment operation has this path. Paths start with /v1/customers/{customer}.",
        )
    }

    /// Returns a 501: the service may have this path, but the emulator does not.
    pub(crate) fn not_emulated(what: &str) -> Self {
        Self::new(StatusCode::NOT_IMPLEMENTED, "NotEmulated", format!("Not emulated: {what}."))
    }

    /// Returns a 406: the caller does not accept JSON.
    pub(crate) fn not_acceptable() -> Self {
        Self::new(
            StatusCode::NOT_ACCEPTABLE,
            "NotAcceptable",
            "Accept must allow application/json; other formats are not emulated.",
        )
    }

    /// Returns a 400: the entity tag is not that of the resource. Status, code and description are documented:
    /// <https://learn.microsoft.com/en-us/partner-center/developer/error-codes>.
    pub(crate) fn stale_entity_tag() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "2055", "Etag is no longer valid")
    }

    /// Returns a 405: the path does not support the method.
    pub(crate) fn method_not_allowed(allow: &'static str) -> Self {
        Self {
            header: Some((header::ALLOW, HeaderValue::from_static(allow))),
            ..Self::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "MethodNotAllowed",
                format!("This path supports only {allow}."),
            )
        }
    }

    /// Returns a 404: this customer has no batch, device, policy or job with this id.
    pub(crate) fn not_found(what: Missing) -> Self {
        let (code, what) = match what {
            Missing::Batch => ("BatchNotFound", "batch"),
            Missing::Device => ("DeviceNotFound", "device in this batch"),
            Missing::Policy => ("PolicyNotFound", "configuration policy"),
            Missing::Job => ("BatchJobNotFound", "job"),
            Missing::DeviceCode => {
                return Self::new(
                    StatusCode::NOT_FOUND,
                    "DeviceCodeNotFound",
                    "No sign-in is waiting for this code.",
                );
            }
        };
        Self::new(StatusCode::NOT_FOUND, code, format!("The customer has no {what} with this id."))
    }

    /// Returns a 409: a batch with this name exists.
    pub(crate) fn batch_exists(names_are_exact: bool) -> Self {
        let hint = if names_are_exact { "" } else { " Batch names are not case-sensitive." };
        let description = format!("The customer already has a batch with this name.{hint}");
        Self::new(StatusCode::CONFLICT, "BatchExists", description)
    }

    /// Returns a 409: the policy is assigned to devices.
    pub(crate) fn policy_in_use(devices: u64) -> Self {
        let devices = match devices {
            1 => "1 device has".to_owned(),
            many => format!("{many} devices have"),
        };
        Self::new(
            StatusCode::CONFLICT,
            "PolicyInUse",
            format!("{devices} this policy. Remove it from the devices before you delete it."),
        )
    }

    /// Returns a 400: the path is not valid.
    pub(crate) fn invalid_path() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "InvalidPath", "The path is not percent-encoded UTF-8.")
    }

    /// Returns a 400: the body is not JSON. The message of `serde_json` has a line and a column, but no part of the body.
    pub(crate) fn invalid_json(error: &serde_json::Error) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "InvalidJson", format!("The body is not JSON: {error}."))
    }

    /// Returns a 400: the body is shorter than declared.
    pub(crate) fn incomplete_body() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "IncompleteBody", "The body ended early.")
    }

    /// Returns a 400: a required field is missing.
    pub(crate) fn missing(field: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "MissingField", format!("{field} is missing."))
    }

    /// Returns a 400: a field is invalid.
    pub(crate) fn invalid(field: &str, problem: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "InvalidField", format!("{field} {problem}."))
    }

    /// Returns a 400: the continuation token does not belong to this list.
    pub(crate) fn invalid_continuation_token() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "InvalidContinuationToken",
            "MS-ContinuationToken is not a continuation token of this list.",
        )
    }

    /// Returns a 409: the request id was used for a different request.
    pub(crate) fn request_id_reused() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "RequestIdReused",
            "MS-RequestId was used for a request with a different method, path or body. Only an identical request may \
             reuse its id.",
        )
    }

    /// Returns a 500: a change could not be written to the data folder. All further requests fail.
    pub(crate) fn not_stored() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "NotStored",
            "The emulator could not write a change to its data folder. Restart the emulator: it resumes from the \
             last change that was written.",
        )
    }

    /// Returns a 413: the body is too large.
    pub(crate) fn too_large(limit: usize) -> Self {
        let mebibytes = limit >> 20;
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "BodyTooLarge",
            format!("The body is larger than {mebibytes} MiB."),
        )
    }

    /// Returns a 415: the body is not declared as JSON in UTF-8.
    pub(crate) fn unsupported_media_type() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UnsupportedMediaType",
            "Content-Type must be application/json in UTF-8.",
        )
    }

    /// Returns the body. It has the documented members, and a numeric code is a number, as in every response that was
    /// posted, such as <https://github.com/microsoft/Partner-Smart-Office/issues/12>.
    pub(crate) fn body(&self) -> ErrorBody<'_> {
        let source = match self.origin {
            Origin::Emulator => "partner-center-devices-emulator",
            Origin::PartnerFd => "PartnerFD",
            Origin::Framework => return ErrorBody::Message { message: &self.description },
        };
        let code = self.code.parse().map(|code: u64| code.into());
        ErrorBody::Fault {
            code: code.unwrap_or_else(|_| Value::from(&*self.code)),
            data: [],
            description: &self.description,
            source,
        }
    }
}

/// The body of an error. The wire type would write the code as text.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum ErrorBody<'a> {
    Fault { code: Value, data: [(); 0], description: &'a str, source: &'static str },
    Message { message: &'a str },
}

/// The kind of resource that does not exist.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Missing {
    Batch,
    Device,
    Policy,
    Job,
    DeviceCode,
}
