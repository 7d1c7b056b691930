//! `pcdevices policies`: what a customer's devices are given for their first start, by hand or as a file says. Decides
//! that no change is made to a policy that is not any more what its plan was made from.

pub(crate) mod args;
mod file;
mod plan;

use std::cell::Cell;
use std::collections::HashSet;

use partner_center_devices::{
    ConfigurationPolicy, Customer, ErrorKind, NewPolicy, PolicyId, PolicySetting,
};
use schemars::JsonSchema;
use serde::Serialize;

pub(crate) use self::file::PolicyFile;
pub(crate) use self::plan::PolicyPlan;

use self::args::{PoliciesCommand, PolicyFileArgs};
use self::file::WantedPolicy;
use self::plan::{Action, Outcome, Step, find, plan, silent, summary, taken};
use crate::args::{Confirm, CustomerName, Global};
use crate::errors::{CommandError, Exit};
use crate::interrupt::{self, Ended};
use crate::settings::session::Session;
use crate::ui::list::{Column, Record, column, csv_only, write_list};
use crate::ui::output::{Ui, facts};
use crate::ui::prompt;
use crate::ui::style::BOLD;
use crate::ui::text_layout::{count, or_empty, timestamp};

/// A policy of a customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Policy {
    id: Option<String>,
    name: String,
    description: Option<String>,
    /// Its kind; the documents know `o_o_b_e`.
    category: Option<String>,
    /// What it switches on; null if the service did not say so.
    settings: Option<Vec<String>>,
    /// How many devices have it.
    devices: Option<i64>,
    /// When it was made, in RFC 3339.
    created: Option<String>,
    /// When it was last changed, in RFC 3339.
    changed: Option<String>,
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
            id: policy.id().map(ToOwned::to_owned),
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
    fn has_id(&self, id: &str) -> bool {
        self.id.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(id.trim()))
    }

    fn has_name(&self, name: &str) -> bool {
        self.name.trim().to_lowercase() == name.trim().to_lowercase()
    }

    fn settings(&self) -> Vec<PolicySetting> {
        let all = self.settings.iter().flatten();
        all.map(|setting| PolicySetting::from(setting.as_str())).collect()
    }

    fn setting_list(&self, between: &str) -> String {
        self.settings.as_ref().map(|all| all.join(between)).unwrap_or_default()
    }

    /// Whether what can be changed of it is the same; how many devices have it is another matter.
    fn says_the_same(&self, other: &Self) -> bool {
        let settings = |policy: &Self| policy.settings().into_iter().collect::<HashSet<_>>();
        self.name == other.name
            && self.description == other.description
            && self.settings.is_some() == other.settings.is_some()
            && settings(self) == settings(other)
    }

    fn facts(&self) -> String {
        facts(&[
            ("Policy", self.name.clone()),
            ("Id", or_empty(&self.id)),
            ("Description", or_empty(&self.description)),
            ("Category", or_empty(&self.category)),
            (
                "Settings",
                match self.settings.as_deref() {
                    Some([]) => "nothing is switched on".to_owned(),
                    _ => self.setting_list("\n"),
                },
            ),
            ("Devices", or_empty(&self.devices)),
            ("Created", or_empty(&self.created)),
            ("Changed", or_empty(&self.changed)),
        ])
    }
}

