//! A time on the wire: its text is preserved exactly, and its instant survives a round trip through text.
#![no_main]

use std::time::SystemTime;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use libfuzzer_sys::fuzz_target;
use partner_center_devices::raw::types::PartnerDateTime;

fuzz_target!(|text: &str| {
    let time = PartnerDateTime::new(text);
    assert_eq!((time.as_str(), time.to_string().as_str()), (text, text));
    let json = serde_json::to_string(&time).unwrap();
    assert_eq!(serde_json::from_str::<PartnerDateTime>(&json).unwrap(), time);

    let instant = time.to_system_time();
    assert_eq!(read(&format!(" {text}\r\n")), instant, "surrounding whitespace");
    let Some(instant) = instant else { return };
    let written = Timestamp::try_from(instant).expect("an instant in the range of jiff");
    assert!(written.as_second() >= -62_135_510_400, "{written} is the service's \"none\"");
    assert_eq!(read(&written.to_string()), Some(instant), "{written}");

    // Compares with jiff, which ignores a zone that it cannot use, unlike this type.
    let text = text.trim();
    match text.parse::<Timestamp>() {
        Ok(other) => assert_eq!(other, written),
        Err(_) if text.contains('.') => {} // more digits than jiff reads
        Err(_) => {
            let civil: DateTime = text.parse().expect("a time without a zone");
            assert_eq!(Offset::UTC.to_timestamp(civil).ok(), Some(written));
            if text.contains(':') && !text.contains('[') {
                assert_eq!(read(&format!("{text}Z")), Some(instant));
            }
        }
    }
});

fn read(text: &str) -> Option<SystemTime> {
    PartnerDateTime::new(text).to_system_time()
}
