//! Finds the header and maps its columns.

use std::sync::Arc;

use csv::ByteRecord;
use partner_center_devices::raw::is_product_key_id;

use super::cell::trim;
use super::columns::display_name;
use super::content::{Ambiguity, ColumnSample, Content, Guess, guess, looks_like_hash};
use super::empty_words::is_empty_word;
use super::field::{Column, Field};
use crate::check::finding::Finding;
use crate::check::rule::Rule;

/// The number of filled lines that may be above the header: titles, `sep=;`, `#TYPE …`.
pub(super) const MAX_TITLES: usize = 10;

/// The position of a column, and its name as the file spells it, formatted for a message.
#[derive(Clone, Debug)]
pub(super) struct ColumnPosition {
    pub(super) index: usize,
    pub(super) name: Box<str>,
}

/// A column whose values are not used.
#[derive(Clone, Debug)]
pub(super) struct IgnoredColumn {
    pub(super) position: ColumnPosition,
    /// The field that it may be, by its values in the first rows or by its name.
    may_be: Option<Field>,
}

/// The positions of the columns of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Header {
    /// The position of each [`Field`], in the order of [`Field::ALL`].
    pub(super) fields: [Option<ColumnPosition>; 5],
    pub(super) customer: Option<ColumnPosition>,
    pub(super) group_tag: Option<ColumnPosition>,
    pub(super) device_id: Option<ColumnPosition>,
    pub(super) operating_system: Option<ColumnPosition>,
    pub(super) ignored: Vec<IgnoredColumn>,
    /// The cells of the first column start with `#`, so that such a row is not commented out.
    pub(super) starts_with_signs: bool,
    /// The meaning of each name.
    meanings: Vec<Column>,
    /// True for each column that may contain a value. A column without a name may not, because a comma inside a value
    /// shifts the cells after it to the right. Columns to the left of the first known one are not affected by that.
    pub(super) may_have_value: Vec<bool>,
    /// The index of the last column with a name.
    pub(super) last_named: usize,
}

/// A name in a header.
struct Name {
    column: Column,
    /// The name in messages. A column without a name has its number.
    shown: String,
}

impl Name {
    fn read((index, name): (usize, &[u8])) -> Self {
        let column = Column::recognize(name);
        let shown = match column {
            Column::Nameless => format!("column {}", index + 1),
            _ => display_name(name),
        };
        Self { column, shown }
    }
}

impl Header {
    /// Maps the columns of a header by their names, and by the content of the rows in `sample`. Returns findings about
    /// columns that are not used as a field, or the error about columns that may be the same field.
    pub(super) fn read(
        record: &ByteRecord,
        sample: &[&ByteRecord],
        line: u64,
        source: &Arc<str>,
    ) -> Result<(Self, Vec<Finding>), Finding> {
        let mut names: Vec<Name> = record.iter().enumerate().map(Name::read).collect();
        name_system_product(&mut names);
        name_numbered(&mut names, record);
        let mut header = Self::by_name(&names);
        header.meanings = record.iter().map(Column::recognize).collect();
        let columns = header.sample(&names, sample);
        if header.has_names_of_values(&names, &columns) {
            let message =
                "the line has column names and a manufacturer or model of the rows below it";
            return Err(Finding::new(source, Some(line), Rule::HeaderWithDevice, message));
        }
        let guess = guess(&columns).map_err(|ambiguity| {
            let message = describe_ambiguity(&ambiguity, &names);
            Finding::new(source, Some(line), Rule::AmbiguousColumn, message)
        })?;
        let first = columns.first().filter(|_| header.is_ignored(0, names[0].column));
        header.starts_with_signs = first.is_some_and(|column| {
            !column.cells.is_empty() && column.cells.iter().all(|cell| cell.starts_with(b"#"))
        });
        let replaced = guess.and_then(|guess| header.use_guess(guess, &names));
        let mut findings = Vec::new();
        for (index, name) in names.iter().enumerate() {
            let content = columns[index].content();
            let found = match guess {
                Some(guess) if guess.index == index => Some(describe_guess(guess, name)),
                _ if replaced == Some(index) => Some((
                    Rule::RepeatedColumn,
                    format!(
                        "the column \"{}\" has no hardware hashes, but another column has; it is not used",
                        name.shown
                    ),
                )),
                _ => header.finding(index, name, content),
            };
            if let Some((rule, message)) = found {
                let finding = Finding::new(source, Some(line), rule, message);
                findings.push(finding.in_column(&name.shown));
            }
            if header.is_ignored(index, name.column) {
                let position = ColumnPosition { index, name: name.shown.as_str().into() };
                let may_be = content.map(Content::field).or(columns[index].suggested);
                header.ignored.push(IgnoredColumn { position, may_be });
            }
        }
        Ok((header, findings))
    }

