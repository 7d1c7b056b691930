//! Devices in JSON: responses of Microsoft Graph, and objects as ConvertTo-Json writes them.
//!
//! Each object with the serial number, product key or hardware hash of a device is a row, in every place: at the top, in an
//! array, in the `value` of a response of Graph
//! (<https://learn.microsoft.com/graph/api/intune-enrollment-importedwindowsautopilotdeviceidentity-list>), or one of several
//! values that follow each other. Names of properties are recognized like column names.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::named_table::{NamedTable, NamedValue};
use crate::check::rule::Rule;
use crate::input::columns::display_name;
use crate::input::field::{Column, Field};
use crate::input::memory_records::MemoryRecords;
use crate::input::refusal::Refusal;

/// The number of arrays and objects around a device that are searched.
const MAX_NESTING: usize = 8;

/// The devices in a JSON text.
#[derive(Debug)]
pub(crate) struct Devices {
    pub(crate) records: MemoryRecords,
    /// The list continues on a page that is not in the text.
    pub(crate) has_next_page: bool,
}

/// Reads the devices in a JSON text.
pub(crate) fn read(text: &str) -> Result<Devices, Refusal> {
    let mut search = Search {
        text,
        position: (0, 1),
        table: NamedTable::default(),
        has_next_page: false,
        other: None,
        is_list: false,
        is_error: false,
    };
    let values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    let values: Vec<_> = values.collect::<Result<_, _>>().map_err(|error| damaged(error.line()))?;
    if let [only] = &values[..] {
        let list =
            only.get().starts_with('{').then(|| parse::<Object<'_>>(only.get())).transpose()?;
        let properties = list.map(|Object(properties)| properties).unwrap_or_default();
        let has = |other: &str, is: fn(&str) -> bool| {
            properties.iter().any(|(name, value)| name == other && is(value.get()))
        };
        search.is_list = is_empty_list(only.get()) || has("value", is_empty_list);
        search.is_error = has("error", |value| !matches!(value, "null" | "false" | "\"\""));
    }
    search.visit_all(&values, MAX_NESTING)?;
    let Search { table, has_next_page, other, is_list, is_error, .. } = search;
    if table.is_empty() && is_error {
        let message = "the file is JSON with the error of a service instead of devices";
        return Err(Refusal::new(Rule::Json, message));
    }
    if table.is_empty() && is_list {
        let message = "the file is JSON with an empty list";
        return Err(Refusal::new(Rule::EmptyFile, message));
    }
    if table.is_empty() {
        let mut message =
            "the file is JSON without the serial number, product key or hardware hash of a device"
                .to_owned();
        if let Some(names) = other {
            message += &format!("; its first properties are {names}");
        }
        return Err(Refusal::new(Rule::Json, message));
    }
    Ok(Devices { records: table.finish(), has_next_page })
}

fn damaged(line: usize) -> Refusal {
    let message = "the file is JSON, but it is damaged or incomplete in this line";
    Refusal::new(Rule::DamagedFile, message).at_line(line as u64)
}

/// The search for devices in a text.
struct Search<'a> {
    text: &'a str,
    /// A position in the text, and its line.
    position: (usize, u32),
    table: NamedTable,
    has_next_page: bool,
    /// The names of the first object without a device in it.
    other: Option<String>,
    /// The text is an empty list.
    is_list: bool,
    /// The text is the error response of a service.
    is_error: bool,
}

