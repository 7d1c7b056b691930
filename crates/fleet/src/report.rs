//! What an upload ends with. Decides what is said of each row: its outcome, the service's code and name, what
//! that means and what to do. Never says a hardware hash.

use std::borrow::Cow;
use std::ops::Range;

use partner_center_devices::{
    BatchId, BatchTrackingId, BatchUploadDetails, CustomerId, DeviceError, DeviceIdentity,
    DeviceKind, DeviceNames, MatchedBy,
};
use serde::{Serialize, Serializer};

use crate::check::{Fleet, Label, Verdict};
use crate::finding::Origin;
use crate::outcome::RowOutcome;

/// What became of every row of a fleet, in the order of the input.
///
/// Serialised (camelCase) it is a record for other programs: `customer`, `batch`, `createdBatch`, `allWell`,
/// `stopped`, `totals`, `rows`.
#[derive(Clone, Debug)]
pub struct Report {
    pub(crate) customer: CustomerId,
    pub(crate) batch: BatchId,
    pub(crate) created_batch: bool,
    pub(crate) stopped: Option<String>,
    rows: Vec<ReportRow>,
}

/// One row of a [`Report`].
#[derive(Clone, Debug)]
pub struct ReportRow {
    origin: Origin,
    label: Label,
    outcome: RowOutcome,
    /// What the service said of a device that was registered before.
    already: Option<DeviceError>,
    kind: Option<DeviceKind>,
    tracking_id: Option<BatchTrackingId>,
    device_id: Option<Box<str>>,
    matched_by: Option<MatchedBy>,
}

/// How many rows had which outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Totals {
    /// All rows.
    pub rows: usize,
    /// Registered now.
    pub registered: usize,
    /// Registered with this customer before.
    pub already_registered: usize,
    /// Refused by the service.
    pub failed: usize,
    /// The same device as another row.
    pub duplicate: usize,
    /// Not sent because of an error in the row.
    pub refused: usize,
    /// Not sent because the upload stopped.
    pub not_sent: usize,
    /// Sent, or perhaps sent, with an outcome that is not known.
    pub unknown: usize,
}

/// A device on its way: the place of its row, and what is sent.
pub(crate) type Outgoing = (usize, DeviceIdentity);

impl Report {
    /// The report before anything is sent, and what there is to send.
    pub(crate) fn begin(
        customer: CustomerId,
        batch: BatchId,
        fleet: Fleet,
    ) -> (Self, Vec<Outgoing>) {
        let mut outgoing = Vec::with_capacity(fleet.devices());
        let rows = fleet.into_rows().into_iter().enumerate().map(|(place, row)| {
            let mut kind = None;
            let outcome = match row.verdict {
                Verdict::Send(identity) => {
                    kind = Some(identity.kind());
                    outgoing.push((place, identity));
                    RowOutcome::NotSent
                }
                Verdict::Duplicate(first) => RowOutcome::Duplicate(first),
                Verdict::Refused(finding) => RowOutcome::Refused(finding),
            };
            let (tracking_id, device_id, matched_by) = (None, None, None);
            ReportRow {
                origin: row.origin,
                label: row.label,
                outcome,
                already: None,
                kind,
                tracking_id,
                device_id,
                matched_by,
            }
        });
        let rows = rows.collect();
        (Self { customer, batch, created_batch: false, stopped: None, rows }, outgoing)
    }

    /// These rows were sent, or may have been.
    pub(crate) fn sent(&mut self, places: &[usize], tracking_id: Option<&BatchTrackingId>) {
        for &place in places {
            self.rows[place].outcome = RowOutcome::Unknown;
            self.rows[place].tracking_id = tracking_id.cloned();
        }
    }

    /// What the service says of these rows. They stay unknown where it says nothing or is not done.
    pub(crate) fn settle(&mut self, places: &[usize], status: &BatchUploadDetails) {
        let sent: Vec<_> = places.iter().map(|&place| &self.rows[place]).map(names).collect();
        // The rows borrow their names, so the answers are taken before they are written.
        let answers = status.match_to(sent);
        for (&place, answer) in places.iter().zip(answers) {
            let Some(answer) = answer else { continue };
            let (device, row) = (answer.device, &mut self.rows[place]);
            row.outcome = device.outcome().into();
            row.already = device.error().filter(DeviceError::is_already_registered);
            row.device_id = device.device_id().filter(|id| !id.is_empty()).map(Into::into);
            row.matched_by = Some(answer.by);
        }
    }

    /// The customer.
    #[must_use]
    pub fn customer(&self) -> &CustomerId {
        &self.customer
    }

    /// The batch, as the service spells it if it existed.
    #[must_use]
    pub fn batch(&self) -> &BatchId {
        &self.batch
    }

