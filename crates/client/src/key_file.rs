//! Files with certificates and private keys: PEM with anything around and inside of it that programs add, DER, and
//! PKCS #7. Errors never quote a file.
#![cfg(any(feature = "__rustls", feature = "native-tls"))]

use std::fmt;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use partner_center_devices_raw::der::element;
use partner_center_devices_raw::text_encoding;
use secrecy::zeroize::Zeroizing;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The content of a file.
#[derive(Default)]
pub(crate) struct KeyFile {
    /// The certificates in DER format, in the order of the file.
    pub(crate) certificates: Vec<Vec<u8>>,
    pub(crate) keys: Vec<Key>,
    pub(crate) has_encrypted_key: bool,
    /// The first label of a block that contains something else.
    other: Option<String>,
}

/// A private key that is not encrypted.
#[cfg_attr(not(feature = "__rustls"), allow(dead_code))] // only rustls can use one
pub(crate) struct Key {
    pub(crate) format: KeyFormat,
    pub(crate) der: Zeroizing<Vec<u8>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyFormat {
    Pkcs1,
    Pkcs8,
    Sec1,
}

/// The reason why a file cannot be read. `Display` completes the sentence "the file …".
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    Empty,
    /// The number of the block and its label.
    Damaged(usize, String),
    /// DER data that is not a certificate.
    OtherDer,
    Pkcs7,
    Pkcs12,
    JavaKeyStore,
    Unknown,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "contains nothing",
            Self::Damaged(number, label) => {
                return write!(f, "is damaged: block {number} ({label}) cannot be read");
            }
            Self::OtherDer => "contains DER data that is not a certificate, or is damaged",
            Self::Pkcs7 => {
                "is in a form of PKCS 7 that cannot be read; convert it: openssl pkcs7 -print_certs -in FILE -out FILE.pem (add -inform der if it is not text)"
            }
            Self::Pkcs12 => {
                "is in the format PKCS 12 (PFX); convert it: openssl pkcs12 -nodes -in FILE.pfx -out FILE.pem"
            }
            Self::JavaKeyStore => {
                "is a Java key store; export its certificates: keytool -exportcert -rfc -keystore FILE -alias NAME"
            }
            Self::Unknown => "contains no certificate in PEM or DER format",
        })
    }
}

impl KeyFile {
    /// Reads a file in any of the formats.
    pub(crate) fn read(file: &[u8]) -> Result<Self, Unreadable> {
        let text = Zeroizing::new(match text_encoding::decode(file) {
            Some(text) => text.into_owned(),
            None => String::from_utf8_lossy(file).into_owned(), // comments in another encoding
        });
        if text.contains(BEGIN) {
            return Self::of_pem(&text);
        }
        if text.trim().is_empty() {
            return Err(Unreadable::Empty);
        }
        // Some programs export the Base64 text without the lines around it.
        match decode_base64(&text).filter(|der| der.first() == Some(&0x30)) {
            Some(der) => Self::of_der(&der),
            None => Self::of_der(file),
        }
    }

    fn of_pem(text: &str) -> Result<Self, Unreadable> {
        let mut this = Self::default();
        for (index, block) in text.split(BEGIN).skip(1).enumerate() {
            let (label, rest) = block.split_once("-----").unwrap_or((block, ""));
            let label: String = label.trim().chars().take(40).collect();
            let body = rest.split_once(END).map(|(body, _)| body);
            this.add(&label, body).ok_or(Unreadable::Damaged(index + 1, label))?;
        }
        Ok(this)
    }