    /// Maps the columns by their names. The first usual name of a field is used, or else the first loose one.
    fn by_name(names: &[Name]) -> Self {
        let meanings = names.iter().map(|name| name.column).collect();
        let mut header = Self { meanings, ..Self::default() };
        let find = |is: &dyn Fn(Column) -> bool| {
            let index = names.iter().position(|name| is(name.column))?;
            Some(ColumnPosition { index, name: names[index].shown.as_str().into() })
        };
        header.fields = Field::ALL.map(|field| {
            find(&|column| column == Column::Field(field))
                .or_else(|| find(&|column| column == Column::LooseField(field)))
        });
        let best = |rank: fn(Column) -> Option<usize>| {
            let best = names.iter().filter_map(|name| rank(name.column)).min()?;
            find(&|column| rank(column) == Some(best))
        };
        header.customer = best(|column| match column {
            Column::Customer(rank) => Some(rank),
            _ => None,
        });
        header.group_tag = best(|column| match column {
            Column::GroupTag(rank) => Some(rank),
            _ => None,
        });
        header.device_id = best(|column| match column {
            Column::DeviceId(rank) => Some(rank),
            _ => None,
        });
        header.operating_system = find(&|column| column == Column::OperatingSystem);
        let first_field = header.fields.iter().flatten().map(|column| column.index).min();
        for (index, name) in names.iter().enumerate() {
            let is_named = name.column != Column::Nameless;
            header.may_have_value.push(is_named || first_field.is_none_or(|first| index < first));
            if is_named {
                header.last_named = index;
            }
        }
        header
    }

