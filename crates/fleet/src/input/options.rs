//! Options for reading files.

/// Options for reading files. [`read`](super::read) and [`read_all`](super::read_all) use the defaults.
///
/// ```
/// use partner_center_devices_fleet::{InputItem, ReadOptions};
///
/// let options = ReadOptions::new().keep_records(true);
/// let mut items = options.read(&b"Serial,Shelf\nS1,7\n"[..], "vendor.csv").skip(1);
/// let Some(InputItem::Row(row)) = items.next() else { panic!() };
/// let original = row.original().unwrap();
/// assert_eq!(original.header().collect::<Vec<_>>(), ["Serial", "Shelf"]);
/// assert_eq!(original.cells().collect::<Vec<_>>(), ["S1", "7"]);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct ReadOptions {
    pub(super) keep_records: bool,
    pub(super) lists: bool,
    pub(super) skip_other_files: bool,
    pub(super) skip_rows_to_correct: bool,
}

impl ReadOptions {
    /// Creates the default options.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps the cells of each row as the file has them, so that rows can be written to a file to correct. Default:
    /// false, because it doubles the memory of each row.
    #[must_use]
    pub fn keep_records(mut self, keep: bool) -> Self {
        self.keep_records = keep;
        self
    }

    /// Accepts lists of serial numbers, product keys or device ids without a header, to look up registered devices. Default:
    /// false, because such a list is not enough to register devices.
    #[must_use]
    pub fn lists(mut self, accept: bool) -> Self {
        self.lists = accept;
        self
    }

    /// Skips files that are not lists of devices with a note, as in a ZIP archive, instead of reporting an error. For files
    /// of a folder, which the user did not name. Default: false.
    ///
    /// A file that may contain devices, but cannot be read, is still an error.
    #[must_use]
    pub fn skip_other_files(mut self, skip: bool) -> Self {
        self.skip_other_files = skip;
        self
    }

    /// Skips the file with a note, because it has the rows that an earlier upload or export of another file left out. For such
    /// a file in the folder of the other one, whose rows would be read twice. Default: false.
    #[must_use]
    pub fn skip_rows_to_correct(mut self, skip: bool) -> Self {
        self.skip_rows_to_correct = skip;
        self
    }
}
