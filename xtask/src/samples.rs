//! Generates the fleets in `samples/`: fictional devices that look like those of a real vendor. The prefix of a serial
//! number selects the device's outcome in the emulator.
//!
//! The hardware hashes have the layout of real ones, with values from a fixed seed.

use std::path::PathBuf;

/// The builder of the tests. This program does not depend on the test support, which takes long to build.
#[path = "../../crates/testkit/src/hash.rs"]
#[allow(dead_code, unreachable_pub)]
mod hash;

use hash::HashBuilder;

/// The header of Partner Center's layout (<https://learn.microsoft.com/partner-center/autopilot>).
const HEADER: &str =
    "Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model\n";

/// Returns the path and text of each sample.
pub(crate) fn files() -> [(PathBuf, String); 2] {
    [
        ("samples/contoso-fleet.csv".into(), contoso_fleet()),
        ("samples/trouble.csv".into(), trouble()),
    ]
}

/// The values in a row that identify its device.
#[derive(Clone, Copy, PartialEq)]
enum Identity {
    /// Hardware hash, serial number, manufacturer and model, like the output of Get-WindowsAutopilotInfo.
    Hash,
    /// The values of `Hash`, and the product key.
    HashAndKey,
    /// Only the product key.
    Key,
    /// Serial number, manufacturer and model.
    Tuple,
}

/// Returns a file with 40 devices. None fails; two are already registered.
fn contoso_fleet() -> String {
    let mut csv = HEADER.to_owned();
    for number in 0..40 {
        let identity = match number {
            5 | 13 | 21 | 22 | 30 | 37 => Identity::HashAndKey,
            8 | 17 | 26 | 35 => Identity::Key,
            11 | 19 | 28 | 38 => Identity::Tuple,
            _ => Identity::Hash,
        };
        let prefix = if matches!(number, 15 | 32) { "ZTD806-" } else { "" };
        csv.push_str(&Device::draw(number, prefix).row(identity));
    }
    csv
}

/// Returns a file with 12 valid rows, most of which the service rejects.
fn trouble() -> String {
    let rows = [
        ("", Identity::Hash),
        ("ZTD808-", Identity::Hash),
        ("ZTD812-", Identity::Tuple),
        ("", Identity::Tuple),
        ("ZTD802-", Identity::Hash),
        ("ZTD813-", Identity::HashAndKey),
        ("ZTD806-", Identity::Hash),
        ("ZTD814-", Identity::Hash),
        ("", Identity::Key),
        ("ZTD640-", Identity::HashAndKey),
        ("ZTD808-", Identity::Tuple),
        ("", Identity::HashAndKey),
    ];
    let row = |(number, (prefix, identity)): (u64, (&str, Identity))| {
        Device::draw(number, prefix).row(identity)
    };
    HEADER.to_owned() + &(1000..).zip(rows).map(row).collect::<String>()
}

/// Manufacturer, model, and pattern of the serial number: `#` is a digit, `*` a letter or digit.
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
    /// Generates device `number`. The prefix selects its outcome in the emulator.
    fn draw(number: u64, prefix: &str) -> Self {
        let mut random = Random(number.wrapping_mul(0xD1B5_4A32_D192_ED03));
        let (manufacturer, model, form) = MODELS[random.below(MODELS.len())];
        let serial_number = prefix.to_owned() + &random.fill(form);
        let product_key = random.fill("330##########");
        Self { serial_number, product_key, manufacturer, model, random }
    }

    fn row(mut self, identity: Identity) -> String {
        let hash = self.hardware_hash();
        let Self { serial_number, product_key, manufacturer, model, .. } = &self;
        match identity {
            Identity::Hash => format!("{serial_number},,{hash},{manufacturer},{model}\n"),
            Identity::HashAndKey => {
                format!("{serial_number},{product_key},{hash},{manufacturer},{model}\n")
            }
            Identity::Key => format!(",{product_key},,,\n"),
            Identity::Tuple => format!("{serial_number},,,{manufacturer},{model}\n"),
        }
    }

    fn hardware_hash(&mut self) -> String {
        let random = &mut self.random;
        let text = |text: &str| [text.as_bytes(), &[0]].concat();
        let mut uuid = random.bytes(16);
        uuid[7] = 0x40 | uuid[7] & 0x0F; // version 4; the first three fields are little-endian
        uuid[8] = 0x80 | uuid[8] & 0x3F;
        let adapter = [&[14, 0, 0, 0][..], &random.bytes(6), &[0, 0]].concat();
        let memory = random.fill("HMCG78AGBSA092N\0********\0HMCG78AGBSA092N\0********\0");
        let records: [(u16, Vec<u8>); 18] = [
            // The tool that made the hash and Windows, both version 10.0; then the time, and a full operating system.
            (
                1,
                [
                    &[0, 0, 10, 0, 0, 0, 0x5D, 0x58],
                    &[0, 0, 10, 0, 0xB4, 0x10, 0x5D, 0x58],
                    &random.bytes(4)[..],
                    &[0xDB, 1, 0, 0],
                    &[2, 9, 3],
                ]
                .concat(),
            ),
            (7, text(&random.fill("####_####_####_####."))),
            (8, adapter),
            (11, random.bytes(42)),
            (12, uuid),
            (13, text(&random.fill("INTC 2.0 600.18.##.0"))),
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
            (25, random.bytes(512)), // the TPM's key
            (2, random.bytes(4)),
        ];
        let add = |hash: HashBuilder, (kind, data): &(u16, Vec<u8>)| hash.record(*kind, data);
        records.iter().fold(HashBuilder::new(), add).encode()
    }
}

/// SplitMix64: small, with the same results on every machine (<https://prng.di.unimi.it/splitmix64.c>).
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

    /// Replaces each `#` with a digit, and each `*` with a letter or digit that is used on labels.
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
    fn random_numbers_match_the_published_generator() {
        let mut random = Random(1_234_567);
        let drawn = [random.next(), random.next(), random.next()];
        assert_eq!(
            drawn,
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn samples_are_reproducible_and_simple_csv() {
        for (csv, rows) in [(contoso_fleet(), 40), (trouble(), 12)] {
            assert_eq!(csv.lines().count(), rows + 1);
            assert!(csv.lines().all(|line| line.matches(',').count() == 4 && !line.contains('"')));
        }
        assert_eq!(contoso_fleet(), contoso_fleet());
    }
}
