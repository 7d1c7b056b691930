//! Decides the answer to each request: a state machine without sockets, tasks or a clock of its own.
//!
//! [`Core::answer`] is one list of steps, in this order:
//!
//! 1. time moves on: what jobs have to do until now is done;
//! 2. what is under `/_emulator` is answered by the [management](crate::admin), and goes no further;
//! 3. what is for the [sign-in](crate::auth) is answered there, and goes no further; else the request's ids are
//!    taken, or made;
//! 4. the fault rules say what is to go wrong: the connection is closed here, or the request refused (429, or
//!    whatever a rule names), or its token expired_tokens;
//! 5. a bearer token must be there, be taken, and not be expired_tokens (401);
//! 6. path and method name an operation (400, 404, 405, 501), its answer may be JSON (406), and the caller may
//!    do it (403);
//! 7. the body must be whole and not too large (413);
//! 8. a change whose request id was used before gets its first answer again, or is refused (409);
//! 9. the body is read where the operation needs it (415, 400), and the operation is done, or refused (400, 404, 409,
//!    501); a change and the answer to it are [kept](crate::storage::event_log),
//!    the answer under its id;
//! 10. ids, date and form are written on the answer;
//! 11. the fault rules make it odd, late, slow or broken, and HEAD gets no body;
//! 12. the exchange is noted in the journal.

use std::fmt;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{DATE, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Request, Response};

use crate::admin;
use crate::api::error::ApiError;
use crate::api::handlers::{OperationContext, PageSettings, RequestParts, Step};
use crate::api::idempotency::{RequestKey, ResponseCache};
use crate::api::response::{self, ApiResponse, ascii};
use crate::api::route::{self, Operation};
use crate::auth::{Auth, AuthServer, Caller, LoginSettings};
use crate::domain::clock::{Clock, ClockMode, EmulatedTime};
use crate::domain::ids::Random;
use crate::domain::pace::Pace;
use crate::domain::world::World;
use crate::fault_injection::expired_tokens::ExpiredTokens;
use crate::fault_injection::{self, FaultInjector, FaultPlan, Faults, Replacement, RequestFacts};
use crate::http::delivery::Delivery;
use crate::http::received_body::{MAX_BODY, ReceivedBody};
use crate::storage::event_log::{self, Event, LoggedAction, LoggedRequest};
use crate::storage::exchange_log::{BodyExcerpt, Delivered, Exchange, ExchangeLog};
use crate::storage::world_file::WorldFile;

const REQUEST_ID: HeaderName = HeaderName::from_static("ms-requestid");
const CORRELATION_ID: HeaderName = HeaderName::from_static("ms-correlationid");
const CORRELATION_VECTOR: HeaderName = HeaderName::from_static("ms-cv");
const SERVER_ID: HeaderName = HeaderName::from_static("ms-serverid");

/// The service as a state machine: a request and the time in, an answer out.
///
/// Made by [`Builder::core`](crate::Builder::core). Use it where you move the time yourself; otherwise
/// [`Emulator`](crate::Emulator) or [`InProcess`](crate::InProcess) do that for you.
pub struct Core {
    pub(crate) clock: Clock,
    pub(crate) settings: Settings,
    pub(crate) time: EmulatedTime,
    /// LoggedAction a reset goes back to.
    initial: InitialState,
    server_id: String,
    /// Whether changes are to be kept by whoever asks.
    keeping: bool,
    /// LoggedAction is to be kept of the request that is being answered.
    entry: Option<Vec<u8>>,
    pub(crate) exchanges: ExchangeLog,
    pub(crate) state: ServiceState,
}

/// LoggedAction the state is made from.
#[derive(Clone, Debug)]
pub(crate) struct InitialState {
    pub(crate) faults: Faults,
    pub(crate) auth: Auth,
    pub(crate) login: LoginSettings,
    pub(crate) world: Option<WorldFile>,
}

/// LoggedAction a reset makes anew.
pub(crate) struct ServiceState {
    /// Ids of resources.
    ids: Random,
    /// Ids of exchanges.
    traces: Random,
    pub(crate) world: World,
    answers: ResponseCache,
    pub(crate) faults: FaultInjector,
    expired_tokens: ExpiredTokens,
    pub(crate) auth: AuthServer,
}

