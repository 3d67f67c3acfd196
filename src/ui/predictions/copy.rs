//! The list for other programs: every digit, in the order shown.
//!
//! Must not know the clipboard.

use super::Shown;
use super::classes::class_name;
use crate::data::Part;
use crate::export::{TableCell, TableText, rounded};
use crate::network::Task;
use crate::train::Precision;
use crate::ui::copy_menu::CopyMenu;

/// Does something with the menu of the rows listed.
pub(super) fn with_menu<R>(shown: &Shown<'_>, with: impl FnOnce(CopyMenu<'_>) -> R) -> R {
    let table = |most: usize| table_of(shown, most);
    let name = shown.words.text("pane-predictions");
    with(CopyMenu { name: &name, n_rows: shown.listing.samples.len(), table: &table, picture: None })
}

/// Row, part, truth, prediction and error of every row listed; rows counted from 1 as in the window.
fn table_of(shown: &Shown<'_>, most: usize) -> TableText {
    let head = shown.head;
    let is_class = head.task() == Task::Classification;
    let mut columns = vec!["row".to_owned(), "part".to_owned()];
    if is_class {
        columns.extend(["truth".to_owned(), "prediction".to_owned()]);
        columns.extend(head.names.iter().map(|name| format!("p({name})")));
    } else {
        columns.extend(head.names.iter().map(|name| format!("{name} truth")));
        columns.extend(head.names.iter().map(|name| format!("{name} prediction")));
    }
    columns.push("error".to_owned());
    let row = |&sample: &u32| {
        let at = sample as usize;
        let part = match shown.data.part_of_sample(sample) {
            _ if shown.file.is_some() => "second file",
            Part::Validation => "validation",
            Part::Training | Part::LeftOut => "training",
        };
        let number = shown.data.row_told(true, usize::MAX, sample).0 + 1;
        let mut row = vec![TableCell::Number(number as f64), TableCell::Text(part.to_owned())];
        if let Some((truth, said)) = head.classes_of(at).filter(|_| is_class) {
            row.extend([truth, said].map(|class| TableCell::Text(class_name(head, class))));
        } else {
            row.extend(head.truth(at).iter().map(|&truth| TableCell::Number(truth)));
        }
        let said = head.prediction(at).iter().map(|&x| rounded(x, shown.predictions.precision));
        row.extend(said.map(TableCell::Number));
        row.push(TableCell::Number(head.error(at)));
        row
    };
    // What the network says is rounded above; the other numbers have all their digits.
    let rows = shown.listing.samples.iter().take(most).map(row).collect();
    TableText { columns, rows, rank: 2, precision: Precision::F64 }
}
