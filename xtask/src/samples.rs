//! `cargo xtask samples`: the fleets in `samples/`. Decides what is in them: made-up devices that look like
//! those of a real vendor, and the outcome that the emulator gives to each.
//!
//! The hardware hashes have the layout of real ones, with values drawn from a fixed seed: `OA`, the length of
//! everything before `CS` (u16, little-endian, as all numbers), records of type (u16), length with these four
//! bytes (u16) and data, then `CS`, 36 and the SHA-256 of everything before `CS`; zeros up to 3,000 bytes; base64
//! of 4,000 characters. Microsoft does not document it; <https://github.com/tadvaas/tscrub> does.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// Partner Center's layout (<https://learn.microsoft.com/partner-center/autopilot>).
const HEADER: &str =
    "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model\n";

/// The samples, by path.
pub(crate) fn files() -> [(PathBuf, String); 2] {
    [
        ("samples/contoso-fleet.csv".into(), contoso_fleet()),
        ("samples/trouble.csv".into(), trouble()),
    ]
}

/// What a row gives of its device.
#[derive(Clone, Copy, PartialEq)]
enum Gives {
    /// Hardware hash and serial number, with manufacturer and model beside them, as Get-WindowsAutopilotInfo does.
    Hash,
    /// The same with the product key.
    HashAndKey,
    /// The product key alone.
    Key,
    /// Serial number, manufacturer and model.
    Tuple,
}

/// 40 devices that all end well: two of them are registered already.
fn contoso_fleet() -> String {
    let mut csv = HEADER.to_owned();
    for number in 0..40 {
        let gives = match number {
            5 | 13 | 21 | 22 | 30 | 37 => Gives::HashAndKey,
            8 | 17 | 26 | 35 => Gives::Key,
            11 | 19 | 28 | 38 => Gives::Tuple,
            _ => Gives::Hash,
        };
        let prefix = if matches!(number, 15 | 32) { "ZTD806-" } else { "" };
        csv.push_str(&Device::draw(number, prefix).row(gives));
    }
    csv
}

/// 12 rows without a mistake that can be seen in the file, most of which the service refuses.
fn trouble() -> String {
    let rows = [
        ("", Gives::Hash),
        ("ZTD808-", Gives::Hash),
        ("ZTD812-", Gives::Tuple),
        ("", Gives::Tuple),
        ("ZTD802-", Gives::Hash),
        ("ZTD813-", Gives::HashAndKey),
        ("ZTD806-", Gives::Hash),
        ("ZTD814-", Gives::Hash),
        ("", Gives::Key),
        ("ZTD640-", Gives::HashAndKey),
        ("ZTD808-", Gives::Tuple),
        ("", Gives::HashAndKey),
    ];
    let row =
        |(number, (prefix, gives)): (u64, (&str, Gives))| Device::draw(number, prefix).row(gives);
    HEADER.to_owned() + &(1000..).zip(rows).map(row).collect::<String>()
}

/// Manufacturer, model, and the form of a serial number: `#` a digit, `*` a letter or digit.
const MODELS: [(&str, &str, &str); 8] = [
    ("Dell Inc.", "Latitude 5450", "*******"),
    ("LENOVO", "21HMCTO1WW", "PF4*****"),
    ("HP", "HP EliteBook 840 14 inch G10 Notebook PC", "5CG4######"),
    ("Microsoft Corporation", "Surface Laptop 6", "0F3########"),
    ("Dell Inc.", "OptiPlex Micro 7020", "*******"),
    ("LENOVO", "21LS001XGE", "PW0*****"),
    ("HP", "HP ProDesk 400 G9 Desktop Mini PC", "8CC3######"),
    ("Microsoft Corporation", "Surface Pro 10 for Business", "0F0########"),
];

struct Device {
    serial_number: String,
    product_key: String,
    manufacturer: &'static str,
    model: &'static str,
    random: Random,
}

impl Device {
    /// Device number `number` of all samples. The prefix tells the emulator how it shall end.
    fn draw(number: u64, prefix: &str) -> Self {
        let mut random = Random(number.wrapping_mul(0xD1B5_4A32_D192_ED03));
        let (manufacturer, model, form) = MODELS[random.below(MODELS.len())];
        let serial_number = prefix.to_owned() + &random.fill(form);
        let product_key = random.fill("330##########");
        Self { serial_number, product_key, manufacturer, model, random }
    }

