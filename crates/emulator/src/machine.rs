//! Decides the answer to each request: a state machine without sockets, tasks or a clock of its own.
//!
//! [`Core::answer`] is one list of steps, in this order:
//!
//! 1. time moves on: what jobs have to do until now is done;
//! 2. the request's ids are taken, or made;
//! 3. what is for the sign-in is answered there;
//! 4. the fault rules say what is to go wrong: the connection is closed here, or the request refused (429, or
//!    whatever a rule names), or its token spoiled;
//! 5. a bearer token must be there, be taken, and not be spoiled (401);
//! 6. path and method name an operation (400, 404, 405), and the caller may do it (403);
//! 7. the body must be whole, not too large (413), and, where the operation reads it, JSON (415, 400);
//! 8. a change whose request id was used before gets its first answer again, or is refused (409);
//! 9. the operation is done, or refused (400, 404, 409), and the answer to a change is kept under its id;
//! 10. ids, date and form are written on the answer;
//! 11. the fault rules make it odd, late, slow or broken.

use std::fmt;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{DATE, HeaderMap, HeaderName, HeaderValue};
use http::{Request, Response};

use crate::clock::Clock;
use crate::delivery::{Answer, Pacing};
use crate::fault::Fault;
use crate::faults::{self, Armed, Facts, Faults, Instead, Plan};
use crate::idempotency::{Answers, Asked};
use crate::ids::Random;
use crate::login::{Caller, Login};
use crate::operations::Call;
use crate::pace::Pace;
use crate::reply::{self, Reply, ascii};
use crate::route::{self, Operation};
use crate::tokens::Spoiled;
use crate::world::World;

/// The largest body that is read.
pub(crate) const MAX_BODY: usize = 64 << 20;

const REQUEST_ID: HeaderName = HeaderName::from_static("ms-requestid");
const CORRELATION_ID: HeaderName = HeaderName::from_static("ms-correlationid");
const CORRELATION_VECTOR: HeaderName = HeaderName::from_static("ms-cv");
const SERVER_ID: HeaderName = HeaderName::from_static("ms-serverid");

/// The service as a state machine: a request and the time in, an answer out.
///
/// Made by [`Builder::core`](crate::Builder::core). Use it where you move the time yourself; otherwise
/// [`Emulator`](crate::Emulator) or [`InProcess`](crate::InProcess) do that for you.
pub struct Core {
    clock: Clock,
    settings: Settings,
    /// Ids of resources.
    ids: Random,
    /// Ids of exchanges.
    traces: Random,
    server_id: String,
    now: Duration,
    world: World,
    answers: Answers,
    faults: Armed,
    spoiled: Spoiled,
    login: Login,
}

/// What a core is made from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) pace: Pace,
    pub(crate) page_size: usize,
    pub(crate) seed: u64,
}

/// The body of a request, as far as it could be had.
#[derive(Clone, Copy)]
pub(crate) enum Sent<'a> {
    Whole(&'a [u8]),
    TooLarge,
    Cut,
}

impl Core {
    pub(crate) fn new(
        settings: Settings,
        login: Login,
        epoch: SystemTime,
        faults: &Faults,
    ) -> Self {
        let mut traces = Random::new(settings.seed, 1);
        Self {
            clock: Clock::new(epoch),
            settings,
            ids: Random::new(settings.seed, 0),
            server_id: traces.server_id(),
            traces,
            now: Duration::ZERO,
            world: World::default(),
            answers: Answers::default(),
            faults: Armed::new(settings.seed, faults),
            spoiled: Spoiled::default(),
            login,
        }
    }

    /// Answers a request that comes `now` after the emulator's start.
    ///
    /// Only the URI's path counts, but for the sign-in, which also reads the query and the authority. Time never
    /// goes back: an earlier `now` than before is taken as the same.
    #[must_use]
    pub fn answer(&mut self, request: &Request<Bytes>, now: Duration) -> Answer {
        let body = request.body();
        let sent = if body.len() > MAX_BODY { Sent::TooLarge } else { Sent::Whole(body) };
        self.answer_head(request, sent, now)
    }

