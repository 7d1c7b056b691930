//! Options for reading files.

use std::collections::HashMap;
use std::io::{self, Read};
use std::sync::Arc;

use super::reader::RowReader;
use super::row::InputItem;
use crate::check::finding::Finding;
use crate::check::rule::Rule;

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

    /// Reads rows one at a time; see [`read`](super::read).
    pub fn read<R: Read>(self, reader: R, source: impl Into<Arc<str>>) -> RowReader<R> {
        RowReader::new(reader, source.into(), self)
    }

    /// Reads several files as one fleet; see [`read_all`](super::read_all).
    pub fn read_all<R: Read, S: Into<Arc<str>>>(
        self,
        files: impl IntoIterator<Item = (S, io::Result<R>)>,
    ) -> impl Iterator<Item = InputItem> {
        let mut name_counts: HashMap<Arc<str>, u32> = HashMap::new();
        files.into_iter().flat_map(move |(name, file)| {
            let mut source: Arc<str> = name.into();
            let count = name_counts.entry(Arc::clone(&source)).or_default();
            *count += 1;
            if *count > 1 {
                source = format!("{source} ({count})").into();
            }
            let (reader, error) = match file {
                Ok(reader) => (Some(self.read(reader, source)), None),
                Err(error) => {
                    let message = format!("the file cannot be opened: {error}");
                    (None, Some(Finding::new(&source, None, Rule::Unreadable, message)))
                }
            };
            error.map(InputItem::Finding).into_iter().chain(reader.into_iter().flatten())
        })
    }
}
