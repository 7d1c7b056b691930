//! What is shown while something runs: a bar on a terminal, a few quiet lines elsewhere. Always on stderr, and nothing
//! where notes are not wanted.

use std::cell::Cell;
use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressFinish, ProgressState, ProgressStyle};
use partner_center_devices::CustomerId;
use partner_center_devices_fleet::{Event, Plan};
use tokio::time::Instant;

use crate::settings::customers::{Alias, name};
use crate::ui::output::Ui;
use crate::ui::text_layout::count;

/// The unit is the prefix.
const BAR: &str =
    "{spinner} {msg} [{bar:20}] {human_pos}/{human_len} {prefix}, {elapsed}{rate}{left}";

/// A bar, or the lines in its place.
pub(crate) enum Bar {
    Shown(ProgressBar),
    Lines(Pace),
    Quiet,
}

/// A line now and then, where nobody sees a bar: that of somebody who waits, or reads a log later.
pub(crate) struct Pace {
    ui: Ui,
    began: Instant,
    said: Cell<Instant>,
    total: Cell<usize>,
    unit: Cell<&'static str>,
}

impl Pace {
    /// How long nothing is said.
    const EACH: Duration = Duration::from_secs(60);

    fn new(ui: Ui) -> Self {
        let now = Instant::now();
        Self { ui, began: now, said: Cell::new(now), total: Cell::new(0), unit: Cell::new("") }
    }

    /// What is said now, if it is time: `120 of 400 devices, after 3 min`.
    fn line(&self, done: usize) -> Option<String> {
        let (now, total, unit) = (Instant::now(), self.total.get(), self.unit.get());
        if total == 0 || now.duration_since(self.said.get()) < Self::EACH {
            return None;
        }
        self.said.set(now);
        let minutes = now.duration_since(self.began).as_secs() / 60;
        Some(format!("{done} of {total} {unit}, after {minutes} min"))
    }
}

impl Bar {
    /// Begins without a length, with what is done.
    pub(crate) fn new(ui: Ui, message: &'static str) -> Self {
        if ui.is_quiet() {
            return Self::Quiet;
        }
        if !std::io::stderr().is_terminal() || ui.is_verbose() {
            return Self::Lines(Pace::new(ui));
        }
        // One that a failure drops leaves nothing behind.
        let bar = ProgressBar::new_spinner().with_finish(ProgressFinish::AndClear);
        bar.set_message(message);
        bar.enable_steady_tick(Duration::from_millis(120));
        Self::Shown(bar)
    }

    /// From now on it is known how much there is to do.
    pub(crate) fn set_total(&self, total: usize, unit: &'static str) {
        if let Self::Lines(pace) = self {
            pace.total.set(total);
            pace.unit.set(unit);
        }
        let Self::Shown(bar) = self else { return };
        bar.set_prefix(unit);
        bar.set_length(total as u64);
        if let Ok(style) = ProgressStyle::with_template(BAR) {
            let style = style.progress_chars("=> ").with_key("rate", rate).with_key("left", left);
            bar.set_style(style);
        }
        bar.reset_eta();
    }

    /// As [`set_total`](Self::set_total), unless it was known before.
    pub(crate) fn set_total_once(&self, total: usize, unit: &'static str) {
        if self.total() != total as u64 {
            self.set_total(total, unit);
        }
    }

    /// How much there is to do, as far as is known.
    fn total(&self) -> u64 {
        match self {
            Self::Shown(bar) => bar.length().unwrap_or_default(),
            Self::Lines(pace) => pace.total.get() as u64,
            Self::Quiet => 0,
        }
    }

    pub(crate) fn set_position(&self, done: usize) {
        match self {
            Self::Shown(bar) => bar.set_position(done as u64),
            Self::Lines(pace) => {
                if let Some(line) = pace.line(done) {
                    self.print_line(&line);
                }
            }
            Self::Quiet => {}
        }
    }

    pub(crate) fn set_message(&self, message: String) {
        if let Self::Shown(bar) = self {
            bar.set_message(message);
        }
    }

    /// A line that stays.
    pub(crate) fn print_line(&self, text: &str) {
        match self {
            Self::Shown(bar) => bar.println(text),
            Self::Lines(pace) => pace.ui.notice(&format!("{text}\n")),
            Self::Quiet => {}
        }
    }

    pub(crate) fn is_drawn(&self) -> bool {
        matches!(self, Self::Shown(_))
    }

    pub(crate) fn finish(self) {
        if let Self::Shown(bar) = self {
            bar.finish_and_clear();
        }
    }
}

fn rate(state: &ProgressState, out: &mut dyn std::fmt::Write) {
    let rate = state.per_sec();
    if state.pos() > 0 && rate >= 0.1 {
        let _ =
            if rate < 10.0 { write!(out, ", {rate:.1}/s") } else { write!(out, ", {rate:.0}/s") };
    }
}

fn left(state: &ProgressState, out: &mut dyn std::fmt::Write) {
    let left = state.eta().as_secs();
    if state.pos() > 0 && (1..24 * 3600).contains(&left) {
        let _ = match left {
            0..60 => write!(out, ", {left} s left"),
            60..3600 => write!(out, ", {} min left", left.div_ceil(60)),
            _ => write!(out, ", {} h left", left.div_ceil(3600)),
        };
    }
}

