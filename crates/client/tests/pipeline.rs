//! The pipeline: retries and their ids, throttling, deadlines, rate limits, tokens and custom requests. Time is paused in
//! most tests; only those of the sign-in and of broken connections open sockets.
#![allow(clippy::unwrap_used)]

use std::future::IntoFuture;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response};
use partner_center_devices::raw::{BoxError, BoxFuture, Service};
use partner_center_devices::{
    AccessToken, AppOnly, BatchId, BatchTrackingId, Client, ClientBuilder, Cloud,
    ConfigurationPolicy, CustomerId, DeviceCode, DeviceIdentity, Error, ErrorKind, PolicyId,
    RefreshToken, Retry, Sent, TokenError, TokenProvider, TokenStore, Wait,
};
use secrecy::{ExposeSecret, SecretString};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use wiremock::matchers::{body_string_contains, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// A service that responds as scripted, and records its requests with their times.
#[derive(Clone)]
struct Script(Arc<Inner>);

/// Responds to a request. The number is the count of earlier requests.
type Respond = dyn Fn(&Request<Bytes>, usize) -> Result<Response<Bytes>, BoxError> + Send + Sync;

struct Inner {
    started: Instant,
    requests: Mutex<Vec<(Duration, Request<Bytes>)>>,
    respond: Box<Respond>,
}

impl Script {
    fn new(
        respond: impl Fn(&Request<Bytes>, usize) -> Result<Response<Bytes>, BoxError>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        partner_center_devices_testkit::trace();
        Self(Arc::new(Inner {
            started: Instant::now(),
            requests: Mutex::default(),
            respond: Box::new(respond),
        }))
    }

    fn statuses(statuses: &'static [u16]) -> Self {
        Self::new(|_, n| Ok(status(statuses[n.min(statuses.len() - 1)])))
    }

    fn builder(&self) -> ClientBuilder {
        Client::builder().in_process(self.clone())
    }

    fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    fn requests(&self) -> Vec<(Duration, Request<Bytes>)> {
        self.0.requests.lock().unwrap().clone()
    }

    fn header(&self, name: &str) -> Vec<String> {
        self.requests()
            .iter()
            .map(|(_, r)| r.headers()[name].to_str().unwrap().to_owned())
            .collect()
    }
}

impl Service for Script {
    fn call(&self, request: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, BoxError>> {
        let mut requests = self.0.requests.lock().unwrap();
        let response = (self.0.respond)(&request, requests.len());
        requests.push((self.0.started.elapsed(), request));
        Box::pin(async move { response })
    }
}

fn status(status: u16) -> Response<Bytes> {
    let mut response = Response::builder().status(status);
    if status == 202 {
        response = response.header("Location", "/customers/c/batchJobStatus/7");
    }
    let body = if status == 200 { "[]" } else { "" };
    response.body(Bytes::from_static(body.as_bytes())).unwrap()
}

fn throttled(seconds: u32) -> Response<Bytes> {
    Response::builder().status(429).header("Retry-After", seconds).body(Bytes::new()).unwrap()
}

fn customer(client: &Client, id: &str) -> partner_center_devices::Customer {
    client.customer(CustomerId::new(id).unwrap())
}

fn device() -> DeviceIdentity {
    DeviceIdentity::from_product_key("3306123456789").unwrap()
}

fn batch() -> BatchId {
    BatchId::new("b").unwrap()
}

#[derive(Debug)]
struct Lost;

impl std::fmt::Display for Lost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("connection reset")
    }
}

impl std::error::Error for Lost {}

#[tokio::test(start_paused = true)]
async fn all_attempts_of_a_create_share_ids_and_body() {
    let script = Script::new(|_, n| match n {
        0 => Err(Lost.into()),
        1 => Ok(status(503)),
        _ => Ok(status(202)),
    });
    let job =
        customer(&script.client(), "c").device_batches().create(batch(), [device()]).await.unwrap();
    assert_eq!(job.tracking_id().as_str(), "7");
    let requests = script.requests();
    assert_eq!(requests.len(), 3);
    for name in ["ms-requestid", "ms-correlationid"] {
        let ids = script.header(name);
        assert!(ids.iter().all(|id| *id == ids[0]), "{name}: {ids:?}");
    }
    assert!(
        requests.iter().all(
            |(_, request)| !request.body().is_empty() && request.body() == requests[0].1.body()
        )
    );
}

#[tokio::test(start_paused = true)]
async fn retries_a_read_after_500_but_not_a_create() {
    let script = Script::statuses(&[500, 200]);
    let error = customer(&script.client(), "c")
        .device_batches()
        .create(batch(), [device()])
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts(), script.requests().len()),
        (ErrorKind::Service, 1, 1)
    );
    let script = Script::statuses(&[500, 500, 200]);
    customer(&script.client(), "c").policies().list().await.unwrap();
    assert_eq!(script.requests().len(), 3);
}

