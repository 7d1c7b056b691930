//! Tests of the documents that `--json` prints. Each is written to a file for `schemas.py`, which validates it with the
//! output of `pcdevices schema`. Snapshots show the largest ones.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use common::{CUSTOMER, Desk, pcdevices, run, stderr, stdout, steady};
use insta::assert_snapshot;

/// Documents that no command prints as JSON. The tests of the library check them.
const NOT_PRINTED: [&str; 2] = ["findings", "journals"];

struct Documents<'a> {
    desk: &'a Desk,
    folder: PathBuf,
    kept: BTreeSet<&'static str>,
}

impl<'a> Documents<'a> {
    fn new(desk: &'a Desk) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli-documents");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("schemas")).unwrap();
        Self { desk, folder, kept: BTreeSet::new() }
    }

    fn keep(&mut self, schema: &'static str, case: &str, document: &str) {
        let _: serde_json::Value = serde_json::from_str(document).unwrap();
        fs::write(self.folder.join(format!("{schema}.{case}.json")), document).unwrap();
        self.kept.insert(schema);
    }

    /// Runs a command and stores its output.
    fn add(&mut self, schema: &'static str, case: &str, args: &[&str]) -> String {
        let output = self.desk.run(args);
        assert!(!output.stdout.is_empty(), "{args:?}: {}", stderr(&output));
        self.keep(schema, case, stdout(&output));
        self.desk.shown(args, &output)
    }

    fn add_customers(&mut self) {
        self.add("customers", "none", &["customers", "list", "--json"]);
        assert!(self.desk.run(&["customers", "add", "contoso", CUSTOMER]).status.success());
        self.add("customers", "one", &["customers", "list", "--json"]);
        self.add("customers-found", "two", &["customers", "find", "contoso", "--json"]);
        self.add("customers-known", "found", &["customers", "list", "--all", "--json"]);
        self.add("customers-synced", "all", &["customers", "sync", "--json"]);
        let sync = ["devices", "sync", "--all", "--yes", "--json", "--rate", "1000"];
        self.add("devices-synced", "all", &sync);
        let everywhere = ["devices", "find", "HQ-0001", "no", "--everywhere", "--json"];
        self.add("devices-everywhere", "two", &everywhere);
    }
}

