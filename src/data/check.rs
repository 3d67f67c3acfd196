//! What is wrong between the data and the drawing: rows left out, categories that the model does
//! not know, targets that a loss cannot take. As problems, beside those of the drawing alone.
//!
//! Must not know how problems are shown.

use super::prepare::{Prepared, PreparedNode};
use super::read::{Unused, why_unused};
use super::settings::{ColumnRole, DataSettings};
use super::table::Table;
use crate::network::{Fix, LossKind, Network, NodeId, Place, Problem, ProblemKind, Severity, Wiring};
use crate::tensor::Matrix;
use crate::words::{Message, ToMessage};

/// From this share of left-out rows on, a note becomes a warning.
const MANY_ROWS: f64 = 0.1;

/// More unknown categories than this are counted, not named.
const MOST_CATEGORIES: usize = 20;

/// More unused columns than this are counted, not named.
const MOST_UNUSED: usize = 8;

/// How far a target may lie outside for rounding's sake.
const ROUNDING: f64 = 1e-6;

/// Samples that are looked at together.
const CHUNK: usize = 1024;

/// What is wrong with `data` for `network`, errors first; and which columns `settings` leave unused
/// because of their values. Rows are counted from `first_row`: from 0 on the command line, where
/// they are counted so, and from 1 in the window.
pub fn data_problems(
    network: &Network,
    settings: &DataSettings,
    data: &Prepared,
    first_row: usize,
) -> Vec<Problem> {
    let mut problems = target_problems(network, data);
    let wiring = network.wiring();
    let losses = network.nodes.keys();
    problems.extend(losses.filter_map(|&loss| classes_as_numbers(network, &wiring, data, loss)));
    let of_data = |what, severity| Problem {
        kind: ProblemKind::OfData { what },
        at: Place::Network,
        severity,
        fix: None,
    };
    let left_out = data.left_out();
    if left_out.left_out > 0 {
        let is_many = left_out.left_out as f64 >= MANY_ROWS * left_out.rows as f64;
        let severity = if is_many { Severity::Warning } else { Severity::Note };
        problems.push(of_data(left_out.message(), severity));
    }
    let unknown = data.unknown_categories();
    for category in unknown.iter().take(MOST_CATEGORIES) {
        problems.push(of_data(category.message_from(first_row), Severity::Warning));
    }
    if unknown.len() > MOST_CATEGORIES {
        let more = Message::new("data-unknown-more").with("n", unknown.len() - MOST_CATEGORIES);
        problems.push(of_data(more, Severity::Warning));
    }
    if let Some(table) = data.table() {
        let unused = unused_columns(table, settings);
        problems.extend(unused.into_iter().map(|what| of_data(what, Severity::Note)));
    }
    problems.sort_by_key(|problem| std::cmp::Reverse(problem.severity));
    problems
}

/// Why ignored columns are ignored, where their values are the reason.
pub fn unused_columns(table: &Table, settings: &DataSettings) -> Vec<Message> {
    let ignored: Vec<usize> = settings
        .columns
        .iter()
        .filter(|column| column.role == ColumnRole::Ignored)
        .filter_map(|column| table.column_index(&column.name))
        .collect();
    if ignored.is_empty() {
        return Vec::new();
    }
    let summaries = table.summaries();
    let mut reasons = Vec::new();
    let mut constant: Vec<&str> = Vec::new();
    for column in ignored {
        let Some(summary) = summaries.get(column) else { continue };
        match why_unused(table, summary, column) {
            Some(Unused::Constant) => constant.push(&table.columns()[column].name),
            Some(Unused::Empty) => {
                reasons.push(
                    Message::new("data-unused-empty")
                        .with("column", table.columns()[column].name.as_str())
                        .with("missing", summary.missing)
                        .with("rows", table.n_rows()),
                );
            }
            None => {}
        }
    }
    let n_more = reasons.len().saturating_sub(MOST_UNUSED);
    if n_more > 0 {
        reasons.truncate(MOST_UNUSED);
        reasons.push(Message::new("data-unused-empty-more").with("n", n_more));
    }
    if !constant.is_empty() {
        let (n, n_more) = (constant.len(), constant.len().saturating_sub(MOST_UNUSED));
        constant.truncate(MOST_UNUSED);
        let key = if n_more > 0 { "data-unused-constant-more" } else { "data-unused-constant" };
        let names = constant.join(", ");
        reasons.push(Message::new(key).with("columns", names).with("n", n).with("more", n_more));
    }
    reasons
}

