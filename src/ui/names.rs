//! What the rows and columns of a matrix are called: features of the data where they are known,
//! otherwise a letter and a number.
//!
//! Must not know how a matrix is drawn.

use crate::app::App;
use crate::network::{NodeId, NodeKind};

/// The names of a node's output features: `horsepower`, `z0`, `a1`.
pub(crate) fn feature_name(app: &App, node: NodeId, feature: usize) -> String {
    let Some(kind) = app.document().network.nodes.get(&node).map(|node| &node.kind) else {
        return feature.to_string();
    };
    let prepared = app.prepared().and_then(|prepared| {
        let own = prepared.nodes().iter().find(|own| own.node == node && !own.is_typed)?;
        own.features.get(feature)
    });
    if let Some(feature) = prepared {
        return feature.name.clone();
    }
    let letter = match kind {
        NodeKind::Input(_) => 'x',
        NodeKind::Target(_) => 'y',
        NodeKind::Dense(_) => 'z',
        NodeKind::Activation(_)
        | NodeKind::Add
        | NodeKind::Multiply
        | NodeKind::Concat
        | NodeKind::Dropout { .. } => 'a',
        NodeKind::Loss(_) => 'L',
    };
    format!("{letter}{feature}")
}
