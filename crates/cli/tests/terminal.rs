//! Tests of the program in a pseudo-terminal: progress, prompts and Ctrl-C.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use std::time::Instant;

use common::terminal::Watched;
use common::{CUSTOMER, Desk, steady};
use insta::assert_snapshot;

#[test]
fn an_upload_shows_progress_and_a_table() {
    // Jobs take some time here, so that the bar is visible.
    let desk = Desk::with(&[]);
    let args = ["upload", "samples/trouble.csv", "-b", "Berlin", "--yes"];
    let mut watched = Watched::start(&desk.command(&args), 84);
    watched.wait_for("/12 devices");
    let (screen, status) = watched.end();
    assert_eq!(status.exit_code(), 1);
    assert!(String::from_utf8_lossy(&watched.seen).contains("\u{1b}["), "no colors");
    steady(|| assert_snapshot!("upload", screen));
}

#[test]
fn the_name_of_a_report_is_a_link() {
    let desk = Desk::new();
    let report = desk.home().join("my report.html");
    let upload = ["upload", "samples/contoso-fleet.csv", "-b", "b", "-y", "--report"];
    let args = [&upload[..], &[report.to_str().unwrap()]].concat();
    for (terminal, has_link) in [("1", true), ("0", false)] {
        let mut command = desk.command(&args);
        command.env("FORCE_HYPERLINK", terminal);
        let mut watched = Watched::start(&command, 200);
        watched.end();
        let seen = String::from_utf8_lossy(&watched.seen).into_owned();
        let start = "Wrote \u{1b}]8;;file:///";
        assert_eq!(seen.contains(start), has_link, "{seen:?}");
        assert_eq!(seen.contains("/my%20report.html\u{1b}\\"), has_link, "{seen:?}");
    }
}

#[test]
fn colors_and_progress_can_be_turned_off() {
    let desk = Desk::new();
    let colored = |messages: &str| {
        messages.split("\u{1b}[").skip(1).any(|code| {
            code.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == ';')
                .starts_with('m')
        })
    };
    let args = ["upload", "samples/trouble.csv", "-b", "Berlin", "--yes", "--color"];
    for (when, is_colored) in [("auto", true), ("never", false)] {
        let mut watched = Watched::start(&desk.command(&[&args[..], &[when]].concat()), 100);
        watched.end();
        let raw = String::from_utf8_lossy(&watched.seen).into_owned();
        assert_eq!(colored(&raw), is_colored, "{raw:?}");
    }
    let mut watched =
        Watched::start(&desk.command(&[&args[..], &["never", "--quiet"]].concat()), 100);
    let (screen, _) = watched.end();
    assert!(!watched.seen.contains(&0x1b), "{:?}", watched.text());
    assert!(screen.starts_with(" Line  Device"), "{screen}");
}

#[test]
fn ctrl_c_ends_an_upload_with_a_message() {
    let desk = Desk::with(&[]);
    let mut watched =
        Watched::start(&desk.command(&["upload", "samples/trouble.csv", "-b", "Berlin", "-y"]), 80);
    watched.wait_for("Sent 12 devices");
    watched.type_in("\u{3}");
    let (screen, status) = watched.end();
    assert_eq!(status.exit_code(), 130, "{screen}");
    // The terminal's own ^C can leave the last state of the bar on the screen.
    let screen: String = screen
        .lines()
        .filter(|line| !line.contains("/12 devices"))
        .map(|line| format!("{line}\n"))
        .collect();
    steady(|| assert_snapshot!("ctrl-c", screen));
}

#[test]
fn only_the_first_upload_to_a_customer_asks() {
    let desk = Desk::new();
    let upload = |batch: &str| {
        let args = ["upload", "samples/contoso-fleet.csv", "-c", "contoso.com", "-b", batch];
        Watched::start(&desk.command(&args), 120)
    };
    let mut watched = upload("Berlin");
    watched.wait_for("[y/N]");
    let question = "This is the first upload to Contoso (47021739-3426-40bf-9601-61b4b6d7c793) from this machine.";
    assert!(watched.text().contains(question), "{}", watched.text());
    watched.type_in("n\r");
    let (screen, status) = watched.end();
    assert_eq!(status.exit_code(), 130, "{screen}");
    assert!(screen.contains("cancelled; nothing was changed"), "{screen}");
    let mut watched = upload("Berlin");
    watched.wait_for("[y/N]");
    watched.type_in("y\r");
    assert!(watched.end().0.contains("Customer Contoso (47021739"));
    // The customer is known now.
    let (screen, _) = upload("Hamburg").end();
    assert!(screen.contains("Customer Contoso") && !screen.contains("[y/N]"), "{screen}");
}

