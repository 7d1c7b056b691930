//! Tests the inspector page at `/_emulator/` in a real browser. They need chromium and chromedriver, so they are ignored by
//! default: `cargo test -p partner-center-devices-emulator --test inspector -- --ignored`.

#![allow(clippy::unwrap_used)]

mod axe;
mod browser;
mod picture;
mod report;
mod tools;

use partner_center_devices_emulator::{Builder, Emulator, Pace, WorldFile};
use serde_json::{Value, json};

use browser::{Browser, ENTER, SPACE, TAB};

const CUSTOMER: &str = "47021739-3426-40bf-9601-61b4b6d7c793";
/// The tabs of the page and their headings.
const TABS: [(&str, &str); 8] = [
    ("batches", "Batches"),
    ("devices", "Devices"),
    ("jobs", "Jobs"),
    ("policies", "Configuration policies"),
    ("audit", "Audit log"),
    ("exchanges", "Exchanges"),
    ("faults", "Fault rules"),
    ("customers", "Customers"),
];
/// A text that must never become an element or a script.
const HOSTILE_TEXT: &str = "<img src=x onerror=\"window.hit=1\">\"'><script>window.hit=1</script>";

/// The emulator, a client of it, and its page in a browser.
struct Inspector {
    emulator: Emulator,
    http: reqwest::Client,
    page: Browser,
}

impl Inspector {
    async fn start(builder: Builder) -> Self {
        let emulator = builder.start().await.unwrap();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let page = Browser::start().await;
        let this = Self { emulator, http, page };
        this.page.resize(1280, 800).await;
        this.go("").await;
        this
    }

    async fn go(&self, hash: &str) {
        self.page.open(&format!("{}/_emulator/{hash}", self.emulator.url())).await;
        self.page.until("document.querySelector('#status').innerText === 'live'").await;
    }

    /// Opens another tab by its link and waits for it.
    async fn open_tab(&self, tab: &str) {
        self.page.click(&format!("#tabs a[href^='#{tab}']")).await;
        let heading = TABS.iter().find(|(name, _)| *name == tab).unwrap().1;
        let shown = format!("document.querySelector('main h2').innerText === '{heading}'");
        self.page.until(&shown).await;
    }

    /// Sends a request to the service. Returns the status, or 0 without a response. `path` follows `/v1/customers/`.
    async fn send(&self, method: &str, path: &str, body: Option<Value>) -> u16 {
        let url = format!("{}/v1/customers/{path}", self.emulator.url());
        let request = self.http.request(method.parse().unwrap(), url);
        let request = request.header("authorization", "Bearer PLANTEDTOKENPLANTEDTOKEN");
        let request = body.iter().fold(request, |request, body| request.json(body));
        request.send().await.map_or(0, |response| response.status().as_u16())
    }

    async fn batch(&self, customer: &str, name: &str, devices: Value) {
        let body = json!({ "batchId": name, "devices": devices });
        let status = self.send("POST", &format!("{customer}/deviceBatches"), Some(body)).await;
        assert_eq!(status, 202);
    }

    /// Changes something, and waits until the page has shown it.
    async fn push(&self) {
        let count = "performance.getEntriesByType('resource').filter((entry) => entry.name.includes('/state')).length";
        let before = self.page.get(count).await;
        self.change_clock().await;
        self.page.until(&format!("{count} > {before}")).await;
    }

    async fn change_clock(&self) {
        let url = format!("{}/_emulator/clock", self.emulator.url());
        let changed = self.http.post(url).json(&json!({ "advanceSeconds": 0.001 })).send().await;
        assert!(changed.unwrap().status().is_success());
    }

    /// Checks that the console is empty and that the page sent no request to another host, then stops the emulator.
    async fn finish(self) {
        assert_eq!(self.page.console().await, Vec::<String>::new());
        let requests = self.page.requests().await;
        let other_host = |url: &&String| {
            !url.starts_with(&format!("{}/", self.emulator.url()))
                && !url.starts_with("data:")
                && !url.starts_with("chrome:") // the browser's own start page
        };
        assert_eq!(requests.iter().find(other_host), None);
        assert!(requests.len() > 2);
        self.emulator.stop().await;
    }
}

