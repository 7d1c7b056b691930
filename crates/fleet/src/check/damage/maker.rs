//! Compares manufacturers with the names that their firmware reports, and recognizes devices without Windows.
//!
//! The service compares manufacturer and model with SMBIOS, character by character
//! (<https://github.com/MicrosoftDocs/microsoft-365-docs/issues/1972>).

use crate::check::cell_problem::CellProblem;
use crate::check::damage::other_values::OtherValues;
use crate::check::quoted::quoted;
use crate::check::rule::Rule;
use crate::input::Field;

/// Trade names in lower case, and the names in the firmware of the same manufacturer. A name in the firmware in other
/// case is found too.
const MAKERS: [(&[&str], &[&str]); 25] = [
    (
        &["dell", "dell inc", "dell computer", "dell computers", "dell technologies", "dell emc"],
        &["Dell Inc."],
    ),
    (
        &["lenovo group", "lenovo inc", "lenovo inc.", "lenovo group limited", "ibm/lenovo"],
        &["LENOVO"],
    ),
    (
        &[
            "microsoft",
            "microsoft corp",
            "microsoft corp.",
            "microsoft inc",
            "microsoft inc.",
            "ms",
            "microsoft surface",
            "surface",
        ],
        &["Microsoft Corporation"],
    ),
    (&["hp inc", "hp inc.", "hewlett packard", "hp enterprise"], &["HP"]),
    (
        &["asus", "asustek", "asustek computer", "asustek computer inc"],
        &["ASUSTeK COMPUTER INC.", "ASUS"],
    ),
    (&["acer inc", "acer inc.", "acer computer"], &["Acer"]),
    (
        &[
            "fujitsu limited",
            "fujitsu ltd",
            "fujitsu ltd.",
            "fujitsu technology solutions",
            "fujitsu client computing",
        ],
        &["FUJITSU", "FUJITSU CLIENT COMPUTING LIMITED"],
    ),
    (&["toshiba corporation", "toshiba corp."], &["TOSHIBA"]),
    (&["dynabook", "dynabook inc"], &["Dynabook Inc."]),
    (
        &["panasonic", "panasonic corp", "panasonic corp.", "panasonic connect"],
        &["Panasonic Corporation", "Panasonic Connect Co., Ltd."],
    ),
    (
        &["samsung", "samsung electronics", "samsung electronics co. ltd."],
        &["SAMSUNG ELECTRONICS CO., LTD."],
    ),
    (
        &[
            "msi",
            "micro-star",
            "micro star",
            "micro-star international",
            "micro-star international co. ltd.",
        ],
        &["Micro-Star International Co., Ltd."],
    ),
    (
        &["gigabyte technology", "gigabyte technology co. ltd."],
        &["GIGABYTE", "Gigabyte Technology Co., Ltd."],
    ),
    (&["lg", "lg electronics inc.", "lge"], &["LG Electronics"]),
    (&["huawei technologies", "huawei technologies co., ltd."], &["HUAWEI"]),
    (
        &["intel", "intel corp", "intel corp.", "intel corporation"],
        &["Intel(R) Client Systems", "Intel Corporation"],
    ),
    (&["getac technology", "getac technology corporation"], &["Getac"]),
    (&["nec corporation", "nec personal computers", "nec corp."], &["NEC"]),
    (&["vaio"], &["VAIO Corporation"]),
    (&["sony"], &["Sony Corporation"]),
    (&["razer inc", "razer inc.", "razer usa"], &["Razer"]),
    (&["vmware", "vmware inc", "vmware inc."], &["VMware, Inc."]),
    (&["medion ag", "medion"], &["MEDION"]),
    (&["alienware corp", "alienware corporation"], &["Alienware"]),
    (&["framework computer"], &["Framework"]),
];

/// Manufacturers and models of phones, tablets and computers without Windows. A name matches by its first word, in
/// lower case.
const NOT_WINDOWS: [&str; 14] = [
    "apple",
    "google",
    "xiaomi",
    "oneplus",
    "oppo",
    "vivo",
    "realme",
    "motorola",
    "nothing",
    "fairphone",
    "nokia",
    "htc",
    "honor mobile",
    "zebra",
];
const NOT_WINDOWS_MODELS: [&str; 17] = [
    "ipad",
    "iphone",
    "ipod",
    "imac",
    "macbook",
    "macbookair",
    "macbookpro",
    "macmini",
    "mac",
    "pixel",
    "chromebook",
    "galaxy",
    "redmi",
    "apple",
    "android",
    "watch",
    "appletv",
];

/// Finds a manufacturer that firmware spells differently, or a device that does not run Windows.
pub(super) fn find(field: Field, text: &str, others: &OtherValues<'_>) -> Option<CellProblem> {
    match field {
        Field::Manufacturer if is_without_windows(text, others.model) => {
            let message = format!("devices of {} usually do not run Windows", quoted(text));
            Some(CellProblem::doubtful(Rule::NotWindows, message))
        }
        Field::Manufacturer => find_trade_name(text),
        Field::Model if starts_with_word(text, &NOT_WINDOWS_MODELS) && !is_windows_model(text) => {
            let message = format!("{} is a device that does not run Windows", quoted(text));
            Some(CellProblem::doubtful(Rule::NotWindows, message))
        }
        _ => None,
    }
}

