//! Reads the bodies of requests. Bodies share a limited memory, except for the first part of each, so that a client that sends
//! a large body slowly, or stops sending it, does not keep others waiting.

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use hyper::body::Body;
use tokio::sync::SemaphorePermit;

use super::gate::Gate;
use super::received_body::MAX_BODY;

/// The length up to which a body needs no shared memory, in bytes.
const FREE: usize = 64 << 10;

/// A body that is being read, with its share of the memory.
pub(super) struct AdmittedBody<'a> {
    gate: &'a Gate,
    /// The most bytes that the body may have.
    most: u64,
    memory: Option<SemaphorePermit<'a>>,
}

impl<'a> AdmittedBody<'a> {
    /// `declared` is the length in the head of the request; `None` if the body comes in chunks.
    pub(super) fn new(gate: &'a Gate, declared: Option<u64>) -> Self {
        Self { gate, most: declared.unwrap_or(MAX_BODY as u64), memory: None }
    }

    /// Reads the whole body. The memory is kept until this is dropped.
    pub(super) async fn read<B>(&mut self, mut body: B) -> Result<Bytes, B::Error>
    where
        B: Body<Data = Bytes> + Unpin,
    {
        let mut bytes = BytesMut::new();
        while let Some(frame) = body.frame().await {
            let Ok(data) = frame?.into_data() else { continue };
            if bytes.is_empty() && data.len() as u64 == self.most {
                return Ok(data);
            }
            if bytes.len() + data.len() > FREE && self.memory.is_none() {
                self.memory = self.gate.body_memory(self.most).await;
            }
            bytes.extend_from_slice(&data);
        }
        Ok(bytes.freeze())
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt as _, StreamExt as _, stream};
    use http_body_util::StreamBody;
    use hyper::body::Frame;

    use super::*;
    use crate::http::gate::GateSettings;

    type Error = std::convert::Infallible;

    /// A body that sends this many kibibytes, and never ends if it is `stalled`.
    fn body(kib: usize, stalled: bool) -> impl Body<Data = Bytes, Error = Error> + Unpin {
        let frame = || Ok(Frame::data(Bytes::from(vec![b'x'; 1024])));
        let frames = stream::iter((0..kib).map(move |_| frame()));
        let rest = match stalled {
            true => stream::pending().boxed(),
            false => stream::empty().boxed(),
        };
        StreamBody::new(frames.chain(rest))
    }

    #[test]
    fn a_small_or_missing_body_waits_for_no_other() {
        let gate = Gate::new(GateSettings::default());
        // Two clients that use up the memory and do not continue.
        let mut stalled = [AdmittedBody::new(&gate, None), AdmittedBody::new(&gate, None)];
        for one in &mut stalled {
            assert!(one.read(body(65, true)).now_or_never().is_none());
        }
        assert!(stalled.iter().all(|one| one.memory.is_some()));
        for (kib, declared) in [(0, Some(0)), (0, None), (64, None), (64, Some(64 << 10))] {
            let read = AdmittedBody::new(&gate, declared).read(body(kib, false)).now_or_never();
            assert_eq!(read.unwrap().unwrap().len(), kib << 10, "{declared:?}");
        }
        let mut large = AdmittedBody::new(&gate, None);
        assert!(large.read(body(65, false)).now_or_never().is_none());
        drop(stalled);
        let read = AdmittedBody::new(&gate, None).read(body(65, false)).now_or_never();
        assert_eq!(read.unwrap().unwrap().len(), 65 << 10);
    }
}
