//! The service on a port, called in plain HTTP/1.1, and in process.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use partner_center_devices_emulator::{DeliveryError, Emulator, FaultRules, Pace};
use partner_center_devices_raw::Service as _;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::CUSTOMER;

/// Sends a request on a separate connection and returns the complete response as text.
async fn exchange(url: &str, head: &str, body: &str) -> String {
    let address = url.strip_prefix("http://").unwrap();
    let mut connection = TcpStream::connect(address).await.unwrap();
    let length = body.len();
    let request = format!(
        "{head} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer t\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    connection.read_to_string(&mut response).await.unwrap();
    response
}

#[tokio::test]
async fn answers_on_a_port_until_it_is_stopped() {
    let emulator = Emulator::builder().pace(Pace::instant()).start().await.unwrap();
    let url = emulator.url().to_owned();
    assert!(url.starts_with("http://127.0.0.1:") && !url.ends_with(":0"), "{url}");

    let batches = format!("//v1/customers/{CUSTOMER}/deviceBatches");
    let body = r#"{"BatchId":"b","Devices":[{"ProductKey":"3305000000000"}]}"#;
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

    // An idle client does not delay the stop.
    let idle = TcpStream::connect(url.strip_prefix("http://").unwrap()).await.unwrap();
    emulator.stop().await;
    drop(idle);
    assert!(TcpStream::connect(url.strip_prefix("http://").unwrap()).await.is_err());
}

/// Time is paused, so it passes as soon as nothing else happens.
#[tokio::test(start_paused = true)]
async fn closes_idle_and_half_open_connections() {
    let emulator = Emulator::start().await.unwrap();
    let address = emulator.url().strip_prefix("http://").unwrap();
    for sent in [
        "",
        "GET /v1/customers/c/policies HTTP/1.1\r\nHost: x\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    ] {
        let mut connection = TcpStream::connect(address).await.unwrap();
        connection.write_all(sent.as_bytes()).await.unwrap();
        let mut received = Vec::new();
        let started = tokio::time::Instant::now();
        let _ = connection.read_to_end(&mut received).await;
        assert!(started.elapsed() >= Duration::from_secs(120), "{sent:?} {:?}", started.elapsed());
    }
}

/// Reads the response to one request on a connection that stays open.
async fn status(connection: &mut TcpStream) -> std::io::Result<String> {
    let request = "GET /_emulator/clock HTTP/1.1\r\nHost: x\r\n\r\n";
    connection.write_all(request.as_bytes()).await?;
    let mut start = [0; 12];
    connection.read_exact(&mut start).await?;
    Ok(String::from_utf8_lossy(&start[9..]).into_owned())
}

#[tokio::test]
async fn one_connection_too_many_gets_a_503_until_another_ends() {
    let emulator = Emulator::builder().max_connections(2).start().await.unwrap();
    let address = emulator.url().strip_prefix("http://").unwrap();
    let mut open = Vec::new();
    for _ in 0..2 {
        let mut connection = TcpStream::connect(address).await.unwrap();
        assert_eq!(status(&mut connection).await.unwrap(), "200");
        open.push(connection);
    }
    let refused = exchange(emulator.url(), "GET /_emulator/clock", "").await;
    assert!(refused.starts_with("HTTP/1.1 503 Service Unavailable\r\n"), "{refused}");
    assert!(refused.contains("\r\nretry-after: 1\r\n"), "{refused}");
    assert!(refused.contains("Too many connections are open."), "{refused}");
    assert_eq!(status(&mut open[0]).await.unwrap_or_default().len(), 3, "open ones still work");

    drop(open.pop());
    // The emulator sees the end of the connection a moment later.
    let mut responses = Vec::new();
    while responses.last().is_none_or(|last| last == "503") && responses.len() < 1000 {
        let mut connection = TcpStream::connect(address).await.unwrap();
        responses.push(status(&mut connection).await.unwrap());
    }
    assert_eq!(responses.last().unwrap(), "200", "{}", responses.len());
}

/// Time is paused, so it passes as soon as nothing else happens.
#[tokio::test(start_paused = true)]
async fn closes_connections_beyond_the_limit_that_send_nothing() {
    let emulator = Emulator::builder().max_connections(1).start().await.unwrap();
    let address = emulator.url().strip_prefix("http://").unwrap();
    let mut open = TcpStream::connect(address).await.unwrap();
    assert_eq!(status(&mut open).await.unwrap(), "200");
    let started = tokio::time::Instant::now();
    let mut idle = Vec::new();
    for _ in 0..100 {
        idle.push(TcpStream::connect(address).await.unwrap());
    }
    for mut connection in idle {
        let mut received = Vec::new();
        let _ = connection.read_to_end(&mut received).await;
        assert!(received.is_empty());
    }
    assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
}

#[tokio::test]
async fn checks_the_host_on_every_path() {
    let emulator = Emulator::builder().allow_host("Partner.example.com").start().await.unwrap();
    let address = emulator.url().strip_prefix("http://").unwrap();
    for (host, path, status) in [
        ("rebind.example.com", format!("/v1/customers/{CUSTOMER}/policies"), "403"),
        ("rebind.example.com", "/_emulator/state".to_owned(), "403"),
        ("partner.example.com:8085", format!("/v1/customers/{CUSTOMER}/policies"), "200"),
        ("api.partnercenter.microsoft.com", format!("/v1/customers/{CUSTOMER}/policies"), "200"),
        ("x", format!("/v1/customers/{}/policies", "c".repeat(9_000)), "414"),
    ] {
        let mut connection = TcpStream::connect(address).await.unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer t\r\nConnection: close\r\n\r\n"
        );
        connection.write_all(request.as_bytes()).await.unwrap();
        let mut response = String::new();
        connection.read_to_string(&mut response).await.unwrap();
        assert_eq!(&response[9..12], status, "{host} {path:.60}: {response}");
    }
}

