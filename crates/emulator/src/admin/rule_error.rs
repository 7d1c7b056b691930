//! Explains why a JSON document cannot be read: the place, and the words that exist there.
//!
//! serde describes a problem only as a text, in the words of a programmer. A text that is not known here is shown unchanged.

use super::response::{Place, Problem};
use crate::domain::text_limit::shortened;

/// The names of types in messages of serde, with their meanings.
const TYPES: [(&str, &str); 13] = [
    ("u16", "a whole number"),
    ("u64", "a whole number"),
    ("i64", "a whole number"),
    ("a nonzero u64", "a whole number of at least 1"),
    ("f64", "a number"),
    ("a boolean", "true or false"),
    ("a string", "a text in quotation marks"),
    ("a map", "an object in braces"),
    ("a sequence", "a list in brackets"),
    ("struct Rule", "an object with an id and an effect"),
    ("struct RequestMatch", "an object with conditions"),
    ("struct ClockChange", "an object"),
    ("struct variant", "an object with the values of this effect"),
];

/// Describes an error in a document.
pub(super) fn explain(error: &serde_json::Error) -> Problem {
    let text = error.to_string();
    let (line, column) = (error.line(), error.column());
    let message = text.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&text);
    let (word, known) = unknown_word(message).unwrap_or_default();
    let error = match (&word, error.is_data()) {
        (Some(word), _) => explain_word(word, &known),
        (None, true) => explain_data(message),
        (None, false) => format!("This is not valid JSON: {message}."),
    };
    let word = word.map(shortened);
    Problem { error: shortened(error), place: Some(Place { line, column, word, known }) }
}

/// Splits ``unknown variant `x`, expected one of `y`, `z` `` into the word and the known words.
fn unknown_word(message: &str) -> Option<(Option<String>, Vec<String>)> {
    let rest = ["unknown variant `", "unknown field `"]
        .into_iter()
        .find_map(|start| message.strip_prefix(start))?;
    let (word, known) = rest
        .rsplit_once("`, expected ")
        .or_else(|| rest.rsplit_once("`, there are no "))
        .unwrap_or((rest, ""));
    let known = known.split('`').skip(1).step_by(2).map(ToOwned::to_owned).collect();
    Some((Some(word.to_owned()), known))
}

fn explain_word(word: &str, known: &[String]) -> String {
    let nearest = known
        .iter()
        .map(|other| (distance(&word.to_lowercase(), &other.to_lowercase()), other))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, other)| *distance <= 1 + other.len() / 4);
    match nearest {
        Some((_, other)) => format!("There is no `{word}` here. Did you mean `{other}`?"),
        None => format!("There is no `{word}` here."),
    }
}

fn explain_data(message: &str) -> String {
    if let Some(name) = message.strip_prefix("missing field ") {
        return format!("{name} is missing.");
    }
    let expected = message.rsplit_once(", expected ").map(|(_, expected)| expected);
    let expected = expected.and_then(|expected| TYPES.iter().find(|(name, _)| *name == expected));
    match expected {
        Some((_, meaning)) => format!("This must be {meaning}."),
        None => message.to_owned(),
    }
}

/// Returns the number of letters to insert, delete or replace that turns one word into the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (place, letter) in from.chars().take(64).enumerate() {
        let mut diagonal = row[0];
        row[0] = place + 1;
        for (column, other) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault_injection::Rule;

    #[test]
    fn names_the_word_its_place_and_the_nearest_known_word() {
        let conditions =
            "operations signIn method customer pathContains from until nth every first probability";
        for (rule, error, word, known) in [
            (
                r#"{"id":"a","matching":{"evry":3},"effect":"gzip"}"#,
                "There is no `evry` here. Did you mean `every`?",
                Some("evry"),
                conditions,
            ),
            (
                r#"{"id":"a","matching":{"colour":3},"effect":"gzip"}"#,
                "There is no `colour` here.",
                Some("colour"),
                conditions,
            ),
            (
                r#"{"id":"a","effect":{"throttle":{"seconds":1,"retryAfter":"dates"}}}"#,
                "There is no `dates` here. Did you mean `date`?",
                Some("dates"),
                "seconds date none",
            ),
            (
                r#"{"id":"a","efect":"gzip"}"#,
                "There is no `efect` here. Did you mean `effect`?",
                Some("efect"),
                "id enabled matching effect",
            ),
            (r#"{"id":"a"}"#, "`effect` is missing.", None, ""),
            (r#"{"effect":"gzip"}"#, "`id` is missing.", None, ""),
            (
                r#"{"id":"a","effect":"throttle"}"#,
                "This must be an object with the values of this effect.",
                None,
                "",
            ),
            (
                r#"{"id":"a","matching":{"every":0},"effect":"gzip"}"#,
                "This must be a whole number of at least 1.",
                None,
                "",
            ),
            (
                r#"{"id":"a","matching":{"operations":"x"},"effect":"gzip"}"#,
                "This must be a list in brackets.",
                None,
                "",
            ),
            (r#"{"id":7,"effect":"gzip"}"#, "This must be a text in quotation marks.", None, ""),
            (r#"{"id":"a" "effect""#, "This is not valid JSON: expected `,` or `}`.", None, ""),
        ] {
            let problem = explain(&serde_json::from_str::<Rule>(rule).unwrap_err());
            assert_eq!(problem.error, error, "{rule}");
            let place = problem.place.unwrap();
            assert_eq!(place.word.as_deref(), word, "{rule}");
            assert_eq!(place.known.join(" "), known, "{rule}");
            assert_eq!(place.line, 1);
            assert!(place.column <= rule.len() && place.column > 0, "{rule} {}", place.column);
        }
        let effect = r#"{"id":"a","effect":{"trottle":{"seconds":1}}}"#;
        let problem = explain(&serde_json::from_str::<Rule>(effect).unwrap_err());
        assert_eq!(problem.error, "There is no `trottle` here. Did you mean `throttle`?");
        assert!(problem.place.unwrap().known.len() > 15);
    }
}
