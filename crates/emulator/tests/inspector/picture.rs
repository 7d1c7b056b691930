//! The pictures of pages in the READMEs: written by these tests, and compared with the pages.
//!
//! `PCDEVICES_CODEGEN_WRITE=1 cargo test -p partner-center-devices-emulator --test inspector picture -- --ignored` writes it.
#![allow(clippy::disallowed_methods)] // reads and writes the picture

use std::path::Path;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use partner_center_devices_emulator::{Emulator, Pace, WorldFile};
use partner_center_devices_testkit::generated;
use serde_json::json;

use crate::browser::Browser;
use crate::{CUSTOMER, Inspector, devices};

/// The share of squares of 8 pixels that may differ. Fonts and times differ a little between two machines.
const TOLERANCE: f64 = 0.03;

/// Returns the share of squares that differ between two pictures, or 1 if their sizes do.
const COMPARE: &str = "
const load = (png) => new Promise((resolve, reject) => {
  const image = new Image();
  image.onload = () => resolve(image);
  image.onerror = reject;
  image.src = `data:image/png;base64,${png}`;
});
const compare = async (...pictures) => {
  const [first, second] = await Promise.all(pictures.map(load));
  if (first.width !== second.width || first.height !== second.height) return 1;
  const [width, height] = [Math.ceil(first.width / 8), Math.ceil(first.height / 8)];
  const [left, right] = [first, second].map((image) => {
    const context = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d');
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, 0, 0, width, height);
    return context.getImageData(0, 0, width, height).data;
  });
  let different = 0;
  for (let place = 0; place < left.length; place += 4) {
    if ([0, 1, 2].some((color) => Math.abs(left[place + color] - right[place + color]) > 32)) different += 1;
  }
  return different / (width * height);
};
return compare(...arguments);";

#[tokio::test]
#[ignore = "needs chromium and chromedriver"]
async fn the_picture_of_the_page_is_current() {
    let epoch = SystemTime::UNIX_EPOCH + Duration::from_secs(1_501_002_000);
    let builder = Emulator::builder().pace(Pace::instant()).epoch(epoch);
    let inspector = Inspector::start(builder.world(WorldFile::sample_customers())).await;
    let mut upload = devices(2);
    upload[1]["serialNumber"] = json!("ZTD808-1");
    inspector.batch(CUSTOMER, "Headquarters", upload).await;
    let policy = json!({ "name": "Kiosk", "policySettings": ["skip_eula"] });
    inspector.send("POST", &format!("{CUSTOMER}/policies"), Some(policy)).await;
    inspector.send("GET", &format!("{CUSTOMER}/deviceBatches/Headquarters/devices"), None).await;
    let rule = json!({ "id": "busy", "effect": { "throttle": { "seconds": 5 } } });
    let faults = format!("{}/_emulator/faults", inspector.emulator.url());
    inspector.http.post(faults).json(&rule).send().await.unwrap();
    inspector.send("GET", &format!("{CUSTOMER}/policies"), None).await;

    inspector.page.resize(1200, 800).await;
    inspector.go("#exchanges").await;
    inspector.page.until("document.querySelectorAll('main tbody tr').length === 4").await;
    inspector.page.click("main tbody tr:nth-child(4) .toggle").await;
    inspector.page.until_text("Copy as curl").await;
    inspector.page.get("document.activeElement.blur()").await;
    compare_picture(&inspector.page, "emulator").await;
    inspector.emulator.stop().await;
}

/// Compares what the browser shows with a picture in the repository, or writes it.
pub(crate) async fn compare_picture(browser: &Browser, name: &str) {
    let shown = browser.screenshot().await;
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../docs/pictures/{name}.png"));
    if generated::is_writing() {
        std::fs::write(&path, STANDARD.decode(&shown).unwrap()).unwrap();
    }
    let saved = STANDARD.encode(std::fs::read(path).unwrap());
    browser.open("about:blank").await;
    let share = browser.script(COMPARE, json!([shown, saved])).await;
    let share = share.as_f64().unwrap();
    assert!(share <= TOLERANCE, "{:.1} % of the picture {name} differ", share * 100.0);
}
