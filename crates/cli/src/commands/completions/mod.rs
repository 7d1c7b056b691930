//! `pcdevices completions`: what a shell needs to complete the program's words.

pub(crate) mod args;

use std::io::{self, Write as _};

use clap::CommandFactory as _;
use clap_complete::{Shell, generate};

use crate::cli::Cli;
use crate::errors::{CommandError, Exit};
use crate::ui::output::written;

pub(crate) fn run(args: &args::Completions) -> Result<Exit, CommandError> {
    written(io::stdout().lock().write_all(&script(args.shell)))?;
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

    /// The names of all commands and the long flags of theirs.
    fn words(command: &clap::Command, words: &mut Vec<String>) {
        for command in command.get_subcommands().filter(|command| !command.is_hide_set()) {
            words.push(command.get_name().to_owned());
            let flags = command.get_arguments().filter(|arg| !arg.is_hide_set());
            words.extend(flags.filter_map(|arg| arg.get_long()).map(ToOwned::to_owned));
            self::words(command, words);
        }
    }

    #[test]
    fn every_shell_knows_every_word() {
        let mut all = Vec::new();
        words(&Cli::command(), &mut all);
        assert!(all.iter().any(|word| word == "prune"));
        for shell in Shell::value_variants() {
            let script = String::from_utf8(script(*shell)).unwrap();
            for word in &all {
                assert!(script.contains(word.as_str()), "{shell} does not know {word}");
            }
        }
    }

    /// Where such a shell is there.
    #[test]
    fn a_shell_can_read_its_script() {
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
