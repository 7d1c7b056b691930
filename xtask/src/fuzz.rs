//! `cargo xtask fuzz`: runs the targets in `fuzz/` one after another.
//!
//! The seeds are the documented exchanges (split into the inputs of each decoder), the sample fleets and the test
//! corpus.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::spec;

/// Runs the named targets, or all, for `seconds` each. Fails if a target fails.
pub(crate) fn run(root: &Path, seconds: u64, selected: &[String]) -> Result<ExitCode> {
    let all = targets(root)?;
    for name in selected {
        ensure!(all.contains(name), "unknown target {name}; the targets are: {}", all.join(", "));
    }
    let is_installed = cargo_fuzz(root, "--version").output().is_ok_and(|out| out.status.success());
    ensure!(is_installed, "cargo-fuzz is not installed; run: cargo install cargo-fuzz --locked");
    seed(root)?;

    let chosen = if selected.is_empty() { &all } else { selected };
    let mut failed = Vec::new();
    for name in chosen {
        println!("\n== {name}, {seconds} s");
        // Without `unsafe` no sanitizer is needed, and without a sanitizer the stable toolchain works.
        let status = cargo_fuzz(root, "run")
            .args(["--sanitizer", "none", name, "--"])
            .arg(format!("-max_total_time={seconds}"))
            .args(["-timeout=10", "-print_final_stats=1", "-verbosity=0"])
            .status()
            .context("cannot run cargo fuzz")?;
        if !status.success() {
            failed.push(name.as_str());
        }
    }
    if failed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!(
        "\nerror: {} failed; fix the bug, and add the input in fuzz/artifacts as a test of the crate",
        failed.join(", ")
    );
    Ok(ExitCode::FAILURE)
}

fn cargo_fuzz(root: &Path, command: &str) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(root.join("fuzz")).args(["fuzz", command]);
    cargo
}

fn targets(root: &Path) -> Result<Vec<String>> {
    let folder = root.join("fuzz/fuzz_targets");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .with_context(|| format!("cannot read {}", folder.display()))?
        .filter_map(|entry| Some(entry.ok()?.path().file_stem()?.to_str()?.to_owned()))
        .collect();
    names.sort();
    Ok(names)
}

/// Writes the seeds into the corpora, to which libFuzzer adds the inputs it finds.
fn seed(root: &Path) -> Result<()> {
    for (name, text) in spec::examples(root)? {
        let example = spec::parse(&text).with_context(|| format!("{name} is not YAML"))?;
        for (target, bytes) in parts(&example) {
            write(root, target, &name, &bytes)?;
        }
    }
    // A service may echo the request, and an echoed token must not be printed.
    let echo = b"d 403\nMS-CV: <token>\n\n{\"code\":\"<token>\",\"description\":\"no <token>\"}";
    write(root, "answer", "echo", echo)?;
    for name in ["contoso-fleet.csv", "trouble.csv"] {
        let path = root.join("samples").join(name);
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        // A full hash has 4,000 characters, so most mutations would only change the hash.
        let short: Vec<String> = text.lines().map(shorten).collect();
        for target in ["csv", "fleet"] {
            write(root, target, name, short.join("\n").as_bytes())?;
        }
        if let Some(hash) = text.split(',').find(|cell| cell.len() > 100) {
            write(root, "hash", name, &STANDARD.decode(hash)?)?;
        }
    }
    let corpus = root.join("crates/fleet/tests/corpus");
    for entry in
        std::fs::read_dir(&corpus).with_context(|| format!("cannot read {}", corpus.display()))?
    {
        let path = entry?.path();
        let is_small = path.metadata()?.len() < 4000; // no complete hash
        if let Some(name) =
            path.file_name().and_then(|name| name.to_str()).filter(|_| is_small && path.is_file())
        {
            let bytes = std::fs::read(&path)?;
            for target in ["csv", "fleet"] {
                write(root, target, name, &bytes)?;
            }
            for target in targets_by_start(&bytes) {
                write(root, target, name, &bytes)?;
            }
        }
    }
    write(root, "xlsx", "sheet", SHEET.as_bytes())?;
    Ok(())
}

/// A sheet with a cell of each kind, for the target that reads sheets.
const SHEET: &str = r#"<worksheet><sheetData><row r="1"><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row r="2"><c r="A2"><v>1.5</v></c><c r="B2" t="e"><v>#N/A</v></c></row><row><c t="inlineStr"><is><t>S2</t></is></c><c t="str"><f>A1</f><v>007</v></c><c><f>"x"</f></c><c t="b"><v>1</v></c></row></sheetData></worksheet>"#;

