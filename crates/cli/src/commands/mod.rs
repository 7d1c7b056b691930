//! What each command does, a file for each.

pub(crate) mod auth;
pub(crate) mod batches;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod customers;
pub(crate) mod doctor;
pub(crate) mod emulator;
pub(crate) mod explain;
pub(crate) mod journals;
pub(crate) mod man;
pub(crate) mod policies;
pub(crate) mod report;
pub(crate) mod schema;
pub(crate) mod upload;

/// Over when the person at the terminal has had enough.
pub(crate) async fn ctrl_c() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await // then the system ends the program, as it does by default
    }
}
