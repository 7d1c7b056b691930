//! Examples for the help of each command, and the short help of `-h`, which fits a screen: the commonest options and uses.
//! `--help` has everything.

use std::ffi::{OsStr, OsString};

use clap::{Arg, ArgAction, Command};

/// The help of one command beyond its options.
struct Page {
    /// The command, such as `jobs list`.
    command: &'static str,
    /// The arguments that `-h` lists, as clap's ids.
    commonest: &'static [&'static str],
    /// Tasks, each with a command line for it.
    examples: &'static [(&'static str, &'static str)],
}

/// Commands that `pcdevices -h` does not list.
const RARE: [&str; 5] = ["journals", "raw", "schema", "completions", "man"];

const PAGES: &[Page] = &[
    Page {
        command: "",
        commonest: &[],
        examples: &[
            ("Try it without an account", "upload samples/contoso-fleet.csv --emulator"),
            ("Register the devices of a file", "upload fleet.xlsx -c contoso.com"),
            ("Find out why something does not work", "doctor -c contoso.com"),
        ],
    },
    Page {
        command: "upload",
        commonest: &["files", "customer", "batch", "skip_invalid", "dry_run", "report", "retry"],
        examples: &[
            ("Register the devices of a file", "upload fleet.xlsx -c contoso.com -b Berlin"),
            ("See the plan first; nothing is sent", "upload fleet.xlsx -c contoso.com --dry-run"),
            (
                "Write a page for the customer, too",
                "upload fleet.csv -c contoso.com --report fleet.html",
            ),
        ],
    },
    Page {
        command: "check",
        commonest: &["files", "details", "after_repair", "json"],
        examples: &[
            ("Check a file before you upload it", "check fleet.xlsx"),
            ("List the device of each row", "check fleet.csv --details"),
            ("Check all files of a folder together", "check invoices"),
        ],
    },
    Page {
        command: "export",
        commonest: &["files", "to", "output", "skip_invalid"],
        examples: &[
            ("For the page in Partner Center", "export fleet.xlsx --to partner-center -o pc.csv"),
            ("For Autopilot devices in Intune", "export fleet.xlsx --to intune -o intune.csv"),
        ],
    },
    Page {
        command: "jobs list",
        commonest: &["customer", "all", "json"],
        examples: &[
            ("The latest jobs of this machine's uploads", "jobs list"),
            ("All jobs of a customer", "jobs list -c contoso.com --all"),
        ],
    },
    Page {
        command: "jobs status",
        commonest: &["tracking_id", "customer", "all", "json"],
        examples: &[
            (
                "The result for each device; the start of the id is enough",
                "jobs status 4f1c -c contoso.com",
            ),
            ("All rows of a large job", "jobs status 4f1c -c contoso.com --all"),
        ],
    },
    Page {
        command: "jobs wait",
        commonest: &["tracking_id", "customer", "timeout", "all"],
        examples: &[
            ("Wait for a job; the start of its id is enough", "jobs wait 4f1c -c contoso.com"),
            ("Wait at most ten minutes", "jobs wait 4f1c -c contoso.com --timeout 10"),
        ],
    },
    Page {
        command: "batches list",
        commonest: &["customer", "all", "json", "csv"],
        examples: &[
            ("All batches of a customer", "batches list -c contoso.com"),
            ("The same for a spreadsheet", "batches list -c contoso.com --csv"),
        ],
    },
    Page {
        command: "devices list",
        commonest: &["batches", "customer", "all", "json", "csv"],
        examples: &[
            ("All devices of a customer", "devices list -c contoso.com"),
            (
                "The devices of a batch, for a spreadsheet",
                "devices list -c contoso.com -b Berlin --csv",
            ),
        ],
    },
    Page {
        command: "devices find",
        commonest: &["texts", "everywhere", "customer", "json"],
        examples: &[
            ("Find a device of a customer", "devices find 5CG4854473 -c contoso.com"),
            ("Find a device among all customers", "devices find 5CG4854473 --everywhere"),
        ],
    },
    Page {
        command: "devices sync",
        commonest: &["all", "customers", "yes", "rate"],
        examples: &[
            ("The first time: read all customers", "devices sync --all --rate 5"),
            ("Later: read the customers that changed", "devices sync"),
            ("Read one customer now", "devices sync -c contoso.com"),
        ],
    },
    Page {
        command: "devices diff",
        commonest: &["files", "batch", "policy", "customer", "json"],
        examples: &[
            ("Compare a file with the registered devices", "devices diff fleet.csv -c contoso.com"),
            (
                "Ignore devices that are not in the file",
                "devices diff fleet.csv -c contoso.com --no-extra",
            ),
            ("Expect a policy, too", "devices diff fleet.csv -c contoso.com --policy Desktop"),
        ],
    },
    Page {
        command: "devices delete",
        commonest: &["files", "serials", "batches", "yes", "customer"],
        examples: &[
            ("Delete one device", "devices delete --serial 5CG4854473 -c contoso.com"),
            ("Delete the devices of a list", "devices delete serials.txt -c contoso.com"),
            ("The same in a script", "devices delete serials.txt -c contoso.com --yes"),
        ],
    },
    Page {
        command: "devices assign-policy",
        commonest: &["files", "batches", "policy", "no_policy", "customer"],
        examples: &[
            (
                "For all devices of a batch",
                "devices assign-policy -b Berlin --policy Desktop -c contoso.com",
            ),
            (
                "For the devices of a list",
                "devices assign-policy list.txt --policy Desktop -c contoso.com",
            ),
            ("Remove the policy", "devices assign-policy list.txt --no-policy -c contoso.com"),
        ],
    },
    Page {
        command: "policies list",
        commonest: &["customer", "yaml", "json", "csv"],
        examples: &[
            ("All policies of a customer", "policies list -c contoso.com"),
            ("As a file to apply to other customers", "policies list -c contoso.com --yaml"),
        ],
    },
    Page {
        command: "policies show",
        commonest: &["policy", "customer", "json"],
        examples: &[("The settings of a policy", "policies show Desktop -c contoso.com")],
    },
    Page {
        command: "policies create",
        commonest: &["name", "settings", "description", "customer"],
        examples: &[(
            "A policy that skips the license terms",
            "policies create Desktop --setting skip_eula -c contoso.com",
        )],
    },
    Page {
        command: "policies edit",
        commonest: &["policy", "name", "add", "remove", "customer"],
        examples: &[
            ("Rename a policy", "policies edit Desktop --name Kiosk -c contoso.com"),
            ("Turn on a setting", "policies edit Desktop --add-setting skip_eula -c contoso.com"),
        ],
    },
    Page {
        command: "policies delete",
        commonest: &["policy", "yes", "customer"],
        examples: &[("Delete a policy", "policies delete Desktop -c contoso.com")],
    },
    Page {
        command: "policies diff",
        commonest: &["file", "customers", "prune"],
        examples: &[(
            "See what applying a file would change",
            "policies diff policies.yaml -c contoso.com",
        )],
    },
    Page {
        command: "policies apply",
        commonest: &["file", "customers", "prune", "yes"],
        examples: &[
            ("Create and change policies by a file", "policies apply policies.yaml -c contoso.com"),
            ("Delete the others, too", "policies apply policies.yaml -c contoso.com --prune"),
        ],
    },
    Page {
        command: "explain",
        commonest: &["codes", "report", "output"],
        examples: &[
            ("An error code of a device", "explain 808"),
            ("An error of the sign-in", "explain AADSTS700082"),
            ("Letters for the devices of another tenant", "explain 808 --for report.json"),
        ],
    },
    Page {
        command: "report",
        commonest: &["run", "output", "html", "csv", "json"],
        examples: &[
            ("A page for the customer", "report contoso-berlin --output fleet.html"),
            ("A list for a spreadsheet", "report contoso-berlin --output fleet.csv"),
        ],
    },
    Page {
        command: "journals list",
        commonest: &["folder", "json", "csv"],
        examples: &[("The journals of this machine's uploads", "journals list")],
    },
    Page {
        command: "journals show",
        commonest: &["name", "folder", "all"],
        examples: &[("The result for each row, and the requests", "journals show contoso-berlin")],
    },
    Page {
        command: "journals export",
        commonest: &["name", "folder"],
        examples: &[("The whole journal as JSON", "journals export contoso-berlin")],
    },
    Page {
        command: "journals remove",
        commonest: &["name", "folder", "yes"],
        examples: &[("Forget an upload", "journals remove contoso-berlin")],
    },
    Page {
        command: "customers list",
        commonest: &["all", "json", "csv"],
        examples: &[
            ("The customers with an alias", "customers list"),
            ("All customers that this machine knows", "customers list --all"),
        ],
    },
    Page {
        command: "customers find",
        commonest: &["text", "json"],
        examples: &[("Customers whose name or domain starts so", "customers find cont")],
    },
    Page {
        command: "customers sync",
        commonest: &["rate"],
        examples: &[("Read the names of all customers once", "customers sync")],
    },
    Page {
        command: "customers add",
        commonest: &["alias", "id", "note"],
        examples: &[(
            "A short name for a customer",
            "customers add contoso 47021739-3426-40bf-9601-61b4b6d7c793",
        )],
    },
    Page {
        command: "customers remove",
        commonest: &["alias"],
        examples: &[("Forget a short name", "customers remove contoso")],
    },
    Page {
        command: "audit",
        commonest: &["customer", "since", "operation", "user", "json", "csv"],
        examples: &[
            ("All changes of the last seven days", "audit"),
            ("The changes for a customer since a day", "audit -c contoso.com --since 2026-11-20"),
            ("The changes of a user", "audit --user anna --since 30d"),
        ],
    },
    Page {
        command: "auth login",
        commonest: &["tenant", "client_id", "device_code", "profile"],
        examples: &[
            ("Sign in again, as the profile does", "auth login"),
            (
                "The first time, with a browser",
                "auth login --tenant partner.example --client-id CLIENT-ID",
            ),
            ("With a code that you type on another device", "auth login --device-code"),
        ],
    },
    Page {
        command: "auth status",
        commonest: &["offline", "json"],
        examples: &[
            ("Show the current sign-in", "auth status"),
            ("The same without a request", "auth status --offline"),
        ],
    },
    Page {
        command: "auth logout",
        commonest: &["profile"],
        examples: &[("Remove the saved credentials", "auth logout")],
    },
    Page {
        command: "setup",
        commonest: &["tenant", "client_id", "device_code", "customer", "profile"],
        examples: &[
            ("Start, or continue after an interruption", "setup"),
            (
                "Without questions about the organization",
                "setup --tenant northwind.com --client-id ID",
            ),
        ],
    },
    Page {
        command: "doctor",
        commonest: &["customer", "json"],
        examples: &[
            ("Check your setup", "doctor"),
            ("Check your rights for a customer, too", "doctor -c contoso.com"),
        ],
    },
    Page {
        command: "emulator",
        commonest: &["listen", "world", "faults", "data", "instant", "auth"],
        examples: &[
            ("Start it; Ctrl-C stops it", "emulator"),
            ("With your own customers and devices", "emulator --world world.yaml"),
            ("With tokens that expire, as the service has", "emulator --auth strict"),
        ],
    },
    Page {
        command: "raw",
        commonest: &["method", "path", "data", "include", "customer"],
        examples: &[
            ("Read something", "raw GET customers/{customer}/policies -c contoso.com"),
            (
                "Send the JSON of a file",
                "raw POST customers/{customer}/policies -d @p.json -c contoso.com",
            ),
        ],
    },
    Page {
        command: "schema",
        commonest: &["name"],
        examples: &[("All documents", "schema"), ("The JSON Schema of a report", "schema report")],
    },
    Page {
        command: "completions",
        commonest: &["shell", "install"],
        examples: &[
            ("Install them for your shell", "completions --install"),
            ("Print the script for PowerShell", "completions powershell"),
        ],
    },
    Page {
        command: "man",
        commonest: &["command", "output"],
        examples: &[
            ("Read the page of a command", "man upload"),
            ("Install all pages", "man --output ~/.local/share/man/man1"),
        ],
    },
];

