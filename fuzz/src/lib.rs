//! Checks that several targets share.

pub mod files;

use std::fmt::Debug;

use partner_center_devices::fuzzing;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Decodes the body of a success response. Checks that a decoded value survives a round trip, and that the message of
/// a failure can be shown.
pub fn decoded<W>(body: &[u8]) -> Option<W>
where
    W: DeserializeOwned + Serialize + PartialEq + Debug,
{
    match fuzzing::decode::<W>(body) {
        Ok(value) => {
            let written = serde_json::to_vec(&value).expect("decoded values can be serialized");
            let again = fuzzing::decode::<W>(&written).expect("serialized values can be decoded");
            assert_eq!(again, value);
            Some(value)
        }
        Err(problem) => {
            assert_showable(&problem);
            None
        }
    }
}

/// Checks a text from the service that is shown: not empty, one line, limited in length, and without a word long enough
/// to be a token or a hardware hash.
pub fn assert_showable(text: &str) {
    assert!(!text.is_empty());
    assert!(!text.contains(char::is_control), "{text:?}");
    assert!(text.chars().count() < 2_200, "{text:?}");
    let longest = text
        .split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '=')))
        .map(str::len)
        .max();
    assert!(longest <= Some(48), "{text:?}");
}
