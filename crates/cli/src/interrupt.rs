//! Ctrl-C. Decides that the first one is a wish, which is granted at the next good moment, and the second an order.

use std::pin::pin;

/// Ends with the next Ctrl-C.
pub(crate) async fn ctrl_c() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await // then the system ends the program, as it does by default
    }
}

/// What came of something that Ctrl-C may end.
pub(crate) enum Ended<T> {
    /// It came to its own end.
    Over(T),
    /// It heard of Ctrl-C, and ended in order.
    Stopped(T),
    /// It was left as it was.
    Dropped,
}

/// Runs to the end. The first Ctrl-C calls `stop`, of which the running hears; the second drops it.
pub(crate) async fn heed<T>(running: impl Future<Output = T>, stop: impl FnOnce()) -> Ended<T> {
    let mut running = pin!(running);
    tokio::select! {
        biased; // Ctrl-C is heard before anything is sent
        () = ctrl_c() => stop(),
        result = &mut running => return Ended::Over(result),
    }
    tokio::select! {
        result = &mut running => Ended::Stopped(result),
        () = ctrl_c() => Ended::Dropped, // no patience left
    }
}
