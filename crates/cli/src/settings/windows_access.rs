//! The users who can read a file on Windows. The rights are read with `icacls /save`, whose text is the same in every
//! language of Windows.

#[cfg(windows)]
use std::path::Path;

/// Groups that only administrators and the system itself belong to, and placeholders for the owner (SDDL's short names).
const TRUSTED: [&str; 9] = ["SY", "BA", "OW", "CO", "LA", "DA", "EA", "S-1-5-18", "S-1-5-32-544"];

/// Groups with other users, in SDDL's short names, as Windows shows them in English.
const GROUPS: [(&str, &str); 9] = [
    ("WD", "Everyone"),
    ("AU", "Authenticated Users"),
    ("BU", "Users"),
    ("IU", "Interactive"),
    ("AN", "Anonymous"),
    ("BG", "Guests"),
    ("DU", "Domain Users"),
    ("PU", "Power Users"),
    ("AC", "all apps"),
];

/// The others that can read a file: not its owner, an administrator or the system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OtherReaders {
    /// These groups, or further users.
    Some(Vec<String>),
    None,
    /// The rights could not be read.
    Unknown,
}

/// Returns who else can read a file.
#[cfg(windows)]
pub(crate) fn other_readers(path: &Path) -> OtherReaders {
    match (read_rights(path), own_sid()) {
        (Some(sddl), Some(own)) => of_sddl(&sddl, &own),
        _ => OtherReaders::Unknown,
    }
}

/// Returns the identifier of this user.
#[cfg(windows)]
pub(crate) fn own_sid() -> Option<String> {
    let mut whoami = std::process::Command::new("whoami.exe");
    whoami.args(["/user", "/fo", "csv", "/nh"]).stdin(std::process::Stdio::null());
    let output = whoami.output().ok()?;
    sid_of(&String::from_utf8_lossy(&output.stdout))
}

/// Reads the output of `whoami /user /fo csv /nh`: `"contoso\\me","S-1-5-21-1-2-3-1001"`.
fn sid_of(csv: &str) -> Option<String> {
    let (_, sid) = csv.trim().rsplit_once(",\"")?;
    let sid = sid.strip_suffix('"')?;
    let is_sid = |sid: &str| sid.bytes().all(|byte| byte.is_ascii_digit() || b"S-".contains(&byte));
    (sid.starts_with("S-1-") && is_sid(sid)).then(|| sid.to_owned())
}

/// Returns the rights of a file in SDDL.
#[cfg(windows)]
fn read_rights(path: &Path) -> Option<String> {
    use std::process::{Command, Stdio};
    let folder = tempfile::tempdir().ok()?;
    let saved = folder.path().join("rights");
    let mut icacls = Command::new("icacls.exe");
    icacls.arg(path).arg("/save").arg(&saved).stdin(Stdio::null());
    let finished = icacls.stdout(Stdio::null()).stderr(Stdio::null()).status().ok()?;
    let bytes = finished.success().then(|| std::fs::read(&saved).ok())??;
    let text = partner_center_devices::raw::text_encoding::decode(&bytes)?;
    // The first line is the name of the file.
    text.lines().find(|line| line.trim_start().starts_with("D:")).map(ToOwned::to_owned)
}

/// Interprets a discretionary access control list: `D:AI(A;ID;FA;;;SY)(A;ID;FR;;;BU)`.
fn of_sddl(sddl: &str, own: &str) -> OtherReaders {
    let Some(list) = sddl.trim().strip_prefix("D:") else { return OtherReaders::Unknown };
    if list.split('(').next().is_some_and(|flags| flags.contains("NO_ACCESS_CONTROL")) {
        return OtherReaders::Some(vec!["Everyone".to_owned()]);
    }
    let list = list.split("S:").next().unwrap_or_default();
    let mut others: Vec<String> = Vec::new();
    for entry in list.split('(').skip(1) {
        let fields: Vec<_> = entry.trim_end().trim_end_matches(')').split(';').collect();
        let [kind, flags, rights, _, _, who] = fields[..] else { return OtherReaders::Unknown };
        // `IO`: for files below a folder, not for itself.
        let applies = kind.starts_with('A') && !flags.contains("IO") && can_read(rights);
        if !applies || TRUSTED.contains(&who) || who == own {
            continue;
        }
        let group = GROUPS.iter().find(|(short, _)| *short == who);
        let name = group.map_or(who, |(_, name)| name);
        if !others.iter().any(|other| other == name) {
            others.push(name.to_owned());
        }
    }
    match others.is_empty() {
        true => OtherReaders::None,
        false => OtherReaders::Some(others),
    }
}

