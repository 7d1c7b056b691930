//! The state of the sign-in server: its settings, its key, and the codes and tokens that it has issued.

use std::collections::HashMap;

use uuid::Uuid;

use super::codes::{AuthorizationCode, RefreshTokenFamilies};
use super::device_codes::DeviceCodes;
use super::settings::{AuthMode, LoginSettings};
use super::token_signer::TokenSigner;
use crate::domain::ids::Random;

/// The sign-in server: apps, users, and the codes and tokens that it has issued.
pub(crate) struct AuthServer {
    pub(super) auth: AuthMode,
    pub(super) settings: LoginSettings,
    pub(super) signer: TokenSigner,
    pub(super) random: Random,
    pub(super) device_codes: DeviceCodes,
    pub(super) authorization_codes: HashMap<String, AuthorizationCode>,
    pub(super) refresh_tokens: RefreshTokenFamilies,
}

impl AuthServer {
    pub(crate) fn new(auth: AuthMode, settings: LoginSettings, seed: u64) -> Self {
        Self {
            auth,
            settings: settings.with_default_user(),
            signer: TokenSigner::new(seed),
            random: Random::new(seed, 2),
            device_codes: DeviceCodes::default(),
            authorization_codes: HashMap::new(),
            refresh_tokens: RefreshTokenFamilies::default(),
        }
    }

    /// Returns the id of a tenant. A domain gets an id derived from its name, and `common` is the first user's tenant.
    pub(super) fn tenant_id(&self, tenant: &str) -> Uuid {
        match tenant {
            "common" | "organizations" | "consumers" => self.home_tenant(),
            _ => Uuid::try_parse(tenant).unwrap_or_else(|_| self.signer.id_of("tenant", tenant)),
        }
    }

    /// Returns the id of the first user's tenant, which is the partner's.
    pub(crate) fn home_tenant(&self) -> Uuid {
        self.signer.id_of("tenant", self.home_domain())
    }

    /// Returns the domain of the first user.
    pub(crate) fn home_domain(&self) -> &str {
        let first_user = &self.settings.users[0].name;
        first_user.rsplit_once('@').map_or(first_user.as_str(), |(_, domain)| domain)
    }
}