pub(crate) async fn run(
    ui: Ui,
    global: &Global,
    args: args::Policies,
) -> Result<Exit, CommandError> {
    match args.what {
        PoliciesCommand::List { customer, yaml, format, service } => {
            let session = Session::open(ui, global, &service)?;
            let policies = list(&session.customer(&customer.customer)?).await?;
            if yaml.yaml {
                write_yaml(ui, &policies)?;
            } else {
                write_list(ui, format, &policies, "the customer has no policies")?;
            }
            Ok(Exit::Success)
        }
        PoliciesCommand::Show { policy, customer, yaml, format, service } => {
            let session = Session::open(ui, global, &service)?;
            let policies = list(&session.customer(&customer.customer)?).await?;
            let policy = find(&policy.policy, &policies)?;
            if yaml.yaml {
                write_yaml(ui, std::slice::from_ref(policy))?;
            } else if format.json {
                ui.print_json(policy)?;
            } else if format.csv {
                write_list(ui, format, std::slice::from_ref(policy), "")?;
            } else {
                ui.print(&policy.facts())?;
            }
            Ok(Exit::Success)
        }
        PoliciesCommand::Create { name, description, settings, customer, json, service } => {
            let session = Session::open(ui, global, &service)?;
            let place = Place::of(&session, &customer.customer)?;
            let there = list(&place.customer).await?;
            if let Some(other) = there.iter().find(|policy| policy.has_name(&name)) {
                return Err(taken(other).hint("pcdevices policies edit changes it"));
            }
            let wanted = WantedPolicy { id: None, name, description, settings };
            let step = Step::create(&wanted, &there)?;
            // What is new takes nothing away, so nobody is asked.
            carry_out(ui, vec![place.plan(vec![step])], None, json.json, "").await
        }
        PoliciesCommand::Edit { policy, change, customer, confirm, json, service } => {
            let session = Session::open(ui, global, &service)?;
            let place = Place::of(&session, &customer.customer)?;
            let there = list(&place.customer).await?;
            let step = Step::edit(find(&policy.policy, &there)?, &change, &there)?;
            let plans = vec![place.plan(vec![step])];
            carry_out(ui, plans, Some(confirm), json.json, "Change it?").await
        }
        PoliciesCommand::Delete { policy, customer, confirm, json, service } => {
            let session = Session::open(ui, global, &service)?;
            let place = Place::of(&session, &customer.customer)?;
            let there = list(&place.customer).await?;
            let step = Step::delete(find(&policy.policy, &there)?);
            let plans = vec![place.plan(vec![step])];
            carry_out(ui, plans, Some(confirm), json.json, "Delete it?").await
        }
        PoliciesCommand::Diff { policy_file, json, service } => {
            let session = Session::open(ui, global, &service)?;
            let plans = plans(&session, &policy_file).await?;
            let plans: Vec<_> = plans.into_iter().map(|(_, plan)| plan).collect();
            if json.json {
                ui.print_json(&plans)?;
            } else {
                ui.print(&shown(&plans))?;
            }
            let changes = plans.iter().any(PolicyPlan::changes_something);
            Ok(if changes { Exit::SomeFailed } else { Exit::Success })
        }
        PoliciesCommand::Apply { policy_file, confirm, json, service } => {
            let session = Session::open(ui, global, &service)?;
            let plans = plans(&session, &policy_file).await?;
            carry_out(ui, plans, Some(confirm), json.json, "Apply this?").await
        }
    }
}

/// A customer, and how the command or the file named it.
struct Place {
    customer: Customer,
    called: String,
}

impl Place {
    fn of(session: &Session, name: &CustomerName) -> Result<Self, CommandError> {
        let customer = session.customer(name)?;
        Ok(Self { customer, called: name.0.clone() })
    }

    fn plan(self, steps: Vec<Step>) -> (Self, PolicyPlan) {
        let (customer, called) = (self.customer.id().to_string(), self.called.clone());
        (self, PolicyPlan { customer, called, steps })
    }
}

/// All policies, by name.
async fn list(customer: &Customer) -> Result<Vec<Policy>, CommandError> {
    let policies = customer.policies().list().await?;
    let mut policies: Vec<_> = policies.iter().map(Policy::from).collect();
    policies.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
    Ok(policies)
}

fn write_yaml(ui: Ui, policies: &[Policy]) -> Result<(), CommandError> {
    let file = PolicyFile::of(policies).map_err(|name| silent(&name))?;
    ui.print(&file.to_yaml()?)
}

/// What a file asks for, for each of its customers.
async fn plans(
    session: &Session,
    args: &PolicyFileArgs,
) -> Result<Vec<(Place, PolicyPlan)>, CommandError> {
    let file = PolicyFile::read(&args.file)?;
    let mut plans: Vec<(Place, PolicyPlan)> = Vec::new();
    for name in customers(args, &file)? {
        let place = Place::of(session, &name)?;
        if plans.iter().any(|(other, _)| other.customer.id() == place.customer.id()) {
            continue; // named twice, as by alias and id
        }
        let there = list(&place.customer).await?;
        let steps = plan(&file.policies, &there, args.prune)?;
        plans.push(place.plan(steps));
    }
    Ok(plans)
}

/// Those of the command go before those of the file, and both before the environment's.
fn customers(args: &PolicyFileArgs, file: &PolicyFile) -> Result<Vec<CustomerName>, CommandError> {
    if !args.customers.is_empty() {
        return Ok(args.customers.clone());
    }
    if !file.customers.is_empty() {
        let named = |name: &String| {
            name.parse().map_err(|error| {
                let message = format!("{}: {error}: '{name}'", args.file.display());
                CommandError::new(Exit::InvalidFile, message)
            })
        };
        return file.customers.iter().map(named).collect();
    }
    match environment_customer() {
        Some(name) => Ok(vec![name]),
        None => Err(CommandError::new(Exit::Usage, "no customer is named")
            .hint("name one with --customer, or in the file: customers: [ALIAS]")),
    }
}