/// LoggedAction a core is made from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) pace: Pace,
    pub(crate) page_size: usize,
    pub(crate) seed: u64,
}

impl Core {
    pub(crate) fn new(settings: Settings, epoch: SystemTime, initial: InitialState) -> Self {
        Self {
            clock: Clock::new(epoch),
            settings,
            time: EmulatedTime::default(),
            server_id: Random::new(settings.seed, 1).server_id(),
            exchanges: ExchangeLog::default(),
            state: ServiceState::new(settings.seed, &initial),
            initial,
            keeping: false,
            entry: None,
        }
    }

    /// From now on there is an entry for each change. EmulatedTime goes on where it was, with what has `passed`; ids of
    /// exchanges are drawn from there, so that they are not those of an earlier run.
    pub(crate) fn keep_from(&mut self, passed: Duration) {
        self.keeping = true;
        self.time.advance(passed);
        let now = self.time.now();
        if !now.is_zero() {
            // Beyond the names that other streams have.
            self.state.traces =
                Random::new(self.settings.seed, 1000_u64.wrapping_add(now.as_nanos() as u64));
        }
    }

    /// Whether time is moved by hand.
    pub(crate) fn is_manual(&self) -> bool {
        self.time.mode() == ClockMode::Manual
    }

    /// Notes that something happened which no request of the service did.
    pub(crate) fn happened(&mut self, event: impl FnOnce() -> Event) {
        if self.keeping {
            self.entry = Some(event_log::write(self.time.now(), &event()));
        }
    }

    /// EmulatedTime moves on, `real` after the start of this run: what jobs have to do until now is done.
    pub(crate) fn pass(&mut self, real: Duration) {
        self.time.pass(real);
        self.state.world.advance(self.time.now());
    }

    /// LoggedAction has to be kept before the last answer leaves, if it has changed anything.
    pub(crate) fn take_entry(&mut self) -> Option<Vec<u8>> {
        self.entry.take()
    }

    /// Everything that there is, as a file. Jobs and what is only of this run (fault rules, tokens, answers to
    /// repeated requests) are not in it.
    #[must_use]
    pub fn world(&self) -> WorldFile {
        WorldFile::of(&self.state.world, self.clock)
    }

    /// Puts a world in the place of everything that there is: jobs and kept answers end. LoggedAction has no id gets one,
    /// the same for the same seed and file, and what has no date the time that was reached.
    pub fn set_world(&mut self, file: &WorldFile) {
        let state = &mut self.state;
        // Not the ids from the start again: those in the file may be of this seed.
        state.ids = Random::new(self.settings.seed, file.number());
        state.answers = ResponseCache::default();
        let made = file.make(self.clock, self.time.now().into(), &mut state.ids);
        state.world = made.expect("a world file can be loaded, or it would not be one");
        self.happened(|| Event::World(file.clone())); // a copy only if it is kept
    }

    /// Makes a change as it was made before, `at` so long after the start.
    pub(crate) fn replay(&mut self, at: Duration, event: Event) {
        self.time.advance(at.saturating_sub(self.time.now()));
        self.state.world.advance(at);
        match event {
            Event::Request(request) => drop(self.perform(request)),
            Event::World(file) => self.set_world(&file),
            Event::Finished(job) => drop(self.state.world.finish_job(&job, at)),
            Event::Reset => self.empty(),
            Event::Clock(mode) => self.time.set_mode(mode),
        }
    }

    /// Everything is as at the start, the world file included, but the time and the numbers of exchanges.
    pub(crate) fn reset(&mut self) {
        self.exchanges.clear();
        self.empty();
        match self.initial.world.clone() {
            Some(world) => self.set_world(&world), // kept as the world: another run may have another
            None => self.happened(|| Event::Reset),
        }
    }

    fn empty(&mut self) {
        self.time.set_mode(ClockMode::Running);
        self.state = ServiceState::new(self.settings.seed, &self.initial);
    }

    /// ResponseCache a request that comes `now` after the emulator's start.
    ///
    /// Of the URI only path and query count; in the sign-in also its authority.
    /// EmulatedTime never goes back: an earlier `now` than before is taken as the same.
    #[must_use]
    pub fn handle(&mut self, request: &Request<Bytes>, now: Duration) -> Delivery {
        let body = request.body();
        let sent = if body.len() > MAX_BODY {
            ReceivedBody::TooLarge
        } else {
            ReceivedBody::Complete(body)
        };
        self.handle_parts(request, sent, now)
    }