    /// Adds the content of a block; `None` if it is damaged. A block without an end has no body.
    fn add(&mut self, label: &str, body: Option<&str>) -> Option<()> {
        let format = match label {
            "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => {
                let der = decode_base64(body?)?;
                // OpenSSL writes its own trust settings behind a trusted certificate.
                match first_certificate(&der) {
                    Some((certificate, _)) => self.certificates.push(certificate.to_vec()),
                    None => self.certificates.extend(certificates_of_pkcs7(&der)?),
                }
                return Some(());
            }
            "PKCS7" | "PKCS #7 SIGNED DATA" | "CMS" => {
                self.certificates.extend(certificates_of_pkcs7(&decode_base64(body?)?)?);
                return Some(());
            }
            "PRIVATE KEY" => KeyFormat::Pkcs8,
            "RSA PRIVATE KEY" => KeyFormat::Pkcs1,
            "EC PRIVATE KEY" => KeyFormat::Sec1,
            "ENCRYPTED PRIVATE KEY" => {
                self.has_encrypted_key = true;
                return Some(());
            }
            other => {
                self.other.get_or_insert_with(|| other.to_lowercase());
                return Some(());
            }
        };
        let body = body?;
        if body.contains("ENCRYPTED") {
            self.has_encrypted_key = true; // the header `Proc-Type: 4,ENCRYPTED` of OpenSSL
            return Some(());
        }
        let der = decode_base64(body)?;
        element(&der)?;
        self.keys.push(Key { format, der });
        Some(())
    }

    fn of_der(file: &[u8]) -> Result<Self, Unreadable> {
        let mut this = Self::default();
        let mut rest = file;
        while let Some((certificate, after)) = first_certificate(rest) {
            this.certificates.push(certificate.to_vec());
            rest = after;
        }
        // Behind a trusted certificate of OpenSSL are its own trust settings.
        let is_trust = matches!(element(rest), Some((0x30, _, after)) if is_blank(after));
        if !this.certificates.is_empty() && (is_blank(rest) || is_trust) {
            return Ok(this);
        }
        if let Some(certificates) = certificates_of_pkcs7(file) {
            return Ok(Self { certificates, ..Self::default() });
        }
        Err(match after_header(file) {
            _ if file.starts_with(b"\xfe\xed\xfe\xed") => Unreadable::JavaKeyStore,
            Some([2, 1, 3, ..]) => Unreadable::Pkcs12,
            Some(inside) if inside.starts_with(SIGNED_DATA) => Unreadable::Pkcs7,
            Some(_) => Unreadable::OtherDer,
            None => Unreadable::Unknown,
        })
    }

    /// Describes a file without certificates.
    pub(crate) fn without_certificate(&self) -> String {
        if !self.keys.is_empty() || self.has_encrypted_key {
            return "contains a private key and no certificate".to_owned();
        }
        match &self.other {
            Some(other) => format!("contains no certificate, but \"{other}\""),
            None => "contains no certificate".to_owned(),
        }
    }
}

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END";

/// Decodes the Base64 text between two lines of PEM. The lines may be indented or joined, also by the `\n` of JSON, and
/// may start with headers. No copy of the text stays in memory, because it may be a key.
fn decode_base64(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let lines = text.split("\\n").flat_map(str::lines).filter(|line| !line.contains(':'));
    let is_invisible = |c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}');
    let mut packed = Zeroizing::new(String::with_capacity(text.len()));
    let parts = lines.flat_map(|line| line.split("\\r"));
    packed.extend(parts.flat_map(str::chars).filter(|c| !is_invisible(*c)));
    let der = BASE64.decode(packed.as_bytes()).ok().filter(|der| !der.is_empty());
    der.map(Zeroizing::new)
}

/// Splits off a certificate: a sequence of a sequence, a sequence and a bit string (RFC 5280, section 4.1). A key starts
/// with a number instead.
fn first_certificate(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (0x30, inside, rest) = element(der)? else { return None };
    let (0x30, _, after) = element(inside)? else { return None };
    let (0x30, _, after) = element(after)? else { return None };
    let (0x03, _, []) = element(after)? else { return None };
    Some(der.split_at(der.len() - rest.len()))
}

/// The object identifier of signed data, as an element (RFC 2315, section 14).
const SIGNED_DATA: &[u8] = &[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];

/// Returns the certificates in the signed data of PKCS 7 (RFC 2315, section 9.1), in which programs export several
/// certificates without signing anything.
fn certificates_of_pkcs7(der: &[u8]) -> Option<Vec<Vec<u8>>> {
    let (0x30, content, _) = element(der)? else { return None };
    let (0xa0, content, _) = element(content.strip_prefix(SIGNED_DATA)?)? else { return None };
    let (0x30, mut fields, _) = element(content)? else { return None };
    loop {
        let (tag, mut inside, rest) = element(fields)?;
        if tag == 0xa0 {
            let mut certificates = Vec::new();
            while !inside.is_empty() {
                let (certificate, after) = first_certificate(inside)?;
                certificates.push(certificate.to_vec());
                inside = after;
            }
            return Some(certificates);
        }
        fields = rest;
    }
}

/// Returns the data after the tag and the length of a sequence, whose length may be indefinite.
fn after_header(der: &[u8]) -> Option<&[u8]> {
    let (0x30, rest) = der.split_first()? else { return None };
    let (length, rest) = rest.split_first()?;
    let more = if *length > 0x80 { usize::from(*length & 0x7f) } else { 0 };
    rest.get(more..)
}

