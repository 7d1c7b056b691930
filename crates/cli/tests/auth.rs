//! `pcdevices auth` and `doctor`, against an emulator that takes no other tokens than those of its own sign-in.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // a test may

mod common;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::Stdio;

use common::{Desk, stderr, stdout, steady};
use insta::assert_snapshot;

const CLIENT: &str = "8f7f6e2c-3f53-4f2c-a1f5-0f5f0b1c2d3e";
const SECRET: &str = "planted-client-secret";

fn strict() -> Desk {
    Desk::with(&["--instant", "--auth", "strict", "--auto-approve"])
}

/// A sign-in by device code.
fn login(desk: &Desk) -> Vec<&str> {
    vec![
        "auth",
        "login",
        "--base-url",
        &desk.emulator.url,
        "--tenant",
        "partner.example",
        "--client-id",
        CLIENT,
    ]
}

fn secrets(desk: &Desk, profile: &str) -> PathBuf {
    desk.home().join(format!(".local/state/pcdevices/sign-ins/{profile}.json"))
}

/// The code that is to be typed differs from run to run.
fn without_code(shown: String) -> String {
    let Some((before, rest)) = shown.split_once("and type ") else { return shown };
    let (_, after) = rest.split_once(';').unwrap();
    format!("{before}and type CODE;{after}")
}

#[test]
fn a_person_signs_in_once_and_every_command_works() {
    let desk = strict();
    steady(|| {
        assert_snapshot!("before", desk.show(&["batches", "list"]));
        assert_snapshot!("nobody", desk.show(&["auth", "status"]));
        assert_snapshot!("login", without_code(desk.show(&login(&desk))));
        assert_snapshot!("after", desk.show(&["batches", "list"]));
        assert_snapshot!("status", desk.show(&["auth", "status"]));
        assert_snapshot!("status-json", desk.show(&["auth", "status", "--json", "--offline"]));
        assert_snapshot!("doctor", desk.show(&["doctor"]));
        let config = desk.home().join(".config/pcdevices/config.toml");
        let config = std::fs::read_to_string(config).unwrap();
        assert_snapshot!("config", config.replace(&desk.emulator.url, "http://EMULATOR"));
    });

    // The emulator's refresh tokens are good for one use: each run has kept the next one.
    let kept = || std::fs::read_to_string(secrets(&desk, "default")).unwrap();
    let before = kept();
    assert_eq!(desk.run(&["batches", "list"]).status.code(), Some(0));
    assert_ne!(kept(), before);

    steady(|| {
        assert_snapshot!("logout", desk.show(&["auth", "logout"]));
        assert_snapshot!("logged-out", desk.show(&["batches", "list"]));
        assert_snapshot!("logout-again", desk.show(&["auth", "logout"]));
    });
    assert!(!secrets(&desk, "default").exists());
}

