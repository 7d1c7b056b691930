//! A passage: a paragraph, string literal or name, with the line of each part of it.

/// The kinds of text that are counted separately.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Markdown,
    Strings,
    Rustdoc,
    Comments,
    TestNames,
}

impl Kind {
    pub(super) const ALL: [Self; 5] =
        [Self::Markdown, Self::Strings, Self::Rustdoc, Self::Comments, Self::TestNames];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Markdown => "Markdown",
            Self::Strings => "strings and output",
            Self::Rustdoc => "rustdoc",
            Self::Comments => "comments",
            Self::TestNames => "test names",
        }
    }
}

/// Stands for code, a URL or a placeholder in a passage. It is not a word.
pub(super) const CODE: char = '\u{FFFC}';

/// A text in which patterns match across line breaks.
#[derive(Debug)]
pub(super) struct Passage {
    pub(super) kind: Kind,
    /// The text, with single spaces between words.
    pub(super) text: String,
    /// The offset in `text` at which each source line starts.
    lines: Vec<(usize, usize)>,
}

impl Passage {
    pub(super) fn new(kind: Kind) -> Self {
        Self { kind, text: String::new(), lines: Vec::new() }
    }

    /// Adds text that starts on a line of the file. Runs of white space become one space.
    pub(super) fn push(&mut self, text: &str, mut line: usize) {
        self.lines.push((self.text.len(), line));
        for c in text.chars() {
            if c == '\n' {
                line += 1;
            }
            if !c.is_whitespace() {
                self.text.push(c);
            } else if !self.text.ends_with(' ') {
                self.text.push(' ');
            }
            if c == '\n' {
                self.lines.push((self.text.len(), line));
            }
        }
    }

    /// Returns the line of the file that the byte at `offset` comes from.
    pub(super) fn line(&self, offset: usize) -> usize {
        let after = self.lines.partition_point(|(start, _)| *start <= offset);
        after.checked_sub(1).map_or(1, |at| self.lines[at].1)
    }

    pub(super) fn words(&self) -> usize {
        let letters = |word: &&str| word.chars().any(char::is_alphabetic);
        self.text.split([' ', CODE]).filter(letters).count()
    }

    /// Returns true if the text is prose rather than a value: it has at least two lower-case words in a row.
    pub(super) fn is_prose(&self) -> bool {
        let text = self.text.trim();
        let is_data =
            text.starts_with(['{', '[', '<', '/', '$', '&', '#', '|']) || text.contains("://");
        !is_data && !is_sql(text) && has_two_words(text)
    }

    /// Returns each sentence with its offset.
    pub(super) fn sentences(&self) -> Vec<(usize, &str)> {
        let mut sentences = Vec::new();
        let mut start = 0;
        for (space, _) in self.text.match_indices(' ') {
            let end = self.text[start..space].trim_end_matches(['"', '\'', ')', '*']);
            if end.ends_with(['.', '!', '?']) && !end.ends_with("e.g.") && !end.ends_with("i.e.") {
                sentences.push((start, &self.text[start..space]));
                start = space + 1;
            }
        }
        sentences.push((start, &self.text[start..]));
        for (offset, sentence) in &mut sentences {
            let trimmed = sentence.trim_start_matches(|c: char| !c.is_alphanumeric() && c != CODE);
            *offset += sentence.len() - trimmed.len();
            *sentence = trimmed.trim_end();
        }
        sentences
    }
}

fn is_sql(text: &str) -> bool {
    let statements =
        ["SELECT ", "INSERT ", "UPDATE ", "DELETE FROM ", "CREATE ", "DROP ", "PRAGMA ", "ALTER "];
    statements.iter().any(|statement| text.starts_with(statement)) || text.contains(" IS NOT ")
}

fn has_two_words(text: &str) -> bool {
    let is_word = |word: &str| {
        let word = word.trim_matches(|c: char| c.is_ascii_punctuation());
        word.chars().count() > 1 && word.chars().all(|c| c.is_lowercase() || "'-".contains(c))
    };
    let words: Vec<_> = text.split_whitespace().map(is_word).collect();
    words.windows(2).any(|pair| pair[0] && pair[1])
}

/// Replaces `{…}` and code between backticks.
pub(super) fn without_placeholders(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(['{', '`']) {
        let close = if rest[start..].starts_with('{') { '}' } else { '`' };
        plain.push_str(&rest[..start]);
        let Some(length) = rest[start + 1..].find(close) else {
            rest = &rest[start..];
            break;
        };
        let inside = &rest[start..start + 1 + length];
        plain.push(CODE);
        plain.extend(inside.matches('\n'));
        rest = &rest[start + length + 2..];
    }
    plain + rest
}