#[test]
fn only_yes_confirms_a_question() {
    let desk = Desk::new();
    let other = "4d8b5f9e-0f7a-4b36-9b8e-1f1f2ad0c8a1";
    assert_eq!(desk.run(&["customers", "add", "contoso", CUSTOMER]).status.code(), Some(0));
    let args = ["customers", "add", "contoso", other];
    for (answer, code) in [("n\r", 130), ("\r", 130), ("\u{4}", 130), ("yes\r", 0)] {
        let mut watched = Watched::start(&desk.command(&args), 120);
        watched.wait_for("[y/N]");
        watched.type_in(answer);
        let (screen, status) = watched.end();
        assert_eq!(status.exit_code(), code, "{answer:?}: {screen}");
        let own_line = screen.lines().any(|line| line == "cancelled; nothing was changed");
        assert_eq!(own_line, code != 0, "{answer:?}: {screen}");
    }
    let list = desk.run(&["customers", "list", "--csv"]);
    assert!(common::stdout(&list).contains(other));
}

#[test]
fn a_batch_with_another_name_than_the_group_tags_is_confirmed() {
    let desk = Desk::with(&["--instant"]);
    let file = desk.file("fleet.csv", "Serial,Make,Model,Group Tag\nS1,M,N,Sales\nS2,M,N,Labs\n");
    for (answer, code, name) in [("\r", 130, "tags-no"), ("y\r", 0, "tags-yes")] {
        let upload = ["upload", &file, "-b", "Berlin", "--yes"];
        let mut watched = Watched::start(&desk.command(&upload), 100);
        watched.wait_for("[y/N]");
        watched.type_in(answer);
        let (screen, status) = watched.end();
        assert_eq!(status.exit_code(), code, "{screen}");
        steady(|| assert_snapshot!(name, screen));
    }
}

#[test]
fn a_typed_secret_is_not_echoed() {
    let desk = Desk::with(&["--auth", "strict"]);
    let url = desk.emulator.url.clone();
    let args = [
        "auth",
        "login",
        "--base-url",
        &url,
        "--tenant",
        "partner.example",
        "--client-id",
        "8f7f6e2c-3f53-4f2c-a1f5-0f5f0b1c2d3e",
        "--app-only",
    ];
    let mut watched = Watched::start(&desk.command(&args), 120);
    watched.wait_for("(hidden)");
    watched.wait_until_nothing_is_echoed();
    watched.type_in("\u{3}");
    let (screen, status) = watched.end();
    assert_eq!(status.exit_code(), 130, "{screen}");
    assert!(screen.ends_with("\nerror: cancelled; no credentials were saved\n"), "{screen}");

    let mut watched = Watched::start(&desk.command(&args), 120);
    watched.wait_for("(hidden)");
    watched.wait_until_nothing_is_echoed();
    watched.type_in("planted-secret\r");
    let (screen, status) = watched.end();
    assert_eq!(status.exit_code(), 0, "{screen}");
    assert!(!watched.text().contains("planted"), "{}", watched.text());
    assert!(screen.contains("app only"), "{screen}");
}

#[test]
fn a_deletion_asks_and_shows_results() {
    let desk = Desk::new();
    let args = ["devices", "delete", "--serial", "HQ-0001"];
    for (name, answer, code) in [("delete-no", "n\r", 130), ("delete-yes", "y\r", 0)] {
        let mut watched = Watched::start(&desk.command(&args), 90);
        watched.wait_for("Delete this device? [y/N]");
        watched.type_in(answer);
        let (screen, status) = watched.end();
        assert_eq!(status.exit_code(), code, "{screen}");
        steady(|| assert_snapshot!(name, screen));
    }
}

