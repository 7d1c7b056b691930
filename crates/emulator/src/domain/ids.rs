//! Decides every id and every random-looking text: all come from one seed, so that the same requests get the
//! same answers, and no two of one run are equal in practice.

use std::fmt;

use uuid::{Builder, Uuid};

/// A splitmix64 generator: small, quick, and good enough for ids that only have to differ.
#[derive(Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// The stream `name` of a seed. Streams are apart, so that a status read more or less changes no id.
    pub(crate) fn new(seed: u64, name: u64) -> Self {
        Self(mix(seed ^ mix(name)))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// The next GUID (version 4 by its bits).
    pub(crate) fn guid(&mut self) -> Guid {
        let bits = (u128::from(self.next()) << 64) | u128::from(self.next());
        Guid(Builder::from_random_bytes(bits.to_be_bytes()).into_uuid())
    }

    /// The next correlation vector, as `MS-CV` has it: `iqOqN0FnaE2y0HcD.0`.
    pub(crate) fn correlation_vector(&mut self) -> String {
        const ALPHABET: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let bits = (u128::from(self.next()) << 64) | u128::from(self.next());
        let chars = (0..16).map(|place| char::from(ALPHABET[(bits >> (place * 6)) as usize & 63]));
        chars.chain(".0".chars()).collect()
    }

    /// The next secret text: 256 bits in hexadecimal.
    pub(crate) fn opaque(&mut self) -> String {
        (0..4).map(|_| format!("{:016x}", self.next())).collect()
    }

    /// The next code for a person to type: nine letters and digits that look unlike each other.
    pub(crate) fn user_code(&mut self) -> String {
        const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
        let bits = self.next();
        (0..9).map(|place| char::from(ALPHABET[(bits >> (place * 5)) as usize & 31])).collect()
    }

    /// The next number of a range that is small beside 2^64.
    pub(crate) fn within(&mut self, range: std::ops::Range<u64>) -> u64 {
        range.start + self.next() % (range.end - range.start)
    }

    /// Nine digits, as `MS-ServerId` has them: `030020525`.
    pub(crate) fn server_id(&mut self) -> String {
        format!("{:09}", self.next() % 1_000_000_000)
    }
}

/// The last step of splitmix64: every bit of the result depends on every bit of `value`.
pub(crate) fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

/// An id that the service made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Guid(Uuid);

impl Guid {
    /// Reads a GUID as it is written, in any case. Any other text is an id that was never given out, also where
    /// it is another way to write a GUID.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let guid = Uuid::try_parse(text).ok()?;
        (text.len() == uuid::fmt::Hyphenated::LENGTH).then_some(Self(guid))
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guids_are_read_as_they_are_written() {
        let mut random = Random::new(7, 0);
        for _ in 0..100 {
            let guid = random.guid();
            let text = guid.to_string();
            assert_eq!(&text[14..15], "4");
            assert!(matches!(&text[19..20], "8" | "9" | "a" | "b"), "{text}");
            assert_eq!(Guid::read(&text.to_uppercase()), Some(guid));
        }
        for other in [
            "",
            "9993-8627-3608-6844-6369-4361-72",
            "7c141ea9+2816-4e15-a819-53f6856499ff",
            "7c141ea928164e15a81953f6856499ff",
            "{7c141ea9-2816-4e15-a819-53f6856499ff}",
            "urn:uuid:7c141ea9-2816-4e15-a819-53f6856499ff",
        ] {
            assert_eq!(Guid::read(other), None);
        }
    }

    #[test]
    fn a_seed_gives_these_ids_in_every_version() {
        let mut random = Random::new(0, 0);
        assert_eq!(random.guid().to_string(), "e220a839-7b1d-4daf-ae78-9e6aa1b965f4");
        assert_eq!(random.guid().to_string(), "06c45d18-8009-454f-b88b-b8a8724c81ec");
    }

    #[test]
    fn a_seed_is_a_run_and_a_stream_is_its_own() {
        let texts = |seed, name| {
            let mut random = Random::new(seed, name);
            (random.guid().to_string(), random.correlation_vector(), random.server_id())
        };
        assert_eq!(texts(1, 0), texts(1, 0));
        assert_ne!(texts(1, 0).0, texts(2, 0).0);
        assert_ne!(texts(1, 0).0, texts(1, 1).0);
        assert_eq!(texts(1, 0).1.len(), 18);
        assert_eq!(texts(1, 0).2.len(), 9);
    }
}
