//! Typed rows as text: to write many at once, or to paste them from a spreadsheet.
//!
//! Must not know where rows go.

use std::fmt::Write as _;

use egui::{CollapsingHeader, RichText, TextEdit, Ui};

use super::super::fields::{name, note_ui, parse_number};
use super::super::theme::{self, Theme};
use crate::network::TypedRows;
use crate::words::Words;

/// Longer lists stay in the grid.
const MOST_NUMBERS: usize = 20_000;

/// What is wrong with rows as text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Wrong {
    /// A cell is not a number.
    Cell { line: usize, found: String },
    /// A row has another length than the first, or cannot be cut into steps.
    Length { line: usize, expected: usize, found: usize },
}

/// The text; gives the new number of features where rows were changed by it.
pub(super) fn text_ui(ui: &mut Ui, words: &Words, typed: &mut TypedRows, n_steps: usize) -> Option<usize> {
    let mut features = None;
    CollapsingHeader::new(words.text("rows-as-text")).id_salt("rows as text").show(ui, |ui| {
        if typed.rows.iter().map(Vec::len).sum::<usize>() > MOST_NUMBERS {
            note_ui(ui, words.text("rows-too-many"));
            return;
        }
        note_ui(ui, words.text("rows-text-hint"));
        let id = ui.id().with("rows text");
        // While it is being written the text stays as it is, also where it makes no sense yet.
        let is_written = ui.memory(|memory| memory.has_focus(id));
        let kept: Option<String> = ui.data_mut(|data| data.get_temp(id));
        let mut text = kept.filter(|_| is_written).unwrap_or_else(|| as_text(typed));
        let edit = TextEdit::multiline(&mut text).id(id).font(theme::mono(12.0)).desired_rows(4);
        let response = ui.add(edit.desired_width(f32::INFINITY));
        name(&response, &words.text("rows-as-text"));
        let read = as_rows(&text, n_steps);
        match &read {
            Err(Wrong::Cell { line, found }) => {
                let about = [("line", (*line).into()), ("found", found.as_str().into())];
                wrong_ui(ui, words.text_with("rows-wrong-cell", &about));
            }
            Err(Wrong::Length { line, expected, found }) => {
                let about =
                    [("line", (*line).into()), ("expected", (*expected).into()), ("found", (*found).into())];
                wrong_ui(ui, words.text_with("rows-wrong-length", &about));
            }
            Ok(_) => {}
        }
        if response.changed()
            && let Ok(rows) = read
            && let Some(first) = rows.first()
        {
            features = Some(first.len() / n_steps);
            typed.rows = rows;
        }
        ui.data_mut(|data| data.insert_temp(id, text));
    });
    features
}

fn wrong_ui(ui: &mut Ui, text: String) {
    let color = Theme::of(ui).error;
    ui.add(egui::Label::new(RichText::new(text).color(color)).wrap());
}

/// Rows as lines, numbers apart by tabs.
fn as_text(typed: &TypedRows) -> String {
    let mut text = String::new();
    for row in &typed.rows {
        for (index, value) in row.iter().enumerate() {
            // Writing to a String cannot fail.
            let _ = write!(text, "{}{value}", if index > 0 { "\t" } else { "" });
        }
        text.push('\n');
    }
    text
}

/// Lines as rows. Numbers stand apart by tabs or semicolons (then decimal commas are understood),
/// else by commas or spaces. Empty lines are left out.
fn as_rows(text: &str, n_steps: usize) -> Result<Vec<Vec<f64>>, Wrong> {
    let mut rows: Vec<Vec<f64>> = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let cells: Vec<&str> = match ['\t', ';'].into_iter().find(|&apart| line.contains(apart)) {
            Some(apart) => line.trim_end_matches(['\r', ' ']).split(apart).collect(),
            None => line.split([',', ' ']).filter(|cell| !cell.trim().is_empty()).collect(),
        };
        let number = |cell: &&str| {
            parse_number(cell).ok_or_else(|| Wrong::Cell { line: index + 1, found: cell.trim().to_owned() })
        };
        let row = cells.iter().map(number).collect::<Result<Vec<f64>, Wrong>>()?;
        let expected = rows.first().map_or(row.len().next_multiple_of(n_steps.max(1)), Vec::len);
        if row.len() != expected {
            return Err(Wrong::Length { line: index + 1, expected, found: row.len() });
        }
        rows.push(row);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn rows_survive_being_written_and_read() {
        let typed = TypedRows { rows: vec![vec![0.5, -1e-7], vec![3.0, 1e300]] };
        assert_eq!(as_rows(&as_text(&typed), 1).unwrap(), typed.rows);
    }

    #[test]
    fn rows_from_a_spreadsheet_and_from_hand_are_understood() {
        assert_eq!(as_rows("1,5\t2\n\n3\t4,25\n", 1).unwrap(), [[1.5, 2.0], [3.0, 4.25]]);
        assert_eq!(as_rows("0, 1\n1 0", 1).unwrap(), [[0.0, 1.0], [1.0, 0.0]]);
    }

    #[test]
    fn a_word_or_a_short_row_is_named_with_its_line() {
        assert_eq!(as_rows("1 2\n3 x", 1), Err(Wrong::Cell { line: 2, found: "x".into() }));
        assert_eq!(as_rows("1 2\n\n3", 1), Err(Wrong::Length { line: 3, expected: 2, found: 1 }));
        assert_eq!(as_rows("1 2 3", 2), Err(Wrong::Length { line: 1, expected: 4, found: 3 }));
    }
}
