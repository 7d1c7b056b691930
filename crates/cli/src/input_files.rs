//! The files that a command reads. Files that the command names are opened before the first one is read; files in a
//! directory are opened when it is their turn, because there may be thousands.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use partner_center_devices_fleet::{Finding, InputItem, ReadOptions, Rule};

use crate::args::CustomerFrom;
use crate::bounded_file::open_regular;
use crate::errors::{CommandError, Exit};
use crate::invalid_file_names::is_made_from;

/// The name of the standard input in findings.
pub(crate) const STANDARD_INPUT: &str = "standard input";

/// A file to read.
pub(crate) struct InputFile {
    /// The name in findings.
    pub(crate) name: String,
    reader: Box<dyn Read>,
    /// The file was found in a directory, where other files may be too.
    is_found: bool,
    /// The file has the invalid rows of another file in the directory.
    has_invalid_rows: bool,
}

impl InputFile {
    /// A file that the command names.
    fn named(name: String, reader: Box<dyn Read>) -> Self {
        Self { name, reader, is_found: false, has_invalid_rows: false }
    }
}

/// The subdirectories of a directory that a command names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Subdirectories {
    /// They are an error, because their devices may belong to other customers.
    #[default]
    Refused,
    /// Their files are read.
    Read,
}

impl Subdirectories {
    /// Returns the treatment for a command that takes the customers from this source.
    pub(crate) fn of(customer_from: Option<CustomerFrom>) -> Self {
        match customer_from {
            Some(CustomerFrom::Folder) => Self::Read,
            _ => Self::Refused,
        }
    }
}

/// Opens all files; `-` is the standard input. A directory stands for the files in it, in the order of their names.
pub(crate) fn open(
    files: &[PathBuf],
    subdirectories: Subdirectories,
) -> Result<Vec<InputFile>, CommandError> {
    let mut opened = Vec::new();
    for path in &expanded(files, EXPANDS_WILDCARDS)? {
        let name = path.display().to_string();
        if name == "-" {
            let (name, reader) = (STANDARD_INPUT.to_owned(), Box::new(io::stdin()));
            opened.push(InputFile::named(name, reader));
        } else if path.is_dir() {
            let found = files_in(path, subdirectories)?;
            opened.extend(found.iter().map(|path| InputFile {
                name: path.display().to_string(),
                reader: Box::new(LazyFile::Closed(path.clone())),
                is_found: true,
                has_invalid_rows: is_made_from(path, &found),
            }));
        } else {
            let file = File::open(path).map_err(|error| {
                let message = format!("cannot open {name}");
                CommandError::new(Exit::InvalidFile, message).with_source(error)
            })?;
            opened.push(InputFile::named(name, Box::new(file)));
        }
    }
    Ok(opened)
}

/// Returns the paths of all files. A directory stands for the files in it.
pub(crate) fn paths(
    files: &[PathBuf],
    subdirectories: Subdirectories,
) -> Result<Vec<PathBuf>, CommandError> {
    let mut paths = Vec::new();
    for path in expanded(files, EXPANDS_WILDCARDS)? {
        if path.is_dir() {
            paths.extend(files_in(&path, subdirectories)?);
        } else {
            paths.push(path);
        }
    }
    Ok(paths)
}

/// The shells of Windows pass `*.csv` to programs as it is. Other shells expand it, and a file may have such a name there.
const EXPANDS_WILDCARDS: bool = cfg!(windows);

