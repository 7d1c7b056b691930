//! The names of the months in the languages of spreadsheets.

use super::letters::reduce;

/// Names without accents, in lower case: en, de, fr, es, pt, it, nl, pl, da and sv.
const MONTHS: &[&str] = &[
    "january",
    "januar",
    "janner",
    "janvier",
    "janeiro",
    "enero",
    "gennaio",
    "styczen",
    "february",
    "februar",
    "fevrier",
    "febrero",
    "fevereiro",
    "febbraio",
    "luty",
    "march",
    "marz",
    "mrz",
    "mars",
    "marco",
    "maart",
    "mrt",
    "april",
    "avril",
    "abril",
    "aprile",
    "kwiecien",
    "may",
    "mai",
    "mayo",
    "maio",
    "maggio",
    "mei",
    "maj",
    "june",
    "juni",
    "juin",
    "junio",
    "junho",
    "giugno",
    "czerwiec",
    "july",
    "juli",
    "juillet",
    "julio",
    "julho",
    "luglio",
    "lipiec",
    "august",
    "aout",
    "agosto",
    "augustus",
    "sierpien",
    "september",
    "septembre",
    "septiembre",
    "setembro",
    "settembre",
    "wrzesien",
    "october",
    "oktober",
    "octobre",
    "octubre",
    "outubro",
    "ottobre",
    "pazdziernik",
    "november",
    "novembre",
    "noviembre",
    "novembro",
    "listopad",
    "december",
    "dezember",
    "decembre",
    "diciembre",
    "dezembro",
    "dicembre",
    "grudzien",
];

/// Returns true for the name of a month, or for at least the first three letters of one.
pub(crate) fn is_month(word: &str) -> bool {
    let word = word.trim_end_matches('.');
    if word.len() < 3 || !word.starts_with(char::is_alphabetic) {
        return false; // true of most parts of values
    }
    let name = reduce(word);
    name.len() >= 3
        && name.len() >= word.chars().count()
        && MONTHS.iter().any(|month| month.starts_with(&*name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_abbreviations_are_recognized() {
        for (word, expected) in [
            ("Jan", true),
            ("janv.", true),
            ("Mai", true),
            ("M\u{e4}rz", true),
            ("MRZ", true),
            ("f\u{e9}vr.", true),
            ("ao\u{fb}t", true),
            ("Sept", true),
            ("dic", true),
            ("pa\u{17a}", true),
            ("September", true),
            ("Ja", false),
            ("Jen", false),
            ("Marvin", false),
            ("Janx", false),
            ("24", false),
            ("j-a-n", false),
            ("", false),
        ] {
            assert_eq!(is_month(word), expected, "{word}");
        }
    }
}
