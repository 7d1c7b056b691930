//! Limits on the size of files, so that no file can exhaust the memory of the program.
//!
//! CSV has no limit, because it is read row by row. The other formats are read into memory.

/// The maximum size in bytes of a file that is read into memory: Excel, ZIP, JSON, XML.
pub(super) const MAX_FILE_BYTES: u64 = 256 << 20;

/// The maximum number of bytes that one workbook or ZIP archive, with everything inside it, may unpack to.
pub(super) const MAX_UNPACKED_BYTES: u64 = 1 << 30;

/// The maximum ratio of unpacked to packed bytes of a part of an archive with more than [`MIN_RATIO_BYTES`]. Tables rarely
/// exceed 20.
pub(super) const MAX_RATIO: u64 = 250;

/// The unpacked size in bytes from which [`MAX_RATIO`] applies.
pub(super) const MIN_RATIO_BYTES: u64 = 32 << 20;

/// The maximum number of files in a ZIP archive.
pub(super) const MAX_MEMBERS: usize = 10_000;

/// The maximum number of rows of a table in memory, which is also the limit of Excel.
pub(super) const MAX_ROWS: u32 = 1_048_576;

/// The maximum number of columns of a table in memory.
pub(super) const MAX_COLUMNS: usize = 1_000;

/// The maximum number of bytes in the cells of a table in memory.
pub(super) const MAX_TABLE_BYTES: usize = 512 << 20;

/// The maximum number of cells of a table in memory.
pub(super) const MAX_CELLS: usize = 20_000_000;

/// The maximum depth of elements in XML.
pub(super) const MAX_DEPTH: usize = 64;
