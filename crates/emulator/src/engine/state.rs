//! The state that a reset restores: the world, the ids, the sign-in and the fault rules.

use std::time::Duration;

use http::header::{HeaderMap, HeaderName, HeaderValue};

use crate::api::idempotency::ResponseCache;
use crate::api::response::ascii;
use crate::auth::{AuthMode, AuthServer, LoginSettings};
use crate::domain::clock::Clock;
use crate::domain::ids::Random;
use crate::domain::world::World;
use crate::fault_injection::expired_tokens::ExpiredTokens;
use crate::fault_injection::{FaultInjector, FaultRules};
use crate::storage::world_file::WorldFile;

/// The settings that the state is built from.
#[derive(Clone, Debug)]
pub(crate) struct InitialState {
    pub(crate) faults: FaultRules,
    pub(crate) auth: AuthMode,
    pub(crate) login: LoginSettings,
    pub(crate) world: Option<WorldFile>,
}

/// The state of the service.
pub(crate) struct ServiceState {
    /// Generates the ids of resources.
    pub(super) resource_ids: Random,
    /// Generates the ids of exchanges.
    pub(super) trace_ids: Random,
    pub(crate) world: World,
    /// The responses to changes, by request id.
    pub(super) responses: ResponseCache,
    pub(crate) faults: FaultInjector,
    pub(super) expired_tokens: ExpiredTokens,
    pub(crate) auth: AuthServer,
}

impl ServiceState {
    pub(super) fn new(seed: u64, initial: &InitialState) -> Self {
        let mut trace_ids = Random::new(seed, 1);
        trace_ids.server_id(); // skips the engine's own
        Self {
            resource_ids: Random::new(seed, 0),
            trace_ids,
            world: World::default(),
            responses: ResponseCache::default(),
            faults: FaultInjector::new(seed, &initial.faults),
            expired_tokens: ExpiredTokens::default(),
            auth: AuthServer::new(initial.auth, initial.login.clone(), seed),
        }
    }

    /// Replaces the world, and drops the stored responses.
    pub(super) fn load_world(&mut self, file: &WorldFile, seed: u64, clock: Clock, now: Duration) {
        // A new stream: the file may contain the first ids of this seed.
        self.resource_ids = Random::new(seed, file.fingerprint());
        self.responses = ResponseCache::default();
        let world = file.build(clock, now.into(), &mut self.resource_ids);
        self.world = world.expect("a `WorldFile` was built once when it was parsed");
    }

    /// Returns the id in a request header, or a generated one.
    pub(super) fn header_or_new_id(
        &mut self,
        headers: &HeaderMap,
        name: &HeaderName,
    ) -> HeaderValue {
        let generated = self.trace_ids.guid();
        headers
            .get(name)
            .filter(|id| !id.is_empty())
            .cloned()
            .unwrap_or_else(|| ascii(&generated.to_string()))
    }
}
