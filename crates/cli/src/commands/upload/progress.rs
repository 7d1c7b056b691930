//! The progress of an upload: its requests, and the devices that have an outcome.

use std::cell::RefCell;

use partner_center_devices::CustomerId;
use partner_center_devices_fleet::{Event, Plan};

use crate::errors::split_support_ids;
use crate::settings::customers::{Alias, name};
use crate::ui::output::Ui;
use crate::ui::progress::Bar;
use crate::ui::text_layout::{count, count_of};

/// The progress of an upload.
pub(crate) struct Progress {
    bar: Bar,
    /// True if the upload may have several batches, so that each line names its own.
    has_several_batches: bool,
    /// The names of customers, in an upload for several.
    names: Option<Vec<Alias>>,
    /// The plans that are not shown yet. They are shown together, before anything is sent.
    plans: RefCell<Vec<Plan>>,
}

impl Progress {
    pub(crate) fn new(ui: Ui, has_several_batches: bool, names: Option<Vec<Alias>>) -> Self {
        let bar = Bar::new(ui, "looking up batches");
        Self { bar, has_several_batches, names, plans: RefCell::default() }
    }

    /// Returns ` of contoso` in an upload for several customers.
    fn of_customer(&self, customer: &CustomerId) -> String {
        let names = self.names.as_deref();
        names.map(|names| format!(" of {}", name(names, customer.as_str()))).unwrap_or_default()
    }

    pub(crate) fn show(&self, event: &Event) {
        let Self { bar, names, .. } = self;
        if let Event::Planned { plan, .. } = event {
            let mut plans = self.plans.borrow_mut();
            plans.push(plan.clone());
            let planned: usize = plans.iter().map(Plan::devices).sum();
            bar.set_total(planned.max(bar.total()), "devices");
            bar.set_message("sending".to_owned());
            return;
        }
        self.show_plans();
        match event {
            Event::Resumed { done, unfinished, total, .. } => {
                let done = already_done(*done, *total);
                self.print_line(&match unfinished {
                    0 => done,
                    1 => format!("{done}; 1 was sent and is still pending"),
                    _ => format!("{done}; {unfinished} were sent and are still pending"),
                });
            }
            Event::Unconfirmed { customer, batch, chunk, problem, .. } => {
                let of_customer = self.of_customer(customer);
                self.print_line(&format!(
                    "Request {chunk} for batch '{batch}'{of_customer} is not confirmed and will be checked: {}",
                    one_line(problem)
                ));
            }
            Event::Halved { customer, batch, chunk, bytes, .. } => {
                let of_customer = self.of_customer(customer);
                self.print_line(&format!(
                    "The connection is too slow for request {chunk} for batch '{batch}'{of_customer}; requests now have at most {} KB",
                    bytes.div_ceil(1000)
                ));
            }
            // An upload to a single batch reports this once, at the end.
            Event::Stopped { customer, batch, step, problem, .. }
                if names.is_some() || self.has_several_batches =>
            {
                let of_customer = self.of_customer(customer);
                self.print_line(&format!(
                    "Batch '{batch}'{of_customer} stopped: {step}: {}",
                    one_line(problem)
                ));
            }
            Event::Sent { customer, batch, devices, tracking_id, .. } => {
                let devices = count(*devices, "device");
                let to_batch = match self.has_several_batches {
                    true => format!(" to batch '{batch}'"),
                    false => String::new(),
                };
                let of_customer = self.of_customer(customer);
                self.print_line(&format!(
                    "Sent {devices}{to_batch}{of_customer} as job {tracking_id}"
                ));
            }
            Event::AuditLogRead { requests, found, problem, .. } => {
                self.print_line(&audit_log_line(*requests, *found, problem.as_deref()));
            }
            Event::Progress { done, total, left, status, .. } => {
                bar.set_total_once(*total, "devices");
                bar.set_left(*left);
                bar.set_position(*done);
                bar.set_message(
                    status.as_ref().map_or_else(|| "waiting".to_owned(), ToString::to_string),
                );
            }
            _ => {}
        }
    }

    /// Prints the plans that are not shown yet.
    fn show_plans(&self) {
        let plans = self.plans.take();
        if plans.len() > 1 && self.names.is_none() {
            planned_batches(&plans).iter().for_each(|line| self.print_line(line));
        } else {
            for plan in &plans {
                self.print_line(&planned(plan, &self.of_customer(plan.customer())));
            }
        }
    }

    pub(crate) fn finish(self) {
        self.show_plans();
        self.bar.finish();
    }

    pub(crate) fn print_line(&self, text: &str) {
        self.bar.print_line(text);
    }
}

/// Returns the number of devices that are already done: `3 of 4 devices are already done`.
pub(super) fn already_done(done: usize, total: usize) -> String {
    let verb = if done == 1 || total == 1 { "is" } else { "are" };
    format!("{done} of {} {verb} already done", count(total, "device"))
}

/// Describes what the audit log has about the requests whose response was lost.
fn audit_log_line(requests: usize, found: usize, problem: Option<&str>) -> String {
    let lost = match requests {
        1 => "the request whose response was lost".to_owned(),
        _ => format!("{requests} requests whose responses were lost"),
    };
    match problem {
        Some(problem) => format!(
            "The audit log could not be asked about {lost}, which changes no result: {}",
            one_line(problem)
        ),
        None if found == requests => format!("The audit log has a record of {lost}"),
        None => {
            let found = if found == 0 { "no record".to_owned() } else { count(found, "record") };
            format!("The audit log has {found} of {lost}; it may show more of them later")
        }
    }
}

