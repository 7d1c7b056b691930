//! Tests of `pcdevices auth` and `doctor` with an emulator that accepts only tokens that it issued.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
#[cfg(unix)]
use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::{Desk, stderr, stdout, steady};
use insta::assert_snapshot;
use partner_center_devices_testkit::app_credentials::AppCertificate;
use serde_json::Value;

const CLIENT: &str = "8f7f6e2c-3f53-4f2c-a1f5-0f5f0b1c2d3e";
const SECRET: &str = "planted-client-secret";

fn strict() -> Desk {
    Desk::with(&["--instant", "--auth", "strict", "--auto-approve"])
}

/// The arguments of a device code sign-in.
fn login(desk: &Desk) -> Vec<&str> {
    vec![
        "auth",
        "login",
        "--device-code",
        "--base-url",
        &desk.emulator.url,
        "--tenant",
        "partner.example",
        "--client-id",
        CLIENT,
    ]
}

fn secrets(desk: &Desk, profile: &str) -> PathBuf {
    desk.secrets_file(profile)
}

fn kept(desk: &Desk) -> Value {
    desk.secrets("default")
}

/// Changes the stored sign-in.
fn keep(desk: &Desk, change: impl FnOnce(&mut Value)) {
    desk.change_secrets("default", change);
}

/// Returns the number of token requests so far.
fn token_requests(desk: &Desk) -> usize {
    let host = desk.emulator.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let path = "/_emulator/exchanges?brief=true&limit=1000";
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    answer.matches("/oauth2/v2.0/token\"").count()
}

/// Runs a command several times in parallel.
fn run_in_parallel(desk: &Desk, args: &[&str], how_many: usize) -> Vec<Output> {
    let start = |_| {
        let mut command = desk.command(args);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let running: Vec<_> = (0..how_many).map(start).collect();
    running.into_iter().map(|process| process.wait_with_output().unwrap()).collect()
}

/// The emulator's refresh tokens work once.
#[test]
fn parallel_runs_renew_a_sign_in_once() {
    let desk = strict();
    assert_eq!(desk.run(&login(&desk)).status.code(), Some(0));
    assert_eq!(token_requests(&desk), 1);
    keep(&desk, |all| all["accessToken"] = Value::Null);
    for output in run_in_parallel(&desk, &["batches", "list"], 6) {
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    }
    assert_eq!(token_requests(&desk), 2, "one asks, and all use what it was given");
    for output in run_in_parallel(&desk, &["auth", "status"], 4) {
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    }
    assert_eq!(token_requests(&desk), 6, "each run requests a token, one after the other");
}

/// Two programs renew the same sign-in again and again, while a third one reads its file as a virus scanner does. The
/// emulator's refresh tokens work once, so a token that is lost ends the sign-in.
fn renew_by_two_programs(renewals: usize) {
    let desk = strict();
    assert_eq!(desk.run(&login(&desk)).status.code(), Some(0));
    let is_done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let scanner = scope.spawn(|| {
            let mut reads = 0;
            while !is_done.load(Ordering::Relaxed) {
                let mut options = std::fs::OpenOptions::new();
                #[cfg(windows)]
                std::os::windows::fs::OpenOptionsExt::share_mode(&mut options, 1); // for reading only
                if let Ok(mut file) = options.read(true).open(secrets(&desk, "default")) {
                    file.read_to_end(&mut Vec::new()).unwrap();
                    std::thread::sleep(Duration::from_millis(5));
                    reads += 1;
                }
                std::thread::sleep(Duration::from_millis(5));
            }
            reads
        });
        let programs = [0, 1].map(|_| {
            scope.spawn(|| {
                for _ in 0..renewals / 2 {
                    let output = desk.run(&["auth", "status"]);
                    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
                }
            })
        });
        let ended = programs.map(|program| program.join());
        is_done.store(true, Ordering::Relaxed);
        assert!(ended.into_iter().all(|ended| ended.is_ok()));
        assert!(scanner.join().unwrap() > 0);
    });
    assert_eq!(token_requests(&desk), 1 + renewals);
}

#[test]
fn two_programs_that_renew_a_sign_in_lose_no_token() {
    renew_by_two_programs(12);
}