impl<'a> Search<'a> {
    /// Visits the values of a list. If one of them is a device, all objects of the list are rows, so that an incomplete one
    /// is reported.
    fn visit_all(&mut self, values: &[&'a RawValue], nesting: usize) -> Result<(), Refusal> {
        let mut objects = Vec::new();
        for value in values {
            objects.push(match value.get().starts_with('{') {
                true => parse::<Object<'_>>(value.get())?.0,
                false => Vec::new(),
            });
        }
        let has_devices = objects.iter().any(|properties| identifies_device(properties));
        for (value, properties) in values.iter().zip(&objects) {
            let is_nested = |(_, value): &(String, &RawValue)| value.get().starts_with(['[', '{']);
            let may_contain_devices =
                !identifies_device(properties) && properties.iter().any(is_nested);
            if has_devices && !properties.is_empty() && !may_contain_devices {
                self.add(value, properties)?;
            } else {
                self.visit(value, nesting)?;
            }
        }
        Ok(())
    }

    fn visit(&mut self, value: &'a RawValue, nesting: usize) -> Result<(), Refusal> {
        let Some(nesting) = nesting.checked_sub(1) else { return Ok(()) };
        let json = value.get();
        if json.starts_with('[') {
            self.visit_all(&parse::<Vec<&RawValue>>(json)?, nesting)?;
        } else if json.starts_with('{') {
            let Object(properties) = parse(json)?;
            if identifies_device(&properties) {
                return self.add(value, &properties);
            }
            if properties
                .iter()
                .any(|(name, value)| name == "value" && value.get().starts_with('['))
            {
                let is_link = |(name, value): &(String, &RawValue)| {
                    name.ends_with("nextLink") && value.get().len() > 2 && value.get() != "null"
                };
                self.has_next_page = properties.iter().any(is_link);
            }
            if self.other.is_none() && !properties.is_empty() {
                let names = properties.iter().take(5);
                let names = names.map(|(name, _)| format!("\"{}\"", display_name(name.as_bytes())));
                self.other = Some(names.collect::<Vec<_>>().join(", "));
            }
            for (_, value) in &properties {
                self.visit(value, nesting)?;
            }
        }
        Ok(())
    }

    /// Adds a device as a row.
    fn add(
        &mut self,
        object: &RawValue,
        properties: &[(String, &RawValue)],
    ) -> Result<(), Refusal> {
        let line = self.line(object);
        if let Some(name) = repeated_name(properties) {
            let name = display_name(name.as_bytes());
            let message =
                format!("an object has the property \"{name}\" twice, with different values");
            return Err(Refusal::new(Rule::AmbiguousColumn, message).at_line(line.into()));
        }
        // Annotations such as `@odata.type` describe other properties.
        let values = properties.iter().filter(|(name, _)| !name.contains('@'));
        let values: Vec<_> = values
            .map(|(name, value)| NamedValue {
                name: name.as_str().into(),
                text: text_of(value.get()),
                is_number: is_number(value.get()),
            })
            .collect();
        self.table.add(line, &values)
    }

    /// Returns the line in which a value starts. Values come in the order of the text.
    fn line(&mut self, value: &RawValue) -> u32 {
        let start = (value.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let (position, line) = self.position;
        let between = self.text.as_bytes().get(position..start).unwrap_or_default();
        let lines = between.iter().filter(|byte| **byte == b'\n').count();
        let line = line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        self.position = (start.max(position), line);
        line
    }
}

/// Parses a part of a text that was found to be valid.
fn parse<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, Refusal> {
    serde_json::from_str(json).map_err(|error| damaged(error.line()))
}

/// Returns true if an object with these properties is a device.
fn identifies_device(properties: &[(String, &RawValue)]) -> bool {
    use Field::{HardwareHash, ProductKey, SerialNumber};
    properties.iter().any(|(name, value)| {
        let is_name = matches!(
            Column::recognize(name.as_bytes()),
            Column::Field(SerialNumber | ProductKey | HardwareHash) | Column::DeviceId(0)
        );
        // A schema has objects that describe the values.
        let value = value.get();
        is_name && !value.starts_with('{') && !matches!(value, "null" | "\"\"" | "[]")
    })
}

/// Returns a name of a field of devices that an object has twice, with different values.
fn repeated_name<'p>(properties: &'p [(String, &RawValue)]) -> Option<&'p str> {
    let is_repeated = |(index, (name, value)): (usize, &(String, &RawValue))| {
        let is_other = |(other, other_value): &(String, &RawValue)| {
            other == name && other_value.get() != value.get()
        };
        properties[..index].iter().any(is_other)
            && Column::recognize(name.as_bytes()).field().is_some()
    };
    let index = properties.iter().enumerate().position(is_repeated)?;
    Some(&properties[index].0)
}

fn is_empty_list(json: &str) -> bool {
    json.strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .is_some_and(|rest| rest.trim().is_empty())
}

fn is_number(json: &str) -> bool {
    json.starts_with(|first: char| first.is_ascii_digit() || first == '-')
}

/// Returns the text of a value. Objects and long arrays become what PowerShell makes of them in a string, which is
/// reported as damage.
fn text_of(json: &str) -> Cow<'_, str> {
    match json.as_bytes().first() {
        Some(b'"') => serde_json::from_str::<String>(json).unwrap_or_default().into(),
        Some(b'[') => match &serde_json::from_str::<Vec<&RawValue>>(json).unwrap_or_default()[..] {
            [] => "".into(),
            [only] if !only.get().starts_with(['[', '{']) => {
                text_of(only.get()).into_owned().into()
            }
            _ => "System.Object[]".into(),
        },
        Some(b'{') => {
            let Object(properties) = serde_json::from_str(json).unwrap_or_default();
            let inner = properties.iter().map(|(name, value)| {
                let is_scalar = !value.get().starts_with(['[', '{']);
                let text = if is_scalar { text_of(value.get()) } else { "System.Object".into() };
                format!("{name}={text}")
            });
            format!("@{{{}}}", inner.collect::<Vec<_>>().join("; ")).into()
        }
        _ if json == "null" => "".into(),
        _ => json.into(),
    }
}

/// The properties of an object, in the order of the text.
#[derive(Default)]
struct Object<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Properties;

        impl<'de> Visitor<'de> for Properties {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut properties = Vec::new();
                while let Some(property) = map.next_entry()? {
                    properties.push(property);
                }
                Ok(Object(properties))
            }
        }

        deserializer.deserialize_map(Properties)
    }
}

#[cfg(test)]
mod tests {
    use super::super::named_table::tests::describe;
    use super::*;

