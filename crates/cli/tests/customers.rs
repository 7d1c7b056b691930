//! Tests of `pcdevices customers`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use common::{CUSTOMER, Desk, stderr, stdout, steady};
use insta::assert_snapshot;

const OTHER: &str = "4d8b5f9e-0f7a-4b36-9b8e-1f1f2ad0c8a1";

#[test]
fn a_named_customer_works_in_all_commands() {
    let desk = Desk::new();
    assert_snapshot!("none", desk.show(&["customers", "list"]));
    assert_snapshot!("add", desk.show(&["customers", "add", "contoso", CUSTOMER]));
    let args = ["customers", "add", "Fabrikam Berlin", OTHER, "--note", "since 2024"];
    assert_snapshot!("add-note", desk.show(&args));
    assert_snapshot!("list", desk.show(&["customers", "list"]));
    assert_snapshot!("list-json", desk.show(&["customers", "list", "--json"]));
    assert_snapshot!("list-csv", desk.show(&["customers", "list", "--csv"]));

    // Case does not matter in names.
    let by_name = desk.run(&["batches", "list", "-c", "Contoso", "--json"]);
    let by_id = desk.run(&["batches", "list", "-c", CUSTOMER, "--json"]);
    assert_eq!(by_name.status.code(), Some(0));
    assert_eq!(by_name.stdout, by_id.stdout);
    assert_snapshot!("mistyped", desk.show(&["batches", "list", "-c", "contosso"]));

    // A new id for a name is a change and needs confirmation.
    assert_snapshot!("change", desk.show(&["customers", "add", "CONTOSO", OTHER]));
    assert_snapshot!("changed", desk.show(&["customers", "add", "CONTOSO", OTHER, "--yes"]));
    assert_snapshot!("remove", desk.show(&["customers", "remove", "contoso"]));
    assert_snapshot!("gone", desk.show(&["customers", "remove", "fabrikam"]));
    assert_snapshot!("no-id", desk.show(&["customers", "add", "x", "contoso.com"]));
    assert_snapshot!("an-id", desk.show(&["customers", "add", CUSTOMER, OTHER]));
    let file = desk.home().join(".config/pcdevices/customers.toml");
    assert_snapshot!("file", std::fs::read_to_string(file).unwrap());
}

#[test]
fn a_customer_file_can_be_edited_manually() {
    let desk = Desk::new();
    let folder = desk.home().join(".config/pcdevices");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("customers.toml");
    std::fs::write(&file, format!("# of the team\ncontoso = '{CUSTOMER}' # the first\n")).unwrap();
    assert_eq!(desk.run(&["customers", "add", "other", OTHER]).status.code(), Some(0));
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(
        text.starts_with(&format!("# of the team\ncontoso = '{CUSTOMER}' # the first\n")),
        "{text}"
    );
    std::fs::write(&file, "contoso = 4\n").unwrap();
    assert_snapshot!("damaged", desk.show(&["customers", "list"]));
}

/// Dotfiles are often symbolic links.
#[cfg(unix)]
#[test]
fn a_symbolic_link_is_kept() {
    let desk = Desk::new();
    let folder = desk.home().join(".config/pcdevices");
    std::fs::create_dir_all(&folder).unwrap();
    let own = desk.file("customers-of-the-team.toml", "# of the team\na = '1'\n");
    std::os::unix::fs::symlink(&own, folder.join("customers.toml")).unwrap();
    assert_eq!(desk.run(&["customers", "add", "other", OTHER]).status.code(), Some(0));
    assert!(folder.join("customers.toml").is_symlink());
    let text = std::fs::read_to_string(own).unwrap();
    assert_eq!(text, format!("# of the team\na = '1'\nother = \"{OTHER}\"\n"));
}

#[test]
fn names_that_differ_only_in_case_are_distinct() {
    let desk = Desk::new();
    let folder = desk.home().join(".config/pcdevices");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("customers.toml");
    std::fs::write(&file, format!("Contoso = '{CUSTOMER}'\ncontoso = '{OTHER}'\n")).unwrap();
    assert_snapshot!("case-unclear", desk.show(&["batches", "list", "-c", "CONTOSO"]));
    assert_eq!(desk.run(&["customers", "remove", "CONTOSO"]).status.code(), Some(2));
    assert_eq!(desk.run(&["customers", "add", "CONTOSO", OTHER, "-y"]).status.code(), Some(2));
    assert_eq!(desk.run(&["customers", "remove", "contoso"]).status.code(), Some(0));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), format!("Contoso = '{CUSTOMER}'\n"));
}

