//! The order of an upload's calls. One loop owns all state and the journal: it starts what may start, waits for what
//! ends first, and writes down what that means before anything follows from it.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::{Duration, SystemTime};

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use partner_center_devices::{
    BatchId, BatchUploadDetails, Customer, DeviceIdentity, DeviceOutcome, Error, ErrorKind, Job,
    RawResponse, Statuses, Wait,
};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::recovery::{self, AfterSend, Failed};
use super::requests::{self, Done, Flight, Running};
use super::{Event, Failure, Route, RoutedRow, Step, Upload, UploadError};
use crate::call_effect::ends_all;
use crate::check::finding::Origin;
use crate::check::fleet::{CheckedRow, Label, Verdict};
use crate::journal::{
    Accepted, Begun, DeviceKey, Journal, Known, Left, Mode, Moment, NewRow, OpenChunk, OpenDevice,
    RowVerdict, Settled, TargetKey, sent_names,
};
use crate::report::Report;
use crate::upload::chunk::{ChunkLimits, Fingerprint, Measure};
use crate::upload::plan::{Plan, plan};

/// How many jobs are asked for at once. A look is a small request every some seconds.
const JOBS_AT_ONCE: usize = 64;

/// How many jobs of one batch are asked for at once: its oldest. Those behind them are most often over when their turn
/// comes, and cost one look each, however long they took.
const FOLLOWED: usize = 4;

/// How many chunks of one batch may be ahead of their jobs.
const AHEAD: usize = 64;

/// How often a run looks into one batch because an upload's answer proved nothing. A service that never proves
/// anything must not be asked for ever.
const READ_BACKS: usize = 5;

/// Within what time after an upload its devices are in the batch, if it was done at all. Registration takes minutes.
const APPEARS_WITHIN: Duration = Duration::from_secs(5 * 60);

/// Within what time after an upload its job is known, and how often it is asked for until then.
const KNOWN_WITHIN: Duration = Duration::from_secs(60);
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(5);

/// How long an upload that was asked to stop waits for the answers to what it has sent.
const GRACE: Duration = Duration::from_secs(20);

/// All that an upload knows and has under way.
struct Course<F> {
    tell: F,
    cancel: CancellationToken,
    journal: Journal,
    limits: ChunkLimits,
    wait: Wait,
    concurrency: usize,
    customers: Vec<CustomerState>,
    targets: Vec<Target>,
    /// Lists, uploads and looks into batches.
    calls: FuturesUnordered<Running>,
    /// How many of the calls are uploads.
    sending: usize,
    jobs: FuturesUnordered<Running>,
    failures: Vec<Failure>,
    /// No call would work any more.
    over: bool,
    /// The batch to begin with when the next call is chosen, so that all have their turn.
    turn: usize,
    total: usize,
    settled: usize,
    /// Devices that jobs under way show as decided.
    decided: usize,
    /// What the service took. It is freed at the end, as one: to free hardware hashes between other allocations costs
    /// as much time as to write them down as JSON.
    taken: Vec<Vec<Option<DeviceIdentity>>>,
}

struct CustomerState {
    customer: Customer,
    batches: Batches,
}

enum Batches {
    NotAsked,
    Asked,
    Known(Vec<String>),
    Failed,
}

/// A batch, and what is left to do for it.
struct Target {
    key: TargetKey,
    customer: usize,
    batch: BatchId,
    /// What an earlier run left, oldest first.
    left: VecDeque<OpenChunk>,
    /// The devices of those, as far as the files have them.
    held: HashMap<DeviceKey, DeviceIdentity>,
    /// What is to be sent, in the order of the rows.
    pending: VecDeque<Pending>,
    /// Sizes of the chunks that `pending` is cut into, once the batches are known.
    plan: Option<VecDeque<usize>>,
    exists: bool,
    /// A chunk is being sent, or looked for.
    busy: bool,
    /// The chunk that makes the batch is sent, and its job is not over.
    making: bool,
    /// How many of its jobs are asked for.
    following: usize,
    /// Chunks that the service took, whose jobs are not asked for yet; oldest first.
    accepted: VecDeque<(Box<Flight>, Job)>,
    /// How many chunks this run has begun.
    number: usize,
    /// The service said once that the batch exists when it was to be made.
    conflict: bool,
    /// How often this run had to look into the batch.
    read_backs: usize,
    /// Chunks whose job did not speak of all devices. One look into the batch, when all else is done, is for all.
    #[expect(clippy::vec_box, reason = "they come boxed and go on so")]
    unanswered: Vec<Box<Flight>>,
    stopped: bool,
}

