//! The report of an upload as JSON, CSV and HTML.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use bytes::Bytes;
use http::{Method, Request, Response};
use partner_center_devices::raw::Service;
use partner_center_devices::{
    BatchId, BatchTrackingId, Client, Customer, CustomerId, MatchedBy, Retry,
};
use partner_center_devices_fleet::inventory::DeviceQuery;
use partner_center_devices_fleet::{
    ChunkSize, EarlierRegistration, Fleet, HtmlOptions, Journal, Journals, Language, Report,
    ReportRow, RowOutcome, Upload, UploadError,
};
use partner_center_devices_testkit::hash::HashBuilder;

const HEADER: &str =
    "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model\n";
const TENANT: &str = "47021739-3426-40bf-9601-61b4b6d7c793";

/// Returns a service without batches that accepts `uploads` uploads, rejects later ones, and reports `devices`.
fn service(uploads: usize, devices: &'static str) -> impl Service {
    let accepted = std::sync::atomic::AtomicUsize::new(0);
    move |request: Request<Bytes>| {
        let response = Response::builder().header("content-type", "application/json");
        if *request.method() == Method::POST {
            if accepted.fetch_add(1, std::sync::atomic::Ordering::Relaxed) >= uploads {
                return response.status(403).body(Bytes::new()).unwrap();
            }
            let status = format!("/v1/customers/{TENANT}/batchJobStatus/t-1");
            return response.status(202).header("location", status).body(Bytes::new()).unwrap();
        }
        let body = if request.uri().path().to_lowercase().contains("batchjobstatus") {
            format!(r#"{{"status":"finished","devicesStatus":{devices}}}"#)
        } else {
            r#"{"totalCount":0,"items":[]}"#.to_owned()
        };
        response.body(body.into()).unwrap()
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

/// Runs an upload and returns its report, even if calls failed.
async fn run(upload: Upload) -> Report {
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
async fn the_rows_of_each_batch_are_counted() {
    let csv = format!("{HEADER}S1,,,M,N\nS2,,,M,N\nS1,,,M,N\nS3,,,,\nS4,,,M,N\n");
    let fleet = Fleet::read(csv.as_bytes(), "f.csv");
    let customer = customer(service(2, r#"[{"serialNumber":"S1","errorCode":"0"}]"#));
    let upload = Upload::routed(fleet, |row| {
        let name = if row.origin().line() == 6 { return None } else { ["a", "b"] };
        let name = name[usize::from(row.origin().line() == 3)];
        Some((customer.clone(), BatchId::new(name).unwrap()))
    });
    let report = run(upload).await;
    let counts = |(batch, totals): (&partner_center_devices_fleet::Destination, _)| {
        let totals: partner_center_devices_fleet::ReportTotals = totals;
        (batch.batch().to_string(), totals.rows, totals.duplicate, totals.invalid)
    };
    let counts: Vec<_> = report.totals_by_batch().into_iter().map(counts).collect();
    // The row without a batch is in neither.
    assert_eq!(counts, [("a".to_owned(), 3, 1, 1), ("b".to_owned(), 1, 0, 0)]);
    assert_eq!(report.totals().rows, 5);
}

#[tokio::test(start_paused = true)]
async fn reports_every_row_in_the_order_of_the_input() {
    let hash = |number: u8| HashBuilder::new().record(12, &[number; 16]).encode();
    let rows = format!(
        "S1,,,M,N\nS2,,,,\nS1,,,M,N\n,3305000000001,,,\nS4,,,M,N\nS5,,{},M,N\n,,{},,\nS7,,,M,N\n",
        hash(1),
        hash(2)
    );
    let devices = r#"[{"serialNumber":"S5","status":"finished_with_errors","errorCode":"808"},
        {"productKey":"3305000000001","status":"finished","errorCode":"0","deviceId":"d-1"},
        {"serialNumber":"S1","status":"finished_with_errors","errorCode":"806"}]"#;
    // The first request contains four devices, one of which gets no result. The second request is rejected.
    let upload = upload(&rows, service(1, devices)).chunk_size(ChunkSize::new(4).unwrap());
    let report = run(upload).await;
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
    assert_eq!((totals.duplicate, totals.invalid, totals.not_sent, totals.unknown), (1, 1, 2, 1));
    assert!(!report.all_succeeded() && report.is_unfinished());

    let tracking = BatchTrackingId::new("t-1").unwrap();
    let unknown = &report.rows()[4];
    assert_eq!(unknown.tracking_id(), Some(&tracking));
    assert_eq!(
        unknown.meaning().unwrap(),
        "the service accepted the device, but its outcome is unknown"
    );
    for row in [4, 6] {
        assert!(report.rows()[row].cure().unwrap().starts_with("run the same upload again"));
    }
}

#[tokio::test(start_paused = true)]
async fn rows_that_may_have_been_sent_are_unknown_not_unsent() {
    let service = |request: Request<Bytes>| {
        let status = if *request.method() == Method::POST { 500 } else { 200 };
        let body = r#"{"totalCount":0,"items":[]}"#;
        Response::builder().status(status).body(body.into()).unwrap()
    };
    let report = run(upload("S1,,,M,N\n", service)).await;
    let row = &report.rows()[0];
    assert_eq!((row.outcome(), row.tracking_id()), (&RowOutcome::Unknown, None));
    assert!(row.meaning().unwrap().starts_with("the device may have reached the service"));
    assert!(row.request_id().is_some() && row.sent().is_some() && row.finished().is_none());
}

#[tokio::test(start_paused = true)]
async fn already_registered_devices_keep_the_code_and_name_of_the_service() {
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
            r#"[{"status":"finished_with_errors","errorCode":"806","errorDescription":"Already there"}]"#,
            ("806", "Already there"),
        ),
    ] {
        let report = run(upload("S1,,,M,N\n", service(1, devices))).await;
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
async fn json_and_csv_explain_errors_and_contain_no_hash() {
    let hash = long_hash();
    let rows = format!("S1,,{hash},M,N\nS1,,{hash},M,N\nS3,,,,\n");
    let report =
        run(upload(&rows, service(1, r#"[{"serialNumber":"S1","errorCode":"812"}]"#))).await;
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

    // The CSV has the same rows and properties.
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
async fn csv_cells_are_never_formulas() {
    let fleet = Fleet::read(format!("{HEADER}@SUM(1),,,M,N\n").as_bytes(), "=cmd|'/c calc'!A1");
    let report =
        run(Upload::new(customer(service(0, "[]")), BatchId::new("@b").unwrap(), fleet)).await;
    let csv = csv(&report);
    let line = csv::Reader::from_reader(csv.as_bytes()).records().next().unwrap().unwrap();
    assert_eq!((&line[0], &line[3], &line[4]), ("'=cmd|'/c calc'!A1", "'@b", "'@SUM(1)"));
}

#[tokio::test(start_paused = true)]
async fn knows_whether_the_upload_succeeded_or_is_unfinished() {
    let one = |devices: &'static str| service(1, devices);
    for (report, expected) in [
        (
            run(upload(
                "S1,,,M,N\nS1,,,M,N\n",
                one(r#"[{"serialNumber":"S1","status":"finished"}]"#),
            ))
            .await,
            (true, false),
        ),
        (run(upload("S1,,,M,N\n", one(r#"[{"errorCode":"806"}]"#))).await, (true, false)),
        (run(upload("S1,,,M,N\n", one(r#"[{"errorCode":"808"}]"#))).await, (false, false)),
        (run(upload("S1,,,,\n", one("[]"))).await, (false, false)),
        (run(upload("S1,,,M,N\n", service(0, "[]"))).await, (false, true)),
        // The upload ended before it recorded its rows.
        (Journal::in_memory().unwrap().report().unwrap(), (false, false)),
    ] {
        let state = (report.all_succeeded(), report.is_unfinished());
        assert_eq!(state, expected, "{:?}", outcomes(&report));
    }
}

/// Replaces each text between two others.
fn replace_between(page: &str, (start, end): (&str, &str), replacement: &str) -> String {
    let mut text = String::new();
    let mut rest = page;
    while let Some((before, after)) = rest.split_once(start) {
        text.extend([before, start, replacement]);
        rest = &after[after.find(end).unwrap()..];
    }
    text + rest
}

/// Returns the page without its style and script, and without the ids and times that differ between runs.
fn stable_page(report: &Report, options: &HtmlOptions) -> String {
    let mut page = html(report, options);
    let ids = (0..page.len()).filter_map(|start| page.get(start..start + TENANT.len()));
    let ids = ids.filter(|id| uuid::Uuid::try_parse(id).is_ok() && *id != TENANT);
    for id in ids.map(ToOwned::to_owned).collect::<Vec<_>>() {
        page = page.replace(&id, "AN-ID");
    }
    for (around, replacement) in [
        (("<style>", "</style>"), ""),
        (("<script>", "</script>"), ""),
        (("'sha256-", "'"), "HASH"),
        (("<dt>Sent to Microsoft</dt><dd>", "</dd>"), "A-TIME"),
        (("<dt>Time</dt><dd>", "</dd>"), "A-TIME"),
    ] {
        page = replace_between(&page, around, replacement);
    }
    page
}

/// Returns the rows in the data of the page's script.
fn rows_of_script(page: &str) -> Vec<serde_json::Value> {
    let (_, data) = page.split_once("id=\"data\">").unwrap();
    let (data, _) = data.split_once("</script>").unwrap();
    let mut data: serde_json::Value = serde_json::from_str(data).unwrap();
    serde_json::from_value(data["rows"].take()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn html_page_of_a_small_report() {
    let rows = format!(
        "S1,,,M,N\nS2,,,,\nS1,,,M,N\n,3305000000001,,,\nS4,,,M,N\n,,{},,\nS7,,,M,N\n",
        long_hash()
    );
    let devices = r#"[{"serialNumber":"S1","errorCode":"806"}, {"productKey":"3305000000001","status":"finished"},
        {"serialNumber":"S4","errorCode":"808"}, {"errorCode":"999","errorDescription":"The moon is full"}]"#;
    let upload = upload(&rows, service(1, devices)).chunk_size(ChunkSize::new(4).unwrap());
    let report = run(upload).await;
    let contoso = CustomerId::new(TENANT).unwrap();
    let options = HtmlOptions::new()
        .title("Laptops")
        .partner("Wide World Importers")
        .contact("Kim Akers, +49 30 1234")
        .customer_name(&contoso, "Contoso GmbH");
    assert_eq!(html(&report, &options), html(&report.clone(), &options));
    insta::assert_snapshot!(stable_page(&report, &options));
    assert!(!html(&report, &options).contains(TENANT), "the name replaces the id");
    assert!(html(&report, &HtmlOptions::new()).contains(TENANT));
}

#[tokio::test(start_paused = true)]
async fn html_page_in_each_language() {
    let devices = r#"[{"serialNumber":"S1","status":"finished"}, {"serialNumber":"S2","errorCode":"808"},
        {"serialNumber":"S3","errorCode":"640"}]"#;
    let rows = "S1,,,M,N\nS1,,,M,N\nS2,,,M,N\nS3,,,M,N\n";
    let report = run(upload(rows, service(1, devices))).await;
    for (language, texts) in [
        (
            Language::English,
            ["Registered: 1 of 3 devices", "Your next steps", "same device as row 2", "25.0%"],
        ),
        (
            Language::German,
            [
                "Registriert: 1 von 3 Geräten",
                "Ihre nächsten Schritte",
                "dasselbe Gerät wie Zeile 2",
                "25,0\u{a0}%",
            ],
        ),
        (
            Language::French,
            [
                "Appareils enregistrés : 1 sur 3.",
                "Vos prochaines étapes",
                "même appareil que ligne 2",
                "25,0\u{a0}%",
            ],
        ),
        (
            Language::Japanese,
            [
                "3 台のうち 1 台が登録済みです。",
                "お客様にお願いすること",
                "2 行目 と同じデバイス",
                "25.0%",
            ],
        ),
    ] {
        let page = html(&report, &HtmlOptions::new().language(language));
        assert!(page.contains(&format!("<html lang=\"{}\">", language.code())));
        for text in texts {
            assert!(page.contains(text), "{text}");
        }
    }
}

/// The page shows no section without rows.
#[tokio::test(start_paused = true)]
async fn the_page_says_that_the_customer_need_not_act() {
    let done = r#"[{"serialNumber":"S1","status":"finished"}]"#;
    let page =
        async |rows: &str| html(&run(upload(rows, service(1, done))).await, &HtmlOptions::new());
    let sections =
        |page: &str| ["done", "you", "we"].map(|id| page.contains(&format!("<h2 id=\"{id}\">")));
    let nothing = "You do not need to do anything.";
    let complete = page("S1,,,M,N\n").await;
    assert_eq!((sections(&complete), complete.contains(nothing)), ([true, false, false], true));
    let unknown = page("S1,,,M,N\nS2,,,M,N\n").await;
    assert_eq!((sections(&unknown), unknown.contains(nothing)), ([true, false, true], true));
    let invalid = page("S1,,,M,N\nS2,,,,\n").await;
    assert_eq!((sections(&invalid), invalid.contains(nothing)), ([true, true, false], false));
}

/// The seller may have to supply another hash. The advice is for the customer, in each language.
#[tokio::test(start_paused = true)]
async fn devices_with_an_unusable_hash_have_their_own_advice() {
    let hash = long_hash();
    let devices = r#"[{"errorCode":"802"}]"#;
    let report = run(upload(&format!(",,{hash},,\n"), service(1, devices))).await;
    for (language, texts) in [
        (Language::English, ["Hardware hash not usable", "Ask the seller for a new hardware hash"]),
        (Language::German, ["Hardwarehash nicht verwendbar", "Bitten Sie den Verkäufer"]),
        (Language::French, ["Hachage matériel inutilisable", "Demandez au vendeur"]),
        (Language::Japanese, ["ハードウェア ハッシュを使用できません", "販売店に新しい"]),
    ] {
        let page = html(&report, &HtmlOptions::new().language(language));
        let (_, customer) = page.split_once("<section class=\"you\"").unwrap();
        let (customer, _) = customer.split_once("</section>").unwrap();
        assert!(texts.iter().all(|text| customer.contains(text)), "{customer}");
    }
}

/// Rows name their models in different ways, or only inside of the hash. The journal keeps them.
#[tokio::test(start_paused = true)]
async fn the_page_counts_devices_by_model() {
    let [one, two] =
        ["H1", "H2"].map(|serial| HashBuilder::of_device(serial, "Dell Inc.", "XPS 13").encode());
    let hash_like = "T0HAAQ".repeat(20);
    let rows = format!(
        "S1,,,M,N\nS1,,,M,N\nS2,,,m,N\nS3,,,M,\n,3305000000001,,,\n,,{one},,\n,,{two},Dell Inc.,XPS 13\nS8,3305000000008,,M,{hash_like}\n"
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.journal");
    let devices = r#"[{"serialNumber":"S1","status":"finished"}, {"productKey":"3305000000001","status":"finished"}]"#;
    let upload = upload(&rows, service(1, devices)).journal(Journal::open(&file).unwrap());
    let report = run(upload).await;
    let read = Journal::open_read_only(&file).unwrap().report().unwrap();
    for report in [&report, &read] {
        let models: Vec<_> =
            report.rows().iter().map(|row| (row.manufacturer(), row.model())).collect();
        let [dell, m] =
            [("Dell Inc.", "XPS 13"), ("M", "N")].map(|(make, name)| (Some(make), Some(name)));
        assert_eq!(
            models,
            [
                m,
                m,
                (Some("m"), Some("N")),
                (Some("M"), None),
                (None, None),
                dell,
                dell,
                (Some("M"), None)
            ]
        );
        let page = html(report, &HtmlOptions::new());
        let (_, table) = page.split_once("<table class=\"counts\">").unwrap();
        let (table, _) = table.split_once("</table>").unwrap();
        let rows: Vec<Vec<&str>> = table
            .split("<tr>")
            .skip(2)
            .map(|row| {
                row.split(['<', '>'])
                    .filter(|text| {
                        !text.trim().is_empty()
                            && !text.contains(['=', '/'])
                            && !["bdi"].contains(text)
                    })
                    .collect()
            })
            .collect();
        assert_eq!(
            rows,
            [
                ["M N", "2", "1", "1"],
                ["M", "2", "0", "2"],
                ["Dell Inc. XPS 13", "2", "0", "2"],
                ["Model not stated", "1", "1", "0"]
            ]
        );
        assert!(!page.contains(&hash_like[..20]));
    }
}

#[tokio::test(start_paused = true)]
async fn html_page_escapes_every_value() {
    const EVIL: &str = "<script>alert(1)</script>\"'&";
    let devices = r#"[{"errorCode":"<b>9</b>","errorDescription":"<script>alert(2)</script>"}]"#;
    let csv = format!("{HEADER}\"<script>alert(3)</script>\",,,M,N\n");
    let fleet = Fleet::read(csv.as_bytes(), EVIL);
    let batch = BatchId::new("<img src=x onerror=alert(4)>").unwrap();
    let contoso = CustomerId::new(TENANT).unwrap();
    let report = run(Upload::new(customer(service(1, devices)), batch, fleet)).await;
    assert_eq!(outcomes(&report), ["failed"]);
    let options =
        HtmlOptions::new().title(EVIL).partner(EVIL).contact(EVIL).customer_name(&contoso, EVIL);
    let page = html(&report, &options);
    let lower = page.to_lowercase();
    for tag in [
        "<script>alert",
        "<img",
        "<b>9",
        "onerror=alert(4)>",
        "<link",
        "@import",
        "url(http",
        "src=\"",
        "style=\"",
    ] {
        assert!(!lower.contains(tag), "{tag}");
    }
    assert_eq!(lower.matches("<script").count(), 2, "the data and the script");
    for number in 1..=3 {
        assert!(page.contains(&format!("&#60;script&#62;alert({number})")), "{number}");
    }
    assert!(page.contains("alert(4)&#62;"));
    assert!(page.contains("default-src 'none'; style-src 'sha256-"));
    assert_eq!(rows_of_script(&page)[0][0], "<script>alert(3)</script>");
}

#[tokio::test(start_paused = true)]
async fn html_page_shows_short_hashes_only_for_rows_without_identifier() {
    let hash = long_hash();
    let other = hash.replacen("T0HzAQ", "T0HzAR", 1);
    let rows = format!("S1,,{hash},M,N\n,,{other},,\n");
    let report = run(upload(&rows, service(1, "[]"))).await;
    let page = html(&report, &HtmlOptions::new());
    assert!(page.contains("T0HzAR…") && !page.contains("T0HzAQ") && !page.contains(&other[..17]));
}

#[tokio::test(start_paused = true)]
async fn long_html_page_has_every_row_and_open_ones_first() {
    let mut rows: String = (0..1300).map(|n| format!("S{n:04},,,M,N\n")).collect();
    (0..110).for_each(|n| rows.push_str(&format!("T{n:04},,,,\n")));
    let devices = (0..1300).map(|n| format!(r#"{{"serialNumber":"S{n:04}","status":"finished"}}"#));
    let devices = format!("[{}]", devices.collect::<Vec<_>>().join(","));
    let size = ChunkSize::new(1000).unwrap();
    let report = run(upload(&rows, service(2, devices.leak())).chunk_size(size)).await;
    let totals = report.totals();
    assert_eq!((totals.registered, totals.invalid), (1300, 110));

    let page = html(&report, &HtmlOptions::new());
    let listed = rows_of_script(&page);
    let device = |row: usize| listed[row][0].as_str().unwrap();
    assert_eq!(listed.len(), 1410);
    assert_eq!(
        [device(0), device(109), device(110), device(1409)],
        ["T0000", "T0109", "S0000", "S1299"]
    );
    // Without scripts.
    assert!(page.contains("this page lists the first 100 of 1,410 rows"));
    let (_, list) = page.split_once("<tbody id=\"list\">").unwrap();
    let (list, _) = list.split_once("</tbody>").unwrap();
    assert_eq!(list.matches("<tr>").count(), 100);
    assert!(list.contains("<code>T0099</code>") && !list.contains("<code>T0100</code>"));
    // For technicians.
    assert!(page.contains("The ids of 10 more rows are in the report as CSV or JSON."));
    assert!(!page.contains("<details open>"));
}

#[test]
fn html_page_of_an_empty_report() {
    let report = Journal::in_memory().unwrap().report().unwrap();
    let page = html(&report, &HtmlOptions::new().generated_at(std::time::UNIX_EPOCH));
    assert!(page.contains("There is no device in this report."));
    assert!(page.contains("1 January 1970, 00:00 UTC") && !page.contains("<table"));
}

#[tokio::test(start_paused = true)]
async fn other_proofs_than_job_results_are_named_and_explained() {
    let lost = |request: Request<Bytes>| {
        let response = Response::builder().header("content-type", "application/json");
        match *request.method() {
            Method::POST => response.status(502).body(Bytes::new()).unwrap(),
            _ => response.body(Bytes::from_static(br#"{"totalCount":0,"items":[]}"#)).unwrap(),
        }
    };
    let report = run(upload("S1,,,M,N\nS1,,,M,N\n", lost)).await;
    assert_eq!(outcomes(&report), ["unknown", "duplicate"]);
    let page = html(&report, &HtmlOptions::default());
    for text in [
        "<dt>Proof</dt><dd>not proven</dd>",
        "<dt>not proven</dt><dd>nothing shows whether the request arrived</dd>",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let table = csv(&report);
    let last: Vec<_> = table.lines().map(|line| line.rsplit(',').nth(3).unwrap()).collect();
    assert_eq!(last, ["proof", "notProven", ""]);
    assert_eq!(json(&report)["rows"][0]["proof"], "notProven");
}

/// Four devices that were registered before, and one that was not.
const BEFORE: &str = "S1,,,M,N\nS2,,,M,N\nS3,,,M,N\nS4,,,M,N\nS5,,,M,N\n";
const RESULTS_BEFORE: &str = r#"[
    {"serialNumber":"S1","errorCode":"806"}, {"serialNumber":"S2","errorCode":"806"},
    {"serialNumber":"S3","errorCode":"808"}, {"serialNumber":"S4","errorCode":"808"},
    {"serialNumber":"S5","status":"finished"}]"#;

fn in_batch() -> EarlierRegistration {
    EarlierRegistration::InBatch(BatchId::new("<Old>").unwrap())
}

fn with_fabrikam() -> EarlierRegistration {
    EarlierRegistration::OtherCustomer {
        customer: CustomerId::new("c-2").unwrap(),
        name: Some("Fabrikam".to_owned()),
        batch: BatchId::new("Theirs").unwrap(),
    }
}

fn formerly_with_fabrikam() -> EarlierRegistration {
    EarlierRegistration::FormerCustomer {
        customer: CustomerId::new("c-2").unwrap(),
        name: Some("Fabrikam".to_owned()),
    }
}

/// Uploads the devices, and records the places of three of them.
async fn with_places(file: &Path) -> Report {
    let journal = Journal::open(file).unwrap();
    let mut report = run(upload(BEFORE, service(1, RESULTS_BEFORE)).journal(journal)).await;
    for (row, place, is_possible) in [
        (0, in_batch(), true),
        (1, EarlierRegistration::ByCustomer, true),
        (2, with_fabrikam(), true),
        // An error names either this customer or another one. The last device was not registered before.
        (0, with_fabrikam(), false),
        (3, in_batch(), false),
        (3, EarlierRegistration::ByCustomer, false),
        (4, in_batch(), false),
        (4, with_fabrikam(), false),
        (0, formerly_with_fabrikam(), false),
        (4, formerly_with_fabrikam(), false),
        (5, in_batch(), false),
    ] {
        assert_eq!(
            report.set_earlier_registration(row, Some(place.clone())),
            is_possible,
            "{row} {place:?}"
        );
    }
    Journal::open(file).unwrap().record_earlier_registrations(&report).unwrap();
    report
}

/// The journal keeps the places of devices that were registered before.
#[tokio::test(start_paused = true)]
async fn earlier_registrations_are_in_every_form_of_the_report() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.journal");
    let report = with_places(&file).await;
    let totals = report.totals();
    assert_eq!((totals.already_registered, totals.registered_by_customer), (2, 1));
    let is_success: Vec<_> = report.rows().iter().map(ReportRow::is_success).collect();
    assert_eq!(is_success, [true, false, false, false, true]);
    assert!(!report.all_succeeded());

    let read = Journal::open_read_only(&file).unwrap().report().unwrap();
    for report in [&report, &read] {
        let cells: Vec<_> = csv(report)
            .lines()
            .map(|line| line.split(",jobResult,").nth(1).unwrap_or_default().to_owned())
            .collect();
        let expected =
            ["", "inBatch,,<Old>", "byCustomer,,", "otherCustomer,c-2,Theirs", ",,", ",,"];
        assert_eq!(cells, expected);
        assert_eq!(json(report)["rows"][2]["earlierRegistration"], "otherCustomer");
        let page = html(report, &HtmlOptions::default());
        for text in [
            "<td>group tag &#60;Old&#62;</td>",
            "The customer registered the device: it is in none of your batches",
            "The device is registered with another organization",
            "Registered by you",
            "<strong>2</strong> Registered with another organization",
        ] {
            assert!(page.contains(text), "{text}: {page}");
        }
        // The page is for the customer.
        for text in ["Fabrikam", "Theirs", "another of your customers"] {
            assert!(!page.contains(text), "{text}: {page}");
        }
        // A part of a random id may be the same.
        let mut words = page.split(|letter: char| !letter.is_alphanumeric() && letter != '-');
        assert!(words.all(|word| word != "c-2"), "{page}");
        let elsewhere: Vec<_> = report
            .registered_elsewhere()
            .map(|it| (it.serial_number.unwrap_or_default(), it.other_customer))
            .collect();
        let expected = [("S3".to_owned(), Some("c-2".to_owned())), ("S4".to_owned(), None)];
        assert_eq!(elsewhere, expected);
    }
}

/// A device that is in no batch now is not registered. The page for customers does not name others that had a device.
#[tokio::test(start_paused = true)]
async fn devices_that_are_gone_are_in_every_form_of_the_report() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.journal");
    let mut report = with_places(&file).await;
    assert!(report.set_earlier_registration(0, Some(EarlierRegistration::InNoBatch)));
    assert!(report.set_earlier_registration(2, Some(formerly_with_fabrikam())));
    Journal::open(&file).unwrap().record_earlier_registrations(&report).unwrap();
    let listed = Journals::in_directory(folder.path()).list().unwrap();
    assert_eq!(listed[0].totals, report.totals());

    let read = Journal::open_read_only(&file).unwrap().report().unwrap();
    for report in [&report, &read] {
        assert!(!report.rows()[0].is_success() && !report.rows()[0].is_registered_by_customer());
        let totals = &json(report)["totals"];
        let totals =
            ["alreadyRegistered", "registeredByCustomer", "inNoBatch"].map(|it| &totals[it]);
        assert_eq!(totals, [2, 1, 1]);
        let table = csv(report);
        let rows: Vec<_> = table.lines().collect();
        for (row, end) in [(1, ",inNoBatch,,"), (3, ",formerCustomer,c-2,")] {
            assert!(rows[row].ends_with(end), "{}", rows[row]);
        }
        let page = html(report, &HtmlOptions::default());
        for text in [
            "<h2 id=\"result\">Registered: 1 of 5 devices</h2>",
            "<strong>1</strong> Registered</h3>",
            "<strong>1</strong> Registered by you</h3>",
            "<b class=\"we\" aria-hidden=\"true\">…</b> To be checked again</th><td class=\"number\">1</td>",
            "<strong>1</strong> To be checked again</h3>\n<p>Microsoft reported that these devices were registered before",
            "<strong>1</strong> Released by another organization</h3>\n<p>These devices were registered with another organization",
            "is in none of your batches now: it was deleted since, or the customer registered it",
            "The device was registered with another organization, which no longer has it",
        ] {
            assert!(page.contains(text), "{text}: {page}");
        }
        for text in ["Fabrikam", "Theirs", "another of your customers"] {
            assert!(!page.contains(text), "{text}: {page}");
        }
        // A part of a random id may be the same.
        let mut words = page.split(|letter: char| !letter.is_alphanumeric() && letter != '-');
        assert!(words.all(|word| word != "c-2"), "{page}");
        let elsewhere: Vec<_> =
            report.registered_elsewhere().map(|it| (it.other_customer, it.is_former)).collect();
        assert_eq!(elsewhere, [(Some("c-2".to_owned()), true), (None, false)]);
    }

    // It is sent again, and the place does not count then.
    let now = r#"[{"serialNumber":"S3","errorCode":"808"}]"#;
    let journal = Journal::open(&file).unwrap();
    let retried = run(upload(BEFORE, service(1, now)).journal(journal).retry_failed(true)).await;
    assert_eq!(retried.rows()[2].code(), Some("808"));
    assert_eq!(retried.rows()[2].earlier_registration(), None);
}

/// They count until the device is sent again, or until a search no longer finds them.
#[tokio::test(start_paused = true)]
async fn earlier_registrations_are_kept_removed_and_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.journal");
    let mut report = with_places(&file).await;

    // The next run sends nothing, and keeps them.
    let journal = Journal::open(&file).unwrap();
    let again = run(upload(BEFORE, service(0, RESULTS_BEFORE)).journal(journal)).await;
    let earlier = |row: &ReportRow| row.earlier_registration().map(EarlierRegistration::id);
    let earlier: Vec<_> = again.rows().iter().map(earlier).collect();
    assert_eq!(earlier, [Some("inBatch"), Some("byCustomer"), Some("otherCustomer"), None, None]);
    let listed = Journals::in_directory(folder.path()).list().unwrap();
    assert_eq!(listed[0].totals, again.totals());

    // Places that are no longer true are removed from the report and from the journal.
    for row in [0, 2] {
        assert!(report.set_earlier_registration(row, None));
    }
    Journal::open(&file).unwrap().record_earlier_registrations(&report).unwrap();
    let read = Journal::open_read_only(&file).unwrap().report().unwrap();
    for report in [&report, &read] {
        let earlier: Vec<_> = report.rows().iter().map(ReportRow::earlier_registration).collect();
        assert_eq!(earlier, [None, Some(&EarlierRegistration::ByCustomer), None, None, None]);
    }

    // A retry sends the devices whose cause may be gone: the other two stay as they are.
    let now = r#"[
        {"serialNumber":"S2","status":"finished"}, {"serialNumber":"S3","status":"finished"},
        {"serialNumber":"S4","errorCode":"808"}]"#;
    let journal = Journal::open(&file).unwrap();
    let retried = run(upload(BEFORE, service(1, now)).journal(journal).retry_failed(true)).await;
    let outcomes: Vec<_> = retried.rows().iter().map(|row| row.outcome().id()).collect();
    assert_eq!(outcomes, ["alreadyRegistered", "registered", "registered", "failed", "registered"]);
    assert_eq!(retried.totals().registered_by_customer, 0, "it was sent again");
}

/// Many devices share a placeholder, so it identifies none. A product key does.
#[tokio::test(start_paused = true)]
async fn a_row_of_a_report_is_searched_by_what_identifies_its_device() {
    let rows = "Default string,3305000000001,,,\nS2,3305000000002,,,\nS3,,,M,N\n";
    let report = run(upload(rows, service(1, "[]"))).await;
    let queries: Vec<_> = report
        .rows()
        .iter()
        .map(DeviceQuery::of_report_row)
        .map(|query| (query.serial_number, query.product_key))
        .collect();
    let text = |text: &str| Some(text.to_owned());
    let expected =
        [(None, text("3305000000001")), (text("S2"), text("3305000000002")), (text("S3"), None)];
    assert_eq!(queries, expected);
}