/// That of an upload.
pub(crate) struct Progress {
    bar: Bar,
    /// How customers are called, of an upload for several.
    names: Option<Vec<Alias>>,
}

impl Progress {
    pub(crate) fn new(ui: Ui, names: Option<Vec<Alias>>) -> Self {
        Self { bar: Bar::new(ui, "listing batches"), names }
    }

    /// ` of contoso` where it is not plain.
    fn whose(&self, customer: &CustomerId) -> String {
        let names = self.names.as_deref();
        names.map(|names| format!(" of {}", name(names, customer.as_str()))).unwrap_or_default()
    }

    pub(crate) fn show(&self, event: &Event) {
        let Self { bar, names } = self;
        match event {
            Event::Planned { plan, .. } => {
                self.print_line(&planned(plan, &self.whose(plan.customer())));
                bar.set_total(plan.devices().max(bar.total() as usize), "devices");
                bar.set_message("sending".to_owned());
            }
            Event::Resumed { done, unfinished, total, .. } => {
                let total = count(*total, "device");
                self.print_line(&match unfinished {
                    0 => format!("{done} of {total} had their outcome before"),
                    _ => format!(
                        "{done} of {total} had their outcome before, {unfinished} were on their way"
                    ),
                });
            }
            Event::Unconfirmed { customer, batch, chunk, problem, .. } => {
                let whose = self.whose(customer);
                self.print_line(&format!(
                    "part {chunk} for batch '{batch}'{whose} is in doubt: {problem}"
                ));
            }
            // Of one batch alone it is said once, at the end.
            Event::Stopped { customer, batch, step, problem, .. } if names.is_some() => {
                let whose = self.whose(customer);
                self.print_line(&format!("batch '{batch}'{whose} stops here: {step}: {problem}"));
            }
            Event::Sent { customer, devices, tracking_id, .. } => {
                let (devices, whose) = (count(*devices, "device"), self.whose(customer));
                self.print_line(&format!(
                    "{devices}{whose} sent; the service's job is {tracking_id}"
                ));
            }
            Event::Progress { done, total, status, .. } => {
                bar.set_total_once(*total, "devices");
                bar.set_position(*done);
                bar.set_message(
                    status.as_ref().map_or_else(|| "waiting".to_owned(), ToString::to_string),
                );
            }
            _ => {}
        }
    }

    pub(crate) fn finish(self) {
        self.bar.finish();
    }

    pub(crate) fn print_line(&self, text: &str) {
        self.bar.print_line(text);
    }
}

/// What will be sent, as a sentence.
fn planned(plan: &Plan, whose: &str) -> String {
    let devices = count(plan.devices(), "device");
    let what = if plan.creates_batch() { "for the new batch" } else { "to add to batch" };
    let parts = match plan.chunks().len() {
        1 => String::new(),
        parts => format!(", in {parts} parts"),
    };
    format!("{devices} {what} '{}'{whose}{parts}", plan.batch())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Global;
    use partner_center_devices::{BatchId, Client, Customer};
    use partner_center_devices_emulator::Emulator;
    use partner_center_devices_fleet::{ChunkSize, Fleet, Upload};

    async fn plan(customer: &Customer, devices: usize, chunk: usize) -> String {
        let mut csv = "Serial,Make,Model\n".to_owned();
        (0..devices).for_each(|number| csv.push_str(&format!("S{number},M,N\n")));
        let fleet = Fleet::read(csv.as_bytes(), "f.csv");
        let upload = Upload::new(customer.clone(), BatchId::new("HQ").unwrap(), fleet);
        let mut said = String::new();
        let note = |event| {
            if let Event::Planned { plan, .. } = event {
                said = planned(&plan, "");
            }
        };
        upload.chunk_size(ChunkSize::new(chunk).unwrap()).run(note).await.unwrap();
        said
    }

    #[tokio::test(start_paused = true)]
    async fn a_log_has_a_line_each_minute_and_no_more() {
        let bar = Bar::Lines(Pace::new(Ui::new(&Global::default())));
        bar.set_total(400, "devices");
        let Bar::Lines(pace) = &bar else { panic!() };
        let mut said = Vec::new();
        for second in 0..200 {
            said.extend(pace.line(second));
            tokio::time::advance(Duration::from_secs(1)).await;
        }
        let lines = [(60, 1), (120, 2), (180, 3)];
        let lines =
            lines.map(|(done, minutes)| format!("{done} of 400 devices, after {minutes} min"));
        assert_eq!(said, lines);
    }

    #[tokio::test(start_paused = true)]
    async fn a_plan_is_a_sentence() {
        let client =
            Client::builder().in_process(Emulator::builder().in_process()).build().unwrap();
        let customer = client.customer(CustomerId::new("c").unwrap());
        assert_eq!(plan(&customer, 1, 1).await, "1 device for the new batch 'HQ'");
        assert_eq!(plan(&customer, 1, 1).await, "1 device to add to batch 'HQ'");
        assert_eq!(plan(&customer, 3, 3).await, "3 devices to add to batch 'HQ'");
        assert_eq!(plan(&customer, 3, 2).await, "3 devices to add to batch 'HQ', in 2 parts");
    }
}
