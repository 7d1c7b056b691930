//! The filter of a list: one field, a value and an operator, as JSON in a query parameter
//! (<https://learn.microsoft.com/en-us/partner-center/developer/get-a-customer-by-name>).

use serde::Serialize;

/// A filter. The keys are written in the documented order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct FieldFilter {
    pub(crate) field: &'static str,
    pub(crate) value: String,
    pub(crate) operator: &'static str,
}

impl FieldFilter {
    /// Returns the JSON. The query encodes it.
    pub(crate) fn json(&self) -> String {
        serde_json::to_string(self).expect("strings are valid in JSON")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_have_the_documented_order() {
        let filter = FieldFilter {
            field: "CompanyName",
            value: "A \"B\" \\ +&=%é".to_owned(),
            operator: "starts_with",
        };
        assert_eq!(
            filter.json(),
            r#"{"Field":"CompanyName","Value":"A \"B\" \\ +&=%é","Operator":"starts_with"}"#
        );
    }
}