    /// Returns the filled cells of each column in the first rows.
    fn sample<'a>(&self, names: &[Name], rows: &[&'a ByteRecord]) -> Vec<ColumnSample<'a>> {
        let is_nothing =
            |cell: &&[u8]| cell.is_empty() || std::str::from_utf8(cell).is_ok_and(is_empty_word);
        let sample = |(index, name): (usize, &Name)| {
            let field = Field::ALL.into_iter().find(|field| {
                self.fields[*field as usize].as_ref().is_some_and(|column| column.index == index)
            });
            let cells = rows.iter().filter_map(|row| row.get(index)).map(trim);
            ColumnSample {
                field,
                suggested: Field::suggested_by(&name.shown),
                is_unknown: matches!(name.column, Column::Other | Column::Nameless)
                    || field.is_none() && name.column.field().is_some(),
                cells: cells.filter(|cell| !is_nothing(cell)).collect(),
            }
        };
        names.iter().enumerate().map(sample).collect()
    }

    /// Returns true if a name without a meaning is a manufacturer or model of the rows.
    fn has_names_of_values(&self, names: &[Name], columns: &[ColumnSample<'_>]) -> bool {
        let is_name = |value: &&[u8]| {
            let is_same = |name: &Name| name.shown.as_bytes().eq_ignore_ascii_case(value);
            names.iter().any(|name| name.column == Column::Other && is_same(name))
        };
        let named = columns
            .iter()
            .filter(|column| matches!(column.field, Some(Field::Manufacturer | Field::Model)));
        named.flat_map(|column| &column.cells).any(is_name)
    }

    /// Uses a column as a field because of its content. Returns the index of the column that had the field.
    fn use_guess(&mut self, guess: Guess, names: &[Name]) -> Option<usize> {
        let Guess { field, index } = guess;
        for other in [
            &mut self.customer,
            &mut self.group_tag,
            &mut self.device_id,
            &mut self.operating_system,
        ] {
            other.take_if(|column| column.index == index);
        }
        self.may_have_value[index] = true;
        self.last_named = self.last_named.max(index);
        let name = names[index].shown.as_str().into();
        let replaced = self.fields[field as usize].replace(ColumnPosition { index, name });
        replaced.map(|column| column.index)
    }

    /// Returns the rule and message about a column that is not used as a field.
    fn finding(
        &self,
        index: usize,
        name: &Name,
        content: Option<Content>,
    ) -> Option<(Rule, String)> {
        let Name { column, shown } = name;
        let routes_rows = |what: &str| {
            format!(
                "the column \"{shown}\" is not sent; an upload can choose the {what} of each row by it"
            )
        };
        let has = |field: Field| self.fields[field as usize].is_some();
        let routing = match column {
            Column::Customer(_) => &self.customer,
            Column::GroupTag(_) => &self.group_tag,
            _ => &None,
        };
        if let Some(used) = routing.as_ref().filter(|used| used.index != index) {
            let message = format!("the column \"{shown}\" is ignored; \"{}\" is used", used.name);
            return Some((Rule::IgnoredColumn, message));
        }
        Some(match column {
            Column::Nameless | Column::Problem => return None,
            Column::Field(field) | Column::LooseField(field) => {
                let used = self.fields[*field as usize].as_ref()?;
                if used.index == index {
                    return None;
                }
                (
                    Rule::RepeatedColumn,
                    format!(
                        "the column \"{shown}\" is a second \"{}\"; it is not used",
                        field.name()
                    ),
                )
            }
            Column::Customer(_) => (Rule::CustomerColumn, routes_rows("customer")),
            Column::GroupTag(_) => (Rule::GroupTagColumn, routes_rows("batch")),
            Column::DeviceId(_) => (
                Rule::DeviceIdColumn,
                format!(
                    "the column \"{shown}\" is not sent; it is used to find registered devices"
                ),
            ),
            Column::AssignedUser => (
                Rule::AssignedUserColumn,
                format!("the column \"{shown}\" is ignored, and its values are never shown"),
            ),
            Column::OperatingSystem => (
                Rule::IgnoredColumn,
                format!(
                    "the column \"{shown}\" is not sent; rows with a system other than Windows get a warning"
                ),
            ),
            Column::Other => match content {
                Some(Content::HardwareHash) => (
                    Rule::RepeatedColumn,
                    format!("the column \"{shown}\" has hardware hashes too; it is not used"),
                ),
                Some(content) if !has(content.field()) => (
                    Rule::IgnoredColumn,
                    format!(
                        "the column \"{shown}\" is ignored; its values look like {}",
                        content.plural()
                    ),
                ),
                _ => (Rule::IgnoredColumn, format!("the column \"{shown}\" is ignored")),
            },
        })
    }

    /// Returns true if the values of a column are not used, although they may be values of a device.
    fn is_ignored(&self, index: usize, column: Column) -> bool {
        let is_used = self.used_columns().any(|used| used.index == index);
        !is_used && matches!(column, Column::Other | Column::Field(_) | Column::LooseField(_))
    }

    /// Describes the ignored columns that are likely to be one of the missing fields.
    pub(super) fn likely_column_hint(&self, missing: &[Field]) -> Option<String> {
        let may_be = |field: &Field| {
            let column = self.ignored.iter().find(|column| column.may_be == Some(*field))?;
            let name = &column.position.name;
            Some(format!("the ignored column \"{name}\" may be the \"{}\"", field.name()))
        };
        let hints: Vec<_> = missing.iter().filter_map(may_be).collect();
        (!hints.is_empty()).then(|| hints.join(", "))
    }

    /// Describes the ignored columns that may be one of the missing fields. Without such a column, lists the ignored ones.
    pub(super) fn ignored_hint(&self, missing: &[Field]) -> Option<String> {
        const MAX_NAMES: usize = 3;
        if let Some(hint) = self.likely_column_hint(missing) {
            return Some(hint);
        }
        let name = |column: &IgnoredColumn| format!("\"{}\"", column.position.name);
        let names: Vec<_> = self.ignored.iter().take(MAX_NAMES).map(name).collect();
        let more = self.ignored.len().saturating_sub(MAX_NAMES);
        match (&names[..], more) {
            ([], _) => None,
            ([one], _) => Some(format!("the column {one} is ignored")),
            (_, 0) => Some(format!("the columns {} are ignored", names.join(", "))),
            _ => Some(format!("the columns {} and {more} more are ignored", names.join(", "))),
        }
    }

    /// Finds the hardware hash of a row in an ignored column, if the hash column does not have it. This hash is first seen below
    /// the rows that the columns were recognized by.
    pub(super) fn find_ignored_hash(&self, record: &ByteRecord) -> Option<&ColumnPosition> {
        let has_hash =
            |column: &ColumnPosition| record.get(column.index).is_some_and(looks_like_hash);
        let found =
            self.ignored.iter().map(|column| &column.position).find(|column| has_hash(column))?;
        let hash = self.fields[Field::HardwareHash as usize].as_ref();
        (!hash.is_some_and(has_hash)).then_some(found)
    }

    /// Returns this header with a different hash column.
    pub(super) fn with_hash_column(&self, column: &ColumnPosition) -> Self {
        let mut header = self.clone();
        header.ignored.retain(|ignored| ignored.position.index != column.index);
        header.fields[Field::HardwareHash as usize] = Some(column.clone());
        header
    }

    /// Creates the header of a table without names, which has its fields in these columns.
    pub(super) fn of_fields(fields: &[Option<Field>]) -> Self {
        let name = |field: &Option<Field>| Name {
            column: field.map_or(Column::Nameless, Column::Field),
            shown: field.map_or_else(String::new, |field| field.name().to_owned()),
        };
        let mut header = Self::by_name(&fields.iter().map(name).collect::<Vec<_>>());
        header.may_have_value.fill(true);
        header
    }

    /// Creates the header of devices that do not come from a file: the fields in the order of [`Field::ALL`], then customer,
    /// group tag and device id.
    pub(super) fn of_devices() -> Self {
        let mut header = Self::of_fields(&Field::ALL.map(Some));
        let column = |index, name: &str| Some(ColumnPosition { index, name: name.into() });
        header.customer = column(Field::ALL.len(), "Customer ID");
        header.group_tag = column(Field::ALL.len() + 1, "Group Tag");
        header.device_id = column(Field::ALL.len() + 2, "Device ID");
        header
    }

    /// Returns the name of a field's column, as the file spells it.
    pub(super) fn name(&self, field: Field) -> &str {
        self.fields[field as usize].as_ref().map_or(field.name(), |column| &column.name)
    }

    /// Returns the names of the columns that are read, and empty names for the others.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names = vec![String::new(); self.width()];
        for column in self.used_columns() {
            names[column.index] = column.name.to_string();
        }
        names
    }

    /// Returns the number of columns.
    pub(super) fn width(&self) -> usize {
        self.may_have_value.len()
    }

    /// Returns every column that is read.
    pub(super) fn used_columns(&self) -> impl Iterator<Item = &ColumnPosition> {
        let others = [&self.customer, &self.group_tag, &self.device_id, &self.operating_system];
        self.fields.iter().flatten().chain(others.into_iter().flatten())
    }

    /// Returns true if the record has the names of this header, in the same positions.
    pub(super) fn has_same_names(record: &ByteRecord, header: &Self) -> bool {
        header.meanings.iter().copied().eq(record.iter().map(Column::recognize))
    }

    /// Returns true if a header has columns without a name or a known meaning, so that the rows below it are needed.
    pub(super) fn needs_sample(record: &ByteRecord) -> bool {
        let mut fields = [0; Field::ALL.len()];
        for name in record {
            match Column::recognize(name) {
                Column::Problem => {}
                column => match column.field() {
                    Some(field) => fields[field as usize] += 1,
                    None => return true,
                },
            }
        }
        fields.iter().any(|count| *count > 1)
    }
}

