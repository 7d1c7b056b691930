//! The check of a customer: its name and its relationship to the partner.

use partner_center_devices::{Client, CustomerDetails, CustomerId, Error, ErrorKind, ServiceCode};
use partner_center_devices_fleet::index::CustomerRecord;

use super::checkup::{Check, CheckState};
use crate::args::CustomerName;
use crate::errors::{CommandError, Exit};
use crate::settings::config::Config;
use crate::settings::customer_lookup::{Customers, relationship_problem};
use crate::settings::session::Target;
use crate::ui::output::Ui;

/// The customer whose access is checked, if there is one.
pub(super) struct ToCheck {
    customers: Customers,
    name: Option<CustomerName>,
    id: Option<CustomerId>,
}

impl ToCheck {
    /// Selects the customer, as far as this machine knows it.
    pub(super) fn of(
        ui: Ui,
        config: &Config,
        target: &Target,
        name: Option<CustomerName>,
    ) -> Result<Self, CommandError> {
        let customers = Customers::of(config, &target.base_url)?;
        let id = name.as_ref().map(|name| customers.known(ui, name)).transpose()?.flatten();
        Ok(Self { customers, name, id })
    }

    /// Asks the service for the customer if this machine does not know it.
    pub(super) async fn find(&mut self, ui: Ui, client: &Client) -> Result<(), CommandError> {
        if let (Some(name), None) = (&self.name, &self.id) {
            self.id = Some(self.customers.find(ui, client, name).await?);
        }
        Ok(())
    }

    pub(super) fn id(&self) -> Option<&CustomerId> {
        self.id.as_ref()
    }

    /// Returns the customer for people.
    pub(super) fn label(&self) -> String {
        self.id.as_ref().map(|id| self.customers.label(id)).unwrap_or_default()
    }

    /// Reads the customer and checks its relationship. `None` without a customer. A problem is a warning if the service lets you
    /// work with the devices all the same.
    pub(super) async fn check(&self, client: &Client, has_access: bool) -> Option<Check> {
        let id = self.id.as_ref()?;
        let mut check = match client.customer(id.clone()).get().await {
            Ok(details) => {
                if let Some(customer) = CustomerRecord::of(&details) {
                    self.customers.learn(customer);
                }
                check_details(&details, &self.label())
            }
            Err(error) => check_error(&error, &self.label()),
        };
        if has_access && check.state == CheckState::Failed {
            check.state = CheckState::Warning;
        }
        Some(check)
    }
}

/// Checks the relationship of a customer to the partner.
fn check_details(customer: &CustomerDetails, label: &str) -> Check {
    let relationship = customer.relationship().map(ToString::to_string);
    if let Some(problem) = relationship.as_deref().and_then(relationship_problem) {
        return Check::new("customer", CheckState::Failed, format!("{label}: {problem}"))
            .exit(Exit::AccessDenied)
            .hint("ask the customer to accept your reseller relationship; Partner Center makes the link under Customers");
    }
    let relationship = relationship.unwrap_or_else(|| "relationship unknown".to_owned());
    let delegated = match customer.has_delegated_values() {
        true => "with delegated access",
        false => "without delegated access, which devices do not need",
    };
    Check::new("customer", CheckState::Ok, format!("{label}, {relationship}, {delegated}"))
}

/// Explains why a customer cannot be read.
fn check_error(error: &Error, label: &str) -> Check {
    let check = Check::failed("customer", &CommandError::from(error).context(label));
    let check = match known_cause(error) {
        Some(cause) => check.explained(cause),
        None => check,
    };
    match error.kind() {
        ErrorKind::NotFound => check
            .hint("check the tenant id: pcdevices customers find TEXT shows the customers of your organization")
            .hint("check that the customer accepted your reseller relationship"),
        _ => check,
    }
}

/// Returns the meaning and the cure of a refusal, if the service names its reason.
pub(super) fn known_cause(error: &Error) -> Option<ServiceCode> {
    // The service says this in plain text, without the code.
    let is_role = error.kind() == ErrorKind::Forbidden
        && error.body().is_some_and(|body| body.contains("The supplied role"));
    let code = if is_role { Some("900150") } else { error.code() };
    ServiceCode::ALL.iter().find(|known| Some(known.code) == code).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers the request for a customer.
    async fn answer(status: u16, body: &'static str) -> Result<CustomerDetails, Error> {
        let service = move |_: http::Request<bytes::Bytes>| {
            let response = http::Response::builder().status(status);
            let response = response.header("content-type", "application/json");
            response.body(bytes::Bytes::from_static(body.as_bytes())).unwrap()
        };
        let client = Client::builder().in_process(service).build().unwrap();
        client.customer(CustomerId::new("c").unwrap()).get().await
    }

    #[tokio::test]
    async fn a_relationship_without_devices_is_a_failure() {
        for (body, state, words) in [
            (
                r#"{"id":"c","relationshipToPartner":"reseller"}"#,
                CheckState::Ok,
                "reseller, without delegated access",
            ),
            (
                r#"{"id":"c","relationshipToPartner":"reseller","customDomains":["c.example"]}"#,
                CheckState::Ok,
                "reseller, with delegated access",
            ),
            (r#"{"id":"c"}"#, CheckState::Ok, "relationship unknown"),
            (
                r#"{"id":"c","relationshipToPartner":"none"}"#,
                CheckState::Failed,
                "the relationship with this customer was removed",
            ),
            (
                r#"{"id":"c","relationshipToPartner":"advisor"}"#,
                CheckState::Failed,
                "do not resell to it",
            ),
        ] {
            let check = check_details(&answer(200, body).await.unwrap(), "Contoso (c)");
            assert_eq!(check.state, state, "{check:?}");
            assert!(
                check.detail.starts_with("Contoso (c)") && check.detail.contains(words),
                "{check:?}"
            );
            assert_eq!(check.hints.is_empty(), state == CheckState::Ok, "{check:?}");
        }
    }

    #[tokio::test]
    async fn a_refusal_is_explained_by_its_code() {
        for (status, body, code) in [
            (
                403,
                r#"{"code":20002,"description":"No relationship between caller and account.","data":[],"source":"PartnerFD"}"#,
                Some("20002"),
            ),
            (
                404,
                r#"{"code":60003,"description":"Tenant not found","data":[],"source":"PartnerFD"}"#,
                Some("60003"),
            ),
            (403, r#"{"code":900329,"description":"x","data":[]}"#, Some("900329")),
            (
                403,
                "The supplied role does not have the rights to perform the requested operation.",
                Some("900150"),
            ),
            (404, r#"{"code":1000,"description":"Not found","data":[]}"#, None),
        ] {
            let error = answer(status, body).await.unwrap_err();
            assert_eq!(known_cause(&error).map(|cause| cause.code), code, "{body}");
            let check = check_error(&error, "c");
            assert_eq!(check.state, CheckState::Failed);
            assert!(!check.hints.is_empty(), "{check:?}");
        }
    }
}
