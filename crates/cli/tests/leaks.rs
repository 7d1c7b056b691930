//! No command prints or stores a secret, a token or a complete hardware hash, at any verbosity. Only the file of a
//! sign-in contains a secret.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use common::{CUSTOMER, Desk, TOKEN, file, run, sample, stdout};

const SECRET: &str = "planted-client-secret";
const REFRESH: &str = "planted-refresh-token";
const OTHER: &str = "11111111-3426-40bf-9601-61b4b6d7c793";

/// A world that knows any hardware.
const WORLD: &str = "
customers:
  - id: 47021739-3426-40bf-9601-61b4b6d7c793
    policies:
      - id: 15a04610-9229-4e80-94e0-0e826a09c9e2
        name: Straight to the desktop
        policySettings: [skip_eula]
    batches:
      - id: Headquarters
        devices: [{ serialNumber: HQ-0001, oemManufacturerName: M, modelName: N }]
";

/// Returns every command, such as `devices assign-policy`, from the names of the manual pages.
fn commands(desk: &Desk) -> BTreeSet<String> {
    let folder = desk.home().join("man");
    assert!(run(&["man", "--output", folder.to_str().unwrap()]).status.success());
    let pages = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name());
    let pages: Vec<_> =
        pages.map(|name| name.to_str().unwrap().strip_suffix(".1").unwrap().to_owned()).collect();
    fs::remove_dir_all(&folder).unwrap();
    let within = |page: &String| format!("{page}-");
    let leaf = |page: &&String| !pages.iter().any(|other| other.starts_with(&within(page)));
    pages.iter().filter(leaf).map(|page| page["pcdevices-".len()..].to_owned()).collect()
}

/// Files with hashes in the right and in the wrong places, outside of the home directory.
struct Files {
    good: String,
    /// Files with different mistakes.
    bad: Vec<String>,
    hashes: Vec<String>,
}

impl Files {
    fn new() -> Self {
        const HEADER: &str = "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model\n";
        let contoso = sample("contoso-fleet.csv");
        let hashes = contoso.split(',').filter(|cell| cell.len() == 4_000).map(str::to_owned);
        let hashes: Vec<_> = hashes.take(2).collect();
        let (one, two) = (&hashes[0], &hashes[1]);
        let row = |serial: &str, key: &str, hash: &str| format!("{serial},{key},{hash},M,N\n");
        let good = row("HQ-0004", "", one) + &row("HQ-0005", "", two);
        let write = |name: &str, content: String| {
            file(&format!("leaks-{name}"), content).to_str().unwrap().to_owned()
        };
        let bad = [
            ("cut.csv", HEADER.to_owned() + &row("S1", "", &one[..3_901])),
            ("changed.csv", HEADER.to_owned() + &row("S1", "", &one.replace('A', "B"))),
            ("letter.csv", HEADER.to_owned() + &row("S1", "", &one.replacen('A', "!", 3))),
            ("serial.csv", HEADER.to_owned() + &row(one, "", "")),
            ("key.csv", HEADER.to_owned() + &row("S1", one, "")),
            ("model.csv", format!("{HEADER}S1,,,M,{one}\n")),
            ("make.csv", format!("{HEADER}S1,,,{one},N\n")),
            ("twice.csv", HEADER.to_owned() + &row("S1", "", one) + &row("S2", "", one)),
            ("quote.csv", format!("{HEADER}S1,,\"{one},M,N\n")),
            ("headless.csv", good.clone()),
            ("alone.csv", format!("{one}\n{two}\n")),
            ("serials.csv", format!("Serial\n{one}\n")),
            ("tag.csv", format!("Serial,Make,Model,Group Tag,Tenant ID\nS1,M,N,{one},{two}\n")),
            ("quoted.json", format!("{{\"hardwareHash\":\"{one}\",\"policies\":\"{two}\"}}")),
            ("name.yaml", format!("policies:\n  - {{name: A, settings: [{one}]}}\n")),
        ];
        let bad = bad.map(|(name, content)| write(name, content)).into();
        Self { good: write("good.csv", HEADER.to_owned() + &good), bad, hashes }
    }
}

