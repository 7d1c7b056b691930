//! `pcdevices completions`: prints the completion script for a shell.

pub(crate) mod args;

use std::io::Write as _;

use clap::CommandFactory as _;
use clap_complete::{Shell, generate};

use crate::cli::Cli;
use crate::errors::{CommandError, Exit};
use crate::ui::output::written;
use crate::ui::terminal_text::document_output;

pub(crate) fn run(args: &args::Completions) -> Result<Exit, CommandError> {
    written(document_output().write_all(&script(args.shell)))?;
    Ok(Exit::Success)
}

fn script(shell: Shell) -> Vec<u8> {
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "pcdevices", &mut script);
    script
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use clap::ValueEnum as _;

    use super::*;

    /// Collects the names of all commands and their long flags.
    fn words(command: &clap::Command, words: &mut Vec<String>) {
        for command in command.get_subcommands().filter(|command| !command.is_hide_set()) {
            words.push(command.get_name().to_owned());
            let flags = command.get_arguments().filter(|arg| !arg.is_hide_set());
            words.extend(flags.filter_map(|arg| arg.get_long()).map(ToOwned::to_owned));
            self::words(command, words);
        }
    }

    #[test]
    fn every_script_contains_every_command_and_flag() {
        let mut all = Vec::new();
        words(&Cli::command(), &mut all);
        assert!(all.iter().any(|word| word == "prune"));
        for shell in Shell::value_variants() {
            let script = String::from_utf8(script(*shell)).unwrap();
            for word in &all {
                assert!(script.contains(word.as_str()), "the {shell} script lacks {word}");
            }
        }
    }

    /// Skips shells that are not installed.
    #[test]
    fn shells_accept_their_scripts() {
        for (shell, program, args) in [
            (Shell::Bash, "bash", &["-n"][..]),
            (Shell::Zsh, "zsh", &["-n"]),
            (Shell::Fish, "fish", &["--no-execute"]),
        ] {
            let child = Command::new(program).args(args).stdin(Stdio::piped()).spawn();
            let Ok(mut child) = child else { continue };
            child.stdin.take().unwrap().write_all(&script(shell)).unwrap();
            assert!(child.wait().unwrap().success(), "{shell}");
        }
    }
}
