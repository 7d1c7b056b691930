//! Files with certificate authorities. A file without a certificate is an error: it would be trusted silently, and the
//! connection would fail with a reason that does not mention the file.
#![cfg(any(feature = "__rustls", feature = "native-tls"))]

use crate::key_file::KeyFile;

/// Reads all certificates of a file in any format.
pub(super) fn read(file: &[u8]) -> Result<Vec<reqwest::Certificate>, String> {
    let problem = |problem: &str| format!("the file of certificate authorities {problem}");
    let read = KeyFile::read(file).map_err(|error| problem(&error.to_string()))?;
    if read.certificates.is_empty() {
        return Err(problem(&read.without_certificate()));
    }
    let certificates = read.certificates.iter().enumerate().map(|(index, der)| {
        certificate(der).map_err(|reason| {
            problem(&format!(
                "contains a certificate that cannot be used (number {}): {reason}",
                index + 1
            ))
        })
    });
    certificates.collect()
}

fn certificate(der: &[u8]) -> Result<reqwest::Certificate, String> {
    #[cfg(feature = "__rustls")]
    rustls_crate::RootCertStore::empty().add(der.into()).map_err(|error| error.to_string())?;
    reqwest::Certificate::from_der(der).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use partner_center_devices_testkit::app_credentials::AppCertificate;

    use super::*;

    #[test]
    fn only_files_with_certificates_are_accepted() {
        let one = AppCertificate::elliptic();
        let pem = one.certificate_pem();
        let twice = pem.repeat(2);
        for (file, count) in [(&one.der[..], 1), (pem.as_bytes(), 1), (twice.as_bytes(), 2)] {
            assert_eq!(read(file).map(|found| found.len()), Ok(count), "{file:?}");
        }
        let request = pem.replace("CERTIFICATE", "CERTIFICATE REQUEST");
        for (file, words) in [
            (&b""[..], "contains nothing"),
            (one.key_pem().as_bytes(), "a private key and no certificate"),
            (request.as_bytes(), "contains no certificate, but \"certificate request\""),
            (&one.der[..9], "not a certificate"),
            (b"hello", "no certificate in PEM or DER format"),
            // The outer form of a certificate, without its content.
            #[cfg(feature = "__rustls")]
            (&[0x30, 8, 0x30, 0, 0x30, 0, 0x03, 2, 0, 1], "cannot be used (number 1)"),
        ] {
            let problem = read(file).map(|found| found.len()).unwrap_err();
            assert!(problem.contains(words), "{problem}");
        }
    }
}
