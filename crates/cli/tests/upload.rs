//! Tests of `pcdevices upload` for several customers, and of its results for scripts.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use std::time::{Duration, Instant};

use common::{CUSTOMER, Desk, stderr, steady};
use insta::assert_snapshot;
use partner_center_devices_testkit::app_credentials::user_token;

const OTHER: &str = "4d8b5f9e-0f7a-4b36-9b8e-1f1f2ad0c8a1";

/// A desk with two named customers.
fn desk() -> Desk {
    let desk = Desk::with(&["--instant"]);
    for (name, id) in [("contoso", CUSTOMER), ("Fabrikam Berlin", OTHER)] {
        assert_eq!(desk.run(&["customers", "add", name, id]).status.code(), Some(0));
    }
    desk
}

fn batches(desk: &Desk, customer: &str) -> Vec<(String, i64)> {
    let output = desk.run(&["batches", "list", "-c", customer, "--json"]);
    let batches: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let batch = |batch: &serde_json::Value| {
        (batch["id"].as_str().unwrap().to_owned(), batch["devices"].as_i64().unwrap())
    };
    batches.as_array().unwrap().iter().map(batch).collect()
}

#[test]
fn rows_go_to_the_customer_in_their_column() {
    let desk = desk();
    let rows = format!(
        "Device Serial Number,Manufacturer name,Device model,Tenant ID,Group Tag\n\
         S1,HP,X,contoso,HQ\nS2,HP,X,{OTHER},Lab\nS3,HP,X,CONTOSO,HQ\nS4,HP,X,contoso,Lab\n"
    );
    let file = desk.file("fleet.csv", rows);
    // The environment variable is ignored.
    let args = ["upload", &file, "--customer-from", "column"];
    let mut command = desk.command(&args);
    let output = command.env("PCDEVICES_CUSTOMER", OTHER).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    steady(|| assert_snapshot!("column", common::stdout(&output)));
    let named = |name: &str, devices| (name.to_owned(), devices);
    assert_eq!(batches(&desk, "contoso"), [named("HQ", 2), named("Lab", 1)]);
    assert_eq!(batches(&desk, "fabrikam berlin"), [named("Lab", 1)]);
}

#[test]
fn files_go_to_the_customer_of_their_folder() {
    let desk = desk();
    let fleets = desk.home().join("fleets");
    for (folder, serial) in [("contoso", "S1"), ("Fabrikam Berlin", "S2")] {
        std::fs::create_dir_all(fleets.join(folder)).unwrap();
        let rows = format!("Serial,Make,Model\n{serial},HP,X\n");
        std::fs::write(fleets.join(folder).join("new.csv"), rows).unwrap();
        std::fs::write(fleets.join(folder).join("notes.txt"), "not for you").unwrap();
    }
    let args = ["upload", fleets.to_str().unwrap(), "--customer-from", "folder", "-b", "November"];
    steady(|| assert_snapshot!("folder", desk.show(&[&args[..], &["--csv", "--quiet"]].concat())));
    // Both uploads run in parallel, and each line names its customer.
    let messages = desk.run(&args);
    for customer in ["contoso", "Fabrikam Berlin"] {
        let line = format!("1 device to add to batch 'November' of {customer}\n");
        assert!(stderr(&messages).contains(&line), "{}", stderr(&messages));
    }
    assert_eq!(batches(&desk, "contoso"), [("November".to_owned(), 1)]);
    assert_eq!(batches(&desk, OTHER), [("November".to_owned(), 1)]);
}

