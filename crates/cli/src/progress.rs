//! What is shown while an upload runs: a bar on a terminal, a few quiet lines elsewhere. Always on stderr.

use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use partner_center_devices_fleet::Event;

const BAR: &str = "{spinner} {msg} [{bar:30}] {pos}/{len} devices, {elapsed}";

pub(crate) enum Progress {
    Bar(ProgressBar),
    Lines,
}

impl Progress {
    pub(crate) fn new() -> Self {
        if !std::io::stderr().is_terminal() {
            return Self::Lines;
        }
        let bar = ProgressBar::new_spinner();
        bar.enable_steady_tick(Duration::from_millis(120));
        bar.set_message("listing batches");
        Self::Bar(bar)
    }

    pub(crate) fn show(&self, event: &Event) {
        match event {
            Event::Planned { plan, .. } => {
                let what = if plan.creates_batch() { "new batch" } else { "adding to batch" };
                let parts = match plan.chunks() {
                    1 => String::new(),
                    parts => format!(" in {parts} parts"),
                };
                self.line(&format!(
                    "{} devices for the {what} '{}'{parts}",
                    plan.devices(),
                    plan.batch()
                ));
                if let Self::Bar(bar) = self {
                    if let Ok(style) = ProgressStyle::with_template(BAR) {
                        bar.set_style(style.progress_chars("=> "));
                    }
                    bar.set_length(plan.devices() as u64);
                    bar.set_message("sending");
                }
            }
            Event::Sent { devices, tracking_id, .. } => {
                self.line(&format!("{devices} devices sent; the service's job is {tracking_id}"));
            }
            Event::Progress { decided, status, .. } => {
                if let Self::Bar(bar) = self {
                    bar.set_position(*decided as u64);
                    bar.set_message(
                        status.as_ref().map_or_else(|| "waiting".to_owned(), ToString::to_string),
                    );
                }
            }
            _ => {}
        }
    }

    pub(crate) fn end(self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }

    fn line(&self, text: &str) {
        match self {
            Self::Bar(bar) => bar.println(text),
            Self::Lines => {
                let _ = writeln!(anstream::stderr(), "{text}"); // progress is no result
            }
        }
    }
}
