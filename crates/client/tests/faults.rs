//! Ten thousand creates under each kind of fault of a network and a service. No batch is lost or created twice, and all
//! attempts of a call have the same `MS-RequestId`.
//!
//! Tests that depend on time run in the process with paused time; tests that depend on connections use sockets.
#![allow(clippy::unwrap_used)]

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};
use http::{Request, Response};
use partner_center_devices::raw::{BoxError, BoxFuture, Service};
use partner_center_devices::{
    AccessToken, BatchId, Client, ClientBuilder, CustomerId, DeviceIdentity, ErrorKind, Retry,
    TokenError, TokenProvider,
};
use partner_center_devices_emulator::{Emulator, InProcess, Pace};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;
use uuid::Uuid;

const CREATES: usize = 10_000;
const CUSTOMERS: usize = 20;
const CONCURRENT: usize = 50;

/// The fault that a request meets.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    None,
    /// The connection ends before the service sees the request.
    DropBefore,
    /// The service handles the request, but the connection ends before the response.
    DropAfter,
    /// The service handles the request, but the response breaks off in the middle.
    Truncate,
    /// The response comes in pieces, too slowly for the time limit of one attempt.
    Slow,
    /// The service refuses the request with this status and `Retry-After`.
    Refuse(u16, Option<RetryAfter>),
    /// The service handles the request and then fails.
    FailAfter(u16),
    /// `Location` names another host.
    WrongHost,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum RetryAfter {
    Seconds(u64),
    /// As a date, from a service whose clock is a day ahead.
    Date(u64),
}

/// Returns the fault of a request, given the number of earlier requests and its time.
type Plan = fn(number: usize, at: Duration) -> Fault;

