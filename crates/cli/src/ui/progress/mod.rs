//! Progress on stderr: a bar on a terminal, or a line per minute elsewhere. `--quiet` hides it.

pub(crate) mod activity;
mod estimate;
mod line;
mod taskbar;

use std::cell::Cell;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressFinish, ProgressState, ProgressStyle};
use tokio::time::Instant;

use self::estimate::Estimate;
pub(crate) use self::line::duration;
use self::line::{ProgressLine, percent};
use self::taskbar::Taskbar;
use crate::ui::output::Ui;
use crate::ui::terminal_text::styled;

/// A progress bar, or the lines that replace it.
pub(crate) enum Bar {
    Drawn(DrawnBar),
    Lines(PeriodicLine),
    Hidden,
}

/// A bar on a terminal.
pub(crate) struct DrawnBar {
    bar: ProgressBar,
    shown: Arc<Mutex<Shown>>,
}

/// The content of a bar.
struct Shown {
    message: String,
    started: Instant,
    work: Option<Measured>,
    taskbar: Option<Taskbar>,
}

/// Work whose size is known.
struct Measured {
    done: usize,
    total: usize,
    unit: &'static str,
    estimate: Estimate,
}

/// A progress line per minute, for logs.
pub(crate) struct PeriodicLine {
    ui: Ui,
    started: Instant,
    last_line: Cell<Instant>,
    total: Cell<usize>,
    unit: Cell<&'static str>,
}

impl PeriodicLine {
    const INTERVAL: Duration = Duration::from_secs(60);

    fn new(ui: Ui) -> Self {
        let now = Instant::now();
        Self {
            ui,
            started: now,
            last_line: Cell::new(now),
            total: Cell::new(0),
            unit: Cell::new(""),
        }
    }

    /// Returns a line if it is time for one: `120 of 400 devices (30 %), after 3 min`.
    fn line(&self, done: usize) -> Option<String> {
        let (now, total, unit) = (Instant::now(), self.total.get(), self.unit.get());
        if total == 0 || now.duration_since(self.last_line.get()) < Self::INTERVAL {
            return None;
        }
        self.last_line.set(now);
        let minutes = now.duration_since(self.started).as_secs() / 60;
        let percent = percent(done, total);
        Some(format!("{done} of {total} {unit} ({percent} %), after {minutes} min"))
    }
}

impl Shown {
    /// Returns the line of the bar. A wait between two attempts replaces the message.
    fn line(&self, width: usize) -> String {
        let now = Instant::now();
        let work = self.work.as_ref();
        let (message, short_message) = activity::messages(&self.message, now);
        let line = ProgressLine {
            message,
            short_message,
            count: work.map(|work| (work.done, work.total, work.unit)),
            rate: work.and_then(|work| work.estimate.rate()),
            elapsed: Some(now.duration_since(self.started)),
            left: work.and_then(|work| work.estimate.left(now)),
        };
        line.render(width)
    }
}

impl DrawnBar {
    fn new(message: &str) -> Self {
        let shown = Arc::new(Mutex::new(Shown {
            message: message.to_owned(),
            started: Instant::now(),
            work: None,
            taskbar: Taskbar::of_terminal(),
        }));
        // If an error drops the bar, it disappears.
        let bar = ProgressBar::new_spinner().with_finish(ProgressFinish::AndClear);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {line}") {
            let shown = Arc::clone(&shown);
            let line = move |_: &ProgressState, out: &mut dyn std::fmt::Write| {
                let line = lock(&shown).line(activity::line_width());
                let _ = out.write_str(&line);
            };
            bar.set_style(style.with_key("line", line));
        }
        activity::set_bar(&bar);
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar, shown }
    }
}

impl Drop for DrawnBar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
        activity::end_bar();
    }
}

fn lock(shown: &Mutex<Shown>) -> MutexGuard<'_, Shown> {
    shown.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Bar {
    /// Starts a bar with a message, before the total is known.
    pub(crate) fn new(ui: Ui, message: &'static str) -> Self {
        if ui.is_quiet() {
            return Self::Hidden;
        }
        if !ui.is_stderr_terminal() || ui.is_verbose() {
            return Self::Lines(PeriodicLine::new(ui));
        }
        Self::Drawn(DrawnBar::new(message))
    }

    /// Sets the number of things to do.
    pub(crate) fn set_total(&self, total: usize, unit: &'static str) {
        match self {
            Self::Drawn(bar) => {
                let estimate = Estimate::start(total, Instant::now());
                lock(&bar.shown).work = Some(Measured { done: 0, total, unit, estimate });
            }
            Self::Lines(line) => {
                line.total.set(total);
                line.unit.set(unit);
            }
            Self::Hidden => {}
        }
    }

    /// Like [`set_total`](Self::set_total), but does nothing if the total is unchanged.
    pub(crate) fn set_total_once(&self, total: usize, unit: &'static str) {
        if self.total() != total {
            self.set_total(total, unit);
        }
    }

    /// Returns the number of things to do, or 0 if it is not known yet.
    pub(crate) fn total(&self) -> usize {
        match self {
            Self::Drawn(bar) => lock(&bar.shown).work.as_ref().map_or(0, |work| work.total),
            Self::Lines(line) => line.total.get(),
            Self::Hidden => 0,
        }
    }

    pub(crate) fn set_position(&self, done: usize) {
        match self {
            Self::Drawn(bar) => {
                let mut shown = lock(&bar.shown);
                let Shown { work: Some(work), taskbar, .. } = &mut *shown else { return };
                work.done = done;
                work.estimate.record(done, Instant::now());
                if let Some(taskbar) = taskbar {
                    taskbar.show(percent(done, work.total));
                }
            }
            Self::Lines(line) => {
                if let Some(line) = line.line(done) {
                    self.print_line(&line);
                }
            }
            Self::Hidden => {}
        }
    }

    /// Sets the remaining time, if it is known better than from the rate.
    pub(crate) fn set_left(&self, left: Option<Duration>) {
        if let Self::Drawn(bar) = self
            && let Some(work) = &mut lock(&bar.shown).work
        {
            work.estimate.expect(left, Instant::now());
        }
    }

    pub(crate) fn set_message(&self, message: String) {
        if let Self::Drawn(bar) = self {
            lock(&bar.shown).message = message;
        }
    }

    /// Prints a line above the bar.
    pub(crate) fn print_line(&self, text: &str) {
        let text = text.replace(['\n', '\r'], " "); // line breaks in values
        match self {
            Self::Drawn(bar) => bar.bar.println(styled(&text)),
            Self::Lines(line) => line.ui.notice(&format!("{text}\n")),
            Self::Hidden => {}
        }
    }

    pub(crate) fn is_drawn(&self) -> bool {
        matches!(self, Self::Drawn(_))
    }

    /// Removes the bar.
    pub(crate) fn finish(self) {
        drop(self);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Global;

    #[tokio::test(start_paused = true)]
    async fn a_log_has_one_line_per_minute() {
        let bar = Bar::Lines(PeriodicLine::new(Ui::new(&Global::default())));
        bar.set_total(400, "devices");
        let Bar::Lines(line) = &bar else { panic!() };
        let mut printed = Vec::new();
        for second in 0..200 {
            printed.extend(line.line(second));
            tokio::time::advance(Duration::from_secs(1)).await;
        }
        let lines = [(60, 15, 1), (120, 30, 2), (180, 45, 3)];
        let lines = lines.map(|(done, percent, minutes)| {
            format!("{done} of 400 devices ({percent} %), after {minutes} min")
        });
        assert_eq!(printed, lines);
    }
}