#[test]
fn quiet_still_shows_the_plan_before_a_question() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["customers", "add", "contoso", CUSTOMER]).status.code(), Some(0));
    let change = ["customers", "add", "contoso", OTHER, "--quiet"];
    let output = desk.run(&change);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        common::stderr(&output).starts_with("Alias 'contoso' would change from "),
        "{}",
        common::stderr(&output)
    );
    let output = desk.run(&[&change[..], &["--yes"]].concat());
    assert_eq!((output.status.code(), common::stderr(&output)), (Some(0), ""));
}

/// One device, which `samples/world.yaml` knows.
const FLEET: &str = "Device Serial Number,Manufacturer name,Device model\nHQ-0002,Contoso,Book 5\n";

#[test]
fn a_name_or_domain_selects_exactly_one_customer() {
    let desk = Desk::new();
    let fleet = desk.file("fleet.csv", FLEET);
    let upload = |customer: &str, batch: &str| {
        desk.show(&["upload", &fleet, "--customer", customer, "--batch", batch])
    };
    steady(|| {
        assert_snapshot!("upload-by-domain", upload("contoso.com", "Berlin"));
        assert_snapshot!("upload-to-two", upload("Contoso", "Berlin"));
        assert_snapshot!("upload-to-none", upload("Cont", "Berlin"));
        assert_snapshot!("upload-to-ended", upload("wingtip toys", "Berlin"));
    });
    // The domain is known now, and needs no call.
    let list = desk.run(&["batches", "list", "--customer", "CONTOSO.COM", "--json"]);
    assert!(stdout(&list).contains("Berlin"), "{}", stdout(&list));
    assert!(stderr(&list).starts_with("Customer Contoso (47021739-"), "{}", stderr(&list));
    assert!(stderr(&list).contains(", as of 20"), "{}", stderr(&list));
    // An alias comes first.
    let other = "7b26b357-9ca3-48b8-a58e-4febe2662a5d";
    assert!(desk.run(&["customers", "add", "contoso", other]).status.success());
    let list = desk.run(&["batches", "list", "--customer", "Contoso"]);
    assert_eq!((list.status.code(), stderr(&list)), (Some(0), "The customer has no batches\n"));
}

#[test]
fn customers_are_found_by_the_start_of_name_and_domain() {
    let desk = Desk::new();
    assert!(desk.run(&["customers", "add", "hq", CUSTOMER]).status.success());
    assert_snapshot!("find", desk.show(&["customers", "find", "contoso"]));
    assert_snapshot!("find-json", desk.show(&["customers", "find", "FABRIKAM.c", "--json"]));
    assert_snapshot!("find-nothing", desk.show(&["customers", "find", "toso"]));
}

/// More customers than one page has.
#[test]
fn many_customers_with_the_same_start_are_found() {
    let world = common::file(
        "many-of-one-name.yaml",
        "generated: { customers: 10000, batches: 0, devices: 0 }\n",
    );
    let desk = Desk::with(&["--world", world.to_str().unwrap()]);
    let found = desk.run(&["customers", "find", "Adatum", "--json"]);
    assert_eq!(found.status.code(), Some(0), "{}", stderr(&found));
    let found: serde_json::Value = serde_json::from_str(stdout(&found)).unwrap();
    let ids: std::collections::BTreeSet<_> =
        found.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert!(ids.len() > 500 && ids.len() == found.as_array().unwrap().len(), "{}", ids.len());
    let names = desk.run(&["customers", "sync"]);
    assert!(names.status.success());
    let all = desk.run(&["customers", "list", "--all", "--json"]);
    let all: serde_json::Value = serde_json::from_str(stdout(&all)).unwrap();
    let is_match = |one: &&serde_json::Value| one["name"].as_str().unwrap().starts_with("Adatum");
    assert_eq!(ids.len(), all.as_array().unwrap().iter().filter(is_match).count());
}

/// A name may look like a domain, and an id may have another form than that of the service.
#[test]
fn unusual_names_and_ids_mean_the_same_customer() {
    let world = format!(
        "customers:
  - {{ id: {CUSTOMER}, name: Amazon.com, domain: amazonde.onmicrosoft.com, batches: [{{ id: Berlin }}] }}
  - {{ id: {OTHER}, name: S.A.R.L., domain: sarl.fr }}
"
    );
    let world = common::file("unusual-names.yaml", world);
    let desk = Desk::with(&["--world", world.to_str().unwrap()]);
    let plain = CUSTOMER.replace('-', "");
    let (braces, urn) = (format!("{{{CUSTOMER}}}"), format!("urn:uuid:{CUSTOMER}"));
    let expected = desk.run(&["batches", "list", "-c", CUSTOMER, "--json"]);
    assert!(stdout(&expected).contains("Berlin"), "{}", stdout(&expected));
    for name in ["amazon.com", "AMAZONDE.onmicrosoft.com", &plain, &braces, &urn] {
        let output = desk.run(&["batches", "list", "-c", name, "--json"]);
        assert_eq!(stdout(&output), stdout(&expected), "{name}: {}", stderr(&output));
    }
    assert!(desk.run(&["batches", "list", "-c", "s.a.r.l."]).status.success());
}

