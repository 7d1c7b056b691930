//! Tests of `pcdevices customers`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use common::{CUSTOMER, Desk};
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
