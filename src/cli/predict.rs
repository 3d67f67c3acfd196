//! `predict`: what a trained model says about new data, in the units of the data.

use std::sync::Arc;

use super::arguments::PredictArgs;
use super::job::JobError;
use super::load::{fit_again, read_any, refuse_other_widths, tell_unknown_columns};
use super::output::{self, note};
use super::printable::printable;
use crate::compile::{CompileOptions, compile_network};
use crate::data::{
    ColumnKind, ColumnRole, ColumnSettings, DataRequest, DataSettings, DecimalSign, Dialect, Feature,
    FittedColumn, FittedEncoding, Prepared, Preprocessing, SequenceLayout, Table, keep_roles, prepare_with,
};
use crate::files::{read_model, write_atomically};
use crate::network::{LossKind, MAX_PASS_NUMBERS, Network, NodeId, Takes, Task};
use crate::tensor::Real;
use crate::train::{Feed, Precision, first_largest, training_precision};
use crate::words::{Message, ToMessage as _};

/// Rows that run at once.
const CHUNK: usize = 256;

pub(super) fn run(args: &PredictArgs) -> Result<(), JobError> {
    let model = read_model(&args.model).map_err(|error| JobError::cannot_open(&args.model, &error))?;
    let network = &model.document.network;
    let mut request = DataRequest::of(network).inputs_only();
    for node in &mut request.nodes {
        node.data.rows = None;
    }
    let (table, dialect) = read_any(&args.data, &model.document.data, &request, &args.dialect.choices())?;
    let fitted = match &model.preprocessing {
        Some(fitted) => fitted.clone(),
        None => fit_again(&args.model)?,
    };
    if !fitted.columns.is_empty() {
        tell_unknown_columns(&table, &model.document.data);
    }
    let (settings, fitted) = settings_for(&model.document.data, &table, fitted);
    let table = Arc::new(table);
    let data = prepare_with(Some(&table), &settings, &request, &fitted)?;
    refuse_other_widths(&model.document, &data)?;
    let heads = heads(network, &settings, &fitted);
    let precision = args.precision.map_or_else(|| training_precision(&model.document.parameters), Into::into);
    let rows = match precision {
        Precision::F32 => predict::<f32>(&model.document, &data, &heads)?,
        Precision::F64 => predict::<f64>(&model.document, &data, &heads)?,
    };
    tell(&data);
    let text = csv_text(&heads, &rows, &table, &data, &dialect, precision, args.out.is_none());
    match &args.out {
        Some(path) => {
            write_atomically(path, text.as_bytes()).map_err(|error| JobError::cannot_save(path, &error))
        }
        None => output::print_lines(text.trim_end()),
    }
}

/// Says what the model does not know, and which rows have no prediction.
fn tell(data: &Prepared) {
    let words = output::words();
    for category in data.unknown_categories() {
        note(&words, &category.message_from(0));
    }
    if data.left_out().left_out > 0 {
        note(&words, &Message::new("cli-predict-left-out").with("what", data.left_out().message()));
    }
}

/// Roles by the names of the fit. A model whose rows were typed in takes every column as it is.
fn settings_for(known: &DataSettings, table: &Table, fitted: Preprocessing) -> (DataSettings, Preprocessing) {
    let column = |name: &str, role| ColumnSettings { name: name.to_owned(), role, kind: ColumnKind::Number };
    let found = table.columns().iter().map(|found| column(&found.name, ColumnRole::Ignored)).collect();
    let mut settings = known.clone();
    if let SequenceLayout::Windows { stride, .. } = &mut settings.sequence {
        // Every row that can be told is told, the newest forecast among them.
        *stride = 1;
    }
    if !fitted.columns.is_empty() {
        settings.columns = keep_roles(found, &known.columns);
        return (settings, fitted);
    }
    let features = table.columns().iter().map(|found| column(&found.name, ColumnRole::Feature));
    settings.columns = features.collect();
    let plain = FittedEncoding::Number { shift: 0.0, scale: 1.0, fill: 0.0 };
    let columns = settings.columns.iter().map(|column| FittedColumn {
        name: column.name.clone(),
        role: column.role,
        encoding: plain.clone(),
    });
    let fitted = Preprocessing { columns: columns.collect() };
    (settings, fitted)
}

