//! From settings and a drawing's request to prepared data.
//!
//! Must not know how values are written into batches.

use std::sync::Arc;

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::columns::{Fill, UsedColumn, features};
use super::fit::fit;
use super::prepared::{Filling, Prepared, PreparedNode};
use super::samples::{Samples, Shape, samples, split_rows};
use super::{Feature, FittedColumn, FittedEncoding, Preprocessing};
use crate::data::error::{DataError, DataErrorKind, Expected};
use crate::data::request::{DataRequest, NodeRequest};
use crate::data::settings::{
    ColumnKind, ColumnRole, ColumnSettings, DataSettings, MissingValues, SequenceLayout,
};
use crate::data::table::Table;
use crate::network::{NodeId, TypedRows};

/// Splits by `seed`, fits on the training part, and makes everything ready for batches.
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
    build(table, settings, request, &Way::Fit { seed })
}

/// The same with a stored fit, for prediction: nothing is fitted, every sample is in file order
/// in the training part, and columns are found by name. Use [`DataRequest::inputs_only`] where
/// the file has no targets.
///
/// # Errors
/// As [`prepare`], and when the file lacks a column that the fit names.
pub fn prepare_with(
    table: Option<&Arc<Table>>,
    settings: &DataSettings,
    request: &DataRequest,
    fitted: &Preprocessing,
) -> Result<Prepared, DataError> {
    build(table, settings, request, &Way::Stored(fitted))
}

/// How wide each Input and Target is with these settings: what `DataNode.features` follows.
/// Nodes for which nothing can be said yet are left out. Does not depend on the split.
pub fn widths(table: Option<&Table>, settings: &DataSettings, request: &DataRequest) -> Vec<(NodeId, usize)> {
    let width_of = |node: &NodeRequest| {
        if let Some(rows) = typed_rows(node) {
            let n_steps = if node.data.per_step { request.n_steps } else { 1 };
            let length = rows.rows.first()?.len();
            return (length % n_steps == 0).then_some(length / n_steps);
        }
        let mut width = 0;
        for column in node_columns(node, settings).ok()? {
            width += match (table, column.kind) {
                (_, ColumnKind::Number) => 1,
                (Some(table), ColumnKind::Category | ColumnKind::Date | ColumnKind::Text) => {
                    UsedColumn::new(table, table.column_index(&column.name)?, column, node.is_target)
                        .ok()?
                        .width()
                }
                (None, ColumnKind::Category | ColumnKind::Date | ColumnKind::Text) => return None,
            };
        }
        let n_groups = n_groups(node, settings, request);
        (width > 0 && width % n_groups == 0).then_some(width / n_groups)
    };
    request.nodes.iter().filter_map(|node| Some((node.node, width_of(node)?))).collect()
}

/// Where the fit comes from.
enum Way<'a> {
    Fit { seed: u64 },
    Stored(&'a Preprocessing),
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

/// The columns that a node takes: those it names, else all of its role.
fn node_columns<'a>(
    node: &NodeRequest,
    settings: &'a DataSettings,
) -> Result<Vec<&'a ColumnSettings>, DataError> {
    let (role, expected) = if node.is_target {
        (ColumnRole::Target, Expected::Targets)
    } else {
        (ColumnRole::Feature, Expected::Features)
    };
    let columns: Vec<&ColumnSettings> = if node.data.columns.is_empty() {
        settings.columns.iter().filter(|column| column.role == role).collect()
    } else {
        let named = |name: &String| {
            let found = settings.columns.iter().find(|column| column.name == *name);
            found.ok_or_else(|| DataError::new(DataErrorKind::UnknownColumn { name: name.clone() }))
        };
        node.data.columns.iter().map(named).collect::<Result<_, _>>()?
    };
    if columns.is_empty() {
        return Err(DataError::new(DataErrorKind::NoColumns { node: node.name.clone(), expected }));
    }
    Ok(columns)
}

fn build(
    table: Option<&Arc<Table>>,
    settings: &DataSettings,
    request: &DataRequest,
    way: &Way<'_>,
) -> Result<Prepared, DataError> {
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
    build_from_table(table, settings, request, way).map_err(in_file)
}

fn build_typed(settings: &DataSettings, request: &DataRequest, way: &Way<'_>) -> Result<Prepared, DataError> {
    let n_rows = |node: &NodeRequest| typed_rows(node).map_or(0, |rows| rows.rows.len());
    let mut nodes = Vec::with_capacity(request.nodes.len());
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
        let expected = node.data.features * n_steps;
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
            name: if node.data.features == 1 {
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
            features: (0..node.data.features).map(feature).collect(),
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
        shape: Shape::Rows,
        samples: Samples { starts: (0..n as u32).collect(), train, validation },
        dropped_rows: 0,
    })
}

