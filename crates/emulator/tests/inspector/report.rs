//! Tests the report's page for customers, which `pcdevices upload --report` writes, in a browser.
#![allow(clippy::disallowed_methods)] // reads and writes files; the path of a tool comes from the environment

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use partner_center_devices_testkit::program::Program;
use serde_json::json;

use crate::CUSTOMER;
use crate::browser::{Browser, ENTER};
use crate::picture::compare_picture;

/// Uploads a file to an emulator, and returns the page with its report.
fn page_of(name: &str, devices: &Path, flags: &[&str]) -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("report-page");
    std::fs::create_dir_all(&home).unwrap();
    let page = home.join(format!("{name}.html"));
    let (devices, report) = (devices.to_str().unwrap(), page.to_str().unwrap());
    let program = Program::with_home(&home);
    let args = [&["upload", devices, "--emulator", "--batch", "Berlin", "--report", report], flags];
    let output = program.command(&args.concat()).output().unwrap();
    assert!(page.is_file(), "{}", String::from_utf8_lossy(&output.stderr));
    page
}

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/trouble.csv")
}

/// Writes a list of devices. Each hundredth belongs to another organization.
fn list_of(rows: usize) -> PathBuf {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("list-of-{rows}.csv"));
    let mut list = "Device Serial Number,Manufacturer name,Device model\n".to_owned();
    for row in 0..rows {
        let start = if row % 100 == 0 { "ZTD808-" } else { "S" };
        writeln!(list, "{start}{row:06},M,N").unwrap();
    }
    std::fs::write(&file, list).unwrap();
    file
}

async fn open(browser: &Browser, page: &Path) {
    browser.open(&format!("file://{}", page.display())).await;
    browser.until("!document.querySelector('#tools').hidden").await;
}

async fn shown(browser: &Browser) -> String {
    browser.text("#shown").await
}

#[tokio::test]
#[ignore = "needs chromium, chromedriver and pcdevices"]
async fn the_list_is_searched_filtered_and_sorted_with_the_keyboard() {
    let page = page_of("keyboard", &list_of(500), &[]);
    let static_rows = std::fs::read_to_string(&page).unwrap().matches("<code>").count();
    let browser = Browser::start().await;
    browser.resize(1280, 800).await;
    open(&browser, &page).await;
    assert!(static_rows >= 100, "without scripts: {static_rows}");
    assert_eq!(shown(&browser).await, "Rows 1 to 100 of 500");
    assert!(browser.text("#list tr:first-child").await.starts_with("ZTD808-000000"));

    browser.tab_to("a[data-status='4']").await;
    browser.press(&[ENTER]).await;
    assert_eq!(shown(&browser).await, "Rows 1 to 5 of 5");
    browser.tab_to("#search").await;
    browser.write("808-0003").await;
    browser.until("document.querySelectorAll('#list tr').length === 1").await;
    browser.get("document.querySelector('#search').select()").await;
    browser.write("nothing").await;
    browser.until("document.querySelector('#shown').innerText === 'No row matches.'").await;

    open(&browser, &page).await;
    browser.tab_to(".rows th:first-child button").await;
    for (direction, device) in [("ascending", "S000001"), ("descending", "ZTD808-000400")] {
        browser.press(&[ENTER]).await;
        let sorted = browser.get("document.querySelector('.rows th').ariaSort").await;
        assert_eq!(sorted, direction);
        assert!(browser.text("#list tr:first-child").await.starts_with(device), "{direction}");
    }
    browser.tab_to("[data-page=next]").await;
    browser.press(&[ENTER]).await;
    assert_eq!(shown(&browser).await, "Rows 101 to 200 of 500");
    browser.tab_to("[data-page=last]").await;
    browser.press(&[ENTER]).await;
    browser.press(&[ENTER]).await;
    assert_eq!(shown(&browser).await, "Rows 401 to 500 of 500");

    // A model is found, too.
    browser.get("document.querySelector('#search').focus()").await;
    browser.write("m n").await;
    browser.until("document.querySelector('#shown').innerText === 'Rows 1 to 100 of 500'").await;
    assert_eq!(browser.console().await, Vec::<String>::new());
}

