//! Extracts the passages of Markdown, and of doc comments and comments, which are read as Markdown.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::passage::{CODE, Kind, Passage};

/// Returns the prose of Markdown, without code, link targets and HTML.
pub(super) fn markdown(kind: Kind, text: &str, first_line: usize) -> Vec<Passage> {
    let mut found = Vec::new();
    let mut passage = Passage::new(kind);
    let mut in_code = false;
    let line = |offset: usize| first_line + text[..offset].matches('\n').count();
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Start(tag) if !is_inline(&tag.to_end()) => flush(&mut passage, &mut found),
            Event::End(tag) if !is_inline(&tag) => flush(&mut passage, &mut found),
            Event::Text(text) if !in_code => passage.push(&without_urls(&text), line(range.start)),
            Event::Code(_) => passage.push(&CODE.to_string(), line(range.start)),
            Event::SoftBreak | Event::HardBreak => passage.push(" ", line(range.start)),
            _ => {}
        }
    }
    flush(&mut passage, &mut found);
    found
}

fn is_inline(tag: &TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link | TagEnd::Image | TagEnd::Strikethrough
    )
}

/// Moves a passage to `found` if it has words.
pub(super) fn flush(passage: &mut Passage, found: &mut Vec<Passage>) {
    let next = Passage::new(passage.kind);
    let passage = std::mem::replace(passage, next);
    if passage.words() > 0 {
        found.push(passage);
    }
}

/// Replaces URLs with [`CODE`].
pub(super) fn without_urls(text: &str) -> String {
    let is_url = |word: &str| word.contains("://");
    let word = |word: &str| if is_url(word) { CODE.to_string() } else { word.to_owned() };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}
