//! Suggestions for mistyped names.

/// Returns the known name that is most similar to a mistyped one.
pub(crate) fn closest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let alike = |one: &&str| strsim::jaro_winkler(&one.to_lowercase(), &name.to_lowercase());
    let best = known.map(|one| (alike(&one), one)).max_by(|one, other| one.0.total_cmp(&other.0));
    best.filter(|(likeness, _)| *likeness >= 0.8).map(|(_, one)| one)
}
