//! `grad`: one forward and backward pass, every number of it.

use std::ops::Range;

use super::arguments::{GradArgs, ModeArg, PrecisionArg};
use super::job::JobError;
use super::load::Opened;
use super::output::{self, print, say, short};
use super::table::matrix_lines;
use crate::data::Prepared;
use crate::files::grad_json;
use crate::tensor::Real;
use crate::train::{Mode, Pass, Session};
use crate::words::{Message, Words};

pub(super) fn run(args: &GradArgs) -> Result<(), JobError> {
    let opened = Opened::open(Some(&args.model), args.data.as_deref(), &args.dialect)?;
    let data = opened.prepare_as_fitted()?;
    // The pass is computed all the same: its numbers show what is wrong.
    let _ = opened.tell_problems(&output::words(), &data);
    let samples = samples(args.row, args.rows.as_ref(), &opened, &data)?;
    let mode = match args.mode {
        ModeArg::Eval => Mode::Eval,
        ModeArg::Train => Mode::Train,
    };
    let pass = match args.precision {
        PrecisionArg::F32 => pass::<f32>(&opened, data, &samples, mode)?,
        PrecisionArg::F64 => pass::<f64>(&opened, data, &samples, mode)?,
    };
    let network = &opened.model.document.network;
    let json = grad_json(network, &pass, mode == Mode::Train).map_err(|error| JobError::failed(&error))?;
    if args.json { print(&json) } else { print_tables(&output::words(), &pass) }
}

fn pass<T: Real>(
    opened: &Opened,
    data: std::sync::Arc<Prepared>,
    samples: &[u32],
    mode: Mode,
) -> Result<Pass, JobError> {
    let document = &opened.model.document;
    let session = Session::<T>::new(&document.network, &document.parameters, data, &document.training);
    let mut session = session.map_err(|error| JobError::failed(&error))?;
    session.check_rows(samples.len()).map_err(|error| JobError::failed(&error))?;
    Ok(session.pass_on(samples, mode))
}

/// The rows asked for; else all rows that the model holds itself, else the first batch in file
/// order.
pub(super) fn samples(
    row: Option<usize>,
    rows: Option<&Range<usize>>,
    opened: &Opened,
    data: &Prepared,
) -> Result<Vec<u32>, JobError> {
    let n = data.n_samples();
    let rows = match (row, rows) {
        (Some(row), _) => row..row.saturating_add(1),
        (None, Some(rows)) => rows.clone(),
        (None, None) if opened.table.is_none() => 0..n,
        (None, None) => 0..opened.model.document.training.batch_size.min(n),
    };
    if rows.end > n {
        let message = Message::new("cli-no-such-row").with("row", rows.end - 1).with("n", n);
        return Err(JobError::Usage(message));
    }
    Ok(rows.map(|row| row as u32).collect())
}

/// The loss, and each parameter's gradient, for people.
fn print_tables(words: &Words, pass: &Pass) -> Result<(), JobError> {
    say(
        words,
        &Message::new("cli-grad-loss").with("loss", pass.loss.to_string()).with("n", pass.rows.len()),
    )?;
    for parameter in pass.parameters.values() {
        let shape = format!("{:?}", parameter.value.shape());
        let heading = Message::new("cli-grad-of").with("name", parameter.name.as_str()).with("shape", shape);
        print("")?;
        say(words, &heading)?;
        match &parameter.grad {
            None if !parameter.trainable => say(words, &Message::new("cli-grad-frozen"))?,
            None => say(words, &Message::new("cli-grad-none"))?,
            Some(grad) => {
                for line in matrix_lines(grad, short) {
                    print(&line)?;
                }
            }
        }
    }
    Ok(())
}
