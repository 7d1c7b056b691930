//! A report as programs and spreadsheets read it. Decides the columns; what they mean is said at `RowRecord`.

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};

use super::{Report, RowRecord};
use crate::journal::words::matched_by_word;
use crate::report::csv_writer::write_csv;

/// Those of the JSON, in its order.
const COLUMNS: [&str; 21] = [
    "source",
    "line",
    "customer",
    "batch",
    "serialNumber",
    "productKey",
    "shortHash",
    "outcome",
    "duplicateOf",
    "code",
    "name",
    "meaning",
    "cure",
    "trackingId",
    "deviceId",
    "matchedBy",
    "sent",
    "settled",
    "requestId",
    "correlationId",
    "cv",
];

impl Report {
    /// One JSON object on one line, and a line end: `{"allWell":…,"stopped":…,"destinations":[…],"totals":{…},"rows":[…]}`.
    /// It is written row by row and need not fit in memory as text.
    ///
    /// # Errors
    /// If the writer fails.
    pub fn write_json(&self, writer: impl Write) -> io::Result<()> {
        let mut writer = BufWriter::new(writer);
        serde_json::to_writer(&mut writer, self)?;
        writer.write_all(b"\n")?;
        writer.flush()
    }

    /// CSV, a line for each row and before them the names of the columns, which are those of a row in the JSON:
    /// `source`, `line`, `customer`, `batch`, `serialNumber` and so on. A cell that a spreadsheet would take for a
    /// formula begins with an apostrophe.
    ///
    /// # Errors
    /// If the writer fails.
    pub fn write_csv(&self, writer: impl Write) -> io::Result<()> {
        write_csv(writer, &COLUMNS, self.rows.iter().map(|row| cells(row.record())))
    }
}

/// In the order of [`COLUMNS`].
fn cells(row: RowRecord<'_>) -> [Cow<'_, str>; COLUMNS.len()] {
    let text = |text: Option<&'static str>| Cow::from(text.unwrap_or_default());
    fn borrowed(text: Option<&str>) -> Cow<'_, str> {
        text.unwrap_or_default().into()
    }
    [
        row.source.into(),
        row.line.to_string().into(),
        borrowed(row.customer),
        borrowed(row.batch),
        borrowed(row.serial_number),
        borrowed(row.product_key),
        borrowed(row.short_hash),
        row.outcome.into(),
        row.duplicate_of.unwrap_or_default().into(),
        borrowed(row.code),
        row.name.unwrap_or_default(),
        row.meaning.unwrap_or_default(),
        text(row.cure),
        borrowed(row.tracking_id),
        borrowed(row.device_id),
        text(row.matched_by.and_then(matched_by_word)),
        row.sent.unwrap_or_default().into(),
        row.settled.unwrap_or_default().into(),
        borrowed(row.request_id),
        borrowed(row.correlation_id),
        borrowed(row.cv),
    ]
}
