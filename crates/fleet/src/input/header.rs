//! Which column is what, and what stands between the columns. Decides the names that a column goes by, which line
//! is the header, and which lines are none of a table.

use std::sync::Arc;

use csv::ByteRecord;
use encoding_rs::WINDOWS_1252;

use super::cell::{is_hidden, trim};
use crate::check::finding::Finding;
use crate::check::rule::Rule;

/// What a known column holds. The order is that of [`Header`]'s arrays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    SerialNumber,
    ProductKey,
    HardwareHash,
    Manufacturer,
    Model,
}

impl Field {
    pub(super) const ALL: [Self; 5] =
        [Self::SerialNumber, Self::ProductKey, Self::HardwareHash, Self::Manufacturer, Self::Model];

    /// The name in Partner Center's layout.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::SerialNumber => "Device Serial Number",
            Self::ProductKey => "Windows Product ID",
            Self::HardwareHash => "Hardware Hash",
            Self::Manufacturer => "Manufacturer name",
            Self::Model => "Device model",
        }
    }

    /// The names it goes by, letters and digits only: those of Partner Center, Intune, Get-WindowsAutopilotInfo,
    /// OA3Tool, WMI and the label on the box.
    fn aliases(self) -> &'static [&'static str] {
        match self {
            Self::SerialNumber => {
                &["deviceserialnumber", "serialnumber", "serial", "serialno", "servicetag"]
            }
            Self::ProductKey => &[
                "windowsproductid",
                "productid",
                "productkey",
                "windowsproductkey",
                "productkeyid",
                "productkeyidpkid",
                "pkid",
            ],
            Self::HardwareHash => &[
                "hardwarehash",
                "devicehardwarehash",
                "hash",
                "hardwareidentifier",
                "devicehardwaredata",
                "4khardwarehash",
                "4khh",
            ],
            Self::Manufacturer => &[
                "manufacturername",
                "manufacturer",
                "oemmanufacturername",
                "oemname",
                "systemmanufacturer",
                "make",
            ],
            Self::Model => &["devicemodel", "model", "modelname", "systemmodel"],
        }
    }
}

/// By which a caller may choose a customer, the surest first.
const CUSTOMER: [&str; 6] =
    ["customertenantid", "tenantid", "microsoftid", "customerid", "customer", "customername"];

/// By which a caller may choose a batch, the surest first.
const GROUP_TAG: [&str; 6] = ["grouptag", "ordertag", "orderid", "batchname", "batchid", "batch"];

/// By which a registered device may be found, the surest first. `Id` alone makes no header: other tables have one.
const DEVICE_ID: [&str; 2] = ["deviceid", "id"];

/// Whom a device is for.
const ASSIGNED_USER: [&str; 5] =
    ["assigneduser", "assigneduserupn", "user", "userprincipalname", "upn"];

/// What a header's name stands for. A number says how sure the name is, 0 the surest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Known(Field),
    Customer(usize),
    GroupTag(usize),
    DeviceId(usize),
    AssignedUser,
    /// Without a name: mostly separators at the end of each line.
    Nameless,
    Other,
}

/// Reads a header's name without regard to case, blanks and punctuation. Every row is asked whether it is a header
/// again, so nothing is allocated here.
fn column(name: &[u8]) -> Column {
    let mut letters = [0; 24];
    let mut length = 0;
    for &byte in name {
        if byte.is_ascii_alphanumeric() {
            let Some(place) = letters.get_mut(length) else { return Column::Other };
            *place = byte.to_ascii_lowercase();
            length += 1;
        } else if byte >= 0x80 && !is_punctuation(name) {
            return Column::Other;
        }
    }
    let name = &letters[..length];
    let place = |names: &[&str]| names.iter().position(|other| other.as_bytes() == name);
    if name.is_empty() {
        Column::Nameless
    } else if let Some(field) =
        Field::ALL.into_iter().find(|field| place(field.aliases()).is_some())
    {
        Column::Known(field)
    } else if let Some(rank) = place(&CUSTOMER) {
        Column::Customer(rank)
    } else if let Some(rank) = place(&GROUP_TAG) {
        Column::GroupTag(rank)
    } else if let Some(rank) = place(&DEVICE_ID) {
        Column::DeviceId(rank)
    } else if place(&ASSIGNED_USER).is_some() {
        Column::AssignedUser
    } else {
        Column::Other
    }
}

/// Whether all that is not ASCII in a name is no letter: typographic quotes, blanks without a break, …
fn is_punctuation(name: &[u8]) -> bool {
    !String::from_utf8_lossy(name)
        .chars()
        .any(|c| !c.is_ascii() && (c.is_alphanumeric() || c == char::REPLACEMENT_CHARACTER))
}

/// Where a column stands, and how the file spells its name, fit for a message.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) at: usize,
    pub(super) name: Box<str>,
}

