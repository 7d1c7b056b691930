//! The page at `/_emulator/` in a real browser. It needs chromium and chromedriver, so it runs only when asked for:
//! `cargo test -p partner-center-devices-emulator --test inspector -- --ignored`.

#![allow(clippy::unwrap_used)] // a test may

mod browser;

use partner_center_devices_emulator::{Builder, Emulator, Pace};
use serde_json::{Value, json};

use browser::{Browser, ENTER, SPACE, TAB};

const CUSTOMER: &str = "47021739-3426-40bf-9601-61b4b6d7c793";
/// The parts of the page and their headings.
const PARTS: [(&str, &str); 7] = [
    ("batches", "Batches"),
    ("devices", "Devices"),
    ("jobs", "Jobs"),
    ("policies", "Configuration policies"),
    ("exchanges", "Exchanges"),
    ("faults", "Fault rules"),
    ("customers", "Customers"),
];
/// What must never come to life.
const PROBE: &str = "<img src=x onerror=\"window.hit=1\">\"'><script>window.hit=1</script>";

/// The emulator, a client of it, and its page in a browser.
struct Inspected {
    emulator: Emulator,
    http: reqwest::Client,
    page: Browser,
}

impl Inspected {
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
        self.page.until("document.querySelector('#state').innerText === 'live'").await;
    }

    /// Goes to another part by its link, and waits for it.
    async fn part(&self, part: &str) {
        self.page.click(&format!("#tabs a[href^='#{part}']")).await;
        let heading = PARTS.iter().find(|(name, _)| *name == part).unwrap().1;
        let shown = format!("document.querySelector('main h2').innerText === '{heading}'");
        self.page.until(&shown).await;
    }

    /// A request to the service: its status, 0 if there was no answer. `path` is what follows `/v1/customers/`.
    async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> u16 {
        let url = format!("{}/v1/customers/{path}", self.emulator.url());
        let request = self.http.request(method.parse().unwrap(), url);
        let request = request.header("authorization", "Bearer PLANTEDTOKENPLANTEDTOKEN");
        let request = body.iter().fold(request, |request, body| request.json(body));
        request.send().await.map_or(0, |answer| answer.status().as_u16())
    }

    async fn batch(&self, customer: &str, name: &str, devices: Value) {
        let body = json!({ "batchId": name, "devices": devices });
        let status = self.ask("POST", &format!("{customer}/deviceBatches"), Some(body)).await;
        assert_eq!(status, 202);
    }

    /// The console is silent, and nobody else was asked for anything.
    async fn end(self) {
        assert_eq!(self.page.console().await, Vec::<String>::new());
        let requests = self.page.requests().await;
        let foreign = |url: &&String| {
            !url.starts_with(&format!("{}/_emulator/", self.emulator.url()))
                && !url.starts_with("data:")
                && !url.starts_with("chrome:") // the browser's own first page
        };
        assert_eq!(requests.iter().find(foreign), None);
        assert!(requests.len() > 2);
        self.emulator.stop().await;
    }
}

fn devices(count: usize) -> Value {
    (0..count)
        .map(|n| json!({ "serialNumber": format!("S{n:04}"), "productKey": format!("K{n:04}") }))
        .collect()
}

