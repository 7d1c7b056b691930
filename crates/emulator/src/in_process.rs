//! The emulator as a service in this process: provides the time, and writes changes to the data folder before a
//! response is returned.

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{Method, Request, Response};
use partner_center_devices_raw::{BoxError, BoxFuture, Service};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::admin::is_admin_path;
use crate::api::error::ApiError;
use crate::api::response;
use crate::core::Core;
use crate::http::delivery::Delivery;
use crate::http::received_body::ReceivedBody;
use crate::storage::store::Store;
use crate::storage::world_file::WorldFile;

/// The emulator without a socket. It implements `Service`, for the raw client's in-process transport.
///
/// Clones share one state. The time is Tokio's, counted from the creation of this value, so a paused test clock
/// controls jobs and delays. If a fault rule closes the connection, the call fails with a
/// [`DeliveryError`](crate::DeliveryError).
#[derive(Clone)]
pub struct InProcess {
    state: Arc<Mutex<Shared>>,
    start: Instant,
    resumed: Option<Resumed>,
    changes: Arc<watch::Sender<()>>,
}

/// The state and its store. They share a lock, so that the log has the changes in the order in which they happened.
struct Shared {
    core: Core,
    /// `None` if there is no data folder.
    store: Option<Store>,
    /// True after a failed write. The state then differs from the folder, so every later request fails.
    failed: bool,
}

/// The state found in a data folder when it was opened.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Resumed {
    /// True if the folder was created.
    pub new: bool,
    /// The number of changes that were restored.
    pub changes: u64,
    /// The seed of the folder, which is used.
    pub seed: u64,
    /// True if a world file was given but not loaded, because the folder has a state.
    pub world_not_loaded: bool,
    /// The seed that was requested, if it differs from the folder's.
    pub other_seed: Option<u64>,
}

impl InProcess {
    pub(crate) fn new(core: Core) -> Self {
        Self::with_state(Shared { core, store: None, failed: false }, None)
    }

    /// Creates an emulator that writes its changes to a store.
    pub(crate) fn with_store(core: Core, store: Store, resumed: Resumed) -> Self {
        Self::with_state(Shared { core, store: Some(store), failed: false }, Some(resumed))
    }

    fn with_state(state: Shared, resumed: Option<Resumed>) -> Self {
        Self {
            state: Arc::new(Mutex::new(state)),
            start: Instant::now(),
            resumed,
            changes: Arc::new(watch::Sender::new(())),
        }
    }

    /// Returns the state found in the data folder, or `None` if there is no data folder.
    #[must_use]
    pub fn resumed(&self) -> Option<Resumed> {
        self.resumed
    }

    /// Handles a request without waiting, and returns the response with its delivery.
    #[must_use]
    pub fn handle(&self, request: &Request<Bytes>) -> Delivery {
        self.respond(request, |core, now| core.handle(request, now))
    }

    pub(crate) fn handle_parts<T>(&self, request: &Request<T>, sent: ReceivedBody<'_>) -> Delivery {
        self.respond(request, |core, now| core.handle_parts(request, sent, now))
    }

    /// Handles a request, measures the time that it took, and announces the change.
    fn respond<T>(
        &self,
        request: &Request<T>,
        handle: impl FnOnce(&mut Core, Duration) -> Delivery,
    ) -> Delivery {
        let delivery = self.with(|core, now| {
            let last = core.engine.exchanges.last_number();
            let delivery = handle(core, now);
            let took = self.start.elapsed().saturating_sub(now);
            core.engine.exchanges.set_processing_time(last, took);
            delivery
        });
        if request.method() != Method::GET || !is_admin_path(request.uri().path()) {
            self.announce_change();
        }
        delivery.unwrap_or_else(not_stored)
    }

    /// Returns a receiver that is notified of each change: an exchange, a management request or a new world. The progress of
    /// jobs is not a change, see [`changes_with_time`](Self::changes_with_time).
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.changes.subscribe()
    }

    /// Returns true while only time changes what the management endpoints show.
    pub(crate) fn changes_with_time(&self) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let engine = &mut state.core.engine;
        engine.advance_to(self.start.elapsed());
        !engine.has_manual_clock() && engine.state.world.changes_with_time(engine.time.now())
    }

    fn announce_change(&self) {
        self.changes.send_replace(());
    }

    /// Returns the current world as a file.
    #[must_use]
    pub fn world(&self) -> WorldFile {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.core.engine.advance_to(self.start.elapsed());
        state.core.world()
    }

    /// Replaces the current world, also in the data folder.
    ///
    /// # Errors
    /// If the world cannot be written to the data folder.
    pub fn set_world(&self, file: &WorldFile) -> io::Result<()> {
        let set = self.with(|core, now| {
            core.engine.advance_to(now);
            core.set_world(file);
        });
        self.announce_change();
        set.ok_or_else(|| io::Error::other("cannot write a change to the data folder"))
    }

    /// Runs `operation` and stores the change that it made. Returns `None` if this or an earlier change could not
    /// be stored.
    fn with<A>(&self, operation: impl FnOnce(&mut Core, Duration) -> A) -> Option<A> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.start.elapsed();
        if state.failed {
            return None;
        }
        drop(state.core.engine.take_log_entry()); // left over if a request panicked
        let result = operation(&mut state.core, now);
        if let (Some(entry), Some(store)) = (state.core.engine.take_log_entry(), &state.store) {
            state.failed = store.append(SystemTime::now(), &entry).is_err();
        }
        (!state.failed).then_some(result)
    }
}

fn not_stored() -> Delivery {
    Delivery::complete(response::error(&ApiError::not_stored()))
}

impl fmt::Display for Resumed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.changes {
            _ if self.new => f.write_str("the data folder is new")?,
            1 => f.write_str("resumed after 1 change")?,
            changes => write!(f, "resumed after {changes} changes")?,
        }
        if let Some(other) = self.other_seed {
            write!(f, ", with the data folder's seed {} instead of {other}", self.seed)?;
        }
        if self.world_not_loaded {
            f.write_str("; the world file was not loaded because the data folder has a state")?;
        }
        Ok(())
    }
}

impl Service for InProcess {
    fn call(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, BoxError>> {
        let delivery = self.handle(&request);
        Box::pin(async move {
            let duration = delivery.duration();
            if !duration.is_zero() {
                tokio::time::sleep(duration).await;
            }
            Ok(delivery.response()?)
        })
    }
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InProcess").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Builder, Emulator};
    use http::StatusCode;

    fn post(service: &InProcess, batch: &str) -> StatusCode {
        let request = Request::post("/v1/customers/c/deviceBatches")
            .header("authorization", "Bearer t")
            .body(format!(r#"{{"batchId":"{batch}","devices":[]}}"#).into())
            .unwrap();
        service.handle(&request).response().unwrap().status()
    }

    #[test]
    fn fails_every_request_after_a_change_could_not_be_stored() {
        let folder =
            std::env::temp_dir().join(format!("emulator-not-stored-{}", std::process::id()));
        let builder: Builder = Emulator::builder().data(&folder);
        let service = builder.open().unwrap();
        assert_eq!(post(&service, "a"), 202);
        service.state.lock().unwrap().store.as_ref().unwrap().fail();
        assert_eq!(post(&service, "b"), 500);
        assert_eq!(post(&service, "a"), 500, "the state differs from the folder");
        drop(service);

        let service = builder.open().unwrap();
        assert_eq!(service.resumed().unwrap().changes, 1);
        assert_eq!((post(&service, "a").as_u16(), post(&service, "b").as_u16()), (409, 202));
        drop(service);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
