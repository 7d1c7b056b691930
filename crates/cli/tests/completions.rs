//! Tests of the completion scripts in the shells themselves.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::print_stderr)] // fine in tests

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use common::Desk;
use common::terminal::Watched;

/// A shell that completes the command lines of `./pcdevices`, which prints its arguments.
struct Shell {
    desk: Desk,
    terminal: Watched,
}

impl Shell {
    /// Starts a shell, and runs `setup` in a directory with the script. Returns `None`, with a message, if it is not installed.
    fn start(shell: &str, args: &[&str], script: &str, setup: &str) -> Option<Self> {
        let desk = Desk::new();
        let program = desk.program();
        if program.other_program(shell).args(["-c", "true"]).output().is_err() {
            eprintln!("not tested, because it is not installed: {shell}");
            return None;
        }
        for (alias, id) in [
            ("Contoso Labs", common::CUSTOMER),
            ("fabrikam", "4d8b5f9e-0f7a-4b36-9b8e-1f1f2ad0c8a1"),
        ] {
            assert!(desk.run(&["customers", "add", alias, id]).status.success());
        }
        let journals = desk.home().join(".local/state/pcdevices/journals");
        fs::create_dir_all(&journals).unwrap();
        fs::write(journals.join("berlin.journal"), "").unwrap();
        desk.file(script, desk.run(&["completions", shell]).stdout);
        let real = program.binary().display();
        let text = format!(
            "#!/bin/sh\n[ \"$1\" = complete ] && exec '{real}' \"$@\"\nprintf '<%s>' \"$@\"\necho\n"
        );
        let file = desk.file("pcdevices", text);
        fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
        let mut command = program.other_program(shell);
        command.args(args).current_dir(desk.home());
        let mut terminal = Watched::start(&command, 200);
        terminal.type_in(&format!("{setup}; echo is-'ready'\r"));
        terminal.wait_for("is-ready");
        Some(Self { desk, terminal })
    }

    /// Types a line with a tab at its end, and waits until the program prints these arguments.
    fn check(&mut self, typed: &str, args: &str) {
        self.terminal.seen.clear();
        self.terminal.type_in(&format!("./pcdevices {typed}\t\r"));
        self.terminal.wait_for(args);
    }

    /// Types a line that nothing completes.
    fn check_without_names(&mut self) {
        self.desk.file(".config/pcdevices/customers.toml", "");
        self.check("upload x.csv --customer ", "<upload><x.csv><--customer>\r\n");
    }
}

#[test]
fn zsh_completes_customers() {
    let setup = "fpath=($PWD $fpath); autoload -U compinit; compinit -u -D";
    let Some(mut zsh) = Shell::start("zsh", &["-f", "-i"], "_pcdevices", setup) else { return };
    for flag in ["--customer ", "--customer=", "-c ", "-c"] {
        let separated = flag.trim_end();
        let separator = if flag.ends_with(' ') { "><" } else { "" };
        let args = format!("{separated}{separator}fabrikam>\r\n");
        zsh.check(&format!("batches list {flag}Fab"), &format!("<batches><list><{args}"));
        zsh.check(&format!("upload {flag}fab"), &format!("<upload><{args}"));
        // After a file, too.
        zsh.check(&format!("upload x.csv {flag}fab"), &format!("<upload><x.csv><{args}"));
    }
    zsh.check("upload x.csv y.csv -c Con", "<upload><x.csv><y.csv><-c><Contoso Labs>\r\n");
    zsh.check("report ber", "<report><berlin>\r\n");
    zsh.check("-v upload x.csv -c Fab", "<-v><upload><x.csv><-c><fabrikam>\r\n");
    zsh.check_without_names();
}

#[test]
fn bash_completes_customers() {
    let args = ["--norc", "--noprofile", "-i"];
    let Some(mut bash) = Shell::start("bash", &args, "script", ". ./script") else { return };
    for flag in ["--customer ", "--customer=", "-c ", "-c"] {
        let separated = flag.trim_end();
        let separator = if flag.ends_with(' ') { "><" } else { "" };
        let args = format!("{separated}{separator}fabrikam>\r\n");
        bash.check(&format!("upload x.csv {flag}Fab"), &format!("<upload><x.csv><{args}"));
        bash.check(&format!("batches list {flag}fab"), &format!("<batches><list><{args}"));
        let args = format!("{separated}{separator}Contoso Labs>\r\n");
        bash.check(&format!("upload x.csv {flag}Con"), &format!("<upload><x.csv><{args}"));
    }
    bash.check("report ber", "<report><berlin>\r\n");
    bash.check("journals show ber", "<journals><show><berlin>\r\n");
    bash.check("upload x.csv --color=al", "<upload><x.csv><--color=always>\r\n");
    bash.check_without_names();
}

#[test]
fn fish_completes_names() {
    let Some(shell) = Shell::start("fish", &["--no-config"], "script", "true") else { return };
    let candidates = |typed: &str| {
        let line = format!("source script; complete -C './pcdevices {typed}'");
        let mut fish = shell.desk.program().other_program("fish");
        let output =
            fish.args(["--no-config", "-c", &line]).current_dir(shell.desk.home()).output();
        let text = String::from_utf8(output.unwrap().stdout).unwrap();
        let word = |line: &str| line.split('\t').next().unwrap_or_default().to_owned();
        text.lines().map(word).collect::<Vec<_>>()
    };
    assert_eq!(candidates("upload x.csv -c Fab"), ["fabrikam"]);
    assert_eq!(candidates("upload x.csv --customer "), ["Contoso Labs", "fabrikam"]);
    assert_eq!(candidates("report "), ["berlin"]);
    // A list of policies is remembered.
    let desk = Desk::new();
    assert!(desk.run(&["policies", "list"]).status.success());
    let typed = ["complete", "pcdevices", "policies", "show", "-c", "contoso.com", "Str"];
    assert_eq!(common::stdout(&desk.run(&typed)), "\nStraight to the desktop\n");
    let typed = ["complete", "--next", "pcdevices", "upload", "-c", common::CUSTOMER, "-b"];
    assert!(desk.run(&["batches", "list"]).status.success());
    assert!(desk.run(&["devices", "sync", "-c", common::CUSTOMER]).status.success());
    assert_eq!(common::stdout(&desk.run(&typed)), "\nHeadquarters\n");
    assert!(candidates("upload --skip").contains(&"--skip-invalid".to_owned()));
}
