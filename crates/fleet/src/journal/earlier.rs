//! The places of devices that were registered before a run.

use rusqlite::params;

use super::database::Journal;
use super::error::JournalError;
use crate::report::Report;
use crate::timestamp::Timestamp;

/// Selects the device of a row, unless another process has sent it again meanwhile.
const DEVICE: &str =
    "FROM line JOIN device ON device.id = line.device JOIN chunk ON chunk.id = device.chunk
     WHERE line.place = ?1 AND request_id = ?2";

impl Journal {
    /// Records the [earlier registrations](crate::EarlierRegistration) of a report, so that later reports of this journal have them,
    /// and removes those that the report no longer has. They count until the device is sent again.
    ///
    /// A row that another process has sent again meanwhile is left out.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn record_earlier_registrations(&mut self, report: &Report) -> Result<(), JournalError> {
        let now = Timestamp::now();
        self.transaction(|transaction| {
            let mut insert = transaction.prepare(&format!(
                "INSERT INTO earlier_registration (device, chunk, word, customer, customer_name, batch, found)
                 SELECT device.id, chunk.id, ?3, ?4, ?5, ?6, ?7 {DEVICE}
                 ON CONFLICT DO UPDATE SET chunk = excluded.chunk, word = ?3, customer = ?4, customer_name = ?5,
                 batch = ?6, found = ?7",
            ))?;
            let mut remove = transaction.prepare(&format!(
                "DELETE FROM earlier_registration WHERE device = (SELECT device.id {DEVICE})"
            ))?;
            for (place, row) in (0_i64..).zip(report.rows()) {
                let Some(exchange) = row.exchange.as_ref().filter(|_| row.was_registered_before())
                else {
                    continue;
                };
                match &row.earlier {
                    Some(earlier) => insert.execute(params![
                        place,
                        exchange.request_id,
                        earlier.id(),
                        earlier.customer().map(|id| id.as_str()),
                        earlier.customer_name(),
                        earlier.batch().map(|id| id.as_str()),
                        now.0,
                    ])?,
                    None => remove.execute(params![place, exchange.request_id])?,
                };
            }
            Ok(())
        })
    }
}
