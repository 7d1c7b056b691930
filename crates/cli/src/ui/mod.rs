//! The terminal: output, lists, tables, progress and prompts.

pub(crate) mod browser;
pub(crate) mod calls;
pub(crate) mod findings;
pub(crate) mod list;
pub(crate) mod output;
pub(crate) mod progress;
pub(crate) mod prompt;
pub(crate) mod report_table;
pub(crate) mod style;
pub(crate) mod table;
pub(crate) mod terminal_text;
pub(crate) mod terminal_width;
pub(crate) mod text_layout;
