//! The error codes of Microsoft Entra: which ones are temporary, which ones a new sign-in solves, and what to do about
//! them. The source is the reference of Microsoft
//! (<https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes>); its lookup page
//! (<https://login.microsoftonline.com/error>) has most of the codes that the reference lacks.

/// Error codes of Microsoft Entra that have the same solution. [`TokenError::codes`](crate::TokenError::codes) returns the codes
/// of an error, and [`TokenError::hint`](crate::TokenError::hint) the meaning and the solution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignInCode {
    /// The codes: 700082 for `AADSTS700082`.
    pub codes: &'static [u32],
    /// The meaning.
    pub meaning: &'static str,
    /// What to do.
    pub cure: &'static str,
    /// True if a person who signs in again solves it.
    pub needs_sign_in: bool,
    /// True for a failure of Microsoft Entra that passes.
    pub is_temporary: bool,
    hint: &'static str,
}

macro_rules! code {
    ($codes:expr, $meaning:literal, $cure:literal, $needs_sign_in:literal, $is_temporary:literal) => {
        SignInCode {
            codes: &$codes,
            meaning: $meaning,
            cure: $cure,
            needs_sign_in: $needs_sign_in,
            is_temporary: $is_temporary,
            hint: concat!($meaning, ": ", $cure),
        }
    };
}

macro_rules! sign_in {
    ($codes:expr, $meaning:literal, $cure:literal) => {
        code!($codes, $meaning, $cure, true, false)
    };
}

macro_rules! other {
    ($codes:expr, $meaning:literal, $cure:literal) => {
        code!($codes, $meaning, $cure, false, false)
    };
}

macro_rules! temporary {
    ($codes:expr, $meaning:literal) => {
        code!($codes, $meaning, "try again in a few minutes", false, true)
    };
}

