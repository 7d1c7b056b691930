//! `pcdevices customers sync`: reads all customers into the index of this machine.

use partner_center_devices_fleet::CancellationToken;
use partner_center_devices_fleet::index::{CustomerSync, Index, SyncError, SyncedCustomers};
use schemars::JsonSchema;
use serde::Serialize;

use crate::args::{Global, Json, Service};
use crate::errors::{CommandError, Exit};
use crate::interrupt::{self, Ended};
use crate::settings::customer_index::{CustomerIndex, index_error};
use crate::settings::session::Session;
use crate::ui::output::Ui;
use crate::ui::progress::Bar;
use crate::ui::text_layout::{count, timestamp};

/// The result of reading all customers.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SyncSummary {
    /// The number of customers in the index.
    customers: u64,
    /// When the list was started, in RFC 3339. Customers that were added later may be missing.
    started: String,
    /// The number of customers that an earlier run had read.
    resumed: u64,
    /// The file of the index.
    index: String,
}

pub(super) async fn run(
    ui: Ui,
    global: &Global,
    service: &Service,
    json: Json,
) -> Result<Exit, CommandError> {
    let session = Session::open(ui, global, service)?;
    let mut index = CustomerIndex::of(&session.config, session.base_url())?.open()?;
    let command = "pcdevices customers sync";
    let synced = read_customers(ui, &session, &mut index, command).await?;
    let summary = SyncSummary {
        customers: index.totals().map_err(index_error)?.customers,
        started: timestamp(synced.started.time()),
        resumed: synced.resumed,
        index: index.path().display().to_string(),
    };
    if json.json {
        return ui.print_json(&summary).map(|()| Exit::Success);
    }
    let customers = count(usize::try_from(summary.customers).unwrap_or(usize::MAX), "customer");
    let resumed = match summary.resumed {
        0 => String::new(),
        resumed => format!(", {resumed} of them by an earlier run"),
    };
    ui.print(&format!("{customers} in the index, as of {}{resumed}\n", summary.started))?;
    Ok(Exit::Success)
}

/// Reads all customers into the index, with progress. `command` resumes it.
pub(crate) async fn read_customers(
    ui: Ui,
    session: &Session,
    index: &mut Index,
    command: &str,
) -> Result<SyncedCustomers, CommandError> {
    let bar = Bar::new(ui, "reading customers");
    let cancel = CancellationToken::new();
    let sync = CustomerSync::new(&session.client, index).cancel_with(cancel.clone());
    let running = sync.run(|done| bar.set_message(format!("{done} customers")));
    let ended = interrupt::run_until_ctrl_c(running, || cancel.cancel()).await;
    bar.finish();
    let result = match ended {
        Ended::Finished(result) | Ended::Cancelled(result) => result,
        Ended::Dropped => return Err(cancelled(None)),
    };
    let synced = result.map_err(|error| sync_failed(error, session, command))?;
    if !synced.complete {
        return Err(cancelled(Some(&synced)));
    }
    Ok(synced)
}

/// Returns the error for lists that were not read to their end. `command` resumes them.
pub(crate) fn sync_failed(error: SyncError, session: &Session, command: &str) -> CommandError {
    match error {
        SyncError::Index(error) => index_error(error),
        SyncError::Call(error) => CommandError::from(error)
            .hint(session.config.complete(&format!("to resume: {command}"))),
        other => CommandError::wrap(Exit::Unavailable, other),
    }
}

fn cancelled(synced: Option<&SyncedCustomers>) -> CommandError {
    let done = synced.map(|synced| synced.customers).filter(|done| *done > 0);
    let done = done.map(|done| format!("; {done} customers are read")).unwrap_or_default();
    CommandError::new(Exit::Interrupted, format!("cancelled{done}"))
        .hint("run the same command to resume")
}
