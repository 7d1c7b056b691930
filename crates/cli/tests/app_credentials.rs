//! Tests of the sign-in of apps with a certificate, a token file and GitHub Actions, of policies of tenants, and of the proxy of
//! a profile.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::Output;
use std::sync::mpsc::{Receiver, channel};

use common::{Desk, stderr, stdout};
use partner_center_devices_testkit::app_credentials::{AppCertificate, federated_token};
use serde_json::Value;

const CLIENT: &str = "8f7f6e2c-3f53-4f2c-a1f5-0f5f0b1c2d3e";
const SUBJECT: &str = "repo:contoso/devices:ref:refs/heads/main";
const REQUEST_TOKEN: &str = "planted-request-token";

fn strict(flags: &[&str]) -> Desk {
    Desk::with(&[&["--instant", "--auth", "strict", "--auto-approve"], flags].concat())
}

/// Signs the profile `ci` in.
fn login<'a>(desk: &'a Desk, kind: &[&'a str]) -> Vec<&'a str> {
    let url = &desk.emulator.url;
    let app = ["--tenant", "partner.example", "--client-id", CLIENT];
    let place = ["auth", "login", "--profile", "ci", "--base-url", url];
    [&place[..], &app, kind].concat()
}

const AGAIN: [&str; 4] = ["auth", "login", "--profile", "ci"];
const LIST: [&str; 4] = ["batches", "list", "--profile", "ci"];

fn kept(desk: &Desk) -> Value {
    desk.secrets("ci")
}

/// Makes the next command request a token.
fn forget_token(desk: &Desk) {
    desk.change_secrets("ci", |all| all["accessToken"] = Value::Null);
}

fn config(desk: &Desk) -> String {
    std::fs::read_to_string(desk.home().join(".config/pcdevices/config.toml")).unwrap()
}

#[track_caller]
fn assert_exit(output: &Output, code: i32) -> String {
    let shown = format!("{}{}", stdout(output), stderr(output));
    assert_eq!(output.status.code(), Some(code), "{shown}");
    assert!(!shown.contains("planted") && !shown.contains("eyJ"), "{shown}");
    shown
}

/// Writes a file that only this user can read.
fn private_file(desk: &Desk, name: &str, content: &str) -> String {
    let path = desk.file(name, content);
    #[cfg(unix)]
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    path
}

#[test]
fn an_app_signs_in_with_its_certificate() {
    let desk = strict(&[]);
    let app = AppCertificate::rsa();
    let file = private_file(&desk, "app.pem", &app.pem());
    let shown = assert_exit(&desk.run(&login(&desk, &["--certificate-file", &file])), 0);
    assert!(shown.contains("certificate of the app (cannot create batches)"), "{shown}");
    let profile = config(&desk);
    assert!(profile.contains("sign-in = \"certificate\"") && profile.contains(&file), "{profile}");
    let stored = kept(&desk).to_string();
    assert!(!stored.contains("PRIVATE KEY"), "{stored}");
    forget_token(&desk);
    assert_exit(&desk.run(&LIST), 0);
    let shown = assert_exit(&desk.run(&["doctor", "--profile", "ci"]), 0);
    assert!(shown.contains("pcdevices auth login --profile ci --browser"), "{shown}");
    assert!(shown.contains("the certificate of the app is valid until"), "{shown}");
    assert_exit(&desk.run(&AGAIN), 0);
    let soon = std::time::SystemTime::now() + std::time::Duration::from_secs(10 * 86_400);
    private_file(&desk, "app.pem", &AppCertificate::rsa_until(soon).pem());
    let shown = assert_exit(&desk.run(&["doctor", "--profile", "ci"]), 0);
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(shown.contains("expires in 9 days"), "{shown}");

    // The file must stay usable.
    let other = AppCertificate::elliptic();
    for (content, words) in [
        (other.pem(), "not an RSA key"),
        (app.key_pem(), "a private key and no certificate"),
        (format!("{}{}", app.key_pem(), other.certificate_pem()), "does not belong"),
        ("planted".to_owned(), "contains no certificate"),
    ] {
        private_file(&desk, "app.pem", &content);
        for args in [&LIST[..], &AGAIN] {
            let shown = assert_exit(&desk.run(args), 4);
            assert!(shown.contains(words) && shown.contains("app.pem"), "{shown}");
        }
    }
    std::fs::write(&file, [0x30, 0x82, 0xff]).unwrap(); // a PFX file
    let shown = assert_exit(&desk.run(&LIST), 4);
    assert!(shown.contains("openssl pkcs12"), "{shown}");
    std::fs::remove_file(&file).unwrap();
    let shown = assert_exit(&desk.run(&LIST), 4);
    assert!(shown.contains("cannot read the certificate in"), "{shown}");
}

#[test]
fn an_app_signs_in_with_a_token_file_that_is_read_again() {
    let desk = strict(&[]);
    let file = private_file(&desk, "federated", &federated_token(SUBJECT));
    let shown = assert_exit(&desk.run(&login(&desk, &["--federated-token-file", &file])), 0);
    assert!(shown.contains("federated token file"), "{shown}");
    assert!(!kept(&desk).to_string().contains(&federated_token(SUBJECT)));
    forget_token(&desk);
    assert_exit(&desk.run(&LIST), 0);
    forget_token(&desk);
    private_file(&desk, "federated", "planted: expired");
    let shown = assert_exit(&desk.run(&LIST), 4);
    assert!(shown.contains("not a JSON Web Token"), "{shown}");
    private_file(&desk, "federated", &federated_token(SUBJECT));
    assert_exit(&desk.run(&AGAIN), 0);
}

/// Starts a server that issues a token to each request with the request token. It passes on the requests.
fn github(token: fn() -> String) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/idtoken?api-version=2.0", listener.local_addr().unwrap());
    let (sender, requests) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, mut request, mut buffer) = (stream.unwrap(), Vec::new(), [0; 4096]);
            while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                let read = stream.read(&mut buffer).unwrap();
                request.extend_from_slice(&buffer[..read]);
            }
            let request = String::from_utf8(request).unwrap();
            let is_permitted = request.contains(&format!("Bearer {REQUEST_TOKEN}\r\n"));
            let (status, body) = match is_permitted {
                true => ("200 OK", serde_json::json!({ "value": token() }).to_string()),
                false => ("403 Forbidden", String::new()),
            };
            let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n", body.len());
            write!(stream, "{head}Connection: close\r\n\r\n{body}").unwrap();
            let _ = sender.send(request);
        }
    });
    (url, requests)
}

