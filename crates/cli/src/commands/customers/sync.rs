//! `pcdevices customers sync`: reads all customers into the index of this machine.

use partner_center_devices_fleet::CancellationToken;
use partner_center_devices_fleet::index::{CustomerSync, SyncError, SyncedCustomers};
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
    let bar = Bar::new(ui, "reading customers");
    let cancel = CancellationToken::new();
    let sync = CustomerSync::new(&session.client, &mut index).cancel_with(cancel.clone());
    let running = sync.run(|done| bar.set_message(format!("{done} customers")));
    let ended = interrupt::run_until_ctrl_c(running, || cancel.cancel()).await;
    bar.finish();
    let result = match ended {
        Ended::Finished(result) | Ended::Cancelled(result) => result,
        Ended::Dropped => return Err(cancelled(None)),
    };
    let synced = result.map_err(|error| failed(error, &session))?;
    if !synced.complete {
        return Err(cancelled(Some(&synced)));
    }
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

fn failed(error: SyncError, session: &Session) -> CommandError {
    match error {
        SyncError::Index(error) => index_error(error),
        SyncError::Call(error) => CommandError::from(error)
            .hint(session.config.complete("to resume: pcdevices customers sync")),
        other => CommandError::wrap(Exit::Unavailable, other),
    }
}

fn cancelled(synced: Option<&SyncedCustomers>) -> CommandError {
    let done = synced.map(|synced| synced.customers).filter(|done| *done > 0);
    let done = done.map(|done| format!("; {done} customers are read")).unwrap_or_default();
    CommandError::new(Exit::Interrupted, format!("cancelled{done}"))
        .hint("run the same command to resume")
}
