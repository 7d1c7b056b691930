//! Ctrl-C, and the other signals that end a program. The first Ctrl-C asks a running operation to stop at the next safe
//! point, the second one drops it.

use std::io;
use std::pin::pin;

/// Completes at the next Ctrl-C, on Windows also at the next Ctrl-Break.
pub(crate) async fn ctrl_c() {
    first_of(StopSignals::of_keys()).await;
}

/// Completes at the next signal that [ends a program](StopSignals).
pub(crate) async fn stop_signal() {
    first_of(StopSignals::new()).await;
}

async fn first_of(signals: io::Result<StopSignals>) {
    let ended = match signals {
        Ok(signals) => signals.wait().await,
        Err(error) => Err(error),
    };
    if ended.is_err() {
        std::future::pending().await // without a handler the system ends the program
    }
}

/// The signals that stop a program that runs until then: Ctrl-C; SIGTERM from `kill`, service managers and containers; on
/// Windows Ctrl-Break and a closed window. Windows reports the end of the session to few programs.
pub(crate) struct StopSignals {
    #[cfg(unix)]
    terminate: Option<tokio::signal::unix::Signal>,
    #[cfg(windows)]
    ctrl_break: tokio::signal::windows::CtrlBreak,
    /// Windows ends the process some seconds after each of these.
    #[cfg(windows)]
    ends: Option<(
        tokio::signal::windows::CtrlClose,
        tokio::signal::windows::CtrlLogoff,
        tokio::signal::windows::CtrlShutdown,
    )>,
}

impl StopSignals {
    /// Starts to listen for all signals.
    #[cfg(unix)]
    pub(crate) fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { terminate: Some(signal(SignalKind::terminate())?) })
    }

    /// Starts to listen for all signals.
    #[cfg(windows)]
    pub(crate) fn new() -> io::Result<Self> {
        use tokio::signal::windows::{ctrl_break, ctrl_close, ctrl_logoff, ctrl_shutdown};
        let ends = Some((ctrl_close()?, ctrl_logoff()?, ctrl_shutdown()?));
        Ok(Self { ctrl_break: ctrl_break()?, ends })
    }

    /// Starts to listen for those of the keyboard.
    #[cfg(unix)]
    #[expect(clippy::unnecessary_wraps, reason = "the same signature as on Windows")]
    fn of_keys() -> io::Result<Self> {
        Ok(Self { terminate: None })
    }

    /// Starts to listen for those of the keyboard.
    #[cfg(windows)]
    fn of_keys() -> io::Result<Self> {
        Ok(Self { ctrl_break: tokio::signal::windows::ctrl_break()?, ends: None })
    }

    /// Waits for the first signal.
    #[cfg(unix)]
    pub(crate) async fn wait(self) -> io::Result<()> {
        let Some(mut terminate) = self.terminate else { return tokio::signal::ctrl_c().await };
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted,
            _ = terminate.recv() => Ok(()),
        }
    }

    /// Waits for the first signal.
    #[cfg(windows)]
    pub(crate) async fn wait(mut self) -> io::Result<()> {
        let ends = async {
            let Some((close, logoff, shutdown)) = &mut self.ends else {
                return std::future::pending().await;
            };
            tokio::select! {
                _ = close.recv() => {}
                _ = logoff.recv() => {}
                _ = shutdown.recv() => {}
            }
        };
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted,
            _ = self.ctrl_break.recv() => Ok(()),
            () = ends => Ok(()),
        }
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