#[test]
fn a_job_in_github_actions_signs_in() {
    let desk = strict(&[]);
    let (url, requests) = github(|| federated_token(SUBJECT));
    let run = |args: &[&str], token: &str| {
        let mut command = desk.command(args);
        command.env("ACTIONS_ID_TOKEN_REQUEST_URL", &url);
        command.env("ACTIONS_ID_TOKEN_REQUEST_TOKEN", token).output().unwrap()
    };
    let shown = assert_exit(&run(&login(&desk, &["--github-oidc"]), REQUEST_TOKEN), 0);
    assert!(shown.contains("GitHub Actions (cannot create batches)"), "{shown}");
    let request = requests.recv().unwrap();
    assert!(
        request.starts_with(
            "GET /idtoken?api-version=2.0&audience=api%3A%2F%2FAzureADTokenExchange HTTP/1.1"
        ),
        "{request}"
    );
    assert!(!kept(&desk).to_string().contains("planted"), "the request token is not stored");
    forget_token(&desk);
    assert_exit(&run(&LIST, REQUEST_TOKEN), 0);
    assert!(requests.try_recv().is_ok());
    forget_token(&desk);
    let shown = assert_exit(&run(&LIST, "planted-wrong"), 4);
    assert!(shown.contains("403 Forbidden") && shown.contains("id-token: write"), "{shown}");
    let shown = assert_exit(&desk.run(&LIST), 4);
    assert!(shown.contains("ACTIONS_ID_TOKEN_REQUEST_URL is missing"), "{shown}");
    requests.try_recv().unwrap();

    // A changed configuration does not redirect the token.
    let other = strict(&[]);
    let file = desk.home().join(".config/pcdevices/config.toml");
    std::fs::write(file, config(&desk).replace(&desk.emulator.url, &other.emulator.url)).unwrap();
    let mut command = desk.command(&LIST);
    command.env("ACTIONS_ID_TOKEN_REQUEST_URL", &url).env_remove("PCDEVICES_BASE_URL");
    let output = command.env("ACTIONS_ID_TOKEN_REQUEST_TOKEN", REQUEST_TOKEN).output().unwrap();
    let shown = assert_exit(&output, 4);
    assert!(shown.contains("are not used: they belong to tenant partner.example at"), "{shown}");
    assert!(requests.try_recv().is_err(), "no token was requested");
}

