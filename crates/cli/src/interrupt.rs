//! Ctrl-C. The first one asks a running operation to stop at the next safe point, the second one drops it.

use std::pin::pin;

/// Completes at the next Ctrl-C.
pub(crate) async fn ctrl_c() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await // without a handler the system ends the program
    }
}

/// How an operation ended that Ctrl-C can stop.
pub(crate) enum Ended<T> {
    Finished(T),
    /// It stopped by itself after Ctrl-C.
    Cancelled(T),
    /// A second Ctrl-C dropped it.
    Dropped,
}

/// Runs an operation to its end. The first Ctrl-C calls `cancel`, which the operation must observe; the second drops the
/// operation.
pub(crate) async fn run_until_ctrl_c<T>(
    running: impl Future<Output = T>,
    cancel: impl FnOnce(),
) -> Ended<T> {
    let mut running = pin!(running);
    tokio::select! {
        biased; // check for Ctrl-C before sending anything
        () = ctrl_c() => cancel(),
        result = &mut running => return Ended::Finished(result),
    }
    tokio::select! {
        result = &mut running => Ended::Cancelled(result),
        () = ctrl_c() => Ended::Dropped,
    }
}
