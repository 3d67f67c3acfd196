//! `evaluate`: loss and metrics of trained weights on other rows, prepared as in training.

use super::arguments::EvaluateArgs;
use super::job::JobError;
use super::load::Opened;
use super::output::{self, print, say, short};
use super::train_report::metric_parts;
use crate::files::evaluation_json;
use crate::train::{
    AnySession, Evaluation, RunPosition, open_session_in, training_precision, with_product_threads,
};
use crate::words::Message;

pub(super) fn run(args: &EvaluateArgs) -> Result<(), JobError> {
    let EvaluateArgs { model, data, precision, json, dialect } = args;
    let words = output::words();
    let opened = Opened::open(Some(model), data.as_deref(), dialect)?;
    let data = opened.prepare_to_evaluate(model)?;
    // Nothing is learned from targets that the loss cannot take, but the numbers still say something.
    let _ = opened.tell_problems(&words, &data);
    let document = &opened.model.document;
    let precision = precision.map_or_else(|| training_precision(&document.parameters), Into::into);
    let rows = data.n_samples();
    let mut session = open_session_in(
        precision,
        &document.network,
        &document.parameters,
        data,
        &document.training,
        RunPosition::default(),
    )
    .map_err(|error| JobError::failed(&error))?;
    let evaluation = with_product_threads(|| evaluate(session.as_mut()))
        .ok_or_else(|| JobError::Failed(Message::new("train-cannot-no-rows")))?;
    if *json {
        return print(&evaluation_json(rows, &evaluation));
    }
    say(&words, &Message::new("cli-evaluate").with("rows", rows).with("loss", short(evaluation.loss)))?;
    let has_several = evaluation.losses.len() > 1;
    for loss in &evaluation.losses {
        if has_several {
            let about = Message::new("cli-evaluate-loss").with("name", loss.name.as_str());
            say(&words, &about.with("loss", short(loss.loss)))?;
        }
        for (key, value) in metric_parts(&loss.metrics) {
            if let Some(value) = value {
                say(&words, &Message::new(key).with("value", short(value)))?;
            }
        }
    }
    Ok(())
}

/// Looks at all rows without learning.
fn evaluate(session: &mut dyn AnySession) -> Option<std::sync::Arc<Evaluation>> {
    session.begin_evaluation(false);
    while session.is_evaluating() {
        session.advance();
    }
    session.evaluation()
}
