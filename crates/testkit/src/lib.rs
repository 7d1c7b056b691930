//! The documented exchanges, read from `spec/examples/*.yaml` for the tests of every layer. Decides when a
//! request that a client sent is the documented one; the format is explained in `spec/examples/README.md`.

pub mod generated;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;
use wiremock::{Mock, MockServer, ResponseTemplate};

/// One exchange.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The file's name without `.yaml`.
    #[serde(skip)]
    pub name: String,
    /// The operation's id in the spec.
    pub operation: String,
    /// What happens, in a few words.
    pub summary: String,
    /// How much the exchange can be trusted.
    pub standing: Standing,
    /// The public address it was taken from.
    pub source: String,
    /// The date of that page or observation.
    pub dated: String,
    /// What is odd about it.
    pub oddities: Vec<String>,
    /// What the client sends.
    pub request: Request,
    /// What the service answers.
    pub response: Response,
}

/// How much an exchange can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// A page of the documentation shows it.
    Documented,
    /// Real traffic, or the code of a public client.
    Observed,
    /// No document shows it; made from the reference's signature.
    Constructed,
}

/// The request of an exchange, as documented.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The method.
    pub method: String,
    /// Path and query, in the documented spelling.
    pub target: String,
    /// The documented headers.
    pub headers: BTreeMap<String, String>,
    /// Those of them that a client has no need to send.
    pub not_sent: Vec<String>,
    /// The body.
    pub body: Option<String>,
}

/// The answer of an exchange, as documented.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The documented headers.
    pub headers: BTreeMap<String, String>,
    /// Whether a byte order mark precedes the body.
    #[serde(default)]
    pub bom: bool,
    /// The body.
    pub body: Option<String>,
}

/// The workspace's `spec` folder.
#[must_use]
pub fn spec_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec")
}

/// Every exchange, by file name.
///
/// # Panics
/// If a file cannot be read or is not in the format: a test must not pass over it.
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
    assert!(!examples.is_empty(), "no example in {}", folder.display());
    examples
}

fn spec() -> Value {
    let text =
        std::fs::read_to_string(spec_folder().join("device-deployment.yaml")).expect("the spec");
    serde_saphyr::from_str(&text).expect("the spec is YAML")
}

/// The ids of all operations of the spec, sorted.
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

/// The names of all schemas of the spec, sorted.
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

/// Headers that belong to the connection, not to the exchange.
const CONNECTION: [&str; 4] = ["connection", "content-length", "expect", "host"];

impl Request {
    /// The documented headers that a client has to send, names in lower case.
    pub fn sent_headers(&self) -> impl Iterator<Item = (String, &str)> {
        self.headers
            .iter()
            .filter(|(name, _)| !self.not_sent.contains(name))
            .map(|(name, value)| (name.to_lowercase(), value.as_str()))
            .filter(|(name, _)| !CONNECTION.contains(&name.as_str()))
    }

    /// The value of a documented header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The body as JSON with camelCase keys and without nulls.
    ///
    /// # Panics
    /// If the body is not JSON.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        self.body.as_ref().map(|body| canonical(&serde_json::from_str(body).expect("a JSON body")))
    }

    /// The path's segments after `/v1/customers`, percent-decoding left to the reader:
    /// `[customer, "deviceBatches", batch, …]`.
    #[must_use]
    pub fn segments(&self) -> Vec<&str> {
        self.target.split(['/', '?']).filter(|segment| !segment.is_empty()).skip(2).collect()
    }
}

impl Response {
    /// The body's exact bytes, byte order mark included.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = if self.bom { b"\xEF\xBB\xBF".to_vec() } else { Vec::new() };
        bytes.extend_from_slice(self.body.as_deref().unwrap_or_default().as_bytes());
        bytes
    }
}

/// Whether two targets are spellings of one: the service reads the words of a path without regard to case, and
/// one documented target begins with a double slash. Ids and the query must be the same to the letter.
#[must_use]
pub fn same_path(documented: &str, sent: &str) -> bool {
    let documented = documented.replace("//", "/");
    let (documented, documented_query) = documented.split_once('?').unwrap_or((&documented, ""));
    let (sent, sent_query) = sent.split_once('?').unwrap_or((sent, ""));
    let (documented, sent): (Vec<&str>, Vec<&str>) =
        (documented.split('/').collect(), sent.split('/').collect());
    // Of `/v1/customers/{customer}/deviceBatches/{batch}/…`, split at each slash, every other part is an id.
    let is_id = |place: usize| place > 2 && place % 2 == 1;
    documented_query == sent_query
        && documented.len() == sent.len()
        && documented.iter().zip(&sent).enumerate().all(|(place, (documented, sent))| {
            documented == sent || (!is_id(place) && documented.eq_ignore_ascii_case(sent))
        })
}

