//! What the program says of itself: help, completions, manual pages.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // a test may

mod common;

use common::{Desk, run, stdout};
use insta::assert_snapshot;

#[test]
fn completions_are_printed_for_each_shell() {
    for (shell, begin) in [
        ("bash", "_pcdevices() {"),
        ("zsh", "#compdef pcdevices"),
        ("fish", "# Print an optspec"),
        ("powershell", "\nusing namespace System.Management.Automation"),
        ("elvish", "\nuse builtin;"),
    ] {
        let output = run(&["completions", shell]);
        assert_eq!(output.status.code(), Some(0));
        assert!(stdout(&output).starts_with(begin), "{shell}: {:.200}", stdout(&output));
    }
    let desk = Desk::new();
    assert_snapshot!("no-shell", desk.show(&["completions", "tcsh"]));
    assert_snapshot!("completions-help", desk.show(&["completions", "--help"]));
}

#[test]
fn manual_pages_are_printed_and_written() {
    let desk = Desk::new();
    let pages = desk.home().join("share/man1");
    let output = desk.run(&["man", "--output", pages.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0));
    for (command, file) in [
        (&["man"][..], "pcdevices.1"),
        (&["man", "policies", "apply"], "pcdevices-policies-apply.1"),
        (&["man", "check"], "pcdevices-check.1"),
    ] {
        let page = std::fs::read_to_string(pages.join(file)).unwrap();
        assert_eq!(stdout(&run(command)), page, "{file}");
        assert!(page.contains(".TH pcdevices"), "{page}");
    }
    assert_snapshot!("no-command", desk.show(&["man", "policies", "aply"]));
}
