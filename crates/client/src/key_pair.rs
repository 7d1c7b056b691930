//! A private key and the certificate that belongs to it, among all that a file contains.
#![cfg(feature = "__rustls")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls_crate::crypto::CryptoProvider;
use rustls_crate::pki_types::{CertificateDer, PrivateKeyDer};
use rustls_crate::sign::CertifiedKey;
use secrecy::zeroize::Zeroizing;

use crate::key_file::{Key, KeyFile, KeyFormat};

impl KeyFile {
    /// Finds a private key and the certificate that belongs to it. The file may contain other keys, and the certificates
    /// of authorities in any place.
    pub(crate) fn find_pair(mut self, provider: &CryptoProvider) -> Result<KeyPair, String> {
        if self.keys.is_empty() {
            return Err(if self.has_encrypted_key {
                "the private key is encrypted; decrypt it: openssl pkey -in FILE -out NEW-FILE"
            } else {
                "the file contains no private key"
            }
            .to_owned());
        }
        let mut problem = format!("the file {}", self.without_certificate());
        for (key, index) in self.candidates() {
            let chain = vec![CertificateDer::from(self.certificates[index].clone())];
            match CertifiedKey::from_der(chain, private_key(&self.keys[key]), provider) {
                Ok(certified_key) => {
                    let key = self.keys.swap_remove(key);
                    self.certificates[..=index].rotate_right(1);
                    return Ok(KeyPair { certified_key, key, certificates: self.certificates });
                }
                Err(rustls_crate::Error::InconsistentKeys(_)) => {
                    "the private key does not belong to the certificate".clone_into(&mut problem);
                }
                Err(error) => problem = error.to_string(),
            }
        }
        Err(problem)
    }

    /// Returns the positions of each key with those of each certificate.
    fn candidates(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let certificates = self.certificates.len();
        (0..self.keys.len()).flat_map(move |key| (0..certificates).map(move |index| (key, index)))
    }
}

/// A private key with its certificate.
pub(crate) struct KeyPair {
    /// The key, with only its own certificate.
    pub(crate) certified_key: CertifiedKey,
    key: Key,
    /// All certificates of the file. The first one belongs to the key.
    certificates: Vec<Vec<u8>>,
}

impl KeyPair {
    /// Returns the certificate in DER format.
    pub(crate) fn certificate(&self) -> &[u8] {
        &self.certificates[0]
    }

    /// Returns the certificates and the key in the only format that reqwest reads.
    pub(crate) fn to_pem(&self) -> Zeroizing<String> {
        let label = match self.key.format {
            KeyFormat::Pkcs1 => "RSA PRIVATE KEY",
            KeyFormat::Pkcs8 => "PRIVATE KEY",
            KeyFormat::Sec1 => "EC PRIVATE KEY",
        };
        let blocks = self.certificates.iter().map(|der| ("CERTIFICATE", &der[..]));
        let blocks = blocks.chain([(label, &self.key.der[..])]);
        // A text that grows would leave copies of the key in memory.
        let size = blocks.clone().map(|(_, der)| 2 * der.len() + 100).sum();
        let mut text = Zeroizing::new(String::with_capacity(size));
        for (label, der) in blocks {
            text.push_str(&format!("-----BEGIN {label}-----\n"));
            STANDARD.encode_string(der, &mut text);
            text.push_str(&format!("\n-----END {label}-----\n"));
        }
        text
    }
}

fn private_key(key: &Key) -> PrivateKeyDer<'static> {
    let der = key.der.to_vec();
    match key.format {
        KeyFormat::Pkcs1 => PrivateKeyDer::Pkcs1(der.into()),
        KeyFormat::Pkcs8 => PrivateKeyDer::Pkcs8(der.into()),
        KeyFormat::Sec1 => PrivateKeyDer::Sec1(der.into()),
    }
}

#[cfg(test)]
mod tests {
    use partner_center_devices_testkit::app_credentials::AppCertificate;

    use super::*;
    use crate::network::crypto_provider;

    /// Returns the certificate in front and the number of certificates, or the problem.
    fn pair(file: &str) -> Result<(Vec<u8>, usize), String> {
        let file = KeyFile::read(file.as_bytes()).unwrap();
        let pair = file.find_pair(&crypto_provider::current().unwrap())?;
        let again = KeyFile::read(pair.to_pem().as_bytes()).unwrap();
        assert_eq!(*again.keys[0].der, *pair.key.der);
        Ok((pair.certificate().to_vec(), again.certificates.len()))
    }

    #[test]
    fn a_key_and_its_certificate_may_be_in_any_place() {
        let (own, other) = (AppCertificate::elliptic(), AppCertificate::elliptic());
        let (key, certificate) = (own.key_pem(), own.certificate_pem());
        let (other_key, authority) = (other.key_pem(), AppCertificate::rsa().certificate_pem());
        for (parts, count) in [
            (&[&key, &certificate][..], 1),
            (&[&certificate, &key], 1),
            (&[&authority, &authority, &certificate, &key], 3),
            (&[&other_key, &key, &certificate], 1),
            (&[&other_key, &authority, &key, &certificate], 2),
        ] {
            let file: String = parts.iter().map(|part| part.as_str()).collect();
            assert_eq!(pair(&file), Ok((own.der.clone(), count)), "{count} {}", parts.len());
        }
        for (parts, problem) in [
            (&[&certificate][..], "the file contains no private key"),
            (&[&key], "the file contains a private key and no certificate"),
            (&[&other_key, &certificate], "the private key does not belong to the certificate"),
        ] {
            let file: String = parts.iter().map(|part| part.as_str()).collect();
            assert_eq!(pair(&file), Err(problem.to_owned()));
        }
    }
}
