//! Shared by the tests of the program: the program without this machine's settings, an emulator for it, and its output
//! without values that differ in each run.
#![allow(dead_code, unreachable_pub)] // each test uses its part

#[cfg(unix)]
pub mod terminal;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use partner_center_devices_testkit::program::{EmulatorProcess, Program};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The customer of `samples/world.yaml`.
pub const CUSTOMER: &str = "47021739-3426-40bf-9601-61b4b6d7c793";
/// A secret that no output may contain.
pub const TOKEN: &str = "planted-secret";

/// Returns the program without this machine's settings (colors, width, proxies, tokens), and with a home that does not
/// exist.
pub fn pcdevices(args: &[&str]) -> Command {
    homeless().command(args)
}

/// Starts an emulator with these arguments.
pub fn emulator_with(args: &[&str]) -> EmulatorProcess {
    EmulatorProcess::start(&homeless(), args)
}

fn homeless() -> Program {
    Program::with_home(concat!(env!("CARGO_TARGET_TMPDIR"), "/no-home"))
}

pub fn run(args: &[&str]) -> Output {
    pcdevices(args).output().unwrap()
}

pub fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

pub fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// Writes a test file. No other test may use its name.
pub fn file(name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, content).unwrap();
    path
}

/// Like [`file`], but only readable by this user.
pub fn token_file(name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = file(name, content);
    #[cfg(unix)]
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    path
}

pub fn sample(name: &str) -> String {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    std::fs::read_to_string(samples.join(name)).unwrap()
}

/// A technician with a home directory and an emulator, by default with `samples/world.yaml` and instant jobs.
pub struct Desk {
    home: TempDir,
    pub emulator: EmulatorProcess,
}

impl Desk {
    pub fn new() -> Self {
        Self::with(&["--instant", "--world", "samples/world.yaml"])
    }

