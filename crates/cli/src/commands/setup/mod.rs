//! `pcdevices setup`: a guided first sign-in. It asks for everything that no flag and no profile has, saves each answer in the
//! profile, and skips steps that are done, so that it can be run again at any time.

mod answers;
pub(crate) mod args;

use partner_center_devices::CustomerId;
use partner_center_devices::raw::printable;

use self::answers::{alias_for, client_id, cloud, is_no, is_yes, sign_in_number, tenant};
use crate::args::{Confirm, CustomerName, Global, Json, Service};
use crate::commands::auth::{self, signed_in_user};
use crate::commands::customers::{self, args::CustomersCommand};
use crate::commands::doctor;
use crate::errors::{CommandError, Exit, quoted};
use crate::settings::config::{Config, SignIn};
use crate::settings::customers::alias_of;
use crate::settings::session::Session;
use crate::ui::output::Ui;
use crate::ui::prompt::{ask, can_ask};
use crate::ui::style::BOLD;

const STEPS: usize = 5;

const APP_REGISTRATION: &str = "\
pcdevices signs in with an app registration of your tenant. An administrator
creates it once, if your organization does not have one:
  1. Open https://entra.microsoft.com and select Entra ID >
     App registrations > New registration.
  2. Name it pcdevices, keep the accounts of your own directory only, and
     select Register.
  3. Under Authentication, add the platform 'Mobile and desktop applications'
     with the address http://localhost. To sign in with a code on another
     device, allow public client flows there, too.
  4. Under API permissions, select Add a permission > APIs my organization
     uses > Microsoft Partner Center > Delegated permissions >
     user_impersonation, and grant admin consent.
  5. On the page Overview, copy the application (client) id.
";

pub(crate) async fn run(ui: Ui, global: &Global, args: args::Setup) -> Result<Exit, CommandError> {
    let args::Setup { customer, alias, sign_in_again, mut login } = args;
    if login.json.json {
        return Err(CommandError::new(Exit::Usage, "setup prints no JSON")
            .hint("use pcdevices auth login --json"));
    }
    if let Some(alias) = &alias {
        customers::args::alias(alias).map_err(|reason| refused_alias(alias, reason))?;
    }
    let mut config = Config::read_for_login(global)?;
    let profile = printable::line(&config.profile_name).into_owned();
    ui.status_line(&format!(
        "Setting up profile '{profile}' in {}. Each answer is saved; run pcdevices setup again to continue.",
        config.config_file().display()
    ));

    step(ui, 1, "Your organization");
    let is_local = login.base_url.is_some() || config.profile.base_url.is_some();
    if login.cloud.is_none() && config.profile.cloud.is_none() && !is_local && can_ask(ui) {
        let question = "Your cloud: 1 public, 2 US government, 3 China (21Vianet) [1]:";
        login.cloud = Some(ask_until(ui, question, cloud).await?);
    }
    let service = login.base_url.as_ref().or(config.profile.base_url.as_ref());
    if let Some(url) = service {
        ui.status_line(&format!("Service {url}; for Partner Center itself: --cloud public"));
    }
    login.tenant = match login.tenant.take().or_else(|| config.profile.tenant.clone()) {
        Some(known) => {
            ui.status_line(&format!("Tenant {known}; to change it: --tenant TENANT"));
            Some(known)
        }
        None => {
            let question = "The tenant of your organization, such as northwind.onmicrosoft.com:";
            Some(required(ui, question, "--tenant", tenant).await?)
        }
    };
    config = auth::save_answers(&login, global, config)?;

    step(ui, 2, "App registration");
    login.client_id = match login.client_id.take().or_else(|| config.profile.client_id.clone()) {
        Some(known) => {
            ui.status_line(&format!("Client id {known}; to change it: --client-id ID"));
            Some(known)
        }
        None => {
            if can_ask(ui) {
                ui.notice(APP_REGISTRATION);
            }
            let question = "The client id of the app registration:";
            Some(required(ui, question, "--client-id", client_id).await?)
        }
    };
    config = auth::save_answers(&login, global, config)?;

    step(ui, 3, "Sign-in");
    sign_in(ui, global, login, &config, sign_in_again).await?;

    step(ui, 4, "Your first customer");
    let session = Session::open(ui, global, &Service::default())?;
    let customer = choose_customer(ui, &session, customer).await?;
    let name = match &customer {
        Some(id) => Some(name_customer(ui, global, &session, id, alias).await?),
        None => None,
    };

    step(ui, 5, "Check");
    let checked = doctor::args::Doctor {
        customer: name.clone().map(CustomerName),
        json: Json { json: false },
        service: Service::default(),
    };
    let exit = doctor::run(ui, global, checked).await?;
    let next = match &name {
        Some(name) => format!("pcdevices upload FILE --customer {} --dry-run", quoted(name)),
        None => "pcdevices customers find TEXT".to_owned(),
    };
    if exit == Exit::Success {
        ui.status("\nSetup is complete.\n");
        ui.hint(&format!("next: {}", session.config.complete(&next)));
    } else {
        ui.hint("correct what the check found, then run pcdevices setup again");
    }
    Ok(exit)
}

