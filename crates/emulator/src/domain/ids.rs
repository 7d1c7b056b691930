//! Generated ids and other random-looking texts. All come from one seed, so the same requests give the same responses.

use std::fmt;

use uuid::{Builder, Uuid};

/// A splitmix64 generator: small, fast, and good enough for ids that only have to differ.
#[derive(Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// Creates the numbered stream of a seed. Streams are independent: reading a status does not change later
    /// resource ids.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        Self(mix(seed ^ mix(stream)))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// Returns the next GUID, with the bits of version 4.
    pub(crate) fn guid(&mut self) -> Guid {
        let bits = (u128::from(self.next()) << 64) | u128::from(self.next());
        Guid(Builder::from_random_bytes(bits.to_be_bytes()).into_uuid())
    }

    /// Returns the next correlation vector for `MS-CV`: `iqOqN0FnaE2y0HcD.0`.
    pub(crate) fn correlation_vector(&mut self) -> String {
        const ALPHABET: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let bits = (u128::from(self.next()) << 64) | u128::from(self.next());
        let chars = (0..16).map(|index| char::from(ALPHABET[(bits >> (index * 6)) as usize & 63]));
        chars.chain(".0".chars()).collect()
    }

    /// Returns the next opaque code: 256 bits in hexadecimal.
    pub(crate) fn opaque(&mut self) -> String {
        (0..4).map(|_| format!("{:016x}", self.next())).collect()
    }

    /// Returns the next code for a person to type: nine letters and digits that are hard to confuse.
    pub(crate) fn user_code(&mut self) -> String {
        const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
        let bits = self.next();
        (0..9).map(|index| char::from(ALPHABET[(bits >> (index * 5)) as usize & 31])).collect()
    }

    /// Returns the next number of a range, which must be small compared to 2^64.
    pub(crate) fn within(&mut self, range: std::ops::Range<u64>) -> u64 {
        range.start + self.next() % (range.end - range.start)
    }

    /// Returns the next nine digits for `MS-ServerId`: `030020525`.
    pub(crate) fn server_id(&mut self) -> String {
        format!("{:09}", self.next() % 1_000_000_000)
    }
}

/// Mixes the bits of a number, as the last step of splitmix64 does. Every bit of the result depends on every bit of
/// `value`.
pub(crate) fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

/// An id that the service generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Guid(Uuid);

impl Guid {
    /// Parses a GUID in the hyphenated form, case-insensitively. Returns `None` for other forms, because the service never
    /// generates them.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let guid = Uuid::try_parse(text).ok()?;
        (text.len() == uuid::fmt::Hyphenated::LENGTH).then_some(Self(guid))
    }

    pub(crate) fn as_uuid(self) -> Uuid {
        self.0
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
    fn parses_only_hyphenated_guids() {
        let mut random = Random::new(7, 0);
        for _ in 0..100 {
            let guid = random.guid();
            let text = guid.to_string();
            assert_eq!(&text[14..15], "4");
            assert!(matches!(&text[19..20], "8" | "9" | "a" | "b"), "{text}");
            assert_eq!(Guid::parse(&text.to_uppercase()), Some(guid));
        }
        for other in [
            "",
            "9993-8627-3608-6844-6369-4361-72",
            "7c141ea9+2816-4e15-a819-53f6856499ff",
            "7c141ea928164e15a81953f6856499ff",
            "{7c141ea9-2816-4e15-a819-53f6856499ff}",
            "urn:uuid:7c141ea9-2816-4e15-a819-53f6856499ff",
        ] {
            assert_eq!(Guid::parse(other), None);
        }
    }

    #[test]
    fn ids_of_a_seed_never_change() {
        let mut random = Random::new(0, 0);
        assert_eq!(random.guid().to_string(), "e220a839-7b1d-4daf-ae78-9e6aa1b965f4");
        assert_eq!(random.guid().to_string(), "06c45d18-8009-454f-b88b-b8a8724c81ec");
    }

    #[test]
    fn seeds_and_streams_give_different_ids() {
        let texts = |seed, stream| {
            let mut random = Random::new(seed, stream);
            (random.guid().to_string(), random.correlation_vector(), random.server_id())
        };
        assert_eq!(texts(1, 0), texts(1, 0));
        assert_ne!(texts(1, 0).0, texts(2, 0).0);
        assert_ne!(texts(1, 0).0, texts(1, 1).0);
        assert_eq!(texts(1, 0).1.len(), 18);
        assert_eq!(texts(1, 0).2.len(), 9);
    }
}
