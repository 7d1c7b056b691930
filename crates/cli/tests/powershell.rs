//! Compares the PowerShell module with the program: PowerShell is not needed. Its own tests are in `powershell/tests`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // fine in tests

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The verbs that the module uses, of <https://learn.microsoft.com/en-us/powershell/scripting/developer/cmdlet/approved-verbs-for-windows-powershell-commands>.
const APPROVED_VERBS: [&str; 8] =
    ["Connect", "Get", "Import", "New", "Remove", "Set", "Test", "Wait"];

#[test]
fn each_exported_function_has_an_approved_verb_help_examples_and_a_test() {
    let exported: BTreeSet<_> = exported_functions().into_iter().collect();
    let public = functions("Public");
    assert_eq!(exported, public.keys().cloned().collect(), "FunctionsToExport in the manifest");
    assert!(exported.len() > 10, "the manifest exports few functions: {exported:?}");
    let tests = read("powershell/tests/Commands.Tests.ps1");
    let readme = read("powershell/README.md");
    for (name, body) in &public {
        let verb = name.split('-').next().unwrap();
        assert!(APPROVED_VERBS.contains(&verb), "{name}: {verb} is not an approved verb");
        let help = body.split_once("<#").and_then(|(_, rest)| rest.split_once("#>"));
        let (help, code) = help.unwrap_or_else(|| panic!("{name} has no help"));
        for section in [".SYNOPSIS", ".DESCRIPTION", ".EXAMPLE"] {
            assert!(help.contains(section), "the help of {name} has no {section}");
        }
        let documented: BTreeSet<_> =
            lines_after(help, ".PARAMETER ").map(ToOwned::to_owned).collect();
        assert_eq!(documented, parameters(code), "the parameters in the help of {name}");
        assert!(tests.contains(&format!("Describe '{name}'")), "{name} has no test");
        assert!(readme.contains(&format!("`{name}`")), "{name} is not in powershell/README.md");
        let changes = ["Import", "New", "Remove", "Set"].contains(&verb);
        assert_eq!(code.contains("SupportsShouldProcess"), changes, "-WhatIf of {name}");
    }
}

#[test]
fn each_option_that_the_module_passes_exists_in_its_command() {
    let reference = options_of_commands();
    let mut checked = 0;
    for (name, body) in functions("Public").into_iter().chain(functions("Private")) {
        let commands: Vec<_> = quoted_after(&body, "-Command ")
            .into_iter()
            .chain(quoted_after(&body, "Command = "))
            .collect();
        for command in &commands {
            assert!(reference.contains_key(command), "{name}: there is no command '{command}'");
        }
        let options = passed_options(&body);
        checked += options.len();
        for option in options {
            let mut known = reference.iter().filter(|(command, _)| {
                commands.is_empty() || commands.contains(command) || command.is_empty()
            });
            assert!(
                known.any(|(_, options)| options.contains(&option)),
                "{name}: {option} is not an option of {commands:?}"
            );
        }
    }
    assert!(checked > 30, "only {checked} options were found");
}

#[test]
fn the_module_knows_the_exit_codes_of_the_program() {
    let reference = read("crates/cli/docs/cli.md");
    let (_, table) = reference.rsplit_once("## Exit codes").unwrap();
    let documented: BTreeSet<u32> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(' ').next()?.parse().ok())
        .collect();
    let known: BTreeSet<u32> = read("powershell/PartnerCenterDevices/Private/ExitCodes.ps1")
        .lines()
        .filter(|line| line.contains("= @{ Id = "))
        .filter_map(|line| line.split_whitespace().next()?.parse().ok())
        .collect();
    assert!(known.contains(&130));
    assert_eq!(known, documented);
}

#[test]
fn the_manifest_has_the_version_and_the_repository_of_the_program() {
    let repository = env!("CARGO_PKG_REPOSITORY");
    for line in [
        format!("ModuleVersion        = '{}'", env!("CARGO_PKG_VERSION")),
        format!("ProjectUri = '{repository}'"),
        format!("LicenseUri = '{repository}/blob/main/LICENSE-MIT'"),
    ] {
        assert!(manifest().contains(&line), "the manifest needs: {line}");
    }
}

/// The commands differ in their paths and variables, but not in their arguments.
#[test]
fn the_guide_for_windows_has_the_commands_of_the_first_fleet() {
    let guide = read("docs/windows.md").replace('\\', "/");
    let tour = read("docs/first-fleet.md");
    let blocks = tour.split("<!-- run -->\n").skip(1).filter_map(|rest| rest.split("```").nth(1));
    let commands: Vec<_> =
        blocks.flat_map(|block| lines_after(block, "$ ").map(ToOwned::to_owned)).collect();
    let commands: Vec<_> = commands.iter().filter(|line| line.starts_with("pcdevices ")).collect();
    assert!(commands.len() > 10, "{commands:?}");
    for command in commands {
        assert!(guide.lines().any(|line| line == command), "docs/windows.md needs: {command}");
    }
}

