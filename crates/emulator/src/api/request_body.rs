//! Request bodies.
//!
//! Keys are case-insensitive, null counts as absent, and unknown fields are ignored, so all requests of the archived
//! .NET SDK are accepted. A value of the wrong type is rejected: the error names the field, but never repeats the
//! value.

use partner_center_devices_raw::types::{PolicyCategory, PolicySetting};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::api::enum_values;
use crate::api::error::ApiError;
use crate::domain::device::{DeviceInput, PolicyChange};
use crate::domain::hardware_hash::HardwareHash;
use crate::domain::policy::{PolicyInput, must_be_one_of};
use crate::domain::text_limit::{MAX_TEXT, TOO_LONG};

/// The body of a request that creates a batch.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct NewBatch {
    pub(crate) name: String,
    pub(crate) devices: Vec<DeviceInput>,
}

/// Parses a body as JSON. A byte order mark is skipped.
pub(crate) fn json(body: &[u8]) -> Result<Value, ApiError> {
    let text = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    if text.trim_ascii().is_empty() {
        return Err(ApiError::missing("the body"));
    }
    serde_json::from_slice(text).map_err(|error| ApiError::invalid_json(&error))
}

/// Parses `{batchId, devices}`.
pub(crate) fn new_batch(body: Value) -> Result<NewBatch, ApiError> {
    let (mut name, mut parsed) = (None, None);
    for (key, value) in fields(body, "the body")? {
        match key.as_str() {
            "batchid" => name = Some(text(value, "batchId")?),
            "devices" => parsed = Some(devices(value, "devices")?),
            "attributes" => attributes(value, "attributes")?,
            _ => {}
        }
    }
    let name = name.ok_or_else(|| ApiError::missing("batchId"))?;
    if name.trim().is_empty() {
        return Err(ApiError::invalid("batchId", "must not be blank"));
    }
    let devices = parsed.ok_or_else(|| ApiError::missing("devices"))?;
    Ok(NewBatch { name, devices })
}

/// Parses a list of devices.
pub(crate) fn device_list(body: Value) -> Result<Vec<DeviceInput>, ApiError> {
    devices(body, "")
}

/// Parses `{devices}`.
pub(crate) fn policy_updates(body: Value) -> Result<Vec<DeviceInput>, ApiError> {
    let mut parsed = None;
    for (key, value) in fields(body, "the body")? {
        match key.as_str() {
            "devices" => parsed = Some(devices(value, "devices")?),
            "attributes" => attributes(value, "attributes")?,
            _ => {}
        }
    }
    parsed.ok_or_else(|| ApiError::missing("devices"))
}

/// Parses one device.
pub(crate) fn device(body: Value) -> Result<DeviceInput, ApiError> {
    device_at(body, "")
}

/// Parses a policy.
pub(crate) fn policy(body: Value) -> Result<PolicyInput, ApiError> {
    let (mut name, mut description, mut category, mut settings) = (None, None, None, None);
    for (key, value) in fields(body, "the body")? {
        match key.as_str() {
            "name" => name = Some(text(value, "name")?),
            "description" => description = Some(text(value, "description")?),
            "category" => category = Some(known_category(&value, "category")?),
            "policysettings" => settings = Some(policy_settings(value)?),
            "id" | "createddate" | "lastmodifieddate" => drop(text(value, camel_case(&key))?),
            "devicesassigned" | "devicesassignedcount" if !value.is_number() => {
                return Err(ApiError::invalid(camel_case(&key), "must be a number"));
            }
            "attributes" => attributes(value, "attributes")?,
            "links" => links(value, "links")?,
            _ => {}
        }
    }
    // The documents require the category, but their C# sample omits it.
    Ok(PolicyInput {
        name: name.filter(|name| !name.trim().is_empty()),
        description,
        category: category.unwrap_or(PolicyCategory::Oobe),
        settings,
    })
}

