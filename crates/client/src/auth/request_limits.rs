//! The limits of requests to sign-in endpoints: size, time and attempts.

use std::time::Duration;

use bytes::Bytes;
use partner_center_devices_raw::BoxError;
use partner_center_devices_raw::transport::{self, TooLarge, UnreadableEncoding};
use tokio::time::Instant;

use super::token_error::TokenError;
use super::token_response::is_outage;
use crate::calls::request_kind::RepeatSafety;
use crate::calls::retry::{AttemptOutcome, Decision, Progress, Retry};
use crate::network::InvalidNetwork;

/// The most bytes of a response that are read.
const MAX_BODY: usize = 1 << 20;
pub(super) const TIMEOUT: Duration = Duration::from_secs(30);
const MAX_ATTEMPTS: u32 = 4;
const DEADLINE: Duration = Duration::from_secs(60);

/// Retries a request to a throttled or failing endpoint of the sign-in.
pub(super) async fn retrying<T, F>(mut attempt: impl FnMut() -> F) -> Result<T, TokenError>
where
    F: Future<Output = (AttemptOutcome, Result<T, TokenError>)>,
{
    let retry = Retry::default().max_attempts(MAX_ATTEMPTS).deadline(DEADLINE);
    let (started, mut attempts) = (Instant::now(), 0);
    loop {
        attempts += 1;
        let (outcome, result) = attempt().await;
        let progress = Progress {
            attempts,
            elapsed: started.elapsed(),
            token_refreshed: true,
            random: fastrand::f64(),
        };
        match retry.decide(RepeatSafety::NeedsRequestId, outcome, progress) {
            Decision::Retry(delay) => tokio::time::sleep(delay).await,
            _ => return result,
        }
    }
}

/// Reads a body as those of the API are read: without a byte order mark, and decoded if it is compressed. The status of an
/// outage says enough without a body that is too large or cannot be decoded.
pub(super) async fn read_response(
    parts: &mut http::response::Parts,
    body: reqwest::Body,
) -> Result<Bytes, BoxError> {
    let no_wait = std::future::ready(());
    match transport::read_encoded_body(&mut parts.headers, body, MAX_BODY, no_wait).await {
        Err(error)
            if (error.is::<UnreadableEncoding>() || error.is::<TooLarge>())
                && is_outage(parts.status) =>
        {
            Ok(Bytes::new())
        }
        read => read,
    }
}

pub(super) fn unusable_network(error: InvalidNetwork) -> TokenError {
    TokenError::new(error.to_string()).with_source(error)
}

#[cfg(test)]
mod tests {
    use http::Response;
    use http::response::Parts;

    use super::*;

    /// `{"value":"t"}`
    const GZIP: &[u8] = &[
        0x1f, 0x8b, 0x8, 0x0, 0x0, 0x0, 0x0, 0x0, 0x2, 0x3, 0xab, 0x56, 0x2a, 0x4b, 0xcc, 0x29,
        0x4d, 0x55, 0xb2, 0x52, 0x2a, 0x51, 0xaa, 0x5, 0x0, 0xb8, 0x51, 0xa8, 0x78, 0xd, 0x0, 0x0,
        0x0,
    ];

    fn parts(status: u16, encoding: &str) -> Parts {
        let response = Response::builder().status(status).header("content-encoding", encoding);
        response.body(()).unwrap().into_parts().0
    }

    #[tokio::test]
    async fn a_compressed_response_is_decoded() {
        for (status, encoding, body, expected) in [
            (200, "gzip", GZIP, Some(r#"{"value":"t"}"#)),
            (400, "x-gzip", GZIP, Some(r#"{"value":"t"}"#)),
            (200, "identity", b"\xef\xbb\xbf{}", Some("{}")),
            (200, "br", b"\x0b\x01", None),
            (503, "br", b"\x0b\x01", Some("")),
            (429, "identity", &[b'x'; MAX_BODY + 1], Some("")),
        ] {
            let read = read_response(&mut parts(status, encoding), body.into()).await;
            match (read, expected) {
                (Ok(read), Some(expected)) => assert_eq!(read, expected, "{status} {encoding}"),
                (Err(error), None) => assert!(error.is::<UnreadableEncoding>(), "{error}"),
                (read, _) => panic!("{status} {encoding}: {read:?}"),
            }
        }
    }

    #[tokio::test]
    async fn a_response_without_end_is_read_up_to_its_limit() {
        let endless = || {
            let part = Bytes::from_static(&[b' '; 64 << 10]);
            reqwest::Body::wrap_stream(futures_util::stream::repeat(Ok::<
                _,
                std::convert::Infallible,
            >(part)))
        };
        for status in [200, 400] {
            let error = read_response(&mut parts(status, "identity"), endless()).await.unwrap_err();
            assert_eq!(error.downcast_ref(), Some(&TooLarge::Bytes(MAX_BODY)), "{status}");
        }
        let outage = read_response(&mut parts(503, "identity"), endless()).await;
        assert!(outage.unwrap().is_empty());
    }
}
