//! Files with a token that another program renews.

use std::io;
use std::time::Duration;

/// Returns the delay before the file is read again, after it was read `reads` times. The program that renews the file may
/// empty or remove it before it writes the new token. `None` for other content, and after about two seconds in total.
#[must_use]
pub fn delay_before_reread(text: Result<&str, &io::Error>, reads: u32) -> Option<Duration> {
    const MILLISECONDS: [u64; 5] = [100, 200, 400, 600, 800];
    let may_be_renewed = match text {
        Ok(text) => text.trim_start_matches('\u{feff}').trim().is_empty(),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    };
    let delay = MILLISECONDS.get(usize::try_from(reads).ok()?.checked_sub(1)?);
    delay.filter(|_| may_be_renewed).map(|delay| Duration::from_millis(*delay))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_token_is_read_again_for_two_seconds() {
        let [missing, denied] = [io::ErrorKind::NotFound, io::ErrorKind::PermissionDenied];
        let (missing, denied) = (io::Error::from(missing), io::Error::from(denied));
        for (text, may_be_renewed) in [
            (Ok(""), true),
            (Ok("\u{feff}\r\n"), true),
            (Ok("token"), false),
            (Ok("two words"), false),
            (Err(&missing), true),
            (Err(&denied), false),
        ] {
            let total: Duration =
                (1..100).map_while(|reads| delay_before_reread(text, reads)).sum();
            let expected = if may_be_renewed { 2_100 } else { 0 };
            assert_eq!(total, Duration::from_millis(expected), "{text:?}");
            assert_eq!(delay_before_reread(text, 0), None);
        }
    }
}
