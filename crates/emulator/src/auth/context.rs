//! The tenant, address and time of a sign-in request.

use uuid::Uuid;

/// A version of the sign-in endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    V1,
    V2,
}

/// The tenant, address and time of a sign-in request.
pub(super) struct RequestContext {
    /// The emulator's own URL, as the client knows it.
    pub(super) root: String,
    /// The tenant as it appears in the path: an id, a domain, or `common`.
    pub(super) tenant: String,
    pub(super) tenant_id: Uuid,
    /// Seconds since the Unix epoch.
    pub(super) now: i64,
}

impl RequestContext {
    /// Returns the issuer of tokens. Microsoft Entra uses a separate host for version 1; the emulator has one host.
    pub(super) fn issuer(&self, version: Version) -> String {
        let suffix = match version {
            Version::V1 => "",
            Version::V2 => "v2.0",
        };
        format!("{}/{}/{suffix}", self.root, self.tenant_id)
    }
}
