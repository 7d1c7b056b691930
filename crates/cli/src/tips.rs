//! Tips for commands and flags that other programs have.

use std::collections::HashSet;
use std::ffi::OsString;

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Words that other programs use for a command, and the commands here.
const COMMANDS: &[(&[&str], &str)] = &[
    (&["login", "signin", "sign-in", "connect"], "pcdevices auth login"),
    (&["logout", "signout", "sign-out", "disconnect"], "pcdevices auth logout"),
    (&["status", "whoami", "account", "me"], "pcdevices auth status"),
    (&["batch", "list-batches"], "pcdevices batches list"),
    (&["device", "list", "ls", "get"], "pcdevices devices list"),
    (&["find", "search"], "pcdevices devices find"),
    (&["delete", "remove", "rm"], "pcdevices devices delete"),
    (&["assign", "assign-policy"], "pcdevices devices assign-policy"),
    (&["customer", "tenant", "tenants"], "pcdevices customers list"),
    (&["policy", "profiles"], "pcdevices policies list"),
    (&["job", "wait"], "pcdevices jobs list"),
    (&["journal", "history"], "pcdevices journals list"),
    (&["register", "import", "add", "create", "push"], "pcdevices upload FILE"),
    (&["validate", "lint"], "pcdevices check FILE"),
    (&["serve", "server", "start", "mock"], "pcdevices emulator"),
    (&["api", "rest", "request", "curl"], "pcdevices raw"),
    (&["log", "logs", "activity"], "pcdevices audit"),
    (&["completion", "autocomplete"], "pcdevices completions"),
    (&["version"], "pcdevices --version"),
];

/// Flags of other programs, and what to use here.
const FLAGS: &[(&[&str], &str)] = &[
    (&["--format"], "for another format use --json or --csv; -o json works too"),
    (
        &["--output"],
        "for another format use --json or --csv; for a file use --report FILE with upload, or > FILE",
    ),
    (&["--port"], "use --listen 127.0.0.1:PORT"),
    (
        &["--limit", "--top", "--first", "--max-items", "--page-size"],
        "lists are always complete; a terminal shows a part of a long one, and --all lists all",
    ),
    (&["--tenant", "--tenant-id", "--customer-id"], "use --customer"),
    (&["--force", "--confirm", "--no-confirm"], "to skip the question use --yes"),
    (&["--debug", "--trace", "--log-level"], "to see each call use -v; -vvv prints a trace"),
    (&["--silent"], "use --quiet"),
    (&["--no-color"], "use --color never, or set the variable NO_COLOR"),
    (&["--whatif", "--what-if", "-W"], "use --dry-run, if the command has it"),
    (&["--token"], "use --token-file, or the variable PCDEVICES_TOKEN"),
    (&["--url", "--endpoint", "--api-url", "--host"], "use --base-url"),
    (&["--env", "--environment"], "use --profile or --cloud"),
    (&["--file", "--input", "-f"], "the file needs no flag: pcdevices upload FILE"),
    (&["--group-tag"], "the batch is the group tag: use --batch"),
    (&["--customer", "-c"], "put it behind the command: pcdevices devices list -c CUSTOMER"),
];

/// Returns a tip for a command line that clap did not accept.
pub(crate) fn tip(error: &clap::Error) -> Option<&'static str> {
    if error.kind() == ErrorKind::MissingRequiredArgument
        && let Some(ContextValue::Strings(missing)) = error.get(ContextKind::InvalidArg)
        && missing.iter().any(|flag| flag.starts_with("--customer"))
    {
        return Some("find the customer by the start of its name: pcdevices customers find TEXT");
    }
    let (kind, table) = match error.kind() {
        ErrorKind::InvalidSubcommand => (ContextKind::InvalidSubcommand, COMMANDS),
        ErrorKind::UnknownArgument => (ContextKind::InvalidArg, FLAGS),
        _ => return None,
    };
    let Some(ContextValue::String(typed)) = error.get(kind) else { return None };
    let typed = typed.split(['=', ' ']).next().unwrap_or_default();
    if kind == ContextKind::InvalidSubcommand && !is_of_program(error) {
        return ["ls", "get", "all"].contains(&typed).then_some("use list");
    }
    let (_, tip) = table.iter().find(|(words, _)| words.contains(&typed))?;
    Some(tip)
}

/// Returns true for an error of the first word, and false for one of a word behind `batches`, for example.
fn is_of_program(error: &clap::Error) -> bool {
    match error.get(ContextKind::Usage) {
        Some(ContextValue::StyledStr(usage)) => {
            let usage = anstream::adapter::strip_str(&usage.ansi().to_string()).to_string();
            usage.split_whitespace().nth(2).is_some_and(|word| word.starts_with(['<', '[']))
        }
        _ => true,
    }
}

/// Replaces `-o json`, `-o csv` and `-o table` with this program's own flags. Other values of `-o`, such as the file of `report`,
/// stay.
pub(crate) fn with_own_format_flags(args: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut args = args.into_iter().peekable();
    let mut replaced = Vec::new();
    while let Some(arg) = args.next() {
        let text = arg.to_str().unwrap_or_default();
        if text == "--" {
            replaced.push(arg);
            replaced.extend(args);
            return replaced;
        }
        let (joined, next) = match text.strip_prefix("-o") {
            Some("") => (None, args.peek().and_then(|next| format_flag(next.to_str()?))),
            Some(value) => (format_flag(value.trim_start_matches('=')), None),
            None => (None, None),
        };
        if next.is_some() {
            args.next();
        }
        match joined.or(next) {
            Some(flag) => replaced.extend(flag.map(Into::into)),
            None => replaced.push(arg),
        }
    }
    replaced
}