#[test]
#[ignore = "takes a minute; run it after a change of how secrets are stored"]
fn two_programs_renew_a_sign_in_200_times() {
    renew_by_two_programs(200);
}

#[test]
fn a_stored_token_is_used_until_it_expires_is_rejected_or_does_not_match() {
    let desk = strict();
    assert_eq!(desk.run(&login(&desk)).status.code(), Some(0));
    let asks = |change: &dyn Fn(&mut Value)| {
        keep(&desk, |all| change(&mut all["accessToken"]));
        let before = token_requests(&desk);
        let output = desk.run(&["batches", "list"]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        token_requests(&desk) - before
    };
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    assert_eq!(asks(&|_| ()), 0);
    assert_eq!(asks(&|token| token["expires"] = (now.as_secs() + 250).into()), 1);
    assert_eq!(asks(&|token| token["whose"] = "somebody".into()), 1);
    assert_eq!(asks(&|token| token["token"] = "planted-and-refused".into()), 1);
    assert_eq!(asks(&|_| ()), 0);
}

#[test]
fn an_unreachable_sign_in_is_not_a_rejected_sign_in() {
    let mut desk = strict();
    assert_eq!(desk.run(&login(&desk)).status.code(), Some(0));
    keep(&desk, |all| all["accessToken"] = Value::Null);
    desk.emulator.process.kill().unwrap();
    desk.emulator.process.wait().unwrap();
    steady(|| {
        assert_snapshot!("unreachable", desk.show(&["batches", "list"]));
        assert_snapshot!("unreachable-login", desk.show(&login(&desk)));
        assert_snapshot!("unreachable-doctor", desk.show(&["doctor"]));
    });
}

#[test]
fn storage_is_checked_before_the_user_signs_in() {
    let desk = strict();
    std::fs::create_dir_all(desk.home().join(".local/state")).unwrap();
    desk.file(".local/state/pcdevices", "no folder");
    steady(|| assert_snapshot!("nowhere", desk.show(&login(&desk))));
    std::fs::remove_file(desk.home().join(".local/state/pcdevices")).unwrap();
    std::fs::create_dir_all(desk.home().join(".config")).unwrap();
    desk.file(".config/pcdevices", "no folder");
    assert_ne!(desk.run(&login(&desk)).status.code(), Some(0));
    assert_eq!(token_requests(&desk), 0);
}

#[test]
fn a_renewal_that_cannot_be_stored_is_not_started() {
    let desk = strict();
    assert_eq!(desk.run(&login(&desk)).status.code(), Some(0));
    keep(&desk, |all| all["accessToken"] = Value::Null);
    let lock = secrets(&desk, "default").with_extension("lock");
    std::fs::remove_file(&lock).unwrap();
    std::fs::create_dir(&lock).unwrap();
    let output = desk.run(&["batches", "list"]);
    assert_eq!(output.status.code(), Some(7), "{}", stderr(&output));
    let name = lock.file_name().unwrap().to_str().unwrap();
    let words = format!("{name}: ");
    assert!(
        stderr(&output).contains("cannot lock") && stderr(&output).contains(&words),
        "{}",
        stderr(&output)
    );
    assert_eq!(token_requests(&desk), 1);
}

#[test]
fn login_uses_the_service_from_environment_variables() {
    let desk = strict();
    let args =
        ["auth", "login", "--device-code", "--tenant", "partner.example", "--client-id", CLIENT];
    assert_eq!(desk.run(&args).status.code(), Some(0));
    let config = std::fs::read_to_string(desk.home().join(".config/pcdevices/config.toml"));
    assert!(config.unwrap().contains(&format!("base-url = \"{}\"", desk.emulator.url)));
    let elsewhere = ["auth", "status", "--base-url", "https://api.example.invalid"];
    steady(|| assert_snapshot!("elsewhere", desk.show(&elsewhere)));
    let mut command = desk.command(&["auth", "status", "--json"]);
    let output = command.env("PCDEVICES_TOKEN", "planted").output().unwrap();
    assert!(stdout(&output).contains("\"used\": false"), "{}", stdout(&output));

    // The same machine under another name counts as another service, and a note reports it.
    let url = desk.emulator.url.replace("127.0.0.1", "localhost");
    let output = desk.run(&["batches", "list", "--base-url", &url]);
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    assert!(stderr(&output).contains("sending a placeholder token"), "{}", stderr(&output));
    let output = desk.run(&["doctor", "--base-url", &url]);
    assert!(!stdout(&output).contains("is given"), "{}", stdout(&output));
    assert!(stdout(&output).contains("sending a placeholder token"), "{}", stdout(&output));
}

#[test]
fn status_reports_a_signed_out_profile_as_json() {
    let desk = strict();
    assert_eq!(desk.run(&login(&desk)).status.code(), Some(0));
    assert_eq!(desk.run(&["auth", "logout"]).status.code(), Some(0));
    let output = desk.run(&["auth", "status", "--json"]);
    let status: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &status["works"]), (Some(4), &false.into()));
}

