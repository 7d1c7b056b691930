//! Line counts, and imports of small crates in a temporary directory.

use std::fs;
use std::path::PathBuf;

use super::cycles::cycles;
use super::modules::{Import, imports};
use super::{MAX_LINES, counted_lines};

/// The source directory of a crate, which is removed when the value is dropped.
struct Source(PathBuf);

impl Source {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let directory = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        for (file, text) in files {
            let path = directory.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Self(directory)
    }

    fn imports(&self) -> Vec<Import> {
        imports(&self.0).unwrap()
    }

    fn edges(&self) -> Vec<String> {
        self.imports().iter().map(|import| format!("{} -> {}", import.from, import.to)).collect()
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn finds_imports_in_use_items_and_in_code() {
    let source = Source::new(
        "imports",
        &[
            ("lib.rs", "mod a;\nmod b;\npub use b::deep::Deep;\nfn f() { a::f(); }"),
            (
                "a.rs",
                "use crate::{Deep, b::{self, other}};\npub fn f() { b::f(); std::mem::take(&mut 1); }",
            ),
            ("b/mod.rs", "pub mod deep;\npub fn f() {}\npub fn other() {}"),
            ("b/deep.rs", "pub struct Deep;\nimpl Deep { fn f() { super::super::a::f() } }"),
        ],
    );
    let expected = [
        "a.rs -> b/deep.rs",
        "a.rs -> b/mod.rs",
        "b/deep.rs -> a.rs",
        "lib.rs -> a.rs",
        "lib.rs -> b/deep.rs",
    ];
    assert_eq!(source.edges(), expected);
}

#[test]
fn ignores_tests_and_imports_within_a_file() {
    let source = Source::new(
        "tests",
        &[
            ("lib.rs", "mod a;\nmod b { pub fn f() { super::g() } }\nfn g() { b::f() }"),
            ("a.rs", "#[cfg(test)]\nmod tests { use crate::b; }\n#[cfg(test)]\nuse crate::b::f;"),
        ],
    );
    assert_eq!(source.edges(), Vec::<String>::new());
}

#[test]
fn reports_a_cycle_and_the_shortest_one_in_it() {
    let source = Source::new(
        "cycle",
        &[
            ("lib.rs", "mod a;\nmod b;\nmod c;\nmod d;"),
            ("a.rs", "use crate::b::B;\nuse crate::c::C;\npub struct A;"),
            ("b.rs", "use crate::c::C;\npub struct B;"),
            ("c.rs", "use crate::a::A;\npub struct C;"),
            ("d.rs", "use crate::a::A;"),
        ],
    );
    let found = cycles(&source.imports());
    assert_eq!(found.len(), 1);
    assert_eq!(Vec::from_iter(&found[0].files), ["a.rs", "b.rs", "c.rs"]);
    let shortest: Vec<_> = found[0].shortest.iter().map(|import| import.path.as_str()).collect();
    assert_eq!(shortest, ["crate::c::C", "crate::a::A"]);
}

#[test]
fn accepts_a_type_and_its_builder() {
    let source = Source::new(
        "builder",
        &[
            ("lib.rs", "mod client;\nmod client_builder;"),
            ("client.rs", "use crate::client_builder::Builder;\npub struct Client;"),
            ("client_builder.rs", "use crate::client::Client;\npub struct Builder;"),
        ],
    );
    assert_eq!(source.edges().len(), 2);
    assert!(cycles(&source.imports()).is_empty());
}

#[test]
fn counts_lines_without_tests_tables_and_generated_code() {
    let code = "fn f() {}\n".repeat(MAX_LINES);
    assert_eq!(counted_lines(&code), MAX_LINES);
    assert_eq!(
        counted_lines(&format!("{code}#[cfg(test)]\nmod tests {{\n    fn t() {{}}\n}}\n")),
        MAX_LINES
    );
    assert_eq!(
        counted_lines(&format!("{code}#[cfg(test)]\nmod tests;\nfn g() {{}}\n")),
        MAX_LINES + 1
    );
    assert_eq!(
        counted_lines("pub(crate) const A: [u8; 2] = [\n    1,\n    2,\n];\nfn f() {}\n"),
        2
    );
    assert_eq!(counted_lines(&format!("// @generated\n{code}")), 0);
}
