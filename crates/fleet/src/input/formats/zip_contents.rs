//! The contents of a ZIP archive: what kind of file it is, and unpacking within limits.

use std::io::{Cursor, Read, Seek};

use zip::{CompressionMethod, ZipArchive};

use crate::check::rule::Rule;
use crate::input::limits::{MAX_MEMBERS, MAX_RATIO, MAX_UNPACKED_BYTES, MIN_RATIO_BYTES};
use crate::input::refusal::Refusal;

/// The kind of file that a ZIP archive is.
#[derive(Debug)]
pub(crate) enum PackageKind {
    /// An archive of files.
    Archive,
    /// A workbook of Excel.
    Workbook,
    /// A document that cannot be read.
    Refused(Refusal),
}

/// Opens an archive.
pub(super) fn open<B: AsRef<[u8]>>(bytes: B) -> Result<ZipArchive<Cursor<B>>, Refusal> {
    let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| {
        Refusal::new(
            Rule::DamagedFile,
            "the file is a ZIP archive or an Excel workbook, but it is damaged or incomplete",
        )
    })?;
    if archive.len() > MAX_MEMBERS {
        let message = format!("the ZIP archive contains more than {MAX_MEMBERS} files");
        return Err(Refusal::new(Rule::TooLarge, message));
    }
    Ok(archive)
}

/// Determines what an archive is by the names in it.
pub(crate) fn kind(bytes: &[u8]) -> Result<PackageKind, Refusal> {
    let mut archive = open(bytes)?;
    let names =
        archive.file_names_raw().map(|name| String::from_utf8_lossy(name).replace('\\', "/"));
    let names: Vec<String> = names.map(|name| name.to_lowercase()).collect();
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    let has_folder = |folder: &str| names.iter().any(|name| name.starts_with(folder));
    let workbook = |message| PackageKind::Refused(Refusal::new(Rule::Workbook, message));
    let other = |message| PackageKind::Refused(Refusal::of_other_file(message));
    Ok(if has("[content_types].xml") {
        if names.iter().any(|name| name.ends_with("workbook.bin")) {
            workbook("the file is a binary workbook of Excel (.xlsb)")
        } else if names.iter().any(|name| name.ends_with("workbook.xml")) {
            PackageKind::Workbook
        } else if has_folder("word/") {
            other("the file is a Word document (.docx)")
        } else if has_folder("ppt/") {
            other("the file is a PowerPoint presentation (.pptx)")
        } else if has("appxmanifest.xml") || has_folder("appxmetadata/") {
            other("the file is a Windows app package")
        } else {
            other("the file is an Office document without a workbook")
        }
    } else if has("mimetype") && has("content.xml") {
        let mut mimetype = Vec::new();
        let mut budget = 1024;
        if let Some(position) = archive.index_for_name("mimetype") {
            // Without a readable type it is another document.
            let _ = unpack(&mut archive, position, &mut budget, |bytes| mimetype.extend(bytes));
        }
        if String::from_utf8_lossy(&mimetype).contains("spreadsheet") {
            workbook("the file is an OpenDocument spreadsheet (.ods)")
        } else {
            other("the file is an OpenDocument document")
        }
    } else if has("index/document.iwa") || has("index.zip") {
        workbook("the file is an Apple Numbers, Pages or Keynote document")
    } else if has("meta-inf/manifest.mf") {
        other("the file is a Java program")
    } else {
        PackageKind::Archive
    })
}

