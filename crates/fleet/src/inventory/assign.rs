//! Giving devices a policy, or taking theirs away. Decides which devices need it, how they go in requests, and what
//! each came to.
//!
//! Assigning is:
//!
//! 1. plan it from what was read ([`AssignPlan::new`]): no call. Devices that have the policy are left as they are;
//! 2. apply the plan: for each chunk, in order, send it and ask for its job until it ends. A chunk that fails keeps
//!    no other from being sent, but for a failure that all calls share: no token, or no way to the service;
//! 3. settle each device by what the job says of it: by its id, else by its names where no id came;
//! 4. when it is stopped, send nothing more and look no longer. A job that was taken goes on.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::pin::Pin;

use futures_util::future::{Fuse, FusedFuture as _};
use futures_util::{FutureExt as _, StreamExt as _};
use partner_center_devices::{
    BatchTrackingId, BatchUploadDetails, BatchUploadStatus, Client, Customer, CustomerId,
    DeviceOutcome, DeviceUploadDetails, MatchKeys, PolicyAssignment, PolicyId, Wait,
};
use serde::{Deserialize, Serialize};

use super::call_failure::CallFailure;
use super::device::RegisteredDevice;
use super::device_query::{DeviceQuery, folded};
use super::listing::{RegisteredDevices, UnlistedBatch};
use super::selection::{MultipleMatches, PlannedDevice, UnresolvedQuery, choose};
use crate::call_effect::ends_all;
use crate::event_stream::EventStream;
use crate::upload::chunk::ChunkSize;

/// Which devices would be given a policy, which have it, and which cannot be given it and why. Making it changes
/// nothing. As JSON it can be kept, shown to another person, and read again.
///
/// ```
/// # use partner_center_devices::{Client, CustomerId, PolicyId};
/// use partner_center_devices_fleet::{AssignPlan, Fleet, MultipleMatches, Inventory, DeviceQuery};
///
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let customer = client.customer(CustomerId::new("47021739-3426-40bf-9601-61b4b6d7c793")?);
/// let policy = PolicyId::new("15a04610-9229-4e80-94e0-0e826a09c9e2")?;
/// let fleet = Fleet::read(std::fs::File::open("berlin.csv")?, "berlin.csv");
///
/// let registered = Inventory::new(customer).run(|_| ()).await?;
/// let rows = DeviceQuery::from_rows(&fleet);
/// let plan = AssignPlan::new(&registered, rows, Some(policy), MultipleMatches::Skip);
/// println!("{} to change, {} have it", plan.devices.len(), plan.already_assigned.len());
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
    /// The policy; `None` to take away what they have.
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    pub policy: Option<PolicyId>,
    /// The devices that would change, in the order in which they are first wanted.
    pub devices: Vec<PlannedDevice>,
    /// The devices that have it already, as far as the list says.
    #[serde(rename = "already")]
    pub already_assigned: Vec<PlannedDevice>,
    /// What is wanted and cannot be changed.
    pub unresolved: Vec<UnresolvedQuery>,
    /// The batches that could not be read. A wanted device may be there too.
    pub unlisted: Vec<UnlistedBatch>,
}

impl AssignPlan {
    /// Plans by what was read. One device in two batches, with one id, is one.
    ///
    /// That no policy takes a device's policy away is inferred, not documented.
    pub fn new(
        registered: &RegisteredDevices,
        wanted: impl IntoIterator<Item = DeviceQuery>,
        policy: Option<PolicyId>,
        multiple_matches: MultipleMatches,
    ) -> Self {
        let id = |device: &RegisteredDevice| id_of(device).unwrap_or_default();
        let (found, unresolved) = choose(registered, wanted, multiple_matches, id);
        let (already_assigned, devices) =
            found.into_iter().partition(|planned| has(&planned.device, policy.as_ref()));
        Self {
            customer: registered.customer.clone(),
            policy,
            devices,
            already_assigned,
            unresolved,
            unlisted: registered.unlisted.clone(),
        }
    }

    /// Also changes the devices that have the policy already.
    #[must_use]
    pub fn force(mut self) -> Self {
        self.devices.append(&mut self.already_assigned);
        self
    }

