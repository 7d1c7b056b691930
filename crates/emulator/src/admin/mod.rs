//! Decides what is answered under `/_emulator`: the emulator itself, not the service. No token is needed, no
//! fault rule hits it, and the journal does not have it.
//!
//! A web page that somebody else made must not reach it through a browser on this machine: a request whose
//! `Host` is a public name is refused, because such a name may have been made to point here; a change whose
//! `Origin` is another is refused; and a change with a body must be declared as JSON, which a browser does not
//! send to another origin unasked.

mod page;
mod views;

use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HOST, HeaderMap, HeaderValue, ORIGIN};
use http::{Method, Request, Response, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use url::form_urlencoded;

use crate::api::response;
use crate::domain::clock::ClockMode;
use crate::engine::Core;
use crate::fault_injection::{CountedRule, FaultInjector, Faults, Rule};
use crate::http::received_body::ReceivedBody;
use crate::storage::event_log::Event;
use crate::storage::exchange_log::Filter;
use crate::storage::world_file::WorldFile;

/// Where the management is.
const ROOT: &str = "/_emulator";

/// What there is, for those who ask for something else.
const ENDPOINTS: [&str; 14] = [
    "GET /_emulator/",
    "GET /_emulator/state?customer=&limit=&after=",
    "GET /_emulator/devices?customer=&batch=&text=&limit=&after=",
    "GET /_emulator/exchanges?customer=&operation=&status=&id=&text=&limit=&after=&before=&brief=",
    "GET /_emulator/exchanges/{number}",
    "GET, PUT, POST, DELETE /_emulator/faults",
    "GET, PUT, DELETE /_emulator/faults/{id}",
    "GET /_emulator/clock",
    "POST /_emulator/clock",
    "GET /_emulator/jobs/{trackingId}?failed=&limit=&after=",
    "POST /_emulator/jobs/{trackingId}/finish",
    "POST /_emulator/login/devicecodes/{userCode}/{approve|decline}?user=",
    "POST /_emulator/reset",
    "GET, PUT /_emulator/world",
];

/// How many rows are shown if no limit is asked for, and at most.
const LIMIT: usize = 50;
const LIMIT_AT_MOST: usize = 1000;

/// Whether a path belongs to the management.
pub(crate) fn is_for(path: &str) -> bool {
    path.strip_prefix(ROOT).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A refusal: the status, and why.
struct AdminError(StatusCode, String);

type AdminResult = Result<Response<Bytes>, AdminError>;

impl Core {
    /// Answers a request for which [`is_for`] is true.
    pub(crate) fn manage<T>(
        &mut self,
        request: &Request<T>,
        sent: ReceivedBody<'_>,
    ) -> Response<Bytes> {
        let mut answer = guard(request.method(), request.headers(), sent)
            .and_then(|body| self.managed(request, body))
            .unwrap_or_else(|AdminError(status, error)| match status {
                StatusCode::NOT_FOUND => {
                    shown(status, &json!({ "error": error, "endpoints": ENDPOINTS }))
                }
                _ => shown(status, &json!({ "error": error })),
            });
        answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        answer
    }

    fn managed<T>(&mut self, request: &Request<T>, body: &[u8]) -> AdminResult {
        let path = request.uri().path().strip_prefix(ROOT).unwrap_or_default();
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        let query = Query::read(request.uri().query().unwrap_or_default());
        let now = self.time.now();
        match (segments.as_slice(), request.method().as_str()) {
            ([], "GET") => Ok(page::page()),
            (["state"], "GET") => {
                query.only(&["customer", "limit", "after"])?;
                let after = query.number("after")?.unwrap_or(0);
                let customer = query.text("customer");
                Ok(found(&views::state(self, customer.as_deref(), after, query.limit()?)))
            }
            (["devices"], "GET") => {
                query.only(&["customer", "batch", "text", "limit", "after"])?;
                let filter = views::DeviceFilter {
                    customer: query.text("customer"),
                    batch: query.text("batch"),
                    text: query.text("text"),
                    after: query.number("after")?.unwrap_or(0),
                    limit: query.limit()?,
                };
                Ok(found(&views::devices(self, &filter)))
            }
            (["exchanges"], "GET") => {
                query.only(&[
                    "customer",
                    "operation",
                    "status",
                    "id",
                    "text",
                    "limit",
                    "after",
                    "before",
                    "brief",
                ])?;
                let operation = query.text("operation").map(|name| {
                    let name = serde_json::Value::String(name);
                    serde_json::from_value(name)
                        .map_err(|error| wrong(&format!("operation: {error}")))
                });
                let filter = Filter {
                    customer: query.text("customer"),
                    operation: operation.transpose()?,
                    status: query.statuses()?,
                    id: query.text("id"),
                    text: query.text("text"),
                    after: query.number("after")?,
                    before: query.number("before")?,
                    limit: query.limit()?,
                    brief: query.flag("brief")?,
                };
                Ok(found(&self.exchanges.page(&filter, self.clock)))
            }
            (["exchanges", number], "GET") => {
                let number = number.parse().ok();
                let one = number.and_then(|number| self.exchanges.one(number, self.clock));
                Ok(found(&one.ok_or_else(|| missing("No exchange of this number is kept."))?))
            }
            (["faults", ..], method) => self.manage_faults(&segments[1..], method, body),
            (["clock"], "GET") => Ok(found(&views::clock(self))),
            (["clock"], "POST") => {
                let change: ClockChange = read(body)?;
                let by = change.advance_seconds.unwrap_or(0.0);
                let by = Duration::try_from_secs_f64(by)
                    .map_err(|error| wrong(&format!("advanceSeconds: {error}")))?;
                if let Some(mode) = change.mode {
                    self.time.set_mode(mode);
                }
                self.time.advance(by);
                self.state.world.advance(self.time.now());
                let mode = self.time.mode();
                self.happened(|| Event::Clock(mode));
                Ok(found(&views::clock(self)))
            }
            (["jobs", id], "GET") => {
                query.only(&["failed", "limit", "after"])?;
                let place = self.state.world.job_place(id);
                let place = place.ok_or_else(|| missing("No job has this id."))?;
                let after = query.number("after")?.unwrap_or(0);
                let (failed, limit) = (query.flag("failed")?, query.limit()?);
                Ok(found(&views::job_page(self, place, failed, after, limit)))
            }
            (["jobs", id, "finish"], "POST") => {
                let world = &mut self.state.world;
                let job =
                    world.finish_job(id, now).ok_or_else(|| missing("No job has this id."))?;
                self.happened(|| Event::Finished((*id).to_owned()));
                let world = &self.state.world;
                Ok(found(&views::job(world, &world.jobs()[job], self.clock, now)))
            }
            (["login", "devicecodes", code, verdict @ ("approve" | "decline")], "POST") => {
                query.only(&["user"])?;
                let (user, seconds) = (query.text("user"), self.clock.unix_seconds(now));
                let login = &mut self.state.auth;
                match login.decide_device_code(
                    code,
                    *verdict == "approve",
                    user.as_deref(),
                    seconds,
                ) {
                    Ok(()) => Ok(response::empty(StatusCode::NO_CONTENT)),
                    Err(fault) => Err(AdminError(fault.status, fault.description.into())),
                }
            }
            (["world"], "GET") => {
                Ok(response::with_json(StatusCode::OK, self.world().to_json().into()))
            }
            (["world"], "PUT") => {
                let text = std::str::from_utf8(body).map_err(|error| wrong(&error.to_string()))?;
                let world =
                    WorldFile::from_yaml(text).map_err(|error| wrong(&error.to_string()))?;
                self.set_world(&world);
                Ok(response::empty(StatusCode::NO_CONTENT))
            }
            (["reset"], "POST") => {
                self.reset();
                Ok(response::empty(StatusCode::NO_CONTENT))
            }
            ([] | ["state" | "devices" | "exchanges"] | ["exchanges" | "jobs", _], _) => {
                Ok(not_allowed("GET"))
            }
            (["clock"], _) => Ok(not_allowed("GET, POST")),
            (["world"], _) => Ok(not_allowed("GET, PUT")),
            (
                ["jobs", _, "finish"]
                | ["login", "devicecodes", _, "approve" | "decline"]
                | ["reset"],
                _,
            ) => Ok(not_allowed("POST")),
            _ => Err(missing("The emulator has nothing at this path.")),
        }
    }

    fn manage_faults(&mut self, id: &[&str], method: &str, body: &[u8]) -> AdminResult {
        let faults = &mut self.state.faults;
        match (id, method) {
            ([], "GET") => {}
            ([], "PUT") => *faults = FaultInjector::new(self.settings.seed, &read::<Faults>(body)?),
            ([], "POST") => {
                let rule = valid(read(body)?)?;
                if faults.rule(&rule.id).is_some() {
                    let error = "A rule has this id already; PUT replaces it.".to_owned();
                    return Err(AdminError(StatusCode::CONFLICT, error));
                }
                faults.put(rule);
            }
            ([], "DELETE") => *faults = FaultInjector::new(self.settings.seed, &Faults::default()),
            ([], _) => return Ok(not_allowed("GET, PUT, POST, DELETE")),
            ([id], "PUT") => {
                let rule = valid(read(body)?)?;
                if rule.id != *id {
                    return Err(wrong("id: is another than that of the path"));
                }
                faults.put(rule);
            }
            ([id], "GET" | "DELETE") => {
                let rule = faults.rule(id).ok_or_else(|| missing("No rule has this id."))?;
                if method == "GET" {
                    return Ok(found(rule));
                }
                faults.remove(id);
            }
            ([_], _) => return Ok(not_allowed("GET, PUT, DELETE")),
            _ => return Err(missing("The emulator has nothing at this path.")),
        }
        Ok(found(&Rules { rules: faults.rules() }))
    }
}

/// The rules, with their keys in the order in which people write them.
#[derive(Serialize)]
struct Rules<'a> {
    rules: &'a [CountedRule],
}

/// `{"advanceSeconds": 5, "mode": "manual"}`
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ClockChange {
    advance_seconds: Option<f64>,
    mode: Option<ClockMode>,
}

/// The body of a request that no foreign page can have sent.
fn guard<'a>(
    method: &Method,
    headers: &HeaderMap,
    sent: ReceivedBody<'a>,
) -> Result<&'a [u8], AdminError> {
    let text = |value: &HeaderValue| value.to_str().unwrap_or_default().to_ascii_lowercase();
    let host = headers.get(HOST).map(text);
    if host.as_deref().is_some_and(|host| !is_private(host)) {
        let error = "Host must be an address or a name that is not public.".to_owned();
        return Err(AdminError(StatusCode::FORBIDDEN, error));
    }
    let body = match sent {
        ReceivedBody::Complete(body) => body.as_ref(),
        ReceivedBody::TooLarge => {
            return Err(AdminError(
                StatusCode::PAYLOAD_TOO_LARGE,
                "The body is too large.".to_owned(),
            ));
        }
        ReceivedBody::Incomplete => return Err(wrong("the body ended early")),
    };
    if method == Method::GET {
        return Ok(body);
    }
    if let Some(origin) = headers.get(ORIGIN).map(text) {
        let own =
            origin.split_once("://").is_some_and(|(_, origin)| Some(origin) == host.as_deref());
        if !own {
            let error = "Origin must be that of the emulator.".to_owned();
            return Err(AdminError(StatusCode::FORBIDDEN, error));
        }
    }
    let declared = headers.get(CONTENT_TYPE).map(text).unwrap_or_default();
    let kind = declared.split(';').next().unwrap_or_default().trim();
    if !body.is_empty() && kind != "application/json" {
        let error = "Content-Type must be application/json.".to_owned();
        return Err(AdminError(StatusCode::UNSUPPORTED_MEDIA_TYPE, error));
    }
    Ok(body)
}