/// Short descriptions of commands for `-h`, where those of `--help` are too long for a line.
const SHORT_ABOUT: &[(&str, &str)] = &[
    ("export", "Write devices for Partner Center's page or for Intune"),
    ("jobs", "Show a job, wait for it, or list the jobs of your uploads"),
    ("devices", "List, find and delete devices, and assign policies"),
    ("customers", "Find customers by name, and manage aliases for them"),
    ("audit", "Show who changed devices and policies"),
    ("setup", "Set up this machine: sign-in and first customer"),
    ("doctor", "Check your setup, step by step"),
    ("devices find", "Find devices by serial number, product key or id"),
    ("devices sync", "Read the devices of all customers into an index"),
    ("devices diff", "Compare files with the registered devices"),
    ("devices delete", "Delete devices, so that others can register them"),
];

/// Short descriptions for `-h`, by id. The others keep the text of `--help` up to the first colon, semicolon or bracket.
const SHORT: &[(&str, &str)] = &[
    ("customer", "An alias, name, domain or tenant id"),
    ("customers", "An alias, name, domain or tenant id; repeat for more"),
    ("batches", "Only the devices of this batch; repeat for more"),
    ("batch", "The batch, which the customer sees as the group tag"),
    ("json", "Print JSON"),
    ("csv", "Print CSV"),
];

