//! Assigns a policy to registered devices, or removes their policy:
//!
//! 1. plan from an inventory ([`AssignPlan::new`]), without a call. Devices that already have the policy are skipped;
//! 2. apply the plan: for each chunk in order, send it and poll its job until it is finished. If a chunk fails, the next
//!    ones are still sent, unless all calls would fail: no access token, or no connection to the service;
//! 3. match the job's results to the devices: by device id, or by serial number and product key if a result has no id;
//! 4. when cancelled, send nothing more and stop polling. A job that the service accepted continues.

mod plan;
mod report;
mod results;
mod run;

pub use plan::AssignPlan;
pub use report::{AssignOutcome, AssignReport, AssignTotals, AssignedDevice};
pub use run::{Assign, AssignEvent};
