//! Tests of `pcdevices export`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

mod common;

use std::fs;
use std::path::Path;
use std::process::{Output, Stdio};

use common::{pcdevices, sample, stderr, stdout};
use insta::assert_snapshot;
use tempfile::TempDir;

const HEADER: &str =
    "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model\n";

/// A folder with files to export.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, content: &str) {
        fs::write(self.path().join(name), content).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// Returns the names of all files.
    fn names(&self) -> Vec<String> {
        let files = fs::read_dir(self.path()).unwrap();
        let name = |file: fs::DirEntry| file.file_name().into_string().unwrap();
        let mut names: Vec<_> = files.map(|file| name(file.unwrap())).collect();
        names.sort();
        names
    }

    fn run(&self, args: &str) -> Output {
        let args: Vec<_> = args.split(' ').collect();
        pcdevices(&args).current_dir(self.path()).output().unwrap()
    }

    /// Runs the program and returns its output and its exit code as a text.
    fn show(&self, args: &str) -> String {
        let output = self.run(args);
        let (out, err) = (stdout(&output).replace('\r', "\\r"), stderr(&output));
        let code = output.status.code().unwrap();
        common::with_same_system_errors(&format!(
            "$ pcdevices {args}\n{out}--- stderr\n{err}--- exit {code}\n"
        ))
    }
}

/// Returns the hash of the first device of the sample. Its serial number is 0F009470309.
fn hash_of_sample() -> String {
    let sample = sample("contoso-fleet.csv");
    sample.split(',').find(|cell| cell.len() == 4_000).unwrap().to_owned()
}

#[test]
fn each_place_gets_its_format() {
    let folder = Folder::new();
    let hash = hash_of_sample();
    folder.write(
        "fleet.csv",
        &format!("Serial,PKID,Hash,Make,Model,Group Tag\n0F009470309,,{hash},,,Sales\n"),
    );
    for place in ["partner-center", "intune", "corporate-identifiers"] {
        let shown = folder.show(&format!("export fleet.csv --to {place}"));
        assert_snapshot!(place, shown.replace(&hash, "HASH"));
    }
}

#[test]
fn rows_that_cannot_be_exported_are_listed() {
    let folder = Folder::new();
    let hash = hash_of_sample();
    let rows = format!("0F009470309,,{hash},,\nS3,,,Contoso,Book\nS4,,,Contoso,Book\nS5,,,,\n");
    folder.write("mixed.csv", &format!("{HEADER}{rows}"));
    assert_snapshot!("mixed", folder.show("export mixed.csv --to intune --output out.csv"));
    assert_snapshot!("mixed-quiet", folder.show("export mixed.csv --to intune -o out.csv -q"));
    assert_eq!(folder.names(), ["mixed.csv"]);

    let skipped = folder.show("export mixed.csv --to intune --output out.csv --skip-invalid");
    assert_snapshot!("mixed-skip-invalid", skipped);
    assert_eq!(folder.read("out.csv").lines().count(), 2);

    // No row is lost: the others are in a file that can be corrected and exported again.
    assert_eq!(folder.names(), ["mixed.csv", "mixed.invalid.csv", "out.csv"]);
    let to_correct = folder.read("mixed.invalid.csv");
    let mut lines = to_correct.lines();
    let header = HEADER.trim_end();
    assert_eq!(lines.next(), Some(&*format!("\u{feff}{header},Problem")));
    for start in [
        "S3,,,Contoso,Book,\"the row has no hardware hash, which Intune requires (",
        "S4,,,Contoso,Book,\"the row has no hardware hash, which Intune requires (",
        "S5,,,,,\"the serial number does not identify a device",
    ] {
        let line = lines.next().unwrap();
        assert!(line.starts_with(start), "{line}");
    }
    assert_eq!(lines.next(), None);
    folder.write("corrected.csv", &to_correct.replace("S5,,,,,", "S5,,,Contoso,Book,"));
    let corrected = folder.run("export corrected.csv --to corporate-identifiers");
    assert_eq!(stdout(&corrected).lines().count(), 3, "{}", stderr(&corrected));
}

#[test]
fn the_rows_to_correct_are_never_replaced_by_the_export() {
    let folder = Folder::new();
    folder.write("f.csv", &format!("{HEADER}S1,,,Contoso,Book\nS2,,,,\n"));
    let args = "export f.csv --to partner-center --skip-invalid --force";
    for options in ["-o rest.csv --invalid-rows rest.csv", "-o f.invalid.csv"] {
        let refused = folder.run(&format!("{args} {options}"));
        assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
        assert!(stderr(&refused).contains("has the rows that are left out"));
    }
    for name in ["rest.csv", "f.invalid.csv"] {
        assert!(folder.read(name).contains("\nS2,"), "{name}");
    }
    let exists = folder.run(&format!("{args} --invalid-rows f.csv"));
    assert_eq!((exists.status.code(), stdout(&exists)), (Some(3), ""));
    assert!(
        stderr(&exists).contains("f.csv already exists; it is not replaced"),
        "{}",
        stderr(&exists)
    );
}

