//! The file formats of an export, with the limits that Microsoft documents.

/// A file format for registering devices without this API.
///
/// | format | columns | for each row | rows per file |
/// |---|---|---|---|
/// | [`PartnerCenter`](Self::PartnerCenter) | serial number, product ID, hash, manufacturer, model | the values that an upload sends | 1,000 |
/// | [`Intune`](Self::Intune) | serial number, product ID, hash, group tag, assigned user | a hash and a serial number | 500 |
/// | [`CorporateIdentifiers`](Self::CorporateIdentifiers) | manufacturer, model, serial number, without a header | all three | 5,000, and 5 MB |
///
/// Lines end with CR LF. No format can hold a comma or a quotation mark in a value: Microsoft's pages rule out commas
/// (<https://learn.microsoft.com/en-us/autopilot/faq>) and, for Intune, quotation marks
/// (<https://learn.microsoft.com/en-us/autopilot/add-devices>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExportFormat {
    /// The list of devices that a partner uploads in Partner Center (<https://learn.microsoft.com/partner-center/autopilot>),
    /// at most 1,000 at a time (<https://learn.microsoft.com/en-us/autopilot/manual-registration>). UTF-8.
    PartnerCenter,
    /// The list of devices that a customer imports in Intune (<https://learn.microsoft.com/en-us/autopilot/add-devices>).
    /// Intune accepts only ANSI text. Code pages differ in every letter beyond ASCII, so these files are ASCII. The
    /// product ID is empty if it is unknown: that page requires it of partners who import a file, but not of the customer's
    /// administrators. The column for the assigned user stays empty, because it is personal data.
    Intune,
    /// The identifiers by which Intune recognizes a customer's own devices when they enroll
    /// (<https://learn.microsoft.com/en-us/intune/device-enrollment/add-corporate-identifiers>). Periods are removed from
    /// serial numbers, as that page asks. It names no encoding; these files are UTF-8.
    CorporateIdentifiers,
}

impl ExportFormat {
    /// Every format.
    pub const ALL: &[Self] = &[Self::PartnerCenter, Self::Intune, Self::CorporateIdentifiers];

    /// Returns the stable name: `partner-center`, `intune` or `corporate-identifiers`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::PartnerCenter => "partner-center",
            Self::Intune => "intune",
            Self::CorporateIdentifiers => "corporate-identifiers",
        }
    }

    /// Returns the number of devices that a file can have.
    #[must_use]
    pub fn max_rows(self) -> usize {
        match self {
            Self::PartnerCenter => 1_000,
            Self::Intune => 500,
            Self::CorporateIdentifiers => 5_000,
        }
    }

    /// Returns the number of bytes that a file can have, if there is a limit. "5 MB" is read as 5,000,000 bytes, the
    /// smaller of its two meanings.
    #[must_use]
    pub fn max_bytes(self) -> Option<usize> {
        match self {
            Self::CorporateIdentifiers => Some(5_000_000),
            Self::PartnerCenter | Self::Intune => None,
        }
    }

    /// Returns the names of the columns, in upper and lower case exactly as documented.
    pub(super) fn header(self) -> Option<[&'static str; 5]> {
        let columns = |fourth, fifth| {
            ["Device Serial Number", "Windows Product ID", "Hardware Hash", fourth, fifth]
        };
        match self {
            Self::PartnerCenter => Some(columns("Manufacturer name", "Device model")),
            Self::Intune => Some(columns("Group Tag", "Assigned User")),
            Self::CorporateIdentifiers => None,
        }
    }

    /// Returns the name of the format in a sentence about a row.
    pub(super) fn subject(self) -> &'static str {
        match self {
            Self::PartnerCenter => "a Partner Center file",
            Self::Intune => "Intune",
            Self::CorporateIdentifiers => "a corporate identifier",
        }
    }

    /// Returns true if values can only contain ASCII.
    pub(super) fn is_ascii_only(self) -> bool {
        self == Self::Intune
    }
}
