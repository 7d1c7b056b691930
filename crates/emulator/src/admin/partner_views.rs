//! The JSON views of the partner: the search for customers, and the audit log.

use serde::Serialize;

use super::customer_views::{CustomerView, customer_name};
use super::views::{ListPage, list_page};
use crate::domain::audit_log::{AuditRecord, AuditedOperation};
use crate::domain::keys::CustomerKey;
use crate::engine::Engine;

/// A record of the audit log.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuditView {
    /// The ticks of .NET, which identify the record.
    id: String,
    time: String,
    operation: AuditedOperation,
    customer: String,
    customer_name: Option<String>,
    resource: Option<String>,
    user: Option<String>,
    app: Option<String>,
    correlation_id: String,
    /// False while the delay of the audit log hides the record.
    visible: bool,
}

/// The filter of the audit log.
pub(super) struct AuditFilter {
    pub(super) customer: Option<String>,
    /// Matches the operation, the caller, an id or the name of the customer, case-insensitively.
    pub(super) text: Option<String>,
    pub(super) after: usize,
    pub(super) limit: usize,
}

/// Returns up to `limit` customers after the first `after`. `text` selects those whose id, name or domain contains it.
pub(super) fn customers(
    engine: &Engine,
    text: Option<&str>,
    after: usize,
    limit: usize,
) -> ListPage<CustomerView> {
    let world = &engine.state.world;
    let text = text.unwrap_or_default().to_lowercase();
    let contains = |field: &str| field.to_lowercase().contains(&text);
    let matches = |key: &CustomerKey| {
        let profile = world.given_profile(*key);
        contains(world.customer_name(*key))
            || profile.is_some_and(|profile| contains(&profile.name) || contains(&profile.domain))
    };
    let keys: Vec<CustomerKey> = world.customers().filter(matches).collect();
    list_page(keys.len(), after, limit, keys.into_iter(), |key| CustomerView::new(world, key))
}

/// Returns records of the audit log, newest first, including those that are not visible yet.
pub(super) fn audit(engine: &Engine, filter: &AuditFilter) -> ListPage<AuditView> {
    let (world, now) = (&engine.state.world, engine.time.now().into());
    let customers = filter.customer.as_ref().map(|text| world.customers_called(text));
    let text = filter.text.as_deref().unwrap_or_default().to_lowercase();
    let contains = |field: &str| field.to_lowercase().contains(&text);
    let matches = |record: &&AuditRecord| {
        let AuditRecord { operation, customer, resource, correlation_id, actor, .. } = record;
        let is_selected = customers.as_ref().is_none_or(|selected| selected.contains(customer));
        is_selected
            && (contains(operation.as_str())
                || contains(correlation_id)
                || contains(world.customer_name(*customer))
                || contains(&world.profile(*customer).name)
                || [&actor.user, &actor.app].into_iter().flatten().any(|field| contains(field))
                || resource.is_some_and(|resource| contains(&resource.to_string())))
    };
    let records: Vec<&AuditRecord> = world.audit.records().rev().filter(matches).collect();
    let text = |text: &Option<Box<str>>| text.as_deref().map(ToOwned::to_owned);
    list_page(records.len(), filter.after, filter.limit, records.into_iter(), |record| AuditView {
        id: engine.clock.dotnet_ticks(record.at).to_string(),
        time: engine.clock.milliseconds(record.at),
        operation: record.operation,
        customer: world.customer_name(record.customer).to_owned(),
        customer_name: customer_name(world, record.customer),
        resource: record.resource.map(|id| id.to_string()),
        user: text(&record.actor.user),
        app: text(&record.actor.app),
        correlation_id: record.correlation_id.to_string(),
        visible: world.audit.is_visible(record.at, now),
    })
}
