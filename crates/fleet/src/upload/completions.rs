//! Handles finished calls: writes the journal first, then changes the state.

use std::collections::HashSet;

use partner_center_devices::{
    BatchUploadDetails, DeviceOutcome, Error, ErrorKind, Job, RawResponse, Statuses, TokenError,
};
use tokio::time::Instant;

use super::error::Step;
use super::event::Event;
use super::executor::Executor;
use super::job_status;
use super::read_back::DeviceFinder;
use super::recovery::{
    self, APPEARS_WITHIN, AfterFailedSend, AfterReadBack, FailedSend, MAX_READ_BACKS,
};
use super::requests::{self, Completed};
use super::state::{BatchNames, BatchPhase, Chunk, ChunkPhase, FollowedJob};
use crate::journal::{
    Acceptance, ChunkDevice, ChunkKey, DeviceKey, DeviceResult, JournalError, MissingDevices,
    ResultSource,
};
use crate::timestamp::Timestamp;

impl<F: FnMut(Event)> Executor<F> {
    pub(super) fn complete(&mut self, completed: Completed) -> Result<(), JournalError> {
        if !matches!(completed, Completed::Polled { .. }) {
            self.state.calls -= 1;
        }
        match completed {
            Completed::Listed { customer, result: Ok(names) } => {
                self.state.customers[customer] = BatchNames::Listed(names);
                Ok(())
            }
            Completed::Listed { customer, result: Err(error) } => self.list_failed(customer, error),
            Completed::Sent { chunk, result: Ok((job, raw)) } => self.accepted(chunk, job, &raw),
            Completed::Sent { chunk, result: Err(error) } => self.send_failed(chunk, error),
            Completed::NotResent { chunk } => {
                self.state.end(chunk); // it stays open for the next run
                Ok(())
            }
            Completed::Polled { chunk, statuses, status } => match status {
                Some(Ok(status)) => self.polled(chunk, statuses, &status),
                Some(Err(error)) => self.poll_failed(chunk, error),
                None => {
                    self.state.end(chunk); // an earlier poll returned the final status
                    Ok(())
                }
            },
            Completed::ReadBack { chunks, result: Ok(found) } => {
                chunks.into_iter().try_for_each(|chunk| self.batch_was_read(chunk, &found))
            }
            Completed::ReadBack { chunks, result: Err(error) } => {
                self.read_back_failed(&chunks, error)
            }
        }
    }

    /// Stops every batch of a customer that has something to send. The first is reported as failed.
    fn list_failed(&mut self, customer: usize, error: Error) -> Result<(), JournalError> {
        self.state.customers[customer] = BatchNames::Failed;
        let problem = format!("{}: {error}", Step::ListBatches);
        let waiting: Vec<usize> = (0..self.state.batches.len())
            .filter(|&index| {
                let batch = &self.state.batches[index];
                batch.customer == customer
                    && batch.phase != BatchPhase::Stopped
                    && !batch.pending.is_empty()
            })
            .collect();
        for &index in waiting.iter().skip(1) {
            self.state.stop_batch(index);
            self.journal.record_batch_stop(self.state.batches[index].key, &problem)?;
        }
        match waiting.first() {
            Some(&first) => self.fail(first, Step::ListBatches, error),
            None => Ok(()),
        }
    }

    fn accepted(&mut self, key: ChunkKey, job: Job, raw: &RawResponse) -> Result<(), JournalError> {
        let header = |name: &str| raw.headers().get(name).and_then(|value| value.to_str().ok());
        let acceptance = Acceptance {
            tracking_id: job.tracking_id().as_str(),
            correlation_id: header("ms-correlationid"),
            cv: header("ms-cv"),
        };
        self.journal.record_acceptance(key, &acceptance, Timestamp::now())?;
        let Some(chunk) = self.state.chunks.get(&key) else { return Ok(()) };
        let event = Event::Sent {
            customer: self.customer_of(chunk.batch).id().clone(),
            batch: chunk.batch_id.clone(),
            chunk: chunk.number,
            devices: chunk.devices.len(),
            tracking_id: job.tracking_id().clone(),
        };
        let job = FollowedJob::new(job);
        self.timing.accepted(key, Instant::now());
        let contents = self.state.accept(key, job);
        self.accepted.push(contents);
        (self.on_event)(event);
        Ok(())
    }

