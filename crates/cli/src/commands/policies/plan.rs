//! From what shall be and what is there to steps. Decides which policy is meant, what would change of it, and what is
//! not deleted.

use std::fmt::Write as _;

use partner_center_devices::{PolicyChange, PolicySetting};
use schemars::JsonSchema;
use serde::Serialize;

use super::Policy;
use super::args::PolicyEdit;
use super::file::WantedPolicy;
use crate::errors::{CommandError, Exit};
use crate::policy_names::{ambiguous, pick};
use crate::ui::style::{BOLD, ERROR, SUCCESS, WARNING};
use crate::ui::text_layout::{count, shorten_name};

/// What is done, or would be, to the policies of a customer.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyPlan {
    /// The customer's tenant id.
    pub(super) customer: String,
    /// How the customer was named.
    #[serde(skip)]
    pub(super) called: String,
    pub(super) steps: Vec<Step>,
}

/// A policy and what is to be done with it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Step {
    pub(super) action: Action,
    /// The policy's id; null for one that is not there yet.
    pub(super) id: Option<String>,
    /// Its name, before any change.
    pub(super) name: String,
    /// How many devices have it, if the service says so.
    pub(super) devices: Option<i64>,
    pub(super) changes: Vec<Change>,
    /// What came of it; null where nothing was done.
    pub(super) outcome: Option<Outcome>,
    /// Why it failed.
    pub(super) error: Option<String>,
    /// As it was when the plan was made.
    #[serde(skip)]
    pub(super) before: Option<Policy>,
}

/// What is to be done with a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) enum Action {
    Create,
    Update,
    Delete,
    /// It is not in the file and should go, and stays, because devices have it.
    Keep,
    /// It is not in the file, and is left alone.
    Leave,
    /// It is as it shall be.
    Nothing,
}

/// A part of a policy before and after: of a new part `before` is null, of one that goes `after`.
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

/// What came of a step.
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

    /// As people read it, without the policies that stay as they are; colours say nothing that signs do not.
    pub(super) fn text(&self) -> String {
        self.steps.iter().map(Step::text).collect::<String>()
    }
}

