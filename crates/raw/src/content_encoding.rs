//! Bodies that a server or a proxy compressed, although no request asks for it.

use std::fmt;
use std::io::Read;

use bytes::Bytes;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};

/// The number of encodings that are applied to one body.
const MAX_ENCODINGS: usize = 3;

/// The error of a body that cannot be decoded.
#[derive(Debug)]
pub(crate) enum DecodeError {
    /// The decoded body is larger than the limit.
    TooLarge,
    Unreadable(UnreadableEncoding),
}

/// The error of a body in an encoding that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableEncoding {
    encoding: String,
    is_damaged: bool,
}

impl fmt::Display for UnreadableEncoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { encoding, is_damaged } = self;
        if *is_damaged {
            write!(f, "the response is compressed with {encoding}, but damaged")
        } else {
            write!(
                f,
                "the response is encoded with {encoding}, which was not requested and cannot be read"
            )
        }
    }
}

impl std::error::Error for UnreadableEncoding {}

/// Decodes a body, and removes the headers that describe its encoded form. A body that starts like gzip is decoded even
/// without a header, because JSON cannot start like that.
///
/// # Errors
/// If the encoding cannot be read, or if the decoded body has more than `limit` bytes.
pub(crate) fn decode(
    headers: &mut HeaderMap,
    mut body: Bytes,
    limit: usize,
) -> Result<Bytes, DecodeError> {
    if body.is_empty() {
        return Ok(body);
    }
    let is_encoded = headers.contains_key(CONTENT_ENCODING);
    if is_encoded {
        let encodings = encodings(headers);
        if encodings.len() > MAX_ENCODINGS {
            return Err(unreadable(&encodings.join(", "), false));
        }
        for encoding in encodings.iter().rev() {
            body = decode_one(encoding, &body, limit)?;
        }
    } else if is_gzip(&body) {
        body = decode_one("gzip", &body, limit)?;
    } else {
        return Ok(body);
    }
    headers.remove(CONTENT_ENCODING);
    headers.remove(CONTENT_LENGTH);
    Ok(body)
}

/// Returns the encodings in the order in which they were applied.
fn encodings(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(CONTENT_ENCODING).into_iter();
    let names = values.flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    names
        .map(|name| String::from_utf8_lossy(name).trim().to_ascii_lowercase())
        .filter(|name| !name.is_empty() && name != "identity")
        .collect()
}

fn is_gzip(body: &[u8]) -> bool {
    body.starts_with(&[0x1f, 0x8b, 8])
}

fn decode_one(encoding: &str, body: &[u8], limit: usize) -> Result<Bytes, DecodeError> {
    match encoding {
        "gzip" | "x-gzip" if is_gzip(body) => read(encoding, MultiGzDecoder::new(body), limit),
        // The standard means zlib, but some servers send the bare algorithm (RFC 9110, section 8.4.1.2).
        "deflate" => read(encoding, ZlibDecoder::new(body), limit)
            .or_else(|error| match error {
                DecodeError::TooLarge => Err(error),
                DecodeError::Unreadable(_) => read(encoding, DeflateDecoder::new(body), limit),
            })
            .or_else(
                |error| if is_plain(body) { Ok(Bytes::copy_from_slice(body)) } else { Err(error) },
            ),
        // Some proxies decode a body and keep the header.
        "gzip" | "x-gzip" if is_plain(body) => Ok(Bytes::copy_from_slice(body)),
        "gzip" | "x-gzip" => Err(unreadable(encoding, true)),
        _ if is_plain(body) => Ok(Bytes::copy_from_slice(body)),
        _ => Err(unreadable(encoding, false)),
    }
}

/// Returns true if a body is text as it is. Compressed data has control characters, or is not UTF-8.
fn is_plain(body: &[u8]) -> bool {
    let is_text = |c: char| !c.is_control() || c.is_ascii_whitespace();
    std::str::from_utf8(body).is_ok_and(|text| text.chars().all(is_text))
}

