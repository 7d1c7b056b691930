//! What is found in a file before anything is sent. Decides the rules: the stable id of each, how grave it
//! is, and what to do about it.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// Where a row came from: the name its source was given, and the line its record starts in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    pub(crate) source: Arc<str>,
    pub(crate) line: u64,
}

impl Origin {
    /// The source, as it was named: most often the path of a file.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The line, from 1. A record with a quoted line break spans more than one: this is the first.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// As a message about a row of `other` names it: the source only if it is another.
    pub(crate) fn seen_from(&self, other: &Self) -> String {
        if self.source == other.source { format!("line {}", self.line) } else { self.to_string() }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.source, self.line)
    }
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Severity {
    /// Worth knowing; nothing is left out or wrong.
    Note,
    /// Probably a mistake. What the rule says about the row is done all the same.
    Warning,
    /// The row, or the whole file, cannot be sent.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $name:ident = $id:literal, $severity:ident, $cure:literal;)*) => {
        /// What a [`Finding`] is about. Ids do not change; others may come.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $(
                $(#[doc = $doc])+
                #[doc = concat!("\n\nId `", $id, "`.")]
                $name,
            )*
        }

        impl Rule {
            /// Every rule.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The stable id, such as `no-identity`.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$name => $id),* }
            }

            /// How grave it is.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity),* }
            }

            /// What it is about, in plain words. Addresses of sources are in `<>`.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+)),* }.trim_start()
            }

            /// What to do, in plain words.
            #[must_use]
            pub fn cure(self) -> &'static str {
                match self { $(Self::$name => $cure),* }
            }
        }
    };
}

