//! `cargo xtask book`: the book in `docs/` as HTML, in the folder `book` of the target folder.
//!
//! `docs/SUMMARY.md` lists the pages. They come from the whole repository, but mdBook reads one folder. So the pages, and the
//! files that they link, are copied to a folder with the layout of the repository: a relative link works in both. Only a README has
//! another name there, because mdBook makes it the index of its folder and does not change the links to it.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail, ensure};
use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::notices;

const FOLDER: &str = "docs";
const SUMMARY: &str = "SUMMARY.md";
/// Files of the book that no page links.
const SETTINGS: [&str; 2] = ["book.toml", "book.css"];

/// Builds the book with mdBook, which must be on the `PATH`. Warnings of mdBook are errors.
pub(crate) fn run(root: &Path) -> Result<ExitCode> {
    let metadata = notices::metadata(root, &[])?;
    let target = metadata["target_directory"].as_str().context("cargo metadata has no target")?;
    let book = Path::new(target).join("book");
    let pages = copy(root, &book)?;

    let output = Command::new("mdbook")
        .arg("build")
        .arg(&book)
        .output()
        .context("cannot run mdbook; install mdBook 0.5")?;
    let messages = String::from_utf8_lossy(&output.stderr);
    eprint!("{messages}");
    let is_clean = ["WARN", "ERROR"].iter().all(|level| !messages.contains(level));
    if !output.status.success() || !is_clean {
        return Ok(ExitCode::FAILURE);
    }
    println!("{}: {pages} pages", book.join("html/index.html").display());
    Ok(ExitCode::SUCCESS)
}

/// Copies everything that mdBook reads to `book`. Returns the number of pages.
fn copy(root: &Path, book: &Path) -> Result<usize> {
    let source = book.join("src");
    if source.exists() {
        std::fs::remove_dir_all(&source)
            .with_context(|| format!("cannot remove {}", source.display()))?;
    }
    std::fs::create_dir_all(&source)
        .with_context(|| format!("cannot create {}", source.display()))?;
    for name in SETTINGS {
        copy_file(&root.join(FOLDER).join(name), &book.join(name))?;
    }

    let path = Path::new(FOLDER).join(SUMMARY);
    let mut summary = read(&root.join(&path))?;
    let mut pages = BTreeSet::new();
    for link in links(&summary) {
        let page = target(&path, &link)?;
        let shown = in_book(&page.to_string_lossy().replace('\\', "/"));
        summary = summary.replace(&format!("]({link})"), &format!("]({shown})"));
        pages.insert(page);
    }
    write(&source.join(SUMMARY), &summary)?;

    for page in &pages {
        let mut text = read(&root.join(page))?;
        for link in links(&text) {
            let file = target(page, &link).with_context(|| page.display().to_string())?;
            if pages.contains(&file) {
                text = with_link(&text, &link, &in_book(&link));
                continue;
            }
            let is_page = file.extension().is_some_and(|extension| extension == "md");
            let shown = page.display();
            ensure!(!is_page, "{shown}: {link} is not in the book; add it to {FOLDER}/{SUMMARY}");
            ensure!(
                root.join(&file).is_file(),
                "{shown}: {link} is not a file; a book needs a link to a file"
            );
            copy_file(&root.join(&file), &source.join(&file))?;
        }
        write(&source.join(in_book(&page.to_string_lossy())), &text)?;
    }
    Ok(pages.len())
}

/// Returns the path of a page, or a link to one, in the book.
fn in_book(path: &str) -> String {
    match path.strip_suffix("README.md") {
        Some(folder) => format!("{folder}index.md"),
        None => path.to_owned(),
    }
}

/// Replaces the target of links and of definitions of links.
fn with_link(text: &str, old: &str, new: &str) -> String {
    let mut text = text.to_owned();
    for start in ["](", "]: "] {
        for end in [")", "#", "\n"] {
            text = text.replace(&format!("{start}{old}{end}"), &format!("{start}{new}{end}"));
        }
    }
    text
}

/// Returns the relative links and images of a page, without their fragments.
fn links(markdown: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        let (Event::Start(Tag::Link { dest_url, .. }) | Event::Start(Tag::Image { dest_url, .. })) =
            event
        else {
            continue;
        };
        let path = dest_url.split('#').next().unwrap_or_default();
        if !path.is_empty() && !path.contains(':') {
            found.insert(path.to_owned());
        }
    }
    found
}

/// Returns the path of a link's target in the repository.
fn target(page: &Path, link: &str) -> Result<PathBuf> {
    let folder = page.parent().unwrap_or(Path::new(""));
    let mut path = PathBuf::new();
    for component in folder.join(link).components() {
        match component {
            Component::Normal(name) => path.push(name),
            Component::ParentDir if path.pop() => {}
            Component::CurDir => {}
            _ => bail!("{link} leads out of the repository"),
        }
    }
    Ok(path)
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<()> {
    create_parent(path)?;
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

fn copy_file(from: &Path, to: &Path) -> Result<()> {
    create_parent(to)?;
    std::fs::copy(from, to).with_context(|| format!("cannot copy {}", from.display()))?;
    Ok(())
}

fn create_parent(path: &Path) -> Result<()> {
    let folder = path.parent().context("a file has no folder")?;
    std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_relative_and_without_fragments() {
        let text = "[a](b.md#c) ![d](e.png) [f](#g) [h](https://i.example/j.md) `[k](l.md)` [m][n]\n\n[n]: ../o.md\n";
        assert_eq!(links(text).into_iter().collect::<Vec<_>>(), ["../o.md", "b.md", "e.png"]);
    }

    #[test]
    fn a_readme_is_the_index_of_its_folder() {
        assert_eq!(in_book("crates/cli/README.md"), "crates/cli/index.md");
        assert_eq!(in_book("docs/windows.md"), "docs/windows.md");
        let text = "[a](../README.md#b) [c](../README.md) [d]\n\n[d]: ../README.md\n";
        let changed = "[a](../index.md#b) [c](../index.md) [d]\n\n[d]: ../index.md\n";
        assert_eq!(with_link(text, "../README.md", "../index.md"), changed);
    }

    #[test]
    fn a_target_is_relative_to_the_repository() {
        let page = Path::new("docs/first-fleet.md");
        assert_eq!(
            target(page, "../crates/cli/README.md").unwrap(),
            Path::new("crates/cli/README.md")
        );
        assert_eq!(target(page, "windows.md").unwrap(), Path::new("docs/windows.md"));
        assert!(target(page, "../../other.md").is_err());
    }
}