/// A loss for numbers whose target is one of several classes.
fn classes_as_numbers(network: &Network, wiring: &Wiring, data: &Prepared, loss: NodeId) -> Option<Problem> {
    let node = network.nodes.get(&loss)?;
    let is_for_numbers = match node.kind.loss()?.kind {
        LossKind::Mse | LossKind::HalfSumOfSquares | LossKind::Mae | LossKind::Huber { .. } => true,
        LossKind::Bce
        | LossKind::BceWithLogits
        | LossKind::CrossEntropy
        | LossKind::CrossEntropyWithLogits => false,
    };
    let mut incoming = wiring.incoming(loss).iter().filter_map(|edge| network.edges.get(edge));
    let target = incoming.find(|edge| edge.port == 1)?.from;
    let prepared = data.nodes().get(data.node_index(target)?).filter(|node| node.is_target)?;
    let n = prepared.classes()?.len();
    let kind = ProblemKind::ClassesAsNumbers {
        loss: node.name.clone(),
        target: network.nodes.get(&target)?.name.clone(),
        n,
    };
    let fix = Some(Fix::Classify { loss });
    (is_for_numbers && n > 1).then_some(Problem {
        kind,
        at: Place::Node(loss),
        severity: Severity::Warning,
        fix,
    })
}

/// What a loss takes as targets.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// Each number from 0 to 1.
    Probabilities,
    /// Such numbers, and a row of them adds up to 1.
    Distributions,
}

fn target_problems(network: &Network, data: &Prepared) -> Vec<Problem> {
    let wiring = network.wiring();
    let losses = network.nodes.iter().filter_map(|(&id, node)| {
        let takes = match node.kind.loss()?.kind {
            LossKind::Bce | LossKind::BceWithLogits => Takes::Probabilities,
            LossKind::CrossEntropy | LossKind::CrossEntropyWithLogits => Takes::Distributions,
            LossKind::Mse | LossKind::HalfSumOfSquares | LossKind::Mae | LossKind::Huber { .. } => {
                return None;
            }
        };
        let edges = wiring.incoming(id).iter().filter_map(|edge| network.edges.get(edge));
        let target = edges.into_iter().find(|edge| edge.port == 1)?.from;
        Some((id, takes, target))
    });
    losses.filter_map(|(loss, takes, target)| target_problem(network, data, loss, takes, target)).collect()
}

/// The first row of a Target that its loss cannot take, and how many there are.
fn target_problem(
    network: &Network,
    data: &Prepared,
    loss: NodeId,
    takes: Takes,
    target: NodeId,
) -> Option<Problem> {
    let index = data.node_index(target)?;
    let node = &data.nodes()[index];
    // One column's categories are 0 and 1 and at most one 1: a row without any is said elsewhere.
    if node.classes().is_some() {
        return None;
    }
    let mut seen = Seen::default();
    for step in steps_of(network, data, node) {
        look_at(data, index, step, takes, &mut seen);
    }
    let (sample, step, found) = seen.first?;
    let name = |id: &NodeId| network.nodes.get(id).map_or_else(String::new, |node| node.name.clone());
    let row = data.row_at(index, step, sample);
    let place = match data.table() {
        Some(table) => Message::new("data-at-line").with("line", table.line_of(row) as f64),
        None => Message::new("data-at-row").with("row", row + 1),
    };
    let (target, loss_name, count) = (name(&target), name(&loss), seen.n_wrong);
    let kind = match found {
        Wrong::Entry { value, original } => {
            ProblemKind::TargetOutside { target, loss: loss_name, found: value, original, place, count }
        }
        Wrong::Sum(found) => ProblemKind::TargetSum { target, loss: loss_name, found, place, count },
    };
    let fix = fix(node, &seen, takes, loss);
    Some(Problem { kind, at: Place::Node(loss), severity: Severity::Error, fix: Some(fix) })
}

