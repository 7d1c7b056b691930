//! The description of a body that cannot be decoded.

use partner_center_devices_raw::redact;
use serde::de::DeserializeOwned;

/// Describes why a body does not decode, and where: `items[3].uploadedDate: invalid type: …`.
pub(crate) fn decode_problem<W: DeserializeOwned>(body: &[u8]) -> Option<String> {
    if body.is_empty() {
        return Some("the body is empty".to_owned());
    }
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let error = serde_path_to_error::deserialize::<_, W>(&mut deserializer).err()?;
    let path = error.path().to_string();
    let problem = error.into_inner().to_string();
    let problem = redact::decode_problem(&problem);
    Some(if path == "." { problem.into_owned() } else { format!("{path}: {problem}") })
}
