//! The cost of each layer: hand-written reqwest and serde, the raw client and this crate run the same calls.
//! `cargo bench -p partner-center-devices` runs it; README.md next to this file has the numbers.
//!
//! With valgrind on the path, the instructions of the client process are counted: the difference of two run lengths, so
//! that start-up cancels out. The server is another process. Without valgrind, only wall-clock ratios are printed.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used
)]

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use http::{HeaderName, HeaderValue};
use partner_center_devices::raw::{self, BoxError, BoxFuture, Operation, Transport};
use partner_center_devices::{BatchId, BatchTrackingId, Client, CustomerId, DeviceId};
use serde::Deserialize;
use uuid::Uuid;

const CUSTOMER: &str = "47021739-3426-40bf-9601-61b4b6d7c793";
const BATCH: &str = "testbatch";
const DEVICE: &str = "7b11cd8b-dd1e-4840-8c4a-84215e4de782";
const TRACKING: &str = "0127ed8e-ff72-4983-a3d8-e8d8bd378932";
const TOKEN: &str = "a-token";

const LAYERS: [&str; 3] = ["hand-written", "raw", "ergonomic"];
/// The name of a case, the numbers of calls in its short and its long run, and the limits of the ratios.
const CASES: [(&str, u32, u32, [f64; 3]); 3] = [
    ("204", 100, 600, [1.0, 1.05, 1.15]),
    ("page of 100 devices", 20, 120, [1.0, 1.03, 1.03]),
    ("status of 10,000 devices", 2, 10, [f64::INFINITY; 3]),
];
const ROUNDS: usize = 12;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().collect();
    match args.get(1).map(String::as_str) {
        Some("serve") => serve(),
        Some("run") => run(
            &args[2],
            args[3].parse().unwrap(),
            args[4].parse().unwrap(),
            args[5].parse().unwrap(),
        ),
        _ => return compare(),
    }
    ExitCode::SUCCESS
}

// ---- The three layers -------------------------------------------------------------------------------------

/// Hand-written code with the same URL, headers, settings and fields as this crate.
mod hand_written {
    use super::*;

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    #[allow(dead_code)]
    pub(crate) struct Attributes {
        etag: Option<String>,
        object_type: Option<String>,
    }

    #[derive(Deserialize)]
    #[allow(dead_code)]
    pub(crate) struct Link {
        uri: Option<String>,
        method: Option<String>,
        headers: Option<Vec<Policy>>,
        body: Option<String>,
    }

    #[derive(Deserialize)]
    #[allow(dead_code)]
    pub(crate) struct Links {
        #[serde(rename = "self")]
        this: Option<Link>,
        next: Option<Link>,
        previous: Option<Link>,
    }

    /// A policy, or a header of a link: both are pairs of key and value.
    #[derive(Deserialize)]
    #[allow(dead_code)]
    pub(crate) struct Policy {
        key: Option<String>,
        value: Option<String>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    #[allow(dead_code)]
    pub(crate) struct Device {
        id: Option<String>,
        serial_number: Option<String>,
        product_key: Option<String>,
        hardware_hash: Option<String>,
        model_name: Option<String>,
        oem_manufacturer_name: Option<String>,
        policies: Option<Vec<Policy>>,
        uploaded_by: Option<String>,
        uploaded_date: Option<String>,
        allowed_operations: Option<Vec<String>>,
        device_batch_id: Option<String>,
        links: Option<Links>,
        attributes: Option<Attributes>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    #[allow(dead_code)]
    pub(crate) struct Page {
        total_count: Option<i64>,
        pub(crate) items: Vec<Device>,
        continuation_token: Option<String>,
        links: Option<Links>,
        attributes: Option<Attributes>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    #[allow(dead_code)]
    pub(crate) struct DeviceStatus {
        device_id: Option<String>,
        serial_number: Option<String>,
        product_key: Option<String>,
        status: Option<String>,
        error_code: Option<String>,
        error_description: Option<String>,
        attributes: Option<Attributes>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    #[allow(dead_code)]
    pub(crate) struct Status {
        batch_tracking_id: Option<String>,
        status: Option<String>,
        started_time: Option<String>,
        completed_time: Option<String>,
        pub(crate) devices_status: Option<Vec<DeviceStatus>>,
        attributes: Option<Attributes>,
    }

