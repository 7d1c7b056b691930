//! Test support for all crates: reads the documented exchanges from `spec/examples/*.yaml`, serves their responses, and
//! compares requests with them. `spec/examples/README.md` explains the format of the files.

pub mod app_credentials;
pub mod generated;
pub mod hash;
pub mod program;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::Value;
use wiremock::{Mock, MockServer, ResponseTemplate};

/// One documented request and its response.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The file's name without `.yaml`.
    #[serde(skip)]
    pub name: String,
    /// The id of the operation in the spec.
    pub operation: String,
    /// A short description.
    pub summary: String,
    /// The reliability of the exchange.
    pub standing: Standing,
    /// The public address of the source.
    pub source: String,
    /// The date of the page or observation.
    pub dated: String,
    /// Differences from the model, from other exchanges or from HTTP conventions.
    pub oddities: Vec<String>,
    /// The request.
    pub request: Request,
    /// The response.
    pub response: Response,
}

/// The reliability of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// Shown on a page of the documentation.
    Documented,
    /// Taken from real traffic, or from the code of a public client.
    Observed,
    /// Not shown anywhere; constructed from the signature in the reference.
    Constructed,
}

/// The request of an exchange, as documented.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The path and query, in the documented spelling.
    pub target: String,
    /// The documented headers.
    pub headers: BTreeMap<String, String>,
    /// The documented headers that a client does not have to send.
    pub not_sent: Vec<String>,
    /// The body.
    pub body: Option<String>,
}

/// The response of an exchange, as documented.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The documented headers.
    pub headers: BTreeMap<String, String>,
    /// True if a byte order mark precedes the body.
    #[serde(default)]
    pub bom: bool,
    /// The body.
    pub body: Option<String>,
}

/// Returns the workspace's `spec` folder.
#[must_use]
pub fn spec_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec")
}

/// Returns all exchanges, sorted by file name.
///
/// # Panics
/// If a file cannot be read or has the wrong format, because a test must not skip it.
#[must_use]
pub fn all() -> Vec<Example> {
    let folder = spec_folder().join("examples");
    let mut examples: Vec<Example> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", folder.display()))
        .map(|entry| entry.expect("a folder entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .map(|path| {
            let text = std::fs::read_to_string(&path)
                .unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
            let mut example: Example = serde_saphyr::from_str(&text)
                .unwrap_or_else(|error| panic!("{} is not an example: {error}", path.display()));
            example.name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            example
        })
        .collect();
    examples.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(!examples.is_empty(), "no examples in {}", folder.display());
    examples
}

fn spec() -> Value {
    let text =
        std::fs::read_to_string(spec_folder().join("device-deployment.yaml")).expect("the spec");
    serde_saphyr::from_str(&text).expect("the spec is YAML")
}

/// Returns the ids of all operations in the spec, sorted.
///
/// # Panics
/// If the spec cannot be read.
#[must_use]
pub fn operations() -> Vec<String> {
    let spec = spec();
    let items = spec["paths"].as_object().into_iter().flatten();
    let mut ids: Vec<String> = items
        .flat_map(|(_, item)| item.as_object().into_iter().flatten())
        .filter_map(|(_, operation)| operation["operationId"].as_str().map(ToOwned::to_owned))
        .collect();
    ids.sort();
    ids
}

/// Returns the names of all schemas in the spec, sorted.
///
/// # Panics
/// If the spec cannot be read.
#[must_use]
pub fn schemas() -> Vec<String> {
    let spec = spec();
    let mut names: Vec<String> = spec["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect();
    names.sort();
    names
}

/// Headers that belong to the connection and not to the exchange.
const CONNECTION_HEADERS: [&str; 4] = ["connection", "content-length", "expect", "host"];

impl Request {
    /// Returns the documented headers that a client must send, with names in lower case.
    pub fn sent_headers(&self) -> impl Iterator<Item = (String, &str)> {
        self.headers
            .iter()
            .filter(|(name, _)| !self.not_sent.contains(name))
            .map(|(name, value)| (name.to_lowercase(), value.as_str()))
            .filter(|(name, _)| !CONNECTION_HEADERS.contains(&name.as_str()))
    }

    /// Returns the value of a documented header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Returns the body as JSON with camelCase keys and without nulls.
    ///
    /// # Panics
    /// If the body is not JSON.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        self.body.as_ref().map(|body| canonical(&serde_json::from_str(body).expect("a JSON body")))
    }

    /// Returns the value of a parameter in the query, decoded.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<String> {
        let (_, query) = self.target.split_once('?')?;
        pairs(query).into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Returns the segments of the path after `/v1/customers`, without percent-decoding:
    /// `[customer, "deviceBatches", batch, …]`.
    #[must_use]
    pub fn segments(&self) -> Vec<&str> {
        self.target.split(['/', '?']).filter(|segment| !segment.is_empty()).skip(2).collect()
    }
}