/// Chromium repeats the head of a table on each page only if the head has no button.
#[tokio::test]
#[ignore = "needs chromium, chromedriver and pcdevices"]
async fn paper_has_every_row_and_the_head_on_each_page() {
    let page = page_of("print", &list_of(500), &[]);
    let browser = Browser::start().await;
    open(&browser, &page).await;
    let buttons = "document.querySelectorAll('.rows th button').length";
    assert_eq!(browser.get(buttons).await, 4);
    browser.media("print").await;
    browser.get("dispatchEvent(new Event('beforeprint'))").await;
    assert_eq!(browser.get("document.querySelectorAll('#list tr').length").await, 500);
    assert_eq!(browser.get(buttons).await, 0);
    let head = "(({ display, breakInside }) => [display, breakInside])(getComputedStyle(document.querySelector('.rows thead')))";
    assert_eq!(browser.get(head).await, json!(["table-header-group", "avoid"]));
    let visible_tools = "[...document.querySelectorAll('#tools, #pages')].filter((part) => getComputedStyle(part).display !== 'none').length";
    assert_eq!(browser.get(visible_tools).await, 0);
    let heads = browser.text(".rows th").await;
    assert_eq!(heads, "Device\nRow in the list\nStatus\nNote");
    let numbers = "[...document.styleSheets[0].cssRules].some((rule) => rule.cssText.startsWith('@page') && rule.cssText.includes('counter(page)'))";
    assert_eq!(browser.get(numbers).await, true);

    browser.media("").await;
    browser.get("dispatchEvent(new Event('afterprint'))").await;
    assert_eq!(shown(&browser).await, "Rows 1 to 100 of 500");
    browser.click(".rows th:first-child button").await;
    assert_eq!(browser.get("document.querySelector('.rows th').ariaSort").await, "ascending");
}

#[tokio::test]
#[ignore = "needs chromium, chromedriver and pcdevices"]
async fn the_rows_are_downloaded_as_csv_that_is_safe_in_a_spreadsheet() {
    let page = page_of("download", &sample(), &[]);
    let browser = Browser::start().await;
    open(&browser, &page).await;
    let table = json!([
        "=1",
        "-1",
        "＠A",
        "\t=1",
        "\r=1",
        "\n=1",
        "\0=1",
        "S1;=HYPERLINK(1);2;@A",
        "S1\t=1",
        "1;2 = 3",
        "1=",
        "",
        "a,\"b\""
    ]);
    let written = json!([
        "'=1",
        "'-1",
        "'＠A",
        "'\t'=1",
        "\"'\r=1\"",
        "\"'\n=1\"",
        "'\0=1",
        "\"S1;'=HYPERLINK(1);2;'@A\"",
        "S1\t'=1",
        "\"1;2 = 3\"",
        "1=",
        "",
        "\"a,\"\"b\"\"\""
    ]);
    let cells = browser.script("return arguments[0].map(csvCell)", json!([table])).await;
    assert_eq!(cells, written);
    let csv = browser.get("csv()").await;
    let lines: Vec<_> = csv.as_str().unwrap().lines().collect();
    assert_eq!(lines.len(), 13);
    assert_eq!(lines[0], "Device,Kind of identifier,Model,List,Row in the list,Status,Note");
    assert_eq!(
        lines[1],
        "ZTD808-0F392929471,serial number,Microsoft Corporation Surface Laptop 6,trouble.csv,3,Registered with another organization,code 808"
    );
    // The download itself: a file with this content and a byte order mark.
    let download = "
        const saved = {};
        URL.createObjectURL = (blob) => { saved.blob = blob; return '#'; };
        HTMLAnchorElement.prototype.click = function () { saved.name = this.download; };
        document.querySelector('#download').click();
        return saved.blob.arrayBuffer().then((bytes) => [saved.name, bytes.byteLength, ...new Uint8Array(bytes).slice(0, 3)]);";
    let saved = browser.script(download, json!([])).await;
    let length = csv.as_str().unwrap().len() + 3;
    assert_eq!(saved, json!(["Registration-of-your-devices.csv", length, 0xEF, 0xBB, 0xBF]));
    // Excel in German splits a file at semicolons.
    open(&browser, &page_of("download-de", &sample(), &["--lang", "de"])).await;
    let csv = browser.get("csv()").await;
    assert!(csv.as_str().unwrap().starts_with("Gerät;"), "{csv}");
}

