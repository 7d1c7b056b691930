//! A row of the report.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::SystemTime;

use partner_center_devices::{BatchTrackingId, DeviceError, MatchedBy};

use super::destination::Destination;
use super::earlier_registration::EarlierRegistration;
use super::outcome::RowOutcome;
use super::proof::Proof;
use crate::check::checked_row::Label;
use crate::device_model::DeviceModel;
use crate::origin::Origin;
use crate::timestamp::Timestamp;

/// The service's code for a device of another organization.
pub(crate) const OTHER_ORGANIZATION: &str = "808";

/// One row of a [`Report`](super::Report).
#[derive(Clone, Debug)]
pub struct ReportRow {
    pub(crate) origin: Origin,
    pub(crate) label: Label,
    pub(crate) model: Option<Arc<DeviceModel>>,
    pub(crate) destination: Option<Arc<Destination>>,
    pub(crate) outcome: RowOutcome,
    /// The service's error for a device that was already registered.
    pub(crate) already: Option<DeviceError>,
    pub(crate) earlier: Option<Box<EarlierRegistration>>,
    pub(crate) tracking_id: Option<BatchTrackingId>,
    pub(crate) proof: Option<Proof>,
    pub(crate) device_id: Option<Box<str>>,
    pub(crate) matched_by: Option<MatchedBy>,
    /// The request that the row was last sent in.
    pub(crate) exchange: Option<Box<Exchange>>,
}

/// The request that a row was sent in, and its response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Exchange {
    pub(crate) request_id: Box<str>,
    pub(crate) correlation_id: Box<str>,
    pub(crate) cv: Option<Box<str>>,
    pub(crate) sent: Timestamp,
    pub(crate) finished: Option<Timestamp>,
}

impl ReportRow {
    /// Returns the source and line of the row.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Returns the batch that the row was sent to, or would have been; `None` for a row without a device or customer.
    #[must_use]
    pub fn destination(&self) -> Option<&Destination> {
        self.destination.as_deref()
    }

    /// Returns the serial number, even if it was not sent.
    #[must_use]
    pub fn serial_number(&self) -> Option<&str> {
        self.label.serial_number.as_deref()
    }

    /// Returns the product key, even if it was not sent.
    #[must_use]
    pub fn product_key(&self) -> Option<&str> {
        self.label.product_key.as_deref()
    }

    /// Returns the start and length of the hardware hash.
    #[must_use]
    pub fn short_hash(&self) -> Option<&str> {
        self.label.hardware_hash.as_deref()
    }

    /// Returns the manufacturer, from the file or from a valid hardware hash, even if it was not sent. `None` in a report of a
    /// journal of an earlier version.
    #[must_use]
    pub fn manufacturer(&self) -> Option<&str> {
        self.model.as_ref()?.manufacturer.as_deref()
    }

    /// Returns the model; see [`manufacturer`](Self::manufacturer).
    #[must_use]
    pub fn model(&self) -> Option<&str> {
        self.model.as_ref()?.name.as_deref()
    }

    /// Returns the outcome.
    #[must_use]
    pub fn outcome(&self) -> &RowOutcome {
        &self.outcome
    }

    /// Returns the place of a device that was registered before, if it was searched for.
    #[must_use]
    pub fn earlier_registration(&self) -> Option<&EarlierRegistration> {
        self.earlier.as_deref()
    }

    /// Returns true if the service refused the device with 806 or 808: it was registered before.
    #[must_use]
    pub fn was_registered_before(&self) -> bool {
        self.outcome == RowOutcome::AlreadyRegistered || self.code() == Some(OTHER_ORGANIZATION)
    }

    /// Returns true if the outcome allows this place of the device: with its own customer after error 806, with another customer after
    /// 808.
    #[must_use]
    pub fn may_be_in(&self, place: &EarlierRegistration) -> bool {
        match place {
            EarlierRegistration::InBatch(_)
            | EarlierRegistration::ByCustomer
            | EarlierRegistration::InNoBatch => self.outcome == RowOutcome::AlreadyRegistered,
            EarlierRegistration::OtherCustomer { .. }
            | EarlierRegistration::FormerCustomer { .. } => self.code() == Some(OTHER_ORGANIZATION),
        }
    }

    /// Returns true if the device was already registered, by the customer itself: the partner cannot manage it.
    #[must_use]
    pub fn is_registered_by_customer(&self) -> bool {
        self.earlier.as_deref() == Some(&EarlierRegistration::ByCustomer)
    }

    /// Returns true if the device was already registered, but is in none of its customer's batches now.
    #[must_use]
    pub fn is_in_no_batch(&self) -> bool {
        self.earlier.as_deref() == Some(&EarlierRegistration::InNoBatch)
    }