    pub(crate) async fn send(request: reqwest::RequestBuilder) -> reqwest::Response {
        let response = request
            .bearer_auth(TOKEN)
            .header("Accept", "application/json")
            .header("MS-RequestId", Uuid::new_v4().to_string())
            .header("MS-CorrelationId", Uuid::new_v4().to_string())
            .header("X-Locale", "en-US")
            .send()
            .await;
        response.unwrap().error_for_status().unwrap()
    }
}

/// A transport that sets the headers of a call, like one that a user of the raw client would write.
struct WithIds(HeaderValue);

impl Transport for WithIds {
    fn execute<'a>(
        &'a self,
        http: &'a reqwest::Client,
        _: Option<Operation>,
        mut request: reqwest::Request,
    ) -> BoxFuture<'a, Result<reqwest::Response, BoxError>> {
        let headers = request.headers_mut();
        let id = || HeaderValue::try_from(Uuid::new_v4().to_string()).unwrap();
        headers.insert(http::header::AUTHORIZATION, self.0.clone());
        headers.insert(http::header::ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(HeaderName::from_static("ms-requestid"), id());
        headers.insert(HeaderName::from_static("ms-correlationid"), id());
        headers.insert(HeaderName::from_static("x-locale"), HeaderValue::from_static("en-US"));
        let response = http.execute(request);
        Box::pin(async move { Ok(response.await?) })
    }
}

/// Runs `calls` calls of one case through one layer and returns their duration.
async fn calls(layer: &str, case: usize, calls: u32, base: &str) -> Duration {
    // The settings of `Client::builder()`, so that only the layers differ.
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(180))
        .connect_timeout(Duration::from_secs(10))
        .user_agent("bench")
        .build()
        .unwrap();
    let raw = raw::Client::with_transport(
        base,
        http.clone(),
        WithIds(format!("Bearer {TOKEN}").parse().unwrap()),
    );
    let customer_id = CustomerId::new(CUSTOMER).unwrap();
    let client = Client::builder().base_url(base).token(TOKEN.to_owned()).build().unwrap();
    let customer = client.customer(customer_id.clone());
    let (batch, device) = (BatchId::new(BATCH).unwrap(), DeviceId::new(DEVICE).unwrap());
    let tracking = BatchTrackingId::new(TRACKING).unwrap();

