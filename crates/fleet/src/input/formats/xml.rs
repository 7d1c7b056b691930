//! Devices in XML: the report of OA3Tool, and objects as Export-Clixml and ConvertTo-Xml write them.
//!
//! Each element with the serial number, product key or hardware hash of a device in its child elements or attributes is a
//! row. Names are recognized like column names.
//!
//! The report of OA3Tool is `<Key><HardwareHash>…</HardwareHash></Key>`
//! (<https://learn.microsoft.com/windows-hardware/manufacture/desktop/oa3-using-on-factory-floor>). Its `ProductKey` is a
//! license key, which is a secret, so it is never read. `ProductKeyID` is the PKID.

use std::borrow::Cow;
use std::collections::HashSet;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::named_table::{NamedTable, NamedValue};
use crate::check::rule::Rule;
use crate::input::columns::display_name;
use crate::input::field::{Column, Field};
use crate::input::limits::{MAX_DEPTH, MAX_ROWS};
use crate::input::memory_records::MemoryRecords;
use crate::input::refusal::Refusal;

/// The elements of PowerShell whose value has the name of the attribute `Name` or `N`
/// (<https://learn.microsoft.com/openspecs/windows_protocols/ms-psrp>).
const LABELED: [&str; 18] = [
    "Property", "S", "C", "B", "By", "SB", "U16", "I16", "U32", "I32", "U64", "I64", "Sg", "Db",
    "D", "DT", "G", "Nil",
];

/// Reads the devices in an XML text.
pub(crate) fn read(text: &str) -> Result<MemoryRecords, Refusal> {
    if is_web_page(text) {
        return Err(Refusal::new(Rule::WebPage, "the file is a web page (HTML)"));
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut search = Search::default();
    let mut position = (0, 1);
    loop {
        let event = reader.read_event();
        let end = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX).min(text.len());
        let line = position.1;
        let newlines = text.as_bytes().get(position.0..end).unwrap_or_default();
        let newlines = newlines.iter().filter(|byte| **byte == b'\n').count();
        position = (end, line + newlines as u32); // the text has fewer than 2^32 bytes
        let damaged = || damaged(position.1);
        match event.map_err(|_| damaged())? {
            // A tag has its own line, without the text before it.
            Event::Start(start) => search.start(&start, position.1).ok_or_else(damaged)??,
            Event::End(_) => search.end()?,
            Event::Text(text) => search.text(&text.xml10_content()),
            Event::CData(text) => search.text(&text.xml10_content()),
            Event::GeneralRef(entity) => search.text(&resolve(&entity).ok_or_else(damaged)?),
            Event::Eof if search.open.is_empty() => break,
            Event::Eof => return Err(damaged()),
            _ => {}
        }
    }
    let root = search.root.take().unwrap_or_default();
    let table = search.devices()?;
    if table.is_empty() {
        let message = format!(
            "the file is XML ({root}) without the serial number, product key or hardware hash of a device"
        );
        return Err(Refusal::new(Rule::Xml, message));
    }
    Ok(table.finish())
}

fn damaged(line: u32) -> Refusal {
    let message = "the file is XML, but it is damaged or incomplete in this line";
    Refusal::new(Rule::DamagedFile, message).at_line(line.into())
}

/// Returns true if the text is HTML, which is rarely well-formed XML.
fn is_web_page(text: &str) -> bool {
    const TAGS: [&str; 9] =
        ["!doctype html", "html", "head", "body", "table", "div", "meta", "style", "script"];
    let mut text = text;
    // Declarations and comments may come first.
    while let Some(rest) = text.trim_start_matches('\u{FEFF}').trim_start().strip_prefix('<') {
        let is_tag = |tag: &&str| {
            let name = rest.get(..tag.len());
            let is_end = |c: char| c.is_whitespace() || matches!(c, '>' | '/');
            name.is_some_and(|name| name.eq_ignore_ascii_case(tag))
                && rest[tag.len()..].starts_with(is_end)
        };
        if TAGS.iter().any(is_tag) {
            return true;
        }
        let end = if rest.starts_with("!--") { "-->" } else { ">" };
        if !rest.starts_with(['?', '!']) {
            return false;
        }
        let Some((_, after)) = rest.split_once(end) else { return false };
        text = after;
    }
    false
}

