//! The commands in hints. They repeat the flags of the user's own command and quote values for the shell, so that they can be
//! followed word for word.

use clap::ArgMatches;
use clap::parser::ValueSource;
use partner_center_devices::raw::printable;
use partner_center_devices::{BatchTrackingId, CustomerId};

const LOGIN: &str = "auth login";

/// The placeholder for a customer that is not known.
const CUSTOMER: &str = "--customer CUSTOMER";

/// Flags that select the settings, and clap's ids of them. They are repeated even if a variable set them.
const SETTINGS: [(&str, &str); 2] = [("profile", "--profile"), ("config_dir", "--config-dir")];

/// Flags that select the service and the customer. A variable remains set for the next command.
const SERVICE: [(&str, &str); 5] = [
    ("cloud", "--cloud"),
    ("base_url", "--base-url"),
    ("token_file", "--token-file"),
    ("ca_file", "--ca-file"),
    ("customer", "--customer"),
];

/// The commands that hints name, and the flags that each of them has.
const COMMANDS: [(&str, &[&str]); 13] = [
    (LOGIN, &["--profile", "--config-dir", "--ca-file"]),
    ("auth status", &["--profile", "--config-dir", "--cloud", "--base-url", "--ca-file"]),
    ("batches list", &OF_A_CUSTOMER),
    ("customers", &["--config-dir"]),
    ("devices assign-policy", &OF_A_CUSTOMER),
    ("devices delete", &OF_A_CUSTOMER),
    (
        "devices sync",
        &["--profile", "--config-dir", "--cloud", "--base-url", "--token-file", "--ca-file"],
    ),
    ("doctor", &OF_A_CUSTOMER),
    ("jobs status", &OF_A_CUSTOMER),
    ("jobs wait", &OF_A_CUSTOMER),
    ("policies apply", &OF_A_CUSTOMER),
    ("policies create", &OF_A_CUSTOMER),
    ("policies edit", &OF_A_CUSTOMER),
];

const OF_A_CUSTOMER: [&str; 7] = [
    "--customer",
    "--profile",
    "--config-dir",
    "--cloud",
    "--base-url",
    "--token-file",
    "--ca-file",
];

/// The flags of the user's command that the commands in hints repeat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FollowUp {
    /// Each flag with its value, quoted.
    flags: Vec<(&'static str, String)>,
    /// The customer of the user's command, quoted.
    customer: Option<String>,
}

impl FollowUp {
    /// Reads the flags of the user's command.
    pub(crate) fn of(matches: &ArgMatches) -> Self {
        let mut command = matches;
        while let Some((_, subcommand)) = command.subcommand() {
            command = subcommand;
        }
        let value = |id: &str| {
            let mut values = command.try_get_raw(id).ok().flatten()?;
            let value = values.next()?.to_str()?;
            // Standard input cannot be read again, and hidden characters cannot be copied.
            let is_usable = !matches!(value, "" | "-") && !value.contains(printable::is_hidden);
            is_usable.then_some(value)
        };
        let is_typed = |id: &str| command.value_source(id) == Some(ValueSource::CommandLine);
        let mut flags = Vec::new();
        for (id, flag) in SETTINGS.into_iter().chain(SERVICE) {
            let is_setting = SETTINGS.contains(&(id, flag));
            if let Some(value) = value(id)
                && (is_setting || is_typed(id))
            {
                flags.push((flag, quoted(value)));
            }
        }
        Self { flags, customer: value("customer").map(quoted) }
    }

    /// Returns the flag of a profile.
    #[cfg(test)]
    pub(crate) fn of_profile(profile: &str) -> Self {
        Self { flags: vec![("--profile", quoted(profile))], customer: None }
    }

    /// Completes the commands in a hint with the flags of the user's command.
    pub(crate) fn complete(&self, hint: &str) -> String {
        self.complete_for(hint, None)
    }

    /// Like [`complete`](Self::complete). Without a flag, commands that sign in name this profile.
    pub(crate) fn complete_for(&self, hint: &str, profile: Option<&str>) -> String {
        let hint = match &self.customer {
            Some(customer) => name_customer(hint, customer),
            None => hint.to_owned(),
        };
        let mut completed = String::with_capacity(hint.len());
        let mut rest = &*hint;
        while let Some(start) = rest.find("pcdevices ") {
            let (before, after) = rest.split_at(start + "pcdevices ".len());
            completed += before;
            rest = after;
            let is_named = |name: &str| {
                let after = rest.strip_prefix(name);
                after.is_some_and(|after| !after.starts_with(|c: char| c.is_alphanumeric()))
            };
            let Some((name, known)) = COMMANDS.into_iter().find(|(name, _)| is_named(name)) else {
                continue;
            };
            completed += name;
            rest = &rest[name.len()..];
            let this = rest.split("pcdevices ").next().unwrap_or_default();
            let has_flag = |flag: &str| this.contains(&format!("{flag} "));
            for (flag, value) in &self.flags {
                if known.contains(flag) && !has_flag(flag) {
                    completed += &format!(" {flag} {value}");
                }
            }
            if let Some(profile) = profile
                && name == LOGIN
                && !has_flag("--profile")
                && !self.flags.iter().any(|(flag, _)| *flag == "--profile")
            {
                completed += &format!(" --profile {}", quoted(profile));
            }
        }
        completed + rest
    }
}

/// Replaces the placeholder for the customer, whose name is quoted.
pub(crate) fn name_customer(hint: &str, customer: &str) -> String {
    hint.replace(CUSTOMER, &format!("--customer {customer}"))
}

/// Returns the command that signs in with this profile.
pub(crate) fn login(profile: &str) -> String {
    format!("pcdevices {LOGIN} --profile {}", quoted(profile))
}

