//! `docs/cli.md`, the reference of all commands, is made from the commands themselves.
//! `UPDATE_DOCS=1 cargo test -p partner-center-devices-cli reference` renews it.
#![allow(clippy::disallowed_methods)] // a test may

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use clap::{Arg, Command, CommandFactory as _};

use crate::cli::Cli;
use crate::errors::Exit;

const HEAD: &str = "\
# The commands of pcdevices

Written by a test from the program itself (`src/cli_reference.rs`). How things go together is in the [README](../README.md);
`pcdevices COMMAND --help` says the same as this page, and `pcdevices man` makes manual pages of it.
";

const SERVICE: &str = "Service";

/// The headings of options that many commands have. They are listed once.
const SHARED: [(&str, &str); 2] = [
    ("Global options", "Every command has these."),
    (
        SERVICE,
        "Every command that talks to the service has these, but for those that list their own.",
    ),
];

fn reference() -> String {
    let program = program();
    let mut commands = Vec::new();
    gather(&program, &mut commands);

    let mut text = HEAD.to_owned();
    text += "\n| command | what it does |\n|---|---|\n";
    for command in commands.iter().filter(|command| !command.has_subcommands()) {
        let name = name(command);
        let _ = writeln!(text, "| [`{name}`](#{}) | {} |", name.replace(' ', "-"), about(command));
    }
    let shared = SHARED.map(|(heading, what)| (heading, what, shared(&commands, heading)));
    for command in commands.iter().filter(|command| !command.has_subcommands()) {
        section(&mut text, command, &shared);
    }
    for (heading, what, args) in &shared {
        let _ = write!(text, "\n## {heading}\n\n{what}\n");
        table(&mut text, args);
    }
    environment(&mut text, &commands);
    text += "\n## Exit codes\n\n| code | meaning |\n|---|---|\n";
    for exit in Exit::ALL {
        let _ = writeln!(text, "| {} | {} |", exit as u8, exit.meaning());
    }
    text
}

fn gather<'a>(command: &'a Command, all: &mut Vec<&'a Command>) {
    all.push(command);
    command.get_subcommands().filter(|one| !one.is_hide_set()).for_each(|one| gather(one, all));
}

/// `pcdevices policies apply`.
fn name(command: &Command) -> &str {
    command.get_bin_name().unwrap_or_else(|| command.get_name())
}

fn about(command: &Command) -> String {
    command.get_about().map(|about| cell(&about.to_string())).unwrap_or_default()
}

fn section(text: &mut String, command: &Command, shared: &[(&str, &str, Vec<&Arg>)]) {
    let _ = write!(text, "\n## {}\n\n{}.\n", name(command), about(command));
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim();
    let _ = write!(text, "\n```text\n{usage}\n```\n");
    // A command has all that is shared under a heading, or its own.
    let has = |arg: &Arg| visible(command).any(|own| row(own) == row(arg));
    let (all, others): (Vec<_>, Vec<_>) =
        shared.iter().partition(|(_, _, args)| args.iter().all(|arg| has(arg)));
    assert!(others.iter().all(|(heading, ..)| *heading == SERVICE), "{}", name(command));
    let is_shared =
        |arg: &Arg| all.iter().any(|(.., args)| args.iter().any(|a| row(a) == row(arg)));
    let own: Vec<_> = visible(command).filter(|arg| !is_shared(arg)).collect();
    table(text, &own);
    if others.is_empty() {
        *text += "\nAnd those of the [service](#service).\n";
    }
    let after = command.get_after_help().map(ToString::to_string);
    if let Some(after) = after.filter(|after| *after != Exit::help()) {
        let _ = write!(text, "\n```text\n{after}\n```\n");
    }
}

fn visible(command: &Command) -> impl Iterator<Item = &Arg> {
    command.get_arguments().filter(|arg| !arg.is_hide_set() && arg.get_id() != "help")
}

/// The options of a heading that most commands with it have.
fn shared<'a>(commands: &[&'a Command], heading: &str) -> Vec<&'a Arg> {
    let of = |command: &&'a Command| -> Vec<&'a Arg> {
        visible(command).filter(|arg| arg.get_help_heading() == Some(heading)).collect()
    };
    let each: Vec<_> = commands.iter().map(of).filter(|args| !args.is_empty()).collect();
    let mut found: Vec<(&Arg, usize)> = Vec::new();
    for arg in each.iter().flatten() {
        match found.iter_mut().find(|(other, _)| row(other) == row(arg)) {
            Some((_, times)) => *times += 1,
            None => found.push((arg, 1)),
        }
    }
    found.retain(|(_, times)| times * 2 > each.len());
    found.into_iter().map(|(arg, _)| arg).collect()
}

fn table(text: &mut String, args: &[&Arg]) {
    if args.is_empty() {
        return;
    }
    *text += "\n| | meaning |\n|---|---|\n";
    // Arguments first, then options in their order.
    let (positional, options): (Vec<_>, Vec<_>) = args.iter().partition(|arg| arg.is_positional());
    for arg in positional.into_iter().chain(options) {
        *text += &row(arg);
    }
}

