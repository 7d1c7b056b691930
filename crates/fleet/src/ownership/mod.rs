//! The documents for devices that another organization has registered (error 808): a list of the devices, a letter to the
//! seller, a letter to Microsoft support and a checklist, in four languages.
//!
//! Nothing is sent: a person reads, completes and sends the letters.

mod documents;
mod rejected;

pub use documents::OwnershipCase;
pub use rejected::{NotAReport, RejectedDevice, rejected_in_csv, rejected_in_json};
