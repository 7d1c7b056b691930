//! How devices are cut into requests, and how a device and a request are recognised later. Decides what fits in
//! one request: a number of devices, and a number of bytes of the body that would be sent.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Range;

use partner_center_devices::{BatchId, DeviceIdentity};
use sha2::{Digest, Sha256};

use crate::upload::plan::ChunkSize;

/// What one request may hold. One device always goes, whatever its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ChunkLimits {
    /// The number of devices. 500 unless told.
    pub devices: ChunkSize,
    /// The number of bytes of the body. [`DEFAULT_BYTES`](Self::DEFAULT_BYTES) unless told.
    pub bytes: usize,
}

impl ChunkLimits {
    /// 4 MiB: 1,000 devices with hardware hashes of the usual 4,000 characters. What the API takes is not documented.
    pub const DEFAULT_BYTES: usize = 4 << 20;

    /// Which devices each request to a batch of this name holds, in order: what a [`Chunker`] would give.
    #[must_use]
    pub fn ranges<D: Borrow<DeviceIdentity>>(
        self,
        devices: &[D],
        batch: &BatchId,
    ) -> Vec<Range<usize>> {
        self.cut(devices.iter().map(|device| json_length(device.borrow())), batch)
    }

    /// As [`ranges`](Self::ranges), for devices of these lengths.
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
                room.empty();
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

impl Default for ChunkLimits {
    fn default() -> Self {
        Self { devices: ChunkSize::default(), bytes: Self::DEFAULT_BYTES }
    }
}

/// Devices become requests one after another, so that no more than one request is held at a time.
///
/// Every request is counted as the one that makes the batch, whose body has the batch's name: one that appends is
/// shorter. So what fits stays right if the batch turns out to exist.
///
/// ```
/// use partner_center_devices::{BatchId, DeviceIdentity};
/// use partner_center_devices_fleet::{ChunkLimits, ChunkSize, Chunker};
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
    /// Cuts for a batch of this name.
    #[must_use]
    pub fn new(limits: ChunkLimits, batch: &BatchId) -> Self {
        Self { room: Room::new(limits, batch), devices: Vec::new() }
    }

    /// Takes the next device. Gives a chunk if it is full: with this device, or without if it has no room for it.
    pub fn push(&mut self, device: D) -> Option<Chunk<D>> {
        let length = json_length(device.borrow());
        let full = if self.room.fits(length) { None } else { self.finish() };
        self.room.add(length);
        self.devices.push(device);
        // After the devices before it were given out there is room: a limit of one device never holds any back.
        full.or_else(|| if self.room.is_full() { self.finish() } else { None })
    }

