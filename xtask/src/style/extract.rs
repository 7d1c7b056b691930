//! Extracts the passages of a file, by its type.

use std::path::Path;

use super::markdown::{flush, markdown, without_urls};
use super::passage::{Kind, Passage, without_placeholders};
use super::rust;

/// Returns true if a file may contain prose, by its extension.
pub(super) fn is_checked(path: &Path) -> bool {
    matches!(
        extension(path),
        "rs" | "md"
            | "toml"
            | "yaml"
            | "yml"
            | "html"
            | "snap"
            | "sh"
            | "py"
            | "run"
            | "gitattributes"
            | "gitignore"
    )
}

/// Returns the extension, or the whole name of a file without one.
fn extension(path: &Path) -> &str {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.rsplit_once('.').map_or(name, |(_, extension)| extension)
}

/// Returns the passages of a file, by its extension.
pub(super) fn passages(path: &Path, text: &str) -> Vec<Passage> {
    match extension(path) {
        "rs" => rust::passages(text),
        "md" => markdown(Kind::Markdown, text, 1),
        "html" => html(text),
        "snap" => snapshot(text),
        "yaml" | "yml" => hash_comments(text).into_iter().chain(descriptions(text)).collect(),
        _ => hash_comments(text),
    }
}

/// Returns the comments that start with `#`, at the start of a line or after white space.
fn hash_comments(text: &str) -> Vec<Passage> {
    let mut found = Vec::new();
    let mut passage = Passage::new(Kind::Comments);
    let mut last_line = 0;
    for (number, line) in (1..).zip(text.lines()) {
        let Some((code, comment)) = split_comment(line) else { continue };
        if !code.trim().is_empty() || last_line + 1 != number || comment.trim().is_empty() {
            flush(&mut passage, &mut found);
        }
        passage.push(&without_urls(&without_placeholders(comment)), number);
        passage.push(" ", number);
        last_line = number;
    }
    flush(&mut passage, &mut found);
    found
}

/// Splits a line at the `#` that starts its comment.
fn split_comment(line: &str) -> Option<(&str, &str)> {
    let is_start = |(at, _): &(usize, &str)| {
        let before = &line[..*at];
        let after = &line[at + 1..];
        (before.is_empty() || before.ends_with([' ', '\t']))
            && (after.is_empty() || after.starts_with(' '))
            && before.matches('"').count().is_multiple_of(2)
            && before.matches('\'').count().is_multiple_of(2)
    };
    let (at, _) = line.match_indices('#').find(is_start)?;
    Some((&line[..at], &line[at + 1..]))
}

/// Returns the values of `description` and `summary` in YAML, whose lines are indented deeper than the key.
fn descriptions(text: &str) -> Vec<Passage> {
    let mut found = Vec::new();
    let mut lines = (1..).zip(text.lines()).peekable();
    while let Some((number, line)) = lines.next() {
        let start = line.trim_start().trim_start_matches("- ");
        let Some((key, value)) = start.split_once(':') else { continue };
        if !matches!(key, "description" | "summary" | "title") {
            continue;
        }
        let indent = line.len() - start.len();
        let deeper = |line: &str| line.len() - line.trim_start().len() > indent;
        let mut prose = value.trim_start_matches([' ', '|', '>', '-', '"', '\'']).to_owned();
        while let Some((_, next)) = lines.next_if(|(_, l)| l.trim().is_empty() || deeper(l)) {
            prose.push('\n');
            prose.push_str(next.trim_start());
        }
        found.extend(markdown(Kind::Markdown, &prose, number));
    }
    found
}

/// Returns the lines of a snapshot that are prose, without the head that names its test.
fn snapshot(text: &str) -> Vec<Passage> {
    let head = text.match_indices("\n---").next().map_or(0, |(at, _)| at + 4);
    let first = 1 + text[..head].matches('\n').count();
    let mut found = Vec::new();
    for (number, line) in (first..).zip(text[head..].lines()) {
        let mut passage = Passage::new(Kind::Strings);
        passage.push(&without_urls(&without_placeholders(line)), number);
        if passage.is_prose() {
            found.push(passage);
        }
    }
    found
}

/// Returns the text of a page, and the prose of the strings and comments in its scripts.
fn html(text: &str) -> Vec<Passage> {
    let mut found = Vec::new();
    let mut rest = text;
    let mut line = 1;
    while let Some(start) = rest.find('<') {
        found.extend(page_text(&rest[..start], line));
        let skipped = ["script", "style"].iter().find(|tag| rest[start + 1..].starts_with(**tag));
        let end = match skipped {
            Some(tag) => rest[start..].find(&format!("</{tag}")).map(|at| start + at + 2),
            None => rest[start..].find('>').map(|at| start + at + 1),
        };
        let end = end.unwrap_or(rest.len());
        if skipped.is_some_and(|tag| *tag == "script") {
            found.extend(script(&rest[start..end], line + rest[..start].matches('\n').count()));
        }
        line += rest[..end].matches('\n').count();
        rest = &rest[end..];
    }
    found
}

fn page_text(text: &str, line: usize) -> Option<Passage> {
    let mut passage = Passage::new(Kind::Strings);
    passage.push(&without_placeholders(&text.replace("{{", "{").replace("}}", "}")), line);
    passage.is_prose().then_some(passage)
}

fn script(text: &str, first: usize) -> Vec<Passage> {
    let mut found = Vec::new();
    for (number, line) in (first..).zip(text.lines()) {
        let (code, comment) = match line.find("// ") {
            Some(at) => line.split_at(at),
            None => (line, ""),
        };
        if !comment.is_empty() {
            found.extend(markdown(Kind::Comments, comment.trim_start_matches('/').trim(), number));
        }
        for string in code.split(['"', '`', '\'']).skip(1).step_by(2) {
            found.extend(page_text(string, number));
        }
    }
    found
}