/// Which cell of a record is what.
#[derive(Debug, Default)]
pub(super) struct Header {
    /// The place of each [`Field`].
    pub(super) places: [Option<Place>; 5],
    pub(super) customer: Option<Place>,
    pub(super) group_tag: Option<Place>,
    pub(super) device_id: Option<Place>,
    /// For each column whether it may hold a value. One without a name may not: a comma within a value moves
    /// those behind it to the right, and there they would end. Before the first known column nothing moves.
    pub(super) holds: Vec<bool>,
    /// The last column with a name.
    pub(super) last: usize,
}

impl Header {
    /// The columns of a header in this line, and what is to be said of them.
    pub(super) fn read(record: &ByteRecord, line: u64, source: &Arc<str>) -> (Self, Vec<Finding>) {
        let mut header = Self::default();
        let mut findings = Vec::new();
        let (mut customer, mut group_tag, mut device_id) = (usize::MAX, usize::MAX, usize::MAX);
        for (at, name) in record.iter().enumerate() {
            let shown = shorten(name);
            let mut find = |rule, message| {
                findings.push(Finding::new(source, Some(line), rule, message).in_column(&shown));
            };
            let column = column(name);
            let nameless = column == Column::Nameless;
            header.holds.push(!nameless || header.places.iter().all(Option::is_none));
            if !nameless {
                header.last = at;
            }
            let place = || Some(Place { at, name: shown.as_str().into() });
            match column {
                Column::Known(field) if header.places[field as usize].is_none() => {
                    header.places[field as usize] = place();
                }
                Column::Known(field) => find(
                    Rule::RepeatedColumn,
                    format!(
                        "the column \"{shown}\" is a second one for \"{}\"; it is not used",
                        field.name()
                    ),
                ),
                Column::Customer(rank) => {
                    if rank < customer {
                        (customer, header.customer) = (rank, place());
                    }
                    find(
                        Rule::CustomerColumn,
                        format!("the column \"{shown}\" is not sent; rows can be routed by it"),
                    );
                }
                Column::GroupTag(rank) => {
                    if rank < group_tag {
                        (group_tag, header.group_tag) = (rank, place());
                    }
                    find(
                        Rule::GroupTagColumn,
                        format!("the column \"{shown}\" is not sent; rows can be routed by it"),
                    );
                }
                Column::DeviceId(rank) => {
                    if rank < device_id {
                        (device_id, header.device_id) = (rank, place());
                    }
                    find(
                        Rule::DeviceIdColumn,
                        format!(
                            "the column \"{shown}\" is not sent; registered devices are found by it"
                        ),
                    );
                }
                Column::AssignedUser => find(
                    Rule::AssignedUserColumn,
                    format!("the column \"{shown}\" is ignored, and its values are shown nowhere"),
                ),
                Column::Nameless => {}
                Column::Other => {
                    find(Rule::IgnoredColumn, format!("the column \"{shown}\" is ignored"));
                }
            }
        }
        (header, findings)
    }

    /// How the file spells this column's name.
    pub(super) fn name(&self, field: Field) -> &str {
        self.places[field as usize].as_ref().map_or(field.name(), |place| &place.name)
    }

    /// Every column that is read.
    pub(super) fn read_places(&self) -> impl Iterator<Item = &Place> {
        let beside = [&self.customer, &self.group_tag, &self.device_id];
        self.places.iter().flatten().chain(beside.into_iter().flatten())
    }

    /// Whether both have the same columns in the same places.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let places = |header: &Self| -> Vec<Option<usize>> {
            let beside = [&header.customer, &header.group_tag, &header.device_id];
            let places = header.places.iter().chain(beside);
            places.map(|place| Some(place.as_ref()?.at)).collect()
        };
        self.holds == other.holds && places(self) == places(other)
    }
}

/// Whether a column's name makes a header of its line.
fn is_known(column: Column) -> bool {
    matches!(column, Column::Known(_) | Column::DeviceId(0))
}

/// How many cells of a record are names of known columns.
pub(super) fn known(record: &ByteRecord) -> usize {
    record.iter().filter(|cell| is_known(column(cell))).count()
}

/// Whether a record below the header is a header again, of this table or of another one that follows it.
pub(super) fn is_again(record: &ByteRecord) -> bool {
    let mut filled = record.iter().map(trim).filter(|cell| !cell.is_empty());
    let Some(first) = filled.next() else { return false };
    // Most rows are told here: a serial number has a digit, a hash is long, and names are neither.
    let is_name =
        first.len() <= 40 && (!first.iter().any(u8::is_ascii_digit) || is_known(column(first)));
    if !is_name {
        return false;
    }
    let is_identity = |cell: &[u8]| {
        use Field::{HardwareHash, ProductKey, SerialNumber};
        matches!(
            column(cell),
            Column::Known(SerialNumber | ProductKey | HardwareHash) | Column::DeviceId(0)
        )
    };
    let enough = if filled.next().is_none() { 1 } else { 2 };
    known(record) >= enough && record.iter().any(is_identity)
}

