//! A typed expression as nodes of the drawing.

use super::fragment::{Fragment, place};
use super::{Change, Document, Edit};
use crate::network::expression::Drawn;
use crate::network::{NodeId, Position};
use crate::words::Message;

/// How far below the drawing a new one lies, in canvas points.
const BELOW: f32 = 120.0;

/// Adds what a text draws below what is there. Its results become roots.
pub fn draw_expression(document: &Document, drawn: &Drawn) -> Change {
    let label = Message::new("edit-expression");
    let parameters = drawn.network.initialize(document.training.seed);
    let (nodes, edges) = (drawn.network.nodes.clone(), drawn.network.edges.clone());
    let fragment = Fragment { nodes, edges, parameters };
    let new_ids: Vec<NodeId> = document.network.free_node_ids().take(drawn.network.nodes.len()).collect();
    let id_of = |old: &NodeId| drawn.network.nodes.keys().position(|id| id == old).map(|at| new_ids[at]);
    let mut roots = document.network.roots.clone();
    roots.extend(drawn.network.roots.iter().filter_map(id_of));
    place(document, &fragment, center(document, &fragment), label, vec![Edit::SetRoots(roots)])
}

/// Below what is drawn, or in the middle of an empty drawing.
fn center(document: &Document, fragment: &Fragment) -> Position {
    let lowest = document.network.nodes.values().map(|node| node.position.y).reduce(f32::max);
    let Some(lowest) = lowest else { return fragment.center() };
    let (middle, ys) = (fragment.center(), fragment.nodes.values().map(|node| node.position.y));
    let highest = ys.reduce(f32::min).unwrap_or(middle.y);
    Position { x: middle.x, y: lowest + BELOW + middle.y - highest }
}
