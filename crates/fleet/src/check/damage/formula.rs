//! Recognizes formulas of a spreadsheet.

use crate::check::cell_problem::CellProblem;
use crate::check::quoted::quoted;
use crate::check::rule::Rule;
use crate::input::Field;

/// Finds a formula such as `=VLOOKUP(A2,Sheet1!A:B,2)`, `=cmd|'/C calc'!A0`, `+A1`, `@SUM(1,2)` or `-1+1`. The reader has removed the
/// signs of `="00123"` before.
pub(super) fn find(field: Field, text: &str) -> Option<CellProblem> {
    let noun = field.noun();
    let (first, rest) = text.split_at_checked(1)?;
    let has_operator = || rest.contains(['+', '*', '(', '!', '|']) || is_difference(rest);
    match first {
        "=" | "+" | "@" => {}
        "-" if has_operator() => {}
        _ => return None,
    }
    let message = format!("{} is a formula, not a {noun}", quoted(text));
    Some(CellProblem::unusable(Rule::Formula, message))
}

/// Matches the rest of `-1-1`.
fn is_difference(text: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once(['-', '/']).is_some_and(|(one, other)| is_number(one) && is_number(other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::cell_problem::tests::short;

    #[test]
    fn recognizes_formulas() {
        let formula = "formula";
        for (text, expected) in [
            ("=VLOOKUP(A2,Sheet1!A:B,2,FALSE)", formula),
            ("=cmd|' /C calc'!A0", formula),
            ("=A1+B1", formula),
            ("=", formula),
            ("+A1", formula),
            ("+49 170 1234567", formula),
            ("@SUM(1+1)", formula),
            ("-1+1", formula),
            ("-2-3", formula),
            ("-SUM(A1)", formula),
            ("#CT0001", ""),
            ("CT0001", ""),
            ("-CT0001", ""),
            ("-", ""),
            ("PF-3ABCDE", ""),
            ("A+B", ""),
            ("CT0001#1", ""),
            ("Ü", ""),
            ("", ""),
        ] {
            assert_eq!(short(find(Field::SerialNumber, text)), expected, "{text}");
        }
    }
}
