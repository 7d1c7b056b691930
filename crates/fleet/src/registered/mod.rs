//! What a customer has already: to find it, compare it, undo it. Decides which registered device a row or a name
//! means.
//!
//! The service has no call that gets one device or looks for one
//! (<https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment>): whoever wants to know lists all
//! batches and reads every page of each. So everything here starts from one reading:
//!
//! ```text
//! customer --inventory--> Registered --wanted--> found, compared, or planned --delete, assign--> an outcome each
//! ```
//!
//! Reading and planning change nothing. What changes something is a plan that is applied.

mod assign;
mod choice;
mod delete;
mod device;
mod diff;
mod events;
mod failure;
mod find;
mod inventory;
mod wanted;

pub use assign::{
    Assign, AssignEvent, AssignOutcome, AssignPlan, AssignReport, AssignTotals, AssignedDevice,
};
pub use choice::{IfSeveral, PlannedDevice, Unresolved, UnresolvedReason};
pub use delete::{
    Delete, DeleteEvent, DeleteOutcome, DeletePlan, DeleteReport, DeleteTotals, DeletedDevice,
};
pub use device::RegisteredDevice;
pub use diff::{Diff, DiffOptions, DiffTotals, MatchedRow, MissingRow};
pub use events::EventStream;
pub use failure::CallFailure;
pub use find::{Find, FindEvent, Finds, Found};
pub use inventory::{Inventory, InventoryEvent, Registered, UnlistedBatch};
pub use wanted::Wanted;