#[cfg(unix)]
#[test]
fn a_secret_readable_by_others_causes_one_warning() {
    let desk = strict();
    assert_eq!(desk.run(&login(&desk)).status.code(), Some(0));
    let file = secrets(&desk, "default");
    for args in [&["batches", "list"][..], &["auth", "status"]] {
        std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o644))
            .unwrap();
        let output = desk.run(args);
        assert_eq!(
            stderr(&output).matches("other users can read").count(),
            1,
            "{}",
            stderr(&output)
        );
    }
}

/// Replaces the user code, which differs in each run.
fn without_code(shown: String) -> String {
    let Some((before, rest)) = shown.split_once("and type ") else { return shown };
    let (_, after) = rest.split_once(';').unwrap();
    format!("{before}and type CODE;{after}")
}

#[test]
fn after_one_sign_in_every_command_works() {
    let desk = strict();
    steady(|| {
        assert_snapshot!("before", desk.show(&["batches", "list"]));
        assert_snapshot!("nobody", desk.show(&["auth", "status"]));
        assert_snapshot!("login", without_code(desk.show(&login(&desk))));
        assert_snapshot!("after", desk.show(&["batches", "list"]));
        assert_snapshot!("status", desk.show(&["auth", "status"]));
        assert_snapshot!("status-json", desk.show(&["auth", "status", "--json", "--offline"]));
        assert_snapshot!("doctor", desk.show(&["doctor"]));
        let config = desk.home().join(".config/pcdevices/config.toml");
        let config = std::fs::read_to_string(config).unwrap();
        assert_snapshot!("config", config.replace(&desk.emulator.url, "http://EMULATOR"));
    });

    // The token that doctor received is still valid, so no command requests another one.
    let before = token_requests(&desk);
    assert_eq!(desk.run(&["batches", "list"]).status.code(), Some(0));
    assert_eq!(token_requests(&desk), before);

    steady(|| {
        assert_snapshot!("logout", desk.show(&["auth", "logout"]));
        assert_snapshot!("logged-out", desk.show(&["batches", "list"]));
        assert_snapshot!("logout-again", desk.show(&["auth", "logout"]));
    });
    assert!(!secrets(&desk, "default").exists());
}

