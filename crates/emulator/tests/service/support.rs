//! The service with a manual clock, and helpers for requests.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, Request};
use partner_center_devices_emulator::{
    Builder, Core, Emulator, FaultRules, KnownHardware, Pace, WorldFile,
};
use partner_center_devices_testkit::{self as examples, hash::HashBuilder};
use serde_json::Value;

/// The customer of most tests.
pub(crate) const CUSTOMER: &str = "47021739-3426-40bf-9601-61b4b6d7c793";
/// Another customer.
pub(crate) const OTHER: &str = "c7f3c849-129f-4b85-a96d-4f8e88b315a3";

/// 2017-07-25T17:00:00Z
pub(crate) fn epoch() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_501_002_000)
}

/// A product key, which every world accepts.
pub(crate) const KEY: &str = "3305000000000";

/// Returns a product key with this number.
pub(crate) fn key(number: impl Into<u64>) -> String {
    format!("{:013}", 3_305_000_000_000 + number.into())
}

/// Returns a hardware hash with this serial number inside.
pub(crate) fn hash(serial_number: &str) -> String {
    HashBuilder::of_device(serial_number, "Contoso", "Book 5").encode()
}

/// Returns an entry for each hash, each product key and each serial number with manufacturer and model in the documented
/// examples.
fn documented_hardware() -> Vec<KnownHardware> {
    let mut identities = BTreeSet::new();
    for example in examples::all() {
        let bodies = [&example.request.body, &example.response.body].into_iter().flatten();
        for body in bodies.filter_map(|body| serde_json::from_str(body).ok()) {
            add_identities(&body, &mut identities);
        }
    }
    let entry = |[hash, product_key, serial, manufacturer, model]: [String; 5]| {
        let entry = KnownHardware::new();
        match (hash.is_empty(), product_key.is_empty()) {
            (false, _) => entry.hardware_hash(&hash),
            (true, false) => entry.product_key(product_key),
            (true, true) => entry.serial_number(serial).manufacturer(manufacturer).model(model),
        }
    };
    identities.into_iter().map(entry).collect()
}

fn add_identities(json: &Value, identities: &mut BTreeSet<[String; 5]>) {
    if let Value::Object(members) = json {
        let text = |name: &str| {
            let member = members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
            member.and_then(|(_, value)| value.as_str()).unwrap_or_default().to_owned()
        };
        let [hash, product_key] = ["hardwareHash", "productKey"].map(text);
        let [serial, manufacturer, model] =
            ["serialNumber", "oemManufacturerName", "modelName"].map(text);
        let none = String::new;
        if !hash.is_empty() {
            identities.insert([hash, none(), none(), none(), none()]);
        }
        if !product_key.is_empty() {
            identities.insert([none(), product_key, none(), none(), none()]);
        }
        if ![&serial, &manufacturer, &model].iter().any(|text| text.is_empty()) {
            identities.insert([none(), none(), serial, manufacturer, model]);
        }
    }
    let children = json.as_array().into_iter().flatten();
    for child in children.chain(json.as_object().into_iter().flat_map(|it| it.values())) {
        add_identities(child, identities);
    }
}

pub(crate) struct Service {
    pub(crate) core: Core,
    pub(crate) now: Duration,
}

