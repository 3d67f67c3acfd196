//! One pass over a few samples, whose numbers stand in an export.
//!
//! A model that names no data is run on rows that are made up: they are only there to try its code on. Must
//! not know any form.

use std::sync::Arc;

use super::{ExportError, Subject};
use crate::data::{DataRequest, Prepared, prepare};
use crate::document::Document;
use crate::network::TypedRows;
use crate::train::{Mode, Pass, Session};

/// How many rows are made up.
const MADE_UP: usize = 4;

/// A pass, and where its rows come from.
pub(super) struct SamplePass {
    pass: Pass,
    is_made_up: bool,
}

impl SamplePass {
    /// The pass over the subject's samples, in f64 and without dropout.
    ///
    /// # Errors
    /// [`ExportError::Problems`] where the drawing cannot run.
    pub(super) fn of(subject: &Subject<'_>) -> Result<Self, ExportError> {
        let document = subject.document;
        let asks_for_data = document.network.nodes.values().any(|node| node.kind.data().is_some());
        if subject.data.nodes().is_empty() && asks_for_data {
            let (document, data) = with_made_up_rows(document);
            let samples: Vec<u32> = (0..MADE_UP as u32).collect();
            return Ok(Self { pass: run(&document, Arc::new(data), &samples)?, is_made_up: true });
        }
        let pass = run(document, Arc::new(subject.data.clone()), subject.samples)?;
        Ok(Self { pass, is_made_up: false })
    }

    pub(super) fn pass(&self) -> &Pass {
        &self.pass
    }

    /// Where the rows come from, as a sentence.
    pub(super) fn origin(&self) -> String {
        if self.is_made_up {
            "Rows that are made up, to try the code on: the model names no data.".to_owned()
        } else if self.pass.rows.is_empty() {
            "All numbers are the drawing's own: it takes no data.".to_owned()
        } else {
            let rows: Vec<String> = self.pass.rows.iter().map(ToString::to_string).collect();
            format!("Usable rows of the data, prepared as in training: {}.", runs(&rows, &self.pass.rows))
        }
    }
}

/// `0 to 7` for rows that follow one another, else all of them.
fn runs(names: &[String], rows: &[usize]) -> String {
    let is_run = rows.windows(2).all(|pair| pair[1] == pair[0] + 1);
    match (names.first(), names.last()) {
        (Some(first), Some(last)) if is_run && names.len() > 1 => format!("{first} to {last}"),
        _ => names.join(", "),
    }
}

fn run(document: &Document, data: Arc<Prepared>, samples: &[u32]) -> Result<Pass, ExportError> {
    let session = Session::<f64>::new(&document.network, &document.parameters, data, &document.training);
    let mut session = session?;
    Ok(session.pass_on(samples, Mode::Eval))
}

/// The same document with a few rows in every Input and Target: numbers between −1 and 1, and for targets
/// one feature that is 1 among zeros, which every loss takes.
fn with_made_up_rows(document: &Document) -> (Document, Prepared) {
    let mut document = document.clone();
    let n_steps = document.network.n_steps.max(1);
    for (&id, node) in &mut document.network.nodes {
        let is_target = node.kind.is_target();
        let Some(data) = node.kind.data_mut() else { continue };
        let width = data.features();
        let n = if data.per_step { width * n_steps } else { width };
        let number = |row: usize, idx: usize| {
            if is_target {
                f64::from(u8::from(idx % width.max(1) == row % width.max(1)))
            } else {
                // The golden ratio spreads numbers evenly, without a generator.
                let turns = (row * n + idx + id.0 as usize) as f64 * 0.618_033_988_749_895;
                (turns.fract() * 200.0).round() / 100.0 - 1.0
            }
        };
        let rows = (0..MADE_UP).map(|row| (0..n).map(|idx| number(row, idx)).collect()).collect();
        data.rows = Some(TypedRows { rows });
    }
    let request = DataRequest::of(&document.network);
    let data = prepare(None, &document.data, &request, document.training.seed);
    (document, data.unwrap_or_else(|_| Prepared::without_rows()))
}
