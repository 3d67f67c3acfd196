//! Room for a card that is put on a wire: it stands clear of where the wire comes from, and what lies
//! downstream is pushed to the right.
//!
//! Must not know the canvas; cards have about the widths that the layout reckons with.

use std::collections::BTreeSet;

use super::Edit;
use crate::network::{Edge, LAYER_GAP, Network, Node, NodeId, Position, card_width};

/// Cards nearer than this to one another's height stand in one row.
const ROW_HEIGHT: f32 = 72.0;
/// From a card to the next one above it.
const ROW_DISTANCE: f32 = 96.0;
/// Pushed cards stay on the grid that they are moved by.
const GRID: f32 = 8.0;

/// Where `inserted`, dropped on a wire, comes to stand, and the places of what it pushes. On a wire that runs
/// back (a loop, or the way to the next row) nothing is pushed: the card is lifted off what it would cover.
pub(super) fn make_room(
    network: &Network,
    wire: &Edge,
    id: NodeId,
    inserted: &Node,
) -> (Position, Vec<Edit>) {
    let at = inserted.position;
    let (Some(from), Some(to)) = (network.nodes.get(&wire.from), network.nodes.get(&wire.to)) else {
        return (at, Vec::new());
    };
    if to.position.x <= from.position.x {
        return (beside_others(network, id, inserted), Vec::new());
    }
    let half = card_width(inserted) / 2.0;
    let after_source = from.position.x + card_width(from) / 2.0 + LAYER_GAP + half;
    let place = Position { x: at.x.max((after_source / GRID).ceil() * GRID), y: at.y };
    let end = place.x + half;

    // From left to right, so that whoever pushes has been pushed already.
    let mut cards: Vec<Card> = network
        .nodes
        .iter()
        .filter(|&(&other, _)| other != id && other != wire.from)
        .map(|(&id, node)| Card { id, at: node.position, half: card_width(node) / 2.0, push: 0.0 })
        .collect();
    cards.sort_by(|a, b| a.at.x.total_cmp(&b.at.x).then(a.id.cmp(&b.id)));
    for card in &mut cards {
        let is_in_the_way = card.at.x > place.x && is_in_row(card.at, place);
        if card.id == wire.to || is_in_the_way {
            let needed = end + LAYER_GAP - (card.at.x - card.half);
            card.push = (needed.max(0.0) / GRID).ceil() * GRID;
        }
    }
    let wires: BTreeSet<(NodeId, NodeId)> =
        network.edges.values().filter(|edge| edge.delay == 0).map(|edge| (edge.from, edge.to)).collect();
    for idx in 0..cards.len() {
        let (pushed, rest) = cards.split_at_mut(idx + 1);
        let Some(card) = pushed.last().filter(|card| card.push > 0.0) else { continue };
        let follows = |other: &Card| is_in_row(card.at, other.at) || wires.contains(&(card.id, other.id));
        for other in rest.iter_mut().filter(|other| other.at.x > card.at.x) {
            // A gap that is wider than it need be takes up a part of the push.
            let gap = other.at.x - other.half - (card.at.x + card.half);
            let push = card.push - (gap - LAYER_GAP).max(0.0);
            if push > other.push && follows(other) {
                other.push = (push / GRID).ceil() * GRID;
            }
        }
    }
    let pushed = cards.iter().filter(|card| card.push > 0.0).filter_map(|card| {
        let node = network.nodes.get(&card.id)?;
        let position = Position { x: card.at.x + card.push, y: card.at.y };
        Some(Edit::SetNode(card.id, Some(Node { position, ..node.clone() })))
    });
    (place, pushed.collect())
}

/// A place for `inserted` above or below its own, clear of other cards.
fn beside_others(network: &Network, id: NodeId, inserted: &Node) -> Position {
    let half = card_width(inserted) / 2.0;
    let covered = |at: Position| {
        let others = network.nodes.iter().filter(|&(&other, _)| other != id).map(|(_, node)| node);
        others.into_iter().find(|node| {
            let near = (node.position.x - at.x).abs() < half + card_width(node) / 2.0;
            near && (node.position.y - at.y).abs() < ROW_DISTANCE
        })
    };
    let mut at = inserted.position;
    let up = covered(at).is_none_or(|node| at.y <= node.position.y);
    // A drawing has no more cards in one column than nodes.
    for _ in 0..network.nodes.len() {
        let Some(node) = covered(at) else { break };
        at.y = if up { node.position.y - ROW_DISTANCE } else { node.position.y + ROW_DISTANCE };
    }
    at
}

/// A card, half of its width, and how far it is pushed.
struct Card {
    id: NodeId,
    at: Position,
    half: f32,
    push: f32,
}

fn is_in_row(a: Position, b: Position) -> bool {
    (a.y - b.y).abs() < ROW_HEIGHT
}
