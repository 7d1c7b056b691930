//! What must be true of more than one decoder.

use std::fmt::Debug;

use partner_center_devices::fuzzing;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Decodes the body of a success. What was decoded can be written and decoded again, and is the same then; what
/// was not has a reason that may be shown.
pub fn decoded<W>(body: &[u8]) -> Option<W>
where
    W: DeserializeOwned + Serialize + PartialEq + Debug,
{
    match fuzzing::decode::<W>(body) {
        Ok(value) => {
            let written = serde_json::to_vec(&value).expect("it can be written");
            let again = fuzzing::decode::<W>(&written).expect("it can be read again");
            assert_eq!(again, value);
            Some(value)
        }
        Err(problem) => {
            assert_showable(&problem);
            None
        }
    }
}

/// A text that came from outside and is shown: not empty, one line, not endless, and without a word that is long
/// enough to be a token or a hardware hash.
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
