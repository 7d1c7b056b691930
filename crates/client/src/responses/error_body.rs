//! The body of an error response. It has many formats, because gateways respond in front of the service: the documented
//! fault, the gateway's object, problem details (RFC 9457), OData, the token endpoint's format, lists of errors, XML,
//! SOAP, text, HTML, or an empty body.

use partner_center_devices_raw::{redact, web_page};
use serde_json::{Map, Value};

use super::{cut_off_json, xml_text};

/// The code and the description in the body of an error response, redacted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ErrorBody {
    /// The code as text. The documents show it as a string, but some responses contain a number.
    pub(crate) code: Option<String>,
    /// The description.
    pub(crate) description: Option<String>,
}

/// The names of a code, in lower case, in order of preference. The `statusCode` of a gateway only repeats the status.
const CODES: [&str; 7] =
    ["code", "errorcode", "error_code", "faultcode", "errorid", "messageid", "reasoncode"];

/// The names of a description, in lower case, in order of preference.
const DESCRIPTIONS: [&str; 15] = [
    "description",
    "message",
    "error_description",
    "errormessage",
    "error_message",
    "errordescription",
    "detail",
    "msg",
    "faultstring",
    "exceptionmessage",
    "reason",
    "messagedetail",
    "details",
    "text",
    "value",
];

/// The names of nested errors, in lower case.
const NESTED: [&str; 13] = [
    "error",
    "odata.error",
    "errors",
    "fault",
    "faults",
    "details",
    "detail",
    "data",
    "innererror",
    "responsestatus",
    "exception",
    "modelstate",
    "errorlist",
];

/// The number of levels of nested errors that are read.
const MAX_DEPTH: usize = 5;

/// The number of texts that a description is made of.
const MAX_TEXTS: usize = 6;

/// Reads a body of any format, without a byte order mark.
pub(crate) fn read(body: &[u8]) -> ErrorBody {
    let mut found = Found::default();
    match serde_json::from_slice::<Value>(body) {
        Ok(value) => found.read_json(&value, 0),
        Err(_) => {
            if let Some(value) = cut_off_json::complete(&String::from_utf8_lossy(body)) {
                found.read_json(&value, 0);
            }
            if found.code.is_none() && found.texts.is_empty() {
                found.read_text(body);
            }
        }
    }
    let visible = |text: String| {
        let text = redact::message(&text);
        (!text.is_empty()).then_some(text)
    };
    ErrorBody { code: found.code.and_then(visible), description: visible(found.texts.join(": ")) }
}

/// The code and the texts that were found so far.
#[derive(Default)]
struct Found {
    code: Option<String>,
    texts: Vec<String>,
}

impl Found {
    fn read_json(&mut self, value: &Value, depth: usize) {
        match value {
            Value::Object(object) if depth < MAX_DEPTH => self.read_object(object, depth),
            Value::Array(items) if depth < MAX_DEPTH => {
                for item in items.iter().take(MAX_TEXTS) {
                    self.read_json(item, depth + 1);
                }
            }
            // A service may write its JSON as a JSON string.
            Value::String(text) => match serde_json::from_str::<Value>(text) {
                Ok(inner @ (Value::Object(_) | Value::Array(_))) if depth < MAX_DEPTH => {
                    self.read_json(&inner, depth + 1);
                }
                _ => self.add_text(text),
            },
            _ => {}
        }
    }

    fn read_object(&mut self, object: &Map<String, Value>, depth: usize) {
        let member = |name: &str| {
            object.iter().find(|(key, _)| key.trim().eq_ignore_ascii_case(name)).map(|(_, v)| v)
        };
        let text = |names: &[&str]| names.iter().find_map(|name| member(name).and_then(scalar));
        let mut description = text(&DESCRIPTIONS).or_else(|| {
            // OData 3: {"message": {"lang": "en-US", "value": "…"}}
            member("message").and_then(|message| message.get("value")).and_then(scalar)
        });
        let lists = ["message", "messages", "description", "descriptions"];
        let is_described = description.is_some();
        let mut code = text(&CODES);
        // OAuth writes its code as `error`, and others a text.
        if let Some(error) = member("error").and_then(scalar) {
            if error.contains(' ') && description.is_none() {
                description = Some(error);
            } else if code.is_none() {
                code = Some(error);
            }
        }
        if self.code.is_none() {
            self.code = code;
        }
        // The title of problem details is the general part. Others repeat it as their message.
        if let Some(title) = member("title").and_then(scalar)
            && member("message").is_none()
            && member("description").is_none()
        {
            self.add_text(&title);
        }
        if let Some(description) = description {
            self.read_json(&Value::String(description), depth);
        }
        for list in lists.iter().filter_map(|name| member(name)).filter(|list| list.is_array()) {
            self.read_json(list, depth + 1);
        }
        for (name, value) in NESTED.iter().filter_map(|name| Some((*name, member(name)?))) {
            match value {
                // ASP.NET: {"errors": {"batchId": ["The name is too long."]}}
                Value::Object(fields) if matches!(name, "errors" | "modelstate") => {
                    self.read_fields(fields, depth);
                }
                Value::Object(_) if name == "innererror" => self.read_inner(value, depth),
                Value::Object(_) | Value::Array(_) => self.read_json(value, depth + 1),
                Value::String(_) if name != "error" && !is_described => {
                    self.read_json(value, depth + 1);
                }
                _ => {}
            }
        }
    }

