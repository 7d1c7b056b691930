//! The report as JSON and CSV for programs and spreadsheets. `RowRecord` describes the columns.

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};

use super::csv_writer::write_csv;
use super::record::RowRecord;
use super::upload_report::Report;
use crate::journal::words::matched_by_word;

/// The column names: the properties of a row in the JSON document, in the same order.
const COLUMNS: [&str; 25] = [
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
    "proof",
    "earlierRegistration",
    "earlierCustomer",
    "earlierBatch",
];

impl Report {
    /// Writes one JSON object on one line, followed by a line feed:
    /// `{"allWell":…,"stopped":…,"destinations":[…],"totals":{…},"rows":[…]}`. Rows are written one by one, so the
    /// document does not need to fit in memory.
    ///
    /// # Errors
    /// If the writer fails.
    pub fn write_json(&self, writer: impl Write) -> io::Result<()> {
        let mut writer = BufWriter::new(writer);
        serde_json::to_writer(&mut writer, self)?;
        writer.write_all(b"\n")?;
        writer.flush()
    }

    /// Writes CSV: a header, then one line per row. The columns are the properties of a row in the JSON document:
    /// `source`, `line`, `customer`, `batch`, `serialNumber` and so on. Cells that a spreadsheet would interpret as a
    /// formula start with an apostrophe.
    ///
    /// # Errors
    /// If the writer fails.
    pub fn write_csv(&self, writer: impl Write) -> io::Result<()> {
        write_csv(writer, &COLUMNS, self.rows.iter().map(|row| cells(RowRecord::new(row))))
    }
}

/// Returns the cells of a row, in the order of [`COLUMNS`].
fn cells(row: RowRecord<'_>) -> [Cow<'_, str>; COLUMNS.len()] {
    fn text(text: Option<&str>) -> Cow<'_, str> {
        text.unwrap_or_default().into()
    }
    fn shown(value: Option<impl ToString>) -> Cow<'static, str> {
        value.map(|value| value.to_string()).unwrap_or_default().into()
    }
    [
        row.source.into(),
        row.line.to_string().into(),
        text(row.customer.map(|id| id.as_str())),
        text(row.batch.map(|id| id.as_str())),
        text(row.serial_number),
        text(row.product_key),
        text(row.short_hash),
        row.outcome.into(),
        row.duplicate_of.unwrap_or_default().into(),
        text(row.code),
        row.name.unwrap_or_default(),
        row.meaning.unwrap_or_default(),
        text(row.cure),
        text(row.tracking_id.map(|id| id.as_str())),
        text(row.device_id),
        text(row.matched_by.and_then(matched_by_word)),
        shown(row.sent),
        shown(row.finished),
        text(row.request_id),
        text(row.correlation_id),
        text(row.cv),
        text(row.proof),
        text(row.earlier_registration),
        text(row.earlier_customer.map(|id| id.as_str())),
        text(row.earlier_batch.map(|id| id.as_str())),
    ]
}
