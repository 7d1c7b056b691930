//! Checks of the targets that read files, and archives for them.

use std::collections::HashSet;
use std::io::{Cursor, Write};
use std::sync::Once;

use partner_center_devices_fleet::{InputItem, Severity, read};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Reads a file named `f`. Checks that no item of a source follows its error, that each row has its own origin, and that all
/// texts can be shown. Returns the rows as their origins, and the findings as texts.
pub fn check_items(bytes: &[u8]) -> Vec<String> {
    let mut failed = HashSet::new();
    let mut origins = HashSet::new();
    let mut items = Vec::new();
    for item in read(bytes, "f") {
        let (source, text) = match &item {
            InputItem::Row(row) => {
                assert!(origins.insert(row.origin().to_string()), "{} is not unique", row.origin());
                let fields = row.fields();
                let values = [
                    &fields.product_key,
                    &fields.serial_number,
                    &fields.manufacturer,
                    &fields.model,
                ];
                for value in values.into_iter().flatten() {
                    assert!(!value.is_empty() && !value.contains(char::is_control), "{value:?}");
                }
                (row.origin().source().to_owned(), row.origin().to_string())
            }
            InputItem::Finding(finding) => (finding.source().to_owned(), finding.to_string()),
            _ => panic!("an unknown kind of item"),
        };
        assert!(!text.contains(char::is_control), "{text:?}");
        assert!(!failed.contains(&source), "{text} follows an error");
        if let InputItem::Finding(finding) = &item
            && finding.severity() == Severity::Error
        {
            failed.insert(source);
        }
        items.push(text);
    }
    assert!(!items.is_empty(), "a file without rows has a finding");
    items
}

/// Returns a ZIP archive of files.
pub fn zip<'a>(files: impl Iterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in files {
        archive.start_file(name, options).expect("the name is valid");
        archive.write_all(bytes).expect("memory can be written");
    }
    archive.finish().expect("memory can be written").into_inner()
}

/// Lets panics of calamine pass, because the reader catches them. libFuzzer ends the process at any other panic.
pub fn ignore_panics_of_calamine() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !info.location().is_some_and(|location| location.file().contains("/calamine-")) {
                hook(info);
            }
        }));
    });
}
