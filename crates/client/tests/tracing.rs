//! The traces of a call: one span for the call and one event for each attempt, with the names of OpenTelemetry
//! (<https://opentelemetry.io/docs/specs/semconv/http/http-spans/>). Only headers that are not secret are traced.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};
use partner_center_devices::raw::{BoxError, BoxFuture, Service};
use partner_center_devices::{Client, CustomerId, DeviceIdentity};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use uuid::Uuid;

/// Responds with 503 first and then 200, with headers that must not be traced.
#[derive(Clone, Default)]
struct BusyThenReady(Arc<Mutex<u32>>);

impl Service for BusyThenReady {
    fn call(&self, _: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, BoxError>> {
        let mut calls = self.0.lock().unwrap();
        *calls += 1;
        let (status, body) = if *calls == 1 { (503, "busy") } else { (200, r#"{"items":[]}"#) };
        let response = Response::builder()
            .status(status)
            .header("MS-CV", "cv.0")
            .header("Retry-After", "1")
            .header("Set-Cookie", "planted-cookie")
            .header("X-Anything", "planted-header")
            .body(Bytes::from_static(body.as_bytes()));
        Box::pin(async move { Ok(response?) })
    }
}

/// Breaks off first and then responds with 400.
#[derive(Clone, Default)]
struct LostThenRejected(Arc<Mutex<u32>>);

impl Service for LostThenRejected {
    fn call(&self, _: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, BoxError>> {
        let mut calls = self.0.lock().unwrap();
        *calls += 1;
        let lost = *calls == 1;
        Box::pin(async move {
            if lost {
                return Err("connection reset".into());
            }
            Ok(Response::builder().status(400).body(Bytes::new())?)
        })
    }
}

/// Writes spans and events as lines.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<String>>);

struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, " {}={value:?}", field.name()).unwrap();
    }
}

impl<S: Subscriber> Layer<S> for Lines {
    fn on_new_span(&self, span: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        let lines = &mut *self.0.lock().unwrap();
        write!(lines, "span {}", span.metadata().name()).unwrap();
        span.record(&mut Fields(lines));
        lines.push('\n');
    }

    fn on_record(&self, _: &Id, values: &Record<'_>, _: Context<'_, S>) {
        let lines = &mut *self.0.lock().unwrap();
        lines.push_str("span gets");
        values.record(&mut Fields(lines));
        lines.push('\n');
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let lines = &mut *self.0.lock().unwrap();
        write!(lines, "{}", event.metadata().level()).unwrap();
        event.record(&mut Fields(lines));
        lines.push('\n');
    }
}

#[tokio::test(start_paused = true)]
async fn records_a_call_as_a_span_and_an_attempt_as_an_event() {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::registry().with(lines.clone());
    let _guard = tracing::subscriber::set_default(subscriber);

    let client = Client::builder()
        .in_process(BusyThenReady::default())
        .token("planted-token".to_owned())
        .build();
    let customer = client.unwrap().customer(CustomerId::new("planted-customer").unwrap());
    let id = Uuid::from_u128(7);
    customer.policies().list().request_id(id).correlation_id(id).await.unwrap();
    let hash = DeviceIdentity::from_hash("planted-hash".repeat(100)).unwrap();
    let batch = partner_center_devices::BatchId::new("planted-batch").unwrap();
    let call = customer.device_batches().create(batch, [hash]);
    call.request_id(id).correlation_id(id).await.unwrap_err(); // the response has no tracking id

    let lost = Client::builder().in_process(LostThenRejected::default()).token("t".to_owned());
    let customer = lost.build().unwrap().customer(CustomerId::new("c").unwrap());
    customer.policies().list().request_id(id).correlation_id(id).await.unwrap_err();

    let mut lines = lines.0.lock().unwrap().clone();
    assert!(!lines.contains("planted"), "{lines}");
    // Delays are random.
    for bounds in [1000..=1500, 0..=500] {
        let start = lines.find("delay_ms=").unwrap();
        let end = start + lines[start..].find(['\n', ' ']).unwrap();
        let wait: u32 = lines[start + "delay_ms=".len()..end].parse().unwrap();
        assert!(bounds.contains(&wait), "{wait}");
        lines.replace_range(start..end, "delay");
    }
    insta::assert_snapshot!(lines);
}
