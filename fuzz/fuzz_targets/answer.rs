//! One call of the complete client with an arbitrary response.
//!
//! The input is a letter for the operation and a status (`k 200`), then header lines, an empty line, and the body.
//! `<token>` is replaced with the client's token, because services echo requests.
#![no_main]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use libfuzzer_sys::{Corpus, fuzz_target};
use partner_center_devices::raw::{BoxError, BoxFuture, Service};
use partner_center_devices::{
    AuditQuery, BatchId, BatchTrackingId, Client, Customer, CustomerId, DeviceId, DeviceIdentity,
    Error, ErrorKind, Job, NewPolicy, PolicyAssignment, PolicyChange, PolicyId, PolicySetting,
    RawResponse, Sent,
};
use partner_center_devices_fuzz::assert_showable;

const TOKEN: &str = "eyJ0eXAiOiJKV1Qi.planted-secret_0";
/// The shortest part of the token that must not be shown.
const GIVEAWAY: usize = 8;

fuzz_target!(|bytes: &[u8]| -> Corpus {
    // A service knows the complete token. Only the fuzzer learns parts of it, from the checks below.
    let known = |bytes: &[u8]| giveaways().any(|part| contains(bytes, part));
    let Some((operation, answer)) = parse(bytes).filter(|_| !known(bytes)) else {
        return Corpus::Reject;
    };
    let service = Arc::new(Scripted { answer, requests: Mutex::default() });
    let client = Client::builder().token(TOKEN.to_owned()).in_process(Shared(Arc::clone(&service)));
    let client = client.build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    let customer = client.customer(CustomerId::new("47021739").unwrap());
    let (result, took) = runtime.block_on(async {
        let started = tokio::time::Instant::now();
        let result = call(&client, &customer, operation).await;
        (result, started.elapsed())
    });

    let requests = service.requests.lock().unwrap();
    for request in requests.iter() {
        let same = ["ms-requestid", "ms-correlationid"];
        assert_eq!(request.headers()[header::AUTHORIZATION], format!("Bearer {TOKEN}"));
        assert!(same.iter().all(|name| request.headers().contains_key(*name)));
        assert_eq!(request.uri().host(), Some("in-process.invalid"));
    }
    assert!(took <= Duration::from_secs(310), "{took:?}");
    match result {
        Ok(raw) => check_success(&service.answer, raw.as_ref()),
        Err(error) => check_error(&service.answer, &error, &requests),
    }
    Corpus::Keep
});

fn check_success(answer: &http::Response<Bytes>, raw: Option<&RawResponse>) {
    assert!(answer.status().is_success());
    let Some(raw) = raw else { return };
    assert_eq!((raw.status(), raw.headers()), (answer.status(), answer.headers()));
    let body = answer.body().strip_prefix(b"\xEF\xBB\xBF").unwrap_or(answer.body());
    assert_eq!(&raw.body()[..], body);
    assert!(!format!("{raw:?}").contains(TOKEN));
}

fn check_error(answer: &http::Response<Bytes>, error: &Error, requests: &[http::Request<Bytes>]) {
    let message = format!("{error} {error:?}");
    assert_eq!(error.status(), Some(answer.status()), "{message}");
    assert_ne!(error.sent(), Sent::No, "{message}");
    assert!(error.attempts() >= 1 && error.attempts() as usize <= requests.len(), "{message}");
    assert!(error.attempts() <= 6, "{message}");
    assert!(error.retry_after() <= Some(Duration::from_secs(24 * 3600)), "{message}");
    let kinds = [ErrorKind::Input, ErrorKind::Connect, ErrorKind::Interrupted, ErrorKind::Token];
    assert!(!kinds.contains(&error.kind()), "{message}");
    assert_eq!(error.kind() == ErrorKind::Unreadable, answer.status().is_success(), "{message}");

    // A retry has the request id of the first attempt.
    let last = requests.last().unwrap().headers()["ms-requestid"].to_str().unwrap();
    assert_eq!(error.sent_request_id(), Some(last), "{message}");

    let ids = [error.request_id(), error.correlation_id(), error.cv()];
    let words = [error.code(), error.description()];
    let mut shown: Vec<String> =
        ids.iter().chain(&words).flatten().map(|t| (*t).to_owned()).collect();
    shown.iter().for_each(|text| assert_showable(text));
    shown.push(message);
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        shown.push(cause.to_string());
        source = cause.source();
    }
    for text in shown {
        assert!(!giveaways().any(|part| contains(text.as_bytes(), part)), "{text}");
        assert!(!text.contains(char::is_control), "{text:?}");
    }
}

