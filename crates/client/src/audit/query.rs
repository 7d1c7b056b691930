//! The query of audit records: days, and filters. The service takes one filter; the others are applied here.

use std::fmt;

use partner_center_devices_raw::types::{AuditOperationType, AuditResourceType, CustomerId};

use super::utc_day::UtcDay;
use super::windows::{self, MAX_AGE, MAX_WINDOW};
use crate::calls::field_filter::FieldFilter;
use crate::responses::partner_models::AuditRecord;

/// Which audit records to list: those of the last 30 days by default. Several conditions must all be met.
///
/// ```
/// # use partner_center_devices::{AuditOperationType, AuditQuery, AuditResourceType, UtcDay};
/// let uploads = AuditQuery::new()
///     .days("2026-11-01".parse::<UtcDay>()?, "2026-11-27".parse()?)
///     .resource_type(AuditResourceType::Device)
///     .operation(AuditOperationType::DevicesUploadToNewBatchAttempted)
///     .operation(AuditOperationType::DevicesUploadToExistingBatchAttempted);
/// # Ok::<_, partner_center_devices::InvalidDay>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "a query does nothing until it is passed to a client"]
pub struct AuditQuery {
    span: Option<(UtcDay, UtcDay)>,
    today: Option<UtcDay>,
    customers: Vec<CustomerId>,
    company_name: Option<String>,
    resource_types: Vec<AuditResourceType>,
    operations: Vec<AuditOperationType>,
    page_size: Option<u32>,
}

/// The error for days that the service would refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidAuditDays(String);

impl fmt::Display for InvalidAuditDays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidAuditDays {}

impl AuditQuery {
    /// The age of the oldest first day that a query may have, in days before today.
    pub const MAX_AGE_DAYS: u16 = MAX_AGE;

    /// Creates a query of the last 30 days, including today.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the first and the last day; both are included. The service has the records of the last 90 days: a first day more
    /// than 89 days ago is refused before anything is sent. Days after today are left out.
    pub fn days(mut self, first: UtcDay, last: UtcDay) -> Self {
        self.span = Some((first, last));
        self
    }

    /// Keeps the records of this customer, or of these if it is called several times.
    pub fn customer(mut self, id: CustomerId) -> Self {
        self.customers.push(id);
        self
    }

    /// Keeps the records of customers whose name contains this text, in upper or lower case.
    pub fn company_name_contains(mut self, text: impl Into<String>) -> Self {
        self.company_name = Some(text.into());
        self
    }

    /// Keeps the records of this kind of resource, or of these if it is called several times.
    pub fn resource_type(mut self, kind: AuditResourceType) -> Self {
        self.resource_types.push(kind);
        self
    }

    /// Keeps the records of this operation, or of these if it is called several times.
    pub fn operation(mut self, operation: AuditOperationType) -> Self {
        self.operations.push(operation);
        self
    }

    /// Sets the number of records a page. The service returns 500 by default; no limit is documented.
    pub fn page_size(mut self, records: u32) -> Self {
        self.page_size = Some(records);
        self
    }

    /// Sets the day that counts as today, instead of the current day of this machine's clock. Use it if the clock is wrong, or for a
    /// service with another clock, such as an emulator.
    pub fn today(mut self, day: UtcDay) -> Self {
        self.today = Some(day);
        self
    }

    /// Returns the first and the last day that the query asks for. A client checks them before it sends anything.
    ///
    /// # Errors
    /// If the first day is after the last day, in the future, or more than 89 days ago.
    pub fn checked_days(&self) -> Result<(UtcDay, UtcDay), InvalidAuditDays> {
        const { assert!(MAX_WINDOW <= MAX_AGE) };
        let today = self.today.unwrap_or_else(UtcDay::today);
        let (first, last) = self.span.unwrap_or((today.days_before(MAX_WINDOW - 1), today));
        windows::span(first, last, today).map_err(InvalidAuditDays)
    }

    pub(crate) fn size(&self) -> Option<i64> {
        self.page_size.map(i64::from)
    }

    /// Returns the windows of the calls, newest first.
    pub(crate) fn windows(&self) -> Result<Vec<(UtcDay, UtcDay)>, InvalidAuditDays> {
        let (first, last) = self.checked_days()?;
        Ok(windows::windows(first, last))
    }

    /// Returns the filter for the service. The most selective condition is sent: a customer, the only kind of resource, or a
    /// company's name.
    pub(crate) fn filter(&self) -> Option<FieldFilter> {
        let filter =
            |field, value: &str, operator| FieldFilter { field, value: value.to_owned(), operator };
        match (&*self.customers, &*self.resource_types, &self.company_name) {
            ([customer], _, _) => Some(filter("CustomerId", customer.as_str(), "equals")),
            (_, [kind], _) => Some(filter("ResourceType", &pascal_case(kind.as_str()), "equals")),
            (_, _, Some(name)) => Some(filter("CompanyName", name, "substring")),
            _ => None,
        }
    }

