//! Small files, such as settings, worlds, secrets and request bodies. A device or a pipe could be read without end, or
//! block without end. Files that a profile names must be regular, because the profile may come from a stranger. Files
//! that the user names may be pipes, such as `<(command)`, which are read within a time limit.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use partner_center_devices::raw::text_encoding;
use secrecy::SecretString;

/// The maximum size of a file in bytes.
const MAX_FILE: u64 = 256 << 20;

/// The maximum size of a secret in bytes.
const MAX_SECRET: u64 = 1 << 20;

/// The time limit for reading a pipe or a device.
const PIPE_TIME_LIMIT: Duration = Duration::from_secs(60);

/// Reads a whole file.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    read_file(path, MAX_FILE)
}

/// Reads a whole file that is text in UTF-8 or UTF-16.
pub(crate) fn read_text(path: &Path) -> io::Result<String> {
    text(read(path)?)
}

/// Reads a file with a secret, which is text and has at most a mebibyte.
pub(crate) fn read_secret(path: &Path) -> io::Result<SecretString> {
    text(read_file(path, MAX_SECRET)?).map(SecretString::from)
}

/// Opens a regular file. Others are an error.
pub(crate) fn open_regular(path: &Path) -> io::Result<File> {
    let not_regular = || io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file");
    match is_regular(path)? {
        true => File::open(path),
        false => Err(not_regular()),
    }
}

/// Reads a whole file, which must be regular.
pub(crate) fn read_regular(path: &Path) -> io::Result<Vec<u8>> {
    read_from(open_regular(path)?)
}

/// Like [`read_regular`], for a file that is text.
pub(crate) fn read_regular_text(path: &Path) -> io::Result<String> {
    text(read_regular(path)?)
}

/// Like [`read_secret`], for a file that must be regular.
pub(crate) fn read_regular_secret(path: &Path) -> io::Result<SecretString> {
    read_secret_from(open_regular(path)?)
}

/// Reads everything from a stream, such as stdin.
pub(crate) fn read_from(stream: impl Read) -> io::Result<Vec<u8>> {
    read_up_to(stream, MAX_FILE)
}

/// Reads a secret from a stream.
pub(crate) fn read_secret_from(stream: impl Read) -> io::Result<SecretString> {
    text(read_up_to(stream, MAX_SECRET)?).map(SecretString::from)
}

/// Reads everything from a stream that is text.
pub(crate) fn read_text_from(stream: impl Read) -> io::Result<String> {
    text(read_from(stream)?)
}

fn text(bytes: Vec<u8>) -> io::Result<String> {
    match text_encoding::decode(&bytes) {
        Some(text) => Ok(text.into_owned()),
        None => {
            Err(io::Error::new(io::ErrorKind::InvalidData, "it is not text in UTF-8 or UTF-16"))
        }
    }
}

fn is_regular(path: &Path) -> io::Result<bool> {
    path.metadata().map(|metadata| metadata.is_file())
}

fn read_file(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    match is_regular(path)? {
        true => read_up_to(File::open(path)?, limit),
        false => read_within(path, limit, PIPE_TIME_LIMIT),
    }
}

/// Reads a pipe or a device. A named pipe blocks until another program opens it, so another thread waits for it.
fn read_within(path: &Path, limit: u64, time_limit: Duration) -> io::Result<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    let path = path.to_owned();
    thread::spawn(move || {
        let read = File::open(path).and_then(|file| read_up_to(file, limit));
        let _ = sender.send(read); // fails after the time limit
    });
    receiver.recv_timeout(time_limit).unwrap_or_else(|_| {
        let message =
            format!("it is a pipe or a device that did not end within {} s", time_limit.as_secs());
        Err(io::Error::new(io::ErrorKind::TimedOut, message))
    })
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
    fn text_of_windows_powershell_is_read() {
        let utf_16 = "\u{feff}müller".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in ["müller".as_bytes().to_vec(), "\u{feff}müller".as_bytes().to_vec(), utf_16]
        {
            assert_eq!(text(bytes).unwrap(), "müller");
        }
        assert!(text(b"m\xfcller".to_vec()).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_does_not_block_and_a_device_has_an_end() {
        let folder = tempfile::tempdir().unwrap();
        let [silent, pipe] = ["silent", "pipe"].map(|name| folder.path().join(name));
        let made = std::process::Command::new("mkfifo").args([&silent, &pipe]).status();
        assert!(made.unwrap().success());
        let error = read_within(&silent, 10, Duration::ZERO).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        let writer = thread::spawn({
            let pipe = pipe.clone();
            move || std::fs::write(pipe, "abc").unwrap()
        });
        assert_eq!(read(&pipe).unwrap(), b"abc");
        writer.join().unwrap();
        for path in [&pipe, Path::new("/dev/zero"), folder.path()] {
            let error = open_regular(path).unwrap_err().to_string();
            assert_eq!(error, "it is not a regular file", "{}", path.display());
        }
        assert_eq!(
            read_secret(Path::new("/dev/zero")).unwrap_err().kind(),
            io::ErrorKind::FileTooLarge
        );
        assert_eq!(
            read_regular(Path::new("/nowhere")).unwrap_err().kind(),
            io::ErrorKind::NotFound
        );
    }

    #[test]
    fn a_stream_without_end_is_refused() {
        assert_eq!(read_up_to(&b"abc"[..], 3).unwrap(), b"abc");
        let error = read_up_to(io::repeat(0), 1 << 20).unwrap_err();
        assert_eq!(error.to_string(), "it is larger than 1 MiB, or has no end");
    }
}
