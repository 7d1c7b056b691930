//! Tests of `pcdevices policies`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use common::{Desk, stderr, stdout, steady};
use insta::assert_snapshot;

const OTHER: &str = "11111111-3426-40bf-9601-61b4b6d7c793";
const STRAIGHT: &str = "Straight to the desktop";

/// A policy file that a team keeps under version control.
const FILE: &str = "\
# Contoso's
policies:
  - name: straight to the Desktop
    description: No questions but the password
    settings: [remove_oem_preinstalls, skip_eula, skip_oem_registration]
  - name: Kiosk
    settings:
      - oobe_user_not_local_admin
";

#[test]
fn policies_are_listed_and_shown() {
    let desk = Desk::new();
    steady(|| {
        assert_snapshot!("list", desk.show(&["policies", "list"]));
        assert_snapshot!("list-csv", desk.show(&["policies", "list", "--csv"]));
        assert_snapshot!("list-yaml", desk.show(&["policies", "list", "--yaml"]));
        assert_snapshot!("none", desk.show(&["policies", "list", "-c", OTHER]));
        assert_snapshot!("show", desk.show(&["policies", "show", "straight TO the desktop"]));
        assert_snapshot!("show-json", desk.show(&["policies", "show", STRAIGHT, "--json"]));
        assert_snapshot!("show-typo", desk.show(&["policies", "show", "Strait to the desktop"]));
    });
}

#[test]
fn a_policy_is_created_changed_and_deleted() {
    let desk = Desk::new();
    let policies = |args: &[&str]| desk.show(&[&["policies"], args].concat());
    steady(|| {
        let kiosk = ["create", "Kiosk", "--setting", "skip_eula,skip_express_settings"];
        assert_snapshot!("create", policies(&kiosk));
        assert_snapshot!("create-again", policies(&kiosk));
        assert_snapshot!("create-typo", policies(&["create", "X", "--setting", "skip_eul"]));
        assert_snapshot!("create-nothing", policies(&["create", "X"]));

        let edit =
            ["edit", "kiosk", "--description", "For the lobby", "--remove-setting", "skip_eula"];
        assert_snapshot!("edit-unasked", policies(&edit));
        assert_snapshot!("edit-json", policies(&[&edit[..], &["--json"]].concat()));
        assert_snapshot!("edit", policies(&[&edit[..], &["--yes"]].concat()));
        assert_snapshot!("edit-again", policies(&[&edit[..], &["--yes"]].concat()));
        assert_snapshot!(
            "edit-all",
            policies(&["edit", "kiosk", "--remove-setting", "skip_express_settings", "-y"])
        );
        assert_snapshot!("edit-name", policies(&["edit", "kiosk", "--name", STRAIGHT, "-y"]));
        assert_snapshot!("edit-how", policies(&["edit", "kiosk"]));
        assert_snapshot!("edited", policies(&["show", "Kiosk"]));

        assert_snapshot!("delete", policies(&["delete", "kiosk", "--yes"]));
        assert_snapshot!("delete-again", policies(&["delete", "kiosk", "--yes"]));
        assert_snapshot!("delete-in-use", policies(&["delete", STRAIGHT, "--yes"]));
    });
}

#[test]
fn a_file_is_applied() {
    let desk = Desk::new();
    let file = desk.file("policies.yaml", FILE);
    let policies = |args: &[&str]| desk.show(&[&["policies"], args].concat());
    steady(|| {
        assert_snapshot!("diff", policies(&["diff", &file]));
        assert_snapshot!("diff-json", policies(&["diff", &file, "--json"]));
        assert_snapshot!("apply-unasked", policies(&["apply", &file]));
        assert_snapshot!("apply", policies(&["apply", &file, "--yes"]));
        assert_snapshot!("diff-again", policies(&["diff", &file]));
        assert_snapshot!("apply-again", policies(&["apply", &file, "--yes"]));

        // Two policies are not in the file, and devices use one of them.
        let empty = desk.file("empty.yaml", "policies: []");
        assert_snapshot!("diff-empty", policies(&["diff", &empty]));
        assert_snapshot!("prune", policies(&["apply", &empty, "--prune", "--yes"]));
        assert_snapshot!("prune-again", policies(&["apply", &empty, "--prune", "--json"]));
    });
}