fn devices(count: usize) -> Value {
    (0..count)
        .map(|n| json!({ "serialNumber": format!("S{n:04}"), "productKey": format!("330500000{n:04}") }))
        .collect()
}

#[tokio::test]
#[ignore = "needs chromium and chromedriver"]
async fn batches_and_jobs_appear_and_progress() {
    let inspector = Inspector::start(Emulator::builder()).await;
    inspector.page.until_text("No batches yet").await;
    inspector.page.until_text(&format!("curl {}/v1/", inspector.emulator.url())).await;
    inspector.page.click("#run").await;
    inspector.page.until("document.querySelector('#mode').innerText === 'stopped'").await;

    let mut upload = devices(40);
    upload[7]["serialNumber"] = json!("ZTD808-7");
    inspector.batch(CUSTOMER, "Contoso HQ", upload).await;
    inspector.page.until_text("Contoso HQ").await;
    inspector.open_tab("jobs").await;
    inspector.page.until_text("queued").await;
    inspector.page.until_text("0 of 40").await;
    inspector.page.click("[data-seconds='1']").await;
    inspector.page.until_text("processing").await;
    inspector.page.until_text("6 of 40").await;
    assert_eq!(inspector.page.get("document.querySelector('progress').value").await, 6);
    inspector.page.click("main button[aria-label^='Finish now']").await;
    inspector.page.until_text("40 of 40, 1 failed").await;
    inspector.page.until("!document.querySelector('main button')").await;

    inspector.page.click("main td a").await;
    inspector.page.until_text("808 ZtdDeviceAssignedToOtherTenant").await;
    assert_eq!(inspector.page.get("document.querySelectorAll('main tbody tr').length").await, 1);
    inspector.page.click("main input[type=checkbox]").await;
    inspector.page.until("document.querySelectorAll('main tbody tr').length === 40").await;

    inspector.open_tab("batches").await;
    inspector.page.click("main td a").await;
    inspector.page.until_text("S0039").await;
    assert!(
        inspector.page.get("location.hash").await.as_str().unwrap().contains("batch=Contoso+HQ")
    );
    inspector.finish().await;
}

#[tokio::test]
#[ignore = "needs chromium and chromedriver"]
async fn exchanges_can_be_filtered_and_opened() {
    let inspector = Inspector::start(Emulator::builder().pace(Pace::instant())).await;
    let hash = "T0HPLANTEDHASH".repeat(100);
    inspector.batch(CUSTOMER, "b", json!([{ "hardwareHash": hash, "serialNumber": "H1" }])).await;
    inspector.send("GET", &format!("{CUSTOMER}/policies"), None).await;
    inspector.send("GET", "another/policies/nothing", None).await;
    inspector.open_tab("exchanges").await;
    let rows = |count: u64| {
        format!("document.querySelectorAll('main tbody tr:not(.detail)').length === {count}")
    };
    inspector.page.until(&rows(3)).await;

    inspector.page.click("main [name=status]").await;
    inspector.page.write("4xx").await;
    inspector.page.until(&rows(1)).await;
    inspector.page.until_text("/another/policies/nothing").await;
    assert_eq!(inspector.page.get("location.hash").await, "#exchanges?status=4xx");
    inspector.go("#exchanges?status=4xx").await;
    inspector.page.until(&rows(1)).await;
    assert_eq!(inspector.page.get("document.querySelector('[name=status]').value").await, "4xx");

    // An invalid status does not change the filter.
    inspector.page.click("main [name=status]").await;
    inspector.page.write("!").await;
    inspector.push().await;
    assert_eq!(inspector.page.get("location.hash").await, "#exchanges?status=4xx");

    inspector.go("#exchanges?operation=create_device_batch").await;
    inspector.page.until(&rows(1)).await;
    inspector.page.click("main tbody button").await;
    inspector.page.until_text("\"hardwareHash\": \"T0HPLA…(1400 characters)\"").await;
    let open = inspector.page.text("main").await;
    assert!(
        open.contains("Bearer …(24 characters)") && open.contains("/batchJobStatus/"),
        "{open}"
    );
    let all = inspector.page.get("document.documentElement.outerHTML").await;
    assert!(!all.as_str().unwrap().contains("PLANTED"), "the page contains a secret");

    inspector.page.click("main [name=text]").await;
    inspector.page.write("h1 is not here").await;
    inspector.page.until_text("None of the last 1,000 exchanges matches").await;
    inspector.page.click("main .empty a").await;
    inspector.page.until("document.querySelectorAll('main tbody tr.link').length === 3").await;
    inspector.finish().await;
}