#[test]
fn an_app_signs_in_with_its_secret_but_cannot_create_batches() {
    let desk = strict();
    let file = desk.file("secret.txt", format!("{SECRET}\n"));
    let app = |more: &[&str]| {
        let mut args = login(&desk);
        args.retain(|arg| *arg != "--device-code");
        args.extend(["--app-only", "--profile", "robot"]);
        args.extend(more);
        args.into_iter().map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    let show = |args: &[String]| desk.show(&args.iter().map(String::as_str).collect::<Vec<_>>());
    steady(|| {
        assert_snapshot!("app-no-secret", show(&app(&[])));
        let loose = show(&app(&["--client-secret-file", &file]));
        // The rights of Windows are only read by `doctor`.
        if cfg!(unix) {
            assert_snapshot!("app-loose", loose);
        }
        assert_snapshot!("app-status", desk.show(&["auth", "status", "--profile", "robot"]));
        assert_snapshot!("app-doctor", desk.show(&["doctor", "--profile", "robot"]));
        let upload = ["upload", "samples/trouble.csv", "-b", "Berlin", "--profile", "robot"];
        assert_snapshot!("app-upload", desk.show(&upload));
    });

    // From a pipe, and from a variable.
    let args = app(&["--client-secret-file", "-"]);
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    let mut process = desk
        .command(&args)
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    process.stdin.take().unwrap().write_all(SECRET.as_bytes()).unwrap();
    assert_eq!(process.wait().unwrap().code(), Some(0));
    let args = app(&[]);
    let mut command = desk.command(&args.iter().map(String::as_str).collect::<Vec<_>>());
    let output = command.env("PCDEVICES_CLIENT_SECRET", SECRET).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[test]
fn login_accepts_a_refresh_token() {
    let desk = strict();
    assert_eq!(desk.run(&login(&desk)).status.code(), Some(0));
    let kept = kept(&desk);
    let token = kept["refreshToken"].as_str().unwrap();
    let mut args = login(&desk);
    args.retain(|arg| *arg != "--device-code");
    args.extend(["--refresh-token", "--profile", "second"]);
    let output = desk.command(&args).env("PCDEVICES_REFRESH_TOKEN", token).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    steady(|| assert_snapshot!("second", desk.shown(&args, &output)));
    // The first profile cannot use it anymore: it works once.
    steady(|| assert_snapshot!("first", desk.show(&["auth", "status", "--profile", "default"])));
    let nonsense =
        desk.command(&args).env("PCDEVICES_REFRESH_TOKEN", "planted-nonsense").output().unwrap();
    assert_eq!(nonsense.status.code(), Some(4));
    assert!(!stderr(&nonsense).contains("planted"), "{}", stderr(&nonsense));
    // A failed sign-in does not replace a working one.
    assert_eq!(desk.run(&["auth", "status", "--profile", "second"]).status.code(), Some(0));

    // Its refresh token ends. The hint has what such a profile needs.
    desk.change_secrets("second", |stored| {
        stored["refreshToken"] = "planted-ended".into();
        stored["accessToken"]["expires"] = 1.into();
    });
    let ended = desk.run(&["batches", "list", "--profile", "second"]);
    assert_eq!(ended.status.code(), Some(4), "{}", stderr(&ended));
    let command = "pcdevices auth login --profile second";
    for hint in [
        format!("sign in again in a browser: {command} --browser;"),
        format!("store another refresh token: {command} --refresh-token-file FILE"),
    ] {
        assert!(stderr(&ended).contains(&hint), "{}", stderr(&ended));
    }
}

/// A configuration directory of somebody else may have a profile of the same name.
#[test]
fn another_configuration_directory_has_its_own_secrets() {
    let desk = strict();
    assert_eq!(desk.run(&login(&desk)).status.code(), Some(0));
    let own = std::fs::read(secrets(&desk, "default")).unwrap();
    let other = desk.home().join("repo");
    let run = |args: &[&str]| {
        let output = desk.run(&[args, &["--config-dir", other.to_str().unwrap()]].concat());
        (output.status.code(), format!("{}{}", stdout(&output), stderr(&output)))
    };
    let (code, shown) = run(&login(&desk));
    assert_eq!(code, Some(0), "{shown}");
    assert_eq!(run(&["batches", "list"]).0, Some(0));
    let (code, shown) = run(&["auth", "logout"]);
    assert!(code == Some(0) && shown.contains("removed the saved credentials"), "{shown}");
    assert_eq!(run(&["batches", "list"]).0, Some(4));
    assert_eq!(std::fs::read(secrets(&desk, "default")).unwrap(), own);
    assert_eq!(desk.run(&["batches", "list"]).status.code(), Some(0));

    // Also if the user's own settings are missing, they are neither used, replaced nor removed.
    std::fs::remove_file(desk.home().join(".config/pcdevices/config.toml")).unwrap();
    let (code, shown) = run(&["batches", "list"]);
    assert_eq!(code, Some(4), "{shown}");
    let (code, shown) = run(&login(&desk));
    assert_eq!(code, Some(0), "{shown}");
    let (code, shown) = run(&["auth", "logout"]);
    assert_eq!(code, Some(0), "{shown}");
    assert_eq!(std::fs::read(secrets(&desk, "default")).unwrap(), own);
}

#[test]
fn the_sign_in_of_a_profile_is_never_sent_to_another_host() {
    let desk = strict();
    assert_eq!(desk.run(&login(&desk)).status.code(), Some(0));
    let other = Desk::with(&["--auth", "strict"]);
    let output = desk.run(&["batches", "list", "--base-url", &other.emulator.url]);
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    steady(|| {
        let args = ["batches", "list", "--base-url", "https://api.example.invalid"];
        assert_snapshot!("other-host", desk.show(&args));
    });
}

/// Returns a desk that is signed in, without a stored access token.
fn signed_in() -> Desk {
    let desk = strict();
    assert_eq!(desk.run(&login(&desk)).status.code(), Some(0));
    keep(&desk, |all| all["accessToken"] = Value::Null);
    desk
}

#[test]
fn a_changed_configuration_does_not_redirect_a_stored_secret() {
    let desk = signed_in();
    let other = strict();
    let config = desk.home().join(".config/pcdevices/config.toml");
    let own = std::fs::read_to_string(&config).unwrap();
    let url = &desk.emulator.url;
    for (from, to) in [
        (format!("authority = \"{url}\""), format!("authority = \"{}\"", other.emulator.url)),
        (format!("base-url = \"{url}\""), format!("base-url = \"{}\"", other.emulator.url)),
        ("partner.example".to_owned(), "evil.example".to_owned()),
        (
            format!("authority = \"{url}\""),
            "authority = \"https://login.microsoftonline.com@evil.invalid\"".to_owned(),
        ),
    ] {
        let changed = own.replace(&from, &to);
        assert_ne!(changed, own, "{from}");
        std::fs::write(&config, changed).unwrap();
        let before = token_requests(&desk);
        for command in [&["batches", "list"][..], &["auth", "status"], &["doctor"]] {
            let mut command = desk.command(command);
            let output = command.env_remove("PCDEVICES_BASE_URL").output().unwrap();
            assert_eq!(output.status.code(), Some(4), "{to} {}", stderr(&output));
            let shown = format!("{}{}", stderr(&output), stdout(&output));
            assert!(
                shown.contains("saved credentials of profile 'default' are not used"),
                "{shown}"
            );
        }
        assert_eq!((token_requests(&desk), token_requests(&other)), (before, 0), "{to}");
    }
    std::fs::write(&config, own).unwrap();
    assert_eq!(desk.run(&["batches", "list"]).status.code(), Some(0));
}

/// A proxy and a certificate authority that a stranger adds to the profile could read the secrets.
#[test]
fn a_changed_proxy_or_authority_does_not_get_a_stored_secret() {
    let desk = signed_in();
    let config = desk.home().join(".config/pcdevices/config.toml");
    let own = std::fs::read_to_string(&config).unwrap();
    let ca = desk.file("ca.pem", AppCertificate::elliptic().certificate_pem());
    let run = |args: &[&str]| {
        let output = desk.command(args).env_remove("PCDEVICES_BASE_URL").output().unwrap();
        (output.status.code(), format!("{}{}", stderr(&output), stdout(&output)))
    };
    let refused = |keys: &str| {
        let before = token_requests(&desk);
        for command in [&["batches", "list"][..], &["auth", "status"], &["doctor"]] {
            let (code, shown) = run(command);
            assert_eq!(code, Some(4), "{shown}");
            let words = format!("added or changed since the sign-in: {keys}");
            let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(shown.contains(&words), "{shown}");
            assert!(shown.contains("sign in again: pcdevices auth login --profile default"));
        }
        assert_eq!(token_requests(&desk), before);
    };
    for (added, keys) in [
        ("proxy = 'http://user:planted@127.0.0.1:9'".to_owned(), "proxy"),
        ("no-proxy = '*'".to_owned(), "no-proxy"),
        (format!("ca-file = '{ca}'"), "ca-file"),
        (format!("ca-file = '{ca}'\nproxy = 'http://127.0.0.1:9'"), "proxy, ca-file"),
    ] {
        std::fs::write(&config, format!("{own}{added}\n")).unwrap();
        refused(keys);
    }

    // A new sign-in accepts them, until the content of the file changes. A flag is the user's own choice.
    std::fs::write(&config, format!("{own}ca-file = '{ca}'\n")).unwrap();
    let (code, shown) = run(&["auth", "login", "--device-code"]);
    assert_eq!(code, Some(0), "{shown}");
    assert_eq!(run(&["auth", "status"]).0, Some(0));
    let other = AppCertificate::elliptic().certificate_pem();
    std::fs::write(&ca, &other).unwrap();
    refused("ca-file");
    assert_eq!(run(&["auth", "status", "--ca-file", &ca]).0, Some(0));
    // A setting that is removed does not send anything elsewhere.
    std::fs::write(&config, &own).unwrap();
    assert_eq!(run(&["auth", "status"]).0, Some(0));
    // A sign-in that an older version stored has none of these settings.
    keep(&desk, |all| drop(all["issuer"].as_object_mut().unwrap().remove("route")));
    assert_eq!(run(&["auth", "status"]).0, Some(0));
    std::fs::write(&config, format!("{own}ca-file = '{ca}'\n")).unwrap();
    refused("ca-file");
}

#[test]
fn a_sign_in_without_a_refresh_token_is_used_until_its_token_expires() {
    let desk = strict();
    assert_eq!(desk.run(&login(&desk)).status.code(), Some(0));
    keep(&desk, |all| all["refreshToken"] = Value::Null);
    let before = token_requests(&desk);
    assert_eq!(desk.run(&["batches", "list"]).status.code(), Some(0));
    let status = desk.run(&["auth", "status"]);
    assert!(stdout(&status).contains("there is no refresh token"), "{}", stdout(&status));
    let doctor = desk.run(&["doctor"]);
    assert!(stdout(&doctor).contains("issued no refresh token"), "{}", stdout(&doctor));
    assert_eq!(token_requests(&desk), before);
    keep(&desk, |all| all["accessToken"]["expires"] = 1.into());
    let output = desk.run(&["batches", "list"]);
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    let message = stderr(&output);
    assert!(message.contains("has expired or was rejected"), "{message}");
    assert!(message.contains("sign in again: pcdevices auth login --profile default"), "{message}");
}

#[test]
fn login_repeats_the_kind_of_sign_in_that_the_profile_has() {
    let desk = signed_in();
    let token = kept(&desk)["refreshToken"].as_str().unwrap().to_owned();
    let secret = desk.file("secret.txt", SECRET);
    let mut args = login(&desk);
    args.retain(|arg| *arg != "--device-code");
    args.extend(["--refresh-token", "--client-secret-file", &secret]);
    let output = desk.command(&args).env("PCDEVICES_REFRESH_TOKEN", &token).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let token = kept(&desk)["refreshToken"].as_str().unwrap().to_owned();
    let again = ["auth", "login", "--profile", "default"];
    let output = desk.command(&again).env("PCDEVICES_REFRESH_TOKEN", &token).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(kept(&desk)["clientSecret"], SECRET, "the client secret stays");
    // A new client secret does not need a new refresh token.
    let output = desk.run(&["auth", "login", "--client-secret-file", &secret]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

/// Returns a program that signs in like a person with a browser.
#[cfg(unix)]
fn browser(desk: &Desk) -> PathBuf {
    let browser = desk.file("browser.sh", "#!/bin/sh\nexec curl -sL \"$1\"\n");
    let path = desk.home().join(&browser);
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    path
}

/// Starts a server that passes everything on to the emulator. Returns its address and the requests.
#[cfg(unix)]
fn recorder(desk: &Desk) -> (String, Arc<Mutex<Vec<u8>>>) {
    let emulator = desk.emulator.url.strip_prefix("http://").unwrap().to_owned();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let requests = Arc::<Mutex<Vec<u8>>>::default();
    let record = Arc::clone(&requests);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut near, mut far) = (stream.unwrap(), TcpStream::connect(&emulator).unwrap());
            let (mut answers, mut client) = (far.try_clone().unwrap(), near.try_clone().unwrap());
            std::thread::spawn(move || std::io::copy(&mut answers, &mut client));
            let record = Arc::clone(&record);
            std::thread::spawn(move || {
                let mut buffer = [0; 4096];
                while let Ok(read @ 1..) = near.read(&mut buffer) {
                    record.lock().unwrap().extend_from_slice(&buffer[..read]);
                    far.write_all(&buffer[..read]).unwrap();
                }
            });
        }
    });
    (url, requests)
}

