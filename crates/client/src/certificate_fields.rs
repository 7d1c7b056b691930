//! Fields of a certificate (RFC 5280, section 4.1).
#![cfg(feature = "__rustls")]

use std::time::SystemTime;

use partner_center_devices_raw::der::element;
use partner_center_devices_raw::types::PartnerDateTime;

pub(crate) const SEQUENCE: u8 = 0x30;

/// Fields of a certificate in DER format.
pub(crate) struct CertificateFields<'a> {
    /// The parts of the issuer's name.
    pub(crate) issuer: &'a [u8],
    /// The two times between which the certificate is valid.
    validity: &'a [u8],
}

impl<'a> CertificateFields<'a> {
    pub(crate) fn read(certificate: &'a [u8]) -> Option<Self> {
        const VERSION: u8 = 0xA0;
        let (certificate, _) = inside(certificate, SEQUENCE)?;
        let (fields, _) = inside(certificate, SEQUENCE)?;
        let after_version = inside(fields, VERSION).map_or(fields, |(_, rest)| rest);
        let (_, _, after_number) = element(after_version)?;
        let (_, after_algorithm) = inside(after_number, SEQUENCE)?;
        let (issuer, after_issuer) = inside(after_algorithm, SEQUENCE)?;
        let validity = inside(after_issuer, SEQUENCE).map_or(&[][..], |(validity, _)| validity);
        Some(Self { issuer, validity })
    }

    /// Returns the time at which the certificate expires; `None` for a time that cannot be read.
    pub(crate) fn expires(&self) -> Option<SystemTime> {
        let (_, _, after_start) = element(self.validity)?;
        let (tag, end, _) = element(after_start)?;
        time(tag, std::str::from_utf8(end).ok()?)
    }
}

/// Returns the content of an element with this tag, and the rest after it.
pub(crate) fn inside(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    element(der).and_then(|(found, inside, rest)| (found == tag).then_some((inside, rest)))
}

/// Reads a time (RFC 5280, section 4.1.2.5): `YYMMDDHHMMSSZ` from 1950 to 2049, or `YYYYMMDDHHMMSSZ`.
fn time(tag: u8, text: &str) -> Option<SystemTime> {
    const UTC_TIME: u8 = 0x17;
    const GENERALIZED_TIME: u8 = 0x18;
    let digits = text.strip_suffix('Z')?;
    let digits = match tag {
        UTC_TIME => format!("{}{digits}", if digits < "50" { "20" } else { "19" }),
        GENERALIZED_TIME => digits.to_owned(),
        _ => return None,
    };
    if digits.len() != 14 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| &digits[from..to];
    let date = format!("{}-{}-{}", part(0, 4), part(4, 6), part(6, 8));
    let time = format!("{}:{}:{}Z", part(8, 10), part(10, 12), part(12, 14));
    PartnerDateTime::new(format!("{date}T{time}")).to_system_time()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use partner_center_devices_testkit::app_credentials::AppCertificate;

    use super::*;

    #[test]
    fn times_have_two_formats() {
        for (tag, text, expected) in [
            (0x17, "700101000010Z", Some(10)),
            (0x17, "491231235959Z", Some(2_524_607_999)),
            (0x17, "990101000000Z", Some(915_148_800)),
            (0x18, "20500101000000Z", Some(2_524_608_000)),
            (0x18, "99991231235959Z", None), // no expiration (RFC 5280, section 4.1.2.5)
            (0x18, "500101000000Z", None),
            (0x17, "20500101000000Z", None),
            (0x17, "700101000010", None),
            (0x17, "701301000010Z", None),
            (0x17, "70010100001\u{e9}Z", None),
            (0x17, "+00101000010Z", None),
            (0x0C, "700101000010Z", None),
            (0x17, "Z", None),
        ] {
            let expected = expected.map(|s| SystemTime::UNIX_EPOCH + Duration::from_secs(s));
            assert_eq!(time(tag, text), expected, "{text}");
        }
    }

    #[test]
    fn a_certificate_has_an_end() {
        let end = SystemTime::UNIX_EPOCH + Duration::from_secs(2_000_000_000);
        let certificate = AppCertificate::rsa_until(end);
        assert_eq!(CertificateFields::read(&certificate.der).unwrap().expires(), Some(end));
    }

    proptest::proptest! {
        #[test]
        fn no_certificate_panics(
            changed in proptest::collection::vec((0..400usize, proptest::num::u8::ANY), 0..4),
        ) {
            let mut bytes = AppCertificate::elliptic().der;
            for (at, byte) in changed {
                if let Some(old) = bytes.get_mut(at) { *old = byte }
            }
            let _ = CertificateFields::read(&bytes).map(|fields| fields.expires());
        }
    }
}