#[tokio::test]
async fn supports_expect_100_continue() {
    let emulator = Emulator::start().await.unwrap();
    let address = emulator.url().strip_prefix("http://").unwrap();
    let mut connection = TcpStream::connect(address).await.unwrap();
    let body = r#"{"BatchId":"b","Devices":[]}"#;
    let length = body.len();
    let head = format!(
        "POST /v1/customers/{CUSTOMER}/deviceBatches HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer t\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n\r\n"
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    let interim = b"HTTP/1.1 100 Continue\r\n\r\n";
    let mut received = vec![0; interim.len()];
    connection.read_exact(&mut received).await.unwrap();
    assert_eq!(received, interim);
    connection.write_all(body.as_bytes()).await.unwrap();
    let mut start = [0; 12];
    connection.read_exact(&mut start).await.unwrap();
    assert_eq!(&start, b"HTTP/1.1 202");
}

#[tokio::test]
async fn head_returns_the_content_length_without_the_body() {
    let emulator = Emulator::start().await.unwrap();
    let path = format!("/v1/customers/{CUSTOMER}/policies");
    let get = exchange(emulator.url(), &format!("GET {path}"), "").await;
    let head = exchange(emulator.url(), &format!("HEAD {path}"), "").await;
    let length = get.split_once("\r\n\r\n").unwrap().1.len();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n") && head.ends_with("\r\n\r\n"), "{head}");
    assert_eq!(head.matches("\r\n\r\n").count(), 1);
    assert_eq!(head.matches(&format!("content-length: {length}\r\n")).count(), 1, "{head}");
}

#[tokio::test]
async fn stops_on_drop_and_rejects_a_port_in_use() {
    let emulator = Emulator::start().await.unwrap();
    let address = emulator.url().strip_prefix("http://").unwrap().to_owned();
    assert!(Emulator::builder().listen(address.as_str()).start().await.is_err());
    drop(emulator);
    while TcpStream::connect(&address).await.is_ok() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn in_process_jobs_follow_tokio_s_clock() {
    let service = Emulator::builder().in_process();
    let call = async |method: &str, path: &str, body: &'static str| {
        let request = Request::builder()
            .method(method)
            .uri(format!("http://emulator/v1{path}"))
            .header("authorization", "Bearer t")
            .body(Bytes::from_static(body.as_bytes()))
            .unwrap();
        service.call(request).await.unwrap()
    };
    let body = r#"{"batchId":"b","devices":[{"productKey":"3305000000000"}]}"#;
    let accepted = call("POST", &format!("/customers/{CUSTOMER}/deviceBatches"), body).await;
    let job = accepted.headers()["location"].to_str().unwrap().to_owned();
    for (wait, expected) in [(0, "queued"), (300, "processing"), (530, "finished")] {
        tokio::time::sleep(Duration::from_millis(wait)).await;
        let status: Value = serde_json::from_slice(call("GET", &job, "").await.body()).unwrap();
        assert_eq!(status["status"], expected);
    }
}

/// Sends a request on a separate connection. Returns the bytes until the connection closed, and the time of each piece.
async fn raw(url: &str, method: &str, path: &str, body: &str) -> (String, Vec<Duration>) {
    let address = url.strip_prefix("http://").unwrap();
    let mut connection = TcpStream::connect(address).await.unwrap();
    let length = body.len();
    let request = format!(
        "{method} /v1/customers/{CUSTOMER}/{path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer t\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    let start = tokio::time::Instant::now();
    connection.write_all(request.as_bytes()).await.unwrap();
    let (mut response, mut times, mut piece) = (String::new(), Vec::new(), [0; 4096]);
    loop {
        // The connection may also be reset.
        let Ok(read @ 1..) = connection.read(&mut piece).await else { return (response, times) };
        response.push_str(std::str::from_utf8(&piece[..read]).unwrap());
        times.push(start.elapsed());
    }
}

#[tokio::test]
async fn rules_close_truncate_slow_and_delay_responses() {
    let faults = FaultRules::from_yaml(
        "rules:
  - { id: before, matching: { pathContains: deviceBatches, nth: 1 }, effect: dropBefore }
  - { id: after, matching: { pathContains: deviceBatches, nth: 2 }, effect: dropAfter }
  - { id: cut, matching: { operations: [list_policies], nth: 1 }, effect: { truncate: { bytes: 5 } } }
  - { id: head, matching: { operations: [list_policies], nth: 2 }, effect: { truncate: { bytes: 0 } } }
  - { id: slow, matching: { operations: [list_policies], nth: 3 },
      effect: { slowBody: { pieceBytes: 30, pauseMilliseconds: 20 } } }
  - { id: late, matching: { operations: [list_policies], nth: 4 }, effect: { latency: { milliseconds: 50 } } }
",
    )
    .unwrap();
    let emulator = Emulator::builder().faults(faults).start().await.unwrap();
    let url = emulator.url();
    let body = r#"{"batchId":"b","devices":[]}"#;
    let batches = async |method| raw(url, method, "deviceBatches", body).await.0;
    assert_eq!(batches("POST").await, "");
    assert_eq!(batches("POST").await, "");
    // The second request was processed, so the name is in use.
    assert!(batches("POST").await.starts_with("HTTP/1.1 409 "));

    let policies = async || raw(url, "GET", "policies", "").await;
    let body = r#"{"totalCount":0,"items":[],"attributes":{"objectType":"Collection"}}"#;
    let declared = format!("content-length: {}\r\n", body.len());
    for sent in [5, 0] {
        let (response, _) = policies().await;
        let (head, received) = response.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
        assert!(format!("{head}\r\n").contains(&declared), "{head}");
        assert_eq!(received, &body[..sent]);
    }
    let (response, times) = policies().await;
    assert!(response.ends_with(body) && response.contains(&declared), "{response}");
    // The last of three pieces arrives after two pauses.
    assert!(times.last().unwrap().as_millis() >= 40, "{times:?}");
    let (response, times) = policies().await;
    assert!(response.ends_with(body) && times[0].as_millis() >= 50, "{times:?}");
    emulator.stop().await;
}

#[tokio::test(start_paused = true)]
async fn in_process_a_closed_connection_is_an_error_after_the_delay() {
    let faults = FaultRules::from_yaml(
        "rules:
  - { id: late, effect: { latency: { milliseconds: 700 } } }
  - { id: before, matching: { nth: 1 }, effect: dropBefore }
  - { id: cut, matching: { nth: 2 }, effect: { truncate: { bytes: 5 } } }
  - { id: slow, matching: { nth: 3 }, effect: { slowBody: { pieceBytes: 30, pauseMilliseconds: 1000 } } }
",
    )
    .unwrap();
    let service = Emulator::builder().faults(faults).in_process();
    for (expected, millis) in [
        (Some(DeliveryError::Closed), 700),
        (Some(DeliveryError::Truncated { bytes: 5, declared: 68 }), 700),
        (None, 2700),
    ] {
        let request = Request::get(format!("/v1/customers/{CUSTOMER}/policies"))
            .header("authorization", "Bearer t")
            .body(Bytes::new())
            .unwrap();
        let start = tokio::time::Instant::now();
        let response = service.call(request).await;
        assert_eq!(start.elapsed().as_millis(), millis);
        let error = response.err().map(|error| *error.downcast::<DeliveryError>().unwrap());
        assert_eq!(error, expected);
    }
}
