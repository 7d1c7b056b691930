//! Splits a list of devices into requests, by number of devices and by bytes of the request body.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use partner_center_devices::{BatchId, DeviceIdentity};

use crate::fingerprint::{json_length, json_text_length};

/// The maximum number of devices in one request, from 1 to 1,000. The default is 500.
///
/// Partner Center registers up to 1,000 devices at a time
/// (<https://learn.microsoft.com/en-us/autopilot/manual-registration>). The limit of the API itself is not
/// documented; 500 hardware hashes are a request of 2 megabytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ChunkSize(u16);

impl ChunkSize {
    /// The largest chunk size.
    pub const MAX: Self = Self(1000);

    /// Creates a chunk size.
    ///
    /// # Errors
    /// If the number is 0 or greater than 1,000.
    pub fn new(devices: usize) -> Result<Self, InvalidChunkSize> {
        match u16::try_from(devices) {
            Ok(devices) if (1..=Self::MAX.0).contains(&devices) => Ok(Self(devices)),
            _ => Err(InvalidChunkSize),
        }
    }

    /// Returns the number of devices.
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

/// The error for a chunk size that is not between 1 and 1,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidChunkSize;

impl fmt::Display for InvalidChunkSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a request can contain 1 to 1,000 devices")
    }
}

impl std::error::Error for InvalidChunkSize {}

/// The limits of one request. A single device is always sent, regardless of its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ChunkLimits {
    /// The maximum number of devices. Defaults to 500.
    pub devices: ChunkSize,
    /// The maximum number of bytes in the body. Defaults to [`DEFAULT_BYTES`](Self::DEFAULT_BYTES).
    pub bytes: usize,
}

impl ChunkLimits {
    /// 4 MiB: 1,000 devices with hardware hashes of the usual 4,000 characters. The limit of the API is not
    /// documented.
    pub const DEFAULT_BYTES: usize = 4 << 20;

    /// Returns the range of devices in each request to a batch of this name, in order.
    #[must_use]
    pub fn ranges<D: Borrow<DeviceIdentity>>(
        self,
        devices: &[D],
        batch: &BatchId,
    ) -> Vec<Range<usize>> {
        self.cut(devices.iter().map(|device| json_length(device.borrow())), batch)
    }

    /// Like [`ranges`](Self::ranges), for devices of known length.
    pub(crate) fn cut(
        self,
        lengths: impl IntoIterator<Item = usize>,
        batch: &BatchId,
    ) -> Vec<Range<usize>> {
        let mut room = Room::new(self, batch);
        let mut ranges = Vec::new();
        let (mut start, mut end) = (0, 0);
        for length in lengths {
            if !room.fits(length) {
                ranges.push(start..end);
                start = end;
                room.reset();
            }
            room.add(length);
            end += 1;
        }
        if start < end {
            ranges.push(start..end);
        }
        ranges
    }
}

impl ChunkLimits {
    /// Returns limits that cut a request with devices of these lengths in two, and later requests to the same size. A
    /// slow connection transfers bytes, so the limit is one for bytes.
    pub(crate) fn halved(self, lengths: &[usize], batch: &BatchId) -> Self {
        if lengths.len() < 2 {
            return self;
        }
        let bytes = |half: &[usize]| {
            let mut room = Room::new(self, batch);
            half.iter().for_each(|length| room.add(*length));
            room.bytes
        };
        let (first, second) = lengths.split_at(lengths.len().div_ceil(2));
        Self { bytes: self.bytes.min(bytes(first).max(bytes(second))), ..self }
    }
}

impl Default for ChunkLimits {
    fn default() -> Self {
        Self { devices: ChunkSize::default(), bytes: Self::DEFAULT_BYTES }
    }
}

/// Groups a stream of devices into requests while holding at most one request in memory.
///
/// Every request is measured as if it created the batch, because that body also contains the batch name. A request
/// that appends to the batch is shorter, so a chunk fits either way.
///
/// ```
/// use partner_center_devices::{BatchId, DeviceIdentity};
/// use partner_center_devices_fleet::internals::Chunker;
/// use partner_center_devices_fleet::{ChunkLimits, ChunkSize};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let limits = ChunkLimits { devices: ChunkSize::new(2)?, ..ChunkLimits::default() };
/// let mut chunker = Chunker::new(limits, &BatchId::new("Berlin office")?);
/// let mut sizes = Vec::new();
/// for key in ["3305000000001", "3305000000002", "3305000000003"] {
///     if let Some(chunk) = chunker.push(DeviceIdentity::from_product_key(key)?) {
///         sizes.push((chunk.devices().len(), chunk.bytes()));
///     }
/// }
/// sizes.extend(chunker.finish().map(|rest| (rest.devices().len(), rest.bytes())));
/// assert_eq!(sizes, [(2, 101), (1, 70)]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Chunker<D> {
    room: Room,
    devices: Vec<D>,
}

