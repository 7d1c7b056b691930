//! The place of a command line at which the user asks for a completion: the kind of name that belongs there.

use clap::{Arg, Command};

/// Names that this machine knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Names {
    Customers,
    Aliases,
    Batches,
    Policies,
    Journals,
    Jobs,
}

/// A place for a name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) names: Names,
    /// The start of the word that is not part of the name, such as `--customer=`.
    pub(super) prefix: String,
}

/// Returns the place of the last word; `None` if no names of this machine belong there. `program` must be built, and the words start
/// with its name.
pub(super) fn place(program: &Command, words: &[String]) -> Option<Place> {
    let (last, before) = words.split_last()?;
    let mut command = program;
    let mut path = String::new();
    let mut positionals = 0;
    let mut flag = None;
    for word in before.iter().skip(1) {
        if word == "=" {
            continue; // bash makes three words of --flag=value
        }
        if flag.take().is_some() {
            continue; // its value
        }
        if word.starts_with('-') && word.len() > 1 {
            flag = flag_of(command, word).filter(|(_, prefix)| prefix.is_empty());
        } else if let Some(inner) = command.find_subcommand(word) {
            command = inner;
            path = format!("{path} {word}");
        } else {
            positionals += 1;
        }
    }
    let place = |arg: &Arg, prefix: &str| {
        let names = names(path.trim_start(), arg)?;
        Some(Place { names, prefix: prefix.to_owned() })
    };
    if let Some((arg, _)) = flag {
        return place(arg, "");
    }
    if last == "=" {
        return None;
    }
    if last.starts_with('-') {
        let (arg, prefix) = flag_of(command, last).filter(|(_, prefix)| !prefix.is_empty())?;
        return place(arg, &prefix);
    }
    let mut positional = command.get_positionals().filter(|arg| !arg.is_hide_set());
    place(positional.nth(positionals)?, "")
}

/// Returns the flag with a value that a word is or starts with, and the part of the word before an attached value.
fn flag_of<'a>(command: &'a Command, word: &str) -> Option<(&'a Arg, String)> {
    let takes_value = |arg: &&Arg| arg.get_action().takes_values();
    let mut flags = command.get_opts().filter(takes_value);
    if let Some(long) = word.strip_prefix("--") {
        let (name, has_value) =
            long.split_once('=').map_or((long, false), |(name, _)| (name, true));
        let arg = flags.find(|arg| arg.get_long() == Some(name))?;
        return Some((arg, if has_value { format!("--{name}=") } else { String::new() }));
    }
    let short = word.chars().nth(1)?;
    let arg = flags.find(|arg| arg.get_short() == Some(short))?;
    let is_attached = word.chars().count() > 2;
    Some((arg, if is_attached { format!("-{short}") } else { String::new() }))
}

/// Returns the names that belong to an argument of a command.
fn names(path: &str, arg: &Arg) -> Option<Names> {
    match (arg.get_long(), path) {
        (Some("customer"), _) => Some(Names::Customers),
        (Some("batch"), _) => Some(Names::Batches),
        (Some("policy"), _) => Some(Names::Policies),
        (None, "policies show" | "policies edit" | "policies delete") => Some(Names::Policies),
        (None, "journals show" | "journals export" | "journals remove" | "report") => {
            Some(Names::Journals)
        }
        (None, "jobs status" | "jobs wait") => Some(Names::Jobs),
        (None, "customers remove") => Some(Names::Aliases),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::CommandFactory as _;

    #[test]
    fn flags_and_arguments_have_their_names() {
        use Names::{Aliases, Batches, Customers, Jobs, Journals, Policies};
        let mut program = Cli::command();
        program.build();
        for (line, expected) in [
            ("upload|--customer|", Some((Customers, ""))),
            ("upload|x.csv|--customer|Con", Some((Customers, ""))),
            ("upload|-y|x.csv|-c|", Some((Customers, ""))),
            ("upload|--customer=Con", Some((Customers, "--customer="))),
            ("upload|--customer|=|Con", Some((Customers, ""))),
            ("upload|--customer|=", Some((Customers, ""))),
            ("upload|-cCon", Some((Customers, "-c"))),
            ("--profile|b|batches|list|-c|", Some((Customers, ""))),
            ("-v|upload|-c|", Some((Customers, ""))),
            ("upload|-c|contoso|-b|", Some((Batches, ""))),
            ("devices|list|--batch|B", Some((Batches, ""))),
            ("devices|assign-policy|x.csv|--policy|", Some((Policies, ""))),
            ("policies|edit|", Some((Policies, ""))),
            ("policies|edit|-c|contoso|", Some((Policies, ""))),
            ("policies|edit|Desktop|", None),
            ("policies|edit|Desktop|--name|", None),
            ("report|", Some((Journals, ""))),
            ("journals|show|", Some((Journals, ""))),
            ("journals|--folder|x|show|", Some((Journals, ""))),
            ("jobs|wait|4f", Some((Jobs, ""))),
            ("customers|remove|", Some((Aliases, ""))),
            ("customers|add|", None),
            ("upload|", None),
            ("upload|x.csv|--color=al", None),
            ("upload|--chunk|", None),
            ("upload|--cust", None),
            ("", None),
        ] {
            let line = format!("pcdevices|{line}");
            let words: Vec<String> = line.split('|').map(str::to_owned).collect();
            let expected =
                expected.map(|(names, prefix)| Place { names, prefix: prefix.to_owned() });
            assert_eq!(place(&program, &words), expected, "{line}");
        }
    }
}
