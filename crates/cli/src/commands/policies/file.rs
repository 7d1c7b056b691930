//! The policy file: its format and its checks. Unknown settings are checked later, because a setting is known if one of
//! the customer's policies has it.

use std::collections::HashSet;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::policy::Policy;
use crate::bounded_file;
use crate::errors::{CommandError, Exit};

/// A file of policies, for `pcdevices policies apply`.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct PolicyFile {
    /// The customers, as aliases, tenant ids, company names or default domains. Optional if the command names them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) customers: Vec<String>,
    /// The policies.
    pub(crate) policies: Vec<PolicyEntry>,
}

/// A policy in a policy file.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct PolicyEntry {
    /// The id of the policy. Without it, the policy is matched by name, ignoring case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    /// The name. Together with an id, it can rename the policy.
    pub(crate) name: String,
    /// The description. If it is missing, the current one is kept; an empty text removes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
    /// All settings that are on; `[]` turns all off.
    pub(crate) settings: Vec<String>,
}

impl PolicyFile {
    pub(crate) fn read(path: &Path) -> Result<Self, CommandError> {
        let name = path.display();
        let text = match path.to_str() {
            Some("-") => bounded_file::read_text_from(std::io::stdin()),
            _ => bounded_file::read_text(path),
        };
        let text = text.map_err(|error| {
            CommandError::new(Exit::InvalidFile, format!("cannot read {name}: {error}"))
        })?;
        Self::from_yaml(&text).map_err(|problem| {
            CommandError::new(
                Exit::InvalidFile,
                format!("{name} is not a valid policy file: {problem}"),
            )
        })
    }

    /// Parses YAML, which includes JSON.
    fn from_yaml(text: &str) -> Result<Self, String> {
        let text = text.trim_start_matches('\u{feff}');
        let mut file: Self =
            serde_saphyr::from_str(text).map_err(|error| error.without_snippet().to_string())?;
        let (mut names, mut ids) = (HashSet::new(), HashSet::new());
        for (place, policy) in file.policies.iter_mut().enumerate() {
            policy.name = policy.name.trim().to_owned();
            let name = &policy.name;
            if name.is_empty() {
                return Err(format!("policies[{place}] has no name"));
            }
            if !names.insert(name.to_lowercase()) {
                return Err(format!("policies[{place}]: duplicate name '{name}'"));
            }
            if let Some(id) = &policy.id
                && !ids.insert(id.to_lowercase())
            {
                return Err(format!("policies[{place}]: duplicate id {id}"));
            }
        }
        Ok(file)
    }

    /// Creates a file from existing policies. Returns the name of the first policy whose settings the service did not
    /// report.
    pub(crate) fn of(policies: &[Policy]) -> Result<Self, String> {
        let entry = |policy: &Policy| {
            let same = |other: &&Policy| other.has_name(&policy.name);
            let unique = policies.iter().filter(same).count() == 1;
            Ok(PolicyEntry {
                id: policy.id.clone().filter(|_| !unique),
                name: policy.name.clone(),
                description: policy.description.clone().filter(|text| !text.is_empty()),
                settings: policy.settings.clone().ok_or_else(|| policy.name.clone())?,
            })
        };
        let policies = policies.iter().map(entry).collect::<Result<_, String>>()?;
        Ok(Self { customers: Vec::new(), policies })
    }

    pub(crate) fn to_yaml(&self) -> Result<String, CommandError> {
        serde_saphyr::to_string(self)
            .map_err(|error| CommandError::new(Exit::Unavailable, error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_yaml_and_json() {
        let yaml =
            "\u{feff}customers: [contoso]\npolicies:\n  - name: ' A '\n    settings: [skip_eula]\n";
        let json =
            r#"{"customers":["contoso"],"policies":[{"name":"A","settings":["skip_eula"]}]}"#;
        for text in [yaml, json] {
            let file = PolicyFile::from_yaml(text).unwrap();
            assert_eq!(
                (file.customers, file.policies[0].name.as_str()),
                (vec!["contoso".to_owned()], "A")
            );
        }
    }

    #[test]
    fn rejects_invalid_files_with_the_place_of_the_problem() {
        let one = |more: &str| format!("policies:\n- name: A\n  settings: []\n{more}");
        for (text, words) in [
            (String::new(), "unexpected end"),
            ("customers: []".to_owned(), "policies"),
            ("policies:\n- name: A\n".to_owned(), "settings"),
            // A missing value is not an empty list: it may be a mistake.
            ("policies:\n- name: A\n  settings:\n".to_owned(), "line 3"),
            (one("- name: a\n  settings: []\n"), "policies[1]: duplicate name 'a'"),
            (one("- name: ' '\n  settings: []\n"), "policies[1] has no name"),
            (one("- name: B\n  setting: []\n"), "line 5"),
            (one("  color: red\n"), "color"),
            (
                "policies:\n- {id: x, name: A, settings: []}\n- {id: X, name: B, settings: []}"
                    .to_owned(),
                "policies[1]: duplicate id X",
            ),
        ] {
            let problem = PolicyFile::from_yaml(&text).unwrap_err();
            assert!(problem.contains(words), "{text}: {problem}");
        }
    }

    #[test]
    fn any_text_survives_a_round_trip() {
        for text in [
            "true",
            "07",
            "a: b",
            "- x",
            "#no",
            "'",
            "\"",
            "two\nlines\n",
            "ü 装置",
            "~",
            "a\tb ",
            "{}",
        ] {
            let policy = Policy {
                name: text.trim().to_owned(),
                description: Some(text.to_owned()),
                settings: Some(vec![text.to_owned()]),
                ..Policy::default()
            };
            let yaml = PolicyFile::of(&[policy]).unwrap().to_yaml().unwrap();
            let back = &PolicyFile::from_yaml(&yaml).unwrap().policies[0];
            assert_eq!(back.name, text.trim(), "{yaml}");
            assert_eq!(back.description.as_deref(), Some(text), "{yaml}");
            assert_eq!(back.settings, [text], "{yaml}");
        }
    }

    #[test]
    fn an_id_is_written_only_for_ambiguous_names() {
        let policy = |id: &str, name: &str| Policy {
            id: Some(id.to_owned()),
            name: name.to_owned(),
            settings: Some(Vec::new()),
            ..Policy::default()
        };
        let file = PolicyFile::of(&[policy("1", "A"), policy("2", "a"), policy("3", "B")]).unwrap();
        let ids: Vec<_> = file.policies.iter().map(|policy| policy.id.as_deref()).collect();
        assert_eq!(ids, [Some("1"), Some("2"), None]);
        let without_settings = Policy { settings: None, ..policy("4", "C") };
        assert_eq!(PolicyFile::of(&[without_settings]).unwrap_err(), "C");
    }
}
