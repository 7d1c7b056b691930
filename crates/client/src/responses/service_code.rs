//! The error codes of the service that concern devices.

use http::StatusCode;

/// The codes of a 401 for a token without multi-factor authentication: today's, and that of 2020.
const MFA_REQUIRED: [&str; 2] = ["900421", "10001"];

/// What to do if a quota of the gateway is used up.
pub(crate) const QUOTA_HINT: &str =
    "the quota of calls is used up: wait until it is replenished, and send fewer requests";

/// What to do after a 501.
pub(crate) const UNSUPPORTED_HINT: &str = "this service does not support the request: check the method and the path; an emulator has only a part of the API";

pub(crate) const MFA_HINT: &str = "sign in again with multi-factor authentication: the service requires it, and a new token of the same sign-in does not have it";

/// Returns true for the code of a 401 that no new token of the same sign-in changes.
pub(crate) fn is_mfa_code(code: &str) -> bool {
    MFA_REQUIRED.contains(&code)
}

/// Returns true for a 401 because of missing multi-factor authentication: its code means that, or its header
/// `isMfaCompliant` is false and its code is not known to mean something else. The header does not prove it: the token
/// may have expired as well.
pub(crate) fn requires_mfa(
    status: Option<StatusCode>,
    code: Option<&str>,
    is_mfa_compliant: Option<bool>,
) -> bool {
    let is_known = |code: &str| ServiceCode::ALL.iter().any(|known| known.code == code);
    status == Some(StatusCode::UNAUTHORIZED)
        && match code {
            Some(code) if is_known(code) => is_mfa_code(code),
            _ => is_mfa_compliant == Some(false),
        }
}

/// An error code of the service that this crate can explain. [`Error::code`](crate::Error::code) may return many others
/// (<https://learn.microsoft.com/en-us/partner-center/developer/error-codes>); these concern devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceCode {
    /// The code, such as `20002`.
    pub code: &'static str,
    /// The HTTP status of the response.
    pub status: StatusCode,
    /// The meaning.
    pub meaning: &'static str,
    /// What to do. [`Error::hint`](crate::Error::hint) returns it.
    pub hint: &'static str,
}

impl ServiceCode {
    /// Every known code, sorted.
    pub const ALL: &[Self] = &[
        Self {
            code: "1002",
            status: StatusCode::FORBIDDEN,
            meaning: "the partner is neither an indirect provider nor an indirect reseller",
            hint: "nothing to do for a direct partner: only indirect providers and resellers have relationships with other partners",
        },
        Self {
            code: "2030",
            status: StatusCode::FORBIDDEN,
            meaning: "the partner is not enrolled in the country of the customer",
            hint: "enroll in the program for this country in Partner Center",
        },
        Self {
            code: "2055",
            status: StatusCode::BAD_REQUEST,
            meaning: "the entity tag of the request is no longer valid",
            hint: "someone else changed the resource: read it again and repeat the change",
        },
        Self {
            code: "10001",
            status: StatusCode::UNAUTHORIZED,
            meaning: "the user signed in without multi-factor authentication (the older code of 900421)",
            hint: MFA_HINT,
        },
        Self {
            code: "20002",
            status: StatusCode::FORBIDDEN,
            meaning: "the partner has no commerce relationship with the customer",
            hint: "you are not a reseller of this customer: check the customer id, or request a relationship",
        },
        Self {
            code: "60003",
            status: StatusCode::NOT_FOUND,
            meaning: "the tenant was not found",
            hint: "check the customer id, and that the customer has a relationship with you",
        },
        Self {
            code: "800039",
            status: StatusCode::FORBIDDEN,
            meaning: "the reseller program of the partner is not active",
            hint: "sign in to Partner Center and check the status of your programs",
        },
        Self {
            code: "800073",
            status: StatusCode::FORBIDDEN,
            meaning: "the account of the customer is under review or not approved",
            hint: "check the state of the customer's account in Partner Center; its review must finish first",
        },
        Self {
            code: "800074",
            status: StatusCode::FORBIDDEN,
            meaning: "the account of the customer is under review or not approved",
            hint: "check the state of the customer's account in Partner Center; its review must finish first",
        },
        Self {
            code: "800075",
            status: StatusCode::FORBIDDEN,
            meaning: "the account of the customer is under review or not approved",
            hint: "check the state of the customer's account in Partner Center; its review must finish first",
        },
        Self {
            code: "900123",
            status: StatusCode::FORBIDDEN,
            meaning: "a reseller has not accepted the Microsoft Partner Agreement",
            hint: "the reseller must sign the agreement in Partner Center",
        },
        Self {
            code: "900124",
            status: StatusCode::FORBIDDEN,
            meaning: "your company has not accepted the Microsoft Partner Agreement",
            hint: "sign the agreement in Partner Center, as a global administrator",
        },
        Self {
            code: "900149",
            status: StatusCode::FORBIDDEN,
            meaning: "the status of a program is not active",
            hint: "sign in to Partner Center and check the status of your programs",
        },
        Self {
            code: "900150",
            status: StatusCode::FORBIDDEN,
            meaning: "the role of the user does not allow the operation",
            hint: "sign in as a user who is an admin agent, helpdesk agent or sales agent of the partner: neither other users nor app-only tokens have the role",
        },
        Self {
            code: "900159",
            status: StatusCode::FORBIDDEN,
            meaning: "the partner has no relationship with the customer",
            hint: "you are not a reseller of this customer: check the customer id, or request a relationship",
        },
        Self {
            code: "900308",
            status: StatusCode::FORBIDDEN,
            meaning: "the user has insufficient privileges",
            hint: "the user lacks a role for data of the customer (granular delegated administration, GDAP); devices do not need one",
        },
        Self {
            code: "900309",
            status: StatusCode::FORBIDDEN,
            meaning: "Conditional Access blocked the call",
            hint: "check the Conditional Access policies of your tenant: one of them blocked the sign-in",
        },
        Self {
            code: "900329",
            status: StatusCode::FORBIDDEN,
            meaning: "the resource does not support app-only authentication",
            hint: "sign in as a user: the service does not accept an app-only token here",
        },
        Self {
            code: "900420",
            status: StatusCode::UNAUTHORIZED,
            meaning: "the audience of the token is no longer supported",
            hint: "request a token for https://api.partnercenter.microsoft.com: the audience of this one was retired",
        },
        Self {
            code: "900421",
            status: StatusCode::UNAUTHORIZED,
            meaning: "the user signed in without multi-factor authentication, which the service requires",
            hint: MFA_HINT,
        },
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_or_else_the_header_of_a_401_demands_multi_factor_authentication() {
        for (status, code, is_mfa_compliant, expected) in [
            (401, Some("900421"), None, true),
            (401, Some("10001"), Some(true), true),
            (401, Some("900420"), Some(false), false),
            (401, None, Some(false), true),
            (401, Some("unknown"), Some(false), true),
            (401, None, Some(true), false),
            (401, None, None, false),
            (403, Some("900421"), Some(false), false),
            (403, None, Some(false), false),
        ] {
            let status = StatusCode::from_u16(status).ok();
            assert_eq!(requires_mfa(status, code, is_mfa_compliant), expected, "{code:?}");
        }
    }
}