    /// Starts the emulator with these flags.
    pub fn with(flags: &[&str]) -> Self {
        Self { home: tempfile::tempdir().unwrap(), emulator: emulator_with(flags) }
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Returns the program with this home.
    pub fn program(&self) -> Program {
        Program::with_home(self.home())
    }

    /// A file in the home.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.home().join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Returns the program, for the emulator and its customer.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = self.program().command(args);
        command.env("PCDEVICES_BASE_URL", &self.emulator.url).env("PCDEVICES_CUSTOMER", CUSTOMER);
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Replaces the fault rules of the emulator by this one.
    pub fn fault(&self, rule: &Value) {
        let host = self.emulator.url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        let rules = json!({ "rules": [rule] }).to_string();
        let head = format!(
            "PUT /_emulator/faults HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {}\r\n",
            rules.len()
        );
        write!(stream, "{head}Content-Type: application/json\r\n\r\n{rules}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    /// Runs the program and returns its output and its exit code as a text.
    pub fn show(&self, args: &[&str]) -> String {
        self.shown(args, &self.run(args))
    }

    /// Like [`show`](Self::show), for a finished run.
    pub fn shown(&self, args: &[&str], output: &Output) -> String {
        let args: Vec<_> = args
            .iter()
            .map(|arg| if arg.contains(' ') { format!("'{arg}'") } else { (*arg).to_owned() })
            .collect();
        let code = output.status.code().map_or_else(|| "none".to_owned(), |code| code.to_string());
        let (out, err) = (stdout(output), stderr(output));
        let text =
            format!("$ pcdevices {}\n{out}--- stderr\n{err}--- exit {code}\n", args.join(" "));
        let host = self.emulator.url.trim_start_matches("http://");
        let home = self.home().to_str().unwrap();
        let text = text
            .replace(&self.emulator.url, "http://EMULATOR")
            .replace(&format!("connect to {host}"), "connect to EMULATOR")
            .replace(home, "~")
            .replace(&home.replace('\\', "\\\\"), "~"); // in JSON
        let text = with_same_system_errors(&text);
        // Windows encrypts the secrets. wine has no icacls.
        let readers = [
            "encrypted for you on this machine; other users cannot read it",
            "encrypted for you on this machine; icacls did not show who can read it",
            "not encrypted until the next renewal; other users cannot read it",
            "not encrypted until the next renewal; icacls did not show who can read it",
        ];
        let text = readers.iter().fold(text, |text, it| text.replace(it, "readable only by you"));
        if cfg!(windows) { with_slashes(&text) } else { text }
    }

    /// Returns the stored secrets of a profile.
    pub fn secrets(&self, profile: &str) -> Value {
        let text = std::fs::read_to_string(self.secrets_file(profile)).unwrap();
        let json: Value = serde_json::from_str(&text).unwrap();
        #[cfg(windows)]
        if let Some(encrypted) = json["dpapi"].as_str() {
            use base64::Engine as _;
            let bytes = base64::engine::general_purpose::STANDARD.decode(encrypted).unwrap();
            let text = windows_dpapi::decrypt_data(&bytes, windows_dpapi::Scope::User, None);
            return serde_json::from_slice(&text.unwrap()).unwrap();
        }
        json
    }

    /// Changes the stored secrets of a profile. They are not encrypted then, as those of older versions.
    pub fn change_secrets(&self, profile: &str, change: impl FnOnce(&mut Value)) {
        let mut all = self.secrets(profile);
        change(&mut all);
        std::fs::write(self.secrets_file(profile), all.to_string()).unwrap();
    }

    pub fn secrets_file(&self, profile: &str) -> PathBuf {
        self.home().join(format!(".local/state/pcdevices/sign-ins/{profile}.json"))
    }
}

/// Replaces the code of a system error, and on Windows also its words by the words of Linux:
/// `cannot open x: No such file or directory (os error N)`.
pub fn with_same_system_errors(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(" (os error ") {
        let (code, after) = after.split_once(')').unwrap();
        let words = match code {
            "2" | "3" => "No such file or directory",
            "183" => "Not a directory", // a file has the name of the directory
            "10061" => "Connection refused",
            _ => "",
        };
        if cfg!(windows) && !words.is_empty() {
            out.push_str(&before[..before.rfind(": ").map_or(0, |at| at + 2)]);
            out.push_str(words);
        } else {
            out.push_str(before);
        }
        out.push_str(" (os error N)");
        rest = after;
    }
    out + rest
}

/// Writes the paths of Windows with slashes, except where a backslash is an escape of JSON. A word without a `~`, a dot or a
/// colon is not a path: it may be a key of the registry, or a value of a user.
fn with_slashes(text: &str) -> String {
    let is_path = |word: &str| word.contains(['~', '.', ':']);
    let words = text.split_inclusive([' ', '\n']);
    words
        .map(|word| if is_path(word) { path_with_slashes(word) } else { word.to_owned() })
        .collect()
}

fn path_with_slashes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match (c, rest.peek().copied()) {
            ('\\', Some('\\')) => {
                rest.next();
                out.push('/');
            }
            // A character in hexadecimal: `\u00fc`.
            ('\\', Some('u'))
                if rest.clone().skip(1).take(4).filter(char::is_ascii_hexdigit).count() == 4 =>
            {
                out.push(c);
            }
            ('\\', Some(next)) if !matches!(next, '"' | '\n') => out.push('/'),
            _ => out.push(c),
        }
    }
    out
}

/// Replaces times and ids in snapshots, except the ids of `samples/world.yaml`.
pub fn steady(check: impl FnOnce()) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(true);
    for (pattern, word) in [
        (r"20[2-9]\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", "TIME"),
        (r"20(2[4-9]|[3-9]\d)-\d\d-\d\d( \d\d:\d\d(:\d\d)?Z?)?", "DAY"),
        (r"\b[A-Za-z0-9+/]{16}\.\d", "A-CV"),
        (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", "AN-ID"),
        (r"\b[A-Za-z0-9+/]{16}\.0", "MS-CV.0"),
    ] {
        settings.add_filter(pattern, word);
    }
    settings.bind(check);
}