    /// As [`answer`](Self::answer), for a body that is apart from its request or could not be had.
    pub(crate) fn handle_parts<T>(
        &mut self,
        request: &Request<T>,
        sent: ReceivedBody<'_>,
        now: Duration,
    ) -> Delivery {
        self.pass(now);
        let now = self.time.now();

        let path = request.uri().path();
        if admin::is_for(path) {
            return Delivery::whole(self.manage(request, sent));
        }
        let seconds = self.clock.unix_seconds(now);
        if let Some(mut answer) = self.state.auth.handle(request, sent, seconds) {
            answer.headers_mut().insert(DATE, ascii(&self.clock.http_date(now)));
            self.exchanges.note(Exchange::of_sign_in(request, answer.status(), now));
            return Delivery::whole(answer);
        }

        let headers = request.headers();
        let request_id = self.state.echoed(headers, &REQUEST_ID);
        let correlation_id = self.state.echoed(headers, &CORRELATION_ID);

        let route = route::route(request.method(), path);
        let named = route.as_ref().ok();
        let operation = named.map(|(_, operation)| operation.id());
        let customer = named.map(|(customer, _)| customer.clone());
        let plan = self.state.faults.plan(RequestFacts {
            operation,
            customer: customer.as_deref(),
            method: request.method().as_str(),
            path,
            now,
        });
        if plan.expire_token {
            self.state.expired_tokens.add(headers);
        }
        let (mut of_the_service, mut mfa) = (true, None);
        let mut response = match plan.instead {
            Some(Replacement::Close) => None,
            Some(Replacement::Refuse(refusal)) => {
                of_the_service = refusal.is_of_the_service();
                Some(fault_injection::error_response(refusal, |seconds| {
                    self.clock.http_date(now.saturating_add(Duration::from_secs(seconds)))
                }))
            }
            None => {
                let state = &self.state;
                let caller = state.auth.authenticate(headers, seconds);
                let caller =
                    caller.and_then(|caller| state.expired_tokens.check(headers).map(|()| caller));
                mfa = caller.as_ref().ok().and_then(|caller| caller.mfa_header(headers));
                let reply =
                    caller.and_then(|caller| self.reply(request, route, sent, &plan, caller));
                Some(reply.unwrap_or_else(|fault| response::refusal(&fault)))
            }
        };

        if let Some(response) = &mut response {
            let headers = response.headers_mut();
            headers.extend(mfa);
            if of_the_service {
                headers.insert(REQUEST_ID, request_id.clone());
                headers.insert(CORRELATION_ID, correlation_id.clone());
                headers.insert(CORRELATION_VECTOR, ascii(&self.state.traces.correlation_vector()));
                headers.insert(SERVER_ID, ascii(&self.server_id));
            }
            headers.insert(DATE, ascii(&self.clock.http_date(now)));
            for alteration in &plan.alterations {
                fault_injection::alter(response, alteration);
            }
            if request.method() == Method::HEAD {
                response::head_only(response);
            }
        }

        let mut entry = Exchange {
            number: 0,
            at: now,
            method: request.method().clone(),
            uri: request.uri().clone(),
            operation,
            customer,
            status: response.as_ref().map(Response::status),
            request_id,
            correlation_id,
            rules: plan.rules,
            delivered: Delivered::Closed,
            takes: Duration::ZERO,
            request_headers: headers.clone(),
            response_headers: response
                .as_ref()
                .map(|made| made.headers().clone())
                .unwrap_or_default(),
            request: match sent {
                ReceivedBody::Complete(body) => BodyExcerpt::new(body),
                ReceivedBody::TooLarge | ReceivedBody::Incomplete => BodyExcerpt::default(),
            },
            response: response
                .as_ref()
                .map(|made| BodyExcerpt::new(made.body()))
                .unwrap_or_default(),
        };
        let response = response.filter(|_| !plan.unanswered);
        let answer = Delivery { delay: plan.delay, response, pacing: plan.pacing };
        entry.takes = answer.takes();
        entry.delivered = Delivered::of(&answer);
        self.exchanges.note(entry);
        answer
    }

