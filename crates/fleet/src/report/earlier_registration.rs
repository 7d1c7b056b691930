//! The place of a device that was registered before an upload sent it.

use partner_center_devices::{BatchId, CustomerId};

/// The place of a device that was registered before: with the same customer (error 806), or with another organization (808).
///
/// It is known only if the device was searched for after the upload.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EarlierRegistration {
    /// A batch of the same customer lists the device.
    InBatch(BatchId),
    /// No batch of the customer lists the device: the customer registered it, in Intune or in the Microsoft 365 admin center.
    ByCustomer,
    /// No batch of the customer lists the device now, but one may have listed it when it was sent: it was deleted since, or the
    /// customer registered it.
    InNoBatch,
    /// A batch of another customer of this partner lists the device.
    OtherCustomer {
        /// The other customer.
        customer: CustomerId,
        /// Its name, if the index has it.
        name: Option<String>,
        /// The batch.
        batch: BatchId,
    },
    /// Another customer of this partner had the device, and no longer has it.
    FormerCustomer {
        /// The other customer.
        customer: CustomerId,
        /// Its name, if the index has it.
        name: Option<String>,
    },
}

impl EarlierRegistration {
    /// Returns the stable name: `inBatch`, `byCustomer`, `inNoBatch`, `otherCustomer` or `formerCustomer`.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::InBatch(_) => "inBatch",
            Self::ByCustomer => "byCustomer",
            Self::InNoBatch => "inNoBatch",
            Self::OtherCustomer { .. } => "otherCustomer",
            Self::FormerCustomer { .. } => "formerCustomer",
        }
    }

    /// Returns the batch that lists the device.
    #[must_use]
    pub fn batch(&self) -> Option<&BatchId> {
        match self {
            Self::InBatch(batch) | Self::OtherCustomer { batch, .. } => Some(batch),
            Self::ByCustomer | Self::InNoBatch | Self::FormerCustomer { .. } => None,
        }
    }

    /// Returns the other customer that has the device, or had it.
    #[must_use]
    pub fn customer(&self) -> Option<&CustomerId> {
        match self {
            Self::OtherCustomer { customer, .. } | Self::FormerCustomer { customer, .. } => {
                Some(customer)
            }
            _ => None,
        }
    }

    /// Returns the name of the other customer.
    #[must_use]
    pub fn customer_name(&self) -> Option<&str> {
        match self {
            Self::OtherCustomer { name, .. } | Self::FormerCustomer { name, .. } => name.as_deref(),
            _ => None,
        }
    }

    /// Returns an explanation in plain words.
    #[must_use]
    pub fn meaning(&self) -> &'static str {
        match self {
            Self::InBatch(_) => {
                "the device is already registered with this customer, in one of your batches"
            }
            Self::ByCustomer => {
                "the customer registered the device: it is in none of your batches, and you cannot assign it a policy or delete it"
            }
            Self::InNoBatch => {
                "the device was already registered when it was sent, and is in none of your batches now: it was deleted since, or the \
                 customer registered it"
            }
            Self::OtherCustomer { .. } => "the device is registered with another of your customers",
            // The page for customers shows it, too.
            Self::FormerCustomer { .. } => {
                "the device was registered with another organization, which no longer has it"
            }
        }
    }

    /// Returns what to do, in plain words.
    #[must_use]
    pub fn cure(&self) -> &'static str {
        match self {
            Self::InBatch(_) => "nothing to do",
            Self::ByCustomer => {
                "to manage the device, ask the customer to deregister it in Intune or in the Microsoft 365 admin center, then send \
                 it again"
            }
            Self::InNoBatch => {
                "send it again with --retry: this shows what happened, and registers it if it was deleted"
            }
            Self::FormerCustomer { .. } => "to register it, send it again with --retry",
            Self::OtherCustomer { .. } => {
                "if the device belongs to the customer of this upload now, delete it from the other customer, then send it again"
            }
        }
    }

    /// Returns where the device is, or was, for a table: `in batch 'Old'`. `None` if it is in no batch of anyone.
    #[must_use]
    pub fn place(&self) -> Option<String> {
        match self {
            Self::InBatch(batch) => Some(format!("in batch '{batch}'")),
            Self::ByCustomer | Self::InNoBatch => None,
            Self::OtherCustomer { customer, name, batch } => {
                let name = name.as_deref().unwrap_or(customer.as_str());
                Some(format!("in batch '{batch}' of {name}"))
            }
            Self::FormerCustomer { customer, name } => {
                Some(format!("no longer with {}", name.as_deref().unwrap_or(customer.as_str())))
            }
        }
    }

    /// Reads what a journal recorded.
    ///
    /// # Errors
    /// If no version of this crate writes such a record.
    pub(crate) fn from_record(
        word: &str,
        customer: Option<String>,
        name: Option<String>,
        batch: Option<String>,
    ) -> Result<Self, String> {
        let customer = customer.and_then(|id| CustomerId::new(id).ok());
        let batch = batch.and_then(|id| BatchId::new(id).ok());
        match (word, customer, batch) {
            ("inBatch", None, Some(batch)) => Ok(Self::InBatch(batch)),
            ("byCustomer", None, None) => Ok(Self::ByCustomer),
            ("inNoBatch", None, None) => Ok(Self::InNoBatch),
            ("otherCustomer", Some(customer), Some(batch)) => {
                Ok(Self::OtherCustomer { customer, name, batch })
            }
            ("formerCustomer", Some(customer), None) => Ok(Self::FormerCustomer { customer, name }),
            _ => Err(format!("invalid earlier registration '{word}'")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_of_a_journal_is_read_as_it_was_written() {
        let batch = BatchId::new("Old").unwrap();
        let customer = CustomerId::new("c-1").unwrap();
        for name in [None, Some("Fabrikam".to_owned())] {
            for (earlier, place) in [
                (EarlierRegistration::InBatch(batch.clone()), Some("in batch 'Old'")),
                (EarlierRegistration::ByCustomer, None),
                (EarlierRegistration::InNoBatch, None),
                (
                    EarlierRegistration::OtherCustomer {
                        customer: customer.clone(),
                        name: name.clone(),
                        batch: batch.clone(),
                    },
                    Some(match name {
                        None => "in batch 'Old' of c-1",
                        Some(_) => "in batch 'Old' of Fabrikam",
                    }),
                ),
                (
                    EarlierRegistration::FormerCustomer {
                        customer: customer.clone(),
                        name: name.clone(),
                    },
                    Some(match name {
                        None => "no longer with c-1",
                        Some(_) => "no longer with Fabrikam",
                    }),
                ),
            ] {
                let read = EarlierRegistration::from_record(
                    earlier.id(),
                    earlier.customer().map(ToString::to_string),
                    earlier.customer_name().map(ToOwned::to_owned),
                    earlier.batch().map(ToString::to_string),
                );
                assert_eq!(read.as_ref(), Ok(&earlier));
                assert_eq!(earlier.place().as_deref(), place);
            }
        }
        for (word, customer, batch) in [
            ("inBatch", None, None),
            ("inBatch", None, Some("")),
            ("otherCustomer", None, Some("Old")),
            ("byCustomer", None, Some("Old")),
            ("formerCustomer", None, None),
            ("formerCustomer", Some("c-1"), Some("Old")),
            ("elsewhere", None, None),
        ] {
            let text = |text: Option<&str>| text.map(ToOwned::to_owned);
            let read = EarlierRegistration::from_record(word, text(customer), None, text(batch));
            assert!(read.is_err(), "{word} {batch:?}");
        }
    }
}
