//! The report once more, as files. Decides that a place that takes none is found before anything is sent.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::atomic_file::{AtomicFile, Readers};
use crate::errors::{CommandError, Exit};
use partner_center_devices_fleet::{HtmlOptions, Report};

/// What a report is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReportForm {
    Html,
    Csv,
    Json,
}

impl ReportForm {
    /// By the end of the file's name.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "html" | "htm" => Some(Self::Html),
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// The files that are to be, each with the one beside it that becomes it. Dropped, it leaves nothing.
pub(crate) struct Reports(Vec<(PathBuf, ReportForm, AtomicFile)>);

impl Reports {
    /// Each in the form that its name says.
    pub(crate) fn prepare(paths: Vec<PathBuf>) -> Result<Self, CommandError> {
        let mut reports = Self(Vec::new());
        for path in paths {
            let form = ReportForm::of(&path).unwrap_or(ReportForm::Json);
            reports.0.extend(Self::prepare_as(path, form)?.0);
        }
        Ok(reports)
    }

    /// One, in this form.
    pub(crate) fn prepare_as(path: PathBuf, form: ReportForm) -> Result<Self, CommandError> {
        match AtomicFile::beside(&path, Readers::AsBefore) {
            Ok(file) => Ok(Self(vec![(path, form, file)])),
            Err(error) => Err(cannot(Exit::InvalidFile, &path, &error)),
        }
    }

    /// Each is tried; what fails is said of each.
    pub(crate) fn write(self, report: &Report) -> Result<(), CommandError> {
        let mut written = Ok(());
        for (path, form, file) in self.0 {
            let this = persist(report, form, file);
            let this = this.map_err(|error| cannot(Exit::Unavailable, &path, &error));
            written = match written {
                Ok(()) => this,
                Err(failure) => Err(failure.and(this)),
            };
        }
        written
    }
}

/// Without the name of the file beside it, which says nothing to anybody.
fn cannot(exit: Exit, path: &Path, error: &io::Error) -> CommandError {
    let error = error.to_string();
    let cause = error.split(" at path ").next().unwrap_or_default();
    CommandError::new(exit, format!("cannot write {}: {cause}", path.display()))
}

/// The report in one of its forms.
pub(crate) fn write(report: &Report, form: ReportForm, writer: impl Write) -> io::Result<()> {
    match form {
        ReportForm::Html => {
            report.write_html(writer, &HtmlOptions::new().generated_at(SystemTime::now()))
        }
        ReportForm::Csv => report.write_csv(writer),
        ReportForm::Json => report.write_json(writer),
    }
}

fn persist(report: &Report, form: ReportForm, mut file: AtomicFile) -> io::Result<()> {
    write(report, form, &mut file)?;
    file.commit()
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
            assert_eq!(failure.exit, Exit::InvalidFile, "{failure}");
        }
    }
}