struct Pending {
    device: OpenDevice,
    measure: Measure,
    identity: DeviceIdentity,
}

/// What may be begun now.
enum Next {
    List(usize),
    TakeUp(usize),
    Plan(usize),
    Send(usize),
    Follow(usize),
    ReadBack(usize),
}

/// The numbered list of the module above.
pub(super) async fn run(upload: Upload, tell: impl FnMut(Event)) -> Result<Report, UploadError> {
    let mut course = Course::begin(upload, tell)?;
    course.until_over().await?;
    let report = course.journal.report()?;
    if course.failures.is_empty() {
        Ok(report)
    } else {
        Err(UploadError::Calls { report: Box::new(report), failures: course.failures })
    }
}

/// What a journal knows of the rows, and what of them is to be sent.
pub(super) struct Start {
    pub(super) targets: Vec<TargetStart>,
    pub(super) settled: usize,
}

/// One destination at the start.
pub(super) struct TargetStart {
    pub(super) key: TargetKey,
    pub(super) batch: BatchId,
    pub(super) left: Vec<OpenChunk>,
    pub(super) held: HashMap<DeviceKey, DeviceIdentity>,
    pub(super) pending: Vec<Waiting>,
}

/// A device that is to be sent, and the row that says it.
pub(super) struct Waiting {
    pub(super) key: DeviceKey,
    pub(super) origin: Origin,
    pub(super) label: Label,
    pub(super) measure: Measure,
    pub(super) identity: DeviceIdentity,
}

/// Writes the rows into the journal and sorts them by what it knows.
pub(super) fn start(
    journal: &mut Journal,
    routes: &[Route],
    rows: Vec<RoutedRow>,
    retry: bool,
    mode: Mode,
) -> Result<Start, UploadError> {
    let mut services = routes.iter().map(|route| route.customer.base_url());
    let service = services.next();
    if let (Some(service), Some(_)) = (service, services.find(|other| Some(*other) != service)) {
        return Err(journal.is_of(service).into());
    }
    let names: Vec<_> =
        routes.iter().map(|route| (route.customer.id().as_str(), route.batch.as_str())).collect();
    let measure = |measured: Option<Measure>, identity: &DeviceIdentity| {
        measured.unwrap_or_else(|| Measure::of(identity))
    };
    let new = rows.iter().map(|routed| NewRow {
        origin: &routed.row.origin,
        label: &routed.row.label,
        target: routed.route,
        verdict: match &routed.row.verdict {
            Verdict::Send(identity) => {
                RowVerdict::Send(measure(routed.row.measure, identity).print, identity.kind())
            }
            Verdict::Duplicate(first) => RowVerdict::Duplicate(first),
            Verdict::Refused(finding) => RowVerdict::Refused(finding),
        },
    });
    let Begun { targets, devices, open } = journal.begin(service, &names, new, now(), mode)?;
    let mut targets: Vec<TargetStart> = targets
        .into_iter()
        .zip(routes)
        .map(|((key, batch), route)| TargetStart {
            key,
            batch: BatchId::new(batch).unwrap_or_else(|_| route.batch.clone()),
            left: Vec::new(),
            held: HashMap::new(),
            pending: Vec::new(),
        })
        .collect();
    for chunk in open {
        targets[chunk.target].left.push(chunk);
    }
    let mut settled = 0;
    let sent = rows.into_iter().filter(|routed| matches!(routed.row.verdict, Verdict::Send(_)));
    for (RoutedRow { row, route }, (key, known)) in sent.zip(devices) {
        let CheckedRow { origin, label, verdict, measure: measured, .. } = row;
        let (Some(route), Verdict::Send(identity)) = (route, verdict) else { continue };
        let measure = measure(measured, &identity);
        let target = &mut targets[route];
        let waits = match known {
            Known::Open => true,
            Known::Settled(DeviceOutcome::Failed(error), uploads) => {
                retry && recovery::worth_again(&error, uploads)
            }
            Known::Settled(..) => false,
            Known::Under => {
                target.held.insert(key, identity);
                continue;
            }
        };
        if waits {
            target.pending.push(Waiting { key, origin, label, measure, identity });
        } else {
            settled += 1;
        }
    }
    Ok(Start { targets, settled })
}

