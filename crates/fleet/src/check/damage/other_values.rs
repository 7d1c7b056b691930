//! The values that can prove the right form of another value of their row.

/// The other values of a row that can prove the right value of a cell, as far as the row has them.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::check) struct OtherValues<'a> {
    pub(in crate::check) serial_number: Option<&'a str>,
    pub(in crate::check) manufacturer: Option<&'a str>,
    pub(in crate::check) model: Option<&'a str>,
    /// The serial number inside the hardware hash, if the checksum of the hash matches.
    pub(in crate::check) serial_number_in_hash: Option<&'a [u8]>,
}