    fn row(mut self, gives: Gives) -> String {
        let hash = self.hardware_hash();
        let Self { serial_number, product_key, manufacturer, model, .. } = &self;
        match gives {
            Gives::Hash => format!("{serial_number},,{hash},{manufacturer},{model}\n"),
            Gives::HashAndKey => {
                format!("{serial_number},{product_key},{hash},{manufacturer},{model}\n")
            }
            Gives::Key => format!(",{product_key},,,\n"),
            Gives::Tuple => format!("{serial_number},,,{manufacturer},{model}\n"),
        }
    }

    fn hardware_hash(&mut self) -> String {
        let random = &mut self.random;
        let text = |text: &str| [text.as_bytes(), &[0]].concat();
        let mut uuid = random.bytes(16);
        uuid[7] = 0x40 | uuid[7] & 0x0F; // version 4; the first three fields are little-endian
        uuid[8] = 0x80 | uuid[8] & 0x3F;
        let disk = random.fill("NVMe KXG8AZNV512G KIOXIA\0############\0");
        let network = [&[6, 0][..], &random.bytes(6), &[71, 0], &random.bytes(6)].concat();
        let memory = random.fill("HMCG78AGBSA092N\0********\0HMCG78AGBSA092N\0********\0");
        let records: [(u16, Vec<u8>); 18] = [
            // Windows 10.0 and its build, then when and by what the hash was made.
            (
                1,
                [
                    &[0, 0, 10, 0, 0, 0, 0x5D, 0x58],
                    &random.bytes(4)[..],
                    &[0xDB, 1, 0, 0],
                    &[2, 0, 0, 0, 0, 0, 0, 0],
                ]
                .concat(),
            ),
            (7, disk.into_bytes()),
            (8, network),
            (11, text(&random.fill("INTC 2.0 600.18.##.0"))),
            (12, uuid),
            (13, random.bytes(512)), // the TPM's key
            (14, text(&self.serial_number)),
            (15, text(&random.fill("/BRD/CN*************/"))),
            (16, text(self.manufacturer)),
            (17, text(self.model)),
            (18, text(&random.fill("SKU-####"))),
            (19, text(&random.fill("1.#.#"))),
            (21, text("13th Gen Intel(R) Core(TM) i5-1345U")),
            (22, memory.into_bytes()),
            (23, random.bytes(128)), // the screen's description
            (24, text(&self.product_key)),
            (25, random.bytes(8)),
            (2, random.bytes(4)),
        ];
        let content: Vec<u8> =
            records.iter().flat_map(|(kind, data)| record(*kind, data)).collect();
        // `OA` and `CS` are records too, with letters in place of a type.
        let oa = u16::from_le_bytes(*b"OA");
        let mut hash = record(oa, &content);
        let sum = Sha256::digest(&hash);
        hash.extend(record(u16::from_le_bytes(*b"CS"), &sum));
        hash.resize(3000, 0);
        STANDARD.encode(hash)
    }
}

/// Type, length with this header, data.
fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len() + 4).unwrap_or(u16::MAX);
    [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
}

/// SplitMix64: small, and the same on every machine (<https://prng.di.unimi.it/splitmix64.c>).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.next() as u8).collect()
    }

    /// Puts a digit in place of each `#`, and one of the letters and digits that labels use in place of `*`.
    fn fill(&mut self, form: &str) -> String {
        let letters = b"0123456789BCDFGHJKLMNPQRSTVWXYZ";
        let mut draw = |c| match c {
            '#' => char::from(letters[self.below(10)]),
            '*' => char::from(letters[self.below(letters.len())]),
            c => c,
        };
        form.chars().map(&mut draw).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_is_the_published_generator() {
        let mut random = Random(1_234_567);
        let drawn = [random.next(), random.next(), random.next()];
        assert_eq!(
            drawn,
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn samples_are_the_same_every_time_and_simple_csv() {
        for (csv, rows) in [(contoso_fleet(), 40), (trouble(), 12)] {
            assert_eq!(csv.lines().count(), rows + 1);
            assert!(csv.lines().all(|line| line.matches(',').count() == 4 && !line.contains('"')));
        }
        assert_eq!(contoso_fleet(), contoso_fleet());
    }
}