/// Returns true if these rights include the content of a file: a number, or names of two letters.
fn can_read(rights: &str) -> bool {
    const READ_DATA: u32 = 1;
    const GENERIC_READ: u32 = 0x8000_0000;
    const GENERIC_ALL: u32 = 0x1000_0000;
    if let Some(number) = rights.strip_prefix("0x") {
        let number = u32::from_str_radix(number, 16).unwrap_or(u32::MAX);
        return number & (READ_DATA | GENERIC_READ | GENERIC_ALL) != 0;
    }
    let names = rights.as_bytes().chunks(2);
    let mut names = names.map(|name| std::str::from_utf8(name).unwrap_or_default());
    names.any(|name| matches!(name, "FA" | "FR" | "GA" | "GR" | "CC"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_name_the_groups_that_can_read() {
        const ME: &str = "S-1-5-21-1004336348-1177238915-682003330-1001";
        const OTHER: &str = "S-1-5-21-1004336348-1177238915-682003330-1002";
        let own = format!("D:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;FA;;;{ME})");
        for (sddl, expected) in [
            (own.clone(), Some(vec![])),
            (format!("{own}(A;ID;0x1200a9;;;BU)"), Some(vec!["Users"])),
            (
                format!("{own}(A;ID;FR;;;AU)(A;;FA;;;WD)"),
                Some(vec!["Authenticated Users", "Everyone"]),
            ),
            (format!("{own}(A;;FA;;;{ME})"), Some(vec![])),
            (format!("{own}(A;;0x120089;;;{OTHER})"), Some(vec![OTHER])),
            (format!("D:AI(A;;FR;;;{OTHER})(A;ID;FA;;;{ME})"), Some(vec![OTHER])),
            (format!("D:(A;;FA;;;BA)(A;;FA;;;{OTHER})"), Some(vec![OTHER])),
            (format!("{own}(A;;FR;;;RD)(A;;FR;;;RD)"), Some(vec!["RD"])),
            // Only attributes, denied, for files below, and an audit list.
            (format!("{own}(A;;0x100080;;;BU)"), Some(vec![])),
            (format!("{own}(D;;FA;;;BU)"), Some(vec![])),
            (format!("{own}(A;OICIIO;FA;;;BU)"), Some(vec![])),
            (format!("{own}S:(AU;FA;FA;;;WD)"), Some(vec![])),
            ("D:NO_ACCESS_CONTROL".to_owned(), Some(vec!["Everyone"])),
            ("D:PAINO_ACCESS_CONTROL".to_owned(), Some(vec!["Everyone"])),
            ("D:PAI".to_owned(), Some(vec![])),
            ("D:(A;;FA".to_owned(), None),
            ("O:BA".to_owned(), None),
            (String::new(), None),
        ] {
            let expected = expected.map_or(OtherReaders::Unknown, |names| match names[..] {
                [] => OtherReaders::None,
                _ => OtherReaders::Some(names.into_iter().map(ToOwned::to_owned).collect()),
            });
            assert_eq!(of_sddl(&sddl, ME), expected, "{sddl}");
        }
    }

    #[test]
    fn the_own_identifier_is_the_last_column() {
        for (csv, sid) in [
            ("\"contoso\\me\",\"S-1-5-21-1-2-3-1001\"\r\n", Some("S-1-5-21-1-2-3-1001")),
            ("\"a, \"\"b\",\"S-1-12-1-7\"", Some("S-1-12-1-7")),
            ("\"contoso\\me\",\"S-1-5; del\"", None),
            ("", None),
        ] {
            assert_eq!(sid_of(csv).as_deref(), sid, "{csv}");
        }
    }
}