rules! {
    /// The file is UTF-16 without the byte order mark that says so. Its zero bytes show it, so it is read.
    Utf16 = "utf-16", Note,
        "nothing to do; a file with the mark, or in UTF-8, is surer to be read by all";
    /// The file is UTF-32.
    Utf32 = "utf-32", Error,
        "convert it: Get-Content -Encoding UTF32 OLD.csv | Set-Content -Encoding utf8 NEW.csv";
    /// The file is a web page: a sign-in page that was saved in place of the file, or a table that a portal calls
    /// an Excel file.
    WebPage = "web-page", Error,
        "download it again after signing in; if it opens as a table, save that as \"CSV UTF-8 (Comma delimited)\"";
    /// The file is no text.
    NotText = "not-text", Error,
        "ask for the file again, as CSV";
    /// The file is a spreadsheet program's own, not CSV.
    Workbook = "workbook", Error,
        "save it as \"CSV UTF-8 (Comma delimited)\", and check that long numbers kept all their digits";
    /// The file has no row.
    EmptyFile = "empty-file", Error,
        "check that it is the right file, and that its export was complete";
    /// The first line names no column that is known.
    UnknownHeader = "unknown-header", Error,
        "begin the file with: Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model";
    /// The source stopped giving bytes.
    Unreadable = "unreadable", Error,
        "check the file and the disk or connection it comes from, then read it again";
    /// Cells are not UTF-8, and nothing else in the file is, so that they are read as Windows-1252: the encoding in
    /// which Excel saves "CSV (Comma delimited)" in Western Europe and America.
    Windows1252 = "windows-1252", Warning,
        "check that names with accents are right, or save the file as CSV UTF-8";
    /// Some rows are Windows-1252, and later ones UTF-8: files were joined.
    MixedEncodings = "mixed-encodings", Warning,
        "check that names with accents are right, or give the files one by one";
    /// The row's cells are separated by another sign than the header's.
    MixedSeparators = "mixed-separators", Error,
        "separate all cells of the file by the same sign";
    /// The header comes again, or another one: files were joined. The rows below it are read by it.
    RepeatedHeader = "repeated-header", Note,
        "nothing to do: the rows of both parts are read";
    /// A line that a tool or a person put above, between or below the rows: a title, a sum, a number of rows.
    ExtraLine = "extra-line", Note,
        "nothing to do, unless it is a device";
    /// A byte order mark within the file: files were joined.
    ByteOrderMark = "byte-order-mark", Note,
        "nothing to do: it is skipped";
    /// A line of zero bytes: a machine or a disk stopped while the file was written.
    ZeroBytes = "zero-bytes", Warning,
        "compare the number of rows with what was ordered; if some are missing, ask for the file again";
    /// Values are written as formulas, `="00123"`, so that a spreadsheet keeps their zeros.
    FormulaQuotes = "formula-quotes", Note,
        "nothing to do: the value is what stands between the quotation marks";
    /// Values begin with an apostrophe, which keeps a spreadsheet from reading them as numbers.
    LeadingApostrophe = "leading-apostrophe", Note,
        "nothing to do: the value is what follows it";
    /// Values have quotation marks that were doubled by a script, put after a blank, or made by a word processor.
    StrayQuotes = "stray-quotes", Note,
        "nothing to do: the value is what stands between them";
    /// Values have blanks that are no ordinary ones, mostly without a break, from a web page or a word processor.
    OddBlank = "odd-blank", Note,
        "nothing to do: they are sent as ordinary ones";
    /// Hardware hashes are broken into lines or parts, as mail programs do. Nothing is lost, and they are joined.
    WrappedHash = "wrapped-hash", Note,
        "nothing to do: the parts are joined";
    /// A column that the upload has no use for.
    IgnoredColumn = "ignored-column", Note,
        "nothing to do: the upload has no such field";
    /// A group tag column: the upload has no such field
    /// (<https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/uploaded-customer-devices>).
    GroupTag = "group-tag-column", Note,
        "upload the rows of each group tag as a batch of that name: the batch's name becomes the group tag";
    /// A column with the customer of each row. The upload goes to one customer.
    CustomerColumn = "customer-column", Note,
        "nothing to do, unless the file is for more than one customer";
    /// A column with the id that the service gave each device: the file is a list of registered devices. The upload has
    /// no such field.
    DeviceId = "device-id-column", Note,
        "nothing to do: the upload has no such field, and what is registered is found by it";
    /// A column with the user of each device. It is personal data: the upload has no such field, and nothing repeats it.
    AssignedUser = "assigned-user-column", Note,
        "remove the column before the file is passed on; a user is assigned in Intune";
    /// Two columns for the same thing.
    RepeatedColumn = "repeated-column", Warning,
        "remove one of the two; the first is used";
    /// A cell's bytes are not UTF-8 in a file that is, or a letter was lost before.
    NotUtf8 = "not-utf-8", Error,
        "save the file as CSV UTF-8";
    /// A line break within a cell: mostly a quote that nobody closed, so that rows vanish in a cell.
    LineBreak = "line-break-in-cell", Error,
        "remove the quotation marks of this row, and the line break if it is one";
    /// A control character or another one that cannot be seen. The row cannot be what it looks like.
    ControlCharacter = "control-character", Error,
        "type the value again; do not paste it";
    /// A value that is far too long for its column, mostly a hardware hash. It is shown nowhere.
    LongValue = "long-value", Error,
        "look whether the names of the columns stand over the right values";
    /// A value under no column name: a comma within a value has shifted the cells.
    TooManyCells = "too-many-cells", Error,
        "remove the comma from the value, or put the value in quotation marks";
    /// A value begins with a blank and the last column is empty: it may be the second half of a value with a
    /// comma, so that the row says another device than was meant. So it is with one that opens a quotation mark and does
    /// not close it.
    ShiftedCells = "shifted-cells", Warning,
        "if the comma belongs to the value, put the value in quotation marks; else remove the blank";
    /// No accepted combination of identification is in the row
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources>).
    NoIdentity = "no-identity", Error,
        "ask the seller for the missing values, or read the hash on the device: Get-WindowsAutopilotInfo -Partner";
    /// The row does not say which customer's device it is, or which batch it goes to, where each row must.
    NoDestination = "no-destination", Error,
        "fill in the customer, and the batch if the file names one for each row";
    /// The hardware hash is not base64: it is cut or changed, and the service would answer 802.
    HashNotBase64 = "hash-not-base64", Error,
        "copy the hash again from its source, whole and without line breaks";
    /// The hardware hash is base64 and has not the form of one, as far as that is known
    /// (<https://github.com/tadvaas/tscrub>): it is cut, damaged, or of an old tool. The service may answer 802.
    HashLayout = "hash-layout", Warning,
        "read the hash again on the device: Get-WindowsAutopilotInfo -Partner; OA3Tool /ValidateHwHash tests it";
    /// The hardware hash is not filled with zeros to its usual 4,000 characters.
    HashPadding = "hash-padding", Warning,
        "compare its length with the source; if it differs there too, read the hash again on the device";
    /// A hardware hash holds its own checksum, and it is wrong: something in it was changed.
    HashChecksum = "hash-checksum", Warning,
        "copy the hash again from its source, without a spreadsheet; else read it again on the device";
    /// The hardware hash is of another serial number, product key, manufacturer or model than its row.
    HashMismatch = "hash-mismatch", Warning,
        "check whether the hash stands in the right row; what the device says of itself is in the hash";
    /// A serial number, a name or a UUID that the maker of the firmware did not fill in. Many devices share it, and
    /// the service may answer 813.
    Placeholder = "placeholder", Warning,
        "use the value on the label; if the device itself has none, its maker or seller can set it";
    /// The error of a formula, or `####` for a column that was too narrow, in place of a value that would be sent.
    SpreadsheetError = "spreadsheet-error", Error,
        "take the value from the source of the file; the spreadsheet has lost it";
    /// A long number that a spreadsheet has shortened, such as `1.23E+11`. Its digits are lost.
    ScientificNotation = "scientific-notation", Error,
        "take the number from the source of the file; import the column as text, not as a number";
    /// A date, as spreadsheets make of values that look like one.
    LooksLikeDate = "looks-like-date", Warning,
        "compare it with the source of the file; import the column as text";
    /// A value that is not sent was damaged by a spreadsheet.
    UnusedDamage = "unused-damage", Warning,
        "nothing to do for this value; look whether the spreadsheet has damaged others of the row";
    /// Five times five letters and digits: a key to activate Windows with, which is a secret and not the PKID.
    LicenceKey = "licence-key", Warning,
        "use the PKID, a number of 13 digits on the label of the box, and delete licence keys from the file";
    /// The product key is not the number of 13 digits that a PKID is
    /// (<https://oofhours.com/2020/01/29/windows-autopilot-device-registration-options-for-partners-using-the-tuple/>).
    /// It is sent all the same: the service's documents show other forms.
    ProductKeyForm = "product-key-form", Warning,
        "use the PKID from the label on the box, not a licence key; a spreadsheet may have cut its zeros";
    /// The same device as another row, which says it better or came first. This row is not sent.
    Duplicate = "duplicate", Warning,
        "nothing to do: the other row is sent; correct this one if it was meant to be another device";
    /// The same device as an earlier row, which was read one by one and had gone before this one was seen. Both are
    /// sent.
    LateDuplicate = "late-duplicate", Warning,
        "remove the earlier row: this one finds the device more surely";
    /// Two devices with one serial number, or with one product key. Most serial numbers that are shared are placeholders
    /// of the maker; a hardware hash that was read twice from one device differs
    /// (<https://learn.microsoft.com/en-us/autopilot/registration-overview>).
    SharedName = "shared-name", Warning,
        "compare both rows with the labels; if it is one device, keep the row that was read last";
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

