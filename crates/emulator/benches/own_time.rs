//! Measures the time that the emulator needs for a response, without a socket:
//! `cargo bench -p partner-center-devices-emulator`. README.md in this folder has the results.
#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used)]

use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::Request;
use partner_center_devices_emulator::{Core, Delivery, Emulator, Pace};
use serde_json::{Value, json};

const CUSTOMER: &str = "/v1/customers/47021739-3426-40bf-9601-61b4b6d7c793";
const DEVICES: usize = 10_000;
/// The number of devices in one request.
const CHUNK: usize = 500;
/// The number of runs of each measurement. The median is printed.
const RUNS: usize = 2001;

struct Service(Core, Duration);

impl Service {
    /// Sends a request. Returns the response and the time that it took.
    fn time(
        &mut self,
        method: &str,
        path: &str,
        token: &str,
        body: &Value,
    ) -> (Delivery, Duration) {
        let body = if body.is_null() { Bytes::new() } else { body.to_string().into() };
        let request = Request::builder()
            .method(method)
            .uri(format!("{CUSTOMER}/{path}"))
            .header("authorization", "Bearer any")
            .header("content-type", "application/json")
            .header("ms-continuationtoken", token)
            .body(body)
            .unwrap();
        let start = Instant::now();
        let response = self.0.handle(&request, self.1);
        (response, start.elapsed())
    }

    fn get(&mut self, path: &str, token: &str) -> Value {
        let response = self.time("GET", path, token, &Value::Null).0.response().unwrap();
        assert_eq!(response.status(), 200, "{response:?}");
        serde_json::from_slice(response.body()).unwrap()
    }

    /// Sends devices and returns the path of the job.
    fn post(&mut self, path: &str, body: &Value) -> String {
        let response = self.time("POST", path, "", body).0.response().unwrap();
        assert_eq!(response.status(), 202, "{response:?}");
        let job = response.headers()["location"].to_str().unwrap();
        job.splitn(4, '/').last().unwrap().to_owned()
    }

    fn measure(&mut self, label: &str, path: &str, token: &str) {
        let one = |_| self.time("GET", path, token, &Value::Null).1;
        let mut times: Vec<Duration> = (0..RUNS).map(one).collect();
        times.sort_unstable();
        println!("{label:<46} {:>9.1} µs", times[RUNS / 2].as_secs_f64() * 1e6);
    }
}

fn devices(range: std::ops::Range<usize>) -> Value {
    range
        .map(|n| json!({ "serialNumber": format!("S{n}"), "productKey": format!("33050{n:08}") }))
        .collect()
}

fn main() {
    let builder = Emulator::builder().pace(Pace::instant()).epoch(SystemTime::UNIX_EPOCH);
    let mut service = Service(builder.core(), Duration::ZERO);
    let batch = json!({ "batchId": "b", "devices": [] });
    service.post("deviceBatches", &batch);
    let path = "deviceBatches/b/devices";
    let start = Instant::now();
    for first in (0..DEVICES).step_by(CHUNK) {
        service.post(path, &devices(first..first + CHUNK));
    }
    let took = start.elapsed().as_secs_f64() * 1e3;
    println!("{:<46} {took:>9.1} ms", format!("{DEVICES} devices, {CHUNK} per request"));

    let (mut token, mut pages, mut count) = (String::new(), Vec::new(), 0);
    loop {
        let page = service.get(path, &token);
        count += page["items"].as_array().unwrap().len();
        pages.push(std::mem::take(&mut token));
        let Some(next) = page["continuationToken"].as_str() else { break };
        next.clone_into(&mut token);
    }
    assert_eq!((count, pages.len()), (DEVICES, DEVICES / 100));
    for (name, place) in [("first", 0), ("middle", pages.len() / 2), ("last", pages.len() - 1)] {
        service.measure(&format!("page of 100 of {DEVICES} devices, {name}"), path, &pages[place]);
    }

    for size in [1, 40, 1000, DEVICES] {
        for (state, pace) in [("finished", Pace::instant()), ("queued", Pace::default())] {
            let mut service = Service(builder.clone().pace(pace).core(), Duration::ZERO);
            let batch = json!({ "batchId": "b", "devices": devices(0..size) });
            let job = service.post("deviceBatches", &batch);
            assert_eq!(service.get(&job, "")["status"], state);
            service.measure(&format!("status of a job of {size}, {state}"), &job, "");
        }
    }
}
