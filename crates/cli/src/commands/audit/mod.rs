//! `pcdevices audit`: reads the audit log of the service. It shows who registered and deleted devices, and who changed policies.

pub(crate) mod args;
mod operation;
mod when;

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::time::SystemTime;

use futures_util::StreamExt as _;
use partner_center_devices::raw::redact;
use partner_center_devices::{
    AuditOperationType, AuditQuery, AuditRecord, AuditResourceType, Client, CustomerId, Error,
    ErrorKind, UtcDay,
};
use schemars::JsonSchema;
use serde::Serialize;

use self::args::Audit;
use crate::args::Global;
use crate::errors::{CommandError, Exit};
use crate::settings::session::Session;
use crate::ui::list::{Column, Record, column, csv_only, table_only, write_list};
use crate::ui::output::Ui;
use crate::ui::progress::Bar;
use crate::ui::text_layout::{count, exact_timestamp, or_empty, timestamp};

/// The limit of the memory for the texts of all records, in bytes.
const MAX_MEMORY: usize = 64 << 20;

/// A record of the audit log: what a user or an app did.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AuditEntry {
    /// The time of the operation, in RFC 3339.
    date: Option<String>,
    /// The operation as the service calls it, such as `device_deleted`. `attempted` in its name means that the service accepted
    /// the request: the job reports the result for each device.
    operation: Option<String>,
    /// The state of the operation: `succeeded`, `failed` or another word of the service.
    status: Option<String>,
    /// The name of the customer: that of the record, or the one that this machine knows.
    customer: Option<String>,
    /// The customer's tenant id.
    customer_id: Option<String>,
    /// The sign-in name of the user. Null if an app acted for itself.
    user: Option<String>,
    /// The app: its id, or a name.
    application: Option<String>,
    /// The kind of resource: `device`, `policy` or another word of the service.
    resource_type: Option<String>,
    /// The correlation id of the operation. It is probably the `MS-CorrelationId` of the request; no document states this.
    correlation_id: Option<String>,
    /// The details that the service recorded. Hardware hashes are shortened.
    details: Vec<AuditDetail>,
    /// The id of the record.
    id: Option<String>,
    /// The time, by which the entries are sorted.
    #[serde(skip)]
    at: Option<SystemTime>,
    /// The operation for people.
    #[serde(skip)]
    words: String,
}

/// A detail of an operation. It may be about a person.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct AuditDetail {
    /// The name.
    name: String,
    /// The value.
    value: Option<String>,
}

impl Record for AuditEntry {
    const COLUMNS: &'static [Column<Self>] = &[
        csv_only("date", |entry| or_empty(&entry.date)),
        table_only("Time", |entry| entry.at.map_or_else(|| or_empty(&entry.date), timestamp)),
        csv_only("operation", |entry| or_empty(&entry.operation)),
        table_only("Operation", |entry| entry.words.clone()),
        column("Customer", "customer", |entry| or_empty(&entry.customer)),
        column("User", "user", |entry: &Self| or_empty(&entry.user)).rank(1),
        column("App", "application", |entry: &Self| or_empty(&entry.application)).rank(4),
        column("Status", "status", |entry: &Self| or_empty(&entry.status)).rank(2),
        column("Tenant id", "customerId", |entry: &Self| or_empty(&entry.customer_id)).rank(3),
        csv_only("resourceType", |entry| or_empty(&entry.resource_type)),
        csv_only("correlationId", |entry| or_empty(&entry.correlation_id)),
        csv_only("details", |entry| {
            let detail = |one: &AuditDetail| format!("{}={}", one.name, or_empty(&one.value));
            entry.details.iter().map(detail).collect::<Vec<_>>().join("; ")
        }),
        csv_only("id", |entry| or_empty(&entry.id)),
    ];
}