/// One loss's prediction: where it comes from and what its numbers mean.
struct Head {
    prediction: NodeId,
    kind: LossKind,
    features: Vec<Feature>,
}

impl Head {
    /// Class names, where the features are the categories of one column.
    fn classes(&self) -> Option<Vec<&str>> {
        let first = self.features.first()?;
        let class = |feature: &'_ Feature| feature.column == first.column && feature.category.is_some();
        if !self.features.iter().all(class) {
            return None;
        }
        Some(self.features.iter().filter_map(|feature| feature.category.as_deref()).collect())
    }
}

fn heads(network: &Network, settings: &DataSettings, fitted: &Preprocessing) -> Vec<Head> {
    let wiring = network.wiring();
    let source = |node, port: usize| {
        let edge = wiring.incoming(node).get(port)?;
        network.edges.get(edge).map(|edge| edge.from)
    };
    let losses = network.nodes.iter().filter_map(|(&id, node)| Some((id, node.kind.loss()?.kind)));
    losses
        .filter_map(|(loss, kind)| {
            let (prediction, target) = (source(loss, 0)?, source(loss, 1)?);
            let features = target_features(network, target, settings, fitted);
            Some(Head { prediction, kind, features })
        })
        .collect()
}

/// The features of a Target, by the fit; numbered after the node where its rows were typed in.
fn target_features(
    network: &Network,
    target: NodeId,
    settings: &DataSettings,
    fitted: &Preprocessing,
) -> Vec<Feature> {
    let Some(node) = network.nodes.get(&target) else { return Vec::new() };
    let Some(data) = node.kind.data().filter(|_| node.kind.is_target()) else { return Vec::new() };
    let targets = settings.columns.iter().filter(|column| column.role == ColumnRole::Target);
    let names: Vec<&str> = if data.columns.is_empty() {
        targets.map(|column| column.name.as_str()).collect()
    } else {
        data.columns.iter().map(String::as_str).collect()
    };
    let fitted_column = |name: &&str| fitted.columns.iter().find(|column| column.name == *name);
    let features: Vec<Feature> =
        names.iter().filter_map(fitted_column).flat_map(FittedColumn::features).collect();
    if features.len() == data.features() {
        return features;
    }
    let numbered = |idx: usize| Feature {
        name: if data.features() == 1 { node.name.clone() } else { format!("{} {}", node.name, idx + 1) },
        column: String::new(),
        category: None,
        shift: 0.0,
        scale: 1.0,
    };
    (0..data.features()).map(numbered).collect()
}

/// For each sample, the numbers of each head in original units.
fn predict<T: Real>(
    document: &crate::document::Document,
    data: &Prepared,
    heads: &[Head],
) -> Result<Vec<Vec<Vec<f64>>>, JobError> {
    let compiled = compile_network::<T>(&document.network, CompileOptions::default())
        .map_err(|_| JobError::Failed(Message::new("cli-has-problems")))?;
    let store = compiled.store(&document.parameters);
    let feed = Feed::new(&compiled.links, data);
    let last = compiled.links.n_steps.saturating_sub(1);
    let samples: Vec<u32> = (0..data.n_samples() as u32).collect();
    let mut rows = Vec::with_capacity(samples.len());
    let affordable = MAX_PASS_NUMBERS / compiled.program.pass_numbers(1).max(1);
    for chunk in samples.chunks(CHUNK.min(affordable).max(1)) {
        let mut trace = compiled.program.trace(chunk.len());
        feed.fill_to_look(data, chunk, &mut trace);
        compiled.program.forward(&store, &mut trace);
        for column in 0..chunk.len() {
            let of_head = |head: &Head| -> Vec<f64> {
                let Some(link) = compiled.links.node(head.prediction, last) else { return Vec::new() };
                let values = compiled.program.value(&store, &trace, link.output);
                let encoded = values.column(column).iter().map(|value| value.to_f64()).collect();
                original(head, encoded)
            };
            rows.push(heads.iter().map(of_head).collect());
        }
    }
    Ok(rows)
}

