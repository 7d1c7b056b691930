//! Errors of an upload.

use std::fmt;

use partner_center_devices::{BatchId, CustomerId, Error};

use crate::journal::JournalError;
use crate::report::Report;

/// The call at which the upload to a batch stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// Listing the customer's batches. No device was sent.
    ListBatches,
    /// Sending a chunk.
    #[non_exhaustive]
    Send {
        /// The number of the chunk in this batch and run, starting at 1.
        chunk: usize,
    },
    /// Following the job of a chunk to its end. The job may still be running.
    #[non_exhaustive]
    Follow {
        /// The number of the chunk in this batch and run, starting at 1.
        chunk: usize,
    },
    /// Reading the batch to find out which devices of a chunk are registered.
    #[non_exhaustive]
    ReadBack {
        /// The number of the chunk in this batch and run, starting at 1.
        chunk: usize,
    },
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ListBatches => f.write_str("cannot start the upload"),
            Self::Send { chunk } => write!(f, "cannot send request {chunk}"),
            Self::Follow { chunk } => write!(f, "cannot follow the job of request {chunk}"),
            Self::ReadBack { chunk } => {
                write!(f, "cannot read the batch to check the devices of request {chunk}")
            }
        }
    }
}

/// A failed call that stopped the upload to a batch.
#[derive(Debug)]
pub struct Failure {
    pub(super) customer: CustomerId,
    pub(super) batch: BatchId,
    pub(super) step: Step,
    pub(super) error: Error,
}

impl Failure {
    /// Returns the customer.
    #[must_use]
    pub fn customer(&self) -> &CustomerId {
        &self.customer
    }

    /// Returns the batch.
    #[must_use]
    pub fn batch(&self) -> &BatchId {
        &self.batch
    }

    /// Returns the call that failed.
    #[must_use]
    pub fn step(&self) -> Step {
        self.step
    }

    /// Returns the error of the call, which is also the `source()`.
    #[must_use]
    pub fn error(&self) -> &Error {
        &self.error
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.step.fmt(f)
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

/// The error of an upload that did not finish.
#[derive(Debug)]
#[non_exhaustive]
pub enum UploadError {
    /// Calls failed.
    #[non_exhaustive]
    Calls {
        /// The result of every row so far.
        report: Box<Report>,
        /// The batches that stopped, in the order in which they did. There is at least one.
        failures: Vec<Failure>,
    },
    /// The journal could not be read or written. Nothing more was sent.
    #[non_exhaustive]
    Journal {
        /// The error of the journal.
        error: JournalError,
    },
}

impl UploadError {
    /// Returns the result of every row so far, or `None` if the journal failed.
    #[must_use]
    pub fn report(&self) -> Option<&Report> {
        match self {
            Self::Calls { report, .. } => Some(report),
            Self::Journal { .. } => None,
        }
    }

    /// Returns the batches that stopped, in the order in which they did. Empty if the journal failed.
    #[must_use]
    pub fn failures(&self) -> &[Failure] {
        match self {
            Self::Calls { failures, .. } => failures,
            Self::Journal { .. } => &[],
        }
    }
}

impl From<JournalError> for UploadError {
    fn from(error: JournalError) -> Self {
        Self::Journal { error }
    }
}

impl fmt::Display for UploadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Journal { .. } => f.write_str("the upload cannot be recorded in its journal"),
            Self::Calls { failures, .. } => match &failures[..] {
                [] => f.write_str("the upload stopped"),
                [only] => only.fmt(f),
                [first, _] => write!(f, "{first}, and 1 more batch stopped"),
                [first, rest @ ..] => {
                    write!(f, "{first}, and {} more batches stopped", rest.len())
                }
            },
        }
    }
}

impl std::error::Error for UploadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Journal { error } => Some(error),
            Self::Calls { failures, .. } => failures.first().map(|first| first.error() as _),
        }
    }
}
