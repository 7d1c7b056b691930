//! `completions --install`: writes the script where the shell finds it. Nothing is installed twice.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap_complete::Shell;
use etcetera::BaseStrategy as _;

use super::scripts::script;
use crate::atomic_file::{create_public_folder, write_public};
use crate::environment;
use crate::errors::{CommandError, Exit};
use crate::settings::folders::folders;
use crate::ui::output::Ui;

/// Marks the lines of a start file that this program added.
const MARK: &str = "# Completions of pcdevices";

/// A change that installs a script.
#[derive(Debug, PartialEq, Eq)]
enum Change {
    /// The shell reads this file by itself.
    Script(PathBuf),
    /// The start file of the shell needs a line.
    StartLine(PathBuf, String),
}

/// The directories that the places depend on.
struct Places {
    home: PathBuf,
    config: PathBuf,
    data: PathBuf,
}

/// Installs the completions for a shell.
pub(super) fn install(ui: Ui, shell: Option<Shell>) -> Result<Exit, CommandError> {
    let shell = shell.or_else(current_shell).ok_or_else(|| {
        CommandError::new(Exit::Usage, "cannot find out which shell this is")
            .hint("name it: pcdevices completions --install powershell")
    })?;
    let folders = folders("the completions")?;
    let places = Places {
        home: zsh_home(shell).unwrap_or_else(|| folders.home_dir().to_path_buf()),
        config: folders.config_dir(),
        data: folders.data_dir(),
    };
    let profiles = if shell == Shell::PowerShell { powershell_profiles() } else { Vec::new() };
    let changes = changes(shell, &places, profiles);
    if changes.is_empty() {
        return Err(CommandError::new(Exit::Unavailable, "PowerShell did not name its profile")
            .hint("add this line to it: pcdevices completions powershell | Out-String | Invoke-Expression"));
    }
    for change in changes {
        apply(ui, shell, &change)?;
    }
    ui.hint(&format!("open a new {shell} to use them"));
    Ok(Exit::Success)
}

/// Returns the changes for a shell. `profiles` are the start files of the installed versions of PowerShell.
fn changes(shell: Shell, places: &Places, profiles: Vec<PathBuf>) -> Vec<Change> {
    let Places { home, config, data } = places;
    match shell {
        Shell::Bash => vec![Change::Script(data.join("bash-completion/completions/pcdevices"))],
        Shell::Fish => vec![Change::Script(config.join("fish/completions/pcdevices.fish"))],
        Shell::Zsh => {
            let folder = data.join("zsh/site-functions");
            let line =
                format!("fpath=({} $fpath); autoload -Uz compinit; compinit", in_quotes(&folder));
            vec![
                Change::Script(folder.join("_pcdevices")),
                Change::StartLine(home.join(".zshrc"), line),
            ]
        }
        Shell::Elvish => {
            let line = "eval (pcdevices completions elvish | slurp)".to_owned();
            vec![Change::StartLine(config.join("elvish/rc.elv"), line)]
        }
        Shell::PowerShell => {
            let line = "pcdevices completions powershell | Out-String | Invoke-Expression";
            profiles.into_iter().map(|file| Change::StartLine(file, line.to_owned())).collect()
        }
        _ => Vec::new(),
    }
}

/// Returns the directory of zsh's start files, if it is not the home directory.
fn zsh_home(shell: Shell) -> Option<PathBuf> {
    let folder = environment::variable("ZDOTDIR").filter(|folder| !folder.is_empty());
    folder.filter(|_| shell == Shell::Zsh).map(PathBuf::from)
}

fn in_quotes(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', r"'\''"))
}

fn apply(ui: Ui, shell: Shell, change: &Change) -> Result<(), CommandError> {
    let (path, written) = match change {
        Change::Script(path) => (path, write(path, &script(shell)).map(|()| true)),
        Change::StartLine(path, line) => (path, add_line(path, line)),
    };
    let shown = path.display();
    match written {
        Ok(true) => ui.status_line(&format!("Wrote {shown}")),
        Ok(false) => ui.status_line(&format!("{shown} has the completions already")),
        Err(error) => {
            return Err(CommandError::new(Exit::Unavailable, format!("cannot write {shown}"))
                .with_source(error));
        }
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        create_public_folder(folder)?;
    }
    write_public(path, text.as_bytes())
}

