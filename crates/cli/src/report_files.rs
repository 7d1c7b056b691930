//! Reports as files. A path that cannot be written is reported before anything is sent.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use partner_center_devices_fleet::{HtmlOptions, Report};

use crate::atomic_file::{AtomicFile, Readers, SHORT_WAIT, check_replaceable};
use crate::errors::{CommandError, Exit};
use crate::ui::browser;

/// The format of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReportForm {
    Html,
    Csv,
    Json,
}

impl ReportForm {
    /// Returns the format for the extension of a file.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "html" | "htm" => Some(Self::Html),
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// Report files that are prepared but not written yet. Dropping this removes them.
pub(crate) struct Reports(Vec<(PathBuf, ReportForm, AtomicFile)>);

impl Reports {
    /// Prepares the files, each in the format of its extension.
    pub(crate) fn prepare(paths: Vec<PathBuf>) -> Result<Self, CommandError> {
        let mut reports = Self(Vec::new());
        for path in paths {
            let form = ReportForm::of(&path).unwrap_or(ReportForm::Json);
            reports.0.extend(Self::prepare_as(path, form)?.0);
        }
        Ok(reports)
    }

    /// Prepares one file in this format.
    pub(crate) fn prepare_as(path: PathBuf, form: ReportForm) -> Result<Self, CommandError> {
        let prepared = AtomicFile::create(&path, Readers::Unchanged)
            .and_then(|file| check_replaceable(&path, SHORT_WAIT).map(|()| file));
        match prepared {
            Ok(file) => Ok(Self(vec![(path, form, file)])),
            Err(error) => Err(cannot_write(Exit::InvalidFile, &path, error)),
        }
    }

    /// Returns the files.
    pub(crate) fn paths(&self) -> Vec<PathBuf> {
        self.0.iter().map(|(path, ..)| path.clone()).collect()
    }

    /// Returns true if one of the files is the HTML page.
    pub(crate) fn have_page(&self) -> bool {
        self.0.iter().any(|(_, form, _)| *form == ReportForm::Html)
    }

    /// Writes all files. A failure does not stop the others; every failure is reported.
    pub(crate) fn write(self, report: &Report, page: &HtmlOptions) -> Result<(), CommandError> {
        let mut result = Ok(());
        for (path, form, file) in self.0 {
            let written = write_file(report, form, page, file)
                .map_err(|error| cannot_write(Exit::Unavailable, &path, error));
            result = match result {
                Ok(()) => written,
                Err(error) => Err(CommandError::and(error, written)),
            };
        }
        result
    }
}

fn cannot_write(exit: Exit, path: &Path, error: io::Error) -> CommandError {
    let is_read_only = || path.metadata().is_ok_and(|file| file.permissions().readonly());
    let hint = match error.kind() {
        io::ErrorKind::ResourceBusy => {
            Some("close it in other programs, such as Excel, or name another file")
        }
        io::ErrorKind::PermissionDenied if is_read_only() => {
            Some("remove its write protection, or name another file")
        }
        _ => None,
    };
    let error =
        CommandError::new(exit, format!("cannot write {}", path.display())).with_source(error);
    hint.into_iter().fold(error, CommandError::hint)
}

/// Refuses `--open` if no report is a page.
pub(crate) fn check_open<'a>(
    open: bool,
    files: impl IntoIterator<Item = &'a PathBuf>,
) -> Result<(), CommandError> {
    if !open || files.into_iter().any(|file| is_page(file)) {
        return Ok(());
    }
    let error = CommandError::new(Exit::Usage, "--open needs an HTML report");
    Err(error.hint("name a file that ends with .html"))
}

/// Opens the pages among these files in a browser.
pub(crate) fn open_pages<'a>(
    files: impl IntoIterator<Item = &'a PathBuf>,
) -> Result<(), CommandError> {
    for file in files.into_iter().filter(|file| is_page(file)) {
        open_page(file)?;
    }
    Ok(())
}