fn policy_settings(value: Value) -> Result<Vec<PolicySetting>, ApiError> {
    let known = |value: &Value, field: &str| {
        let known = enum_values::settings(value);
        known.ok_or_else(|| not_one_of(field, value, PolicySetting::KNOWN))
    };
    // .NET writes flags as one number or one text.
    if value.is_number() || value.is_string() {
        return known(&value, "policySettings");
    }
    let mut settings = Vec::new();
    for (index, value) in list(value, "policySettings")?.iter().enumerate() {
        settings.extend(known(value, &format!("policySettings[{index}]"))?);
    }
    Ok(settings)
}

fn known_category(value: &Value, field: &str) -> Result<PolicyCategory, ApiError> {
    enum_values::category(value).ok_or_else(|| not_one_of(field, value, PolicyCategory::KNOWN))
}

fn not_one_of(field: &str, value: &Value, known: &[&str]) -> ApiError {
    match value {
        Value::String(_) | Value::Number(_) => ApiError::invalid(field, &must_be_one_of(known)),
        other => wrong_type(field, "text or a number", other),
    }
}

fn devices(value: Value, field: &str) -> Result<Vec<DeviceInput>, ApiError> {
    list(value, if field.is_empty() { "the body" } else { field })?
        .into_iter()
        .enumerate()
        .map(|(index, device)| device_at(device, &format!("{field}[{index}]")))
        .collect()
}

fn device_at(value: Value, field: &str) -> Result<DeviceInput, ApiError> {
    let at =
        |name: &str| if field.is_empty() { name.to_owned() } else { format!("{field}.{name}") };
    let non_blank = |value, name: &str| -> Result<Option<String>, ApiError> {
        let text = text(value, &at(name))?;
        Ok((!text.trim().is_empty()).then_some(text))
    };
    let mut device = DeviceInput::default();
    for (key, value) in fields(value, if field.is_empty() { "the body" } else { field })? {
        match key.as_str() {
            "id" => device.id = non_blank(value, "id")?.map(Into::into),
            "serialnumber" => {
                device.serial_number = non_blank(value, "serialNumber")?.map(Into::into)
            }
            "productkey" => device.product_key = non_blank(value, "productKey")?.map(Into::into),
            "oemmanufacturername" => {
                device.manufacturer = non_blank(value, "oemManufacturerName")?.map(Into::into);
            }
            "modelname" => device.model = non_blank(value, "modelName")?.map(Into::into),
            "hardwarehash" => device.hash = HardwareHash::parse(&text(value, &at("hardwareHash"))?),
            "policies" => device.policy = policy_change(value, &at("policies"))?,
            "uploadeddate" | "uploadedby" | "createdby" | "devicebatchid" => {
                drop(text(value, &at(camel_case(&key)))?);
            }
            "allowedoperations" => {
                let field = at("allowedOperations");
                for (index, operation) in list(value, &field)?.into_iter().enumerate() {
                    text(operation, &format!("{field}[{index}]"))?;
                }
            }
            "attributes" => attributes(value, &at("attributes"))?,
            "links" => links(value, &at("links"))?,
            _ => {}
        }
    }
    Ok(device)
}

/// Parses `[{key, value}]`. There is only one category, so the last entry applies, and the key may be missing. An entry
/// without key and value is ignored.
fn policy_change(value: Value, field: &str) -> Result<PolicyChange, ApiError> {
    let mut change = PolicyChange::Keep;
    for (index, entry) in list(value, field)?.into_iter().enumerate() {
        let field = format!("{field}[{index}]");
        let (mut category, mut policy) = (None, PolicyChange::Remove);
        for (key, value) in fields(entry, &field)? {
            match key.as_str() {
                "key" => {
                    let field = format!("{field}.key");
                    category = Some(known_category(&value, &field)?);
                }
                "value" => {
                    let id = text(value, &format!("{field}.value"))?;
                    if !id.trim().is_empty() {
                        policy = PolicyChange::Set(id.into());
                    }
                }
                _ => {}
            }
        }
        if category.is_some() || policy != PolicyChange::Remove {
            change = policy;
        }
    }
    Ok(change)
}

/// Returns the fields that are not null, with keys in lower case.
fn fields(value: Value, field: &str) -> Result<impl Iterator<Item = (String, Value)>, ApiError> {
    match value {
        Value::Object(fields) => Ok(Map::into_iter(fields)
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key.to_ascii_lowercase(), value))),
        other => Err(wrong_type(field, "an object", &other)),
    }
}