/// Names the model of `Win32_ComputerSystemProduct`, whose properties are `IdentifyingNumber`, `Name` and `Vendor`
/// (<https://learn.microsoft.com/windows/win32/cimwin32prov/win32-computersystemproduct>).
fn name_system_product(names: &mut [Name]) {
    let has = |text: &str| names.iter().any(|name| name.shown.eq_ignore_ascii_case(text));
    let has_model = names.iter().any(|name| name.column.field() == Some(Field::Model));
    if has("IdentifyingNumber") && has("Vendor") && !has_model {
        let model = names.iter_mut().find(|name| name.shown.eq_ignore_ascii_case("Name"));
        model.into_iter().for_each(|name| name.column = Column::Field(Field::Model));
    }
}

/// Names a field by a name with a number, such as `Serial Number 1`, if it is the only name of the field. Several numbers
/// may be several devices.
fn name_numbered(names: &mut [Name], record: &ByteRecord) {
    for field in Field::ALL {
        let mut numbered = record
            .iter()
            .enumerate()
            .filter(|(_, name)| Column::numbered_field(name) == Some(field));
        let (first, second) = (numbered.next(), numbered.next());
        let has_name = names.iter().any(|name| name.column.field() == Some(field));
        if let Some((index, _)) = first.filter(|_| second.is_none() && !has_name) {
            names[index].column = Column::LooseField(field);
        }
    }
}