/// The emulator accepts no hostile serial numbers, so the title and the name of the file are hostile.
#[tokio::test]
#[ignore = "needs chromium, chromedriver and pcdevices"]
async fn the_script_shows_the_same_rows_as_the_page_without_scripts() {
    let list =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join("<img src=x onerror='window.hit=1'>.csv");
    std::fs::copy(sample(), &list).unwrap();
    for language in ["en", "de", "fr", "ja"] {
        let page = page_of(
            "hostile",
            &list,
            &["--lang", language, "--title", "</title><script>window.hit=1</script>"],
        );
        let text = std::fs::read_to_string(&page).unwrap();
        let (_, list) = text.split_once("<tbody id=\"list\">").unwrap();
        let (list, _) = list.split_once("</tbody>").unwrap();
        let browser = Browser::start().await;
        open(&browser, &page).await;
        let read = "
            const before = document.createElement('tbody');
            before.innerHTML = arguments[0];
            const cells = (body) => [...body.rows].map((row) => [...row.cells].map((cell) => cell.textContent));
            return [cells(before), cells(document.querySelector('#list'))];";
        let rows = browser.script(read, json!([list])).await;
        assert_eq!(rows[0], rows[1], "{language}");
        assert_eq!(rows[0].as_array().unwrap().len(), 12);
        assert_eq!(browser.get("window.hit ?? null").await, json!(null));
        assert_eq!(browser.console().await, Vec::<String>::new());
        let other = |url: &String| {
            !url.starts_with("file:") && !url.starts_with("chrome:") && !url.starts_with("data:")
        };
        assert_eq!(browser.requests().await.into_iter().find(other), None);
    }
}

#[tokio::test]
#[ignore = "needs chromium, chromedriver, axe and pcdevices"]
async fn axe_finds_no_problem_in_the_report() {
    let axe = std::env::var("AXE").expect("AXE is the path of axe.min.js");
    let axe = std::fs::read_to_string(axe).unwrap();
    let pages =
        [page_of("axe", &sample(), &[]), page_of("axe-long", &list_of(500), &["--lang", "ja"])];
    let browser = Browser::start().await;
    for (scheme, width) in [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)] {
        browser.color_scheme(scheme).await;
        browser.resize(width, 800).await;
        for page in &pages {
            open(&browser, page).await;
            browser
                .get("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
                .await;
            let found = crate::axe::problems(&browser, &axe).await;
            assert_eq!(found, json!([]), "{}, {scheme}, {width} pixels", page.display());
            let overflow =
                "document.documentElement.scrollWidth - document.documentElement.clientWidth";
            assert_eq!(browser.get(overflow).await, 0, "{}, {width} pixels", page.display());
        }
    }
}

#[tokio::test]
#[ignore = "needs chromium, chromedriver and pcdevices"]
async fn a_hundred_thousand_rows_open_in_two_seconds() {
    let page = page_of("long", &list_of(100_000), &[]);
    let browser = Browser::start().await;
    open(&browser, &page).await;
    assert_eq!(shown(&browser).await, "Rows 1 to 100 of 100,000");
    let loaded =
        browser.get("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd").await;
    println!("100,000 rows: {loaded} ms");
    assert!(loaded.as_f64().unwrap() < 2000.0, "{loaded} ms");
    let steps = "
        const timed = (step) => { const start = performance.now(); step(); return performance.now() - start; };
        return [
            timed(() => { find('search').value = 's0999'; apply(); }),
            timed(() => { find('search').value = ''; apply(); }),
            timed(() => sortBy(heads[0])),
            timed(() => csv()),
        ];";
    let times = browser.script(steps, json!([])).await;
    println!("search, all, sort, CSV: {times} ms");
    assert!(
        times.as_array().unwrap().iter().all(|time| time.as_f64().unwrap() < 2000.0),
        "{times}"
    );
}

#[tokio::test]
#[ignore = "needs chromium, chromedriver and pcdevices"]
async fn the_picture_of_the_report_is_current() {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("report-page");
    let add = ["customers", "add", "Contoso", CUSTOMER];
    Program::with_home(home).command(&add).output().unwrap();
    let words = ["--from", "Wide World Importers", "--contact", "Kim Akers, kim@example.com"];
    let page = page_of("picture", &sample(), &words);
    let browser = Browser::start().await;
    browser.color_scheme("light").await;
    browser.resize(1200, 1740).await;
    open(&browser, &page).await;
    browser.get("document.documentElement.style.overflow = 'hidden'").await;
    compare_picture(&browser, "report").await;
}
