//! The service on a port, spoken to in plain HTTP/1.1, and in the process.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use partner_center_devices_emulator::{Emulator, Pace};
use partner_center_devices_raw::Service as _;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::CUSTOMER;

/// One exchange on a connection of its own: the whole answer as text.
async fn exchange(url: &str, head: &str, body: &str) -> String {
    let address = url.strip_prefix("http://").unwrap();
    let mut connection = TcpStream::connect(address).await.unwrap();
    let length = body.len();
    let request = format!(
        "{head} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer t\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn answers_on_a_port_until_it_is_stopped() {
    let emulator = Emulator::builder().pace(Pace::instant()).start().await.unwrap();
    let url = emulator.url().to_owned();
    assert!(url.starts_with("http://127.0.0.1:") && !url.ends_with(":0"), "{url}");

    let batches = format!("//v1/customers/{CUSTOMER}/deviceBatches");
    let body = r#"{"BatchId":"b","Devices":[{"ProductKey":"K"}]}"#;
    let accepted = exchange(&url, &format!("POST {batches}"), body).await;
    assert!(accepted.starts_with("HTTP/1.1 202 Accepted\r\n"), "{accepted}");
    let location = accepted.lines().find_map(|line| line.strip_prefix("location: ")).unwrap();
    assert!(location.starts_with(&format!("/customers/{CUSTOMER}/batchJobStatus/")));

    let status = exchange(&url, &format!("GET /v1{location}"), "").await;
    let (head, body) = status.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    assert_eq!(head.matches("date: ").count(), 1);
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["devicesStatus"][0]["errorCode"], "0");

    let too_large = format!(
        "POST {batches} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer t\r\nContent-Length: 99999999\r\n\r\n"
    );
    let mut connection = TcpStream::connect(url.strip_prefix("http://").unwrap()).await.unwrap();
    connection.write_all(too_large.as_bytes()).await.unwrap();
    let mut start = [0; 12];
    connection.read_exact(&mut start).await.unwrap();
    assert_eq!(&start, b"HTTP/1.1 413");
    drop(connection);

    // A client that asks nothing more does not hold it up.
    let idle = TcpStream::connect(url.strip_prefix("http://").unwrap()).await.unwrap();
    emulator.stop().await;
    drop(idle);
    assert!(TcpStream::connect(url.strip_prefix("http://").unwrap()).await.is_err());
}

#[tokio::test]
async fn stops_when_it_is_dropped_and_a_taken_port_is_an_error() {
    let emulator = Emulator::start().await.unwrap();
    let address = emulator.url().strip_prefix("http://").unwrap().to_owned();
    assert!(Emulator::builder().listen(address.as_str()).start().await.is_err());
    drop(emulator);
    while TcpStream::connect(&address).await.is_ok() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn in_the_process_a_job_takes_tokio_s_time() {
    let service = Emulator::builder().in_process();
    let ask = async |method: &str, path: &str, body: &'static str| {
        let request = Request::builder()
            .method(method)
            .uri(format!("http://emulator/v1{path}"))
            .header("authorization", "Bearer t")
            .body(Bytes::from_static(body.as_bytes()))
            .unwrap();
        service.call(request).await.unwrap()
    };
    let body = r#"{"batchId":"b","devices":[{"productKey":"K"}]}"#;
    let accepted = ask("POST", &format!("/customers/{CUSTOMER}/deviceBatches"), body).await;
    let job = accepted.headers()["location"].to_str().unwrap().to_owned();
    for (wait, expected) in [(0, "queued"), (300, "processing"), (530, "finished")] {
        tokio::time::sleep(Duration::from_millis(wait)).await;
        let status: Value = serde_json::from_slice(ask("GET", &job, "").await.body()).unwrap();
        assert_eq!(status["status"], expected);
    }
}
