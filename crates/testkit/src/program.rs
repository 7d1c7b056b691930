//! Runs the program `pcdevices` in tests and benchmarks, without the settings of this machine.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

/// The built program, with a separate home directory.
///
/// It does not read the settings of this machine: its environment has only `PATH` and the home directory.
#[derive(Clone, Debug)]
pub struct Program {
    binary: PathBuf,
    home: PathBuf,
}

impl Program {
    /// Finds the program next to the test or benchmark that runs.
    ///
    /// # Panics
    /// If the program was not built. Cargo builds it only for the tests of its own crate.
    #[must_use]
    pub fn with_home(home: impl Into<PathBuf>) -> Self {
        let test = std::env::current_exe().expect("the path of the test");
        let name = format!("pcdevices{}", std::env::consts::EXE_SUFFIX);
        let found = test.ancestors().skip(1).take(2).map(|folder| folder.join(&name));
        let binary = found.into_iter().find(|path| path.is_file());
        Self { binary: binary.expect("pcdevices was built"), home: home.into() }
    }

    /// Returns the path of the program.
    #[must_use]
    pub fn binary(&self) -> &Path {
        &self.binary
    }

    /// Creates a command that runs the program with these arguments in the root of the workspace.
    #[must_use]
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = self.other_program(&self.binary);
        command.args(args).current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));
        command
    }

    /// Creates a command that runs another program, such as a shell, with the same environment.
    #[must_use]
    pub fn other_program(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear();
        let needed = ["PATH", "SystemRoot", "TEMP", "TMP"];
        for name in if cfg!(windows) { &needed[..] } else { &["PATH"] } {
            #[allow(clippy::disallowed_methods)] // for tests only
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        for name in ["HOME", "USERPROFILE"] {
            command.env(name, &self.home);
        }
        // The same directories as on Linux.
        command.env("APPDATA", self.home.join(".config"));
        command.env("LOCALAPPDATA", self.home.join(".local").join("state"));
        command
    }
}

/// `pcdevices emulator` in a separate process, which is killed on drop.
#[derive(Debug)]
pub struct EmulatorProcess {
    /// The process. Its stdout is in `stdout`.
    pub process: Child,
    /// The output after the ready line.
    pub stdout: BufReader<ChildStdout>,
    /// The ready line.
    pub ready: Value,
    /// The address of the service.
    pub url: String,
}

impl EmulatorProcess {
    /// Starts the emulator on a free port with additional arguments, and waits until it is ready.
    ///
    /// # Panics
    /// If it does not start.
    #[must_use]
    pub fn start(program: &Program, args: &[&str]) -> Self {
        let listen = ["emulator", "--listen", "127.0.0.1:0"];
        Self::start_command(program.command(&[&listen[..], args].concat()).stderr(Stdio::null()))
    }

    /// Starts a command that runs the emulator, and waits until it is ready.
    ///
    /// # Panics
    /// If it does not start.
    #[must_use]
    pub fn start_command(command: &mut Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).spawn().expect("the emulator starts");
        let mut stdout = BufReader::new(process.stdout.take().expect("stdout is piped"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("the ready line");
        let ready: Value = serde_json::from_str(&line)
            .unwrap_or_else(|error| panic!("the emulator did not start: {error}: {line}"));
        let url = ready["url"].as_str().expect("an address").to_owned();
        Self { process, stdout, ready, url }
    }
}

impl Drop for EmulatorProcess {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
