//! Tests of finding the columns: by name, by content and without a header.

use partner_center_devices::IdentityFields;
use proptest::prelude::*;

use super::field::Column;
use super::*;
use crate::check::finding::Finding;

fn hash(number: usize) -> String {
    format!("{}{number:04}", "T0HzAQEAHAAAAAoA".repeat(50))
}

/// Returns the values of all rows, and the findings about the file and the rows.
fn read_text(text: &str) -> (Vec<IdentityFields>, Vec<Finding>) {
    let (mut rows, mut findings) = (Vec::new(), Vec::new());
    for item in read(text.as_bytes(), "f.csv") {
        match item {
            InputItem::Row(row) => {
                rows.push(row.fields);
                findings.extend(row.findings);
            }
            InputItem::Finding(finding) => findings.push(finding),
        }
    }
    (rows, findings)
}

fn rules(text: &str) -> Vec<String> {
    let rule = |finding: &Finding| match finding.line() {
        Some(line) => format!("{}@{line}", finding.rule()),
        None => finding.rule().to_string(),
    };
    read_text(text).1.iter().map(rule).collect()
}

proptest! {
    /// The order of the columns and the name of the hash column do not change the devices.
    #[test]
    fn devices_do_not_depend_on_the_order_of_columns_and_the_name_of_the_hash(
        order in Just((0..7).collect::<Vec<usize>>()).prop_shuffle(),
        name in "[A-Za-z][A-Za-z _-]{0,19}",
        separator in prop::sample::select(&[",", ";", "\t", "|"][..]),
        hashes in prop::collection::vec(any::<bool>(), 1..6),
        titles in 0..3_usize,
    ) {
        prop_assume!(Column::recognize(name.as_bytes()) == Column::Other);
        prop_assume!(hashes.contains(&true));
        let table = |hash_name: &str, order: &[usize]| {
            let names =
                ["Serial Number", "PKID", hash_name, "Manufacturer", "Model", "Shelf", "Computer"];
            let mut text = "A title\n".repeat(titles);
            let mut add = |cells: Vec<&str>| {
                let cells: Vec<_> = order.iter().map(|index| cells[*index]).collect();
                text.push_str(&cells.join(separator));
                text.push('\n');
            };
            add(names.to_vec());
            for (number, has_hash) in hashes.iter().enumerate() {
                let (serial, computer) = (format!("CT{number:04}"), format!("PC-{number:04}"));
                let key = format!("33050000{number:05}");
                let hash = if *has_hash { hash(number) } else { "N/A".to_owned() };
                add(vec![&serial, &key, &hash, "Contoso", "Book 14", "7", &computer]);
            }
            text
        };
        let expected = read_text(&table("Hardware Hash", &[0, 1, 2, 3, 4, 5, 6])).0;
        prop_assert_eq!(expected.len(), hashes.len());
        let text = table(&name, &order);
        prop_assert_eq!(&read_text(&text).0, &expected, "{}", text);
    }
}

#[test]
fn column_is_used_by_its_content_from_the_first_hash_on() {
    let blank = "33050000000,,\n".repeat(60);
    let (one, other) = (hash(1), hash(2));
    let text = format!("PKID,Blob,Note\n{blank},{one},x\n,,{other}\n");
    let (rows, findings) = read_text(&text);
    assert_eq!(rows[60].hardware_hash.as_ref().map(|hash| hash.expose()), Some(&one[..]));
    assert_eq!(rows[61].hardware_hash, None);
    let found: Vec<_> = findings.iter().map(ToString::to_string).collect();
    assert_eq!(
        found[2..],
        [
            "f.csv:62: note: the column \"Blob\" is read as \"Hardware Hash\" from here on, because its values are hardware hashes [column-by-content]",
            "f.csv:63: error: the hardware hash of this row is in the column \"Note\", but those above are in \"Blob\" [ambiguous-column]",
        ]
    );
}

#[test]
fn layouts_without_a_usual_header_are_read_or_refused() {
    let hash = hash(1);
    for (case, text, rows, expected) in [
        (
            "labels",
            "Serial Number,Hash,S1,HASH\nSerial Number,Hash,S2,\n",
            2,
            &["row-labels@1"][..],
        ),
        (
            "labels below a header",
            "Textbox6,Textbox8,SerialNumber0,Hash0\nSerial Number,Hash,S1,HASH\nSerial Number,Hash,S2,\n",
            2,
            &["ignored-column@1", "ignored-column@1", "row-labels@2"],
        ),
        ("quoted lines", "\"Serial,Hash\";;\n\"S1,HASH\";;\nS2,;;\n", 2, &["quoted-lines"]),
        (
            "line break in a quoted line",
            "\"Serial,Hash\"\n\"S1,\nS2,\"\n",
            1,
            &["quoted-lines", "line-break-in-cell@2"],
        ),
        ("one line", "Serial,Hash S1,HASH\nS2,HASH\n", 0, &["header-with-device@1"]),
        (
            "one line",
            "Serial,PKID,S1,3305000000001\nS2,3305000000002\n",
            0,
            &["header-with-device@1"],
        ),
        (
            "one line",
            "Serial,Make,Model,Shelf S1,Contoso,Book,7\nS2,Contoso,Book,7\n",
            0,
            &["header-with-device@1"],
        ),
        (
            "one line",
            "Serial,Make,Model,S1,Contoso,Book\nS2,Contoso,Book\n",
            0,
            &["header-with-device@1"],
        ),
        ("only labels", "Serial,Make,Model,S1,Contoso,Book\n", 1, &["row-labels@1"]),
        (
            "list",
            "Report\n\nSerial : S1\nHash : HASH\nSerial : S2\nHash : \n",
            2,
            &["extra-line@1", "list-output@3"],
        ),
    ] {
        let text = text.replace("HASH", &hash);
        assert_eq!(rules(&text), expected, "{case}");
        assert_eq!(read_text(&text).0.len(), rows, "{case}");
    }
}