    /// Applies the plan, once it is run.
    pub fn apply(self, client: &Client) -> Assign {
        let customer = client.customer(self.customer.clone());
        let (chunk_size, wait) = (ChunkSize::default(), Wait::default());
        Assign { customer, plan: self, chunk_size, wait, stop: Box::pin(std::future::pending()) }
    }
}

fn id_of(device: &RegisteredDevice) -> Option<String> {
    folded(device.id.as_ref().map(|id| id.as_str()))
}

/// Whether a device has this policy, or none. Policy ids are GUIDs, so case does not count.
pub(super) fn has(device: &RegisteredDevice, policy: Option<&PolicyId>) -> bool {
    folded(device.policy_id.as_deref()) == folded(policy.map(PolicyId::as_str))
}

/// A plan that is applied. Nothing is sent until [`run`](Self::run) is awaited or [`start`](Self::start) is polled;
/// dropping either stops the sending and the waiting, not a job of the service.
#[must_use = "nothing is assigned until it is run"]
pub struct Assign {
    customer: Customer,
    plan: AssignPlan,
    chunk_size: ChunkSize,
    wait: Wait,
    stop: Pin<Box<dyn Future<Output = ()> + Send>>,
}

/// What happens while a plan is applied.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum AssignEvent {
    /// The service took a chunk.
    #[non_exhaustive]
    Sent {
        /// Which chunk, from 1.
        chunk: usize,
        /// How many there are.
        chunks: usize,
        /// How many devices are in it.
        devices: usize,
        /// What finds its job again.
        tracking_id: BatchTrackingId,
    },
    /// A chunk could not be sent, or its job not be followed.
    #[non_exhaustive]
    Failed {
        /// Which chunk, from 1.
        chunk: usize,
        /// How many there are.
        chunks: usize,
        /// Why.
        failure: CallFailure,
    },
    /// A look at a job.
    #[non_exhaustive]
    Progress {
        /// How many devices of all have an outcome, or had no chance of one.
        done: usize,
        /// How many devices there are to change in all.
        total: usize,
        /// The state of the current job, if the service said one.
        status: Option<BatchUploadStatus>,
    },
    /// The end. Only from [`Assign::start`]: [`Assign::run`] returns it instead.
    Finished(Box<AssignReport>),
}

/// What became of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AssignReport {
    /// The customer.
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub customer: CustomerId,
    /// The policy; `None` if it was to be taken away.
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    pub policy: Option<PolicyId>,
    /// What became of each device: those of the plan in its order, then those that had the policy.
    pub devices: Vec<AssignedDevice>,
    /// What was not in the plan.
    pub unresolved: Vec<UnresolvedQuery>,
    /// The batches that could not be read when it was planned.
    pub unlisted: Vec<UnlistedBatch>,
}

/// A device of a plan, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AssignedDevice {
    /// The device, as it was before.
    pub device: RegisteredDevice,
    /// The rows or names that lead to it.
    #[serde(rename = "wanted")]
    pub queries: Vec<DeviceQuery>,
    /// The job it was sent in; [`Customer::job`](partner_center_devices::Customer::job) asks for it again.
    #[cfg_attr(feature = "schemars", schemars(with = "Option<String>"))]
    pub tracking_id: Option<BatchTrackingId>,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: AssignOutcome,
}

/// What became of a device that was to be given a policy. In JSON `outcome` has its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(tag = "outcome", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum AssignOutcome {
    /// It has the policy now.
    Assigned,
    /// It had it before.
    #[serde(rename = "alreadyHadIt")]
    AlreadyAssigned,
    /// The service refused it.
    Refused {
        /// The service's code, such as `809`; empty if it gave none.
        code: String,
        /// The service's name for it, such as `ZtdProfileIsNotRegistered`, or its words.
        name: String,
        /// What it means, if that is known.
        meaning: Option<String>,
        /// What to do, if that is known.
        cure: Option<String>,
    },
    /// Its request failed, and surely nothing changed.
    Failed {
        /// Why.
        failure: CallFailure,
    },
    /// It was sent, or may have been, and what became of it is not known. To assign it again does no harm.
    Unknown {
        /// What went wrong, if it was a call.
        failure: Option<CallFailure>,
    },
    /// It was stopped before, by the caller or by a failure that all calls share.
    NotTried,
}