/// Returns a hint with the command that shows a job.
pub(crate) fn check_job(job: &BatchTrackingId, customer: &CustomerId) -> String {
    let (job, customer) = (quoted(job.as_str()), quoted(customer.as_str()));
    format!("check the job: pcdevices jobs status {job} --customer {customer}")
}

/// Returns how to wait for a job.
pub(crate) fn wait_for_job(job: &BatchTrackingId, customer: &CustomerId) -> String {
    let (job, customer) = (quoted(job.as_str()), quoted(customer.as_str()));
    format!("to see the results: pcdevices jobs wait {job} --customer {customer}")
}

/// Quotes an argument for the user's shell.
pub(crate) fn quoted(text: &str) -> String {
    quoted_for(text, cfg!(windows))
}

fn quoted_for(text: &str, is_windows: bool) -> String {
    let is_plain = |c: char| {
        let more = if is_windows { "\\" } else { "@%=," };
        c.is_alphanumeric() || "-_./:+".contains(c) || more.contains(c)
    };
    // A text such as `~` or a comment starts with a character that is not plain.
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    if !is_windows {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    // cmd and PowerShell agree on no way to write these.
    if text.contains(['"', '%', '$', '`', '!']) || text.chars().any(is_quote) {
        return "VALUE".to_owned();
    }
    // Otherwise the backslash would belong to the quotation mark.
    let end = if text.ends_with('\\') { "\\" } else { "" };
    format!("\"{text}{end}\"")
}

/// The typographic quotation marks that PowerShell takes for `"`.
fn is_quote(c: char) -> bool {
    matches!(c, '\u{201c}' | '\u{201d}' | '\u{201e}')
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::Cli;

    fn follow_up(command: &str) -> FollowUp {
        let args = command.split('|');
        FollowUp::of(&Cli::command().try_get_matches_from(args).unwrap())
    }

    #[test]
    fn a_command_in_a_hint_repeats_the_flags_of_the_user() {
        let upload = "pcdevices|--config-dir|my dir|upload|f.csv|--customer|contoso ltd|--profile|p|--base-url|https://x.example|--token-file|t";
        for (command, hint, expected) in [
            (
                upload,
                "check it: pcdevices jobs status 1 --customer 2; now",
                "check it: pcdevices jobs status --profile p --config-dir 'my dir' --base-url https://x.example --token-file t 1 --customer 2; now",
            ),
            (
                upload,
                "sign in: pcdevices auth login --profile q",
                "sign in: pcdevices auth login --config-dir 'my dir' --profile q",
            ),
            (
                upload,
                "why: pcdevices doctor --customer CUSTOMER",
                "why: pcdevices doctor --profile p --config-dir 'my dir' --base-url https://x.example --token-file t --customer 'contoso ltd'",
            ),
            (
                upload,
                "list all batches: pcdevices batches list",
                "list all batches: pcdevices batches list --profile p --config-dir 'my dir' --base-url https://x.example --token-file t --customer 'contoso ltd'",
            ),
            (upload, "pcdevices schema, pcdevices doctors", "pcdevices schema, pcdevices doctors"),
            (
                "pcdevices|raw|GET|x",
                "why: pcdevices doctor --customer CUSTOMER",
                "why: pcdevices doctor --customer CUSTOMER",
            ),
            (
                "pcdevices|auth|login|--profile|a b",
                "pcdevices auth login; not pcdevices auth login --profile c",
                "pcdevices auth login --profile 'a b'; not pcdevices auth login --profile c",
            ),
            // Standard input cannot be read again, and hidden characters cannot be copied.
            ("pcdevices|raw|GET|x|--config-dir|a\nb", "pcdevices doctor", "pcdevices doctor"),
            ("pcdevices|raw|GET|x|--token-file|-", "pcdevices doctor", "pcdevices doctor"),
        ] {
            let expected = if cfg!(windows) { &expected.replace('\'', "\"") } else { expected };
            assert_eq!(follow_up(command).complete(hint), expected, "{command}");
        }
    }

    #[test]
    fn each_known_command_has_its_flags() {
        for (name, flags) in COMMANDS {
            let mut command = &mut Cli::command();
            command.build();
            for word in name.split(' ') {
                command = command.find_subcommand_mut(word).unwrap();
            }
            if name == "customers" {
                command = command.find_subcommand_mut("list").unwrap();
            }
            let help = command.render_long_help().to_string();
            for flag in flags {
                assert!(help.contains(flag), "{name} {flag}");
            }
        }
    }

    #[test]
    fn arguments_are_quoted_for_the_shell() {
        for (text, unix, windows) in [
            ("contoso", "contoso", "contoso"),
            ("/etc/a.pem", "/etc/a.pem", "/etc/a.pem"),
            ("https://x.example:1/", "https://x.example:1/", "https://x.example:1/"),
            ("C:\\a", "'C:\\a'", "C:\\a"),
            ("C:\\a b\\", "'C:\\a b\\'", "\"C:\\a b\\\\\""),
            ("a b", "'a b'", "\"a b\""),
            ("", "''", "\"\""),
            ("~", "'~'", "\"~\""),
            ("it's", "'it'\\''s'", "\"it's\""),
            ("a;b&c|d", "'a;b&c|d'", "\"a;b&c|d\""),
            ("$(x)`y`", "'$(x)`y`'", "VALUE"),
            ("%PATH%", "%PATH%", "VALUE"),
            ("a\"b", "'a\"b'", "VALUE"),
            ("a\u{201d}b", "'a\u{201d}b'", "VALUE"),
        ] {
            assert_eq!(quoted_for(text, false), unix);
            assert_eq!(quoted_for(text, true), windows);
        }
    }
}