    fn send_failed(&mut self, key: ChunkKey, error: Error) -> Result<(), JournalError> {
        let Some(chunk) = self.state.chunks.get(&key) else { return Ok(()) };
        let ChunkPhase::Sending { is_in_doubt, resends } = chunk.phase else { return Ok(()) };
        let batch = &self.state.batches[chunk.batch];
        let after = recovery::after_failed_send(FailedSend {
            kind: error.kind(),
            sent: error.sent(),
            attempts: error.attempts(),
            creates: chunk.creates,
            is_in_doubt,
            resends,
            timed_out: error.is_timeout(),
            can_be_halved: chunk.devices.len() > 1 && DeviceFinder::can_find_all(&chunk.devices),
        });
        match after {
            // If it is still not listed after a conflict, the conflict is with something else.
            AfterFailedSend::BatchExists if !batch.had_conflict => self.append_instead(key, &error),
            AfterFailedSend::Refused | AfterFailedSend::BatchExists => {
                let devices = &chunk.devices;
                self.journal.record_refusal(key, &error.to_string(), devices, Timestamp::now())?;
                self.stop_sending(key, error)
            }
            AfterFailedSend::LeaveOpen => self.stop_sending(key, error),
            AfterFailedSend::Resend(_)
            | AfterFailedSend::ReadBack
            | AfterFailedSend::ReadBackOnce
            | AfterFailedSend::ReadBackAndHalve
                if self.state.is_halted =>
            {
                self.state.end(key); // it stays open for the next run
                Ok(())
            }
            AfterFailedSend::Resend(delay) => {
                self.report_unconfirmed(key, &error);
                self.state.set_phase(
                    key,
                    ChunkPhase::Sending { is_in_doubt: true, resends: resends + 1 },
                );
                self.send(key, delay);
                Ok(())
            }
            AfterFailedSend::ReadBack
            | AfterFailedSend::ReadBackOnce
            | AfterFailedSend::ReadBackAndHalve
                if batch.read_backs >= MAX_READ_BACKS =>
            {
                self.stop_sending(key, error)
            }
            AfterFailedSend::ReadBack
            | AfterFailedSend::ReadBackOnce
            | AfterFailedSend::ReadBackAndHalve => {
                self.report_unconfirmed(key, &error);
                let halves = after == AfterFailedSend::ReadBackAndHalve;
                let missing = match error.kind() {
                    ErrorKind::Unreadable => MissingDevices::LeaveUnknown, // it was probably accepted
                    _ => MissingDevices::Resend,
                };
                if halves && let Some(chunk) = self.state.chunks.get_mut(&key) {
                    // The request may have arrived at the last moment.
                    chunk.may_appear_until = Instant::now() + APPEARS_WITHIN;
                }
                if after == AfterFailedSend::ReadBackOnce
                    && let Some(chunk) = self.state.chunks.get_mut(&key)
                {
                    chunk.unanswered = Some(error);
                }
                self.state.set_phase(key, ChunkPhase::Verifying { missing, halves });
                if let Some(batch) = self.state.batch_of(key) {
                    batch.read_backs += 1;
                }
                self.read_back(vec![key], None);
                Ok(())
            }
        }
    }

    /// Plans the devices again and appends them, because someone else created the batch.
    fn append_instead(&mut self, key: ChunkKey, error: &Error) -> Result<(), JournalError> {
        let Some(chunk) = self.state.chunks.get(&key) else { return Ok(()) };
        let devices = &chunk.devices;
        self.journal.record_refusal(key, &error.to_string(), devices, Timestamp::now())?;
        let Some(chunk) = self.state.end(key) else { return Ok(()) };
        let batch = &mut self.state.batches[chunk.batch];
        batch.had_conflict = true;
        batch.chunks_started -= 1;
        self.state.give_back(chunk, |_| true);
        Ok(())
    }

    fn stop_sending(&mut self, key: ChunkKey, error: Error) -> Result<(), JournalError> {
        let Some(chunk) = self.state.end(key) else { return Ok(()) };
        self.fail(chunk.batch, Step::Send { chunk: chunk.number }, error)
    }

    fn report_unconfirmed(&mut self, key: ChunkKey, error: &Error) {
        let Some(chunk) = self.state.chunks.get(&key) else { return };
        let event = Event::Unconfirmed {
            customer: self.customer_of(chunk.batch).id().clone(),
            batch: chunk.batch_id.clone(),
            chunk: chunk.number,
            problem: error.to_string(),
        };
        (self.on_event)(event);
    }

    fn polled(
        &mut self,
        key: ChunkKey,
        statuses: Box<Statuses>,
        status: &BatchUploadDetails,
    ) -> Result<(), JournalError> {
        let Some(chunk) = self.state.chunks.get(&key) else { return Ok(()) };
        let ChunkPhase::Polling { reported, .. } = &chunk.phase else { return Ok(()) };
        let counted = chunk.counted;
        let not_counted = chunk.devices.len() - counted;
        let now_reported = job_status::reported(status).saturating_sub(not_counted).min(counted);
        if now_reported > *reported && !status.is_finished() {
            // Recorded as they come, so they are not lost however this run ends.
            let mut results = job_status::results(&chunk.devices, status);
            results.retain(|result| result.outcome != DeviceOutcome::Pending);
            let now = Timestamp::now();
            self.journal.record_results(key, &results, ResultSource::Job, now)?;
        }
        self.state.set_reported(key, now_reported);
        match status.is_finished() {
            true => self.timing.finished(key, counted, Instant::now()),
            false => self.timing.polled(key, now_reported, Instant::now()),
        }
        self.report_progress(Some(status));
        if status.is_finished() {
            return self.job_finished(key, status);
        }
        self.poll(requests::poll(key, statuses));
        Ok(())
    }

