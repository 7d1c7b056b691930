//! Recognizes output of scripts and consoles instead of a value: objects, variables, titles with a value, and errors.

use crate::check::cell_problem::CellProblem;
use crate::check::quoted::{contains_license_key, quoted};
use crate::check::rule::Rule;
use crate::check::words::is_one_of;
use crate::input::Field;

pub(super) fn find(field: Field, text: &str) -> Option<CellProblem> {
    let (noun, shown) = (field.noun(), || quoted(text));
    let (rule, message) = if field != Field::ProductKey && contains_license_key(text) {
        (Rule::ConsoleOutput, format!("the {noun} contains a license key, which is a secret"))
    } else if is_variable(text) {
        let message = format!("{} is a variable of a script or template, not a {noun}", shown());
        (Rule::ScriptObject, message)
    } else if is_object(text) {
        (Rule::ScriptObject, format!("{} is an object of a script, not a {noun}", shown()))
    } else {
        return find_in_plain_name(field, text);
    };
    Some(CellProblem::unusable(rule, message))
}

/// Matches `@{SerialNumber=X}`, `{X, Y}`, `System.Object[]`, `Microsoft.Management.Infrastructure.CimInstance`,
/// `\\PC\root\cimv2:Win32_BIOS.Name="X"`, `Win32_BIOS (Name = "X")` and `[object Object]`.
fn is_object(text: &str) -> bool {
    const STARTS: [&str; 7] =
        ["System.", "Microsoft.", "Selected.", "Deserialized.", "Win32_", "CIM_", "MSFT_"];
    let after = |start: &&str| {
        let (first, rest) = text.split_at_checked(start.len())?;
        first.eq_ignore_ascii_case(start).then_some(rest)
    };
    text.starts_with("@{")
        || text.starts_with("@(")
        || text.starts_with('{') && text.ends_with('}')
        || text.starts_with("[object ")
        || text.contains('_') && contains_ignoring_case(text, "win32_")
        || text.starts_with("\\\\") && text.contains(':')
        || STARTS
            .iter()
            .find_map(after)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_alphabetic() || c == '_'))
}

/// Matches `$serial`, `${serial}`, `$(hostname)`, `%SERIAL%`, `{{serial}}`, `{serial}`, `<serial>` and `[serial]`.
fn is_variable(text: &str) -> bool {
    let is_name = |name: &str| {
        let is_in_name = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.');
        !name.is_empty() && name.chars().all(is_in_name)
    };
    let between = |open, close| text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    text.strip_prefix('$').is_some_and(|rest| rest.starts_with(|c: char| !c.is_ascii_digit()))
        || text.contains("]$")
        || [("{{", "}}"), ("{", "}"), ("<", ">"), ("[", "]"), ("%", "%")]
            .into_iter()
            .filter_map(|(open, close)| Some((open, between(open, close)?.trim())))
            .any(|(open, name)| {
                // Only variables of cmd.exe are unmistakable; `[A1]` may be part of a name.
                is_name(name)
                    && name.starts_with(char::is_alphabetic)
                    && (open == "%" || !name.contains(|c: char| c.is_ascii_digit()))
            })
}

/// Matches the errors of PowerShell, wmic, dmidecode and cmd.exe.
fn is_error(text: &str) -> bool {
    const COMMANDS: [&str; 7] = [
        "get-wmiobject",
        "get-ciminstance",
        "get-itemproperty",
        "error:",
        "wmic",
        "exception",
        "traceback",
    ];
    const PHRASES: [&str; 12] = [
        "invalid query",
        "no instances available",
        "access denied",
        "access is denied",
        "invalid class",
        "invalid namespace",
        "no instance(s) available",
        "is not recognized as",
        "permission denied",
        "rpc server is unavailable",
        "command not found",
        "cannot find",
    ];
    // Rules out most names.
    const WORDS: [&str; 9] = [
        "denied",
        "query",
        "class",
        "namespace",
        "available",
        "recognized",
        "unavailable",
        "found",
        "find",
    ];
    let mut words = text.split(' ');
    let (Some(first), Some(_)) = (words.next(), words.next()) else { return false };
    if is_one_of(first, &COMMANDS) {
        return words.next().is_some();
    }
    let is_in_phrase = |word: &str| is_one_of(word.trim_end_matches(['.', ',', ':']), &WORDS);
    text.starts_with("Node - ")
        || text.split(' ').any(is_in_phrase)
            && PHRASES.iter().any(|phrase| contains_ignoring_case(text, phrase))
}

fn contains_ignoring_case(text: &str, part: &str) -> bool {
    text.as_bytes().windows(part.len()).any(|text| text.eq_ignore_ascii_case(part.as_bytes()))
}

/// Finds the damage that a name without signs can have: an error message or a title.
pub(super) fn find_in_plain_name(field: Field, text: &str) -> Option<CellProblem> {
    if is_error(text) {
        let message = format!("{} is an error message, not a {}", quoted(text), field.noun());
        return Some(CellProblem::unusable(Rule::ConsoleOutput, message));
    }
    find_title(text)
}