/// Replaces `-customer`, as in PowerShell, and a flag whose hyphens an editor turned into a dash, with the flag of this program.
pub(crate) fn with_own_hyphens(
    program: &Command,
    args: impl IntoIterator<Item = OsString>,
) -> Vec<OsString> {
    let mut flags = HashSet::new();
    long_flags(program, &mut flags);
    let mut is_over = false;
    let own = |arg: OsString| {
        let text = arg.to_str().unwrap_or_default();
        is_over |= text == "--";
        let typed = text.strip_prefix(['-', '\u{2013}', '\u{2014}']).unwrap_or_default();
        let name = typed.split('=').next().unwrap_or_default();
        let (own, value) = (name.to_ascii_lowercase(), &typed[name.len()..]);
        match flags.contains(&own) && !is_over {
            true => format!("--{own}{value}").into(),
            false => arg,
        }
    };
    args.into_iter().map(own).collect()
}

/// Collects the long flags of more than one letter of all commands.
fn long_flags(command: &Command, flags: &mut HashSet<String>) {
    flags.extend(command.get_arguments().filter_map(|arg| arg.get_long()).map(str::to_owned));
    command.get_subcommands().for_each(|one| long_flags(one, flags));
}

/// Returns the flag for a format; `Some(None)` for a table, which needs no flag.
fn format_flag(name: &str) -> Option<Option<&'static str>> {
    match name {
        "json" => Some(Some("--json")),
        "csv" => Some(Some("--csv")),
        "table" => Some(None),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::CommandFactory as _;

    fn tip_for(line: &str) -> Option<&'static str> {
        let error = Cli::command().try_get_matches_from(line.split(' ')).err()?;
        tip(&error)
    }

    #[test]
    fn habits_of_other_programs_get_a_tip() {
        for (line, expected) in [
            ("pcdevices login", Some("pcdevices auth login")),
            ("pcdevices batch", Some("pcdevices batches list")),
            ("pcdevices batches ls", Some("use list")),
            ("pcdevices jobs login", None),
            ("pcdevices version", Some("pcdevices --version")),
            ("pcdevices emulator --port 80", Some("use --listen 127.0.0.1:PORT")),
            (
                "pcdevices batches list -c x --token=y",
                Some("use --token-file, or the variable PCDEVICES_TOKEN"),
            ),
            ("pcdevices something", None),
            ("pcdevices batches list -c x --something", None),
        ] {
            assert_eq!(tip_for(line), expected, "{line}");
        }
        assert!(tip_for("pcdevices devices list -c x --limit 5").unwrap().contains("--all"));
        assert!(tip_for("pcdevices batches list").unwrap().contains("customers find"));
        assert!(tip_for("pcdevices -c x devices list").unwrap().contains("behind the command"));
    }

    /// A tip is never about a command or flag that exists, and its own command line is accepted.
    #[test]
    fn tips_name_commands_that_exist() {
        for (words, tip) in COMMANDS {
            for word in *words {
                assert!(Cli::command().find_subcommand(word).is_none(), "{word}");
            }
            let mut command = Cli::command();
            for name in tip.split(' ').skip(1).filter(|name| !name.starts_with("--")) {
                if name != "FILE" {
                    command =
                        command.find_subcommand(name).unwrap_or_else(|| panic!("{tip}")).clone();
                }
            }
        }
    }

    #[test]
    fn flags_with_other_hyphens_are_accepted() {
        for (typed, own) in [
            ("upload f.csv -customer c", "upload f.csv --customer c"),
            ("upload f.csv -Customer=c", "upload f.csv --customer=c"),
            ("upload f.csv \u{2013}customer c", "upload f.csv --customer c"),
            ("upload f.csv -c customer", "upload f.csv -c customer"),
            ("upload f.csv -ccontoso -vvv", "upload f.csv -ccontoso -vvv"),
            ("upload --customer c", "upload --customer c"),
            ("upload -- -customer", "upload -- -customer"),
            ("upload -", "upload -"),
        ] {
            let args = typed.split(' ').map(OsString::from);
            let own: Vec<_> = own.split(' ').map(OsString::from).collect();
            assert_eq!(with_own_hyphens(&Cli::command(), args), own, "{typed}");
        }
    }

    #[test]
    fn formats_of_other_programs_are_accepted() {
        for (typed, own) in [
            ("batches list -o json", "batches list --json"),
            ("batches list -ojson", "batches list --json"),
            ("batches list -o=csv -c x", "batches list --csv -c x"),
            ("batches list -o table", "batches list"),
            ("report J -o report.html", "report J -o report.html"),
            ("upload -- -o json", "upload -- -o json"),
            ("report J -o", "report J -o"),
        ] {
            let args = typed.split(' ').map(OsString::from);
            let own: Vec<_> = own.split(' ').map(OsString::from).collect();
            assert_eq!(with_own_format_flags(args), own, "{typed}");
        }
    }
}
