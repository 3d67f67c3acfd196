//! `data.py`: the columns, the preprocessing and the samples of a model, as constants above
//! functions that are the same for every model.
//!
//! Must not know training.

use super::model::Drawing;
use crate::data::{
    Column, DecimalSign, Delimiter, Dialect, Encoding, Feature, FittedColumn, FittedEncoding, KindReason,
    MissingValues, PreparedNode, SequenceLayout,
};
use crate::export::python::{Code, assigned, number, string};
use crate::export::{DataFile, ExportedFile, Subject};
use crate::network::{LossKind, NodeId, NodeKind};

use super::forward::{Forward, Target};

const TEMPLATE: &str = include_str!("templates/data.py");

/// The text of `data.py`.
pub(super) fn data_py(subject: &Subject<'_>, drawing: &Drawing<'_>, forward: &Forward<'_>) -> String {
    let settings = &subject.document.data;
    let dialect = &settings.dialect;
    let (is_windows, stride, horizon) = match settings.sequence {
        SequenceLayout::Windows { stride, horizon } => (drawing.network.n_steps > 1, stride, horizon),
        SequenceLayout::ColumnGroups => (false, 1, 0),
    };
    let is_typed = subject.data.table().is_none() && !subject.data.nodes().is_empty();
    let path = subject.data_file.filter(|_| !is_typed).map(|file| match file {
        DataFile::At(path) => path.display().to_string(),
        DataFile::Inside { name, .. } => name.clone(),
    });
    let decimal = match dialect.decimal {
        DecimalSign::Point => ".",
        DecimalSign::Comma => ",",
    };
    let values = [
        ("@CSV@", assigned("CSV", &path.map_or("None".to_owned(), |path| string(&path)))),
        ("@NODES@", nodes(subject, drawing, forward)),
        ("@TYPED_ROWS@", typed_rows(subject, drawing, forward)),
        ("@N_STEPS@", drawing.network.n_steps.to_string()),
        ("@STRIDE@", stride.to_string()),
        ("@HORIZON@", horizon.to_string()),
        ("@WINDOWS@", truth(is_windows && !is_typed)),
        ("@DROP_ROWS@", truth(settings.missing == MissingValues::DropRows)),
        ("@VALIDATION@", number(settings.split.validation_fraction)),
        ("@PREDICTIONS@", predictions(subject, drawing, forward)),
        ("@READING@", reading(dialect)),
        ("@HAS_HEADER@", truth(dialect.header)),
        (
            "@COMMENT@",
            dialect.comment.map_or("None".to_owned(), |sign| string(&char::from(sign).to_string())),
        ),
        ("@SKIP@", dialect.skip.to_string()),
        ("@ENCODING@", string(encoding(dialect.encoding))),
        ("@THOUSANDS@", string(&dialect.thousands.map_or_else(String::new, String::from))),
        ("@DECIMAL@", string(decimal)),
        ("@MISSING@", missing(dialect)),
        ("@AFFIXES@", affixes(subject)),
        ("@COLUMNS@", column_names(subject)),
        ("@LEFT_OUT@", left_out(subject)),
        ("@OTHER_SIGNS@", other_signs(subject)),
    ];
    let mut heading = Code::new();
    for line in subject.heading() {
        heading.comment(&line);
    }
    heading.into_text() + &super::filled(TEMPLATE, &values)
}

/// The data that lie only inside this program: a copy goes along.
pub(super) fn copied_data(subject: &Subject<'_>) -> Option<ExportedFile> {
    subject.data.table()?;
    match subject.data_file? {
        DataFile::Inside { name, bytes } => Some(ExportedFile { name: name.clone(), bytes: bytes.to_vec() }),
        DataFile::At(_) => None,
    }
}

/// The words that mean "no value", an empty cell among them.
fn missing(dialect: &Dialect) -> String {
    let mut code = Code::new();
    code.group("MISSING = {", "}", |code| {
        for word in std::iter::once("").chain(dialect.missing.iter().map(String::as_str)) {
            code.line(&format!("{},", string(word)));
        }
    });
    code.into_text().trim_end().to_owned()
}

/// Columns of numbers with signs around them that were taken off.
fn affixes(subject: &Subject<'_>) -> String {
    let mut code = Code::new();
    code.group("AFFIXES = {", "}", |code| {
        for column in columns(subject) {
            if let Some(KindReason::Affixes { before, after }) = &column.reading.reason {
                code.line(&format!("{}: ({}, {}),", string(&column.name), string(before), string(after)));
            }
        }
    });
    code.into_text().trim_end().to_owned()
}

/// Columns with other signs than the file's.
fn other_signs(subject: &Subject<'_>) -> String {
    let is_other = |column: &&Column| column.reading.reason == Some(KindReason::OtherSigns);
    let names: Vec<String> = columns(subject).filter(is_other).map(|column| string(&column.name)).collect();
    format!("[{}]", names.join(", "))
}