/// How many devices had which outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AssignTotals {
    /// Changed now.
    pub assigned: usize,
    /// As wanted before.
    #[serde(rename = "alreadyHadIt")]
    pub already_assigned: usize,
    /// Refused by the service.
    pub refused: usize,
    /// In a request that failed.
    pub failed: usize,
    /// Not known.
    pub unknown: usize,
    /// Not tried.
    pub not_tried: usize,
}

impl AssignReport {
    /// How many devices had which outcome.
    #[must_use]
    pub fn totals(&self) -> AssignTotals {
        let mut totals = AssignTotals::default();
        for device in &self.devices {
            *match device.outcome {
                AssignOutcome::Assigned => &mut totals.assigned,
                AssignOutcome::AlreadyAssigned => &mut totals.already_assigned,
                AssignOutcome::Refused { .. } => &mut totals.refused,
                AssignOutcome::Failed { .. } => &mut totals.failed,
                AssignOutcome::Unknown { .. } => &mut totals.unknown,
                AssignOutcome::NotTried => &mut totals.not_tried,
            } += 1;
        }
        totals
    }

    /// Whether everything that was wanted is so, for sure.
    #[must_use]
    pub fn all_succeeded(&self) -> bool {
        let well = |device: &AssignedDevice| {
            matches!(device.outcome, AssignOutcome::Assigned | AssignOutcome::AlreadyAssigned)
        };
        self.unresolved.is_empty() && self.unlisted.is_empty() && self.devices.iter().all(well)
    }
}

impl Assign {
    /// How many devices go in one request. The default is 500; no limit of this call is documented.
    pub fn chunk_size(mut self, size: ChunkSize) -> Self {
        self.chunk_size = size;
        self
    }

    /// How to wait for the job of each chunk.
    pub fn wait(mut self, wait: Wait) -> Self {
        self.wait = wait;
        self
    }

    /// Sends nothing more once this is over, and looks no longer at the job that runs: a signal, a timeout, the
    /// other end of a channel. A request that is on its way is waited for.
    pub fn stop_when(mut self, stop: impl Future<Output = ()> + Send + 'static) -> Self {
        self.stop = Box::pin(stop);
        self
    }

    /// Assigns, and tells what happens on the way.
    pub async fn run(self, mut on_event: impl FnMut(AssignEvent)) -> AssignReport {
        let Self { customer, plan, chunk_size, wait, stop } = self;
        let mut stop = stop.fuse();
        let AssignPlan { customer: id, policy, devices, already_assigned, unresolved, unlisted } =
            plan;
        let assignments: Vec<_> = devices
            .iter()
            .map(|planned| PolicyAssignment::by_id(planned.id.clone(), policy.clone()))
            .collect();
        let mut devices: Vec<_> = devices.into_iter().map(AssignedDevice::not_tried).collect();
        let total = devices.len();
        let chunks = total.div_ceil(chunk_size.get());

        for chunk in 1..=chunks {
            if has_ended(&mut stop) {
                break;
            }
            let start = (chunk - 1) * chunk_size.get();
            let range = start..total.min(start + chunk_size.get());
            let devices = &mut devices[range.clone()];

            // 2. Send the chunk and follow its job.
            let assignments = assignments[range.clone()].to_vec();
            let job = match customer.device_policies().update(assignments).await {
                Ok(job) => job,
                Err(error) => {
                    let failure = CallFailure::from(&error);
                    for device in devices {
                        device.outcome = if failure.may_have_taken_effect {
                            AssignOutcome::Unknown { failure: Some(failure.clone()) }
                        } else {
                            AssignOutcome::Failed { failure: failure.clone() }
                        };
                    }
                    on_event(AssignEvent::Failed { chunk, chunks, failure });
                    if ends_all(error.kind()) {
                        break;
                    }
                    continue;
                }
            };
            let tracking_id = job.tracking_id().clone();
            for device in &mut *devices {
                device.tracking_id = Some(tracking_id.clone());
                device.outcome = AssignOutcome::Unknown { failure: None };
            }
            on_event(AssignEvent::Sent { chunk, chunks, devices: devices.len(), tracking_id });

            let mut statuses = job.statuses(wait);
            let (mut last, mut failed) = (None, None);
            loop {
                let look = tokio::select! {
                    biased;
                    () = &mut stop => break, // 4.
                    look = statuses.next() => look,
                };
                match look {
                    Some(Ok(status)) => {
                        let decided = decided(&status, &range);
                        let status_now = status.status().cloned();
                        on_event(AssignEvent::Progress {
                            done: decided,
                            total,
                            status: status_now,
                        });
                        last = Some(status);
                    }
                    Some(Err(error)) => failed = Some(error),
                    None => break,
                }
            }

            // 3. Settle it, by the last look even if a later one failed.
            if let Some(status) = &last {
                settle(devices, status);
            }
            if let Some(error) = failed {
                let failure = CallFailure::from(&error);
                for device in devices {
                    if let AssignOutcome::Unknown { failure: why } = &mut device.outcome {
                        *why = Some(failure.clone());
                    }
                }
                on_event(AssignEvent::Failed { chunk, chunks, failure });
                if ends_all(error.kind()) {
                    break;
                }
            }
        }

        let had = |planned| {
            let device = AssignedDevice::not_tried(planned);
            AssignedDevice { outcome: AssignOutcome::AlreadyAssigned, ..device }
        };
        devices.extend(already_assigned.into_iter().map(had));
        AssignReport { customer: id, policy, devices, unresolved, unlisted }
    }

