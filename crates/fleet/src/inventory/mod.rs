//! Registered devices of a customer: list, search, compare, delete, and assign policies.
//!
//! The service cannot return or search for a single device
//! (<https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment>), so every operation starts with
//! reading all batches once:
//!
//! ```text
//! customer --Inventory--> RegisteredDevices --DeviceQuery--> search results, Diff, or plan --apply--> report
//! ```
//!
//! Reading and planning change nothing. Only applying a [`DeletePlan`] or an [`AssignPlan`] does.

mod assign;
mod call_failure;
mod delete;
mod device;
mod device_index;
mod device_query;
mod diff;
mod identifiers;
mod listing;
mod search;
mod selection;
#[cfg(test)]
mod test_devices;
mod unresolved;

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
pub use selection::{MultipleMatches, PlannedDevice};
pub use unresolved::{UnresolvedQuery, UnresolvedReason};

#[cfg(all(test, feature = "schemars"))]
mod tests {
    use super::*;
    use schemars::schema_for;

    fn json(value: &impl serde::Serialize) -> serde_json::Value {
        serde_json::to_value(value).expect("serializable")
    }

    #[test]
    fn schemas_have_the_same_properties_as_json() {
        let registered = test_devices::registered(&["A d-1 S1 - -", "A d-2 S2 - -"]);
        let queries = || ["S1", "S3"].map(DeviceQuery::by_serial_number);
        let fleet = crate::check::fleet::Fleet::read(&b"Serial\nS1\n"[..], "f.csv");
        for (schema, value) in [
            (schema_for!(RegisteredDevices), json(&registered)),
            (schema_for!(RegisteredDevice), json(&registered.devices[0])),
            (schema_for!(SearchResults), json(&registered.find(queries()))),
            (schema_for!(Diff), json(&Diff::new(&fleet, &registered, &DiffOptions::new()))),
            (
                schema_for!(DeletePlan),
                json(&DeletePlan::new(&registered, queries(), MultipleMatches::Skip)),
            ),
            (
                schema_for!(AssignPlan),
                json(&AssignPlan::new(&registered, queries(), None, MultipleMatches::Skip)),
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
