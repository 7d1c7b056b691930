//! A list in a response. Every documented form can be decoded: wrapped in `{totalCount, items, …}` (the developer
//! guide), a bare array, or a single element (the REST reference). Keys are read without case and surrounding white
//! space.

use std::fmt;
use std::marker::PhantomData;

use serde::Serialize;
use serde::de::{self, Deserialize, DeserializeOwned, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::resource_links;
use crate::types::{ResourceAttributes, ResourceLinks};

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Collection<T> {
    /// The number of elements, in total or on this page (not documented). `None` for a bare array.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_count: Option<i64>,
    /// The elements of this page.
    pub items: Vec<T>,
    /// The `MS-ContinuationToken` of the next page; `None` on the last page
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/get-a-list-of-devices-for-the-specified-batch-and-customer>).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub continuation_token: Option<String>,
    /// Links to this page and its neighbors, if the service sends them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub links: Option<ResourceLinks>,
    /// The attributes; `objectType` is `Collection`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attributes: Option<ResourceAttributes>,
}

impl<T> Default for Collection<T> {
    fn default() -> Self {
        Self {
            total_count: None,
            items: Vec::new(),
            continuation_token: None,
            links: None,
            attributes: None,
        }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Collection<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CollectionVisitor(PhantomData))
    }
}

/// Compares keys without case and white space: one documented key has a leading space, and the archived SDK uses
/// PascalCase.
fn same_key(key: &str, name: &str) -> bool {
    key.trim().eq_ignore_ascii_case(name)
}

struct CollectionVisitor<T>(PhantomData<T>);

impl<'de, T: DeserializeOwned> Visitor<'de> for CollectionVisitor<T> {
    type Value = Collection<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list: an object with `items`, or an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
        let mut list = Collection::default();
        while let Some(element) = elements.next_element()? {
            list.items.push(element);
        }
        Ok(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut list = Collection::default();
        let mut wrapped = false;
        let mut others = serde_json::Map::new();
        while let Some(key) = members.next_key::<std::borrow::Cow<'de, str>>()? {
            let is = |name| same_key(&key, name);
            if is("items") {
                list.items = members.next_value::<Option<Vec<T>>>()?.unwrap_or_default();
                wrapped = true;
            } else if is("totalCount") {
                list.total_count = count(&members.next_value()?);
                wrapped = true;
            } else if is("continuationToken") {
                list.continuation_token = members.next_value()?;
                wrapped = true;
            } else if is("links") {
                let links: Value = members.next_value()?;
                list.links = resource_links::of_list(&links).map_err(de::Error::custom)?;
            } else if is("attributes") {
                list.attributes = serde_json::from_value(members.next_value()?).unwrap_or_default();
            } else {
                others.insert(key.into_owned(), members.next_value()?);
            }
        }
        let is_empty_list = others.is_empty()
            && list.attributes.as_ref().is_some_and(|attributes| {
                let name = attributes.object_type.as_deref();
                name.is_some_and(|name| name.eq_ignore_ascii_case("Collection"))
            });
        if !wrapped && !is_empty_list {
            if !others.keys().any(|key| same_key(key, "id")) {
                return Err(de::Error::custom(
                    "neither a list (no `items`) nor an element (no `id`)",
                ));
            }
            // These are the links and attributes of the element, not of a list.
            for (key, value) in [
                ("links", serde_json::to_value(list.links.take())),
                ("attributes", serde_json::to_value(list.attributes.take())),
            ] {
                others.insert(key.to_owned(), value.map_err(de::Error::custom)?);
            }
            let element = T::deserialize(Value::Object(others)).map_err(de::Error::custom)?;
            list.items.push(element);
        }
        Ok(list)
    }
}

