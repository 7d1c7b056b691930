//! The rules by which a text means a customer: an alias, a tenant id, or exactly the company name or the default domain of one
//! customer. Several customers are listed, and the command stops.

use partner_center_devices::CustomerId;
use partner_center_devices_fleet::index::{CustomerRecord, KnownCustomer};

use crate::args::CustomerName;
use crate::errors::{CommandError, Exit};
use crate::settings::customers::{Alias, find};
use crate::suggestions::closest;

/// The number of customers that an error lists.
const MAX_LISTED: usize = 12;

/// The customer that a text means, as far as this machine knows.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// An alias or a tenant id.
    Id(CustomerId),
    /// The name or domain of a customer of the index.
    Named(CustomerRecord),
    /// Only the service can tell.
    Unknown,
}

/// A call that finds a customer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Lookup {
    ByDomain,
    ByName,
}

impl Lookup {
    /// Returns the calls for a text, until one finds the customer. A text with a dot and without whitespace is usually a domain, but
    /// there are companies like Amazon.com.
    pub(super) fn of(text: &str) -> &'static [Self] {
        match text.contains('.') && !text.contains(char::is_whitespace) {
            true => &[Self::ByDomain, Self::ByName],
            false => &[Self::ByName],
        }
    }
}

/// Returns the customer that a text means: the alias first, then the tenant id, then the customers of the index.
///
/// `indexed` are those with exactly this name or domain. If not all customers were listed, another one may have the same name,
/// so only a domain is sure, because it belongs to one tenant.
pub(super) fn known(
    name: &CustomerName,
    aliases: &[Alias],
    indexed: Vec<KnownCustomer>,
    is_complete: bool,
) -> Result<Known, CommandError> {
    if let Some(id) = find(name, aliases)? {
        return Ok(Known::Id(id));
    }
    let is_sure = |customer: &KnownCustomer| {
        is_complete || customer.domain.as_deref().is_some_and(|domain| is_same(domain, &name.0))
    };
    let sure: Vec<_> = indexed.into_iter().filter(is_sure).map(record).collect();
    match only(&name.0, sure)? {
        Some(customer) => Ok(Known::Named(customer)),
        None => Ok(Known::Unknown),
    }
}

/// Returns the customer with exactly this name or domain, if there is one.
pub(super) fn exact<'a>(
    name: &CustomerName,
    customers: impl IntoIterator<Item = &'a CustomerRecord>,
) -> Result<Option<CustomerRecord>, CommandError> {
    let is_exact = |customer: &&CustomerRecord| {
        let values = [&customer.name, &customer.domain];
        values.into_iter().flatten().any(|value| is_same(value, &name.0))
    };
    only(&name.0, customers.into_iter().filter(is_exact).cloned().collect())
}

/// Returns the error for a text that means no customer. `similar` start with it.
pub(super) fn unknown(
    name: &CustomerName,
    aliases: &[Alias],
    similar: &[CustomerRecord],
) -> CommandError {
    not_found(format!("there is no customer '{}'", name.0), name, aliases, similar)
}

/// Returns the error for a text that this machine does not know. The service may.
pub(super) fn unknown_here(name: &CustomerName, aliases: &[Alias]) -> CommandError {
    not_found(format!("this machine does not know the customer '{}'", name.0), name, aliases, &[])
}

fn not_found(
    text: String,
    name: &CustomerName,
    aliases: &[Alias],
    similar: &[CustomerRecord],
) -> CommandError {
    let close = closest(&name.0, aliases.iter().map(|alias| alias.alias.as_str()));
    let text = match similar {
        [] => text,
        similar => format!("{text}; these customers start with it:{}", list(similar)),
    };
    let mut error = CommandError::new(Exit::Usage, text);
    if let Some(close) = close {
        error = error.hint(format!("did you mean '{close}'?"));
    }
    error.hint(
        "use an alias, a tenant id, or the exact company name or default domain: pcdevices customers find TEXT",
    )
}

/// Returns the only customer, if there is one.
fn only(
    text: &str,
    mut customers: Vec<CustomerRecord>,
) -> Result<Option<CustomerRecord>, CommandError> {
    if customers.len() < 2 {
        return Ok(customers.pop());
    }
    let message = format!("'{text}' could mean {} customers:{}", customers.len(), list(&customers));
    Err(CommandError::new(Exit::Usage, message).hint(
        "use the domain or the tenant id of one of them, or give it an alias: pcdevices customers add ALIAS TENANT-ID",
    ))
}

/// Lists customers, one in a line.
fn list(customers: &[CustomerRecord]) -> String {
    let mut lines: Vec<_> =
        customers.iter().take(MAX_LISTED).map(|one| format!("\n{}", line(one))).collect();
    if customers.len() > MAX_LISTED {
        lines.push(format!("\nand {} more", customers.len() - MAX_LISTED));
    }
    lines.concat()
}

/// Returns a customer with everything that tells it apart.
fn line(customer: &CustomerRecord) -> String {
    let CustomerRecord { id, name, domain, relationship, .. } = customer;
    let values = [name.as_deref(), domain.as_deref(), relationship.as_deref()];
    let values: Vec<_> = values.into_iter().flatten().map(one_line).collect();
    match &values[..] {
        [] => id.to_string(),
        values => format!("{} ({id})", values.join(", ")),
    }
}

/// Returns a name or domain without line breaks, which would look like another customer.
fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

pub(super) fn record(customer: KnownCustomer) -> CustomerRecord {
    let KnownCustomer { id, name, domain, relationship, .. } = customer;
    let mut record = CustomerRecord::new(id);
    (record.name, record.domain, record.relationship) = (name, domain, relationship);
    record
}

