//! The limits of texts that the state remembers and of texts that errors repeat.

/// The maximum length of a text, in bytes. A hardware hash has about 4,000.
pub(crate) const MAX_TEXT: usize = 16 << 10;

/// The problem with a text that is longer than [`MAX_TEXT`].
pub(crate) const TOO_LONG: &str = "must have at most 16384 bytes";

/// The length of the start and of the end that is kept of a long message, in characters.
const KEPT: usize = 200;

/// Shortens the message of a parser, which repeats an unknown name of any length. The start has the reason, and the end
/// the position.
pub(crate) fn shortened(message: impl Into<String>) -> String {
    let message = message.into();
    let count = message.chars().count();
    if count <= 2 * KEPT {
        return message;
    }
    let start: String = message.chars().take(KEPT).collect();
    let end: String = message.chars().skip(count - KEPT).collect();
    format!("{start} […] {end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_messages_keep_their_start_and_end() {
        assert_eq!(shortened("é".repeat(400)), "é".repeat(400));
        let long = format!("unknown field `{}` at line 3", "é".repeat(1_000_000));
        let short = shortened(long);
        assert!(
            short.starts_with("unknown field `é") && short.ends_with("é` at line 3"),
            "{short}"
        );
        assert_eq!(short.chars().count(), 405);
    }
}
