//! `docs/rules.md` lists every rule. `UPDATE_DOCS=1 cargo test -p partner-center-devices-fleet --test rules` renews it.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // a test may

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use partner_center_devices_fleet::{Rule, Severity};

const HEAD: &str = "\
# What is found before anything is sent

Each finding has a rule, whose id does not change, and says the source, the line and the column it is about. An error
keeps its row, or its whole file, from being sent; a warning or a note does not, but for `duplicate`. Written by a test
from `src/finding.rs`.
";

fn listed() -> String {
    let mut text = HEAD.to_owned();
    for (title, severity) in
        [("Errors", Severity::Error), ("Warnings", Severity::Warning), ("Notes", Severity::Note)]
    {
        write!(text, "\n## {title}\n\n| id | what it is | what to do |\n|---|---|---|\n").unwrap();
        for rule in Rule::ALL.iter().filter(|rule| rule.severity() == severity) {
            let cell = |text: &str| text.replace('|', "\\|");
            let (meaning, cure) = (cell(rule.meaning()), cell(rule.cure()));
            writeln!(text, "| `{rule}` | {meaning} | {cure} |").unwrap();
        }
    }
    text
}

#[test]
fn the_list_of_rules_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    let text = listed();
    assert_eq!(text.matches("\n| `").count(), Rule::ALL.len());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == text, "docs/rules.md is not current: UPDATE_DOCS=1 renews it");
}
