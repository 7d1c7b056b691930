//! Small files, such as settings, worlds, secrets and request bodies. A device or a pipe could be read without end.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use secrecy::SecretString;

/// The maximum size of a file in bytes.
const MAX_FILE: u64 = 256 << 20;

/// The maximum size of a secret in bytes.
const MAX_SECRET: u64 = 1 << 20;

/// Reads a whole file.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    read_from(File::open(path)?)
}

/// Reads a whole file that is UTF-8.
pub(crate) fn read_text(path: &Path) -> io::Result<String> {
    text(read(path)?)
}

/// Reads everything from a stream, such as stdin.
pub(crate) fn read_from(stream: impl Read) -> io::Result<Vec<u8>> {
    read_up_to(stream, MAX_FILE)
}

/// Reads a file or a stream with a secret, which is UTF-8 and has at most a mebibyte.
pub(crate) fn read_secret(stream: impl Read) -> io::Result<SecretString> {
    text(read_up_to(stream, MAX_SECRET)?).map(SecretString::from)
}

/// Reads everything from a stream that is UTF-8.
pub(crate) fn read_text_from(stream: impl Read) -> io::Result<String> {
    text(read_from(stream)?)
}

fn text(bytes: Vec<u8>) -> io::Result<String> {
    let not_utf8 =
        |_| io::Error::new(io::ErrorKind::InvalidData, "stream did not contain valid UTF-8");
    String::from_utf8(bytes).map_err(not_utf8)
}

fn read_up_to(stream: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    stream.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        let message = format!("it is larger than {} MiB, or has no end", limit >> 20);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_without_end_is_refused() {
        assert_eq!(read_up_to(&b"abc"[..], 3).unwrap(), b"abc");
        let error = read_up_to(io::repeat(0), 1 << 20).unwrap_err();
        assert_eq!(error.to_string(), "it is larger than 1 MiB, or has no end");
    }
}