fn is_blank(rest: &[u8]) -> bool {
    rest.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0)
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;

    use super::*;

    /// Returns an element of DER.
    fn der(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len()).unwrap().to_be_bytes();
        [&[tag, 0x82], &length[..], content].concat()
    }

    /// Returns the outer form of a certificate.
    fn certificate(content: &[u8]) -> Vec<u8> {
        let inside = [der(0x30, content), der(0x30, &[]), der(0x03, &[0, 1])].concat();
        der(0x30, &inside)
    }

    fn pkcs7(certificates: &[Vec<u8>]) -> Vec<u8> {
        let fields =
            [der(2, &[1]), der(0x31, &[]), der(0x30, &[]), der(0xa0, &certificates.concat())];
        let content = der(0xa0, &der(0x30, &fields.concat()));
        der(0x30, &[SIGNED_DATA, &content].concat())
    }

    fn pem(label: &str, der: &[u8], width: usize, indent: &str, end: &str) -> String {
        let text = STANDARD.encode(der);
        let lines = text.as_bytes().chunks(width.max(1)).map(|line| str::from_utf8(line).unwrap());
        let lines = std::iter::once(format!("-----BEGIN {label}-----"))
            .chain(lines.map(ToOwned::to_owned))
            .chain(std::iter::once(format!("-----END {label}-----")));
        lines.map(|line| format!("{indent}{line}{end}")).collect()
    }

    fn read(file: &[u8]) -> Result<Vec<Vec<u8>>, String> {
        KeyFile::read(file).map(|read| read.certificates).map_err(|error| error.to_string())
    }

    #[test]
    fn certificates_are_read_in_every_format() {
        let (one, two) = (certificate(b"one"), certificate(b"two"));
        let both = vec![one.clone(), two.clone()];
        let trusted = [one.clone(), der(0x30, &der(0x30, &[]))].concat();
        let plain = pem("CERTIFICATE", &one, 64, "", "\n");
        let json = plain.replace('\n', "\\n");
        for (file, expected) in [
            (one.clone(), &both[..1]),
            ([&one[..], b"\r\n"].concat(), &both[..1]),
            (both.concat(), &both),
            (trusted.clone(), &both[..1]),
            (pkcs7(&both), &both),
            (STANDARD.encode(&one).into_bytes(), &both[..1]),
            (STANDARD.encode(pkcs7(&both)).into_bytes(), &both),
            (pem("TRUSTED CERTIFICATE", &trusted, 64, "", "\n").into_bytes(), &both[..1]),
            (pem("PKCS7", &pkcs7(&both), 64, "", "\r\n").into_bytes(), &both),
            (pem("CERTIFICATE", &pkcs7(&both), 64, "", "\n").into_bytes(), &both),
            (format!("{{\"ca\": \"{json}\"}}").into_bytes(), &both[..1]),
            (plain.replace('\n', " ").into_bytes(), &both[..1]),
            (plain.replace('=', "").into_bytes(), &both[..1]),
            ([b"subject=M\xfcller\n", plain.as_bytes()].concat(), &both[..1]),
            (
                format!("{plain}-----BEGIN X509 CRL-----\n?\n-----END X509 CRL-----").into_bytes(),
                &both[..1],
            ),
        ] {
            assert_eq!(read(&file).as_deref(), Ok(expected), "{}", String::from_utf8_lossy(&file));
        }
    }

    #[test]
    fn other_files_are_refused_with_the_reason_and_a_cure() {
        let one = certificate(b"one");
        let good = pem("CERTIFICATE", &one, 64, "", "\n");
        let damaged = [good.clone(), good.replace("MI", "MJ")].concat();
        for (file, words) in [
            (&b""[..], "contains nothing"),
            (b"\xff\xfe \0", "contains nothing"),
            (damaged.as_bytes(), "block 2 (CERTIFICATE)"),
            (b"-----BEGIN CERTIFICATE-----\nMAgw", "block 1 (CERTIFICATE)"),
            (b"-----BEGIN CERTIFICATE", "block 1 (CERTIFICATE)"),
            (b"-----BEGIN PRIVATE KEY-----\n?\n-----END PRIVATE KEY-----", "block 1 (PRIVATE KEY)"),
            (&[0x30, 3, 2, 1, 0], "not a certificate"),
            (&one[..one.len() - 1], "not a certificate"),
            (&[&one[..], b"text"].concat(), "damaged"),
            (&der(0x30, &[der(2, &[3]), der(0x30, &[])].concat())[..], "not a certificate"),
            (&[0x30, 0x82, 1, 0, 2, 1, 3, 0x30, 0], "openssl pkcs12 -nodes"),
            (&[0x30, 0x80, 2, 1, 3, 0x30, 0x80], "openssl pkcs12 -nodes"),
            (&[&[0x30, 0x80], SIGNED_DATA].concat(), "openssl pkcs7"),
            (b"\xfe\xed\xfe\xed\0\0\0\x02", "keytool"),
            (b"hello", "no certificate in PEM or DER format"),
        ] {
            let problem = read(file).unwrap_err();
            assert!(problem.contains(words), "{file:?}: {problem}");
        }
    }

    #[test]
    fn keys_are_read_by_their_label() {
        let key = der(0x30, &[der(2, &[0]), der(0x30, &[])].concat());
        for (label, format) in [
            ("PRIVATE KEY", KeyFormat::Pkcs8),
            ("RSA PRIVATE KEY", KeyFormat::Pkcs1),
            ("EC PRIVATE KEY", KeyFormat::Sec1),
        ] {
            let file = KeyFile::read(pem(label, &key, 64, "  ", "\r\n").as_bytes()).unwrap();
            assert_eq!(file.keys[0].format, format);
            assert_eq!(*file.keys[0].der, key);
            assert!(file.without_certificate().contains("private key and no certificate"));
        }
        for text in [
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----",
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: A,0\n\nAA==\n-----END RSA PRIVATE KEY-----",
        ] {
            let file = KeyFile::read(text.as_bytes()).unwrap();
            assert!(file.has_encrypted_key && file.keys.is_empty(), "{text}");
        }
        let request =
            "-----BEGIN CERTIFICATE REQUEST-----\nAA==\n-----END CERTIFICATE REQUEST-----";
        let file = KeyFile::read(request.as_bytes()).unwrap();
        assert!(file.without_certificate().contains("\"certificate request\""));
    }

    /// Additions of programs to a certificate in PEM format.
    #[derive(Debug, Clone)]
    struct Dressing {
        label: &'static str,
        width: usize,
        indent: &'static str,
        end: &'static str,
        text_before: &'static str,
    }

    fn dressing() -> impl Strategy<Value = Dressing> {
        (
            prop_oneof![
                Just("CERTIFICATE"),
                Just("TRUSTED CERTIFICATE"),
                Just("X509 CERTIFICATE"),
                Just("PKCS7")
            ],
            1_usize..90,
            prop_oneof![Just(""), Just("  "), Just("\t"), Just("\u{a0}")],
            prop_oneof![Just("\n"), Just("\r\n"), Just(" \n"), Just("\n\n"), Just("\\n")],
            prop_oneof![
                Just(""),
                Just("# Müller\n"),
                Just("Bag Attributes\n    x: y\n"),
                Just("\u{feff}")
            ],
        )
            .prop_map(|(label, width, indent, end, text_before)| Dressing {
                label,
                width,
                indent,
                end,
                text_before,
            })
    }

    proptest! {
        #[test]
        fn the_dressing_of_certificates_does_not_matter(
            contents in prop::collection::vec((prop::collection::vec(any::<u8>(), 0..40), dressing()), 1..6),
            encoding in 0_u8..5,
        ) {
            let mut text = String::new();
            let mut expected = Vec::new();
            for (content, Dressing { label, width, indent, end, text_before }) in contents {
                let certificate = certificate(&content);
                let der = match label {
                    "TRUSTED CERTIFICATE" => [certificate.clone(), der(0x30, &[])].concat(),
                    "PKCS7" => pkcs7(std::slice::from_ref(&certificate)),
                    _ => certificate.clone(),
                };
                text += text_before;
                text += &pem(label, &der, width, indent, end);
                expected.push(certificate);
            }
            let marked = format!("\u{feff}{text}");
            let wide = |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
                text.encode_utf16().flat_map(bytes).collect()
            };
            let file = match encoding {
                0 => text.into_bytes(),
                1 => marked.into_bytes(),
                2 => wide(&marked, u16::to_le_bytes),
                3 => wide(&marked, u16::to_be_bytes),
                _ => wide(&format!("# {text}"), u16::to_le_bytes),
            };
            prop_assert_eq!(read(&file), Ok(expected));
        }

        #[test]
        fn no_file_panics(file in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = KeyFile::read(&file);
        }
    }
}