    /// The last chunk: what has not been given out. A new one begins.
    pub fn finish(&mut self) -> Option<Chunk<D>> {
        let bytes = self.room.empty();
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
    /// The devices, in order; at least one.
    #[must_use]
    pub fn devices(&self) -> &[D] {
        &self.devices
    }

    /// The devices, in order.
    #[must_use]
    pub fn into_devices(self) -> Vec<D> {
        self.devices
    }

    /// The bytes of the body that makes the batch with these devices.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}

/// What is left of a request.
#[derive(Clone, Debug)]
struct Room {
    limits: ChunkLimits,
    /// The bytes of a body without devices.
    around: usize,
    devices: usize,
    bytes: usize,
}

impl Room {
    fn new(limits: ChunkLimits, batch: &BatchId) -> Self {
        let around = r#"{"batchId":,"devices":[]}"#.len() + text_length(batch.as_str());
        Self { limits, around, devices: 0, bytes: around }
    }

    /// Whether a device of so many bytes goes in too.
    fn fits(&self, length: usize) -> bool {
        self.devices == 0
            || !self.is_full() && self.bytes.saturating_add(1 + length) <= self.limits.bytes
    }

    /// Whether no other device goes in, of whatever size.
    fn is_full(&self) -> bool {
        self.devices >= self.limits.devices.get()
    }

    fn add(&mut self, length: usize) {
        let comma = usize::from(self.devices > 0);
        self.devices += 1;
        self.bytes += comma + length;
    }

    /// Begins anew. Gives the bytes that were there.
    fn empty(&mut self) -> usize {
        self.devices = 0;
        std::mem::replace(&mut self.bytes, self.around)
    }
}

/// What is sent of a device, by the names of the wire.
fn sent(device: &DeviceIdentity) -> impl Iterator<Item = (&'static str, &str)> {
    let fields = [
        ("hardwareHash", device.hardware_hash().map(|hash| hash.expose())),
        ("modelName", device.model()),
        ("oemManufacturerName", device.manufacturer()),
        ("productKey", device.product_key()),
        ("serialNumber", device.serial_number()),
    ];
    fields.into_iter().filter_map(|(name, value)| Some((name, value?)))
}

/// What is made of a device once, because a hardware hash is long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measure {
    pub(crate) print: Fingerprint,
    /// The bytes of it in a request.
    pub(crate) length: usize,
}

impl Measure {
    pub(crate) fn of(device: &DeviceIdentity) -> Self {
        Self { print: Fingerprint::of(device), length: json_length(device) }
    }
}

/// The bytes of a device as JSON without blanks, as the client sends it.
pub(crate) fn json_length(device: &DeviceIdentity) -> usize {
    let fields =
        sent(device).map(|(name, value)| r#""":,"#.len() + name.len() + text_length(value));
    // Braces, and one comma less than fields.
    1 + fields.sum::<usize>()
}

/// The bytes of a text as a JSON string: quotes, backslashes and control characters are escaped.
fn text_length(text: &str) -> usize {
    let extra = |byte: u8| match byte {
        b'"' | b'\\' | b'\x08' | b'\t' | b'\n' | b'\x0C' | b'\r' => 1,
        0..0x20 => r"\u0000".len() - 1,
        _ => 0,
    };
    // Without a branch for each byte: hashes have thousands, and none is escaped.
    let escaped = text
        .bytes()
        .fold(false, |any, byte| any | (byte < 0x20) | (byte == b'"') | (byte == b'\\'));
    let extra = if escaped { text.bytes().map(extra).sum::<usize>() } else { 0 };
    2 + text.len() + extra
}

/// What a device, or the devices of a request, are recognised by later: equal for the same things in the same
/// order, on every machine. It covers all that is sent of them and gives nothing of it away.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// Of a device, as it is sent.
    #[must_use]
    pub fn of(device: &DeviceIdentity) -> Self {
        let mut sha = Sha256::new_with_prefix(b"device");
        for (name, value) in sent(device) {
            // With lengths, so that values cannot run into one another.
            sha.update((name.len() as u64).to_le_bytes());
            sha.update(name);
            sha.update((value.len() as u64).to_le_bytes());
            sha.update(value);
        }
        Self::cut(sha)
    }

    /// Of the devices of a request, in order.
    #[must_use]
    pub fn of_chunk(devices: impl IntoIterator<Item = Self>) -> Self {
        let mut sha = Sha256::new_with_prefix(b"chunk");
        devices.into_iter().for_each(|device| sha.update(device.0));
        Self::cut(sha)
    }

    /// To be stored.
    pub(crate) fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    fn cut(sha: Sha256) -> Self {
        let whole: [u8; 32] = sha.finalize().into();
        let mut first = [0; 16];
        first.copy_from_slice(&whole[..16]);
        Self(first)
    }
}

/// 32 hexadecimal digits.
impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
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

    /// The body with which the client makes the batch.
    fn body(batch: &BatchId, devices: Vec<DeviceIdentity>) -> Bytes {
        let seen = Arc::new(Mutex::new(Bytes::new()));
        let seeing = Arc::clone(&seen);
        let service = move |request: Request<Bytes>| {
            *seeing.lock().unwrap() = request.into_body();
            Response::builder().status(202).body(Bytes::new()).unwrap()
        };
        let client = Client::builder().in_process(service).build().unwrap();
        let id = CustomerId::new("47021739-3426-40bf-9601-61b4b6d7c793").unwrap();
        let call = client.customer(id).device_batches().create(batch.clone(), devices);
        let runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = { runtime }.enable_time().start_paused(true).build().unwrap();
        let _ = runtime.block_on(async { call.await }); // which names no job
        let body = seen.lock().unwrap();
        body.clone()
    }