/// Whether a `Host` is an address, a single word, or under a name that the public DNS does not have.
fn is_private(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    let reserved = [".localhost", ".local", ".internal", ".test"];
    IpAddr::from_str(address).is_ok()
        || !name.contains('.')
        || reserved.into_iter().any(|ending| name.ends_with(ending))
}

/// A query, decoded.
struct Query(Vec<(String, String)>);

impl Query {
    fn read(query: &str) -> Self {
        Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    /// Refuses what is misspelled, because it would be passed over in silence.
    fn only(&self, known: &[&str]) -> Result<(), AdminError> {
        match self.0.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            None => Ok(()),
            Some(_) => Err(wrong(&format!("the query may have {}", known.join(", ")))),
        }
    }

    /// `None` if it is not there, or blank.
    fn text(&self, name: &str) -> Option<String> {
        let value = self.0.iter().find(|(key, value)| key == name && !value.is_empty());
        value.map(|(_, value)| value.clone())
    }

    fn number<N: FromStr>(&self, name: &str) -> Result<Option<N>, AdminError> {
        let read =
            |text: String| text.parse().map_err(|_| wrong(&format!("{name}: must be a number")));
        self.text(name).map(read).transpose()
    }

    fn flag(&self, name: &str) -> Result<bool, AdminError> {
        match self.text(name).as_deref() {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(wrong(&format!("{name}: must be true or false"))),
        }
    }