/// The last attempt was refused, but an earlier one may have taken effect.
#[tokio::test(start_paused = true)]
async fn a_refusal_after_a_lost_attempt_is_maybe_sent() {
    for (first, last, kind, sent) in [
        (504, 429, ErrorKind::Throttled, Sent::Maybe),
        (504, 403, ErrorKind::Forbidden, Sent::Maybe),
        (503, 403, ErrorKind::Forbidden, Sent::Answered),
    ] {
        let script = Script::new(move |_, n| {
            Ok(if n == 0 {
                status(first)
            } else if last == 429 {
                throttled(3600)
            } else {
                status(last)
            })
        });
        let error = customer(&script.client(), "c")
            .device_batches()
            .create(batch(), [device()])
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.sent(), error.attempts()),
            (kind, sent, 2),
            "{first} {last}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn accepts_a_huge_retry_after() {
    let script = Script::new(|_, _| {
        Ok(Response::builder()
            .status(429)
            .header("Retry-After", u64::MAX.to_string())
            .body(Bytes::new())
            .unwrap())
    });
    let error = customer(&script.client(), "c").policies().list().await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(86_400)));
}

#[tokio::test(start_paused = true)]
async fn the_error_counts_the_attempts() {
    let script = Script::new(|_, _| Err(Lost.into()));
    let error = customer(&script.client(), "c").policies().list().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.sent(), error.attempts()),
        (ErrorKind::Interrupted, Sent::Maybe, 5)
    );
    assert!(
        error
            .to_string()
            .contains("connection reset; the request may have reached the service (sent 5 times)"),
        "{error}"
    );
    let once =
        customer(&script.client(), "c").policies().list().retry(Retry::never()).await.unwrap_err();
    assert_eq!(once.attempts(), 1);
}

