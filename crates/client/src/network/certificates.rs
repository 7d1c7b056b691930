//! Files with certificate authorities. A file without a certificate is an error: it would be trusted silently, and the
//! connection would fail with a reason that does not mention the file.
#![cfg(any(feature = "__rustls", feature = "native-tls"))]

use partner_center_devices_raw::der::element;

/// Reads all certificates of a file, in PEM or DER format.
pub(super) fn read(file: &[u8]) -> Result<Vec<reqwest::Certificate>, String> {
    let text = String::from_utf8_lossy(file);
    if text.contains("-----BEGIN") {
        let certificates = reqwest::Certificate::from_pem_bundle(file)
            .map_err(|_| "a certificate authority is not valid PEM".to_owned())?;
        for certificate in text.split("-----BEGIN CERTIFICATE-----").skip(1) {
            let body = certificate.split("-----END").next().unwrap_or_default();
            if !decode_base64(body).is_some_and(|der| is_certificate(&der)) {
                return Err("a certificate authority is damaged".to_owned());
            }
        }
        return match certificates.is_empty() {
            false => Ok(certificates),
            true => Err(none(if text.contains("PRIVATE KEY") {
                "a private key and no certificate"
            } else if text.contains("PKCS7") {
                "certificates in the format PKCS 7; convert them to PEM"
            } else {
                "no certificate"
            })),
        };
    }
    if is_certificate(file) {
        let certificate = reqwest::Certificate::from_der(file);
        return certificate.map(|found| vec![found]).map_err(|_| none("no valid certificate"));
    }
    Err(none(match file.trim_ascii() {
        [] => "nothing",
        // The tags of an RSA key or a key in PKCS 8, which start with a version.
        [0x30, ..] => "DER data, but not one certificate",
        _ => "no certificate in PEM or DER format",
    }))
}

fn none(found: &str) -> String {
    format!("the file of certificate authorities contains {found}")
}

fn decode_base64(text: &str) -> Option<Vec<u8>> {
    use base64::Engine as _;
    let packed: String = text.split_whitespace().collect();
    base64::engine::general_purpose::STANDARD.decode(packed).ok()
}

/// Returns true for the outer form of a certificate: a sequence of a sequence, a sequence and a bit string (RFC 5280,
/// section 4.1). A key starts with a number instead.
fn is_certificate(der: &[u8]) -> bool {
    let Some((0x30, inside, rest)) = element(der) else { return false };
    let Some((0x30, _, after)) = element(inside) else { return false };
    let Some((0x30, _, after)) = element(after) else { return false };
    matches!(element(after), Some((0x03, _, []))) && rest.trim_ascii().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The outer form of a certificate.
    const DER: &[u8] = &[0x30, 8, 0x30, 0, 0x30, 0, 0x03, 2, 0, 1];

    #[test]
    fn only_files_with_certificates_are_accepted() {
        let pem = "-----BEGIN CERTIFICATE-----\nMAgwADAAAwIAAQ==\n-----END CERTIFICATE-----\n";
        let twice = pem.repeat(2);
        for (file, count) in [(DER, 1), (pem.as_bytes(), 1), (twice.as_bytes(), 2)] {
            assert_eq!(read(file).map(|found| found.len()), Ok(count), "{file:?}");
        }
        let key = "-----BEGIN PRIVATE KEY-----\nMAgwADAAAwIAAQ==\n-----END PRIVATE KEY-----\n";
        let damaged = pem.replace("MAgw", "MAgx");
        for (file, words) in [
            (&b""[..], "contains nothing"),
            (b" \n", "contains nothing"),
            (key.as_bytes(), "a private key and no certificate"),
            (damaged.as_bytes(), "damaged"),
            (b"-----BEGIN PKCS7-----\nAA==\n-----END PKCS7-----\n", "PKCS 7"),
            (&[0x30, 3, 2, 1, 0], "not one certificate"),
            (&DER[..9], "not one certificate"),
            (b"hello", "no certificate in PEM or DER format"),
        ] {
            let problem = read(file).map(|found| found.len()).unwrap_err();
            assert!(problem.contains(words), "{problem}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_file_panics(file in proptest::collection::vec(proptest::num::u8::ANY, 0..60)) {
            let _ = read(&file);
        }
    }
}
