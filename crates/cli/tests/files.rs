//! The files of the program: those that it reads may have no end, and those that it creates are not for everybody.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use common::{CUSTOMER, Desk, stderr, stdout};
use partner_center_devices_testkit::app_credentials::AppCertificate;

const CLIENT: &str = "8f7f6e2c-3f53-4f2c-a1f5-0f5f0b1c2d3e";

/// Each option that reads a file: its section in the reference, its name there, and a command with an endless file.
const READERS: &[(&str, &str, &str)] = &[
    ("upload", "<FILE>", "upload /dev/zero --batch B"),
    ("upload", "--journal", "upload samples/contoso-fleet.csv --batch B --journal /dev/zero"),
    ("check", "<FILE>", "check /dev/zero"),
    ("export", "<FILE>", "export --to intune /dev/zero"),
    ("devices diff", "<FILE>", "devices diff /dev/zero"),
    ("devices delete", "<FILE>", "devices delete /dev/zero --yes"),
    ("devices assign-policy", "<FILE>", "devices assign-policy /dev/zero --no-policy --yes"),
    ("policies diff", "<FILE>", "policies diff /dev/zero"),
    ("policies apply", "<FILE>", "policies apply /dev/zero --yes"),
    ("auth login", "--certificate-file", "LOGIN --certificate-file /dev/zero"),
    ("auth login", "--federated-token-file", "LOGIN --federated-token-file /dev/zero"),
    ("auth login", "--refresh-token-file", "LOGIN --refresh-token-file /dev/zero"),
    ("auth login", "--client-secret-file", "LOGIN --app-only --client-secret-file /dev/zero"),
    ("auth login", "--ca-file", "LOGIN --device-code --ca-file /dev/zero"),
    ("setup", "--certificate-file", "SETUP --certificate-file /dev/zero"),
    ("setup", "--federated-token-file", "SETUP --federated-token-file /dev/zero"),
    ("setup", "--refresh-token-file", "SETUP --refresh-token-file /dev/zero"),
    ("setup", "--client-secret-file", "SETUP --app-only --client-secret-file /dev/zero"),
    ("setup", "--ca-file", "SETUP --device-code --ca-file /dev/zero"),
    ("emulator", "--certificate", "emulator --https 127.0.0.1:0 --certificate /dev/zero --key PEM"),
    ("emulator", "--key", "emulator --https 127.0.0.1:0 --certificate PEM --key /dev/zero"),
    ("emulator", "--faults", "emulator --listen 127.0.0.1:0 --faults /dev/zero"),
    ("emulator", "--world", "emulator --listen 127.0.0.1:0 --world /dev/zero"),
    ("emulator", "--hardware", "emulator --listen 127.0.0.1:0 --hardware /dev/zero"),
    ("raw", "--data", "raw POST customers/{customer}/deviceBatches --data @/dev/zero"),
    ("Service", "--token-file", "batches list --token-file /dev/zero"),
    ("Service", "--ca-file", "batches list --ca-file /dev/zero"),
    // Settings, journals and directories.
    ("", "", "report /dev/zero --html"),
    ("", "", "journals show /dev/zero"),
    ("", "", "journals export /dev/zero"),
    ("", "", "journals list --folder /dev/zero"),
    ("", "", "jobs list --folder /dev/zero"),
    ("", "", "emulator --listen 127.0.0.1:0 --data /dev/zero"),
    ("", "", "batches list --config-dir CONFIG"),
    ("", "", "customers list --config-dir CUSTOMERS"),
];

/// Options that name a file to write.
const WRITERS: [(&str, &str); 6] = [
    ("upload", "--invalid-rows"),
    ("upload", "--report"),
    ("export", "--output"),
    ("export", "--invalid-rows"),
    ("report", "--output"),
    ("emulator", "--write-ca"),
];

/// Returns the options of the reference whose value is a file, with their section.
fn options_with_files() -> BTreeSet<(String, String)> {
    let reference = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/cli.md");
    let (mut section, mut found) = (String::new(), BTreeSet::new());
    for line in std::fs::read_to_string(reference).unwrap().lines() {
        if let Some(title) = line.strip_prefix("## ") {
            title.trim_start_matches("pcdevices ").clone_into(&mut section);
        }
        let Some(option) = line.strip_prefix("| `").and_then(|rest| rest.split('`').next()) else {
            continue;
        };
        if ["FILE>", "FILE]", "@FILE"].iter().any(|value| option.contains(value)) {
            let name = option.split(' ').find(|word| word.starts_with("--")).unwrap_or("<FILE>");
            found.insert((section.clone(), name.to_owned()));
        }
    }
    found
}