impl<D: Borrow<DeviceIdentity>> Chunker<D> {
    /// Creates a chunker for a batch of this name.
    #[must_use]
    pub fn new(limits: ChunkLimits, batch: &BatchId) -> Self {
        Self { room: Room::new(limits, batch), devices: Vec::new() }
    }

    /// Adds a device. Returns a chunk when one is full; if the device no longer fits, it starts the next chunk.
    pub fn push(&mut self, device: D) -> Option<Chunk<D>> {
        let length = json_length(device.borrow());
        let full = if self.room.fits(length) { None } else { self.finish() };
        self.room.add(length);
        self.devices.push(device);
        // At most one chunk is ready: a limit of one device never leaves a device waiting.
        full.or_else(|| if self.room.is_full() { self.finish() } else { None })
    }

    /// Returns the remaining devices as the last chunk and starts over.
    pub fn finish(&mut self) -> Option<Chunk<D>> {
        let bytes = self.room.reset();
        let devices = std::mem::take(&mut self.devices);
        (!devices.is_empty()).then_some(Chunk { devices, bytes })
    }
}

/// The devices of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk<D> {
    devices: Vec<D>,
    bytes: usize,
}

impl<D> Chunk<D> {
    /// Returns the devices in order. A chunk has at least one.
    #[must_use]
    pub fn devices(&self) -> &[D] {
        &self.devices
    }

    /// Returns the devices in order.
    #[must_use]
    pub fn into_devices(self) -> Vec<D> {
        self.devices
    }

    /// Returns the size of the body that creates the batch with these devices.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}

/// The space left in a request.
#[derive(Clone, Debug)]
struct Room {
    limits: ChunkLimits,
    /// Bytes of a body without devices.
    envelope: usize,
    devices: usize,
    bytes: usize,
}

impl Room {
    fn new(limits: ChunkLimits, batch: &BatchId) -> Self {
        let envelope = r#"{"batchId":,"devices":[]}"#.len() + json_text_length(batch.as_str());
        Self { limits, envelope, devices: 0, bytes: envelope }
    }

    /// Returns whether a device of this length still fits.
    fn fits(&self, length: usize) -> bool {
        self.devices == 0
            || !self.is_full() && self.bytes.saturating_add(1 + length) <= self.limits.bytes
    }

    /// Returns whether the request has its maximum number of devices.
    fn is_full(&self) -> bool {
        self.devices >= self.limits.devices.get()
    }

    fn add(&mut self, length: usize) {
        let comma = usize::from(self.devices > 0);
        self.devices += 1;
        self.bytes += comma + length;
    }

