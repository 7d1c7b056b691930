//! The model of a device, for counts in a report.

use std::fmt;

use partner_center_devices::raw::printable::is_hidden;

use crate::check::quoted::{contains_license_key, may_contain_hash};

/// The longest manufacturer or model that is kept, in bytes. Real devices have shorter ones.
const MAX_LENGTH: usize = 100;

/// The manufacturer and the model of a device. At least one of them is known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct DeviceModel {
    pub(crate) manufacturer: Option<Box<str>>,
    pub(crate) name: Option<Box<str>>,
}

impl DeviceModel {
    /// Returns `None` if neither value can be shown: it is missing, long, or may contain a secret.
    pub(crate) fn new(manufacturer: Option<&str>, name: Option<&str>) -> Option<Self> {
        let (manufacturer, name) = (shown(manufacturer), shown(name));
        (manufacturer.is_some() || name.is_some()).then_some(Self { manufacturer, name })
    }
}

fn shown(text: Option<&str>) -> Option<Box<str>> {
    let text = text.map(str::trim).filter(|text| !text.is_empty() && text.len() <= MAX_LENGTH)?;
    let is_hidden =
        text.contains(is_hidden) || contains_license_key(text) || may_contain_hash(text);
    (!is_hidden).then(|| text.into())
}

/// Shows the manufacturer and the model. Does not repeat the manufacturer: `HP ProBook 450`.
impl fmt::Display for DeviceModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.manufacturer.as_deref(), self.name.as_deref()) {
            (Some(manufacturer), Some(name)) if !starts_with_word(name, manufacturer) => {
                write!(f, "{manufacturer} {name}")
            }
            (_, Some(name)) => f.write_str(name),
            (Some(manufacturer), None) => f.write_str(manufacturer),
            (None, None) => Ok(()),
        }
    }
}

/// Returns true if the text starts with the words, without regard to case.
fn starts_with_word(text: &str, words: &str) -> bool {
    let (text, words) = (text.to_lowercase(), words.to_lowercase());
    text.strip_prefix(&words).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_shown_with_its_manufacturer_once() {
        for (manufacturer, name, expected) in [
            (Some("HP"), Some("HP ProBook 450"), "HP ProBook 450"),
            (Some("hp"), Some("HP ProBook 450"), "HP ProBook 450"),
            (Some("HP"), Some("HPE 10"), "HP HPE 10"),
            (Some(" LENOVO "), Some("21LS001XGE"), "LENOVO 21LS001XGE"),
            (Some("LENOVO"), None, "LENOVO"),
            (Some(""), Some("X"), "X"),
        ] {
            let model = DeviceModel::new(manufacturer, name).unwrap();
            assert_eq!(model.to_string(), expected);
        }
    }

    #[test]
    fn secrets_and_control_characters_are_not_models() {
        let hash = format!("T0HzAQ{}", "a".repeat(60));
        let long = "a ".repeat(60);
        for text in [&hash, &long, "VK7JG-NPHTM-C97JM-9MPGT-3V66T", "A\u{1b}[2J", " ", ""] {
            assert_eq!(DeviceModel::new(Some(text), None), None, "{text}");
            assert_eq!(DeviceModel::new(None, Some(text)), None, "{text}");
        }
        assert_eq!(DeviceModel::new(None, None), None);
    }
}