/// Reads a count from a number or text; anything else is `None`.
fn count(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::DeviceBatch;

    fn ids(json: &str) -> Vec<String> {
        let list: Collection<DeviceBatch> = serde_json::from_str(json).unwrap();
        list.items.into_iter().map(|batch| batch.id.unwrap()).collect()
    }

    #[test]
    fn reads_every_form() {
        assert_eq!(ids(r#"{"totalCount":2,"items":[{"id":"a"},{"id":"b"}]}"#), ["a", "b"]);
        assert_eq!(ids(r#"[{"id":"a"},{"id":"b"}]"#), ["a", "b"]);
        assert_eq!(ids(r#"{"id":"a","devicesCount":5}"#), ["a"]);
        assert_eq!(ids(r#"{"totalCount":0,"items":null}"#), Vec::<String>::new());
        assert_eq!(ids("[]"), Vec::<String>::new());
        assert_eq!(ids(r#"{"attributes":{"objectType":"Collection"}}"#), Vec::<String>::new());
    }

    #[test]
    fn reads_keys_without_case_and_white_space() {
        let json = r#"{"TotalCount":1,"Items":[{"Id":"a"}],"CONTINUATIONTOKEN":"t",
            "Links":{"Self":{"Uri":"/x"}}," attributes":{"ObjectType":"Collection"}}"#;
        let list: Collection<DeviceBatch> = serde_json::from_str(json).unwrap();
        assert_eq!((list.total_count, list.continuation_token.as_deref()), (Some(1), Some("t")));
        assert_eq!(list.items[0].id.as_deref(), Some("a"));
        let itself = list.links.unwrap().self_.unwrap();
        assert_eq!(itself.uri.as_deref(), Some("/x"));
        assert_eq!(list.attributes.unwrap().object_type.as_deref(), Some("Collection"));

        let json = r#"{"Id":"a","Attributes":{"ObjectType":"DeviceBatch"}}"#;
        let single: Collection<DeviceBatch> = serde_json::from_str(json).unwrap();
        assert_eq!(single.items[0].id.as_deref(), Some("a"));
        let attributes = single.items[0].attributes.as_ref().unwrap();
        assert_eq!(attributes.object_type.as_deref(), Some("DeviceBatch"));
    }

    #[test]
    fn ignores_invalid_optional_members() {
        for json in [
            r#"{"totalCount":"2","items":[{"id":"a"},{"id":"b"}],"links":[],"attributes":[]}"#,
            r#"{"totalCount":{},"items":[{"id":"a"},{"id":"b"}],"links":null,"attributes":"x"}"#,
            r#"{"items":[{"id":"a","links":{"self":{"body":{"x":1}}}},{"id":"b"}],
                "links":{"next":{"uri":"/x","body":{"x":[1]}},"self":{"body":"text"}}}"#,
        ] {
            assert_eq!(ids(json), ["a", "b"], "{json}");
        }
        let link = r#"{"items":[],"links":{"Next":{"uri":"/x","body":{}},"self":{"body":"text"}}}"#;
        let links = serde_json::from_str::<Collection<DeviceBatch>>(link).unwrap().links.unwrap();
        assert_eq!(links.next.unwrap().uri.as_deref(), Some("/x"));
        assert_eq!(links.self_.unwrap().body.as_deref(), Some("text"));
        let invalid_link = r#"{"items":[{"id":"a"}],"links":{"next":"/x"}}"#;
        assert!(serde_json::from_str::<Collection<DeviceBatch>>(invalid_link).is_err());
    }

    #[test]
    fn a_single_element_keeps_its_attributes() {
        let json = r#"{"id":"a","attributes":{"objectType":"DeviceBatch"}}"#;
        let list: Collection<DeviceBatch> = serde_json::from_str(json).unwrap();
        assert_eq!(list.attributes, None);
        let attributes = list.items[0].attributes.as_ref().unwrap();
        assert_eq!(attributes.object_type.as_deref(), Some("DeviceBatch"));
    }

    #[test]
    fn other_json_is_an_error() {
        for (json, words) in [
            (r#"{"code":"x"}"#, "no `items`"),
            ("{}", "no `items`"),
            (r#"{"attributes":{"objectType":"Device"}}"#, "no `items`"),
            ("3", "expected a list"),
            ("null", "expected a list"),
            (r#"{"items":[{"id":3}]}"#, "invalid type: integer `3`"),
        ] {
            let error = serde_json::from_str::<Collection<DeviceBatch>>(json).unwrap_err();
            assert!(error.to_string().contains(words), "{json}: {error}");
        }
    }
}
