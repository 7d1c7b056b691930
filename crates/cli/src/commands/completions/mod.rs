//! `pcdevices completions`: prints the completion script for a shell.

pub(crate) mod args;
mod customer_names;

use std::io::Write as _;

use clap::CommandFactory as _;
use clap_complete::{Shell, generate};

use self::customer_names::with_customers;
use crate::cli::Cli;
use crate::errors::{CommandError, Exit};
use crate::ui::output::written;
use crate::ui::terminal_text::document_output;

pub(crate) fn run(args: &args::Completions) -> Result<Exit, CommandError> {
    written(document_output().write_all(script(args.shell).as_bytes()))?;
    Ok(Exit::Success)
}

fn script(shell: Shell) -> String {
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "pcdevices", &mut script);
    with_customers(shell, String::from_utf8_lossy(&script).into_owned())
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
            let script = script(*shell);
            for word in &all {
                assert!(script.contains(word.as_str()), "the {shell} script lacks {word}");
            }
        }
    }

    /// Counts the commands with `--customer`.
    fn commands_with_customer(command: &clap::Command) -> usize {
        let own = command.get_arguments().any(|arg| arg.get_long() == Some("customer"));
        usize::from(own) + command.get_subcommands().map(commands_with_customer).sum::<usize>()
    }

    #[test]
    fn every_script_completes_customers() {
        let commands = commands_with_customer(&Cli::command());
        assert!(commands > 10);
        for (shell, call, calls) in [
            (Shell::Bash, "_pcdevices_customers \"${cur}\"", commands),
            (Shell::Zsh, ":CUSTOMER:_pcdevices_customers'", commands),
            (Shell::Fish, "(pcdevices customers list --names", commands),
            (Shell::PowerShell, "customers list --names $words", 1),
            (Shell::Elvish, "customers list --names $@words", 1),
        ] {
            let found = script(shell).matches(call).count();
            assert!(found >= calls, "{shell}: {found} of {calls}");
        }
        let zsh = script(Shell::Zsh);
        assert!(!zsh.contains(":CUSTOMER:_default"));
        // Subcommands have a separate command line, files do not.
        assert!(!zsh.contains("\n'*::") && zsh.contains("\n'*:files -- "));
        assert!(zsh.contains("\n\"*::: :->"));
    }

    /// A name with a blank is quoted, and only names with the typed start are offered, in upper or lower case. An open quote stays.
    #[test]
    fn bash_offers_names_of_customers() {
        let run = r#"
            pcdevices() {
                [[ "$*" == 'customers list --names pcdevices '* ]] || return
                [[ "$*" == *' --profile b '* ]] && echo 'Contoso B'
                printf '%s\n' Contoso 'Contoso Ltd' '*' fabrikam.com "O'Neill" 'O $(x)'
            }
            COMP_WORDS=(pcdevices upload --customer 'Con') COMP_CWORD=3
            _pcdevices pcdevices Con --customer
            printf '%s|' "${COMPREPLY[@]}"
            COMP_WORDS=(pcdevices batches list -c 'Contoso\ L') COMP_CWORD=4
            _pcdevices pcdevices 'Contoso\ L' -c
            printf '%s|' "${COMPREPLY[@]}"
            COMP_WORDS=(pcdevices --profile b batches list -c "'cont") COMP_CWORD=6
            _pcdevices pcdevices cont -c
            printf '%s|' "${COMPREPLY[@]}"
            COMP_WORDS=(pcdevices batches list -c '"o') COMP_CWORD=4
            _pcdevices pcdevices o -c
            printf '%s|' "${COMPREPLY[@]}"
            [[ a == A ]] || printf 'case'
        "#;
        let bash = Command::new("bash").arg("-c").arg(script(Shell::Bash) + run).output();
        let Ok(output) = bash else { return }; // no bash on this system
        let offered = String::from_utf8_lossy(&output.stdout).into_owned();
        let expected =
            r"Contoso|Contoso\ Ltd|Contoso\ Ltd|Contoso B|Contoso|Contoso Ltd|O'Neill|case";
        assert_eq!(offered, expected, "{output:?}");
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
            child.stdin.take().unwrap().write_all(script(shell).as_bytes()).unwrap();
            assert!(child.wait().unwrap().success(), "{shell}");
        }
    }
}