impl Response {
    /// Returns the exact bytes of the body, including a byte order mark.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = if self.bom { b"\xEF\xBB\xBF".to_vec() } else { Vec::new() };
        bytes.extend_from_slice(self.body.as_deref().unwrap_or_default().as_bytes());
        bytes
    }
}

/// Returns the parameters of a query, decoded and sorted.
fn pairs(query: &str) -> Vec<(String, String)> {
    let decode = |text: &str| percent_decode_str(text).decode_utf8().expect("UTF-8").into_owned();
    let pair = |part: &str| part.split_once('=').map(|(key, value)| (decode(key), decode(value)));
    let mut pairs: Vec<_> = query.split('&').filter_map(pair).collect();
    pairs.sort();
    pairs
}

/// Returns true if two targets are equivalent. The service ignores the case of the fixed words in a path, and one
/// documented target starts with a double slash. Ids must match exactly, and so must the decoded parameters of the query, in
/// any order: the documents encode some characters and leave others.
#[must_use]
pub fn same_path(documented: &str, sent: &str) -> bool {
    let documented = documented.replace("//", "/");
    let (documented, documented_query) = documented.split_once('?').unwrap_or((&documented, ""));
    let (sent, sent_query) = sent.split_once('?').unwrap_or((sent, ""));
    let (documented, sent): (Vec<&str>, Vec<&str>) =
        (documented.split('/').collect(), sent.split('/').collect());
    // In `/v1/customers/{customer}/deviceBatches/{batch}/…`, split at slashes, every second part after the third is an id.
    let is_id = |place: usize| place > 2 && place % 2 == 1;
    pairs(documented_query) == pairs(sent_query)
        && documented.len() == sent.len()
        && documented.iter().zip(&sent).enumerate().all(|(place, (documented, sent))| {
            documented == sent || (!is_id(place) && documented.eq_ignore_ascii_case(sent))
        })
}

/// Starts a server that returns the documented response, byte for byte, and expects exactly one request.
pub async fn serve(example: &Example) -> MockServer {
    let server = MockServer::start().await;
    let mut response =
        ResponseTemplate::new(example.response.status).set_body_bytes(example.response.bytes());
    for (name, value) in &example.response.headers {
        response = response.insert_header(name.as_str(), value.as_str());
    }
    Mock::given(wiremock::matchers::any()).respond_with(response).expect(1).mount(&server).await;
    server
}

/// Runs a test on every example and reports all failures, not only the first one.
///
/// # Panics
/// If the test fails for an example.
pub async fn each<F, Fut>(test: F)
where
    F: Fn(Example) -> Fut,
    Fut: Future<Output = ()> + Send + 'static,
{
    let mut failures = Vec::new();
    for example in all() {
        let name = example.name.clone();
        // A separate task contains a panic.
        if let Err(failure) = tokio::spawn(test(example)).await {
            let panic = failure.into_panic();
            let message = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied());
            failures.push(format!("{name}: {}", message.unwrap_or("panicked")));
        }
    }
    assert!(failures.is_empty(), "{} failed\n\n{}", failures.len(), failures.join("\n\n"));
}

