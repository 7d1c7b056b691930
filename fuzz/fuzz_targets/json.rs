//! Reading JSON. In a text that serde_json accepts, a device next to the input is a row, or the file has an error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use partner_center_devices_fuzz::files::check_items;

fuzz_target!(|bytes: &[u8]| {
    let text = [b"[{\"serial\":\"S1\"},", bytes, b"]"].concat();
    let items = check_items(&text);
    if serde_json::from_slice::<Vec<serde_json::Value>>(&text).is_ok() {
        let is_row_or_error = |item: &String| !item.contains(' ') || item.contains(": error: ");
        assert!(items.iter().any(is_row_or_error), "{items:?}");
    }
    check_items(bytes);
});