    fn device() -> impl Strategy<Value = DeviceIdentity> {
        let text = || {
            let odd =
                prop::sample::select(vec!["\"", "\\", "/", "\n", "\u{7f}", "\u{1}", "ü", "💻"]);
            prop::collection::vec(odd, 0..6).prop_map(|odd| format!("a{}z", odd.concat()))
        };
        let beside = (prop::option::of(text()), prop::option::of(text()));
        prop_oneof![
            (text(), beside).prop_map(|(hash, (key, serial))| {
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
            (text(), text(), text()).prop_map(|(serial, maker, model)| {
                DeviceIdentity::from_model(serial, maker, model).unwrap()
            }),
        ]
    }

    proptest! {
        #[test]
        fn chunks_are_as_full_as_the_limits_let_them(
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

            let mut place = 0;
            let mut expected = Vec::new();
            for chunk in &chunks {
                let sent = body(&batch, chunk.devices().to_vec());
                prop_assert_eq!(chunk.bytes(), sent.len());
                let count = chunk.devices().len();
                prop_assert!(count == 1 || count <= most && chunk.bytes() <= bytes);
                prop_assert_eq!(chunk.devices(), &devices[place..place + count]);
                // With the next device it would be too much.
                if let Some(next) = devices.get(place + count) {
                    let more = chunk.bytes() + 1 + json_length(next);
                    prop_assert!(count == most || more > bytes);
                }
                expected.push(place..place + count);
                place += count;
            }
            prop_assert_eq!(place, devices.len());
            prop_assert_eq!(limits.ranges(&devices, &batch), expected);
        }
    }

    #[test]
    fn a_full_chunk_is_given_out_at_once() {
        let mut chunker = Chunker::new(limits(2, 1 << 20), &batch("b"));
        let given: Vec<_> =
            (0..5).map(|n| chunker.push(key(n)).map(|chunk| chunk.devices().len())).collect();
        assert_eq!(given, [None, Some(2), None, Some(2), None]);
        assert_eq!(chunker.finish().map(Chunk::into_devices), Some(vec![key(4)]));
    }

    #[test]
    fn the_default_is_500_devices_in_4_mib() {
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

    /// They are in the journals of earlier versions.
    #[test]
    fn fingerprints_stay_what_they_are() {
        let model = DeviceIdentity::from_model("4PX12X3", "Dell Inc.", "Latitude 5450").unwrap();
        let hash = DeviceIdentity::from_hash("T0E=").unwrap().with_serial_number("S1").unwrap();
        let prints = [&model, &hash, &key(1)].map(Fingerprint::of);
        insta::assert_debug_snapshot!((prints, Fingerprint::of_chunk(prints)));
    }

    #[test]
    fn a_fingerprint_covers_all_that_is_sent() {
        let hash = |hash: &str| DeviceIdentity::from_hash(hash).unwrap();
        let different = [
            hash("T0E="),
            hash("T0F="),
            hash("T0E=").with_serial_number("1").unwrap(),
            hash("T0E=").with_serial_number("2").unwrap(),
            hash("T0E=").with_product_key("1").unwrap(),
            DeviceIdentity::from_product_key("1").unwrap(),
            DeviceIdentity::from_model("1", "2", "3").unwrap(),
            DeviceIdentity::from_model("12", "3", "3").unwrap(),
            DeviceIdentity::from_model("1", "3", "2").unwrap(),
            DeviceIdentity::from_model("1", "2", "33").unwrap(),
        ];
        let prints: std::collections::HashSet<_> = different.iter().map(Fingerprint::of).collect();
        assert_eq!(prints.len(), different.len());
        let [first, second] = [&different[0], &different[1]].map(Fingerprint::of);
        assert_ne!(Fingerprint::of_chunk([first, second]), Fingerprint::of_chunk([second, first]));
        assert_ne!(Fingerprint::of_chunk([first]), first);
        assert_eq!(Fingerprint(*first.as_bytes()), first);
    }
}