impl<F: FnMut(Event)> Course<F> {
    fn begin(upload: Upload, tell: F) -> Result<Self, UploadError> {
        let Upload { routes, rows, limits, wait, concurrency, retry, journal, cancel } = upload;
        let mut journal = match journal {
            Some(journal) => journal,
            None => Journal::in_memory()?,
        };
        let Start { targets, settled } = start(&mut journal, &routes, rows, retry, Mode::Run)?;
        let mut customers: Vec<CustomerState> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut open = 0;
        let mut total = settled;
        let target = |(route, found): (Route, TargetStart)| {
            let id = route.customer.id().as_str().to_ascii_lowercase();
            let customer = *places.entry(id).or_insert_with(|| {
                let customer = route.customer.clone();
                customers.push(CustomerState { customer, batches: Batches::NotAsked });
                customers.len() - 1
            });
            open += found.held.len();
            total += found.held.len() + found.pending.len();
            let pending = found.pending.into_iter().map(
                |Waiting { key, label, measure, identity, .. }| {
                    let (serial, product_key) = sent_names(identity.kind(), &label);
                    let device = OpenDevice {
                        key,
                        serial: serial.map(Into::into),
                        product_key: product_key.map(Into::into),
                    };
                    Pending { device, measure, identity }
                },
            );
            Target {
                key: found.key,
                customer,
                batch: found.batch,
                pending: pending.collect(),
                held: found.held,
                left: found.left.into(),
                plan: None,
                exists: false,
                busy: false,
                making: false,
                following: 0,
                accepted: VecDeque::new(),
                number: 0,
                conflict: false,
                read_backs: 0,
                unanswered: Vec::new(),
                stopped: false,
            }
        };
        let targets = routes.into_iter().zip(targets).map(target).collect();
        let mut course = Self {
            tell,
            cancel,
            journal,
            limits,
            wait,
            concurrency,
            customers,
            targets,
            calls: FuturesUnordered::new(),
            sending: 0,
            jobs: FuturesUnordered::new(),
            failures: Vec::new(),
            over: false,
            turn: 0,
            total,
            settled,
            decided: 0,
            taken: Vec::new(),
        };
        if settled > 0 || open > 0 {
            (course.tell)(Event::Resumed { done: settled, unfinished: open, total });
        }
        Ok(course)
    }

    async fn until_over(&mut self) -> Result<(), UploadError> {
        let cancel = self.cancel.clone();
        loop {
            while !self.over
                && !cancel.is_cancelled()
                && let Some(next) = self.next()
            {
                self.start(next)?;
            }
            if self.calls.is_empty() && self.jobs.is_empty() && (self.over || self.next().is_none())
            {
                return Ok(()); // also where it was asked to stop a moment too late
            }
            if cancel.is_cancelled() {
                return self.end_early().await;
            }
            let done = tokio::select! {
                biased; // to be asked to stop goes before everything that could follow
                () = cancel.cancelled() => continue,
                Some(done) = self.calls.next() => done,
                Some(done) = self.jobs.next() => done,
                else => continue,
            };
            self.note(done)?;
        }
    }

    /// Jobs are left to themselves; what was sent is answered, or stays open for the next run.
    async fn end_early(&mut self) -> Result<(), UploadError> {
        self.jobs.clear();
        self.over = true;
        let deadline = Instant::now() + GRACE;
        while self.sending > 0
            && let Ok(Some(done)) = tokio::time::timeout_at(deadline, self.calls.next()).await
        {
            // Of lists and looks into batches nothing needs to be known.
            if let Done::Sent(..) | Done::Unsent(_) = done {
                self.note(done)?;
            }
        }
        self.jobs.clear(); // a chunk that was taken is not followed any more
        self.journal.stop(None, "it was asked to stop")?;
        Ok(())
    }

