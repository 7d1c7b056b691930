//! The service in this process: decides where the time comes from, keeps what has to be kept before an answer
//! leaves, and delivers as the core says. The core does the rest.

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{Request, Response};
use partner_center_devices_raw::{BoxError, BoxFuture, Service};
use tokio::time::Instant;

use crate::api::error::ApiError;
use crate::api::response;
use crate::core::Core;
use crate::http::delivery::Delivery;
use crate::http::received_body::ReceivedBody;
use crate::storage::store::Store;
use crate::storage::world_file::WorldFile;

/// The emulator without a socket, as the `Service` of the raw client's in-process transport. Clones are the
/// same service.
///
/// Time is Tokio's, from the moment this was made, so a paused test clock moves the jobs and the delays. A
/// connection that a fault rule closes is an error of the call: a [`DeliveryError`](crate::DeliveryError).
#[derive(Clone)]
pub struct InProcess {
    state: Arc<Mutex<Shared>>,
    start: Instant,
    resumed: Option<Resumed>,
}

/// A core and where its changes go: one lock, so that the log has the order in which things happened.
struct Shared {
    core: Core,
    /// `None` if the state ends with the process.
    store: Option<Store>,
    /// An entry could not be written, so the core knows what the folder does not.
    lost: bool,
}

/// What a data folder had when it was opened.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Resumed {
    /// Nothing: it was made just now.
    pub new: bool,
    /// How many changes were made again.
    pub changes: u64,
    /// The seed of the folder, which is the one that counts.
    pub seed: u64,
    /// A world file was given, and it is not loaded because the folder has a state.
    pub world_not_loaded: bool,
    /// The seed that was asked for and is not the folder's.
    pub other_seed: Option<u64>,
}

impl InProcess {
    pub(crate) fn new(core: Core) -> Self {
        Self::with_state(Shared { core, store: None, lost: false }, None)
    }

    /// A service whose changes go to a store.
    pub(crate) fn kept(core: Core, store: Store, resumed: Resumed) -> Self {
        Self::with_state(Shared { core, store: Some(store), lost: false }, Some(resumed))
    }

    fn with_state(state: Shared, resumed: Option<Resumed>) -> Self {
        Self { state: Arc::new(Mutex::new(state)), start: Instant::now(), resumed }
    }

    /// What the data folder had; `None` without one.
    #[must_use]
    pub fn resumed(&self) -> Option<Resumed> {
        self.resumed
    }

    /// Answers one request at once, and says how the answer is to be delivered.
    #[must_use]
    pub fn handle(&self, request: &Request<Bytes>) -> Delivery {
        self.with(|core, now| core.handle(request, now)).unwrap_or_else(not_kept)
    }

    pub(crate) fn handle_parts<T>(&self, request: &Request<T>, sent: ReceivedBody<'_>) -> Delivery {
        self.with(|core, now| core.handle_parts(request, sent, now)).unwrap_or_else(not_kept)
    }

    /// Everything that there is now, as a file.
    #[must_use]
    pub fn world(&self) -> WorldFile {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.core.engine.advance_to(self.start.elapsed());
        state.core.world()
    }

    /// Puts a world in the place of everything that there is, in the data folder as well.
    ///
    /// # Errors
    /// If it cannot be written to the data folder.
    pub fn set_world(&self, file: &WorldFile) -> io::Result<()> {
        let set = self.with(|core, now| {
            core.engine.advance_to(now);
            core.set_world(file);
        });
        set.ok_or_else(|| io::Error::other("a change could not be written to the data folder"))
    }

    /// `None` if what was asked cannot be kept, or something before it could not.
    fn with<A>(&self, ask: impl FnOnce(&mut Core, Duration) -> A) -> Option<A> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.start.elapsed();
        if state.lost {
            return None;
        }
        drop(state.core.engine.take_log_entry()); // of a request that ended in a panic
        let answer = ask(&mut state.core, now);
        if let (Some(entry), Some(store)) = (state.core.engine.take_log_entry(), &state.store) {
            state.lost = store.append(SystemTime::now(), &entry).is_err();
        }
        (!state.lost).then_some(answer)
    }
}

fn not_kept() -> Delivery {
    Delivery::complete(response::error(&ApiError::not_kept()))
}

impl fmt::Display for Resumed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.changes {
            _ if self.new => f.write_str("the data folder is new")?,
            1 => f.write_str("goes on after 1 change")?,
            changes => write!(f, "goes on after {changes} changes")?,
        }
        if let Some(other) = self.other_seed {
            write!(f, ", with the seed {} of the data folder and not {other}", self.seed)?;
        }
        if self.world_not_loaded {
            f.write_str("; the world file is not loaded, the data folder has a world")?;
        }
        Ok(())
    }
}

impl Service for InProcess {
    fn call(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, BoxError>> {
        let answer = self.handle(&request);
        Box::pin(async move {
            let takes = answer.duration();
            if !takes.is_zero() {
                tokio::time::sleep(takes).await;
            }
            Ok(answer.response()?)
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
    fn what_cannot_be_kept_is_not_answered_and_neither_is_anything_after_it() {
        let folder = std::env::temp_dir().join(format!("emulator-not-kept-{}", std::process::id()));
        let builder: Builder = Emulator::builder().data(&folder);
        let service = builder.open().unwrap();
        assert_eq!(post(&service, "a"), 202);
        service.state.lock().unwrap().store.as_ref().unwrap().fail();
        assert_eq!(post(&service, "b"), 500);
        assert_eq!(post(&service, "a"), 500, "the core has more than the folder");
        drop(service);

        let service = builder.open().unwrap();
        assert_eq!(service.resumed().unwrap().changes, 1);
        assert_eq!((post(&service, "a").as_u16(), post(&service, "b").as_u16()), (409, 202));
        drop(service);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