#[cfg(unix)]
#[test]
fn a_web_app_signs_in_with_a_browser_and_its_secret() {
    let desk = strict();
    let (url, requests) = recorder(&desk);
    let requests_with_secret = || {
        let requests = String::from_utf8_lossy(&requests.lock().unwrap()).into_owned();
        requests.matches(&format!("client_secret={SECRET}")).count()
    };
    let file = desk.file("secret.txt", format!("{SECRET}\n"));
    let mut args = login(&desk);
    args.retain(|arg| !["--device-code", &desk.emulator.url].contains(arg));
    args.retain(|arg| *arg != "--base-url");
    args.extend(["--base-url", &url, "--browser", "--client-secret-file", &file]);
    let output = desk.command(&args).env("BROWSER", browser(&desk)).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(kept(&desk)["clientSecret"], SECRET);
    assert_eq!(requests_with_secret(), 1, "the code is redeemed with it");
    keep(&desk, |all| all["accessToken"] = Value::Null);
    let output = desk.run(&["batches", "list", "--base-url", &url]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(requests_with_secret(), 2, "and so is the refresh token");
    let config = std::fs::read_to_string(desk.home().join(".config/pcdevices/config.toml"));
    assert!(!config.unwrap().contains(SECRET));
}

#[cfg(unix)]
#[test]
fn login_opens_a_browser() {
    let desk = strict();
    let path = browser(&desk);
    let mut args = login(&desk);
    args.retain(|arg| *arg != "--device-code");
    let output = desk.command(&args).env("BROWSER", &path).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(kept(&desk)["refreshToken"].is_string());
    let output = desk.run(&["auth", "status"]);
    let status = stdout(&output);
    assert!(status.contains("browser") && status.contains("Works"), "{status}");
}

#[test]
fn no_command_prints_a_secret_at_any_verbosity() {
    let desk = strict();
    let file = desk.file("secret.txt", SECRET);
    let mut runs = vec![login(&desk)];
    let mut app = login(&desk);
    app.retain(|arg| *arg != "--device-code");
    app.extend(["--app-only", "--profile", "robot", "--client-secret-file", &file]);
    runs.push(app);
    runs.extend([
        vec!["auth", "status"],
        vec!["auth", "status", "--profile", "robot", "--json"],
        vec!["doctor", "--json"],
        vec!["doctor", "--profile", "robot"],
        vec!["batches", "list"],
        vec!["upload", "samples/trouble.csv", "-b", "b"],
        vec!["auth", "logout"],
    ]);
    let mut secret = vec![SECRET.to_owned()];
    for mut args in runs {
        args.push("-vvv");
        let output = desk.run(&args);
        if secrets(&desk, "default").exists() {
            let kept = kept(&desk);
            for token in [&kept["refreshToken"], &kept["accessToken"]["token"]] {
                secret.push(token.as_str().unwrap().to_owned());
            }
        }
        let messages = format!("{}{}", stdout(&output), stderr(&output));
        assert!(
            args[0] == "auth" || messages.contains("DEBUG"),
            "{args:?} logs nothing: {messages}"
        );
        for secret in &secret {
            assert!(!messages.contains(secret.as_str()), "{args:?} prints a secret");
        }
        // Access tokens start with this prefix.
        assert!(!messages.contains("eyJ"), "{args:?} prints a token: {messages}");
    }
    assert!(secret.len() > 3);
}

#[test]
fn doctor_reports_problems() {
    let desk = Desk::new();
    steady(|| {
        assert_snapshot!("doctor-any", desk.show(&["doctor", "-c", common::CUSTOMER]));
        assert_snapshot!("doctor-json", desk.show(&["doctor", "--json"]));
        let args = ["doctor", "--base-url", "http://127.0.0.1:9"];
        assert_snapshot!("doctor-nobody", desk.show(&args));
        // A proxy that does not exist keeps the test on this machine.
        let args = ["doctor", "--base-url", "https://partner.example.invalid"];
        let output = desk.command(&args).env("HTTPS_PROXY", "http://127.0.0.1:9").output().unwrap();
        assert_snapshot!("doctor-no-token", desk.shown(&args, &output));
        let args = ["doctor", "--profile", "nowhere"];
        assert_snapshot!("doctor-no-profile", desk.show(&args));
    });
}
