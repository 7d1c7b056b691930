//! The organization of a sign-in, as Partner Center knows it: is this the right partner?

use std::fmt;
use std::time::Duration;

use partner_center_devices::{AccessToken, Client, Retry};
use schemars::JsonSchema;
use serde::Serialize;

use crate::args::Service;
use crate::settings::config::Config;
use crate::settings::connection::Connection;
use crate::settings::session::{APPLICATION, Target};
use crate::ui::calls::call_display;
use crate::ui::output::Ui;

/// The time for the answer. The status does not depend on it.
const TIME: Duration = Duration::from_secs(15);

/// An organization in Partner Center.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Organization {
    /// The company name.
    name: Option<String>,
    /// The tenant id.
    tenant_id: Option<String>,
    /// The domain.
    domain: Option<String>,
}

impl Organization {
    /// Reads the organization with the token of the profile, from the profile's service. Without an answer, prints the reason.
    pub(super) async fn read(
        ui: Ui,
        service: &Service,
        config: &Config,
        token: &AccessToken,
    ) -> Option<Self> {
        if token.claims().is_some_and(|claims| claims.is_app_only) {
            ui.status(
                "An app cannot read the organization that it belongs to; a signed-in user can.\n",
            );
            return None;
        }
        let target = Target::of(&Service::default(), &config.profile);
        let client = Client::builder()
            .application(APPLICATION)
            .base_url(&target.base_url)
            .network(Connection::of(service, config).ok()?.network)
            .retry(Retry::never())
            .observer(call_display(ui))
            .token(token.secret().clone())
            .build()
            .ok()?;
        match client.organization_profile().timeout(TIME).await {
            Ok(profile) => {
                let text = |text: Option<&str>| text.map(ToOwned::to_owned);
                let (name, domain) = (text(profile.name()), text(profile.domain()));
                Some(Self { name, tenant_id: text(profile.tenant_id()), domain })
            }
            Err(error) => {
                ui.status_line(&format!("Your organization cannot be read: {}", error.message()));
                None
            }
        }
    }
}

/// The name, with the domain and the tenant id in brackets.
impl fmt::Display for Organization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, tenant_id, domain } = self;
        let rest: Vec<_> = [domain, tenant_id].into_iter().flatten().map(String::as_str).collect();
        match (name, &rest[..]) {
            (Some(name), []) => f.write_str(name),
            (Some(name), rest) => write!(f, "{name} ({})", rest.join(", ")),
            (None, rest) => f.write_str(&rest.join(", ")),
        }
    }
}