#[tokio::test]
#[ignore = "needs chromium and chromedriver"]
async fn batches_and_jobs_appear_and_progress() {
    let with = Inspected::start(Emulator::builder()).await;
    with.page.until_text("No batches yet").await;
    with.page.until_text(&format!("--base-url {}", with.emulator.url())).await;
    with.page.click("#run").await;
    with.page.until("document.querySelector('#mode').innerText === 'stopped'").await;

    let mut sent = devices(40);
    sent[7]["serialNumber"] = json!("ZTD808-7");
    with.batch(CUSTOMER, "Contoso HQ", sent).await;
    with.page.until_text("Contoso HQ").await;
    with.part("jobs").await;
    with.page.until_text("queued").await;
    with.page.until_text("0 of 40").await;
    with.page.click("[data-seconds='1']").await;
    with.page.until_text("processing").await;
    with.page.until_text("6 of 40").await;
    assert_eq!(with.page.get("document.querySelector('progress').value").await, 6);
    with.page.click("main button[aria-label^='Finish job']").await;
    with.page.until_text("40 of 40, 1 failed").await;
    with.page.until("!document.querySelector('main button')").await;

    with.page.click("main td a").await;
    with.page.until_text("808 ZtdDeviceAssignedToOtherTenant").await;
    assert_eq!(with.page.get("document.querySelectorAll('main tbody tr').length").await, 1);
    with.page.click("main input[type=checkbox]").await;
    with.page.until("document.querySelectorAll('main tbody tr').length === 40").await;

    with.part("batches").await;
    with.page.click("main td a").await;
    with.page.until_text("S0039").await;
    assert!(with.page.get("location.hash").await.as_str().unwrap().contains("batch=Contoso+HQ"));
    with.end().await;
}

#[tokio::test]
#[ignore = "needs chromium and chromedriver"]
async fn the_journal_is_filtered_and_opened() {
    let with = Inspected::start(Emulator::builder().pace(Pace::instant())).await;
    let hash = "T0HPLANTEDHASH".repeat(100);
    with.batch(CUSTOMER, "b", json!([{ "hardwareHash": hash, "serialNumber": "H1" }])).await;
    with.ask("GET", &format!("{CUSTOMER}/policies"), None).await;
    with.ask("GET", "another/policies/nothing", None).await;
    with.part("exchanges").await;
    let rows = |count: u64| {
        format!("document.querySelectorAll('main tbody tr:not(.detail)').length === {count}")
    };
    with.page.until(&rows(3)).await;

    with.page.click("main [name=status]").await;
    with.page.write("4xx").await;
    with.page.until(&rows(1)).await;
    with.page.until_text("/another/policies/nothing").await;
    assert_eq!(with.page.get("location.hash").await, "#exchanges?status=4xx");
    with.go("#exchanges?status=4xx").await;
    with.page.until(&rows(1)).await;
    assert_eq!(with.page.get("document.querySelector('[name=status]').value").await, "4xx");

    // What cannot be a status is not asked for.
    with.page.click("main [name=status]").await;
    with.page.write("!").await;
    with.page.refreshes(1).await;
    assert_eq!(with.page.get("location.hash").await, "#exchanges?status=4xx");

    with.go("#exchanges?operation=create_device_batch").await;
    with.page.until(&rows(1)).await;
    with.page.click("main tbody button").await;
    with.page.until_text("\"hardwareHash\": \"T0HP…(1400)\"").await;
    let open = with.page.text("main").await;
    assert!(open.contains("Bearer PLAN…(24)") && open.contains("/batchJobStatus/"), "{open}");
    let all = with.page.get("document.documentElement.outerHTML").await;
    assert!(!all.as_str().unwrap().contains("PLANTED"), "a secret is in the page");

    with.page.click("main [name=text]").await;
    with.page.write("h1 is not here").await;
    with.page.until_text("No such exchange").await;
    with.page.click("main .empty a").await;
    with.page.until("document.querySelectorAll('main tbody tr.link').length === 3").await;
    with.end().await;
}