#[test]
#[allow(clippy::too_many_lines)] // prints every document
fn every_document_is_stored_for_validation() {
    let desk = Desk::with(&["--instant", "--world", "samples/world.yaml", "--seed", "1"]);
    let mut documents = Documents::new(&desk);
    let journals = desk.home().join(".local/state/pcdevices/journals");
    fs::create_dir_all(&journals).unwrap();
    let journal = journals.join("run.journal");
    let journal = journal.to_str().unwrap();
    let rows = "HQ-0002,,,Contoso,Book 5\nUSED-77,,,Contoso,Book 4\nHQ-0002,,,Contoso,Book 5\nGONE-1,,,M,N\n";
    let header =
        "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model\n";
    let file = desk.file("fleet.csv", header.to_owned() + rows);
    let odd = desk.file("odd.csv", "Serial,Make,Model\nS1,M,N\nS1,M,N\n,M,N\nDefault string,M,N\n");
    let list = desk.file("list.csv", "Serial\nHQ-0001\nHQ-OOO1\nHQ-0002\nDefault string\n");
    let policies = r#"{"policies": [{"name": "Kiosk", "settings": ["skip_eula"]}]}"#;
    documents.keep("policy-file", "json", policies);
    let policies = desk.file("policies.json", policies);
    let policy = ["--policy", "Straight to the desktop"];

    steady(|| {
        let upload = ["upload", &file, "-b", "Berlin", "--json"];
        assert_snapshot!(
            "dry-run",
            documents.add(
                "dry-run",
                "upload",
                &["upload", &file, "-b", "Berlin", "--dry-run", "--json"]
            )
        );
        let upload = [&upload[..], &["--journal", journal]].concat();
        assert_snapshot!("upload", documents.add("report", "upload", &upload));
        assert_snapshot!(
            "export",
            documents.add("journal", "export", &["journals", "export", journal])
        );
        documents.add("report", "again", &["report", journal, "--json"]);
        let jobs: serde_json::Value =
            serde_json::from_slice(&desk.run(&["jobs", "list", "--json"]).stdout).unwrap();
        let job = jobs[0]["trackingId"].as_str().unwrap();
        assert_snapshot!("job", documents.add("job", "status", &["jobs", "status", job, "--json"]));
        documents.add("job", "wait", &["jobs", "wait", job, "--json"]);
        documents.add("jobs", "list", &["jobs", "list", "--json"]);
        documents.add("batches", "list", &["batches", "list", "--json"]);
        assert_snapshot!(
            "devices",
            documents.add("registered", "list", &["devices", "list", "--json"])
        );
        let diff = [&["devices", "diff", &list, "--json"][..], &policy].concat();
        assert_snapshot!("diff", documents.add("diff", "list", &diff));
    });
    documents.add("finds", "find", &["devices", "find", "HQ-0001", "HQ-OOO1", "no", "--json"]);
    let assign = [&["devices", "assign-policy", &list, "--json"][..], &policy].concat();
    documents.add("assign-plan", "plan", &assign);
    documents.add("assign-report", "report", &[&assign[..], &["--yes"]].concat());
    let delete = ["devices", "delete", &list, "--json"];
    documents.add("delete-plan", "plan", &delete);
    documents.add("delete-report", "report", &[&delete[..], &["--yes"]].concat());
    documents.add("check", "good", &["check", "samples/contoso-fleet.csv", "--json"]);
    documents.add("check", "odd", &["check", &odd, "--json"]);
    documents.add("check", "details", &["check", &odd, "--details", "--json"]);
    documents.add("explain", "all", &["explain", "--json"]);
    documents.add("policies", "list", &["policies", "list", "--json"]);
    documents.add("policy-plan", "diff", &["policies", "diff", &policies, "--json"]);
    documents.add("policy-plan", "apply", &["policies", "apply", &policies, "--json", "--yes"]);
    documents.add("policy-plan", "delete", &["policies", "delete", "Kiosk", "--json", "-y"]);
    documents.add_customers();
    documents.add("audit", "changes", &["audit", "--json"]);
    documents.add("auth-status", "nobody", &["auth", "status", "--json"]);
    documents.add("doctor", "emulator", &["doctor", "--json"]);
    documents.add("doctor", "nowhere", &["doctor", "--json", "--base-url", "http://127.0.0.1:9"]);

    let names = run(&["schema"]);
    for name in stdout(&names).lines().filter_map(|line| line.split(' ').next()) {
        assert!(documents.kept.contains(name) != NOT_PRINTED.contains(&name), "{name}");
        if documents.kept.contains(name) {
            let schema = documents.folder.join(format!("schemas/{name}.schema.json"));
            fs::write(schema, run(&["schema", name]).stdout).unwrap();
        }
    }
}

#[test]
fn the_emulator_prints_its_ready_line() {
    let args = ["emulator", "--listen", "127.0.0.1:0"];
    let mut emulator = pcdevices(&args).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut ready = String::new();
    let mut out = std::io::BufReader::new(emulator.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut out, &mut ready).unwrap();
    emulator.kill().unwrap();
    emulator.wait().unwrap();
    insta::with_settings!({filters => [
        (r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"),
        (r#""pid":\d+"#, "\"pid\":PID"),
        (r#""version":"[^"]+""#, "\"version\":\"VERSION\""),
    ], prepend_module_to_snapshot => true}, {
        assert_snapshot!("ready", ready);
    });
}

#[test]
fn a_directory_stands_for_its_files_but_not_for_those_of_others_in_it() {
    let desk = Desk::new();
    let refused = desk.show(&["upload", "docs", "-b", "Berlin"]);
    assert_snapshot!("folder", refused.replace(r"docs\pictures", "docs/pictures"));
    assert_snapshot!("folder-check", desk.show(&["check", "samples"]));
}

/// With several files, each line number comes with its file.
#[test]
fn an_error_names_the_file_of_each_line() {
    let desk = Desk::with(&["--instant"]);
    let [a, b] = ["a.csv", "b.csv"].map(|name| {
        desk.file(name, format!("Serial,Make,Model\nZTD808-{name},M,N\nS-{name},M,N\n"))
    });
    let output = desk.run(&["upload", &a, &b, "-b", "Berlin"]);
    let messages = stdout(&output);
    let places = format!("({a} line 2; {b} line 2)");
    assert!(
        messages.contains(&format!("808 ZtdDeviceAssignedToOtherTenant {places}")),
        "{messages}"
    );
}