#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Service {
    /// Returns a service that finishes jobs immediately.
    pub(crate) fn instant() -> Self {
        Self::from_builder(&Emulator::builder().pace(Pace::instant()))
    }

    /// Like [`Self::instant`], with fault rules in YAML.
    pub(crate) fn with_faults(rules: &str) -> Self {
        let faults = FaultRules::from_yaml(rules).unwrap();
        Self::from_builder(&Emulator::builder().pace(Pace::instant()).faults(faults))
    }

    /// Like [`Self::instant`], in a strict world: only the devices of the documented examples and those with a [`key`]
    /// below 200 exist. Many documented product keys and hashes are placeholders.
    pub(crate) fn documented(rules: &str) -> Self {
        let keys = (0..200_u64).map(|number| KnownHardware::new().product_key(key(number)));
        let documented = documented_hardware().into_iter();
        let world = WorldFile::default().with_known_hardware(documented.chain(keys)).unwrap();
        let faults = FaultRules::from_yaml(rules).unwrap();
        Self::from_builder(&Emulator::builder().pace(Pace::instant()).faults(faults).world(world))
    }

    pub(crate) fn from_builder(builder: &Builder) -> Self {
        Self { core: builder.clone().epoch(epoch()).core(), now: Duration::ZERO }
    }

    pub(crate) fn call(&mut self, request: &Request<Bytes>) -> Response {
        let (head, body) = self.core.handle(request, self.now).response().unwrap().into_parts();
        Response { status: head.status.as_u16(), headers: head.headers, body }
    }

    /// Sends a request that must get no response.
    pub(crate) fn send_dropped(&mut self, request: &Request<Bytes>) {
        assert!(self.core.handle(request, self.now).response().is_err());
    }

    /// Sends a request with a token and, if the body is not empty, a content type. `path` follows `/v1/customers/`.
    pub(crate) fn send(&mut self, method: &str, path: &str, body: impl Into<Body>) -> Response {
        self.send_with(method, path, body, &[])
    }

    pub(crate) fn send_with(
        &mut self,
        method: &str,
        path: &str,
        body: impl Into<Body>,
        headers: &[(&str, &str)],
    ) -> Response {
        let Body(body) = body.into();
        let mut request = Request::builder().method(method).uri(format!("/v1/customers/{path}"));
        if !headers.iter().any(|(name, _)| *name == "authorization") {
            request = request.header("authorization", "Bearer t");
        }
        if !body.is_empty() && !headers.iter().any(|(name, _)| *name == "content-type") {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.call(&request.body(body).unwrap())
    }

    /// Creates a batch for [`CUSTOMER`] and returns the path of its job.
    pub(crate) fn batch(&mut self, name: &str, devices: Value) -> String {
        self.batch_of(CUSTOMER, name, devices)
    }

    pub(crate) fn batch_of(&mut self, customer: &str, name: &str, devices: Value) -> String {
        let body = serde_json::json!({ "batchId": name, "devices": devices });
        self.send("POST", &format!("{customer}/deviceBatches"), body).job()
    }

    /// Creates a policy for [`CUSTOMER`] and returns its id.
    pub(crate) fn policy(&mut self, name: &str) -> String {
        self.policy_of(CUSTOMER, name)
    }

    pub(crate) fn policy_of(&mut self, customer: &str, name: &str) -> String {
        let body = serde_json::json!({ "name": name, "policySettings": [] });
        let response = self.send("POST", &format!("{customer}/policies"), body);
        response.json()["id"].as_str().unwrap().to_owned()
    }

    /// Sends a request to a management endpoint. `path` follows `/_emulator/`.
    pub(crate) fn admin(&mut self, method: &str, path: &str, body: impl Into<Body>) -> Response {
        let Body(body) = body.into();
        let mut request = Request::builder().method(method).uri(format!("/_emulator/{path}"));
        if !body.is_empty() {
            request = request.header("content-type", "application/json");
        }
        self.call(&request.body(body).unwrap())
    }

    pub(crate) fn get(&mut self, path: &str) -> Value {
        let response = self.send("GET", path, "");
        assert_eq!(response.status, 200, "{path}: {response:?}");
        response.json()
    }

    /// Returns the status, error code and error description of each device of a job.
    pub(crate) fn outcomes(&mut self, job: &str) -> Vec<String> {
        let status = self.get(job);
        let rows = status["devicesStatus"].as_array().unwrap();
        let word = |row: &Value, name: &str| row[name].as_str().unwrap_or("-").to_owned();
        rows.iter()
            .map(|row| {
                [word(row, "status"), word(row, "errorCode"), word(row, "errorDescription")]
                    .join(" ")
            })
            .collect()
    }

    /// Returns the id of the device with this serial number in a batch of [`CUSTOMER`].
    pub(crate) fn device(&mut self, batch: &str, serial_number: &str) -> String {
        let list = self.get(&format!("{CUSTOMER}/deviceBatches/{batch}/devices"));
        let devices = list["items"].as_array().unwrap();
        let device = devices.iter().find(|device| device["serialNumber"] == serial_number);
        device.unwrap()["id"].as_str().unwrap().to_owned()
    }
}

impl Response {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .unwrap_or_else(|| panic!("{name} is missing: {self:?}"))
            .to_str()
            .unwrap()
    }

    /// Returns the path of the accepted job, after `/customers/`.
    pub(crate) fn job(&self) -> String {
        assert_eq!((self.status, self.body.len()), (202, 0), "{self:?}");
        self.header("location").strip_prefix("/customers/").unwrap().to_owned()
    }

    /// Checks the format of an error and returns its description.
    pub(crate) fn error_description(&self) -> String {
        let fault = self.json();
        assert!(self.status >= 400);
        assert_eq!(self.header("content-type"), "application/json; charset=utf-8");
        assert_eq!(fault["data"], serde_json::json!([]));
        assert_eq!(fault["source"], "partner-center-devices-emulator");
        assert!(
            fault["code"].is_u64() || fault["code"].as_str().is_some_and(|code| !code.is_empty())
        );
        fault["description"].as_str().unwrap().to_owned()
    }
}

pub(crate) struct Body(Bytes);

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        Self(Bytes::from_static(text.as_bytes()))
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

impl From<Value> for Body {
    fn from(json: Value) -> Self {
        Self(json.to_string().into())
    }
}
