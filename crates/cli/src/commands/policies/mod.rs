//! `pcdevices policies`: manages a customer's configuration policies, one by one or from a file. A policy that someone
//! else changed after the plan was made is skipped.

pub(crate) mod args;
mod file;
mod plan;
mod policy;

use std::cell::Cell;

use partner_center_devices::raw::printable;
use partner_center_devices::{Customer, ErrorKind, NewPolicy, PolicyId};

pub(crate) use self::file::PolicyFile;
pub(crate) use self::plan::PolicyPlan;
pub(crate) use self::policy::Policy;

use self::args::{PoliciesCommand, PolicyFileArgs};
use self::file::PolicyEntry;
use self::plan::{Action, Outcome, Step, find, name_taken, plan, summary, unknown_settings};
use crate::args::{Confirm, CustomerName, Format, Global};
use crate::environment::variable;
use crate::errors::{CommandError, Exit};
use crate::interrupt::{self, Ended};
use crate::settings::session::Session;
use crate::ui::list::write_list;
use crate::ui::output::Ui;
use crate::ui::prompt;
use crate::ui::style::BOLD;
use crate::ui::text_layout::{count, or_empty};

pub(crate) async fn run(
    ui: Ui,
    global: &Global,
    args: args::Policies,
) -> Result<Exit, CommandError> {
    match args.what {
        PoliciesCommand::List { customer, yaml, format, service } => {
            let session = Session::open(ui, global, &service)?;
            let policies = list(&session.customer(&customer.customer).await?).await?;
            record_names(&session, &policies);
            if yaml.yaml {
                write_yaml(ui, &policies)?;
            } else {
                write_list(ui, format, &policies, "The customer has no policies")?;
            }
            Ok(Exit::Success)
        }
        PoliciesCommand::Show { policy, customer, yaml, format, service } => {
            let session = Session::open(ui, global, &service)?;
            let policies = list(&session.customer(&customer.customer).await?).await?;
            let policy = find(&policy.policy, &policies)?;
            show(ui, policy, yaml.yaml, format)?;
            Ok(Exit::Success)
        }
        PoliciesCommand::Create { name, description, settings, customer, json, service } => {
            let session = Session::open(ui, global, &service)?;
            let target = Target::of(&session, &customer.customer).await?;
            let existing = list(&target.customer).await?;
            if let Some(other) = existing.iter().find(|policy| policy.has_name(&name)) {
                return Err(name_taken(other).hint("change it with pcdevices policies edit"));
            }
            let entry = PolicyEntry { id: None, name, description, settings };
            let step = Step::create(&entry, &existing)?;
            // A new policy destroys nothing, so there is no question.
            apply(ui, &session, vec![target.plan(vec![step])], None, json.json, "").await
        }
        PoliciesCommand::Edit { policy, change, customer, confirm, json, service } => {
            let session = Session::open(ui, global, &service)?;
            let target = Target::of(&session, &customer.customer).await?;
            let existing = list(&target.customer).await?;
            let step = Step::edit(find(&policy.policy, &existing)?, &change, &existing)?;
            let plans = vec![target.plan(vec![step])];
            apply(ui, &session, plans, Some(confirm), json.json, "Change this policy?").await
        }
        PoliciesCommand::Delete { policy, customer, confirm, json, service } => {
            let session = Session::open(ui, global, &service)?;
            let target = Target::of(&session, &customer.customer).await?;
            let existing = list(&target.customer).await?;
            let step = Step::delete(find(&policy.policy, &existing)?);
            let plans = vec![target.plan(vec![step])];
            apply(ui, &session, plans, Some(confirm), json.json, "Delete this policy?").await
        }
        PoliciesCommand::Diff { policy_file, json, service } => {
            let session = Session::open(ui, global, &service)?;
            diff(ui, plans(&session, &policy_file).await?, json.json)
        }
        PoliciesCommand::Apply { policy_file, confirm, json, service } => {
            let session = Session::open(ui, global, &service)?;
            let plans = plans(&session, &policy_file).await?;
            apply(ui, &session, plans, Some(confirm), json.json, "Apply these changes?").await
        }
    }
}