#[test]
fn a_file_can_name_its_customers() {
    let desk = Desk::new();
    std::fs::create_dir_all(desk.home().join("conf")).unwrap();
    desk.file("conf/customers.toml", format!("other = '{OTHER}'\n"));
    let config = desk.home().join("conf");
    let both = format!("customers: [{}, OTHER, {OTHER}]\n{FILE}", common::CUSTOMER);
    let file = desk.file("both.yaml", both);
    let apply = |args: &[&str]| {
        let config = ["--config-dir", config.to_str().unwrap()];
        desk.show(&[&["policies"], args, &config].concat())
    };
    steady(|| {
        assert_snapshot!("both", apply(&["apply", &file, "--yes"]));
        assert_snapshot!("one-of-both", apply(&["diff", &file, "-c", "other"]));
        let unknown = desk.file("unknown.yaml", "customers: [unknown]\npolicies: []");
        assert_snapshot!("unknown-customer", apply(&["diff", &unknown]));
    });
    let file = desk.file("policies.yaml", FILE);
    let mut command = desk.command(&["policies", "diff", &file]);
    let output = command.env_remove("PCDEVICES_CUSTOMER").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("hint: use --customer"), "{}", stderr(&output));
}

/// Applying an exported file changes nothing, and recreates the policies for another customer.
#[test]
fn an_exported_file_can_be_applied() {
    let desk = Desk::new();
    let file = desk.file("policies.yaml", FILE);
    assert!(desk.run(&["policies", "apply", &file, "--yes"]).status.success());
    let exported = desk.run(&["policies", "list", "--yaml"]);
    let file = desk.file("exported.yaml", stdout(&exported));
    assert_eq!(desk.run(&["policies", "diff", &file, "--prune"]).status.code(), Some(0));
    let other = ["-c", OTHER];
    assert_eq!(
        desk.run(&[&["policies", "diff", &file], &other[..]].concat()).status.code(),
        Some(1)
    );
    assert!(desk.run(&[&["policies", "apply", &file, "-y"], &other[..]].concat()).status.success());
    let again = desk.run(&[&["policies", "list", "--yaml"], &other[..]].concat());
    assert_eq!(stdout(&again), stdout(&exported));
}

#[test]
fn an_invalid_file_changes_nothing() {
    let desk = Desk::new();
    let policies = |args: &[&str]| desk.show(&[&["policies"], args].concat());
    let wrong = |name: &str, text: &str| desk.file(name, text);
    steady(|| {
        let slip = wrong("slip.yaml", "policies:\n  - name: A\n    setings: [skip_eula]\n");
        assert_snapshot!("file-slip", policies(&["apply", &slip, "--yes"]));
        let typo = wrong(
            "typo.yaml",
            "policies:\n  - {name: A, settings: [skip_eula]}\n  - {name: B, settings: [skip_eulla]}\n",
        );
        assert_snapshot!("file-typo", policies(&["apply", &typo, "--yes"]));
        assert_snapshot!("file-none", policies(&["apply", "missing.yaml", "--yes"]));
        let twice =
            wrong("twice.yaml", "policies: [{name: A, settings: []}, {name: a, settings: []}]");
        assert_snapshot!("file-twice", policies(&["diff", &twice]));
    });
    assert_eq!(stdout(&desk.run(&["policies", "list", "--csv"])).lines().count(), 2);
}

/// After a denied change, the customer's other changes are skipped; other customers continue.
#[test]
fn changes_after_a_denied_one_are_skipped() {
    let faults = format!(
        "rules:
  - {{id: no, matching: {{method: POST, customer: {}}}, effect: {{status: {{status: 403, body: fault}}}}}}",
        common::CUSTOMER
    );
    let faults = common::file("policies-refused.yaml", faults);
    let world = ["--instant", "--world", "samples/world.yaml", "--faults"];
    let desk = Desk::with(&[&world[..], &[faults.to_str().unwrap()]].concat());
    let names = |name: &&str| format!("  - {{name: {name}, settings: [skip_eula]}}\n");
    let names: String = ["A", "B", "C"].iter().map(names).collect();
    let file = format!("customers: [{}, {OTHER}]\npolicies:\n{names}", common::CUSTOMER);
    let file = desk.file("refused.yaml", file);
    steady(|| {
        assert_snapshot!("refused", desk.show(&["policies", "apply", &file, "--yes"]));
    });
    let there = desk.run(&["policies", "list", "-c", OTHER, "--csv"]);
    assert_eq!(stdout(&there).lines().count(), 4, "{there:?}");
}