#[tokio::test(start_paused = true)]
async fn waits_for_retry_after_unless_it_passes_the_deadline() {
    let script = Script::new(|_, n| Ok(if n == 0 { throttled(57) } else { status(200) }));
    customer(&script.client(), "c").policies().list().await.unwrap();
    let waited = script.requests()[1].0;
    assert!(waited >= Duration::from_secs(57) && waited < Duration::from_secs(59), "{waited:?}");

    let script = Script::new(|_, _| Ok(throttled(3600)));
    let started = Instant::now();
    let error = customer(&script.client(), "c").policies().list().await.unwrap_err();
    assert_eq!((error.kind(), started.elapsed()), (ErrorKind::Throttled, Duration::ZERO));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
    assert!(error.to_string().contains("would pass the deadline"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_429_throttles_all_calls_for_that_customer() {
    let script = Script::new(|request, n| {
        Ok(if n == 0 && request.uri().path().contains("/busy/") {
            throttled(30)
        } else {
            status(200)
        })
    });
    let client = script.client();
    let (busy, idle) = (customer(&client, "busy"), customer(&client, "idle"));
    let first = tokio::spawn({
        let busy = busy.clone();
        async move { busy.policies().list().await }
    });
    tokio::task::yield_now().await;
    let others = (0..20).map(|_| {
        let busy = busy.clone();
        tokio::spawn(async move { busy.policies().list().await })
    });
    let others: Vec<_> = others.collect();
    idle.policies().list().await.unwrap();
    assert_eq!(
        script.requests().last().unwrap().0,
        Duration::ZERO,
        "another customer is not throttled"
    );
    first.await.unwrap().unwrap();
    for other in others {
        other.await.unwrap().unwrap();
    }
    for (at, request) in &script.requests()[1..] {
        let late = *at >= Duration::from_secs(30);
        assert_eq!(late, request.uri().path().contains("/busy/"), "{at:?} {}", request.uri());
    }
}

#[tokio::test(start_paused = true)]
async fn a_throttled_call_past_its_deadline_is_not_sent() {
    let script = Script::new(|_, _| Ok(throttled(200)));
    let client = script.client();
    let short = Retry::default().deadline(Duration::from_secs(10));
    customer(&client, "c").policies().list().retry(short).await.unwrap_err();
    let error = customer(&client, "c").policies().list().retry(short).await.unwrap_err();
    assert_eq!((error.kind(), error.sent(), error.attempts()), (ErrorKind::Throttled, Sent::No, 0));
    assert_eq!(script.requests().len(), 1);
    assert!(error.to_string().contains("throttles this customer for another 200 s"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn the_deadline_limits_attempts_and_delays() {
    struct Hanging;
    impl Service for Hanging {
        fn call(&self, _: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, BoxError>> {
            Box::pin(std::future::pending())
        }
    }
    let client =
        Client::builder().in_process(Hanging).timeout(Duration::from_secs(40)).build().unwrap();
    let started = Instant::now();
    let retry = Retry::default().deadline(Duration::from_secs(100));
    let error = customer(&client, "c").policies().list().retry(retry).await.unwrap_err();
    assert_eq!((error.kind(), error.sent()), (ErrorKind::Interrupted, Sent::Maybe));
    assert!(started.elapsed() <= Duration::from_secs(100), "{:?}", started.elapsed());
    assert!(error.to_string().contains("timed out after") && error.is_timeout(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn the_deadline_limits_the_sign_in() {
    struct Hanging;
    impl TokenProvider for Hanging {
        fn token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>> {
            Box::pin(std::future::pending())
        }
    }
    let script = Script::statuses(&[200]);
    let client = script.builder().token_provider(Hanging).build().unwrap();
    let started = Instant::now();
    let error = customer(&client, "c").policies().list().await.unwrap_err();
    assert_eq!((error.kind(), started.elapsed()), (ErrorKind::Token, Duration::from_secs(300)));
}

#[tokio::test(start_paused = true)]
async fn the_retry_budget_limits_retries_during_an_outage() {
    let script = Script::statuses(&[503]);
    let client = script.client();
    for _ in 0..200 {
        customer(&client, "c").policies().list().await.unwrap_err();
    }
    assert_eq!(script.requests().len(), 200 + 100, "500 tokens allow 100 retries");
}

#[tokio::test]
async fn a_truncated_response_keeps_its_error_status() {
    for (head, kind) in [
        ("429 Too Many Requests\r\nRetry-After: 57", ErrorKind::Throttled),
        ("401 Unauthorized", ErrorKind::Unauthorized),
        ("200 OK", ErrorKind::Interrupted),
    ] {
        let server = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", server.local_addr().unwrap());
        let response = format!("HTTP/1.1 {head}\r\nContent-Length: 100\r\n\r\n{{\"items\":");
        tokio::spawn(async move {
            use tokio::io::{AsyncReadExt, AsyncWriteExt};
            while let Ok((mut socket, _)) = server.accept().await {
                let _ = socket.read(&mut [0; 4096]).await;
                let _ = socket.write_all(response.as_bytes()).await;
            }
        });
        let client = Client::builder()
            .base_url(url)
            .token("planted-token".to_owned())
            .retry(Retry::never())
            .build()
            .unwrap();
        let error = customer(&client, "c").policies().list().await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
    }
}

#[tokio::test]
async fn the_raw_client_uses_the_pipeline() {
    let script = Script::statuses(&[503, 200]);
    let raw = script.client().raw();
    let list = raw.list_policies(&CustomerId::new("c").unwrap()).await.unwrap();
    assert_eq!(list.status(), 200);
    assert_eq!(script.header("ms-requestid").len(), 2);
    assert_eq!(script.header("authorization")[0], "Bearer in-process");
}

#[tokio::test]
async fn with_raw_returns_the_raw_response() {
    let script = Script::new(|_, _| {
        let response = Response::builder().header("MS-CV", "cv.0").header("isMfaCompliant", "True");
        Ok(response.body(Bytes::from_static(b"\xEF\xBB\xBF{\"id\":\"p\",\"later\":1}")).unwrap())
    });
    let client = script.builder().validate_mfa().build().unwrap();
    let policy = customer(&client, "c").policy(PolicyId::new("p").unwrap());
    let (typed, raw) = policy.get().with_raw().await.unwrap();
    assert_eq!((typed.id_text(), raw.status().as_u16()), (Some("p"), 200));
    assert_eq!(raw.headers()["ms-cv"], "cv.0");
    assert_eq!(raw.body().as_ref(), b"{\"id\":\"p\",\"later\":1}");
    assert_eq!(raw.is_mfa_compliant(), Some(true));
    assert_eq!(script.header("validatemfa"), ["true"]);
    assert_eq!(format!("{raw:?}"), "RawResponse { status: 200, body_length: 20, .. }");
}

/// `Retry-After` comes with the accepted job and with each status.
#[tokio::test(start_paused = true)]
async fn polling_a_job_respects_retry_after() {
    let script = Script::new(|_, n| {
        let response = Response::builder().header("Retry-After", [20, 40, 0][n.min(2)]);
        Ok(match n {
            0 => response.status(202).header("Location", "/customers/c/batchJobStatus/7"),
            _ => response.status(200),
        }
        .body(match n {
            0 => Bytes::new(),
            1 | 2 => Bytes::from_static(br#"{"status":"processing"}"#),
            _ => Bytes::from_static(br#"{"status":"finished"}"#),
        })
        .unwrap())
    });
    let job = customer(&script.client(), "c").device_batches().create(batch(), [device()]);
    assert!(job.await.unwrap().await.unwrap().is_finished());
    let times: Vec<_> = script.requests().iter().map(|(at, _)| at.as_millis()).collect();
    assert_eq!(times, [0, 20_000, 60_000, 60_750], "the last delay is the default");
}

// ---- Tokens ---------------------------------------------------------------------------------------------

/// Returns `token-1`, `token-2` …, each valid for an hour, and fails from request number `fails_from` on.
struct Counting {
    requested: Arc<AtomicUsize>,
    fails_from: usize,
    app_only: bool,
}

impl TokenProvider for Counting {
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>> {
        Box::pin(async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let number = self.requested.fetch_add(1, Ordering::SeqCst) + 1;
            if number >= self.fails_from {
                return Err(TokenError::new("sign-in is down"));
            }
            Ok(AccessToken::new(format!("token-{number}")).expires_in(Duration::from_secs(3600)))
        })
    }

    fn is_app_only(&self) -> bool {
        self.app_only
    }
}

fn counting_client(script: &Script, fails_from: usize) -> (Client, Arc<AtomicUsize>) {
    let requested = Arc::new(AtomicUsize::new(0));
    let provider = Counting { requested: Arc::clone(&requested), fails_from, app_only: false };
    (script.builder().token_provider(provider).build().unwrap(), requested)
}

fn hundred_calls(client: &Client) -> Vec<JoinHandle<Result<Vec<ConfigurationPolicy>, Error>>> {
    let call = |_| {
        let customer = customer(client, "c");
        tokio::spawn(async move { customer.policies().list().await })
    };
    (0..100).map(call).collect()
}

#[tokio::test(start_paused = true)]
async fn concurrent_calls_request_one_token() {
    let script = Script::statuses(&[200]);
    let (client, requested) = counting_client(&script, usize::MAX);
    for call in hundred_calls(&client) {
        call.await.unwrap().unwrap();
    }
    assert_eq!(requested.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn concurrent_calls_share_a_failed_sign_in() {
    let script = Script::statuses(&[200]);
    let (client, requested) = counting_client(&script, 1);
    for call in hundred_calls(&client) {
        assert_eq!(call.await.unwrap().unwrap_err().kind(), ErrorKind::Token);
    }
    assert_eq!(requested.load(Ordering::SeqCst), 1, "one sign-in failed, not a hundred");
}

#[tokio::test(start_paused = true)]
async fn accepts_an_unlimited_token_lifetime() {
    struct Forever;
    impl TokenProvider for Forever {
        fn token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>> {
            Box::pin(async { Ok(AccessToken::new("token".to_owned()).expires_in(Duration::MAX)) })
        }
    }
    let client = Script::statuses(&[200]).builder().token_provider(Forever).build().unwrap();
    customer(&client, "c").policies().list().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn refreshes_five_minutes_early_and_survives_a_failed_refresh() {
    let script = Script::statuses(&[200]);
    let (client, requested) = counting_client(&script, 2);
    let list = || async { customer(&client, "c").policies().list().await };
    list().await.unwrap();
    tokio::time::advance(Duration::from_secs(54 * 60)).await;
    list().await.unwrap();
    assert_eq!(requested.load(Ordering::SeqCst), 1, "too early for a refresh");
    tokio::time::advance(Duration::from_secs(2 * 60)).await;
    let started = Instant::now();
    list().await.unwrap();
    list().await.unwrap();
    assert_eq!(
        started.elapsed(),
        Duration::ZERO,
        "no call waits for the new token while the old one works"
    );
    tokio::time::sleep(Duration::from_secs(2)).await;
    list().await.unwrap();
    assert_eq!(requested.load(Ordering::SeqCst), 2, "one failed refresh, not one for each call");
    tokio::time::advance(Duration::from_secs(5 * 60)).await;
    let error = list().await.unwrap_err();
    assert_eq!((error.kind(), error.sent(), error.attempts()), (ErrorKind::Token, Sent::No, 0));
    assert!(error.to_string().contains("sign-in is down"), "{error}");
}

/// A provider that records the claims that it is asked for.
struct Demanded(Arc<Mutex<Vec<Option<String>>>>);

impl TokenProvider for Demanded {
    fn token(&self) -> BoxFuture<'_, Result<AccessToken, TokenError>> {
        self.0.lock().unwrap().push(None);
        Box::pin(async { Ok(AccessToken::new("plain")) })
    }

    fn token_with_claims<'a>(
        &'a self,
        claims: &'a str,
    ) -> BoxFuture<'a, Result<AccessToken, TokenError>> {
        self.0.lock().unwrap().push(Some(claims.to_owned()));
        Box::pin(async { Ok(AccessToken::new("better")) })
    }
}

#[tokio::test(start_paused = true)]
async fn demanded_claims_reach_the_token_provider() {
    let script = Script::new(|request, _| {
        if request.headers()["authorization"] == "Bearer better" {
            return Ok(status(200));
        }
        let challenge =
            r#"Bearer error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ==""#;
        let response = Response::builder().status(401).header("WWW-Authenticate", challenge);
        Ok(response.body(Bytes::new()).unwrap())
    });
    let demanded = Arc::default();
    let provider: Box<dyn TokenProvider> = Box::new(Demanded(Arc::clone(&demanded)));
    let client = script.builder().token_provider(provider).build().unwrap();
    customer(&client, "c").policies().list().await.unwrap();
    assert_eq!(*demanded.lock().unwrap(), [None, Some(r#"{"access_token":{}}"#.to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn claims_are_demanded_after_an_expired_token_was_renewed() {
    let script = Script::new(|request, number| {
        if request.headers()["authorization"] == "Bearer better" {
            return Ok(status(200));
        }
        let challenge = match number {
            0 => r#"Bearer error="invalid_token""#,
            _ => r#"Bearer error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ==""#,
        };
        let response = Response::builder().status(401).header("WWW-Authenticate", challenge);
        Ok(response.body(Bytes::new()).unwrap())
    });
    let demanded = Arc::default();
    let provider = Demanded(Arc::clone(&demanded));
    let client = script.builder().token_provider(provider).build().unwrap();
    customer(&client, "c").policies().list().await.unwrap();
    let claims = Some(r#"{"access_token":{}}"#.to_owned());
    assert_eq!(*demanded.lock().unwrap(), [None, None, claims]);
}

#[tokio::test(start_paused = true)]
async fn claims_that_no_token_fulfils_are_demanded_once() {
    let script = Script::new(|_, _| {
        let challenge =
            r#"Bearer error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ==""#;
        let response = Response::builder().status(401).header("WWW-Authenticate", challenge);
        Ok(response.body(Bytes::new()).unwrap())
    });
    let client = script.builder().token_provider(Demanded(Arc::default())).build().unwrap();
    let error = customer(&client, "c").policies().list().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unauthorized, 2));
}

#[tokio::test(start_paused = true)]
async fn a_401_without_mfa_requests_no_new_token() {
    for body in [r#"{"code":"900421","description":"MFA required."}"#, r#"{"Code":10001}"#] {
        let script = Script::new(|_, _| {
            let response = Response::builder().status(401).header("isMfaCompliant", "false");
            Ok(response.body(Bytes::from_static(body.as_bytes())).unwrap())
        });
        let (client, requests) = counting_client(&script, usize::MAX);
        let error = customer(&client, "c").policies().list().await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unauthorized, 1));
        assert_eq!((error.is_mfa_compliant(), requests.load(Ordering::Relaxed)), (Some(false), 1));
        assert!(error.hint().unwrap().contains("multi-factor"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_401_drops_the_token_and_retries_once() {
    let script = Script::new(|request, _| {
        Ok(status(if request.headers()["authorization"] == "Bearer token-1" { 401 } else { 200 }))
    });
    let (client, _) = counting_client(&script, usize::MAX);
    customer(&client, "c").policies().list().await.unwrap();
    assert_eq!(script.header("authorization"), ["Bearer token-1", "Bearer token-2"]);

    let script = Script::statuses(&[401]);
    let (client, _) = counting_client(&script, usize::MAX);
    let error = customer(&client, "c").policies().list().await.unwrap_err();
    assert_eq!((error.kind(), script.requests().len()), (ErrorKind::Unauthorized, 2));
}

#[tokio::test(start_paused = true)]
async fn does_not_create_a_batch_with_an_app_only_token() {
    let script = Script::statuses(&[202]);
    let requested = Arc::new(AtomicUsize::new(0));
    let provider = Counting { requested, fails_from: usize::MAX, app_only: true };
    let client = script.builder().token_provider(provider).build().unwrap();
    let error =
        customer(&client, "c").device_batches().create(batch(), [device()]).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.sent(), error.code()),
        (ErrorKind::Input, Sent::No, Some("900329"))
    );
    assert!(error.hint().unwrap().contains("sign in as a user"));
    assert!(script.requests().is_empty());
    customer(&client, "c").device_batch(batch()).devices().add([device()]).await.unwrap();
}

#[tokio::test]
async fn redacts_an_echoed_token() {
    let script = Script::new(|request, _| {
        let token = request.headers()["authorization"].to_str().unwrap().to_owned();
        let response = Response::builder().status(403).header("ms-cv", &token);
        let response =
            response.header("ms-requestid", "planted-secret").header("ms-correlationid", " ");
        Ok(response.body(format!("bad token {token}").into()).unwrap())
    });
    let client = script.builder().token("planted-secret".to_owned()).build().unwrap();
    let error = customer(&client, "c").policies().list().await.unwrap_err();
    assert!(!format!("{error} {error:?} {:?}", error.description()).contains("planted"), "{error}");
    assert_eq!((error.request_id(), error.cv()), (Some("…"), Some("Bearer …")));
    let sent = script.requests()[0].1.headers().clone();
    assert_eq!(error.sent_request_id(), Some(sent["ms-requestid"].to_str().unwrap()));
    assert_eq!(error.correlation_id(), Some(sent["ms-correlationid"].to_str().unwrap()));
}

#[derive(Clone, Default)]
struct Store(Arc<Mutex<Vec<String>>>, bool);

impl TokenStore for Store {
    fn save<'a>(&'a self, token: &'a SecretString) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            if self.1 {
                return Err("the disk is full".into());
            }
            self.0.lock().unwrap().push(token.expose_secret().to_owned());
            Ok(())
        })
    }
}

fn cloud(server: &MockServer) -> Cloud {
    Cloud { authority: server.uri(), ..Cloud::public() }
}

#[tokio::test]
async fn requests_an_app_only_token_as_documented() {
    let server = MockServer::start().await;
    // v1 endpoints write numbers as text.
    let response = serde_json::json!({ "token_type": "Bearer", "expires_in": "3600", "access_token": "a-token" });
    Mock::given(path("/contoso.example/oauth2/v2.0/token"))
        .and(body_string_contains("grant_type=client_credentials"))
        .and(body_string_contains("client_id=an-app"))
        .and(body_string_contains("client_secret=planted+secret"))
        .and(body_string_contains("scope=https%3A%2F%2Fapi.partnercenter.microsoft.com%2F.default"))
        .respond_with(ResponseTemplate::new(200).set_body_json(response))
        .expect(1)
        .mount(&server)
        .await;
    let provider =
        AppOnly::new(cloud(&server), "contoso.example", "an-app", "planted secret".to_owned())
            .unwrap();
    let printed = format!("{provider:?}");
    assert!(printed.contains("an-app") && !printed.contains("planted"), "{printed}");
    let script = Script::statuses(&[200]);
    let client = script.builder().token_provider(provider).build().unwrap();
    customer(&client, "c").policies().list().await.unwrap();
    assert_eq!(script.header("authorization"), ["Bearer a-token"]);
}

#[tokio::test]
async fn stores_a_new_refresh_token_before_using_the_access_token() {
    let server = MockServer::start().await;
    let response = |access: &str, refresh: &str| {
        ResponseTemplate::new(200)
            .set_body_json(serde_json::json!({ "expires_in": 3600, "access_token": access, "refresh_token": refresh }))
    };
    for (old, access, new) in
        [("refresh-1", "access-1", "refresh-2"), ("refresh-2", "access-2", "refresh-3")]
    {
        Mock::given(body_string_contains(format!("refresh_token={old}")))
            .and(body_string_contains("user_impersonation+offline_access"))
            .respond_with(response(access, new))
            .mount(&server)
            .await;
    }
    let new = |store: Store| {
        RefreshToken::new(cloud(&server), "t", "an-app", "refresh-1".to_owned(), store).unwrap()
    };
    let store = Store::default();
    let script = Script::new(|request, _| {
        Ok(status(if request.headers()["authorization"] == "Bearer access-1" { 401 } else { 200 }))
    });
    let client = script.builder().token_provider(new(store.clone())).build().unwrap();
    customer(&client, "c").policies().list().await.unwrap();
    assert_eq!(*store.0.lock().unwrap(), ["refresh-2", "refresh-3"]);

    // If the store fails, the access token is not used.
    let script = Script::statuses(&[200]);
    let client = script.builder().token_provider(new(Store(Arc::default(), true))).build().unwrap();
    let error = customer(&client, "c").policies().list().await.unwrap_err();
    assert!(
        error.to_string().contains("could not store") && script.requests().is_empty(),
        "{error}"
    );
}

#[tokio::test]
async fn a_refused_sign_in_reports_the_reason_without_secrets() {
    let server = MockServer::start().await;
    let response = serde_json::json!({
        "error": "invalid_grant", "error_codes": [700_082],
        "error_description": "AADSTS700082: The refresh token has expired: planted-refresh (secret planted-client)",
    });
    Mock::given(path("/t/oauth2/v2.0/token"))
        .respond_with(ResponseTemplate::new(400).set_body_json(response))
        .expect(1)
        .mount(&server)
        .await;
    let provider = RefreshToken::new(
        cloud(&server),
        "t",
        "an-app",
        "planted-refresh".to_owned(),
        Store::default(),
    );
    let provider = provider.unwrap().client_secret("planted-client".to_owned());
    let client = Script::statuses(&[200]).builder().token_provider(provider).build().unwrap();
    let error = customer(&client, "c").policies().list().await.unwrap_err();
    assert!(error.to_string().contains("AADSTS700082"), "{error}");
    assert!(error.hint().unwrap().starts_with("the refresh token has expired"), "{error}");
    let mut printed = format!("{error} {error:?}");
    let mut source = std::error::Error::source(&error);
    while let Some(error) = source {
        printed += &format!("{error} {error:?}");
        source = error.source();
    }
    assert!(!printed.contains("planted"), "{printed}");
}

#[tokio::test]
async fn an_invalid_token_response_is_not_printed() {
    for body in
        ["{\"access_token\":", "{\"access_token\":7,\"x\":\"planted\"}", "planted", "<html>planted"]
    {
        let server = MockServer::start().await;
        Mock::given(path("/t/oauth2/v2.0/token"))
            .respond_with(ResponseTemplate::new(200).set_body_string(body))
            .mount(&server)
            .await;
        let provider =
            AppOnly::new(cloud(&server), "t", "an-app", "planted-secret".to_owned()).unwrap();
        let error = provider.token().await.unwrap_err();
        assert!(!format!("{error} {error:?}").contains("planted"), "{error}");
    }
}

#[tokio::test]
async fn shows_a_device_code_and_waits_for_the_sign_in() {
    let server = MockServer::start().await;
    Mock::given(path("/t/oauth2/v2.0/devicecode"))
        .respond_with(ResponseTemplate::new(200).set_body_json(serde_json::json!({
            "device_code": "planted-device-code", "user_code": "ABC-123", "interval": 0, "expires_in": 900,
            "verification_uri": "https://microsoft.com/devicelogin",
        })))
        .mount(&server)
        .await;
    let pending = serde_json::json!({ "error": "authorization_pending" });
    Mock::given(path("/t/oauth2/v2.0/token"))
        .respond_with(ResponseTemplate::new(400).set_body_json(pending))
        .up_to_n_times(2)
        .mount(&server)
        .await;
    let done = serde_json::json!({ "access_token": "access", "refresh_token": "refresh", "expires_in": 3600 });
    Mock::given(body_string_contains("device_code=planted-device-code"))
        .respond_with(ResponseTemplate::new(200).set_body_json(done))
        .mount(&server)
        .await;
    let printed = Arc::new(Mutex::new(String::new()));
    let show = Arc::clone(&printed);
    let store = Store::default();
    let provider = DeviceCode::new(cloud(&server), "t", "an-app", store.clone(), move |prompt| {
        *show.lock().unwrap() = format!("{} at {}", prompt.user_code, prompt.verification_uri);
    });
    let script = Script::statuses(&[200]);
    let client = script.builder().token_provider(provider.unwrap()).build().unwrap();
    customer(&client, "c").policies().list().await.unwrap();
    assert_eq!(*printed.lock().unwrap(), "ABC-123 at https://microsoft.com/devicelogin");
    assert_eq!(*store.0.lock().unwrap(), ["refresh"]);
}

#[test]
fn rejects_an_unencrypted_sign_in() {
    for authority in ["http://login.example", "ftp://x", "nonsense"] {
        let cloud = Cloud { authority: authority.to_owned(), ..Cloud::public() };
        assert!(AppOnly::new(cloud, "t", "a", "s".to_owned()).is_err(), "{authority}");
    }
    for tenant in ["", "..", "a/b", "a?b"] {
        assert!(AppOnly::new(Cloud::public(), tenant, "a", "s".to_owned()).is_err(), "{tenant}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_rate_limit_covers_all_calls_and_retries() {
    let times = Arc::new(Mutex::new(Vec::new()));
    let recorded = Arc::clone(&times);
    let start = Instant::now();
    let service = move |_: Request<Bytes>| {
        let mut times = recorded.lock().unwrap();
        times.push(start.elapsed().as_millis());
        let status = if times.len() == 3 { 503 } else { 200 };
        let body = Bytes::from_static(br#"{"totalCount":0,"items":[]}"#);
        Response::builder().status(status).body(body).unwrap()
    };
    let client = Client::builder()
        .in_process(service)
        .requests_per_second(2.0)
        .retry(Retry::default().initial_delay(Duration::from_millis(1)))
        .build()
        .unwrap();
    let list = |customer: &str| {
        let customer = client.customer(CustomerId::new(customer).unwrap());
        async move { customer.device_batches().list().await.unwrap() }
    };
    tokio::join!(list("a"), list("b"), list("c"), list("d"));
    assert_eq!(*times.lock().unwrap(), [0, 500, 1000, 1500, 2000]);

    for rate in [0.0, -2.0, 1e-19, f64::NAN] {
        let result = Client::builder().token("t".to_owned()).requests_per_second(rate).build();
        assert!(result.unwrap_err().to_string().contains("rate"));
    }
}

#[tokio::test(start_paused = true)]
async fn rate_limit_waits_do_not_count_against_the_deadline() {
    let script = Script::statuses(&[200]);
    let client = script.builder().requests_per_second(0.1).build().unwrap();
    let short = Retry::default().deadline(Duration::from_millis(1));
    let calls = (0..100).map(|_| {
        let policies = customer(&client, "c").policies();
        tokio::spawn(async move { policies.list().retry(short).await })
    });
    let calls: Vec<_> = calls.collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(script.requests().last().unwrap().0, Duration::from_secs(990));
}

/// The waiting calls are not sent while the customer is throttled, and are spaced again afterwards.
#[tokio::test(start_paused = true)]
async fn a_429_also_throttles_calls_waiting_for_the_rate_limit() {
    let script = Script::new(|_, n| Ok(if n == 0 { throttled(30) } else { status(200) }));
    let client = script.builder().requests_per_second(1.0).build().unwrap();
    let calls = ["busy"; 10].into_iter().chain(["idle"; 2]).map(|id| {
        let policies = customer(&client, id).policies();
        tokio::spawn(async move { policies.list().await })
    });
    let calls: Vec<_> = calls.collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    let times = |id: &str| -> Vec<Duration> {
        let mut requests = script.requests();
        requests.retain(|(_, request)| request.uri().path().contains(id));
        requests.into_iter().map(|(at, _)| at).collect()
    };
    assert_eq!(
        times("/idle/"),
        [10, 11].map(Duration::from_secs),
        "another customer is not throttled"
    );
    let busy = times("/busy/");
    assert_eq!(busy.len(), 11);
    assert!(busy[1] >= Duration::from_secs(30), "{busy:?}");
    // After idle time two may be sent together.
    assert!(busy[10] >= busy[1] + Duration::from_secs(8), "{busy:?}");
}

/// Delays that the service asks for count towards the deadline, before and after the wait for the rate limit.
#[tokio::test(start_paused = true)]
async fn the_deadline_limits_retries_at_a_low_rate() {
    let script = Script::new(|_, _| Ok(throttled(40)));
    let client = script.builder().requests_per_second(0.01).build().unwrap();
    let retry = Retry::default().deadline(Duration::from_secs(100)).initial_delay(Duration::ZERO);
    let error = customer(&client, "c").policies().list().retry(retry).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Throttled, 3));
    let times: Vec<_> = script.requests().iter().map(|(at, _)| at.as_secs()).collect();
    assert_eq!(times, [0, 100, 200], "two delays of 40 s fit into the deadline, a third does not");
}

#[tokio::test(start_paused = true)]
async fn a_poll_waiting_for_the_rate_limit_stops_at_the_deadline() {
    let script = Script::new(|_, _| Ok(status(200)));
    let client = script.builder().requests_per_second(0.01).build().unwrap();
    customer(&client, "c").policies().list().await.unwrap();
    let job = customer(&client, "c").job(BatchTrackingId::new("7").unwrap());
    let started = Instant::now();
    let error = job.wait(Wait::default().deadline(Duration::from_secs(10))).await.unwrap_err();
    assert_eq!(
        (error.kind(), started.elapsed()),
        (ErrorKind::StillRunning, Duration::from_secs(10))
    );
    assert_eq!(script.requests().len(), 1, "the poll was not sent");
}

#[tokio::test(start_paused = true)]
async fn a_custom_request_uses_the_pipeline() {
    let script = Script::new(|request, n| {
        Ok(match (n, request.method()) {
            (0, _) => throttled(1),
            (1, _) => status(401),
            _ => Response::builder()
                .status(203)
                .header("MS-CV", "c.1")
                .body(Bytes::from_static(b"\xef\xbb\xbfas it is"))
                .unwrap(),
        })
    });
    let response = script
        .client()
        .request(Method::POST, "v1/customers/c/x?a=b", Some(Bytes::from_static(b"{ }")))
        .await
        .unwrap();
    assert_eq!((response.status().as_u16(), &response.body()[..]), (203, &b"as it is"[..]));
    assert_eq!(response.headers()["ms-cv"], "c.1");
    let requests = script.requests();
    assert_eq!(requests.len(), 3);
    for (_, request) in &requests {
        assert_eq!(request.uri(), "http://in-process.invalid/v1/customers/c/x?a=b");
        assert_eq!((request.method(), &request.body()[..]), (&Method::POST, &b"{ }"[..]));
        assert_eq!(request.headers()["content-type"], "application/json");
        assert_eq!(request.headers()["authorization"], "Bearer in-process");
    }
    let [ids, correlations] = ["ms-requestid", "ms-correlationid"].map(|name| script.header(name));
    assert!(
        ids.iter().all(|id| *id == ids[0]) && correlations.iter().all(|id| *id == correlations[0])
    );
}

/// The service may not recognize a repeated request.
#[tokio::test(start_paused = true)]
async fn does_not_retry_a_custom_post() {
    for (method, sent) in
        [(Method::POST, 1), (Method::PATCH, 1), (Method::PUT, 5), (Method::GET, 5)]
    {
        let ask =
            |script: &Script| script.client().request(method.clone(), "x", None).into_future();
        let lost = Script::new(|_, _| Err(Lost.into()));
        let error = ask(&lost).await.unwrap_err();
        assert_eq!((error.kind(), error.sent()), (ErrorKind::Interrupted, Sent::Maybe));
        assert!(error.to_string().contains("connection reset"), "{error}");
        let failed = Script::statuses(&[503]);
        let error = ask(&failed).await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (ErrorKind::Service, "request"));
        assert_eq!((lost.requests().len(), failed.requests().len()), (sent, sent), "{method}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_invalid_custom_request_is_not_sent() {
    let script = Script::statuses(&[200]);
    for (method, path) in [(Method::GET, "customers/../x"), (Method::TRACE, "customers")] {
        let error = script.client().request(method, path, None).await.unwrap_err();
        assert_eq!((error.kind(), error.sent()), (ErrorKind::Input, Sent::No), "{error}");
    }
    assert!(script.requests().is_empty());
    let gone = Script::new(|_, _| {
        let body = r#"{"code":"60003","description":"Tenant not found"}"#;
        Ok(Response::builder().status(404).body(Bytes::from(body)).unwrap())
    });
    let error = gone.client().request(Method::GET, "customers/x", None).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::NotFound, Some("60003")));
}