/// Records the names in the index, for reports.
fn record_names(session: &Session, policies: &[Policy]) {
    let names = policies.iter().filter_map(|policy| Some((policy.id.as_deref()?, &*policy.name)));
    session.change_index(|index, _| index.record_policy_names(names));
}

fn show(ui: Ui, policy: &Policy, yaml: bool, format: Format) -> Result<(), CommandError> {
    if yaml {
        write_yaml(ui, std::slice::from_ref(policy))
    } else if format.json {
        ui.print_json(policy)
    } else if format.csv {
        write_list(ui, format, std::slice::from_ref(policy), "")
    } else {
        ui.print(&policy.facts())
    }
}

fn diff(ui: Ui, plans: Vec<(Target, PolicyPlan)>, json: bool) -> Result<Exit, CommandError> {
    let plans: Vec<_> = plans.into_iter().map(|(_, plan)| plan).collect();
    if json {
        ui.print_json(&plans)?;
    } else {
        ui.print(&describe(&plans))?;
    }
    let changes = plans.iter().any(PolicyPlan::changes_something);
    Ok(if changes { Exit::SomeFailed } else { Exit::Success })
}

/// A customer, with the name from the command or the file.
struct Target {
    customer: Customer,
    called: String,
}

impl Target {
    async fn of(session: &Session, name: &CustomerName) -> Result<Self, CommandError> {
        let customer = session.customer(name).await?;
        Ok(Self { customer, called: name.0.clone() })
    }

    fn plan(self, steps: Vec<Step>) -> (Self, PolicyPlan) {
        let (customer, called) = (self.customer.id().to_string(), self.called.clone());
        (self, PolicyPlan { customer, called, steps })
    }
}

/// Returns all policies, sorted by name.
async fn list(customer: &Customer) -> Result<Vec<Policy>, CommandError> {
    let policies = customer.policies().list().await?;
    let mut policies: Vec<_> = policies.into_iter().map(|policy| Policy::from(&policy)).collect();
    policies.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
    Ok(policies)
}

fn write_yaml(ui: Ui, policies: &[Policy]) -> Result<(), CommandError> {
    let file = PolicyFile::of(policies).map_err(|name| unknown_settings(&name))?;
    ui.print_document(&file.to_yaml()?)
}

/// Returns a plan for each customer of a policy file.
async fn plans(
    session: &Session,
    args: &PolicyFileArgs,
) -> Result<Vec<(Target, PolicyPlan)>, CommandError> {
    let file = PolicyFile::read(&args.file)?;
    let mut plans: Vec<(Target, PolicyPlan)> = Vec::new();
    for name in customers(args, &file)? {
        let target = Target::of(session, &name).await?;
        if plans.iter().any(|(other, _)| other.customer.id() == target.customer.id()) {
            continue; // named twice, for example by alias and by id
        }
        let existing = list(&target.customer).await?;
        let steps = plan(&file.policies, &existing, args.prune)?;
        plans.push(target.plan(steps));
    }
    Ok(plans)
}

/// Returns the customers from the command line, then from the file, then from the environment.
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
        None => Err(CommandError::new(Exit::Usage, "no customer given")
            .hint("use --customer, or add `customers: [ALIAS]` to the file")),
    }
}

/// Reads the variable here and not with clap, because the customers in the file take precedence over it.
fn environment_customer() -> Option<CustomerName> {
    variable("PCDEVICES_CUSTOMER")?.parse().ok()
}

/// Describes the plans for people.
fn describe(plans: &[PolicyPlan]) -> String {
    let several = plans.len() > 1;
    let one = |plan: &PolicyPlan| {
        let title = format!("{BOLD}{}{BOLD:#}\n", printable::line(&plan.called));
        format!("{}{}", if several { title.as_str() } else { "" }, plan.text())
    };
    plans.iter().map(one).collect::<String>() + &summary(plans)
}