#[tokio::test]
#[ignore = "needs chromium and chromedriver"]
async fn customers_and_audit_records_are_shown_and_found_by_name() {
    let world = WorldFile::sample_customers().with_audit_delay(std::time::Duration::from_secs(600));
    let builder = Emulator::builder().pace(Pace::instant()).world(world);
    let inspector = Inspector::start(builder).await;
    inspector.batch(CUSTOMER, "HQ", devices(1)).await;
    let fabrikam = "c7f3c849-129f-4b85-a96d-4f8e88b315a3";
    let policy = json!({ "name": "p", "policySettings": [] });
    assert_eq!(inspector.send("POST", &format!("{fabrikam}/policies"), Some(policy)).await, 200);
    let rows =
        |count: u64| format!("document.querySelectorAll('main tbody tr').length === {count}");
    let cell = |row: usize, column: usize| {
        format!(
            "document.querySelectorAll('main tbody tr')[{row}].cells[{column}].innerText.trim()"
        )
    };

    inspector.open_tab("customers").await;
    inspector.page.until(&rows(5)).await;
    inspector.page.tab_to("main [name=text]").await;
    inspector.page.write("contoso.com").await;
    inspector.page.until(&rows(1)).await;
    assert_eq!(inspector.page.get(&cell(0, 0)).await, "Contoso");
    assert_eq!(inspector.page.get(&cell(0, 2)).await, "reseller");
    assert_eq!(inspector.page.get(&cell(0, 8)).await, CUSTOMER);
    inspector.page.tab_to("main a[aria-label='Audit log of Contoso']").await;
    inspector.page.press(&[ENTER]).await;
    inspector.page.until_text("devices upload to new batch attempted").await;
    inspector.page.until(&rows(1)).await;

    inspector.go("#audit?customer=fabrikam.com").await;
    inspector.page.until(&rows(1)).await;
    assert_eq!(inspector.page.get(&cell(0, 2)).await, "Fabrikam");
    inspector.page.until_text("not visible yet").await;
    inspector.page.click("[data-seconds='60']").await;
    inspector.page.until_text("not visible yet").await;
    inspector.page.click("#clock [type=submit]").await;
    inspector.page.until("!document.querySelector('main').innerText.includes('not visible')").await;
    // The correlation id leads to the exchange.
    inspector.page.click("main td:last-child a").await;
    inspector.page.until_text("create_policy · Fabrikam").await;
    inspector.page.until(&rows(1)).await;

    inspector.go("#batches?customer=contoso.com").await;
    inspector.page.until_text("HQ").await;
    assert_eq!(inspector.page.get(&cell(0, 1)).await, "Contoso");
    inspector.finish().await;
}

