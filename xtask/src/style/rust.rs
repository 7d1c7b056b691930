//! Extracts the passages of Rust source: doc comments, comments, string literals and test names.

use ra_ap_rustc_lexer::{DocStyle, FrontmatterAllowed, LiteralKind, TokenKind, tokenize};

use super::markdown::markdown;
use super::passage::{Kind, Passage, without_placeholders};

/// Consecutive line comments of one style, without their slashes.
struct Block {
    style: Option<DocStyle>,
    first_line: usize,
    last_line: usize,
    text: String,
}

impl Block {
    fn kind(&self) -> Kind {
        if self.style.is_some() { Kind::Rustdoc } else { Kind::Comments }
    }
}

/// The attributes read so far, for the next `fn`.
#[derive(Default)]
struct Attributes {
    depth: usize,
    test: bool,
}

pub(super) fn passages(source: &str) -> Vec<Passage> {
    let mut found = Vec::new();
    let mut block: Option<Block> = None;
    let mut attributes = Attributes::default();
    let mut after_fn = false;
    let (mut offset, mut line) = (0, 1);
    for token in tokenize(source, FrontmatterAllowed::No) {
        let text = &source[offset..offset + token.len as usize];
        match token.kind {
            TokenKind::LineComment { doc_style } => {
                add_line(&mut block, &mut found, doc_style, text, line);
            }
            TokenKind::Whitespace => {}
            kind => {
                flush(&mut block, &mut found);
                match kind {
                    TokenKind::BlockComment { doc_style, .. } => {
                        let kind = if doc_style.is_some() { Kind::Rustdoc } else { Kind::Comments };
                        found.extend(markdown(kind, &without_stars(text), line));
                    }
                    TokenKind::Literal { kind: LiteralKind::Str { .. }, .. } => {
                        found.extend(string(&unescape(text), line));
                    }
                    TokenKind::Literal { kind: LiteralKind::RawStr { .. }, .. } => {
                        found.extend(string(text.trim_matches(['r', '#', '"']), line));
                    }
                    TokenKind::Ident if after_fn && attributes.test => {
                        let mut name = Passage::new(Kind::TestNames);
                        name.push(&text.replace('_', " "), line);
                        found.push(name);
                        attributes.test = false;
                    }
                    kind => attributes.read(kind, text),
                }
                after_fn = kind == TokenKind::Ident && text == "fn";
            }
        }
        offset += token.len as usize;
        line += text.matches('\n').count();
    }
    flush(&mut block, &mut found);
    found
}

impl Attributes {
    fn read(&mut self, kind: TokenKind, text: &str) {
        match kind {
            TokenKind::OpenBracket => self.depth += 1,
            TokenKind::CloseBracket => self.depth = self.depth.saturating_sub(1),
            TokenKind::Ident if self.depth == 1 && text == "test" => self.test = true,
            TokenKind::OpenBrace | TokenKind::CloseBrace | TokenKind::Semi => self.test = false,
            _ => {}
        }
    }
}

fn add_line(
    block: &mut Option<Block>,
    found: &mut Vec<Passage>,
    style: Option<DocStyle>,
    text: &str,
    line: usize,
) {
    let text = text.trim_end().trim_start_matches(['/', '!']);
    if let Some(open) = block
        && open.style == style
        && open.last_line + 1 == line
    {
        open.text.push('\n');
        open.text.push_str(text.strip_prefix(' ').unwrap_or(text));
        open.last_line = line;
        return;
    }
    flush(block, found);
    let text = text.strip_prefix(' ').unwrap_or(text).to_owned();
    *block = Some(Block { style, first_line: line, last_line: line, text });
}

fn flush(block: &mut Option<Block>, found: &mut Vec<Passage>) {
    if let Some(block) = block.take() {
        found.extend(markdown(block.kind(), &block.text, block.first_line));
    }
}

/// Returns the text of a block comment, without the stars that start its lines.
fn without_stars(text: &str) -> String {
    let text = text.trim_start_matches(['/', '*', '!']).trim_end_matches(['/', '*']);
    let lines = text.lines().map(|line| line.trim_start().trim_start_matches('*'));
    lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

/// Returns the text of a string literal. `\n` becomes a vertical tab, at which [`string`] splits; other escapes become
/// spaces.
fn unescape(literal: &str) -> String {
    let literal = literal.trim_start_matches(['b', 'c']);
    let literal = literal.strip_prefix('"').unwrap_or(literal);
    let literal = literal.strip_suffix('"').unwrap_or(literal);
    let mut text = String::with_capacity(literal.len());
    let mut chars = literal.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => text.push('\u{B}'),
                Some('\n') => text.push('\n'),
                Some(quote @ ('"' | '\'')) => text.push(quote),
                _ => text.push(' '),
            },
            c => text.push(c),
        }
    }
    text
}

/// Returns the prose of a string literal: one passage for each line of its value.
fn string(text: &str, line: usize) -> Vec<Passage> {
    let mut found = Vec::new();
    let mut line = line;
    for part in text.split('\u{B}') {
        let mut passage = Passage::new(Kind::Strings);
        passage.push(&without_placeholders(part), line);
        line += part.matches('\n').count();
        if passage.is_prose() {
            found.push(passage);
        }
    }
    found
}