#[test]
fn an_app_signs_in_with_its_secret_and_knows_what_it_cannot() {
    let desk = strict();
    let file = desk.file("secret.txt", format!("{SECRET}\n"));
    let app = |more: &[&str]| {
        let mut args = login(&desk);
        args.extend(["--app-only", "--profile", "robot"]);
        args.extend(more);
        args.into_iter().map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    let show = |args: &[String]| desk.show(&args.iter().map(String::as_str).collect::<Vec<_>>());
    steady(|| {
        assert_snapshot!("app-no-secret", show(&app(&[])));
        assert_snapshot!("app-loose", show(&app(&["--client-secret-file", &file])));
        assert_snapshot!("app-status", desk.show(&["auth", "status", "--profile", "robot"]));
        assert_snapshot!("app-doctor", desk.show(&["doctor", "--profile", "robot"]));
        let upload = ["upload", "samples/trouble.csv", "-b", "Berlin", "--profile", "robot"];
        assert_snapshot!("app-upload", desk.show(&upload));
    });

    // From a pipe, and from a variable.
    let args = app(&["--client-secret-file", "-"]);
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    let mut process = desk
        .command(&args)
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    process.stdin.take().unwrap().write_all(SECRET.as_bytes()).unwrap();
    assert_eq!(process.wait().unwrap().code(), Some(0));
    let args = app(&[]);
    let mut command = desk.command(&args.iter().map(String::as_str).collect::<Vec<_>>());
    let output = command.env("PCDEVICES_CLIENT_SECRET", SECRET).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[test]
fn a_refresh_token_is_taken_over() {
    let desk = strict();
    assert_eq!(desk.run(&login(&desk)).status.code(), Some(0));
    let kept: serde_json::Value =
        serde_json::from_slice(&std::fs::read(secrets(&desk, "default")).unwrap()).unwrap();
    let token = kept["refreshToken"].as_str().unwrap();
    let mut args = login(&desk);
    args.extend(["--refresh-token", "--profile", "second"]);
    let output = desk.command(&args).env("PCDEVICES_REFRESH_TOKEN", token).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    steady(|| assert_snapshot!("second", desk.shown(&args, &output)));
    // The first has lost it thereby: it was good for one use.
    steady(|| assert_snapshot!("first", desk.show(&["auth", "status", "--profile", "default"])));
    let nonsense =
        desk.command(&args).env("PCDEVICES_REFRESH_TOKEN", "planted-nonsense").output().unwrap();
    assert_eq!(nonsense.status.code(), Some(4));
    assert!(!stderr(&nonsense).contains("planted"), "{}", stderr(&nonsense));
    // What did not work has not replaced what does.
    assert_eq!(desk.run(&["auth", "status", "--profile", "second"]).status.code(), Some(0));
}

#[test]
fn the_sign_in_of_a_profile_goes_to_no_other_host() {
    let desk = strict();
    assert_eq!(desk.run(&login(&desk)).status.code(), Some(0));
    let other = Desk::with(&["--auth", "strict"]);
    let output = desk.run(&["batches", "list", "--base-url", &other.emulator.url]);
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    steady(|| {
        let args = ["batches", "list", "--base-url", "https://api.example.invalid"];
        assert_snapshot!("other-host", desk.show(&args));
    });
}

#[test]
fn nothing_prints_a_secret_however_much_is_said() {
    let desk = strict();
    let file = desk.file("secret.txt", SECRET);
    let mut runs = vec![login(&desk)];
    let mut app = login(&desk);
    app.extend(["--app-only", "--profile", "robot", "--client-secret-file", &file]);
    runs.push(app);
    runs.extend([
        vec!["auth", "status"],
        vec!["auth", "status", "--profile", "robot", "--json"],
        vec!["doctor", "--json"],
        vec!["doctor", "--profile", "robot"],
        vec!["batches", "list"],
        vec!["upload", "samples/trouble.csv", "-b", "b"],
        vec!["auth", "logout"],
    ]);
    let mut secret = vec![SECRET.to_owned()];
    for mut args in runs {
        args.push("-vvv");
        let output = desk.run(&args);
        if let Ok(kept) = std::fs::read(secrets(&desk, "default")) {
            let kept: serde_json::Value = serde_json::from_slice(&kept).unwrap();
            secret.push(kept["refreshToken"].as_str().unwrap().to_owned());
        }
        let said = format!("{}{}", stdout(&output), stderr(&output));
        assert!(args[0] == "auth" || said.contains("DEBUG"), "{args:?} says nothing: {said}");
        for secret in &secret {
            assert!(!said.contains(secret.as_str()), "{args:?} says a secret");
        }
        // No access token either: they begin so.
        assert!(!said.contains("eyJ"), "{args:?} says a token: {said}");
    }
    assert!(secret.len() > 3);
}

#[test]
fn a_doctor_says_what_is_wrong() {
    let desk = Desk::new();
    steady(|| {
        assert_snapshot!("doctor-any", desk.show(&["doctor", "-c", common::CUSTOMER]));
        assert_snapshot!("doctor-json", desk.show(&["doctor", "--json"]));
        let args = ["doctor", "--base-url", "http://127.0.0.1:9"];
        assert_snapshot!("doctor-nobody", desk.show(&args));
        let args = ["doctor", "--base-url", "https://partner.example.invalid"];
        assert_snapshot!("doctor-no-token", desk.show(&args));
        let args = ["doctor", "--profile", "nowhere"];
        assert_snapshot!("doctor-no-profile", desk.show(&args));
    });
}
