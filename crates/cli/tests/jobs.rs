//! Tests of `pcdevices jobs`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use std::process::Output;

#[cfg(unix)]
use common::{CUSTOMER, stdout};
use common::{Desk, stderr, steady};
use insta::assert_snapshot;
use serde_json::json;

/// Uploads a sample with a journal in the home directory. Returns the tracking id of its job.
fn upload(desk: &Desk, sample: &str) -> String {
    let journal = desk.home().join("journals").join("trouble.journal");
    std::fs::create_dir_all(journal.parent().unwrap()).unwrap();
    let sample = format!("samples/{sample}.csv");
    let journal = journal.to_str().unwrap();
    let output = desk.run(&["upload", &sample, "--batch", "Berlin", "--journal", journal]);
    job_of(&output)
}

fn job_of(output: &Output) -> String {
    let text = stderr(output);
    let id = text.split(" as job ").nth(1).unwrap_or_else(|| panic!("{text}"));
    id.lines().next().unwrap().to_owned()
}

#[test]
fn a_job_shows_the_result_for_each_device() {
    let desk = Desk::with(&["--instant"]);
    let job = upload(&desk, "trouble");
    steady(|| {
        assert_snapshot!("status", desk.show(&["jobs", "status", &job]));
        assert_snapshot!("wait", desk.show(&["jobs", "wait", &job]));
        let well = job_of(&desk.run(&["upload", "samples/contoso-fleet.csv", "-b", "Berlin"]));
        let output = desk.run(&["jobs", "status", &well]);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let other = "11111111-3426-40bf-9601-61b4b6d7c793";
        assert_snapshot!("other-customer", desk.show(&["jobs", "status", &job, "-c", other]));
    });
    let json = desk.run(&["jobs", "status", &job, "--json"]);
    assert_eq!(json.status.code(), Some(1));
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["totals"]["failed"], 7);
    let device = &json["devices"][1];
    assert_eq!((&device["outcome"], &device["code"]), (&"failed".into(), &"808".into()));
    assert!(device["cure"].as_str().unwrap().contains("find the organization"));
}

/// The service may not know a job right after it accepted the job.
#[test]
fn a_job_that_is_not_known_yet_is_waited_for() {
    let desk = Desk::with(&["--instant"]);
    let create = ["policies", "create", "Kiosk", "--setting", "skip_eula"];
    assert_eq!(desk.run(&create).status.code(), Some(0));
    let job = job_of(&desk.run(&["upload", "samples/contoso-fleet.csv", "-b", "First"]));
    let second = desk.file("second.csv", "Serial,Make,Model\nS1,M,N\n");
    let unknown = json!({
        "id": "unknown",
        "matching": { "operations": ["get_batch_job_status"], "first": 2 },
        "effect": { "status": { "status": 404, "body": "fault" } },
    });
    for args in [
        &["jobs", "status", &job][..],
        &["jobs", "wait", &job],
        &["upload", &second, "-b", "Second"],
        &["devices", "assign-policy", "--batch", "First", "--policy", "Kiosk", "--yes"],
    ] {
        desk.fault(&unknown);
        let output = desk.run(args);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {output:?}");
        let is_status = args[1] == "status";
        let note = "The service does not know this job.";
        assert_eq!(stderr(&output).contains(note), is_status, "{args:?}: {output:?}");
    }
}

#[test]
fn jobs_in_journals_are_listed() {
    let desk = Desk::with(&["--instant"]);
    upload(&desk, "trouble");
    let folder = desk.home().join("journals");
    std::fs::write(folder.join("broken.journal"), "no journal").unwrap();
    let folder = folder.to_str().unwrap();
    steady(|| {
        assert_snapshot!("list", desk.show(&["jobs", "list", "--folder", folder]));
        assert_snapshot!("list-json", desk.show(&["jobs", "list", "--folder", folder, "--json"]));
        assert_snapshot!("list-csv", desk.show(&["jobs", "list", "--folder", folder, "--csv"]));
        let other = "11111111-3426-40bf-9601-61b4b6d7c793";
        assert_snapshot!(
            "list-other",
            desk.show(&["jobs", "list", "--folder", folder, "--customer", other])
        );
        assert_snapshot!("list-none", desk.show(&["jobs", "list"]));
    });
}

/// Tests with jobs that take seconds, which is the emulator's default.
#[cfg(unix)]
mod running {
    use std::io::{BufRead as _, BufReader, Read as _};
    use std::process::{Command, Stdio};

    use super::*;

    /// Starts a job with 100 devices, which takes almost four seconds. A short job could finish before its first poll.
    fn start_job(desk: &Desk) -> String {
        let path = "customers/{customer}/deviceBatches";
        let device = |number| {
            format!(r#"{{"serialNumber":"S{number}","oemManufacturerName":"M","modelName":"N"}}"#)
        };
        let devices: Vec<_> = (1..=100).map(device).collect();
        let body = format!(r#"{{"batchId":"B","devices":[{}]}}"#, devices.join(","));
        let output = desk.run(&["raw", "POST", path, "--include", "--data", &body]);
        let text = stderr(&output);
        let location = text.lines().find_map(|line| line.strip_prefix("Location: "));
        location.unwrap_or_else(|| panic!("{text}")).rsplit('/').next().unwrap().to_owned()
    }

    #[test]
    fn the_outcome_of_a_running_job_is_unknown() {
        let desk = Desk::with(&[]);
        let job = start_job(&desk);
        let output = desk.run(&["jobs", "status", &job]);
        assert_eq!(output.status.code(), Some(6), "{output:?}");
        assert!(stdout(&output).contains("the job is still running"), "{output:?}");

        let wait = desk.run(&["jobs", "wait", &job]);
        assert_eq!(wait.status.code(), Some(0), "{wait:?}");
        assert!(stdout(&wait).ends_with("100 devices: 100 succeeded\n"), "{wait:?}");
        assert!(stderr(&wait).contains(" of 100 devices\n"), "{wait:?}");
    }

    #[test]
    fn ctrl_c_leaves_the_job_running() {
        let desk = Desk::with(&[]);
        let job = start_job(&desk);
        let mut wait = desk.command(&["jobs", "wait", &job]);
        let mut wait = wait.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut messages = BufReader::new(wait.stderr.take().unwrap());
        let mut line = String::new();
        messages.read_line(&mut line).unwrap();
        let id = wait.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        line.clear();
        messages.read_to_string(&mut line).unwrap();
        assert_eq!(wait.wait().unwrap().code(), Some(130), "{line}");
        let end = format!(
            "error: cancelled; the job keeps running\nhint: to wait again: pcdevices jobs wait {job} --customer {CUSTOMER}\n"
        );
        assert!(line.ends_with(&end), "{line}");
    }
}