/// Replaces each path with `*` or `?` by the files that match it, in the order of their names, without directories and
/// hidden files.
fn expanded(files: &[PathBuf], expands: bool) -> Result<Vec<PathBuf>, CommandError> {
    let mut paths = Vec::new();
    for path in files {
        let text = path.to_string_lossy();
        // In `\\?\C:\lists`, the question mark is not a wildcard.
        if !expands || !text.trim_start_matches(r"\\?\").contains(['*', '?']) {
            paths.push(path.clone());
            continue;
        }
        let invalid = |message: String| CommandError::new(Exit::InvalidFile, message);
        // Brackets are part of a name there.
        let pattern = text.replace('[', "[[]");
        let found = glob::glob_with(&pattern, MATCHING).map_err(|error| {
            invalid(format!("{} is not a valid pattern", path.display())).with_source(error)
        })?;
        let before = paths.len();
        for entry in found {
            let entry = entry.map_err(|error| {
                let message = format!("cannot read the directory {}", error.path().display());
                invalid(message).with_source(error)
            })?;
            if !entry.is_dir() && !is_hidden(&entry) {
                paths.push(entry);
            }
        }
        if paths.len() == before {
            return Err(invalid(format!("no file matches {}", path.display())));
        }
    }
    Ok(paths)
}