/// Each type that the module gives to its objects has columns, except one that is shown as a list.
#[test]
fn each_type_of_the_module_has_columns() {
    let format = read("powershell/PartnerCenterDevices/PartnerCenterDevices.format.ps1xml");
    let mut types = BTreeSet::new();
    for body in functions("Public").values().chain(functions("Private").values()) {
        types.extend(quoted_after(body, "-TypeName "));
    }
    assert!(types.remove("SignIn") && types.len() > 10, "{types:?}");
    for name in types {
        assert!(format.contains(&format!("<Name>PartnerCenterDevices.{name}</Name>")), "{name}");
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap().replace("\r\n", "\n")
}

fn manifest() -> String {
    read("powershell/PartnerCenterDevices/PartnerCenterDevices.psd1")
}

fn exported_functions() -> Vec<String> {
    let manifest = manifest();
    let (_, list) = manifest.split_once("FunctionsToExport    = @(").unwrap();
    let list = list.split_once(')').unwrap().0;
    list.split_whitespace().map(|name| name.trim_matches('\'').to_owned()).collect()
}

/// Returns the text of each function in a folder of the module.
fn functions(folder: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let folder = root().join("powershell/PartnerCenterDevices").join(folder);
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap().replace("\r\n", "\n");
        for part in format!("\n{text}").split("\nfunction ").skip(1) {
            let name = part.split_whitespace().next().unwrap();
            found.insert(name.to_owned(), part.to_owned());
        }
    }
    found
}

/// Returns the text after `start` of each line that starts with it.
fn lines_after<'a>(text: &'a str, start: &'a str) -> impl Iterator<Item = &'a str> {
    text.lines().filter_map(move |line| line.trim().strip_prefix(start))
}

/// Returns the names in the `param(...)` block of a function. Each is the last word of its line.
fn parameters(code: &str) -> BTreeSet<String> {
    let (_, block) = code.split_once("    param(\n").unwrap();
    let (block, _) = block.split_once("\n    )\n").unwrap();
    let without_default = |line: &str| line.split(" = ").next().unwrap_or_default().to_owned();
    let lines = block.lines().filter(|line| !line.trim().starts_with("[Parameter"));
    lines
        .filter_map(|line| {
            Some(without_default(line).split_once(" $")?.1.trim_end_matches(',').to_owned())
        })
        .collect()
}

/// Returns the texts in single quotes that follow `start`.
fn quoted_after(text: &str, start: &str) -> Vec<String> {
    let start = format!("{start}'");
    text.split(&start)
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('\'')?.0.to_owned()))
        .collect()
}

/// Returns the options in single quotes, without their values: `'--color=never'` is `--color`.
fn passed_options(body: &str) -> BTreeSet<String> {
    let code = body.rsplit("#>").next().unwrap();
    quoted_after(code, "")
        .into_iter()
        .chain(code.split('\'').map(ToOwned::to_owned))
        .filter(|text| text.starts_with("--") && text.len() > 2 && text != "--version")
        .filter(|text| text[2..].chars().all(|c| c.is_ascii_lowercase() || "-=".contains(c)))
        .map(|text| text.split('=').next().unwrap_or_default().to_owned())
        .collect()
}

/// Returns the options of each command in the reference. Options of all commands have an empty name.
fn options_of_commands() -> BTreeMap<String, BTreeSet<String>> {
    let reference = read("crates/cli/docs/cli.md");
    let mut found = BTreeMap::<String, BTreeSet<String>>::new();
    for section in reference.split("\n## ").skip(1) {
        let title = section.lines().next().unwrap_or_default();
        let command = match title.strip_prefix("pcdevices ") {
            Some(command) => command,
            None if ["Global options", "Service"].contains(&title) => "",
            None => continue,
        };
        let options = found.entry(command.to_owned()).or_default();
        for row in section.lines().filter_map(|line| line.strip_prefix("| `")) {
            let names = row.split('`').next().unwrap_or_default();
            let names = names.split([' ', ',', '[']).filter(|name| name.starts_with("--"));
            options.extend(names.map(|name| name.trim_end_matches('.').to_owned()));
        }
    }
    assert!(found[""].contains("--profile") && found["upload"].contains("--dry-run"));
    found
}
