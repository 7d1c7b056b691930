//! The requests whose response was lost, and their records in the audit log.

use rusqlite::params;
use uuid::Uuid;

use super::database::Journal;
use super::error::JournalError;
use super::model::{ChunkKey, LostResponse};
use crate::timestamp::Timestamp;

impl Journal {
    /// Returns the requests since a time that got no response and still have devices: those devices need another proof. Leaves out
    /// requests with a known record in the audit log.
    pub(crate) fn lost_responses(
        &self,
        since: Timestamp,
    ) -> Result<Vec<LostResponse>, JournalError> {
        let read = || {
            let mut query = self.database.prepare(
                "SELECT chunk.id, customer, correlation_id, noted FROM chunk
                 JOIN target ON target.id = chunk.target
                 WHERE tracking_id IS NULL AND state IN ('noted', 'readBack') AND noted >= ?1
                 AND chunk.id NOT IN (SELECT chunk FROM audit_record)
                 AND chunk.id IN (SELECT chunk FROM device) ORDER BY chunk.id",
            )?;
            let mut lost = Vec::new();
            let mut rows = query.query([since.0])?;
            while let Some(row) = rows.next()? {
                let Ok(correlation_id) = Uuid::parse_str(row.get_ref(2)?.as_str()?) else {
                    continue; // it cannot be found
                };
                lost.push(LostResponse {
                    chunk: ChunkKey(row.get(0)?),
                    customer: row.get(1)?,
                    correlation_id,
                    recorded: Timestamp(row.get(3)?),
                });
            }
            Ok(lost)
        };
        read().map_err(|error: rusqlite::Error| self.broken(error))
    }

    /// Records that the audit log has a record of these requests.
    pub(crate) fn record_audit_records(
        &mut self,
        chunks: &[ChunkKey],
        now: Timestamp,
    ) -> Result<(), JournalError> {
        self.transaction(|transaction| {
            let mut insert = transaction.prepare(
                "INSERT INTO audit_record (chunk, found) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            )?;
            for chunk in chunks {
                insert.execute(params![chunk.0, now.0])?;
            }
            Ok(())
        })
    }
}
