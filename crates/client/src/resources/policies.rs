//! The configuration policies of a customer, and one policy.

use partner_center_devices_raw::Operation;
use partner_center_devices_raw::types::PolicyId;

use super::resource::resource;
use crate::calls::call::Call;
use crate::calls::operation_call::operation_call;
use crate::calls::options::CallOptions;
use crate::calls::pipeline::ResponseContext;
use crate::responses::list::{FetchedPage, List};
use crate::responses::models::{ConfigurationPolicy, NewPolicy, PolicyChange};

resource! {
    /// The configuration policies of a customer.
    Policies {}
}

impl Policies {
    /// Lists all policies
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/get-a-list-of-a-customer-s-policies>).
    pub fn list(&self) -> List<ConfigurationPolicy> {
        let Self { shared, customer } = self.clone();
        List::new(Operation::ListPolicies.id(), move || {
            let customer = customer.clone();
            operation_call(
                &shared,
                Operation::ListPolicies,
                move |raw| async move { raw.list_policies(&customer).await },
                |response| FetchedPage::new(response, ConfigurationPolicy::from),
            )
        })
    }

    /// Creates a policy
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/create-a-new-configuration-policy-for-the-specified-customer>).
    pub fn create(&self, policy: NewPolicy) -> Call<ConfigurationPolicy> {
        let Self { shared, customer } = self.clone();
        let body = policy.into_wire();
        operation_call(
            &shared,
            Operation::CreatePolicy,
            move |raw| async move { raw.create_policy(&customer, &body).await },
            |response| Ok(response.value.into()),
        )
    }
}

resource! {
    /// One configuration policy of a customer.
    PolicyResource { policy: PolicyId }
}

impl PolicyResource {
    /// Returns the policy
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/retrieve-a-customer-s-configuration-policy>).
    pub fn get(&self) -> Call<ConfigurationPolicy> {
        self.get_with_context().map(|(_, policy)| policy)
    }

    /// Replaces the whole policy. Everything that `policy` does not contain is lost
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/update-a-configuration-policy-for-the-specified-customer>).
    /// To change a part, use [`update`](Self::update).
    pub fn replace(&self, policy: NewPolicy) -> Call<ConfigurationPolicy> {
        let Self { shared, customer, policy: id } = self.clone();
        let body = policy.into_wire_with_id(id.as_str());
        operation_call(
            &shared,
            Operation::ReplacePolicy,
            move |raw| async move { raw.replace_policy(&customer, &id, &body).await },
            |response| Ok(response.value.into()),
        )
    }

    /// Reads the policy, changes some parts and writes it back.
    ///
    /// The service has no version check for policies, so a change that someone else makes in between is lost. Members of
    /// the policy that are not documented are lost too.
    ///
    /// The options of the call apply to both requests, except for the `MS-RequestId`, which only the write uses.
    ///
    /// # Errors
    /// If one of the two requests fails. If the policy that was read lacks a part that must stay the same, the call
    /// fails before the second request.
    pub fn update(&self, change: PolicyChange) -> Call<ConfigurationPolicy> {
        let this = self.clone();
        Call::new(Operation::ReplacePolicy.id(), move |options| {
            Box::pin(async move {
                let read_options = CallOptions { request_id: None, ..options.clone() };
                let (context, current) = this.get_with_context().options(read_options).await?;
                let changed =
                    change.apply(&current).map_err(|problem| context.unreadable(problem))?;
                this.replace(changed).options(options).with_raw().await
            })
        })
    }

    fn get_with_context(&self) -> Call<(ResponseContext, ConfigurationPolicy)> {
        let Self { shared, customer, policy } = self.clone();
        operation_call(
            &shared,
            Operation::GetPolicy,
            move |raw| async move { raw.get_policy(&customer, &policy).await },
            |response| Ok((response.context, response.value.into())),
        )
    }

    /// Deletes the policy
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/delete-a-configuration-policy-for-the-specified-customer>).
    pub fn delete(&self) -> Call<()> {
        let Self { shared, customer, policy } = self.clone();
        operation_call(
            &shared,
            Operation::DeletePolicy,
            move |raw| async move { raw.delete_policy(&customer, &policy).await },
            |_| Ok(()),
        )
    }
}
