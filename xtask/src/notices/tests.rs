use std::path::PathBuf;

use serde_json::{Value, json};

use super::expression::{Standard, standard};
use super::packages::{PROGRAM, Package, of_program};
use super::{Licensed, Text, is_license_file, normalized, print};

fn package(name: &str, license: Option<&str>) -> Package {
    Package {
        name: name.to_owned(),
        version: "1.0.0".to_owned(),
        license: license.map(str::to_owned),
        repository: Some(format!("https://example.com/{name}")),
        authors: vec!["Ann".to_owned(), "Ben".to_owned()],
        folder: PathBuf::new(),
    }
}

fn licensed(name: &str, license: Option<&str>, texts: &[(&str, &str)]) -> Licensed {
    let texts = texts
        .iter()
        .map(|(file, content)| Text { file: (*file).to_owned(), content: (*content).to_owned() });
    Licensed { package: package(name, license), texts: texts.collect() }
}

fn metadata(dependencies: &[(&str, &str, Value)]) -> Value {
    let names = [PROGRAM, "ours", "a", "b", "c", "d"];
    let packages = names.map(|name| {
        let source =
            if name == PROGRAM || name == "ours" { Value::Null } else { json!("registry") };
        json!({ "id": name, "name": name, "version": "1.0.0", "source": source, "authors": [],
            "manifest_path": format!("/crates/{name}/Cargo.toml"), "license": "MIT" })
    });
    let nodes = names.map(|name| {
        let deps = dependencies.iter().filter(|(user, ..)| *user == name);
        let deps = deps.map(|(_, used, kinds)| json!({ "pkg": used, "dep_kinds": kinds }));
        json!({ "id": name, "deps": deps.collect::<Vec<_>>() })
    });
    json!({ "packages": packages, "resolve": { "nodes": nodes } })
}

#[test]
fn lists_normal_and_build_dependencies_but_not_those_of_tests() {
    let normal = json!([{ "kind": null, "target": null }]);
    let found = of_program(&metadata(&[
        (PROGRAM, "ours", normal.clone()),
        ("ours", "b", json!([{ "kind": "dev" }, { "kind": null, "target": "cfg(windows)" }])),
        ("b", "a", json!([{ "kind": "build", "target": null }])),
        (PROGRAM, "c", json!([{ "kind": "dev", "target": null }])),
        ("c", "d", normal),
    ]));
    let found = found.unwrap();
    let names: Vec<_> = found.iter().map(|package| package.name.as_str()).collect();
    assert_eq!(names, ["a", "b"]);
    assert_eq!(found[0].folder, PathBuf::from("/crates/a"));
}

#[test]
fn license_files_are_found_by_name() {
    for name in
        ["LICENSE", "license-mit", "LICENSE.md", "COPYING", "NOTICE", "Licence.txt", "UNLICENSE"]
    {
        assert!(is_license_file(name), "{name}");
    }
    for name in ["README.md", "license.rs", "licenses.json", "MY-LICENSE", "notice.h"] {
        assert!(!is_license_file(name), "{name}");
    }
}

#[test]
fn standard_texts_are_only_those_without_a_copyright_line() {
    for (expression, expected) in [
        ("MIT OR Apache-2.0", Some(Standard::Apache)),
        ("MIT/Apache-2.0", Some(Standard::Apache)),
        ("Apache-2.0 / MIT", Some(Standard::Apache)),
        ("MPL-2.0", Some(Standard::Mpl)),
        ("MIT", None),
        ("BSD-3-Clause OR ISC", None),
        ("Apache-2.0 AND ISC", None),
        ("Apache-2.0 WITH LLVM-exception", None),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", None),
        ("(Apache-2.0 AND BSD-3-Clause) OR Apache-2.0", None),
        ("", None),
    ] {
        assert_eq!(standard(expression), expected, "{expression}");
    }
}

#[test]
fn prints_equal_texts_once_with_the_crates_they_cover() {
    let crates = [
        licensed("a", Some("MIT"), &[("LICENSE", "the same")]),
        licensed(
            "b",
            Some("MIT OR ISC"),
            &[("LICENSE-ISC", "another"), ("LICENSE-MIT", "the same")],
        ),
        licensed("c", Some("MIT/Apache-2.0"), &[]),
    ];
    let printed = print(&crates, "Apache\n").unwrap();
    assert_eq!(printed.matches("the same").count(), 1, "{printed}");
    let line = "=".repeat(100);
    assert!(
        printed.contains(&format!(
            "{line}\na 1.0.0 (LICENSE)\nb 1.0.0 (LICENSE-MIT)\n{line}\n\nthe same\n"
        )),
        "{printed}"
    );
    assert!(printed.contains(
        "c 1.0.0\n  License: MIT/Apache-2.0\n  Repository: https://example.com/c\n  Authors: Ann, Ben\n  No license file"
    ), "{printed}");
    assert!(printed.ends_with(&format!("{line}\nc 1.0.0\n{line}\n\nApache\n")), "{printed}");
}

#[test]
fn crates_without_any_text_are_all_listed_in_the_error() {
    let mut without_source = licensed("d", Some("MPL-2.0"), &[]);
    without_source.package.repository = None;
    let crates = [
        licensed("a", Some("MIT"), &[]),
        licensed("b", None, &[]),
        licensed("c", None, &[("LICENSE", "text")]),
        without_source,
    ];
    let error = print(&crates, "Apache").unwrap_err().to_string();
    for name in ["a 1.0.0, license: MIT", "b 1.0.0, license: ", "d 1.0.0, license: MPL-2.0"] {
        assert!(error.contains(name), "{error}");
    }
    assert!(!error.contains("c 1.0.0"), "{error}");
}

#[test]
fn line_ends_and_outer_empty_lines_do_not_make_texts_differ() {
    assert_eq!(normalized("\u{feff}\r\n  MIT \r\n\r\ntext\r\n\r\n"), normalized("\n  MIT\n\ntext"));
}
