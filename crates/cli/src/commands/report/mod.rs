//! `pcdevices report`: writes the report of an upload from its journal.

pub(crate) mod args;

use std::path::Path;

use partner_center_devices_fleet::{HtmlOptions, Report};

use crate::args::Global;
use crate::errors::{CommandError, Exit};
use crate::report_files::{self, ReportForm, Reports};
use crate::report_page::PageFlags;
use crate::settings::config::Config;
use crate::settings::customer_lookup::Customers;
use crate::settings::journals::{self, unreadable};
use crate::settings::session::target_without_flags;
use crate::ui::output::{Ui, written};
use crate::ui::terminal_text::document_output;

pub(crate) fn run(ui: Ui, global: &Global, args: args::Report) -> Result<Exit, CommandError> {
    let by_name = args.output.as_deref().and_then(ReportForm::of);
    let form = args.form.form().or(by_name).ok_or_else(|| {
        CommandError::new(Exit::Usage, "the format of the report is missing")
            .hint("choose a format: --html, --csv or --json")
    })?;
    if args.open && (form != ReportForm::Html || args.output.as_deref() == Some(Path::new("-"))) {
        return Err(CommandError::new(Exit::Usage, "--open needs an HTML report in a file")
            .hint("add --html, and --output with a file name"));
    }
    let folder = args.folder.map_or_else(journals::default_dir, Ok)?;
    let report = journals::open_journal(&folder, &args.run)?.report().map_err(unreadable)?;
    if report.rows().is_empty() {
        return Err(CommandError::new(
            Exit::InvalidFile,
            "the journal has no rows: the upload ended before it recorded them, and sent no device",
        )
        .hint("run the upload again"));
    }
    let page = match form {
        ReportForm::Html => page(ui, global, &args.page, &report)?,
        ReportForm::Csv | ReportForm::Json => HtmlOptions::new(),
    };
    match args.output.filter(|path| path.as_os_str() != "-") {
        None => written(report_files::write(&report, form, &page, document_output()))?,
        Some(path) => {
            Reports::prepare_as(path.clone(), form)?.write(&report, &page)?;
            ui.wrote(&path);
            if args.open {
                report_files::open_page(&path)?;
            }
        }
    }
    Ok(Exit::Success)
}

/// Returns the options of the page, with the names from the aliases and the local index.
fn page(
    ui: Ui,
    global: &Global,
    flags: &PageFlags,
    report: &Report,
) -> Result<HtmlOptions, CommandError> {
    let config = Config::read(global)?;
    let customers = Customers::of(&config, &target_without_flags(&config.profile).base_url)?;
    Ok(flags.options(ui, &customers, report))
}