#[tokio::test]
#[ignore = "needs chromium and chromedriver"]
async fn every_control_works_by_keyboard() {
    let inspector = Inspector::start(Emulator::builder()).await;
    let policies = format!("{CUSTOMER}/policies");
    assert_eq!(inspector.send("GET", &policies, None).await, 200);

    inspector.page.tab_to("#skip").await;
    inspector.page.press(&[ENTER]).await;
    assert_eq!(inspector.page.get("document.activeElement.id").await, "main");
    inspector.go("").await;
    inspector.page.tab_to("#tabs a[href='#faults']").await;
    inspector.page.press(&[ENTER]).await;
    inspector.page.until_text("No fault rules").await;
    inspector.page.get("document.querySelector('#recipes').focus()").await;
    inspector.page.tab_to("main .chip:nth-child(4)").await;
    inspector.page.press(&[ENTER]).await;
    inspector.page.until("document.querySelector('main [role=switch]')?.checked === true").await;
    assert_eq!(inspector.send("GET", &policies, None).await, 503);

    inspector.go("#faults").await;
    inspector.page.tab_to("main [role=switch]").await;
    inspector.page.press(&[SPACE]).await;
    inspector.page.until_text("off").await;
    assert_eq!(inspector.send("GET", &policies, None).await, 200);
    inspector.push().await;
    assert_eq!(inspector.page.get("document.activeElement.getAttribute('role')").await, "switch");
    inspector.page.press(&[SPACE]).await;
    inspector.page.until("document.querySelector('main label').innerText.trim() === 'on'").await;
    assert_eq!(inspector.send("GET", &policies, None).await, 503);
    inspector.page.tab_to("main button[aria-label='Remove rule down']").await;
    inspector.page.press(&[ENTER]).await;
    inspector.page.until_text("No fault rules").await;
    // The focused element is gone, and the next Tab continues from the heading.
    assert_eq!(inspector.page.get("document.activeElement.id").await, "title");
    assert_eq!(inspector.send("GET", &policies, None).await, 200);

    inspector.go("#exchanges").await;
    inspector.page.tab_to("main [name=status]").await;
    inspector.page.write("503").await;
    inspector.page.until("document.querySelectorAll('main tbody tr').length === 2").await;
    inspector.page.tab_to("main button[aria-expanded]").await;
    inspector.page.press(&[ENTER]).await;
    inspector.page.until_text("Correlation id").await;

    inspector.go("").await;
    inspector.page.tab_to("#seconds").await;
    inspector.page.press(&[ENTER]).await;
    inspector.page.until("document.querySelector('#toast').innerText.includes('3,600 s')").await;
    inspector.page.tab_to("#reset").await;
    inspector.page.press(&[ENTER]).await;
    // The dialog asks for confirmation, and Cancel has the focus.
    assert_eq!(inspector.page.get("document.activeElement.id").await, "cancel-reset");
    inspector.page.press(&[ENTER]).await;
    assert_eq!(inspector.page.get("document.activeElement.id").await, "reset");
    inspector.page.press(&[ENTER, TAB]).await;
    assert_eq!(inspector.page.get("document.activeElement.id").await, "confirm-reset");
    inspector.page.press(&[ENTER]).await;
    let count = "document.querySelector(\"#tabs a[href='#exchanges'] small\").innerText === '0'";
    inspector.page.until(count).await;
    inspector.finish().await;
}

