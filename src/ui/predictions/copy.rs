//! The list for other programs: every digit, in the order shown.
//!
//! Must not know the clipboard.

use super::Shown;
use super::table::{is_of_classes, truth_text};
use crate::data::Part;
use crate::export::{TableCell, TableText, rounded};
use crate::train::Precision;
use crate::ui::copy_menu::CopyMenu;

/// Does something with the menu of the rows listed.
pub(super) fn with_menu<R>(shown: &Shown<'_>, with: impl FnOnce(CopyMenu<'_>) -> R) -> R {
    let table = |most: usize| table_of(shown, most);
    let name = shown.words.text("pane-predictions");
    with(CopyMenu { name: &name, n_rows: shown.listing.samples.len(), table: &table, picture: None })
}

/// What is said of the truth, where the rows say it.
fn truths<T>(shown: &Shown<'_>, all: impl IntoIterator<Item = T>) -> impl Iterator<Item = T> {
    all.into_iter().filter(|_| shown.head.has_truth())
}

/// Row, part, truth, prediction and error of every row listed; rows counted from 1 as in the window.
fn table_of(shown: &Shown<'_>, most: usize) -> TableText {
    let head = shown.head;
    let is_class = is_of_classes(head);
    let kept = head.names.iter().take(head.n_kept);
    let mut columns = vec!["row".to_owned(), "part".to_owned()];
    if is_class {
        columns.extend(truths(shown, ["truth".to_owned()]));
        columns.push("prediction".to_owned());
        columns.extend(kept.map(|name| format!("p({name})")));
    } else {
        columns.extend(truths(shown, kept.clone().map(|name| format!("{name} truth"))));
        columns.extend(kept.map(|name| format!("{name} prediction")));
    }
    columns.extend(truths(shown, ["error".to_owned()]));
    let row = |&sample: &u32| {
        let at = sample as usize;
        let part = match shown.data.part_of_sample(sample) {
            _ if shown.file.is_some() => "second file",
            Part::Validation => "validation",
            Part::Training | Part::LeftOut => "training",
        };
        let number = shown.data.row_told(true, usize::MAX, sample).0 + 1;
        let mut row = vec![TableCell::Number(number as f64), TableCell::Text(part.to_owned())];
        if is_class {
            let truth = truth_text(shown, sample);
            row.extend(truths(shown, [truth.map_or(TableCell::Missing, TableCell::Text)]));
            let said = head.said_class(at).map(|class| TableCell::Text(head.class_name(class)));
            row.push(said.unwrap_or(TableCell::Missing));
        } else {
            row.extend(head.truth(at).iter().map(|&truth| TableCell::Number(truth)));
        }
        let said = head.prediction(at).iter().map(|&x| rounded(x, shown.predictions.precision));
        row.extend(said.map(TableCell::Number));
        row.extend(truths(shown, [TableCell::Number(head.error(at))]));
        row
    };
    // What the network says is rounded above; the other numbers have all their digits.
    let rows = shown.listing.samples.iter().take(most).map(row).collect();
    TableText { columns, rows, rank: 2, precision: Precision::F64 }
}