#[test]
fn nothing_is_sent_if_a_row_has_no_customer() {
    let desk = desk();
    let rows = "Serial,Make,Model,Customer,Group Tag\nS1,HP,X,contoso,HQ\nS2,HP,X,contosso,HQ\nS3,HP,X,,HQ\nS4,HP,X,contoso,\n";
    let file = desk.file("fleet.csv", rows);
    steady(|| {
        let args = ["upload", &file, "--customer-from", "column"];
        assert_snapshot!("nowhere", desk.show(&args));
        let args = ["upload", "samples/trouble.csv", "--customer-from", "column"];
        assert_snapshot!("no-column", desk.show(&args));
        let args = ["upload", "samples", "--customer-from", "folder", "-b", "x"];
        assert_snapshot!("no-folder", desk.show(&args));
        let args = ["upload", &file, "--customer-from", "column", "-c", "contoso"];
        assert_snapshot!("both", desk.show(&args));
    });
    assert!(batches(&desk, "contoso").is_empty());
}

const TAGGED: &str = "Device Serial Number,Manufacturer name,Device model,Group Tag\n";

#[test]
fn group_tags_decide_the_batches() {
    let desk = desk();
    let some = desk.file("labs.csv", format!("{TAGGED}S0,HP,X,Labs\n"));
    assert_eq!(desk.run(&["upload", &some, "-q"]).status.code(), Some(0));
    let rows = "S1,HP,X,Sales\nS2,HP,X,Labs\nS3,HP,X,SALES\nS3,HP,X,Sales\nZTD808-4,HP,X,Sales\n";
    let file = desk.file("fleet.csv", TAGGED.to_owned() + rows);
    steady(|| {
        assert_snapshot!("tags-plan", desk.show(&["upload", &file, "--dry-run"]));
        assert_snapshot!("tags-plan-csv", desk.show(&["upload", &file, "--dry-run", "--csv"]));
    });
    // The batches are uploaded concurrently, so the last lines have no order.
    let output = desk.run(&["upload", &file]);
    let messages: Vec<_> = stderr(&output).lines().collect();
    let plan = "2 batches: Sales (3 devices, new), Labs (1 device, existing)";
    let place = messages.iter().position(|line| *line == plan);
    let place = place.unwrap_or_else(|| panic!("{messages:?}"));
    let sent = messages[place + 1..].iter().filter(|line| !line.starts_with("hint: "));
    let mut sent: Vec<_> = sent.map(|line| line.split(" as job").next().unwrap()).collect();
    sent.sort_unstable();
    assert_eq!(sent, ["Sent 1 device to batch 'Labs'", "Sent 3 devices to batch 'Sales'"]);
    steady(|| assert_snapshot!("tags", common::stdout(&output)));
    assert_eq!(output.status.code(), Some(1));
    let named = |name: &str, devices| (name.to_owned(), devices);
    assert_eq!(batches(&desk, CUSTOMER), [named("Labs", 2), named("Sales", 2)]);
}

#[test]
fn nothing_is_sent_if_a_group_tag_is_unclear() {
    let desk = desk();
    let show = |name: &str, rows: &str, more: &[&str]| {
        let file = desk.file("fleet.csv", format!("{TAGGED}{rows}"));
        let shown = desk.show(&[&["upload", &file][..], more].concat());
        steady(|| assert_snapshot!(format!("tags-{name}"), shown));
    };
    show("missing", "S1,HP,X,Sales\nS2,HP,X,\nS3,HP,X,Labs\nS4,HP,X,\n", &[]);
    show("invalid", "S1,HP,X,Sales\nS2,HP,X,..\nS3,HP,X,A\\B\n", &[]);
    show("twice", "S1,HP,X,Sales\nS2,HP,X,Labs\nS1,HP,X,Labs\n", &[]);
    show("none", "S1,HP,X,\n", &[]);
    show("other", "S1,HP,X,Sales\nS2,HP,X,Labs\nS3,HP,X,\n", &["-b", "X"]);
    show("ignored-without-batch", "S1,HP,X,Sales\n", &["--ignore-group-tags"]);
    assert!(batches(&desk, CUSTOMER).is_empty());
}