    fn report_progress(&mut self, status: Option<&BatchUploadDetails>) {
        (self.on_event)(Event::Progress {
            done: self.state.progress.done(),
            total: self.state.progress.total,
            left: self.timing.remaining(&self.state, Instant::now()),
            status: status.and_then(|status| status.status().cloned()),
        });
    }

    fn job_finished(
        &mut self,
        key: ChunkKey,
        status: &BatchUploadDetails,
    ) -> Result<(), JournalError> {
        let Some(chunk) = self.state.chunks.get(&key) else { return Ok(()) };
        let results = job_status::results(&chunk.devices, status);
        self.journal.record_finished_job(key, &results, Timestamp::now())?;
        let unreported: Vec<ChunkDevice> = results
            .iter()
            .zip(chunk.devices.iter())
            .filter(|(result, _)| result.outcome == DeviceOutcome::Pending)
            .map(|(_, device)| device.clone())
            .collect();
        if let Some(chunk) = self.state.finish_job(key, unreported, Instant::now()) {
            self.report_finished(&chunk, job_status::failed(&results));
        }
        Ok(())
    }

    fn report_finished(&mut self, chunk: &Chunk, failed: usize) {
        let event = Event::ChunkFinished {
            customer: self.customer_of(chunk.batch).id().clone(),
            batch: chunk.batch_id.clone(),
            chunk: chunk.number,
            devices: chunk.devices.len(),
            failed,
        };
        (self.on_event)(event);
    }

    fn poll_failed(&mut self, key: ChunkKey, error: Error) -> Result<(), JournalError> {
        let Some(chunk) = self.state.chunks.get(&key) else { return Ok(()) };
        let ChunkPhase::Polling { job, .. } = &chunk.phase else { return Ok(()) };
        if error.token_error().is_some_and(TokenError::is_retryable) {
            let now = Instant::now();
            let mut job = job.clone();
            let failing_since = *job.sign_in_fails_since.get_or_insert(now);
            if let Some(pause) = recovery::after_sign_in_outage(now - failing_since) {
                self.poll_job_after(key, &job, pause);
                self.state.set_job(key, job);
                return Ok(());
            }
        }
        if error.kind() != ErrorKind::NotFound {
            let step = Step::Follow { chunk: chunk.number };
            let batch = chunk.batch;
            self.state.end(key);
            return self.fail(batch, step, error);
        }
        // The service has forgotten the job.
        self.report_unconfirmed(key, &error);
        self.state.lose_job(key);
        self.read_back(vec![key], None);
        Ok(())
    }

    /// Handles the devices of a chunk that were found in its batch, and those that are missing.
    fn batch_was_read(
        &mut self,
        key: ChunkKey,
        found: &[DeviceResult],
    ) -> Result<(), JournalError> {
        let Some(chunk) = self.state.chunks.get(&key) else { return Ok(()) };
        let devices: HashSet<DeviceKey> = chunk.devices.iter().map(|device| device.key).collect();
        let found: Vec<DeviceResult> =
            found.iter().filter(|result| devices.contains(&result.device)).cloned().collect();
        let found_all = found.len() == devices.len();
        if !found_all && let Some(error) = chunk.unanswered.clone() {
            self.journal.record_results(key, &found, ResultSource::Batch, Timestamp::now())?;
            return self.stop_sending(key, error);
        }
        let after = recovery::after_read_back(found_all, Instant::now(), chunk.may_appear_until);
        if let AfterReadBack::ReadAgain(at) = after
            && !self.state.is_halted
        {
            let now = Timestamp::now();
            self.journal.record_results(key, &found, ResultSource::Batch, now)?;
            self.read_back(vec![key], Some(at));
            return Ok(());
        }
        let (missing, halves) = match chunk.phase {
            ChunkPhase::Verifying { missing, halves } => (missing, halves),
            _ => (MissingDevices::LeaveUnknown, false),
        };
        let now = Timestamp::now();
        self.journal.record_read_back(key, &found, &chunk.devices, missing, now)?;
        match missing {
            MissingDevices::Resend => {
                let Some(chunk) = self.state.end(key) else { return Ok(()) };
                self.state.progress.finished += found.len().min(chunk.counted);
                if halves && !found_all {
                    self.halve_requests(&chunk);
                }
                let found: HashSet<DeviceKey> = found.iter().map(|result| result.device).collect();
                self.state.give_back(chunk, |device| !found.contains(&device.key));
                self.report_progress(None);
            }
            MissingDevices::LeaveUnknown => {
                if let Some(chunk) = self.state.finish(key) {
                    self.report_finished(&chunk, 0);
                }
            }
        }
        Ok(())
    }

    fn read_back_failed(&mut self, keys: &[ChunkKey], error: Error) -> Result<(), JournalError> {
        let ended: Vec<Chunk> = keys.iter().filter_map(|key| self.state.end(*key)).collect();
        let Some(first) = ended.first() else { return Ok(()) };
        self.fail(first.batch, Step::ReadBack { chunk: first.number }, error)
    }
}