    let started = Instant::now();
    for _ in 0..calls {
        match (layer, case) {
            ("hand-written", 0) => {
                let url = format!(
                    "{base}/v1/customers/{CUSTOMER}/deviceBatches/{BATCH}/devices/{DEVICE}"
                );
                hand_written::send(http.delete(url)).await;
            }
            ("hand-written", 1) => {
                let url = format!("{base}/v1/customers/{CUSTOMER}/deviceBatches/{BATCH}/devices");
                let page: hand_written::Page =
                    hand_written::send(http.get(url)).await.json().await.unwrap();
                assert_eq!(page.items.len(), 100);
            }
            ("hand-written", _) => {
                let url = format!("{base}/v1/customers/{CUSTOMER}/batchJobStatus/{TRACKING}");
                let status: hand_written::Status =
                    hand_written::send(http.get(url)).await.json().await.unwrap();
                assert_eq!(status.devices_status.unwrap().len(), 10_000);
            }
            ("raw", 0) => {
                raw.delete_device(&customer_id, &batch, &device).await.unwrap();
            }
            ("raw", 1) => {
                let page = raw.list_devices(&customer_id, &batch, None, None).await.unwrap();
                assert_eq!(page.items.len(), 100);
            }
            ("raw", _) => {
                let status = raw.get_batch_job_status(&customer_id, &tracking).await.unwrap();
                assert_eq!(status.devices_status.as_ref().unwrap().len(), 10_000);
            }
            ("ergonomic", 0) => {
                customer.device_batch(batch.clone()).device(device.clone()).delete().await.unwrap()
            }
            ("ergonomic", 1) => {
                let devices = customer.device_batch(batch.clone()).devices().list().await.unwrap();
                assert_eq!(devices.len(), 100);
            }
            ("ergonomic", _) => {
                let status = customer.batch_upload_status(tracking.clone()).get().await.unwrap();
                assert_eq!(status.devices().len(), 10_000);
            }
            other => panic!("{other:?}"),
        }
    }
    started.elapsed()
}

fn run(layer: &str, case: usize, count: u32, port: u16) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(calls(layer, case, count, &format!("http://127.0.0.1:{port}")));
}

// ---- The server, in a separate process -----------------------------------------------------------------------

fn page() -> String {
    let mut body = String::from("{\"totalCount\":100,\"items\":[");
    for n in 0..100 {
        let comma = if n == 0 { "" } else { "," };
        write!(
            body,
            "{comma}{{\"id\":\"7c141ea9-2816-4e15-a819-53f6856{n:05}\",\"serialNumber\":\"2R9-ZNP{n}\",\
             \"productKey\":\"3306123456{n:03}\",\"modelName\":\"Precision WorkStation T7500\",\
             \"oemManufacturerName\":\"Dell Inc.\",\"policies\":[{{\"key\":\"o_o_b_e\",\"value\":null}}],\
             \"uploadedDate\":\"2017-08-09T14:43:26.0092288-07:00\",\"attributes\":{{\"objectType\":\"Device\"}}}}"
        )
        .unwrap();
    }
    body + "],\"attributes\":{\"objectType\":\"Collection\"}}"
}

fn status() -> String {
    let mut body = format!(
        "{{\"batchTrackingId\":\"{TRACKING}\",\"status\":\"finished\",\"startedTime\":\"2017-07-25T10:00:00\",\
         \"completedTime\":\"2017-07-25T10:10:00\",\"devicesStatus\":["
    );
    for n in 0..10_000 {
        let comma = if n == 0 { "" } else { "," };
        write!(
            body,
            "{comma}{{\"deviceId\":\"7c141ea9-2816-4e15-a819-53f6856{n:05}\",\"serialNumber\":\"2R9-ZNP{n}\",\
             \"productKey\":\"33061234{n:05}\",\"status\":\"finished_with_errors\",\"errorCode\":\"808\",\
             \"errorDescription\":\"ZtdDeviceAssignedToOtherTenant\",\
             \"attributes\":{{\"objectType\":\"DeviceUploadDetails\"}}}}"
        )
        .unwrap();
    }
    body + "],\"attributes\":{\"objectType\":\"BatchUploadDetails\"}}"
}

fn serve() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("{}", listener.local_addr().unwrap().port());
    let ids = "MS-RequestId: 7b3e2e00-b330-4480-9d84-59ace713427f\r\n\
               MS-CorrelationId: 4a5002a2-0c1b-4e57-b491-dbcf19c0e7b8\r\nMS-CV: YrLe3w6BbUSMt1fi.0\r\n\
               MS-ServerId: 030020344\r\nDate: Tue, 25 Jul 2017 17:52:41 GMT\r\n";
    let json = |body: String| {
        format!(
            "HTTP/1.1 200 OK\r\n{ids}Content-Type: application/json; charset=utf-8\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    let responses = [format!("HTTP/1.1 204 No Content\r\n{ids}\r\n"), json(page()), json(status())];
    for stream in listener.incoming() {
        let (mut stream, responses) = (stream.unwrap(), responses.clone());
        std::thread::spawn(move || response(&mut stream, &responses));
    }
}

fn response(stream: &mut TcpStream, responses: &[String; 3]) {
    stream.set_nodelay(true).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    loop {
        let mut first = String::new();
        if reader.read_line(&mut first).unwrap_or(0) == 0 {
            return;
        }
        let mut line = String::new();
        while reader.read_line(&mut line).unwrap_or(0) > 2 {
            line.clear();
        }
        let case = if first.starts_with("DELETE") {
            0
        } else if first.contains("/devices") {
            1
        } else {
            2
        };
        if stream.write_all(responses[case].as_bytes()).is_err() {
            return;
        }
    }
}

// ---- The comparison ---------------------------------------------------------------------------------------

struct Server(Child, u16);

impl Server {
    fn start() -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .arg("serve")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut port = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut port).unwrap();
        Self(child, port.trim().parse().unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn compare() -> ExitCode {
    let server = Server::start();
    let mut above = Vec::new();
    match counted("hand-written", 0, 1, server.1) {
        Some(_) => {
            println!("instructions per call (valgrind), and the ratio to hand-written\n");
            println!("| call | {} |\n|---|---|---|---|", LAYERS.join(" | "));
            for (case, (name, short, long, limits)) in CASES.iter().enumerate() {
                let mut row = format!("| {name} |");
                let mut base = 0.0;
                for (layer, limit) in LAYERS.into_iter().zip(limits) {
                    let total = |calls| {
                        counted(layer, case, calls, server.1).expect("valgrind ran before") as f64
                    };
                    let per_call = (total(*long) - total(*short)) / f64::from(long - short);
                    if base == 0.0 {
                        base = per_call;
                    }
                    let ratio = per_call / base;
                    write!(row, " {per_call:.0} ({ratio:.3}) |").unwrap();
                    if ratio > *limit {
                        above.push(format!("{name}, {layer}: {ratio:.3}, the limit is {limit}"));
                    }
                }
                println!("{row}");
            }
        }
        None => println!("valgrind is not installed, so instructions are not counted"),
    }

    println!(
        "\nwall clock, median of {ROUNDS} interleaved rounds, ratio to hand-written (noisy)\n"
    );
    println!("| call | {} |\n|---|---|---|---|", LAYERS.join(" | "));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let url = format!("http://127.0.0.1:{}", server.1);
    for (case, (name, _, long, _)) in CASES.iter().enumerate() {
        let mut times = [const { Vec::new() }; 3];
        for _ in 0..ROUNDS {
            for (layer, times) in LAYERS.iter().zip(&mut times) {
                times.push(runtime.block_on(calls(layer, case, *long, &url)));
            }
        }
        let median = |times: &mut Vec<Duration>| {
            times.sort();
            times[times.len() / 2].as_secs_f64() / f64::from(*long)
        };
        let medians = times.each_mut().map(median);
        let cells = medians.map(|t| format!("{:.0} µs ({:.3})", t * 1e6, t / medians[0]));
        println!("| {name} | {} |", cells.join(" | "));
    }
    if above.is_empty() {
        return ExitCode::SUCCESS;
    }
    eprintln!("\ntoo many instructions:\n{}", above.join("\n"));
    ExitCode::FAILURE
}

/// Counts the instructions of one run under valgrind; `None` without valgrind.
fn counted(layer: &str, case: usize, calls: u32, port: u16) -> Option<u64> {
    let mut child = Command::new("valgrind")
        .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
        .arg(std::env::current_exe().unwrap())
        .args(["run", layer, &case.to_string(), &calls.to_string(), &port.to_string()])
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    let mut output = String::new();
    child.stderr.take().unwrap().read_to_string(&mut output).unwrap();
    assert!(child.wait().unwrap().success(), "{output}");
    let line = output
        .lines()
        .find(|line| line.contains("I   refs") || line.contains("I refs"))
        .expect("a count");
    line.rsplit(' ').next()?.replace(',', "").parse().ok()
}
