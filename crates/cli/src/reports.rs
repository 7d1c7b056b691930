//! The report once more, as files. Decides that a place that takes none is found before anything is sent, and that a
//! file is there whole or not at all: what was there before is replaced when the new one is written.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use partner_center_devices_fleet::{HtmlOptions, Report};
use tempfile::NamedTempFile;

use crate::args::ReportForm;
use crate::error::{Exit, Failure};

/// The files that are to be, each with the one beside it that becomes it. Dropped, it leaves nothing.
pub(crate) struct Reports(Vec<(PathBuf, NamedTempFile)>);

impl Reports {
    pub(crate) fn prepare(paths: Vec<PathBuf>) -> Result<Self, Failure> {
        let prepare = |path: PathBuf| match beside(&path) {
            Ok(file) => Ok((path, file)),
            Err(error) => Err(cannot(Exit::BadFile, &path, &error)),
        };
        paths.into_iter().map(prepare).collect::<Result<_, _>>().map(Self)
    }

    /// Each is tried; what fails is said of each.
    pub(crate) fn write(self, report: &Report) -> Result<(), Failure> {
        let mut written = Ok(());
        for (path, file) in self.0 {
            let this = write(report, &path, file).map_err(|e| cannot(Exit::Service, &path, &e));
            written = match written {
                Ok(()) => this,
                Err(failure) => Err(failure.and(this)),
            };
        }
        written
    }
}

fn cannot(exit: Exit, path: &Path, error: &io::Error) -> Failure {
    Failure::new(exit, format!("cannot write {}: {error}", path.display()))
}

fn beside(path: &Path) -> io::Result<NamedTempFile> {
    if path.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)] // as any other file of this user, for a report is to be handed on
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.prefix(".pcdevices-").tempfile_in(folder.unwrap_or(Path::new(".")))
}

fn write(report: &Report, path: &Path, mut file: NamedTempFile) -> io::Result<()> {
    match ReportForm::of(path) {
        Some(ReportForm::Html) => {
            report.write_html(&mut file, &HtmlOptions::new().written(SystemTime::now()))
        }
        Some(ReportForm::Csv) => report.write_csv(&mut file),
        _ => report.write_json(&mut file),
    }?;
    file.flush()?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_was_there_stays_until_the_new_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let [a, b, c] = ["a.json", "b.csv", "c.html"].map(|name| folder.path().join(name));
        fs::write(&a, "before").unwrap();
        drop(Reports::prepare(vec![a.clone(), b.clone()]).unwrap());
        assert_eq!(fs::read_to_string(&a).unwrap(), "before");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");

        let reports = Reports::prepare(vec![a.clone(), b.clone(), c.clone()]).unwrap();
        fs::create_dir(&b).unwrap(); // in the meantime
        let failure = reports.write(&Report::default()).unwrap_err();
        assert!(failure.to_string().contains("b.csv"), "{failure}");
        assert!(fs::read_to_string(&a).unwrap().starts_with('{') && c.is_file());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    }

    #[test]
    fn a_place_that_takes_none_is_found_before() {
        let folder = tempfile::tempdir().unwrap();
        let is_a_folder = folder.path().join("x.json");
        fs::create_dir(&is_a_folder).unwrap();
        for path in [is_a_folder, folder.path().join("no-such/x.json")] {
            let failure = Reports::prepare(vec![path]).err().unwrap();
            assert_eq!(failure.exit, Exit::BadFile, "{failure}");
        }
    }
}
