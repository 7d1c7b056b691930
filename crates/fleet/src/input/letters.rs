//! Reduces texts to their letters, by which they are compared.

use std::borrow::Cow;

use icu_normalizer::DecomposingNormalizerBorrowed;

/// Reduces a name to its letters and digits: in lower case, without accents, and in their usual width.
pub(super) fn reduce(name: &str) -> Box<str> {
    let decomposed = match name.is_ascii() {
        true => Cow::Borrowed(name),
        false => DecomposingNormalizerBorrowed::new_nfkd().normalize(name),
    };
    let letters = decomposed.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect::<String>().into()
}