/// Returns a pseudo-random number that is the same in every run.
fn hash(number: usize) -> usize {
    let hash = (number as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (hash ^ (hash >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9) as usize >> 8
}

fn one_in(n: usize, number: usize) -> bool {
    hash(number).is_multiple_of(n)
}

/// The emulator behind faults, with a log of the requests.
#[derive(Clone)]
struct Faulty {
    emulator: InProcess,
    plan: Plan,
    started: Instant,
    log: Arc<Log>,
}

#[derive(Default)]
struct Log {
    requests: AtomicUsize,
    faults: AtomicUsize,
    /// The request ids of each create, by its body.
    ids: Mutex<HashMap<Bytes, HashSet<String>>>,
}

impl Faulty {
    fn new(plan: Plan) -> Self {
        let emulator = Emulator::builder().pace(Pace::instant()).in_process();
        Self { emulator, plan, started: Instant::now(), log: Arc::default() }
    }

    /// Returns the fault of a request and logs it.
    fn fault(&self, request: &Request<Bytes>) -> Fault {
        if request.method() != http::Method::POST {
            return Fault::None; // the final checks are reads, without faults
        }
        let id = request.headers()["ms-requestid"].to_str().unwrap().to_owned();
        self.log.ids.lock().unwrap().entry(request.body().clone()).or_default().insert(id);
        let fault =
            (self.plan)(self.log.requests.fetch_add(1, Ordering::SeqCst), self.started.elapsed());
        if fault != Fault::None {
            self.log.faults.fetch_add(1, Ordering::SeqCst);
        }
        fault
    }

    fn handle(&self, request: &Request<Bytes>) -> Response<Bytes> {
        self.emulator.handle(request).response().unwrap()
    }

    /// Returns the response before any fault of the connection; `None` if there is none.
    fn response(&self, request: &Request<Bytes>, fault: Fault) -> Option<Response<Bytes>> {
        match fault {
            Fault::DropBefore => None,
            Fault::DropAfter => {
                drop(self.emulator.handle(request));
                None
            }
            Fault::Refuse(status, wait) => {
                let mut response = Response::builder().status(status);
                match wait {
                    None => {}
                    Some(RetryAfter::Seconds(seconds)) => {
                        response = response.header("Retry-After", seconds);
                    }
                    Some(RetryAfter::Date(seconds)) => {
                        let now = SystemTime::now() + Duration::from_secs(24 * 3600);
                        let until = now + Duration::from_secs(seconds);
                        response = response
                            .header("Date", httpdate::fmt_http_date(now))
                            .header("Retry-After", httpdate::fmt_http_date(until));
                    }
                }
                Some(response.body(Bytes::from_static(b"<html>no</html>")).unwrap())
            }
            Fault::FailAfter(status) => {
                drop(self.emulator.handle(request));
                Some(Response::builder().status(status).body(Bytes::new()).unwrap())
            }
            Fault::WrongHost => {
                let mut response = self.handle(request);
                if let Some(location) = response.headers().get("location") {
                    let elsewhere =
                        format!("https://elsewhere.example{}", location.to_str().unwrap());
                    response.headers_mut().insert("location", elsewhere.parse().unwrap());
                }
                Some(response)
            }
            Fault::None | Fault::Truncate | Fault::Slow => Some(self.handle(request)),
        }
    }
}

impl Service for Faulty {
    fn call(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, BoxError>> {
        let fault = self.fault(&request);
        let response = self.response(&request, fault);
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            response.ok_or_else(|| "connection reset".into())
        })
    }
}

/// Serves one connection with the faults of its requests.
async fn serve_connection(mut socket: TcpStream, service: Faulty) -> Option<()> {
    let mut read = Vec::new();
    loop {
        let head = loop {
            if let Some(end) = read.windows(4).position(|end| end == b"\r\n\r\n") {
                break end + 4;
            }
            (socket.read_buf(&mut read).await.ok()? > 0).then_some(())?;
        };
        let text = String::from_utf8(read[..head].to_vec()).unwrap();
        let mut lines = text.trim_end().lines();
        let mut first = lines.next()?.split(' ');
        let mut request = Request::builder().method(first.next()?).uri(first.next()?);
        let mut length = 0;
        for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
            if name.eq_ignore_ascii_case("content-length") {
                length = value.parse().ok()?;
            }
            request = request.header(name, value);
        }
        while read.len() < head + length {
            (socket.read_buf(&mut read).await.ok()? > 0).then_some(())?;
        }
        let rest = read.split_off(head + length);
        let request = request.body(Bytes::from(read.split_off(head))).unwrap();
        read = rest;

        let fault = service.fault(&request);
        let response = service.response(&request, fault)?;
        let mut bytes = format!("HTTP/1.1 {}\r\n", response.status()).into_bytes();
        for (name, value) in response.headers() {
            bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
        }
        bytes.extend(format!("content-length: {}\r\n\r\n", response.body().len()).into_bytes());
        bytes.extend(response.body());
        match fault {
            Fault::Truncate => {
                let number = service.log.requests.load(Ordering::SeqCst);
                let sent = if number.is_multiple_of(2) {
                    bytes.truncate(bytes.len() / 2); // within the head
                    bytes
                } else {
                    let head = String::from_utf8(bytes).unwrap();
                    (head.replace("content-length: 0", "content-length: 100") + "{").into_bytes()
                };
                socket.write_all(&sent).await.ok()?;
                return None;
            }
            Fault::Slow => {
                for piece in bytes.chunks(40) {
                    socket.write_all(piece).await.ok()?;
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
            _ => socket.write_all(&bytes).await.ok()?,
        }
    }
}

/// The outcome of a run.
#[derive(Debug)]
struct Outcome {
    /// Calls that failed and were repeated with the request id of their error.
    repeated: usize,
    faults: usize,
}

/// Creates all batches, each with one device, and checks the result.
async fn run(service: &Faulty, client: ClientBuilder) -> Outcome {
    let client = client.build().unwrap();
    let repeated = AtomicUsize::new(0);
    let calls = stream::iter(0..CREATES).map(|number| {
        let (client, repeated) = (&client, &repeated);
        async move {
            let customer = CustomerId::new(format!("c{}", number % CUSTOMERS)).unwrap();
            let customer = client.customer(customer);
            let mut id: Option<Uuid> = None;
            for attempt in 0..100 {
                let batch = BatchId::new(format!("batch {number}")).unwrap();
                let device = DeviceIdentity::from_product_key(format!("{number:013}")).unwrap();
                let call = customer.device_batches().create(batch, [device]);
                let call = match id {
                    Some(id) => call.request_id(id),
                    None => call,
                };
                match call.await {
                    Ok(job) => return (customer, job.tracking_id().clone()),
                    Err(error) => {
                        let is_retryable = matches!(
                            error.kind(),
                            ErrorKind::Interrupted
                                | ErrorKind::Throttled
                                | ErrorKind::Service
                                | ErrorKind::Token
                        );
                        assert!(is_retryable, "{number}: {error}");
                        id = Some(error.sent_request_id().unwrap().parse().unwrap());
                        repeated.fetch_add(1, Ordering::SeqCst);
                        tokio::time::sleep(Duration::from_millis(20 << attempt.min(7))).await;
                    }
                }
            }
            panic!("could not create batch {number}");
        }
    });
    let jobs: Vec<_> = calls.buffer_unordered(CONCURRENT).collect().await;

    // Each batch has its own job, which registered its device.
    let ids: HashSet<&str> = jobs.iter().map(|(_, id)| id.as_str()).collect();
    assert_eq!(ids.len(), CREATES, "two batches have the same job");
    for (customer, id) in jobs.iter().step_by(97) {
        let job = customer.job(id.clone()).status().await.unwrap();
        assert!(job.all_succeeded(), "{job:?}");
    }
    // Each batch exists once, with its device, and there are no others.
    let mut names = Vec::new();
    for number in 0..CUSTOMERS {
        let customer = client.customer(CustomerId::new(format!("c{number}")).unwrap());
        for batch in customer.device_batches().list().await.unwrap() {
            assert_eq!(batch.devices_count(), Some(1), "{batch:?}");
            names.push(batch.id().unwrap().to_string());
        }
    }
    names.sort_by_key(|name| name["batch ".len()..].parse::<usize>().unwrap());
    assert!(names.iter().map(String::as_str).eq((0..CREATES).map(|n| format!("batch {n}"))));
    // Each create has one id, and no id is used twice.
    let sent = service.log.ids.lock().unwrap();
    assert!(sent.values().all(|ids| ids.len() == 1), "a request id changed between attempts");
    let ids: HashSet<&String> = sent.values().flatten().collect();
    assert_eq!((sent.len(), ids.len()), (CREATES, CREATES));

    let outcome = Outcome {
        repeated: repeated.into_inner(),
        faults: service.log.faults.load(Ordering::SeqCst),
    };
    assert!(outcome.faults >= CONCURRENT, "the faults did not happen: {outcome:?}");
    outcome
}

/// Runs in the process; time is paused.
async fn in_process(plan: Plan) -> Outcome {
    let service = Faulty::new(plan);
    run(&service, Client::builder().in_process(service.clone())).await
}

async fn over_sockets(plan: Plan) -> Outcome {
    let service = Faulty::new(plan);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serving = service.clone();
    let server = tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            socket.set_nodelay(true).unwrap();
            tokio::spawn(serve_connection(socket, serving.clone()));
        }
    });
    let retry = Retry::default().initial_delay(Duration::from_millis(2));
    let client = Client::builder().base_url(url).token("a-token".to_owned()).retry(retry);
    let outcome = run(&service, client.timeout(Duration::from_millis(250))).await;
    server.abort();
    outcome
}

