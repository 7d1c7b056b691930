//! Tests of `pcdevices setup`: the questions in a pseudo-terminal, and the flags in scripts.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use common::terminal::Watched;
use common::{Desk, stderr};

const CLIENT: &str = "8f7f6e2c-3f53-4f2c-a1f5-0f5f0b1c2d3e";

/// An emulator that accepts only tokens of its own sign-in, with customers by name.
fn desk() -> Desk {
    Desk::with(&[
        "--instant",
        "--auth",
        "strict",
        "--auto-approve",
        "--world",
        "samples/world.yaml",
    ])
}

/// Starts the setup of a new profile.
fn start(desk: &Desk, columns: u16) -> Watched {
    let args = ["setup", "--base-url", &desk.emulator.url];
    let mut command = desk.program().command(&args);
    command.env_remove("PCDEVICES_BASE_URL").env_remove("PCDEVICES_CUSTOMER");
    Watched::start(&command, columns)
}

#[test]
fn a_new_user_is_guided_to_the_first_customer() {
    let desk = desk();
    let mut watched = start(&desk, 160);
    watched.wait_for("northwind.onmicrosoft.com:");
    watched.type_in("northwind\r");
    watched.wait_for("warning: type a domain");
    watched.type_in("admin@partner.example\r");
    watched.wait_for("The client id of the app registration:");
    watched.type_in(&format!("{CLIENT}\r"));
    watched.wait_for("2 a code on another device [1]:");
    watched.type_in("2\r");
    watched.wait_for("(Enter to skip):");
    watched.type_in("Contoso\r");
    watched.wait_for("could mean 2 customers");
    watched.type_in("contoso.com\r");
    watched.wait_for("[Y, n or another name]:");
    watched.type_in("\r");
    let (screen, status) = watched.end();
    assert_eq!(status.exit_code(), 0, "{screen}");
    // The terminal may echo an answer before the question is printed.
    for text in [
        "error: 'Contoso' could mean 2 customers:",
        "  Contoso, contosoretail.onmicrosoft.com, reseller (7b26b357-9ca3-48b8-a58e-4febe2662a5d)",
        "Customer Contoso (47021739-3426-40bf-9601-61b4b6d7c793)",
        "A short name for this customer: contoso? [Y, n or another name]:",
        "Alias 'contoso' now refers to 47021739-3426-40bf-9601-61b4b6d7c793",
    ] {
        assert!(screen.contains(text), "{text}: {screen}");
    }
    assert!(screen.contains("ok      rights        you can list the batches of customer Contoso"));
    assert!(screen.contains("hint: next: pcdevices upload FILE --customer contoso --dry-run"));
    let aliases = desk.run(&["customers", "list", "--csv"]);
    assert!(common::stdout(&aliases).contains("contoso,47021739-"), "{}", stderr(&aliases));
}

#[test]
fn setup_continues_where_it_stopped() {
    let desk = desk();
    let mut watched = start(&desk, 80);
    watched.wait_for("northwind.onmicrosoft.com:");
    watched.type_in("partner.example\r");
    watched.wait_for("The client id of the app registration:");
    watched.type_in("\u{3}");
    let (screen, status) = watched.end();
    assert_eq!(status.exit_code(), 130, "{screen}");
    let mut watched = start(&desk, 80);
    watched.wait_for("Tenant partner.example");
    watched.wait_for("The client id of the app registration:");
    watched.type_in(&format!("{CLIENT}\r"));
    watched.wait_for("2 a code on another device [1]:");
    watched.type_in("2\r");
    watched.wait_for("(Enter to skip):");
    watched.type_in("\u{4}"); // Ctrl-D: the end of the input
    let (screen, status) = watched.end();
    assert_eq!(status.exit_code(), 130, "{screen}");
    // The sign-in is stored, so setup skips this step.
    let mut watched = start(&desk, 40);
    watched.wait_for("Signed in as admin@contoso.onmicrosoft.com");
    watched.wait_for("(Enter to skip):");
    watched.type_in("\r");
    let (screen, status) = watched.end();
    assert_eq!(status.exit_code(), 0, "{screen}");
    assert!(screen.contains("skipped rights        no customer given"), "{screen}");
    assert!(screen.contains("Setup is complete."), "{screen}");
}

#[test]
fn flags_answer_all_questions() {
    let desk = desk();
    let run = |more: &[&str]| {
        let args = ["setup", "--base-url", &desk.emulator.url, "--device-code"];
        desk.program().command(&[&args[..], more].concat()).output().unwrap()
    };
    let output = run(&[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--tenant is missing"), "{}", stderr(&output));
    let tenant = ["--tenant", "partner.example"];
    let output = run(&tenant);
    assert!(stderr(&output).contains("--client-id is missing"), "{}", stderr(&output));
    let all = ["--client-id", CLIENT, "--customer", "contoso.com", "--alias", "hq"];
    let output = run(&all);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stderr(&output).contains("pcdevices upload FILE --customer hq"), "{}", stderr(&output));
    let wrong = ["--customer", "contoso.com", "--alias", "a/b"];
    let output = run(&wrong);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
}