impl AuditEntry {
    fn of(record: &AuditRecord) -> Self {
        let text = |text: Option<&str>| {
            text.filter(|text| !text.is_empty()).map(|text| redact::text(text).into_owned())
        };
        let sent_date =
            || record.as_raw().operation_date.as_ref().map(|date| date.as_str().to_owned());
        let details = record.details().map(|(name, value)| AuditDetail {
            name: redact::text(name).into_owned(),
            value: value.map(|value| redact::text(value).into_owned()),
        });
        Self {
            date: record.date().map(exact_timestamp).or_else(sent_date),
            operation: record.operation().map(ToString::to_string),
            status: record.status().map(ToString::to_string),
            customer: text(record.customer_name()),
            customer_id: text(record.customer_id_text()),
            user: text(record.user()),
            application: text(record.application()),
            resource_type: record.resource_type().map(ToString::to_string),
            correlation_id: text(record.original_correlation_id()),
            details: details.collect(),
            id: record.id().map(ToOwned::to_owned),
            at: record.date(),
            words: record.operation().map(operation::words).unwrap_or_default().to_owned(),
        }
    }

    /// Returns about how much memory the entry needs, in bytes.
    fn memory(&self) -> usize {
        let texts = [
            &self.date,
            &self.operation,
            &self.status,
            &self.customer,
            &self.customer_id,
            &self.user,
            &self.application,
            &self.resource_type,
            &self.correlation_id,
            &self.id,
        ];
        let texts = texts.into_iter().flatten().map(String::len).sum::<usize>();
        let detail = |one: &AuditDetail| {
            size_of::<AuditDetail>() + one.name.len() + one.value.as_ref().map_or(0, String::len)
        };
        let details = self.details.iter().map(detail).sum::<usize>();
        size_of::<Self>() + self.words.len() + texts + details
    }
}

/// The records that are shown.
struct Wanted {
    since: SystemTime,
    /// `None` for everything until now. A record may be newer than the clock of this machine.
    until: Option<SystemTime>,
    /// Empty for all operations.
    operations: Vec<AuditOperationType>,
    /// A part of the name of the user or of the id of the app, in lower case.
    user: Option<String>,
}

impl Wanted {
    fn of(args: &Audit, now: SystemTime) -> Result<Self, CommandError> {
        let since = args.since.start(now);
        let until = args.until.map(|until| until.end(now));
        if let Some(until) = until.filter(|until| since > *until) {
            let (since, until) = (exact_timestamp(since), exact_timestamp(until));
            let message = format!("the start, {since}, is after the end, {until}");
            return Err(CommandError::new(Exit::Usage, message));
        }
        let named = args.operation.iter().flat_map(|one| one.0.iter().cloned());
        let mut operations: Vec<_> = named.collect();
        if operations.is_empty() && !args.all {
            operations = operation::changes();
        }
        let user = args.user.as_ref().map(|user| user.trim().to_lowercase());
        Ok(Self { since, until, operations, user })
    }

    /// Returns the queries that together find the records for a customer or for all customers. The service takes one filter: the
    /// customer, or one kind of resource.
    fn queries(&self, customer: Option<&CustomerId>, now: SystemTime) -> Vec<AuditQuery> {
        let (first, last) =
            (UtcDay::of(self.since), UtcDay::of(self.until.unwrap_or(now.max(self.since))));
        let mut query = AuditQuery::new().days(first, last).today(UtcDay::of(now));
        for operation in &self.operations {
            query = query.operation(operation.clone());
        }
        if let Some(customer) = customer {
            return vec![query.customer(customer.clone())];
        }
        let kinds: Option<Vec<_>> = self.operations.iter().map(operation::resource_type).collect();
        match kinds.filter(|kinds| !kinds.is_empty()) {
            None => vec![query],
            Some(kinds) => [AuditResourceType::Device, AuditResourceType::Policy]
                .into_iter()
                .filter(|kind| kinds.contains(kind))
                .map(|kind| query.clone().resource_type(kind))
                .collect(),
        }
    }

    /// Returns true for a record at a time that is shown, and of a user that is shown. A record without a time is shown.
    fn includes(&self, record: &AuditRecord) -> bool {
        let is_in_time = record
            .date()
            .is_none_or(|date| date >= self.since && self.until.is_none_or(|until| date <= until));
        let contains = |name: Option<&str>, part: &str| {
            name.is_some_and(|name| name.to_lowercase().contains(part))
        };
        let is_of_user =
            |user: &String| contains(record.user(), user) || contains(record.application(), user);
        is_in_time && self.user.as_ref().is_none_or(is_of_user)
    }