/// Not the variable of an option: one that is set for other days does not stand against the file.
#[allow(clippy::disallowed_methods)]
fn environment_customer() -> Option<CustomerName> {
    std::env::var("PCDEVICES_CUSTOMER").ok()?.parse().ok()
}

/// Plans as people read them.
fn shown(plans: &[PolicyPlan]) -> String {
    let several = plans.len() > 1;
    let one = |plan: &PolicyPlan| {
        let title = format!("{BOLD}{}{BOLD:#}\n", plan.called);
        format!("{}{}", if several { title.as_str() } else { "" }, plan.text())
    };
    plans.iter().map(one).collect::<String>() + &summary(plans)
}

/// Shows the plans, asks if there is something to ask, and does it. As JSON the plans are the result, with what came of
/// each step.
async fn carry_out(
    ui: Ui,
    plans: Vec<(Place, PolicyPlan)>,
    ask: Option<Confirm>,
    json: bool,
    question: &str,
) -> Result<Exit, CommandError> {
    let (places, mut plans): (Vec<_>, Vec<_>) = plans.into_iter().unzip();
    if !plans.iter().any(PolicyPlan::changes_something) {
        if json {
            ui.print_json(&plans)?;
        } else {
            ui.status(&shown(&plans));
        }
        return Ok(Exit::Success);
    }
    match ask {
        Some(confirm) if !json => {
            prompt::show_plan(ui, &shown(&plans), confirm);
            prompt::confirm(ui, confirm, question)?;
        }
        Some(Confirm { yes: false }) => {
            ui.print_json(&plans)?;
            ui.status("nothing was done: --yes does it\n");
            return Ok(Exit::Success);
        }
        _ => {}
    }
    let stop = Cell::new(false);
    let ended = interrupt::run_until_ctrl_c(do_all(ui, &places, &mut plans, json, &stop), || {
        stop.set(true)
    })
    .await;
    let (failed, dropped) = match ended {
        Ended::Finished(failed) | Ended::Cancelled(failed) => (failed?, false),
        Ended::Dropped => (None, true),
    };
    if json {
        ui.print_json(&plans)?;
    }
    let of = |outcome: Option<Outcome>| {
        let steps = plans.iter().flat_map(|plan| &plan.steps);
        let steps = steps.filter(|step| step.action.changes_something());
        steps.filter(|step| step.outcome == outcome).count()
    };
    let open = of(None);
    if stop.get() && open > 0 {
        let done = count(of(Some(Outcome::Done)), "change");
        let doubt = if dropped { ", the first of which may have been made" } else { "" };
        let message = format!("stopped by Ctrl-C: {done} made, {open} not tried{doubt}");
        let failure = CommandError::new(Exit::Interrupted, message).hint(GOES_ON);
        return Err(failure.and(failed.map_or(Ok(()), Err)));
    }
    failed.map_or(Ok(Exit::Success), Err)
}

const GOES_ON: &str = "the same command goes on: what is as it shall be is left alone";

/// Does each step that changes something, until it shall stop. Whom the service refuses a change it would refuse the others:
/// they are not tried.
async fn do_all(
    ui: Ui,
    places: &[Place],
    plans: &mut [PolicyPlan],
    json: bool,
    stop: &Cell<bool>,
) -> Result<Option<CommandError>, CommandError> {
    let several = places.len() > 1;
    let mut failed: Option<CommandError> = None;
    for (place, plan) in places.iter().zip(plans) {
        let whose = if several { format!(" of {}", plan.called) } else { String::new() };
        let mut steps = plan.steps.iter_mut().filter(|step| step.action.changes_something());
        while let Some(step) = steps.by_ref().next().filter(|_| !stop.get()) {
            match do_step(&place.customer, step).await {
                Ok(()) => {
                    step.outcome = Some(Outcome::Done);
                    if !json {
                        ui.print(&done(step, &whose))?;
                    }
                }
                Err(failure) => {
                    step.outcome = Some(Outcome::Failed);
                    step.error = Some(failure.to_string());
                    let refused = failure.exit == Exit::AccessDenied;
                    failed = Some(match failed {
                        Some(first) => first.and(Err(failure)),
                        None => failure,
                    });
                    let rest = if refused { steps.by_ref().count() } else { 0 };
                    if rest > 0 {
                        let rest = count(rest, "change");
                        ui.warning(&format!("{rest}{whose} not tried, which would be refused too"));
                    }
                }
            }
        }
    }
    Ok(failed)
}