#[tokio::test]
#[ignore = "needs chromium and chromedriver"]
async fn text_from_requests_never_becomes_html() {
    let customer = "%3Cimg%20src%3Dx%20onerror%3D%22window.hit%3D1%22%3E";
    let id = "<img src=x onerror=\"window.hit=1\">";
    let world =
        json!({ "customers": [{ "id": id, "name": HOSTILE_TEXT, "domain": HOSTILE_TEXT }] });
    let world = WorldFile::from_yaml(&world.to_string()).unwrap();
    let inspector = Inspector::start(Emulator::builder().pace(Pace::instant()).world(world)).await;
    let device = json!({ "serialNumber": HOSTILE_TEXT, "productKey": HOSTILE_TEXT, "oemManufacturerName": HOSTILE_TEXT, "modelName": HOSTILE_TEXT });
    inspector.batch(customer, "<img src=x onerror='window.hit=1'>", json!([device])).await;
    let policy = json!({ "name": HOSTILE_TEXT, "policySettings": [] });
    assert_eq!(inspector.send("POST", &format!("{customer}/policies"), Some(policy)).await, 200);
    let url = format!("{}/v1/customers/{customer}/policies", inspector.emulator.url());
    let request = inspector
        .http
        .get(url)
        .header("x-probe", HOSTILE_TEXT)
        .header("ms-requestid", HOSTILE_TEXT);
    request.send().await.unwrap();

    for (tab, _) in TABS {
        inspector.open_tab(tab).await;
        if !["exchanges", "faults"].contains(&tab) {
            inspector.page.until_text("<img src=x onerror=").await;
        }
        if tab == "exchanges" {
            for row in 0..3 {
                let toggle = format!("document.querySelectorAll('main .toggle')[{row}]");
                inspector.page.get(&format!("{toggle}.click()")).await;
                inspector
                    .page
                    .until(&format!(
                        "{toggle}.closest('tr').nextSibling.innerText.includes('Request')"
                    ))
                    .await;
            }
            assert!(inspector.page.text("main").await.contains(HOSTILE_TEXT));
        }
        assert_eq!(
            inspector
                .page
                .get("document.querySelectorAll('img, main script, main [onerror]').length")
                .await,
            0
        );
    }
    inspector.open_tab("jobs").await;
    inspector.page.click("main td a").await;
    inspector.page.until_text(HOSTILE_TEXT).await;
    let hashes = ["#batches?customer=", "#devices?text=", "#jobs?job=", "#exchanges?text="];
    for hash in hashes {
        inspector.go(&format!("{hash}%3Cimg%20src=x%20onerror=%22window.hit=1%22%3E")).await;
        inspector.push().await;
    }
    assert_eq!(
        inspector.page.get("window.hit === undefined && document.images.length === 0").await,
        true
    );
    // Even a script in the page cannot create elements from text.
    let is_blocked = "(() => { try { document.body.innerHTML = '<p>'; return false; } catch (error) { return error instanceof TypeError; } })()";
    assert_eq!(inspector.page.get(is_blocked).await, true);
    let console = inspector.page.console().await;
    let expected = |line: &String| {
        line.contains("TrustedHTML") || line.contains("/jobs/%3Cimg") // the job does not exist
    };
    assert!(console.iter().all(expected), "{console:?}");
    inspector.finish().await;
}

/// A script that finds text with too little contrast, controls without a name, skipped heading levels and duplicate ids.
const FIND_PROBLEMS: &str = r#"
const problems = [];
const rgb = (text) => {
  const [r, g, b, a = 1] = text.match(/-?[\d.]+(e-?\d+)?/g).map(Number);
  return (text.startsWith('color(') ? [r, g, b] : [r / 255, g / 255, b / 255]).concat(a);
};
const luminance = (color) => color.slice(0, 3)
  .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
  .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