    /// Whether the service took an order to make the batch. If not, it existed, or nothing was sent.
    #[must_use]
    pub fn created_batch(&self) -> bool {
        self.created_batch
    }

    /// Why the upload stopped before its end; `None` if it did not.
    #[must_use]
    pub fn stopped(&self) -> Option<&str> {
        self.stopped.as_deref()
    }

    /// All rows, in the order of the input.
    #[must_use]
    pub fn rows(&self) -> &[ReportRow] {
        &self.rows
    }

    /// How many rows had which outcome.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let mut totals = Totals { rows: self.rows.len(), ..Totals::default() };
        for row in &self.rows {
            *match row.outcome {
                RowOutcome::Registered => &mut totals.registered,
                RowOutcome::AlreadyRegistered => &mut totals.already_registered,
                RowOutcome::Failed(_) => &mut totals.failed,
                RowOutcome::Duplicate(_) => &mut totals.duplicate,
                RowOutcome::Refused(_) => &mut totals.refused,
                RowOutcome::NotSent => &mut totals.not_sent,
                RowOutcome::Unknown => &mut totals.unknown,
            } += 1;
        }
        totals
    }

    /// Whether nothing is left to do: every row is registered, now or before, or is the same as another.
    #[must_use]
    pub fn all_well(&self) -> bool {
        self.stopped.is_none() && self.rows.iter().all(|row| row.outcome.is_well())
    }
}

impl ReportRow {
    /// Where the row came from.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The serial number, sent or not.
    #[must_use]
    pub fn serial_number(&self) -> Option<&str> {
        self.label.serial_number.as_deref()
    }

    /// The product key, sent or not.
    #[must_use]
    pub fn product_key(&self) -> Option<&str> {
        self.label.product_key.as_deref()
    }

    /// The start and length of the hardware hash.
    #[must_use]
    pub fn short_hash(&self) -> Option<&str> {
        self.label.hardware_hash.as_deref()
    }

    /// What became of it.
    #[must_use]
    pub fn outcome(&self) -> &RowOutcome {
        &self.outcome
    }

    /// The service's code, such as `808`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match &self.outcome {
            RowOutcome::Failed(error) => Some(error.code()).filter(|code| !code.is_empty()),
            RowOutcome::AlreadyRegistered => self.already.as_ref().map(DeviceError::code),
            _ => None,
        }
    }

    /// The service's name for the error, such as `ZtdDeviceAssignedToOtherTenant`; for a refused row the id
    /// of the rule.
    #[must_use]
    pub fn name(&self) -> Option<Cow<'_, str>> {
        match &self.outcome {
            RowOutcome::Failed(error) => {
                Some(error.name().into()).filter(|name: &Cow<'_, str>| !name.is_empty())
            }
            RowOutcome::AlreadyRegistered => Some(self.already.as_ref()?.name().into()),
            RowOutcome::Refused(finding) => Some(finding.rule().id().into()),
            _ => None,
        }
    }

    /// What it means, in plain words, where more is to be said than the outcome.
    #[must_use]
    pub fn meaning(&self) -> Option<Cow<'_, str>> {
        Some(match &self.outcome {
            RowOutcome::Registered => return None,
            RowOutcome::AlreadyRegistered => self.already.as_ref()?.meaning()?.into(),
            RowOutcome::Failed(error) => error.meaning()?.into(),
            RowOutcome::Duplicate(first) => format!("the same device as {first}").into(),
            RowOutcome::Refused(finding) => finding.message().into(),
            RowOutcome::NotSent => {
                "the upload stopped before this row; nothing happened to the device".into()
            }
            RowOutcome::Unknown if self.tracking_id.is_some() => {
                "the service took it, and what became of it is not known".into()
            }
            RowOutcome::Unknown => {
                "it may have reached the service, and what became of it is not known".into()
            }
        })
    }

    /// What to do, in plain words.
    #[must_use]
    pub fn cure(&self) -> Option<&'static str> {
        match &self.outcome {
            RowOutcome::Registered | RowOutcome::Duplicate(_) => None,
            RowOutcome::AlreadyRegistered => self.already.as_ref()?.cure(),
            RowOutcome::Failed(error) => error.cure(),
            RowOutcome::Refused(finding) => Some(finding.cure()),
            RowOutcome::NotSent => {
                Some("upload the same file again; rows that are registered take no harm")
            }
            RowOutcome::Unknown => Some(
                "upload the same file again later: that is safe, a device that is registered by then is answered with 806",
            ),
        }
    }

    /// The job it was sent in; [`Customer::job`](partner_center_devices::Customer::job) asks for it again.
    #[must_use]
    pub fn tracking_id(&self) -> Option<&BatchTrackingId> {
        self.tracking_id.as_ref()
    }

    /// The device's id in the service, where it said one.
    #[must_use]
    pub fn device_id(&self) -> Option<&str> {
        self.device_id.as_deref()
    }

    /// By what its answer was recognised; `None` if there is none.
    #[must_use]
    pub fn matched_by(&self) -> Option<MatchedBy> {
        self.matched_by
    }
}