#[test]
fn tables_without_known_names_and_odd_rows_are_read_or_refused() {
    let hash = hash(1);
    for (case, text, rows, expected) in [
        (
            "table of a console",
            "Serial Hash\n------ ----\nS1     T0F...\n",
            0,
            &["console-table@1"][..],
        ),
        (
            "corporate identifiers",
            "Contoso,Book,CT0001\nContoso,Book,CT0002\n",
            2,
            &["corporate-identifiers@1"],
        ),
        ("unclear values", "CT0001,Contoso,Book\nCT0002,Contoso,Book\n", 0, &["unknown-header@1"]),
        (
            "unknown names",
            "A title\nPC,Blob\nS1,HASH\n",
            1,
            &["extra-line@1", "ignored-column@2", "column-by-content@2"],
        ),
        ("commented out", "Serial,Hash\n#S1,HASH\n#REF!,HASH\n", 2, &["commented-row@2"]),
        ("signs", "Note,Serial\n#1,S1\n#2,S2\n", 2, &["ignored-column@1"]),
        (
            "commented out in an ignored column",
            "Note,Serial\n#1,S1\n2,S2\n",
            2,
            &["ignored-column@1", "commented-row@2"],
        ),
        (
            "other systems",
            "OS,Serial\niOS,S1\nWindows,S2\n",
            2,
            &["ignored-column@1", "not-windows@2"],
        ),
        ("device link", "Name,Data\nPC,QUJD\n", 0, &["device-link@1"]),
    ] {
        let text = text.replace("HASH", &hash);
        assert_eq!(rules(&text), expected, "{case}");
        assert_eq!(read_text(&text).0.len(), rows, "{case}");
    }
}

#[test]
fn corporate_identifiers_keep_their_order() {
    let (rows, _) = read_text("Contoso,Book 14,CT0001\nContoso,Book 14,CT0002\n");
    let fields = &rows[0];
    let values = [&fields.manufacturer, &fields.model, &fields.serial_number];
    assert_eq!(values.map(|value| value.as_deref()), ["Contoso", "Book 14", "CT0001"].map(Some));
}

#[test]
fn missing_header_never_shows_a_part_of_a_secret() {
    let hash = hash(1);
    let key = "VK7JG-NPHTM-C97JM-9MPGT-3V66T";
    for text in [
        format!("S1,,{hash}\n"),
        format!("S1,{key},{}\n", &hash[..60]),
        format!("S1 {key}\n{}\n", &hash[..76]),
        format!("{}\n", &hash[100..160]),
        format!("Serial,Hash {key},{}\nS1,,\n", &hash[..100]),
    ] {
        for finding in read_text(&text).1 {
            let shown = format!("{finding}{}{finding:?}", finding.column().unwrap_or_default());
            assert!(!shown.contains("VK7JG") && !shown.contains("AAAAoA"), "{shown}");
        }
    }
}

#[test]
fn columns_with_a_number_or_without_a_name_are_found() {
    let (one, other) = (hash(1), hash(2));
    for (text, serials, hashes, expected) in [
        ("Serial;Make;\nS1;M;HASH1\n", 1, 1, &["column-by-content@1"][..]),
        (";Make;Model\nCT0001;M;N\nCT0002;M;N\n", 2, 0, &["column-by-content@1"]),
        ("Serial,Data\nS1,Hash: HASH1\n", 1, 1, &["column-by-content@1"]),
        ("Serial 1,Make 1,Model 1,Hash\nS1,M,N,HASH1\n", 1, 1, &[]),
        // The columns of several devices.
        (
            "Make,Model,Shelf,Serial 1,Serial 2\nM,N,7,CT0001,CT0002\n",
            0,
            0,
            &["ambiguous-column@1"],
        ),
        ("Serial,,\nS1,HASH1,HASH2\n", 0, 0, &["ambiguous-column@1"]),
        ("Serial,Make,Model,\nS1,M,N,x\n", 1, 0, &["too-many-cells@2"]),
    ] {
        let text = text.replace("HASH1", &one).replace("HASH2", &other);
        let rows = read_text(&text).0;
        let count = |has: fn(&IdentityFields) -> bool| rows.iter().filter(|row| has(row)).count();
        assert_eq!(count(|row| row.serial_number.is_some()), serials, "{text}");
        assert_eq!(count(|row| row.hardware_hash.is_some()), hashes, "{text}");
        assert_eq!(rules(&text), expected, "{text}");
    }
}