/// Texts that must not appear anywhere.
struct Secrets {
    pieces: HashSet<Vec<u8>>,
    words: Vec<String>,
}

impl Secrets {
    const PIECE: usize = 32;

    fn new(hashes: &[String], words: Vec<String>) -> Self {
        let pieces = hashes.iter().flat_map(|hash| hash.as_bytes().windows(Self::PIECE));
        Self { pieces: pieces.map(<[u8]>::to_vec).collect(), words }
    }

    /// Returns the forbidden part of these bytes.
    fn find(&self, bytes: &[u8]) -> Option<String> {
        let text = String::from_utf8_lossy(bytes);
        let word = self.words.iter().find(|word| text.contains(word.as_str()));
        if let Some(word) = word {
            return Some(format!("a secret of {} letters", word.len()));
        }
        let place = bytes.windows(Self::PIECE).position(|piece| self.pieces.contains(piece))?;
        let before = String::from_utf8_lossy(&bytes[place.saturating_sub(60)..place]);
        Some(format!("a piece of a hash, behind {before:?}"))
    }
}

fn every_file(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { every_file(&path, files) } else { files.push(path) }
    }
}

/// The number of runs for each command and exit code.
type Tried = BTreeMap<String, BTreeSet<i32>>;

struct Search<'a> {
    desk: &'a Desk,
    secrets: &'a Secrets,
    tried: Tried,
    /// All leaks, so that one run of the test reports all of them.
    found: Vec<String>,
}

impl Search<'_> {
    fn prepared(&self, args: &[&str]) -> Command {
        let mut command = self.desk.command(&[&["-vvv"], args].concat());
        command
            .env("RUST_BACKTRACE", "1")
            .env("PCDEVICES_TOKEN", TOKEN)
            .env("PCDEVICES_CLIENT_SECRET", SECRET)
            .stdin(Stdio::null());
        command
    }

    fn run(&mut self, command: &str, args: &[&str]) -> Output {
        let words: Vec<_> = command.split(' ').chain(args.iter().copied()).collect();
        let output = self.prepared(&words).output().unwrap();
        self.look(command, args, &output);
        output
    }

    fn look(&mut self, command: &str, args: &[&str], output: &Output) {
        let code = output.status.code().unwrap_or(-1);
        self.tried.entry(command.replace(' ', "-")).or_default().insert(code);
        for (stream, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
            if let Some(what) = self.secrets.find(bytes) {
                self.found.push(format!("{command} {args:?} has in its {stream} {what}"));
            }
            let panicked = String::from_utf8_lossy(bytes).contains("panicked at");
            assert!(!panicked, "{command} {args:?}: {}", String::from_utf8_lossy(bytes));
        }
    }
}

