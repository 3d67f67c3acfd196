//! What each input is, and how much it matters, for other programs: an input a row, of a category each of its
//! names.
//!
//! Must not know how it is shown.

use super::output;
use crate::export::{TableCell, TableText};
use crate::insight::{Effect, InputKind, WhatIf, WhatIfQuestion};
use crate::train::Precision;
use crate::ui::copy_menu::CopyMenu;
use crate::words::Words;

/// Does something with the menu of these numbers.
pub(super) fn with_menu<R>(
    (shown, question): (&WhatIf, &WhatIfQuestion),
    words: &Words,
    with: impl FnOnce(CopyMenu<'_>) -> R,
) -> R {
    let table = |most: usize| table_of(shown, question, most);
    let name = words.text("pane-whatif");
    with(CopyMenu { name: &name, n_rows: rows(shown).count(), table: &table, picture: None })
}

/// Input after input, with the category where it is one.
fn rows(shown: &WhatIf) -> impl Iterator<Item = (usize, Option<usize>)> {
    shown.variables.iter().enumerate().flat_map(|(idx, variable)| {
        let n = match &variable.kind {
            InputKind::Number { .. } => None,
            InputKind::Choice { names, .. } => Some(names.len()),
        };
        let choices = (0..n.unwrap_or(0)).map(move |choice| (idx, Some(choice)));
        n.is_none().then_some((idx, None)).into_iter().chain(choices)
    })
}

fn table_of(shown: &WhatIf, question: &WhatIfQuestion, most: usize) -> TableText {
    let of = shown.names.get(output(shown, question)).map_or("", String::as_str);
    let number = |x: Option<f64>| x.map_or(TableCell::Missing, TableCell::Number);
    let row = |(idx, choice): (usize, Option<usize>)| {
        let variable = &shown.variables[idx];
        let [value, start] = [&shown.values, &shown.starts].map(|values| values.get(idx).copied());
        let (slope, said) = match (shown.effects.get(idx), choice) {
            (Some(Effect::Slope(slope)), _) => (Some(*slope), None),
            (Some(Effect::Choices(said)), Some(choice)) => (None, said.get(choice).copied()),
            (Some(Effect::Choices(_)) | None, _) => (None, None),
        };
        let is_it =
            |value: Option<f64>| number(value.map(|value| f64::from(value == choice.unwrap_or(0) as f64)));
        let (input, value, start) = match (&variable.kind, choice) {
            // Of a category 1 says that it is this one.
            (InputKind::Choice { names, .. }, Some(choice)) => {
                let name = names.get(choice).map_or("", String::as_str);
                (format!("{} = {name}", variable.name), is_it(value), is_it(start))
            }
            _ => (variable.name.clone(), number(value), number(start)),
        };
        vec![TableCell::Text(input), value, start, number(slope), number(said)]
    };
    TableText {
        columns: vec![
            "input".to_owned(),
            "value".to_owned(),
            "start".to_owned(),
            format!("d({of})/d(input)"),
            format!("{of} with this category"),
        ],
        rows: rows(shown).take(most).map(row).collect(),
        rank: 2,
        precision: Precision::F64,
    }
}
