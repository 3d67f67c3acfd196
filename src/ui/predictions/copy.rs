//! The list as comma-separated text, for a spreadsheet: every digit, in the order shown.
//!
//! Must not know the clipboard.

use std::fmt::Write as _;

use super::Shown;
use super::classes::class_name;
use crate::data::Part;
use crate::explain;
use crate::network::Task;

/// Rows that are written at most: what a spreadsheet takes.
const MOST_ROWS: usize = 1_000_000;

/// Row, part, truth, prediction and error of every row listed; rows counted from 1 as in the window.
pub(super) fn csv(shown: &Shown<'_>) -> String {
    let head = shown.head;
    let is_class = head.task() == Task::Classification;
    let mut names = vec!["row".to_owned(), "part".to_owned()];
    if is_class {
        names.extend(["truth".to_owned(), "prediction".to_owned()]);
        names.extend(head.names.iter().map(|name| format!("p({name})")));
    } else {
        names.extend(head.names.iter().map(|name| format!("{name} truth")));
        names.extend(head.names.iter().map(|name| format!("{name} prediction")));
    }
    names.push("error".to_owned());
    let mut text = names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(",") + "\n";
    for &sample in shown.listing.samples.iter().take(MOST_ROWS) {
        let at = sample as usize;
        let part = match shown.data.part_of_sample(sample) {
            _ if shown.file.is_some() => "second file",
            Part::Validation => "validation",
            Part::Training | Part::LeftOut => "training",
        };
        // Writing to a String cannot fail.
        let _ = write!(text, "{},{part}", shown.data.row_told(true, usize::MAX, sample).0 + 1);
        if let Some((truth, said)) = head.classes_of(at).filter(|_| is_class) {
            let _ = write!(text, ",{},{}", quoted(&class_name(head, truth)), quoted(&class_name(head, said)));
        } else {
            for &truth in head.truth(at) {
                let _ = write!(text, ",{truth}");
            }
        }
        for &number in head.prediction(at) {
            let _ = write!(text, ",{}", explain::plain(number, shown.predictions.precision));
        }
        let _ = writeln!(text, ",{}", head.error(at));
    }
    text
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