    /// What may begin now: one call of each batch at a time, and the batches in turn.
    fn next(&mut self) -> Option<Next> {
        let count = self.targets.len();
        for place in (0..count).map(|step| (self.turn + step) % count) {
            let target = &self.targets[place];
            let may_call = self.calls.len() < self.concurrency;
            let may_follow = target.following < FOLLOWED && self.jobs.len() < JOBS_AT_ONCE;
            if may_follow && !target.accepted.is_empty() {
                self.turn = place + 1;
                return Some(Next::Follow(place)); // of a batch that stopped, too
            }
            let landed = target.following == 0 && target.accepted.is_empty();
            let done = target.stopped || (target.left.is_empty() && target.pending.is_empty());
            if may_call && done && landed && !target.busy {
                if !target.unanswered.is_empty() {
                    self.turn = place + 1;
                    return Some(Next::ReadBack(place));
                }
                continue;
            }
            if target.stopped || target.busy {
                continue;
            }
            let next = match target.left.front() {
                Some(chunk) => match chunk.left {
                    Left::Accepted(_) => Next::TakeUp(place),
                    Left::Noted | Left::Unanswered if may_call => Next::TakeUp(place),
                    _ => continue,
                },
                None if target.pending.is_empty() || target.making => continue,
                None => match &self.customers[target.customer].batches {
                    Batches::NotAsked if may_call => Next::List(target.customer),
                    Batches::Known(_) if target.plan.is_none() => Next::Plan(place),
                    Batches::Known(_)
                        if may_call && target.following + target.accepted.len() < AHEAD =>
                    {
                        Next::Send(place)
                    }
                    _ => continue,
                },
            };
            self.turn = place + 1;
            return Some(next);
        }
        None
    }

    fn start(&mut self, next: Next) -> Result<(), UploadError> {
        match next {
            Next::List(place) => {
                let state = &mut self.customers[place];
                state.batches = Batches::Asked;
                self.calls.push(requests::list(place, &state.customer));
            }
            Next::Plan(place) => self.plan(place)?,
            Next::Send(place) => self.send(place)?,
            Next::Follow(place) => self.follow(place),
            Next::TakeUp(place) => self.take_up(place),
            Next::ReadBack(place) => {
                let mut flights = std::mem::take(&mut self.targets[place].unanswered);
                if let Some(first) = flights.first_mut() {
                    self.be_busy(first);
                }
                self.look_into_batch(flights, None);
            }
        }
        Ok(())
    }

    fn customer(&self, target: usize) -> &Customer {
        &self.customers[self.targets[target].customer].customer
    }

    /// Cuts what is to be sent into chunks, now that the batches are known.
    fn plan(&mut self, place: usize) -> Result<(), UploadError> {
        let target = &mut self.targets[place];
        let state = &self.customers[target.customer];
        let Batches::Known(existing) = &state.batches else { return Ok(()) };
        let lengths = target.pending.iter().map(|pending| pending.measure.length);
        let id = state.customer.id().clone();
        let plan: Plan = plan(id, existing, target.batch.clone(), lengths, self.limits);
        target.exists = !plan.creates_batch();
        target.batch = plan.batch().clone();
        target.plan = Some(plan.chunks().iter().copied().collect());
        self.journal.name_batch(target.key, target.batch.as_str())?;
        (self.tell)(Event::Planned { plan });
        Ok(())
    }

