//! What the program says of itself: help, completions, manual pages.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // a test may

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

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

/// What packagers take and what a change of the tree changes: the pages and the scripts of shells, in docs. `UPDATE_DOCS=1`
/// writes them anew.
#[test]
fn the_reference_in_pages_and_completions_is_current() {
    if cfg!(feature = "keyring") {
        return; // it has a flag more
    }
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let fresh = tempfile::tempdir().unwrap();
    let (man, completions) = (fresh.path().join("man"), fresh.path().join("completions"));
    assert!(run(&["man", "--output", man.to_str().unwrap()]).status.success());
    fs::create_dir(&completions).unwrap();
    for (shell, name) in [
        ("bash", "pcdevices.bash"),
        ("zsh", "_pcdevices"),
        ("fish", "pcdevices.fish"),
        ("powershell", "_pcdevices.ps1"),
    ] {
        fs::write(completions.join(name), run(&["completions", shell]).stdout).unwrap();
    }
    for (folder, name) in [(man, "man"), (completions, "completions")] {
        let kept = docs.join(name);
        if std::env::var_os("UPDATE_DOCS").is_some() {
            let _ = fs::remove_dir_all(&kept);
            fs::create_dir_all(&kept).unwrap();
            for file in files(&folder) {
                fs::copy(folder.join(&file), kept.join(&file)).unwrap();
            }
        }
        assert_eq!(files(&folder), files(&kept), "UPDATE_DOCS=1 writes docs/{name} anew");
        for file in files(&folder) {
            let text = |folder: &Path| fs::read_to_string(folder.join(&file)).unwrap();
            let is_same = text(&folder) == text(&kept).replace("\r\n", "\n");
            assert!(is_same, "UPDATE_DOCS=1 writes docs/{name}/{file} anew");
        }
    }
}

fn files(folder: &Path) -> BTreeSet<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    names.map(|name| name.into_string().unwrap()).collect()
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
