//! From settings and a drawing's request to prepared data.
//!
//! Must not know how values are written into batches.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::columns::{Fill, UsedColumn, features};
use super::fit::fit;
use super::left_out::usable_rows;
use super::lookup::{Columns, Fitted};
use super::prepared::{Filling, Prepared, PreparedNode};
use super::samples::{SampleShape, Samples, samples, split_rows};
use super::unknown::unknown_categories;
use super::{Feature, LeftOut, Preprocessing};
use crate::data::error::{DataError, DataErrorKind};
use crate::data::read::{Quiet, ReadTask};
use crate::data::request::{DataRequest, NodeRequest};
use crate::data::settings::{ColumnKind, ColumnSettings, DataSettings, SequenceLayout};
use crate::data::table::Table;
use crate::network::{NodeId, TypedRows};

/// Splits by `seed`, fits on the training part what `settings` do not hold fitted already, and
/// makes everything ready for batches.
/// Typed rows of nodes go before the table; a network all of whose nodes have typed rows needs
/// no table.
///
/// # Errors
/// When columns, rows or roles do not fit what the drawing asks for.
pub fn prepare(
    table: Option<&Arc<Table>>,
    settings: &DataSettings,
    request: &DataRequest,
    seed: u64,
) -> Result<Prepared, DataError> {
    prepare_while(table, settings, request, seed, &Quiet)
}

/// The same for somebody who waits: hears of each stage that is done, and may cancel.
///
/// # Errors
/// As [`prepare`], and when it was cancelled.
pub fn prepare_while(
    table: Option<&Arc<Table>>,
    settings: &DataSettings,
    request: &DataRequest,
    seed: u64,
    task: &dyn ReadTask,
) -> Result<Prepared, DataError> {
    build(table, settings, request, &Way::Fit { seed }, task)
}

/// The same with a stored fit, for prediction: nothing is fitted, every sample is in file order
/// in the training part, and columns are found by name. Use [`DataRequest::inputs_only`] where
/// the file has no targets. A table without a usable row gives no samples.
///
/// # Errors
/// As [`prepare`], and when the file lacks a column that the fit names.
pub fn prepare_with(
    table: Option<&Arc<Table>>,
    settings: &DataSettings,
    request: &DataRequest,
    fitted: &Preprocessing,
) -> Result<Prepared, DataError> {
    build(table, settings, request, &Way::Stored(fitted), &Quiet)
}

/// How wide each Input and Target is with these settings: what `DataNode.features` follows.
/// Nodes for which nothing can be said yet are left out. Does not depend on the split.
pub fn widths(table: Option<&Table>, settings: &DataSettings, request: &DataRequest) -> Vec<(NodeId, usize)> {
    let columns = Columns::of(settings);
    let kept = settings.fitted.as_deref().map(Fitted::of);
    let width_of = |node: &NodeRequest| {
        if let Some(rows) = typed_rows(node) {
            let n_steps = if node.data.per_step { request.n_steps } else { 1 };
            let length = rows.rows.first()?.len();
            return (length % n_steps == 0).then_some(length / n_steps);
        }
        let mut width = 0;
        for column in columns.of_node(node).ok()? {
            width += if column.kind == ColumnKind::Number {
                1
            } else if let Some(kept) = kept.as_ref().and_then(|kept| kept.as_used(column)) {
                kept.encoding.width()
            } else {
                let table = table?;
                let index = table.column_index(&column.name)?;
                UsedColumn::new(table, index, column, node.is_target).ok()?.width()
            };
        }
        let n_groups = n_groups(node, settings, request);
        (width > 0 && width % n_groups == 0).then_some(width / n_groups)
    };
    request.nodes.iter().filter_map(|node| Some((node.node, width_of(node)?))).collect()
}

/// More features than this of all nodes together are refused: each has a name, a shift and a scale.
const MAX_FEATURES: usize = 1_000_000;

/// Where the fit comes from.
enum Way<'a> {
    Fit { seed: u64 },
    Stored(&'a Preprocessing),
}

/// The columns that the nodes of `request` take, each once; none where that cannot be said.
pub fn needed_columns(settings: &DataSettings, request: &DataRequest) -> Vec<ColumnSettings> {
    let columns = Columns::of(settings);
    let mut names = HashSet::new();
    let nodes = request.nodes.iter().filter(|node| typed_rows(node).is_none());
    nodes
        .flat_map(|node| columns.of_node(node).unwrap_or_default())
        .filter(|column| names.insert(column.name.as_str()))
        .cloned()
        .collect()
}

/// The rows typed into a node; an empty list is none.
fn typed_rows(node: &NodeRequest) -> Option<&TypedRows> {
    node.data.rows.as_ref().filter(|rows| !rows.rows.is_empty())
}

/// Into how many groups of columns a node cuts each row.
fn n_groups(node: &NodeRequest, settings: &DataSettings, request: &DataRequest) -> usize {
    match settings.sequence {
        SequenceLayout::ColumnGroups if node.data.per_step => request.n_steps.max(1),
        SequenceLayout::ColumnGroups | SequenceLayout::Windows { .. } => 1,
    }
}

