//! The tools of the page: commands, copies, replay, HAR, recipes, failing devices, errors next to the field, and shortcuts.

use std::path::PathBuf;
use std::process::Command;

use partner_center_devices_emulator::{Emulator, Pace, WorldFile};
use partner_center_devices_testkit::program::Program;
use serde_json::{Value, json};

use crate::browser::{ENTER, SPACE};
use crate::{CUSTOMER, Inspector, devices};

/// Runs a command of the page in a shell, with `pcdevices` on the PATH. Returns its exit code and output.
async fn run(shell: &str, command: &str) -> (Option<i32>, String) {
    let (shell, command) = (shell.to_owned(), command.to_owned());
    // The emulator runs in this process, and must not wait for the command.
    tokio::task::spawn_blocking(move || run_blocking(&shell, &command)).await.unwrap()
}

fn run_blocking(shell: &str, command: &str) -> (Option<i32>, String) {
    let program = Program::with_home(concat!(env!("CARGO_TARGET_TMPDIR"), "/page-commands"));
    let folder = program.binary().parent().unwrap().to_owned();
    let mut path = vec![folder];
    let mut shell = program.other_program(shell);
    let inherited = shell.get_envs().find(|(name, _)| *name == "PATH").and_then(|(_, path)| path);
    path.extend(std::env::split_paths(inherited.unwrap()).collect::<Vec<PathBuf>>());
    shell.env("PATH", std::env::join_paths(path).unwrap()).args(["-c", command]);
    let output = shell.output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&text).into_owned())
}

fn has(shell: &str) -> bool {
    Command::new(shell).arg("--version").output().is_ok()
}

/// Returns the command of the empty list with this name.
async fn command(inspector: &Inspector, name: &str) -> String {
    let chip = format!(
        "[...document.querySelectorAll('main .chip')].find((chip) => chip.innerText === '{name}')"
    );
    inspector.page.get(&format!("{chip}.click()")).await;
    inspector.page.until(&format!("{chip}.getAttribute('aria-pressed') === 'true'")).await;
    inspector
        .page
        .get("document.querySelector('main pre').innerText")
        .await
        .as_str()
        .unwrap()
        .to_owned()
}

/// The page shows commands for an empty emulator, so each run gets a new one.
#[tokio::test]
#[ignore = "needs chromium, chromedriver, curl and pcdevices"]
async fn the_commands_of_empty_lists_work_as_they_are_printed() {
    let worlds = [None, Some(WorldFile::sample_customers())];
    for (number, world) in worlds.into_iter().enumerate() {
        let builder = Emulator::builder().pace(Pace::instant());
        let builder = world.map_or(builder.clone(), |world| builder.world(world));
        let inspector = Inspector::start(builder).await;
        for (name, shell) in [
            ("curl", "bash"),
            ("pcdevices, bash", "bash"),
            ("pcdevices, PowerShell", "pwsh"),
            ("PowerShell", "pwsh"),
        ] {
            inspector.go("").await;
            let command = command(&inspector, name).await;
            assert!(
                command.contains(inspector.emulator.url()) && command.contains(CUSTOMER),
                "{command}"
            );
            if !has(shell) {
                eprintln!("not run, because {shell} is missing: {command}");
                continue;
            }
            let (code, output) = run(shell, &command).await;
            // pcdevices reports the device that fails as planned.
            let expected = if name.starts_with("pcdevices") { 1 } else { 0 };
            assert_eq!(code, Some(expected), "{number} {command}\n{output}");
            inspector.page.until_text("Contoso HQ").await;
            inspector.open_tab("devices").await;
            inspector.page.until_text("HQ-0001").await;
            inspector.open_tab("jobs").await;
            inspector.page.until_text("2 of 2, 1 failed").await;
            let reset = format!("{}/_emulator/reset", inspector.emulator.url());
            inspector.http.post(reset).send().await.unwrap();
        }
        for (tab, shown) in [("policies", "Standard"), ("audit", "No records yet")] {
            inspector.open_tab(tab).await;
            let (code, output) = run("bash", &command(&inspector, "curl").await).await;
            assert_eq!(code, Some(0), "{output}");
            assert!(output.contains("HTTP/1.1 200 OK"), "{output}");
            if tab == "policies" {
                inspector.page.until_text(shown).await;
                let reset = format!("{}/_emulator/reset", inspector.emulator.url());
                inspector.http.post(reset).send().await.unwrap();
            }
        }
        inspector.finish().await;
    }
}

