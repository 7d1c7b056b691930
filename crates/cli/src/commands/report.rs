//! `pcdevices report`: the report of an upload once more, from its journal.

use std::io;

use crate::args::{self, ReportForm};
use crate::commands::journals;
use crate::commands::upload::unusable;
use crate::error::{Exit, Failure};
use crate::output::{say, written};
use crate::reports::{self, Reports};

pub(crate) fn run(args: args::Report) -> Result<Exit, Failure> {
    let by_name = args.output.as_deref().and_then(ReportForm::of);
    let form = args.form.form().or(by_name).ok_or_else(|| {
        Failure::new(Exit::Argument, "nothing says what the report shall be")
            .hint("--html for the customer, --csv for a spreadsheet, --json for a program")
    })?;
    let folder = args.folder.map_or_else(journals::default_folder, Ok)?;
    let report = journals::look(&folder, &args.run)?.report().map_err(unusable)?;
    match args.output.filter(|path| path.as_os_str() != "-") {
        None => written(reports::write(&report, form, io::stdout().lock()))?,
        Some(path) => {
            let place = path.display().to_string();
            Reports::prepare_as(path, form)?.write(&report)?;
            say(&format!("the report is in {place}\n"));
        }
    }
    Ok(Exit::AllWell)
}