// The functions below check parts of a response that clients send back. The values are ignored, but must have the right
// type.

fn attributes(value: Value, field: &str) -> Result<(), ApiError> {
    for (key, value) in fields(value, field)? {
        if matches!(key.as_str(), "etag" | "objecttype") {
            text(value, &format!("{field}.{}", camel_case(&key)))?;
        }
    }
    Ok(())
}

fn links(value: Value, field: &str) -> Result<(), ApiError> {
    for (key, value) in fields(value, field)? {
        if matches!(key.as_str(), "self" | "next" | "previous") {
            link(value, &format!("{field}.{key}"))?;
        }
    }
    Ok(())
}

fn link(value: Value, field: &str) -> Result<(), ApiError> {
    for (key, value) in fields(value, field)? {
        let field = format!("{field}.{key}");
        match key.as_str() {
            "uri" | "method" | "body" => drop(text(value, &field)?),
            "headers" => {
                for (index, header) in list(value, &field)?.into_iter().enumerate() {
                    let field = format!("{field}[{index}]");
                    for (key, value) in fields(header, &field)? {
                        if matches!(key.as_str(), "key" | "value") {
                            text(value, &format!("{field}.{key}"))?;
                        }
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn list(value: Value, field: &str) -> Result<Vec<Value>, ApiError> {
    match value {
        Value::Array(list) => Ok(list),
        other => Err(wrong_type(field, "a list", &other)),
    }
}

fn text(value: Value, field: &str) -> Result<String, ApiError> {
    match value {
        Value::String(text) if text.len() <= MAX_TEXT => Ok(text),
        Value::String(_) => Err(ApiError::invalid(field, TOO_LONG)),
        other => Err(wrong_type(field, "text", &other)),
    }
}

fn wrong_type(field: &str, expected: &str, actual: &Value) -> ApiError {
    let actual = match actual {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    ApiError::invalid(field, &format!("must be {expected}, not {actual}"))
}

/// Returns the documented spelling of a key whose value is ignored.
fn camel_case(key: &str) -> &'static str {
    const KEYS: [&str; 13] = [
        "attributes",
        "createdBy",
        "createdDate",
        "deviceBatchId",
        "devicesAssigned",
        "devicesAssignedCount",
        "etag",
        "id",
        "lastModifiedDate",
        "links",
        "objectType",
        "uploadedBy",
        "uploadedDate",
    ];
    KEYS.into_iter().find(|known| known.eq_ignore_ascii_case(key)).unwrap_or("a field")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_are_case_insensitive_and_null_counts_as_absent() {
        let batch = new_batch(json!({
            "BATCHID": "b",
            "Devices": [{ "SerialNumber": "s", "productkey": null, "HardwareHash": "", "Policies": null,
                "CreatedBy": null, "UploadedDate": "0001-01-01T00:00:00", "AllowedOperations": null, "ModelName": "  ",
                "Unknown": [1], "Attributes": { "ObjectType": "Device" } }],
            "Attributes": null,
        }))
        .unwrap();
        assert_eq!(batch.name, "b");
        let [device] = batch.devices.as_slice() else { panic!("one device") };
        assert_eq!(device.serial_number.as_deref(), Some("s"));
        assert_eq!((&device.product_key, &device.model, &device.id), (&None, &None, &None));
        assert_eq!(device.hash, HardwareHash::Blank);
        assert_eq!(device.policy, PolicyChange::Keep);
    }

    #[test]
    fn parses_policy_changes() {
        let change = |policies| device(json!({ "policies": policies })).unwrap().policy;
        assert_eq!(change(json!(null)), PolicyChange::Keep);
        assert_eq!(change(json!([])), PolicyChange::Keep);
        assert_eq!(change(json!([{}])), PolicyChange::Keep);
        assert_eq!(change(json!([{ "key": null, "value": null }])), PolicyChange::Keep);
        for one in [
            json!([{ "Key": "O_O_B_E", "Value": "p" }]),
            json!([{ "Value": "p" }]),
            json!([{ "Key": "none", "Value": "p" }]),
            json!([{ "Key": "o_o_b_e", "Value": "q" }, { "Key": null, "Value": "p" }]),
        ] {
            assert_eq!(change(one), PolicyChange::Set("p".into()));
        }
        for none in [
            json!([{ "key": "o_o_b_e", "value": null }]),
            json!([{ "key": "o_o_b_e", "value": "" }]),
        ] {
            assert_eq!(change(none), PolicyChange::Remove);
        }
    }

    #[test]
    fn rejects_values_of_the_wrong_type_and_names_the_field() {
        let description = |error: ApiError| error.description.into_string();
        let batch = |body| description(new_batch(body).unwrap_err());
        assert_eq!(batch(json!([1])), "the body must be an object, not a list.");
        assert_eq!(batch(json!({ "devices": [] })), "batchId is missing.");
        assert_eq!(batch(json!({ "batchId": " ", "devices": [] })), "batchId must not be blank.");
        assert_eq!(batch(json!({ "batchId": "b", "devices": null })), "devices is missing.");
        assert_eq!(
            batch(json!({ "batchId": "b", "devices": "secret" })),
            "devices must be a list, not text."
        );
        assert_eq!(
            batch(json!({ "batchId": "b", "devices": [{}, { "hardwarehash": 3 }] })),
            "devices[1].hardwareHash must be text, not a number."
        );
        assert_eq!(
            batch(json!({ "batchId": "b", "devices": [{ "uploadedDate": {} }] })),
            "devices[0].uploadedDate must be text, not an object."
        );
        assert_eq!(
            batch(json!({ "batchId": "b", "devices": [], "Attributes": { "ObjectType": {} } })),
            "attributes.objectType must be text, not an object."
        );
        let links = json!({ "Next": { "Uri": "/x", "Headers": [{ "Key": "a", "Value": 1 }] } });
        assert_eq!(
            batch(json!({ "batchId": "b", "devices": [{ "Links": links }] })),
            "devices[0].links.next.headers[0].value must be text, not a number."
        );
        let list = |body| description(device_list(body).unwrap_err());
        assert_eq!(list(json!({})), "the body must be a list, not an object.");
        assert_eq!(list(json!([3])), "[0] must be an object, not a number.");
        let one = |body| description(device(body).unwrap_err());
        assert_eq!(one(json!("x")), "the body must be an object, not text.");
        assert_eq!(
            one(json!({ "policies": [{ "key": "x" }] })),
            "policies[0].key must be one of none, o_o_b_e."
        );
        assert_eq!(
            one(json!({ "allowedOperations": [null] })),
            "allowedOperations[0] must be text, not null."
        );
        let policy = |body| description(policy(body).unwrap_err());
        assert_eq!(
            policy(json!({ "name": "n", "category": "x" })),
            "category must be one of none, o_o_b_e."
        );
        assert!(
            policy(json!({ "name": "n", "policySettings": ["x"] }))
                .starts_with("policySettings[0] must be one of")
        );
        assert_eq!(
            policy(json!({ "name": "n", "category": true })),
            "category must be text or a number, not true or false."
        );
        assert!(
            policy(json!({ "name": "n", "policySettings": 32 }))
                .starts_with("policySettings must be one of")
        );
        assert_eq!(
            policy(json!({ "name": "n", "policySettings": {} })),
            "policySettings must be a list, not an object."
        );
        assert_eq!(
            policy(json!({ "name": "n", "DevicesAssigned": "0" })),
            "devicesAssigned must be a number."
        );
    }

    #[test]
    fn rejects_invalid_json_without_repeating_it() {
        let description = |body: &[u8]| json(body).unwrap_err().description.into_string();
        assert_eq!(description(b""), "the body is missing.");
        assert_eq!(description(b"\xEF\xBB\xBF \n"), "the body is missing.");
        assert_eq!(
            description(b"{\"a\":\n secret}"),
            "The body is not JSON: expected value at line 2 column 2."
        );
        assert!(description("[".repeat(1000).as_bytes()).contains("recursion limit"));
        assert_eq!(json(b"\xEF\xBB\xBF[1]").unwrap(), json!([1]));
    }
}
