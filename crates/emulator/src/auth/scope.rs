//! Decides what a token is asked for: which resource, and what may be done there. Version 1 of the endpoints
//! names a resource, version 2 a scope, which is a resource and a permission in one.
//!
//! Source: <https://learn.microsoft.com/en-us/entra/identity-platform/scopes-oidc>.

use serde::{Deserialize, Serialize};

use super::oauth_error::OAuthError;

/// The names of Partner Center: of the public cloud, of 21Vianet's, and its app id.
const PARTNER_CENTER: [&str; 3] = [
    "https://api.partnercenter.microsoft.com",
    "https://partner.partnercenterapi.microsoftonline.cn",
    "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd",
];
/// Other resources that clients of Partner Center also, or by mistake, ask for.
const OTHERS: [&str; 4] = [
    GRAPH,
    "00000003-0000-0000-c000-000000000000",
    "https://graph.windows.net",
    "00000002-0000-0000-c000-000000000000",
];
/// The resource of a permission that names none.
const GRAPH: &str = "https://graph.microsoft.com";

const USER_IMPERSONATION: &str = "user_impersonation";

/// Whether a token for this resource is one for Partner Center. An emulator stands in for it, and only an
/// emulator is reached by plain HTTP.
pub(super) fn is_partner_center(resource: &str) -> bool {
    PARTNER_CENTER.contains(&resource) || resource.starts_with("http://")
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RequestedAccess {
    pub(super) resource: String,
    /// Short names: `user_impersonation`.
    pub(super) permissions: Vec<String>,
    /// An id token is wanted.
    pub(super) openid: bool,
    /// A refresh token is wanted.
    pub(super) offline: bool,
}

impl RequestedAccess {
    /// A `resource` of version 1. Version 1 gives a refresh token unasked, and an id token for `openid`.
    pub(super) fn of_resource(resource: &str, scope: &str) -> Result<Self, OAuthError> {
        let resource = known(resource)?;
        let permissions = vec![USER_IMPERSONATION.to_owned()];
        let openid = scope.split_whitespace().any(|name| name == "openid");
        Ok(Self { resource, permissions, openid, offline: true })
    }

    /// A `scope` of version 2, for a user.
    pub(super) fn of_scope(scope: &str) -> Result<Self, OAuthError> {
        let (mut openid, mut offline) = (false, false);
        let mut resource: Option<&str> = None;
        let mut permissions: Vec<&str> = Vec::new();
        for name in scope.split_whitespace() {
            match name {
                "openid" => openid = true,
                "offline_access" => offline = true,
                "profile" | "email" => {}
                _ => {
                    let (of, permission) = name.rsplit_once('/').unwrap_or((GRAPH, name));
                    if resource.is_some_and(|resource| resource != of) {
                        return Err(OAuthError::two_resources());
                    }
                    resource = Some(of);
                    if !permissions.contains(&permission) {
                        permissions.push(permission);
                    }
                }
            }
        }
        let resource = known(resource.unwrap_or(GRAPH))?;
        if permissions.len() > 1 && permissions.contains(&".default") {
            return Err(OAuthError::bad_scope(scope));
        }
        if is_partner_center(&resource) {
            for permission in &mut permissions {
                *permission = match *permission {
                    ".default" | USER_IMPERSONATION => USER_IMPERSONATION,
                    _ => return Err(OAuthError::no_such_permission(permission, &resource)),
                };
            }
        }
        let permissions = permissions.into_iter().map(str::to_owned).collect();
        Ok(Self { resource, permissions, openid, offline })
    }

    /// A `scope` of version 2, for an app itself: all that it has been granted at one resource.
    pub(super) fn of_app(scope: &str) -> Result<Self, OAuthError> {
        let mut names = scope.split_whitespace();
        let resource = names.next().and_then(|name| name.strip_suffix("/.default"));
        match (resource, names.next()) {
            (Some(resource), None) => Self::of_resource(resource, ""),
            _ => Err(OAuthError::not_default(scope)),
        }
    }

    /// What was granted, as version 2 writes it.
    pub(super) fn granted(&self) -> String {
        let mut words: Vec<String> =
            self.permissions.iter().map(|name| format!("{}/{name}", self.resource)).collect();
        if self.openid {
            words.extend(["openid".to_owned(), "profile".to_owned()]);
        }
        words.join(" ")
    }
}

fn known(resource: &str) -> Result<String, OAuthError> {
    let name = resource.trim_end_matches('/').to_ascii_lowercase();
    if is_partner_center(&name) || OTHERS.contains(&name.as_str()) {
        return Ok(name);
    }
    Err(OAuthError::no_such_resource(resource))
}

#[cfg(test)]
mod tests {
    use super::*;

    const API: &str = "https://api.partnercenter.microsoft.com";

    #[test]
    fn scopes_are_read() {
        let read = |scope: &str| {
            let asked = RequestedAccess::of_scope(scope).unwrap();
            (asked.resource.clone(), asked.granted(), asked.offline)
        };
        for (scope, resource, granted, offline) in [
            (
                "https://api.partnercenter.microsoft.com/user_impersonation offline_access",
                API,
                "/user_impersonation",
                true,
            ),
            (
                "HTTPS://API.partnercenter.microsoft.com//.default",
                API,
                "/user_impersonation",
                false,
            ),
            (
                "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd/.default",
                PARTNER_CENTER[2],
                "/user_impersonation",
                false,
            ),
            (
                "http://127.0.0.1:8085/user_impersonation openid",
                "http://127.0.0.1:8085",
                "/user_impersonation openid profile",
                false,
            ),
            ("User.Read", GRAPH, "/User.Read", false),
        ] {
            assert_eq!(
                read(scope),
                (resource.to_owned(), format!("{resource}{granted}"), offline),
                "{scope}"
            );
        }
        assert_eq!(read("openid offline_access"), (GRAPH.into(), "openid profile".into(), true));
    }

    #[test]
    fn scopes_are_refused() {
        let code = |asked: Result<RequestedAccess, OAuthError>| asked.unwrap_err().code;
        for (scope, expected) in [
            ("https://api.partnercenter.microsoft.com/.default User.Read", 28000),
            ("User.Read .default", 70011),
            ("https://api.partnercenter.microsoft.com/other", 650_053),
            ("https://example.org/.default", 500_011),
        ] {
            assert_eq!(code(RequestedAccess::of_scope(scope)), expected, "{scope}");
        }
        for scope in [
            "",
            "https://api.partnercenter.microsoft.com",
            "https://api.partnercenter.microsoft.com/user_impersonation",
            "https://api.partnercenter.microsoft.com/.default openid",
        ] {
            assert_eq!(code(RequestedAccess::of_app(scope)), 1_002_012, "{scope}");
        }
        assert_eq!(code(RequestedAccess::of_resource("https://example.org", "")), 500_011);
        assert_eq!(RequestedAccess::of_app(&format!("{API}/.default")).unwrap().resource, API);
    }
}
