//! The report of an upload: each row with its outcome, the service's code and name, the meaning, and what to do. Never
//! contains a hardware hash.

mod csv;
pub(crate) mod csv_writer;
mod destination;
mod earlier_registration;
mod html;
pub(crate) mod outcome;
mod proof;
mod record;
mod row;
pub(crate) mod rows_to_correct;
mod totals;
mod upload_report;

pub use destination::Destination;
pub use earlier_registration::EarlierRegistration;
pub use html::HtmlOptions;
pub(crate) use proof::Evidence;
pub use proof::Proof;
pub(crate) use row::Exchange;
pub(crate) use row::OTHER_ORGANIZATION;
pub use row::ReportRow;
pub use totals::ReportTotals;
pub use upload_report::Report;
