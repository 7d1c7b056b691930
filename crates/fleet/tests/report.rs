//! What a report says: of every row, as JSON, as CSV and as a page.
#![allow(clippy::unwrap_used)] // a test may

use bytes::Bytes;
use http::{Method, Request, Response};
use partner_center_devices::raw::Service;
use partner_center_devices::{
    BatchId, BatchTrackingId, Client, Customer, CustomerId, MatchedBy, Retry,
};
use partner_center_devices_fleet::{
    ChunkSize, Fleet, HtmlOptions, Journal, Report, ReportRow, RowOutcome, Upload, UploadError,
};

const HEADER: &str =
    "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model\n";
const TENANT: &str = "47021739-3426-40bf-9601-61b4b6d7c793";

/// A service with no batches that takes `uploads` uploads, refuses the next, and says this of the devices.
fn service(uploads: usize, devices: &'static str) -> impl Service {
    let taken = std::sync::atomic::AtomicUsize::new(0);
    move |request: Request<Bytes>| {
        let answer = Response::builder().header("content-type", "application/json");
        if *request.method() == Method::POST {
            if taken.fetch_add(1, std::sync::atomic::Ordering::Relaxed) >= uploads {
                return answer.status(403).body(Bytes::new()).unwrap();
            }
            let status = format!("/v1/customers/{TENANT}/batchJobStatus/t-1");
            return answer.status(202).header("location", status).body(Bytes::new()).unwrap();
        }
        let body = if request.uri().path().to_lowercase().contains("batchjobstatus") {
            format!(r#"{{"status":"finished","devicesStatus":{devices}}}"#)
        } else {
            r#"{"totalCount":0,"items":[]}"#.to_owned()
        };
        answer.body(body.into()).unwrap()
    }
}

fn customer(service: impl Service) -> Customer {
    partner_center_devices_testkit::trace();
    let client = Client::builder().in_process(service).retry(Retry::never()).build().unwrap();
    client.customer(CustomerId::new(TENANT).unwrap())
}

fn upload(rows: &str, service: impl Service) -> Upload {
    let fleet = Fleet::read(format!("{HEADER}{rows}").as_bytes(), "f.csv");
    Upload::new(customer(service), BatchId::new("b").unwrap(), fleet)
}

/// The report, whether all calls went well or not.
async fn ended(upload: Upload) -> Report {
    match upload.run(|_| ()).await {
        Ok(report) => report,
        Err(UploadError::Calls { report, .. }) => *report,
        Err(error) => panic!("{error:?}"),
    }
}

fn outcomes(report: &Report) -> Vec<&str> {
    report.rows().iter().map(|row| row.outcome().id()).collect()
}

fn json(report: &Report) -> serde_json::Value {
    let mut bytes = Vec::new();
    report.write_json(&mut bytes).unwrap();
    assert!(bytes.ends_with(b"}\n"));
    serde_json::from_slice(&bytes).unwrap()
}

fn csv(report: &Report) -> String {
    let mut bytes = Vec::new();
    report.write_csv(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn html(report: &Report, options: &HtmlOptions) -> String {
    let mut bytes = Vec::new();
    report.write_html(&mut bytes, options).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[tokio::test(start_paused = true)]
async fn every_row_is_accounted_for_in_the_order_of_the_input() {
    let rows = "S1,,,M,N\nS2,,,,\nS1,,,M,N\n,3305000000001,,,\nS4,,,M,N\nS5,,T0E=,M,N\n,,T0F=,,\nS7,,,M,N\n";
    let devices = r#"[{"serialNumber":"S5","status":"finished_with_errors","errorCode":"808"},
        {"productKey":"3305000000001","status":"finished","errorCode":"0","deviceId":"d-1"},
        {"serialNumber":"S1","status":"finished_with_errors","errorCode":"806"}]"#;
    // Four devices go in the first request, of which one has no answer; the second is refused.
    let upload = upload(rows, service(1, devices)).chunk_size(ChunkSize::new(4).unwrap());
    let report = ended(upload).await;
    let expected = [
        "alreadyRegistered",
        "refused",
        "duplicate",
        "registered",
        "unknown",
        "failed",
        "notSent",
        "notSent",
    ];
    assert_eq!(outcomes(&report), expected);

    let matched: Vec<_> = report.rows().iter().map(ReportRow::matched_by).collect();
    let (serial, key) = (Some(MatchedBy::SerialNumber), Some(MatchedBy::ProductKey));
    assert_eq!(matched, [serial, None, None, key, None, serial, None, None]);
    assert_eq!(report.rows()[3].device_id(), Some("d-1"));
    let totals = report.totals();
    assert_eq!(
        (totals.rows, totals.registered, totals.already_registered, totals.failed),
        (8, 1, 1, 1)
    );
    assert_eq!((totals.duplicate, totals.refused, totals.not_sent, totals.unknown), (1, 1, 2, 1));
    assert!(!report.all_succeeded() && report.is_unfinished());

    let tracking = BatchTrackingId::new("t-1").unwrap();
    let unknown = &report.rows()[4];
    assert_eq!(unknown.tracking_id(), Some(&tracking));
    assert_eq!(
        unknown.meaning().unwrap(),
        "the service took it, and what became of it is not known"
    );
    for row in [4, 6] {
        assert!(report.rows()[row].cure().unwrap().starts_with("run the same upload again"));
    }
}

#[tokio::test(start_paused = true)]
async fn what_may_have_been_sent_is_not_called_not_sent() {
    let service = |request: Request<Bytes>| {
        let status = if *request.method() == Method::POST { 500 } else { 200 };
        let body = r#"{"totalCount":0,"items":[]}"#;
        Response::builder().status(status).body(body.into()).unwrap()
    };
    let report = ended(upload("S1,,,M,N\n", service)).await;
    let row = &report.rows()[0];
    assert_eq!((row.outcome(), row.tracking_id()), (&RowOutcome::Unknown, None));
    assert!(row.meaning().unwrap().starts_with("it may have reached the service"));
    assert!(row.request_id().is_some() && row.sent().is_some() && row.finished().is_none());
}

#[tokio::test(start_paused = true)]
async fn a_device_that_was_registered_before_keeps_the_service_s_words() {
    let name = "ZtdDeviceAlreadyAssigned";
    for (devices, expected) in [
        (r#"[{"status":"finished_with_errors","errorCode":"806"}]"#, ("806", name)),
        (
            r#"[{"status":"finished_with_errors","errorCode":" 806 ","errorDescription":""}]"#,
            ("806", name),
        ),
        (
            r#"[{"status":"finished_with_errors","errorCode":"640","errorDescription":"ZtdDeviceAlreadyAssigned"}]"#,
            ("640", name),
        ),
        (
            r#"[{"status":"finished_with_errors","errorCode":"0","errorDescription":"ZtdDeviceAlreadyAssigned"}]"#,
            ("806", name),
        ),
        (
            r#"[{"status":"finished_with_errors","errorCode":"806","errorDescription":"It is there"}]"#,
            ("806", "It is there"),
        ),
    ] {
        let report = ended(upload("S1,,,M,N\n", service(1, devices))).await;
        let row = &report.rows()[0];
        assert_eq!(row.outcome(), &RowOutcome::AlreadyRegistered, "{devices}");
        assert_eq!((row.code().unwrap(), &*row.name().unwrap()), expected, "{devices}");
        assert!(row.meaning().is_some() && row.cure().is_some());
    }
}

fn long_hash() -> String {
    "T0HzAQEAHAAAAAoA".repeat(250)
}

#[tokio::test(start_paused = true)]
async fn json_and_csv_say_what_it_means_and_no_hash() {
    let hash = long_hash();
    let rows = format!("S1,,{hash},M,N\nS1,,{hash},M,N\nS3,,,,\n");
    let report =
        ended(upload(&rows, service(1, r#"[{"serialNumber":"S1","errorCode":"812"}]"#))).await;
    let json = json(&report);
    assert!(!json.to_string().contains(&hash[..17]) && !csv(&report).contains(&hash[..17]));
    assert_eq!(
        (&json["allWell"], &json["totals"]["alreadyRegistered"]),
        (&false.into(), &0.into())
    );
    assert_eq!(json["destinations"][0]["batch"], "b");
    let rows = json["rows"].as_array().unwrap();
    for (row, name, expected) in [
        (0, "line", 2.into()),
        (0, "shortHash", "T0HzAQ…(4000 characters)".into()),
        (0, "code", "812".into()),
        (0, "name", "ZtdDeviceNotFound".into()),
        (0, "trackingId", "t-1".into()),
        (0, "matchedBy", "serialNumber".into()),
        (1, "outcome", "duplicate".into()),
        (1, "duplicateOf", "f.csv:2".into()),
        (2, "outcome", "refused".into()),
        (2, "name", "no-identity".into()),
    ] {
        assert_eq!(rows[row][name], serde_json::Value::clone(&expected), "{row} {name}");
    }
    assert!(rows[0]["cure"].as_str().unwrap().contains("spell"));

    // The CSV is the same rows with the same names.
    let csv = csv(&report);
    let mut lines = csv::Reader::from_reader(csv.as_bytes());
    let names = lines.headers().unwrap().clone();
    assert_eq!(names.len(), rows[0].as_object().unwrap().len());
    for (line, row) in lines.records().map(Result::unwrap).zip(rows) {
        for (name, cell) in names.iter().zip(&line) {
            let expected = match &row[name] {
                serde_json::Value::Null => String::new(),
                serde_json::Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            assert_eq!(cell, expected, "{name}");
        }
    }
    assert_eq!(csv.lines().count(), 4);
}

#[tokio::test(start_paused = true)]
async fn csv_has_no_formula() {
    let fleet = Fleet::read(format!("{HEADER}@SUM(1),,,M,N\n").as_bytes(), "=cmd|'/c calc'!A1");
    let report =
        ended(Upload::new(customer(service(0, "[]")), BatchId::new("@b").unwrap(), fleet)).await;
    let csv = csv(&report);
    let line = csv::Reader::from_reader(csv.as_bytes()).records().next().unwrap().unwrap();
    assert_eq!((&line[0], &line[3], &line[4]), ("'=cmd|'/c calc'!A1", "'@b", "'@SUM(1)"));
}

#[tokio::test(start_paused = true)]
async fn what_is_left_to_do() {
    let one = |words: &'static str| service(1, words);
    for (report, expected) in [
        (
            ended(upload(
                "S1,,,M,N\nS1,,,M,N\n",
                one(r#"[{"serialNumber":"S1","status":"finished"}]"#),
            ))
            .await,
            (true, false),
        ),
        (ended(upload("S1,,,M,N\n", one(r#"[{"errorCode":"806"}]"#))).await, (true, false)),
        (ended(upload("S1,,,M,N\n", one(r#"[{"errorCode":"808"}]"#))).await, (false, false)),
        (ended(upload("S1,,,,\n", one("[]"))).await, (false, false)),
        (ended(upload("S1,,,M,N\n", service(0, "[]"))).await, (false, true)),
        (Journal::in_memory().unwrap().report().unwrap(), (true, false)),
    ] {
        let left = (report.all_succeeded(), report.is_unfinished());
        assert_eq!(left, expected, "{:?}", outcomes(&report));
    }
}

/// A page without what differs from run to run.
fn page(report: &Report, options: &HtmlOptions) -> String {
    let mut page = html(report, options);
    let ids = (0..page.len()).filter_map(|start| page.get(start..start + TENANT.len()));
    let ids = ids.filter(|id| uuid::Uuid::try_parse(id).is_ok() && *id != TENANT);
    for id in ids.map(ToOwned::to_owned).collect::<Vec<_>>() {
        page = page.replace(&id, "AN-ID");
    }
    // Times: `2026-01-02 03:04:05 UTC`.
    let mut text = String::new();
    while let Some(end) = page.find(" UTC") {
        text.push_str(&page[..end - "2026-01-02 03:04:05".len()]);
        text.push_str("A-TIME");
        page.drain(..end + " UTC".len());
    }
    // Only there if it came in another second.
    let text = text.replacen("<div><dt>Last answer</dt><dd>A-TIME</dd></div>", "", 1);
    let (head, rest) = text.split_once("<style>").unwrap();
    let (_, body) = rest.split_once("</style>").unwrap();
    let (start, policy) = head.split_once("sha256-").unwrap();
    let (_, end) = policy.split_once('\'').unwrap();
    format!("{start}sha256-HASH'{end}<style></style>{body}{page}")
}

#[tokio::test(start_paused = true)]
async fn the_page_of_a_small_report() {
    let rows = format!(
        "S1,,,M,N\nS2,,,,\nS1,,,M,N\n,3305000000001,,,\nS4,,,M,N\n,,{},,\nS7,,,M,N\n",
        long_hash()
    );
    let devices = r#"[{"serialNumber":"S1","errorCode":"806"}, {"productKey":"3305000000001","status":"finished"},
        {"serialNumber":"S4","errorCode":"808"}, {"errorCode":"999","errorDescription":"The moon is full"}]"#;
    let upload = upload(&rows, service(1, devices)).chunk_size(ChunkSize::new(4).unwrap());
    let report = ended(upload).await;
    let contoso = CustomerId::new(TENANT).unwrap();
    let options = HtmlOptions::new().title("Laptops").customer_name(&contoso, "Contoso GmbH");
    assert_eq!(html(&report, &options), html(&report.clone(), &options));
    insta::assert_snapshot!(page(&report, &options));
}

#[tokio::test(start_paused = true)]
async fn what_a_page_shows_is_text() {
    const EVIL: &str = "<script>alert(1)</script>\"'&";
    let devices = r#"[{"errorCode":"<b>9</b>","errorDescription":"<script>alert(2)</script>"}]"#;
    let csv = format!("{HEADER}\"<script>alert(3)</script>\",,,M,N\n");
    let fleet = Fleet::read(csv.as_bytes(), EVIL);
    let batch = BatchId::new("<img src=x onerror=alert(4)>").unwrap();
    let contoso = CustomerId::new(TENANT).unwrap();
    let report = ended(Upload::new(customer(service(1, devices)), batch, fleet)).await;
    assert_eq!(outcomes(&report), ["failed"]);
    let options = HtmlOptions::new()
        .title(EVIL)
        .csv_file_name(EVIL)
        .customer_name(&contoso, EVIL)
        .max_rows(0);
    for options in [options.clone(), options.max_rows(10)] {
        let page = html(&report, &options);
        let lower = page.to_lowercase();
        for tag in [
            "<script",
            "<img",
            "<b>9",
            "onerror=alert(4)>",
            "<link",
            "@import",
            "url(h",
            "src=\"",
            "style=\"",
        ] {
            assert!(!lower.contains(tag), "{tag}");
        }
        for number in 1..=3 {
            assert!(page.contains(&format!("&#60;script&#62;alert({number})")), "{number}");
        }
        assert!(page.contains("alert(4)&#62;"));
        assert!(page.contains("default-src 'none'; style-src 'sha256-"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_short_hash_is_on_the_page_where_nothing_else_names_the_row() {
    let hash = long_hash();
    let other = hash.replacen("T0HzAQ", "T0HzAR", 1);
    let rows = format!("S1,,{hash},M,N\n,,{other},,\n");
    let report = ended(upload(&rows, service(1, "[]"))).await;
    let page = html(&report, &HtmlOptions::new());
    assert!(page.contains("T0HzAR…") && !page.contains("T0HzAQ") && !page.contains(&other[..17]));
}

#[tokio::test(start_paused = true)]
async fn a_long_page_leaves_well_rows_out_first_and_says_so() {
    let mut rows: String = (0..1300).map(|n| format!("S{n:04},,,M,N\n")).collect();
    (0..1100).for_each(|n| rows.push_str(&format!("T{n:04},,,,\n")));
    let devices = (0..1300).map(|n| format!(r#"{{"serialNumber":"S{n:04}","status":"finished"}}"#));
    let devices = format!("[{}]", devices.collect::<Vec<_>>().join(","));
    let size = ChunkSize::new(1000).unwrap();
    let report = ended(upload(&rows, service(2, devices.leak())).chunk_size(size)).await;
    let totals = report.totals();
    assert_eq!((totals.registered, totals.refused), (1300, 1100));

    let page = html(&report, &HtmlOptions::new().max_rows(1500).csv_file_name("all.csv"));
    assert!(page.contains("1,500 of 2,400 rows are listed"));
    assert!(page.contains("100 more rows of this kind are not listed here. All are in all.csv."));
    assert!(page.contains("<code>S0399</code>") && !page.contains("<code>S0400</code>"));
    assert_eq!(page.matches("<code>T1099</code>").count(), 1); // of its kind the first 1,000
    assert_eq!(page.matches("<summary>Rows ").count(), 2);
    assert!(!page.contains("<details open>"));

    let page = html(&report, &HtmlOptions::new());
    assert!(!page.contains("rows are listed") && page.contains("<code>S1299</code>"));
}

#[test]
fn a_page_of_nothing_says_so() {
    let report = Journal::in_memory().unwrap().report().unwrap();
    let page = html(&report, &HtmlOptions::new().generated_at(std::time::UNIX_EPOCH));
    assert!(page.contains("There is no device in this report."));
    assert!(page.contains("1970-01-01 00:00:00 UTC") && !page.contains("<table"));
}
