//! Enum values of a request, in every spelling that public clients send: the documented snake_case, the names of the
//! archived .NET SDK in PascalCase, any mixture of case with or without `_`, and the numbers of that SDK.
//!
//! The numbers are from <https://github.com/microsoft/partner-center-sdk-for-dotNET> (`PolicyCategory.cs`,
//! `PolicySettingsType.cs`). Settings are flags there, so one number or one text may name several.

use partner_center_devices_raw::types::{PolicyCategory, PolicySetting};
use serde_json::Value;

/// Returns a policy category, or `None` if the value is not one.
pub(crate) fn category(value: &Value) -> Option<PolicyCategory> {
    let position = match number(value)? {
        Ok(number) => usize::try_from(number).ok()?,
        Err(text) => position(PolicyCategory::KNOWN, text)?,
    };
    PolicyCategory::KNOWN.get(position).map(|name| PolicyCategory::from(*name))
}

/// Returns the settings that a value names: one name, several names separated by commas, or a sum of flags. Returns `None`
/// if the value names anything else.
pub(crate) fn settings(value: &Value) -> Option<Vec<PolicySetting>> {
    let known = PolicySetting::KNOWN; // the first one is `none`, and the others are the flags 1, 2, 4 and so on
    let positions: Vec<usize> = match number(value)? {
        Ok(0) => vec![0],
        Ok(flags) if flags >> (known.len() - 1) == 0 => {
            (1..known.len()).filter(|position| flags >> (position - 1) & 1 == 1).collect()
        }
        Ok(_) => return None,
        Err(names) => names.split(',').map(|name| position(known, name)).collect::<Option<_>>()?,
    };
    Some(positions.into_iter().map(|position| PolicySetting::from(known[position])).collect())
}

/// Returns the number of a value, also if it is written as text, or its text. `None` means that it is neither.
fn number(value: &Value) -> Option<Result<u64, &str>> {
    match value {
        Value::Number(number) => number.as_u64().map(Ok),
        Value::String(text) => Some(text.trim().parse().map_err(|_| text.as_str())),
        _ => None,
    }
}

/// Returns the position of a name, without regard to case, `_` and surrounding spaces.
fn position(known: &[&str], name: &str) -> Option<usize> {
    let letters = |text: &str| text.trim().replace('_', "").to_ascii_lowercase();
    let name = letters(name);
    known.iter().position(|known| letters(known) == name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_settings_in_every_spelling() {
        use PolicySetting::{
            None as NoSetting, OobeUserNotLocalAdmin, RemoveOemPreinstalls, SkipEula,
            SkipExpressSettings, SkipOemRegistration,
        };
        for (value, expected) in [
            (json!("skip_eula"), vec![SkipEula]),
            (json!("SkipEula"), vec![SkipEula]),
            (json!("skipEula"), vec![SkipEula]),
            (json!("SKIPEULA"), vec![SkipEula]),
            (json!("Skip_Eula"), vec![SkipEula]),
            (json!("SKIP_EULA"), vec![SkipEula]),
            (json!("OobeUserNotLocalAdmin"), vec![OobeUserNotLocalAdmin]),
            (json!("OOBEUserNotLocalAdmin"), vec![OobeUserNotLocalAdmin]),
            (json!("RemoveOEMPreinstalls"), vec![RemoveOemPreinstalls]),
            (json!("SkipEula, SkipExpressSettings"), vec![SkipEula, SkipExpressSettings]),
            (json!(16), vec![SkipEula]),
            (json!("16"), vec![SkipEula]),
            (json!(0), vec![NoSetting]),
            (json!("None"), vec![NoSetting]),
            (json!(5), vec![RemoveOemPreinstalls, SkipExpressSettings]),
            (
                json!(31),
                vec![
                    RemoveOemPreinstalls,
                    OobeUserNotLocalAdmin,
                    SkipExpressSettings,
                    SkipOemRegistration,
                    SkipEula,
                ],
            ),
        ] {
            assert_eq!(settings(&value), Some(expected), "{value}");
        }
    }

    #[test]
    fn reads_categories_in_every_spelling() {
        for (value, expected) in [
            (json!("o_o_b_e"), PolicyCategory::Oobe),
            (json!("OOBE"), PolicyCategory::Oobe),
            (json!("Oobe"), PolicyCategory::Oobe),
            (json!("O_O_B_E"), PolicyCategory::Oobe),
            (json!(1), PolicyCategory::Oobe),
            (json!("1"), PolicyCategory::Oobe),
            (json!("None"), PolicyCategory::None),
            (json!(0), PolicyCategory::None),
        ] {
            assert_eq!(category(&value), Some(expected), "{value}");
        }
    }

    #[test]
    fn other_values_are_unknown() {
        for value in [
            json!("skip"),
            json!(""),
            json!("_"),
            json!("skip-eula"),
            json!("SkipEula,"),
            json!("SkipEula, Other"),
            json!(32),
            json!(-1),
            json!(1.5),
            json!(u64::MAX),
            json!("-1"),
            json!(true),
            json!(["skip_eula"]),
            json!({}),
        ] {
            assert_eq!(settings(&value), None, "{value}");
            assert_eq!(category(&value), None, "{value}");
        }
        assert_eq!(category(&json!(2)), None);
    }
}