    /// Returns true if no action is needed: the device is registered and can be managed, or the row is a duplicate.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.outcome.is_success() && !self.is_registered_by_customer() && !self.is_in_no_batch()
    }

    /// Returns the service's error code, such as `808`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match &self.outcome {
            RowOutcome::Failed(error) => Some(error.code()).filter(|code| !code.is_empty()),
            RowOutcome::AlreadyRegistered => self.already.as_ref().map(DeviceError::code),
            _ => None,
        }
    }

    /// Returns the service's name for the error, such as `ZtdDeviceAssignedToOtherTenant`, or the id of the rule that a
    /// invalid row violates.
    #[must_use]
    pub fn name(&self) -> Option<Cow<'_, str>> {
        match &self.outcome {
            RowOutcome::Failed(error) => {
                Some(error.name().into()).filter(|name: &Cow<'_, str>| !name.is_empty())
            }
            RowOutcome::AlreadyRegistered => Some(self.already.as_ref()?.name().into()),
            RowOutcome::Invalid(finding) => Some(finding.rule().id().into()),
            _ => None,
        }
    }

    /// Returns an explanation in plain words, if the outcome needs one.
    #[must_use]
    pub fn meaning(&self) -> Option<Cow<'_, str>> {
        if let Some(earlier) = &self.earlier {
            return Some(earlier.meaning().into());
        }
        Some(match &self.outcome {
            RowOutcome::Registered => return None,
            RowOutcome::AlreadyRegistered => self.already.as_ref()?.meaning()?.into(),
            RowOutcome::Failed(error) => error.meaning()?.into(),
            RowOutcome::Duplicate(first) => format!("the same device as {first}").into(),
            RowOutcome::Invalid(finding) => finding.message().into(),
            RowOutcome::NotSent => {
                "the upload stopped before this row was sent; the device is unchanged".into()
            }
            RowOutcome::Unknown if self.tracking_id.is_some() => {
                "the service accepted the device, but its outcome is unknown".into()
            }
            RowOutcome::Unknown if self.proof == Some(Proof::AuditRecordOnly) => {
                "the audit log has a record of the request, so the device probably reached the service; its outcome is unknown"
                    .into()
            }
            RowOutcome::Unknown => {
                "the device may have reached the service, and its outcome is unknown".into()
            }
        })
    }

    /// Returns what to do, in plain words.
    #[must_use]
    pub fn cure(&self) -> Option<&'static str> {
        if let Some(earlier) = &self.earlier {
            return Some(earlier.cure());
        }
        match &self.outcome {
            RowOutcome::Registered | RowOutcome::Duplicate(_) => None,
            RowOutcome::AlreadyRegistered => self.already.as_ref()?.cure(),
            RowOutcome::Failed(error) => error.cure(),
            RowOutcome::Invalid(finding) => Some(finding.cure()),
            RowOutcome::NotSent => Some("run the same upload again to continue where it stopped"),
            RowOutcome::Unknown => Some(
                "run the same upload again later; this is safe, because the service returns 806 for a device that is \
                 already registered",
            ),
        }
    }

    /// Returns the tracking id of the job; [`Customer::job`](partner_center_devices::Customer::job) polls it again.
    #[must_use]
    pub fn tracking_id(&self) -> Option<&BatchTrackingId> {
        self.tracking_id.as_ref()
    }

    /// Returns what proves the outcome. `None` for a row that was not sent, and if an earlier version wrote the journal and did not
    /// record it.
    #[must_use]
    pub fn proof(&self) -> Option<Proof> {
        self.proof
    }

    /// Returns the device's id in the service, if the service returned one.
    #[must_use]
    pub fn device_id(&self) -> Option<&str> {
        self.device_id.as_deref()
    }

    /// Returns how the service's result was matched to this row; `None` if there is no result.
    #[must_use]
    pub fn matched_by(&self) -> Option<MatchedBy> {
        self.matched_by
    }

    /// Returns the time at which the row was last sent, or was about to be.
    #[must_use]
    pub fn sent(&self) -> Option<SystemTime> {
        Some(self.exchange.as_ref()?.sent.time())
    }

    /// Returns the time at which the outcome became known.
    #[must_use]
    pub fn finished(&self) -> Option<SystemTime> {
        Some(self.exchange.as_ref()?.finished?.time())
    }

    /// Returns the `MS-RequestId` of the request the row was last sent in, for a support case.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        Some(&self.exchange.as_ref()?.request_id)
    }

    /// Returns the `MS-CorrelationId` of that request: the one in the response, if there was one.
    #[must_use]
    pub fn correlation_id(&self) -> Option<&str> {
        Some(&self.exchange.as_ref()?.correlation_id)
    }

    /// Returns the `MS-CV` of the response.
    #[must_use]
    pub fn cv(&self) -> Option<&str> {
        self.exchange.as_ref()?.cv.as_deref()
    }
}