/// Something that a file or a row has wrong, or that is worth knowing. Never holds a hardware hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    source: Arc<str>,
    line: Option<u64>,
    column: Option<Box<str>>,
    rule: Rule,
    message: String,
}

impl Finding {
    /// About a whole file, or about a line of it.
    pub(crate) fn new(
        source: &Arc<str>,
        line: Option<u64>,
        rule: Rule,
        message: impl Into<String>,
    ) -> Self {
        Self { source: Arc::clone(source), line, column: None, rule, message: message.into() }
    }

    /// About a row.
    pub(crate) fn at(origin: &Origin, rule: Rule, message: impl Into<String>) -> Self {
        Self::new(&origin.source, Some(origin.line), rule, message)
    }

    pub(crate) fn in_column(mut self, column: &str) -> Self {
        self.column = Some(column.into());
        self
    }

    /// The source, as it was named.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The line, from 1; `None` if it is about the whole source.
    #[must_use]
    pub fn line(&self) -> Option<u64> {
        self.line
    }

    /// The column, as the file names it.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        self.column.as_deref()
    }

    /// What it is about.
    #[must_use]
    pub fn rule(&self) -> Rule {
        self.rule
    }

    /// How grave it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.rule.severity()
    }

    /// What is so, in plain words.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do, in plain words.
    #[must_use]
    pub fn cure(&self) -> &'static str {
        self.rule.cure()
    }
}

/// `fleet.csv:7: error: the serial number alone … [no-identity]`
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.source)?;
        if let Some(line) = self.line {
            write!(f, "{line}:")?;
        }
        write!(f, " {}: {} [{}]", self.severity(), self.message, self.rule)
    }
}

/// A finding as JSON has it.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schemars", schemars(rename = "Finding"))]
#[cfg_attr(
    feature = "schemars",
    schemars(description = "Something that a file or a row has wrong, or that is worth knowing.")
)]
#[serde(rename_all = "camelCase")]
struct FindingJson<'a> {
    /// The source, as it was named.
    source: &'a str,
    /// The line, from 1; null if it is about the whole source.
    line: Option<u64>,
    /// The column, as the file names it.
    column: Option<&'a str>,
    /// The stable id of what it is about.
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    rule: Rule,
    severity: Severity,
    /// What is so, in plain words.
    message: &'a str,
    /// What to do, in plain words.
    cure: &'static str,
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        FindingJson {
            source: self.source(),
            line: self.line,
            column: self.column(),
            rule: self.rule,
            severity: self.severity(),
            message: &self.message,
            cure: self.cure(),
        }
        .serialize(serializer)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Finding {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        FindingJson::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        FindingJson::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_its_own_id_and_a_cure() {
        let mut ids: Vec<_> = Rule::ALL.iter().map(|rule| rule.id()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), Rule::ALL.len());
        for rule in Rule::ALL {
            assert!(rule.cure().len() > 10 && !rule.cure().ends_with('.'), "{rule}");
            assert!(
                rule.id().bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')),
                "{rule}"
            );
        }
    }

    #[test]
    fn a_finding_is_one_line_and_one_json_object() {
        let origin = Origin { source: "fleet.csv".into(), line: 7 };
        let finding =
            Finding::at(&origin, Rule::NoIdentity, "nothing here").in_column("Hardware Hash");
        assert_eq!(finding.to_string(), "fleet.csv:7: error: nothing here [no-identity]");
        let whole = Finding::new(&origin.source, None, Rule::GroupTag, "x");
        assert_eq!(whole.to_string(), "fleet.csv: note: x [group-tag-column]");
        let json = serde_json::to_value(&finding).unwrap();
        assert_eq!((&json["rule"], &json["severity"]), (&"no-identity".into(), &"error".into()));
        assert_eq!((&json["line"], &json["column"]), (&7.into(), &"Hardware Hash".into()));
    }
}
