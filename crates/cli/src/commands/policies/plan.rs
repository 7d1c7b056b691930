//! Plans for policies: compares the entries of a file, or an edit, with the existing policies, and returns the steps.

use std::fmt::Write as _;

use partner_center_devices::raw::printable;
use partner_center_devices::{PolicyChange, PolicySetting};
use schemars::JsonSchema;
use serde::Serialize;

use super::args::PolicyEdit;
use super::file::PolicyEntry;
use super::policy::Policy;
use crate::errors::{CommandError, Exit};
use crate::policy_names::{ambiguous, pick};
use crate::ui::style::{BOLD, ERROR, SUCCESS, WARNING};
use crate::ui::text_layout::{count, shorten_name};

/// The planned changes to the policies of a customer, or the changes that were made.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyPlan {
    /// The customer's tenant id.
    pub(super) customer: String,
    /// The customer's name as given.
    #[serde(skip)]
    pub(super) called: String,
    pub(super) steps: Vec<Step>,
}

/// A policy and the action for it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Step {
    pub(super) action: Action,
    /// The policy's id; null for a new policy.
    pub(super) id: Option<String>,
    /// The name, before any change.
    pub(super) name: String,
    /// The number of devices that use it, if the service reports it.
    pub(super) devices: Option<i64>,
    pub(super) changes: Vec<Change>,
    /// The outcome; null if the step was not tried.
    pub(super) outcome: Option<Outcome>,
    /// The reason for a failure.
    pub(super) error: Option<String>,
    /// The policy when the plan was made.
    #[serde(skip)]
    pub(super) before: Option<Policy>,
}

/// An action for a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) enum Action {
    Create,
    Update,
    Delete,
    /// Not in the file, but kept because devices use it.
    Keep,
    /// Not in the file and not changed.
    Leave,
    /// Up to date.
    Nothing,
}

/// A change to a part of a policy. `before` is null for an addition, `after` for a removal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Change {
    part: Part,
    before: Option<String>,
    after: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
enum Part {
    Name,
    Description,
    /// One of the settings.
    Setting,
}

/// The outcome of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) enum Outcome {
    Done,
    Failed,
}

impl PolicyPlan {
    pub(super) fn changes_something(&self) -> bool {
        self.steps.iter().any(|step| step.action.changes_something())
    }

    /// Describes the plan for people, without unchanged policies. The signs are enough to read it without colors.
    pub(super) fn text(&self) -> String {
        self.steps.iter().map(Step::text).collect::<String>()
    }
}

/// Returns a summary such as `1 to create, 2 to delete, 3 unchanged`.
pub(super) fn summary(plans: &[PolicyPlan]) -> String {
    let steps = || plans.iter().flat_map(|plan| &plan.steps);
    let parts = [
        (Action::Create, "to create"),
        (Action::Update, "to change"),
        (Action::Delete, "to delete"),
        (Action::Keep, "in use"),
        (Action::Nothing, "unchanged"),
        (Action::Leave, "not in the file"),
    ];
    let part = |(action, what)| match steps().filter(|step| step.action == action).count() {
        0 => None,
        number => Some(format!("{number} {what}")),
    };
    let parts: Vec<_> = parts.into_iter().filter_map(part).collect();
    match (steps().any(|step| step.action.changes_something()), parts.join(", ")) {
        (true, parts) => parts + "\n",
        (false, parts) if parts.is_empty() => "nothing to do\n".to_owned(),
        (false, parts) => format!("nothing to do: {parts}\n"),
    }
}

impl Action {
    pub(super) fn changes_something(self) -> bool {
        matches!(self, Self::Create | Self::Update | Self::Delete)
    }
}

impl Step {
    fn new(action: Action, name: &str) -> Self {
        Self {
            action,
            id: None,
            name: name.to_owned(),
            devices: None,
            changes: Vec::new(),
            outcome: None,
            error: None,
            before: None,
        }
    }

    fn of(action: Action, policy: &Policy, changes: Vec<Change>) -> Self {
        Self {
            id: policy.id.clone(),
            devices: policy.devices,
            changes,
            before: Some(policy.clone()),
            ..Self::new(action, &policy.name)
        }
    }

