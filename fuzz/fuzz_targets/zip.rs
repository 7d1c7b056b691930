//! Reading a ZIP archive: the input itself, and an archive with the input as a file in it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use partner_center_devices_fuzz::files::{check_items, ignore_panics_of_calamine, zip};

fuzz_target!(|bytes: &[u8]| {
    ignore_panics_of_calamine();
    check_items(bytes);
    let good = b"Serial,Make,Model\nS1,M,N\n";
    let items = check_items(&zip([("a.csv", bytes), ("b.csv", &good[..])].into_iter()));
    assert!(items.iter().any(|item| item == "f/b.csv:2"), "{items:?}");
});