    /// Steps 5 to 9. A fault is what stopped the request before its operation.
    fn reply<T>(
        &mut self,
        request: &Request<T>,
        route: Result<(String, Operation), ApiError>,
        sent: ReceivedBody<'_>,
        plan: &FaultPlan,
        caller: Caller,
    ) -> Result<Response<Bytes>, ApiError> {
        let headers = request.headers();
        let now = self.time.now();
        let state = &mut self.state;
        let (customer_name, operation) = match route {
            Err(fault) if request.method() == Method::OPTIONS => return response::options(fault),
            route => route?,
        };
        response::acceptable(headers)?;
        caller.may(&operation)?;
        let body = match sent {
            ReceivedBody::Complete(body) => body,
            ReceivedBody::TooLarge => return Err(ApiError::too_large(MAX_BODY)),
            ReceivedBody::Incomplete => return Err(ApiError::cut_body()),
        };
        let customer = state.world.customer(&customer_name);
        let id = headers.get(REQUEST_ID);
        let asked = RequestKey::new(request.method(), id, &operation, body);
        let first = asked.as_ref().and_then(|asked| state.answers.recall(customer, asked));
        if let Some(answer) = first {
            return answer;
        }
        let pages = PageSettings { size: self.settings.page_size, seed: self.settings.seed };
        let changes = !request.method().is_safe();
        let call = OperationContext {
            customer,
            customer_name: &customer_name,
            world: &mut state.world,
            clock: self.clock,
            now,
        };
        let what = match call.read(
            operation,
            RequestParts { headers, query: request.uri().query().unwrap_or_default(), body },
            pages,
        ) {
            Ok(Step::Answer(reply)) => return Ok(reply.into_response()),
            Ok(Step::Change(change)) => LoggedAction::Change(change, plan.pace(self.settings.pace)),
            Err(fault) if changes => LoggedAction::refused(&fault),
            Err(fault) => return Err(fault),
        };
        let request = LoggedRequest { customer: customer_name, asked, what };
        let entry = self.keeping.then(|| event_log::write(now, &Event::Request(&request)));
        let (answer, changed) = self.perform(request);
        self.entry = entry.filter(|_| changed);
        Ok(answer)
    }

    /// Makes a change, or refuses it, and keeps the answer under the id of the request. Also says whether
    /// anything is not as it was before.
    fn perform(&mut self, request: LoggedRequest) -> (Response<Bytes>, bool) {
        let now = self.time.now();
        let state = &mut self.state;
        let customer = state.world.customer(&request.customer);
        let call = OperationContext {
            customer,
            customer_name: &request.customer,
            world: &mut state.world,
            clock: self.clock,
            now,
        };
        let done = match request.what {
            LoggedAction::Change(change, pace) => call
                .change(change, pace, &mut state.ids)
                .map(ApiResponse::into_response)
                .map_err(|fault| response::refusal(&fault)),
            LoggedAction::Refused { status, body } => Err(response::refused(status, body)),
        };
        let changed = done.is_ok() || request.asked.is_some();
        let answer = done.unwrap_or_else(|refusal| refusal);
        if let Some(asked) = request.asked {
            state.answers.keep(customer, asked, answer.clone());
        }
        (answer, changed)
    }
}

impl ServiceState {
    fn new(seed: u64, initial: &InitialState) -> Self {
        let mut traces = Random::new(seed, 1);
        traces.server_id(); // the core's
        Self {
            ids: Random::new(seed, 0),
            traces,
            world: World::default(),
            answers: ResponseCache::default(),
            faults: FaultInjector::new(seed, &initial.faults),
            expired_tokens: ExpiredTokens::default(),
            auth: AuthServer::new(initial.auth, initial.login.clone(), seed),
        }
    }

    /// The id of the request's header, or a made one.
    fn echoed(&mut self, headers: &HeaderMap, name: &HeaderName) -> HeaderValue {
        let made = self.traces.guid();
        headers
            .get(name)
            .filter(|id| !id.is_empty())
            .cloned()
            .unwrap_or_else(|| ascii(&made.to_string()))
    }
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core")
            .field("settings", &self.settings)
            .field("time", &self.time)
            .finish_non_exhaustive()
    }
}