    /// Returns the times that were read, for people.
    fn span(&self) -> String {
        let until = self.until.map_or_else(|| "now".to_owned(), timestamp);
        format!("from {} to {until}", timestamp(self.since))
    }
}

pub(crate) async fn run(ui: Ui, global: &Global, args: Audit) -> Result<Exit, CommandError> {
    let now = SystemTime::now();
    let wanted = Wanted::of(&args, now)?;
    // A span that the service refuses is refused before the customer is looked up.
    for query in wanted.queries(None, now) {
        query.checked_days().map_err(|error| CommandError::new(Exit::Usage, error.to_string()))?;
    }
    for note in wanted.operations.iter().filter_map(operation::unknown) {
        ui.status_line(&note);
    }
    let session = Session::open(ui, global, &args.service)?;
    let customer = match args.customer.filter(|_| !args.all_customers) {
        Some(name) => Some(session.customers.find(ui, &session.client, &name).await?),
        None => None,
    };
    let queries = wanted.queries(customer.as_ref(), now);
    let mut entries = Vec::new();
    let read = read(ui, &session.client, queries, &wanted, &mut entries).await;
    // A later page may have failed: the records until then are still worth showing.
    let read = match read {
        Err(error) if entries.is_empty() => return Err(error),
        read => read,
    };
    name_customers(ui, &session, &mut entries);
    entries.sort_by_key(|entry| Reverse(entry.at)); // the newest first, and those without a time last
    let has_filter = args.all || !args.operation.is_empty();
    write_list(ui, args.format, &entries, &nothing_found(&wanted, has_filter))?;
    if let Err(error) = read {
        let shown = count(entries.len(), "record");
        return Err(error.context(&format!("the list is not complete ({shown})")));
    }
    if !entries.is_empty() {
        ui.status(&format!(
            "{} {}. The newest changes may be missing: the log may show them late.\n",
            count(entries.len(), "record"),
            wanted.span()
        ));
    }
    Ok(Exit::Success)
}

fn nothing_found(wanted: &Wanted, has_filter: bool) -> String {
    let more = if has_filter { "" } else { "\nhint: to see all operations of the log, add --all" };
    format!(
        "The audit log has no matching record {}. The newest changes may be missing: the log may show them late.{more}",
        wanted.span()
    )
}

/// Reads the records of several queries. Those until an error are in `entries`, too.
async fn read(
    ui: Ui,
    client: &Client,
    queries: Vec<AuditQuery>,
    wanted: &Wanted,
    entries: &mut Vec<AuditEntry>,
) -> Result<(), CommandError> {
    let bar = Bar::new(ui, "reading the audit log");
    let mut memory = 0;
    for query in queries {
        let mut records = client.audit_records(query);
        while let Some(record) = records.next().await {
            let record = record.map_err(failed)?;
            if !wanted.includes(&record) {
                continue;
            }
            let entry = AuditEntry::of(&record);
            memory += entry.memory();
            if memory > MAX_MEMORY {
                let message = format!("the records need more than {} MiB", MAX_MEMORY >> 20);
                return Err(CommandError::new(Exit::Unavailable, message)
                    .hint("ask for less: --since, --until, --customer or --operation"));
            }
            entries.push(entry);
            bar.set_message(count(entries.len(), "record"));
        }
    }
    bar.finish();
    Ok(())
}

fn failed(error: Error) -> CommandError {
    let is_unexplained = error.kind() == ErrorKind::Forbidden && error.hint().is_none();
    let error = CommandError::from(error);
    match is_unexplained {
        true => error.hint(
            "no document lists the roles that may read the audit log; try as an admin agent or as a global administrator of your organization",
        ),
        false => error,
    }
}