fn rows(count: usize) -> String {
    format!("document.querySelectorAll('main tbody tr:not(.detail)').length === {count}")
}

#[tokio::test]
#[ignore = "needs chromium, chromedriver and curl"]
async fn a_request_is_copied_as_curl_sent_again_and_exported() {
    let inspector = Inspector::start(Emulator::builder().pace(Pace::instant())).await;
    inspector.page.allow_clipboard().await;
    let name = "it's \"$(touch planted)\" `x`";
    let policy = json!({ "name": name, "policySettings": [] });
    inspector.send("POST", &format!("{CUSTOMER}/policies?x=[1]"), Some(policy)).await;
    inspector.open_tab("exchanges").await;
    inspector.page.until(&rows(1)).await;
    inspector.page.tab_to("main .toggle").await;
    inspector.page.press(&[ENTER]).await;
    inspector.page.until_text("Copy as curl").await;
    inspector.page.tab_to("tr.detail button").await;
    inspector.page.press(&[SPACE]).await;
    inspector.page.until("document.querySelector('#toast').innerText.startsWith('Copied.')").await;
    let copied = inspector.page.clipboard().await;
    assert!(copied.contains("Authorization: Bearer ${TOKEN:-any}"), "{copied}");
    assert!(!copied.contains("PLANTED"), "{copied}");
    let (code, output) = run("bash", &copied).await;
    assert_eq!(code, Some(0), "{copied}\n{output}");
    inspector.page.until(&rows(2)).await;
    inspector.page.tab_to("tr.detail button:nth-of-type(2)").await;
    inspector.page.press(&[ENTER]).await;
    inspector.page.until("document.querySelector('#toast').innerText === 'Sent again as exchange 3: status 200.'").await;
    inspector.page.tab_to("tr.detail button:nth-of-type(3)").await;
    inspector.page.press(&[ENTER]).await;
    inspector.page.until(&rows(4)).await;
    // The copy and the replay had new ids; the last one repeated the response of the first.
    let policies = inspector
        .http
        .get(format!("{}/v1/customers/{CUSTOMER}/policies", inspector.emulator.url()));
    let policies: Value = policies.bearer_auth("t").send().await.unwrap().json().await.unwrap();
    assert!(
        policies["items"].as_array().unwrap().iter().all(|policy| policy["name"] == name),
        "{policies}"
    );

    inspector.page.until("document.querySelector('main td.number').innerText.includes('ms')").await;
    let har = "document.querySelector('main .pager a[download]')";
    inspector.page.until(&format!("{har}.download === 'emulator.har'")).await;
    let har = inspector.page.get(&format!("{har}.href")).await;
    let har: Value =
        inspector.http.get(har.as_str().unwrap()).send().await.unwrap().json().await.unwrap();
    assert_eq!(har["log"]["entries"].as_array().unwrap().len(), 5);
    inspector.finish().await;
}

#[tokio::test]
#[ignore = "needs chromium and chromedriver"]
async fn status_polls_are_hidden_and_slash_leads_to_the_search() {
    let inspector = Inspector::start(Emulator::builder().pace(Pace::instant())).await;
    inspector.batch(CUSTOMER, "b", devices(1)).await;
    for _ in 0..3 {
        inspector.send("GET", &format!("{CUSTOMER}/batchJobStatus/x"), None).await;
    }
    inspector.open_tab("exchanges").await;
    inspector.page.until(&rows(4)).await;
    inspector.page.tab_to("main [name=polls]").await;
    inspector.page.press(&[SPACE]).await;
    inspector.page.until(&rows(1)).await;
    assert_eq!(inspector.page.get("location.hash").await, "#exchanges?polls=false");
    inspector.page.press(&[SPACE]).await;
    inspector.page.until(&rows(4)).await;

    inspector.page.press(&["/"]).await;
    assert_eq!(inspector.page.get("document.activeElement.name").await, "text");
    inspector.page.write("a/b").await;
    inspector.page.until("document.activeElement.value === 'a/b'").await;
    inspector.finish().await;
}