/// How many filled lines the header may come after: titles, `sep=;`, `#TYPE …`.
pub(super) const TITLES: usize = 10;

/// What may stand between columns. The first wins where two are as good.
pub(super) const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// What a separator is called.
pub(super) fn called(separator: u8) -> &'static str {
    match separator {
        b',' => "commas",
        b';' => "semicolons",
        b'\t' => "tabs",
        _ => "vertical bars",
    }
}

/// What the first lines say of the separator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) separator: u8,
    /// The header was among the lines.
    pub(super) is_sure: bool,
}

/// The separator of a table: that which makes the most known names of the header; if two do, that of a line
/// `sep=;` before it, as Excel takes it. The header is the first line with a known name, or one of the next with two.
pub(super) fn layout(start: &[u8], is_all: bool) -> Layout {
    let mut asked = None;
    let mut lines = start.split(|byte| matches!(byte, b'\r' | b'\n')).peekable();
    let mut filled = 0;
    while let Some(line) = lines.next() {
        let line = trim(line);
        if lines.peek().is_none() && !is_all {
            break; // it may go on
        }
        if line.is_empty() || line.starts_with(b"#TYPE") {
            continue;
        }
        if let Some(separator) = separator_line(line) {
            asked = Some(separator);
            continue;
        }
        filled += 1;
        let names = |separator: &u8| {
            let cells = line.split(|byte| byte == separator);
            cells.filter(|cell| matches!(column(cell), Column::Known(_))).count()
        };
        let order = asked.into_iter().chain(SEPARATORS);
        // The last of equals is the greatest.
        let best = order.rev().max_by_key(names).unwrap_or(b',');
        if names(&best) > usize::from(filled > 1) {
            return Layout { separator: best, is_sure: true };
        }
        if filled > TITLES {
            return Layout { separator: b',', is_sure: true };
        }
    }
    Layout { separator: b',', is_sure: false }
}

/// What a line `sep=;` asks for.
fn separator_line(line: &[u8]) -> Option<u8> {
    let line = line.strip_prefix(b"\"").unwrap_or(line);
    let (start, rest) = line.split_at_checked(4)?;
    let separator = rest.first().copied().unwrap_or(b'\t'); // a tab was trimmed
    (start.eq_ignore_ascii_case(b"sep=") && SEPARATORS.contains(&separator)).then_some(separator)
}

/// What a record is that no table of devices has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extra {
    /// `sep=;`, which is for Excel.
    Separator,
    /// Something else, as it is called in a message.
    Line(&'static str),
}

/// Words that a line with a sum begins with.
const SUMS: [&str; 8] =
    ["total", "grand total", "sum", "count", "row count", "rows", "gesamt", "anzahl"];

/// Whether a record is one that tools put above, between or below the rows. None of them could be a device: a
/// device has a hardware hash, a product key or three cells.
pub(super) fn extra(record: &ByteRecord) -> Option<Extra> {
    let mut cells = record.iter().map(trim).filter(|cell| !cell.is_empty());
    let first = cells.next()?;
    if first.len() > 200 {
        return None;
    }
    if first.starts_with(b"#TYPE ") {
        return Some(Extra::Line("the type that Export-Csv names"));
    }
    if first.first().is_some_and(|byte| matches!(byte, b'-' | b'=' | b'+')) {
        let is_rule = |cell: &[u8]| {
            cell.len() > 1 && cell.iter().all(|byte| matches!(byte, b'-' | b'=' | b'+' | b'|'))
        };
        if is_rule(first) && cells.clone().all(is_rule) {
            return Some(Extra::Line("a ruler"));
        }
    }
    let second = cells.next();
    if cells.next().is_some() {
        return None;
    }
    let is_number = |cell: &[u8]| {
        !cell.is_empty()
            && cell.len() < 10
            && cell.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b' '))
    };
    if second.is_none() {
        if separator_line(first).is_some() {
            return Some(Extra::Separator);
        }
        if first.starts_with(b"Completion time: ") {
            return Some(Extra::Line("the time at which a query ended"));
        }
        // "(40 rows affected)"
        let inner = first.strip_prefix(b"(").and_then(|rest| rest.strip_suffix(b")"));
        if inner.is_some_and(|inner| {
            inner.first().is_some_and(u8::is_ascii_digit) && inner.contains(&b' ')
        }) {
            return Some(Extra::Line("a number of rows"));
        }
    }
    if second.is_some_and(|second| !is_number(second)) {
        return None;
    }
    let text = String::from_utf8_lossy(first).to_lowercase();
    let ends = |rest: &&str| rest.is_empty() || rest.starts_with([':', ' ', '=']);
    let rest = SUMS.iter().filter_map(|word| text.strip_prefix(word)).find(ends)?;
    let has_digit = |text: &str| text.contains(|c: char| c.is_ascii_digit());
    let is_sum = match (second, rest.rsplit_once([':', ' ', '='])) {
        (Some(_), _) => !has_digit(rest),
        (None, Some((words, number))) => is_number(number.as_bytes()) && !has_digit(words),
        (None, None) => false,
    };
    is_sum.then_some(Extra::Line("a sum"))
}