#[tokio::test]
#[ignore = "needs chromium and chromedriver"]
async fn everything_is_done_by_keyboard() {
    let with = Inspected::start(Emulator::builder()).await;
    let policies = format!("{CUSTOMER}/policies");
    assert_eq!(with.ask("GET", &policies, None).await, 200);

    with.page.tab_to("#skip").await;
    with.page.press(&[ENTER]).await;
    assert_eq!(with.page.get("document.activeElement.id").await, "main");
    with.go("").await;
    with.page.tab_to("#tabs a[href='#faults']").await;
    with.page.press(&[ENTER]).await;
    with.page.until_text("No fault rules").await;
    with.page.tab_to("main select").await;
    with.page.write("503").await;
    with.page.until("document.querySelector('#rule').value.includes('\"down\"')").await;
    with.page.tab_to("main button.main").await;
    with.page.press(&[ENTER]).await;
    with.page.until("document.querySelector('main [role=switch]')?.checked === true").await;
    assert_eq!(with.ask("GET", &policies, None).await, 503);

    with.go("#faults").await;
    with.page.tab_to("main [role=switch]").await;
    with.page.press(&[SPACE]).await;
    with.page.until_text("off").await;
    assert_eq!(with.ask("GET", &policies, None).await, 200);
    with.page.refreshes(2).await;
    assert_eq!(with.page.get("document.activeElement.getAttribute('role')").await, "switch");
    with.page.press(&[SPACE]).await;
    with.page.until("document.querySelector('main label').innerText.trim() === 'on'").await;
    assert_eq!(with.ask("GET", &policies, None).await, 503);
    with.page.tab_to("main button[aria-label='Remove rule down']").await;
    with.page.press(&[ENTER]).await;
    with.page.until_text("No fault rules").await;
    // What had the focus is gone; the next Tab goes on from here.
    assert_eq!(with.page.get("document.activeElement.id").await, "title");
    assert_eq!(with.ask("GET", &policies, None).await, 200);

    with.go("#exchanges").await;
    with.page.tab_to("main [name=status]").await;
    with.page.write("503").await;
    with.page.until("document.querySelectorAll('main tbody tr').length === 2").await;
    with.page.tab_to("main button[aria-expanded]").await;
    with.page.press(&[ENTER]).await;
    with.page.until_text("Correlation id").await;

    with.go("").await;
    with.page.tab_to("#seconds").await;
    with.page.press(&[ENTER]).await;
    with.page.until("document.querySelector('#said').innerText.includes('3,600 s')").await;
    with.page.tab_to("#reset").await;
    with.page.press(&[ENTER]).await;
    // Asked twice, and the first answer is no.
    assert_eq!(with.page.get("document.activeElement.id").await, "no");
    with.page.press(&[ENTER]).await;
    assert_eq!(with.page.get("document.activeElement.id").await, "reset");
    with.page.press(&[ENTER, TAB]).await;
    assert_eq!(with.page.get("document.activeElement.id").await, "yes");
    with.page.press(&[ENTER]).await;
    let count = "document.querySelector(\"#tabs a[href='#exchanges'] small\").innerText === '0'";
    with.page.until(count).await;
    with.end().await;
}

#[tokio::test]
#[ignore = "needs chromium and chromedriver"]
async fn what_requests_say_is_only_text() {
    let with = Inspected::start(Emulator::builder().pace(Pace::instant())).await;
    let customer = "%3Cimg%20src%3Dx%20onerror%3D%22window.hit%3D1%22%3E";
    let device = json!({ "serialNumber": PROBE, "productKey": PROBE, "oemManufacturerName": PROBE, "modelName": PROBE });
    with.batch(customer, "<img src=x onerror='window.hit=1'>", json!([device])).await;
    let policy = json!({ "name": PROBE, "policySettings": [] });
    assert_eq!(with.ask("POST", &format!("{customer}/policies"), Some(policy)).await, 200);
    let url = format!("{}/v1/customers/{customer}/policies", with.emulator.url());
    let request = with.http.get(url).header("x-probe", PROBE).header("ms-requestid", PROBE);
    request.send().await.unwrap();

    for (part, _) in PARTS {
        with.part(part).await;
        if !["exchanges", "faults"].contains(&part) {
            with.page.until_text("<img src=x onerror=").await;
        }
        if part == "exchanges" {
            for row in 0..3 {
                let toggle = format!("document.querySelectorAll('main .toggle')[{row}]");
                with.page.get(&format!("{toggle}.click()")).await;
                with.page
                    .until(&format!(
                        "{toggle}.closest('tr').nextSibling.innerText.includes('Request')"
                    ))
                    .await;
            }
            assert!(with.page.text("main").await.contains(PROBE));
        }
        assert_eq!(
            with.page
                .get("document.querySelectorAll('img, main script, main [onerror]').length")
                .await,
            0
        );
    }
    with.part("jobs").await;
    with.page.click("main td a").await;
    with.page.until_text(PROBE).await;
    let hashes = ["#batches?customer=", "#devices?text=", "#jobs?job=", "#exchanges?text="];
    for hash in hashes {
        with.go(&format!("{hash}%3Cimg%20src=x%20onerror=%22window.hit=1%22%3E")).await;
        with.page.refreshes(1).await;
    }
    assert_eq!(
        with.page.get("window.hit === undefined && document.images.length === 0").await,
        true
    );
    // Even a script in the page cannot make elements of text.
    let refused = "(() => { try { document.body.innerHTML = '<p>'; return false; } catch (error) { return error instanceof TypeError; } })()";
    assert_eq!(with.page.get(refused).await, true);
    let console = with.page.console().await;
    let expected = |line: &String| {
        line.contains("TrustedHTML") || line.contains("/jobs/%3Cimg") // there is no such job
    };
    assert!(console.iter().all(expected), "{console:?}");
    with.end().await;
}

