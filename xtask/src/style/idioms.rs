//! The patterns of `idioms.txt`, and the search for them in a passage.

use anyhow::{Context, Result};
use regex::Regex;

use super::passage::Passage;

/// The list of idioms. Its first lines describe the format.
const LIST: &str = include_str!("idioms.txt");

struct Idiom {
    pattern: Regex,
    exception: Option<Regex>,
    suggestion: &'static str,
}

/// All patterns.
pub(super) struct Idioms(Vec<Idiom>);

/// A phrase that was found.
#[derive(Debug)]
pub(super) struct Hit {
    pub(super) line: usize,
    pub(super) phrase: String,
    pub(super) suggestion: &'static str,
}

impl Idioms {
    pub(super) fn load() -> Result<Self> {
        let lines = LIST.lines().map(str::trim).filter(|line| !line.is_empty());
        let lines = lines.filter(|line| !line.starts_with('#'));
        lines.map(Idiom::parse).collect::<Result<_>>().map(Self)
    }

    /// Returns the idioms in a passage. If two patterns match a phrase, only the first one in the list counts.
    pub(super) fn find(&self, passage: &Passage) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut taken: Vec<std::ops::Range<usize>> = Vec::new();
        for (start, sentence) in passage.sentences() {
            for idiom in &self.0 {
                for range in idiom.find(sentence) {
                    let range = start + range.start..start + range.end;
                    if taken.iter().any(|t| t.start < range.end && range.start < t.end) {
                        continue;
                    }
                    let phrase = passage.text[range.clone()].to_owned();
                    let line = passage.line(range.start);
                    hits.push(Hit { line, phrase, suggestion: idiom.suggestion });
                    taken.push(range);
                }
            }
        }
        hits
    }
}

impl Idiom {
    /// Parses `PATTERN [unless EXCEPTION] => SUGGESTION`.
    fn parse(line: &'static str) -> Result<Self> {
        let (patterns, suggestion) =
            line.split_once(" => ").with_context(|| format!("no suggestion in '{line}'"))?;
        let (pattern, exception) = match patterns.split_once(" unless ") {
            Some((pattern, exception)) => (pattern, Some(exception)),
            None => (patterns, None),
        };
        let regex = |pattern: &str| {
            let pattern = pattern.trim();
            let anchored = match pattern.strip_prefix('^') {
                Some(rest) => format!(r"(?i)^(?:{rest})"),
                None => format!(r"(?i)\b(?:{pattern})"),
            };
            Regex::new(&anchored).with_context(|| format!("bad pattern '{pattern}'"))
        };
        Ok(Self {
            pattern: regex(pattern)?,
            exception: exception.map(regex).transpose()?,
            suggestion: suggestion.trim(),
        })
    }

    /// Returns the matches that do not overlap a match of the exception.
    fn find(&self, sentence: &str) -> Vec<std::ops::Range<usize>> {
        let exceptions: Vec<_> = match &self.exception {
            Some(exception) => exception.find_iter(sentence).map(|found| found.range()).collect(),
            None => Vec::new(),
        };
        let matches = self.pattern.find_iter(sentence).map(|found| found.range());
        let is_excepted = |range: &std::ops::Range<usize>| {
            exceptions.iter().any(|e| e.start < range.end && range.start < e.end)
        };
        matches.filter(|range| !is_excepted(range)).collect()
    }
}