fn done(step: &Step, whose: &str) -> String {
    let what = match step.action {
        Action::Create => "created",
        Action::Update => "changed",
        _ => "deleted",
    };
    format!("{what} {}{whose} ({})\n", step.name, or_empty(&step.id))
}

async fn do_step(customer: &Customer, step: &mut Step) -> Result<(), CommandError> {
    let result = match step.action {
        Action::Create => create(customer, step).await,
        _ => change(customer, step).await,
    };
    result.map_err(|failure| failure.context(&format!("policy '{}'", step.name)))
}

async fn create(customer: &Customer, step: &mut Step) -> Result<(), CommandError> {
    let mut policy = NewPolicy::new(&step.name, step.new_settings());
    policy.description = step.new_description();
    let made = customer.policies().create(policy).await?;
    step.id = made.id().map(ToOwned::to_owned);
    Ok(())
}

/// Updates or deletes what still is as it was when the plan was made.
async fn change(customer: &Customer, step: &Step) -> Result<(), CommandError> {
    let id = step.id.as_deref().unwrap_or_default();
    let id = PolicyId::new(id).map_err(|error| {
        CommandError::new(Exit::Unavailable, format!("its id cannot be used: {error}"))
    })?;
    let policy = customer.policy(id);
    let now = Policy::from(&policy.get().await?);
    if step.before.as_ref().is_some_and(|before| !before.says_the_same(&now)) {
        return Err(CommandError::new(
            Exit::Rejected,
            "it was changed by another meanwhile, and left so",
        )
        .hint("run the command again, and look at what it shows"));
    }
    if step.action == Action::Update {
        policy.update(step.policy_change()).await?;
        return Ok(());
    }
    policy.delete().await.map_err(|error| {
        let in_use = error.kind() == ErrorKind::Conflict;
        let failure = CommandError::from(error);
        if in_use { failure.hint("take it from its devices first") } else { failure }
    })
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use bytes::Bytes;
    use http::{Method, Request, Response};
    use partner_center_devices::{Client, CustomerId};

    use super::*;

    /// What a service that has one policy is asked for, when a policy that was as `before` is to be changed.
    async fn asked_for(before: &Policy, action: Action) -> (Result<(), CommandError>, Vec<Method>) {
        const NOW: &str = r#"{"id":"p-1","name":"A","policySettings":["skip_eula","x"]}"#;
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&asked);
        let service = move |request: Request<Bytes>| {
            let method = request.method().clone();
            let status = if method == Method::DELETE { 204 } else { 200 };
            heard.lock().unwrap().push(method);
            Response::builder().status(status).body(Bytes::from_static(NOW.as_bytes())).unwrap()
        };
        let client = Client::builder().in_process(service).build().unwrap();
        let customer = client.customer(CustomerId::new("c").unwrap());
        let mut step = Step::delete(before);
        step.action = action;
        let result = do_step(&customer, &mut step).await;
        let asked = std::mem::take(&mut *asked.lock().unwrap());
        (result, asked)
    }

    #[tokio::test(start_paused = true)]
    async fn what_another_changed_meanwhile_is_left_alone() {
        let same = Policy {
            id: Some("p-1".to_owned()),
            name: "A".to_owned(),
            settings: Some(vec!["x".to_owned(), "SKIP_EULA".to_owned()]),
            devices: Some(7),
            ..Policy::default()
        };
        let (result, asked) = asked_for(&same, Action::Delete).await;
        assert!(result.is_ok() && asked == [Method::GET, Method::DELETE], "{asked:?}");
        let (result, asked) = asked_for(&same, Action::Update).await;
        assert!(result.is_ok() && asked == [Method::GET, Method::GET, Method::PUT], "{asked:?}");
        for other in [
            Policy { name: "B".to_owned(), ..same.clone() },
            Policy { description: Some("d".to_owned()), ..same.clone() },
            Policy { settings: Some(vec!["x".to_owned()]), ..same.clone() },
            Policy { settings: None, ..same.clone() },
        ] {
            for action in [Action::Update, Action::Delete] {
                let (result, asked) = asked_for(&other, action).await;
                let failure = result.unwrap_err();
                assert_eq!((failure.exit, &asked[..]), (Exit::Rejected, &[Method::GET][..]));
                assert!(failure.to_string().contains("changed by another meanwhile"), "{failure}");
            }
        }
    }
}
