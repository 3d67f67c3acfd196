//! The inputs of an ONNX graph, and the preprocessing as nodes: raw columns go in.
//!
//! The numeric columns of an Input come as one tensor of floats, each column of categories as a tensor
//! of texts. Preprocessing is computed in double precision and rounded once, as the program does.
//! Must not know what the network computes.

use super::expressions::{DOUBLE, FLOAT};
use super::graph::{Attribute, Entry, Graph, whole};
use super::quoted;
use crate::algebra::{Size, sizes_of};
use crate::data::{FittedColumn, FittedEncoding, MissingValues, PreparedNode, SequenceLayout};
use crate::export::Subject;
use crate::network::{DataNode, NodeId};

/// A data node as features: what each time step reads is taken from it.
pub(super) struct Prepared {
    /// One value a group of columns; otherwise a single one.
    groups: Vec<String>,
    /// Whether the value holds all time steps: `[N, T, features]`.
    is_sequence: bool,
    /// The node's name in the file.
    name: String,
    /// What a time step reads.
    sizes: Vec<Size>,
    /// Whether that must be brought into shape.
    is_tensor: bool,
}

impl Prepared {
    /// Adds the inputs of a data node, and what prepares them.
    pub(super) fn new(
        graph: &mut Graph,
        subject: &Subject<'_>,
        (id, name): (NodeId, &str),
        data: &DataNode,
    ) -> Self {
        let n_steps = subject.document.network.n_steps;
        let node = subject.data.node_index(id).and_then(|idx| subject.data.nodes().get(idx));
        let is_sequence = data.per_step && n_steps > 1;
        let sizes = sizes_of(&data.shape);
        let steps = is_sequence.then_some(Size::Fixed(n_steps));
        let groups = node.map_or_else(Vec::new, |node| subject.column_groups(id, node));
        let Some(node) = node.filter(|_| !groups.is_empty()) else {
            // Rows that were typed in, or a network without data: the numbers as they are.
            let mut all = sizes.clone();
            all.splice(1..1, steps);
            let text = format!("What goes into {name}, as it is.");
            let input = graph.input(name, Entry::Float, all, text);
            return Self { groups: vec![input], is_sequence, name: name.to_owned(), sizes, is_tensor: false };
        };
        let is_tensor = data.shape.dims().len() != 1;
        let is_sequence =
            is_sequence && !matches!(subject.document.data.sequence, SequenceLayout::ColumnGroups);
        let before: Vec<Size> = std::iter::once(Size::Batch).chain(steps.filter(|_| is_sequence)).collect();
        let cells = Cells::new(graph, subject, name, node, &groups, &before);
        let groups = groups.iter().map(|group| cells.features(graph, name, group)).collect();
        Self { groups, is_sequence, name: name.to_owned(), sizes, is_tensor }
    }

    /// What a time step reads.
    pub(super) fn at(&self, graph: &mut Graph, time_step: usize) -> String {
        let Some(value) = self.groups.get(time_step).or_else(|| self.groups.first()) else {
            return String::new();
        };
        let mut value = value.clone();
        if self.is_sequence {
            let place = graph.int(whole(time_step));
            let axis = vec![("axis", Attribute::Int(1))];
            let wanted = format!("{}_t{time_step}", self.name);
            value = graph.apply_with("Gather", &[&value, &place], axis, &wanted);
        }
        if self.is_tensor {
            let sizes = graph.sizes(&self.sizes);
            value = graph.apply("Reshape", &[&value, &sizes], &self.name);
        }
        value
    }
}

/// The raw cells of one node: its numbers prepared, its texts not yet.
struct Cells<'a> {
    /// The numeric columns, in the order of `numbers`.
    numeric: Vec<&'a str>,
    numbers: String,
    /// Column and input of each column of categories.
    texts: Vec<(&'a str, String)>,
}