const ALL: &[SignInCode] = &[
    // The sign-in of a person.
    sign_in!(
        [70008, 700_082],
        "the refresh token has expired, because it was not used for a long time",
        "sign in again"
    ),
    sign_in!(
        [700_084],
        "the refresh token of a single-page app has reached its fixed end",
        "sign in again"
    ),
    sign_in!(
        [70043],
        "the tenant limits how long a sign-in lasts, and it has ended",
        "sign in again"
    ),
    sign_in!(
        [50173, 50132, 50133],
        "the sign-in was revoked or has expired, for example after a password change",
        "sign in again"
    ),
    sign_in!(
        [50086],
        "the check of the second factor failed",
        "sign in again with another method, such as an app instead of a telephone"
    ),
    sign_in!(
        [130_500],
        "a policy of the tenant blocks phone sign-in",
        "sign in again with another method"
    ),
    sign_in!(
        [50125],
        "the sign-in was interrupted, because the person must register for password reset",
        "sign in again in a browser and complete the registration"
    ),
    sign_in!(
        [501_481],
        "the code does not belong to this sign-in (code_verifier)",
        "sign in again"
    ),
    sign_in!([70018], "the code that was entered is wrong", "sign in again and enter the new code"),
    sign_in!([54005], "the code was used before", "sign in again to get another one"),
    sign_in!(
        [50076, 50074],
        "the sign-in requires multi-factor authentication",
        "sign in again with multi-factor authentication"
    ),
    sign_in!(
        [50079, 50072],
        "the sign-in requires multi-factor authentication, for which the person must register",
        "sign in again in a browser and register a method"
    ),
    sign_in!(
        [500_121],
        "the person did not complete the multi-factor authentication",
        "sign in again with multi-factor authentication"
    ),
    sign_in!(
        [50078],
        "the multi-factor authentication of this sign-in has expired by a policy of the tenant",
        "sign in again with multi-factor authentication"
    ),
    sign_in!(
        [50158],
        "a policy of the tenant requires another step, such as terms of use or an external MFA provider",
        "sign in again in a browser and complete it"
    ),
    sign_in!([50058, 50089], "the session of this sign-in is missing or expired", "sign in again"),
    sign_in!(
        [50140, 50199],
        "the sign-in was interrupted by a question to the person",
        "sign in again in a browser and answer it"
    ),
    sign_in!(
        [50055, 50144, 50135, 50142],
        "the password has expired or must be changed",
        "change it at https://myaccount.microsoft.com or ask an administrator to reset it, then sign in again"
    ),
    sign_in!([50126], "the user name or password is wrong", "sign in again"),
    sign_in!(
        [50056],
        "the password is invalid, or this account does not have one in the directory",
        "sign in again"
    ),
    sign_in!(
        [70000, 9_002_313],
        "the refresh token or code is invalid or malformed",
        "sign in again"
    ),
    sign_in!(
        [700_005],
        "the code belongs to another tenant",
        "check the tenant, then sign in again"
    ),
    sign_in!(
        [70019, 70020],
        "the code has expired",
        "sign in again and enter it within 15 minutes"
    ),
    sign_in!([65004], "the user declined", "sign in again and accept"),
    other!(
        [50053],
        "the account is locked after too many failed sign-ins, or the address of this network is blocked",
        "wait, or ask an administrator to check the Entra sign-in logs and unlock it"
    ),
    other!([50057], "the account is disabled", "ask an administrator to enable it"),
    other!(
        [50034, 51004, 50020, 50177, 90072],
        "the user does not exist in this tenant",
        "check the tenant and sign in with an account of it, or ask an administrator to invite this account as a guest"
    ),
    other!(
        [500_212, 500_213],
        "an access policy between the tenant of the user and this tenant does not allow the sign-in",
        "ask the administrators of both tenants to check the cross-tenant access settings"
    ),
    other!(
        [50105],
        "the app requires that users are assigned to it",
        "ask an administrator to assign this user under Enterprise applications"
    ),
    // Conditional Access.
    other!(
        [53003, 530_031, 530_032, 50131],
        "a Conditional Access policy of the tenant blocked the sign-in",
        "ask an administrator which policy it is (Entra sign-in logs, with the ids of this error); device codes and unknown locations are often blocked, so try the sign-in in a browser"
    ),
    other!(
        [530_033],
        "a Conditional Access policy requires a known device, which a device code cannot prove",
        "sign in with a browser on a managed device, not with a device code"
    ),
    other!(
        [530_035],
        "the security defaults of the tenant blocked the sign-in, because they consider it unsafe",
        "sign in with a browser, not with a device code, or ask an administrator of the tenant"
    ),
    other!(
        [53000, 53001, 50097],
        "a Conditional Access policy requires a managed or compliant device",
        "sign in from one, or ask an administrator for an exception"
    ),
    other!(
        [50129, 50155, 700_003],
        "the device is not registered in the tenant, or its check failed",
        "sign in from a registered device, or ask an administrator to register this one"
    ),
    other!(
        [53002],
        "a Conditional Access policy requires an approved app",
        "ask an administrator for an exception"
    ),
    other!(
        [53010],
        "the tenant restricts from where methods of multi-factor authentication are set up",
        "register them from an allowed location or device at https://aka.ms/mfasetup, or ask an administrator"
    ),
    other!(
        [53004],
        "methods of multi-factor authentication cannot be set up, because of suspicious activity",
        "ask an administrator of the tenant to check the account"
    ),
    other!(
        [53011, 530_034],
        "the account is blocked because of a risk in its home tenant",
        "ask an administrator of that tenant to check it"
    ),
    // The app registration.
    other!([7_000_215], "the client secret is wrong", "use its value, not its id"),
    other!(
        [70002],
        "the client id or the client secret is wrong",
        "check both; use the value of the secret, not its id"
    ),
    other!(
        [7_000_222],
        "the client secret has expired",
        "create a new one in the app registration and store it"
    ),
    other!(
        [7_000_218, 7_000_219],
        "the request has no client secret or certificate, and the app registration is not a public client",
        "supply its client secret or certificate, or set \"Allow public client flows\" to yes under Authentication"
    ),
    other!(
        [7_000_216],
        "the sign-in of an app requires a client secret or a certificate",
        "supply the client secret or the certificate of the app registration"
    ),
    other!(
        [700_025],
        "the app registration is a public client",
        "do not send a client secret or certificate"
    ),
    other!(
        [700_016, 700_011],
        "the app does not exist in the tenant",
        "check the client id and the tenant"
    ),
    other!(
        [70001],
        "the app does not exist in the tenant or is disabled",
        "check the client id and the tenant, or ask an administrator to enable the app"
    ),
    other!(
        [700_038],
        "the client id is invalid",
        "use the application (client) id of the app registration"
    ),
    other!(
        [7_000_229],
        "the app has no service principal in the tenant",
        "ask an administrator of the tenant to grant consent to the app, which creates it"
    ),
    other!([7_000_112], "the app is disabled", "ask an administrator to enable it"),
    other!(
        [700_054],
        "the app registration does not allow ID tokens from the authorize endpoint",
        "select ID tokens under Authentication"
    ),
    other!(
        [50011, 500_113, 900_971],
        "the redirect address is missing or not registered",
        "add http://localhost under \"Mobile and desktop applications\" of the app registration"
    ),
    other!(
        [700_027, 50012],
        "the certificate or the signature of its assertion was refused",
        "check that the certificate is valid and uploaded to the app registration"
    ),
    other!(
        [700_024, 500_133, 1_000_502],
        "the certificate or the assertion is not within its valid time range",
        "check that the certificate or token is not expired, and that the clock of this machine is right"
    ),
    other!(
        [50027, 700_021, 700_023],
        "the assertion is malformed, or is for another app or tenant",
        "check the client id and the tenant"
    ),
    other!(
        [700_030],
        "the subject name of the certificate is not authorized for the app",
        "compare it with the trusted names in the app registration, or use another certificate"
    ),
    other!(
        [70021, 700_211, 700_212, 700_213, 700_214],
        "no federated credential of the app registration matches this token",
        "compare issuer, subject and audience"
    ),
    other!(
        [700_223, 700_238],
        "a policy of the tenant blocks federated credentials",
        "ask an administrator to allow them, or use a certificate"
    ),
    other!(
        [65001, 90094, 90095],
        "no one has consented to the permissions of the app",
        "ask an administrator to grant consent to the app"
    ),
    other!(
        [90099],
        "the app is not authorized in the tenant of the customer, so a delegated administrator cannot use it there",
        "ask an administrator of that tenant to grant consent to the app, or add the consent with the API of Partner Center (applicationconsents)"
    ),
    other!(
        [65002],
        "this app of Microsoft is not authorized for Partner Center",
        "register an app and use its client id"
    ),
    other!(
        [90008],
        "the app lacks the permission to sign in users and read their profile",
        "add the permission User.Read of Microsoft Graph to the app registration and grant consent"
    ),
    other!([50194], "the app registration allows only its own tenant", "use the id of that tenant"),
    other!(
        [90002, 900_023, 900_021],
        "the tenant does not exist",
        "check the tenant and the cloud"
    ),
    other!([50059, 50128, 90019], "the request does not name a tenant", "add the tenant"),
    other!([90038, 90043, 900_432, 900_382], "the tenant is in another cloud", "select that cloud"),
    // The API.
    other!(
        [500_011, 50001, 650_052],
        "the tenant does not know Partner Center by this address",
        "check the tenant and the address of the API; the tenant must belong to a partner"
    ),
    other!(
        [500_014],
        "the API is disabled in the tenant, for example because a subscription has ended",
        "ask an administrator to enable its service principal"
    ),
    other!(
        [650_053, 70011],
        "the requested scope does not exist",
        "check the address of the API and the scope"
    ),
    other!(
        [650_056, 650_057, 65005],
        "the app registration does not list the permission for Partner Center",
        "add the permission (user_impersonation) to it and ask an administrator to grant consent"
    ),
    other!(
        [50196],
        "the app repeated the same request too often",
        "wait a few minutes before you try again"
    ),
    other!(
        [80001],
        "no agent of the tenant's pass-through authentication reaches its Active Directory",
        "ask an administrator of the tenant to check the agents"
    ),
    other!(
        [90020],
        "the SAML 1.1 assertion of the federated sign-in has no ImmutableID of the user",
        "ask an administrator of the tenant to correct the federation"
    ),
    // Outages and timeouts. The status of the response may be any.
    temporary!([50087], "strong authentication failed for a moment"),
    temporary!([70012], "the sign-in of a personal Microsoft account failed"),
    temporary!([80002, 80005], "the tenant's pass-through authentication failed or took too long"),
    temporary!([90006], "an external server failed"),
    temporary!([90012], "the request took too long"),
    temporary!([90024, 50033], "the service failed for a moment"),
    temporary!([90033], "the directory is unavailable"),
    temporary!([90090, 90091], "a service that the sign-in needs is unavailable"),
    temporary!([90055], "the tenant sends too many requests"),
    temporary!([50088], "the limit of telephone calls and messages is reached"),
];