    /// Writes down the next chunk and sends it.
    fn send(&mut self, place: usize) -> Result<(), UploadError> {
        let target = &mut self.targets[place];
        let Some(size) = target.plan.as_mut().and_then(VecDeque::pop_front) else {
            target.plan = None; // devices came back since it was made
            return Ok(());
        };
        let size = size.min(target.pending.len());
        let content =
            Fingerprint::of_chunk(target.pending.range(..size).map(|one| one.measure.print));
        let (devices, identities): (Vec<_>, Vec<_>) = target
            .pending
            .drain(..size)
            .map(|pending| (pending.device, Some(pending.identity)))
            .unzip();
        if devices.is_empty() {
            return Ok(());
        }
        let keys: Vec<DeviceKey> = devices.iter().map(|device| device.key).collect();
        let (request_id, correlation_id) = (Uuid::new_v4(), Uuid::new_v4());
        let creates = !target.exists;
        target.busy = true;
        target.making = creates;
        target.number += 1;
        let number = target.number;
        let chunk = self.journal.note(
            target.key,
            creates,
            content.as_bytes(),
            (request_id, correlation_id),
            &keys,
            now(),
        )?;
        let flight = Flight {
            target: place,
            number,
            batch: target.batch.clone(),
            chunk,
            creates,
            request_id,
            correlation_id,
            open: devices.len(),
            devices,
            identities,
            in_doubt: false,
            rounds: 0,
            decided: 0,
            job: None,
            may_appear_until: Instant::now() + APPEARS_WITHIN,
            is_busy: true,
            is_followed: false,
            releases: true,
        };
        self.fly(Box::new(flight), Duration::ZERO);
        Ok(())
    }

    fn fly(&mut self, flight: Box<Flight>, pause: Duration) {
        let customer = self.customer(flight.target);
        let sending = requests::send(flight, customer, pause, self.cancel.clone());
        self.calls.push(sending);
        self.sending += 1;
    }

    #[expect(clippy::vec_box, reason = "they come boxed and go on so")]
    fn look_into_batch(&mut self, flights: Vec<Box<Flight>>, from: Option<Instant>) {
        let Some(first) = flights.first() else { return };
        let customer = self.customer(first.target).clone();
        self.calls.push(requests::read_back(flights, &customer, from));
    }

    /// The oldest job of a batch that is not asked for yet.
    fn follow(&mut self, place: usize) {
        let target = &mut self.targets[place];
        let Some((mut flight, job)) = target.accepted.pop_front() else { return };
        target.following += 1;
        flight.is_followed = true;
        self.jobs.push(requests::look(flight, Box::new(job.statuses(self.wait))));
    }

    /// Goes on with what an earlier run left.
    fn take_up(&mut self, place: usize) {
        let target = &mut self.targets[place];
        let Some(chunk) = target.left.pop_front() else { return };
        target.number += 1;
        target.making = chunk.creates;
        let held = |device: &OpenDevice| target.held.remove(&device.key);
        let identities: Vec<Option<DeviceIdentity>> = chunk.devices.iter().map(held).collect();
        let whole = identities.iter().all(Option::is_some);
        let age = SystemTime::now().duration_since(chunk.noted.time()).unwrap_or_default();
        let mut flight = Box::new(Flight {
            target: place,
            number: target.number,
            batch: target.batch.clone(),
            chunk: chunk.key,
            creates: chunk.creates,
            request_id: chunk.request_id,
            correlation_id: chunk.correlation_id,
            open: identities.iter().flatten().count(),
            devices: chunk.devices,
            identities,
            in_doubt: true,
            rounds: 0,
            decided: 0,
            job: None,
            may_appear_until: match chunk.left {
                Left::Unanswered => Instant::now(), // its job is over
                _ => Instant::now() + APPEARS_WITHIN.saturating_sub(age),
            },
            is_busy: false,
            is_followed: false,
            releases: true,
        });
        match chunk.left {
            Left::Accepted(tracking_id) => {
                flight.identities = Vec::new();
                let job = self.customer(place).job(tracking_id);
                self.targets[place].accepted.push_back((flight, job));
            }
            // Only the same request proves something under the same id.
            Left::Noted if whole => {
                self.be_busy(&mut flight);
                self.fly(flight, Duration::ZERO);
            }
            Left::Noted | Left::Unanswered => {
                self.be_busy(&mut flight);
                self.look_into_batch(vec![flight], None);
            }
        }
    }

    /// The batch has this to do, and nothing else is sent to it in the meantime.
    fn be_busy(&mut self, flight: &mut Flight) {
        flight.is_busy = true;
        self.targets[flight.target].busy = true;
    }

    /// The chunk takes nothing of its batch any more.
    fn land(&mut self, flight: &mut Flight) {
        let target = &mut self.targets[flight.target];
        if std::mem::take(&mut flight.is_busy) {
            target.busy = false;
        }
        if std::mem::take(&mut flight.is_followed) {
            target.following -= 1;
        }
        if flight.creates {
            target.making = false;
        }
        self.decided -= std::mem::take(&mut flight.decided);
    }