fn build(
    table: Option<&Arc<Table>>,
    settings: &DataSettings,
    request: &DataRequest,
    way: &Way<'_>,
    task: &dyn ReadTask,
) -> Result<Prepared, DataError> {
    if request.nodes.is_empty() {
        return Ok(Prepared::without_rows());
    }
    if request.nodes.iter().any(|node| typed_rows(node).is_some()) {
        return build_typed(settings, request, way);
    }
    let Some(table) = table else {
        let node = request.nodes.first().map_or(String::new(), |node| node.name.clone());
        return Err(DataError::new(DataErrorKind::NoData { node }));
    };
    let in_file = |error: DataError| match (table.path(), &error.place.path) {
        (Some(path), None) => error.in_file(path),
        _ => error,
    };
    build_from_table(table, settings, request, way, task).map_err(in_file)
}

fn build_typed(settings: &DataSettings, request: &DataRequest, way: &Way<'_>) -> Result<Prepared, DataError> {
    let n_rows = |node: &NodeRequest| typed_rows(node).map_or(0, |rows| rows.rows.len());
    let mut nodes = Vec::with_capacity(request.nodes.len());
    let mut n_features = 0_usize;
    for node in &request.nodes {
        // One node is typed, or this would not be called.
        let first = request.nodes.iter().find(|other| n_rows(other) > 0).unwrap_or(node);
        if n_rows(node) != n_rows(first) {
            return Err(DataError::new(DataErrorKind::RowCounts {
                node: first.name.clone(),
                rows: n_rows(first),
                other: node.name.clone(),
                other_rows: n_rows(node),
            }));
        }
        let n_steps = if node.data.per_step { request.n_steps } else { 1 };
        n_features = n_features.saturating_add(node.data.features());
        check_features(node, n_features)?;
        let expected = node.data.features().saturating_mul(n_steps);
        let rows = typed_rows(node).map_or(&[][..], |rows| &rows.rows);
        if let Some((row, wrong)) = rows.iter().enumerate().find(|(_, row)| row.len() != expected) {
            return Err(DataError::new(DataErrorKind::TypedRowLength {
                node: node.name.clone(),
                row: row + 1,
                expected,
                found: wrong.len(),
            }));
        }
        let feature = |index: usize| Feature {
            name: if node.data.features() == 1 {
                node.name.clone()
            } else {
                format!("{} {}", node.name, index + 1)
            },
            column: String::new(),
            category: None,
            shift: 0.0,
            scale: 1.0,
        };
        nodes.push(PreparedNode {
            node: node.node,
            is_target: node.is_target,
            per_step: node.data.per_step,
            features: (0..node.data.features()).map(feature).collect(),
            is_typed: true,
            filling: Filling::Typed { values: rows.concat(), n_steps },
        });
    }
    let n = request.nodes.iter().map(n_rows).max().unwrap_or(0);
    let (train, validation) = match way {
        Way::Fit { seed } => split_rows(n, settings.split, *seed),
        Way::Stored(_) => ((0..n as u32).collect(), Vec::new()),
    };
    Ok(Prepared {
        table: None,
        preprocessing: Preprocessing::default(),
        nodes,
        shape: SampleShape::Rows,
        samples: Samples::of_rows((0..n as u32).collect(), train, validation),
        left_out: LeftOut::default(),
        unknown: Vec::new(),
    })
}

fn build_from_table(
    table: &Arc<Table>,
    settings: &DataSettings,
    request: &DataRequest,
    way: &Way<'_>,
    task: &dyn ReadTask,
) -> Result<Prepared, DataError> {
    let columns = Columns::of(settings);
    reach(0, task)?;
    let used = used_columns(table, &columns, request, way)?;
    reach(1, task)?;
    let (is_usable, left_out) = usable_rows(table, &used, settings.missing);
    reach(2, task)?;
    let has_targets = request.nodes.iter().any(|node| node.is_target);
    let shape = SampleShape::new(settings.sequence, request.n_steps, has_targets);
    let (found, preprocessing) = match way {
        Way::Fit { seed } => {
            let found = samples(&is_usable, shape, settings.split, *seed)?;
            if found.train.is_empty() {
                return Err(DataError::new(DataErrorKind::NoUsableRows(left_out)));
            }
            let rows: Vec<u32> = match shape {
                SampleShape::Rows => {
                    found.train.iter().map(|&sample| found.starts[sample as usize]).collect()
                }
                SampleShape::Windows { .. } => {
                    let last = found.train.last().map_or(0, |&sample| found.starts[sample as usize]);
                    (0..last + shape.length() as u32).filter(|&row| is_usable[row as usize]).collect()
                }
            };
            reach(3, task)?;
            let mut fitted = fit(table, &used, settings, &rows);
            if let Some(kept) = settings.fitted.as_deref().map(Fitted::of) {
                kept.replace(&mut fitted);
            }
            (found, fitted)
        }
        Way::Stored(fitted) => {
            let all = crate::data::SplitSettings { validation_fraction: 0.0, shuffle: false };
            (samples(&is_usable, shape, all, 0)?, (*fitted).clone())
        }
    };
    reach(4, task)?;
    let known = match way {
        Way::Fit { .. } => settings.fitted.as_deref().unwrap_or(&preprocessing),
        Way::Stored(fitted) => fitted,
    };
    let unknown = unknown_categories(table, &used, &Fitted::of(known));
    let plan = NodePlan {
        columns: &columns,
        request,
        used: used.iter().map(|column| (column.name.as_str(), column)).collect(),
        fitted: Fitted::of(&preprocessing),
    };
    plan.check_widths()?;
    let nodes = request.nodes.iter().map(|node| plan.node(node)).collect::<Result<_, _>>()?;
    Ok(Prepared {
        table: Some(Arc::clone(table)),
        preprocessing,
        nodes,
        shape,
        samples: found,
        left_out,
        unknown,
    })
}

