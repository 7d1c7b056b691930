//! The plan: the devices to change, and those that are skipped with the reason.

use partner_center_devices::{CustomerId, PolicyId};
use serde::{Deserialize, Serialize};

use crate::inventory::device::RegisteredDevice;
use crate::inventory::device_query::DeviceQuery;
use crate::inventory::listing::{RegisteredDevices, UnlistedBatch};
use crate::inventory::selection::{MultipleMatches, PlannedDevice, select};
use crate::inventory::unresolved::UnresolvedQuery;

/// A plan to assign a policy to devices, or to remove their policy. Creating it changes nothing. As JSON it can be
/// stored, reviewed by another person, and read back.
///
/// ```
/// # use partner_center_devices::{Client, CustomerId, PolicyId};
/// use partner_center_devices_fleet::Fleet;
/// use partner_center_devices_fleet::inventory::{AssignPlan, DeviceQuery, Inventory, MultipleMatches};
///
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let customer = client.customer(CustomerId::new("47021739-3426-40bf-9601-61b4b6d7c793")?);
/// let policy = PolicyId::new("15a04610-9229-4e80-94e0-0e826a09c9e2")?;
/// let fleet = Fleet::read(std::fs::File::open("berlin.csv")?, "berlin.csv");
///
/// let registered = Inventory::new(customer).run(|_| ()).await?;
/// let rows = DeviceQuery::from_rows(&fleet);
/// let plan = AssignPlan::new(&registered, rows, Some(policy), MultipleMatches::Skip);
/// println!("{} to change, {} up to date", plan.devices.len(), plan.already_assigned.len());
/// let report = plan.apply(&client).run(|_| ()).await;
/// println!("{} changed", report.totals().assigned);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AssignPlan {
    /// The customer.
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub customer: CustomerId,
    /// The policy to assign. If absent, the current policy is removed.
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    pub policy: Option<PolicyId>,
    /// The devices to change, in the order of the queries.
    pub devices: Vec<PlannedDevice>,
    /// The devices that already have the policy according to the list.
    #[serde(rename = "already")]
    pub already_assigned: Vec<PlannedDevice>,
    /// The queries that could not be resolved.
    pub unresolved: Vec<UnresolvedQuery>,
    /// The batches that could not be read completely. They may contain more matching devices.
    pub unlisted: Vec<UnlistedBatch>,
}

impl AssignPlan {
    /// Plans the assignment for the devices that match the queries. A device in two batches, with one id, counts as one
    /// device.
    ///
    /// Sending no policy to remove a device's policy is inferred, not documented by Microsoft.
    pub fn new(
        registered: &RegisteredDevices,
        queries: impl IntoIterator<Item = DeviceQuery>,
        policy: Option<PolicyId>,
        multiple_matches: MultipleMatches,
    ) -> Self {
        let key = |device: &RegisteredDevice| device.normalized_id().unwrap_or_default();
        let (selected, unresolved) = select(registered, queries, multiple_matches, key);
        let (already_assigned, devices) =
            selected.into_iter().partition(|planned| planned.device.has_policy(policy.as_ref()));
        Self {
            customer: registered.customer.clone(),
            policy,
            devices,
            already_assigned,
            unresolved,
            unlisted: registered.unlisted.clone(),
        }
    }

    /// Also sends the policy to devices that already have it.
    #[must_use]
    pub fn force(mut self) -> Self {
        self.devices.append(&mut self.already_assigned);
        self
    }
}