    fn note(&mut self, done: Done) -> Result<(), UploadError> {
        if let Done::Sent(..) | Done::Unsent(_) = done {
            self.sending -= 1;
        }
        match done {
            Done::Unsent(mut flight) => {
                self.land(&mut flight); // the next run goes on from here
                Ok(())
            }
            Done::Listed(place, answer) => self.listed(place, answer),
            Done::Sent(flight, Ok((job, raw))) => self.accepted(flight, &job, &raw),
            Done::Sent(flight, Err(error)) => self.not_accepted(flight, error),
            Done::Looked(flight, statuses, look) => self.looked(flight, statuses, look),
            Done::ReadBack(flights, Ok(found)) => {
                flights.into_iter().try_for_each(|flight| self.found(flight, &found))
            }
            Done::ReadBack(mut flights, Err(error)) => {
                flights.iter_mut().for_each(|flight| self.land(flight));
                let Some(first) = flights.first() else { return Ok(()) };
                let step = Step::ReadBack { chunk: first.number };
                self.fail(first.target, step, error)
            }
        }
    }

    fn listed(
        &mut self,
        place: usize,
        answer: Result<Vec<String>, Error>,
    ) -> Result<(), UploadError> {
        match answer {
            Ok(names) => self.customers[place].batches = Batches::Known(names),
            Err(error) => {
                self.customers[place].batches = Batches::Failed;
                let waiting: Vec<usize> = (0..self.targets.len())
                    .filter(|&target| {
                        let target = &self.targets[target];
                        target.customer == place && !target.stopped && !target.pending.is_empty()
                    })
                    .collect();
                let problem = format!("{}: {error}", Step::ListBatches);
                for &target in waiting.iter().skip(1) {
                    self.targets[target].stopped = true;
                    self.journal.stop(Some(self.targets[target].key), &problem)?;
                }
                if let Some(&first) = waiting.first() {
                    self.fail(first, Step::ListBatches, error)?;
                }
            }
        }
        Ok(())
    }

    fn accepted(
        &mut self,
        mut flight: Box<Flight>,
        job: &Job,
        raw: &RawResponse,
    ) -> Result<(), UploadError> {
        let header = |name: &str| raw.headers().get(name).and_then(|value| value.to_str().ok());
        let accepted = Accepted {
            tracking_id: job.tracking_id().as_str(),
            correlation_id: header("ms-correlationid"),
            cv: header("ms-cv"),
        };
        self.journal.accept(flight.chunk, &accepted, now())?;
        flight.job = Some((job.clone(), Instant::now()));
        flight.is_busy = false;
        self.taken.push(std::mem::take(&mut flight.identities));
        let target = &mut self.targets[flight.target];
        target.busy = false;
        (self.tell)(Event::Sent {
            customer: self.customers[target.customer].customer.id().clone(),
            batch: flight.batch.clone(),
            chunk: flight.number,
            devices: flight.devices.len(),
            tracking_id: job.tracking_id().clone(),
        });
        self.targets[flight.target].accepted.push_back((flight, job.clone()));
        Ok(())
    }

    fn not_accepted(&mut self, mut flight: Box<Flight>, error: Error) -> Result<(), UploadError> {
        let after = recovery::after_send(Failed {
            kind: error.kind(),
            sent: error.sent(),
            attempts: error.attempts(),
            creates: flight.creates,
            in_doubt: flight.in_doubt,
            rounds: flight.rounds,
        });
        let step = Step::Send { chunk: flight.number };
        let problem = error.to_string();
        match after {
            // A batch that is still not listed is in conflict with something else.
            AfterSend::BatchExists if !self.targets[flight.target].conflict => {
                self.journal.refuse(flight.chunk, &problem, &flight.devices, now())?;
                self.land(&mut flight);
                self.targets[flight.target].conflict = true;
                self.targets[flight.target].number -= 1;
                self.give_back(&mut flight, |_| true);
            }
            AfterSend::Refused | AfterSend::BatchExists => {
                self.journal.refuse(flight.chunk, &problem, &flight.devices, now())?;
                self.land(&mut flight);
                self.fail(flight.target, step, error)?;
            }
            AfterSend::Doubt => {
                self.land(&mut flight);
                self.fail(flight.target, step, error)?;
            }
            // The next run goes on from here.
            AfterSend::Again(_) | AfterSend::ReadBack if self.over => self.land(&mut flight),
            AfterSend::Again(pause) => {
                self.doubt(&flight, problem);
                flight.in_doubt = true;
                flight.rounds += 1;
                self.fly(flight, pause);
            }
            AfterSend::ReadBack if self.targets[flight.target].read_backs >= READ_BACKS => {
                self.land(&mut flight);
                self.fail(flight.target, step, error)?;
            }
            AfterSend::ReadBack => {
                self.doubt(&flight, problem);
                flight.releases = error.kind() != ErrorKind::Unreadable;
                self.targets[flight.target].read_backs += 1;
                self.look_into_batch(vec![flight], None);
            }
        }
        Ok(())
    }