/// Returns the part of a description that `-h` prints.
fn short(id: &str, text: &str) -> String {
    if let Some((_, short)) = SHORT.iter().find(|(other, _)| *other == id) {
        return (*short).to_owned();
    }
    let end = [": ", "; ", " [", " ("].iter().filter_map(|mark| text.find(mark)).min();
    text[..end.unwrap_or(text.len())].to_owned()
}

/// Returns the examples of a command, such as `jobs list`; those of a group of commands are the first ones of its commands.
fn examples_of(command: &str) -> Vec<(&'static str, &'static str)> {
    if let Some(page) = PAGES.iter().find(|page| page.command == command) {
        return page.examples.to_vec();
    }
    let members = PAGES.iter().filter(|page| {
        page.command.strip_prefix(command).is_some_and(|rest| rest.starts_with(' '))
    });
    members.filter_map(|page| page.examples.first().copied()).take(3).collect()
}

/// Returns the text of the examples of a command, for its help.
pub(crate) fn examples(command: &str) -> String {
    let lines = examples_of(command).into_iter();
    let lines = lines.map(|(task, line)| format!("\n  {task}:\n    pcdevices {line}"));
    format!("Examples:{}", lines.collect::<String>())
}

/// Adds the examples to the help of all commands.
pub(crate) fn with_examples(command: Command) -> Command {
    change_all(command, "", &|command, path| {
        let examples = examples(path);
        let text = match command.get_after_help() {
            Some(after) => format!("{examples}\n\n{after}"),
            None => examples,
        };
        command.after_help(text)
    })
}

