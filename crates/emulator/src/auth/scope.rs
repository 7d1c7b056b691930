//! The access that a client requests: a resource and permissions for it. Version 1 of the endpoints takes a `resource`.
//! Version 2 takes a `scope`, which combines a resource and a permission.
//!
//! Source: <https://learn.microsoft.com/en-us/entra/identity-platform/scopes-oidc>.

use serde::{Deserialize, Serialize};

use super::oauth_error::OAuthError;

/// The names of Partner Center: in the public cloud, in the cloud of 21Vianet, and its app id.
const PARTNER_CENTER: [&str; 3] = [
    "https://api.partnercenter.microsoft.com",
    "https://partner.partnercenterapi.microsoftonline.cn",
    "fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd",
];
/// Other resources that clients of Partner Center request, sometimes by mistake.
const OTHER_RESOURCES: [&str; 4] = [
    GRAPH,
    "00000003-0000-0000-c000-000000000000",
    "https://graph.windows.net",
    "00000002-0000-0000-c000-000000000000",
];
/// The resource of a permission without a resource.
const GRAPH: &str = "https://graph.microsoft.com";

const USER_IMPERSONATION: &str = "user_impersonation";

/// Returns `true` if a token for this resource is valid for Partner Center. Any `http://` resource counts, because
/// only an emulator has a plain HTTP address.
pub(super) fn is_partner_center(resource: &str) -> bool {
    PARTNER_CENTER.contains(&resource) || resource.starts_with("http://")
}

/// The access that a client requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RequestedAccess {
    pub(super) resource: String,
    /// Short names: `user_impersonation`.
    pub(super) permissions: Vec<String>,
    /// True if the client requests an id token.
    pub(super) openid: bool,
    /// True if the client requests a refresh token.
    pub(super) offline: bool,
}

impl RequestedAccess {
    /// Parses a `resource` of version 1, which always issues a refresh token, and an id token for the scope `openid`.
    pub(super) fn from_resource(resource: &str, scope: &str) -> Result<Self, OAuthError> {
        let resource = known_resource(resource)?;
        let permissions = vec![USER_IMPERSONATION.to_owned()];
        let openid = scope.split_whitespace().any(|name| name == "openid");
        Ok(Self { resource, permissions, openid, offline: true })
    }

    /// Parses a `scope` of version 2 for a user.
    pub(super) fn from_scope(scope: &str) -> Result<Self, OAuthError> {
        let (mut openid, mut offline) = (false, false);
        let mut resource: Option<&str> = None;
        let mut permissions: Vec<&str> = Vec::new();
        for name in scope.split_whitespace() {
            match name {
                "openid" => openid = true,
                "offline_access" => offline = true,
                "profile" | "email" => {}
                _ => {
                    let (prefix, permission) = name.rsplit_once('/').unwrap_or((GRAPH, name));
                    if resource.is_some_and(|resource| resource != prefix) {
                        return Err(OAuthError::two_resources());
                    }
                    resource = Some(prefix);
                    if !permissions.contains(&permission) {
                        permissions.push(permission);
                    }
                }
            }
        }
        let resource = known_resource(resource.unwrap_or(GRAPH))?;
        if permissions.len() > 1 && permissions.contains(&".default") {
            return Err(OAuthError::invalid_scope(scope));
        }
        if is_partner_center(&resource) {
            for permission in &mut permissions {
                *permission = match *permission {
                    ".default" | USER_IMPERSONATION => USER_IMPERSONATION,
                    _ => return Err(OAuthError::unknown_permission(permission, &resource)),
                };
            }
        }
        let permissions = permissions.into_iter().map(str::to_owned).collect();
        Ok(Self { resource, permissions, openid, offline })
    }

    /// Parses a `scope` of version 2 for an app: `.default`, all its permissions for one resource.
    pub(super) fn from_app_scope(scope: &str) -> Result<Self, OAuthError> {
        let mut names = scope.split_whitespace();
        let resource = names.next().and_then(|name| name.strip_suffix("/.default"));
        match (resource, names.next()) {
            (Some(resource), None) => Self::from_resource(resource, ""),
            _ => Err(OAuthError::not_default_scope(scope)),
        }
    }

    /// Returns the granted scope in the format of version 2.
    pub(super) fn granted_scope(&self) -> String {
        let mut names: Vec<String> =
            self.permissions.iter().map(|name| format!("{}/{name}", self.resource)).collect();
        if self.openid {
            names.extend(["openid".to_owned(), "profile".to_owned()]);
        }
        names.join(" ")
    }
}

fn known_resource(resource: &str) -> Result<String, OAuthError> {
    let name = resource.trim_end_matches('/').to_ascii_lowercase();
    if is_partner_center(&name) || OTHER_RESOURCES.contains(&name.as_str()) {
        return Ok(name);
    }
    Err(OAuthError::unknown_resource(resource))
}

#[cfg(test)]
mod tests {
    use super::*;

    const API: &str = "https://api.partnercenter.microsoft.com";

    #[test]
    fn parses_scopes() {
        let parse = |scope: &str| {
            let access = RequestedAccess::from_scope(scope).unwrap();
            (access.resource.clone(), access.granted_scope(), access.offline)
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
                parse(scope),
                (resource.to_owned(), format!("{resource}{granted}"), offline),
                "{scope}"
            );
        }
        assert_eq!(parse("openid offline_access"), (GRAPH.into(), "openid profile".into(), true));
    }

    #[test]
    fn rejects_invalid_scopes_with_their_code() {
        let code = |parsed: Result<RequestedAccess, OAuthError>| parsed.unwrap_err().code;
        for (scope, expected) in [
            ("https://api.partnercenter.microsoft.com/.default User.Read", 28000),
            ("User.Read .default", 70011),
            ("https://api.partnercenter.microsoft.com/other", 650_053),
            ("https://example.org/.default", 500_011),
        ] {
            assert_eq!(code(RequestedAccess::from_scope(scope)), expected, "{scope}");
        }
        for scope in [
            "",
            "https://api.partnercenter.microsoft.com",
            "https://api.partnercenter.microsoft.com/user_impersonation",
            "https://api.partnercenter.microsoft.com/.default openid",
        ] {
            assert_eq!(code(RequestedAccess::from_app_scope(scope)), 1_002_012, "{scope}");
        }
        assert_eq!(code(RequestedAccess::from_resource("https://example.org", "")), 500_011);
        let access = RequestedAccess::from_app_scope(&format!("{API}/.default")).unwrap();
        assert_eq!(access.resource, API);
    }
}
