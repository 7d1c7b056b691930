//! Runs the commands of the README and of the book in `docs/`. `cargo xtask codegen docs` writes their output into the pages.
//!
//! A block of `console` after the line `<!-- run -->` is run and compared. A block after `<!-- file: NAME -->` is written to a
//! file. Another block of `console` with `$ pcdevices emulator` starts an emulator with these arguments for the blocks after it.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use partner_center_devices_testkit::generated;
use partner_center_devices_testkit::program::{EmulatorProcess, Program};
use tempfile::TempDir;

const RUN: &str = "<!-- run -->";
const FILE: &str = "<!-- file: ";
const FENCE: &str = "```";
/// The address of the emulator in the pages.
const URL: &str = "http://127.0.0.1:8085";

#[test]
fn the_commands_in_the_readme_and_the_book_are_current() {
    // The pages mostly wait for jobs and delays, so they run at the same time.
    let commands: usize = std::thread::scope(|scope| {
        let pages: Vec<_> =
            pages().into_iter().map(|name| scope.spawn(move || check(&name))).collect();
        pages.into_iter().map(|page| page.join().expect("the page is current")).sum()
    });
    assert!(commands > 90, "the pages have only {commands} commands to run");
}

/// Compares a page with the current output of its commands. Returns the number of commands.
fn check(name: &str) -> usize {
    let page = std::fs::read_to_string(repository().join(name)).unwrap();
    let mut shell = Shell::new();
    if page.contains(RUN) {
        generated::check(name, &shell.page(&page));
        assert!(shell.commands > 0, "{name} has no command to run");
    }
    shell.commands
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The README and each page in `docs/`.
fn pages() -> Vec<String> {
    let entries = std::fs::read_dir(repository().join("docs")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let pages = names.filter(|name| name.ends_with(".md")).map(|name| format!("docs/{name}"));
    std::iter::once("README.md".to_owned()).chain(pages).collect()
}

/// A shell that keeps its variables and its folder from one command to the next.
struct Shell {
    home: TempDir,
    emulator: Option<EmulatorProcess>,
    variables: Vec<(String, String)>,
    /// The exit code of the last command.
    status: i32,
    /// The number of commands so far.
    commands: usize,
    /// The ids that were printed so far.
    ids: Vec<String>,
    /// The file whose ids stay as they are.
    world: String,
}

impl Shell {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join("work")).unwrap();
        let samples = repository().join("samples");
        std::os::unix::fs::symlink(&samples, home.path().join("work/samples")).unwrap();
        Self {
            home,
            emulator: None,
            variables: Vec::new(),
            status: 0,
            commands: 0,
            ids: Vec::new(),
            world: std::fs::read_to_string(samples.join("world.yaml")).unwrap(),
        }
    }

    fn program(&self) -> Program {
        Program::with_home(self.home.path())
    }

    fn folder(&self) -> PathBuf {
        self.home.path().join("work")
    }

    /// Returns the page with the current output of its commands.
    fn page(&mut self, page: &str) -> String {
        let mut now = String::new();
        let mut lines = page.lines();
        let mut mark = "";
        while let Some(line) = lines.next() {
            writeln!(now, "{line}").unwrap();
            let Some(language) = line.strip_prefix(FENCE) else {
                mark = line;
                continue;
            };
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != FENCE).collect();
            now += &self.block(mark, language, &block);
            writeln!(now, "{FENCE}").unwrap();
        }
        now
    }

    /// Returns the block with the current output of its commands.
    fn block(&mut self, mark: &str, language: &str, block: &[&str]) -> String {
        let text: String = block.iter().map(|line| format!("{line}\n")).collect();
        let commands = block.iter().filter_map(|line| line.strip_prefix("$ "));
        if let Some(name) = mark.strip_prefix(FILE).and_then(|rest| rest.strip_suffix(" -->")) {
            let path = self.folder().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, &text).unwrap();
        } else if mark == RUN {
            assert_eq!(language, "console");
            return commands.map(|command| format!("$ {command}\n{}", self.run(command))).collect();
        } else if language == "console" {
            for arguments in commands.filter_map(|line| line.strip_prefix("pcdevices emulator")) {
                self.start_emulator(arguments);
            }
        }
        text
    }

    /// Starts an emulator instead of the one before.
    fn start_emulator(&mut self, arguments: &str) {
        let arguments: Vec<&str> = arguments.split_whitespace().collect();
        let all = [&["emulator", "--listen", "127.0.0.1:0"], &arguments[..]].concat();
        let mut command = self.program().command(&all);
        command.current_dir(self.folder()).stderr(std::process::Stdio::null());
        self.emulator = Some(EmulatorProcess::start_command(&mut command));
    }

    fn url(&self) -> &str {
        self.emulator.as_ref().map_or(URL, |emulator| &emulator.url)
    }

    /// Runs a command and returns its output, without values that differ in each run.
    fn run(&mut self, command: &str) -> String {
        self.commands += 1;
        let command = command.replace(URL, self.url());
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
        if command == "echo $?" {
            return format!("{}\n", self.status);
        }
        let program = self.program();
        let folder = program.binary().parent().unwrap();
        let path = std::env::var("PATH").unwrap();
        let output = program
            .other_program("sh")
            .args(["-c", &format!("{{ {command}\n}} 2>&1")])
            .current_dir(self.folder())
            .env("PATH", format!("{}:{path}", folder.display()))
            .envs(self.variables.iter().cloned())
            .output()
            .unwrap();
        self.status = output.status.code().unwrap_or(-1);
        let text = self.normalize(&String::from_utf8(output.stdout).unwrap());
        if text.is_empty() || text.ends_with('\n') { text } else { text + "\n" }
    }

    /// Replaces ids, times, paths and the port, which differ in each run. Keeps the ids of the world file, and replaces
    /// equal ids with equal ones.
    fn normalize(&mut self, text: &str) -> String {
        let text =
            text.replace(self.url(), URL).replace(self.home.path().to_str().unwrap(), "/home/you");
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
        for end in [".", ":"] {
            if let Some(word) = word.strip_suffix(end) {
                return self.replace_word(word) + end; // the end of a sentence
            }
        }
        let is_kept = self.world.contains(word) || word.starts_with("8f7f6e2c");
        if (is_id(word) || is_short_id(word)) && !is_kept {
            let is_same = |known: &String| known.starts_with(word) || word.starts_with(known);
            let place = self.ids.iter().position(is_same).unwrap_or_else(|| {
                self.ids.push(word.to_owned());
                self.ids.len() - 1
            });
            return id(place)[..word.len()].to_owned();
        }
        word_of_now(word).unwrap_or_else(|| word.to_owned())
    }
}

