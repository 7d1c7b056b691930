//! Reading a workbook. The input is the XML of a sheet, so that mutations reach the cells; the other parts are fixed. If it
//! starts with `PK`, it is a whole workbook.
#![no_main]

use libfuzzer_sys::fuzz_target;
use partner_center_devices_fuzz::files::{check_items, ignore_panics_of_calamine, zip};

const PARTS: [(&str, &str); 5] = [
    ("[Content_Types].xml", "<Types/>"),
    (
        "_rels/.rels",
        r#"<Relationships><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
    (
        "xl/workbook.xml",
        r#"<workbook xmlns:r="x"><sheets><sheet name="A" sheetId="1" r:id="a"/></sheets></workbook>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<Relationships><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
    ),
    (
        "xl/sharedStrings.xml",
        r#"<sst uniqueCount="4"><si><t>Serial</t></si><si><t>PKID</t></si><si><t>S1</t></si><si><t>007</t></si></sst>"#,
    ),
];

fuzz_target!(|bytes: &[u8]| {
    ignore_panics_of_calamine();
    if bytes.starts_with(b"PK") {
        check_items(bytes);
        return;
    }
    let sheet = ("xl/worksheets/sheet1.xml", bytes);
    let parts = PARTS.iter().map(|(name, text)| (*name, text.as_bytes()));
    check_items(&zip(parts.chain([sheet])));
});
