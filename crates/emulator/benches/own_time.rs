//! What an answer costs the emulator itself, without a socket: `cargo bench -p partner-center-devices-emulator`.
//! Figures and how to read them: README.md here.
#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used)]

use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::Request;
use partner_center_devices_emulator::{Core, Delivery, Emulator, Pace};
use serde_json::{Value, json};

const CUSTOMER: &str = "/v1/customers/47021739-3426-40bf-9601-61b4b6d7c793";
const DEVICES: usize = 10_000;
/// How many devices are in one request.
const CHUNK: usize = 500;
/// How often each thing is measured; the median is shown.
const TIMES: usize = 2001;

struct Service(Core, Duration);

impl Service {
    /// Asks, and says how long the answer took.
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
        let answer = self.0.handle(&request, self.1);
        (answer, start.elapsed())
    }

    fn get(&mut self, path: &str, token: &str) -> Value {
        let answer = self.time("GET", path, token, &Value::Null).0.response().unwrap();
        assert_eq!(answer.status(), 200, "{answer:?}");
        serde_json::from_slice(answer.body()).unwrap()
    }

    /// Sends devices and gives the path of the job.
    fn post(&mut self, path: &str, body: &Value) -> String {
        let answer = self.time("POST", path, "", body).0.response().unwrap();
        assert_eq!(answer.status(), 202, "{answer:?}");
        let job = answer.headers()["location"].to_str().unwrap();
        job.splitn(4, '/').last().unwrap().to_owned()
    }

    fn measure(&mut self, what: &str, path: &str, token: &str) {
        let one = |_| self.time("GET", path, token, &Value::Null).1;
        let mut times: Vec<Duration> = (0..TIMES).map(one).collect();
        times.sort_unstable();
        println!("{what:<46} {:>9.1} µs", times[TIMES / 2].as_secs_f64() * 1e6);
    }
}

fn devices(range: std::ops::Range<usize>) -> Value {
    range
        .map(|n| json!({ "serialNumber": format!("S{n}"), "productKey": format!("K{n}") }))
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
    println!("{:<46} {took:>9.1} ms", format!("{DEVICES} devices, {CHUNK} a request"));

    let (mut token, mut pages, mut seen) = (String::new(), Vec::new(), 0);
    loop {
        let page = service.get(path, &token);
        seen += page["items"].as_array().unwrap().len();
        pages.push(std::mem::take(&mut token));
        let Some(next) = page["continuationToken"].as_str() else { break };
        next.clone_into(&mut token);
    }
    assert_eq!((seen, pages.len()), (DEVICES, DEVICES / 100));
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