    /// Returns the rows, or the message.
    fn rows(text: &str) -> Vec<String> {
        match read(text) {
            Ok(Devices { records, has_next_page }) => {
                let mut lines = describe(records);
                lines.extend(has_next_page.then(|| "more".to_owned()));
                lines
            }
            Err(refusal) => vec![refusal.into_finding(&"f".into()).to_string()],
        }
    }

    #[test]
    fn devices_are_found_in_every_place() {
        for (text, expected) in [
            (r#"{"SerialNumber": "S1", "Make": null}"#, vec!["1: SerialNumber|Make", "1: S1"]),
            (
                "\n[\n {\"serial\": \"S1\"},\n {\"serial\": \"S2\"}\n]",
                vec!["3: serial", "3: S1", "4: S2"],
            ),
            (r#"[{"serial":"S1"},{"serial":"S2"}]"#, vec!["1: serial", "1: S1", "2: S2"]),
            ("{\"serial\":\"S1\"}\n{\"serial\":\"S2\"}\n", vec!["1: serial", "1: S1", "2: S2"]),
            (
                "{\"@odata.context\":\"x\",\n\"value\":[{\"@odata.type\":\"y\",\n\"id\":\"1\",\"hardwareIdentifier\":\"T0E=\"}]}",
                vec!["2: id|hardwareIdentifier", "2: 1|T0E="],
            ),
            (
                r#"[{"serial":"S1"},{"make":"M"},{"serial":null,"x":1},{},7,{"y":{"serial":"S2"}}]"#,
                vec!["1: serial|make|x", "1: S1", "2: |M", "3: ||#1", "4: S2"],
            ),
            (r#"{"serial":"","devices":[{"serial":"S1"}]}"#, vec!["1: serial", "1: S1"]),
            (r#"{"devices":{"first":{"serial":"S1"}}}"#, vec!["1: serial", "1: S1"]),
            (
                r#"[{"value":[{"serial":"S1"}],"@odata.nextLink":"https://x"},{"value":[]}]"#,
                vec!["1: serial", "1: S1"],
            ),
            (
                r#"{"value":[{"serial":"S1"}],"@odata.nextLink":"https://x"}"#,
                vec!["1: serial", "1: S1", "more"],
            ),
        ] {
            assert_eq!(rows(text), expected, "{text}");
        }
    }

    #[test]
    fn values_become_the_text_of_cells() {
        for (value, expected) in [
            (r#""a\u0041\n""#, "aA\n"),
            ("\"\"", ""),
            ("null", ""),
            ("true", "true"),
            ("0012", "error"),
            ("12345678901234567890", "#12345678901234567890"),
            ("1.5E+3", "#1.5E+3"),
            ("[]", ""),
            ("[\"S1\"]", "S1"),
            ("[\"S1\",\"S2\"]", "System.Object[]"),
            ("[[1]]", "System.Object[]"),
            (r#"{"SerialNumber":"S1","x":[1]}"#, "@{SerialNumber=S1; x=System.Object}"),
        ] {
            let rows = rows(&format!(r#"{{"Make":{value},"serial":"X"}}"#));
            let cell = match &rows[..] {
                [_, row] => row.strip_prefix("1: ").unwrap().strip_suffix("|X").unwrap(),
                _ => "error",
            };
            assert_eq!(cell, expected, "{value}");
        }
    }

    #[test]
    fn other_json_is_refused_in_one_sentence() {
        let none = "f: error: the file is JSON without the serial number, product key or hardware hash of a device";
        for (text, expected) in [
            ("{}", format!("{none} [json]")),
            ("[\"S1\"]", format!("{none} [json]")),
            ("[ ]", "f: error: the file is JSON with an empty list [empty-file]".to_owned()),
            (
                r#"{"@odata.context":"https://x","value":[]}"#,
                "f: error: the file is JSON with an empty list [empty-file]".to_owned(),
            ),
            (
                r#"{"error":{"code":"InvalidAuthenticationToken"}}"#,
                "f: error: the file is JSON with the error of a service instead of devices [json]".to_owned(),
            ),
            (
                "[\n{\"serial\":\"S1\",\"serial\":\"S2\"}]",
                "f:2: error: an object has the property \"serial\" twice, with different values [ambiguous-column]".to_owned(),
            ),
            (
                r#"{"properties":{"serialNumber":{"type":"string"}}}"#,
                format!("{none}; its first properties are \"properties\" [json]"),
            ),
            (
                r#"{"a\u001bz":1,"b":{"c":2}}"#,
                format!("{none}; its first properties are \"a z\", \"b\" [json]"),
            ),
            (
                "{\"serial\":\n\"S1\"",
                "f:2: error: the file is JSON, but it is damaged or incomplete in this line [damaged-file]".to_owned(),
            ),
        ] {
            assert_eq!(rows(text), [expected], "{text}");
        }
        let deep = format!("{}{{\"serial\":1}}{}", "[".repeat(9), "]".repeat(9));
        assert_eq!(rows(&deep), [format!("{none} [json]")]);
    }
}
