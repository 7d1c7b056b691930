//! Decides every id and every random-looking text: all come from one seed, so that the same requests get the
//! same answers, and no two of one run are equal in practice.

use std::fmt;

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
        Guid(bits & !(0xF << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62))
    }

    /// The next correlation vector, as `MS-CV` has it: `iqOqN0FnaE2y0HcD.0`.
    pub(crate) fn correlation_vector(&mut self) -> String {
        const ALPHABET: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let bits = (u128::from(self.next()) << 64) | u128::from(self.next());
        let chars = (0..16).map(|place| char::from(ALPHABET[(bits >> (place * 6)) as usize & 63]));
        chars.chain(".0".chars()).collect()
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
pub(crate) struct Guid(u128);

impl Guid {
    /// Reads a GUID in any case. Any other text is an id that was never given out.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != 36 {
            return None;
        }
        let mut bits = 0;
        for (place, byte) in bytes.iter().enumerate() {
            if matches!(place, 8 | 13 | 18 | 23) {
                if *byte != b'-' {
                    return None;
                }
            } else {
                bits = (bits << 4) | u128::from(char::from(*byte).to_digit(16)?);
            }
        }
        Some(Self(bits))
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(bits) = self;
        write!(
            f,
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            bits >> 96,
            (bits >> 80) & 0xFFFF,
            (bits >> 64) & 0xFFFF,
            (bits >> 48) & 0xFFFF,
            bits & 0xFFFF_FFFF_FFFF
        )
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
        for other in
            ["", "9993-8627-3608-6844-6369-4361-72", "7c141ea9+2816-4e15-a819-53f6856499ff"]
        {
            assert_eq!(Guid::read(other), None);
        }
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
