//! Files of devices as commands name them. Decides what `-` is, and that nothing is read before all are open.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use crate::errors::{CommandError, Exit};

/// A file with the name that findings give it.
pub(crate) type Source = (String, Box<dyn Read>);

/// Opens all; `-` is the standard input.
pub(crate) fn open(files: &[PathBuf]) -> Result<Vec<Source>, CommandError> {
    let open = |path: &PathBuf| -> Result<Source, CommandError> {
        let name = path.display().to_string();
        if name == "-" {
            return Ok(("standard input".to_owned(), Box::new(io::stdin())));
        }
        if path.is_dir() {
            return Err(CommandError::new(
                Exit::InvalidFile,
                format!("{name} is a folder, and no file"),
            ));
        }
        match File::open(path) {
            Ok(file) => Ok((name, Box::new(file))),
            Err(error) => {
                Err(CommandError::new(Exit::InvalidFile, format!("cannot open {name}: {error}")))
            }
        }
    };
    files.iter().map(open).collect()
}
