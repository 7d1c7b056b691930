//! Calls of the client: lists with several pages, jobs, updates, and errors. Most tests run in the process with paused
//! time.
#![allow(clippy::unwrap_used)]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use http::{Request, Response};
use partner_center_devices::{
    BatchId, BatchTrackingId, Client, Customer, CustomerId, DeviceId, DeviceIdentity, ErrorKind,
    PolicyChange, PolicyId, Retry, Sent, Wait,
};

type Log = Arc<Mutex<Vec<Request<Bytes>>>>;

/// Returns a customer whose service responds with `response`, and the log of its requests.
fn customer(
    response: impl Fn(&Request<Bytes>, usize) -> Response<Bytes> + Send + Sync + 'static,
) -> (Customer, Log) {
    partner_center_devices_testkit::trace();
    let log = Log::default();
    let requests = Arc::clone(&log);
    let service = move |request: Request<Bytes>| {
        let mut requests = requests.lock().unwrap();
        let response = response(&request, requests.len());
        requests.push(request);
        response
    };
    let client = Client::builder().in_process(service).build().unwrap();
    (client.customer(CustomerId::new("47021739-3426-40bf-9601-61b4b6d7c793").unwrap()), log)
}

fn response(status: u16, body: impl Into<Bytes>) -> Response<Bytes> {
    Response::builder().status(status).body(body.into()).unwrap()
}

fn batch() -> BatchId {
    BatchId::new("Test batch").unwrap()
}

/// Returns one of three pages with 250 devices in total. The next page is linked by `links.next` if `linked`, otherwise
/// by `continuationToken`.
fn pages(request: &Request<Bytes>, linked: bool) -> Response<Bytes> {
    let token = request.headers().get("ms-continuationtoken").map(|value| value.to_str().unwrap());
    let start: usize =
        token.map_or(0, |token| token.strip_prefix("from-").unwrap().parse().unwrap());
    if linked && start > 0 {
        assert_eq!(request.uri().query(), Some("size=100&seekOperation=Next"));
    }
    let end = (start + 100).min(250);
    let items: Vec<_> = (start..end).map(|n| serde_json::json!({ "id": n.to_string() })).collect();
    let mut body = serde_json::json!({ "totalCount": 250, "items": items });
    if end < 250 && linked {
        body["links"] = serde_json::json!({ "next": {
            "uri": "https://elsewhere.example/devices?size=100&seekOperation=Next",
            "method": "GET",
            "headers": [{ "key": "MS-ContinuationToken", "value": format!("from-{end}") }],
        } });
    } else if end < 250 {
        body["continuationToken"] = format!("from-{end}").into();
    }
    response(200, body.to_string())
}

#[tokio::test]
async fn a_list_reads_all_pages_in_both_forms() {
    for linked in [false, true] {
        let (customer, log) = customer(move |request, _| pages(request, linked));
        let all = customer.device_batch(batch()).devices().list().await.unwrap();
        let ids: Vec<usize> =
            all.iter().map(|device| device.id().unwrap().as_str().parse().unwrap()).collect();
        assert_eq!(ids, (0..250).collect::<Vec<_>>(), "every device once, in order");
        let log = log.lock().unwrap();
        assert_eq!(log.len(), 3);
        assert!(
            log.iter().all(|request| request.uri().host() == Some("in-process.invalid")),
            "links are not followed"
        );
        let ids: std::collections::HashSet<_> =
            log.iter().map(|r| r.headers()["ms-requestid"].clone()).collect();
        assert_eq!(ids.len(), 3, "each page is a separate call");
    }
}