/// Finds a property of WMI before its value, as wmic shows it, and a property without a value.
pub(super) fn find_title(text: &str) -> Option<CellProblem> {
    has_title(text).then(|| {
        let message = format!("{} is output of a console: a title with a value", quoted(text));
        CellProblem::unusable(Rule::ConsoleOutput, message)
    })
}

fn has_title(text: &str) -> bool {
    // No name of a device is one of these words.
    const PROPERTIES: [&str; 9] = [
        "SerialNumber",
        "OA3xOriginalProductKey",
        "IdentifyingNumber",
        "ProductKeyID",
        "DeviceHardwareData",
        "SMBIOSBIOSVersion",
        "BIOSVersion",
        "PSComputerName",
        "HardwareHash",
    ];
    // These are words of other names too, so more than one space must follow.
    const TITLES: [&str; 9] = [
        "Name",
        "Model",
        "Manufacturer",
        "Vendor",
        "Serial",
        "Version",
        "UUID",
        "Caption",
        "Product",
    ];
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (title, rest) = text.split_at(end);
    let is = |other: &&str| other.eq_ignore_ascii_case(title);
    // A colon or an equals sign makes it a label.
    PROPERTIES.iter().any(is) && !rest.trim_start().starts_with([':', '='])
        || TITLES.iter().any(is) && rest.len() - rest.trim_start().len() > 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::cell_problem::tests::short;

    #[test]
    fn recognizes_objects_variables_titles_and_errors() {
        let (object, console) = ("script-object", "console-output");
        for (text, expected) in [
            ("@{SerialNumber=CT0001}", object),
            ("@{SerialNumber=CT0001; PSComputerName=PC1}", object),
            ("@()", object),
            ("{CT0001, CT0002}", object),
            ("System.Object[]", object),
            ("System.String[]", object),
            ("System.Collections.Hashtable", object),
            ("System.__ComObject", object),
            ("System.Management.Automation.PSCustomObject", object),
            ("system.object[]", object),
            ("Microsoft.Management.Infrastructure.CimInstance", object),
            ("Microsoft.Management.Infrastructure.CimInstance#root/cimv2/Win32_BIOS", object),
            ("Selected.System.Management.ManagementObject", object),
            ("Win32_BIOS: Default System BIOS (Name = \"X\")", object),
            ("Win32_BIOS", object),
            (r#"\\PC1\root\cimv2:Win32_BIOS.Name="X",SoftwareElementID="X""#, object),
            ("[object Object]", object),
            ("(Get-WmiObject win32_bios).SerialNumber", object),
            ("[string]$SN", object),
            ("$SerialNumber", object),
            ("${serial}", object),
            ("$(hostname)", object),
            ("$env:COMPUTERNAME", object),
            ("%SERIALNUMBER%", object),
            ("{{ serial }}", object),
            ("{serialNumber}", object),
            ("<serial number>", object),
            ("[SerialNumber]", object),
            ("SerialNumber    CT0001", console),
            ("SerialNumber CT0001", console),
            ("serialnumber  ct0001", console),
            ("SerialNumber", console),
            ("SerialNumber : CT0001", ""),
            ("OA3xOriginalProductKey    AAAAA-BBBBB-CCCCC-DDDDD-EEEEE", console),
            ("Vendor   LENOVO", console),
            ("Model  21HMCTO1WW", console),
            ("AAAAA-BBBBB-CCCCC-DDDDD-EEEEE", console),
            ("Get-WmiObject : Invalid class", console),
            ("No Instance(s) Available.", console),
            ("ERROR: Description = Access denied", console),
            ("'wmic' is not recognized as an internal or external command", console),
            ("/dev/mem: Permission denied", console),
            // Real serial numbers, manufacturers and models.
            ("5CG1234ABC", ""),
            ("PF-3ABCDE", ""),
            ("VMware-56 4d 1c 0f 3a 7b 22 91-5e 6c aa 01 02 03 04 05", ""),
            ("R9-0ABC12 19/03", ""),
            ("0000-0016-1234-5678-9012-3456-78", ""),
            ("Microsoft Corporation", ""),
            ("System manufacturer", ""),
            ("System Product Name", ""),
            ("System76", ""),
            ("Model 100", ""),
            ("Vendor X", ""),
            ("Micro-Star International Co., Ltd.", ""),
            ("Standard PC (i440FX + PIIX, 1996)", ""),
            ("Surface Laptop (7th Edition)", ""),
            ("Intel(R) Client Systems", ""),
            ("Node 202 Mini", ""),
            ("$1", ""),
            ("100%", ""),
        ] {
            assert_eq!(short(find(Field::SerialNumber, text)), expected, "{text}");
        }
    }

    #[test]
    fn message_never_shows_a_license_key() {
        for field in [Field::SerialNumber, Field::ProductKey, Field::Model] {
            let text = "OA3xOriginalProductKey    AAAAA-BBBBB-CCCCC-DDDDD-EEEEE";
            let message = find(field, text).unwrap().message;
            assert!(!message.contains("AAAAA"), "{message}");
        }
    }
}