#[test]
fn a_policy_is_assigned_after_confirmation() {
    let desk = Desk::new();
    let args = ["devices", "assign-policy", "--batch", "Headquarters", "--no-policy"];
    let mut watched = Watched::start(&desk.command(&args), 90);
    watched.wait_for("[y/N]");
    watched.type_in("yes\r");
    let (screen, status) = watched.end();
    assert_eq!(status.exit_code(), 0, "{screen}");
    steady(|| assert_snapshot!("assign", screen.replace(" (AN-ID)", "")));
}

#[test]
fn a_wait_shows_a_bar_and_a_table() {
    let desk = Desk::with(&[]);
    let body = r#"{"batchId":"B","devices":[
        {"serialNumber":"S1","oemManufacturerName":"M","modelName":"N"},
        {"serialNumber":"ZTD808-2","oemManufacturerName":"M","modelName":"N"}]}"#;
    let path = "customers/{customer}/deviceBatches";
    let output = desk.run(&["raw", "POST", path, "--include", "--data", body]);
    let messages = common::stderr(&output);
    let location = messages.lines().find_map(|line| line.strip_prefix("Location: "));
    let job = location.unwrap_or_else(|| panic!("{messages}")).rsplit('/').next().unwrap();
    let mut watched = Watched::start(&desk.command(&["jobs", "wait", job]), 90);
    watched.wait_for("0/2 devices");
    let (screen, status) = watched.end();
    assert_eq!(status.exit_code(), 1, "{screen}");
    steady(|| assert_snapshot!("wait", screen.replace(job, "JOB")));
}

/// Returns a policy file for a customer without policies, and a slow emulator.
fn slow_policies() -> (Desk, String) {
    let faults = "rules:
      - {id: slow, matching: {method: POST}, effect: {latency: {milliseconds: 500}}}";
    let faults = common::file("terminal-slow.yaml", faults);
    let desk = Desk::with(&["--instant", "--faults", faults.to_str().unwrap()]);
    let names = |number| format!("  - {{name: Policy {number}, settings: [skip_eula]}}\n");
    let names: String = (1..=3).map(names).collect();
    let file = desk.file("policies.yaml", format!("policies:\n{names}"));
    (desk, file)
}

#[test]
fn policies_are_applied_after_confirmation() {
    let (desk, file) = slow_policies();
    let mut watched = Watched::start(&desk.command(&["policies", "apply", &file]), 90);
    watched.wait_for("Apply these changes? [y/N]");
    watched.type_in("y\r");
    let (screen, status) = watched.end();
    assert_eq!(status.exit_code(), 0, "{screen}");
    steady(|| assert_snapshot!("apply", screen));
}

#[test]
fn ctrl_c_ends_an_apply_after_the_current_policy() {
    let (desk, file) = slow_policies();
    let mut watched = Watched::start(&desk.command(&["policies", "apply", &file, "--yes"]), 90);
    watched.wait_for("created Policy 1");
    watched.type_in("\u{3}");
    let (screen, status) = watched.end();
    assert_eq!(status.exit_code(), 130, "{screen}");
    steady(|| assert_snapshot!("apply-ctrl-c", screen.replace("^C", "")));
    let there = desk.run(&["policies", "list", "--csv"]);
    assert_eq!(common::stdout(&there).lines().count(), 3, "{there:?}");
}

#[test]
fn a_narrow_terminal_does_not_break_names() {
    let desk = Desk::new();
    for (name, args) in
        [("narrow-devices", &["devices", "list"][..]), ("narrow-policies", &["policies", "list"])]
    {
        let mut watched = Watched::start(&desk.command(args), 60);
        let (screen, status) = watched.end();
        assert_eq!(status.exit_code(), 0, "{screen}");
        steady(|| assert_snapshot!(name, screen));
    }
}

