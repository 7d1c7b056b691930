//! The state of the sign-in server: its settings, its key, and the codes and tokens that it has issued.

use std::collections::HashMap;

use uuid::Uuid;

use super::codes::{Code, Families};
use super::device_codes::DeviceCodes;
use super::settings::{Auth, LoginSettings};
use super::token_signer::TokenSigner;
use crate::domain::ids::Random;

/// Apps, users, and what has been given out.
pub(crate) struct AuthServer {
    pub(super) auth: Auth,
    pub(super) settings: LoginSettings,
    pub(super) signer: TokenSigner,
    pub(super) random: Random,
    pub(super) device_codes: DeviceCodes,
    pub(super) codes: HashMap<String, Code>,
    pub(super) families: Families,
}

impl AuthServer {
    pub(crate) fn new(auth: Auth, settings: LoginSettings, seed: u64) -> Self {
        Self {
            auth,
            settings: settings.with_a_user(),
            signer: TokenSigner::new(seed),
            random: Random::new(seed, 2),
            device_codes: DeviceCodes::default(),
            codes: HashMap::new(),
            families: Families::default(),
        }
    }

    /// A tenant's id is itself; that of a domain is made of its name. `common` is the first user's.
    pub(super) fn tenant_id(&self, tenant: &str) -> Uuid {
        let first_user = &self.settings.users[0].name;
        let home = first_user.rsplit_once('@').map_or(first_user.as_str(), |(_, domain)| domain);
        match tenant {
            "common" | "organizations" | "consumers" => self.signer.id_of("tenant", home),
            _ => Uuid::try_parse(tenant).unwrap_or_else(|_| self.signer.id_of("tenant", tenant)),
        }
    }
}