/// Returns whether a command line asks for the help that fits a screen.
pub(crate) fn asks_for_short_help(args: &[OsString]) -> bool {
    let is_bare = args.len() < 2;
    let mut words = args.iter().take_while(|arg| *arg != OsStr::new("--"));
    is_bare || words.any(|arg| arg == OsStr::new("-h"))
}

/// Reduces the help of all commands to one screen.
pub(crate) fn shortened(command: Command) -> Command {
    let command = command.mut_subcommands(|one| {
        let is_rare = RARE.contains(&one.get_name());
        let is_hidden = is_rare || one.is_hide_set();
        one.hide(is_hidden)
    });
    change_all(command, "", &|command, path| {
        let command = match SHORT_ABOUT.iter().find(|(name, _)| *name == path) {
            Some((_, about)) => command.about(*about),
            None => command,
        };
        let version = || Arg::new("version").short('V').action(ArgAction::Version).hide(true);
        let command = if path.is_empty() { command.arg(version()) } else { command };
        let page = PAGES.iter().find(|page| page.command == path);
        let commonest = page.map(|page| page.commonest).unwrap_or_default();
        let full = format!("pcdevices {path}").trim_end().to_owned();
        let rest = match path {
            "" => format!("More: {}; see `{full} --help`.", RARE.join(", ")),
            _ => format!("For all options and exit codes: {full} --help"),
        };
        let after = format!("{}\n\n{rest}", examples(path));
        command
            .disable_help_subcommand(true)
            .disable_help_flag(true)
            .disable_version_flag(true)
            .arg(Arg::new("help").short('h').long("help").action(ArgAction::Help).hide(true))
            .mut_args(|arg| {
                let id = arg.get_id().as_str().to_owned();
                let text = arg.get_help().map(ToString::to_string).unwrap_or_default();
                if commonest.contains(&id.as_str()) {
                    let hides_values = arg.get_action().takes_values();
                    let arg = arg.help(short(&id, &text)).help_heading(None::<&str>);
                    arg.hide_possible_values(hides_values).hide_env(true)
                } else {
                    arg.hide(true)
                }
            })
            .after_help(after)
    })
}