    /// Plans a new policy.
    pub(super) fn create(entry: &PolicyEntry, existing: &[Policy]) -> Result<Self, CommandError> {
        let settings = known_settings(&entry.settings, existing)?;
        let mut changes = Vec::new();
        let description = entry.description.clone().filter(|text| !text.is_empty());
        changes.extend(description.map(|text| Change::new(Part::Description, None, Some(text))));
        changes.extend(settings.iter().map(|setting| Change::setting(setting, true)));
        Ok(Self { changes, ..Self::new(Action::Create, &entry.name) })
    }

    /// Plans the changes that make an existing policy match an entry.
    fn update(
        policy: &Policy,
        entry: &PolicyEntry,
        existing: &[Policy],
    ) -> Result<Self, CommandError> {
        let mut changes = Vec::new();
        if policy.name != entry.name {
            changes.push(Change::new(
                Part::Name,
                Some(policy.name.clone()),
                Some(entry.name.clone()),
            ));
        }
        let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let (before, after) = (filled(&policy.description), filled(&entry.description));
        if entry.description.is_some() && before != after {
            changes.push(Change::new(Part::Description, before, after));
        }
        let before = policy.settings();
        let after = known_settings(&entry.settings, existing)?;
        let gone = before.iter().filter(|setting| !after.contains(setting));
        changes.extend(gone.map(|setting| Change::setting(setting, false)));
        let new = after.iter().filter(|setting| !before.contains(setting));
        changes.extend(new.map(|setting| Change::setting(setting, true)));
        let action = if changes.is_empty() { Action::Nothing } else { Action::Update };
        Ok(Self::of(action, policy, changes))
    }

    /// Plans the changes of an edit.
    pub(super) fn edit(
        policy: &Policy,
        edit: &PolicyEdit,
        existing: &[Policy],
    ) -> Result<Self, CommandError> {
        let Some(now) = &policy.settings else { return Err(unknown_settings(&policy.name)) };
        if let Some(name) = &edit.name
            && let Some(other) =
                existing.iter().find(|other| other.has_name(name) && *other != policy)
        {
            return Err(name_taken(other));
        }
        let add = known_settings(&edit.add, existing)?;
        let remove = known_settings(&edit.remove, existing)?;
        if let Some(both) = add.iter().find(|setting| remove.contains(setting)) {
            let message = format!("{both} is both added and removed");
            return Err(CommandError::new(Exit::Usage, message));
        }
        let mut settings = policy.settings();
        settings.retain(|setting| !remove.contains(setting));
        settings.extend(add);
        if settings.is_empty() && !now.is_empty() {
            let message = format!("this would remove the last setting of '{}'", policy.name);
            return Err(CommandError::new(Exit::Usage, message).hint(
                "to turn off all settings, write `settings: []` in a file and run pcdevices policies apply",
            ));
        }
        let entry = PolicyEntry {
            id: None,
            name: edit.name.clone().unwrap_or_else(|| policy.name.clone()),
            description: edit.description.clone(),
            settings: settings.iter().map(ToString::to_string).collect(),
        };
        Self::update(policy, &entry, existing)
    }

    pub(super) fn delete(policy: &Policy) -> Self {
        let settings = policy.settings();
        let changes = settings.iter().map(|setting| Change::setting(setting, false)).collect();
        Self::of(Action::Delete, policy, changes)
    }

    /// Returns the update to send. Parts without a change are not sent.
    pub(super) fn policy_change(&self) -> PolicyChange {
        let mut change = PolicyChange::new();
        let mut settings = self.before.as_ref().map(Policy::settings).unwrap_or_default();
        let mut settings_changed = false;
        for Change { part, before, after } in &self.changes {
            match part {
                Part::Name => change = change.name(after.clone().unwrap_or_default()),
                Part::Description => change = change.description(after.clone().unwrap_or_default()),
                Part::Setting => {
                    settings_changed = true;
                    settings.retain(|setting| Some(setting.as_str()) != before.as_deref());
                    settings.extend(after.as_deref().map(PolicySetting::from));
                }
            }
        }
        if settings_changed { change.settings(settings) } else { change }
    }

    /// Returns the settings of a new policy.
    pub(super) fn new_settings(&self) -> Vec<PolicySetting> {
        let new = |change: &Change| (change.part == Part::Setting).then(|| change.after.clone())?;
        self.changes.iter().filter_map(new).map(|text| PolicySetting::from(text.as_str())).collect()
    }