fn is_same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::customer_index::CustomerIndex;

    const ONE: &str = "47021739-3426-40bf-9601-61b4b6d7c793";
    const TWO: &str = "4d8b5f9e-0f7a-4b36-9b8e-1f1f2ad0c8a1";

    fn record(id: &str, name: &str, domain: &str) -> CustomerRecord {
        let mut record = CustomerRecord::new(CustomerId::new(id).unwrap());
        record.name = Some(name.to_owned());
        record.domain = Some(domain.to_owned());
        record.relationship = Some("reseller".to_owned());
        record
    }

    fn aliases() -> Vec<Alias> {
        let alias = |alias: &str| Alias { alias: alias.to_owned(), id: TWO.to_owned(), note: None };
        vec![alias("hq"), alias("Contoso Berlin")]
    }

    fn text(error: &CommandError) -> String {
        assert_eq!(error.exit, Exit::Usage);
        anstream::adapter::strip_str(&error.render()).to_string()
    }

    /// Aliases come first, then ids, then names and domains of the index. Two customers are never one.
    #[test]
    fn a_text_means_an_alias_an_id_or_exactly_one_customer_of_the_index() {
        let folder = tempfile::tempdir().unwrap();
        let service = "https://api.example";
        let file = CustomerIndex::in_file(folder.path().join("x.index"), service);
        let mut index = file.open().unwrap();
        for customer in [
            record(ONE, "Contoso", "contoso.com"),
            record(TWO, "Contoso", "contoso190.onmicrosoft.com"),
            record("5d8b5f9e-0f7a-4b36-9b8e-1f1f2ad0c8a1", "HQ", "hq.example"),
            record("6d8b5f9e-0f7a-4b36-9b8e-1f1f2ad0c8a1", "fabrikam.com", "fabrikam.example"),
        ] {
            index.record_customer(&customer, std::time::SystemTime::now().into()).unwrap();
        }
        let look = |name: &str, is_complete: bool| {
            let indexed = index.customers_named(name).unwrap();
            known(&CustomerName(name.to_owned()), &aliases(), indexed, is_complete)
        };
        for is_complete in [true, false] {
            for (name, id) in [
                ("hq", TWO),
                ("HQ", TWO), // the alias, not the company
                (ONE, ONE),
                ("contoso berlin", TWO),
            ] {
                let id = Known::Id(CustomerId::new(id).unwrap());
                assert_eq!(look(name, is_complete).unwrap(), id, "{name}");
            }
            let one = Known::Named(record(ONE, "Contoso", "contoso.com"));
            assert_eq!(look("CONTOSO.com", is_complete).unwrap(), one, "a domain is unique");
            for name in ["Cont", "contoso190", "x", ""] {
                assert_eq!(look(name, is_complete).unwrap(), Known::Unknown, "{name}");
            }
        }
        // Without a complete list, another customer may have the same name.
        assert_eq!(look("contoso", false).unwrap(), Known::Unknown);
        assert_eq!(look("fabrikam.com", false).unwrap(), Known::Unknown);
        assert!(matches!(look("fabrikam.com", true).unwrap(), Known::Named(_)));
        let error = look("contoso", true).unwrap_err();
        insta::assert_snapshot!(text(&error));
    }

    #[test]
    fn only_an_exact_match_of_the_service_is_used() {
        let (one, two) = (
            record(ONE, "Contoso", "contoso.com"),
            record(TWO, "Contoso Berlin", "contoso.com.example"),
        );
        let customers = [one.clone(), two.clone()];
        let look = |name: &str, customers: &[CustomerRecord]| {
            let name = CustomerName(name.to_owned());
            exact(&name, customers)?.ok_or_else(|| unknown(&name, &aliases()[..1], customers))
        };
        assert_eq!(look("contoso", &customers).unwrap(), one);
        assert_eq!(look("contoso.COM ", &customers).unwrap(), one);
        assert_eq!(look("contoso berlin", &customers).unwrap(), two);
        let error = look("Cont", &customers).unwrap_err();
        insta::assert_snapshot!("similar", text(&error));
        // A single customer that only starts with the text is not a match.
        assert!(look("Cont", &customers[..1]).is_err());
        let error = look("hqq", &[]).unwrap_err();
        assert!(text(&error).contains("did you mean 'hq'?"), "{error}");
        let error = text(&look("h", &[record(ONE, "Hqqq", "h.example")]).unwrap_err());
        assert!(error.contains("\n  Hqqq, h.example") && error.contains("'hq'?"), "{error}");
        let twins = [one.clone(), record(TWO, "CONTOSO", "b.example")];
        let error = look("contoso", &twins).unwrap_err();
        assert!(error.to_string().starts_with("'contoso' could mean 2 customers"), "{error}");
        let many: Vec<_> = (0..20)
            .map(|number| {
                record(
                    &format!("{number:08}-0f7a-4b36-9b8e-1f1f2ad0c8a1"),
                    "C\nerror: x",
                    "x.example",
                )
            })
            .collect();
        let error = text(&look("c", &many).unwrap_err());
        assert!(error.contains("and 8 more") && !error.contains("\n  error: x"), "{error}");
    }

    #[test]
    fn a_domain_has_a_dot_and_no_blank() {
        for (text, is_domain) in [
            ("contoso.com", true),
            ("S.A.R.L.", true),
            ("Contoso Ltd.", false),
            ("Contoso", false),
            ("a.b\u{a0}c", false),
        ] {
            let lookups = Lookup::of(text);
            assert_eq!(lookups[0] == Lookup::ByDomain, is_domain, "{text}");
            assert_eq!(lookups.last(), Some(&Lookup::ByName), "{text}");
        }
    }
}
