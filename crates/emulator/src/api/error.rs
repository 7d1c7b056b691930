//! Decides what a refusal says: the status, a code, and words that name the place in the request. Words never
//! repeat a value of the request, which may be a hardware hash.
//!
//! The documents list no code for batches, devices or policies, so most codes are the emulator's own
//! words; `source` says so. A client should decide by the status.

use std::borrow::Cow;

use http::{HeaderName, HeaderValue, StatusCode, header};
use partner_center_devices_raw::types::ApiFault;

/// A refusal, before it becomes an answer.
#[derive(Debug)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    code: Cow<'static, str>,
    pub(crate) description: Box<str>,
    pub(crate) header: Option<(HeaderName, HeaderValue)>,
}

impl ApiError {
    fn new(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        description: impl Into<String>,
    ) -> Self {
        let description = description.into().into_boxed_str();
        Self { status, code: code.into(), description, header: None }
    }

    /// What a fault rule asks for.
    pub(crate) fn injected(status: StatusCode, code: String, description: String) -> Self {
        Self::new(status, code, description)
    }

    /// 401: a fault rule says that the token is too old.
    pub(crate) fn expired_token() -> Self {
        Self::bad_token("The token has expired.")
    }

    /// 401, with the documented form of the challenge.
    fn unauthorized(code: &'static str, description: impl Into<String>) -> Self {
        let challenge = HeaderValue::from_static(
            "OAuth realm=urn:cpsvc:cpid:00000000-0000-0000-0000-000000000000",
        );
        Self {
            header: Some((header::WWW_AUTHENTICATE, challenge)),
            ..Self::new(StatusCode::UNAUTHORIZED, code, description)
        }
    }

    /// 401: no bearer token. Code and words are documented.
    pub(crate) fn no_token() -> Self {
        Self::unauthorized("800001", "Partner Token missing.")
    }

    /// 401: a token that is not taken. The code and the first words are documented; `why` is the emulator's.
    pub(crate) fn bad_token(why: &str) -> Self {
        Self::unauthorized("400", format!("Access denied. {why}"))
    }

    /// 401: a token for another resource. The code and the words are documented.
    pub(crate) fn wrong_audience() -> Self {
        Self::unauthorized(
            "900420",
            "The audience in the token is invalid and is no longer supported.",
        )
    }

    /// 403: an app's own token, where a user's is needed. The code and the words are documented.
    pub(crate) fn app_only() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "900329",
            "This resource doesn't support application-only authentication.",
        )
    }

    /// 404: nothing is at this path.
    pub(crate) fn no_such_path() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "PathNotFound",
            "No operation of device deployment has this path. Paths begin with /v1/customers/{customer}.",
        )
    }

    /// 501: the service has it, or may have it, and the emulator has not.
    pub(crate) fn not_emulated(what: &str) -> Self {
        Self::new(StatusCode::NOT_IMPLEMENTED, "NotEmulated", format!("Not emulated: {what}."))
    }

    /// 406: the caller takes no JSON.
    pub(crate) fn not_acceptable() -> Self {
        Self::new(
            StatusCode::NOT_ACCEPTABLE,
            "NotAcceptable",
            "Accept must allow application/json; other forms are not emulated.",
        )
    }

    /// 400: an entity tag that is not the resource's. Status, code and words are documented:
    /// <https://learn.microsoft.com/en-us/partner-center/developer/error-codes>.
    pub(crate) fn stale_entity_tag() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "2055", "Etag is no longer valid")
    }

    /// 405: the path is there, the method is not.
    pub(crate) fn wrong_method(allow: &'static str) -> Self {
        Self {
            header: Some((header::ALLOW, HeaderValue::from_static(allow))),
            ..Self::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "MethodNotAllowed",
                format!("This path takes {allow} only."),
            )
        }
    }

    /// 404: a batch, device, policy or job that this customer does not have.
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
                    "No sign-in waits for this code.",
                );
            }
        };
        Self::new(StatusCode::NOT_FOUND, code, format!("The customer has no {what} of this id."))
    }

    /// 409: the name of a new batch is taken.
    pub(crate) fn batch_exists() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "BatchExists",
            "The customer has a batch of this name already. Names are compared without case.",
        )
    }

    /// 409: devices still have the policy.
    pub(crate) fn policy_in_use(devices: u64) -> Self {
        let devices = match devices {
            1 => "1 device has".to_owned(),
            many => format!("{many} devices have"),
        };
        Self::new(
            StatusCode::CONFLICT,
            "PolicyInUse",
            format!("{devices} this policy. Take it from them before you delete it."),
        )
    }

    /// 400: the path cannot be read.
    pub(crate) fn bad_path() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "InvalidPath", "The path is not percent-encoded UTF-8.")
    }

    /// 400: the body is no JSON. `serde_json` says line and column and repeats nothing of the text.
    pub(crate) fn bad_json(error: &serde_json::Error) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "InvalidJson", format!("The body is not JSON: {error}."))
    }

    /// 400: the body ended before its announced end.
    pub(crate) fn incomplete_body() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "IncompleteBody", "The body ended early.")
    }

    /// 400: something in the body must be there and is not.
    pub(crate) fn missing(place: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "MissingField", format!("{place} is missing."))
    }

    /// 400: something in the body is not what it must be.
    pub(crate) fn invalid(place: &str, problem: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "InvalidField", format!("{place} {problem}."))
    }

    /// 400: a continuation token that this list did not give.
    pub(crate) fn bad_continuation() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "InvalidContinuationToken",
            "MS-ContinuationToken is not a continuation token of this list.",
        )
    }

    /// 409: the request id was used for another request.
    pub(crate) fn request_id_reused() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "RequestIdReused",
            "MS-RequestId was used for a request with another method, path or body. Only the same request may be \
             repeated under its id.",
        )
    }

    /// 500: a change could not be written to the data folder, and so nothing is answered any more.
    pub(crate) fn not_kept() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "NotKept",
            "A change could not be written to the emulator's data folder. Start the emulator again: it goes on \
             with what was answered before.",
        )
    }

    /// 413: the body is larger than the emulator takes.
    pub(crate) fn too_large(limit: usize) -> Self {
        let mebibytes = limit >> 20;
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "BodyTooLarge",
            format!("The body has more than {mebibytes} MiB."),
        )
    }

    /// 415: the body is declared to be something other than JSON in UTF-8.
    pub(crate) fn wrong_media_type() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UnsupportedMediaType",
            "Content-Type must be application/json, in UTF-8.",
        )
    }

    /// The documented body.
    pub(crate) fn body(&self) -> ApiFault {
        let mut fault = ApiFault::default();
        fault.code = Some(self.code.clone().into_owned());
        fault.description = Some(self.description.to_string());
        fault.data = Some(Vec::new());
        fault.source = Some("partner-center-devices-emulator".to_owned());
        fault
    }
}

/// What a 404 looked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Missing {
    Batch,
    Device,
    Policy,
    Job,
    DeviceCode,
}
