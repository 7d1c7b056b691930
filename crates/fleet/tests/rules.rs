//! `docs/rules.md` lists every rule. `cargo xtask codegen` writes it.
#![allow(clippy::unwrap_used)] // a test may

use std::fmt::Write as _;

use partner_center_devices_fleet::{Rule, Severity};
use partner_center_devices_testkit::generated;

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
    let text = listed();
    assert_eq!(text.matches("\n| `").count(), Rule::ALL.len());
    generated::check("crates/fleet/docs/rules.md", &text);
}