/// Adds a line to a start file. Returns false if the file has it.
fn add_line(path: &Path, line: &str) -> io::Result<bool> {
    let old = match fs::read(path) {
        Ok(old) => old,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error),
    };
    // Windows PowerShell may have saved UTF-16, to which a line in UTF-8 cannot be added.
    let text = String::from_utf8(old).map_err(|_| {
        io::Error::new(
            io::ErrorKind::InvalidData,
            format!("it is not UTF-8; add the line yourself: {line}"),
        )
    })?;
    if text.lines().any(|own| own.trim() == line) {
        return Ok(false);
    }
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    // The place changed since the line was added.
    if let Some((before, rest)) = text.split_once(&format!("{MARK}{newline}")) {
        let after = rest.find(newline).map_or("", |end| &rest[end..]);
        write(path, &format!("{before}{MARK}{newline}{line}{after}"))?;
        return Ok(true);
    }
    let gap = if text.is_empty() || text.ends_with('\n') { "" } else { newline };
    write(path, &format!("{text}{gap}{MARK}{newline}{line}{newline}"))?;
    Ok(true)
}

/// Returns the shell that started this program, as far as the environment shows it.
fn current_shell() -> Option<Shell> {
    let shell = environment::variable("SHELL");
    let name = shell.as_deref().and_then(|path| Path::new(path).file_name()?.to_str());
    match name {
        Some("bash") => Some(Shell::Bash),
        Some("zsh") => Some(Shell::Zsh),
        Some("fish") => Some(Shell::Fish),
        Some("elvish") => Some(Shell::Elvish),
        Some("pwsh") => Some(Shell::PowerShell),
        _ => cfg!(windows).then_some(Shell::PowerShell),
    }
}

/// Asks each version of PowerShell for its profile: the folder of the documents may be elsewhere, such as in OneDrive.
fn powershell_profiles() -> Vec<PathBuf> {
    let profile = |program: &&str| {
        let mut command = Command::new(program);
        command.args(["-NoLogo", "-NoProfile", "-NonInteractive", "-Command", "$PROFILE"]);
        let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
        let path = String::from_utf8(output.stdout).ok()?.trim().to_owned();
        (output.status.success() && path.ends_with(".ps1")).then(|| PathBuf::from(path))
    };
    ["pwsh", "powershell"].iter().filter_map(profile).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shell_has_its_place() {
        let places = Places { home: "/h".into(), config: "/h/c".into(), data: "/h/it's".into() };
        let of = |shell| changes(shell, &places, vec!["/p.ps1".into()]);
        let script = |path: &str| Change::Script(path.into());
        assert_eq!(of(Shell::Bash), [script("/h/it's/bash-completion/completions/pcdevices")]);
        assert_eq!(of(Shell::Fish), [script("/h/c/fish/completions/pcdevices.fish")]);
        let fpath =
            r"fpath=('/h/it'\''s/zsh/site-functions' $fpath); autoload -Uz compinit; compinit";
        assert_eq!(
            of(Shell::Zsh),
            [
                script("/h/it's/zsh/site-functions/_pcdevices"),
                Change::StartLine("/h/.zshrc".into(), fpath.to_owned())
            ]
        );
        for (shell, file) in [(Shell::PowerShell, "/p.ps1"), (Shell::Elvish, "/h/c/elvish/rc.elv")]
        {
            let [Change::StartLine(path, line)] = &of(shell)[..] else { panic!("{shell}") };
            assert_eq!(path, Path::new(file));
            assert!(line.contains(&format!("pcdevices completions {shell}")), "{line}");
        }
    }

    #[test]
    fn a_line_is_added_once_and_keeps_the_file() {
        let folder = tempfile::tempdir().unwrap();
        for (name, old, new) in [
            ("new", None, format!("{MARK}\nx\n")),
            ("unix", Some("a\nb"), format!("a\nb\n{MARK}\nx\n")),
            ("windows", Some("a\r\n"), format!("a\r\n{MARK}\r\nx\r\n")),
            ("comment", Some("# x\n"), format!("# x\n{MARK}\nx\n")),
            ("own", Some(" x\n"), " x\n".to_owned()),
            ("moved", Some(&*format!("x y\n{MARK}\nx y\nz\n")), format!("x y\n{MARK}\nx\nz\n")),
        ] {
            let path = folder.path().join("start").join(name);
            if let Some(old) = old {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(&path, old).unwrap();
            }
            assert_eq!(add_line(&path, "x").unwrap(), name != "own", "{name}");
            assert!(!add_line(&path, "x").unwrap(), "{name}");
            assert_eq!(fs::read_to_string(&path).unwrap(), new, "{name}");
        }
        let utf16 = folder.path().join("utf16");
        fs::write(&utf16, b"\xff\xfea\0").unwrap();
        assert!(
            add_line(&utf16, "x").unwrap_err().to_string().contains("add the line yourself: x")
        );
        assert_eq!(fs::read(&utf16).unwrap(), b"\xff\xfea\0");
    }
}
