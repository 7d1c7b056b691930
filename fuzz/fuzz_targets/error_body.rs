//! An arbitrary body of an error response: the extracted code and description can be shown.
#![no_main]

use libfuzzer_sys::fuzz_target;
use partner_center_devices::fuzzing;
use partner_center_devices_fuzz::assert_showable;

fuzz_target!(|body: &[u8]| {
    let (code, description) = fuzzing::error_body(body);
    let is_json = serde_json::from_slice::<serde_json::Value>(body).is_ok();
    assert!(code.is_none() || is_json);
    code.iter().chain(&description).for_each(|text| assert_showable(text));

    // Whitespace that a gateway adds changes nothing.
    let padded = [b" \r\n", body, b"\n"].concat();
    assert_eq!(fuzzing::error_body(&padded), (code, description));
});