/// Texts of too little contrast, controls without a name, headings that skip a level, ids that are there twice.
const PROBLEMS: &str = r#"
const problems = [];
const rgb = (text) => {
  const [r, g, b, a = 1] = text.match(/-?[\d.]+(e-?\d+)?/g).map(Number);
  return (text.startsWith('color(') ? [r, g, b] : [r / 255, g / 255, b / 255]).concat(a);
};
const luminance = (colour) => colour.slice(0, 3)
  .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
const ground = (node) => {
  for (; node; node = node.parentElement) {
    const colour = rgb(getComputedStyle(node).backgroundColor.replace(/^color\(srgb/, 'color('));
    if (colour[3] === 1) return colour;
  }
  return [1, 1, 1, 1];
};
for (const node of document.body.querySelectorAll('*')) {
  const texts = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
  if (!texts || !node.checkVisibility() || node.matches('script, option, noscript, .hidden, .skip')) continue;
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
for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) problems.push(`twice: ${id}`);
for (const node of document.querySelectorAll('[aria-controls], [aria-labelledby]')) {
  const of = node.getAttribute('aria-controls') ?? node.getAttribute('aria-labelledby');
  if (!document.getElementById(of)) problems.push(`names nothing: ${of}`);
}
for (const row of document.querySelectorAll('tbody tr:not(.detail)')) {
  if (row.cells.length !== row.closest('table').tHead.rows[0].cells.length) problems.push(`cells: ${row.innerText}`);
}
if (document.documentElement.scrollWidth > innerWidth) problems.push(`too wide: ${document.documentElement.scrollWidth}`);
return problems;
"#;

#[tokio::test]
#[ignore = "needs chromium and chromedriver"]
async fn it_can_be_read_in_light_and_dark_wide_and_narrow() {
    let with = Inspected::start(Emulator::builder()).await;
    let no_problem = async || {
        let problems = with.page.script(PROBLEMS, json!([])).await;
        assert_eq!(problems, json!([]), "{}", with.page.get("location.hash").await);
    };
    for (part, _) in PARTS {
        with.part(part).await;
        no_problem().await; // nothing there
    }
    let mut sent = devices(3);
    sent[1]["serialNumber"] = json!("ZTD802-1");
    with.batch(CUSTOMER, "done", sent).await;
    with.page.click("[data-seconds='60']").await;
    with.page.click("#run").await;
    with.batch(
        CUSTOMER,
        "waiting",
        json!([{ "serialNumber": "W".repeat(200), "productKey": "K".repeat(200) }]),
    )
    .await;
    with.ask(
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
    let url = format!("{}/_emulator/faults", with.emulator.url());
    assert!(with.http.put(url).json(&rules).send().await.unwrap().status().is_success());
    for method in ["GET", "GET", "DELETE"] {
        with.ask(method, &format!("{CUSTOMER}/policies/x"), None).await;
    }
    for (scheme, width) in [("light", 1280), ("dark", 1280), ("light", 360), ("dark", 360)] {
        with.page.colours(scheme).await;
        with.page.resize(width, 800).await;
        let ground =
            "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).every((part) => part";
        let expected = if scheme == "dark" { "< 48" } else { "> 208" };
        assert_eq!(with.page.get(&format!("{ground} {expected})")).await, true, "{scheme}");
        for (part, _) in PARTS {
            with.part(part).await;
            if part == "exchanges" {
                with.page
                    .get("document.querySelector('main .toggle[aria-expanded=false]').click()")
                    .await;
                with.page.until_text("Correlation id").await;
            }
            no_problem().await;
        }
        with.part("jobs").await;
        with.page.click("main tr:nth-child(2) td a").await;
        with.page.until_text("802 InvalidZtdHardwareHash").await;
        no_problem().await;
    }
    with.end().await;
}

#[tokio::test]
#[ignore = "needs chromium and chromedriver"]
async fn it_keeps_still_while_it_is_read_and_says_when_the_emulator_is_gone() {
    let with = Inspected::start(Emulator::builder().pace(Pace::instant())).await;
    let list = format!("{CUSTOMER}/policies");
    for _ in 0..60 {
        with.ask("GET", &list, None).await;
    }
    with.part("exchanges").await;
    with.page.until_text("Older").await;
    with.page.get("document.querySelector(\"[aria-label='Exchange 40']\").focus()").await;
    with.page.press(&[ENTER]).await;
    with.page.until_text("Correlation id").await;
    let place = "Math.round(document.activeElement.getBoundingClientRect().top)";
    assert!(with.page.get("scrollY").await.as_f64().unwrap() > 0.0);
    let before = with.page.get(place).await;
    // It moves down the list, and then off its end.
    for (more, newest) in [(20, 80), (60, 140)] {
        for _ in 0..more {
            with.ask("GET", &list, None).await;
        }
        let newest =
            format!("document.querySelector('main .toggle').innerText.trim() === '{newest}'");
        with.page.until(&newest).await;
        assert_eq!(with.page.get("document.activeElement.ariaLabel").await, "Exchange 40");
        if more == 20 {
            assert_eq!(with.page.get(place).await, before);
        }
    }
    with.page.until_text("Correlation id").await;

    with.page.click("main .pager a").await;
    with.page.until("document.querySelector('main .toggle').innerText.trim() === '90'").await;

    let asked = "performance.getEntriesByType('resource').length";
    for (stop, go) in [
        ("document.querySelector('#pause').click()", "document.querySelector('#pause').click()"),
        (
            "Object.defineProperty(document, 'hidden', { value: true, configurable: true }) && document.dispatchEvent(new Event('visibilitychange'))",
            "delete document.hidden && document.dispatchEvent(new Event('visibilitychange'))",
        ),
    ] {
        with.page.refreshes(1).await;
        with.page.get(stop).await;
        tokio::time::sleep(std::time::Duration::from_millis(200)).await; // what was on its way
        let then = with.page.get(asked).await;
        tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
        assert_eq!(with.page.get(asked).await, then, "{stop}");
        with.page.get(go).await;
    }
    with.page.refreshes(1).await;

    assert_eq!(with.page.console().await, Vec::<String>::new());
    let (address, page) =
        (with.emulator.url().strip_prefix("http://").unwrap().to_owned(), with.page);
    with.emulator.stop().await;
    page.until("document.querySelector('[role=alert]').innerText.includes('does not answer')")
        .await;
    page.until_text("Older").await; // what was there stays
    let again = Emulator::builder().listen(address).start().await.unwrap();
    page.until("document.querySelector('[role=alert]').innerText === ''").await;
    page.until_text("No such exchange").await;
    again.stop().await;
}