fn is_id(word: &str) -> bool {
    word.len() == 36 && word.bytes().filter(|byte| *byte == b'-').count() == 4
}

/// Returns true for the start of an id, as lists of jobs show it.
fn is_short_id(word: &str) -> bool {
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    word.len() == 8 && word.bytes().all(is_hex) && word.bytes().any(|byte| byte.is_ascii_digit())
}

/// Returns a readable id instead of the random one that was printed at this place.
fn id(place: usize) -> String {
    format!("{:08x}-3b4c-4d5e-8f60-718293a4b5c6", 0xd1c5_e0a2_u32.rotate_left(place as u32))
}

/// Returns a fixed value of the same length for a time, a correlation vector or the code of a sign-in.
fn word_of_now(word: &str) -> Option<String> {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let is_code = word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let fixed = match word.len() {
        24 if word.ends_with('Z') && digits == 17 => "2026-11-23T09:00:00.000Z",
        20 if word.ends_with('Z') && digits == 14 => "2026-11-23T09:00:00Z",
        18 if word.ends_with(".0") => "mCkJ0vPq3tWxYz1A.0",
        10 if word.starts_with("20") && digits == 8 => "2026-11-23",
        9 if word.ends_with('Z') && digits == 6 && word.contains(':') => "09:00:00Z",
        9 if is_code => "GH4K7M2QX",
        _ => return None,
    };
    Some(fixed.to_owned())
}