#[test]
#[allow(clippy::too_many_lines)] // runs every command
fn output_and_files_contain_no_secrets() {
    let files = Files::new();
    let secrets = Secrets::new(&files.hashes, [TOKEN, SECRET, REFRESH].map(str::to_owned).into());
    let world = file("leaks-world.yaml", WORLD);
    let desk = Desk::with(&["--instant", "--world", world.to_str().unwrap()]);
    let mut search = Search { desk: &desk, secrets: &secrets, tried: Tried::new(), found: vec![] };
    let good = files.good.as_str();
    let at = |name: &str| desk.home().join(name).to_str().unwrap().to_owned();
    let (journal, page, csv, json) = (at("run.journal"), at("r.html"), at("r.csv"), at("r.json"));
    let exported = at("exported.csv"); // the only output that contains hashes

    // Create the data that the other commands read.
    let upload = ["-b", "Leaks", "--journal", &journal, "--report", &page, "--report", &csv];
    let upload = search.run("upload", &[&[good][..], &upload, &["--report", &json]].concat());
    let messages = common::stderr(&upload).to_owned();
    let job = messages.split(" as job ").nth(1).unwrap_or_else(|| panic!("{messages}"));
    let job = job.lines().next().unwrap();

    let no_such = "no-such-file";
    let good_ways: &[(&str, &[&str])] = &[
        ("upload", &[good, "--emulator", "--dry-run"]),
        ("upload", &[good, "--emulator", "--json"]),
        ("upload", &[good, "-b", "Leaks", "--csv"]),
        ("check", &[good]),
        ("check", &[good, "--json"]),
        ("check", &[good, "--csv"]),
        ("export", &[good, "--to", "partner-center", "--output", &exported]),
        ("jobs status", &[job]),
        ("jobs status", &[job, "--json"]),
        ("jobs wait", &[job]),
        ("jobs list", &["--folder", desk.home().to_str().unwrap(), "--json"]),
        ("batches list", &["--json"]),
        ("devices list", &[]),
        ("devices list", &["--json"]),
        ("devices list", &["--csv"]),
        ("devices find", &["HQ-0004", "--json"]),
        ("devices diff", &[good, "--no-extra"]),
        ("devices diff", &[good, "--json"]),
        ("devices assign-policy", &[good, "--no-policy", "--json"]),
        ("devices assign-policy", &[good, "--policy", "Straight to the desktop", "-y"]),
        ("devices delete", &[good, "--json"]),
        ("devices delete", &[good, "--yes"]),
        ("policies list", &["--yaml"]),
        ("policies show", &["Straight to the desktop"]),
        ("policies create", &["Leaks", "--setting", "skip_eula"]),
        ("policies edit", &["Leaks", "--description", "d", "-y"]),
        ("policies delete", &["Leaks", "-y", "--json"]),
        ("explain", &[]),
        ("explain", &["808", "403", "hash-checksum", "--json"]),
        ("report", &[&journal, "--html"]),
        ("report", &[&journal, "--json"]),
        ("report", &[&journal, "--csv"]),
        ("journals list", &["--folder", desk.home().to_str().unwrap()]),
        ("journals show", &[&journal]),
        ("journals export", &[&journal]),
        ("customers add", &["contoso", CUSTOMER]),
        ("customers list", &[]),
        ("customers find", &["customer"]),
        ("customers sync", &[]),
        ("devices sync", &["--all", "--yes", "--rate", "1000"]),
        ("customers remove", &["contoso"]),
        ("doctor", &[]),
        ("doctor", &["--json"]),
        ("audit", &[]),
        ("audit", &["--all", "--all-customers", "--json"]),
        ("auth status", &["--json"]),
        ("raw", &["GET", "customers/{customer}/deviceBatches/Leaks/devices", "-i"]),
        ("schema", &["report"]),
        ("completions", &["bash"]),
        ("man", &["raw"]),
    ];
    for (command, args) in good_ways {
        search.run(command, args);
    }
    assert!(secrets.find(&fs::read(&exported).unwrap()).is_some());
    let policies = at("policies.yaml");
    fs::write(&policies, "policies: [{name: Leaks, settings: [skip_eula]}]").unwrap();
    search.run("policies diff", &[&policies]);
    search.run("policies apply", &[&policies, "--yes"]);
    search.run("policies diff", &[&policies]);

    for bad in &files.bad {
        let bad = bad.as_str();
        let body = format!("@{bad}");
        let bad_ways: &[(&str, &[&str])] = &[
            ("upload", &[bad, "-b", "Bad"]),
            ("upload", &[bad, "-b", "Bad", "--json"]),
            ("upload", &[bad, "--emulator", "--csv"]),
            ("upload", &[bad, "--emulator", "--dry-run"]),
            ("upload", &[bad, "--customer-from", "column"]),
            ("check", &[bad]),
            ("check", &[bad, "--json"]),
            ("check", &[bad, "--csv"]),
            ("export", &[bad, "--to", "intune", "--output", &exported]),
            (
                "export",
                &[bad, "--to", "partner-center", "-o", &exported, "--skip-invalid", "--force"],
            ),
            ("jobs list", &["--folder", bad]),
            ("devices diff", &[bad]),
            ("devices diff", &[bad, "--json"]),
            ("devices delete", &[bad, "--json"]),
            ("devices delete", &[bad, "--yes"]),
            ("devices assign-policy", &[bad, "--no-policy", "--json"]),
            ("devices assign-policy", &[bad, "--no-policy", "--yes"]),
            ("policies diff", &[bad]),
            ("policies apply", &[bad, "--yes"]),
            ("report", &[bad, "--html"]),
            ("journals list", &["--folder", bad]),
            ("journals show", &[bad]),
            ("journals export", &[bad]),
            ("journals remove", &[bad]),
            ("batches list", &["--token-file", bad]),
            ("doctor", &["--ca-file", bad]),
            ("raw", &["POST", "customers/{customer}/deviceBatches", "--data", &body]),
            ("emulator", &["--listen", "127.0.0.1:0", "--world", bad]),
            ("emulator", &["--listen", "127.0.0.1:0", "--faults", bad]),
            ("auth login", &["--app-only", "--client-secret-file", bad, "--tenant", "t.example"]),
        ];
        for (command, args) in bad_ways {
            search.run(command, args);
        }
    }

    // A directory with invalid settings, for commands that read them.
    let settings = at("settings");
    fs::create_dir(&settings).unwrap();
    for name in ["config.toml", "customers.toml"] {
        fs::copy(&files.bad[3], Path::new(&settings).join(name)).unwrap();
    }
    for (command, args) in [
        ("auth status", &[][..]),
        ("auth logout", &[]),
        ("customers list", &[]),
        ("customers find", &["contoso"]),
        ("customers sync", &[]),
        ("devices sync", &[]),
        ("customers add", &["contoso", CUSTOMER]),
        ("customers remove", &["contoso"]),
        ("batches list", &[]),
        ("doctor", &[]),
    ] {
        search.run(command, &[args, &["--config-dir", &settings]].concat());
    }
    fs::remove_dir_all(&settings).unwrap(); // it contains the planted secrets

    fs::remove_file(&exported).unwrap();
    // Keep the journal itself for inspection.
    let copy = at("copy.journal");
    fs::copy(&journal, &copy).unwrap();
    // Failures.
    let failing: &[(&str, &[&str])] = &[
        ("jobs status", &["no-such-job"]),
        ("jobs wait", &["no-such-job", "--json"]),
        ("jobs list", &[]),
        ("devices list", &["-b", "no-such"]),
        ("devices find", &["no-such"]),
        ("devices assign-policy", &["-b", "Headquarters", "--policy", "no-such"]),
        ("policies list", &["-c", OTHER]),
        ("policies list", &["--token-file", no_such]),
        ("policies show", &["no-such"]),
        ("policies create", &["Leaks", "--setting", "no-such"]),
        ("policies edit", &["no-such", "--name", "x"]),
        ("policies delete", &["no-such"]),
        ("explain", &["no-such"]),
        ("journals list", &[]),
        ("journals remove", &[&journal]),
        ("journals remove", &[&copy, "--yes"]),
        ("audit", &["--since", "90d"]),
        ("batches list", &["--base-url", "http://127.0.0.1:9"]),
        ("schema", &["no-such"]),
        ("completions", &["no-such"]),
        ("man", &["no-such"]),
        ("raw", &["GET", "customers/{customer}/no-such", "-i"]),
        ("raw", &["DELETE", "customers/{customer}/policies/no-such", "--token-file", no_such]),
    ];
    for (command, args) in failing {
        search.run(command, args);
    }

    // The emulator itself, which reads any request, until the test ends it.
    let mut emulator = search.prepared(&["emulator", "--listen", "127.0.0.1:0"]);
    let mut emulator = emulator.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut ready = String::new();
    let mut out = std::io::BufReader::new(emulator.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut out, &mut ready).unwrap();
    let ready_line: serde_json::Value = serde_json::from_str(&ready).unwrap();
    search.run("upload", &[good, "-b", "B", "--base-url", ready_line["url"].as_str().unwrap()]);
    emulator.kill().unwrap();
    let mut output = emulator.wait_with_output().unwrap();
    output.stdout = ready.into_bytes();
    search.look("emulator", &[], &output);

    let strict = signed_in(&mut search.tried, &secrets, &mut search.found);
    let Search { tried, mut found, .. } = search;
    let mut kept = Vec::new();
    every_file(desk.home(), &mut kept);
    every_file(strict.home(), &mut kept);
    let is_kept = |name: &str| kept.iter().any(|path| path.ends_with(name));
    assert!(is_kept("r.html") && is_kept("run.journal") && !is_kept("copy.journal"), "{kept:?}");
    for path in kept {
        if let Some(what) = secrets.find(&fs::read(&path).unwrap()) {
            found.push(format!("{} has {what}", path.display()));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));

    let names: BTreeSet<_> = tried.keys().cloned().collect();
    assert_eq!(names, commands(&desk), "a command without a case, or a case without a command");
    let one_sided = |(command, exits): &(String, BTreeSet<i32>)| {
        let (good, bad) = (exits.contains(&0), exits.iter().any(|code| *code != 0));
        let is_ended = command == "emulator"; // ended by this test
        !(good || is_ended) || !bad
    };
    let one_sided: Vec<_> = tried.into_iter().filter(one_sided).collect();
    assert!(one_sided.is_empty(), "without a success or a failure: {one_sided:?}");
}

