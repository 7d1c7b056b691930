//! The checks at the end of an upload:
//!
//! 1. The journal has every row of the files once, with the expected outcome. A device of a request whose response was
//!    lost is `registered` like the others, because the resend has the same `MS-RequestId`. 806 is reported only for serial
//!    numbers that request it.
//! 2. The emulator has exactly the expected devices, each once and in the batch of its customer.
//! 3. Each row that was sent has a proof: the result of its job, or that a list of its batch has the device.
//! 4. After a 202 response to an upload, its devices are not sent under another `MS-RequestId`, by this process or a later
//!    one, even if the process was killed before it read the response. The upload may be resent under the same id, which
//!    gets the same response. These resends are counted.
//!
//! With lost answers, a request may be done without a 202, and a service that forgets ids answers a resend with 806.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::ops::AddAssign;
use std::path::Path;

use partner_center_devices_fleet::{ChunkState, Journal, Proof, RowOutcome};
use serde_json::Value;

use crate::Answers;
use crate::child;
use crate::files::{Files, Planned};
use crate::wire::Seen;

/// The number of requests, kills and resends.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) rows: usize,
    pub(crate) kills: usize,
    /// Runs that stopped because calls failed repeatedly.
    pub(crate) failures: usize,
    devices: usize,
    requests: usize,
    uploads: usize,
    /// Uploads under an id that an earlier process used.
    repeats: usize,
    /// Uploads under an id that the same process used before.
    own_repeats: usize,
    lists: usize,
    /// Rows that the result of a job proves.
    by_job: usize,
    /// Rows that only a list of the batch proves.
    by_list: usize,
    /// Rows that a list of the batch proves, with a record in the audit log.
    pub(crate) by_list_and_record: usize,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, more: Self) {
        self.rows += more.rows;
        self.kills += more.kills;
        self.failures += more.failures;
        self.devices += more.devices;
        self.requests += more.requests;
        self.uploads += more.uploads;
        self.repeats += more.repeats;
        self.own_repeats += more.own_repeats;
        self.lists += more.lists;
        self.by_job += more.by_job;
        self.by_list += more.by_list;
        self.by_list_and_record += more.by_list_and_record;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} kills; {} devices sent in {} uploads, {} requests in all\n\
             {} uploads resent under their id by the process after a kill, {} by the same process; \
             {} reads of batches; {} processes stopped because of failed calls\n\
             proofs of rows: {} job results, {} lists of batches, {} lists of batches with an audit record",
            self.kills,
            self.devices,
            self.uploads,
            self.requests,
            self.repeats,
            self.own_repeats,
            self.lists,
            self.failures,
            self.by_job,
            self.by_list,
            self.by_list_and_record
        )
    }
}

pub(crate) fn check(
    folder: &Path,
    files: &Files,
    world: &str,
    seen: &Seen,
    answers: Answers,
) -> Counts {
    let mut counts = rows(folder, files, answers);
    devices(files, world);
    counts += wire(files, seen, answers);
    counts
}

fn rows(folder: &Path, files: &Files, answers: Answers) -> Counts {
    let mut counts = Counts::default();
    let record = Journal::open(child::journal(folder)).unwrap().export().unwrap();
    let mut left = files.rows.clone();
    for row in record.report.rows() {
        let at = (row.origin().source().to_owned(), row.origin().line());
        let planned =
            left.remove(&at).unwrap_or_else(|| panic!("{at:?} is reported twice or is not a row"));
        let as_planned = match row.outcome() {
            RowOutcome::Registered => planned == Planned::Registered,
            // The resend of a request that was done.
            RowOutcome::AlreadyRegistered if answers == Answers::LostAndForgotten => {
                planned == Planned::Registered
            }
            RowOutcome::AlreadyRegistered => planned == Planned::AlreadyRegistered,
            RowOutcome::Failed(error) => planned == Planned::Failed && error.code() == "808",
            RowOutcome::Duplicate(_) => planned == Planned::Duplicate,
            RowOutcome::Invalid(_) => planned == Planned::Refused,
            _ => false,
        };
        assert!(as_planned, "{at:?} should be {planned:?} and is {:?}", row.outcome());
        let was_sent = !matches!(planned, Planned::Duplicate | Planned::Refused);
        match row.proof() {
            Some(Proof::JobResult) if was_sent => counts.by_job += 1,
            Some(Proof::ReadBack) if was_sent => counts.by_list += 1,
            Some(Proof::ReadBackAndAuditRecord) if was_sent => counts.by_list_and_record += 1,
            proof => assert!(proof.is_none() && !was_sent, "{at:?}: {planned:?}, {proof:?}"),
        }
    }
    assert!(left.is_empty(), "rows missing from the report: {left:?}");
    for chunk in record.chunks {
        let ended = matches!(
            chunk.state,
            ChunkState::Finished | ChunkState::Refused | ChunkState::ReadBack
        );
        assert!(ended, "{chunk:?}");
    }
    counts
}

fn devices(files: &Files, world: &str) {
    let world: Value = serde_json::from_str(world).unwrap();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut expected = files.registered.clone();
    let mut hashes = HashSet::new();
    for customer in list(&world["customers"]) {
        for batch in list(&customer["batches"]) {
            let text = |value: &Value| value.as_str().map(ToOwned::to_owned);
            let at = (text(&customer["id"]).unwrap(), text(&batch["id"]).unwrap());
            let mut there: Vec<Option<String>> = Vec::new();
            for device in list(&batch["devices"]) {
                there.push(text(&device["serialNumber"]).or(text(&device["productKey"])));
                if let Some(hash) = text(&device["hardwareHashFingerprint"]) {
                    assert!(hashes.insert(hash), "registered twice: {device}");
                }
            }
            let mut wanted = expected.remove(&at).unwrap_or_default();
            there.sort();
            wanted.sort();
            assert!(there == wanted, "{at:?}: {} devices of {}", there.len(), wanted.len());
        }
    }
    assert!(expected.is_empty(), "missing batches: {:?}", expected.keys());
}

fn wire(files: &Files, seen: &Seen, answers: Answers) -> Counts {
    let mut counts = Counts {
        rows: files.rows.len(),
        devices: seen.devices.len(),
        requests: seen.requests,
        uploads: seen.posts.len(),
        lists: seen.lists,
        ..Counts::default()
    };
    assert_eq!(seen.devices.len(), files.sent, "devices on the wire");
    // The first accepted upload of each device.
    let mut accepted: HashMap<usize, usize> = HashMap::new();
    for (place, post) in seen.posts.iter().enumerate() {
        if post.status == Some(202) {
            for device in &post.devices {
                let first = accepted.entry(*device).or_insert(place);
                if seen.posts[*first].answered > post.answered {
                    *first = place;
                }
            }
        }
    }
    let mut first_of: HashMap<&str, usize> = HashMap::new();
    for (place, post) in seen.posts.iter().enumerate() {
        match first_of.get(post.request_id.as_str()) {
            None => drop(first_of.insert(&post.request_id, post.process)),
            Some(process) if *process == post.process => counts.own_repeats += 1,
            Some(_) => counts.repeats += 1,
        }
        for device in &post.devices {
            let Some(first) = accepted.get(device).map(|first| &seen.posts[*first]) else {
                continue;
            };
            assert!(
                first.request_id == post.request_id || place < first.answered,
                "a device was accepted under {} and sent again under {}",
                first.request_id,
                post.request_id
            );
        }
    }
    if answers == Answers::Most {
        assert_eq!(accepted.len(), files.sent, "accepted devices");
    }
    counts
}