/// As in Windows: upper and lower case are equal, and a star stands for one part of a path.
const MATCHING: glob::MatchOptions = glob::MatchOptions {
    case_sensitive: false,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

/// Reads the rows of all files.
pub(crate) fn read(files: Vec<InputFile>, options: ReadOptions) -> impl Iterator<Item = InputItem> {
    let with_options = move |file: InputFile| {
        let options =
            options.skip_other_files(file.is_found).skip_rows_to_correct(file.has_invalid_rows);
        (options, file.name, Ok(file.reader))
    };
    ReadOptions::read_each(files.into_iter().map(with_options))
}

/// Counts the files that were skipped as a whole, because they are not lists of devices.
pub(crate) fn skipped(names: &[String], findings: &[Finding]) -> usize {
    let skipped = findings.iter().filter(|finding| finding.rule() == Rule::SkippedFile);
    let sources: HashSet<&str> = skipped.map(Finding::source).collect();
    names.iter().filter(|name| sources.contains(name.as_str())).count()
}

/// Returns the files in a directory, without hidden ones.
fn files_in(
    directory: &Path,
    subdirectories: Subdirectories,
) -> Result<Vec<PathBuf>, CommandError> {
    let shown = directory.display();
    let invalid = |message: String| CommandError::new(Exit::InvalidFile, message);
    let cannot_read =
        |error| invalid(format!("cannot read the directory {shown}")).with_source(error);
    let mut files = Vec::new();
    for path in entries(directory).map_err(cannot_read)? {
        if !path.is_dir() {
            files.push(path);
        } else if subdirectories == Subdirectories::Read {
            let inner = entries(&path).map_err(cannot_read)?;
            files.extend(inner.into_iter().filter(|path| !path.is_dir()));
        } else {
            let message = format!("{shown} contains a directory: {}", path.display());
            return Err(invalid(message).hint(
                "name each directory whose files belong to this command; to check or upload a directory with one subdirectory per customer, add --customer-from folder",
            ));
        }
    }
    if files.is_empty() {
        return Err(invalid(format!("there are no files in {shown}")));
    }
    Ok(files)
}

/// Returns the entries of a directory in the order of their names, without those that systems and programs hide.
fn entries(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let paths = fs::read_dir(directory)?.map(|entry| entry.map(|entry| entry.path()));
    let mut paths: Vec<PathBuf> = paths.collect::<Result<_, _>>()?;
    paths.retain(|path| !is_hidden(path));
    paths.sort();
    Ok(paths)
}

/// Returns true for a file that systems and programs hide, such as `~$list.xlsx` of an Excel that has `list.xlsx` open.
fn is_hidden(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_system_file = ["thumbs.db", "desktop.ini"].contains(&name.to_lowercase().as_str());
    is_system_file || name.starts_with('.') || name.starts_with("~$") || name == "__MACOSX"
}

/// A file that is opened when it is first read.
enum LazyFile {
    Closed(PathBuf),
    Open(File),
}

impl Read for LazyFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Self::Closed(path) = self {
            // A pipe in a directory could block without end.
            *self = Self::Open(open_regular(path)?);
        }
        match self {
            Self::Open(file) => file.read(buffer),
            Self::Closed(_) => Ok(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the names of the files, or the message.
    fn names(path: &Path, subdirectories: Subdirectories) -> Vec<String> {
        let shown = path.display().to_string();
        let shorten = |name: &str| name.replace(&shown, "D").replace('\\', "/");
        match open(&[path.to_owned()], subdirectories) {
            Ok(files) => files.iter().map(|file| shorten(&file.name)).collect(),
            Err(error) => vec![shorten(&error.to_string())],
        }
    }

    #[test]
    fn directory_stands_for_its_files() {
        use Subdirectories::{Read, Refused};
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        assert_eq!(names(directory.path(), Refused), ["there are no files in D"]);
        for name in ["b.csv", "a.xlsx", ".hidden", "~$a.xlsx", "Thumbs.db"] {
            fs::write(at(name), "Serial,Make,Model\nS1,M,N\n").unwrap();
        }
        assert_eq!(names(directory.path(), Refused), ["D/a.xlsx", "D/b.csv"]);
        fs::create_dir(at("contoso")).unwrap();
        fs::create_dir(at("contoso/old")).unwrap();
        fs::write(at("contoso/c.csv"), "").unwrap();
        assert_eq!(names(directory.path(), Refused), ["D contains a directory: D/contoso"]);
        assert_eq!(names(directory.path(), Read), ["D/a.xlsx", "D/b.csv", "D/contoso/c.csv"]);
    }

    #[test]
    fn wildcards_stand_for_the_files_that_match() {
        let directory = tempfile::tempdir().unwrap();
        for name in ["B.CSV", "a.csv", "~$a.csv", "a [1].csv", "notes.txt"] {
            fs::write(directory.path().join(name), "").unwrap();
        }
        fs::create_dir(directory.path().join("old.csv")).unwrap();
        fs::write(directory.path().join("old.csv/c.csv"), "").unwrap();
        let names = |pattern: &str, expands| -> Vec<String> {
            let shown = directory.path().display().to_string();
            let shorten = |text: String| text.replace(&shown, "D").replace('\\', "/");
            match expanded(&[directory.path().join(pattern)], expands) {
                Ok(paths) => paths.iter().map(|path| shorten(path.display().to_string())).collect(),
                Err(error) => vec![shorten(error.to_string())],
            }
        };
        for (pattern, expected) in [
            ("*.csv", &["D/B.CSV", "D/a [1].csv", "D/a.csv"][..]),
            ("?.csv", &["D/B.CSV", "D/a.csv"]),
            ("a [1]*", &["D/a [1].csv"]),
            ("*/*.csv", &["D/old.csv/c.csv"]),
            ("*.xlsx", &["no file matches D/*.xlsx"]),
            ("a.csv", &["D/a.csv"]),
            ("missing.csv", &["D/missing.csv"]),
        ] {
            assert_eq!(names(pattern, true), expected, "{pattern}");
        }
        assert_eq!(names("*.csv", false), ["D/*.csv"]);
    }

    #[test]
    fn other_files_in_a_directory_are_skipped() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        fs::write(at("a.csv"), "Serial,Make,Model\nS1,M,N\n").unwrap();
        fs::write(at("read me.txt"), "Thank you\n").unwrap();
        fs::write(at("a.invalid-2.csv"), "Serial,Make,Model\nS1,M,\n").unwrap();
        fs::write(at("b.invalid.csv"), "Serial,Make,Model\nS2,M,\n").unwrap();
        let rules = |paths: &[PathBuf]| -> Vec<String> {
            let files = open(paths, Subdirectories::Refused).unwrap();
            let rule = |item| match item {
                InputItem::Finding(finding) => finding.rule().to_string(),
                _ => "row".to_owned(),
            };
            read(files, ReadOptions::new()).map(rule).collect()
        };
        // The rows of a.invalid-2.csv are in a.csv too; the file of b.invalid.csv is not here.
        let of_directory = rules(&[directory.path().to_owned()]);
        assert_eq!(of_directory, ["row", "skipped-file", "row", "skipped-file"]);
        assert_eq!(rules(&[at("a.invalid-2.csv")]), ["row"]);
        assert_eq!(rules(&[at("a.csv"), at("read me.txt")]), ["row", "unknown-header"]);
    }
}
