//! Tests of `pcdevices report`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use common::{CUSTOMER, Desk, stderr, stdout};
use insta::assert_snapshot;

#[test]
fn a_report_is_created_from_the_journal() {
    let desk = Desk::with(&["--instant"]);
    let folder = desk.home().join("journals");
    let folder = folder.to_str().unwrap();
    let journal = format!("{folder}/berlin.journal");
    let [page, csv, json] = ["b.html", "b.csv", "b.json"].map(|name| desk.home().join(name));
    let [page, csv, json] = [&page, &csv, &json].map(|path| path.to_str().unwrap());
    let upload = desk.run(&[
        "upload",
        "samples/trouble.csv",
        "--batch",
        "Berlin",
        "--journal",
        &journal,
        "--report",
        csv,
    ]);
    assert_eq!(upload.status.code(), Some(1), "{}", stderr(&upload));

    let again = desk.run(&["report", "berlin", "--folder", folder, "--csv"]);
    let written = std::fs::read_to_string(csv).unwrap();
    let written = written.strip_prefix('\u{feff}').unwrap(); // for Excel, in files only
    assert_eq!(stdout(&again), written, "as after the upload");
    assert_eq!((again.status.code(), stderr(&again)), (Some(0), ""));

    let again = desk.run(&["report", "berlin", "--folder", folder, "--csv", "--output", "-"]);
    assert_eq!(stdout(&again), written);
    assert!(!std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../-").exists());

    // A flag selects the format, otherwise the file name, which here belongs to the journal too.
    assert_snapshot!("written", desk.show(&["report", &journal, "--output", page]));
    let written = std::fs::read_to_string(page).unwrap();
    assert!(written.starts_with("<!doctype html>") && written.contains("ZtdDeviceNotFound"));
    assert!(desk.run(&["report", &journal, "--json", "-o", json]).status.success());
    let printed = desk.run(&["report", &journal, "--json"]);
    assert_eq!(stdout(&printed), std::fs::read_to_string(json).unwrap());
    let report: serde_json::Value = serde_json::from_slice(&printed.stdout).unwrap();
    assert_eq!((&report["totals"]["rows"], &report["totals"]["failed"]), (&12.into(), &7.into()));

    assert_snapshot!("no-form", desk.show(&["report", &journal]));
    assert_snapshot!("no-run", desk.show(&["report", "paris", "--folder", folder, "--html"]));
    let place = desk.show(&["report", &journal, "--html", "-o", "no-such/folder.html"]);
    assert_snapshot!("no-place", place);
    assert_snapshot!("two-forms", desk.show(&["report", &journal, "--html", "--csv"]));
}

#[test]
fn the_page_is_in_the_words_of_the_partner_and_names_the_customer() {
    let desk = Desk::with(&["--instant"]);
    let (journal, page) = (desk.home().join("b.journal"), desk.home().join("b.html"));
    let [journal, page] = [&journal, &page].map(|path| path.to_str().unwrap());
    let words =
        ["--title", "Laptops", "--from", "Wide World", "--contact", "Kim Akers", "--lang", "de"];
    let upload =
        ["upload", "samples/trouble.csv", "--batch", "B", "--journal", journal, "--report", page];
    let uploaded = desk.run(&[&upload[..], &words].concat());
    assert_eq!(uploaded.status.code(), Some(1), "{}", stderr(&uploaded));
    let after_upload = std::fs::read_to_string(page).unwrap();
    desk.run(&["customers", "add", "Contoso", CUSTOMER]);
    let report = ["report", journal, "-o", page];
    assert!(desk.run(&[&report[..], &words].concat()).status.success());
    let named = std::fs::read_to_string(page).unwrap();
    for page in [&after_upload, &named] {
        for text in [
            "<html lang=\"de\">",
            "<h1>Laptops</h1>",
            "Wide World",
            "Kim Akers",
            "Registriert: 4 von 12 Geräten",
        ] {
            assert!(page.contains(text), "{text}");
        }
    }
    assert!(named.contains("<bdi>Contoso</bdi>") && !named.contains(CUSTOMER));
}

/// The policies come from the local index. They were assigned after the upload.
#[test]
fn the_page_counts_devices_by_model_and_by_policy() {
    let desk = Desk::with(&["--instant"]);
    let list = "Serial,Make,Model\nS1,HP,HP Pro\nS2,HP,HP Pro\nS3,LENOVO,21LS\nS4,,\nZTD808-5,LENOVO,21LS\n";
    let list = desk.file("list.csv", list);
    let (journal, page) = (desk.home().join("b.journal"), desk.home().join("b.html"));
    let [journal, page] = [&journal, &page].map(|path| path.to_str().unwrap());
    let upload =
        ["upload", &list, "--skip-invalid", "--batch", "B", "--journal", journal, "--report", page];
    let uploaded = desk.run(&upload);
    assert!(uploaded.status.code().is_some(), "{}", stderr(&uploaded));
    let row = |name: &str, counts: [u8; 3]| {
        let [all, done, open] = counts;
        format!(
            "<tr><th scope=\"row\">{name}</th><td class=\"number\" data-label=\"Devices\">{all}</td>\
             <td class=\"number\" data-label=\"Registered\">{done}</td><td class=\"number\" data-label=\"Open\">{open}</td></tr>"
        )
    };
    let after_upload = std::fs::read_to_string(page).unwrap();
    for text in [
        row("<bdi>HP Pro</bdi>", [2, 2, 0]),
        row("<bdi>LENOVO 21LS</bdi>", [2, 1, 1]),
        row("Model not stated", [1, 0, 1]),
    ] {
        assert!(after_upload.contains(&text), "{text}: {after_upload}");
    }
    assert!(!after_upload.contains("id=\"policies\""), "no policy is known");

    for args in [
        &["policies", "create", "Kiosk", "--setting", "skip_eula"][..],
        &["devices", "assign-policy", "--serial", "S1", "--policy", "Kiosk", "--yes"],
        &["report", journal, "-o", page],
    ] {
        let output = desk.run(args);
        assert!(output.status.success(), "{args:?}: {}", stderr(&output));
    }
    let later = std::fs::read_to_string(page).unwrap();
    for text in [
        row("<bdi>HP Pro</bdi>", [2, 2, 0]),
        "<tr><th scope=\"row\"><bdi>Kiosk</bdi></th><td class=\"number\" data-label=\"Devices\">1</td></tr>".to_owned(),
        "<tr><th scope=\"row\">No policy known</th><td class=\"number\" data-label=\"Devices\">2</td></tr>".to_owned(),
    ] {
        assert!(later.contains(&text), "{text}: {later}");
    }
}

#[test]
fn a_journal_without_rows_is_not_a_success() {
    let desk = Desk::with(&["--instant"]);
    let journal = desk.home().join("empty.journal");
    std::fs::write(&journal, "").unwrap();
    let report = desk.run(&["report", journal.to_str().unwrap(), "--json"]);
    assert_eq!((report.status.code(), stdout(&report)), (Some(3), ""));
    assert!(stderr(&report).contains("the journal has no rows"), "{}", stderr(&report));
}
