//! The customers of `customers.toml`, and the one that a name means.

use partner_center_devices::CustomerId;
use serde::Serialize;
use uuid::Uuid;

use crate::args::CustomerName;
use crate::errors::{CommandError, Exit};

/// A customer of `customers.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "CustomerAlias")]
pub(crate) struct Alias {
    /// The name that commands accept instead of the id.
    pub(crate) alias: String,
    /// The customer's tenant id.
    pub(crate) id: String,
    /// A note about the customer.
    pub(crate) note: Option<String>,
}

/// Returns the alias with this name: the exact one, or the only one that differs in case.
pub(crate) fn alias<'a>(
    name: &str,
    aliases: &'a [Alias],
) -> Result<Option<&'a Alias>, CommandError> {
    if let Some(exact) = aliases.iter().find(|alias| alias.alias == name) {
        return Ok(Some(exact));
    }
    let wanted = name.to_lowercase();
    let mut alike = aliases.iter().filter(|alias| alias.alias.to_lowercase() == wanted);
    match (alike.next(), alike.next()) {
        (Some(one), Some(other)) => {
            let message = format!("'{name}' could mean '{}' or '{}'", one.alias, other.alias);
            Err(CommandError::new(Exit::Usage, message)
                .hint("use the exact spelling of one of them"))
        }
        (found, _) => Ok(found),
    }
}

/// Returns the customer with this alias or tenant id; `None` if the text is neither.
pub(crate) fn find(
    name: &CustomerName,
    aliases: &[Alias],
) -> Result<Option<CustomerId>, CommandError> {
    let alias = alias(&name.0, aliases)?;
    let id = alias.map_or(name.0.as_str(), |alias| alias.id.as_str());
    if let Some(id) = tenant_id(id) {
        return Ok(Some(id));
    }
    match alias {
        None => Ok(None),
        Some(_) => {
            let message = format!("the id of customer '{}' is not a tenant id: '{id}'", name.0);
            Err(CommandError::new(Exit::Usage, message))
        }
    }
}

/// Returns the tenant id in a text. The service knows only the form with hyphens: in braces, as a URN or without hyphens, the same id
/// would be another customer for it.
fn tenant_id(text: &str) -> Option<CustomerId> {
    let id = Uuid::try_parse(text).ok().filter(|id| !id.is_nil())?;
    let plain = id.hyphenated().to_string();
    let text = if text.eq_ignore_ascii_case(&plain) { text } else { &plain };
    CustomerId::new(text).ok()
}

/// Returns the alias of a customer.
pub(crate) fn alias_of<'a>(aliases: &'a [Alias], id: &str) -> Option<&'a str> {
    let same = |alias: &&Alias| alias.id.eq_ignore_ascii_case(id);
    aliases.iter().find(same).map(|alias| alias.alias.as_str())
}

/// Returns the alias of a customer, or the id of a customer without an alias.
pub(crate) fn name<'a>(aliases: &'a [Alias], id: &'a str) -> &'a str {
    alias_of(aliases, id).unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "47021739-3426-40bf-9601-61b4b6d7c793";

    fn aliases() -> Vec<Alias> {
        let alias = |alias: &str, id: &str| Alias {
            alias: alias.to_owned(),
            id: id.to_owned(),
            note: None,
        };
        vec![alias("Contoso", ID), alias("fabrikam", "not an id")]
    }

    #[test]
    fn a_customer_is_an_alias_or_an_id() {
        let found = |name: &str| find(&CustomerName(name.to_owned()), &aliases());
        for name in ["Contoso", "CONTOSO", ID] {
            assert_eq!(found(name).unwrap().unwrap().as_str(), ID, "{name}");
        }
        for name in [
            "{47021739-3426-40bf-9601-61b4b6d7c793}",
            "{47021739-3426-40BF-9601-61B4B6D7C793}",
            "urn:uuid:47021739-3426-40bf-9601-61b4b6d7c793",
            "47021739342640bf960161b4b6d7c793",
        ] {
            assert_eq!(found(name).unwrap().unwrap().as_str(), ID, "{name}");
        }
        for name in ["contosso", "", "00000000-0000-0000-0000-000000000000"] {
            assert_eq!(found(name).unwrap(), None, "{name}");
        }
        let error = found("fabrikam").unwrap_err();
        assert!(error.to_string().contains("is not a tenant id: 'not an id'"), "{error}");
        assert_eq!(error.exit, Exit::Usage);
    }

    #[test]
    fn names_that_differ_only_in_case_need_the_exact_spelling() {
        const OTHER: &str = "4d8b5f9e-0f7a-4b36-9b8e-1f1f2ad0c8a1";
        let alias = |alias: &str, id: &str| Alias {
            alias: alias.to_owned(),
            id: id.to_owned(),
            note: None,
        };
        let aliases = [alias("Contoso", ID), alias("contoso", OTHER)];
        let found = |name: &str| find(&CustomerName(name.to_owned()), &aliases);
        assert_eq!(found("Contoso").unwrap().unwrap().as_str(), ID);
        assert_eq!(found("contoso").unwrap().unwrap().as_str(), OTHER);
        let error = found("CONTOSO").unwrap_err();
        assert_eq!(error.to_string(), "'CONTOSO' could mean 'Contoso' or 'contoso'");
        assert_eq!(error.exit, Exit::Usage);
    }
}