/// Normalizes JSON in the way the service reads it: keys ignore case (so they become camelCase), and null means absent.
/// The archived SDK sends PascalCase keys and a null for every unused field.
#[must_use]
pub fn canonical(value: &Value) -> Value {
    match value {
        Value::Object(object) => object
            .iter()
            .filter(|(_, member)| !member.is_null())
            .map(|(key, member)| (camel(key), canonical(member)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(array) => array.iter().map(canonical).collect(),
        other => other.clone(),
    }
}

fn camel(key: &str) -> String {
    let mut chars = key.trim().chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// Reduces the body of a request to the fields that `partner-center-devices` sends: those that identify a device or
/// change it. Removes type names, minimum dates, empty lists, and counts that only the service sets.
#[must_use]
pub fn identification(value: &Value) -> Value {
    match canonical(value) {
        Value::Object(mut object) => {
            // No accepted combination contains a manufacturer and a model together with a hardware hash.
            if object.contains_key("hardwareHash") {
                object
                    .retain(|key, _| !matches!(key.as_str(), "modelName" | "oemManufacturerName"));
            }
            object
                .into_iter()
                .filter(|(key, member)| match key.as_str() {
                    "attributes" | "uploadedDate" | "deviceBatchId" | "devicesAssigned" => false,
                    "policies" => !member.as_array().is_some_and(Vec::is_empty),
                    _ => true,
                })
                .map(|(key, member)| (key, identification(&member)))
                .collect::<serde_json::Map<_, _>>()
                .into()
        }
        Value::Array(array) => array.iter().map(identification).collect(),
        other => other,
    }
}

/// Returns broken variants of a JSON text for robustness tests: truncated after each byte, and with each value replaced
/// by null, a number, a string, an array and an object.
#[must_use]
pub fn broken(json: &[u8]) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = (0..json.len()).map(|end| json[..end].to_vec()).collect();
    let text = json.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(json);
    if let Ok(value) = serde_json::from_slice::<Value>(text) {
        let mut pointers = vec![String::new()];
        collect_pointers(&value, String::new(), &mut pointers);
        let others = [
            Value::Null,
            3.into(),
            "text".into(),
            serde_json::json!([1]),
            serde_json::json!({ "a": 1 }),
        ];
        for pointer in &pointers {
            for other in &others {
                let mut changed = value.clone();
                if let Some(place) = changed.pointer_mut(pointer) {
                    *place = other.clone();
                }
                all.push(changed.to_string().into_bytes());
            }
        }
    }
    all
}

fn collect_pointers(value: &Value, at: String, found: &mut Vec<String>) {
    let mut enter = |key: &str, child: &Value| {
        let pointer = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
        found.push(pointer.clone());
        collect_pointers(child, pointer, found);
    };
    match value {
        Value::Object(object) => object.iter().for_each(|(key, child)| enter(key, child)),
        Value::Array(array) => {
            array.iter().enumerate().for_each(|(i, child)| enter(&i.to_string(), child))
        }
        _ => {}
    }
}

/// Prints the traces of all levels to the output of the test. CI searches that output for the secrets that tests plant.
pub fn trace() {
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_ansi(false)
        .with_test_writer();
    // Only the first call in a test binary has an effect.
    let _ = subscriber.try_init();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_and_examples_match() {
        let operations = operations();
        assert_eq!(operations.len(), 19);
        let examples = all();
        for operation in &operations {
            assert!(
                examples.iter().any(|e| e.operation == *operation),
                "no example shows {operation}"
            );
        }
        for example in &examples {
            assert!(operations.contains(&example.operation), "{}: unknown operation", example.name);
            assert!(example.source.starts_with("https://"), "{}: no source", example.name);
            for name in &example.request.not_sent {
                assert!(example.request.headers.contains_key(name), "{}: {name}", example.name);
            }
        }
    }

    #[test]
    fn the_sdk_request_is_reduced_to_identifying_fields() {
        let body = all()
            .into_iter()
            .find(|e| e.name == "create-device-batch")
            .unwrap()
            .request
            .json()
            .unwrap();
        assert_eq!(
            identification(&body),
            serde_json::json!({ "batchId": "SDKTestDeviceBatch", "devices": [{
                "serialNumber": "1R9-ZNP67", "productKey": "00329-00000-0003-AA606", "hardwareHash": "DummyHash123",
            }] })
        );
    }

    #[test]
    fn paths_ignore_case_except_in_ids() {
        let documented = "//v1/customers/c-a/deviceBatches/Test/devices?size=1";
        for (sent, same) in [
            ("/v1/customers/c-a/deviceBatches/Test/devices?size=1", true),
            ("/V1/Customers/c-a/DEVICEBATCHES/Test/Devices?size=1", true),
            ("/v1/customers/C-A/deviceBatches/Test/devices?size=1", false),
            ("/v1/customers/c-a/deviceBatches/test/devices?size=1", false),
            ("/v1/customers/c-a/deviceBatches/Test/devices", false),
            ("/v1/customers/c-a/deviceBatches/Test/devices?SIZE=1", false),
            ("/v1/customers/c-a/deviceBatches/Test/devices?size=%31", true),
            ("/v1/customers/c-a/deviceBatches/Test/devices?size=1&size=1", false),
            ("/v1/customers/c-a/deviceBatches/Test/devices?size=+1", false),
            ("/v1/customers/c-a/deviceBatches/Test?size=1", false),
            ("/v1/customers/c-a/deviceBatches/Test/devices/?size=1", false),
        ] {
            assert_eq!(same_path(documented, sent), same, "{sent}");
        }
    }

    #[test]
    fn every_value_is_replaced() {
        let broken = broken(br#"{"a":[1]}"#);
        assert_eq!(broken.len(), 9 + 3 * 5);
        assert!(broken.contains(&br#"{"a":[{"a":1}]}"#.to_vec()));
    }
}