/// Shows the plans, asks for confirmation if `confirm` is given, and applies them. With `json`, prints the plans with
/// the outcome of each step.
async fn apply(
    ui: Ui,
    session: &Session,
    plans: Vec<(Target, PolicyPlan)>,
    confirm: Option<Confirm>,
    json: bool,
    question: &str,
) -> Result<Exit, CommandError> {
    let (targets, mut plans): (Vec<_>, Vec<_>) = plans.into_iter().unzip();
    if !plans.iter().any(PolicyPlan::changes_something) {
        if json {
            ui.print_json(&plans)?;
        } else {
            ui.status(&describe(&plans));
        }
        return Ok(Exit::Success);
    }
    let changed = targets.iter().zip(&plans).filter(|(_, plan)| plan.changes_something());
    let changed: Vec<_> = changed.map(|(target, _)| target.customer.id().clone()).collect();
    session.announce(&changed).await?;
    match confirm {
        Some(confirm) if !json => {
            prompt::show_plan(ui, &describe(&plans), confirm);
            prompt::confirm(ui, confirm, question)?;
        }
        Some(Confirm { yes: false }) => {
            ui.print_json(&plans)?;
            ui.status("Nothing changed. Add --yes to apply the plan.\n");
            return Ok(Exit::Success);
        }
        _ => {}
    }
    session.record_use(&changed);
    let stop = Cell::new(false);
    let steps = apply_steps(ui, &targets, &mut plans, json, &stop);
    let (failed, dropped) = match interrupt::run_until_ctrl_c(steps, || stop.set(true)).await {
        Ended::Finished(failed) | Ended::Cancelled(failed) => (failed?, false),
        Ended::Dropped => (None, true),
    };
    if json {
        ui.print_json(&plans)?;
    }
    if stop.get()
        && let Some(failure) = cancelled(&plans, dropped)
    {
        return Err(failure.and(failed.map_or(Ok(()), Err)));
    }
    failed.map_or(Ok(Exit::Success), Err)
}

/// Describes a cancelled run, if changes are left.
fn cancelled(plans: &[PolicyPlan], dropped: bool) -> Option<CommandError> {
    let steps_with = |outcome: Option<Outcome>| {
        let steps = plans.iter().flat_map(|plan| &plan.steps);
        let steps = steps.filter(|step| step.action.changes_something());
        steps.filter(|step| step.outcome == outcome).count()
    };
    let open = steps_with(None);
    if open == 0 {
        return None;
    }
    let done = count(steps_with(Some(Outcome::Done)), "change");
    let doubt = if dropped { " (the first of them may have been applied)" } else { "" };
    let message = format!("cancelled; {done} made, {open} not tried{doubt}");
    Some(CommandError::new(Exit::Interrupted, message).hint(RESUME))
}

const RESUME: &str = "run the same command to continue; policies that are up to date are skipped";

/// Applies each step that changes something, until `stop` is set. If the service denies access for one change, it would
/// deny it for the customer's other changes, so these are not tried.
async fn apply_steps(
    ui: Ui,
    targets: &[Target],
    plans: &mut [PolicyPlan],
    json: bool,
    stop: &Cell<bool>,
) -> Result<Option<CommandError>, CommandError> {
    let several = targets.len() > 1;
    let mut failed: Option<CommandError> = None;
    for (target, plan) in targets.iter().zip(plans) {
        let owner = if several { format!(" of {}", plan.called) } else { String::new() };
        let mut steps = plan.steps.iter_mut().filter(|step| step.action.changes_something());
        while let Some(step) = steps.by_ref().next().filter(|_| !stop.get()) {
            match apply_step(&target.customer, step).await {
                Ok(()) => {
                    step.outcome = Some(Outcome::Done);
                    if !json {
                        ui.print(&done_line(step, &owner))?;
                    }
                }
                Err(failure) => {
                    let failure = failure.of_customer(target.customer.id());
                    step.outcome = Some(Outcome::Failed);
                    step.error = Some(failure.to_line());
                    let denied = failure.exit == Exit::AccessDenied;
                    failed = Some(match failed {
                        Some(first) => first.and(Err(failure)),
                        None => failure,
                    });
                    let rest = if denied { steps.by_ref().count() } else { 0 };
                    if rest > 0 {
                        let rest = count(rest, "change");
                        ui.warning(&format!("{rest}{owner} not tried, because access is denied"));
                    }
                }
            }
        }
    }
    Ok(failed)
}

