//! Finds configuration policies by id, or by name if the name is unique. Case does not matter.

use partner_center_devices::{Customer, PolicyId};

use crate::errors::{CommandError, Exit};
use crate::suggestions::closest;

/// The policies of a customer.
pub(crate) struct Policies(Vec<Policy>);

struct Policy {
    id: PolicyId,
    name: String,
}

impl Policies {
    pub(crate) async fn of(customer: &Customer) -> Result<Self, CommandError> {
        let policies = customer.policies().list().await?;
        let policy = |policy: &partner_center_devices::ConfigurationPolicy| {
            Some(Policy {
                id: policy.id()?,
                name: policy.name().unwrap_or_default().trim().to_owned(),
            })
        };
        Ok(Self(policies.iter().filter_map(policy).collect()))
    }

    /// Finds a policy by id or name.
    pub(crate) fn find(&self, text: &str) -> Result<PolicyId, CommandError> {
        let found = pick(text, &self.0, |policy| Some(policy.id.as_str()), |policy| &policy.name)?;
        Ok(found.id.clone())
    }

    /// Returns the id and the name of each policy.
    pub(crate) fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|policy| (policy.id.as_str(), policy.name.as_str()))
    }

    /// Returns the name of a policy, or its id if the name is unknown.
    pub(crate) fn name<'a>(&'a self, id: &'a str) -> &'a str {
        let policy = self.0.iter().find(|policy| policy.id.as_str().eq_ignore_ascii_case(id));
        policy.map(|policy| policy.name.as_str()).filter(|name| !name.is_empty()).unwrap_or(id)
    }
}

/// Finds the policy with this id, or the only policy with this name.
pub(crate) fn pick<'a, T>(
    text: &str,
    policies: &'a [T],
    id: impl Fn(&T) -> Option<&str>,
    name: impl Fn(&T) -> &str,
) -> Result<&'a T, CommandError> {
    let lowercase = text.trim().to_lowercase();
    let same = |text: &str| text.trim().to_lowercase() == lowercase;
    if let Some(policy) = policies.iter().find(|policy| id(policy).is_some_and(same)) {
        return Ok(policy);
    }
    let named: Vec<_> = policies.iter().filter(|policy| same(name(policy))).collect();
    match named[..] {
        [only] => Ok(only),
        [] => {
            let error = CommandError::new(Exit::Usage, format!("there is no policy '{text}'"));
            let names = || policies.iter().map(&name);
            Err(match closest(&lowercase, names()) {
                Some(close) => error.hint(format!("did you mean '{close}'?")),
                None if policies.is_empty() => {
                    error.hint("create a policy first: pcdevices policies create")
                }
                None => {
                    let all: Vec<_> = names().map(|name| format!("'{name}'")).collect();
                    error.hint(format!("use one of the customer's policies: {}", all.join(", ")))
                }
            })
        }
        ref several => {
            let ids: Vec<_> = several.iter().filter_map(|policy| id(policy)).collect();
            Err(ambiguous(Exit::Usage, text, &ids))
        }
    }
}

/// Returns the error for a name that several policies have.
pub(crate) fn ambiguous(exit: Exit, name: &str, ids: &[&str]) -> CommandError {
    let message = format!("{} policies are named '{name}'", ids.len());
    CommandError::new(exit, message).hint(format!("use the id: {}", ids.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policies() -> Policies {
        let policy = |(id, name): (&str, &str)| Policy {
            id: PolicyId::new(id).unwrap(),
            name: name.to_owned(),
        };
        let all = [("p-1", "Desktop"), ("p-2", "Kiosk"), ("p-3", "kiosk"), ("p-4", "p-1")];
        Policies(all.map(policy).into())
    }

    #[test]
    fn finds_a_policy_by_id_or_unique_name() {
        for (text, id) in [("desktop", "p-1"), (" P-2", "p-2"), ("p-1", "p-1")] {
            assert_eq!(policies().find(text).unwrap().as_str(), id, "{text}");
        }
        for (text, message) in [
            ("Kiosk", "2 policies are named 'Kiosk'\nhint: use the id: p-2, p-3"),
            ("Destop", "there is no policy 'Destop'\nhint: did you mean 'Desktop'?"),
            (
                "x",
                "there is no policy 'x'\nhint: use one of the customer's policies: 'Desktop', 'Kiosk', 'kiosk', 'p-1'",
            ),
        ] {
            let error = policies().find(text).unwrap_err();
            let text = anstream::adapter::strip_str(&error.render()).to_string();
            assert_eq!(text, format!("error: {message}"));
            assert_eq!(error.exit, Exit::Usage);
        }
    }

    #[test]
    fn an_unknown_policy_is_named_by_its_id() {
        assert_eq!(policies().name("P-1"), "Desktop");
        assert_eq!(policies().name("gone"), "gone");
    }
}