impl<'a> Cells<'a> {
    fn new(
        graph: &mut Graph,
        subject: &Subject<'_>,
        name: &str,
        node: &PreparedNode,
        groups: &[Vec<&'a FittedColumn>],
        before: &[Size],
    ) -> Self {
        let columns = || groups.iter().flatten();
        let mut fits = Vec::new();
        let (mut numeric, mut texts) = (Vec::new(), Vec::new());
        for column in columns() {
            match &column.encoding {
                FittedEncoding::Number { shift, scale, fill } => {
                    numeric.push(column.name.as_str());
                    fits.push((*shift, *scale, *fill));
                }
                FittedEncoding::OneHot { .. } => {
                    let sizes = before.iter().copied().chain([Size::Fixed(1)]).collect();
                    let wanted = format!("{name}_{}", crate::export::identifiers::identifier(&column.name));
                    let text = format!("The cells of the column {}.", quoted(&column.name));
                    let input = graph.input(&wanted, Entry::Text, sizes, text);
                    graph.note(format!("columns of {input}"), format!("[{}]", quoted(&column.name)));
                    texts.push((column.name.as_str(), input));
                }
            }
        }
        let numbers = if numeric.is_empty() {
            String::new()
        } else {
            let sizes = before.iter().copied().chain([Size::Fixed(numeric.len())]).collect();
            let listed: Vec<String> = numeric.iter().map(|name| quoted(name)).collect();
            let listed = listed.join(", ");
            let input = graph.input(name, Entry::Float, sizes, format!("The columns {listed}, as they are."));
            graph.note(format!("columns of {input}"), format!("[{listed}]"));
            let is_filled = subject.document.data.missing != MissingValues::DropRows && !node.is_target;
            scaled(graph, name, input, &fits, is_filled)
        };
        Self { numeric, numbers, texts }
    }

    /// The features of a group of columns, in their order.
    fn features(&self, graph: &mut Graph, name: &str, group: &[&FittedColumn]) -> String {
        let mut pieces: Vec<String> = Vec::new();
        let mut run: Option<(usize, usize)> = None;
        for column in group {
            match &column.encoding {
                FittedEncoding::Number { .. } => {
                    let place = self.numeric.iter().position(|known| *known == column.name).unwrap_or(0);
                    run = match run {
                        Some((start, end)) if end == place => Some((start, place + 1)),
                        _ => {
                            pieces.extend(run.map(|run| self.numbers(graph, name, run)));
                            Some((place, place + 1))
                        }
                    };
                }
                FittedEncoding::OneHot { categories } => {
                    pieces.extend(run.take().map(|run| self.numbers(graph, name, run)));
                    let input = self.texts.iter().find(|(known, _)| *known == column.name);
                    pieces.extend(input.map(|(_, input)| one_hot(graph, input, categories)));
                }
            }
        }
        pieces.extend(run.map(|run| self.numbers(graph, name, run)));
        match pieces.as_slice() {
            [one] => one.clone(),
            pieces => {
                let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
                let wanted = format!("{name}_features");
                graph.apply_with("Concat", &pieces, vec![("axis", Attribute::Int(-1))], &wanted)
            }
        }
    }

    /// A run of the prepared numeric columns.
    fn numbers(&self, graph: &mut Graph, name: &str, (start, end): (usize, usize)) -> String {
        if end - start == self.numeric.len() {
            return self.numbers.clone();
        }
        let (from, to) = (graph.ints("from", &[whole(start)]), graph.ints("to", &[whole(end)]));
        let axis = graph.ints("axis", &[-1]);
        graph.apply("Slice", &[&self.numbers, &from, &to, &axis], &format!("{name}_columns"))
    }
}

/// (x − shift) / scale, the last axis a column each; a missing value becomes the mean of the training part
/// where `is_filled`.
fn scaled(graph: &mut Graph, name: &str, input: String, fits: &[(f64, f64, f64)], is_filled: bool) -> String {
    let is_plain = fits.iter().all(|&(shift, scale, _)| shift == 0.0 && scale == 1.0);
    if is_plain && !is_filled {
        return input;
    }
    let to = |kind| vec![("to", Attribute::Int(kind))];
    let mut value = graph.apply_with("Cast", &[&input], to(DOUBLE), &format!("{name}_cells"));
    if is_filled {
        let fill = graph.doubles(&format!("{name}_fill"), fits.iter().map(|&(_, _, fill)| fill));
        let is_missing = graph.apply("IsNaN", &[&value], &format!("{name}_is_missing"));
        value = graph.apply("Where", &[&is_missing, &fill, &value], &format!("{name}_filled"));
    }
    if !is_plain {
        let shift = graph.doubles(&format!("{name}_shift"), fits.iter().map(|&(shift, _, _)| shift));
        let scale = graph.doubles(&format!("{name}_scale"), fits.iter().map(|&(_, scale, _)| scale));
        value = graph.apply("Sub", &[&value, &shift], &format!("{name}_centered"));
        value = graph.apply("Div", &[&value, &scale], &format!("{name}_scaled_cells"));
    }
    graph.apply_with("Cast", &[&value], to(FLOAT), &format!("{name}_scaled"))
}

/// 1 at the category of a cell; all zeros for one that the training part did not have.
fn one_hot(graph: &mut Graph, input: &str, categories: &[(String, bool)]) -> String {
    let known = categories.iter().enumerate().filter(|(_, (_, is_known))| *is_known);
    let (mut texts, mut places): (Vec<String>, Vec<i64>) =
        known.map(|(place, (category, _))| (category.clone(), whole(place))).unzip();
    if texts.is_empty() {
        (texts, places) = (vec![String::new()], vec![-1]);
    }
    let settings = vec![
        ("keys_strings", Attribute::Texts(texts)),
        ("values_int64s", Attribute::Ints(places)),
        ("default_int64", Attribute::Int(-1)),
    ];
    let place = graph.apply_with("LabelEncoder", &[input], settings, &format!("{input}_place"));
    let all: Vec<i64> = (0..whole(categories.len())).collect();
    let all = graph.ints("places", &all);
    let is_there = graph.apply("Equal", &[&place, &all], &format!("{input}_is_there"));
    graph.apply_with("Cast", &[&is_there], vec![("to", Attribute::Int(FLOAT))], &format!("{input}_one_hot"))
}
