//! What is shown while an upload runs: a bar on a terminal, a few quiet lines elsewhere. Always on stderr.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use partner_center_devices_fleet::{Event, Plan};

use crate::text::count;

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
                self.line(&planned(plan));
                if let Self::Bar(bar) = self {
                    if let Ok(style) = ProgressStyle::with_template(BAR) {
                        bar.set_style(style.progress_chars("=> "));
                    }
                    bar.set_length(bar.length().unwrap_or_default().max(plan.devices() as u64));
                    bar.set_message("sending");
                }
            }
            Event::Resumed { settled, open, total, .. } => {
                let total = count(*total, "device");
                self.line(&match open {
                    0 => format!("{settled} of {total} had their outcome before"),
                    open => format!(
                        "{settled} of {total} had their outcome before, {open} were on their way"
                    ),
                });
            }
            Event::InDoubt { batch, chunk, problem, .. } => {
                self.line(&format!("part {chunk} for batch '{batch}' is in doubt: {problem}"));
            }
            Event::Stopped { batch, step, problem, .. } => {
                self.line(&format!("batch '{batch}' stops here: {step}: {problem}"));
            }
            Event::Sent { devices, tracking_id, .. } => {
                let devices = count(*devices, "device");
                self.line(&format!("{devices} sent; the service's job is {tracking_id}"));
            }
            Event::Progress { decided, total, status, .. } => {
                if let Self::Bar(bar) = self {
                    bar.set_length(*total as u64);
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

    pub(crate) fn line(&self, text: &str) {
        match self {
            Self::Bar(bar) => bar.println(text),
            Self::Lines => crate::output::say(&format!("{text}\n")),
        }
    }
}

/// What will be sent, as a sentence.
fn planned(plan: &Plan) -> String {
    let devices = count(plan.devices(), "device");
    let what = if plan.creates_batch() { "for the new batch" } else { "to add to batch" };
    let parts = match plan.chunks().len() {
        1 => String::new(),
        parts => format!(", in {parts} parts"),
    };
    format!("{devices} {what} '{}'{parts}", plan.batch())
}

#[cfg(test)]
mod tests {
    use super::*;
    use partner_center_devices::{BatchId, Client, Customer, CustomerId};
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
                said = planned(&plan);
            }
        };
        upload.chunk_size(ChunkSize::new(chunk).unwrap()).run(note).await.unwrap();
        said
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
