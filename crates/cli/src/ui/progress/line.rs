//! The line of progress: as much as fits in the terminal.

use std::time::Duration;

use indicatif::HumanCount;
use partner_center_devices::raw::printable;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// The content of a line of progress.
#[derive(Clone, Debug, Default)]
pub(crate) struct ProgressLine {
    /// The current work, or the reason of a wait.
    pub(crate) message: String,
    /// A shorter message, for narrow terminals.
    pub(crate) short_message: Option<String>,
    /// The number of things that are done, the number of all things, and their name.
    pub(crate) count: Option<(usize, usize, &'static str)>,
    /// The things that are done in a second.
    pub(crate) rate: Option<f64>,
    /// The time since the start; `None` hides it.
    pub(crate) elapsed: Option<Duration>,
    pub(crate) left: Option<Duration>,
}

/// The widths of the bar, the widest first. 0 hides it.
const BARS: [usize; 4] = [20, 10, 5, 0];

impl ProgressLine {
    /// Renders the line for this number of columns. The least useful parts are hidden first: the rate, the bar and the
    /// elapsed time. A message that is too long is truncated.
    pub(crate) fn render(&self, width: usize) -> String {
        let messages = [Some(&self.message), self.short_message.as_ref()];
        let messages: Vec<_> = messages.into_iter().flatten().collect();
        let messages = messages.into_iter().map(|message| printable::line(message));
        let mut shortest = String::new();
        for message in messages {
            if let Some(line) = self.fitting(&message, width) {
                return line;
            }
            shortest = message.into_owned();
        }
        let percent = self.count.map(|(done, total, _)| format!(" {} %", percent(done, total)));
        let percent = percent.unwrap_or_default();
        truncated(&shortest, width.saturating_sub(percent.width())) + &percent
    }

    /// Returns the longest line with a message that fits.
    fn fitting(&self, message: &str, width: usize) -> Option<String> {
        let elapsed = self.elapsed.map(duration);
        let left = self.left.and_then(remaining);
        let Some((done, total, unit)) = self.count else {
            let long = elapsed.map(|elapsed| format!("{message} ({elapsed})"));
            let lines = long.into_iter().chain([message.to_owned()]);
            return lines.into_iter().find(|line| line.width() <= width);
        };
        let percent = percent(done, total);
        let count = format!("{}/{} {unit}", HumanCount(done as u64), HumanCount(total as u64));
        let rate = self.rate.filter(|rate| *rate >= 0.1).map(per_second);
        for (bar, has_rate, has_elapsed, has_count) in [
            (0, true, true, true),
            (1, true, true, true),
            (1, false, true, true),
            (2, false, true, true),
            (3, false, true, true),
            (3, false, false, true),
            (3, false, false, false),
        ] {
            let mut head = message.to_owned();
            if BARS[bar] > 0 {
                head += &format!(" [{}]", filled(percent, BARS[bar]));
            }
            let mut parts = vec![format!("{head} {percent} %")];
            parts.extend(has_count.then(|| count.clone()));
            parts.extend(rate.clone().filter(|_| has_rate));
            parts.extend(elapsed.clone().filter(|_| has_elapsed));
            parts.extend(left.clone());
            let line = parts.join(", ");
            if line.width() <= width {
                return Some(line);
            }
        }
        let line = format!("{message} {percent} %");
        (line.width() <= width).then_some(line)
    }
}

/// Returns the share in percent. 100 only if everything is done.
pub(crate) fn percent(done: usize, total: usize) -> u8 {
    let percent = (done.min(total) as u128 * 100).checked_div(total as u128).unwrap_or_default();
    u8::try_from(percent).unwrap_or(100)
}

fn filled(percent: u8, width: usize) -> String {
    let filled = usize::from(percent) * width / 100;
    let head = if filled < width { ">" } else { "" };
    format!("{:width$}", "=".repeat(filled) + head)
}

fn per_second(rate: f64) -> String {
    if rate < 10.0 { format!("{rate:.1}/s") } else { format!("{}/s", HumanCount(rate as u64)) }
}

/// Formats a time: `8 s`, `1 min 30 s`, `2 h 5 min`.
pub(crate) fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 if seconds.is_multiple_of(60) => format!("{minutes} min"),
        60..3600 => format!("{minutes} min {} s", seconds % 60),
        _ if minutes == 0 => format!("{hours} h"),
        _ => format!("{hours} h {minutes} min"),
    }
}

