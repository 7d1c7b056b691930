//! OLE compound files: documents of Office before 2007, Outlook messages, and documents with a password.

use crate::check::rule::Rule;
use crate::input::refusal::Refusal;

/// Returns the reason why a compound file cannot be read, by the names of the streams in it.
///
/// The names are in UTF-16 (<https://learn.microsoft.com/openspecs/windows_protocols/ms-cfb>).
pub(crate) fn refusal(bytes: &[u8]) -> Refusal {
    let has = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(name.len()).any(|window| window == name)
    };
    // A message or a document may contain a workbook, so workbooks come last.
    if has("EncryptedPackage") {
        Refusal::new(Rule::Encrypted, "the file is an Office document with a password")
    } else if has("__substg1.0_") || has("__properties_version") {
        Refusal::new(Rule::Email, "the file is an Outlook message (.msg)")
    } else if has("WordDocument") {
        Refusal::of_other_file("the file is a Word document (.doc)")
    } else if has("PowerPoint Document") {
        Refusal::of_other_file("the file is a PowerPoint presentation (.ppt)")
    } else if has("Workbook") || has("Book") {
        Refusal::new(Rule::Workbook, "the file is a workbook of Excel 97 to 2003 (.xls)")
    } else {
        Refusal::new(
            Rule::Workbook,
            "the file is an old Office document, such as a workbook (.xls)",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_reveal_the_kind() {
        for (streams, expected) in [
            (&["EncryptedPackage"][..], "the file is an Office document with a password"),
            (&["Workbook", "__substg1.0_37010102"], "the file is an Outlook message (.msg)"),
            (&["Workbook", "WordDocument"], "the file is a Word document (.doc)"),
            (&["PowerPoint Document"], "the file is a PowerPoint presentation (.ppt)"),
            (&["Root Entry", "Workbook"], "the file is a workbook of Excel 97 to 2003 (.xls)"),
            (&["Book"], "the file is a workbook of Excel 97 to 2003 (.xls)"),
            (&[], "the file is an old Office document, such as a workbook (.xls)"),
        ] {
            let bytes: Vec<u8> = streams
                .iter()
                .flat_map(|name| name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes))
                .collect();
            let finding = refusal(&bytes).into_finding(&"f".into());
            assert_eq!(finding.message(), expected);
        }
    }
}