#[tokio::test]
async fn a_stream_loads_pages_when_it_needs_them() {
    let (customer, log) = customer(|request, _| pages(request, false));
    let mut devices = customer.device_batch(batch()).devices().list();
    assert_eq!(log.lock().unwrap().len(), 0);
    for _ in 0..100 {
        devices.next().await.unwrap().unwrap();
    }
    assert_eq!(log.lock().unwrap().len(), 1);
    devices.next().await.unwrap().unwrap();
    assert_eq!(log.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn a_list_resumes_from_a_continuation() {
    let (customer, _) = customer(|request, _| pages(request, false));
    let mut devices = customer.device_batch(batch()).devices().list();
    let first = devices.next_page().await.unwrap().unwrap();
    assert_eq!((first.items.len(), first.total_count), (100, Some(250)));
    let token = first.continuation.unwrap();
    let rest = customer.device_batch(batch()).devices().list().resume(token).await.unwrap();
    assert_eq!(rest.len(), 150);
    assert_eq!(rest[0].id_text(), Some("100"));
}

#[tokio::test]
async fn an_empty_page_does_not_end_the_list() {
    let (customer, _) = customer(|_, n| {
        response(
            200,
            [
                "{\"items\":[{\"id\":\"a\"}],\"continuationToken\":\"1\"}",
                "{\"items\":[],\"continuationToken\":\"2\"}",
                "{\"items\":[{\"id\":\"b\"}]}",
            ][n],
        )
    });
    assert_eq!(customer.device_batch(batch()).devices().list().await.unwrap().len(), 2);
}

/// A page with this body and a continuation token that was never sent before.
fn endless(items: &'static str) -> (Customer, Log) {
    customer(move |_, number| {
        response(200, format!(r#"{{"items":[{items}],"continuationToken":"{number}"}}"#))
    })
}

#[tokio::test]
async fn a_list_that_does_not_end_is_an_error() {
    let (customer, log) = endless(r#"{"id":"a"}"#);
    let error = customer.device_batches().list().max_pages(30).await.unwrap_err();
    assert_eq!((error.kind(), log.lock().unwrap().len()), (ErrorKind::Unreadable, 30));
    assert!(error.to_string().contains("the list continues after 30 pages"), "{error}");

    let (customer, log) = endless("");
    let mut list = customer.device_batch(batch()).devices().list();
    let error = list.next().await.unwrap().unwrap_err();
    assert_eq!(log.lock().unwrap().len(), 100);
    assert!(error.to_string().contains("after 100 empty pages"), "{error}");
    assert!(list.next().await.is_none(), "the stream ends after an error");
}

/// A service in the process is always ready.
#[tokio::test]
async fn a_timeout_ends_a_list_of_a_service_in_the_process() {
    let (customer, log) = endless(r#"{"id":"a"}"#);
    let list = async { customer.device_batches().list().max_pages(usize::MAX).await };
    let ended = tokio::time::timeout(Duration::from_millis(50), list).await;
    assert!(ended.is_err() && log.lock().unwrap().len() > 1);
}

#[tokio::test]
async fn a_repeated_continuation_token_is_an_error() {
    let (customer, log) =
        customer(|_, _| response(200, r#"{"items":[{"id":"a"}],"continuationToken":"same"}"#));
    let results: Vec<_> = customer.device_batch(batch()).devices().list().collect().await;
    assert_eq!(results.len(), 2);
    let error = results[1].as_ref().unwrap_err();
    assert!(error.to_string().contains("continuation token"), "{error}");
    assert_eq!(log.lock().unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_list_ends_after_an_error() {
    let (customer, _) =
        customer(|request, n| if n == 0 { pages(request, false) } else { response(500, "") });
    let mut devices = customer.device_batch(batch()).devices().list();
    let mut count = 0;
    while let Some(Ok(_)) = devices.next().await {
        count += 1;
    }
    assert_eq!(count, 100, "all items before the error were returned");
    assert!(devices.next().await.is_none());
}

fn accepted() -> Response<Bytes> {
    let location = "/customers/c/batchJobStatus/beba2053-5401-46ff-9223-7e841ed78fbf";
    Response::builder().status(202).header("Location", location).body(Bytes::new()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn awaiting_a_job_waits_until_it_finishes() {
    let (customer, log) = customer(|_, n| match n {
        0 => accepted(),
        1 => response(200, r#"{"status":"queued"}"#),
        2 => response(200, r#"{"status":"something_new"}"#),
        3 => response(200, r#"{"status":"processing","devicesStatus":[{"status":"in-progress"}]}"#),
        _ => response(
            200,
            r#"{"status":"finished","devicesStatus":[{"status":"finished","errorCode":"0"}]}"#,
        ),
    });
    let started = tokio::time::Instant::now();
    let device = DeviceIdentity::from_product_key("3306123456789").unwrap();
    let job = customer.device_batches().create(batch(), [device]).await.unwrap();
    assert_eq!(job.tracking_id().as_str(), "beba2053-5401-46ff-9223-7e841ed78fbf");
    let end = job.await.unwrap();
    assert!(end.is_finished());
    assert_eq!(started.elapsed(), Duration::from_millis(500 + 750 + 1125));
    assert_eq!(log.lock().unwrap().len(), 5);
}

#[tokio::test(start_paused = true)]
async fn waiting_for_a_job_stops_at_the_deadline() {
    let (customer, _) = customer(|_, _| response(200, r#"{"status":"processing"}"#));
    let job = customer.job(BatchTrackingId::new("7").unwrap());
    let started = tokio::time::Instant::now();
    let error = job.wait(Wait::default().deadline(Duration::from_secs(60))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::StillRunning);
    assert_eq!(started.elapsed(), Duration::from_secs(60));
    let statuses: Vec<_> =
        job.statuses(Wait::default().deadline(Duration::from_secs(1))).collect().await;
    assert_eq!(statuses.len(), 4, "polls at 0, 0.5 and 1 s, and the error");
    assert!(statuses[3].is_err());
}

#[tokio::test]
async fn an_accepted_upload_without_a_job_is_an_error() {
    let (customer, _) = customer(|_, _| response(202, ""));
    let error = customer.device_batch(batch()).devices().add([]).await.unwrap_err();
    assert_eq!((error.kind(), error.sent()), (ErrorKind::Unreadable, Sent::Answered));
    assert!(error.to_string().contains("returned no job"), "{error}");
}

#[tokio::test]
async fn an_upload_that_a_filter_blocks_with_json_is_intercepted() {
    for body in [r#"["blocked"]"#, r#""blocked""#, r#"{"status":"blocked","category":"cloud"}"#] {
        let (customer, log) = customer(move |_, _| response(200, body));
        let error = customer.device_batches().create(batch(), []).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Intercepted, "{error}");
        assert_eq!(log.lock().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn an_error_after_the_response_has_status_and_ids() {
    let (customer, _) = customer(|_, _| {
        let response = Response::builder()
            .status(202)
            .header("MS-RequestId", "srv-r")
            .header("MS-CV", "srv-cv.0");
        response.header("MS-CorrelationId", "srv-c").body(Bytes::new()).unwrap()
    });
    let id = uuid::Uuid::new_v4();
    let error = customer.device_batch(batch()).devices().add([]).request_id(id).await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.attempts()), (202, 1));
    assert_eq!((error.request_id(), error.correlation_id()), (Some("srv-r"), Some("srv-c")));
    assert_eq!(
        (error.cv(), error.sent_request_id()),
        (Some("srv-cv.0"), Some(id.to_string().as_str()))
    );
}

#[tokio::test]
async fn a_job_response_without_a_status_is_an_error() {
    for (body, kind) in [
        (r#"{"something":"else"}"#, ErrorKind::Intercepted),
        (r#"{"batchTrackingId":"7"}"#, ErrorKind::Unreadable),
    ] {
        let (customer, _) = customer(move |_, _| response(200, body));
        let error = customer.job(BatchTrackingId::new("7").unwrap()).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{body}");
    }
}

#[tokio::test]
async fn a_page_of_a_web_filter_is_an_error_and_is_not_retried() {
    let page = "<!DOCTYPE html><html><head><title>Contoso Web Filter</title></head></html>";
    let (customer, log) = customer(move |_, _| response(200, page));
    let batch = customer.device_batch(batch());
    let policy = PolicyId::new("p").unwrap();
    let errors = [
        batch.device(DeviceId::new("d").unwrap()).delete().await.unwrap_err(),
        batch.devices().add([]).await.unwrap_err(),
        customer.policy(policy.clone()).delete().await.unwrap_err(),
        customer.policy(policy).get().await.unwrap_err(),
        customer.device_batches().list().await.unwrap_err(),
    ];
    assert_eq!(log.lock().unwrap().len(), errors.len());
    for error in errors {
        assert_eq!((error.kind(), error.sent()), (ErrorKind::Intercepted, Sent::Maybe));
        assert_eq!(error.status().unwrap().as_u16(), 200);
        assert!(error.to_string().contains("a web page, \"Contoso Web Filter\""), "{error}");
        assert!(error.hint().unwrap().contains("sign in to the network"), "{error}");
    }
}

#[tokio::test]
async fn a_page_with_an_error_status_that_the_service_does_not_send_is_intercepted() {
    let page = "<html><head><title>Zugriff gesperrt</title></head></html>";
    for (status, body, kind) in [
        (403, page, ErrorKind::Intercepted),
        (407, page, ErrorKind::Intercepted),
        (451, page, ErrorKind::Intercepted),
        (511, page, ErrorKind::Intercepted),
        (511, "", ErrorKind::Intercepted),
        (403, "", ErrorKind::Forbidden),
        (403, r#"{"code":"900309"}"#, ErrorKind::Forbidden),
        (404, page, ErrorKind::Intercepted),
        (404, "", ErrorKind::NotFound),
        (400, page, ErrorKind::Rejected),
    ] {
        let (customer, log) = customer(move |_, _| response(status, body));
        let policy = customer.policy(PolicyId::new("p").unwrap());
        let errors = [
            policy.get().await.unwrap_err(),
            policy.delete().await.unwrap_err(),
            customer.device_batch(batch()).devices().add([]).await.unwrap_err(),
        ];
        assert_eq!(log.lock().unwrap().len(), errors.len(), "{status}: not sent again");
        for error in errors {
            assert_eq!((error.kind(), error.status().unwrap().as_u16()), (kind, status), "{error}");
            assert_eq!(error.body(), Some(body));
            if kind == ErrorKind::Intercepted {
                assert!(error.to_string().contains("a web filter, a proxy"), "{error}");
                assert!(error.hint().unwrap().contains("sign in to the network"), "{error}");
                assert_eq!(error.to_string().contains("Zugriff gesperrt"), !body.is_empty());
            }
        }
    }
}

/// Lists have nine pages with one item of a mebibyte each.
fn pages_of_a_mebibyte() -> (Customer, Log) {
    customer(|request, n| {
        let id = "i".repeat(1 << 20);
        let token = request.headers().get("ms-continuationtoken");
        let page = token.map_or(0, |page| page.to_str().unwrap().parse::<usize>().unwrap() % 9);
        let next = if page < 8 {
            format!(r#","continuationToken":"{}""#, 9 * n + page + 1)
        } else {
            String::new()
        };
        response(200, format!(r#"{{"items":[{{"id":"{id}"}}]{next}}}"#))
    })
}

#[tokio::test]
async fn only_a_whole_list_has_a_limit_of_memory() {
    let (customer, _) = pages_of_a_mebibyte();
    let error = customer.policies().list().max_memory(4 << 20).await.unwrap_err();
    assert_eq!((error.kind(), error.sent()), (ErrorKind::Unreadable, Sent::Answered));
    assert!(error.to_string().contains("needs more than 4 MiB of memory"), "{error}");

    let (customer, _) = pages_of_a_mebibyte();
    assert_eq!(customer.policies().list().await.unwrap().len(), 9);
    let mut list = customer.policies().list().max_memory(4 << 20);
    let mut pages = 0;
    while let Some(page) = list.next_page().await {
        pages += page.unwrap().items.len();
    }
    assert_eq!(pages, 9);
}

#[tokio::test]
async fn a_next_link_without_a_token_is_an_error() {
    let (customer, _) = customer(|_, _| {
        response(
            200,
            r#"{"totalCount":250,"items":[{"id":"a"}],"links":{"next":{"uri":"/x?seekOperation=Next"}}}"#,
        )
    });
    let error = customer.device_batch(batch()).devices().list().await.unwrap_err();
    assert!(error.to_string().contains("no continuation token"), "{error}");
}

#[tokio::test]
async fn a_list_that_ends_too_early_is_an_error_after_its_elements() {
    for (body, problem) in [
        (
            r#"{"totalCount":500,"items":[{"id":"a"}]}"#,
            "the list ends after 1 of 500 elements, without a link to the next page",
        ),
        (
            r#"{"totalCount":2,"items":null}"#,
            "the list ends after 0 of 2 elements, without a link to the next page",
        ),
    ] {
        let (customer, _) = customer(move |_, _| response(200, body));
        let devices = || customer.device_batch(batch()).devices().list();
        let error = devices().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreadable);
        assert!(error.to_string().contains(problem), "{error}");
        let mut list = devices();
        let page = list.next_page().await.unwrap().unwrap();
        assert_eq!(page.continuation, None);
        assert!(list.next_page().await.unwrap().is_err());
        assert!(list.next_page().await.is_none());
    }
    for body in [r#"{"totalCount":0,"items":[{"id":"a"}]}"#, r#"{"totalCount":-1,"items":[]}"#] {
        let (customer, _) = customer(move |_, _| response(200, body));
        customer.policies().list().await.unwrap();
    }
}

#[tokio::test]
async fn a_list_may_change_while_it_is_read() {
    for (first, last) in [(3, 2), (2, 3), (0, 3)] {
        let (customer, _) = customer(move |_, n| {
            let pages = [
                format!(
                    r#"{{"totalCount":{first},"items":[{{"id":"a"}}],"continuationToken":"1"}}"#
                ),
                format!(r#"{{"totalCount":{last},"items":[{{"id":"b"}}]}}"#),
            ];
            response(200, pages[n].clone())
        });
        assert_eq!(customer.device_batches().list().await.unwrap().len(), 2, "{first} {last}");
    }
}

#[tokio::test]
async fn an_element_without_any_property_is_an_error() {
    for items in [r#"[{}]"#, r#"[{"id":"a"},{"foo":1}]"#] {
        let body = format!(r#"{{"items":{items}}}"#);
        let (customer, _) = customer(move |_, _| response(200, body.clone()));
        let error = customer.policies().list().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreadable);
        let problem = "has none of the documented properties";
        assert!(error.to_string().contains(problem), "{error}");
        assert!(customer.device_batches().list().await.is_err());
        assert!(customer.device_batch(batch()).devices().list().await.is_err());
    }
}

#[tokio::test]
async fn a_part_of_a_response_is_never_taken_for_the_whole() {
    for body in ["", r#"{"totalCount":0,"items":[]}"#] {
        let (customer, log) = customer(move |_, _| response(206, body));
        let error = customer.policies().list().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Intercepted);
        assert!(error.to_string().contains("(status 206)"), "{error}");
        assert_eq!(log.lock().unwrap().len(), 1);
        let device = customer.device_batch(batch()).device("d".parse().unwrap());
        assert_eq!(device.delete().await.unwrap_err().kind(), ErrorKind::Intercepted);
    }
}

#[tokio::test]
async fn cyclic_continuation_tokens_are_an_error() {
    let (customer, log) = customer(|_, n| {
        response(
            200,
            format!(r#"{{"items":[{{"id":"a"}}],"continuationToken":"{}"}}"#, ["A", "B"][n % 2]),
        )
    });
    let error = customer.device_batch(batch()).devices().list().await.unwrap_err();
    assert!(error.to_string().contains("already read"), "{error}");
    assert_eq!(log.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn only_the_first_page_uses_the_callers_request_id() {
    let (customer, log) = customer(|request, _| pages(request, true));
    let id = uuid::Uuid::new_v4();
    customer.device_batch(batch()).devices().list().request_id(id).await.unwrap();
    let sent: Vec<bool> =
        log.lock().unwrap().iter().map(|r| r.headers()["ms-requestid"] == id.to_string()).collect();
    assert_eq!(sent, [true, false, false]);
}

#[tokio::test]
async fn sends_only_documented_headers_and_a_sensitive_token() {
    let (customer, log) = customer(|_, _| response(200, "[]"));
    customer.policies().list().await.unwrap();
    let log = log.lock().unwrap();
    assert!(log[0].headers()["authorization"].is_sensitive());
    let mut names: Vec<&str> = log[0].headers().keys().map(http::HeaderName::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "authorization", "ms-correlationid", "ms-requestid", "x-locale"]);
}

#[tokio::test(start_paused = true)]
async fn a_hanging_poll_stops_at_the_deadline() {
    struct Hanging;
    impl partner_center_devices::raw::Service for Hanging {
        fn call(
            &self,
            _: Request<Bytes>,
        ) -> partner_center_devices::raw::BoxFuture<
            '_,
            Result<Response<Bytes>, partner_center_devices::raw::BoxError>,
        > {
            Box::pin(std::future::pending())
        }
    }
    let client = Client::builder().in_process(Hanging).build().unwrap();
    let job =
        client.customer(CustomerId::new("c").unwrap()).job(BatchTrackingId::new("7").unwrap());
    let started = tokio::time::Instant::now();
    let error = job.wait(Wait::default().deadline(Duration::from_secs(10))).await.unwrap_err();
    assert_eq!(
        (error.kind(), started.elapsed()),
        (ErrorKind::StillRunning, Duration::from_secs(10))
    );
    assert!(error.to_string().contains("tracking id 7"), "{error}");
}

#[tokio::test]
async fn finds_a_job_that_is_named_in_the_body() {
    let (customer, _) = customer(|_, _| {
        response(200, r#"{"location":"https://elsewhere.example/v1/customers/c/batchjobstatus/7"}"#)
    });
    let job = customer.device_batch(batch()).devices().add([]).await.unwrap();
    assert_eq!(job.tracking_id().as_str(), "7");
}

#[tokio::test]
async fn renaming_a_policy_keeps_its_settings() {
    let (customer, log) = customer(|_, _| {
        response(
            200,
            r#"{"id":"p","name":"Old","category":"o_o_b_e","devicesAssigned":3,
            "policySettings":["skip_eula","something_new"],"createdDate":"2017-07-25T18:07:36"}"#,
        )
    });
    customer
        .policy(PolicyId::new("p").unwrap())
        .update(PolicyChange::new().name("New"))
        .await
        .unwrap();
    let log = log.lock().unwrap();
    assert_eq!((log[0].method().as_str(), log[1].method().as_str()), ("GET", "PUT"));
    let sent: serde_json::Value = serde_json::from_slice(log[1].body()).unwrap();
    let expected = serde_json::json!({
        "id": "p", "name": "New", "category": "o_o_b_e", "policySettings": ["skip_eula", "something_new"],
    });
    assert_eq!(sent, expected, "unknown settings are kept too");
}

#[tokio::test]
async fn a_policy_without_settings_is_not_updated() {
    let (customer, log) = customer(|_, _| response(200, r#"{"id":"p","name":"Old"}"#));
    let error = customer
        .policy(PolicyId::new("p").unwrap())
        .update(PolicyChange::new().name("New"))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("settings"), "{error}");
    assert_eq!(log.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn updating_a_device_accepts_an_empty_response() {
    for status in [200, 202, 204] {
        let (customer, _) = customer(move |_, _| response(status, ""));
        let device = customer.device_batch(batch()).device(DeviceId::new("d").unwrap());
        assert!(device.update(None).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_decode_error_names_the_place_and_the_ids() {
    let (customer, _) = customer(|_, _| {
        Response::builder()
            .header("MS-CorrelationId", "srv-1")
            .body(Bytes::from_static(br#"{"items":[{"id":"a"},{"id":"b","serialNumber":7}]}"#))
            .unwrap()
    });
    let error = customer.device_batch(batch()).devices().list().await.unwrap_err();
    assert_eq!((error.kind(), error.sent()), (ErrorKind::Unreadable, Sent::Answered));
    assert_eq!(error.status().unwrap(), 200);
    assert_eq!(error.correlation_id(), Some("srv-1"));
    assert!(
        error.to_string().contains("items[1].serialNumber: invalid type: integer `7`"),
        "{error}"
    );
}

#[tokio::test]
async fn an_error_redacts_an_echoed_hash() {
    let hash = "T0HzAQEAHAAAAAoA".repeat(250);
    for body in [
        format!(r#"{{"code":"802","description":"cannot read {hash}"}}"#),
        format!("cannot read {hash}"),
    ] {
        let (customer, _) = customer(move |_, _| response(400, body.clone()));
        let device = DeviceIdentity::from_hash(hash.clone()).unwrap();
        let error = customer.device_batches().create(batch(), [device]).await.unwrap_err();
        let printed = format!("{error} {error:?} {:?}", error.description());
        assert!(
            printed.contains("T0HzAQ…(4000 characters)") && !printed.contains("T0HzAQE"),
            "{printed}"
        );
    }
    let (customer, _) = customer(move |_, _| {
        response(200, format!(r#"{{"items":"{}"}}"#, "T0HzAQEAHAAAAAoA".repeat(250)))
    });
    let error = customer.device_batch(batch()).devices().list().await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("T0HzAQE"), "{error}");
}

#[tokio::test]
async fn an_unreachable_service_received_nothing() {
    // This port was free a moment ago and has no listener.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let client = Client::builder()
        .base_url(format!("http://127.0.0.1:{port}"))
        .token("t".to_owned())
        .build()
        .unwrap();
    let customer = client.customer(CustomerId::new("c").unwrap());
    let error = customer.policies().list().retry(Retry::never()).await.unwrap_err();
    assert_eq!((error.kind(), error.sent(), error.attempts()), (ErrorKind::Connect, Sent::No, 1));
    let message =
        "cannot list the configuration policies of a customer because the service is unreachable: ";
    assert!(error.to_string().starts_with(message), "{error}");
    assert!(error.request_id().is_some() && error.correlation_id().is_some());
}

/// The server reads the request and closes the connection.
#[tokio::test]
async fn a_broken_connection_may_have_sent_the_request() {
    for part in ["", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"items\":"] {
        let server = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", server.local_addr().unwrap());
        let serving = tokio::spawn(async move {
            use tokio::io::{AsyncReadExt, AsyncWriteExt};
            let (mut socket, _) = server.accept().await.unwrap();
            let mut request = vec![0; 4096];
            assert!(socket.read(&mut request).await.unwrap() > 0);
            socket.write_all(part.as_bytes()).await.unwrap();
        });
        let client = Client::builder().base_url(url).token("t".to_owned()).build().unwrap();
        let error = client
            .customer(CustomerId::new("c").unwrap())
            .policies()
            .list()
            .retry(Retry::never())
            .await
            .unwrap_err();
        assert_eq!((error.kind(), error.sent()), (ErrorKind::Interrupted, Sent::Maybe), "{error}");
        serving.await.unwrap();
    }
}

#[tokio::test]
async fn does_not_follow_redirects() {
    let server = wiremock::MockServer::start().await;
    let elsewhere = wiremock::MockServer::start().await;
    wiremock::Mock::given(wiremock::matchers::any())
        .respond_with(
            wiremock::ResponseTemplate::new(307).insert_header("Location", elsewhere.uri()),
        )
        .mount(&server)
        .await;
    let client =
        Client::builder().base_url(server.uri()).token("planted".to_owned()).build().unwrap();
    let error = client.customer(CustomerId::new("c").unwrap()).policies().list().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Intercepted);
    assert!(error.to_string().contains("a redirect to 127.0.0.1, which a web filter"), "{error}");
    assert!(
        elsewhere.received_requests().await.unwrap().is_empty(),
        "the token went to another host"
    );
    assert!(!format!("{error} {error:?}").contains("planted"));
}