    /// Assigns as the stream is polled. The last event is [`AssignEvent::Finished`].
    pub fn start(self) -> EventStream<AssignEvent> {
        EventStream::new(move |sink| async move {
            let report = self.run(|event| sink.put(event)).await;
            AssignEvent::Finished(Box::new(report))
        })
    }
}

impl fmt::Debug for Assign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Assign")
            .field("plan", &self.plan)
            .field("chunk_size", &self.chunk_size)
            .field("wait", &self.wait)
            .finish_non_exhaustive()
    }
}

impl AssignedDevice {
    fn not_tried(PlannedDevice { device, queries, .. }: PlannedDevice) -> Self {
        Self { device, queries, tracking_id: None, outcome: AssignOutcome::NotTried }
    }
}

fn has_ended(stop: &mut Fuse<Pin<Box<dyn Future<Output = ()> + Send>>>) -> bool {
    stop.is_terminated() || stop.now_or_never().is_some()
}

fn decided(status: &BatchUploadDetails, range: &Range<usize>) -> usize {
    let pending = |device: &&DeviceUploadDetails| device.outcome() != DeviceOutcome::Pending;
    range.start + status.devices().iter().filter(pending).count().min(range.len())
}

/// What a job says of each device of its request. They stay unknown where it says nothing, is not done, or speaks
/// of one device twice.
fn settle(devices: &mut [AssignedDevice], status: &BatchUploadDetails) {
    let names: Vec<_> = devices
        .iter()
        .map(|AssignedDevice { device, .. }| {
            MatchKeys::new(device.serial_number.as_deref(), device.product_key.as_deref())
        })
        .collect();
    let by_name: Vec<_> = status
        .match_to(names)
        .into_iter()
        .map(|answer| answer.map(|answer| answer.device))
        .map(|answer| answer.filter(|answer| folded(answer.device_id()).is_none()))
        .map(|answer| answer.map(outcome))
        .collect();
    let mut by_id: HashMap<_, Vec<_>> = HashMap::new();
    for answer in status.devices() {
        if let Some(id) = folded(answer.device_id()) {
            by_id.entry(id).or_default().push(answer);
        }
    }
    for (device, by_name) in devices.iter_mut().zip(by_name) {
        let by_id = id_of(&device.device).and_then(|id| by_id.get(&id));
        let said = match by_id.map(Vec::as_slice) {
            Some([answer]) => Some(outcome(answer)),
            Some(_) => None,
            None => by_name,
        };
        if let Some(outcome) = said {
            device.outcome = outcome;
        }
    }
}