fn find_trade_name(text: &str) -> Option<CellProblem> {
    if MAKERS.iter().any(|(_, names)| names.contains(&text)) {
        return None;
    }
    // Before 2016.
    const HEWLETT_PACKARD: &str = "Hewlett-Packard";
    if text.eq_ignore_ascii_case(HEWLETT_PACKARD) {
        let message = format!(
            "the manufacturer is {}: devices since 2016 report \"HP\", older ones {HEWLETT_PACKARD:?}",
            quoted(text)
        );
        return Some(CellProblem::doubtful(Rule::TradeName, message));
    }
    let is = |name: &&str| name.eq_ignore_ascii_case(text);
    let (_, names) =
        MAKERS.iter().find(|(trade, names)| trade.iter().any(is) || names.iter().any(is))?;
    let in_firmware = names.iter().find(|name| is(name)).map_or(*names, std::slice::from_ref);
    let in_firmware: Vec<_> = in_firmware.iter().map(|name| format!("{name:?}")).collect();
    let message = format!(
        "the manufacturer is {}, but its devices report {}",
        quoted(text),
        in_firmware.join(" or ")
    );
    Some(CellProblem::doubtful(Rule::TradeName, message))
}

fn is_without_windows(manufacturer: &str, model: Option<&str>) -> bool {
    // The start of the models of tablets with Windows.
    const ZEBRA: [&str; 6] = ["ET", "L10", "XSLATE", "XBOOK", "B10", "D10"];
    starts_with_word(manufacturer, &NOT_WINDOWS)
        && !model.is_some_and(|model| {
            let is_tablet = ZEBRA.iter().any(|start| model.starts_with(start));
            is_tablet && starts_with_word(manufacturer, &["zebra"]) || is_windows_model(model)
        })
}

/// Matches laptops of manufacturers that also make phones.
fn is_windows_model(model: &str) -> bool {
    let model = model.to_ascii_lowercase();
    ["notebook", "galaxy book", "mi laptop", "redmibook", "redmi book", "realme book"]
        .iter()
        .any(|name| model.contains(name))
}

/// Returns true if the text starts with one of these words, ignoring case.
fn starts_with_word(text: &str, words: &[&str]) -> bool {
    let first = text.as_bytes().first().map(u8::to_ascii_lowercase);
    words.iter().filter(|word| word.as_bytes().first().copied() == first).any(|word| {
        text.split_at_checked(word.len()).is_some_and(|(start, rest)| {
            start.eq_ignore_ascii_case(word) && !rest.starts_with(|c: char| c.is_ascii_alphabetic())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::cell_problem::tests::short;

    #[test]
    fn trade_names_are_compared_with_firmware() {
        for (text, in_firmware) in [
            ("Dell", "\"Dell Inc.\""),
            ("DELL INC.", "\"Dell Inc.\""),
            ("dell inc", "\"Dell Inc.\""),
            ("Lenovo", "\"LENOVO\""),
            ("lenovo", "\"LENOVO\""),
            ("Microsoft", "\"Microsoft Corporation\""),
            ("HP Inc.", "\"HP\""),
            ("hp", "\"HP\""),
            ("Hewlett-Packard", "\"HP\", older ones \"Hewlett-Packard\""),
            ("HEWLETT-PACKARD", "\"HP\", older ones \"Hewlett-Packard\""),
            ("Asus", "\"ASUS\""),
            ("Panasonic", "\"Panasonic Corporation\""),
            ("Samsung", "\"SAMSUNG ELECTRONICS CO., LTD.\""),
            ("MSI", "\"Micro-Star International Co., Ltd.\""),
            ("ACER", "\"Acer\""),
            ("fujitsu", "\"FUJITSU\""),
        ] {
            let problem = find(Field::Manufacturer, text, &OtherValues::default());
            let message = problem.clone().map(|problem| problem.message).unwrap_or_default();
            assert_eq!(short(problem), "trade-name?", "{text}");
            assert!(message.contains(in_firmware), "{message}");
        }
        for text in [
            "Dell Inc.",
            "LENOVO",
            "Microsoft Corporation",
            "HP",
            "ASUSTeK COMPUTER INC.",
            "ASUS",
            "Acer",
            "Contoso",
            "Dellux",
            "HPE",
            "Intel(R) Client Systems",
            "VMware, Inc.",
            "",
        ] {
            assert_eq!(
                short(find(Field::Manufacturer, text, &OtherValues::default())),
                "",
                "{text}"
            );
        }
    }

    #[test]
    fn devices_without_windows_are_recognized() {
        let not_windows = "not-windows?";
        for (manufacturer, model, expected) in [
            ("Apple", "iPad (9th generation)", [not_windows; 2]),
            ("Apple Inc.", "MacBookPro18,3", [not_windows; 2]),
            ("Google", "Pixel 8", [not_windows; 2]),
            ("samsung", "Galaxy S23", ["trade-name?", not_windows]),
            ("SAMSUNG ELECTRONICS CO., LTD.", "Galaxy Book3 Pro", ["", ""]),
            ("OnePlus", "KB2003", [not_windows, ""]),
            ("XIAOMI", "Redmi Note 12", [not_windows; 2]),
            ("XIAOMI", "RedmiBook 16", ["", ""]),
            ("Motorola Solutions", "ET5X", [not_windows, ""]),
            ("Zebra Technologies", "TC52", [not_windows, ""]),
            ("Zebra Technologies", "ET80", ["", ""]),
            ("Contoso", "Macro 5", ["", ""]),
            ("Contoso", "Pixelbook", ["", ""]),
            ("Appleton", "Book 14", ["", ""]),
            ("Dell Inc.", "Latitude 5450", ["", ""]),
        ] {
            let others = OtherValues {
                manufacturer: Some(manufacturer),
                model: Some(model),
                ..Default::default()
            };
            let found = [
                short(find(Field::Manufacturer, manufacturer, &others)),
                short(find(Field::Model, model, &others)),
            ];
            assert_eq!(found, expected, "{manufacturer} {model}");
        }
    }
}
