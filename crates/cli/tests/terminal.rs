//! The program in a pseudo-terminal: what a person sees who watches, answers and stops it.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // a test may

mod common;

use common::terminal::Watched;
use common::{CUSTOMER, Desk, steady};
use insta::assert_snapshot;

#[test]
fn an_upload_shows_how_far_it_is_and_leaves_a_table() {
    // Jobs take their time here, so that there is something to watch.
    let desk = Desk::with(&[]);
    let args = ["upload", "samples/trouble.csv", "-b", "Berlin"];
    let mut watched = Watched::start(&desk.command(&args), 84);
    watched.wait_for("/12 devices");
    let (screen, status) = watched.end();
    assert_eq!(status.exit_code(), 1);
    assert!(String::from_utf8_lossy(&watched.seen).contains("\u{1b}["), "no colours");
    steady(|| assert_snapshot!("upload", screen));
}

#[test]
fn colours_can_be_turned_off_and_progress_too() {
    let desk = Desk::new();
    let coloured = |said: &str| {
        said.split("\u{1b}[").skip(1).any(|code| {
            code.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == ';')
                .starts_with('m')
        })
    };
    let args = ["upload", "samples/trouble.csv", "-b", "Berlin", "--color"];
    for (when, is_coloured) in [("auto", true), ("never", false)] {
        let mut watched = Watched::start(&desk.command(&[&args[..], &[when]].concat()), 100);
        watched.end();
        let raw = String::from_utf8_lossy(&watched.seen).into_owned();
        assert_eq!(coloured(&raw), is_coloured, "{raw:?}");
    }
    let mut watched =
        Watched::start(&desk.command(&[&args[..], &["never", "--quiet"]].concat()), 100);
    let (screen, _) = watched.end();
    assert!(!watched.seen.contains(&0x1b), "{:?}", watched.said());
    assert!(screen.starts_with(" Line  Device"), "{screen}");
}

#[test]
fn ctrl_c_ends_an_upload_with_words() {
    let desk = Desk::with(&[]);
    let mut watched =
        Watched::start(&desk.command(&["upload", "samples/trouble.csv", "-b", "Berlin"]), 80);
    watched.wait_for("12 devices sent");
    watched.type_in("\u{3}");
    let (screen, status) = watched.end();
    assert_eq!(status.exit_code(), 130, "{screen}");
    // The terminal's own ^C can leave the bar where it was, with whatever it said last.
    let screen: String = screen
        .lines()
        .filter(|line| !line.contains("/12 devices"))
        .map(|line| format!("{line}\n"))
        .collect();
    steady(|| assert_snapshot!("ctrl-c", screen));
}

#[test]
fn a_question_is_answered_with_yes_or_nothing_is_done() {
    let desk = Desk::new();
    let other = "4d8b5f9e-0f7a-4b36-9b8e-1f1f2ad0c8a1";
    assert_eq!(desk.run(&["customers", "add", "contoso", CUSTOMER]).status.code(), Some(0));
    let args = ["customers", "add", "contoso", other];
    for (answer, code) in [("n\r", 130), ("\r", 130), ("yes\r", 0)] {
        let mut watched = Watched::start(&desk.command(&args), 120);
        watched.wait_for("[y/N]");
        watched.type_in(answer);
        let (screen, status) = watched.end();
        assert_eq!(status.exit_code(), code, "{answer:?}: {screen}");
    }
    let list = desk.run(&["customers", "list", "--csv"]);
    assert!(common::stdout(&list).contains(other));
}

#[test]
fn a_secret_that_is_typed_is_not_shown() {
    let desk = Desk::with(&["--auth", "strict"]);
    let url = desk.emulator.url.clone();
    let args = [
        "auth",
        "login",
        "--base-url",
        &url,
        "--tenant",
        "partner.example",
        "--client-id",
        "8f7f6e2c-3f53-4f2c-a1f5-0f5f0b1c2d3e",
        "--app-only",
    ];
    let mut watched = Watched::start(&desk.command(&args), 120);
    watched.wait_for("it is not shown");
    watched.wait_until_nothing_is_echoed();
    watched.type_in("planted-secret\r");
    let (screen, status) = watched.end();
    assert_eq!(status.exit_code(), 0, "{screen}");
    assert!(!watched.said().contains("planted"), "{}", watched.said());
    assert!(screen.contains("the app's own"), "{screen}");
}