    /// Returns true for a record that meets the conditions which the service does not check.
    pub(crate) fn matches(&self, record: &AuditRecord) -> bool {
        let sent = self.filter().map(|filter| filter.field);
        let is_checked = |field| sent == Some(field);
        let same = |text: &str, other: &str| text.eq_ignore_ascii_case(other);
        let customer = || {
            let id = record.customer_id_text().unwrap_or_default();
            self.customers.iter().any(|customer| same(customer.as_str(), id))
        };
        let name = |part: &str| {
            let name = record.customer_name().unwrap_or_default().to_lowercase();
            name.contains(&part.to_lowercase())
        };
        let is_among = |kinds: &[AuditResourceType]| {
            record.resource_type().is_some_and(|kind| kinds.contains(kind))
        };
        (self.customers.is_empty() || is_checked("CustomerId") || customer())
            && (self.resource_types.is_empty()
                || is_checked("ResourceType")
                || is_among(&self.resource_types))
            && (is_checked("CompanyName") || self.company_name.as_deref().is_none_or(name))
            && (self.operations.is_empty()
                || record.operation().is_some_and(|it| self.operations.contains(it)))
    }
}

/// Converts a name of the wire to that of the SDK, which filters have: `customer_user` -> `CustomerUser`.
fn pascal_case(name: &str) -> String {
    let capital = |part: &str| {
        let mut chars = part.chars();
        chars
            .next()
            .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect::<String>())
    };
    name.split('_').map(capital).collect()
}

#[cfg(test)]
mod tests {
    use partner_center_devices_raw::types as wire;

    use super::*;

    fn record(json: &str) -> AuditRecord {
        serde_json::from_str::<wire::AuditRecord>(json).unwrap().into()
    }

    fn query() -> AuditQuery {
        AuditQuery::new()
    }

    fn id(text: &str) -> CustomerId {
        CustomerId::new(text).unwrap()
    }

    #[test]
    fn one_condition_is_sent() {
        let device = AuditResourceType::Device;
        for (query, expected) in [
            (query(), None),
            (query().operation(AuditOperationType::DeviceDeleted), None),
            (
                query().company_name_contains("bri"),
                Some(r#"{"Field":"CompanyName","Value":"bri","Operator":"substring"}"#),
            ),
            (
                query().company_name_contains("bri").resource_type(device.clone()),
                Some(r#"{"Field":"ResourceType","Value":"Device","Operator":"equals"}"#),
            ),
            (
                query().resource_type(AuditResourceType::CustomerUser),
                Some(r#"{"Field":"ResourceType","Value":"CustomerUser","Operator":"equals"}"#),
            ),
            (
                query().resource_type(device.clone()).customer(id("c")),
                Some(r#"{"Field":"CustomerId","Value":"c","Operator":"equals"}"#),
            ),
            (
                query().resource_type(device.clone()).customer(id("c")).customer(id("d")),
                Some(r#"{"Field":"ResourceType","Value":"Device","Operator":"equals"}"#),
            ),
            (query().resource_type(device).resource_type(AuditResourceType::Policy), None),
        ] {
            assert_eq!(query.filter().map(|filter| filter.json()).as_deref(), expected);
        }
    }

    #[test]
    fn the_other_conditions_are_checked_here() {
        let device = || AuditResourceType::Device;
        let record = record(
            r#"{"customerId":"C","customerName":"Fabrikam, Inc","resourceType":"device","operationType":"device_deleted"}"#,
        );
        for (query, expected) in [
            (query(), true),
            (query().customer(id("c")).customer(id("d")), true),
            (query().customer(id("d")).customer(id("e")), false),
            (query().customer(id("c")).resource_type(device()), true),
            (query().customer(id("c")).resource_type(AuditResourceType::Policy), false),
            (query().customer(id("c")).company_name_contains("BRIK"), true),
            (query().customer(id("c")).company_name_contains("toso"), false),
            (query().operation(AuditOperationType::DeviceDeleted), true),
            (query().operation(AuditOperationType::DeviceUpdated), false),
            (
                query()
                    .operation(AuditOperationType::DeviceUpdated)
                    .operation(AuditOperationType::DeviceDeleted),
                true,
            ),
            // The service has checked these.
            (query().customer(id("d")), true),
            (query().resource_type(AuditResourceType::Policy), true),
            (query().company_name_contains("toso"), true),
        ] {
            assert_eq!(query.matches(&record), expected, "{query:?}");
        }
        assert!(!query().customer(id("c")).customer(id("d")).matches(&self::record("{}")));
    }

    #[test]
    fn thirty_days_are_the_default() {
        let today: UtcDay = "2026-11-27".parse().unwrap();
        let windows = query().today(today).windows().unwrap();
        assert_eq!(windows, [("2026-10-29".parse().unwrap(), today)]);
        let old = query().today(today).days("2026-08-01".parse().unwrap(), today);
        assert!(old.windows().unwrap_err().to_string().contains("2026-08-30"));
    }
}
