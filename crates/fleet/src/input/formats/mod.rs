//! Formats other than text with separators. Each turns the bytes of a file into tables in memory, or says why it cannot.

pub(super) mod compound;
pub(super) mod json;
mod named_table;
pub(super) mod serial_list;
pub(super) mod workbook;
pub(super) mod xml;
pub(super) mod zip_archive;
pub(super) mod zip_contents;