/// `1 to create, 2 to delete, 3 unchanged`.
pub(super) fn summary(plans: &[PolicyPlan]) -> String {
    let steps = || plans.iter().flat_map(|plan| &plan.steps);
    let parts = [
        (Action::Create, "to create"),
        (Action::Update, "to change"),
        (Action::Delete, "to delete"),
        (Action::Keep, "not deleted"),
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

    /// Makes a policy.
    pub(super) fn create(wanted: &WantedPolicy, there: &[Policy]) -> Result<Self, CommandError> {
        let settings = known_settings(&wanted.settings, there)?;
        let mut changes = Vec::new();
        let description = wanted.description.clone().filter(|text| !text.is_empty());
        changes.extend(description.map(|text| Change::new(Part::Description, None, Some(text))));
        changes.extend(settings.iter().map(|setting| Change::setting(setting, true)));
        Ok(Self { changes, ..Self::new(Action::Create, &wanted.name) })
    }

    /// Makes a policy that is there as it shall be.
    fn update(
        policy: &Policy,
        wanted: &WantedPolicy,
        there: &[Policy],
    ) -> Result<Self, CommandError> {
        let mut changes = Vec::new();
        if policy.name != wanted.name {
            changes.push(Change::new(
                Part::Name,
                Some(policy.name.clone()),
                Some(wanted.name.clone()),
            ));
        }
        let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let (before, after) = (filled(&policy.description), filled(&wanted.description));
        if wanted.description.is_some() && before != after {
            changes.push(Change::new(Part::Description, before, after));
        }
        let before = policy.settings();
        let after = known_settings(&wanted.settings, there)?;
        let gone = before.iter().filter(|setting| !after.contains(setting));
        changes.extend(gone.map(|setting| Change::setting(setting, false)));
        let new = after.iter().filter(|setting| !before.contains(setting));
        changes.extend(new.map(|setting| Change::setting(setting, true)));
        let action = if changes.is_empty() { Action::Nothing } else { Action::Update };
        Ok(Self::of(action, policy, changes))
    }

    /// Changes parts of a policy.
    pub(super) fn edit(
        policy: &Policy,
        edit: &PolicyEdit,
        there: &[Policy],
    ) -> Result<Self, CommandError> {
        let Some(now) = &policy.settings else { return Err(silent(&policy.name)) };
        if let Some(name) = &edit.name
            && let Some(other) = there.iter().find(|other| other.has_name(name) && *other != policy)
        {
            return Err(taken(other));
        }
        let add = known_settings(&edit.add, there)?;
        let remove = known_settings(&edit.remove, there)?;
        if let Some(both) = add.iter().find(|setting| remove.contains(setting)) {
            let message = format!("{both} is to be added and removed");
            return Err(CommandError::new(Exit::Usage, message));
        }
        let mut settings = policy.settings();
        settings.retain(|setting| !remove.contains(setting));
        settings.extend(add);
        if settings.is_empty() && !now.is_empty() {
            let message = format!("nothing would be left of the settings of '{}'", policy.name);
            return Err(CommandError::new(Exit::Usage, message).hint(
                "if that is meant: write `settings: []` into a file for pcdevices policies apply",
            ));
        }
        let wanted = WantedPolicy {
            id: None,
            name: edit.name.clone().unwrap_or_else(|| policy.name.clone()),
            description: edit.description.clone(),
            settings: settings.iter().map(ToString::to_string).collect(),
        };
        Self::update(policy, &wanted, there)
    }

    pub(super) fn delete(policy: &Policy) -> Self {
        let settings = policy.settings();
        let changes = settings.iter().map(|setting| Change::setting(setting, false)).collect();
        Self::of(Action::Delete, policy, changes)
    }

    /// What an update writes; parts without a change stay as the service has them.
    pub(super) fn policy_change(&self) -> PolicyChange {
        let mut change = PolicyChange::new();
        let mut settings = self.before.as_ref().map(Policy::settings).unwrap_or_default();
        let mut other_settings = false;
        for Change { part, before, after } in &self.changes {
            match part {
                Part::Name => change = change.name(after.clone().unwrap_or_default()),
                Part::Description => change = change.description(after.clone().unwrap_or_default()),
                Part::Setting => {
                    other_settings = true;
                    settings.retain(|setting| Some(setting.as_str()) != before.as_deref());
                    settings.extend(after.as_deref().map(PolicySetting::from));
                }
            }
        }
        if other_settings { change.settings(settings) } else { change }
    }

    /// The settings of a policy that is made.
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
            let has = if devices == 1 { "has" } else { "have" };
            let devices = count(usize::try_from(devices).unwrap_or(usize::MAX), "device");
            about.push(format!("{devices} {has} it"));
        }
        let about = match about.join("; ") {
            none if none.is_empty() => none,
            about => format!(" ({about})"),
        };
        let stays = if self.action == Action::Keep { ": not deleted" } else { "" };
        let mut text =
            format!("{style}{sign}{style:#} {BOLD}{}{BOLD:#}{about}{stays}\n", self.name);
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
        // A line end within would look like a part of its own.
        let shown = |value: &str| value.replace('\n', "\\n");
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

/// What makes the policies that are `there` those that are `wanted`. All that stands against it is said at once.
pub(super) fn plan(
    wanted: &[WantedPolicy],
    there: &[Policy],
    prune: bool,
) -> Result<Vec<Step>, CommandError> {
    let mut steps = Vec::new();
    let mut refused: Option<CommandError> = None;
    let mut meant: Vec<Option<&Policy>> = Vec::new();
    for one in wanted {
        let step = meant_by(one, there).and_then(|policy| {
            if let Some(policy) = policy
                && meant.contains(&Some(policy))
            {
                return Err(CommandError::new(
                    Exit::InvalidFile,
                    "another of the file is the same policy",
                ));
            }
            meant.push(policy);
            match policy {
                Some(policy) => Step::update(policy, one, there),
                None => Step::create(one, there),
            }
        });
        match step {
            Ok(step) => steps.push(step),
            Err(mut failure) => {
                failure.exit = Exit::InvalidFile;
                let failure = failure.context(&format!("policy '{}'", one.name));
                refused = Some(match refused {
                    Some(first) => first.and(Err(failure)),
                    None => failure,
                });
            }
        }
    }
    if let Some(refused) = refused {
        return Err(refused);
    }
    let rest = there.iter().filter(|policy| !meant.contains(&Some(policy)));
    for policy in rest {
        // A policy with an id may have been given the name of one that stays.
        if !prune && wanted.iter().any(|one| policy.has_name(&one.name)) {
            let mut failure = taken(policy);
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

/// The policy that an entry of a file is about; `None` if it is to be made.
fn meant_by<'a>(
    wanted: &WantedPolicy,
    there: &'a [Policy],
) -> Result<Option<&'a Policy>, CommandError> {
    if let Some(id) = &wanted.id {
        let found = there.iter().find(|policy| policy.has_id(id));
        return found.map(Some).ok_or_else(|| {
            CommandError::new(Exit::InvalidFile, format!("the customer has no policy {id}"))
                .hint("without an id it is found by its name, or made")
        });
    }
    match named(&wanted.name, there)[..] {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        ref several => Err(ambiguous(Exit::InvalidFile, &wanted.name, &ids(several))),
    }
}

fn named<'a>(name: &str, there: &'a [Policy]) -> Vec<&'a Policy> {
    there.iter().filter(|policy| policy.has_name(name)).collect()
}

