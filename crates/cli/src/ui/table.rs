//! Tables without lines around the cells.

use comfy_table::presets::NOTHING;
use comfy_table::{Attribute, Cell, ContentArrangement, Table};

/// A table of these columns, without lines around anything. It does not look at the terminal: its caller has.
pub(crate) fn bare(columns: &[&str], width: Option<u16>, colours: bool) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    if colours {
        table.enforce_styling()
    } else {
        table.force_no_tty()
    };
    table.set_width(width.unwrap_or(u16::MAX));
    table.set_header(columns.iter().map(|text| Cell::new(text).add_attribute(Attribute::Bold)));
    table
}

pub(crate) fn lined(table: &Table) -> String {
    table.lines().flat_map(|line| [line.trim_end().to_owned(), "\n".to_owned()]).collect()
}