/// Returns the targets that read a file of the format that it starts with.
fn targets_by_start(bytes: &[u8]) -> &'static [&'static str] {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    match text.first() {
        Some(b'P') if text.starts_with(b"PK") => &["zip", "xlsx"],
        Some(b'<') => &["xml"],
        Some(b'{' | b'[') => &["json"],
        _ => &[],
    }
}

fn write(root: &Path, target: &str, name: &str, bytes: &[u8]) -> Result<()> {
    let folder = root.join("fuzz/corpus").join(target);
    std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::write(folder.join(format!("seed-{name}")), bytes))
        .with_context(|| format!("cannot write to {}", folder.display()))
}

/// Cuts the hash in a line of a fleet to 16 characters.
fn shorten(line: &str) -> String {
    let cells: Vec<&str> = line
        .split(',')
        .map(|cell| if cell.len() > 100 { cell.get(..16).unwrap_or(cell) } else { cell })
        .collect();
    cells.join(",")
}

/// Returns the response of an example as the input of each target that can read it.
fn parts(example: &Value) -> Vec<(&'static str, Vec<u8>)> {
    let response = &example["response"];
    let status = response["status"].as_u64().unwrap_or_default();
    let operation = example["operation"].as_str().unwrap_or_default();
    let mut body = Vec::new();
    if response["bom"] == Value::Bool(true) {
        body.extend_from_slice(b"\xEF\xBB\xBF");
    }
    body.extend_from_slice(response["body"].as_str().unwrap_or_default().as_bytes());
    let headers = || {
        spec::members(&response["headers"])
            .filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)))
    };
    let header =
        |wanted| headers().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, v)| v);

    let mut parts = Vec::new();
    let mut answer = format!("{} {status}\n", letter(operation));
    for (name, value) in headers() {
        answer += &format!("{name}: {value}\n");
    }
    parts.push(("answer", [answer.as_bytes(), b"\n", &body].concat()));
    match operation {
        _ if !(200..300).contains(&status) => parts.push(("error_body", body.clone())),
        "get_batch_job_status" => parts.push(("job_status", body.clone())),
        _ if operation.starts_with("list_") => parts.push(("list_page", body.clone())),
        _ => {}
    }
    if let Some(location) = header("Location") {
        parts.push(("location", location.into()));
    }
    if let Some(retry_after) = header("Retry-After") {
        let date = header("Date").unwrap_or_default();
        parts.push(("retry_after", format!("{retry_after}\n{date}").into_bytes()));
    }
    if let Some(date) = header("Date") {
        parts.push(("retry_after", format!("{date}\n{date}").into_bytes()));
    }
    if let Some(date) = first_date(&String::from_utf8_lossy(&body)) {
        parts.push(("date", date.as_bytes().to_vec()));
    }
    parts
}

/// Returns the letter that selects an operation in the input of the target `answer`.
fn letter(operation: &str) -> char {
    const LETTERS: [(&str, char); 19] = [
        ("get_batch_job_status", 'a'),
        ("list_device_batches", 'b'),
        ("list_devices", 'c'),
        ("list_policies", 'd'),
        ("create_device_batch", 'e'),
        ("add_devices", 'f'),
        ("update_device_policies", 'g'),
        ("update_device", 'h'),
        ("delete_device", 'i'),
        ("create_policy", 'j'),
        ("get_policy", 'k'),
        ("replace_policy", 'l'),
        ("delete_policy", 'm'),
        ("list_customers", 'n'),
        ("get_customer", 'o'),
        ("list_audit_records", 'p'),
        ("list_customer_relationships", 'q'),
        ("list_relationships", 'r'),
        ("get_organization_profile", 's'),
    ];
    LETTERS.iter().find(|(id, _)| *id == operation).map_or('a', |(_, letter)| *letter)
}

/// Returns the first string in a body that looks like a date.
fn first_date(body: &str) -> Option<&str> {
    let is_year = |text: &str| text.get(..4).is_some_and(|year| year.parse::<u16>().is_ok());
    body.split('"').find(|text| is_year(text) && text.contains('T') && text.contains(':'))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_target_has_a_seed_and_every_operation_a_letter() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let mut seeded = BTreeSet::from(["csv", "fleet", "hash"]); // from the samples and the corpus
        seeded.extend(["xlsx", "xml", "zip", "json"]); // from the corpus
        let mut letters = BTreeSet::new();
        let mut operations = BTreeSet::new();
        for (_, text) in spec::examples(root).unwrap() {
            let example = spec::parse(&text).unwrap();
            for (target, bytes) in parts(&example) {
                assert!(!bytes.is_empty(), "{target}");
                seeded.insert(target);
            }
            let operation = example["operation"].as_str().unwrap().to_owned();
            letters.insert(letter(&operation));
            operations.insert(operation);
        }
        assert_eq!(targets(root).unwrap(), Vec::from_iter(seeded));
        assert_eq!(letters.len(), operations.len());
    }
}
