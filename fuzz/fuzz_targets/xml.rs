//! Reading XML.
#![no_main]

use libfuzzer_sys::fuzz_target;
use partner_center_devices_fuzz::files::check_items;

fuzz_target!(|bytes: &[u8]| {
    check_items(&[b"<", bytes].concat());
});
