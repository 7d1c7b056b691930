//! A `config.toml` from somebody else, for example from a repository, does not decide who can read a secret of the user.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use common::{CUSTOMER, stderr, stdout};
use partner_center_devices_testkit::app_credentials::AppCertificate;
use partner_center_devices_testkit::program::Program;
use tempfile::TempDir;

const CLIENT: &str = "8f7f6e2c-3f53-4f2c-a1f5-0f5f0b1c2d3e";
const JOB: &str = "00000000-0000-0000-0000-000000000001";

/// A user with a home and a token, and a stranger's directory and proxy.
struct Desk {
    folder: TempDir,
    /// The proxy of the stranger, which refuses every connection.
    proxy: String,
    connections: Arc<AtomicUsize>,
}

impl Desk {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = format!("http://{}", listener.local_addr().unwrap());
        let connections = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&connections);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                counter.fetch_add(1, Ordering::SeqCst);
                let mut stream = stream.unwrap();
                let _ = stream.read(&mut [0; 4096]);
                let _ = stream.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
            }
        });
        let desk = Self { folder: tempfile::tempdir().unwrap(), proxy, connections };
        for folder in ["repo", "home/.config/pcdevices"] {
            std::fs::create_dir_all(desk.path(folder)).unwrap();
        }
        std::fs::write(desk.path("repo/ca.pem"), AppCertificate::elliptic().certificate_pem())
            .unwrap();
        std::fs::write(desk.path("token"), "planted-token").unwrap();
        #[cfg(unix)]
        std::fs::set_permissions(
            desk.path("token"),
            std::os::unix::fs::PermissionsExt::from_mode(0o600),
        )
        .unwrap();
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a profile with the stranger's proxy. `{ca}` and `{token}` are paths.
    fn write(&self, folder: &str, keys: &str) {
        let path = |name: &str| self.path(name).to_str().unwrap().to_owned();
        let keys = keys.replace("{ca}", &path("repo/ca.pem")).replace("{token}", &path("token"));
        let text = format!("[profiles.default]\nproxy = '{}'\n{keys}\n", self.proxy);
        std::fs::write(self.path(folder).join("config.toml"), text).unwrap();
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Program::with_home(self.path("home")).command(args);
        command.env("PCDEVICES_CONFIG_DIR", self.path("repo")).env("PCDEVICES_CUSTOMER", CUSTOMER);
        command.current_dir(self.folder.path());
        command
    }

    /// Returns the exit code and the output, and checks that the secrets are not in it.
    fn shown(&self, output: &Output) -> (Option<i32>, String) {
        let shown = format!("{}{}", stdout(output), stderr(output));
        assert!(!shown.contains("planted"), "{shown}");
        (output.status.code(), shown.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    #[track_caller]
    fn assert_refused(&self, command: &mut Command, flags: &str) {
        let (code, shown) = self.shown(&command.output().unwrap());
        assert_eq!(code, Some(4), "{shown}");
        let words = format!("if you trust this setting, repeat it on the command line: {flags}");
        assert!(shown.contains("is not in your own configuration directory"), "{shown}");
        assert!(shown.contains(&words), "{shown}");
        assert_eq!(self.connections.load(Ordering::SeqCst), 0, "{shown}");
    }

    /// Checks that the command connects to the proxy.
    #[track_caller]
    fn assert_sent(&self, command: &mut Command) -> String {
        let (code, shown) = self.shown(&command.output().unwrap());
        assert_eq!(code, Some(7), "{shown}");
        assert!(self.connections.swap(0, Ordering::SeqCst) > 0, "{shown}");
        shown
    }
}

/// Settings of a stranger, and the flags that confirm them.
fn strange(desk: &Desk) -> [(&'static str, Vec<String>); 4] {
    let ca = desk.path("repo/ca.pem").to_str().unwrap().to_owned();
    let flags = |flags: &[&str]| flags.iter().map(|flag| (*flag).to_owned()).collect();
    let evil = "https://evil.test";
    [
        ("ca-file = '{ca}'", flags(&["--ca-file", &ca])),
        ("base-url = 'https://evil.test'", flags(&["--base-url", evil])),
        (
            "base-url = 'https://evil.test'\nca-file = '{ca}'",
            flags(&["--base-url", evil, "--ca-file", &ca]),
        ),
        ("base-url = 'https://evil.test'\ntoken-file = '{token}'", flags(&["--base-url", evil])),
    ]
}

#[test]
fn a_token_of_the_user_needs_the_strange_settings_on_the_command_line() {
    let desk = Desk::new();
    let upload = desk.path("devices.csv");
    std::fs::write(&upload, "Serial,Make,Model\nS1,M,N\n").unwrap();
    let upload = upload.to_str().unwrap();
    let commands: [&[&str]; 9] = [
        &["batches", "list"],
        &["batches", "list", "--quiet"],
        &["devices", "find", "S1"],
        &["devices", "delete", "--serial", "S1", "--yes"],
        &["jobs", "status", JOB],
        &["policies", "list"],
        &["raw", "GET", "customers"],
        &["upload", upload, "--batch", "B"],
        &["upload", upload, "--batch", "B", "--dry-run"],
    ];
    for (keys, flags) in strange(&desk) {
        desk.write("repo", keys);
        let own = [("PCDEVICES_TOKEN", "planted-token"), ("PCDEVICES_TOKEN_FILE", "token")];
        for own in if keys.contains("token-file") { vec![("X", "")] } else { own.into() } {
            for args in commands {
                desk.assert_refused(desk.command(args).env(own.0, own.1), &flags.join(" "));
            }
            // Doctor asks who answers there, without the token.
            let (code, shown) =
                desk.shown(&desk.command(&["doctor"]).env(own.0, own.1).output().unwrap());
            assert_eq!(code, Some(4), "{shown}");
            assert!(shown.contains("failed sign-in the access token is not sent: "), "{shown}");
            assert!(shown.contains(&format!("command line: {}", flags.join(" "))), "{shown}");
            desk.connections.store(0, Ordering::SeqCst);
        }
        let confirmed: Vec<_> =
            ["batches", "list"].into_iter().chain(flags.iter().map(|flag| &**flag)).collect();
        let mut command = desk.command(&confirmed);
        desk.assert_sent(command.env("PCDEVICES_TOKEN", "planted-token"));
    }
}

#[test]
fn a_sign_in_needs_the_strange_settings_on_the_command_line() {
    let desk = Desk::new();
    let ca = desk.path("repo/ca.pem").to_str().unwrap().to_owned();
    let evil = "https://login.evil.test";
    for (keys, flags) in [
        ("ca-file = '{ca}'", vec!["--ca-file", &ca]),
        ("authority = 'https://login.evil.test'", vec!["--authority", evil]),
        ("base-url = 'https://evil.test'", vec!["--base-url", "https://evil.test"]),
    ] {
        desk.write("repo", &format!("{keys}\ntenant = 'contoso.example'\nclient-id = '{CLIENT}'"));
        for kind in ["--refresh-token", "--app-only", "--device-code", "--browser"] {
            let command = |more: &[&str]| {
                let mut command = desk.command(&[&["auth", "login", kind][..], more].concat());
                command.env("PCDEVICES_REFRESH_TOKEN", "planted-refresh-token");
                command.env("PCDEVICES_CLIENT_SECRET", "planted-secret");
                command
            };
            desk.assert_refused(&mut command(&[]), &flags.join(" "));
            if kind != "--browser" {
                let shown = desk.assert_sent(&mut command(&flags));
                assert!(shown.contains("cannot sign in"), "{shown}");
            }
        }
    }
}

#[test]
fn the_own_configuration_is_recognized_by_every_name() {
    let desk = Desk::new();
    let own = "home/.config/pcdevices";
    desk.write(own, "base-url = 'https://own.test'\nca-file = '{ca}'\ntoken-file = '{token}'");
    desk.write("repo", "base-url = 'https://evil.test'\ntoken-file = '{token}'");
    let list = |folder: Option<&Path>| {
        let mut command = desk.command(&["batches", "list"]);
        match folder {
            Some(folder) => command.env("PCDEVICES_CONFIG_DIR", folder),
            None => command.env_remove("PCDEVICES_CONFIG_DIR"),
        };
        command
    };
    let mut given = vec![None, Some(desk.path(own)), Some(PathBuf::from(own))];
    given.push(Some(desk.path("repo/../home/.config/pcdevices/")));
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(desk.path(own), desk.path("link")).unwrap();
        given.push(Some(desk.path("link")));
    }
    for folder in given {
        let shown = desk.assert_sent(&mut list(folder.as_deref()));
        assert!(shown.contains("Sending the access token to https://own.test, which"), "{shown}");
    }
    let (_, shown) =
        desk.shown(&desk.command(&["doctor"]).env_remove("PCDEVICES_CONFIG_DIR").output().unwrap());
    assert!(
        shown.contains("using the access token of a file; Sending the access token"),
        "{shown}"
    );
    desk.connections.store(0, Ordering::SeqCst);

    let flags = "--base-url https://evil.test";
    desk.assert_refused(&mut list(Some(&desk.path("repo"))), flags);
    desk.assert_refused(list(Some(Path::new("."))).current_dir(desk.path("repo")), flags);
    // The user's own directory is where the system says, and nowhere else.
    if cfg!(unix) && !cfg!(target_os = "macos") {
        let (xdg, folder) = (desk.path("xdg"), desk.path("xdg/pcdevices"));
        std::fs::create_dir_all(&folder).unwrap();
        desk.write("xdg/pcdevices", "base-url = 'https://own.test'\ntoken-file = '{token}'");
        desk.assert_sent(list(None).env("XDG_CONFIG_HOME", &xdg));
        desk.assert_sent(list(Some(&folder)).env("XDG_CONFIG_HOME", &xdg));
        let flags = "--base-url https://own.test --ca-file";
        desk.assert_refused(list(Some(&desk.path(own))).env("XDG_CONFIG_HOME", &xdg), flags);
    }
}

#[test]
fn an_emulator_on_this_machine_needs_no_confirmation() {
    let emulator = common::emulator_with(&["--instant", "--world", "samples/world.yaml"]);
    let desk = Desk::new();
    let url = &emulator.url;
    desk.write(
        "repo",
        &format!("base-url = '{url}'\nca-file = '{{ca}}'\ntoken-file = '{{token}}'"),
    );
    let (code, shown) = desk.shown(&desk.command(&["batches", "list"]).output().unwrap());
    assert_eq!(code, Some(0), "{shown}");
    assert_eq!(desk.connections.load(Ordering::SeqCst), 0);
}