#[test]
fn files_that_cannot_be_exported_are_refused() {
    let folder = Folder::new();
    folder.write("tuples.csv", &format!("{HEADER}S1,,,Contoso,Book\n"));
    folder.write("table.csv", "Color,Size\nred,1\n");
    for (name, args) in [
        ("no-device", "export tuples.csv --to intune --skip-invalid"),
        ("not-devices", "export table.csv --to partner-center --skip-invalid"),
        ("no-place", "export tuples.csv"),
        ("no-folder", "export tuples.csv --to partner-center --output no/out.csv"),
        ("over-itself", "export tuples.csv --to partner-center --output ./tuples.csv --force"),
    ] {
        assert_snapshot!(name, folder.show(args));
    }
    assert_eq!(folder.names(), ["table.csv", "tuples.csv"]);
}

#[test]
fn large_fleets_need_several_files() {
    let folder = Folder::new();
    let rows: String = (0..10_001).map(|number| format!("S.{number},,,Contoso,Book\n")).collect();
    folder.write("fleet.csv", &format!("{HEADER}{rows}"));
    let args = "export fleet.csv --to corporate-identifiers";
    let several = folder.run(args);
    assert_eq!((several.status.code(), stdout(&several)), (Some(2), ""));
    assert!(
        stderr(&several).contains(
            "the export needs 3 files, because Intune accepts 5000 devices per file\nhint: add --output FILE"
        ),
        "{}",
        stderr(&several)
    );

    folder.write("out-2.csv", "old");
    let exists = folder.run(&format!("{args} -o out.csv"));
    assert_eq!(exists.status.code(), Some(3));
    assert!(
        stderr(&exists)
            .contains("error: out-2.csv already exists, so nothing was written\nhint: add --force"),
        "{}",
        stderr(&exists)
    );
    assert_eq!(folder.names(), ["fleet.csv", "out-2.csv"]);
    assert_eq!(folder.read("out-2.csv"), "old");

    folder.write("out-4.csv", "old");
    let written = folder.run(&format!("{args} -o out.csv --force"));
    assert_eq!(written.status.code(), Some(0), "{}", stderr(&written));
    let end = "Wrote 5000 devices to out.csv\nWrote 5000 devices to out-2.csv\nWrote 1 device to out-3.csv\nwarning: out-4.csv is from another export; do not import it\n";
    assert!(stderr(&written).ends_with(end), "{}", stderr(&written));
    let counts =
        ["out.csv", "out-2.csv", "out-3.csv"].map(|name| folder.read(name).lines().count());
    assert_eq!(counts, [5_000, 5_000, 1]);
    assert_eq!(folder.read("out-3.csv"), "Contoso,Book,S10000\r\n");
    assert_eq!(folder.names(), ["fleet.csv", "out-2.csv", "out-3.csv", "out-4.csv", "out.csv"]);
}

/// The sample has devices of every kind. Partner Center's file of it is checked without a problem, and leads to the same
/// file again.
#[test]
fn an_export_can_be_exported_again() {
    let folder = Folder::new();
    folder.write("fleet.csv", &sample("contoso-fleet.csv"));
    for (from, to) in [("fleet.csv", "one.csv"), ("one.csv", "two.csv")] {
        let output = folder.run(&format!("export {from} --to partner-center --output {to}"));
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert_eq!(stderr(&output), format!("Wrote 40 devices to {to}\n"));
    }
    assert_eq!(folder.read("one.csv"), folder.read("two.csv"));
    let checked = folder.run("check one.csv");
    assert_eq!(stdout(&checked), "40 rows: 40 devices would be sent; no problems found\n");
}

#[test]
fn standard_input_can_be_exported() {
    use std::io::Write as _;
    let mut command = pcdevices(&["export", "-", "--to", "corporate-identifiers", "-o", "-"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let rows = format!("{HEADER}S1,,,Contoso,Book\n");
    child.stdin.take().unwrap().write_all(rows.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), stdout(&output)), (Some(0), "Contoso,Book,S1\r\n"));
}

/// An export contains whole hardware hashes, so only its owner can read it; messages contain none.
#[test]
fn hashes_are_only_in_the_output() {
    let folder = Folder::new();
    let hash = hash_of_sample();
    folder.write("fleet.csv", &format!("{HEADER}0F009470309,,{hash},,\n,,{hash}B,,\n"));
    let output = folder.run("export fleet.csv --to intune --output out.csv --skip-invalid");
    assert_eq!(output.status.code(), Some(3));
    assert!(!stderr(&output).contains(&hash[..32]) && stdout(&output).is_empty());
    assert!(folder.read("out.csv").contains(&hash));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(folder.path().join("out.csv")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