/// Each logged call is on its own line, even if a bar is drawn in between.
#[test]
fn calls_are_logged_in_a_terminal() {
    let desk = Desk::new();
    let args = ["-v", "upload", "samples/trouble.csv", "-b", "Berlin", "--yes"];
    let mut watched = Watched::start(&desk.command(&args), 300);
    let (screen, status) = watched.end();
    assert_eq!(status.exit_code(), 1, "{screen}");
    let calls: Vec<_> = screen.lines().filter(|line| line.contains("MS-RequestId")).collect();
    assert!(calls.len() > 2, "{screen}");
    assert!(calls.iter().all(|line| line.contains(" /v1/")), "{}", calls.join("\n"));
    assert!(screen.contains("12 rows for batch 'Berlin': "), "{screen}");
}

/// A fault that throttles the list of batches for half a minute.
fn throttled() -> serde_json::Value {
    serde_json::json!({
        "id": "busy", "matching": {"method": "GET", "pathContains": "deviceBatches"},
        "effect": {"throttle": {"seconds": 30}},
    })
}

#[test]
fn a_long_wait_is_explained() {
    let desk = Desk::new();
    desk.fault(&throttled());
    for (columns, text) in [
        (120, "Partner Center is busy (429); retrying in 2"),
        (80, "Partner Center is busy (429); retrying in 2"),
        (40, "busy (429); retrying in 2"),
    ] {
        let upload = ["upload", "samples/contoso-fleet.csv", "-b", "Berlin", "--yes"];
        for args in [&["batches", "list"][..], &upload] {
            let mut watched = Watched::start(&desk.command(args), columns);
            watched.wait_for(text);
            watched.type_in("\u{3}");
            let (screen, _) = watched.end();
            let longest = screen.lines().map(|line| line.chars().count()).max();
            assert!(longest.is_some_and(|longest| longest <= columns.into()), "{screen}");
        }
    }
}

#[test]
fn a_slow_call_is_named() {
    let desk = Desk::new();
    desk.fault(&serde_json::json!({
        "id": "slow", "matching": {"method": "GET"}, "effect": {"latency": {"milliseconds": 30_000}},
    }));
    let mut watched = Watched::start(&desk.command(&["batches", "list"]), 80);
    watched.wait_for("looking up batches (1 s)");
    watched.type_in("\u{3}");
    watched.end();
}

/// Returns the seconds of the last estimate in a line of progress: `1 min 30 s left`.
fn estimate(line: &str) -> Option<f64> {
    let (line, _) = line.rsplit_once(" left")?;
    let words: Vec<_> = line.rsplit(", ").next()?.split(' ').collect();
    let seconds = |pair: &[&str]| {
        let unit = match pair[1] {
            "s" => 1.0,
            "min" => 60.0,
            _ => 3600.0,
        };
        pair[0].parse::<f64>().ok().map(|number| number * unit)
    };
    words.chunks_exact(2).map(seconds).sum()
}

#[test]
#[ignore = "takes 20 seconds: cargo test --test terminal -- --ignored --nocapture"]
fn the_second_half_of_a_long_upload_is_estimated_well() {
    let desk = Desk::with(&[]);
    let rows: String = (0..20_000).map(|row| format!("SN{row:06},Contoso,Book 5\n")).collect();
    let fleet = desk.file("long.csv", format!("Serial,Make,Model\n{rows}"));
    let started = Instant::now();
    let args = ["upload", &fleet, "-b", "Big", "--yes", "--report", "long.html"];
    let mut watched = Watched::start(&desk.command(&args), 120);
    let (mut shown, mut end) = (Vec::new(), 0.0);
    while let Some(printed) = watched.next_output() {
        if printed.contains(" %, ") {
            end = started.elapsed().as_secs_f64();
        }
        if let Some(left) = printed.rsplit('\r').find_map(estimate) {
            shown.push((started.elapsed().as_secs_f64(), left));
        }
    }
    let mut worst: f64 = 0.0;
    for (time, left) in shown {
        let rest = end - time;
        println!("{time:.1} s: {left} s left, really {rest:.1} s");
        if (end / 2.0..end * 0.9).contains(&time) {
            // Seconds are shown as whole numbers.
            worst = worst.max(((left - rest).abs() - 0.5) / rest);
        }
    }
    assert!(worst < 0.25, "{worst}");
}
