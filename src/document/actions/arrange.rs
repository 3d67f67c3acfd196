//! Places: moving, aligning, automatic layout.

use super::{Change, Document, Edit};
use crate::network::{Node, NodeId, Position, Room};
use crate::words::Message;

/// How nodes are lined up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alignment {
    /// One above the other, at the leftmost.
    Left,
    /// One above the other, in the middle.
    CenterX,
    /// One above the other, at the rightmost.
    Right,
    /// Side by side, at the topmost.
    Top,
    /// Side by side, in the middle.
    CenterY,
    /// Side by side, at the lowest.
    Bottom,
    /// Equal distances from left to right.
    DistributeX,
    /// Equal distances from top to bottom.
    DistributeY,
}

impl Alignment {
    /// The key of its name in the tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::Left => "menu-align-left",
            Self::CenterX => "menu-align-center-x",
            Self::Right => "menu-align-right",
            Self::Top => "menu-align-top",
            Self::CenterY => "menu-align-center-y",
            Self::Bottom => "menu-align-bottom",
            Self::DistributeX => "menu-distribute-x",
            Self::DistributeY => "menu-distribute-y",
        }
    }

    /// Every alignment, in the menu's order.
    pub const ALL: [Self; 8] = [
        Self::Left,
        Self::CenterX,
        Self::Right,
        Self::Top,
        Self::CenterY,
        Self::Bottom,
        Self::DistributeX,
        Self::DistributeY,
    ];
}

/// Puts nodes at new places. Nodes that are there already are left out.
pub fn move_nodes(document: &Document, places: &[(NodeId, Position)]) -> Change {
    placed(document, Message::new("edit-move").with("n", places.len()), places)
}

/// Moves nodes by (`dx`, `dy`) canvas points.
pub fn move_by(document: &Document, nodes: &[NodeId], dx: f32, dy: f32) -> Change {
    let places: Vec<_> = positions(document, nodes)
        .into_iter()
        .map(|(id, p)| (id, Position { x: p.x + dx, y: p.y + dy }))
        .collect();
    move_nodes(document, &places)
}

/// Lines nodes up.
pub fn align(document: &Document, nodes: &[NodeId], alignment: Alignment) -> Change {
    let mut places = positions(document, nodes);
    let xs = || places.iter().map(|(_, p)| p.x);
    let ys = || places.iter().map(|(_, p)| p.y);
    let (left, right) = (xs().fold(f32::INFINITY, f32::min), xs().fold(f32::NEG_INFINITY, f32::max));
    let (top, bottom) = (ys().fold(f32::INFINITY, f32::min), ys().fold(f32::NEG_INFINITY, f32::max));
    let gaps = places.len().saturating_sub(1).max(1) as f32;
    match alignment {
        Alignment::Left => places.iter_mut().for_each(|(_, p)| p.x = left),
        Alignment::CenterX => places.iter_mut().for_each(|(_, p)| p.x = f32::midpoint(left, right)),
        Alignment::Right => places.iter_mut().for_each(|(_, p)| p.x = right),
        Alignment::Top => places.iter_mut().for_each(|(_, p)| p.y = top),
        Alignment::CenterY => places.iter_mut().for_each(|(_, p)| p.y = f32::midpoint(top, bottom)),
        Alignment::Bottom => places.iter_mut().for_each(|(_, p)| p.y = bottom),
        Alignment::DistributeX => {
            places.sort_by(|a, b| a.1.x.total_cmp(&b.1.x));
            for (idx, (_, p)) in places.iter_mut().enumerate() {
                p.x = left + (right - left) * idx as f32 / gaps;
            }
        }
        Alignment::DistributeY => {
            places.sort_by(|a, b| a.1.y.total_cmp(&b.1.y));
            for (idx, (_, p)) in places.iter_mut().enumerate() {
                p.y = top + (bottom - top) * idx as f32 / gaps;
            }
        }
    }
    placed(document, Message::new("edit-align").with("n", places.len()), &places)
}

/// Lays the whole drawing out from left to right, around where it stands now, in as many rows as the room
/// on the screen makes it readable in.
pub fn auto_layout(document: &Document, room: Option<Room>) -> Change {
    let all: Vec<NodeId> = document.network.nodes.keys().copied().collect();
    let before = positions(document, &all);
    let n = before.len().max(1) as f32;
    let (x, y) = before.iter().fold((0.0, 0.0), |(x, y), (_, p)| (x + p.x / n, y + p.y / n));
    let new = document.network.layout_in(room);
    let (mx, my) = new.values().fold((0.0, 0.0), |(mx, my), p| (mx + p.x / n, my + p.y / n));
    let shift = |p: Position| Position { x: (p.x + x - mx).round(), y: (p.y + y - my).round() };
    let places: Vec<_> = new.into_iter().map(|(id, p)| (id, shift(p))).collect();
    placed(document, Message::new("edit-layout"), &places)
}

fn positions(document: &Document, nodes: &[NodeId]) -> Vec<(NodeId, Position)> {
    nodes.iter().filter_map(|id| Some((*id, document.network.nodes.get(id)?.position))).collect()
}

fn placed(document: &Document, label: Message, places: &[(NodeId, Position)]) -> Change {
    let edits = places.iter().filter_map(|&(id, position)| {
        let node = document.network.nodes.get(&id)?;
        (node.position != position).then(|| Edit::SetNode(id, Some(Node { position, ..node.clone() })))
    });
    Change::new(label, edits.collect())
}