    fn doubt(&mut self, flight: &Flight, problem: String) {
        let customer = self.customer(flight.target).id().clone();
        let (batch, chunk) = (flight.batch.clone(), flight.number);
        (self.tell)(Event::Unconfirmed { customer, batch, chunk, problem });
    }

    fn looked(
        &mut self,
        mut flight: Box<Flight>,
        statuses: Box<Statuses>,
        look: Option<Result<BatchUploadDetails, Error>>,
    ) -> Result<(), UploadError> {
        match look {
            Some(Ok(status)) => {
                let before = flight.devices.len() - flight.open;
                let decided = recovery::decided(&status).saturating_sub(before).min(flight.open);
                if decided > flight.decided && !status.is_finished() {
                    self.keep(&flight, &status)?;
                }
                self.decided = self.decided - flight.decided + decided;
                flight.decided = decided;
                (self.tell)(Event::Progress {
                    done: self.settled + self.decided,
                    total: self.total,
                    status: status.status().cloned(),
                });
                if status.is_finished() {
                    return self.job_is_over(flight, &status);
                }
                self.jobs.push(requests::look(flight, statuses));
                Ok(())
            }
            // The service does not know the job: not yet, or not any more.
            Some(Err(error)) if error.kind() == ErrorKind::NotFound => {
                let new = flight.job.as_ref().filter(|(_, taken)| taken.elapsed() < KNOWN_WITHIN);
                if let Some((job, _)) = new {
                    let statuses = Box::new(job.statuses(self.wait));
                    self.jobs.push(requests::look_again(flight, statuses, LOOK_AGAIN_AFTER));
                    return Ok(());
                }
                self.doubt(&flight, error.to_string());
                flight.releases = false;
                self.look_into_batch(vec![flight], None);
                Ok(())
            }
            Some(Err(error)) => {
                self.land(&mut flight);
                let step = Step::Follow { chunk: flight.number };
                self.fail(flight.target, step, error)
            }
            None => {
                self.land(&mut flight); // its end came as a look before
                Ok(())
            }
        }
    }

    /// Outcomes of a job that goes on are written down as they come: whatever ends this run, they stay.
    fn keep(&mut self, flight: &Flight, status: &BatchUploadDetails) -> Result<(), UploadError> {
        let settled = recovery::settled(&flight.devices, status).into_iter();
        let known: Vec<Settled> =
            settled.filter(|device| device.outcome != DeviceOutcome::Pending).collect();
        Ok(self.journal.note_outcomes(flight.chunk, &known, now())?)
    }

    fn job_is_over(
        &mut self,
        mut flight: Box<Flight>,
        status: &BatchUploadDetails,
    ) -> Result<(), UploadError> {
        let settled = recovery::settled(&flight.devices, status);
        self.journal.settle(flight.chunk, &settled, now())?;
        self.batch_exists(&flight);
        let unanswered: Vec<OpenDevice> = settled
            .iter()
            .zip(&flight.devices)
            .filter(|(settled, _)| settled.outcome == DeviceOutcome::Pending)
            .map(|(_, device)| device.clone())
            .collect();
        let failed = failures(&settled);
        if unanswered.is_empty() {
            self.settle(flight, failed);
        } else {
            let open = unanswered.len().min(flight.open);
            self.settled += flight.open - open;
            flight.open = open;
            self.land(&mut flight);
            flight.devices = unanswered;
            flight.releases = false;
            flight.may_appear_until = Instant::now();
            self.targets[flight.target].unanswered.push(flight);
        }
        Ok(())
    }

