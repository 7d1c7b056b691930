//! Decoding a hardware hash. Any text is a hash or has a reason why not, and decoding never panics. Decoded names fit
//! into the bytes, and a hash without problems has the exact length and start of a real one.
#![no_main]

use libfuzzer_sys::fuzz_target;
use partner_center_devices::{HardwareHash, HashContents, HashProblem};

/// Encodes bytes as base64, so that the fuzzer need not discover it.
fn encode(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let mut three = [0; 3];
        three[..group.len()].copy_from_slice(group);
        let bits = u32::from_be_bytes([0, three[0], three[1], three[2]]);
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place)) as usize & 63];
            text.push(if place <= group.len() { letter.into() } else { '=' });
        }
    }
    text
}

fuzz_target!(|bytes: &[u8]| {
    // As text, which is usually not base64.
    let text = String::from_utf8_lossy(bytes).into_owned();
    if let Err(invalid) = HashContents::decode(&HardwareHash::new(text)) {
        assert!(invalid.to_string().is_ascii());
    }

    // As bytes, and as the content after a valid header, padded like real hashes.
    let mut headed = b"OA".to_vec();
    headed.extend(u16::try_from(bytes.len().min(60_000) + 4).unwrap_or(u16::MAX).to_le_bytes());
    headed.extend(bytes);
    headed.resize(headed.len().max(3000), 0);
    for bytes in [bytes, &headed] {
        let contents = HashContents::decode(&HardwareHash::new(encode(bytes))).unwrap();
        let names = [
            contents.serial_number(),
            contents.manufacturer(),
            contents.model(),
            contents.product_key(),
            contents.tpm_version(),
        ];
        for name in names.into_iter().flatten() {
            assert!(!name.is_empty() && !name.contains('\0'));
            assert!(name.len() <= 3 * bytes.len());
        }
        let problems = contents.problems();
        if problems.is_empty() {
            assert!(bytes.len() == 3000 && bytes.starts_with(b"OA"));
        }
        if problems.contains(&HashProblem::MissingPrefix) {
            assert_eq!((problems.len(), names), (1, [None; 5]));
        }
        assert!(problems.len() <= 3, "{problems:?}");
        assert!(!format!("{contents:?}").contains(char::is_control));
    }
});
