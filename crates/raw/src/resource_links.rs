//! Links in a response. A client needs one only to find the next page of a list, so other links, and the body to send with a
//! link, may have any form.

use serde::de::{Deserialize, Deserializer, Error};
use serde_json::Value;

use crate::types::{Link, ResourceLinks};

/// Decodes the links of a list. Anything that is not an object is `None`, because not every list has links.
///
/// # Errors
/// If the link to the next page cannot be decoded: without it, the rest of the list would be missing.
pub(crate) fn of_list(value: &Value) -> Result<Option<ResourceLinks>, serde_json::Error> {
    if !value.is_object() {
        return Ok(None);
    }
    let ignoring_errors = |name| link(value, name).ok().flatten();
    let (self_, previous) = (ignoring_errors("self"), ignoring_errors("previous"));
    Ok(Some(ResourceLinks { self_, next: link(value, "next")?, previous }))
}

/// Decodes the links of an element, which no client needs. Links in another form are `None`.
pub(crate) fn of_element<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<ResourceLinks>, D::Error> {
    let value = Value::deserialize(deserializer).map_err(D::Error::custom)?;
    Ok(of_list(&value).ok().flatten())
}

fn link(links: &Value, name: &str) -> Result<Option<Link>, serde_json::Error> {
    let same_key = |key: &str, name: &str| key.trim().eq_ignore_ascii_case(name);
    let found =
        links.as_object().and_then(|links| links.iter().find(|(key, _)| same_key(key, name)));
    let mut link = found.map(|(_, link)| link.clone()).unwrap_or_default();
    if let Some(members) = link.as_object_mut() {
        members.retain(|key, value| !same_key(key, "body") || value.is_string());
    }
    serde_json::from_value(link)
}