#[tokio::test]
#[ignore = "needs chromium and chromedriver"]
async fn recipes_and_failing_devices_start_with_a_key() {
    let inspector = Inspector::start(Emulator::builder().pace(Pace::instant())).await;
    inspector.open_tab("faults").await;
    let chip = "document.querySelector('main .chip')";
    inspector.page.tab_to("main .chip").await;
    for on in [true, false, true] {
        inspector.page.press(&[SPACE]).await;
        inspector.page.until(&format!("{chip}.getAttribute('aria-pressed') === '{on}'")).await;
        inspector
            .page
            .until(&format!("document.querySelector('main [role=switch]').checked === {on}"))
            .await;
    }
    inspector.page.tab_to("[aria-label='Upload ZTD808-1']").await;
    inspector.page.press(&[ENTER]).await;
    inspector.page.until_text("808 ZtdDeviceAssignedToOtherTenant").await;
    inspector.page.until_text("1 of 1, 1 failed").await;
    assert_eq!(inspector.page.get("location.hash.startsWith('#jobs?job=')").await, true);
    // All devices failed, so the whole bar is red.
    let failed =
        "getComputedStyle(document.querySelector('progress')).getPropertyValue('--failed')";
    assert_eq!(inspector.page.get(failed).await, "100%");
    inspector.open_tab("faults").await;
    inspector.page.click("#magic + button").await;
    inspector.page.until_text("13 of 13, 13 failed").await;
    inspector.finish().await;
}

#[tokio::test]
#[ignore = "needs chromium and chromedriver"]
async fn an_unknown_word_of_a_rule_is_explained_next_to_the_field_and_selected() {
    let inspector = Inspector::start(Emulator::builder().pace(Pace::instant())).await;
    inspector.open_tab("faults").await;
    inspector.page.get("document.querySelector('#rule').focus()").await;
    inspector.page.get("document.querySelector('#rule').select()").await;
    inspector
        .page
        .write("{ \"id\": \"a\", \"effect\": { \"trottle\": { \"seconds\": 5 } } }")
        .await;
    inspector.page.tab_to("main button.main").await;
    inspector.page.press(&[ENTER]).await;
    inspector.page.until_text("There is no `trottle` here. Did you mean `throttle`?").await;
    inspector.page.until_text("429: { \"seconds\": 5 }").await;
    let selected = "document.querySelector('#rule').value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)";
    assert_eq!(inspector.page.get(selected).await, "trottle");
    assert_eq!(
        inspector.page.get("document.querySelector('#rule').getAttribute('aria-invalid')").await,
        "true"
    );
    inspector.page.write("throttle").await;
    inspector.page.tab_to("main button.main").await;
    inspector.page.press(&[ENTER]).await;
    inspector.page.until("document.querySelector('main [role=switch]')?.checked === true").await;
    assert_eq!(inspector.page.get("document.querySelector('#rule-problem').innerText").await, "");
    // A refused rule is the one error of the console.
    assert_eq!(inspector.page.console().await.len(), 1);
    inspector.finish().await;
}

#[tokio::test]
#[ignore = "needs chromium and chromedriver"]
async fn a_person_signs_in_with_a_code_by_keyboard() {
    let inspector = Inspector::start(Emulator::builder()).await;
    let url = inspector.emulator.url();
    let form = "client_id=any&scope=https%3A%2F%2Fapi.partnercenter.microsoft.com%2F.default";
    let code = inspector.http.post(format!("{url}/common/oauth2/v2.0/devicecode"));
    let code: Value = code
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    inspector.page.open(code["verification_uri"].as_str().unwrap()).await;
    assert_eq!(inspector.page.get("document.activeElement.name").await, "user_code");
    inspector.page.write(code["user_code"].as_str().unwrap()).await;
    inspector.page.tab_to("button.main").await;
    inspector.page.press(&[ENTER]).await;
    inspector
        .page
        .until("document.querySelector('[role=status]')?.innerText.startsWith('Signed in.')")
        .await;
    assert_eq!(inspector.page.console().await, Vec::<String>::new());
    inspector.emulator.stop().await;
}
