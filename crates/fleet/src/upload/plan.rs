//! How devices become requests. Decides whether a batch is made or appended to, and where the list is cut:
//! [`plan`], a pure function of the batches that exist, the wanted name and the number of devices.

use std::fmt;
use std::str::FromStr;

use partner_center_devices::{BatchId, CustomerId};

use crate::upload::chunk::ChunkLimits;

/// How many devices go in one request: 1 to 1,000, the most that Partner Center registers at a time
/// (<https://learn.microsoft.com/en-us/autopilot/manual-registration>). The default is 500: a request of
/// hardware hashes is then 2 megabytes, and the limit of the API itself is not documented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ChunkSize(u16);

impl ChunkSize {
    /// The most devices in one request.
    pub const MAX: Self = Self(1000);

    /// Checks the number.
    ///
    /// # Errors
    /// If it is 0 or greater than 1,000.
    pub fn new(devices: usize) -> Result<Self, InvalidChunkSize> {
        match u16::try_from(devices) {
            Ok(devices) if (1..=Self::MAX.0).contains(&devices) => Ok(Self(devices)),
            _ => Err(InvalidChunkSize),
        }
    }

    /// The number of devices.
    #[must_use]
    pub fn get(self) -> usize {
        self.0.into()
    }
}

impl Default for ChunkSize {
    fn default() -> Self {
        Self(500)
    }
}

impl FromStr for ChunkSize {
    type Err = InvalidChunkSize;

    fn from_str(text: &str) -> Result<Self, InvalidChunkSize> {
        text.parse().map_err(|_| InvalidChunkSize).and_then(Self::new)
    }
}

impl fmt::Display for ChunkSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// A chunk size that is not between 1 and 1,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidChunkSize;

impl fmt::Display for InvalidChunkSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a request holds 1 to 1,000 devices")
    }
}

impl std::error::Error for InvalidChunkSize {}

/// What will be sent to one batch: one request after another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    customer: CustomerId,
    batch: BatchId,
    creates: bool,
    chunks: Vec<usize>,
}

impl Plan {
    /// The customer.
    #[must_use]
    pub fn customer(&self) -> &CustomerId {
        &self.customer
    }

    /// The batch; if it exists, as the service spells it. Its name becomes the group tag that the customer
    /// sees.
    #[must_use]
    pub fn batch(&self) -> &BatchId {
        &self.batch
    }

    /// Whether the batch is new. If not, the devices are added to those it has.
    #[must_use]
    pub fn creates_batch(&self) -> bool {
        self.creates
    }

    /// The number of devices.
    #[must_use]
    pub fn devices(&self) -> usize {
        self.chunks.iter().sum()
    }

    /// How many devices each request holds, in order.
    #[must_use]
    pub fn chunks(&self) -> &[usize] {
        &self.chunks
    }
}

/// Plans an upload of devices that take so many bytes each.
///
/// Names of batches are compared without case: nobody documents whether the service tells `Contoso` from
/// `contoso`, and two such group tags are seldom meant. An exact match goes first.
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
    use crate::upload::chunk::json_length;

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
    fn a_batch_is_made_unless_its_name_exists_in_any_case() {
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
    fn the_list_is_cut_into_full_chunks_and_a_rest() {
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

    #[test]
    fn a_chunk_size_has_limits() {
        for (text, size) in [("1", Some(1)), ("500", Some(500)), ("1000", Some(1000))] {
            assert_eq!(text.parse::<ChunkSize>().ok().map(ChunkSize::get), size);
        }
        for text in ["0", "1001", "-1", "70000", "", "x"] {
            assert_eq!(text.parse::<ChunkSize>(), Err(InvalidChunkSize), "{text}");
        }
    }
}
