//! Pictures of the program at work, for the README: what a terminal shows after real runs. `cargo xtask
//! codegen` writes them.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use anstyle_svg::Term;
use common::pcdevices;
use common::terminal::Watched;
use partner_center_devices_testkit::generated;

const COLUMNS: u16 = 100;

#[test]
fn the_pictures_are_current() {
    check("upload", &[&["upload", "samples/trouble.csv", "--emulator"]]);
}

/// Compares a picture with the output of these runs, one below another.
fn check(name: &str, runs: &[&[&str]]) {
    let shown: Vec<_> = runs.iter().map(|args| shown(args)).collect();
    let picture = Term::new().render_svg(shown.join("\n\n").trim_end()) + "\n";
    generated::check(&format!("docs/pictures/{name}.svg"), &picture);
}

fn shown(args: &[&str]) -> String {
    let mut watched = Watched::start(&pcdevices(args), COLUMNS);
    watched.wait();
    let screen = watched.screen();
    let last = screen.rows(0, COLUMNS).collect::<Vec<_>>();
    let last = last.iter().rposition(|row| !row.trim().is_empty()).map_or(0, |row| row + 1);
    let mut text =
        format!("\u{1b}[1;32m$\u{1b}[0m \u{1b}[1mpcdevices {}\u{1b}[0m\n", args.join(" "));
    for row in screen.rows_formatted(0, COLUMNS).take(last) {
        text += &format!("{}\u{1b}[0m\n", normalize(&row));
    }
    text.trim_end().to_owned()
}

/// Replaces the emulator's port, which differs in each run.
fn normalize(row: &str) -> String {
    let Some((before, after)) = row.split_once("http://127.0.0.1:") else { return row.to_owned() };
    let rest = after.trim_start_matches(|letter: char| letter.is_ascii_digit());
    format!("{before}http://127.0.0.1:8085{rest}")
}