/// Formats the remaining time in steps, because it is an estimate. Nothing for a second or less, or for more than two days.
fn remaining(time: Duration) -> Option<String> {
    let seconds = (time + Duration::from_millis(500)).as_secs();
    let step = match seconds {
        0..2 => return None,
        2..30 => 1,
        30..120 => 5,
        120..600 => 15,
        600..3600 => 60,
        3600..172_800 => 600,
        _ => return None,
    };
    let rounded = (seconds + step / 2) / step * step;
    Some(format!("{} left", duration(Duration::from_secs(rounded))))
}

/// Truncates a text to this number of columns.
fn truncated(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut used = 1; // for the `…`
    let fits = |c: &char| {
        used += c.width().unwrap_or_default();
        used <= width
    };
    let mut short: String = text.chars().take_while(fits).collect();
    if width > 0 {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use insta::assert_snapshot;
    use proptest::prelude::*;

    fn line() -> ProgressLine {
        ProgressLine {
            message: "sending".to_owned(),
            short_message: None,
            count: Some((8_400, 20_000, "devices")),
            rate: Some(93.4),
            elapsed: Some(Duration::from_secs(90)),
            left: Some(Duration::from_secs(124)),
        }
    }

    #[test]
    fn a_narrow_terminal_hides_the_least_useful_parts() {
        let lines: Vec<_> =
            [120, 80, 70, 60, 50, 40, 20, 8].map(|width| line().render(width)).to_vec();
        assert_snapshot!(lines.join("\n"), @"
        sending [========>           ] 42 %, 8,400/20,000 devices, 93/s, 1 min 30 s, 2 min left
        sending [====>     ] 42 %, 8,400/20,000 devices, 93/s, 1 min 30 s, 2 min left
        sending [==>  ] 42 %, 8,400/20,000 devices, 1 min 30 s, 2 min left
        sending 42 %, 8,400/20,000 devices, 1 min 30 s, 2 min left
        sending 42 %, 8,400/20,000 devices, 2 min left
        sending 42 %, 2 min left
        sending 42 %
        se… 42 %
        ");
        let busy = ProgressLine {
            message: "Partner Center is busy (429); retrying in 28 s".to_owned(),
            short_message: Some("busy (429); retrying in 28 s".to_owned()),
            ..line()
        };
        let lines: Vec<_> = [120, 80, 40].map(|width| busy.render(width)).to_vec();
        assert_snapshot!(lines.join("\n"), @"
        Partner Center is busy (429); retrying in 28 s [====>     ] 42 %, 8,400/20,000 devices, 93/s, 1 min 30 s, 2 min left
        Partner Center is busy (429); retrying in 28 s 42 %, 2 min left
        busy (429); retrying in 28 s 42 %
        ");
    }

    #[test]
    fn times_have_units() {
        for (seconds, shown, left) in [
            (0, "0 s", None),
            (1, "1 s", None),
            (9, "9 s", Some("9 s left")),
            (29, "29 s", Some("29 s left")),
            (59, "59 s", Some("1 min left")),
            (60, "1 min", Some("1 min left")),
            (63, "1 min 3 s", Some("1 min 5 s left")),
            (299, "4 min 59 s", Some("5 min left")),
            (609, "10 min 9 s", Some("10 min left")),
            (3600, "1 h", Some("1 h left")),
            (3901, "1 h 5 min", Some("1 h 10 min left")),
            (200_000, "55 h 33 min", None),
        ] {
            let time = Duration::from_secs(seconds);
            assert_eq!((duration(time).as_str(), remaining(time).as_deref()), (shown, left));
        }
    }

    proptest! {
        #[test]
        fn a_line_fits(
            message in "\\PC{0,60}",
            done in 0_usize..2_000_000,
            total in 1_usize..2_000_000,
            left in prop::option::of(0_u64..200_000),
            width in 8_usize..140,
        ) {
            let line = ProgressLine {
                message,
                count: Some((done, total, "devices")),
                left: left.map(Duration::from_secs),
                ..line()
            };
            let without_count = ProgressLine { count: None, ..line.clone() };
            for text in [line.render(width), without_count.render(width)] {
                prop_assert!(text.width() <= width, "{:?}", text);
            }
            prop_assert!(line.render(width).contains(" %"));
        }
    }
}