/// The names of the model's own file, made unique.
fn column_names(subject: &Subject<'_>) -> String {
    let mut code = Code::new();
    code.group("COLUMNS = [", "]", |code| {
        for column in columns(subject) {
            code.line(&format!("{},", string(&column.name)));
        }
    });
    code.into_text().trim_end().to_owned()
}

/// Lines of the model's own file that are no rows, its heading among them.
fn left_out(subject: &Subject<'_>) -> String {
    let mut code = Code::new();
    code.group("LEFT_OUT = [", "]", |code| {
        for lines in subject.data.table().into_iter().flat_map(|table| table.skipped()) {
            code.line(&format!("({}, {}),", lines.line, lines.n_lines));
        }
    });
    code.into_text().trim_end().to_owned()
}

fn columns<'a>(subject: &'a Subject<'_>) -> impl Iterator<Item = &'a Column> {
    subject.data.table().into_iter().flat_map(|table| table.columns())
}

/// How `pandas.read_csv` reads the cells.
fn reading(dialect: &Dialect) -> String {
    let mut code = Code::new();
    code.group("READING = {", "}", |code| {
        match dialect.delimiter {
            Delimiter::Sign(sign) => {
                code.line(&format!("\"sep\": {},", string(&char::from(sign).to_string())));
            }
            Delimiter::Blanks => code.line("\"sep\": r\"\\s+\","),
        }
        match dialect.quote {
            Some(quote) => code.line(&format!("\"quotechar\": {},", string(&char::from(quote).to_string()))),
            None => code.line("\"quoting\": 3,"),
        }
        if let Some(escape) = dialect.escape {
            code.line(&format!("\"escapechar\": {},", string(&char::from(escape).to_string())));
        }
    });
    code.into_text().trim_end().to_owned()
}

/// Python's name of an encoding.
fn encoding(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Utf8 => "utf-8-sig",
        Encoding::Utf16Le | Encoding::Utf16Be => "utf-16",
        Encoding::Windows1252 => "cp1252",
        Encoding::Other(other) => other.name(),
    }
}

/// `True` or `False`.
pub(super) fn truth(is: bool) -> String {
    if is { "True" } else { "False" }.to_owned()
}

/// The data nodes that the network takes, inputs before targets.
fn data_nodes<'a>(
    subject: &'a Subject<'_>,
    forward: &'a Forward<'_>,
) -> impl Iterator<Item = (NodeId, bool, &'a PreparedNode)> {
    let inputs = forward.inputs.iter().map(|&id| (id, false));
    let targets = forward.targets.iter().map(|&id| (id, true));
    inputs.chain(targets).filter_map(|(id, is_target)| {
        let idx = subject.data.node_index(id)?;
        Some((id, is_target, subject.data.nodes().get(idx)?))
    })
}

fn nodes(subject: &Subject<'_>, drawing: &Drawing<'_>, forward: &Forward<'_>) -> String {
    let mut code = Code::new();
    code.group("NODES = {", "}", |code| {
        if subject.data.nodes().is_empty() {
            return nodes_without_data(code, drawing, forward);
        }
        for (id, is_target, prepared) in data_nodes(subject, forward) {
            code.group(&format!("{}: {{", string(drawing.names.node(id))), "},", |code| {
                code.line(&format!("\"target\": {},", truth(is_target)));
                code.line(&format!("\"per_step\": {},", truth(prepared.per_step)));
                code.group("\"groups\": [", "],", |code| {
                    for group in subject.column_groups(id, prepared) {
                        code.group("[", "],", |code| {
                            for column in group {
                                code.entry(&column_cells(column));
                            }
                        });
                    }
                });
            });
        }
    });
    code.into_text().trim_end().to_owned()
}

/// The same where no data were named: a column for each feature, its numbers as they are.
fn nodes_without_data(code: &mut Code, drawing: &Drawing<'_>, forward: &Forward<'_>) {
    let inputs = forward.inputs.iter().map(|id| (id, false));
    let targets = forward.targets.iter().map(|id| (id, true));
    for (&id, is_target) in inputs.chain(targets) {
        let Some(node) = drawing.network.nodes.get(&id) else { continue };
        let Some(data) = node.kind.data() else { continue };
        code.group(&format!("{}: {{", string(drawing.names.node(id))), "},", |code| {
            code.line(&format!("\"target\": {},", truth(is_target)));
            code.line(&format!("\"per_step\": {},", truth(data.per_step)));
            code.group("\"groups\": [", "],", |code| {
                code.group("[", "],", |code| {
                    for idx in 0..data.features() {
                        let named = data.columns.get(idx).filter(|_| data.columns.len() == data.features());
                        let name = named.cloned().unwrap_or_else(|| format!("{} {}", node.name, idx + 1));
                        code.entry(&[string(&name), number(0.0), number(1.0), number(0.0)]);
                    }
                });
            });
        });
    }
}

