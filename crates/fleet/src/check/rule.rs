//! The rules that findings refer to: the stable id of each, its severity, what it means and how to fix it.
//!
//! `docs/rules.md` and `pcdevices explain` are made from this list. A new rule goes into the list with an id that never
//! changes afterwards.

use std::fmt;

use serde::{Serialize, Serializer};

/// The severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Severity {
    /// Worth knowing. All rows and values are used as intended.
    Note,
    /// Probably a mistake. The row is sent unless the rule says otherwise.
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
        /// The rule behind a [`Finding`](crate::Finding). Ids never change; new rules may be added.
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

            /// Returns the stable id, such as `no-identity`.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$name => $id),* }
            }

            /// Returns the severity of findings of this rule.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity),* }
            }

            /// Returns the meaning of the rule, in sentences. URLs of sources are enclosed in `<>`.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+)),* }.trim_start()
            }

            /// Returns the first sentence of the meaning, without the period and the source.
            #[must_use]
            pub fn summary(self) -> &'static str {
                let meaning = self.meaning();
                let end = [". ", " ("].iter().filter_map(|end| meaning.find(end)).min();
                meaning[..end.unwrap_or(meaning.len())].trim_end_matches('.')
            }

            /// Returns instructions for fixing the problem.
            #[must_use]
            pub fn cure(self) -> &'static str {
                match self { $(Self::$name => $cure),* }
            }
        }
    };
}