#[test]
fn a_named_batch_replaces_group_tags_only_if_that_is_meant() {
    let desk = desk();
    for (rows, more, batch) in [
        ("S1,HP,X,Sales\nS2,HP,X,\n", &["-b", "sales"][..], "sales"),
        ("S3,HP,X,Sales\nS4,HP,X,Labs\n", &["-b", "X", "--ignore-group-tags"], "X"),
    ] {
        let file = desk.file("fleet.csv", format!("{TAGGED}{rows}"));
        let output = desk.run(&[&["upload", &file][..], more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let plan = format!("\n2 devices for the new batch '{batch}'\n");
        assert!(stderr(&output).contains(&plan), "{}", stderr(&output));
    }
}

#[test]
fn the_emulator_uses_its_example_batch_only_without_group_tags() {
    let desk = desk();
    for (rows, plan) in [
        ("S1,HP,X,\n", "1 device for the new batch 'Contoso first fleet'"),
        ("S1,HP,X,Sales\n", "1 device for the new batch 'Sales'"),
    ] {
        let file = desk.file("fleet.csv", format!("{TAGGED}{rows}"));
        let output = desk.program().command(&["upload", &file, "--emulator"]).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert!(stderr(&output).contains(plan), "{}", stderr(&output));
    }
}

/// Runs an upload and appends the file of invalid rows to its output.
fn show_with_invalid_rows(desk: &Desk, args: &[&str], path: &str) -> String {
    let shown = desk.show(args);
    let rows = std::fs::read_to_string(desk.home().join(path)).unwrap();
    format!("{shown}--- {path}\n{}", rows.replace('\u{FEFF}', "BOM "))
}

#[test]
fn valid_rows_are_sent_and_the_others_are_written_to_a_file() {
    let desk = desk();
    let rows = "S1,HP,X,Sales\nS2,,X,Sales\nS3,HP,X,Labs\nS4,Dell, Inc.,Y,Labs\n";
    let file = desk.file("fleet.csv", TAGGED.to_owned() + rows);
    steady(|| {
        assert_snapshot!("skip-refused", desk.show(&["upload", &file]));
        let plan = desk.show(&["upload", &file, "--skip-invalid", "--dry-run"]);
        assert_snapshot!("skip-plan", plan);
    });
    assert!(!desk.home().join("fleet.invalid.csv").exists(), "a dry run writes nothing");
    assert!(batches(&desk, CUSTOMER).is_empty());
    let args = ["upload", &file, "--skip-invalid", "-b", "HQ", "--ignore-group-tags"];
    let shown = show_with_invalid_rows(&desk, &args, "fleet.invalid.csv");
    steady(|| assert_snapshot!("skip", shown));
    assert_eq!(batches(&desk, CUSTOMER), [("HQ".to_owned(), 2)]);

    // The file can be uploaded again before and after it is corrected.
    let invalid = desk.home().join("fleet.invalid.csv");
    let path = invalid.to_str().unwrap();
    let again = desk.run(&["upload", path, "-b", "HQ", "--ignore-group-tags"]);
    assert_eq!(again.status.code(), Some(3), "{}", stderr(&again));
    let content = std::fs::read_to_string(&invalid).unwrap();
    let corrected = content.replace("S2,,X", "S2,HP,X").replace("Dell, Inc.", "\"Dell, Inc.\"");
    std::fs::write(&invalid, corrected).unwrap();
    let again = desk.run(&["upload", path, "-b", "HQ", "--ignore-group-tags"]);
    assert_eq!(again.status.code(), Some(0), "{}", stderr(&again));
    assert!(!stderr(&again).contains("Problem"), "{}", stderr(&again));
    assert_eq!(batches(&desk, CUSTOMER), [("HQ".to_owned(), 4)]);

    // Another run does not replace the corrected file.
    let output = desk.run(&args);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("fleet.invalid-2.csv"), "{}", stderr(&output));
}

#[test]
fn rows_without_a_batch_are_left_out_like_invalid_rows() {
    let desk = desk();
    let rows = "S1,HP,X,Sales\nS2,HP,X,\nS3,HP,X,Labs\nS3,HP,X,Sales\nS2,HP,X,Labs\n";
    let file = desk.file("fleet.csv", TAGGED.to_owned() + rows);
    let target = desk.home().join("to-correct.csv");
    let args = ["upload", &file, "--skip-invalid", "--invalid-rows", target.to_str().unwrap()];
    let shown = show_with_invalid_rows(&desk, &args, "to-correct.csv");
    steady(|| assert_snapshot!("skip-tags", shown));
    assert_eq!(batches(&desk, CUSTOMER), [("Sales".to_owned(), 1)]);
    std::fs::write(&target, "other").unwrap();
    let output = desk.run(&args);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("already exists; it is not replaced"), "{}", stderr(&output));
}

