//! The body of a request as the emulator received it.

use bytes::Bytes;

/// The maximum size of a request body, in bytes.
pub(crate) const MAX_BODY: usize = 64 << 20;

/// The body of a request, or the reason why it is missing.
#[derive(Clone, Copy)]
pub(crate) enum ReceivedBody<'a> {
    /// The complete body.
    Complete(&'a Bytes),
    /// The body is larger than [`MAX_BODY`].
    TooLarge,
    /// The client closed the connection before the end of the body.
    Incomplete,
}