rules! {
    /// The file is UTF-16 without a byte order mark. It is read as UTF-16.
    Utf16 = "utf-16", Note,
        "nothing to do; other programs may need the byte order mark, or UTF-8";
    /// The file is UTF-32, which is not supported.
    Utf32 = "utf-32", Error,
        "convert it to UTF-8: Get-Content -Encoding UTF32 OLD.csv | Set-Content -Encoding utf8 NEW.csv";
    /// The file is a web page (HTML): a sign-in page that was saved instead of the file, or a table that a portal calls an
    /// Excel file.
    WebPage = "web-page", Error,
        "sign in and download the file again; if it opens as a table, save it as \"CSV UTF-8 (Comma delimited)\"";
    /// The file is a document, a picture or another file from which no list of devices can be read.
    NotText = "not-text", Error,
        "ask the sender for the list as an Excel workbook (.xlsx) or a CSV file";
    /// The file is a workbook in a format that cannot be read.
    Workbook = "workbook", Error,
        "open it and save it as an Excel workbook (.xlsx), then check that long numbers kept all their digits";
    /// The file is an archive that cannot be read. A ZIP archive can be, but not another archive inside it.
    Archive = "archive", Error,
        "unpack it, and use the files in it; to unpack a CAB archive: expand FILE.cab -F:* FOLDER";
    /// The file is an e-mail message.
    Email = "email", Error,
        "open the message, save its attachment, and use that file";
    /// The file is protected by a password.
    Encrypted = "encrypted", Error,
        "open it with its password, and save it without one";
    /// The file is XML without devices. The report of OA3Tool (OA3.xml) has a hardware hash.
    Xml = "xml", Error,
        "export the devices as CSV; on a device, Get-WindowsAutopilotInfo or OA3Tool /Report reads the hardware hash";
    /// The file is JSON without devices. A response of Microsoft Graph and the output of ConvertTo-Json can be read.
    Json = "json", Error,
        "export the devices as CSV, or name the properties like the columns of a CSV file";
    /// The file is damaged or incomplete, such as a download that was interrupted.
    DamagedFile = "damaged-file", Error,
        "download or copy the file again; or open it in the program that wrote it, and save it again";
    /// The file exceeds a limit that protects the program from files that are made to fill its memory.
    TooLarge = "too-large", Error,
        "split the file, or save the list as CSV, which may have any size";
    /// The file is a list of serial numbers, product keys or device ids without a header. Commands that look up registered
    /// devices accept it.
    IdentifierList = "identifier-list", Error,
        "ask the seller for the hardware hash, the PKID, or the manufacturer and model of each device";
    /// The file has one page of a list. Microsoft Graph returns long lists in pages.
    IncompleteList = "incomplete-list", Warning,
        "request the pages that follow (@odata.nextLink) too, and put all pages into one file or folder";
    /// A sheet that Excel hides has devices. It is not read.
    HiddenSheet = "hidden-sheet", Warning,
        "show the sheet (Unhide) and save the workbook if these devices are needed";
    /// A value is a number in the workbook, not text. Excel removes leading zeros of numbers.
    NumberCell = "number-cell", Warning,
        "compare the value with the label of the device; format the column as text before typing or pasting";
    /// A sheet of the workbook has no devices. It is not read.
    SkippedSheet = "skipped-sheet", Note,
        "nothing to do, unless the sheet has devices: then give it a header with known column names";
    /// A file in a folder or archive is not a list of devices. It is not read.
    SkippedFile = "skipped-file", Note,
        "nothing to do, unless the file has devices: then save it as CSV or as an Excel workbook";
    /// The file contains no devices.
    EmptyFile = "empty-file", Error,
        "check that it is the right file and that the export finished";
    /// The first line does not contain a known column name.
    UnknownHeader = "unknown-header", Error,
        "name the columns in the first line, in the order of the values: Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model";
    /// The file has no header, and each row has a manufacturer, a model and a serial number: Intune's corporate device
    /// identifiers (<https://learn.microsoft.com/en-us/intune/intune-service/enrollment/corporate-identifiers-add>).
    CorporateIdentifiers = "corporate-identifiers", Note,
        "check that the first value of each row is the manufacturer and the second the model, spelled as the device reports them";
    /// The file is a list of names and values, such as `Serial Number : 7KQWX13`, as Format-List of PowerShell writes it.
    ListOutput = "list-output", Note,
        "compare the number of devices; export them with Export-Csv next time, because a console shortens or wraps values";
    /// The file is a table that a console aligned with spaces, as Format-Table of PowerShell writes it. Hardware hashes are
    /// shortened in it.
    ConsoleTable = "console-table", Error,
        "export the devices again: replace Format-Table or > FILE by | Export-Csv FILE -NoTypeInformation -Encoding utf8";
    /// The file is for Windows Autopilot device preparation, also called Autopilot v2. It registers devices in another way,
    /// which is not part of Partner Center.
    DeviceLink = "device-link", Error,
        "use it where the page of Windows Autopilot device preparation says; for Partner Center, export hardware hashes with Get-WindowsAutopilotInfo -Partner";
    /// The column names and the values of a device are in one line, because a line break was lost.
    HeaderWithDevice = "header-with-device", Error,
        "end the first line behind the last column name, and put each device in its own line";
    /// Each line is in quotation marks as a whole, as a spreadsheet writes lines that it read as one value.
    QuotedLines = "quoted-lines", Note,
        "nothing to do: the cells inside the quotation marks are read";
    /// Each row repeats the column names in front of its values, as the report "Windows Autopilot Device Information" of
    /// Configuration Manager does (<https://github.com/MicrosoftDocs/windows-itpro-docs/issues/5510>).
    RowLabels = "row-labels", Note,
        "nothing to do: the names are skipped";
    /// A row starts with `#`, as if someone had commented it out. Files of devices have no comments.
    CommentedRow = "commented-row", Error,
        "delete the line if the device is not meant to be registered; otherwise remove the #";
    /// The file could not be opened, or not read to its end.
    Unreadable = "unreadable", Error,
        "check the file and the disk or network share it is on, then try again";
    /// Some cells are not valid UTF-8. They are read as Windows-1252, the encoding in which Excel saves "CSV (Comma
    /// delimited)" in Western Europe and America.
    Windows1252 = "windows-1252", Warning,
        "check that names with accents are right, or save the file as CSV UTF-8";
    /// Earlier rows are Windows-1252 and later rows are UTF-8, as if two files were joined.
    MixedEncodings = "mixed-encodings", Warning,
        "check that names with accents are right, or pass the original files separately";
    /// The cells of the row are not separated by the same character as the header.
    MixedSeparators = "mixed-separators", Error,
        "use the same separator in the whole file";
    /// The header is repeated, or a different header follows, as if files were joined. The rows below it are read with
    /// it.
    RepeatedHeader = "repeated-header", Note,
        "nothing to do: the rows below each header are read";
    /// A line above, between or below the rows is not a device: a title, a total, a row count.
    ExtraLine = "extra-line", Note,
        "nothing to do, unless the line is a device";
    /// A byte order mark is in the middle of the file, as if files were joined.
    ByteOrderMark = "byte-order-mark", Note,
        "nothing to do: the mark is ignored";
    /// A line contains only zero bytes, usually because a computer or a disk failed while the file was written.
    ZeroBytes = "zero-bytes", Warning,
        "compare the number of rows with the order; if rows are missing, ask for the file again";
    /// Cells say in words that there is no value, such as `N/A`, `NULL`, `-` or the same in another language. They are read
    /// as empty cells.
    EmptyWord = "empty-word", Note,
        "nothing to do, unless the word is the real value of a device";
    /// Values are written as formulas, such as `="00123"`, so that a spreadsheet keeps leading zeros.
    FormulaQuotes = "formula-quotes", Note,
        "nothing to do: the value between the quotation marks is used";
    /// Values start with an apostrophe, which tells a spreadsheet not to read them as numbers.
    LeadingApostrophe = "leading-apostrophe", Note,
        "nothing to do: the apostrophe is removed";
    /// Values have extra quotation marks: doubled by a script, put after a space, or added by a word processor.
    StrayQuotes = "stray-quotes", Note,
        "nothing to do: the extra quotation marks are removed";
    /// Values contain non-standard spaces, usually non-breaking spaces from a web page or a word processor.
    OddBlank = "odd-blank", Note,
        "nothing to do: they are replaced by normal spaces";
    /// Hardware hashes are split into lines or parts, as mail programs do. The parts are joined without loss.
    WrappedHash = "wrapped-hash", Note,
        "nothing to do: the parts are joined";
    /// A column whose name is not known is used because of its values: hardware hashes, serial numbers or product keys.
    /// No other column has such values, and the file has no column with a known name for them.
    ColumnByContent = "column-by-content", Note,
        "nothing to do, if the column is right; otherwise name the columns as in: Device Serial Number,Windows Product ID,Hardware Hash,Manufacturer name,Device model";
    /// Several columns without a known name have values of the same kind.
    AmbiguousColumn = "ambiguous-column", Error,
        "give the right column its name: Device Serial Number, Windows Product ID or Hardware Hash; or remove the others";
    /// The upload does not use the column.
    IgnoredColumn = "ignored-column", Note,
        "nothing to do, unless it has serial numbers, product keys, hardware hashes, manufacturers or models: then rename it";
    /// The column contains group tags. A device has no field for them
    /// (<https://learn.microsoft.com/en-us/rest/api/partner-center/device-deployment/uploaded-customer-devices>): the name
    /// of its batch becomes its group tag, so each group tag names the batch of its rows.
    GroupTagColumn = "group-tag-column", Note,
        "nothing to do: an upload sends each row to the batch with the name of its group tag, unless you name one batch for all rows";
    /// Some rows of the file have a group tag, and others do not. An upload that makes a batch for each group tag refuses
    /// the others.
    MissingGroupTag = "missing-group-tag", Warning,
        "fill in the group tag of each row; or send all rows to one batch: --batch NAME --ignore-group-tags";
    /// The column names the customer of each row. An upload goes to one customer by default.
    CustomerColumn = "customer-column", Note,
        "nothing to do, unless the file has devices for several customers";
    /// The column contains the ids that the service gave to devices, so the file is a list of registered devices. The
    /// upload has no field for them.
    DeviceIdColumn = "device-id-column", Note,
        "nothing to do: the id is not sent, but it is used to find registered devices";
    /// The column names the user of each device, which is personal data. It is not sent and never shown.
    AssignedUserColumn = "assigned-user-column", Note,
        "remove the column before you share the file; assign users in Intune";
    /// Two columns have the same meaning, by their names or by their values. Only one is used.
    RepeatedColumn = "repeated-column", Warning,
        "remove one of the two columns, or name the one to use as in Partner Center's layout, such as Device Serial Number";
    /// A cell of a UTF-8 file is not valid UTF-8, or an earlier conversion lost one of its characters.
    NotUtf8 = "not-utf-8", Error,
        "export the file again as CSV UTF-8";
    /// A cell contains a line break, usually because a quotation mark is never closed. The cell may contain other rows.
    LineBreak = "line-break-in-cell", Error,
        "remove the quotation marks from this row, and the line break if there is one";
    /// A value contains a control character or another invisible character, so it is not what it looks like.
    ControlCharacter = "control-character", Error,
        "type the value again instead of pasting it";
    /// A value is far too long for its column, usually because it is a hardware hash. The value is never shown.
    LongValue = "long-value", Error,
        "check that each column name is above the right values";
    /// A value is in a column without a name, usually because a comma inside another value shifted the cells.
    TooManyCells = "too-many-cells", Error,
        "remove the comma from the value, or enclose the value in quotation marks";
    /// The cells of the row may be in the wrong columns. Either a value starts with a space while the last column is
    /// empty, as if a value was split at a comma; or a quotation mark is never closed.
    ShiftedCells = "shifted-cells", Warning,
        "if the comma belongs to the value, enclose the value in quotation marks; if not, remove the space";
    /// The row does not have enough values to identify a device
    /// (<https://learn.microsoft.com/en-us/partner-center/developer/device-deployment-resources>).
    NoIdentity = "no-identity", Error,
        "ask the seller for the missing values, or read the hash on the device: Get-WindowsAutopilotInfo -Partner";
    /// The motherboard of the device was replaced, and the row has no hardware hash to send. Product keys and models do not
    /// identify such a device: the service would reject the row with error 812
    /// (<https://learn.microsoft.com/en-us/autopilot/autopilot-motherboard-replacement>). Only checked on request.
    RepairWithoutHash = "repair-without-hash", Error,
        "read the hash on the repaired device: Get-WindowsAutopilotInfo -Partner";
    /// The hardware hash of a repaired device contains no serial number or no manufacturer, which the service needs
    /// (<https://learn.microsoft.com/en-us/autopilot/add-devices>). Only checked on request.
    RepairHashIncomplete = "repair-hash-incomplete", Error,
        "write serial number and manufacturer to the new motherboard with the tool of its manufacturer, then read the hash again";
    /// The hardware hash of a repaired device does not seem to contain a field that Microsoft lists
    /// (<https://learn.microsoft.com/en-us/autopilot/autopilot-motherboard-replacement>). The layout of the fields is not
    /// documented. Only checked on request.
    RepairFieldMissing = "repair-field-missing", Warning,
        "read the hash again in Windows, not in Windows PE, after every part is installed; check it with OA3Tool /DecodeHwHash";
    /// The row is missing its customer, or its batch, in an upload that takes them from the rows.
    NoDestination = "no-destination", Error,
        "fill in the customer, and the batch if the file has one for each row";
    /// The hardware hash is not valid base64: it is truncated or changed. The service would reject it with error 802.
    HashNotBase64 = "hash-not-base64", Error,
        "copy the whole hash again from its source, without line breaks";
    /// The hardware hash does not start with `OA`, the mark of a hash that Windows or the OA3 tool makes. Some scripts
    /// write other data, such as a serial number in base64, under this name. The service would reject it with error 802.
    NotAHash = "not-a-hash", Error,
        "read the hash on the device: Get-WindowsAutopilotInfo -Partner; or leave the cell empty";
    /// The hardware hash is truncated: it says itself that it is longer. The service would reject it with error 802.
    HashTruncated = "hash-truncated", Error,
        "copy the whole hash again from its source: usually 4,000 characters, more than some programs keep in a cell";
    /// The hardware hash is valid base64 but does not have the known layout (<https://github.com/tadvaas/tscrub>): it
    /// is damaged, or made by an old tool. The service may reject it with error 802.
    HashLayout = "hash-layout", Warning,
        "read the hash again on the device: Get-WindowsAutopilotInfo -Partner; check it with OA3Tool /ValidateHwHash";
    /// The hardware hash is not padded with zeros to the usual 4,000 characters.
    HashPadding = "hash-padding", Warning,
        "compare its length with the source; if the source has the same length, read the hash again on the device";
    /// The hardware hash lacks zeros at its end, or was written in another alphabet of base64. It is repaired, and its
    /// checksum proves the result.
    RepairedHash = "repaired-hash", Note,
        "nothing to do: the complete hash is sent";
    /// The value in the column of hardware hashes is much longer than a hash. It is never shown.
    HashTooLong = "hash-too-long", Error,
        "check that the column contains hardware hashes, and that each cell contains only one";
    /// The checksum inside the hardware hash does not match, so some part of the hash was changed.
    HashChecksum = "hash-checksum", Warning,
        "copy the hash again from its source, without a spreadsheet; or read it again on the device";
    /// The hardware hash contains a different serial number, product key, manufacturer or model than its row.
    HashMismatch = "hash-mismatch", Warning,
        "check that the hash is in the right row; the values inside the hash were read on the device";
    /// A serial number, name or UUID was never filled in by the manufacturer. Many devices share it, and the service
    /// may reject it with error 813.
    Placeholder = "placeholder", Warning,
        "use the value on the label; if the device itself reports the placeholder, ask the seller to have it set";
    /// A value to send is a spreadsheet error such as `#REF!`, or `####` from a column that was too narrow.
    SpreadsheetError = "spreadsheet-error", Error,
        "get the value from the source of the file; the spreadsheet has lost it";
    /// A long number was shortened by a spreadsheet, such as `1.23E+11`. Its digits are lost.
    ScientificNotation = "scientific-notation", Error,
        "get the number from the source of the file; import the column as text, not as a number";
    /// A spreadsheet removed the leading zeros of a value. The value inside the hardware hash proves them, so they are
    /// restored.
    LostZeros = "lost-zeros", Warning,
        "nothing to do for this row; check the same column of rows without a hardware hash, and import it as text";
    /// A value looks like a date. Spreadsheets turn some other values into dates.
    LooksLikeDate = "looks-like-date", Warning,
        "compare it with the source of the file; import the column as text";
    /// A value is a formula of a spreadsheet, or starts like one. Its result is lost, or someone wants a spreadsheet to
    /// run it.
    Formula = "formula", Error,
        "paste the cells as values, or get the value from the source of the file; do not open the file in a spreadsheet";
    /// A number has a fraction or separators between its thousands, as a spreadsheet formats it. It may have lost zeros.
    FormattedNumber = "formatted-number", Error,
        "get the number from the source of the file; format the column as text before the number is put into it";
    /// A product key has a fraction or separators between its thousands. It still has 13 digits, which are used.
    FormattedProductKey = "formatted-product-key", Warning,
        "compare the digits with the source of the file; format the column as text";
    /// A value is an object or a variable of a script or template, such as `@{SerialNumber=…}`, `System.Object[]` or
    /// `$serial`. The script did not take the value out of it.
    ScriptObject = "script-object", Error,
        "correct the script so that it writes the value, such as: Select-Object -ExpandProperty SerialNumber";
    /// A value is output of a console instead of the value by itself: a title with a value, as wmic shows it, or an
    /// error message.
    ConsoleOutput = "console-output", Error,
        "keep only the value; in scripts, use (Get-CimInstance Win32_BIOS).SerialNumber; delete license keys";
    /// A cell contains the values of several devices.
    SeveralValues = "several-values", Error,
        "give each device its own row";
    /// A label or the prefix of a barcode is in front of a value, such as `S/N:`. The value behind it is used.
    ValueLabel = "value-label", Warning,
        "compare the value with the label of the device; keep only the value, and set up the scanner to omit the prefix";
    /// A value has the label of another value, such as a part number.
    WrongLabel = "wrong-label", Error,
        "use the right value, without a label";
    /// A serial number is a whole barcode: of Lenovo (`1S`, the machine type and model, the serial number) or of GS1 (`01`, the
    /// number of the article, `21`, the serial number). It is not certain where the serial number starts.
    BarcodePrefix = "barcode-prefix", Error,
        "keep only the serial number at the end, at Lenovo usually 8 characters; or fill in the machine type and model as the model";
    /// A serial number looks as if the prefix of a barcode is in front of it. It is sent as it is.
    PossiblePrefix = "possible-prefix", Warning,
        "compare the serial number with the label of the device; if the prefix is not part of it, remove it";
    /// A character is invisible, or looks like a letter or sign of ASCII and is another one. Firmware reports serial
    /// numbers and names in ASCII (<https://www.dmtf.org/standards/smbios>), so the value never matches.
    LookAlikeCharacter = "look-alike-character", Error,
        "type the value again instead of pasting it";
    /// A value has a character that values of its kind rarely have. It is sent as it is.
    UnusualCharacter = "unusual-character", Warning,
        "compare the value with the label of the device";
    /// A serial number has no digit, contains a word, is very short or looks like another value, so it may be a remark. It is
    /// sent as it is.
    UnlikelySerialNumber = "unlikely-serial-number", Warning,
        "compare the value with the label of the device; move remarks to a separate column";
    /// A manufacturer or model is a truth value of a spreadsheet, a number, a list of names, or contains the serial number, so
    /// it may be another value. It is sent as it is.
    UnlikelyName = "unlikely-name", Warning,
        "write the name as the device reports it: Get-CimInstance Win32_ComputerSystem | Select-Object Manufacturer, Model";
    /// A name was read in the wrong encoding by an earlier program, or the file is in an old encoding of another country.
    WrongEncoding = "wrong-encoding", Error,
        "export the file again as CSV UTF-8; the name must have the same letters as in the firmware";
    /// A manufacturer is a trade name. The service compares it with the name in the firmware, character by character
    /// (<https://github.com/MicrosoftDocs/microsoft-365-docs/issues/1972>).
    TradeName = "trade-name", Warning,
        "use the name that the device reports: (Get-CimInstance Win32_ComputerSystem).Manufacturer";
    /// A value is damaged or malformed, but other values of the row identify the device. The value is not sent.
    UnusedDamage = "unused-damage", Warning,
        "nothing to do to register the device; correct the value, or check that its column is the right one";
    /// The device is a phone, a tablet or a computer without Windows, by its operating system, manufacturer or model.
    /// Windows Autopilot cannot register it.
    NotWindows = "not-windows", Warning,
        "remove the row if the device does not run Windows";
    /// The product key is a license key, five groups of five letters and digits, not a PKID. A license key activates
    /// Windows and is a secret. It is never sent.
    LicenseKey = "licence-key", Error,
        "use the PKID, a 13-digit number on the label of the box, and delete license keys from the file";
    /// The product key is the ProductId of an installed Windows, such as `00330-80000-00000-AA001`, not a PKID. It names
    /// the license, not the device: all devices with the same volume license share it. It is never sent.
    WindowsProductId = "windows-product-id", Error,
        "use the PKID from the label on the box, or leave the product key empty and add the hardware hash or the model";
    /// The product key is not a 13-digit number, as a PKID is
    /// (<https://oofhours.com/2020/01/29/windows-autopilot-device-registration-options-for-partners-using-the-tuple/>).
    /// It identifies no device and is not sent.
    ProductKeyForm = "product-key-form", Error,
        "use the PKID from the label on the box, not a license key; a spreadsheet may have removed leading zeros";
    /// Another row describes the same device, and identifies it better or comes first. This row is not sent.
    Duplicate = "duplicate", Warning,
        "nothing to do if both rows are right; correct this one if it is a different device";
    /// Rows with different serial numbers have the same hardware hash or product key, as if a spreadsheet filled one value
    /// down. None of them is sent, because it is not known which device the value belongs to; only a row whose hash proves
    /// it is sent. Rows with the same placeholder or date as serial number may be different
    /// devices too.
    SerialConflict = "serial-conflict", Error,
        "get the hash or product key of each device from its source; if the rows are one device, correct the serial number";
    /// Two devices have the same serial number or the same product key. Most shared serial numbers are placeholders of
    /// the manufacturer. Two hardware hashes that were read from one device differ as well
    /// (<https://learn.microsoft.com/en-us/autopilot/registration-overview>).
    SharedName = "shared-name", Warning,
        "compare both rows with the labels; if both are the same device, keep the row that was read last";
    /// The row is valid, but lacks a value that the file format of an export requires.
    ExportMissingValue = "export-missing-value", Error,
        "add the value, or read the hash on the device; Partner Center registers every valid row";
    /// The row is valid, but the file format of an export cannot hold one of its values. No format can hold a comma or a
    /// quotation mark, and Intune accepts only ANSI text (<https://learn.microsoft.com/en-us/autopilot/add-devices>).
    ExportUnsupportedValue = "export-unsupported-value", Error,
        "correct the value if it is wrong; if not, register the device with an upload, which sends no CSV";
    /// A value in an export starts with a sign that spreadsheets read as the start of a formula.
    ExportFormula = "export-formula", Warning,
        "import the file as it is; do not open it in a spreadsheet, which would change the value";
    /// Two rows of an export have the same manufacturer, model and serial number, so they have the same corporate
    /// identifier.
    ExportRepeatedIdentifier = "export-repeated-identifier", Warning,
        "compare both rows with the labels; one identifier is enough only if both are the same device";
    /// The group tag of a row is not in an export for Partner Center, which has no column for it. The customer sees the
    /// name of the list as the group tag.
    ExportGroupTag = "export-group-tag", Warning,
        "export the rows of each group tag separately, and give each list in Partner Center the name of its group tag";
    /// A value in an export differs from the file, as its format requires: periods are removed from serial numbers in
    /// corporate identifiers (<https://learn.microsoft.com/en-us/intune/device-enrollment/add-corporate-identifiers>), and
    /// a missing value is taken from the hardware hash.
    ExportAdaptedValue = "export-adapted-value", Note,
        "nothing to do: Intune expects the value in this form";
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_have_unique_kebab_case_ids_and_cures() {
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
}
