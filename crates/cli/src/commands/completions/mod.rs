//! `pcdevices completions`: prints or installs the completion script for a shell.

pub(crate) mod args;
mod install;
mod known_names;
mod place;
mod scripts;

use std::io::Write as _;

use clap::CommandFactory as _;

use self::known_names::known_names;
use self::place::place;
use self::scripts::script;
use crate::args::Global;
use crate::cli::Cli;
use crate::errors::{CommandError, Exit};
use crate::ui::output::{Ui, written};
use crate::ui::terminal_text::document_output;

pub(crate) fn run(ui: Ui, args: &args::Completions) -> Result<Exit, CommandError> {
    match (args.install, args.shell) {
        (true, shell) => return install::install(ui, shell),
        (false, Some(shell)) => written(document_output().write_all(script(shell).as_bytes()))?,
        (false, None) => {}
    }
    Ok(Exit::Success)
}

/// Prints the names for the last word of a command line, after the start of the word that is not part of a name. Fails silently if
/// no names belong there, so that the script completes commands and flags.
pub(crate) fn complete(global: &Global, args: args::Complete) -> Result<Exit, CommandError> {
    let mut words = args.words;
    words.extend(args.next.then(String::new));
    let mut program = Cli::command();
    program.build();
    let Some(place) = place(&program, &words) else { return Ok(Exit::SomeFailed) };
    let ui = Ui::new(&Global { quiet: true, ..global.clone() });
    let names = known_names(ui, global.clone(), place.names, &words)?;
    let lines = names.iter().map(|name| format!("{name}\n"));
    ui.print_document(&format!("{}\n{}", place.prefix, lines.collect::<String>()))?;
    Ok(Exit::Success)
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use clap::ValueEnum as _;

    use clap_complete::Shell;

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

    #[test]
    fn every_script_asks_for_names() {
        for (shell, call) in [
            (Shell::Bash, "prev=\"$3\"\n    _pcdevices_names && return 0"),
            (Shell::Zsh, "_pcdevices() {\n    _pcdevices_names && return 0"),
            (Shell::Fish, " -l customer -d "),
            (Shell::PowerShell, "complete @next $words"),
            (Shell::Elvish, "e:pcdevices complete $@words"),
        ] {
            let script = script(shell);
            assert!(script.contains(call), "{shell}");
            assert!(script.contains("names"), "{shell}");
        }
        let fish = script(Shell::Fish);
        let mut flags = fish.lines().filter(|line| line.contains(" -l batch -d "));
        assert!(flags.all(|line| line.ends_with("-f -a \"(__pcdevices_names)\"")));
        let zsh = script(Shell::Zsh);
        // Subcommands have a separate command line, files do not.
        assert!(!zsh.contains("\n'*::") && zsh.contains("\n'*:files -- "));
        assert!(zsh.contains("\n\"*::: :->"));
    }

    /// A name with a blank is quoted, and only names with the typed start are offered, in upper or lower case. An open quote stays.
    #[test]
    fn bash_offers_names_of_customers() {
        let run = r#"
            pcdevices() {
                [[ "$*" == 'complete pcdevices '* ]] || return 1
                echo
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