    pub(super) fn new_description(&self) -> Option<String> {
        let description = self.changes.iter().find(|change| change.part == Part::Description);
        description.and_then(|change| change.after.clone())
    }

    fn text(&self) -> String {
        let (sign, style) = match self.action {
            Action::Create => ('+', SUCCESS),
            Action::Update => ('~', WARNING),
            Action::Delete => ('-', ERROR),
            Action::Keep => ('!', WARNING),
            Action::Nothing | Action::Leave => return String::new(),
        };
        let mut about: Vec<String> = self.id.iter().cloned().collect();
        if let Some(devices) = self.devices.filter(|devices| *devices > 0) {
            let devices = count(usize::try_from(devices).unwrap_or(usize::MAX), "device");
            about.push(format!("used by {devices}"));
        }
        let about = match about.join("; ") {
            none if none.is_empty() => none,
            about => format!(" ({about})"),
        };
        let kept =
            if self.action == Action::Keep { ": not deleted, because it is in use" } else { "" };
        let mut text = format!(
            "{style}{sign}{style:#} {BOLD}{}{BOLD:#}{}{kept}\n",
            printable::line(&self.name),
            printable::line(&about)
        );
        for change in &self.changes {
            change.write(&mut text);
        }
        text
    }
}

impl Change {
    fn new(part: Part, before: Option<String>, after: Option<String>) -> Self {
        Self { part, before, after }
    }

    fn setting(setting: &PolicySetting, on: bool) -> Self {
        let text = Some(setting.to_string());
        if on { Self::new(Part::Setting, None, text) } else { Self::new(Part::Setting, text, None) }
    }

    fn write(&self, text: &mut String) {
        let part = match self.part {
            Part::Name => "name: ",
            Part::Description => "description: ",
            Part::Setting => "",
        };
        // A line break would look like a separate part.
        let shown = |value: &str| printable::line(&value.replace('\n', "\\n")).into_owned();
        let _ = match (&self.before, &self.after) {
            (None, Some(after)) => {
                writeln!(text, "    {SUCCESS}+{SUCCESS:#} {part}{}", shown(after))
            }
            (Some(before), None) => writeln!(text, "    {ERROR}-{ERROR:#} {part}{}", shown(before)),
            (Some(before), Some(after)) => {
                writeln!(
                    text,
                    "    {WARNING}~{WARNING:#} {part}{} -> {}",
                    shown(before),
                    shown(after)
                )
            }
            (None, None) => Ok(()),
        };
    }
}

/// Plans the steps that turn the existing policies into the entries of a file. Reports all problems together.
pub(super) fn plan(
    entries: &[PolicyEntry],
    existing: &[Policy],
    prune: bool,
) -> Result<Vec<Step>, CommandError> {
    let mut steps = Vec::new();
    let mut failed: Option<CommandError> = None;
    let mut matched: Vec<Option<&Policy>> = Vec::new();
    for one in entries {
        let step = matching_policy(one, existing).and_then(|policy| {
            if let Some(policy) = policy
                && matched.contains(&Some(policy))
            {
                return Err(CommandError::new(
                    Exit::InvalidFile,
                    "another entry of the file names the same policy",
                ));
            }
            matched.push(policy);
            match policy {
                Some(policy) => Step::update(policy, one, existing),
                None => Step::create(one, existing),
            }
        });
        match step {
            Ok(step) => steps.push(step),
            Err(mut failure) => {
                failure.exit = Exit::InvalidFile;
                let failure = failure.context(&format!("policy '{}'", one.name));
                failed = Some(match failed {
                    Some(first) => first.and(Err(failure)),
                    None => failure,
                });
            }
        }
    }
    if let Some(failed) = failed {
        return Err(failed);
    }
    let rest = existing.iter().filter(|policy| !matched.contains(&Some(policy)));
    for policy in rest {
        // An entry with an id may rename its policy to the name of a policy that is kept.
        if !prune && entries.iter().any(|one| policy.has_name(&one.name)) {
            let mut failure = name_taken(policy);
            failure.exit = Exit::InvalidFile;
            return Err(failure);
        }
        steps.push(match policy.devices {
            _ if !prune => Step::of(Action::Leave, policy, Vec::new()),
            Some(1..) => Step::of(Action::Keep, policy, Vec::new()),
            _ => Step::delete(policy),
        });
    }
    Ok(steps)
}

