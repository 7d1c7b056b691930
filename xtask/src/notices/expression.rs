//! License expressions: the license whose standard text can stand for a missing file.

/// A license whose text is the same for every crate, without a copyright line.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Standard {
    Apache,
    Mpl,
}

/// Returns the first license with a standard text that is one whole alternative of the expression.
///
/// `MIT/Apache-2.0` is an older form of `OR`. An expression with `AND`, `WITH` or brackets is not read: its crate needs a
/// license file.
pub(super) fn standard(expression: &str) -> Option<Standard> {
    let alternatives = expression.replace('/', " OR ");
    let known = alternatives.split(" OR ").map(|license| match license.trim() {
        "Apache-2.0" => Some(Standard::Apache),
        "MPL-2.0" => Some(Standard::Mpl),
        _ => None,
    });
    if expression.contains(['(', ')']) {
        return None;
    }
    known.flatten().next()
}