/// Opens a page in a browser.
pub(crate) fn open_page(file: &Path) -> Result<(), CommandError> {
    browser::open_file(file).map_err(|error| {
        let message = format!("cannot open {}, which was written", file.display());
        CommandError::new(Exit::Unavailable, message)
            .with_source(error)
            .hint("open the file yourself; the variable BROWSER can name a browser")
    })
}

fn is_page(file: &Path) -> bool {
    ReportForm::of(file) == Some(ReportForm::Html)
}

/// Writes the report in one of its formats.
pub(crate) fn write(
    report: &Report,
    form: ReportForm,
    page: &HtmlOptions,
    writer: impl Write,
) -> io::Result<()> {
    match form {
        ReportForm::Html => report.write_html(writer, page),
        ReportForm::Csv => report.write_csv(writer),
        ReportForm::Json => report.write_json(writer),
    }
}

fn write_file(
    report: &Report,
    form: ReportForm,
    page: &HtmlOptions,
    mut file: AtomicFile,
) -> io::Result<()> {
    if form == ReportForm::Csv {
        file.write_all("\u{feff}".as_bytes())?; // Excel would read UTF-8 as the system's code page
    }
    write(report, form, page, &mut file)?;
    file.commit()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn an_old_report_stays_until_the_new_one_is_complete() {
        let folder = tempfile::tempdir().unwrap();
        let [a, b, c] = ["a.json", "b.csv", "c.html"].map(|name| folder.path().join(name));
        fs::write(&a, "before").unwrap();
        drop(Reports::prepare(vec![a.clone(), b.clone()]).unwrap());
        assert_eq!(fs::read_to_string(&a).unwrap(), "before");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no other file is left");

        let reports = Reports::prepare(vec![a.clone(), b.clone(), c.clone()]).unwrap();
        fs::create_dir(&b).unwrap(); // someone creates it meanwhile
        let error = reports.write(&Report::default(), &HtmlOptions::new()).unwrap_err();
        assert!(error.to_string().contains("b.csv"), "{error}");
        assert!(fs::read_to_string(&a).unwrap().starts_with('{') && c.is_file());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    }

    #[test]
    fn a_csv_file_starts_with_a_byte_order_mark() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("r.csv");
        Reports::prepare(vec![path.clone()])
            .unwrap()
            .write(&Report::default(), &HtmlOptions::new())
            .unwrap();
        let mut without_mark = Vec::new();
        write(&Report::default(), ReportForm::Csv, &HtmlOptions::new(), &mut without_mark).unwrap();
        assert_eq!(fs::read(&path).unwrap(), [b"\xEF\xBB\xBF", &without_mark[..]].concat());
    }

    #[cfg(windows)]
    #[test]
    fn a_report_that_cannot_be_replaced_is_found_before_anything_is_sent() {
        use std::os::windows::fs::OpenOptionsExt as _;
        const FILE_SHARE_READ: u32 = 1;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("r.csv");
        fs::write(&path, "before").unwrap();
        let mut as_excel = fs::OpenOptions::new();
        let open = as_excel.read(true).share_mode(FILE_SHARE_READ).open(&path).unwrap();
        let error = Reports::prepare(vec![path.clone()]).err().unwrap().render();
        assert!(
            error.contains("it is open in another program") && error.contains("Excel"),
            "{error}"
        );
        drop(open);
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).unwrap();
        let error = Reports::prepare(vec![path.clone()]).err().unwrap().render();
        assert!(error.contains("it is read-only"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "before");
    }

    #[test]
    fn a_path_that_cannot_be_written_is_rejected_in_advance() {
        let folder = tempfile::tempdir().unwrap();
        let directory = folder.path().join("x.json");
        fs::create_dir(&directory).unwrap();
        for path in [directory, folder.path().join("no-such/x.json")] {
            let error = Reports::prepare(vec![path]).err().unwrap();
            assert_eq!(error.exit, Exit::InvalidFile, "{error}");
        }
    }
}
