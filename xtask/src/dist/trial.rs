//! Tries an archive as its user does: unpacks it into an empty directory and runs the program there.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::archive::unpack;

/// The commands, and a part of the expected output of each. The last two are in the README.
const COMMANDS: [(&[&str], &str); 3] = [
    (&["--version"], "pcdevices "),
    (&["check", "samples/contoso-fleet.csv"], "40 devices would be sent"),
    (&["upload", "samples/contoso-fleet.csv", "--emulator"], "38 registered, 2 already registered"),
];

/// Unpacks `archive` into an empty directory below `near`, and runs the commands in `folder` of it. A runner may not see
/// the temporary directory of the system, but it sees the target directory. Without `runner` the environment is empty; a runner, such as
/// wine, keeps it, but for the program's own variables.
pub(super) fn run(
    archive: &Path,
    near: &Path,
    folder: &str,
    program: &str,
    runner: Option<&str>,
) -> Result<()> {
    let empty = tempfile::tempdir_in(near)?;
    unpack(archive, empty.path())
        .with_context(|| format!("cannot unpack {}", archive.display()))?;
    let folder = empty.path().join(folder);
    for (arguments, expected) in COMMANDS {
        let mut command = command(&folder.join(program), runner)?;
        command.args(arguments).current_dir(&folder).stdin(Stdio::null());
        let output = command.output().with_context(|| format!("cannot run {command:?}"))?;
        let text = [&*output.stdout, &*output.stderr].concat();
        let text = String::from_utf8_lossy(&text);
        ensure!(output.status.success(), "{command:?} failed ({}):\n{text}", output.status);
        ensure!(text.contains(expected), "{command:?} did not print '{expected}':\n{text}");
    }
    Ok(())
}

#[allow(clippy::disallowed_methods)] // a task reads its environment; libraries do not
fn command(program: &Path, runner: Option<&str>) -> Result<Command> {
    let Some(runner) = runner else {
        let mut command = Command::new(program);
        command.env_clear();
        // Windows cannot open a socket without it.
        command.envs(std::env::var_os("SystemRoot").map(|value| ("SystemRoot", value)));
        return Ok(command);
    };
    let mut words = runner.split_whitespace();
    let mut command = Command::new(words.next().context("--runner names no command")?);
    command.args(words).arg(program);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PCDEVICES_") {
            command.env_remove(name);
        }
    }
    Ok(command)
}
