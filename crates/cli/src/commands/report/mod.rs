//! `pcdevices report`: writes the report of an upload from its journal.

pub(crate) mod args;

use crate::errors::{CommandError, Exit};
use crate::report_files::{self, ReportForm, Reports};
use crate::settings::journals::{self, unreadable};
use crate::ui::output::{Ui, written};
use crate::ui::terminal_text::document_output;

pub(crate) fn run(ui: Ui, args: args::Report) -> Result<Exit, CommandError> {
    let by_name = args.output.as_deref().and_then(ReportForm::of);
    let form = args.form.form().or(by_name).ok_or_else(|| {
        CommandError::new(Exit::Usage, "the format of the report is missing")
            .hint("choose a format: --html, --csv or --json")
    })?;
    report_files::check_open(args.open, &args.output)?;
    let folder = args.folder.map_or_else(journals::default_dir, Ok)?;
    let report = journals::open_journal(&folder, &args.run)?.report().map_err(unreadable)?;
    if report.rows().is_empty() {
        return Err(CommandError::new(
            Exit::InvalidFile,
            "the journal has no rows: the upload ended before it recorded them, and sent no device",
        )
        .hint("run the upload again"));
    }
    match args.output.filter(|path| path.as_os_str() != "-") {
        None => written(report_files::write(&report, form, document_output()))?,
        Some(path) => {
            Reports::prepare_as(path.clone(), form)?.write(&report)?;
            ui.status_line(&format!("Wrote {}", path.display()));
            if args.open {
                report_files::open_pages(ui, [&path]);
            }
        }
    }
    Ok(Exit::Success)
}