    /// `429`, or `4xx` for all from 400 to 499.
    fn statuses(&self) -> Result<Option<RangeInclusive<u16>>, AdminError> {
        let Some(text) = self.text("status") else { return Ok(None) };
        let class = text.strip_suffix("xx").filter(|class| class.len() == 1);
        let range = match class.map(str::parse::<u16>) {
            Some(class) => class.map(|class| class * 100..=class * 100 + 99),
            None => text.parse().map(|status| status..=status),
        };
        range.map(Some).map_err(|_| wrong("status: must be a number, or such as 4xx"))
    }

    fn limit(&self) -> Result<usize, AdminError> {
        Ok(self.number("limit")?.unwrap_or(LIMIT).clamp(1, LIMIT_AT_MOST))
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, AdminError> {
    serde_json::from_slice(body).map_err(|error| wrong(&error.to_string()))
}

fn valid(rule: Rule) -> Result<Rule, AdminError> {
    rule.check().map_err(wrong)?;
    Ok(rule)
}

fn wrong(error: &str) -> AdminError {
    AdminError(StatusCode::BAD_REQUEST, error.to_owned())
}

fn missing(error: &str) -> AdminError {
    AdminError(StatusCode::NOT_FOUND, error.to_owned())
}

fn found<T: Serialize>(body: &T) -> Response<Bytes> {
    shown(StatusCode::OK, body)
}

fn shown<T: Serialize>(status: StatusCode, body: &T) -> Response<Bytes> {
    response::with_json(status, response::to_json(body))
}

fn not_allowed(allow: &'static str) -> Response<Bytes> {
    let error = json!({ "error": format!("This path takes {allow} only.") });
    let mut answer = shown(StatusCode::METHOD_NOT_ALLOWED, &error);
    answer.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_private_or_refused() {
        for (host, private) in [
            ("127.0.0.1:8085", true),
            ("192.0.2.7", true),
            ("[::1]:8085", true),
            ("localhost:8085", true),
            ("emulator:8085", true),
            ("emulator.test", true),
            ("host.docker.internal:80", true),
            ("rebind.example.com:8085", false),
            ("127.0.0.1.example.com", false),
            ("localhost.example.com", false),
        ] {
            assert_eq!(is_private(host), private, "{host}");
        }
    }

    #[test]
    fn a_change_comes_from_here_and_is_json() {
        let body = Bytes::from_static(b"{}");
        let status = |method: Method, headers: &[(&'static str, &'static str)], body: &Bytes| {
            let headers: HeaderMap = headers
                .iter()
                .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)))
                .collect();
            let guarded = guard(&method, &headers, ReceivedBody::Complete(body));
            guarded.map_or_else(|AdminError(status, _)| status.as_u16(), |_| 200)
        };
        let json = ("content-type", "application/json; charset=utf-8");
        let host = ("host", "127.0.0.1:80");
        for (headers, expected) in [
            (vec![host, json], 200),
            (vec![json], 200),
            (vec![host], 415),
            (vec![host, ("content-type", "text/plain")], 415),
            (vec![host, json, ("origin", "http://127.0.0.1:80")], 200),
            (vec![host, json, ("origin", "http://127.0.0.1:81")], 403),
            (vec![host, json, ("origin", "https://example.com")], 403),
            (vec![host, json, ("origin", "null")], 403),
            (vec![json, ("origin", "http://127.0.0.1:80")], 403),
            (vec![("host", "example.com"), json], 403),
        ] {
            assert_eq!(status(Method::POST, &headers, &body), expected, "{headers:?}");
        }
        assert_eq!(status(Method::POST, &[host], &Bytes::new()), 200);
        assert_eq!(status(Method::GET, &[host, ("origin", "null")], &Bytes::new()), 200);
        assert_eq!(status(Method::GET, &[("host", "example.com")], &Bytes::new()), 403);
    }
}
