//! Opens pages in the user's browser.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use url::Url;

use crate::environment;

/// Starts the browser of the system, or one that the variable BROWSER names: commands, with arguments, separated by colons.
///
/// # Errors
/// If no program can be started. Its own failures are not known.
pub(crate) fn open(url: &str) -> io::Result<()> {
    let own = environment::variable("BROWSER").unwrap_or_default();
    let mut commands = own_commands(&own, url);
    commands.push(match std::env::consts::OS {
        "windows" => vec!["rundll32".into(), "url.dll,FileProtocolHandler".into(), url.into()],
        "macos" => vec!["open".into(), url.into()],
        _ => vec!["xdg-open".into(), url.into()],
    });
    let mut result = Ok(());
    for command in commands {
        let mut words = command.iter();
        let Some(program) = words.next() else { continue };
        let mut command = Command::new(program);
        let command = command.args(words).stdin(Stdio::null());
        result = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().map(drop);
        if result.is_ok() {
            break;
        }
    }
    result
}

/// Returns the commands of the variable BROWSER. `%s` stands for the URL, which is otherwise the last argument.
fn own_commands(own: &str, url: &str) -> Vec<Vec<String>> {
    let is_path = Path::new(own).is_file(); // also with spaces
    let parts = match is_path || cfg!(windows) {
        true => vec![own],
        false => own.split(':').collect(),
    };
    let command = |part: &str| -> Vec<String> {
        if is_path {
            return vec![part.to_owned(), url.to_owned()];
        }
        let mut words: Vec<String> =
            part.split_whitespace().map(|word| word.replace("%s", url)).collect();
        if !part.contains("%s") && !words.is_empty() {
            words.push(url.to_owned());
        }
        words
    };
    parts.into_iter().map(command).filter(|words| !words.is_empty()).collect()
}

/// Opens a file as a page.
///
/// # Errors
/// If the browser cannot be started.
pub(crate) fn open_file(file: &Path) -> io::Result<()> {
    // Handlers read a path with spaces in different ways, but a URL in one.
    open(url_of(file)?.as_str())
}

/// Returns the URL of a file.
///
/// # Errors
/// If the current directory is not known.
pub(crate) fn url_of(file: &Path) -> io::Result<Url> {
    Url::from_file_path(std::path::absolute(file)?)
        .map_err(|()| io::Error::new(io::ErrorKind::InvalidInput, "its path is not absolute"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn the_variable_may_have_arguments_and_alternatives() {
        for (own, expected) in [
            ("", &[][..]),
            (" ", &[]),
            ("firefox", &["firefox U"]),
            ("firefox --new-window", &["firefox --new-window U"]),
            ("w3m:firefox %s --x", &["w3m U", "firefox U --x"]),
        ] {
            let commands =
                own_commands(own, "U").iter().map(|words| words.join(" ")).collect::<Vec<_>>();
            assert_eq!(commands, expected, "{own}");
        }
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("my browser");
        std::fs::write(&program, "").unwrap();
        let own = program.to_str().unwrap();
        assert_eq!(own_commands(own, "U"), [[own, "U"]]);
    }
}
