//! `docs/rules.md` lists every rule. `cargo xtask codegen` generates it.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;

use partner_center_devices_fleet::{Rule, Severity};
use partner_center_devices_testkit::generated;

const HEAD: &str = "\
# Rules

Each finding has a rule with an id that never changes, and names the file, the line and the column. An error prevents its
row, or the whole file, from being sent. A warning or a note does not, except for `duplicate`. Generated from
`src/check/rule.rs`.
";

fn rules_page() -> String {
    let mut text = HEAD.to_owned();
    for (title, severity) in
        [("Errors", Severity::Error), ("Warnings", Severity::Warning), ("Notes", Severity::Note)]
    {
        write!(text, "\n## {title}\n\n| id | meaning | cure |\n|---|---|---|\n").unwrap();
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
    let text = rules_page();
    assert_eq!(text.matches("\n| `").count(), Rule::ALL.len());
    generated::check("crates/fleet/docs/rules.md", &text);
}