/// What the service was told, so what it can tell back.
fn names(row: &ReportRow) -> DeviceNames<'_> {
    match row.kind {
        Some(DeviceKind::HardwareHash) => DeviceNames::new(row.serial_number(), row.product_key()),
        Some(DeviceKind::ProductKey) => DeviceNames::new(None, row.product_key()),
        _ => DeviceNames::new(row.serial_number(), None),
    }
}

/// Cuts the devices of one request off the list.
pub(crate) fn cut(
    outgoing: &mut impl Iterator<Item = Outgoing>,
    range: &Range<usize>,
) -> (Vec<usize>, Vec<DeviceIdentity>) {
    outgoing.by_ref().take(range.len()).unzip()
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct View<'a> {
            customer: &'a CustomerId,
            batch: &'a BatchId,
            created_batch: bool,
            all_well: bool,
            stopped: Option<&'a str>,
            totals: Totals,
            rows: &'a [ReportRow],
        }
        View {
            customer: &self.customer,
            batch: &self.batch,
            created_batch: self.created_batch,
            all_well: self.all_well(),
            stopped: self.stopped(),
            totals: self.totals(),
            rows: &self.rows,
        }
        .serialize(serializer)
    }
}

impl Serialize for ReportRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct View<'a> {
            source: &'a str,
            line: u64,
            serial_number: Option<&'a str>,
            product_key: Option<&'a str>,
            short_hash: Option<&'a str>,
            outcome: &'static str,
            duplicate_of: Option<String>,
            code: Option<&'a str>,
            name: Option<Cow<'a, str>>,
            meaning: Option<Cow<'a, str>>,
            cure: Option<&'static str>,
            tracking_id: Option<&'a BatchTrackingId>,
            device_id: Option<&'a str>,
            matched_by: Option<MatchedBy>,
        }
        View {
            source: self.origin.source(),
            line: self.origin.line(),
            serial_number: self.serial_number(),
            product_key: self.product_key(),
            short_hash: self.short_hash(),
            outcome: self.outcome.id(),
            duplicate_of: match &self.outcome {
                RowOutcome::Duplicate(first) => Some(first.to_string()),
                _ => None,
            },
            code: self.code(),
            name: self.name(),
            meaning: self.meaning(),
            cure: self.cure(),
            tracking_id: self.tracking_id(),
            device_id: self.device_id(),
            matched_by: self.matched_by,
        }
        .serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use partner_center_devices::raw::types as wire;

    const HEADER: &str =
        "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model\n";

    fn begin(rows: &str) -> (Report, Vec<usize>) {
        let fleet = Fleet::read(format!("{HEADER}{rows}").as_bytes(), "f.csv");
        let (customer, batch) = (CustomerId::new("c").unwrap(), BatchId::new("b").unwrap());
        let (report, outgoing) = Report::begin(customer, batch, fleet);
        (report, outgoing.into_iter().map(|(place, _)| place).collect())
    }

    fn status(devices: &str) -> BatchUploadDetails {
        let json = format!(r#"{{"status":"finished","devicesStatus":{devices}}}"#);
        serde_json::from_str::<wire::BatchUploadDetails>(&json).unwrap().into()
    }

    fn outcomes(report: &Report) -> Vec<&str> {
        report.rows().iter().map(|row| row.outcome().id()).collect()
    }

    #[test]
    fn every_row_is_accounted_for_in_the_order_of_the_input() {
        let (mut report, places) = begin(
            "S1,,,M,N\nS2,,,,\nS1,,,M,N\n,3305000000001,,,\nS4,,,M,N\nS5,,T0E=,M,N\n,,T0F=,,\nS7,,,M,N\n",
        );
        assert_eq!(places, [0, 3, 4, 5, 6, 7]);
        assert_eq!(report.totals().not_sent, 6);

        let tracking = BatchTrackingId::new("t-1").unwrap();
        let (first, second) = places.split_at(5);
        report.sent(first, Some(&tracking));
        report.settle(
            first,
            &status(
                r#"[{"serialNumber":"S5","status":"finished_with_errors","errorCode":"808"},
                    {"productKey":"3305000000001","status":"finished","errorCode":"0","deviceId":"d-1"},
                    {"serialNumber":"S1","status":"finished_with_errors","errorCode":"806"},
                    {"status":"finished"},
                    {"serialNumber":"S4","status":"processing"}]"#,
            ),
        );
        assert_eq!(
            outcomes(&report),
            [
                "alreadyRegistered",
                "refused",
                "duplicate",
                "registered",
                "unknown",
                "failed",
                "registered",
                "notSent"
            ]
        );
        let matched: Vec<_> = report.rows().iter().map(ReportRow::matched_by).collect();
        use MatchedBy::{Position, ProductKey, SerialNumber};
        let s = Some(SerialNumber);
        assert_eq!(matched, [s, None, None, Some(ProductKey), s, s, Some(Position), None]);
        assert!(!report.all_well());
        let totals = report.totals();
        assert_eq!(
            (totals.rows, totals.registered, totals.already_registered, totals.failed),
            (8, 2, 1, 1)
        );
        assert_eq!(
            (totals.duplicate, totals.refused, totals.not_sent, totals.unknown),
            (1, 1, 1, 1)
        );

        // If the last may have been sent, it is no longer sure that nothing happened.
        report.sent(second, None);
        assert_eq!((report.totals().not_sent, report.totals().unknown), (0, 2));
        for (place, tracking_id) in [(4, Some(&tracking)), (7, None)] {
            let row = &report.rows()[place];
            assert_eq!((row.outcome(), row.tracking_id()), (&RowOutcome::Unknown, tracking_id));
            assert!(row.cure().unwrap().starts_with("upload the same file again"));
        }
    }

    #[test]
    fn a_device_that_was_registered_before_keeps_the_service_s_words() {
        let name = "ZtdDeviceAlreadyAssigned";
        for (words, expected) in [
            (r#""errorCode":"806""#, ("806", name)),
            (r#""errorCode":" 806 ","errorDescription":"""#, ("806", name)),
            (r#""errorCode":"640","errorDescription":"ZtdDeviceAlreadyAssigned""#, ("640", name)),
            (r#""errorCode":"0","errorDescription":"ZtdDeviceAlreadyAssigned""#, ("806", name)),
            (r#""errorCode":"806","errorDescription":"It is there""#, ("806", "It is there")),
        ] {
            let (mut report, places) = begin("S1,,,M,N\n");
            report.sent(&places, None);
            let device = format!(r#"[{{"status":"finished_with_errors",{words}}}]"#);
            report.settle(&places, &status(&device));
            let row = &report.rows()[0];
            assert_eq!(row.outcome(), &RowOutcome::AlreadyRegistered, "{words}");
            assert_eq!((row.code().unwrap(), &*row.name().unwrap()), expected, "{words}");
            assert!(row.meaning().is_some() && row.cure().is_some());
        }
    }

    #[test]
    fn json_says_what_it_means_and_no_hash() {
        let hash = "T0HzAQEAHAAAAAoA".repeat(250);
        let (mut report, places) = begin(&format!("S1,,{hash},M,N\nS1,,{hash},M,N\nS3,,,,\n"));
        report.sent(&places, Some(&BatchTrackingId::new("t-1").unwrap()));
        report.settle(&places, &status(r#"[{"serialNumber":"S1","errorCode":"812"}]"#));
        let text = serde_json::to_string(&report).unwrap();
        assert!(!text.contains(&hash[..17]));
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["totals"]["alreadyRegistered"], 0);
        assert_eq!((&json["allWell"], &json["batch"]), (&false.into(), &"b".into()));
        let rows = &json["rows"];
        assert_eq!(
            (&rows[0]["line"], &rows[0]["shortHash"]),
            (&2.into(), &"T0HzAQ…(4000 characters)".into())
        );
        assert_eq!(
            (&rows[0]["code"], &rows[0]["name"]),
            (&"812".into(), &"ZtdDeviceNotFound".into())
        );
        assert!(rows[0]["cure"].as_str().unwrap().contains("spell"));
        assert_eq!(
            (&rows[0]["trackingId"], &rows[0]["matchedBy"]),
            (&"t-1".into(), &"serialNumber".into())
        );
        assert_eq!(
            (&rows[1]["outcome"], &rows[1]["duplicateOf"]),
            (&"duplicate".into(), &"f.csv:2".into())
        );
        assert_eq!(
            (&rows[2]["outcome"], &rows[2]["name"]),
            (&"refused".into(), &"no-identity".into())
        );
    }

    #[test]
    fn all_is_well_if_every_row_is_registered_or_the_same_as_one() {
        let (mut report, places) = begin("S1,,,M,N\nS1,,,M,N\n");
        report.sent(&places, None);
        report.settle(&places, &status(r#"[{"serialNumber":"S1","status":"finished"}]"#));
        assert!(report.all_well());
        report.stopped = Some("x".to_owned());
        assert!(!report.all_well());
    }
}