fn build_from_table(
    table: &Arc<Table>,
    settings: &DataSettings,
    request: &DataRequest,
    way: &Way<'_>,
) -> Result<Prepared, DataError> {
    let used = used_columns(table, settings, request, way)?;
    let is_usable = usable_rows(table, &used, settings.missing);
    let has_targets = request.nodes.iter().any(|node| node.is_target);
    let shape = Shape::new(settings.sequence, request.n_steps, has_targets);
    let dropped_rows = is_usable.iter().filter(|&&usable| !usable).count();
    let (found, preprocessing) = match way {
        Way::Fit { seed } => {
            let found = samples(&is_usable, shape, settings.split, *seed)?;
            let rows: Vec<u32> = match shape {
                Shape::Rows => found.train.iter().map(|&sample| found.starts[sample as usize]).collect(),
                Shape::Windows { .. } => {
                    let last = found.train.last().map_or(0, |&sample| found.starts[sample as usize]);
                    (0..last + shape.length() as u32).filter(|&row| is_usable[row as usize]).collect()
                }
            };
            let fitted = fit(table, &used, settings, &rows);
            (found, fitted)
        }
        Way::Stored(fitted) => {
            let all = crate::data::SplitSettings { validation_fraction: 0.0, shuffle: false };
            (samples(&is_usable, shape, all, 0)?, (*fitted).clone())
        }
    };
    let nodes = request
        .nodes
        .iter()
        .map(|node| prepared_node(node, settings, request, &used, &preprocessing))
        .collect::<Result<_, _>>()?;
    Ok(Prepared { table: Some(Arc::clone(table)), preprocessing, nodes, shape, samples: found, dropped_rows })
}

/// The columns of all nodes, each once, in file order.
fn used_columns(
    table: &Table,
    settings: &DataSettings,
    request: &DataRequest,
    way: &Way<'_>,
) -> Result<Vec<UsedColumn>, DataError> {
    let mut used: Vec<UsedColumn> = Vec::new();
    for node in &request.nodes {
        for column in node_columns(node, settings)? {
            let unknown = || DataError::new(DataErrorKind::UnknownColumn { name: column.name.clone() });
            let index = table.column_index(&column.name).ok_or_else(unknown)?;
            if let Some(known) = used.iter_mut().find(|known| known.index == index) {
                known.is_target |= node.is_target;
                continue;
            }
            let mut column = column.clone();
            if let Way::Stored(fitted) = way {
                column.kind = match fitted_column(fitted, &column.name)?.encoding {
                    FittedEncoding::Number { .. } => ColumnKind::Number,
                    FittedEncoding::OneHot { .. } => ColumnKind::Category,
                };
            }
            used.push(UsedColumn::new(table, index, &column, node.is_target)?);
        }
    }
    used.sort_by_key(|column| column.index);
    Ok(used)
}

fn fitted_column<'a>(fitted: &'a Preprocessing, name: &str) -> Result<&'a FittedColumn, DataError> {
    let found = fitted.columns.iter().find(|column| column.name == name);
    found.ok_or_else(|| DataError::new(DataErrorKind::UnknownColumn { name: name.to_owned() }))
}

/// Which rows have all the values that they need. A row without its target teaches nothing,
/// so it is left out even where missing features are filled.
fn usable_rows(table: &Table, used: &[UsedColumn], missing: MissingValues) -> Vec<bool> {
    let needed: Vec<usize> = used
        .iter()
        .filter(|column| missing == MissingValues::DropRows || column.is_target)
        .map(|column| column.index)
        .collect();
    let is_usable = |row: usize| {
        let row = table.row(row);
        needed.iter().all(|&column| !row[column].is_nan())
    };
    (0..table.n_rows()).into_par_iter().map(is_usable).collect()
}

fn prepared_node(
    node: &NodeRequest,
    settings: &DataSettings,
    request: &DataRequest,
    used: &[UsedColumn],
    preprocessing: &Preprocessing,
) -> Result<PreparedNode, DataError> {
    let (mut fills, mut all_features) = (Vec::new(), Vec::new());
    for column in node_columns(node, settings)? {
        let fitted = fitted_column(preprocessing, &column.name)?;
        let Some(used) = used.iter().find(|used| used.name == column.name) else { continue };
        fills.push(Fill::new(used, &fitted.encoding));
        all_features.extend(features(fitted));
    }
    let n_groups = n_groups(node, settings, request);
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