/// The columns, the usable rows, the samples, the fit, the nodes.
const N_STAGES: u64 = 5;

/// So many stages are done; none follows where nobody waits any more.
fn reach(stage: u64, task: &dyn ReadTask) -> Result<(), DataError> {
    task.progress(stage, N_STAGES);
    if task.is_cancelled() { Err(DataError::new(DataErrorKind::Cancelled)) } else { Ok(()) }
}

/// The columns of all nodes, each once, in file order.
fn used_columns(
    table: &Table,
    columns: &Columns<'_>,
    request: &DataRequest,
    way: &Way<'_>,
) -> Result<Vec<UsedColumn>, DataError> {
    let fitted = match way {
        Way::Stored(fitted) => Some(Fitted::of(fitted)),
        Way::Fit { .. } => None,
    };
    let mut used: BTreeMap<usize, UsedColumn> = BTreeMap::new();
    for node in &request.nodes {
        for column in columns.of_node(node)? {
            let unknown = || DataError::new(DataErrorKind::UnknownColumn { name: column.name.clone() });
            let index = table.column_index(&column.name).ok_or_else(unknown)?;
            if let Some(known) = used.get_mut(&index) {
                known.is_target |= node.is_target;
                continue;
            }
            let mut column = column.clone();
            if let Some(fitted) = &fitted {
                column.kind = fitted.column(&column.name)?.kind();
            }
            used.insert(index, UsedColumn::new(table, index, &column, node.is_target)?);
        }
    }
    Ok(used.into_values().collect())
}

/// What the nodes are made from.
struct NodePlan<'a> {
    columns: &'a Columns<'a>,
    request: &'a DataRequest,
    used: HashMap<&'a str, &'a UsedColumn>,
    fitted: Fitted<'a>,
}

impl NodePlan<'_> {
    /// Refuses more features than memory should hold, before any of them is made.
    fn check_widths(&self) -> Result<(), DataError> {
        let mut found = 0_usize;
        for node in &self.request.nodes {
            for column in self.columns.of_node(node)? {
                found = found.saturating_add(self.fitted.column(&column.name)?.encoding.width());
            }
            check_features(node, found)?;
        }
        Ok(())
    }

    fn node(&self, node: &NodeRequest) -> Result<PreparedNode, DataError> {
        let (mut fills, mut all_features) = (Vec::new(), Vec::new());
        for column in self.columns.of_node(node)? {
            let fitted = self.fitted.column(&column.name)?;
            let Some(used) = self.used.get(column.name.as_str()) else { continue };
            fills.push(Fill::new(used, &fitted.encoding));
            all_features.extend(features(fitted));
        }
        let n_groups = n_groups(node, self.columns.settings, self.request);
        let uneven = || {
            DataError::new(DataErrorKind::UnevenGroups {
                node: node.name.clone(),
                features: all_features.len(),
                steps: n_groups,
            })
        };
        if fills.len() % n_groups != 0 || fills.is_empty() {
            return Err(uneven());
        }
        let groups: Vec<Vec<Fill>> = fills.chunks(fills.len() / n_groups).map(<[Fill]>::to_vec).collect();
        let width = |group: &[Fill]| group.iter().map(Fill::width).sum::<usize>();
        let first = groups.first().map_or(0, |group| width(group));
        if groups.iter().any(|group| width(group) != first) {
            return Err(uneven());
        }
        all_features.truncate(first);
        Ok(PreparedNode {
            node: node.node,
            is_target: node.is_target,
            per_step: node.data.per_step,
            features: all_features,
            is_typed: false,
            filling: Filling::Columns(groups),
        })
    }
}

/// Refuses so many features at a node and those before it.
fn check_features(node: &NodeRequest, found: usize) -> Result<(), DataError> {
    if found <= MAX_FEATURES {
        return Ok(());
    }
    let kind = DataErrorKind::TooManyFeatures { node: node.name.clone(), found, limit: MAX_FEATURES };
    Err(DataError::new(kind))
}