/// The parts of the token that must not be shown.
fn giveaways() -> impl Iterator<Item = &'static [u8]> {
    TOKEN.as_bytes().windows(GIVEAWAY)
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// Calls the operation. Returns the raw response if it is a single call.
async fn call(
    client: &Client,
    customer: &Customer,
    operation: u8,
) -> Result<Option<RawResponse>, Error> {
    let batch = customer.device_batch(BatchId::new("Test batch").unwrap());
    let device = batch.device(DeviceId::new("9993-8627").unwrap());
    let policy = PolicyId::new("56edf752").unwrap();
    let identity = || DeviceIdentity::from_hash("T0E=").unwrap();
    let new = || NewPolicy::new("Kiosk", [PolicySetting::SkipEula]);
    let whole = |raw: RawResponse| Ok(Some(raw));
    match operation % 20 {
        0 => {
            let id = BatchTrackingId::new("0127ed8e").unwrap();
            whole(customer.batch_upload_status(id).get().with_raw().await?.1)
        }
        1 => customer.device_batches().list().await.map(|_| None),
        2 => batch.devices().list().await.map(|_| None),
        3 => customer.policies().list().await.map(|_| None),
        4 => {
            let id = BatchId::new("Test batch").unwrap();
            job(customer.device_batches().create(id, [identity()]).with_raw().await?)
        }
        5 => job(batch.devices().add([identity()]).with_raw().await?),
        6 => {
            let all = [PolicyAssignment::by_identity(identity(), Some(policy))];
            job(customer.device_policies().update(all).with_raw().await?)
        }
        7 => whole(device.update(Some(policy)).with_raw().await?.1),
        8 => whole(device.delete().with_raw().await?.1),
        9 => whole(customer.policies().create(new()).with_raw().await?.1),
        10 => whole(customer.policy(policy).get().with_raw().await?.1),
        11 => whole(customer.policy(policy).replace(new()).with_raw().await?.1),
        12 => whole(customer.policy(policy).delete().with_raw().await?.1),
        13 => client.customers().list().await.map(|_| None),
        14 => whole(customer.get().with_raw().await?.1),
        15 => client.audit_records(AuditQuery::new()).await.map(|_| None),
        16 => customer.relationships().await.map(|_| None),
        17 => client.indirect_resellers().await.map(|_| None),
        18 => whole(client.organization_profile().with_raw().await?.1),
        _ => {
            let change = PolicyChange::new().name("Kiosk 2");
            whole(customer.policy(policy).update(change).with_raw().await?.1)
        }
    }
}

fn job((job, raw): (Job, RawResponse)) -> Result<Option<RawResponse>, Error> {
    assert!(!job.tracking_id().as_str().contains('/'));
    Ok(Some(raw))
}

/// A service that returns the same response to every request and records the requests.
struct Scripted {
    answer: http::Response<Bytes>,
    requests: Mutex<Vec<http::Request<Bytes>>>,
}

struct Shared(Arc<Scripted>);

impl Service for Shared {
    fn call(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, BoxError>> {
        self.0.requests.lock().unwrap().push(request);
        let answer = self.0.answer.clone();
        Box::pin(async move { Ok(answer) })
    }
}

fn parse(bytes: &[u8]) -> Option<(u8, http::Response<Bytes>)> {
    let (operation, rest) = bytes.split_first()?;
    let (line, rest) = split(rest)?;
    let status = StatusCode::from_bytes(line.trim_ascii()).ok()?;
    let mut headers = HeaderMap::new();
    let mut rest = rest;
    while let Some((line, after)) = split(rest) {
        rest = after;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_at(line.iter().position(|byte| *byte == b':')?);
        let name = HeaderName::from_bytes(name).ok()?;
        let value = HeaderValue::from_bytes(&with_token(value[1..].trim_ascii())).ok()?;
        headers.try_append(name, value).ok()?;
    }
    let mut answer = http::Response::new(Bytes::from(with_token(rest)));
    *answer.status_mut() = status;
    *answer.headers_mut() = headers;
    Some((operation.wrapping_sub(b'a'), answer))
}

fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    Some((&bytes[..end], &bytes[end + 1..]))
}

fn with_token(mut bytes: &[u8]) -> Vec<u8> {
    const MARK: &[u8] = b"<token>";
    let mut whole = Vec::with_capacity(bytes.len());
    while let Some(place) = bytes.windows(MARK.len()).position(|part| part == MARK) {
        whole.extend_from_slice(&bytes[..place]);
        whole.extend_from_slice(TOKEN.as_bytes());
        bytes = &bytes[place + MARK.len()..];
    }
    whole.extend_from_slice(bytes);
    whole
}
