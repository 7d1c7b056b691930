//! The checks of a request from the network, before it reaches the service.
//!
//! - A `Host` that is a public name is rejected on every path: an attacker can point a public name at this machine and let
//!   a browser call it. Names of Microsoft's domains and configured names are accepted.
//! - `/_emulator` is only open to this machine, unless the builder opens it to others.
//! - A path has at most 8 KiB, because the state remembers names.
//! - Only so many connections are open at the same time; one more gets a short 503.

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::header::HOST;
use http::{Request, Response, StatusCode};
use serde_json::json;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

use super::cors::AllowedOrigins;
use super::received_body::MAX_BODY;
use crate::admin::{host_name, is_admin_path, is_private, json_response};

/// The maximum length of a path with its query, in bytes.
const MAX_TARGET: usize = 8 << 10;

/// The memory for all bodies that are being read, in KiB.
const BODY_BUDGET: u32 = 2 * (MAX_BODY >> 10) as u32;

/// The domains of the emulated service and its sign-in, which clients may resolve to this machine.
const SERVICE_DOMAINS: [&str; 7] = [
    ".microsoft.com",
    ".microsoftonline.com",
    ".microsoftonline.us",
    ".microsoftonline.de",
    ".partnercenter.cn",
    ".chinacloudapi.cn",
    ".windows.net",
];

/// The default number of connections that may be open at the same time. Many systems let a process open 1,024 files.
const MAX_CONNECTIONS: usize = 512;

/// The number of connections that may be refused with a response at the same time.
const MAX_REFUSALS: usize = 32;

/// Which clients of the network may do what.
#[derive(Clone, Debug)]
pub(crate) struct GateSettings {
    /// Opens `/_emulator` to other machines.
    pub(crate) remote_management: bool,
    /// Further names that a `Host` may have, in lower case.
    pub(crate) hosts: Vec<String>,
    /// The number of connections that may be open at the same time.
    pub(crate) max_connections: usize,
    /// The web pages that may call the service.
    pub(crate) origins: AllowedOrigins,
}

impl Default for GateSettings {
    fn default() -> Self {
        Self {
            remote_management: false,
            hosts: Vec::new(),
            max_connections: MAX_CONNECTIONS,
            origins: AllowedOrigins::default(),
        }
    }
}

/// The admission of a connection. It counts while it exists.
pub(super) enum Admission {
    /// The connection is served.
    Open(OwnedSemaphorePermit),
    /// There are too many connections. The client gets a short response.
    Refused(OwnedSemaphorePermit),
    /// There are also too many refused ones. The connection is closed immediately.
    Closed,
}

/// The checks of all connections, and their memory.
#[derive(Clone)]
pub(super) struct Gate {
    settings: Arc<GateSettings>,
    bodies: Arc<Semaphore>,
    connections: Arc<Semaphore>,
    refusals: Arc<Semaphore>,
}

impl Gate {
    pub(super) fn new(settings: GateSettings) -> Self {
        let bodies = Semaphore::new(BODY_BUDGET as usize);
        let connections = settings.max_connections.clamp(1, Semaphore::MAX_PERMITS);
        Self {
            settings: Arc::new(settings),
            bodies: Arc::new(bodies),
            connections: Arc::new(Semaphore::new(connections)),
            refusals: Arc::new(Semaphore::new(MAX_REFUSALS)),
        }
    }

    /// Returns the web pages that may call the service.
    pub(super) fn origins(&self) -> &AllowedOrigins {
        &self.settings.origins
    }

    /// Admits or refuses one more connection.
    pub(super) fn admit(&self) -> Admission {
        let permit = |semaphore: &Arc<Semaphore>| Arc::clone(semaphore).try_acquire_owned().ok();
        permit(&self.connections)
            .map(Admission::Open)
            .unwrap_or_else(|| permit(&self.refusals).map_or(Admission::Closed, Admission::Refused))
    }

