//! `pcdevices devices`: lists, finds, compares, deletes and assigns policies to a customer's devices in all batches.
pub(crate) mod args;
mod assign;
mod call_failures;
mod delete;
mod diff;
mod everywhere;
mod find;
mod labels;
mod list;
mod plan_table;
mod reading;
mod sync;

pub(crate) use self::everywhere::FoundEverywhere;
pub(crate) use self::sync::SyncedSummary;

use self::args::DevicesCommand;
use crate::args::Global;
use crate::errors::{CommandError, Exit};
use crate::ui::output::Ui;

pub(crate) async fn run(
    ui: Ui,
    global: &Global,
    args: args::Devices,
) -> Result<Exit, CommandError> {
    match args.what {
        DevicesCommand::List(args) => list::run(ui, global, args).await,
        DevicesCommand::Find(args) if args.everywhere => everywhere::run(ui, global, args).await,
        DevicesCommand::Find(args) => find::run(ui, global, args).await,
        DevicesCommand::Sync(args) => sync::run(ui, global, args).await,
        DevicesCommand::Diff(args) => diff::run(ui, global, args).await,
        DevicesCommand::Delete(args) => delete::run(ui, global, args).await,
        DevicesCommand::AssignPolicy(args) => assign::run(ui, global, args).await,
    }
}
