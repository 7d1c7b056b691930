//! Archives that are the same, byte by byte, for the same files: sorted names, one time, two modes, no owner.

use std::fs::File;
use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipArchive, ZipWriter};

/// A file of an archive.
#[derive(Clone)]
pub(super) struct Entry {
    /// The path below the folder of the archive, with `/`.
    pub(super) path: String,
    pub(super) content: Vec<u8>,
    pub(super) is_executable: bool,
}

impl Entry {
    pub(super) fn new(path: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        Self { path: path.into(), content: content.into(), is_executable: false }
    }

    fn mode(&self) -> u32 {
        if self.is_executable { 0o755 } else { 0o644 }
    }
}

/// Returns the archive with all entries below `folder`. `name` decides the format: `.zip`, otherwise `.tar.gz`.
pub(super) fn pack(
    name: &str,
    folder: &str,
    entries: &[Entry],
    time: Timestamp,
) -> Result<Vec<u8>> {
    let mut entries: Vec<_> = entries.iter().collect();
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    if is_zip(name) { zip(folder, &entries, time) } else { tar(folder, &entries, time) }
}

fn is_zip(name: &str) -> bool {
    name.ends_with(".zip")
}

fn tar(folder: &str, entries: &[&Entry], time: Timestamp) -> Result<Vec<u8>> {
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::best()));
    for entry in entries {
        let mut header = tar::Header::new_gnu();
        header.set_size(entry.content.len() as u64);
        header.set_mode(entry.mode());
        header.set_mtime(u64::try_from(time.as_second()).context("a time before 1970")?);
        header.set_uid(0);
        header.set_gid(0);
        tar.append_data(&mut header, format!("{folder}/{}", entry.path), &*entry.content)?;
    }
    Ok(tar.into_inner()?.finish()?)
}

fn zip(folder: &str, entries: &[&Entry], time: Timestamp) -> Result<Vec<u8>> {
    let time = time.to_zoned(TimeZone::UTC);
    let part = |number: i8| u8::try_from(number).context("a negative part of a date");
    let time = DateTime::from_date_and_time(
        u16::try_from(time.year())?,
        part(time.month())?,
        part(time.day())?,
        part(time.hour())?,
        part(time.minute())?,
        part(time.second())?,
    )?;
    let options = SimpleFileOptions::default()
        .system(System::Unix) // the same on every machine that packs
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(time);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for entry in entries {
        zip.start_file(format!("{folder}/{}", entry.path), options.unix_permissions(entry.mode()))?;
        zip.write_all(&entry.content)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// Unpacks an archive into a directory.
pub(super) fn unpack(archive: &Path, directory: &Path) -> Result<()> {
    let mut bytes = Vec::new();
    File::open(archive)?.read_to_end(&mut bytes)?;
    if is_zip(&archive.to_string_lossy()) {
        ZipArchive::new(Cursor::new(bytes))?.extract(directory)?;
    } else {
        tar::Archive::new(GzDecoder::new(&*bytes)).unpack(directory)?;
    }
    Ok(())
}