const ground = (node) => {
  for (; node; node = node.parentElement) {
    const color = rgb(getComputedStyle(node).backgroundColor.replace(/^color\(srgb/, 'color('));
    if (color[3] === 1) return color;
  }
  return [1, 1, 1, 1];
};
for (const node of document.body.querySelectorAll('*')) {
  const hasText = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
  if (!hasText || !node.checkVisibility() || node.matches('script, option, noscript, .hidden, .skip')) continue;
  const [ink, under] = [luminance(rgb(getComputedStyle(node).color)), luminance(ground(node))];
  const contrast = (Math.max(ink, under) + 0.05) / (Math.min(ink, under) + 0.05);
  if (!(contrast >= 4.5)) problems.push(`contrast ${contrast.toFixed(2)}: ${node.outerHTML.slice(0, 120)}`);
}
for (const control of document.querySelectorAll('input, select, textarea')) {
  if (!control.labels?.length && !control.ariaLabel) problems.push(`no label: ${control.outerHTML}`);
}
for (const control of document.querySelectorAll('button, a, th, summary')) {
  if (!(control.textContent.trim() || control.ariaLabel)) problems.push(`no name: ${control.outerHTML}`);
}
let level = 0;
for (const heading of document.querySelectorAll('h1, h2, h3, h4')) {
  const next = Number(heading.tagName[1]);
  if (next > level + 1) problems.push(`heading skips a level: ${heading.outerHTML}`);
  level = next;
}
for (const [selector, count] of [['h1', 1], ['main', 1], ['body > header', 1], ['html[lang]', 1], ['title', 1], ['#tabs [aria-current=page]', 1]]) {
  const found = document.querySelectorAll(selector).length;
  if (found !== count) problems.push(`${found} of ${selector}`);
}
const ids = [...document.querySelectorAll('[id]')].map((node) => node.id);
for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) problems.push(`duplicate id: ${id}`);
for (const node of document.querySelectorAll('[aria-controls], [aria-labelledby]')) {
  const id = node.getAttribute('aria-controls') ?? node.getAttribute('aria-labelledby');
  if (!document.getElementById(id)) problems.push(`no element with id: ${id}`);
}
for (const row of document.querySelectorAll('tbody tr:not(.detail)')) {
  if (row.cells.length !== row.closest('table').tHead.rows[0].cells.length) problems.push(`wrong number of cells: ${row.innerText}`);
}
if (document.documentElement.scrollWidth > innerWidth) problems.push(`too wide: ${document.documentElement.scrollWidth}`);
return problems;
"#;

#[tokio::test]
#[ignore = "needs chromium and chromedriver"]
async fn the_page_is_accessible_in_light_and_dark_mode_and_on_narrow_screens() {
    let world = WorldFile::sample_customers().with_audit_delay(std::time::Duration::from_secs(999));
    let inspector = Inspector::start(Emulator::builder().world(world)).await;
    let check_page = async || {
        let problems = inspector.page.script(FIND_PROBLEMS, json!([])).await;
        assert_eq!(problems, json!([]), "{}", inspector.page.get("location.hash").await);
    };
    for (tab, _) in TABS {
        inspector.open_tab(tab).await;
        check_page().await; // without data
    }
    let mut upload = devices(3);
    upload[1]["serialNumber"] = json!("ZTD802-1");
    inspector.batch(CUSTOMER, "done", upload).await;
    inspector.page.click("[data-seconds='60']").await;
    inspector.page.click("#run").await;
    inspector
        .batch(
            CUSTOMER,
            "waiting",
            json!([{ "serialNumber": "W".repeat(200), "productKey": "K".repeat(200),
                "oemManufacturerName": "M", "modelName": "O" }]),
        )
        .await;
    inspector
        .send(
            "POST",
            &format!("{CUSTOMER}/policies"),
            Some(json!({ "name": "p", "policySettings": ["skip_eula"] })),
        )
        .await;
    let rules = json!({ "rules": [
        { "id": "down", "matching": { "method": "GET", "every": 2 }, "effect": { "status": { "status": 503 } } },
        { "id": "lost", "enabled": false, "effect": "dropAfter" },
        { "id": "gone", "matching": { "method": "DELETE" }, "effect": "dropBefore" },
    ] });
    let url = format!("{}/_emulator/faults", inspector.emulator.url());
    assert!(inspector.http.put(url).json(&rules).send().await.unwrap().status().is_success());
    for method in ["GET", "GET", "DELETE"] {
        inspector.send(method, &format!("{CUSTOMER}/policies/x"), None).await;
    }
    for (scheme, width) in [("light", 1280), ("dark", 1280), ("light", 360), ("dark", 360)] {
        inspector.page.color_scheme(scheme).await;
        inspector.page.resize(width, 800).await;
        let ground =
            "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).every((part) => part";
        let expected = if scheme == "dark" { "< 48" } else { "> 208" };
        assert_eq!(inspector.page.get(&format!("{ground} {expected})")).await, true, "{scheme}");
        for (tab, _) in TABS {
            inspector.open_tab(tab).await;
            if tab == "exchanges" {
                inspector
                    .page
                    .get("document.querySelector('main .toggle[aria-expanded=false]').click()")
                    .await;
                inspector.page.until_text("Correlation id").await;
            }
            check_page().await;
        }
        inspector.open_tab("jobs").await;
        inspector.page.click("main tr:nth-child(2) td a").await;
        inspector.page.until_text("802 InvalidZtdHardwareHash").await;
        check_page().await;
    }
    inspector.finish().await;
}