/// Adds the names that this machine knows to records without one.
fn name_customers(ui: Ui, session: &Session, entries: &mut [AuditEntry]) {
    let id = |entry: &AuditEntry| CustomerId::new(entry.customer_id.as_deref()?).ok();
    let unnamed = || entries.iter().filter(|entry| entry.customer.is_none());
    let ids: BTreeSet<_> = unnamed().filter_map(id).collect();
    let names = session.customers.known_names(ui, &ids);
    for entry in entries.iter_mut().filter(|entry| entry.customer.is_none()) {
        entry.customer = id(entry).and_then(|id| names.get(&id).cloned());
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use partner_center_devices::raw::types as wire;

    use super::*;
    use crate::cli::{Cli, Command};

    const NOW: &str = "2026-11-27T10:30:00Z";

    fn time(text: &str) -> SystemTime {
        text.parse::<jiff::Timestamp>().unwrap().into()
    }

    fn wanted(flags: &str) -> Result<Wanted, CommandError> {
        let args = format!("pcdevices audit {flags}");
        let Command::Audit(args) = Cli::parse_from(args.split_whitespace()).command else {
            unreachable!()
        };
        Wanted::of(&args, time(NOW))
    }

    fn record(json: &str) -> AuditRecord {
        serde_json::from_str::<wire::AuditRecord>(json).unwrap().into()
    }

    #[test]
    fn a_query_has_the_filter_that_finds_the_most_with_the_fewest_records() {
        let customer = CustomerId::new("c").unwrap();
        let base = || {
            let day = |text: &str| text.parse::<UtcDay>().unwrap();
            AuditQuery::new().days(day("2026-11-20"), day("2026-11-27")).today(day("2026-11-27"))
        };
        let with = |query: AuditQuery, operations: &[AuditOperationType]| {
            operations.iter().cloned().fold(query, AuditQuery::operation)
        };
        let (device, policy) = (AuditResourceType::Device, AuditResourceType::Policy);
        let changes = || with(base(), &operation::changes());
        let deleted = [AuditOperationType::DeviceDeleted];
        let added = [AuditOperationType::AddCustomer, AuditOperationType::DeviceDeleted];
        for (flags, customer, expected) in [
            (
                "",
                None,
                vec![changes().resource_type(device.clone()), changes().resource_type(policy)],
            ),
            ("", Some(&customer), vec![changes().customer(customer.clone())]),
            ("--all", None, vec![base()]),
            ("--operation delete-device", None, vec![with(base(), &deleted).resource_type(device)]),
            (
                "--operation add_customer --operation delete-device",
                None,
                vec![with(base(), &added)],
            ),
        ] {
            let queries = wanted(flags).ok().unwrap().queries(customer, time(NOW));
            assert_eq!(queries, expected, "{flags}");
        }
    }

    #[test]
    fn records_of_the_first_day_are_compared_to_the_second() {
        let at = |date: &str| {
            record(&format!(
                r#"{{"operationDate":"{date}","userPrincipalName":"Ann@contoso.com","applicationId":"app-1"}}"#
            ))
        };
        for (flags, date, expected) in [
            ("", "2026-11-20T10:29:59Z", false),
            ("", "2026-11-20T10:30:00Z", true),
            ("", "2026-11-27T10:30:05Z", true), // the clock of the service is ahead
            ("--until 2026-11-25", "2026-11-25T23:59:59.9999999Z", true),
            ("--until 2026-11-25", "2026-11-26T00:00:00Z", false),
            ("--since 1h --until 30m", "2026-11-27T10:00:01Z", false),
            ("--user ANN@", "2026-11-25T00:00:00Z", true),
            ("--user APP-1", "2026-11-25T00:00:00Z", true),
            ("--user bob", "2026-11-25T00:00:00Z", false),
            ("", "not a time", true),
        ] {
            let wanted = wanted(flags).ok().unwrap();
            assert_eq!(wanted.includes(&at(date)), expected, "{flags} {date}");
        }
        let error = wanted("--since 2026-11-26 --until 2d").err().unwrap();
        assert!(error.to_string().contains("is after the end"), "{error}");
        assert_eq!(error.exit, Exit::Usage);
    }

    #[test]
    fn hashes_in_details_are_shortened() {
        let hash = "T0Hz".repeat(1000);
        let entry = AuditEntry::of(&record(&format!(
            r#"{{"operationType":"device_deleted","customizedData":[{{"key":"hash","value":"{hash}"}},{{"key":"n","value":null}}],"resourceNewValue":"{hash}"}}"#
        )));
        let json = serde_json::to_string(&entry).unwrap();
        assert!(!json.contains(&hash[..100]) && json.contains("4000 characters"), "{json}");
        assert_eq!(entry.words, "device deleted");
        assert!(entry.memory() > json.len() / 2);
    }
}