/// `jobs list` makes no call, and knows the customers that this machine worked for.
#[test]
fn jobs_are_listed_by_the_name_of_a_customer() {
    let desk = Desk::with(&["--instant"]);
    let fleet = desk.file(
        "jobs.csv",
        "Device Serial Number,Manufacturer name,Device model\nS1,Contoso,Book 5\n",
    );
    let journals = desk.home().join("journals");
    let journal = journals.join("j.journal");
    let upload =
        ["upload", &fleet, "-c", "Fabrikam", "-b", "b", "--journal", journal.to_str().unwrap()];
    assert!(desk.run(&upload).status.success());
    for name in ["Fabrikam", "fabrikam.com"] {
        let list = ["jobs", "list", "--folder", journals.to_str().unwrap(), "-c", name, "--json"];
        let jobs = desk.run(&list);
        let jobs: serde_json::Value =
            serde_json::from_str(stdout(&jobs)).unwrap_or_else(|_| panic!("{}", stderr(&jobs)));
        assert_eq!(jobs.as_array().unwrap().len(), 1, "{name}");
    }
}

#[test]
fn all_known_customers_are_listed() {
    let desk = Desk::new();
    steady(|| {
        assert_snapshot!("known-none", desk.show(&["customers", "list", "--all"]));
        assert!(desk.run(&["customers", "sync"]).status.success());
        assert_snapshot!("known", desk.show(&["customers", "list", "--all"]));
    });
}

#[test]
fn synced_names_need_no_call() {
    let desk = Desk::new();
    steady(|| {
        assert_snapshot!("jobs-before-sync", desk.show(&["jobs", "list", "-c", "Fabrikam"]));
        assert_snapshot!("sync", desk.show(&["customers", "sync"]));
        assert_snapshot!(
            "sync-json",
            desk.show(&["customers", "sync", "--json"])
                .replace(&desk.emulator.url["http://127.0.0.1:".len()..], "PORT")
        );
        assert_snapshot!("jobs-after-sync", desk.show(&["jobs", "list", "-c", "fabrikam"]));
        assert_snapshot!("jobs-of-two", desk.show(&["jobs", "list", "-c", "Contoso"]));
    });
    assert!(desk.run(&["customers", "add", "hq", CUSTOMER]).status.success());
    assert_snapshot!("names", desk.show(&["customers", "list", "--names"]));
}

#[test]
fn a_damaged_index_is_reported_and_not_needed() {
    let desk = Desk::new();
    assert!(desk.run(&["customers", "sync"]).status.success());
    let folder = desk.home().join(".local/state/pcdevices/index");
    for file in std::fs::read_dir(&folder).unwrap() {
        std::fs::write(file.unwrap().path(), "not an index").unwrap();
    }
    let port = &desk.emulator.url["http://127.0.0.1:".len()..];
    let show = |args: &[&str]| desk.show(args).replace(port, "PORT");
    assert_snapshot!("damaged-index", show(&["batches", "list", "-c", "fabrikam.com"]));
    assert_snapshot!("damaged-index-sync", show(&["customers", "sync"]));
}

/// A killed process repeats at most one page, and the result is complete.
#[test]
fn a_killed_sync_loses_nothing() {
    let world = common::file(
        "ten-thousand.yaml",
        "generated: { customers: 10000, batches: 10000, devices: 10000 }\n",
    );
    let desk = Desk::with(&["--world", world.to_str().unwrap()]);
    let mut command = desk.command(&["customers", "sync", "--rate", "20"]);
    let mut running = command.stdout(std::process::Stdio::null()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(600));
    running.kill().unwrap();
    running.wait().unwrap();
    let begun = std::time::Instant::now();
    let output = desk.run(&["customers", "sync", "--json", "--rate", "50"]);
    println!("{:?}", begun.elapsed());
    let synced: serde_json::Value = serde_json::from_str(stdout(&output)).unwrap();
    assert_eq!(synced["customers"], 10_000, "{synced}");
    assert!(synced["resumed"].as_u64().unwrap() > 0, "{synced}");
    let names = desk.run(&["customers", "list", "--names"]);
    assert!(stdout(&names).lines().count() >= 10_000);
}
