//! The plan for one batch: create it or append to it, and how many devices go in each request.
//!
//! [`plan`] is a pure function of the customer's existing batches, the wanted name and the sizes of the devices.

use partner_center_devices::{BatchId, CustomerId};

use super::chunk::ChunkLimits;

/// The requests that will be sent to one batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    customer: CustomerId,
    batch: BatchId,
    creates: bool,
    chunks: Vec<usize>,
}

impl Plan {
    /// Returns the customer.
    #[must_use]
    pub fn customer(&self) -> &CustomerId {
        &self.customer
    }

    /// Returns the batch, spelled as the service spells it if it exists. The customer sees its name as the group tag.
    #[must_use]
    pub fn batch(&self) -> &BatchId {
        &self.batch
    }

    /// Returns whether the first request creates the batch. If not, devices are added to an existing one.
    #[must_use]
    pub fn creates_batch(&self) -> bool {
        self.creates
    }

    /// Returns the number of devices in all requests.
    #[must_use]
    pub fn devices(&self) -> usize {
        self.chunks.iter().sum()
    }

    /// Returns the number of devices in each request, in order.
    #[must_use]
    pub fn chunks(&self) -> &[usize] {
        &self.chunks
    }
}

/// Plans an upload of devices with these lengths in bytes.
///
/// Batch names are compared without case: it is not documented whether the service distinguishes `Contoso` from
/// `contoso`, and two group tags that differ only by case are rarely intended. An exact match takes precedence.
pub(crate) fn plan(
    customer: CustomerId,
    existing: &[String],
    batch: BatchId,
    lengths: impl IntoIterator<Item = usize>,
    limits: ChunkLimits,
) -> Plan {
    let folded = batch.as_str().to_lowercase();
    let mut same = existing.iter().filter(|name| name.to_lowercase() == folded).peekable();
    let first = same.peek().copied();
    let found = same.find(|name| *name == batch.as_str()).or(first);
    let creates = found.is_none();
    let batch = found.and_then(|name| BatchId::new(name.as_str()).ok()).unwrap_or(batch);
    let ranges = limits.cut(lengths, &batch);
    let chunks = ranges.iter().map(ExactSizeIterator::len).collect();
    Plan { customer, batch, creates, chunks }
}

#[cfg(test)]
mod tests {
    use partner_center_devices::DeviceIdentity;

    use super::*;
    use crate::fingerprint::json_length;
    use crate::upload::chunk::ChunkSize;

    fn planned(existing: &[&str], wanted: &str, devices: usize, size: usize) -> Plan {
        let existing: Vec<String> = existing.iter().map(ToString::to_string).collect();
        let device = |number| DeviceIdentity::from_product_key(format!("{number}")).unwrap();
        let lengths = (0..devices).map(|number| json_length(&device(number)));
        let limits =
            ChunkLimits { devices: ChunkSize::new(size).unwrap(), ..ChunkLimits::default() };
        let customer = CustomerId::new("c").unwrap();
        plan(customer, &existing, BatchId::new(wanted).unwrap(), lengths, limits)
    }

    #[test]
    fn compares_batch_names_without_case() {
        for (existing, wanted, batch, creates) in [
            (&[][..], "Contoso", "Contoso", true),
            (&["Fabrikam", "Contoso 2"], "Contoso", "Contoso", true),
            (&["contoso"], "Contoso", "contoso", false),
            (&["CONTOSO", "Contoso"], "Contoso", "Contoso", false),
            (&["CONTOSO", "contoso"], "Contoso", "CONTOSO", false),
            (&["GRÖSSE"], "Grösse", "GRÖSSE", false),
            (&["Contoso "], "Contoso", "Contoso", true),
        ] {
            let plan = planned(existing, wanted, 1, 500);
            assert_eq!(
                (plan.batch().as_str(), plan.creates_batch()),
                (batch, creates),
                "{existing:?} {wanted}"
            );
        }
    }

    #[test]
    fn all_chunks_but_the_last_are_full() {
        for (devices, size, expected) in [
            (0, 500, &[][..]),
            (1, 500, &[1]),
            (500, 500, &[500]),
            (501, 500, &[500, 1]),
            (1200, 500, &[500, 500, 200]),
            (3, 1, &[1, 1, 1]),
            (2000, 1000, &[1000, 1000]),
        ] {
            let plan = planned(&[], "b", devices, size);
            assert_eq!((plan.chunks(), plan.devices()), (expected, devices));
        }
    }
}
