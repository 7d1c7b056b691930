//! The answers to the questions of `setup`: pure functions.

use uuid::Uuid;

use crate::args::CloudName;
use crate::settings::config::SignIn;

/// Reads the number or the name of a cloud. Empty means public.
pub(super) fn cloud(answer: &str) -> Result<CloudName, &'static str> {
    match answer.to_ascii_lowercase().as_str() {
        "" | "1" | "public" => Ok(CloudName::Public),
        "2" | "us-government" => Ok(CloudName::UsGovernment),
        "3" | "china" => Ok(CloudName::China),
        _ => Err("type 1, 2 or 3"),
    }
}

/// Reads the number of a way to sign in. Empty means a browser.
pub(super) fn sign_in_number(answer: &str) -> Result<SignIn, &'static str> {
    match answer {
        "" | "1" => Ok(SignIn::Browser),
        "2" => Ok(SignIn::DeviceCode),
        _ => Err("type 1 or 2"),
    }
}

/// Reads a tenant: a domain, an id, or the name of a user, whose domain counts.
pub(super) fn tenant(answer: &str) -> Result<String, &'static str> {
    if let Ok(id) = Uuid::try_parse(answer) {
        return Ok(id.to_string());
    }
    let domain = answer.rsplit('@').next().unwrap_or_default();
    let domain = domain.trim_start_matches("https://").trim_matches('/');
    let is_label = |label: &str| {
        !label.is_empty()
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !label.starts_with('-')
    };
    if domain.contains('.') && domain.split('.').all(is_label) {
        Ok(domain.to_lowercase())
    } else {
        Err("type a domain, such as northwind.onmicrosoft.com, or a tenant id")
    }
}

/// Reads the client id of an app registration.
pub(super) fn client_id(answer: &str) -> Result<String, &'static str> {
    match Uuid::try_parse(answer) {
        Ok(id) if !id.is_nil() => Ok(id.to_string()),
        _ => Err("type an id with 32 digits, such as 8f7f6e2c-3f53-4f2c-a1f5-0f5f0b1c2d3e"),
    }
}

/// Returns true if an answer accepts a proposal.
pub(super) fn is_yes(answer: &str) -> bool {
    ["", "y", "yes"].contains(&answer.to_ascii_lowercase().as_str())
}

/// Returns true if an answer declines a proposal.
pub(super) fn is_no(answer: &str) -> bool {
    ["n", "no"].contains(&answer.to_ascii_lowercase().as_str())
}

/// Proposes an alias for a domain or a company name: its first word, in lowercase.
pub(super) fn alias_for(name: &str) -> String {
    let word: String = name
        .chars()
        .skip_while(|c| !c.is_alphanumeric())
        .take_while(|c| c.is_alphanumeric() || *c == '-')
        .flat_map(char::to_lowercase)
        .collect();
    if word.is_empty() { "customer".to_owned() } else { word }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenants_are_domains_ids_or_users() {
        for (answer, expected) in [
            ("Northwind.onmicrosoft.com", Some("northwind.onmicrosoft.com")),
            ("admin@northwind.com", Some("northwind.com")),
            ("https://northwind.com/", Some("northwind.com")),
            ("müller.de", Some("müller.de")),
            (
                "{8F7F6E2C-3F53-4F2C-A1F5-0F5F0B1C2D3E}",
                Some("8f7f6e2c-3f53-4f2c-a1f5-0f5f0b1c2d3e"),
            ),
            ("northwind", None),
            ("", None),
            ("a..b", None),
            ("a b.com", None),
            ("../x.com", None),
        ] {
            assert_eq!(tenant(answer).ok().as_deref(), expected, "{answer}");
        }
    }

    #[test]
    fn client_ids_are_not_nil() {
        let id = "8f7f6e2c-3f53-4f2c-a1f5-0f5f0b1c2d3e";
        assert_eq!(client_id(id).as_deref(), Ok(id));
        assert_eq!(client_id("{8F7F6E2C3F534F2CA1F50F5F0B1C2D3E}").ok(), None);
        for wrong in ["", "pcdevices", "00000000-0000-0000-0000-000000000000"] {
            assert!(client_id(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn choices_have_a_default() {
        assert_eq!(cloud("").unwrap(), CloudName::Public);
        assert_eq!(cloud("2").unwrap(), CloudName::UsGovernment);
        assert_eq!(cloud("China").unwrap(), CloudName::China);
        assert!(cloud("4").is_err());
        assert_eq!(sign_in_number("").unwrap(), SignIn::Browser);
        assert_eq!(sign_in_number("2").unwrap(), SignIn::DeviceCode);
        assert!(sign_in_number("x").is_err());
        assert!(is_no("n") && is_no("No") && !is_no("") && !is_no("nord"));
        assert!(is_yes("") && is_yes("Y") && !is_yes("n") && !is_yes("contoso"));
    }

    #[test]
    fn an_alias_is_the_first_word_of_the_name() {
        for (name, alias) in [
            ("Contoso Ltd.", "contoso"),
            ("contoso-retail.onmicrosoft.com", "contoso-retail"),
            ("  'Müller & Söhne'", "müller"),
            ("株式会社", "株式会社"),
            ("", "customer"),
            ("--", "customer"),
        ] {
            assert_eq!(alias_for(name), alias, "{name}");
        }
    }
}