impl SignInCode {
    /// Every known code, grouped by solution.
    pub const ALL: &[Self] = ALL;

    /// Returns the entry of a code; `None` if it is unknown.
    #[must_use]
    pub fn find(code: u32) -> Option<&'static Self> {
        Self::ALL.iter().find(|known| known.codes.contains(&code))
    }
}

/// Returns what to do about an error code.
pub(super) fn cure(code: u32) -> Option<&'static str> {
    SignInCode::find(code).map(|known| known.hint)
}

/// Returns whether a person who signs in again solves the error; `None` for an unknown code.
pub(super) fn needs_sign_in(code: u32) -> Option<bool> {
    SignInCode::find(code).map(|known| known.needs_sign_in)
}

/// Returns true for a failure of Microsoft Entra that passes.
pub(super) fn is_temporary(code: u32) -> bool {
    SignInCode::find(code).is_some_and(|known| known.is_temporary)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn common_refusals_have_a_solution() {
        for (code, words) in [
            (500_121, "sign in again with multi-factor"),
            (7_000_229, "service principal"),
            (50125, "complete the registration"),
            (50142, "change it"),
            (500_133, "the clock of this machine"),
            (1_000_502, "not expired"),
            (700_030, "subject name"),
            (50086, "another method"),
            (50088, "try again in a few minutes"),
            (70018, "enter the new code"),
            (50001, "address of the API"),
            (53010, "register"),
            (65005, "add the permission"),
            (50177, "as a guest"),
            (130_500, "another method"),
            (530_033, "not with a device code"),
            (7_000_219, "supply its client secret"),
            (501_481, "sign in again"),
            (
                7_000_218,
                "supply its client secret or certificate, or set \"Allow public client flows\"",
            ),
            (7_000_216, "supply the client secret or the certificate"),
            (7_000_215, "use its value, not its id"),
            (7_000_222, "expired: create a new one"),
            (50078, "has expired by a policy of the tenant: sign in again with multi-factor"),
            (50158, "sign in again in a browser and complete it"),
            (53003, "ask an administrator which policy it is (Entra sign-in logs"),
            (530_035, "security defaults"),
            (500_011, "address of the API; the tenant must belong to a partner"),
            (700_082, "not used for a long time: sign in again"),
            (90099, "administrator of that tenant to grant consent"),
            (65002, "register an app"),
            (90072, "as a guest"),
            (50033, "failed for a moment: try again in a few minutes"),
            (90055, "too many requests: try again in a few minutes"),
            (90090, "is unavailable: try again in a few minutes"),
        ] {
            assert!(cure(code).is_some_and(|cure| cure.contains(words)), "{code}");
        }
    }

    #[test]
    fn each_code_has_one_meaning() {
        let mut seen = HashSet::new();
        for code in SignInCode::ALL.iter().flat_map(|known| known.codes) {
            assert!(seen.insert(code), "{code}");
        }
        for known in SignInCode::ALL {
            assert_eq!(known.needs_sign_in, known.cure.contains("sign in again"), "{}", known.cure);
        }
    }
}
