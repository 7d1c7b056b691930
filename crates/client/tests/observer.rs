//! The observer of a client's calls.
#![allow(clippy::unwrap_used)]

use std::future::IntoFuture as _;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};
use partner_center_devices::raw::{BoxError, BoxFuture, Service};
use partner_center_devices::{CallEvent, Client, CustomerId};

/// Responds with 429, then breaks off, then responds with a list.
#[derive(Clone, Default)]
struct BusyThenLost(Arc<Mutex<u32>>);

impl Service for BusyThenLost {
    fn call(&self, _: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, BoxError>> {
        let mut calls = self.0.lock().unwrap();
        *calls += 1;
        let number = *calls;
        Box::pin(async move {
            Ok(match number {
                1 => {
                    Response::builder().status(429).header("Retry-After", "28").body(Bytes::new())?
                }
                2 => return Err("connection reset".into()),
                _ => Response::new(Bytes::from_static(b"[]")),
            })
        })
    }
}

#[tokio::test(start_paused = true)]
async fn an_observer_sees_what_a_call_waits_for() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&lines);
    let client = Client::builder()
        .in_process(BusyThenLost::default())
        .observer(move |event: &CallEvent<'_>| {
            let (call, line) = match event {
                CallEvent::Started { call } => (call, "started".to_owned()),
                CallEvent::Waiting { call, delay, reason } => {
                    // The delays have a random part of half a second and more.
                    (call, format!("{reason}, {} s or more", delay.as_secs()))
                }
                CallEvent::Ended { call, status, attempts, elapsed } => (
                    call,
                    format!(
                        "{status:?} after {attempts} attempts, {} s",
                        elapsed.as_secs() / 28 * 28
                    ),
                ),
                _ => return,
            };
            assert!(!call.request_id().is_nil() && !call.correlation_id().is_nil());
            assert_eq!(call.operation().map(|operation| operation.id()), Some("list_policies"));
            seen.lock().unwrap().push(format!("{} {}: {line}", call.method(), call.path()));
        })
        .build()
        .unwrap();
    let customer = client.customer(CustomerId::new("c").unwrap());
    customer.policies().list().await.unwrap();
    let lines = lines.lock().unwrap();
    let expected = [
        "GET /v1/customers/c/policies: started",
        "GET /v1/customers/c/policies: the service is busy (429), 28 s or more",
        "GET /v1/customers/c/policies: the response was incomplete, 0 s or more",
        "GET /v1/customers/c/policies: Some(200) after 3 attempts, 28 s",
    ];
    assert_eq!(*lines, expected);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_call_ends_for_its_observer() {
    let ends = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&ends);
    let client = Client::builder()
        .in_process(BusyThenLost::default())
        .observer(move |event: &CallEvent<'_>| {
            if let CallEvent::Ended { status, attempts, .. } = event {
                seen.lock().unwrap().push((status.map(|status| status.as_u16()), *attempts));
            }
        })
        .build()
        .unwrap();
    let customer = client.customer(CustomerId::new("c").unwrap());
    let policies = customer.policies();
    let limit = std::time::Duration::from_secs(5);
    tokio::time::timeout(limit, policies.list().into_future()).await.unwrap_err();
    assert_eq!(*ends.lock().unwrap(), [(Some(429), 1)]);
}
