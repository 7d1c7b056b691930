//! Customers, relationships, the audit log and the own profile: filters, paging, windows and errors.
#![allow(clippy::unwrap_used)]

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::StreamExt as _;
use http::{Request, Response};
use partner_center_devices::{
    AuditOperationType, AuditQuery, AuditResourceType, BatchId, Client, CustomerFilter, CustomerId,
    CustomerPartnerRelationship, DeviceIdentity, ErrorKind, Retry, Sent, UtcDay,
};
use partner_center_devices_emulator::{Emulator, WorldFile};
use serde_json::{Value, json};

type Log = Arc<Mutex<Vec<Request<Bytes>>>>;

/// Returns a client of a service with these responses, and the log of its requests.
fn client(
    answer: impl Fn(&Request<Bytes>) -> (u16, String) + Send + Sync + 'static,
) -> (Client, Log) {
    partner_center_devices_testkit::trace();
    let log = Log::default();
    let requests = Arc::clone(&log);
    let service = move |request: Request<Bytes>| {
        let (status, body) = answer(&request);
        requests.lock().unwrap().push(request);
        Response::builder().status(status).body(Bytes::from(body)).unwrap()
    };
    let client = Client::builder().in_process(service).retry(Retry::never()).build().unwrap();
    (client, log)
}

fn queries(log: &Log) -> Vec<String> {
    let log = log.lock().unwrap();
    log.iter().map(|request| request.uri().query().unwrap_or_default().to_owned()).collect()
}

