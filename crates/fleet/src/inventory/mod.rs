//! What a customer has already: to find it, compare it, undo it. Decides which registered device a row or a name
//! means.
//!
//! The service has no call that gets one device or looks for one
//! (<https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment>): whoever wants to know lists all
//! batches and reads every page of each. So everything here starts from one reading:
//!
//! ```text
//! customer --inventory--> RegisteredDevices --wanted--> found, compared, or planned --delete, assign--> an outcome each
//! ```
//!
//! Reading and planning change nothing. What changes something is a plan that is applied.

mod assign;
mod call_failure;
mod delete;
mod device;
mod device_query;
mod diff;
mod listing;
mod search;
mod selection;

pub use assign::{
    Assign, AssignEvent, AssignOutcome, AssignPlan, AssignReport, AssignTotals, AssignedDevice,
};
pub use call_failure::CallFailure;
pub use delete::{
    Delete, DeleteEvent, DeleteOutcome, DeletePlan, DeleteReport, DeleteTotals, DeletedDevice,
};
pub use device::RegisteredDevice;
pub use device_query::DeviceQuery;
pub use diff::{Diff, DiffOptions, DiffTotals, MatchedRow, MissingRow};
pub use listing::{Inventory, InventoryEvent, RegisteredDevices, UnlistedBatch};
pub use search::{Search, SearchEvent, SearchResult, SearchResults};
pub use selection::{MultipleMatches, PlannedDevice, UnresolvedQuery, UnresolvedReason};

#[cfg(all(test, feature = "schemars"))]
mod tests {
    use super::*;
    use schemars::schema_for;

    fn json(value: &impl serde::Serialize) -> serde_json::Value {
        serde_json::to_value(value).expect("it is JSON")
    }

    #[test]
    fn the_schemas_name_what_json_has() {
        let registered = device_query::tests::registered(&["A d-1 S1 - -", "A d-2 S2 - -"]);
        let wanted = || ["S1", "S3"].map(DeviceQuery::by_serial_number);
        let fleet = crate::check::fleet::Fleet::read(&b"Serial\nS1\n"[..], "f.csv");
        for (schema, value) in [
            (schema_for!(RegisteredDevices), json(&registered)),
            (schema_for!(RegisteredDevice), json(&registered.devices[0])),
            (schema_for!(SearchResults), json(&registered.find(wanted()))),
            (schema_for!(Diff), json(&Diff::new(&fleet, &registered, &DiffOptions::new()))),
            (
                schema_for!(DeletePlan),
                json(&DeletePlan::new(&registered, wanted(), MultipleMatches::Skip)),
            ),
            (
                schema_for!(AssignPlan),
                json(&AssignPlan::new(&registered, wanted(), None, MultipleMatches::Skip)),
            ),
        ] {
            let names = |value: &serde_json::Value| -> Vec<_> {
                let mut names: Vec<_> = value.as_object().unwrap().keys().cloned().collect();
                names.sort_unstable();
                names
            };
            let schema = schema.as_value();
            assert_eq!(names(&schema["properties"]), names(&value), "{}", schema["title"]);
        }
        for schema in [schema_for!(DeletedDevice), schema_for!(AssignedDevice)] {
            let text = schema.as_value().to_string();
            assert!(text.contains(r#""const":"notTried""#) && text.contains("mayHaveBeenDone"));
        }
    }
}
