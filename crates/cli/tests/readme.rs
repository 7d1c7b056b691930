//! Runs the commands of the README's first run. `cargo xtask codegen` writes the output of
//! its commands into it.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use std::path::Path;

use common::Desk;
use partner_center_devices_testkit::generated;

/// The marker before each block of commands to run.
const MARK: &str = "<!-- run -->\n```console\n";
const END: &str = "```\n";

#[test]
fn the_first_run_in_the_readme_is_current() {
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
    generated::check("README.md", &now);
}

/// A shell that keeps its variables and its folder from one command to the next.
struct FirstRun<'a> {
    desk: &'a Desk,
    variables: Vec<(String, String)>,
    /// The ids that were printed so far.
    ids: Vec<String>,
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
        Self { desk, variables: Vec::new(), ids: Vec::new() }
    }

    /// Runs a command and returns its output, without values that differ in each run.
    fn printed(&mut self, command: &str) -> String {
        let command = command.replace("http://127.0.0.1:8085", &self.desk.emulator.url);
        if let Some(variables) = command.strip_prefix("export ") {
            let variables = variables.split(' ').filter_map(|one| one.split_once('='));
            let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
            self.variables.extend(variables);
            return String::new();
        }
        if let Some(names) = command.strip_prefix("unset ") {
            self.variables.retain(|(name, _)| !names.split(' ').any(|unset| unset == name));
            return String::new();
        }
        let program = self.desk.program();
        let folder = program.binary().parent().unwrap();
        let path = std::env::var("PATH").unwrap();
        let output = program
            .other_program("sh")
            .args(["-c", &format!("{command} 2>&1")])
            .current_dir(self.desk.home().join("work"))
            .env("PATH", format!("{}:{path}", folder.display()))
            .envs(self.variables.iter().cloned())
            .output()
            .unwrap();
        self.normalize(&String::from_utf8(output.stdout).unwrap())
    }

    /// Replaces ids, times, paths and the port, which differ in each run. Keeps the ids of the world file, and replaces
    /// equal ids with equal ones.
    fn normalize(&mut self, text: &str) -> String {
        let text = text
            .replace(&self.desk.emulator.url, "http://127.0.0.1:8085")
            .replace(self.desk.home().to_str().unwrap(), "/home/you");
        let is_in_word = |letter: char| letter.is_ascii_alphanumeric() || "-:.+/".contains(letter);
        let mut normalized = String::new();
        let mut rest = text.as_str();
        while let Some(first) = rest.chars().next() {
            let end = rest.find(|letter| !is_in_word(letter)).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end.max(first.len_utf8()));
            normalized += &self.replace_word(word);
            rest = after;
        }
        normalized
    }

    /// Replaces a value with one of the same length, so that tables stay aligned.
    fn replace_word(&mut self, word: &str) -> String {
        let digits = |word: &str| word.bytes().filter(u8::is_ascii_digit).count();
        let is_id = word.len() == 36 && word.bytes().filter(|byte| *byte == b'-').count() == 4;
        let world_ids = ["47021739-", "15a04610-", "8f7f6e2c-"];
        if let Some(word) = word.strip_suffix('.') {
            return self.replace_word(word) + "."; // the end of a sentence
        }
        match word {
            id if is_id && !world_ids.iter().any(|one| id.starts_with(one)) => {
                let place = self.ids.iter().position(|known| known == id).unwrap_or_else(|| {
                    self.ids.push(id.to_owned());
                    self.ids.len() - 1
                });
                format!(
                    "{:08x}-3b4c-4d5e-8f60-718293a4b5c6",
                    0xd1c5_e0a2_u32.rotate_left(place as u32)
                )
            }
            _ if word.len() == 20 && word.ends_with('Z') && digits(word) == 14 => {
                "2026-11-23T09:00:00Z".to_owned()
            }
            _ if word.len() == 10 && word.starts_with("20") && digits(word) == 8 => {
                "2026-11-23".to_owned()
            }
            _ if word.len() == 18 && word.ends_with(".0") => "mCkJ0vPq3tWxYz1A.0".to_owned(),
            _ if is_user_code(word) => "GH4K7M2QX".to_owned(),
            word => word.to_owned(),
        }
    }
}

/// Returns true for the code of a sign-in.
fn is_user_code(word: &str) -> bool {
    word.len() == 9 && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}
