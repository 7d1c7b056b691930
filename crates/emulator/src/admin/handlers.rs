//! The handlers of the management endpoints.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::query::Query;
use super::response::{AdminError, AdminResult, method_not_allowed, no_content, ok};
use super::{page, partner_views, rule_error, views};
use crate::api::response;
use crate::domain::clock::ClockMode;
use crate::engine::Engine;
use crate::fault_injection::{
    CountedRule, FaultInjector, FaultRules, MAX_DOCUMENT, MAX_RULES, Rule,
};
use crate::storage::event_log::Event;
use crate::storage::world_file::WorldFile;

/// The maximum size of a change of the clock, in bytes.
const MAX_CLOCK_CHANGE: usize = 4 << 10;

/// The maximum numbers of objects and of commas in a world. A small object in memory has twenty times the size of its text.
const MAX_WORLD_OBJECTS: usize = 500_000;
const MAX_WORLD_COMMAS: usize = 3_000_000;

/// A request that passed the origin check.
pub(super) struct AdminRequest<'a> {
    pub(super) engine: &'a mut Engine,
    pub(super) method: &'a str,
    pub(super) query: Query,
    pub(super) body: &'a [u8],
    /// The URL of the emulator, as the caller knows it.
    pub(super) origin: String,
}

impl AdminRequest<'_> {
    /// Handles the request. `path` is the path under `/_emulator`, split at slashes.
    pub(super) fn route(mut self, path: &[&str]) -> AdminResult {
        match (path, self.method) {
            ([], "GET") => Ok(page::page()),
            (["state"], "GET") => self.state(),
            (["devices"], "GET") => self.devices(),
            (["customers"], "GET") => self.customers(),
            (["audit"], "GET") => self.audit(),
            (["exchanges"], "GET") => self.exchanges(),
            (["events"], "GET") => Ok(events()),
            (["exchanges.har"], "GET") => self.exchanges_as_har(),
            (["exchanges", number], "GET") => self.exchange(number),
            (["exchanges", number, "replay"], "POST") => self.replay_exchange(number),
            (["faults"], _) => self.faults(),
            (["faults", id], _) => self.fault(id),
            (["clock"], "GET") => Ok(ok(&views::clock(self.engine))),
            (["clock"], "POST") => self.change_clock(),
            (["jobs", id], "GET") => self.job(id),
            (["jobs", id, "finish"], "POST") => self.finish_job(id),
            (["login", "devicecodes", code, decision @ ("approve" | "decline")], "POST") => {
                self.decide_device_code(code, *decision == "approve")
            }
            (["world"], "GET") => self.world(),
            (["world"], "PUT") => self.set_world(),
            (["reset"], "POST") => {
                self.engine.reset();
                Ok(no_content())
            }
            (
                []
                | [
                    "state" | "devices" | "customers" | "audit" | "exchanges" | "exchanges.har"
                    | "events",
                ]
                | ["exchanges" | "jobs", _],
                _,
            ) => Ok(method_not_allowed("GET")),
            (["clock"], _) => Ok(method_not_allowed("GET, POST")),
            (["world"], _) => Ok(method_not_allowed("GET, PUT")),
            (
                ["jobs", _, "finish"]
                | ["exchanges", _, "replay"]
                | ["login", "devicecodes", _, "approve" | "decline"]
                | ["reset"],
                _,
            ) => Ok(method_not_allowed("POST")),
            _ => Err(AdminError::no_such_path()),
        }
    }

    fn state(&self) -> AdminResult {
        let query = &self.query;
        query.check_names(&["customer", "limit", "after"])?;
        let after = query.number("after")?.unwrap_or(0);
        let customer = query.text("customer");
        Ok(ok(&views::overview(self.engine, customer.as_deref(), after, query.limit()?)))
    }

    fn devices(&self) -> AdminResult {
        let query = &self.query;
        query.check_names(&["customer", "batch", "text", "limit", "after"])?;
        let filter = views::DeviceFilter {
            customer: query.text("customer"),
            batch: query.text("batch"),
            text: query.text("text"),
            after: query.number("after")?.unwrap_or(0),
            limit: query.limit()?,
        };
        Ok(ok(&views::devices(self.engine, &filter)))
    }

    fn customers(&self) -> AdminResult {
        let query = &self.query;
        query.check_names(&["text", "limit", "after"])?;
        let after = query.number("after")?.unwrap_or(0);
        let text = query.text("text");
        Ok(ok(&partner_views::customers(self.engine, text.as_deref(), after, query.limit()?)))
    }

    fn audit(&self) -> AdminResult {
        let query = &self.query;
        query.check_names(&["customer", "text", "limit", "after"])?;
        let filter = partner_views::AuditFilter {
            customer: query.text("customer"),
            text: query.text("text"),
            after: query.number("after")?.unwrap_or(0),
            limit: query.limit()?,
        };
        Ok(ok(&partner_views::audit(self.engine, &filter)))
    }

    fn change_clock(&mut self) -> AdminResult {
        let change: ClockChange = parse(self.body, MAX_CLOCK_CHANGE)?;
        let by = Duration::try_from_secs_f64(change.advance_seconds.unwrap_or(0.0))
            .map_err(|error| AdminError::bad_request(format!("advanceSeconds: {error}")))?;
        self.engine.change_clock(change.mode, by);
        Ok(ok(&views::clock(self.engine)))
    }

    fn job(&self, id: &str) -> AdminResult {
        let query = &self.query;
        query.check_names(&["failed", "limit", "after"])?;
        let place = self.engine.state.world.job_index(id).ok_or_else(no_such_job)?;
        let after = query.number("after")?.unwrap_or(0);
        let (failed, limit) = (query.flag("failed")?, query.limit()?);
        Ok(ok(&views::job_page(self.engine, place, failed, after, limit)))
    }

    fn finish_job(&mut self, id: &str) -> AdminResult {
        let now = self.engine.time.now();
        let place = self.engine.state.world.finish_job(id, now).ok_or_else(no_such_job)?;
        self.engine.log_event(|| Event::JobFinished(id.to_owned()));
        let world = &self.engine.state.world;
        Ok(ok(&views::job(world, &world.jobs()[place], self.engine.clock, now)))
    }

    fn decide_device_code(&mut self, code: &str, approve: bool) -> AdminResult {
        self.query.check_names(&["user"])?;
        let user = self.query.text("user");
        let seconds = self.engine.clock.unix_seconds(self.engine.time.now());
        let auth = &mut self.engine.state.auth;
        match auth.decide_device_code(code, approve, user.as_deref(), seconds) {
            Ok(()) => Ok(no_content()),
            Err(error) => Err(AdminError(error.status, String::from(error.description).into())),
        }
    }

    fn world(&self) -> AdminResult {
        let json = self.engine.world().to_json();
        Ok(response::with_json(StatusCode::OK, json.into()))
    }

    fn set_world(&mut self) -> AdminResult {
        let text = std::str::from_utf8(self.body)
            .map_err(|error| AdminError::bad_request(error.to_string()))?;
        check_size(self.body)?;
        let world = WorldFile::from_yaml(text)
            .map_err(|error| AdminError::bad_request(error.to_string()))?;
        if world.generated_entries() > MAX_WORLD_OBJECTS {
            return Err(too_large());
        }
        self.engine.set_world(&world);
        Ok(no_content())
    }

    /// Handles `/faults`: all rules.
    fn faults(&mut self) -> AdminResult {
        let seed = self.engine.settings.seed;
        let faults = &mut self.engine.state.faults;
        match self.method {
            "GET" => {}
            "PUT" => {
                *faults = FaultInjector::new(seed, &parse::<FaultRules>(self.body, MAX_DOCUMENT)?)
            }
            "POST" => {
                let rule = parse_rule(self.body)?;
                if faults.rule(&rule.id).is_some() {
                    let error =
                        "A rule with this id already exists; use PUT to replace it.".to_owned();
                    return Err(AdminError(StatusCode::CONFLICT, error.into()));
                }
                put_rule(faults, rule)?;
            }
            "DELETE" => *faults = FaultInjector::new(seed, &FaultRules::default()),
            _ => return Ok(method_not_allowed("GET, PUT, POST, DELETE")),
        }
        Ok(ok(&RuleList { rules: faults.rules() }))
    }

    /// Handles `/faults/{id}`: one rule.
    fn fault(&mut self, id: &str) -> AdminResult {
        let faults = &mut self.engine.state.faults;
        match self.method {
            "PUT" => {
                let rule = parse_rule(self.body)?;
                if rule.id != id {
                    return Err(AdminError::bad_request("id: must be the id in the path"));
                }
                put_rule(faults, rule)?;
            }
            "GET" | "DELETE" => {
                let missing = || AdminError::not_found("There is no rule with this id.");
                let rule = faults.rule(id).ok_or_else(missing)?;
                if self.method == "GET" {
                    return Ok(ok(rule));
                }
                faults.remove(id);
            }
            _ => return Ok(method_not_allowed("GET, PUT, DELETE")),
        }
        Ok(ok(&RuleList { rules: faults.rules() }))
    }
}

