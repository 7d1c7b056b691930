//! `pcdevices man`: prints or writes a manual page for each command.

pub(crate) mod args;

use std::io::{self, Write as _};

use clap::{Command, CommandFactory as _};

use crate::atomic_file::{create_public_folder, write_public};
use crate::cli::Cli;
use crate::errors::{CommandError, Exit};
use crate::help::with_examples;
use crate::suggestions::closest;
use crate::ui::output::{Ui, written};
use crate::ui::terminal_text::document_output;
use crate::ui::text_layout::count;

pub(crate) fn run(ui: Ui, args: &args::Man) -> Result<Exit, CommandError> {
    let program = command_tree();
    let Some(folder) = &args.output else {
        let command = find(&program, &args.command)?;
        let mut page = Vec::new();
        written(page_of(command, &mut page))?;
        written(document_output().write_all(&page))?;
        return Ok(Exit::Success);
    };
    let mut pages = Vec::new();
    every(&program, &mut pages);
    let write = || -> io::Result<()> {
        create_public_folder(folder)?;
        for command in &pages {
            let mut page = Vec::new();
            page_of(command, &mut page)?;
            write_public(&folder.join(format!("{}.1", page_name(command))), &page)?;
        }
        Ok(())
    };
    write().map_err(|error| {
        let message = format!("cannot write to {}: {error}", folder.display());
        CommandError::new(Exit::InvalidFile, message)
    })?;
    ui.status_line(&format!("Wrote {} to {}", count(pages.len(), "page"), folder.display()));
    Ok(Exit::Success)
}

/// Returns the command tree with complete names.
fn command_tree() -> Command {
    let mut program = with_examples(Cli::command()).disable_help_subcommand(true);
    program.build();
    program
}

/// Returns the name of the page, such as `pcdevices-policies-apply`.
fn page_name(command: &Command) -> &str {
    command.get_display_name().unwrap_or_else(|| command.get_name())
}

fn every<'a>(command: &'a Command, all: &mut Vec<&'a Command>) {
    all.push(command);
    command.get_subcommands().filter(|one| !one.is_hide_set()).for_each(|one| every(one, all));
}

fn page_of(command: &Command, page: &mut Vec<u8>) -> io::Result<()> {
    clap_mangen::Man::new(command.clone()).manual("pcdevices").render(page)
}

fn find<'a>(program: &'a Command, path: &[String]) -> Result<&'a Command, CommandError> {
    path.iter().try_fold(program, |command, name| {
        command.find_subcommand(name).ok_or_else(|| {
            let message =
                format!("there is no command '{} {name}'", page_name(command).replace('-', " "));
            let error = CommandError::new(Exit::Usage, message);
            match closest(name, command.get_subcommands().map(Command::get_name)) {
                Some(close) => error.hint(format!("did you mean '{close}'?")),
                None => error,
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_page_with_its_summary() {
        let program = command_tree();
        let mut all = Vec::new();
        every(&program, &mut all);
        assert!(all.len() > 20);
        for command in all {
            let mut page = Vec::new();
            page_of(command, &mut page).unwrap();
            let page = String::from_utf8(page).unwrap().replace("\\-", "-").replace("\\*(Aq", "'");
            let about = command.get_about().unwrap().to_string();
            for part in [".SH NAME", ".SH SYNOPSIS", &about.replace('\\', "\\\\")] {
                assert!(page.contains(part), "{} lacks {part}", page_name(command));
            }
        }
    }
}
