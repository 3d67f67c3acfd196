//! The list of partial derivatives for other programs, in its order.
//!
//! Must not know how it is shown.

use super::{Section, sections};
use crate::app::App;
use crate::export::{TableCell, TableText};
use crate::train::Pass;
use crate::ui::copy_menu::CopyMenu;
use crate::words::Words;

/// Does something with the menu of the list.
pub(super) fn with_menu<R>(
    (app, pass): (&App, &Pass),
    words: &Words,
    with: impl FnOnce(CopyMenu<'_>) -> R,
) -> R {
    let is_entry = |section: &&Section<'_>| !matches!(section, Section::InputsHeading);
    let n_rows = sections(app, pass).iter().filter(is_entry).map(Section::len).sum();
    let table = |most: usize| table_of(app, pass, words, most);
    with(CopyMenu { name: "∇L", n_rows, table: &table, picture: None })
}

fn table_of(app: &App, pass: &Pass, words: &Words, most: usize) -> TableText {
    let sections = sections(app, pass);
    let entries = sections
        .iter()
        .flat_map(|section| (0..section.len()).filter_map(|index| section.entry(app, words, index)));
    let row = |entry: super::Entry| {
        let grad = entry.grad.map_or(TableCell::Missing, TableCell::Number);
        vec![TableCell::Text(entry.owner), TableCell::Text(entry.name), grad]
    };
    TableText {
        columns: ["of", "number", "gradient"].map(str::to_owned).into(),
        rows: entries.take(most).map(row).collect(),
        rank: 2,
        precision: pass.precision,
    }
}
