//! The README's first run, done as it says. `UPDATE_DOCS=1 cargo test -p partner-center-devices-cli --test readme` writes
//! what the commands print into it.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // a test may

mod common;

use std::path::Path;
use std::process::Command;

use common::Desk;

/// Before each block of commands that are run.
const MARK: &str = "<!-- run -->\n```console\n";
const END: &str = "```\n";

#[test]
fn the_first_run_is_what_the_readme_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let desk = Desk::with(&["--world", "samples/world.yaml", "--auth", "strict", "--auto-approve"]);
    let mut run = FirstRun::new(&desk);

    let mut parts = readme.split(MARK);
    let mut now = parts.next().unwrap().to_owned();
    let mut commands = 0;
    for part in parts {
        let (block, rest) = part.split_once(END).unwrap();
        now += MARK;
        for command in block.lines().filter_map(|line| line.strip_prefix("$ ")) {
            commands += 1;
            now += &format!("$ {command}\n{}", run.printed(command));
        }
        now += END;
        now += rest;
    }
    assert!(commands > 10, "the README has lost its first run");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        return std::fs::write(&path, &now).unwrap();
    }
    for (is, should) in readme.lines().zip(now.lines()) {
        assert_eq!(is, should, "the README shows another line: see this file's first lines");
    }
    assert_eq!(readme.len(), now.len());
}

/// A shell that keeps its variables and its folder from one command to the next.
struct FirstRun<'a> {
    desk: &'a Desk,
    variables: Vec<(String, String)>,
}

impl<'a> FirstRun<'a> {
    fn new(desk: &'a Desk) -> Self {
        std::fs::create_dir(desk.home().join("work")).unwrap();
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
        std::os::unix::fs::symlink(
            samples.canonicalize().unwrap(),
            desk.home().join("work/samples"),
        )
        .unwrap();
        Self { desk, variables: Vec::new() }
    }

    /// What a command prints, on either way, without what differs from run to run.
    fn printed(&mut self, command: &str) -> String {
        let command = command.replace("http://127.0.0.1:8085", &self.desk.emulator.url);
        if let Some((name, value)) =
            command.strip_prefix("export ").and_then(|it| it.split_once('='))
        {
            self.variables.push((name.to_owned(), value.to_owned()));
            return String::new();
        }
        let program = Path::new(env!("CARGO_BIN_EXE_pcdevices")).parent().unwrap();
        let path = std::env::var("PATH").unwrap();
        let output = Command::new("sh")
            .args(["-c", &format!("{command} 2>&1")])
            .current_dir(self.desk.home().join("work"))
            .env_clear()
            .env("HOME", self.desk.home())
            .env("PATH", format!("{}:{path}", program.display()))
            .envs(self.variables.iter().cloned())
            .output()
            .unwrap();
        steady(&String::from_utf8(output.stdout).unwrap(), self.desk)
    }
}

/// Ids, times and places are another each time; those of the world stay.
fn steady(text: &str, desk: &Desk) -> String {
    let text = text
        .replace(&desk.emulator.url, "http://127.0.0.1:8085")
        .replace(desk.home().to_str().unwrap(), "/home/you");
    let letter = |letter: char| letter.is_ascii_alphanumeric() || "-:.+/".contains(letter);
    let mut steady = String::new();
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let end = rest.find(|one| !letter(one)).unwrap_or(rest.len());
        if end == 0 {
            let one = rest.chars().next().unwrap();
            steady.push(one);
            rest = &rest[one.len_utf8()..];
            continue;
        }
        steady += word(&rest[..end]).as_str();
        rest = &rest[end..];
    }
    steady
}

/// Of the same length, so that tables stay in line.
fn word(word: &str) -> String {
    let is_id = word.len() == 36 && word.bytes().filter(|byte| *byte == b'-').count() == 4;
    let is_time = word.len() == 20 && word.starts_with("20") && word.ends_with('Z');
    let is_day = word.len() == 10 && word.starts_with("20") && word.split('-').count() == 3;
    let is_cv = word.len() == 18 && word.ends_with(".0");
    let is_code = word.len() == 9
        && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let of_the_world =
        ["47021739-", "15a04610-", "8f7f6e2c-"].iter().any(|id| word.starts_with(id));
    match word {
        id if is_id && !of_the_world => {
            "d1c5e0a2-3b4c-4d5e-8f60-718293a4b5c6"[..id.len()].to_owned()
        }
        _ if is_time => "2026-11-23T09:00:00Z".to_owned(),
        _ if is_day => "2026-11-23".to_owned(),
        _ if is_cv => "mCkJ0vPq3tWxYz1A.0".to_owned(),
        _ if is_code => "GH4K7M2QX".to_owned(),
        word => word.to_owned(),
    }
}