fn read(encoding: &str, decoder: impl Read, limit: usize) -> Result<Bytes, DecodeError> {
    let mut decoded = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    decoder.take(most).read_to_end(&mut decoded).map_err(|_| unreadable(encoding, true))?;
    if decoded.len() > limit {
        return Err(DecodeError::TooLarge);
    }
    Ok(decoded.into())
}

fn unreadable(encoding: &str, is_damaged: bool) -> DecodeError {
    let encoding = crate::redact::message(encoding).chars().take(40).collect();
    DecodeError::Unreadable(UnreadableEncoding { encoding, is_damaged })
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    const TEXT: &[u8] = br#"{"code":"20002"}"#;

    fn gzip(body: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(body).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(body: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(body).unwrap();
        encoder.finish().unwrap()
    }

    fn deflate(body: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(body).unwrap();
        encoder.finish().unwrap()
    }

    fn check(encoding: &str, body: &[u8], limit: usize) -> Result<Vec<u8>, String> {
        let mut headers = HeaderMap::new();
        if !encoding.is_empty() {
            headers.insert(CONTENT_ENCODING, encoding.parse().unwrap());
        }
        let decoded = decode(&mut headers, Bytes::copy_from_slice(body), limit);
        decoded.map(|body| body.to_vec()).map_err(|error| match error {
            DecodeError::TooLarge => "too large".to_owned(),
            DecodeError::Unreadable(error) => error.to_string(),
        })
    }

    #[test]
    fn decodes_gzip_and_deflate() {
        let twice = gzip(&zlib(TEXT));
        for (encoding, body) in [
            ("gzip", gzip(TEXT)),
            ("GZip", gzip(TEXT)),
            ("x-gzip", gzip(TEXT)),
            ("", gzip(TEXT)),
            ("deflate", zlib(TEXT)),
            ("deflate", deflate(TEXT)),
            ("deflate, gzip", twice),
            ("identity", TEXT.to_vec()),
            ("", TEXT.to_vec()),
            // A proxy decoded the body, but kept the header.
            ("gzip", TEXT.to_vec()),
            ("deflate", TEXT.to_vec()),
            ("br", TEXT.to_vec()),
        ] {
            assert_eq!(check(encoding, &body, 1 << 20).unwrap(), TEXT, "{encoding}");
        }
        for encoding in ["gzip", "deflate", "br"] {
            let text = "Zugriff verweigert für diese Seite".as_bytes();
            assert_eq!(check(encoding, text, 99).unwrap(), text, "{encoding}");
        }
        assert_eq!(check("br", b"", 9).unwrap(), b"");
    }

    #[test]
    fn names_what_cannot_be_decoded() {
        for (encoding, body, words) in [
            ("br", &b"\x0b\x02\x80"[..], "encoded with br, which was not requested"),
            ("zstd", b"\x28\xb5\x2f\xfd", "encoded with zstd"),
            ("gzip", b"\x1f\x8b\x08\x00 damaged", "compressed with gzip, but damaged"),
            ("gzip", b"\xff\xff", "compressed with gzip, but damaged"),
            ("deflate", b"\xff\xff", "compressed with deflate, but damaged"),
            ("gzip, gzip, gzip, gzip", b"x", "encoded with gzip, gzip, gzip, gzip"),
        ] {
            let error = check(encoding, body, 1 << 20).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
        let half = gzip(TEXT);
        assert!(check("gzip", &half[..half.len() - 9], 1 << 20).unwrap_err().contains("damaged"));
    }

    #[test]
    fn a_small_body_does_not_become_a_huge_one() {
        let bomb = vec![0; 5 << 20];
        for (encoding, body) in
            [("gzip", gzip(&bomb)), ("deflate", zlib(&bomb)), ("deflate", deflate(&bomb))]
        {
            let error = check(encoding, &body, 1 << 20).unwrap_err();
            assert_eq!(error, "too large");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_body_panics(
            encoding in "(gzip|deflate|br|,| |identity){0,5}",
            body in proptest::collection::vec(proptest::num::u8::ANY, 0..100),
        ) {
            let _ = check(&encoding, &body, 1000);
        }
    }
}