/// Returns the text of a reference such as `&amp;`; `None` if it is not known.
fn resolve(entity: &BytesRef<'_>) -> Option<String> {
    if let Ok(Some(character)) = entity.resolve_char_ref() {
        return Some(character.to_string());
    }
    resolve_predefined_entity(&entity.xml10_content()).map(str::to_owned)
}

/// An element whose end was not read yet.
struct Element {
    name: String,
    /// The name of the value in it.
    label: String,
    line: u32,
    text: String,
    attributes: Vec<(String, String)>,
    children: Vec<(String, String)>,
    has_children: bool,
}

#[derive(Default)]
struct Search {
    open: Vec<Element>,
    /// The closed elements that have values.
    closed: Vec<Closed>,
    /// The name of the outermost element, for a message.
    root: Option<String>,
}

impl Search {
    /// Opens an element. Returns `None` if it is damaged.
    fn start(&mut self, start: &BytesStart<'_>, line: u32) -> Option<Result<(), Refusal>> {
        let name = start.local_name().as_ref().to_owned();
        let mut label = name.clone();
        let (mut attributes, mut namespaces) = (Vec::new(), Vec::new());
        for attribute in start.attributes() {
            let attribute = attribute.ok()?;
            let key = attribute.key.local_name().as_ref().to_owned();
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned();
            if matches!(key.as_str(), "Name" | "N") && LABELED.contains(&name.as_str()) {
                label.clone_from(&value);
            }
            if attribute.key.as_ref().starts_with("xmlns") {
                namespaces.push(value);
            } else {
                attributes.push((key, value));
            }
        }
        if self.open.is_empty() && self.root.is_none() {
            self.root = Some(format!("<{}>", display_name(name.as_bytes())));
            if let Some(refusal) = known_document(&name, &namespaces) {
                return Some(Err(refusal));
            }
        }
        if self.open.len() == MAX_DEPTH {
            let message =
                format!("the file is XML with more than {MAX_DEPTH} elements inside each other");
            return Some(Err(Refusal::new(Rule::TooLarge, message).at_line(line.into())));
        }
        if let Some(parent) = self.open.last_mut() {
            parent.has_children = true;
        }
        let (text, children) = (String::new(), Vec::new());
        self.open.push(Element {
            name,
            label,
            line,
            text,
            attributes,
            children,
            has_children: false,
        });
        Some(Ok(()))
    }

    fn text(&mut self, text: &str) {
        if let Some(element) = self.open.last_mut() {
            element.text.push_str(text);
        }
    }

    /// Closes the innermost element.
    fn end(&mut self) -> Result<(), Refusal> {
        let Some(element) = self.open.pop() else { return Ok(()) };
        let depth = self.open.len();
        let Element { name, label, line, text, attributes, mut children, has_children } = element;
        let is_labeled = LABELED.contains(&name.as_str());
        if !has_children && (is_labeled || attributes.is_empty() || !text.trim().is_empty()) {
            if let Some(parent) = self.open.last_mut() {
                parent.children.push((label, text));
            }
            return Ok(());
        }
        let mut values = attributes;
        values.append(&mut children);
        let is_report = name == "Key";
        values.retain(|(name, text)| {
            let is_secret = is_report && matches!(name.as_str(), "ProductKey" | "ProductKeyState");
            !is_secret && !text.trim().is_empty()
        });
        if self.closed.len() as u64 == u64::from(MAX_ROWS) {
            let message = format!("the file is XML with more than {MAX_ROWS} elements");
            return Err(Refusal::new(Rule::TooLarge, message).at_line(line.into()));
        }
        if !values.is_empty() {
            self.closed.push(Closed { kind: (name, depth), line, values });
        }
        Ok(())
    }

    /// Returns the devices. Each element with the name and the depth of a device is one, so that an incomplete one is
    /// reported.
    fn devices(self) -> Result<NamedTable, Refusal> {
        let devices = self.closed.iter().filter(|element| element.identifies_device());
        let kinds: HashSet<_> = devices.map(|device| device.kind.clone()).collect();
        let mut table = NamedTable::default();
        for device in self.closed.iter().filter(|element| kinds.contains(&element.kind)) {
            let values = device.values.iter().map(|(name, text)| NamedValue {
                name: Cow::Borrowed(name),
                text: Cow::Borrowed(text.trim()),
                is_number: false,
            });
            table.add(device.line, &values.collect::<Vec<_>>())?;
        }
        Ok(table)
    }
}