    /// As [`answer`](Self::answer), for a body that is apart from its request or could not be had.
    pub(crate) fn answer_head<T>(
        &mut self,
        request: &Request<T>,
        sent: Sent<'_>,
        now: Duration,
    ) -> Answer {
        self.now = self.now.max(now);
        self.world.advance(self.now);

        let headers = request.headers();
        let request_id = self.echoed(headers, &REQUEST_ID);
        let correlation_id = self.echoed(headers, &CORRELATION_ID);

        let seconds = self.clock.unix_seconds(self.now);
        if let Some(mut answer) = self.login.answer(request, sent, seconds) {
            answer.headers_mut().insert(DATE, ascii(&self.clock.http_date(self.now)));
            return Answer::whole(answer);
        }

        let path = request.uri().path();
        let route = route::route(request.method(), path);
        let named = route.as_ref().ok();
        let plan = self.faults.plan(Facts {
            operation: named.map(|(_, operation)| operation.id()),
            customer: named.map(|(customer, _)| customer.as_str()),
            method: request.method().as_str(),
            path,
            now: self.now,
        });
        if plan.expire_token {
            self.spoiled.add(headers);
        }
        let (mut of_the_service, mut mfa) = (true, None);
        let mut answer = match plan.instead {
            Some(Instead::Close) => {
                return Answer { delay: plan.delay, response: None, pacing: Pacing::Whole };
            }
            Some(Instead::Refuse(refusal)) => {
                of_the_service = refusal.is_of_the_service();
                faults::refuse(refusal, |seconds| {
                    let at = self.now.saturating_add(Duration::from_secs(seconds));
                    self.clock.http_date(at)
                })
            }
            None => {
                let caller = self.login.admit(headers, seconds);
                mfa = caller.as_ref().ok().and_then(|caller| caller.mfa_header(headers));
                caller
                    .and_then(|caller| self.reply(request, route, sent, &plan, caller))
                    .unwrap_or_else(|fault| reply::refusal(&fault))
            }
        };

        let headers = answer.headers_mut();
        headers.extend(mfa);
        if of_the_service {
            headers.insert(REQUEST_ID, request_id);
            headers.insert(CORRELATION_ID, correlation_id);
            headers.insert(CORRELATION_VECTOR, ascii(&self.traces.correlation_vector()));
            headers.insert(SERVER_ID, ascii(&self.server_id));
        }
        headers.insert(DATE, ascii(&self.clock.http_date(self.now)));

        for oddity in &plan.oddities {
            faults::spoil(&mut answer, oddity);
        }
        let response = (!plan.unanswered).then_some(answer);
        Answer { delay: plan.delay, response, pacing: plan.pacing }
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

    /// Steps 5 to 9. A fault is what stopped the request before its operation.
    fn reply<T>(
        &mut self,
        request: &Request<T>,
        route: Result<(String, Operation), Fault>,
        sent: Sent<'_>,
        plan: &Plan,
        caller: Caller,
    ) -> Result<Response<Bytes>, Fault> {
        let headers = request.headers();
        self.spoiled.check(headers)?;
        let (customer_name, operation) = route?;
        caller.may(&operation)?;
        let body = match sent {
            Sent::Whole(body) => body,
            Sent::TooLarge => return Err(Fault::too_large(MAX_BODY)),
            Sent::Cut => return Err(Fault::cut_body()),
        };
        let customer = self.world.customer(&customer_name);
        let id = headers.get(REQUEST_ID);
        let asked = Asked::new(request.method(), id, customer, &operation, body);
        if let Some(answer) = asked.as_ref().and_then(|asked| self.answers.recall(asked)) {
            return answer;
        }
        let call = Call {
            customer,
            customer_name: &customer_name,
            headers,
            body,
            world: &mut self.world,
            ids: &mut self.ids,
            settings: Settings { pace: plan.pace(self.settings.pace), ..self.settings },
            clock: self.clock,
            now: self.now,
        };
        let answer = call
            .answer(&operation)
            .map_or_else(|fault| reply::refusal(&fault), Reply::into_response);
        if let Some(asked) = asked {
            self.answers.keep(asked, answer.clone());
        }
        Ok(answer)
    }
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core")
            .field("settings", &self.settings)
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}