    /// After the job that makes a batch, others may be sent to it.
    fn batch_exists(&mut self, flight: &Flight) {
        if !flight.creates {
            return;
        }
        let target = &mut self.targets[flight.target];
        target.exists = true;
        target.making = false;
        if let Batches::Known(names) = &mut self.customers[target.customer].batches {
            names.push(flight.batch.as_str().to_owned());
        }
    }

    fn settle(&mut self, mut flight: Box<Flight>, failed: usize) {
        self.settled += flight.open;
        self.land(&mut flight);
        let customer = self.customer(flight.target).id().clone();
        (self.tell)(Event::ChunkFinished {
            customer,
            batch: flight.batch.clone(),
            chunk: flight.number,
            devices: flight.devices.len(),
            failed,
        });
    }

    /// What a look into the batch showed.
    fn found(&mut self, mut flight: Box<Flight>, found: &[Settled]) -> Result<(), UploadError> {
        let keys: HashSet<DeviceKey> = flight.devices.iter().map(|device| device.key).collect();
        let found: Vec<Settled> =
            found.iter().filter(|found| keys.contains(&found.device)).cloned().collect();
        // A job takes minutes: what is not in the batch now may come.
        if found.len() < keys.len() && Instant::now() < flight.may_appear_until && !self.over {
            self.journal.note_outcomes(flight.chunk, &found, now())?;
            let until = flight.may_appear_until;
            self.look_into_batch(vec![flight], Some(until));
            return Ok(());
        }
        let (devices, releases) = (&flight.devices, flight.releases);
        self.journal.read_back(flight.chunk, &found, devices, releases, now())?;
        if flight.releases {
            self.land(&mut flight);
            let there: HashSet<DeviceKey> = found.iter().map(|found| found.device).collect();
            self.give_back(&mut flight, |device| !there.contains(&device.key));
            self.settled += found.len().min(flight.open);
            (self.tell)(Event::Progress {
                done: self.settled + self.decided,
                total: self.total,
                status: None,
            });
        } else {
            self.settle(flight, 0);
        }
        Ok(())
    }

    /// Devices of a chunk are to be sent after all, before the others. What is known of the batches may be old.
    fn give_back(&mut self, flight: &mut Flight, which: impl Fn(&OpenDevice) -> bool) {
        let target = &mut self.targets[flight.target];
        let devices = flight.devices.drain(..).zip(flight.identities.drain(..));
        let mut back: VecDeque<Pending> = devices
            .filter(|(device, _)| which(device))
            .filter_map(|(device, identity)| {
                let identity = identity?;
                Some(Pending { device, measure: Measure::of(&identity), identity })
            })
            .collect();
        back.append(&mut target.pending);
        target.pending = back;
        target.plan = None;
        let batches = &mut self.customers[target.customer].batches;
        if flight.creates || matches!(batches, Batches::Failed) {
            *batches = Batches::NotAsked;
        }
    }

    /// Nothing more is sent to this batch.
    fn fail(&mut self, place: usize, step: Step, error: Error) -> Result<(), UploadError> {
        let problem = format!("{step}: {error}");
        let target = &mut self.targets[place];
        target.stopped = true;
        self.journal.stop(Some(target.key), &problem)?;
        if ends_all(error.kind()) {
            self.over = true;
            self.journal.stop(None, &problem)?;
        }
        let customer = self.customers[target.customer].customer.id().clone();
        let batch = target.batch.clone();
        (self.tell)(Event::Stopped {
            customer: customer.clone(),
            batch: batch.clone(),
            step,
            problem: error.to_string(),
        });
        self.failures.push(Failure { customer, batch, step, error });
        Ok(())
    }
}

fn failures(settled: &[Settled]) -> usize {
    settled.iter().filter(|device| matches!(device.outcome, DeviceOutcome::Failed(_))).count()
}

fn now() -> Moment {
    SystemTime::now().into()
}