/// A closed element with the values of its attributes and children.
struct Closed {
    /// The name and the depth.
    kind: (String, usize),
    line: u32,
    values: Vec<(String, String)>,
}

impl Closed {
    fn identifies_device(&self) -> bool {
        use Field::{HardwareHash, ProductKey, SerialNumber};
        self.values.iter().any(|(name, _)| {
            matches!(
                Column::recognize(name.as_bytes()),
                Column::Field(SerialNumber | ProductKey | HardwareHash)
            )
        })
    }
}

/// Returns the reason to refuse a document whose outermost element reveals its format.
fn known_document(name: &str, namespaces: &[String]) -> Option<Refusal> {
    let has_namespace = |text: &str| namespaces.iter().any(|namespace| namespace.contains(text));
    match name {
        "Workbook" if has_namespace("office:spreadsheet") => {
            Some(Refusal::new(Rule::Workbook, "the file is an \"XML Spreadsheet 2003\" of Excel"))
        }
        "document" if has_namespace("opendocument") => {
            Some(Refusal::new(Rule::Workbook, "the file is an OpenDocument file in one XML"))
        }
        "HardwareReport" => {
            let message = "the file is a decoded hardware hash, as OA3Tool /DecodeHwHash shows it, not the hash itself";
            Some(Refusal::new(Rule::Xml, message))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::named_table::tests::describe;
    use super::*;

    /// Returns the rows, or the message.
    fn rows(text: &str) -> Vec<String> {
        match read(text) {
            Ok(records) => describe(records),
            Err(refusal) => vec![refusal.into_finding(&"f".into()).to_string()],
        }
    }

    #[test]
    fn elements_with_known_names_are_rows() {
        for (text, expected) in [
            (
                "<?xml version=\"1.0\"?>\n<Key>\n<ProductKey>W269N</ProductKey><HardwareHash>\nT0E=\n</HardwareHash></Key>",
                vec!["2: HardwareHash", "2: T0E="],
            ),
            (
                "<a>\n<d serial='S1' make='M &amp; &#65;'/>\n<d>\n<make>N</make></d><x make='O'/>\n</a>",
                vec!["2: serial|make", "2: S1|M & A", "3: |N"],
            ),
            (
                "<Objs><Obj>\n<S N=\"Serial\">S1</S><Nil N=\"Make\"/></Obj><Obj>\n<S N=\"Serial\">S2</S></Obj></Objs>",
                vec!["1: Serial", "1: S1", "2: S2"],
            ),
            (
                "<a><d><serial>S1</serial><serial>S2</serial></d></a>",
                vec!["1: serial|serial", "1: S1|S2"],
            ),
            (
                "<a><n:d xmlns:n='u'><n:serial><![CDATA[<1>]]></n:serial></n:d></a>",
                vec!["1: serial", "1: <1>"],
            ),
        ] {
            assert_eq!(rows(text), expected, "{text}");
        }
    }

    #[test]
    fn other_xml_is_refused_in_one_sentence() {
        let damaged =
            "error: the file is XML, but it is damaged or incomplete in this line [damaged-file]";
        let without = "without the serial number, product key or hardware hash of a device [xml]";
        let web_page = "f: error: the file is a web page (HTML) [web-page]";
        for (text, expected) in [
            ("<a>\n<serial>S1</a>", format!("f:2: {damaged}")),
            ("<a>\n<serial>S1</serial>", format!("f:2: {damaged}")),
            ("<a><serial>&unknown;</serial></a>", format!("f:1: {damaged}")),
            ("<a b>", format!("f:1: {damaged}")),
            ("<a\u{1b}b><c/></a\u{1b}b>", format!("f: error: the file is XML (<a b>) {without}")),
            ("<a><make>M</make></a>", format!("f: error: the file is XML (<a>) {without}")),
            ("<!-- x -->\n<!DOCTYPE html>\n<p>", web_page.to_owned()),
            ("<HTML lang=en>", web_page.to_owned()),
            ("<table>", web_page.to_owned()),
            (&"<a>".repeat(65), "f:1: error: the file is XML with more than 64 elements inside each other [too-large]".to_owned()),
        ] {
            assert_eq!(rows(text), [expected], "{text}");
        }
    }
}
