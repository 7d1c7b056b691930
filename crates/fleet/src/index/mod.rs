//! A local index of a partner's customers, batches and devices: one SQLite file per service.
//!
//! The index answers two questions without a call: which customer has this name, and where is this serial number. It is a
//! cache: every answer has the time at which the service reported it, and a lost or damaged file can be deleted and filled
//! again. These rules hold:
//!
//! 1. A list of the service is read page by page. The rows of a page and the position of the next page are committed
//!    together ([`Index::commit_customers`], [`Index::commit_batches`], [`Index::commit_devices`]), so that a process that
//!    is killed repeats at most one page.
//! 2. If two processes read the same list, the second one to commit a page gets [`Commit::Overtaken`] and continues
//!    from the position of the first.
//! 3. When the last page is committed, rows that no page has contained are marked as gone. A row is never removed.
//! 4. Other processes can read while one writes.
//! 5. The audit log names the customers that must be read again ([`Index::read_audit_log`]). They stay due until [`DeviceSync`]
//!    has read all their lists.
//! 6. This machine's own work is recorded as far as the service confirmed it ([`Index::record_upload`] and others).
//! 7. The index belongs to one service. Another one is refused ([`IndexError::OtherService`]).
//!
//! Serial numbers and product keys are compared without surrounding whitespace, and without case in ASCII. A file of one
//! million devices needs less than 150 MB. It is readable by its owner only, and contains no hardware hash.

mod audit_changes;
mod batches;
mod changes;
mod customer_sync;
mod customers;
mod database;
mod device_sync;
mod devices;
mod error;
mod own_work;
mod policies;
mod progress;
mod schema;
mod sync_error;
#[cfg(test)]
mod tests;
mod verify;

pub use self::audit_changes::{AuditChanges, LastLook};
pub use self::batches::{BatchRecord, KnownBatch};
pub use self::changes::{ChangedCustomer, DueCustomer, ReadingCost};
pub use self::customer_sync::{CustomerSync, SyncedCustomers};
pub use self::customers::{CustomerRecord, KnownCustomer};
pub use self::database::{Index, IndexTotals};
pub use self::device_sync::{DeviceSync, DeviceSyncEvent, FailedCustomer, SyncedDevices};
pub use self::devices::{DeviceRecord, KnownDevice};
pub use self::error::IndexError;
pub use self::progress::{Commit, SyncProgress, SyncTask};
pub use self::sync_error::SyncError;
pub use self::verify::Verification;
