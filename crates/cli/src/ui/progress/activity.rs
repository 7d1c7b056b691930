//! The current work of the program. If it takes longer than a second, a terminal shows it, unless there is a bar.
//!
//! The state belongs to the process, as the terminal does: everything that is printed has to hide it first.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use tokio::time::Instant;

use super::line::{ProgressLine, duration};
use crate::ui::terminal_width::stderr_width;

/// A wait is shown after this time.
const SHOWN_AFTER: Duration = Duration::from_secs(1);
/// The line stays for this time between two calls.
const STAYS: Duration = Duration::from_millis(400);
/// How often the state is looked at.
const TICK: Duration = Duration::from_millis(200);

static ACTIVITY: Mutex<Activity> = Mutex::new(Activity::new());
/// Has a separate lock, because bars read it while they are drawn.
static WAIT: Mutex<Option<Wait>> = Mutex::new(None);

/// Things that the program waits for, and how they are shown.
struct Activity {
    /// Pending calls and other work, oldest first, with an id and a label.
    pending: Vec<(u128, String)>,
    /// The start of the work that is shown.
    since: Option<Instant>,
    /// The end of the last work, if none is pending.
    idle_since: Option<Instant>,
    shown: Shown,
}

enum Shown {
    Nothing,
    /// A line that this module draws.
    Spinner(ProgressBar),
    /// A bar of a command.
    Bar(ProgressBar),
}

/// A wait between two attempts.
#[derive(Clone, Debug)]
struct Wait {
    until: Instant,
    reason: String,
    /// The reason for narrow terminals.
    short_reason: &'static str,
    /// The words between the reason and the rest of the time.
    then: &'static str,
}

impl Activity {
    const fn new() -> Self {
        Self { pending: Vec::new(), since: None, idle_since: None, shown: Shown::Nothing }
    }

    fn begin(&mut self, id: u128, label: &str, now: Instant) {
        self.pending.push((id, label.to_owned()));
        self.since.get_or_insert(now);
        self.idle_since = None;
    }

    fn end(&mut self, id: u128, now: Instant) {
        if let Some(place) = self.pending.iter().position(|(pending, _)| *pending == id) {
            self.pending.remove(place);
        }
        if self.pending.is_empty() {
            self.idle_since = Some(now);
        }
    }

    /// Shows, updates or hides the line.
    fn tick(&mut self, now: Instant) {
        if self.idle_since.is_some_and(|idle| now.duration_since(idle) >= STAYS) {
            self.hide();
            self.since = None;
            return;
        }
        let (Some(since), Some((_, label))) = (self.since, self.pending.last()) else { return };
        let elapsed = now.duration_since(since);
        if matches!(self.shown, Shown::Nothing) && elapsed >= SHOWN_AFTER {
            self.shown = Shown::Spinner(spinner());
        }
        if let Shown::Spinner(spinner) = &self.shown {
            let (message, short_message) = messages(label, now);
            // A wait shows its rest.
            let elapsed = short_message.is_none().then_some(elapsed);
            let line = ProgressLine { message, short_message, elapsed, ..ProgressLine::default() };
            spinner.set_message(line.render(line_width()));
        }
    }

    fn hide(&mut self) {
        if let Shown::Spinner(spinner) = &self.shown {
            spinner.finish_and_clear();
            self.shown = Shown::Nothing;
        }
    }
}

fn spinner() -> ProgressBar {
    let spinner = ProgressBar::new_spinner().with_finish(ProgressFinish::AndClear);
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
        spinner.set_style(style);
    }
    spinner.enable_steady_tick(Duration::from_millis(120));
    spinner
}

/// Returns the number of columns next to the spinner.
pub(crate) fn line_width() -> usize {
    usize::from(stderr_width().unwrap_or(80)).saturating_sub(3)
}

fn activity() -> MutexGuard<'static, Activity> {
    ACTIVITY.lock().unwrap_or_else(PoisonError::into_inner)
}

fn wait_state() -> MutexGuard<'static, Option<Wait>> {
    WAIT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts to show what the program waits for. Needs the async runtime.
pub(crate) fn show_on_terminal() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        tokio::spawn(async {
            loop {
                tokio::time::sleep(TICK).await;
                activity().tick(Instant::now());
            }
        });
    });
}

/// Work that may take longer than a second. It ends when this is dropped.
pub(crate) struct Work(u128);

impl Drop for Work {
    fn drop(&mut self) {
        end(self.0);
    }
}

/// Starts work. The label says what the program does: `reading fleet.csv`.
pub(crate) fn work(label: &str) -> Work {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let id = NEXT.fetch_add(1, Ordering::Relaxed).into();
    begin(id, label);
    Work(id)
}

/// Starts work that [`end`] ends, such as a call with its request id.
pub(crate) fn begin(id: u128, label: &str) {
    activity().begin(id, label, Instant::now());
}

/// Ends work that [`begin`] started.
pub(crate) fn end(id: u128) {
    activity().end(id, Instant::now());
}

/// Records a wait. Returns true if it ends later than the wait that is already known.
pub(crate) fn wait(
    reason: String,
    short_reason: &'static str,
    then: &'static str,
    delay: Duration,
) -> bool {
    let until = Instant::now() + delay;
    let mut wait = wait_state();
    if wait.as_ref().is_some_and(|known| known.until + Duration::from_secs(1) >= until) {
        return false;
    }
    *wait = Some(Wait { until, reason, short_reason, then });
    true
}

/// Returns a message and a short one: the current wait if there is one, such as `Partner Center is busy (429); retrying in 28 s`.
pub(crate) fn messages(usual: &str, now: Instant) -> (String, Option<String>) {
    let wait = wait_state().clone();
    let left = wait.as_ref().and_then(|wait| wait.until.checked_duration_since(now));
    let Some((wait, left)) = wait.zip(left) else { return (usual.to_owned(), None) };
    let left = format!("{} {}", wait.then, duration(left + Duration::from_millis(999)));
    (format!("{}; {left}", wait.reason), Some(format!("{}; {left}", wait.short_reason)))
}

/// Replaces the line by the bar of a command.
pub(crate) fn set_bar(bar: &ProgressBar) {
    let mut activity = activity();
    activity.hide();
    activity.shown = Shown::Bar(bar.clone());
}

/// Ends the bar of a command.
pub(crate) fn end_bar() {
    let mut activity = activity();
    activity.shown = Shown::Nothing;
    activity.since = (!activity.pending.is_empty()).then(Instant::now);
}

/// Hides the line before something is printed. It comes back after a second. A bar stays.
pub(crate) fn hide() {
    let mut activity = activity();
    activity.hide();
    activity.since = (!activity.pending.is_empty()).then(Instant::now);
}

/// Hides line and bar while something is printed.
pub(crate) fn suspend<T>(print: impl FnOnce() -> T) -> T {
    hide();
    let bar = match &activity().shown {
        Shown::Bar(bar) => Some(bar.clone()),
        _ => None,
    };
    // Without the lock: a thread draws the bar, and reads the state.
    match bar {
        Some(bar) => bar.suspend(print),
        None => print(),
    }
}