/// Numbers in the units of the data; logits become the probabilities that their loss makes of them.
fn original(head: &Head, encoded: Vec<f64>) -> Vec<f64> {
    match (head.kind.takes(), head.kind.task()) {
        (Takes::Logits, Task::BinaryClassification) => {
            encoded.into_iter().map(|z| 1.0 / (1.0 + (-z).exp())).collect()
        }
        (Takes::Logits, _) => {
            let largest = encoded.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let powers: Vec<f64> = encoded.iter().map(|z| (z - largest).exp()).collect();
            let sum: f64 = powers.iter().sum();
            powers.into_iter().map(|power| power / sum).collect()
        }
        (Takes::Numbers | Takes::Probabilities, _) => {
            let features = head.features.iter().map(Some).chain(std::iter::repeat(None));
            let units = |(value, feature): (f64, Option<&Feature>)| {
                feature.map_or(value, |feature| feature.original(value))
            };
            encoded.into_iter().zip(features).map(units).collect()
        }
    }
}

/// One line a row of the data, written as the data are; rows that lack a value have empty cells. For
/// a terminal, names are made printable; a file gets them as they are.
fn csv_text(
    heads: &[Head],
    predictions: &[Vec<Vec<f64>>],
    table: &Table,
    data: &Prepared,
    dialect: &Dialect,
    precision: Precision,
    for_terminal: bool,
) -> String {
    let cells = |line: &[String]| {
        if for_terminal {
            let line: Vec<String> = line.iter().map(|cell| printable(cell).into_owned()).collect();
            cells(&line, dialect)
        } else {
            cells(line, dialect)
        }
    };
    let mut names = vec!["row".to_owned()];
    if data.is_windowed() {
        names.push("rows_ahead".to_owned());
    }
    for head in heads {
        if head.classes().is_some()
            && let Some(first) = head.features.first()
        {
            names.push(first.column.clone());
        }
        names.extend(head.features.iter().map(|feature| feature.name.clone()));
    }
    let n_columns = names.len();
    let mut lines = vec![cells(&names)];
    let mut next_row = 0;
    for (sample, prediction) in predictions.iter().enumerate() {
        let (row, ahead) = data.row_told(true, usize::MAX, sample as u32);
        while next_row < row {
            lines.push(cells(&empty(next_row, n_columns)));
            next_row += 1;
        }
        next_row = row + 1;
        let mut line = vec![row.to_string()];
        if data.is_windowed() {
            line.push(ahead.to_string());
        }
        for (head, numbers) in heads.iter().zip(prediction) {
            if let Some(classes) = head.classes() {
                let class = first_largest(numbers).and_then(|idx| classes.get(idx));
                line.push(class.map_or("", |class| class).to_owned());
            }
            line.extend(numbers.iter().map(|number| number_text(*number, dialect, precision)));
        }
        lines.push(cells(&line));
    }
    while next_row < table.n_rows() {
        lines.push(cells(&empty(next_row, n_columns)));
        next_row += 1;
    }
    lines.join("\n") + "\n"
}

fn empty(row: usize, n_columns: usize) -> Vec<String> {
    let mut line = vec![String::new(); n_columns];
    row.to_string().clone_into(&mut line[0]);
    line
}

/// The shortest text of a number in the precision that the network computes in.
fn number_text(number: f64, dialect: &Dialect, precision: Precision) -> String {
    let text = match precision {
        Precision::F32 => (number as f32).to_string(),
        Precision::F64 => number.to_string(),
    };
    match dialect.decimal {
        DecimalSign::Point => text,
        DecimalSign::Comma => text.replace('.', ","),
    }
}

fn cells(cells: &[String], dialect: &Dialect) -> String {
    let delimiter = char::from(dialect.delimiter.byte());
    let quote = char::from(dialect.quote.unwrap_or(b'"'));
    let quoted = |cell: &String| {
        if cell.contains([delimiter, quote, '\n', '\r']) {
            let doubled = cell.replace(quote, &format!("{quote}{quote}"));
            format!("{quote}{doubled}{quote}")
        } else {
            cell.clone()
        }
    };
    cells.iter().map(quoted).collect::<Vec<_>>().join(&delimiter.to_string())
}