/// Signs in at a service that accepts only its own tokens. The sign-in's file, which contains the secret, is removed by
/// the sign-out at the end.
fn signed_in(tried: &mut Tried, secrets: &Secrets, found: &mut Vec<String>) -> Desk {
    let desk = Desk::with(&["--instant", "--auth", "strict", "--auto-approve"]);
    let url = desk.emulator.url.clone();
    let client = "8f7f6e2c-3f53-4f2c-a1f5-0f5f0b1c2d3e";
    let login = ["--base-url", &url, "--tenant", "partner.example", "--client-id", client];
    let sign_ins = desk.home().join(".local/state/pcdevices/sign-ins");
    let mut words = secrets.words.clone();
    for (more, name) in [
        (&["--refresh-token"][..], "default"), // unknown to the emulator
        (&["--device-code"], "default"),
        (&["--app-only", "--profile", "robot"], "robot"),
    ] {
        let profile = ["--profile", name];
        let ways: &[(&str, &[&str])] = &[
            ("auth login", &[&login, more].concat()),
            ("setup", &[&login, more].concat()),
            ("auth status", &profile),
            ("auth status", &["--json", "--profile", name]),
            ("doctor", &profile),
            ("batches list", &profile),
        ];
        for (command, args) in ways {
            let words_of: Vec<_> = command.split(' ').chain(args.iter().copied()).collect();
            let mut started = desk.command(&[&["-vvv"][..], &words_of].concat());
            started.env("RUST_BACKTRACE", "1").env("PCDEVICES_REFRESH_TOKEN", REFRESH);
            if name == "robot" {
                started.env("PCDEVICES_CLIENT_SECRET", SECRET);
            }
            let output = started.stdin(Stdio::null()).output().unwrap();
            // The next command must not print the stored secrets.
            let file = sign_ins.join(format!("{name}.json"));
            if let Ok(kept) = fs::read(file) {
                let kept: serde_json::Value = serde_json::from_slice(&kept).unwrap();
                let values = kept.as_object().unwrap().values();
                words.extend(values.filter_map(|value| value.as_str()).map(str::to_owned));
            }
            let secrets = Secrets { pieces: HashSet::new(), words: words.clone() };
            let mut search =
                Search { desk: &desk, secrets: &secrets, tried: Tried::new(), found: vec![] };
            search.look(command, args, &output);
            for (command, exits) in std::mem::take(&mut search.tried) {
                tried.entry(command).or_default().extend(exits);
            }
            found.append(&mut search.found);
        }
    }
    assert!(sign_ins.join("robot.json").exists() && words.len() > 4, "{}", words.len());
    for profile in ["default", "robot"] {
        let output = desk.run(&["-vvv", "auth", "logout", "--profile", profile]);
        assert!(output.status.success(), "{}", stdout(&output));
    }
    tried.entry("auth-logout".to_owned()).or_default().insert(0);
    desk
}