fn column_cells(column: &FittedColumn) -> Vec<String> {
    let name = string(&column.name);
    match &column.encoding {
        FittedEncoding::Number { shift, scale, fill } => {
            vec![name, number(*shift), number(*scale), number(*fill)]
        }
        FittedEncoding::OneHot { categories } => {
            let names: Vec<String> = categories.iter().map(|(name, _)| string(name)).collect();
            let seen: Vec<String> = categories.iter().map(|(_, is_seen)| truth(*is_seen)).collect();
            vec![name, format!("[{}]", names.join(", ")), format!("[{}]", seen.join(", "))]
        }
    }
}

/// Rows typed into the drawing, `[N, features]` or `[N, T, features]`.
fn typed_rows(subject: &Subject<'_>, drawing: &Drawing<'_>, forward: &Forward<'_>) -> String {
    let mut code = Code::new();
    let typed: Vec<_> = data_nodes(subject, forward).filter(|(_, _, node)| node.is_typed).collect();
    if typed.is_empty() {
        return "TYPED_ROWS = {}".to_owned();
    }
    code.group("TYPED_ROWS = {", "}", |code| {
        for (id, _, prepared) in typed {
            let Some(data) = drawing.network.nodes.get(&id).and_then(|node| node.kind.data()) else {
                continue;
            };
            let Some(rows) = &data.rows else { continue };
            let is_sequence = prepared.per_step && drawing.network.n_steps > 1;
            code.group(&format!("{}: [", string(drawing.names.node(id))), "],", |code| {
                for row in &rows.rows {
                    let cells = |part: &[f64]| part.iter().map(|&x| number(x)).collect::<Vec<_>>().join(", ");
                    let text = if is_sequence {
                        let steps =
                            row.chunks(prepared.width().max(1)).map(|step| format!("[{}]", cells(step)));
                        steps.collect::<Vec<_>>().join(", ")
                    } else {
                        cells(row)
                    };
                    code.line(&format!("[{text}],"));
                }
            });
        }
    });
    code.into_text().trim_end().to_owned()
}

/// What the numbers of each prediction mean.
fn predictions(subject: &Subject<'_>, drawing: &Drawing<'_>, forward: &Forward<'_>) -> String {
    let mut code = Code::new();
    code.group("PREDICTIONS = [", "]", |code| {
        for judged in &forward.judged {
            let features: Vec<Feature> = match &judged.target {
                Target::Data(id) => prepared_features(subject, *id),
                Target::Computed(_) => Vec::new(),
            };
            let (task, is_scaled) = match judged.kind {
                LossKind::Mse | LossKind::HalfSumOfSquares | LossKind::Mae | LossKind::Huber { .. } => {
                    ("number", true)
                }
                LossKind::Bce | LossKind::BceWithLogits => ("yes or no", false),
                LossKind::CrossEntropy | LossKind::CrossEntropyWithLogits => ("classes", false),
            };
            code.group("{", "},", |code| {
                code.line(&format!("\"task\": {},", string(task)));
                code.group("\"features\": [", "],", |code| {
                    for idx in 0..judged.features {
                        let feature = features.get(idx);
                        let name = feature.map_or_else(
                            || format!("{} {}", loss_name(drawing, judged.loss), idx + 1),
                            |f| f.name.clone(),
                        );
                        let (shift, scale) =
                            feature.filter(|_| is_scaled).map_or((0.0, 1.0), |f| (f.shift, f.scale));
                        code.entry(&[string(&name), number(shift), number(scale)]);
                    }
                });
                classes(code, &features);
            });
        }
    });
    code.into_text().trim_end().to_owned()
}

fn classes(code: &mut Code, features: &[Feature]) {
    let first = features.first().map_or("", |feature| feature.column.as_str());
    let names: Option<Vec<String>> = features
        .iter()
        .map(|feature| feature.category.as_deref().filter(|_| feature.column == first).map(string))
        .collect();
    match names.filter(|names| !names.is_empty()) {
        None => code.line("\"classes\": None,"),
        Some(names) => code.group("\"classes\": {", "},", |code| {
            code.line(&format!("\"column\": {},", string(first)));
            code.group("\"names\": [", "],", |code| {
                for name in names {
                    code.line(&format!("{name},"));
                }
            });
        }),
    }
}

fn prepared_features(subject: &Subject<'_>, id: NodeId) -> Vec<Feature> {
    let node = subject.data.node_index(id).and_then(|idx| subject.data.nodes().get(idx));
    node.map_or_else(Vec::new, |node| node.features.clone())
}

fn loss_name<'a>(drawing: &'a Drawing<'_>, id: NodeId) -> &'a str {
    drawing.network.nodes.get(&id).map_or("", |node| match &node.kind {
        NodeKind::Loss(_) => node.name.as_str(),
        NodeKind::Input(_)
        | NodeKind::Target(_)
        | NodeKind::Dense(_)
        | NodeKind::Activation(_)
        | NodeKind::Add
        | NodeKind::Multiply
        | NodeKind::Concat { .. }
        | NodeKind::Tensor(_)
        | NodeKind::Operation(_)
        | NodeKind::Reduce(_)
        | NodeKind::Reshape { .. }
        | NodeKind::Dropout { .. } => "",
    })
}