    /// Returns the response to a request that must not reach the service.
    pub(super) fn refusal<T>(&self, peer: IpAddr, request: &Request<T>) -> Option<Response<Bytes>> {
        let refuse = |status, error: &str| Some(json_response(status, &json!({ "error": error })));
        let host = request.headers().get(HOST).map(|host| host.to_str().unwrap_or("."));
        if host.is_some_and(|host| !self.is_accepted(host)) {
            return refuse(
                StatusCode::FORBIDDEN,
                "Host must be an IP address or a name that is not public. --allow-host accepts another name.",
            );
        }
        let path = request.uri().path_and_query().map_or("", |path| path.as_str());
        if path.len() > MAX_TARGET {
            return refuse(StatusCode::URI_TOO_LONG, "The path is longer than 8 KiB.");
        }
        let is_remote = !peer.to_canonical().is_loopback();
        if is_remote && !self.settings.remote_management && is_admin_path(request.uri().path()) {
            return refuse(
                StatusCode::FORBIDDEN,
                "/_emulator is only open to this machine. --allow-remote-management opens it to others.",
            );
        }
        None
    }

    fn is_accepted(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        let name = host_name(&host);
        is_private(&host)
            || self.settings.hosts.iter().any(|accepted| accepted == name)
            || SERVICE_DOMAINS.into_iter().any(|domain| name.ends_with(domain))
    }

    /// Waits until there is memory for a body of this length.
    pub(super) async fn body_memory(&self, bytes: u64) -> Option<SemaphorePermit<'_>> {
        let kib = u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX).min(BODY_BUDGET);
        self.bodies.acquire_many(kib).await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_open_and_refused_connections_until_they_end() {
        for (configured, open) in [(0, 1), (1, 1), (3, 3), (usize::MAX, 4)] {
            let gate =
                Gate::new(GateSettings { max_connections: configured, ..Default::default() });
            let mut admitted: Vec<_> = (0..open).map(|_| gate.clone().admit()).collect();
            assert!(admitted.iter().all(|one| matches!(one, Admission::Open(_))), "{configured}");
            if configured == usize::MAX {
                continue;
            }
            let refused: Vec<_> = (0..MAX_REFUSALS).map(|_| gate.admit()).collect();
            assert!(refused.iter().all(|one| matches!(one, Admission::Refused(_))));
            assert!(matches!(gate.admit(), Admission::Closed));
            admitted.pop();
            assert!(matches!(gate.admit(), Admission::Open(_)));
            drop(refused);
        }
    }

    #[test]
    fn refuses_public_hosts_long_paths_and_remote_management() {
        let long = format!("/v1/customers/{}", "c".repeat(MAX_TARGET));
        for (remote_management, peer, host, path, status) in [
            (false, "127.0.0.1", "127.0.0.1:80", "/v1/customers/c/policies", 200),
            (false, "127.0.0.1", "rebind.example.com", "/v1/customers/c/policies", 403),
            (false, "127.0.0.1", "rebind.example.com:80", "/common/oauth2/v2.0/token", 403),
            (
                false,
                "127.0.0.1",
                "api.partnercenter.microsoft.com",
                "/v1/customers/c/policies",
                200,
            ),
            (false, "127.0.0.1", "microsoft.com.example.com", "/v1/customers/c/policies", 403),
            (false, "127.0.0.1", "PARTNER.example.com:443", "/", 200),
            (false, "127.0.0.1", "x", &long, 414),
            (false, "127.0.0.1", "x", "/_emulator/state", 200),
            (false, "::ffff:127.0.0.1", "x", "/_emulator/state", 200),
            (false, "192.0.2.7", "192.0.2.1", "/_emulator/reset", 403),
            (false, "192.0.2.7", "192.0.2.1", "/v1/customers/c/policies", 200),
            (true, "192.0.2.7", "192.0.2.1", "/_emulator/reset", 200),
        ] {
            let hosts = vec!["partner.example.com".to_owned()];
            let gate =
                Gate::new(GateSettings { remote_management, hosts, ..GateSettings::default() });
            let request = Request::get(path).header(HOST, host).body(()).unwrap();
            let refusal = gate.refusal(peer.parse().unwrap(), &request);
            let answered = refusal.map_or(200, |response| response.status().as_u16());
            assert_eq!(answered, status, "{peer} {host} {:.40}", path);
        }
    }
}