fn done_line(step: &Step, owner: &str) -> String {
    let verb = match step.action {
        Action::Create => "created",
        Action::Update => "changed",
        _ => "deleted",
    };
    let (name, id) = (printable::line(&step.name), or_empty(&step.id));
    format!("{verb} {name}{owner} ({})\n", printable::line(&id))
}

async fn apply_step(customer: &Customer, step: &mut Step) -> Result<(), CommandError> {
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
    step.id = made.id_text().map(ToOwned::to_owned);
    Ok(())
}

/// Updates or deletes a policy, unless it changed after the plan was made.
async fn change(customer: &Customer, step: &Step) -> Result<(), CommandError> {
    let id = step.id.as_deref().unwrap_or_default();
    let id = PolicyId::new(id).map_err(|error| {
        CommandError::new(Exit::Unavailable, format!("cannot use its id: {error}"))
    })?;
    let policy = customer.policy(id);
    let current = Policy::from(&policy.get().await?);
    if step.before.as_ref().is_some_and(|before| !before.has_same_content(&current)) {
        return Err(CommandError::new(
            Exit::Rejected,
            "someone else changed it in the meantime, so it was skipped",
        )
        .hint("run the command again and check the new plan"));
    }
    if step.action == Action::Update {
        policy.update(step.policy_change()).await?;
        return Ok(());
    }
    policy.delete().await.map_err(|error| {
        let in_use = error.kind() == ErrorKind::Conflict;
        let failure = CommandError::from(error);
        if in_use {
            failure.hint(
                "remove it from its devices first: pcdevices devices assign-policy --no-policy",
            )
        } else {
            failure
        }
    })
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use bytes::Bytes;
    use http::{Method, Request, Response};
    use partner_center_devices::{Client, CustomerId};

    use super::*;

    /// Applies a step to a policy that looked like `before`. Returns the methods of the requests that the service
    /// received.
    async fn requests_for(
        before: &Policy,
        action: Action,
    ) -> (Result<(), CommandError>, Vec<Method>) {
        const NOW: &str = r#"{"id":"p-1","name":"A","policySettings":["skip_eula","x"]}"#;
        let methods = Arc::new(Mutex::new(Vec::new()));
        let received = Arc::clone(&methods);
        let service = move |request: Request<Bytes>| {
            let method = request.method().clone();
            let (status, body) = if method == Method::DELETE { (204, "") } else { (200, NOW) };
            received.lock().unwrap().push(method);
            Response::builder().status(status).body(Bytes::from_static(body.as_bytes())).unwrap()
        };
        let client = Client::builder().in_process(service).build().unwrap();
        let customer = client.customer(CustomerId::new("c").unwrap());
        let mut step = Step::delete(before);
        step.action = action;
        let result = apply_step(&customer, &mut step).await;
        let methods = std::mem::take(&mut *methods.lock().unwrap());
        (result, methods)
    }

    #[tokio::test(start_paused = true)]
    async fn a_policy_that_someone_else_changed_is_skipped() {
        let same = Policy {
            id: Some("p-1".to_owned()),
            name: "A".to_owned(),
            settings: Some(vec!["x".to_owned(), "SKIP_EULA".to_owned()]),
            devices: Some(7),
            ..Policy::default()
        };
        let (result, methods) = requests_for(&same, Action::Delete).await;
        assert!(result.is_ok() && methods == [Method::GET, Method::DELETE], "{methods:?}");
        let (result, methods) = requests_for(&same, Action::Update).await;
        assert!(
            result.is_ok() && methods == [Method::GET, Method::GET, Method::PUT],
            "{methods:?}"
        );
        for other in [
            Policy { name: "B".to_owned(), ..same.clone() },
            Policy { description: Some("d".to_owned()), ..same.clone() },
            Policy { settings: Some(vec!["x".to_owned()]), ..same.clone() },
            Policy { settings: None, ..same.clone() },
        ] {
            for action in [Action::Update, Action::Delete] {
                let (result, methods) = requests_for(&other, action).await;
                let failure = result.unwrap_err();
                assert_eq!((failure.exit, &methods[..]), (Exit::Rejected, &[Method::GET][..]));
                assert!(failure.to_string().contains("someone else changed it"), "{failure}");
            }
        }
    }
}
