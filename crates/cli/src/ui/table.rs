//! Tables without lines around the cells.

use comfy_table::presets::NOTHING;
use comfy_table::{Attribute, Cell, ContentArrangement, Table};

/// Returns an empty table with these columns. The caller has checked the terminal for its width and colors.
pub(crate) fn plain_table(columns: &[&str], width: Option<u16>, colors: bool) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    if colors {
        table.enforce_styling()
    } else {
        table.force_no_tty()
    };
    table.set_width(width.unwrap_or(u16::MAX));
    table.set_header(columns.iter().map(|text| Cell::new(text).add_attribute(Attribute::Bold)));
    table
}

/// Renders a table without trailing spaces.
pub(crate) fn to_text(table: &Table) -> String {
    table.lines().flat_map(|line| [line.trim_end().to_owned(), "\n".to_owned()]).collect()
}
