//! What the rows and columns of a matrix are called: features of the data where they are known,
//! otherwise a letter and a number.
//!
//! Must not know how a matrix is drawn.

use crate::app::App;
use crate::network::{NodeId, OutputLetter, ParameterKey, ParameterRole};
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
        Some(dims) if dims.len() > 1 => format!("{letter}[{}]", indices(feature, dims)),
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

/// The indices of an entry of a tensor that is counted in C order.
fn indices(entry: usize, dims: &[usize]) -> String {
    let mut rest = entry;
    let mut indices: Vec<String> = Vec::with_capacity(dims.len());
    for &size in dims.iter().rev() {
        indices.push((rest % size.max(1)).to_string());
        rest /= size.max(1);
    }
    indices.reverse();
    indices.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_named_by_their_indices_in_c_order() {
        let names: Vec<String> = (0..6).map(|entry| indices(entry, &[2, 3])).collect();
        assert_eq!(names, ["0, 0", "0, 1", "0, 2", "1, 0", "1, 1", "1, 2"]);
        assert_eq!(indices(7, &[2, 2, 2]), "1, 1, 1");
    }
}
