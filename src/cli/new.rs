//! `new`: a model for a CSV, drawn as a person would: an Input, hidden layers, and what the target
//! asks for at the end.

use std::path::Path;
use std::sync::Arc;

use super::arguments::NewArgs;
use super::job::JobError;
use super::load::{read_any, set_kinds};
use super::out::refuse_other_than_model;
use super::output::{self, note, say};
use crate::data::{
    ColumnKind, ColumnRole, ColumnSettings, DataRequest, DataSettings, Prepared, PreparedNode, Scaling,
    Table, data_problems, guess_columns, prepare,
};
use crate::document::{Document, History, TrainingSettings, actions};
use crate::files::{ModelFile, write_model};
use crate::network::{Activation, Builder, LossKind, Network, expression};
use crate::words::{Message, ToMessage as _};

pub(super) fn run(args: &NewArgs) -> Result<(), JobError> {
    let NewArgs { data, target, expression, hidden, activation, seed, out, force, dialect: choices } = args;
    refuse_other_than_model(out, *force)?;
    if let Some(text) = expression {
        return run_expression(text, *seed, out);
    }
    let (Some(data), Some(target)) = (data, target) else {
        return Err(JobError::Usage(Message::new("expression-nothing")));
    };
    let hidden: Vec<usize> = hidden.iter().map(|&units| units as usize).collect();
    let words = output::words();
    let request = DataRequest::of(&Network::default());
    let (table, dialect) = read_any(data, &DataSettings::default(), &request, &choices.choices())?;
    let table = Arc::new(table);
    let mut columns = columns(&table, target)?;
    set_kinds(&mut columns, &choices.kinds)?;
    let ending = Ending::of(&table, &columns);
    let path = std::path::absolute(data).unwrap_or_else(|_| data.clone());
    let mut document = Document {
        data: DataSettings {
            path: Some(path),
            fingerprint: Some(table.fingerprint()),
            dialect,
            columns,
            scaling: Scaling::Standardize,
            target_scaling: if ending == Ending::Amount { Scaling::Standardize } else { Scaling::None },
            ..DataSettings::default()
        },
        training: TrainingSettings { seed: *seed, ..TrainingSettings::default() },
        ..Document::default()
    };
    let draft = draw(1, 1, &hidden, *activation, ending);
    let prepared = prepared(&table, &document, &draft)?;
    let width = |is_target: bool| {
        let nodes = prepared.nodes().iter();
        nodes.filter(|node| node.is_target == is_target).map(PreparedNode::width).sum()
    };
    document.network = draw(width(false), width(true), &hidden, *activation, ending);
    document.parameters = document.network.initialize(*seed);
    for problem in data_problems(&document.network, &document.data, &prepared, 0) {
        note(&words, &problem.message());
    }
    tell_ignored(&document.data.columns, &words);
    let n_features = width(false);
    let model = ModelFile { document, ..ModelFile::default() };
    write_model(out, &model).map_err(|error| JobError::cannot_save(out, &error))?;
    say(&words, &told(out, target, n_features, &model))
}

/// A model of what a text draws.
fn run_expression(text: &str, seed: u64, out: &Path) -> Result<(), JobError> {
    let drawn = expression::draw(text).map_err(|error| JobError::Usage(error.message()))?;
    let mut document = Document {
        training: TrainingSettings { seed, ..TrainingSettings::default() },
        ..Document::default()
    };
    let change = actions::draw_expression(&document, &drawn);
    History::default().perform(&mut document, change);
    let n_nodes = document.network.nodes.len();
    let model = ModelFile { document, ..ModelFile::default() };
    write_model(out, &model).map_err(|error| JobError::cannot_save(out, &error))?;
    let message = Message::new("cli-new-expression").with("path", out.display().to_string());
    say(&output::words(), &message.with("nodes", n_nodes))
}

fn told(out: &Path, target: &str, n_features: usize, model: &ModelFile) -> Message {
    let message = Message::new("cli-new-saved")
        .with("path", out.display().to_string())
        .with("target", target)
        .with("features", n_features);
    match model.document.network.nodes.values().find_map(|node| node.kind.loss()) {
        Some(loss) => message.with("loss", loss.kind.message()),
        None => message,
    }
}

fn prepared(table: &Arc<Table>, document: &Document, draft: &Network) -> Result<Prepared, JobError> {
    let request = DataRequest::of(draft);
    Ok(prepare(Some(table), &document.data, &request, document.training.seed)?)
}

/// The guessed roles, with the target that was named in the place of the guessed one.
fn columns(table: &Table, target: &str) -> Result<Vec<ColumnSettings>, JobError> {
    let mut columns = guess_columns(table);
    if table.column_index(target).is_none() {
        let names: Vec<&str> = table.columns().iter().map(|column| column.name.as_str()).collect();
        let message =
            Message::new("cli-new-no-target").with("target", target).with("names", names.join(", "));
        return Err(JobError::Usage(message));
    }
    for column in &mut columns {
        if column.name == target {
            column.role = ColumnRole::Target;
        } else if column.role == ColumnRole::Target {
            // A guess, outvoted: it tells about the row as the others do.
            column.role = ColumnRole::Feature;
        }
    }
    Ok(columns)
}

fn tell_ignored(columns: &[ColumnSettings], words: &crate::words::Words) {
    let ignored = columns.iter().filter(|column| column.role == ColumnRole::Ignored);
    let names: Vec<&str> = ignored.map(|column| column.name.as_str()).collect();
    if !names.is_empty() {
        note(words, &Message::new("cli-new-ignored").with("columns", names.join(", ")));
    }
}

/// What the target is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// A number: mean squared error.
    Amount,
    /// 0 or 1: a sigmoid and binary cross-entropy.
    YesOrNo,
    /// One of several words: a softmax and cross-entropy.
    Class,
}

impl Ending {
    fn of(table: &Table, columns: &[ColumnSettings]) -> Self {
        let Some(target) = columns.iter().find(|column| column.role == ColumnRole::Target) else {
            return Self::Amount;
        };
        if target.kind != ColumnKind::Number {
            return Self::Class;
        }
        let index = table.column_index(&target.name).unwrap_or(0);
        let mut values = (0..table.n_rows()).filter_map(|row| table.row(row).get(index).copied());
        if values.all(|value| value.is_nan() || value == 0.0 || value == 1.0) {
            Self::YesOrNo
        } else {
            Self::Amount
        }
    }
}

fn draw(inputs: usize, outputs: usize, hidden: &[usize], activation: Activation, ending: Ending) -> Network {
    let mut builder = Builder::new();
    let mut last = builder.input(inputs);
    for &units in hidden {
        let dense = builder.dense(last, units);
        last = builder.activation(dense, activation);
    }
    let dense = builder.dense(last, outputs);
    let target = builder.target(outputs);
    let (prediction, loss) = match ending {
        Ending::Amount => (dense, LossKind::Mse),
        Ending::YesOrNo => (builder.activation(dense, Activation::Sigmoid), LossKind::Bce),
        Ending::Class => (builder.activation(dense, Activation::SOFTMAX), LossKind::CrossEntropy),
    };
    builder.loss(loss, prediction, target);
    builder.finish()
}