/// Changes a command and all below it. The path is the command without the name of the program, such as `jobs list`.
fn change_all(command: Command, path: &str, change: &dyn Fn(Command, &str) -> Command) -> Command {
    change(command, path).mut_subcommands(|one| {
        let path = format!("{path} {}", one.get_name());
        change_all(one, path.trim_start(), change)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::CommandFactory as _;

    fn for_each_command(program: &Command, path: &str, visit: &mut dyn FnMut(&Command, &str)) {
        visit(program, path);
        for one in program
            .get_subcommands()
            .filter(|one| !one.is_hide_set() || RARE.contains(&one.get_name()))
        {
            let path = format!("{path} {}", one.get_name());
            for_each_command(one, path.trim_start(), visit);
        }
    }

    #[test]
    fn every_command_has_up_to_three_examples() {
        let mut pages: Vec<&str> = PAGES.iter().map(|page| page.command).collect();
        let mut program = Cli::command().disable_help_subcommand(true);
        program.build(); // adds the global options to all commands
        for_each_command(&program, "", &mut |command, path| {
            let examples = examples_of(path);
            assert!((1..=3).contains(&examples.len()), "{path}");
            if !command.has_subcommands() {
                assert!(pages.contains(&path), "{path} has no page");
            }
            pages.retain(|page| *page != path);
            let page = PAGES.iter().find(|page| page.command == path);
            for id in page.map(|page| page.commonest).unwrap_or_default() {
                assert!(
                    command.get_arguments().any(|arg| arg.get_id() == id),
                    "{path} has no argument {id}"
                );
            }
        });
        assert!(pages.is_empty(), "there are no commands {pages:?}");
    }

    /// Each example is one line of 80 columns that the program accepts, and starts with its own command.
    #[test]
    fn examples_are_accepted() {
        for page in PAGES {
            for (task, line) in page.examples {
                assert!(line.starts_with(page.command), "{line}");
                let typed = format!("pcdevices {line}");
                assert!(typed.len() + 4 <= 80, "{line}");
                assert!(task.len() + 3 <= 80, "{task}");
                if let Err(error) = Cli::command().try_get_matches_from(typed.split(' ')) {
                    panic!("{typed}: {error}");
                }
            }
        }
    }

    #[test]
    fn short_help_fits_a_screen() {
        let mut program = shortened(with_examples(Cli::command()));
        program.build();
        let mut too_long = String::new();
        for_each_command(&program, "", &mut |command, path| {
            let help = command.clone().term_width(80).render_help().to_string();
            let limit = if path.is_empty() { 30 } else { 24 };
            // clap does not wrap the usage; the terminal does.
            let rows: usize = help.lines().map(|line| line.len().div_ceil(80).max(1)).sum();
            if rows > limit {
                too_long += &format!("{path} ({rows} rows):\n{help}");
            }
            assert!(
                help.contains("pcdevices --help")
                    || help.contains(&format!("pcdevices {path} --help")),
                "{path}:\n{help}"
            );
        });
        assert!(too_long.is_empty(), "{too_long}");
    }

    #[test]
    fn only_a_typed_h_is_short() {
        for (line, is_short) in [
            ("pcdevices", true),
            ("pcdevices -h", true),
            ("pcdevices upload -h", true),
            ("pcdevices upload --help", false),
            ("pcdevices upload f.csv", false),
            ("pcdevices check -- -h", false),
        ] {
            let args: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            assert_eq!(asks_for_short_help(&args), is_short, "{line}");
        }
    }
}