/// What makes the loss take the targets: another scaling where that is enough, else another loss.
fn fix(node: &PreparedNode, seen: &Seen, takes: Takes, loss: NodeId) -> Fix {
    let can_scale = !node.is_typed && node.features.iter().all(|feature| feature.category.is_none());
    if can_scale && seen.is_scaled && seen.n_wrong_originals == 0 {
        Fix::TargetsAsInFile
    } else if can_scale && takes == Takes::Probabilities && seen.values.len() == 2 {
        // The smaller of the two numbers becomes 0, the larger 1.
        Fix::TargetsToUnitRange
    } else {
        Fix::SetLoss { node: loss, kind: LossKind::Mse }
    }
}

/// The steps at which a Target reads rows that it reads at no other one.
fn steps_of(network: &Network, data: &Prepared, node: &PreparedNode) -> std::ops::Range<usize> {
    let last = network.n_steps.max(1) - 1;
    if node.per_step && !data.is_windowed() { 0..last + 1 } else { last..last + 1 }
}

/// What is wrong with a row.
#[derive(Clone, Copy)]
enum Wrong {
    /// A number outside of 0 to 1, and what it was before scaling.
    Entry { value: f64, original: f64 },
    /// The sum of the row.
    Sum(f64),
}

/// What was seen of a Target.
#[derive(Default)]
struct Seen {
    first: Option<(u32, usize, Wrong)>,
    n_wrong: usize,
    /// Rows that would be wrong as they stand in the file, too.
    n_wrong_originals: usize,
    is_scaled: bool,
    /// Up to three different numbers of the file.
    values: Vec<f64>,
}

fn look_at(data: &Prepared, index: usize, step: usize, takes: Takes, seen: &mut Seen) {
    let node = &data.nodes()[index];
    seen.is_scaled |= node.features.iter().any(|feature| feature.shift != 0.0 || feature.scale != 1.0);
    let samples: Vec<u32> = (0..data.n_samples() as u32).collect();
    let mut values = Matrix::<f64>::zeros(node.width(), samples.len().min(CHUNK));
    let mut originals = vec![0.0; node.width()];
    for chunk in samples.chunks(CHUNK) {
        data.fill_batch(index, step, chunk, &mut values);
        for (&sample, row) in chunk.iter().zip(values.column_iter()) {
            for ((original, feature), &value) in originals.iter_mut().zip(&node.features).zip(row.iter()) {
                *original = feature.original(value);
                let is_new = || seen.values.iter().all(|known| (known - *original).abs() > ROUNDING);
                if seen.values.len() < 3 && is_new() {
                    seen.values.push(*original);
                }
            }
            if wrong(originals.iter().map(|&value| (value, value)), takes).is_some() {
                seen.n_wrong_originals += 1;
            }
            if let Some(found) = wrong(row.iter().copied().zip(originals.iter().copied()), takes) {
                seen.n_wrong += 1;
                seen.first.get_or_insert((sample, step, found));
            }
        }
    }
}

/// What is wrong with a row of (value, original) pairs.
fn wrong(row: impl Iterator<Item = (f64, f64)>, takes: Takes) -> Option<Wrong> {
    let mut sum = 0.0;
    for (value, original) in row {
        if !(-ROUNDING..=1.0 + ROUNDING).contains(&value) {
            return Some(Wrong::Entry { value, original });
        }
        sum += value;
    }
    (takes == Takes::Distributions && (sum - 1.0).abs() > ROUNDING).then_some(Wrong::Sum(sum))
}