/// Whether a record above the header may be passed over: it has one filled cell, or two that stand first, and
/// neither a hash nor a product key among them.
pub(super) fn is_title(record: &ByteRecord) -> bool {
    let filled = || record.iter().map(trim).enumerate().filter(|(_, cell)| !cell.is_empty());
    let is_key = |cell: &[u8]| cell.len() > 9 && cell.iter().all(u8::is_ascii_digit);
    filled().all(|(_, cell)| cell.len() <= 200 && !is_key(cell))
        && (filled().count() == 1 || filled().all(|(at, _)| at < 2))
}

/// What to say of a file whose first line names nothing that is known.
pub(super) fn unknown(record: &ByteRecord) -> String {
    let is_hash = |cell: &[u8]| {
        cell.len() > 500
            && cell.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(byte))
    };
    let first: Vec<_> =
        record.iter().take(5).map(|name| format!("\"{}\"", shorten(name))).collect();
    let first = first.join(", ");
    if record.iter().map(trim).any(is_hash) {
        format!("the first line is a device, and no line names the columns: {first}")
    } else {
        format!("the first line names no column that is known: {first}")
    }
}

/// A name fit for a message. A file without header has values in its place, hardware hashes among them.
fn shorten(name: &[u8]) -> String {
    let name = match std::str::from_utf8(name) {
        Ok(name) => name.into(),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(name).0,
    };
    let around = |c: char| c.is_whitespace() || matches!(c, '"' | '“' | '”' | '„' | '\u{FEFF}');
    let name = name.trim_matches(around).replace(is_hidden, " ");
    match name.char_indices().nth(30) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_says_what_stands_between_columns() {
        for (start, separator) in [
            ("Serial,Hash\n", b','),
            ("Serial;Hash\n", b';'),
            ("Serial\tHash\n", b'\t'),
            ("Serial|Hash\n", b'|'),
            ("Serial\n", b','),
            ("sep=;\nSerial\n", b';'),
            ("\"sep=;\"\r\nSerial\r\n", b';'),
            // Excel would break such a file; the header is surer.
            ("sep=;\nSerial,Hash\n", b','),
            ("\"Serial\";\"Hash, whole\";\"Make\"\n", b';'),
            ("Devices, ordered; by us\n\nSerial;Hash\n", b';'),
            ("#TYPE Selected.X\r\n\"Serial\";\"Hash\"\r\n", b';'),
        ] {
            assert_eq!(
                layout(start.as_bytes(), false),
                Layout { separator, is_sure: true },
                "{start:?}"
            );
        }
        for start in ["", "\n\n", "Serial;Hash", "a\nb\nc\n", "Title\nModel\n"] {
            assert!(!layout(start.as_bytes(), false).is_sure, "{start:?}");
        }
        assert_eq!(layout(b"Serial;Hash", true), Layout { separator: b';', is_sure: true });
    }

    #[test]
    fn lines_of_tools_are_told_from_devices() {
        let extra = |line: &str| extra(&line.split(',').collect());
        for line in [
            "Total: 40",
            "TOTAL,40",
            "Total,,,,40",
            "Total devices: 40",
            "Grand Total 1.024",
            "(40 rows affected)",
            "(1 row)",
            "(40 Zeilen betroffen)",
            "-----,----,------",
            "----+-----",
            "#TYPE Selected.System.Management.Automation.PSCustomObject",
            "Completion time: 2024-03-01T10:00:00.0000000+01:00",
        ] {
            assert!(matches!(extra(line), Some(Extra::Line(_))), "{line}");
        }
        assert_eq!(extra("sep=;"), Some(Extra::Separator));
        assert_eq!(extra("sep=,"), Some(Extra::Separator));
        for line in [
            "",
            "S1",
            "Total",
            "TOTALLY-1",
            "TOTAL40",
            "Total,3305000000001",
            "Total,,T0E=",
            "Total,,,Dell,X",
            "-,-,-",
            "--,,T0E=",
            "(S1)",
            "sep=x",
            "Sum,,,M,N",
        ] {
            assert_eq!(extra(line), None, "{line}");
        }
    }
}