/// Unpacks a member and gives its bytes to `sink`. Takes their number from `budget`, and fails when it is used up: the
/// sizes that an archive declares may be wrong.
pub(super) fn unpack<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    position: usize,
    budget: &mut u64,
    mut sink: impl FnMut(&[u8]),
) -> Result<(), Refusal> {
    let damaged = || {
        Refusal::new(Rule::DamagedFile, "the file cannot be unpacked: the ZIP archive is damaged")
    };
    let packed_file = archive.by_index_raw(position).map_err(|_| damaged())?;
    let (is_encrypted, method) = (packed_file.encrypted(), packed_file.compression());
    drop(packed_file);
    if is_encrypted {
        return Err(Refusal::new(Rule::Encrypted, "the file is in a ZIP archive with a password"));
    }
    if !matches!(method, CompressionMethod::Stored | CompressionMethod::Deflated) {
        let message = "the file is compressed in a ZIP archive with a method that is not supported; Deflate is";
        return Err(Refusal::new(Rule::Archive, message));
    }
    let mut file = archive.by_index(position).map_err(|_| damaged())?;
    let packed = file.compressed_size().max(1);
    let mut buffer = vec![0; 1 << 16];
    let mut unpacked = 0;
    loop {
        let read = file.read(&mut buffer).map_err(|_| damaged())?;
        if read == 0 {
            return Ok(());
        }
        unpacked += read as u64;
        if unpacked > MIN_RATIO_BYTES && unpacked / packed > MAX_RATIO {
            let message = format!(
                "the file unpacks to more than {MAX_RATIO} times its size, as if it were made to fill the memory"
            );
            return Err(Refusal::new(Rule::TooLarge, message));
        }
        *budget = budget.checked_sub(read as u64).ok_or_else(|| {
            let message =
                format!("the ZIP archive unpacks to more than {} MiB", MAX_UNPACKED_BYTES >> 20);
            Refusal::new(Rule::TooLarge, message)
        })?;
        sink(&buffer[..read]);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            archive.start_file(*name, SimpleFileOptions::default()).unwrap();
            archive.write_all(bytes).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    fn message(refusal: Refusal) -> String {
        refusal.into_finding(&"f".into()).message().to_owned()
    }

    #[test]
    fn names_in_an_archive_reveal_its_kind() {
        let types = "[Content_Types].xml";
        for (names, expected) in [
            (&[types, "xl/workbook.xml"][..], "a workbook"),
            (&["[content_types].xml", "XL\\Workbook.xml"], "a workbook"),
            (&["a.csv"], "an archive"),
            (&[], "an archive"),
            (&[types, "xl/workbook.bin"], "the file is a binary workbook of Excel (.xlsb)"),
            (&[types, "word/document.xml"], "the file is a Word document (.docx)"),
            (&[types, "visio/document.xml"], "the file is an Office document without a workbook"),
            (&["META-INF/MANIFEST.MF"], "the file is a Java program"),
        ] {
            let files: Vec<_> = names.iter().map(|name| (*name, &b"x"[..])).collect();
            let kind = match kind(&archive(&files)).unwrap() {
                PackageKind::Archive => "an archive".to_owned(),
                PackageKind::Workbook => "a workbook".to_owned(),
                PackageKind::Refused(refusal) => message(refusal),
            };
            assert_eq!(kind, expected, "{names:?}");
        }
    }

    #[test]
    fn unpacking_stops_at_the_limit_for_all_files() {
        let bytes = archive(&[("a", &[b'x'; 70_000]), ("b", &[b'y'; 70_000])]);
        let mut archive = open(bytes).unwrap();
        let mut budget = 100_000;
        let mut sizes = [0; 2];
        unpack(&mut archive, 0, &mut budget, |part| sizes[0] += part.len()).unwrap();
        assert_eq!((sizes[0], budget), (70_000, 30_000));
        let refusal =
            unpack(&mut archive, 1, &mut budget, |part| sizes[1] += part.len()).unwrap_err();
        assert_eq!(message(refusal), "the ZIP archive unpacks to more than 1024 MiB");
        assert_eq!(sizes[1], 0);
    }

    #[test]
    fn other_compression_is_not_called_damage() {
        const BZIP2: u8 = 12;
        let mut bytes = archive(&[("a.csv", b"Serial")]);
        let central = bytes.windows(4).position(|part| part == b"PK\x01\x02").unwrap();
        (bytes[8], bytes[central + 10]) = (BZIP2, BZIP2);
        let refusal = unpack(&mut open(bytes).unwrap(), 0, &mut 100, |_| {}).unwrap_err();
        assert!(message(refusal).contains("method that is not supported"));
    }

    #[test]
    fn number_of_files_is_limited() {
        let names: Vec<String> = (0..=MAX_MEMBERS).map(|number| number.to_string()).collect();
        let files: Vec<_> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
        assert!(open(archive(&files[1..])).is_ok());
        let refusal = open(archive(&files)).map(|_| ()).unwrap_err();
        assert_eq!(message(refusal), "the ZIP archive contains more than 10000 files");
    }
}