/// Returns the existing policy that an entry describes, or `None` for a new policy.
fn matching_policy<'a>(
    entry: &PolicyEntry,
    existing: &'a [Policy],
) -> Result<Option<&'a Policy>, CommandError> {
    if let Some(id) = &entry.id {
        let found = existing.iter().find(|policy| policy.has_id(id));
        return found.map(Some).ok_or_else(|| {
            CommandError::new(Exit::InvalidFile, format!("the customer has no policy {id}"))
                .hint("remove the id to match the policy by name or to create it")
        });
    }
    match named(&entry.name, existing)[..] {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        ref several => Err(ambiguous(Exit::InvalidFile, &entry.name, &ids(several))),
    }
}

fn named<'a>(name: &str, existing: &'a [Policy]) -> Vec<&'a Policy> {
    existing.iter().filter(|policy| policy.has_name(name)).collect()
}

/// Finds a policy by name or id.
pub(super) fn find<'a>(name: &str, existing: &'a [Policy]) -> Result<&'a Policy, CommandError> {
    pick(name, existing, |policy| policy.id.as_deref(), |policy| &policy.name)
}

fn ids<'a>(policies: &[&'a Policy]) -> Vec<&'a str> {
    policies.iter().filter_map(|policy| policy.id.as_deref()).collect()
}

/// Returns the error for a name that another policy has.
pub(super) fn name_taken(other: &Policy) -> CommandError {
    let id = other.id.as_deref().unwrap_or_default();
    CommandError::new(Exit::Usage, format!("a policy named '{}' already exists ({id})", other.name))
}

pub(super) fn unknown_settings(name: &str) -> CommandError {
    let message = format!("the service did not report the settings of '{name}'");
    CommandError::new(Exit::Unavailable, message)
}

