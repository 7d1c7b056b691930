//! Devices in XML: the report of OA3Tool, and objects as Export-Clixml and ConvertTo-Xml write them.
//!
//! Each element with the serial number, product key or hardware hash of a device in its child elements or attributes is a
//! row. Names are recognized like column names.
//!
//! The report of OA3Tool is `<Key><HardwareHash>…</HardwareHash></Key>`
//! (<https://learn.microsoft.com/windows-hardware/manufacture/desktop/oa3-using-on-factory-floor>). Its `ProductKey` is a
//! license key, which is a secret, so it is never read. `ProductKeyID` is the PKID.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::named_table::{NamedTable, NamedValue};
use crate::check::rule::Rule;
use crate::input::columns::display_name;
use crate::input::field::{Column, Field};
use crate::input::limits::MAX_DEPTH;
use crate::input::memory_records::MemoryRecords;
use crate::input::refusal::Refusal;

/// Reads the devices in an XML text.
pub(crate) fn read(text: &str) -> Result<MemoryRecords, Refusal> {
    if is_web_page(text) {
        return Err(Refusal::new(Rule::WebPage, "the file is a web page (HTML)"));
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut search = Search { table: NamedTable::default(), open: Vec::new(), root: None };
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
    if search.table.is_empty() {
        let root = search.root.unwrap_or_default();
        let message = format!(
            "the file is XML ({root}) without the serial number, product key or hardware hash of a device"
        );
        return Err(Refusal::new(Rule::Xml, message));
    }
    Ok(search.table.finish())
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
    /// The name of the value in it: that of the element, or the attribute `Name` or `N`.
    label: String,
    line: u32,
    text: String,
    attributes: Vec<(String, String)>,
    children: Vec<(String, String)>,
    has_children: bool,
}

struct Search {
    table: NamedTable,
    open: Vec<Element>,
    /// The name of the outermost element, for a message.
    root: Option<String>,
}

impl Search {
    /// Opens an element. Returns `None` if it is damaged.
    fn start(&mut self, start: &BytesStart<'_>, line: u32) -> Option<Result<(), Refusal>> {
        let name = start.local_name().as_ref().to_owned();
        let mut label = name.clone();
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.ok()?;
            let key = attribute.key.local_name().as_ref().to_owned();
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned();
            if matches!(key.as_str(), "Name" | "N") {
                label.clone_from(&value);
            }
            attributes.push((key, value));
        }
        if self.open.is_empty() && self.root.is_none() {
            self.root = Some(format!("<{}>", display_name(name.as_bytes())));
            if let Some(refusal) = known_document(&name, &attributes) {
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
        let mut values = element.attributes;
        values.extend(element.children);
        let values: Vec<_> = values
            .iter()
            .filter(|(name, _)| {
                element.name != "Key" || !matches!(name.as_str(), "ProductKey" | "ProductKeyState")
            })
            .map(|(name, text)| NamedValue {
                name: Cow::Borrowed(name),
                text: Cow::Borrowed(text.trim()),
                is_number: false,
            })
            .collect();
        if values.iter().any(|value| identifies_device(&value.name)) {
            self.table.add(element.line, &values)?;
        } else if !element.has_children
            && let Some(parent) = self.open.last_mut()
        {
            parent.children.push((element.label, element.text));
        }
        Ok(())
    }
}

/// Returns true if an element with this value is a device.
fn identifies_device(name: &str) -> bool {
    use Field::{HardwareHash, ProductKey, SerialNumber};
    matches!(
        Column::recognize(name.as_bytes()),
        Column::Field(SerialNumber | ProductKey | HardwareHash)
    )
}

/// Returns the reason to refuse a document whose outermost element reveals its format.
fn known_document(name: &str, attributes: &[(String, String)]) -> Option<Refusal> {
    let has_namespace = |text: &str| attributes.iter().any(|(_, value)| value.contains(text));
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