/// Returns the parameters of a request, decoded.
fn parameter(request: &Request<Bytes>, name: &str) -> Option<String> {
    let query = request.uri().query()?;
    assert!(!query.contains('+'), "a space is %20: {query}");
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

fn token(request: &Request<Bytes>) -> Option<&str> {
    request.headers().get("ms-continuationtoken").map(|value| value.to_str().unwrap())
}

fn named(id: &str, name: &str, domain: &str) -> Value {
    json!({ "id": id, "companyProfile": { "companyName": name, "domain": domain } })
}

fn id(text: &str) -> CustomerId {
    CustomerId::new(text).unwrap()
}

#[tokio::test]
async fn a_filter_is_json_in_the_documented_encoding() {
    let (client, log) = client(|_| (200, json!({ "items": [] }).to_string()));
    let customers = client.customers();
    for filter in [
        CustomerFilter::company_name_starts_with("A \"B\"+&%é"),
        CustomerFilter::domain_starts_with("contoso.com"),
        CustomerFilter::indirect_reseller("484e548c"),
    ] {
        customers.clone().filter(filter).list().await.unwrap();
    }
    customers.page_size(40).unwrap().list().await.unwrap();
    client.customers().list().await.unwrap();
    assert_eq!(
        queries(&log),
        [
            "filter=%7B%22Field%22%3A%22CompanyName%22%2C%22Value%22%3A%22A%20%5C%22B%5C%22%2B%26%25%C3%A9%22%2C%22Operator%22%3A%22starts_with%22%7D&size=0",
            "filter=%7B%22Field%22%3A%22Domain%22%2C%22Value%22%3A%22contoso.com%22%2C%22Operator%22%3A%22starts_with%22%7D&size=0",
            "filter=%7B%22Field%22%3A%22IndirectReseller%22%2C%22Value%22%3A%22484e548c%22%2C%22Operator%22%3A%22starts_with%22%7D&size=0",
            "size=40",
            "",
        ]
    );
}

#[test]
fn a_page_has_at_most_five_hundred_customers() {
    let (client, _) = client(|_| (200, String::new()));
    for size in [0, 501] {
        let error = client.customers().page_size(size).unwrap_err();
        assert_eq!((error.kind(), error.sent()), (ErrorKind::Input, Sent::No));
        assert!(error.to_string().contains("1 to 500"), "{error}");
    }
    for size in [1, 500] {
        let _ = client.customers().page_size(size).unwrap();
    }
}

/// Answers with 1,200 customers, 500 a page, linked in one of two ways.
fn pages_of_customers(request: &Request<Bytes>, uri: Option<&str>) -> (u16, String) {
    let start: usize = token(request).map_or(0, |token| token.parse().unwrap());
    let end = (start + 500).min(1_200);
    let items: Vec<_> = (start..end).map(|n| json!({ "id": n.to_string() })).collect();
    let mut body = json!({ "totalCount": items.len(), "items": items });
    match uri {
        Some(uri) if end < 1_200 => {
            let headers = json!([
                { "key": "MS-ContinuationToken", "value": end.to_string() },
                { "key": "X-Page", "value": "next" },
                { "key": "Authorization", "value": "Bearer other" },
            ]);
            body["links"] = json!({ "next": { "uri": uri, "method": "GET", "headers": headers } });
        }
        None if end < 1_200 => body["continuationToken"] = end.to_string().into(),
        _ => {}
    }
    (200, body.to_string())
}

#[tokio::test]
async fn customers_are_read_by_links_or_by_tokens() {
    for (uri, query, header) in [
        // As an issue shows it.
        (Some("/v1/customers?size=500&seekOperation=Next"), "size=500&seekOperation=Next", true),
        (Some("/customers?seekOperation=Next&size=500"), "seekOperation=Next&size=500", true),
        (Some("https://elsewhere.example/v1/customers?size=500"), "size=500", true),
        (None, "seekOperation=Next", false),
    ] {
        let (client, log) = client(move |request| pages_of_customers(request, uri));
        let filter = CustomerFilter::company_name_starts_with("C");
        let all = client.customers().filter(filter).list().await.unwrap();
        let ids: Vec<usize> =
            all.iter().map(|customer| customer.id_text().unwrap().parse().unwrap()).collect();
        assert_eq!(ids, (0..1_200).collect::<Vec<_>>(), "each customer once, in order");
        assert_eq!(queries(&log)[1..], [query, query]);
        for request in log.lock().unwrap().iter().skip(1) {
            assert_eq!(request.uri().path(), "/v1/customers");
            assert_eq!(request.uri().host(), Some("in-process.invalid"));
            assert_eq!(request.headers().contains_key("x-page"), header);
            let authorization = request.headers().get("authorization");
            assert!(authorization.is_none_or(|value| value != "Bearer other"));
        }
    }
}

#[tokio::test]
async fn a_list_of_customers_resumes_from_text() {
    let link = "/v1/customers?size=500&seekOperation=Next";
    let (client, log) = client(move |request| pages_of_customers(request, Some(link)));
    let mut list = client.customers().list();
    let text = list.next_page().await.unwrap().unwrap().continuation.unwrap().to_string();
    assert!(text.starts_with("500 ?size=500&seekOperation=Next"), "{text}");
    let rest = client.customers().list().resume(text.parse().unwrap()).await.unwrap();
    assert_eq!(rest.len(), 700);
    assert_eq!(queries(&log)[1], "size=500&seekOperation=Next");

    // A stored text does not replace the headers of the client.
    let text =
        "1000 ?size=7 X-Page:next Authorization:Bearer%20other Host:elsewhere.example a%20b:c";
    client.customers().list().resume(text.parse().unwrap()).await.unwrap();
    let log = log.lock().unwrap();
    let last = log.last().unwrap();
    assert_eq!((last.uri().query(), token(last)), (Some("size=7"), Some("1000")));
    assert_eq!(last.headers()["x-page"], "next");
    for name in ["authorization", "host"] {
        let value = last.headers().get(name).map(|value| value.to_str().unwrap());
        assert!(value.is_none_or(|value| !value.contains("other") && !value.contains("elsewhere")));
    }
}

#[tokio::test]
async fn a_token_that_repeats_is_an_error() {
    let (client, log) = client(|_| {
        (200, json!({ "items": [{ "id": "a" }], "continuationToken": "A" }).to_string())
    });
    let error = client.customers().list().await.unwrap_err();
    assert!(error.to_string().contains("already read"), "{error}");
    assert_eq!(log.lock().unwrap().len(), 2);
    let error = client.audit_records(AuditQuery::new()).await.unwrap_err();
    assert!(error.to_string().contains("already read"), "{error}");
}

#[tokio::test]
async fn find_asks_for_the_name_and_the_domain() {
    let (client, log) = client(|request| {
        let filter: Value = serde_json::from_str(&parameter(request, "filter").unwrap()).unwrap();
        let items = match filter["Field"].as_str().unwrap() {
            "CompanyName" => {
                json!([named("A", "Contoso", "x.example"), named("b", "Contoso", "contoso.com")])
            }
            _ => json!([
                named("a", "Contoso", "x.example"),
                named("c", "Fabrikam", "contoso.com.au")
            ]),
        };
        (200, json!({ "items": items }).to_string())
    });
    let ids = |found: Vec<partner_center_devices::CustomerDetails>| -> Vec<String> {
        found.iter().map(|customer| customer.id_text().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(client.customers().find(" contoso ").await.unwrap()), ["A", "b", "c"]);
    assert_eq!(log.lock().unwrap().len(), 2);
    assert_eq!(ids(client.customers().find_domain("X.example").await.unwrap()), ["a"]);
    assert!(client.customers().find_domain("contoso.com").await.unwrap().is_empty());
    assert!(client.customers().find("  ").await.unwrap().is_empty());
    assert_eq!(log.lock().unwrap().len(), 4);
}

#[tokio::test]
async fn null_stands_for_no_relationships() {
    for body in ["null", r#"{"totalCount":0,"items":null}"#, r#"{"totalCount":0}"#, "[]"] {
        let (client, _) = client(move |_| (200, body.to_owned()));
        assert!(client.customer(id("c")).relationships().await.unwrap().is_empty(), "{body}");
        assert!(client.indirect_resellers().await.unwrap().is_empty(), "{body}");
        assert!(client.indirect_providers().await.unwrap().is_empty(), "{body}");
    }
    // A list that is never null must not be empty by accident.
    let (client, _) = client(|_| (200, "null".to_owned()));
    assert!(client.customers().list().await.is_err());
    assert!(client.customer(id("c")).device_batches().list().await.is_err());
}

#[tokio::test]
async fn numeric_codes_are_explained() {
    let fault = |code: u32| {
        json!({ "code": code, "description": "d", "data": [], "source": "PartnerFD" }).to_string()
    };
    for (status, code, hint) in [
        (403, 20_002, "you are not a reseller of this customer"),
        (404, 60_003, "check the customer id"),
        (403, 1_002, "nothing to do for a direct partner"),
        (403, 900_123, "the reseller must sign the agreement"),
        (403, 900_150, "admin agent, helpdesk agent or sales agent"),
    ] {
        let (client, _) = client(move |_| (status, fault(code)));
        let customer = client.customer(id("c"));
        let errors = [
            customer.get().await.unwrap_err(),
            customer.relationships().await.unwrap_err(),
            client.customers().list().await.unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.code(), Some(&*code.to_string()));
            assert_eq!(error.status().unwrap().as_u16(), status);
            assert!(error.hint().unwrap().contains(hint), "{error} {:?}", error.hint());
        }
    }
}

fn day(text: &str) -> UtcDay {
    text.parse().unwrap()
}

fn audit() -> AuditQuery {
    AuditQuery::new().today(day("2026-11-27"))
}

/// Answers each window with two records: one with an id, and one without.
fn records(request: &Request<Bytes>) -> (u16, String) {
    let last = parameter(request, "endDate").unwrap();
    let items = json!([
        { "id": format!("id-{last}"), "customerId": "c", "resourceType": "device", "operationType": "device_deleted" },
        { "customerId": "c", "resourceType": "policy", "operationType": "policy_created",
            "operationDate": format!("{last}T10:00:00.0000000Z") },
    ]);
    (200, json!({ "items": items }).to_string())
}

#[tokio::test]
async fn a_span_is_read_in_windows_newest_first() {
    let (client, log) = client(records);
    let query = audit().days(day("2026-08-30"), day("2026-12-24")).page_size(50);
    let all = client.audit_records(query.clone()).await.unwrap();
    assert_eq!(all.len(), 6);
    assert_eq!(
        queries(&log),
        [
            "endDate=2026-11-27&size=50&startDate=2026-10-29",
            "endDate=2026-10-28&size=50&startDate=2026-09-29",
            "endDate=2026-09-28&size=50&startDate=2026-08-30",
        ]
    );
    // The stream asks for a window when it needs it.
    log.lock().unwrap().clear();
    let mut stream = client.audit_records(query);
    let first = stream.next().await.unwrap().unwrap();
    assert_eq!((first.id(), log.lock().unwrap().len()), (Some("id-2026-11-27"), 1));
    assert_eq!(stream.collect::<Vec<_>>().await.len(), 5);
    assert_eq!(log.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn days_that_the_service_no_longer_has_are_refused_before_sending() {
    let (client, log) = client(records);
    let query = audit().days(day("2026-08-29"), day("2026-11-27"));
    let error = client.audit_records(query.clone()).await.unwrap_err();
    assert_eq!((error.kind(), error.sent()), (ErrorKind::Input, Sent::No));
    assert!(error.to_string().contains("start at 2026-08-30 or later"), "{error}");
    let streamed: Vec<_> = client.audit_records(query).collect().await;
    assert_eq!(streamed.len(), 1);
    assert!(streamed[0].is_err() && log.lock().unwrap().is_empty());
}

#[tokio::test]
async fn one_filter_is_sent_and_the_others_are_applied_here() {
    let (client, log) = client(records);
    let query = audit().resource_type(AuditResourceType::Device).customer(id("c"));
    let found = client.audit_records(query).await.unwrap();
    assert_eq!(found.len(), 1);
    let filter = parameter(&log.lock().unwrap()[0], "filter").unwrap();
    assert_eq!(filter, r#"{"Field":"CustomerId","Value":"c","Operator":"equals"}"#);
    let query = audit().operation(AuditOperationType::PolicyCreated);
    let found = client.audit_records(query).await.unwrap();
    assert_eq!(found[0].operation(), Some(&AuditOperationType::PolicyCreated));
    assert_eq!(found.len(), 1);
}

#[tokio::test]
async fn a_record_that_comes_twice_is_returned_once() {
    // A record moves to the next page when a newer one is written.
    let (client, log) = client(|request| {
        let record = |n: u32| json!({ "id": n.to_string(), "operationType": "device_deleted" });
        let unnamed = |n: u32| json!({ "customerId": "c", "operationType": "device_deleted", "operationDate": format!("2026-11-0{n}T00:00:00Z") });
        let body = match token(request) {
            None => {
                json!({ "items": [record(1), record(2), unnamed(1)], "continuationToken": "A" })
            }
            Some(_) => json!({ "items": [record(2), unnamed(1), unnamed(2), record(3)] }),
        };
        (200, body.to_string())
    });
    assert_eq!(client.audit_records(audit()).await.unwrap().len(), 5);
    let streamed: Vec<_> = client.audit_records(audit()).collect().await;
    assert_eq!(streamed.len(), 5);
    // The query of the first page is repeated with the token.
    let queries = queries(&log);
    assert_eq!(queries[0], queries[1]);
    assert!(queries[0].contains("startDate=2026-10-29"));
}

#[tokio::test]
async fn the_error_for_a_token_of_an_app_asks_for_a_user() {
    let (client, log) = client(|_| (403, json!({ "code": 900_329 }).to_string()));
    let error = client.organization_profile().await.unwrap_err();
    assert!(error.hint().unwrap().contains("sign in as a user"), "{error}");
    assert_eq!(log.lock().unwrap().len(), 1);
}

fn emulated(world: WorldFile) -> Client {
    Client::builder().in_process(Emulator::builder().world(world).in_process()).build().unwrap()
}

#[tokio::test]
async fn the_emulator_lists_and_finds_customers() {
    let generated = WorldFile::from_yaml("generated: { customers: 1203 }").unwrap();
    let client = emulated(generated);
    for customers in [client.customers(), client.customers().page_size(100).unwrap()] {
        let all = customers.list().await.unwrap();
        let ids: std::collections::HashSet<_> =
            all.iter().map(|customer| customer.id().unwrap()).collect();
        assert_eq!((all.len(), ids.len()), (1_203, 1_203), "each customer once");
    }

    let client = emulated(WorldFile::sample_customers());
    let found = client.customers().find("CONTOSO").await.unwrap();
    assert_eq!(found.iter().filter(|customer| customer.name() == Some("Contoso")).count(), 2);
    let domain = found[0].domain().unwrap().to_uppercase();
    let exact = client.customers().find_domain(&domain).await.unwrap();
    assert_eq!(exact.len(), 1);
    let details = client.customer(exact[0].id().unwrap()).get().await.unwrap();
    assert_eq!(details.relationship(), Some(&CustomerPartnerRelationship::Reseller));
    let error = client.customer(id("0c39d6d5-c70d-4c55-bc02-f620844f3fd1")).get().await;
    assert_eq!(error.unwrap_err().code(), Some("60003"));
    let error = client.indirect_resellers().await.unwrap_err();
    assert_eq!(error.code(), Some("1002"));
}

#[tokio::test]
async fn the_emulator_records_an_upload() {
    let client = emulated(WorldFile::sample_customers());
    let found = client.customers().find("Contoso").await.unwrap();
    let customer = client.customer(found[0].id().unwrap());
    let device = DeviceIdentity::from_product_key("3306123456789").unwrap();
    let correlation = uuid::Uuid::new_v4();
    let create = customer.device_batches().create(BatchId::new("Berlin").unwrap(), [device]);
    create.correlation_id(correlation).await.unwrap();

    let uploads = AuditQuery::new()
        .customer(customer.id().clone())
        .resource_type(AuditResourceType::Device)
        .operation(AuditOperationType::DevicesUploadToNewBatchAttempted);
    let records = client.audit_records(uploads).await.unwrap();
    assert_eq!(records.len(), 1);
    let record = &records[0];
    assert_eq!(record.original_correlation_id(), Some(&*correlation.to_string()));
    assert_eq!(record.customer_id().as_ref(), Some(customer.id()));
    assert_eq!(record.customer_name(), Some("Contoso"));
    assert!(record.date().is_some());
}