/// Parses settings by name and removes duplicates. Accepts documented settings, and settings that a policy already has.
fn known_settings(
    names: &[String],
    existing: &[Policy],
) -> Result<Vec<PolicySetting>, CommandError> {
    let mut settings = Vec::new();
    for name in names {
        let setting = PolicySetting::from(name.trim());
        let has = |policy: &Policy| policy.settings().contains(&setting);
        if matches!(setting, PolicySetting::Other(_)) && !existing.iter().any(has) {
            let message = format!("unknown setting '{}'", shorten_name(name));
            return Err(CommandError::new(Exit::Usage, message)
                .hint(format!("known settings: {}", PolicySetting::KNOWN.join(", "))));
        }
        if !settings.contains(&setting) {
            settings.push(setting);
        }
    }
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there(id: &str, name: &str, settings: &[&str]) -> Policy {
        Policy {
            id: Some(id.to_owned()),
            name: name.to_owned(),
            settings: Some(settings.iter().map(|text| (*text).to_owned()).collect()),
            ..Policy::default()
        }
    }

    fn wanted(id: Option<&str>, name: &str, settings: &[&str]) -> PolicyEntry {
        PolicyEntry {
            id: id.map(ToOwned::to_owned),
            name: name.to_owned(),
            description: None,
            settings: settings.iter().map(|text| (*text).to_owned()).collect(),
        }
    }

    fn shown(wanted: &[PolicyEntry], there: &[Policy], prune: bool) -> String {
        let text = match plan(wanted, there, prune) {
            Ok(steps) => {
                PolicyPlan { customer: String::new(), called: String::new(), steps }.text()
            }
            Err(failure) => failure.render() + "\n",
        };
        anstream::adapter::strip_str(&text).to_string()
    }

    #[test]
    fn an_up_to_date_policy_is_not_shown() {
        let there = [
            Policy { description: Some(String::new()), ..there("1", "A", &["skip_eula", "x_new"]) },
            there("2", "B", &[]),
        ];
        let mut a = wanted(None, " a ", &["x_new", "skip_eula", "SKIP_EULA"]);
        a.name = "A".to_owned();
        a.description = Some(String::new());
        assert_eq!(shown(&[a, wanted(Some("2"), "B", &[])], &there, true), "");
    }

    #[test]
    fn every_change_is_shown() {
        let there = [
            Policy { description: Some("old".to_owned()), ..there("1", "A", &["skip_eula", "x"]) },
            Policy { devices: Some(2), ..there("2", "B", &["skip_eula"]) },
            Policy { devices: Some(0), ..there("3", "C", &["skip_eula"]) },
            there("4", "D", &[]),
        ];
        let change = PolicyEntry {
            description: Some("new\n+ skip_eula".to_owned()),
            ..wanted(Some("1"), "Z", &["x", "skip_oem_registration"])
        };
        let new =
            PolicyEntry { description: Some("d".to_owned()), ..wanted(None, "N", &["skip_eula"]) };
        let text = shown(&[change.clone(), new], &there, true);
        insta::assert_snapshot!("policy-plan", text);
        let steps = plan(&[change], &there, true).unwrap();
        let plan = PolicyPlan { customer: String::new(), called: String::new(), steps };
        assert_eq!(summary(&[plan]), "1 to change, 2 to delete, 1 in use\n");
    }

    #[test]
    fn an_update_sends_only_changed_parts() {
        let a =
            Policy { description: Some("d".to_owned()), ..there("1", "A", &["skip_eula", "x"]) };
        let update = |wanted: PolicyEntry| {
            Step::update(&a, &wanted, std::slice::from_ref(&a)).unwrap().policy_change()
        };
        assert_eq!(update(wanted(None, "A", &["x", "skip_eula"])), PolicyChange::new());
        assert_eq!(update(wanted(None, "B", &["x", "skip_eula"])), PolicyChange::new().name("B"));
        let other = PolicySetting::from("x");
        assert_eq!(
            update(wanted(None, "A", &["x", "skip_oem_registration"])),
            PolicyChange::new().settings([other, PolicySetting::SkipOemRegistration])
        );
        assert_eq!(update(wanted(None, "A", &[])), PolicyChange::new().settings([]));
    }

    #[test]
    fn rejects_ambiguous_and_unknown_policies() {
        let there = [there("1", "A", &["x"]), there("2", "b", &[]), there("3", "B", &[])];
        for (wanted, message) in [
            (vec![wanted(None, "B", &[])], "2 policies are named 'B'\nhint: use the id: 2, 3"),
            (vec![wanted(Some("9"), "A", &[])], "policy 'A': the customer has no policy 9"),
            (
                vec![wanted(Some("1"), "C", &["x"]), wanted(None, "A", &["x"])],
                "policy 'A': another entry of the file names the same policy",
            ),
            (vec![wanted(Some("2"), "A", &[])], "a policy named 'A' already exists (1)"),
            (
                vec![wanted(None, "N", &["nope"])],
                "hint: known settings: none, remove_oem_preinstalls",
            ),
        ] {
            let text = shown(&wanted, &there, false);
            assert!(text.contains(message), "{text}");
        }
        // All problems are reported together.
        let text =
            shown(&[wanted(Some("8"), "A", &[]), wanted(Some("9"), "C", &[])], &there, false);
        assert_eq!(text.matches("error: ").count(), 2, "{text}");
    }

    #[test]
    fn an_edit_never_removes_all_settings() {
        let a = there("1", "A", &["skip_eula"]);
        let edit = |add: &[&str], remove: &[&str]| {
            let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
            let edit = PolicyEdit {
                name: None,
                description: None,
                add: texts(add),
                remove: texts(remove),
            };
            Step::edit(&a, &edit, std::slice::from_ref(&a)).map(|step| step.action)
        };
        assert_eq!(edit(&["skip_eula"], &[]).unwrap(), Action::Nothing);
        assert_eq!(edit(&[], &["skip_oem_registration"]).unwrap(), Action::Nothing);
        assert_eq!(edit(&["skip_oem_registration"], &["skip_eula"]).unwrap(), Action::Update);
        assert!(edit(&[], &["skip_eula"]).unwrap_err().render().contains("settings: []"));
        assert!(edit(&["skip_eula"], &["skip_eula"]).is_err());
        let without_settings = Policy { settings: None, ..a.clone() };
        let edit =
            PolicyEdit { name: Some("B".into()), description: None, add: vec![], remove: vec![] };
        assert!(
            Step::edit(&without_settings, &edit, &[])
                .unwrap_err()
                .to_string()
                .contains("did not report")
        );
    }
}