/// What an answer says. 806 says that the device is registered, which it was, and nothing of the policy.
fn outcome(answer: &DeviceUploadDetails) -> AssignOutcome {
    match (answer.outcome(), answer.error()) {
        (DeviceOutcome::Succeeded, _) => AssignOutcome::Assigned,
        (_, Some(error)) => AssignOutcome::Refused {
            code: error.code().to_owned(),
            name: error.name().to_owned(),
            meaning: error.meaning().map(str::to_owned),
            cure: error.cure().map(str::to_owned),
        },
        _ => AssignOutcome::Unknown { failure: None },
    }
}

#[cfg(test)]
mod tests {
    use super::super::device_query::tests::devices;
    use super::*;
    use partner_center_devices::raw::types as wire;

    fn settled(lines: &[&str], answers: &str) -> Vec<String> {
        let device = |device| AssignedDevice {
            device,
            queries: Vec::new(),
            tracking_id: None,
            outcome: AssignOutcome::Unknown { failure: None },
        };
        let mut devices: Vec<_> = devices(lines).into_iter().map(device).collect();
        let json = format!(r#"{{"status":"finished","devicesStatus":{answers}}}"#);
        let status = serde_json::from_str::<wire::BatchUploadDetails>(&json).unwrap().into();
        settle(&mut devices, &status);
        let said = |device: AssignedDevice| match device.outcome {
            AssignOutcome::Assigned => "assigned".to_owned(),
            AssignOutcome::Refused { code, name, .. } => format!("{code} {name}"),
            AssignOutcome::Unknown { .. } => "unknown".to_owned(),
            other => panic!("{other:?}"),
        };
        devices.into_iter().map(said).collect()
    }

    #[test]
    fn a_device_is_settled_by_its_own_answer() {
        let (a, b, c) = ("A d-1 S1 -", "A d-2 S2 -", "A d-3 - 33");
        let done = |names: &str| format!(r#"{{{names},"status":"finished"}}"#);
        let failed = |names: &str, code: &str| {
            format!(r#"{{{names},"status":"finished_with_errors","errorCode":"{code}"}}"#)
        };
        let (id1, id2, id3) = (r#""deviceId":"D-1""#, r#""deviceId":"d-2""#, r#""deviceId":"d-3""#);
        let (s1, s2, k3) =
            (r#""serialNumber":"s1""#, r#""serialNumber":"S2""#, r#""productKey":"33""#);
        for (what, lines, answers, expected) in [
            (
                "by id, in any order",
                vec![a, b, c],
                vec![done(id3), failed(id1, "809"), done(id2)],
                vec!["809 ZtdProfileIsNotRegistered", "assigned", "assigned"],
            ),
            (
                "by name, where no id came",
                vec![a, b, c],
                vec![done(s2), done(k3), failed(s1, "807")],
                vec!["807 ZtdDeviceIsNotRegistered", "assigned", "assigned"],
            ),
            (
                "the id before the name",
                vec![a, b],
                vec![done(&format!("{id1},{s2}")), failed(&format!("{id2},{s1}"), "807")],
                vec!["assigned", "807 ZtdDeviceIsNotRegistered"],
            ),
            ("another's id", vec![a], vec![done(&format!("{id2},{s1}"))], vec!["unknown"]),
            ("twice", vec![a, b], vec![done(id1), failed(id1, "807")], vec!["unknown", "unknown"]),
            ("not at all", vec![a, b], vec![done(id2)], vec!["unknown", "assigned"]),
            ("not yet", vec![a], vec![format!(r#"{{{id1},"status":"queued"}}"#)], vec!["unknown"]),
            (
                "806 says nothing of the policy",
                vec![a],
                vec![failed(id1, "806")],
                vec!["806 ZtdDeviceAlreadyAssigned"],
            ),
        ] {
            assert_eq!(settled(&lines, &format!("[{}]", answers.join(","))), expected, "{what}");
        }
    }

    #[test]
    fn a_policy_is_had_in_any_case_and_none_is_none() {
        let devices = devices(&["A d-1 S1 - aa-1", "A d-2 S2 - -"]);
        for (policy, has_it) in
            [(Some("AA-1"), [true, false]), (Some("b"), [false; 2]), (None, [false, true])]
        {
            let policy = policy.map(|policy| PolicyId::new(policy).unwrap());
            assert_eq!([0, 1].map(|place| has(&devices[place], policy.as_ref())), has_it);
        }
    }
}
