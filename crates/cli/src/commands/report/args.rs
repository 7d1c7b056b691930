//! The arguments of `pcdevices report`.

use std::path::PathBuf;

use clap::Args;

use crate::report_files::ReportForm;
use crate::report_page::PageFlags;

#[derive(Args)]
pub(crate) struct Report {
    /// The journal of the upload: its name in `pcdevices journals list`, or its file
    #[arg(value_name = "JOURNAL")]
    pub(crate) run: String,

    /// The directory with the journals [default: your state directory]
    #[arg(long, value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,

    /// The file to write, or - for standard output [default: -]
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Open the HTML page when it is written
    #[arg(long, requires = "output")]
    pub(crate) open: bool,

    #[command(flatten)]
    pub(crate) form: FormFlags,

    #[command(flatten)]
    pub(crate) page: PageFlags,
}

/// The format of the report; without a flag, the extension of the output file decides.
#[derive(Args)]
#[command(next_help_heading = "Output")]
#[group(multiple = false)]
pub(crate) struct FormFlags {
    /// Write a single-file HTML page for the customer
    #[arg(long)]
    html: bool,

    /// Write CSV for a spreadsheet
    #[arg(long)]
    csv: bool,

    /// Write JSON for a program; `pcdevices schema report` prints its schema
    #[arg(long)]
    json: bool,
}

impl FormFlags {
    pub(crate) fn form(&self) -> Option<ReportForm> {
        let forms = [
            (self.html, ReportForm::Html),
            (self.csv, ReportForm::Csv),
            (self.json, ReportForm::Json),
        ];
        forms.into_iter().find(|(wanted, _)| *wanted).map(|(_, form)| form)
    }
}