/// A server that gives the documented answer, byte for byte, to one request of any kind.
pub async fn serve(example: &Example) -> MockServer {
    let server = MockServer::start().await;
    let mut answer =
        ResponseTemplate::new(example.response.status).set_body_bytes(example.response.bytes());
    for (name, value) in &example.response.headers {
        answer = answer.insert_header(name.as_str(), value.as_str());
    }
    Mock::given(wiremock::matchers::any()).respond_with(answer).expect(1).mount(&server).await;
    server
}

/// Runs a test on every example and names all that fail, not only the first.
///
/// # Panics
/// If one of them did.
pub async fn each<F, Fut>(test: F)
where
    F: Fn(Example) -> Fut,
    Fut: Future<Output = ()> + Send + 'static,
{
    let mut failures = Vec::new();
    for example in all() {
        let name = example.name.clone();
        // A task of its own keeps a panic to itself.
        if let Err(failure) = tokio::spawn(test(example)).await {
            let panic = failure.into_panic();
            let said = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied());
            failures.push(format!("{name}: {}", said.unwrap_or("panicked")));
        }
    }
    assert!(failures.is_empty(), "{} failed\n\n{}", failures.len(), failures.join("\n\n"));
}

/// JSON as the service reads it: keys without regard to case (so camelCase here) and null as absent. The
/// archived SDK sends PascalCase keys and a null for every field it does not use.
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

/// The body of a request reduced to what identifies a device or says what to do with it: what the ergonomic
/// layer sends. Cut are type names, minimum dates, empty lists and what only the service may count.
#[must_use]
pub fn identification(value: &Value) -> Value {
    match canonical(value) {
        Value::Object(mut object) => {
            // No accepted combination has manufacturer and model beside a hardware hash.
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

/// Every way to break a JSON text that the robustness tests try: cut after each byte, and each value
/// replaced by null, a number, a string, an array and an object.
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

/// Prints all traces of this test binary from now on, at the finest level, into the output of the test that makes
/// them. CI searches it for the secrets that tests plant.
pub fn trace() {
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_ansi(false)
        .with_test_writer();
    // Only the first call of a binary counts.
    let _ = subscriber.try_init();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_an_example_and_every_example_an_operation() {
        let operations = operations();
        assert_eq!(operations.len(), 13);
        let examples = all();
        for operation in &operations {
            assert!(
                examples.iter().any(|e| e.operation == *operation),
                "no example shows {operation}"
            );
        }
        for example in &examples {
            assert!(operations.contains(&example.operation), "{}: no such operation", example.name);
            assert!(example.source.starts_with("https://"), "{}: no source", example.name);
            for name in &example.request.not_sent {
                assert!(example.request.headers.contains_key(name), "{}: {name}", example.name);
            }
        }
    }

    #[test]
    fn the_sdk_s_request_is_reduced_to_what_identifies_the_device() {
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
    fn words_of_a_path_have_no_case_and_ids_have() {
        let documented = "//v1/customers/c-a/deviceBatches/Test/devices?size=1";
        for (sent, same) in [
            ("/v1/customers/c-a/deviceBatches/Test/devices?size=1", true),
            ("/V1/Customers/c-a/DEVICEBATCHES/Test/Devices?size=1", true),
            ("/v1/customers/C-A/deviceBatches/Test/devices?size=1", false),
            ("/v1/customers/c-a/deviceBatches/test/devices?size=1", false),
            ("/v1/customers/c-a/deviceBatches/Test/devices", false),
            ("/v1/customers/c-a/deviceBatches/Test/devices?SIZE=1", false),
            ("/v1/customers/c-a/deviceBatches/Test?size=1", false),
            ("/v1/customers/c-a/deviceBatches/Test/devices/?size=1", false),
        ] {
            assert_eq!(same_path(documented, sent), same, "{sent}");
        }
    }

    #[test]
    fn breaking_reaches_every_value() {
        let broken = broken(br#"{"a":[1]}"#);
        assert_eq!(broken.len(), 9 + 3 * 5);
        assert!(broken.contains(&br#"{"a":[{"a":1}]}"#.to_vec()));
    }
}