    /// Reads the cause of an error. Its code is more exact than a word such as `Unauthorized`, unless it is only the status.
    fn read_inner(&mut self, error: &Value, depth: usize) {
        let mut inner = Self::default();
        inner.read_json(error, depth + 1);
        let is_number = |code: &String| code.bytes().all(|byte| byte.is_ascii_digit());
        if inner.code.as_ref().is_some_and(|code| is_number(code) && code.len() > 3)
            && !self.code.as_ref().is_some_and(is_number)
        {
            self.code = inner.code;
        } else {
            self.code = self.code.take().or(inner.code);
        }
        inner.texts.iter().for_each(|text| self.add_text(text));
    }

    /// Reads the problems of each field.
    fn read_fields(&mut self, fields: &Map<String, Value>, depth: usize) {
        for (field, problems) in fields.iter().take(MAX_TEXTS) {
            let mut inner = Self::default();
            inner.read_json(problems, depth + 1);
            if !inner.texts.is_empty() {
                let field = field.trim_start_matches("$.");
                let name = if field.is_empty() { String::new() } else { format!("{field}: ") };
                self.add_text(&format!("{name}{}", inner.texts.join(" ")));
            }
            self.code = self.code.take().or(inner.code);
        }
    }

    /// Reads XML, a page or plain text.
    fn read_text(&mut self, body: &[u8]) {
        if web_page::is_page(body) {
            return self.texts.push(web_page::describe(body));
        }
        let text = String::from_utf8_lossy(body);
        let trimmed = text.trim();
        if trimmed.starts_with('<') {
            let leaves = xml_text::leaves(trimmed);
            let find = |names: &[&str]| first_named(&leaves, names);
            // SOAP 1.2 writes its code as a value.
            self.code = find(&CODES).or_else(|| find(&["value"]));
            let texts = find(&DESCRIPTIONS[..DESCRIPTIONS.len() - 1]);
            // Others write both as attributes.
            let attributes = xml_text::attributes(trimmed);
            self.code = self.code.take().or_else(|| first_named(&attributes, &CODES));
            let texts =
                texts.or_else(|| first_named(&attributes, &DESCRIPTIONS[..DESCRIPTIONS.len() - 1]));
            let only =
                || leaves.first().filter(|_| leaves.len() == 1).map(|(_, text)| text.clone());
            match texts.or_else(|| find(&["title"])).or_else(only) {
                Some(text) => self.add_text(&text),
                None => self.texts.push("an XML document".to_owned()),
            }
        } else if body.contains(&0) && trimmed.chars().any(|c| c == '\u{fffd}')
            || is_binary(body, &text)
        {
            self.texts.push(format!("{} bytes that are neither JSON nor text", body.len()));
        } else {
            self.add_text(&redact::body_text(trimmed)); // may be a part of JSON
        }
    }

    /// Adds a text that says something new.
    fn add_text(&mut self, text: &str) {
        let text = text.trim().trim_matches(char::is_control).trim();
        let is_known = self.texts.iter().any(|known| known.contains(text));
        if text.is_empty() || is_known || self.texts.len() >= MAX_TEXTS {
            return;
        }
        // A repetition with more words. A short text may be in another one by chance.
        if let Some(last) = self.texts.last_mut()
            && last.len() > 8
            && text.contains(last.as_str())
        {
            text.clone_into(last);
            return;
        }
        // The texts are joined as "general: particular".
        if let Some(last) = self.texts.last_mut() {
            last.truncate(last.trim_end_matches(['.', ':', ' ']).len());
        }
        self.texts.push(text.to_owned());
    }
}

