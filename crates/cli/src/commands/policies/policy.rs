//! A policy of a customer, as commands print and compare it.

use std::collections::HashSet;

use partner_center_devices::{ConfigurationPolicy, PolicySetting};
use schemars::JsonSchema;
use serde::Serialize;

use crate::ui::list::{Column, Record, column, csv_only};
use crate::ui::output::facts;
use crate::ui::text_layout::{or_empty, timestamp};

/// A policy of a customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Policy {
    pub(super) id: Option<String>,
    pub(super) name: String,
    pub(super) description: Option<String>,
    /// The category; the only documented one is `o_o_b_e`.
    pub(super) category: Option<String>,
    /// The settings that are on; null if the service did not report them.
    pub(super) settings: Option<Vec<String>>,
    /// The number of devices that use it.
    pub(super) devices: Option<i64>,
    /// The creation time, in RFC 3339.
    pub(super) created: Option<String>,
    /// The time of the last change, in RFC 3339.
    pub(super) changed: Option<String>,
}

impl Record for Policy {
    const COLUMNS: &'static [Column<Self>] = &[
        column("Policy", "name", |policy| policy.name.clone()),
        column("Settings", "settings", |policy: &Self| policy.setting_list(", ")).rank(1).text(),
        column("Devices", "devices", |policy: &Self| or_empty(&policy.devices)).rank(2),
        csv_only("description", |policy| or_empty(&policy.description)),
        csv_only("category", |policy| or_empty(&policy.category)),
        csv_only("created", |policy| or_empty(&policy.created)),
        csv_only("changed", |policy| or_empty(&policy.changed)),
        column("Id", "id", |policy: &Self| or_empty(&policy.id)).rank(3),
    ];
}

impl From<&ConfigurationPolicy> for Policy {
    fn from(policy: &ConfigurationPolicy) -> Self {
        let settings = policy.as_raw().policy_settings.as_ref();
        Self {
            id: policy.id_text().map(ToOwned::to_owned),
            name: policy.name().unwrap_or_default().to_owned(),
            description: policy.description().map(ToOwned::to_owned),
            category: policy.category().map(ToString::to_string),
            settings: settings.map(|all| all.iter().map(ToString::to_string).collect()),
            devices: policy.devices_assigned(),
            created: policy.created().map(timestamp),
            changed: policy.last_modified().map(timestamp),
        }
    }
}

impl Policy {
    pub(super) fn has_id(&self, id: &str) -> bool {
        self.id.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(id.trim()))
    }

    pub(super) fn has_name(&self, name: &str) -> bool {
        self.name.trim().to_lowercase() == name.trim().to_lowercase()
    }

    pub(super) fn settings(&self) -> Vec<PolicySetting> {
        let all = self.settings.iter().flatten();
        all.map(|setting| PolicySetting::from(setting.as_str())).collect()
    }

    pub(super) fn setting_list(&self, between: &str) -> String {
        self.settings.as_ref().map(|all| all.join(between)).unwrap_or_default()
    }

    /// Returns true if name, description and settings are the same. The number of devices does not matter.
    pub(super) fn has_same_content(&self, other: &Self) -> bool {
        let settings = |policy: &Self| policy.settings().into_iter().collect::<HashSet<_>>();
        self.name == other.name
            && self.description == other.description
            && self.settings.is_some() == other.settings.is_some()
            && settings(self) == settings(other)
    }

    pub(super) fn facts(&self) -> String {
        let settings = match self.settings.as_deref() {
            Some([]) => vec!["none".to_owned()],
            settings => settings.unwrap_or_default().to_vec(),
        };
        let settings = settings.into_iter().enumerate();
        let mut lines = vec![
            ("Policy", self.name.clone()),
            ("Id", or_empty(&self.id)),
            ("Description", or_empty(&self.description)),
            ("Category", or_empty(&self.category)),
        ];
        lines.extend(
            settings.map(|(place, setting)| (if place == 0 { "Settings" } else { "" }, setting)),
        );
        lines.extend([
            ("Devices", or_empty(&self.devices)),
            ("Created", or_empty(&self.created)),
            ("Changed", or_empty(&self.changed)),
        ]);
        facts(&lines)
    }
}
