//! Tests of `pcdevices doctor`: each problem of the setup is a row with a cure. The tests of a working sign-in are in
//! `auth.rs`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use common::{CUSTOMER, Desk, stderr, stdout};

const CLIENT: &str = "8f7f6e2c-3f53-4f2c-a1f5-0f5f0b1c2d3e";

/// Signs in with a profile of this name.
fn sign_in(desk: &Desk, profile: &str) {
    let url = &desk.emulator.url;
    let args = ["auth", "login", "--device-code", "--base-url", url, "--profile", profile];
    let app = ["--tenant", "partner.example", "--client-id", CLIENT];
    let output = desk.run(&[&args[..], &app].concat());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

#[test]
fn rights_are_checked_under_continuous_access_evaluation() {
    let flags = ["--auth", "strict", "--auto-approve", "--challenge-tokens", "--world"];
    let desk = Desk::with(&[&flags[..], &["samples/world.yaml"]].concat());
    sign_in(&desk, "default");
    let output = desk.run(&["doctor"]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert!(stdout(&output).contains("you can list the batches"), "{}", stdout(&output));
}

#[test]
fn a_broken_setting_is_a_row_with_a_cure() {
    let desk = Desk::with(&["--auth", "strict", "--auto-approve"]);
    sign_in(&desk, "default");
    let config = desk.home().join(".config/pcdevices/config.toml");
    let own = std::fs::read_to_string(&config).unwrap();
    let secrets = desk.secrets_file("default");
    let stored = std::fs::read(&secrets).unwrap();
    let not_a_file = desk.home().join("missing.pem");
    let not_a_file = not_a_file.to_str().unwrap();
    let not_a_certificate = desk.file("text.pem", "text");
    let missing = "hint: name another file with --ca-file";
    for (setting, variable, args, code, row, cure) in [
        ("proxy = 'http://x:99999'", "", &[][..], 2, "failed proxy", "correct it, such as http"),
        ("", "http://x:99999", &[], 2, "failed proxy", "correct it, such as http"),
        ("", "", &["--ca-file", not_a_file], 3, "failed certificates", missing),
        ("", "", &["--ca-file", &not_a_certificate], 3, "failed certificates", "in PEM or DER"),
        ("ca-file = 'missing.pem'", "", &[], 3, "failed certificates", "correct ca-file in"),
        ("rate = 0", "", &[], 3, "failed configuration", "use a number from 0.001"),
        ("secrets", "", &[], 3, "failed secrets", "pcdevices auth login --profile default"),
    ] {
        let is_broken = setting == "secrets";
        let text = if is_broken { own.clone() } else { format!("{own}{setting}\n") };
        std::fs::write(&config, text).unwrap();
        std::fs::write(
            &secrets,
            if is_broken { b"{\"refreshToken\": [\"planted" } else { &*stored },
        )
        .unwrap();
        let mut command = desk.command(&[&["doctor"], args].concat());
        // Not on this machine, where no proxy is used.
        if !variable.is_empty() || setting.starts_with("proxy") {
            command.env("PCDEVICES_BASE_URL", "https://api.test").env("HTTPS_PROXY", variable);
        }
        let output = command.output().unwrap();
        let shown = stdout(&output).split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(output.status.code(), Some(code), "{setting} {args:?} {shown}");
        assert!(shown.contains(row) && shown.contains(cure), "{shown}");
        assert!(shown.contains("clock"), "the table is complete: {shown}");
        assert!(!shown.contains("planted") && stderr(&output).is_empty(), "{output:?}");
    }
}

#[test]
fn hints_repeat_the_flags_of_the_user() {
    let desk = Desk::with(&["--auth", "strict", "--auto-approve"]);
    let folder = desk.home().join("my settings");
    let folder = folder.to_str().unwrap();
    let output = desk.run(&["--config-dir", folder, "batches", "list"]);
    let url = &desk.emulator.url;
    let quote = if cfg!(windows) { '"' } else { '\'' };
    let hint = format!("pcdevices auth login --config-dir {quote}{folder}{quote}");
    assert!(stderr(&output).contains(&hint), "{}", stderr(&output));
    std::fs::create_dir(folder).unwrap();
    std::fs::write(
        desk.home().join("my settings/customers.toml"),
        format!("alias = '{CUSTOMER}'\n"),
    )
    .unwrap();
    let mut command = desk.command(&["doctor", "--config-dir", folder, "--base-url", url]);
    let output = command.env_remove("PCDEVICES_CUSTOMER").output().unwrap();
    let shown = stdout(&output).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(shown.contains(&hint), "{shown}");
}

#[test]
fn a_customer_is_shown_with_its_relationship() {
    let desk = Desk::new();
    for (customer, code, rows) in [
        (
            "contoso.com",
            0,
            &[
                "ok      customer      Contoso (47021739-3426-40bf-9601-61b4b6d7c793), reseller, with delegated access",
                "ok      rights        you can list the batches of customer Contoso (47021739-",
            ][..],
        ),
        ("Fabrikam", 0, &["reseller, without delegated access, which devices do not need"]),
        (
            "Wingtip Toys",
            4,
            &[
                "failed  customer      Wingtip Toys (3dfe847b-cad9-4fc1-86d3-cf16c2790087): the relationship with this customer was removed",
                "hint: ask the customer to accept your reseller relationship",
                "failed  rights",
                "20002",
            ],
        ),
        ("Contoso", 2, &["failed  customer      'Contoso' could mean 2 customers"]),
    ] {
        let output = desk.run(&["doctor", "--customer", customer]);
        assert_eq!(output.status.code(), Some(code), "{}", stdout(&output));
        for row in rows {
            assert!(stdout(&output).contains(row), "{customer}: {row}: {}", stdout(&output));
        }
    }
}
