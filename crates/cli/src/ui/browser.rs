//! Opens pages in the user's browser.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use url::Url;

use crate::environment;

/// Starts the browser of the system, or the program that the variable BROWSER names.
///
/// # Errors
/// If the program cannot be started. Its own failures are not known.
pub(crate) fn open(url: &str) -> io::Result<()> {
    let own = environment::variable("BROWSER").filter(|name| !name.trim().is_empty());
    let mut command = match own {
        Some(name) => Command::new(name),
        None if cfg!(windows) => {
            let mut command = Command::new("rundll32");
            command.arg("url.dll,FileProtocolHandler");
            command
        }
        None if cfg!(target_os = "macos") => Command::new("open"),
        None => Command::new("xdg-open"),
    };
    let command = command.arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().map(drop)
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
