//! Which fitted columns a data node takes.
//!
//! Must not know how a form writes them.

use super::Subject;
use crate::data::{ColumnRole, FittedColumn, PreparedNode, SequenceLayout};
use crate::network::NodeId;

impl<'a> Subject<'a> {
    /// The fitted columns that a node takes, a list for each group of columns; none where its rows were
    /// typed in.
    pub(super) fn column_groups(&self, id: NodeId, prepared: &PreparedNode) -> Vec<Vec<&'a FittedColumn>> {
        if prepared.is_typed {
            return Vec::new();
        }
        let (network, settings) = (&self.document.network, &self.document.data);
        let named = network.nodes.get(&id).and_then(|node| node.kind.data()).map(|data| &data.columns);
        let role = if prepared.is_target { ColumnRole::Target } else { ColumnRole::Feature };
        let names: Vec<&str> = match named {
            Some(named) if !named.is_empty() => named.iter().map(String::as_str).collect(),
            _ => settings.columns.iter().filter(|c| c.role == role).map(|c| c.name.as_str()).collect(),
        };
        let fitted = &self.data.preprocessing().columns;
        let columns: Vec<&FittedColumn> =
            names.iter().filter_map(|name| fitted.iter().find(|column| column.name == *name)).collect();
        let n_groups = match settings.sequence {
            SequenceLayout::ColumnGroups if prepared.per_step => network.n_steps.max(1),
            SequenceLayout::ColumnGroups | SequenceLayout::Windows { .. } => 1,
        };
        columns.chunks((columns.len() / n_groups).max(1)).map(<[_]>::to_vec).collect()
    }
}