fn step(ui: Ui, number: usize, title: &str) {
    ui.status(&format!("\n{BOLD}Step {number} of {STEPS}: {title}{BOLD:#}\n"));
}

/// Asks until an answer can be read.
async fn ask_until<T>(
    ui: Ui,
    question: &str,
    read: impl Fn(&str) -> Result<T, &'static str>,
) -> Result<T, CommandError> {
    loop {
        match read(&ask(ui, question).await?) {
            Ok(answer) => return Ok(answer),
            Err(reason) => ui.warning(reason),
        }
    }
}

/// Asks for a value that no flag gives.
async fn required(
    ui: Ui,
    question: &str,
    flag: &str,
    read: impl Fn(&str) -> Result<String, &'static str>,
) -> Result<String, CommandError> {
    if can_ask(ui) {
        return ask_until(ui, question, read).await;
    }
    let error = CommandError::new(Exit::Usage, format!("{flag} is missing"));
    Err(error.hint("without a terminal, setup cannot ask: set each value with its flag"))
}

/// Signs in, unless the profile has a sign-in that works.
async fn sign_in(
    ui: Ui,
    global: &Global,
    mut login: auth::args::Login,
    config: &Config,
    again: bool,
) -> Result<(), CommandError> {
    if login.kind().is_none() && config.profile.sign_in.is_some() && !again {
        match signed_in_user(ui, config).await {
            Ok(user) => {
                ui.status_line(&format!("Signed in as {user}; to change this: --sign-in-again"));
                return Ok(());
            }
            // A new sign-in would fail, too.
            Err(error) if error.exit == Exit::Unavailable => return Err(error),
            Err(_) => ui.status("The saved sign-in no longer works.\n"),
        }
    }
    if login.kind().is_none() && can_ask(ui) {
        let question = "Sign in with: 1 a browser on this machine, 2 a code on another device [1]:";
        match ask_until(ui, question, sign_in_number).await? {
            SignIn::DeviceCode => login.device_code = true,
            _ => login.browser = true,
        }
    }
    auth::sign_in(ui, global, login).await.map(drop)
}

/// Returns the customer of a flag or of an answer; `None` if the user skips this step.
async fn choose_customer(
    ui: Ui,
    session: &Session,
    given: Option<CustomerName>,
) -> Result<Option<CustomerId>, CommandError> {
    if let Some(name) = given {
        return Ok(Some(session.customer(&name).await?.id().clone()));
    }
    if !can_ask(ui) {
        ui.status("No customer was given; --customer names one.\n");
        return Ok(None);
    }
    loop {
        let question = "The name or domain of a customer, such as contoso.com (Enter to skip):";
        let answer = ask(ui, question).await?;
        if answer.is_empty() {
            return Ok(None);
        }
        match session.customer(&CustomerName(answer)).await {
            Ok(customer) => return Ok(Some(customer.id().clone())),
            // Several customers, or none: the error lists them.
            Err(error) if error.exit == Exit::Usage => ui.error(&error),
            Err(error) => return Err(error),
        }
    }
}

/// Adds a short name for the customer, and returns the name to use with `--customer`.
async fn name_customer(
    ui: Ui,
    global: &Global,
    session: &Session,
    id: &CustomerId,
    given: Option<String>,
) -> Result<String, CommandError> {
    let aliases = session.config.aliases()?;
    if let (Some(known), None) = (alias_of(&aliases, id.as_str()), &given) {
        return Ok(known.to_owned());
    }
    let alias = match given {
        Some(alias) => alias,
        None if can_ask(ui) => {
            // Several customers may have the same name.
            let domain = session.customers.domain(ui, id);
            let name = domain.or_else(|| session.customers.company_name(ui, id));
            let proposed = alias_for(name.as_deref().unwrap_or_default());
            let question =
                format!("A short name for this customer: {proposed}? [Y, n or another name]:");
            match ask(ui, &question).await? {
                answer if is_yes(&answer) => proposed,
                answer if is_no(&answer) => return Ok(id.to_string()),
                answer => answer,
            }
        }
        None => return Ok(id.to_string()),
    };
    let add = CustomersCommand::add(&alias, id).map_err(|reason| refused_alias(&alias, reason))?;
    customers::run(ui, global, customers::args::Customers { what: add }).await?;
    Ok(alias)
}

fn refused_alias(alias: &str, reason: &str) -> CommandError {
    CommandError::new(Exit::Usage, format!("'{alias}': {reason}"))
}

impl CustomersCommand {
    /// Returns the command that adds an alias.
    fn add(alias: &str, id: &CustomerId) -> Result<Self, &'static str> {
        Ok(Self::Add {
            alias: customers::args::alias(alias)?,
            id: customers::args::tenant_id(id.as_str())?,
            note: None,
            confirm: Confirm { yes: false },
        })
    }
}