#[test]
fn a_file_that_cannot_be_read_is_never_skipped() {
    let desk = desk();
    let good = desk.file("good.csv", format!("{TAGGED}S1,HP,X,Sales\n"));
    let bad = desk.file("bad.csv", "name,color\na,b\n");
    let none = desk.file("none.csv", format!("{TAGGED}S1,,X,Sales\nS2,,X,Sales\n"));
    for files in [&[&good, &bad][..], &[&none]] {
        let files: Vec<_> = files.iter().map(|file| file.as_str()).collect();
        let output = desk.run(&[&["upload", "--skip-invalid"][..], &files].concat());
        assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
        assert!(!stderr(&output).contains("--skip-invalid"), "{}", stderr(&output));
    }
    assert!(batches(&desk, CUSTOMER).is_empty());
}

#[test]
fn a_script_reads_the_report() {
    let desk = desk();
    let args = ["upload", "samples/trouble.csv", "-c", "contoso", "-b", "HQ", "--json", "--quiet"];
    let output = desk.run(&args);
    assert_eq!((output.status.code(), stderr(&output)), (Some(1), ""));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["totals"]["failed"], 7);
    steady(|| {
        let args = ["upload", "samples/trouble.csv", "-c", "contoso", "-b", "HQ", "--csv"];
        assert_snapshot!("csv", desk.show(&args));
    });
}

/// Uploads a device with a token of a user who signed in with these methods.
fn upload_as(desk: &Desk, methods: &[&str]) -> (Option<i32>, String) {
    let file = desk.file("fleet.csv", "Serial,Make,Model\nS1,HP,X\n");
    let mut command = desk.command(&["upload", &file, "--batch", "B"]);
    let output = command.env("PCDEVICES_TOKEN", user_token(methods)).output().unwrap();
    (output.status.code(), stderr(&output).to_owned())
}

#[test]
fn a_sign_in_without_mfa_is_a_warning_before_anything_is_sent() {
    let desk = Desk::with(&["--instant"]);
    let warning = "warning: this sign-in did not use multi-factor authentication";
    let (code, messages) = upload_as(&desk, &["pwd"]);
    assert_eq!(code, Some(0), "{messages}");
    let (before, _) = messages.split_once(" as job ").unwrap();
    assert!(before.contains(warning), "{messages}");
    let (code, messages) = upload_as(&desk, &["pwd", "mfa"]);
    assert_eq!(code, Some(0), "{messages}");
    assert!(!messages.contains(warning), "{messages}");
}

#[test]
fn an_emulator_that_requires_mfa_rejects_users_without_it() {
    let desk = Desk::with(&["--instant", "--require-mfa"]);
    let (code, messages) = upload_as(&desk, &["pwd"]);
    assert_eq!(code, Some(4), "{messages}");
    assert!(messages.contains("900421"), "{messages}");
    assert!(messages.contains("sign in again with multi-factor authentication"), "{messages}");
    let (code, messages) = upload_as(&desk, &["pwd", "mfa"]);
    assert_eq!(code, Some(0), "{messages}");
    let mut doctor = desk.command(&["doctor"]);
    let output = doctor.env("PCDEVICES_TOKEN", user_token(&["pwd"])).output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{output:?}");
    assert!(common::stdout(&output).contains("no: the service refuses this sign-in"), "{output:?}");
}