/// Describes the columns that may be the same field.
fn describe_ambiguity(ambiguity: &Ambiguity, names: &[Name]) -> String {
    let Ambiguity { field, indexes } = ambiguity;
    let names: Vec<_> =
        indexes.iter().map(|index| format!("\"{}\"", names[*index].shown)).collect();
    format!("each of the columns {} may be the \"{}\"", names.join(", "), field.name())
}

fn describe_guess(guess: Guess, name: &Name) -> (Rule, String) {
    let field = guess.field.name();
    let values = match guess.field {
        Field::HardwareHash => "are hardware hashes",
        Field::ProductKey => "have 13 digits, as product keys have",
        _ => "look like serial numbers and no other column has any",
    };
    let shown = &name.shown;
    let column = match name.column {
        Column::Nameless => format!("{shown}, which has no name,"),
        _ => format!("the column \"{shown}\""),
    };
    let message = format!("{column} is read as \"{field}\", because its values {values}");
    (Rule::ColumnByContent, message)
}

/// Counts the cells of a record that are known column names. Two loose names count as one.
pub(super) fn count_known_names(record: &ByteRecord) -> usize {
    let (mut names, mut loose) = (0, 0);
    for column in record.iter().map(Column::recognize) {
        names += usize::from(column.identifies_header());
        loose += usize::from(matches!(column, Column::LooseField(_)));
    }
    names + if names > 0 { loose } else { loose / 2 }
}

/// Returns true if a record below the header is another header, of the same table or of one that follows it.
pub(super) fn is_another_header(record: &ByteRecord) -> bool {
    has_names_only(record) && count_labels(record).is_none()
}

fn has_names_only(record: &ByteRecord) -> bool {
    let mut filled = record.iter().map(trim).filter(|cell| !cell.is_empty());
    let Some(first) = filled.next() else { return false };
    // Rules out most rows: serial numbers have digits, hashes are long, and column names are neither.
    let may_be_name = first.len() <= 40
        && (!first.iter().any(u8::is_ascii_digit) || Column::recognize(first).identifies_header());
    if !may_be_name {
        return false;
    }
    let identifies_device = |cell: &[u8]| {
        use Field::{HardwareHash, ProductKey, SerialNumber};
        matches!(
            Column::recognize(cell),
            Column::Field(SerialNumber | ProductKey | HardwareHash)
                | Column::LooseField(SerialNumber | HardwareHash)
                | Column::DeviceId(0)
        )
    };
    // `${SerialNumber}` is a variable that a script did not replace, in a row of a device.
    let is_variable = |cell: &[u8]| matches!(trim(cell).first(), Some(b'$' | b'%' | b'{' | b'@'));
    let min_names = if filled.next().is_none() { 1 } else { 2 };
    count_known_names(record) >= min_names
        && record.iter().any(identifies_device)
        && !record.iter().any(is_variable)
}

/// Returns true for one filled cell among empty ones.
pub(super) fn is_single_value(record: &ByteRecord) -> bool {
    record.len() > 1 && record.iter().filter(|cell| !trim(cell).is_empty()).count() == 1
}

/// Returns true if a record above the header may have names for groups of columns: short texts without a digit.
pub(super) fn may_be_group_names(record: &ByteRecord) -> bool {
    record.iter().map(trim).all(|cell| cell.len() <= 60 && !cell.iter().any(u8::is_ascii_digit))
}