    /// Starts a new request and returns the bytes of the old one.
    fn reset(&mut self) -> usize {
        self.devices = 0;
        std::mem::replace(&mut self.bytes, self.envelope)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use bytes::Bytes;
    use http::{Request, Response};
    use partner_center_devices::{Client, CustomerId};
    use proptest::prelude::*;

    use super::*;

    fn batch(name: &str) -> BatchId {
        BatchId::new(name).unwrap()
    }

    fn limits(devices: usize, bytes: usize) -> ChunkLimits {
        ChunkLimits { devices: ChunkSize::new(devices).unwrap(), bytes }
    }

    fn key(number: usize) -> DeviceIdentity {
        DeviceIdentity::from_product_key(format!("{number:013}")).unwrap()
    }

    /// Returns the body that the client sends to create the batch.
    fn body(batch: &BatchId, devices: Vec<DeviceIdentity>) -> Bytes {
        let captured = Arc::new(Mutex::new(Bytes::new()));
        let capture = Arc::clone(&captured);
        let service = move |request: Request<Bytes>| {
            *capture.lock().unwrap() = request.into_body();
            Response::builder().status(202).body(Bytes::new()).unwrap()
        };
        let client = Client::builder().in_process(service).build().unwrap();
        let id = CustomerId::new("47021739-3426-40bf-9601-61b4b6d7c793").unwrap();
        let call = client.customer(id).device_batches().create(batch.clone(), devices);
        let runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = { runtime }.enable_time().start_paused(true).build().unwrap();
        let _ = runtime.block_on(async { call.await }); // an error: the response names no job
        let body = captured.lock().unwrap();
        body.clone()
    }

    fn device() -> impl Strategy<Value = DeviceIdentity> {
        let text = || {
            let odd =
                prop::sample::select(vec!["\"", "\\", "/", "\n", "\u{7f}", "\u{1}", "ü", "💻"]);
            prop::collection::vec(odd, 0..6).prop_map(|odd| format!("a{}z", odd.concat()))
        };
        let optional = (prop::option::of(text()), prop::option::of(text()));
        prop_oneof![
            (text(), optional).prop_map(|(hash, (key, serial))| {
                let mut device = DeviceIdentity::from_hash(hash).unwrap();
                if let Some(key) = key {
                    device = device.with_product_key(key).unwrap();
                }
                if let Some(serial) = serial {
                    device = device.with_serial_number(serial).unwrap();
                }
                device
            }),
            text().prop_map(|key| DeviceIdentity::from_product_key(key).unwrap()),
            (text(), text(), text()).prop_map(|(serial, manufacturer, model)| {
                DeviceIdentity::from_model(serial, manufacturer, model).unwrap()
            }),
        ]
    }

    proptest! {
        #[test]
        fn chunks_are_as_full_as_the_limits_allow(
            devices in prop::collection::vec(device(), 0..12),
            most in 1..6_usize,
            bytes in 0..500_usize,
        ) {
            let (limits, batch) = (limits(most, bytes), batch("\"Büro\""));
            let mut chunker = Chunker::new(limits, &batch);
            let mut chunks: Vec<_> =
                devices.iter().filter_map(|device| chunker.push(device.clone())).collect();
            chunks.extend(chunker.finish());
            prop_assert_eq!(chunker.finish(), None);

            let mut start = 0;
            let mut expected = Vec::new();
            for chunk in &chunks {
                let sent = body(&batch, chunk.devices().to_vec());
                prop_assert_eq!(chunk.bytes(), sent.len());
                let count = chunk.devices().len();
                prop_assert!(count == 1 || count <= most && chunk.bytes() <= bytes);
                prop_assert_eq!(chunk.devices(), &devices[start..start + count]);
                // The next device would exceed a limit.
                if let Some(next) = devices.get(start + count) {
                    let more = chunk.bytes() + 1 + json_length(next);
                    prop_assert!(count == most || more > bytes);
                }
                expected.push(start..start + count);
                start += count;
            }
            prop_assert_eq!(start, devices.len());
            prop_assert_eq!(limits.ranges(&devices, &batch), expected);
        }
    }

    #[test]
    fn returns_a_chunk_as_soon_as_it_is_full() {
        let mut chunker = Chunker::new(limits(2, 1 << 20), &batch("b"));
        let returned: Vec<_> =
            (0..5).map(|n| chunker.push(key(n)).map(|chunk| chunk.devices().len())).collect();
        assert_eq!(returned, [None, Some(2), None, Some(2), None]);
        assert_eq!(chunker.finish().map(Chunk::into_devices), Some(vec![key(4)]));
    }

    #[test]
    fn halved_limits_cut_a_request_in_two() {
        let batch = batch("b");
        let default = ChunkLimits::default();
        for (lengths, expected) in [
            (vec![100; 8], vec![4, 4]),
            (vec![100; 7], vec![4, 3]),
            (vec![100; 2], vec![1, 1]),
            (vec![100, 4000], vec![1, 1]),
            (vec![4000, 100, 100, 100], vec![2, 2]),
            (vec![100], vec![1]),
        ] {
            let halved = default.halved(&lengths, &batch);
            let sizes: Vec<_> =
                halved.cut(lengths.iter().copied(), &batch).iter().map(Range::len).collect();
            assert_eq!(sizes, expected, "{lengths:?}");
            assert!(halved.bytes <= default.bytes && halved.devices == default.devices);
        }
        // A smaller request does not make the limits larger again.
        let small = limits(500, 300);
        assert_eq!(small.halved(&[400, 400], &batch), small);
        assert_eq!(default.halved(&[], &batch), default);
    }

    #[test]
    fn limits_default_to_500_devices_and_4_mib() {
        let hash = |n: usize| DeviceIdentity::from_hash(format!("{n:04000}")).unwrap();
        let devices: Vec<_> = (0..1100).map(hash).collect();
        let batch = batch("b");
        assert_eq!(
            ChunkLimits::default().ranges(&devices, &batch),
            [0..500, 500..1000, 1000..1100]
        );
        let most = ChunkLimits { devices: ChunkSize::MAX, ..ChunkLimits::default() };
        assert_eq!(most.ranges(&devices, &batch), [0..1000, 1000..1100]);
        let less = ChunkLimits { bytes: 1 << 20, ..most };
        assert_eq!(less.ranges(&devices, &batch)[0], 0..260);
        let none = ChunkLimits { bytes: 0, ..most };
        assert_eq!(none.ranges(&devices[..2], &batch), [0..1, 1..2]);
    }

    #[test]
    fn chunk_sizes_outside_1_to_1000_are_invalid() {
        for (text, size) in [("1", Some(1)), ("500", Some(500)), ("1000", Some(1000))] {
            assert_eq!(text.parse::<ChunkSize>().ok().map(ChunkSize::get), size);
        }
        for text in ["0", "1001", "-1", "70000", "", "x"] {
            assert_eq!(text.parse::<ChunkSize>(), Err(InvalidChunkSize), "{text}");
        }
    }
}