/// The policy of a name or an id.
pub(super) fn find<'a>(name: &str, there: &'a [Policy]) -> Result<&'a Policy, CommandError> {
    pick(name, there, |policy| policy.id.as_deref(), |policy| &policy.name)
}

fn ids<'a>(policies: &[&'a Policy]) -> Vec<&'a str> {
    policies.iter().filter_map(|policy| policy.id.as_deref()).collect()
}

/// A name that another policy has.
pub(super) fn taken(other: &Policy) -> CommandError {
    let id = other.id.as_deref().unwrap_or_default();
    CommandError::new(Exit::Usage, format!("there is a policy '{}' already ({id})", other.name))
}

pub(super) fn silent(name: &str) -> CommandError {
    let message = format!("the service did not say what the settings of '{name}' are");
    CommandError::new(Exit::Unavailable, message)
}

/// Settings by their names, each once: those that the documents know, and those that a policy there has.
fn known_settings(names: &[String], there: &[Policy]) -> Result<Vec<PolicySetting>, CommandError> {
    let mut settings = Vec::new();
    for name in names {
        let setting = PolicySetting::from(name.trim());
        let has = |policy: &Policy| policy.settings().contains(&setting);
        if matches!(setting, PolicySetting::Other(_)) && !there.iter().any(has) {
            let message = format!("there is no setting '{}'", shorten_name(name));
            return Err(CommandError::new(Exit::Usage, message)
                .hint(format!("there are: {}", PolicySetting::KNOWN.join(", "))));
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

    fn wanted(id: Option<&str>, name: &str, settings: &[&str]) -> WantedPolicy {
        WantedPolicy {
            id: id.map(ToOwned::to_owned),
            name: name.to_owned(),
            description: None,
            settings: settings.iter().map(|text| (*text).to_owned()).collect(),
        }
    }

    fn shown(wanted: &[WantedPolicy], there: &[Policy], prune: bool) -> String {
        let text = match plan(wanted, there, prune) {
            Ok(steps) => {
                PolicyPlan { customer: String::new(), called: String::new(), steps }.text()
            }
            Err(failure) => failure.render() + "\n",
        };
        anstream::adapter::strip_str(&text).to_string()
    }

    #[test]
    fn what_is_as_it_shall_be_is_no_step() {
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
    fn each_change_is_a_step() {
        let there = [
            Policy { description: Some("old".to_owned()), ..there("1", "A", &["skip_eula", "x"]) },
            Policy { devices: Some(2), ..there("2", "B", &["skip_eula"]) },
            Policy { devices: Some(0), ..there("3", "C", &["skip_eula"]) },
            there("4", "D", &[]),
        ];
        let change = WantedPolicy {
            description: Some("new\n+ skip_eula".to_owned()),
            ..wanted(Some("1"), "Z", &["x", "skip_oem_registration"])
        };
        let new =
            WantedPolicy { description: Some("d".to_owned()), ..wanted(None, "N", &["skip_eula"]) };
        let text = shown(&[change.clone(), new], &there, true);
        insta::assert_snapshot!("policy-plan", text);
        let steps = plan(&[change], &there, true).unwrap();
        let plan = PolicyPlan { customer: String::new(), called: String::new(), steps };
        assert_eq!(summary(&[plan]), "1 to change, 2 to delete, 1 not deleted\n");
    }

    /// What is written is what was shown, and what was not named stays.
    #[test]
    fn an_update_writes_what_changes_alone() {
        let a =
            Policy { description: Some("d".to_owned()), ..there("1", "A", &["skip_eula", "x"]) };
        let written = |wanted: WantedPolicy| {
            Step::update(&a, &wanted, std::slice::from_ref(&a)).unwrap().policy_change()
        };
        assert_eq!(written(wanted(None, "A", &["x", "skip_eula"])), PolicyChange::new());
        assert_eq!(written(wanted(None, "B", &["x", "skip_eula"])), PolicyChange::new().name("B"));
        let other = PolicySetting::from("x");
        assert_eq!(
            written(wanted(None, "A", &["x", "skip_oem_registration"])),
            PolicyChange::new().settings([other, PolicySetting::SkipOemRegistration])
        );
        assert_eq!(written(wanted(None, "A", &[])), PolicyChange::new().settings([]));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        let there = [there("1", "A", &["x"]), there("2", "b", &[]), there("3", "B", &[])];
        for (wanted, said) in [
            (
                vec![wanted(None, "B", &[])],
                "2 policies are called 'B'\nhint: name one by its id: 2, 3",
            ),
            (vec![wanted(Some("9"), "A", &[])], "policy 'A': the customer has no policy 9"),
            (
                vec![wanted(Some("1"), "C", &["x"]), wanted(None, "A", &["x"])],
                "policy 'A': another of the file is the same policy",
            ),
            (vec![wanted(Some("2"), "A", &[])], "there is a policy 'A' already (1)"),
            (vec![wanted(None, "N", &["nope"])], "hint: there are: none, remove_oem_preinstalls"),
        ] {
            let text = shown(&wanted, &there, false);
            assert!(text.contains(said), "{text}");
        }
        // All that is wrong, at once.
        let text =
            shown(&[wanted(Some("8"), "A", &[]), wanted(Some("9"), "C", &[])], &there, false);
        assert_eq!(text.matches("error: ").count(), 2, "{text}");
    }

    #[test]
    fn settings_are_never_emptied_by_an_edit() {
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
        assert!(edit(&[], &["skip_eula"]).unwrap_err().to_string().contains("settings: []"));
        assert!(edit(&["skip_eula"], &["skip_eula"]).is_err());
        let silent = Policy { settings: None, ..a.clone() };
        let edit =
            PolicyEdit { name: Some("B".into()), description: None, add: vec![], remove: vec![] };
        assert!(Step::edit(&silent, &edit, &[]).unwrap_err().to_string().contains("did not say"));
    }
}