/// Describes what will be sent.
fn planned(plan: &Plan, of_customer: &str) -> String {
    let devices = count(plan.devices(), "device");
    let what = if plan.creates_batch() { "for the new batch" } else { "to add to batch" };
    let requests = match plan.chunks().len() {
        1 => String::new(),
        requests => format!(", in {requests} requests"),
    };
    format!("{devices} {what} '{}'{of_customer}{requests}", plan.batch())
}

/// Describes what will be sent to several batches of a customer: in one line, or in a line for each of many batches.
fn planned_batches(plans: &[Plan]) -> Vec<String> {
    const MAX_IN_A_LINE: usize = 6;
    let batch = |plan: &Plan| {
        let devices = count(plan.devices(), "device");
        let state = if plan.creates_batch() { "new" } else { "existing" };
        let requests = match plan.chunks().len() {
            1 => String::new(),
            requests => format!(", in {requests} requests"),
        };
        format!("{} ({devices}, {state}{requests})", plan.batch())
    };
    let batches: Vec<_> = plans.iter().map(batch).collect();
    let head = format!("{}:", count_of(plans.len(), "batch", "batches"));
    if batches.len() <= MAX_IN_A_LINE {
        return vec![format!("{head} {}", batches.join(", "))];
    }
    let lines = batches.into_iter().map(|batch| format!("  {batch}"));
    std::iter::once(head).chain(lines).collect()
}

/// Puts the support ids, which follow an error message on a separate line, in brackets behind it.
fn one_line(problem: &str) -> String {
    match split_support_ids(problem) {
        (message, Some(ids)) => format!("{message} ({ids})"),
        (message, None) => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use partner_center_devices::{BatchId, Client, Customer};
    use partner_center_devices_emulator::Emulator;
    use partner_center_devices_fleet::{ChunkSize, Fleet, Upload};

    #[test]
    fn devices_that_are_done_are_counted() {
        for (done, total, expected) in [
            (1, 1, "1 of 1 device is already done"),
            (0, 1, "0 of 1 device is already done"),
            (1, 4, "1 of 4 devices is already done"),
            (3, 4, "3 of 4 devices are already done"),
            (0, 4, "0 of 4 devices are already done"),
        ] {
            assert_eq!(already_done(done, total), expected);
        }
    }

    #[test]
    fn an_audit_log_that_cannot_be_read_changes_no_result() {
        for (requests, found, problem, expected) in [
            (1, 1, None, "The audit log has a record of the request whose response was lost"),
            (
                1,
                0,
                None,
                "The audit log has no record of the request whose response was lost; it may show more of them later",
            ),
            (
                3,
                1,
                None,
                "The audit log has 1 record of 3 requests whose responses were lost; it may show more of them later",
            ),
            (
                2,
                0,
                Some("Forbidden\nMS-RequestId a"),
                "The audit log could not be asked about 2 requests whose responses were lost, which changes no result: Forbidden (MS-RequestId a)",
            ),
        ] {
            assert_eq!(audit_log_line(requests, found, problem), expected);
        }
    }

    /// Returns the plans for devices that go to these batches in turn.
    async fn plans(
        customer: &Customer,
        batches: &[&str],
        devices: usize,
        chunk: usize,
    ) -> Vec<Plan> {
        let mut csv = "Serial,Make,Model\n".to_owned();
        (0..devices).for_each(|number| csv.push_str(&format!("S{number},M,N\n")));
        let fleet = Fleet::read(csv.as_bytes(), "f.csv");
        let upload = Upload::routed(fleet, |row| {
            let name = batches[(row.origin().line() as usize - 2) % batches.len()];
            Some((customer.clone(), BatchId::new(name).unwrap()))
        });
        let mut plans = Vec::new();
        let note = |event| {
            if let Event::Planned { plan, .. } = event {
                plans.push(plan);
            }
        };
        upload.chunk_size(ChunkSize::new(chunk).unwrap()).run(note).await.unwrap();
        plans
    }

    async fn plan(customer: &Customer, devices: usize, chunk: usize) -> String {
        planned(&plans(customer, &["HQ"], devices, chunk).await[0], "")
    }

    #[tokio::test(start_paused = true)]
    async fn a_plan_is_a_sentence() {
        let client =
            Client::builder().in_process(Emulator::builder().in_process()).build().unwrap();
        let customer = client.customer(CustomerId::new("c").unwrap());
        assert_eq!(plan(&customer, 1, 1).await, "1 device for the new batch 'HQ'");
        assert_eq!(plan(&customer, 1, 1).await, "1 device to add to batch 'HQ'");
        assert_eq!(plan(&customer, 3, 3).await, "3 devices to add to batch 'HQ'");
        assert_eq!(plan(&customer, 3, 2).await, "3 devices to add to batch 'HQ', in 2 requests");
    }

    #[tokio::test(start_paused = true)]
    async fn a_plan_for_several_batches_lists_each() {
        let client =
            Client::builder().in_process(Emulator::builder().in_process()).build().unwrap();
        let customer = client.customer(CustomerId::new("c").unwrap());
        plans(&customer, &["Labs"], 1, 1).await;
        let two = plans(&customer, &["Sales", "Labs"], 5, 2).await;
        assert_eq!(
            planned_batches(&two),
            ["2 batches: Sales (3 devices, new, in 2 requests), Labs (2 devices, existing)"]
        );
        let many = plans(&customer, &["1", "2", "3", "4", "5", "6", "7"], 8, 500).await;
        let lines = planned_batches(&many);
        assert_eq!(lines.len(), 8);
        assert_eq!((&*lines[0], &*lines[1]), ("7 batches:", "  1 (2 devices, new)"));
    }
}
