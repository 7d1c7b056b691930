//! The tenant, address and time that a sign-in request is answered for.

use uuid::Uuid;

/// The two generations of the endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    V1,
    V2,
}

/// Where and when a request is answered.
pub(super) struct Site {
    /// The emulator's own URL, as the client knows it.
    pub(super) root: String,
    /// As in the path: an id, a domain, or `common`.
    pub(super) tenant: String,
    pub(super) tenant_id: Uuid,
    pub(super) now: i64,
}

impl Site {
    /// Microsoft Entra has a host of its own for the issuer of version 1; this has one host.
    pub(super) fn issuer(&self, version: Version) -> String {
        let end = match version {
            Version::V1 => "",
            Version::V2 => "v2.0",
        };
        format!("{}/{}/{end}", self.root, self.tenant_id)
    }
}