/// Returns true if a record above the header may be a title: it has one filled cell, or two in the first columns, and
/// neither a hash nor a product key. Reports of SQL Server have lines with the names of their text boxes, and lines with
/// the texts below them.
pub(super) fn is_title(record: &ByteRecord, above: Option<&ByteRecord>) -> bool {
    let filled = || record.iter().map(trim).enumerate().filter(|(_, cell)| !cell.is_empty());
    let is_key = |cell: &[u8]| cell.len() > 9 && cell.iter().all(u8::is_ascii_digit);
    let may_be_text = filled().all(|(_, cell)| cell.len() <= 200 && !is_key(cell));
    let is_short = || filled().count() == 1 || filled().all(|(index, _)| index < 2);
    may_be_text && (is_short() || has_text_boxes(record) || above.is_some_and(has_text_boxes))
}

/// Returns true if a filled cell is the name of a text box, and the others may be: `Textbox3`.
fn has_text_boxes(record: &ByteRecord) -> bool {
    let is_text_box = |cell: &[u8]| {
        let digits = cell.get(..7).filter(|start| start.eq_ignore_ascii_case(b"textbox"));
        digits.is_some_and(|_| cell[7..].iter().all(u8::is_ascii_digit))
    };
    let is_name =
        |cell: &[u8]| cell.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    record.iter().map(trim).any(is_text_box) && record.iter().map(trim).all(is_name)
}

/// Returns the number of labels in front of the values of a row: reports of Configuration Manager repeat the column names
/// in each row, in the order of the values. `None` if the row is not like this.
pub(super) fn count_labels(record: &ByteRecord) -> Option<usize> {
    let is_name = |cell: &[u8]| Column::recognize(cell).field().is_some();
    let labels = record.iter().take_while(|cell| is_name(cell)).count();
    let values = || record.iter().skip(labels);
    let is_value = |cell: &[u8]| !is_name(cell) && cell.iter().any(u8::is_ascii_digit);
    let fits = labels > 1
        && record.len() == 2 * labels
        && values().any(is_value)
        && !values().any(is_name);
    fits.then_some(labels)
}

/// Creates the header of a table whose rows start with this number of labels.
pub(super) fn labelled_header(record: &ByteRecord, labels: usize) -> Header {
    let field = |name| Column::recognize(name).field();
    let fields: Vec<_> =
        std::iter::repeat_n(None, labels).chain(record.iter().take(labels).map(field)).collect();
    Header::of_fields(&fields)
}

/// Returns true if a line with column names also has a value that identifies a device.
pub(super) fn has_device(record: &ByteRecord) -> bool {
    let is_value = |cell: &[u8]| {
        is_product_key_id(trim(cell)) || cell.split(u8::is_ascii_whitespace).any(looks_like_hash)
    };
    record.iter().any(is_value)
}

/// Returns true if the cell is text of an encoding that is not supported, such as Shift-JIS: it is not UTF-8, and most of its
/// bytes are beyond ASCII, which is true of no word in Windows-1252.
pub(super) fn is_of_other_encoding(cell: &[u8]) -> bool {
    let cell = trim(cell);
    let beyond_ascii = cell.iter().filter(|byte| !byte.is_ascii()).count();
    cell.len() > 3 && beyond_ascii * 2 > cell.len() && std::str::from_utf8(cell).is_err()
}

/// Describes the first line of a file without a header.
pub(super) fn describe_missing_header(record: &ByteRecord) -> String {
    let names: Vec<_> = record.iter().map(display_name).collect();
    let quoted: Vec<_> = names.iter().take(5).map(|name| format!("\"{name}\"")).collect();
    let cells = quoted.join(", ");
    if record.iter().any(looks_like_hash) {
        return format!("the first line is a device, so the file has no header: {cells}");
    }
    let hint = |field: Field| {
        let name = names.iter().find(|name| Field::suggested_by(name) == Some(field))?;
        Some(format!("; \"{name}\" may be the \"{}\"", field.name()))
    };
    let hints: String = Field::ALL.into_iter().filter_map(hint).collect();
    format!("the first line does not contain a known column name: {cells}{hints}")
}
