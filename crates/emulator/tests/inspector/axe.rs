//! Checks the page with axe, which finds common problems of accessibility. The file of its npm package is in `AXE`.
#![allow(clippy::disallowed_methods)] // the path of a tool comes from the environment

use partner_center_devices_emulator::{Emulator, Pace, WorldFile};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::{CUSTOMER, Inspector, TABS, devices};

/// Runs axe with all its rules, and returns a line for each problem.
const RUN: &str = "
const { violations } = await axe.run(document, { resultTypes: ['violations'] });
return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 200)}`));";

pub(crate) async fn problems(page: &Browser, axe: &str) -> Value {
    let script = format!("{axe}\nreturn (async () => {{ {RUN} }})();");
    page.script(&script, json!([])).await
}

#[tokio::test]
#[ignore = "needs chromium, chromedriver and axe"]
async fn axe_finds_no_problem_on_any_tab() {
    let axe = std::env::var("AXE").expect("AXE is the path of axe.min.js");
    let axe = std::fs::read_to_string(axe).unwrap();
    let builder = Emulator::builder().pace(Pace::instant()).world(WorldFile::sample_customers());
    let inspector = Inspector::start(builder).await;
    let check = async |place: &str| {
        assert_eq!(problems(&inspector.page, &axe).await, json!([]), "{place}");
    };
    for (tab, _) in TABS {
        inspector.open_tab(tab).await;
        check(&format!("{tab} without data")).await;
    }
    let mut upload = devices(3);
    upload[1]["serialNumber"] = json!("ZTD802-1");
    inspector.batch(CUSTOMER, "HQ", upload).await;
    let policy = json!({ "name": "p", "policySettings": ["skip_eula"] });
    inspector.send("POST", &format!("{CUSTOMER}/policies"), Some(policy)).await;
    for (scheme, width) in [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)] {
        inspector.page.color_scheme(scheme).await;
        inspector.page.resize(width, 800).await;
        for (tab, _) in TABS {
            inspector.open_tab(tab).await;
            match tab {
                "exchanges" => {
                    inspector.page.click("main .toggle[aria-expanded=false]").await;
                    inspector.page.until_text("Correlation id").await;
                }
                "faults" => {
                    let unknown =
                        "document.querySelector('#rule').value = '{\"id\":\"a\",\"effect\":\"x\"}'";
                    inspector.page.get(unknown).await;
                    inspector
                        .page
                        .get("document.querySelector('#rule').dispatchEvent(new Event('input'))")
                        .await;
                    inspector.page.click("main button.main").await;
                    inspector.page.until_text("There is no").await;
                }
                _ => {}
            }
            check(&format!("{tab}, {scheme}, {width} pixels")).await;
        }
        inspector.open_tab("jobs").await;
        inspector.page.click("main td a").await;
        inspector.page.until_text("802 InvalidZtdHardwareHash").await;
        check(&format!("a job, {scheme}, {width} pixels")).await;
        let sign_in = format!("{}/common/oauth2/deviceauth", inspector.emulator.url());
        inspector.page.open(&sign_in).await;
        check(&format!("the sign-in, {scheme}, {width} pixels")).await;
        inspector.go("").await;
    }
}