#[test]
fn an_emulator_can_tell_batches_apart_by_case() {
    for (flags, expected) in [
        (&["--instant"][..], &[("Sales", 2)][..]),
        (&["--instant", "--exact-batch-names"], &[("Sales", 1), ("sales", 1)]),
    ] {
        let desk = Desk::with(flags);
        for (batch, serial) in [("Sales", "S1"), ("sales", "S2")] {
            let device = format!(
                r#"[{{"serialNumber":"{serial}","oemManufacturerName":"M","modelName":"N"}}]"#
            );
            let created = format!(r#"{{"batchId":"{batch}","devices":{device}}}"#);
            let create = ["raw", "POST", "customers/{customer}/deviceBatches", "--data", &created];
            if desk.run(&create).status.code() != Some(0) {
                let path = format!("customers/{{customer}}/deviceBatches/{batch}/devices");
                let output = desk.run(&["raw", "POST", &path, "--data", &device]);
                assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
            }
        }
        let mut found = batches(&desk, CUSTOMER);
        found.sort();
        let expected: Vec<_> =
            expected.iter().map(|(name, devices)| ((*name).to_owned(), *devices)).collect();
        assert_eq!(found, expected, "{flags:?}");
    }
}

#[test]
fn an_upload_that_does_not_wait_names_its_jobs() {
    let desk = Desk::with(&[]); // jobs take a second or two
    let rows: String = (0..60).map(|number| format!("S{number},HP,X\n")).collect();
    let file = desk.file("fleet.csv", format!("Serial,Make,Model\n{rows}"));
    let args = ["upload", &file, "-c", CUSTOMER, "-b", "b", "--no-wait"];
    let output = desk.run(&args);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    steady(|| {
        assert_snapshot!(common::stdout(&output), @r"
        Tracking id                           Batch  Devices
        AN-ID  b           60
        ");
        assert_snapshot!(stderr(&output), @r"
        Customer Contoso (AN-ID)
        60 devices for the new batch 'b'
        Sent 60 devices as job AN-ID
        The service accepted 60 devices in 1 job. Their results are not known yet.
        hint: to see the results: pcdevices jobs wait AN-ID --customer AN-ID
        ");
    });
    // With a journal, the same command has the results.
    let journal = desk.home().join("u.journal").to_str().unwrap().to_owned();
    let args = [&args[..], &["--journal", &journal]].concat();
    let output = desk.run(&args);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stderr(&output).contains("without --no-wait"), "{}", stderr(&output));
    let args: Vec<_> = args.into_iter().filter(|arg| *arg != "--no-wait").collect();
    let output = desk.run(&args);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(common::stdout(&output).contains("60 rows"), "{}", common::stdout(&output));
}

#[cfg(unix)]
#[test]
fn a_report_opens_in_the_browser() {
    let desk = desk();
    let browser = desk.file(
        "browser.sh",
        "#!/bin/sh\ncd \"$(dirname \"$0\")\"\necho \"$1\" > part\nmv part opened\n",
    );
    std::fs::set_permissions(&browser, std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .unwrap();
    let file = desk.file("fleet.csv", "Serial,Make,Model\nS1,HP,X\n");
    let page = desk.home().join("my fleet.html").to_str().unwrap().to_owned();
    let mut args = vec!["upload", &file, "-c", "contoso", "-b", "b", "--report", &page, "--open"];
    let output = desk.command(&args).env("BROWSER", &browser).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let opened = desk.home().join("opened");
    let deadline = Instant::now() + Duration::from_secs(60);
    while !opened.exists() && Instant::now() < deadline {
        std::thread::yield_now(); // the browser is another process
    }
    let url = std::fs::read_to_string(opened).unwrap();
    assert!(url.starts_with("file:///") && url.ends_with("/my%20fleet.html\n"), "{url}");

    args[7] = "fleet.json";
    assert_snapshot!(desk.show(&args), @r"
    $ pcdevices upload ~/fleet.csv -c contoso -b b --report fleet.json --open
    --- stderr
    error: --open needs an HTML report
    hint: name a file that ends with .html
    --- exit 2
    ");
}
