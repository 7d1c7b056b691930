//! The arguments of `pcdevices report`.

use std::path::PathBuf;

use clap::Args;

use crate::report_files::ReportForm;

#[derive(Args)]
pub(crate) struct Report {
    /// The upload: the name of its journal in `pcdevices journals list`, or the journal's file
    #[arg(value_name = "RUN")]
    pub(crate) run: String,

    /// Where the journals are [default: this user's state folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,

    /// The file to write; - is the standard output [default: -]
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) form: FormFlags,
}

/// What a report is written as; without any, as the name of the file says.
#[derive(Args)]
#[command(next_help_heading = "Output")]
#[group(multiple = false)]
pub(crate) struct FormFlags {
    /// A page for the customer, which needs no other file
    #[arg(long)]
    html: bool,

    /// CSV, for a spreadsheet
    #[arg(long)]
    csv: bool,

    /// JSON, for a program; `pcdevices schema report` has the schema
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
