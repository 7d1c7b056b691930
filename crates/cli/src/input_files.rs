//! The files that a command reads. All files are opened before the first one is read.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use crate::errors::{CommandError, Exit};

/// The name of the standard input in findings.
pub(crate) const STANDARD_INPUT: &str = "standard input";

/// A file, with the name that findings use for it.
pub(crate) type InputFile = (String, Box<dyn Read>);

/// Opens all files; `-` is the standard input.
pub(crate) fn open(files: &[PathBuf]) -> Result<Vec<InputFile>, CommandError> {
    let open = |path: &PathBuf| -> Result<InputFile, CommandError> {
        let name = path.display().to_string();
        if name == "-" {
            return Ok((STANDARD_INPUT.to_owned(), Box::new(io::stdin())));
        }
        if path.is_dir() {
            let message = format!("{name} is a directory, not a file");
            return Err(CommandError::new(Exit::InvalidFile, message));
        }
        match File::open(path) {
            Ok(file) => Ok((name, Box::new(file))),
            Err(error) => {
                let message = format!("cannot open {name}");
                Err(CommandError::new(Exit::InvalidFile, message).with_source(error))
            }
        }
    };
    files.iter().map(open).collect()
}