fn row(arg: &Arg) -> String {
    let mut meaning = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let values: Vec<_> = arg.get_possible_values();
    let values: Vec<_> = values.iter().filter(|value| !value.is_hide_set()).collect();
    if !values.is_empty() && arg.get_action().takes_values() {
        let named = values.iter().map(|value| match value.get_help() {
            Some(help) => format!("`{}` ({})", value.get_name(), lower(&help.to_string())),
            None => format!("`{}`", value.get_name()),
        });
        let _ = write!(meaning, ": {}", named.collect::<Vec<_>>().join(", "));
    }
    let defaults: Vec<_> =
        arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    if !defaults.is_empty() && arg.get_action().takes_values() {
        let _ = write!(meaning, " [default: {}]", defaults.join(", "));
    }
    if let Some(variable) = arg.get_env() {
        let _ = write!(meaning, " [variable: {}]", variable.to_string_lossy());
    }
    format!("| `{}` | {} |\n", shown(arg), cell(&meaning))
}

/// `-c, --customer <CUSTOMER>`.
fn shown(arg: &Arg) -> String {
    let whole = arg.to_string(); // without the short flag, if there is a long one
    match (arg.get_short(), arg.get_long()) {
        (Some(short), Some(_)) => format!("-{short}, {whole}"),
        _ => whole,
    }
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_lowercase().collect::<String>() + letters.as_str())
        .unwrap_or_default()
}

fn cell(text: &str) -> String {
    text.replace('\n', " ").replace('|', "\\|")
}

fn environment(text: &mut String, commands: &[&Command]) {
    let mut variables = BTreeMap::new();
    for arg in commands.iter().flat_map(|command| command.get_arguments()) {
        if let (Some(variable), Some(long)) =
            (arg.get_env(), arg.get_long().filter(|_| !arg.is_hide_set()))
        {
            variables.insert(variable.to_string_lossy().into_owned(), long.to_owned());
        }
    }
    *text += "\n## Variables\n\nA flag goes before its variable.\n\n| variable | stands for |\n|---|---|\n";
    for (variable, long) in variables {
        let _ = writeln!(text, "| `{variable}` | `--{long}` |");
    }
}

#[test]
fn the_reference_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/cli.md");
    let text = reference();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &text).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == text, "docs/cli.md is not current: UPDATE_DOCS=1 renews it");
}

fn program() -> Command {
    let mut program = Cli::command().disable_help_subcommand(true);
    program.build();
    program
}

#[test]
fn the_reference_has_each_command_option_and_exit() {
    let text = reference();
    let program = program();
    let mut commands = Vec::new();
    gather(&program, &mut commands);
    for command in commands.into_iter().filter(|command| !command.has_subcommands()) {
        let (_, section) = text.split_once(&format!("\n## {}\n", name(command))).unwrap();
        let section = section.split("\n## ").next().unwrap();
        for long in visible(command).filter_map(|arg| arg.get_long()) {
            let flag = format!("--{long}");
            let (_, shared) = text.split_once("\n## Global options\n").unwrap();
            assert!(section.contains(&flag) || shared.contains(&flag), "{} {flag}", name(command));
        }
    }
    for exit in Exit::ALL {
        assert!(text.contains(&format!("\n| {} | {} |\n", exit as u8, exit.meaning())));
    }
}

/// The README names no command and no flag that is not there.
#[test]
fn the_readme_names_what_is_there() {
    let readme = include_str!("../README.md");
    let program = program();
    let mut commands = Vec::new();
    gather(&program, &mut commands);
    let names: Vec<_> = commands.iter().map(|command| name(command)).collect();
    let flags: Vec<_> = commands.iter().flat_map(|command| visible(command)).collect();
    let flags: Vec<_> = flags.iter().filter_map(|arg| arg.get_long()).collect();
    let (mut seen_commands, mut seen_flags) = (0, 0);
    for code in readme.split('`').skip(1).step_by(2).flat_map(str::lines) {
        if let Some(rest) = code.trim_start_matches("$ ").strip_prefix("pcdevices ") {
            let words: Vec<_> = rest.split(' ').take_while(|word| is_word(word)).collect();
            let known = (1..=words.len()).any(|many| {
                names.contains(&format!("pcdevices {}", words[..many].join(" ")).as_str())
            });
            assert!(known, "the README names the command {code}");
            seen_commands += 1;
        }
        for flag in code.split([' ', '=', '[']).filter_map(|word| word.strip_prefix("--")) {
            let flag = flag.trim_end_matches([']', ',']);
            assert!(flags.contains(&flag) || OTHERS.contains(&flag), "the README names --{flag}");
            seen_flags += 1;
        }
    }
    assert!(seen_commands > 10 && seen_flags > 10, "{seen_commands} {seen_flags}");
}

/// Flags of other programs in the README.
const OTHERS: [&str; 2] = ["path", "locked"];

fn is_word(word: &str) -> bool {
    !word.is_empty()
        && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
        && !word.starts_with('-')
}
