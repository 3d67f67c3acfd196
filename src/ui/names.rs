//! What the rows and columns of a matrix are called: features of the data where they are known,
//! otherwise a letter and a number.
//!
//! Must not know how a matrix is drawn.

use crate::app::App;
use crate::network::{self, NodeId, OutputLetter, ParameterKey, ParameterRole};
use crate::tensor::Shape;

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
    let letter = match kind.declaration().letter {
        OutputLetter::X => 'x',
        OutputLetter::Y => 'y',
        OutputLetter::Z => 'z',
        OutputLetter::A => 'a',
        OutputLetter::L => 'L',
    };
    match app.shapes().node(node).map(Shape::dims) {
        Some(dims) if dims.len() > 1 => network::entry_name(&letter.to_string(), dims, feature),
        _ => format!("{letter}{feature}"),
    }
}

/// The name of an entry of a parameter: `w01`, `b0`, `h₀[0, 1]`. With more than ten units or inputs the
/// indices are apart.
pub(crate) fn entry_name(key: ParameterKey, shape: &[usize], row: usize, column: usize) -> String {
    let is_wide = shape.iter().any(|&n| n > 10);
    match key {
        ParameterKey::Node(_, ParameterRole::Weight) if is_wide => format!("w{row},{column}"),
        ParameterKey::Node(_, ParameterRole::Weight) => format!("w{row}{column}"),
        ParameterKey::Node(_, ParameterRole::Bias) => format!("b{column}"),
        ParameterKey::Node(_, ParameterRole::Value) => match shape {
            [] => "x".to_owned(),
            [_] => format!("x{column}"),
            _ if is_wide => format!("x{row},{column}"),
            _ => format!("x{row}{column}"),
        },
        ParameterKey::Initial(_) => format!("h₀[{row}, {column}]"),
    }
}