#[test]
fn a_file_without_end_is_refused_by_every_option() {
    let desk = Desk::with(&["--instant"]);
    let pem = desk.file("pair.pem", AppCertificate::elliptic().pem());
    let mut folders = Vec::new();
    for (folder, file) in [("config", "config.toml"), ("customers", "customers.toml")] {
        let folder = desk.home().join(folder);
        std::fs::create_dir(&folder).unwrap();
        std::os::unix::fs::symlink("/dev/zero", folder.join(file)).unwrap();
        folders.push(folder.to_str().unwrap().to_owned());
    }
    let login = format!(
        "auth login --tenant t --client-id {CLIENT} --base-url {} --profile p",
        desk.emulator.url
    );
    let run = |command: &str| {
        let setup = login.replace("auth login", "setup");
        let command = command.replace("LOGIN", &login).replace("SETUP", &setup);
        let command = command.replace("PEM", &pem);
        let command = command.replace("CONFIG", &folders[0]).replace("CUSTOMERS", &folders[1]);
        let args: Vec<&str> = command.split(' ').collect();
        let output = desk.run(&args);
        let shown = format!("{command}: {}{}", stdout(&output), stderr(&output));
        let code = output.status.code();
        // Neither killed nor a success. A directory that is a device is an error of this machine.
        assert!(matches!(code, Some(2..=4 | 7)), "{code:?} {shown}");
        assert!(shown.contains("error: "), "{shown}");
        assert!(!shown.contains("Usage:"), "{shown}");
    };
    // Two at a time: some of them read much before they give up.
    let next = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((_, _, command)) =
                    READERS.get(next.fetch_add(1, std::sync::atomic::Ordering::SeqCst))
                {
                    run(command);
                }
            });
        }
    });
    let listed = READERS.iter().map(|(section, option, _)| (*section, *option)).chain(WRITERS);
    let listed: BTreeSet<_> =
        listed.map(|(section, option)| (section.to_owned(), option.to_owned())).collect();
    let missing: Vec<_> = options_with_files().difference(&listed).cloned().collect();
    assert!(missing.is_empty(), "add these options to READERS or WRITERS: {missing:?}");
}

/// Returns all files and directories below a directory.
fn all_below(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(all_below(&path));
        }
        found.push(path);
    }
    found
}

#[test]
fn nothing_is_created_for_everybody() {
    let desk = Desk::with(&["--instant", "--auth", "strict", "--auto-approve"]);
    let home = desk.home().to_str().unwrap().to_owned();
    let secret = desk.file("secret", "planted-client-secret");
    let rows = desk.file("rows.csv", "Serial,Make,Model\nS1,HP,X\nS2,,\n");
    let upload = format!(
        "upload {rows} --batch B --skip-invalid --invalid-rows {home}/new-invalid.csv --journal {home}/journals/new.journal --report {home}/new.html --report {home}/new.csv --report {home}/new.json --profile robot --dry-run"
    );
    let url = &desk.emulator.url;
    let login = format!(
        "auth login --app-only --client-secret-file {secret} --tenant t --client-id {CLIENT} --base-url {url} --profile robot"
    );
    let user = login.replace("--app-only", "--device-code").replace("robot", "person");
    let user = user.replace(&format!("--client-secret-file {secret} "), "");
    let upload = upload.replace("robot --dry-run", "person");
    for (command, code) in [
        (&*login, 0),
        (&user, 0),
        (&format!("customers add contoso {CUSTOMER}"), 0),
        (&upload, 3),
        (&format!("report {home}/journals/new.journal --output {home}/again.csv"), 0),
        (
            &format!(
                "export --to intune {rows} --skip-invalid --invalid-rows {home}/left.csv --output {home}/export.csv"
            ),
            3,
        ),
        (&format!("man --output {home}/man/pages"), 0),
        ("doctor --profile person", 0),
    ] {
        let command = format!("umask 000; exec \"$0\" {command}");
        let program = desk.program();
        let mut shell = program.other_program("sh");
        shell.args(["-c", &command]).arg(program.binary());
        let output = shell.env("PCDEVICES_CUSTOMER", CUSTOMER).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{command}: {}", stderr(&output));
    }
    // An emulator with a data directory and a certificate.
    let emulator = format!(
        "umask 000; exec \"$0\" emulator --listen 127.0.0.1:0 --https 127.0.0.1:0 --data {home}/data/emulator --write-ca {home}/ca.pem"
    );
    let program = desk.program();
    let mut shell = program.other_program("sh");
    shell.args(["-c", &emulator]).arg(program.binary());
    drop(partner_center_devices_testkit::program::EmulatorProcess::start_command(&mut shell));

    let is_public = |path: &str| path.ends_with("/ca.pem") || path.contains("/man");
    let (mut secrets, mut created) = (0, 0);
    for path in all_below(desk.home()) {
        let path = path.to_str().unwrap().to_owned();
        if [&secret, &rows].contains(&&path) {
            continue; // written by this test
        }
        let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        let below = path.strip_prefix(desk.home().to_str().unwrap()).unwrap();
        let allowed = if is_public(below) { 0o755 } else { 0o700 };
        assert_eq!(mode & !allowed, 0, "{path} has mode {mode:03o}");
        created += 1;
        secrets += usize::from(path.contains("sign-ins/"));
    }
    assert!(secrets >= 4 && created > 20, "{secrets} {created}: secrets and locks of two profiles");
}
