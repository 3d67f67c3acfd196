//! `predict`: what a trained model says about new data, in the units of the data.

use std::sync::Arc;

use super::arguments::PredictArgs;
use super::job::JobError;
use super::load::{
    fit_again, read_any, refuse_other_kinds, refuse_other_widths, set_kinds, tell_unknown_columns,
};
use super::out::refuse_other_than_predictions;
use super::output::{self, note};
use super::printable::printable;
use crate::data::{
    ColumnKind, ColumnRole, ColumnSettings, DataRequest, DataSettings, DecimalSign, Dialect, FittedColumn,
    FittedEncoding, Prepared, Preprocessing, Quiet, SequenceLayout, Table, keep_roles, prepare_with,
};
use crate::document::Document;
use crate::files::{read_model, write_atomically};
use crate::insight::{Head, Predictor};
use crate::tensor::Real;
use crate::train::{Precision, first_largest, training_precision};
use crate::words::{Message, ToMessage as _};

pub(super) fn run(args: &PredictArgs) -> Result<(), JobError> {
    let model = read_model(&args.model).map_err(|error| JobError::cannot_open(&args.model, &error))?;
    if let Some(out) = &args.out {
        refuse_other_than_predictions(out, args.force)?;
    }
    let network = &model.document.network;
    let mut request = DataRequest::of(network).inputs_only();
    if request.nodes.is_empty() {
        return Err(JobError::Failed(Message::new("cli-predict-no-inputs")));
    }
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
    refuse_other_kinds(&fitted, &args.dialect.kinds)?;
    let (mut settings, fitted) = settings_for(&model.document.data, &table, fitted);
    set_kinds(&mut settings.columns, &args.dialect.kinds)?;
    let table = Arc::new(table);
    let data = prepare_with(Some(&table), &settings, &request, &fitted)?;
    refuse_other_widths(&model.document, &data)?;
    let heads = Head::find(network, &settings, &fitted);
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

/// For each sample, the numbers of each head in original units.
fn predict<T: Real>(
    document: &Document,
    data: &Prepared,
    heads: &[Head],
) -> Result<Vec<Vec<Vec<f64>>>, JobError> {
    let predictor = Predictor::<T>::new(&document.network, &document.parameters, data)
        .map_err(|_| JobError::Failed(Message::new("cli-has-problems")))?;
    Ok(predictor.predict(data, heads, &Quiet))
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