#[tokio::test]
async fn survives_connections_closed_before_the_request() {
    over_sockets(|n, _| if one_in(20, n) { Fault::DropBefore } else { Fault::None }).await;
}

#[tokio::test]
async fn survives_connections_closed_before_the_response() {
    over_sockets(|n, _| if one_in(20, n) { Fault::DropAfter } else { Fault::None }).await;
}

#[tokio::test]
async fn survives_truncated_responses() {
    over_sockets(|n, _| if one_in(20, n) { Fault::Truncate } else { Fault::None }).await;
}

#[tokio::test]
async fn survives_slow_responses() {
    over_sockets(|n, _| if one_in(50, n) { Fault::Slow } else { Fault::None }).await;
}

/// Half of all connections fail: more than the retry budget allows, so calls fail and are repeated.
#[tokio::test(start_paused = true)]
async fn survives_a_network_that_is_mostly_down() {
    let outcome = in_process(|n, _| match hash(n) % 4 {
        0 => Fault::DropBefore,
        1 => Fault::DropAfter,
        _ => Fault::None,
    });
    assert!(outcome.await.repeated > 0, "the budget should have ended some calls");
}

/// A client that ignored `Retry-After` would be refused thousands of times.
#[tokio::test(start_paused = true)]
async fn survives_a_minute_of_429() {
    let plans: [Plan; 2] = [
        |_, at| match at.as_secs() {
            2..62 => Fault::Refuse(429, Some(RetryAfter::Seconds(62 - at.as_secs()))),
            _ => Fault::None,
        },
        |_, at| match at.as_secs() {
            2..62 => Fault::Refuse(429, Some(RetryAfter::Date(62 - at.as_secs()))),
            _ => Fault::None,
        },
    ];
    for plan in plans {
        let outcome = in_process(plan).await;
        assert!(outcome.faults <= 3 * CONCURRENT, "{outcome:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn survives_a_minute_of_429_without_retry_after() {
    in_process(|n, at| match at.as_secs() {
        2..62 if n % 3 != 0 => Fault::Refuse(429, None),
        _ => Fault::None,
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn survives_a_minute_of_5xx() {
    in_process(|n, at| match at.as_secs() {
        2..62 => match hash(n) % 5 {
            0 => Fault::Refuse(500, None),
            1 => Fault::Refuse(503, Some(RetryAfter::Seconds(3))),
            2 => Fault::FailAfter(500),
            3 => Fault::FailAfter(502),
            _ => Fault::FailAfter(504),
        },
        _ => Fault::None,
    })
    .await;
}

/// Returns numbered tokens, each valid for an hour.
#[derive(Clone, Default)]
struct Tokens(Arc<AtomicUsize>);

impl TokenProvider for Tokens {
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>> {
        Box::pin(async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            let number = self.0.fetch_add(1, Ordering::SeqCst);
            Ok(AccessToken::new(number.to_string()).expires_in(Duration::from_secs(3600)))
        })
    }
}

/// The service rejects each token after a while, in the middle of many calls.
#[tokio::test(start_paused = true)]
async fn survives_tokens_rejected_early() {
    #[derive(Clone)]
    struct Refusing(Faulty);
    impl Service for Refusing {
        fn call(
            &self,
            request: Request<Bytes>,
        ) -> BoxFuture<'_, Result<Response<Bytes>, BoxError>> {
            Box::pin(async move {
                tokio::time::sleep(Duration::from_millis(20)).await;
                let token = request.headers()["authorization"].to_str().unwrap();
                let number: u32 = token.trim_start_matches("Bearer ").parse().unwrap();
                // Each token is valid until half a second after the previous one.
                if self.0.started.elapsed() > Duration::from_millis(500) * (number + 1) {
                    self.0.fault(&request); // logs the ids
                    self.0.log.faults.fetch_add(1, Ordering::SeqCst);
                    return Ok(Response::builder().status(401).body(Bytes::new())?);
                }
                self.0.call(request).await
            })
        }
    }
    let service = Faulty::new(|_, _| Fault::None);
    let tokens = Tokens::default();
    let client =
        Client::builder().in_process(Refusing(service.clone())).token_provider(tokens.clone());
    let outcome = run(&service, client).await;
    assert_eq!(outcome.repeated, 0, "a 401 causes a retry, not a failed call");
    let tokens = tokens.0.load(Ordering::SeqCst);
    assert!(tokens > 3 && tokens * 10 < outcome.faults, "{tokens} tokens for {outcome:?}");
}

/// The machine sleeps for two hours, three times: deadlines pass and tokens expire together.
#[tokio::test(start_paused = true)]
async fn survives_clock_jumps() {
    let service = Faulty::new(|n, _| if one_in(50, n) { Fault::DropAfter } else { Fault::None });
    let client = Client::builder().in_process(service.clone()).token_provider(Tokens::default());
    let jumps = tokio::spawn(async {
        for _ in 0..3 {
            tokio::time::sleep(Duration::from_millis(700)).await;
            tokio::time::advance(Duration::from_secs(2 * 3600)).await;
        }
    });
    let outcome = run(&service, client).await;
    jumps.await.unwrap();
    assert!(outcome.repeated > 0, "no deadline passed: {outcome:?}");
}

#[tokio::test(start_paused = true)]
async fn ignores_the_host_in_location() {
    in_process(|n, _| if one_in(3, n) { Fault::WrongHost } else { Fault::None }).await;
}
