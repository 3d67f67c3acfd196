//! The table of runs for other programs: each run a row, how it ended and every setting.
//!
//! Must not know how it is shown.

use super::{columns, score_keys, value_of};
use crate::document::{Run, Runs};
use crate::export::{TableCell, TableText};
use crate::train::Precision;
use crate::ui::copy_menu::CopyMenu;
use crate::words::Words;

use std::sync::Arc;

/// Does something with the menu of the table.
pub(super) fn with_menu<R>(runs: &Runs, words: &Words, with: impl FnOnce(CopyMenu<'_>) -> R) -> R {
    let table = |most: usize| table_of(runs, words, most);
    let name = words.text("pane-runs");
    with(CopyMenu { name: &name, n_rows: runs.len(), table: &table, picture: None })
}

fn table_of(runs: &Runs, words: &Words, most: usize) -> TableText {
    let all: Vec<Vec<(&'static str, String)>> = runs.values().map(|run| super::listed(words, run)).collect();
    let (settings, scores) = (columns(&all), score_keys(runs));
    let ends = ["runs-name", "runs-epochs", "plot-train", "plot-validation"];
    let titles = ends.into_iter().chain(scores.iter().copied()).chain(settings.iter().map(|(key, _)| *key));
    let number = |x: Option<f64>| x.map_or(TableCell::Missing, TableCell::Number);
    let setting = |rows: &[(&'static str, String)], key: &str| {
        let text = value_of(rows, key)?;
        Some(text.parse().map_or_else(|_| TableCell::Text(text.to_owned()), TableCell::Number))
    };
    let row = |(run, told): (&Arc<Run>, &Vec<(&'static str, String)>)| {
        let last = run.curve.last();
        let mut row = vec![
            TableCell::Text(super::called(words, &run.name)),
            number(last.map(|last| last.epoch as f64)),
            number(last.map(|last| last.train_loss)),
            number(last.and_then(|last| last.val_loss)),
        ];
        row.extend(scores.iter().map(|key| number(super::score(run, key))));
        let settings = settings.iter().map(|(key, _)| setting(told, key).unwrap_or(TableCell::Missing));
        row.extend(settings);
        row
    };
    TableText {
        columns: titles.map(|key| words.text(key)).collect(),
        rows: runs.values().zip(&all).take(most).map(row).collect(),
        rank: 2,
        precision: Precision::F64,
    }
}
