//! A private key and the certificate that belongs to it, among all that a file contains.
#![cfg(feature = "__rustls")]

use rustls_crate::crypto::CryptoProvider;
use rustls_crate::pki_types::{CertificateDer, PrivateKeyDer};
use rustls_crate::sign::CertifiedKey;

use crate::key_file::{Key, KeyFile, KeyFormat};

impl KeyFile {
    /// Moves the certificate that belongs to the private key to the front. The file may contain the certificates of
    /// authorities in any place.
    pub(crate) fn find_pair(mut self, provider: &CryptoProvider) -> Result<KeyPair, String> {
        let Some(key) = self.keys.first() else {
            return Err(if self.has_encrypted_key {
                "the private key is encrypted; decrypt it: openssl pkey -in FILE -out NEW-FILE"
            } else {
                "the file contains no private key"
            }
            .to_owned());
        };
        let mut problem = format!("the file {}", self.without_certificate());
        for index in 0..self.certificates.len() {
            let chain = vec![CertificateDer::from(self.certificates[index].clone())];
            match CertifiedKey::from_der(chain, private_key(key), provider) {
                Ok(certified_key) => {
                    let certificate = self.certificates.remove(index);
                    self.certificates.insert(0, certificate);
                    return Ok(KeyPair { certified_key, file: self });
                }
                Err(rustls_crate::Error::InconsistentKeys(_)) => {
                    "the private key does not belong to the certificate".clone_into(&mut problem);
                }
                Err(error) => problem = error.to_string(),
            }
        }
        Err(problem)
    }
}

/// A private key with its certificate.
pub(crate) struct KeyPair {
    /// The key, with only its own certificate.
    pub(crate) certified_key: CertifiedKey,
    /// All certificates. The first one belongs to the key.
    file: KeyFile,
}

impl KeyPair {
    /// Returns the certificate in DER format.
    pub(crate) fn certificate(&self) -> &[u8] {
        &self.file.certificates[0]
    }

    /// Returns the certificates and the key in the only format that reqwest reads.
    pub(crate) fn to_pem(&self) -> secrecy::zeroize::Zeroizing<String> {
        use base64::Engine as _;
        use base64::engine::general_purpose::STANDARD;
        let block = |label: &str, der: &[u8]| {
            let text = STANDARD.encode(der);
            format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
        };
        let key = &self.file.keys[0];
        let label = match key.format {
            KeyFormat::Pkcs1 => "RSA PRIVATE KEY",
            KeyFormat::Pkcs8 => "PRIVATE KEY",
            KeyFormat::Sec1 => "EC PRIVATE KEY",
        };
        let mut text: String =
            self.file.certificates.iter().map(|der| block("CERTIFICATE", der)).collect();
        text += &block(label, &key.der);
        text.into()
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