/// Returns the start of the stream of events. The server continues it; without a server it ends here, and the reader asks
/// again.
fn events() -> Response<Bytes> {
    let mut response = response::empty(StatusCode::OK);
    let kind = HeaderValue::from_static("text/event-stream");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    *response.body_mut() = Bytes::from_static(b"retry: 1000\ndata: connected\n\n");
    response
}

/// All rules, in the order in which they apply.
#[derive(Serialize)]
struct RuleList<'a> {
    rules: &'a [CountedRule],
}

/// The body of `POST /_emulator/clock`: `{"advanceSeconds": 5, "mode": "manual"}`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ClockChange {
    advance_seconds: Option<f64>,
    mode: Option<ClockMode>,
}

/// Parses a body of at most this many bytes.
fn parse<T: DeserializeOwned>(body: &[u8], limit: usize) -> Result<T, AdminError> {
    if body.len() > limit {
        let error = format!("The body is larger than {} KiB.", limit >> 10);
        return Err(AdminError(StatusCode::PAYLOAD_TOO_LARGE, error.into()));
    }
    serde_json::from_slice(body)
        .map_err(|error| AdminError(StatusCode::BAD_REQUEST, rule_error::explain(&error)))
}

/// Rejects a world with so many values that they would fill the memory.
fn check_size(world: &[u8]) -> Result<(), AdminError> {
    let too_many = |byte, limit| world.iter().filter(|it| **it == byte).count() > limit;
    if too_many(b'{', MAX_WORLD_OBJECTS) || too_many(b',', MAX_WORLD_COMMAS) {
        return Err(too_large());
    }
    Ok(())
}

fn too_large() -> AdminError {
    let error = format!(
        "A world in a request has at most {MAX_WORLD_OBJECTS} objects and {MAX_WORLD_COMMAS} commas; \
         start the emulator with a larger one (--world FILE)."
    );
    AdminError(StatusCode::PAYLOAD_TOO_LARGE, error.into())
}

fn put_rule(faults: &mut FaultInjector, rule: Rule) -> Result<(), AdminError> {
    if faults.rules().len() >= MAX_RULES && faults.rule(&rule.id).is_none() {
        let error = format!("rules: must be at most {MAX_RULES}; DELETE removes one");
        return Err(AdminError::bad_request(error));
    }
    faults.put(rule);
    Ok(())
}

fn parse_rule(body: &[u8]) -> Result<Rule, AdminError> {
    let rule: Rule = parse(body, MAX_DOCUMENT)?;
    rule.check().map_err(AdminError::bad_request)?;
    Ok(rule)
}

fn no_such_job() -> AdminError {
    AdminError::not_found("There is no job with this id.")
}