/// A configuration file may come from a repository.
#[test]
fn a_profile_that_never_signed_in_sends_no_token() {
    let desk = strict(&[]);
    let (url, requests) = github(|| federated_token(SUBJECT));
    let folder = desk.home().join(".config/pcdevices");
    std::fs::create_dir_all(&folder).unwrap();
    let profile = format!(
        "[profiles.ci]\nbase-url = '{0}'\nauthority = '{0}'\ntenant = 't'\nclient-id = 'c'\nsign-in = 'github-oidc'\n",
        desk.emulator.url
    );
    std::fs::write(folder.join("config.toml"), profile).unwrap();
    let run = |args: &[&str]| {
        let mut command = desk.command(args);
        command.env("ACTIONS_ID_TOKEN_REQUEST_URL", &url);
        command.env("ACTIONS_ID_TOKEN_REQUEST_TOKEN", REQUEST_TOKEN).output().unwrap()
    };
    let shown = assert_exit(&run(&LIST), 4);
    assert!(shown.contains("sign in: pcdevices auth login --profile ci"), "{shown}");
    assert!(requests.try_recv().is_err());
    assert_exit(&run(&AGAIN), 0);
    assert_exit(&run(&LIST), 0);
}

#[test]
fn a_client_secret_is_refused_for_kinds_without_one() {
    let desk = strict(&[]);
    let file = desk.file("secret", "planted");
    for kind in ["--github-oidc", "--device-code"] {
        let output = desk.run(&login(&desk, &[kind, "--client-secret-file", &file]));
        assert_exit(&output, 2);
    }
}

#[test]
fn a_tenant_without_refresh_tokens_is_reported_at_login() {
    let desk = strict(&["--no-refresh-tokens"]);
    let shown = assert_exit(&desk.run(&login(&desk, &["--device-code"])), 0);
    assert!(shown.contains("issued no refresh token"), "{shown}");
    assert!(shown.contains("pcdevices auth login --profile ci"), "{shown}");
    assert!(kept(&desk)["refreshToken"].is_null());
    assert_exit(&desk.run(&LIST), 0);
}

#[test]
fn commands_meet_a_claims_challenge() {
    let desk = strict(&["--challenge-tokens"]);
    assert_exit(&desk.run(&login(&desk, &["--device-code"])), 0);
    let before = kept(&desk)["accessToken"]["token"].clone();
    assert_exit(&desk.run(&LIST), 0);
    let after = kept(&desk)["accessToken"]["token"].clone();
    assert_ne!(before, after, "the token with the claims is stored");
    assert_exit(&desk.run(&LIST), 0);
    assert_eq!(kept(&desk)["accessToken"]["token"], after);
    let output = desk.run(&["emulator", "--challenge-tokens", "--auth", "off"]);
    let shown = assert_exit(&output, 2);
    assert!(shown.contains("no effect with --auth off"), "{shown}");
}

#[test]
fn a_profile_names_its_proxy() {
    let desk = Desk::new();
    let token = private_file(&desk, "token", "t0ken");
    let folder = desk.home().join(".config/pcdevices");
    std::fs::create_dir_all(&folder).unwrap();
    let profile = |proxy: &str| {
        let text = format!("[profiles.ci]\nproxy = '{proxy}'\ntoken-file = '{token}'\n");
        std::fs::write(folder.join("config.toml"), text).unwrap();
    };
    let run = |args: &[&str], url: &str| {
        let mut command = desk.command(&[args, &["--profile", "ci"]].concat());
        command.env("PCDEVICES_BASE_URL", url).env("PCDEVICES_TOKEN_FILE", &token);
        command.env("HTTPS_PROXY", "http://unused.invalid:1").output().unwrap()
    };
    let api = "https://api.test";
    profile("http://user:planted@127.0.0.1:1");
    let shown = assert_exit(&run(&["doctor"], api), 7);
    assert!(shown.contains("http://127.0.0.1:1 for the service"), "{shown}");
    assert!(
        shown.contains("cannot connect to api.test through the proxy http://127.0.0.1:1"),
        "{shown}"
    );
    // This machine is reached directly.
    assert_exit(&run(&["batches", "list"], &desk.emulator.url), 0);
    // No server has a name with such a long label, so no name server is asked for it.
    let host = |name: &str| format!("{name}{}.test", "x".repeat(64));
    profile("http://127.0.0.1:1'\nno-proxy = 'direct*.test");
    for (name, is_proxied) in [("direct", false), ("other", true)] {
        let shown = assert_exit(&run(&["doctor"], &format!("https://{}", host(name))), 7);
        assert!(shown.contains(&format!("cannot connect to {name}")), "{shown}");
        for words in
            [" through the proxy http://127.0.0.1:1: ", "http://127.0.0.1:1 for the service"]
        {
            assert_eq!(shown.contains(words), is_proxied, "{shown}");
        }
    }
    profile("http://proxy.example:99999");
    let shown = assert_exit(&run(&["batches", "list"], api), 2);
    assert!(shown.contains("the proxy is invalid: the port is not a number"), "{shown}");
    profile("");
    let shown = assert_exit(&run(&["doctor"], "http://127.0.0.1:1"), 7);
    assert!(!shown.contains("ok      proxy") && !shown.contains("through"), "{shown}");
}