/// Returns the text with the first of these names that there is. Upper and lower case are the same.
fn first_named(texts: &[(String, String)], names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| {
        let found = texts.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, text)| text.clone())
    })
}

/// Returns true if much of a body is not text in any encoding that is compatible with ASCII.
fn is_binary(body: &[u8], text: &str) -> bool {
    let odd = text.chars().filter(|c| *c == '\u{fffd}' || (c.is_control() && !c.is_whitespace()));
    body.len() > 8 && odd.count() * 5 > text.chars().count()
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, code: &str, description: &str) {
        let read = read(body.as_bytes());
        assert_eq!(read.code.as_deref().unwrap_or_default(), code, "{body}");
        assert_eq!(read.description.as_deref().unwrap_or_default(), description, "{body}");
    }

    #[test]
    fn reads_the_formats_of_the_service_and_its_gateway() {
        for (body, code, description) in [
            (
                r#"{"code":"20002","description":"No relationship","data":[],"source":"PartnerFD"}"#,
                "20002",
                "No relationship",
            ),
            (
                r#"{"code":"2000","description":"Invalid.","data":["batchId","too long"]}"#,
                "2000",
                "Invalid: batchId: too long",
            ),
            (
                r#"{"code":2055,"description":"Etag is no longer valid"}"#,
                "2055",
                "Etag is no longer valid",
            ),
            (r#"{"Code":"1","Description":"Pascal"}"#, "1", "Pascal"),
            (
                r#"{ "statusCode": 429, "message": "Try again in 57 seconds." }"#,
                "",
                "Try again in 57 seconds.",
            ),
            (r#"{"error":{"code":"Forbidden","message":"No"}}"#, "Forbidden", "No"),
            (r#"{"faults":[{"code":900421}]}"#, "900421", ""),
            (
                r#"{"error":"invalid_grant","error_description":"AADSTS70008"}"#,
                "invalid_grant",
                "AADSTS70008",
            ),
            (r#""quoted text""#, "", "quoted text"),
            (r#""{\"code\":\"7\",\"message\":\"twice\"}""#, "7", "twice"),
            ("Sequence contains no matching element", "", "Sequence contains no matching element"),
            ("<html><TITLE>502 Bad\nGateway</TITLE></html>", "", "a web page, \"502 Bad Gateway\""),
            ("<html></html>", "", "a web page"),
            ("", "", ""),
            ("[]", "", ""),
            ("null", "", ""),
            (r#"{"code":null,"description":{"x":1}}"#, "", ""),
        ] {
            check(body, code, description);
        }
    }

    #[test]
    fn reads_problem_details_and_lists_of_errors() {
        for (body, code, description) in [
            (
                r#"{"type":"about:blank","title":"Bad Request","status":400,"detail":"The batch is full."}"#,
                "",
                "Bad Request: The batch is full.",
            ),
            (
                r#"{"title":"One or more validation errors occurred.","status":400,"errors":{"$.batchId":["Too long."],"devices":["Missing.","Empty."]}}"#,
                "",
                "One or more validation errors occurred: batchId: Too long: devices: Missing Empty.",
            ),
            (
                r#"{"errors":[{"code":"E1","message":"first"},{"code":"E2","message":"second"}]}"#,
                "E1",
                "first: second",
            ),
            (r#"{"errors":["only text"]}"#, "", "only text"),
            (r#"{"errors":"Quota exceeded"}"#, "", "Quota exceeded"),
            (
                r#"{"message":["a is missing","b is empty"],"error":"Bad Request"}"#,
                "",
                "Bad Request: a is missing: b is empty",
            ),
            (
                r#"{"error":{"code":"Unauthorized","message":"No","innererror":{"code":"900421"}}}"#,
                "900421",
                "No",
            ),
            (r#"{"code":"900421","innererror":{"code":"MfaRequired"}}"#, "900421", ""),
            (r#"{"code":"Forbidden","innererror":{"code":403}}"#, "Forbidden", ""),
            (r#"{"errors":[{"code":"QuotaExceeded"},{"code":"2000"}]}"#, "QuotaExceeded", ""),
            (r#"<error code="20002" message="No relationship"/>"#, "20002", "No relationship"),
            (
                r#"{"errors":[{"status":"403","title":"No","detail":"Not yours"}]}"#,
                "",
                "No: Not yours",
            ),
            (r#"[{"errorCode":"INVALID","message":"in a list"}]"#, "INVALID", "in a list"),
            (
                r#"{"odata.error":{"code":"X","message":{"lang":"en-US","value":"old OData"}}}"#,
                "X",
                "old OData",
            ),
            (
                r#"{"error":{"code":"A","message":"outer","details":[{"code":"B","message":"inner"}]}}"#,
                "A",
                "outer: inner",
            ),
            (
                r#"{"error":{"code":"","message":"","innerError":{"code":"C","message":"innermost"}}}"#,
                "C",
                "innermost",
            ),
            (
                r#"{"fault":{"faultstring":"Quota","detail":{"errorcode":"policies.Quota"}}}"#,
                "policies.Quota",
                "Quota",
            ),
            (
                r#"{"Message":"An error has occurred.","ExceptionMessage":"x"}"#,
                "",
                "An error has occurred.",
            ),
            (r#"{"detail":[{"loc":["body"],"msg":"field required"}]}"#, "", "field required"),
            (r#"{"error":"Access denied by policy"}"#, "", "Access denied by policy"),
            (r#"{"error":"blocked","reason":"category"}"#, "blocked", "category"),
        ] {
            check(body, code, description);
        }
    }

    #[test]
    fn reads_xml_and_text() {
        for (body, code, description) in [
            ("<Error><Code>Auth</Code><Message>No &amp; no</Message></Error>", "Auth", "No & no"),
            (
                "<?xml version=\"1.0\"?><m:error xmlns:m=\"x\"><m:code/><m:message xml:lang=\"en\">Old</m:message></m:error>",
                "",
                "Old",
            ),
            (
                "<s:Envelope><s:Body><s:Fault><faultcode>s:Client</faultcode><faultstring>Bad</faultstring></s:Fault></s:Body></s:Envelope>",
                "s:Client",
                "Bad",
            ),
            (
                "<e:Envelope><e:Fault><e:Code><e:Value>e:Sender</e:Value></e:Code><e:Reason><e:Text>Why</e:Text></e:Reason></e:Fault></e:Envelope>",
                "e:Sender",
                "Why",
            ),
            ("<string xmlns=\"x\">only text</string>", "", "only text"),
            ("<a><![CDATA[x < y]]></a>", "", "x < y"),
            ("<Unknown/>", "", "an XML document"),
            ("<", "", "an XML document"),
            (r#"{"description":"cut off"#, "", "cut off"),
            (r#"{"code":"7","description":"cut off","data":["#, "7", "cut off"),
            (
                "\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}\u{8}\u{b}",
                "",
                "9 bytes that are neither JSON nor text",
            ),
        ] {
            check(body, code, description);
        }
    }

    #[test]
    fn invisible_text_is_none() {
        for body in ["\0", " \u{1} ", r#"" ""#, r#"{"code":" ","description":"\u0000"}"#] {
            assert_eq!(read(body.as_bytes()), ErrorBody::default(), "{body:?}");
        }
    }

    #[test]
    fn redacts_an_echoed_hash() {
        let hash = "T0HzAQEA".repeat(500);
        for body in [
            format!(r#"{{"code":"802","description":"bad {hash}"}}"#),
            format!(r#"{{"errors":[{{"code":"802","detail":"bad {hash}"}}]}}"#),
            format!("<Error><Code>802</Code><Message>bad {hash}</Message></Error>"),
        ] {
            assert_eq!(read(body.as_bytes()).description.unwrap(), "bad T0HzAQ…(4000 characters)");
        }
        let broken = format!(r#"{{"hardwareHash":"short","x":"{hash}"#);
        let description = read(broken.as_bytes()).description.unwrap();
        assert!(!description.contains("short") && !description.contains("T0HzAQEA"));
    }

    #[test]
    fn only_a_part_of_a_deep_or_long_body_is_read() {
        let deep = format!("{}{}", r#"{"error":"#.repeat(90), "1".to_owned() + &"}".repeat(90));
        assert_eq!(read(deep.as_bytes()), ErrorBody::default());
        let many = format!("[{}]", vec![r#"{"message":"x y"}"#; 500].join(","));
        assert_eq!(read(many.as_bytes()).description.unwrap(), "x y");
    }

    proptest::proptest! {
        #[test]
        fn no_body_panics(body in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            read(&body);
        }

        #[test]
        fn no_xml_panics(body in "<(<|/|>|[a-c:]|&|;|é|!|CDATA|\\[|\\]|-| ){0,60}") {
            read(body.as_bytes());
        }
    }
}