#[tokio::test]
#[ignore = "needs chromium and chromedriver"]
async fn rows_stay_in_place_while_reading_and_an_alert_shows_that_the_emulator_is_gone() {
    let inspector = Inspector::start(Emulator::builder().pace(Pace::instant())).await;
    let list = format!("{CUSTOMER}/policies");
    for _ in 0..60 {
        inspector.send("GET", &list, None).await;
    }
    inspector.open_tab("exchanges").await;
    inspector.page.until_text("Older").await;
    inspector.page.get("document.querySelector(\"[aria-label='Exchange 40']\").focus()").await;
    inspector.page.press(&[ENTER]).await;
    inspector.page.until_text("Correlation id").await;
    let place = "Math.round(document.activeElement.getBoundingClientRect().top)";
    assert!(inspector.page.get("scrollY").await.as_f64().unwrap() > 0.0);
    let before = inspector.page.get(place).await;
    // The row moves down the list, and then off its end.
    for (more, newest) in [(20, 80), (60, 140)] {
        for _ in 0..more {
            inspector.send("GET", &list, None).await;
        }
        let newest =
            format!("document.querySelector('main .toggle').innerText.trim() === '{newest}'");
        inspector.page.until(&newest).await;
        assert_eq!(inspector.page.get("document.activeElement.ariaLabel").await, "Exchange 40");
        if more == 20 {
            assert_eq!(inspector.page.get(place).await, before);
        }
    }
    inspector.page.until_text("Correlation id").await;

    inspector.page.click("main .pager a").await;
    inspector.page.until("document.querySelector('main .toggle').innerText.trim() === '90'").await;

    let request_count = "performance.getEntriesByType('resource').filter((entry) => entry.name.includes('/state')).length";
    for (stop, restart) in [
        ("document.querySelector('#pause').click()", "document.querySelector('#pause').click()"),
        (
            "Object.defineProperty(document, 'hidden', { value: true, configurable: true }) && document.dispatchEvent(new Event('visibilitychange'))",
            "delete document.hidden && document.dispatchEvent(new Event('visibilitychange'))",
        ),
    ] {
        inspector.push().await;
        inspector.page.get(stop).await;
        tokio::time::sleep(std::time::Duration::from_millis(200)).await; // for requests that already started
        let before = inspector.page.get(request_count).await;
        inspector.change_clock().await;
        tokio::time::sleep(std::time::Duration::from_millis(1000)).await;
        assert_eq!(inspector.page.get(request_count).await, before, "{stop}");
        inspector.page.get(restart).await;
    }
    inspector.push().await;

    assert_eq!(inspector.page.console().await, Vec::<String>::new());
    let (address, page) =
        (inspector.emulator.url().strip_prefix("http://").unwrap().to_owned(), inspector.page);
    inspector.emulator.stop().await;
    page.until("document.querySelector('[role=alert]').innerText.includes('does not respond')")
        .await;
    page.until_text("Older").await; // the old data stays visible
    let again = Emulator::builder().listen(address).start().await.unwrap();
    page.until("document.querySelector('[role=alert]').innerText === ''").await;
    page.until_text("None of the last 1,000 exchanges matches").await;
    again.stop().await;
}
