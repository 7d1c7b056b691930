//! Policies as a file has them. Decides what may stand in it; whether a setting is known is decided with what the
//! service has.

use std::collections::HashSet;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Policy;
use crate::errors::{CommandError, Exit};

/// A file of policies, for `pcdevices policies apply`.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct PolicyFile {
    /// Whose policies they are: aliases or tenant ids. Without it the command says so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) customers: Vec<String>,
    /// The policies.
    pub(crate) policies: Vec<WantedPolicy>,
}

/// A policy as it shall be.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct WantedPolicy {
    /// Which policy it is; without it that of the same name, in any case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    /// Its name. With an id it may be a new one.
    pub(crate) name: String,
    /// What it is for. Without it the service's stays; an empty one takes it away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
    /// All it switches on; `[]` is nothing.
    pub(crate) settings: Vec<String>,
}

impl PolicyFile {
    pub(crate) fn read(path: &Path) -> Result<Self, CommandError> {
        let name = path.display();
        let text = match path.to_str() {
            Some("-") => std::io::read_to_string(std::io::stdin()),
            _ => std::fs::read_to_string(path),
        };
        let text = text.map_err(|error| {
            CommandError::new(Exit::InvalidFile, format!("cannot read {name}: {error}"))
        })?;
        Self::from_yaml(&text).map_err(|problem| {
            CommandError::new(Exit::InvalidFile, format!("{name} cannot be used: {problem}"))
        })
    }

    /// YAML, of which JSON is a part.
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
                return Err(format!("policies[{place}]: '{name}' is there twice"));
            }
            if let Some(id) = &policy.id
                && !ids.insert(id.to_lowercase())
            {
                return Err(format!("policies[{place}]: the id {id} is there twice"));
            }
        }
        Ok(file)
    }

    /// What is there, as a file. What the service did not say of a policy is not made up: then its name is in the error.
    pub(crate) fn of(policies: &[Policy]) -> Result<Self, String> {
        let wanted = |policy: &Policy| {
            let same = |other: &&Policy| other.has_name(&policy.name);
            let alone = policies.iter().filter(same).count() == 1;
            Ok(WantedPolicy {
                id: policy.id.clone().filter(|_| !alone),
                name: policy.name.clone(),
                description: policy.description.clone().filter(|text| !text.is_empty()),
                settings: policy.settings.clone().ok_or_else(|| policy.name.clone())?,
            })
        };
        let policies = policies.iter().map(wanted).collect::<Result<_, String>>()?;
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
    fn a_file_is_yaml_or_json() {
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
    fn what_cannot_be_meant_is_refused_with_its_place() {
        let one = |more: &str| format!("policies:\n- name: A\n  settings: []\n{more}");
        for (text, words) in [
            (String::new(), "unexpected end"),
            ("customers: []".to_owned(), "policies"),
            ("policies:\n- name: A\n".to_owned(), "settings"),
            // Nothing after the colon is not the empty list: it may be a slip.
            ("policies:\n- name: A\n  settings:\n".to_owned(), "line 3"),
            (one("- name: a\n  settings: []\n"), "policies[1]: 'a' is there twice"),
            (one("- name: ' '\n  settings: []\n"), "policies[1] has no name"),
            (one("- name: B\n  setting: []\n"), "line 5"),
            (one("  colour: red\n"), "colour"),
            (
                "policies:\n- {id: x, name: A, settings: []}\n- {id: X, name: B, settings: []}"
                    .to_owned(),
                "policies[1]: the id X is there twice",
            ),
        ] {
            let problem = PolicyFile::from_yaml(&text).unwrap_err();
            assert!(problem.contains(words), "{text}: {problem}");
        }
    }

    #[test]
    fn any_text_comes_back_from_a_file() {
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
    fn an_id_is_in_the_file_only_where_names_are_not_enough() {
        let policy = |id: &str, name: &str| Policy {
            id: Some(id.to_owned()),
            name: name.to_owned(),
            settings: Some(Vec::new()),
            ..Policy::default()
        };
        let file = PolicyFile::of(&[policy("1", "A"), policy("2", "a"), policy("3", "B")]).unwrap();
        let ids: Vec<_> = file.policies.iter().map(|policy| policy.id.as_deref()).collect();
        assert_eq!(ids, [Some("1"), Some("2"), None]);
        let silent = Policy { settings: None, ..policy("4", "C") };
        assert_eq!(PolicyFile::of(&[silent]).unwrap_err(), "C");
    }
}
