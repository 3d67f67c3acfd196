//! Where the panels stand: a tree of splits and tabs that a person can resize, move and hide.
//!
//! Must not know what a panel shows.

mod split;
mod text;

use egui::{Key, KeyboardShortcut, Modifiers};
use egui_tiles::{Container, LinearDir, Tile, TileId, Tree};

/// Everything that has a place of its own in the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Pane {
    /// The drawing.
    Canvas,
    /// What can be dragged onto the drawing.
    Palette,
    /// Every node as a list.
    Outline,
    /// The selected and the pinned nodes.
    Inspector,
    /// How one number is made.
    Why,
    /// Optimizer, batch size, stop rules.
    Training,
    /// Loss curves.
    Loss,
    /// Trainings that were kept.
    Runs,
    /// Metrics of the task.
    Metrics,
    /// How the layers fare while they train.
    Health,
    /// What the network says about every row.
    Predictions,
    /// What it says over one or two inputs.
    Boundary,
    /// The loss around the weights.
    Landscape,
    /// What it would say if.
    WhatIf,
    /// The data file and its columns.
    Data,
    /// The backward pass, step by step.
    Backprop,
    /// The whole gradient: its list, a nudge, the gradient check.
    Gradient,
    /// What is wrong with the drawing.
    Problems,
}

impl Pane {
    /// Every pane, in the order of the View menu.
    pub(crate) const ALL: [Self; 18] = [
        Self::Canvas,
        Self::Palette,
        Self::Outline,
        Self::Inspector,
        Self::Why,
        Self::Training,
        Self::Loss,
        Self::Runs,
        Self::Metrics,
        Self::Health,
        Self::Predictions,
        Self::Boundary,
        Self::Landscape,
        Self::WhatIf,
        Self::Data,
        Self::Backprop,
        Self::Gradient,
        Self::Problems,
    ];

    /// The key of its title.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Canvas => "pane-canvas",
            Self::Palette => "pane-palette",
            Self::Outline => "pane-outline",
            Self::Inspector => "pane-inspector",
            Self::Why => "pane-why",
            Self::Training => "pane-training",
            Self::Loss => "pane-loss",
            Self::Runs => "pane-runs",
            Self::Metrics => "pane-metrics",
            Self::Health => "pane-health",
            Self::Predictions => "pane-predictions",
            Self::Boundary => "pane-boundary",
            Self::Landscape => "pane-landscape",
            Self::WhatIf => "pane-whatif",
            Self::Data => "pane-data",
            Self::Backprop => "pane-backprop",
            Self::Gradient => "pane-gradient",
            Self::Problems => "pane-problems",
        }
    }

    /// The key that brings a pane to the front; 0 is the text size's.
    pub(crate) fn shortcut(self) -> KeyboardShortcut {
        let (key, is_shifted) = match self {
            Self::Canvas => (Key::Num1, false),
            Self::Palette => (Key::Num2, false),
            Self::Outline => (Key::Num3, false),
            Self::Inspector => (Key::Num4, false),
            Self::Training => (Key::Num5, false),
            Self::Loss => (Key::Num6, false),
            Self::Metrics => (Key::Num7, false),
            Self::Data => (Key::Num8, false),
            Self::Backprop => (Key::Num9, false),
            Self::Runs => (Key::R, true),
            Self::Health => (Key::H, true),
            Self::Predictions => (Key::P, true),
            Self::Boundary => (Key::B, true),
            Self::Landscape => (Key::O, true),
            Self::WhatIf => (Key::I, true),
            Self::Gradient => (Key::G, true),
            Self::Why => (Key::Y, true),
            Self::Problems => (Key::M, true),
        };
        KeyboardShortcut::new(Modifiers { shift: is_shifted, ..Modifiers::COMMAND }, key)
    }

    /// Its name in the remembered layout.
    fn code(self) -> &'static str {
        self.key().trim_start_matches("pane-")
    }
}

/// The panels and where they stand.
pub(crate) struct Dock {
    tree: Tree<Pane>,
    /// The width that the shares stand for; unknown until a remembered layout is drawn.
    width: Option<f32>,
    /// The border between the drawing and the panels below it, while nobody has moved it.
    split: Option<split::Split>,
}

/// The layout of the first start.
const FIRST: &str = "h(15:t0(palette,outline),56:v(62:canvas,\
                     38:t0(loss,runs,metrics,health,predictions,boundary,data,backprop,gradient,problems)),\
                     29:t0(inspector,why,whatif,training,landscape))";
/// The window for which the shares of the first layout were chosen.
const FIRST_WIDTH: f32 = 1280.0;
/// Columns of names are at least so wide that the longest names and both tabs can be read,
const LIST_WIDTH: f32 = 188.0;
/// but take no larger share of a small window.
const LIST_SHARE: f32 = 0.22;

impl Default for Dock {
    fn default() -> Self {
        let first = Self::from_text(FIRST).map(|dock| Self { width: Some(FIRST_WIDTH), ..dock });
        first.unwrap_or_else(|| Self {
            tree: Tree::new_tabs("dock", Pane::ALL.to_vec()),
            width: None,
            split: None,
        })
    }
}

impl Dock {
    /// Whether the pane has not been hidden.
    pub(crate) fn is_visible(&self, pane: Pane) -> bool {
        self.tree.tiles.find_pane(&pane).is_some_and(|tile| self.tree.tiles.is_visible(tile))
    }

    /// Whether the pane is seen now: neither hidden nor behind another tab.
    pub(crate) fn is_in_front(&self, pane: Pane) -> bool {
        let tile = self.tree.tiles.find_pane(&pane);
        self.is_visible(pane) && tile.is_some_and(|tile| self.tree.active_tiles().contains(&tile))
    }

    /// Shows a hidden pane or hides a shown one. The drawing stays.
    pub(crate) fn toggle(&mut self, pane: Pane) {
        let visible = self.is_visible(pane);
        if visible && pane != Pane::Canvas {
            self.set_visible(pane, false);
        } else {
            self.show(pane);
        }
    }

    /// Brings a pane to the front.
    pub(crate) fn show(&mut self, pane: Pane) {
        self.set_visible(pane, true);
        self.tree.make_active(|_, tile| matches!(tile, Tile::Pane(other) if *other == pane));
    }

    /// Opens a tab.
    pub(crate) fn open(&mut self, tab: TileId) {
        self.tree.make_active(|tile, _| tile == tab);
    }

    fn set_visible(&mut self, pane: Pane, visible: bool) {
        if let Some(tile) = self.tree.tiles.find_pane(&pane) {
            self.tree.set_visible(tile, visible);
        }
    }

    /// Draws all panes.
    pub(crate) fn ui(&mut self, ui: &mut egui::Ui, behavior: &mut dyn egui_tiles::Behavior<Pane>) {
        self.keep_lists(ui.available_width());
        self.keep_split(ui.available_height());
        self.tree.ui(behavior, ui);
    }

    /// Columns of names keep their width when the window's changes: the other panes use the room.
    fn keep_lists(&mut self, width: f32) {
        let before = self.width.replace(width).unwrap_or(width);
        let Some(root) = self.tree.root() else { return };
        let Some(Tile::Container(Container::Linear(linear))) = self.tree.tiles.get(root) else { return };
        if linear.dir != LinearDir::Horizontal {
            return;
        }
        let mut shares: Vec<(TileId, f32)> = Vec::new();
        for &child in linear.children.iter().filter(|&&child| self.tree.tiles.is_visible(child)) {
            shares.push((child, linear.shares[child]));
        }
        let total: f32 = shares.iter().map(|(_, share)| share).sum();
        let wanted: Vec<(TileId, f32)> = shares
            .into_iter()
            .filter(|&(child, _)| self.is_list(child))
            .map(|(child, share)| {
                let part = (share / total * before).max(LIST_WIDTH).min(LIST_SHARE * width) / width;
                (child, (total - share) * part / (1.0 - part))
            })
            .collect();
        if let Some(Tile::Container(Container::Linear(linear))) = self.tree.tiles.get_mut(root) {
            for (child, share) in wanted.into_iter().filter(|(_, share)| share.is_normal()) {
                linear.shares.set_share(child, share);
            }
        }
    }

    /// Whether only lists of names stand there.
    fn is_list(&self, tile: TileId) -> bool {
        match self.tree.tiles.get(tile) {
            Some(Tile::Pane(pane)) => matches!(pane, Pane::Palette | Pane::Outline),
            Some(Tile::Container(container)) => container.children().all(|&child| self.is_list(child)),
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_pane_behind_another_tab_is_shown_but_not_in_front() {
        let mut dock = Dock::default();
        assert!(dock.is_visible(Pane::Data) && !dock.is_in_front(Pane::Data));
        dock.show(Pane::Data);
        assert!(dock.is_in_front(Pane::Data) && !dock.is_in_front(Pane::Loss));
    }

    #[test]
    fn a_hidden_pane_comes_back_and_the_drawing_never_goes() {
        let mut dock = Dock::default();
        for pane in Pane::ALL {
            dock.toggle(pane);
            assert_eq!(dock.is_visible(pane), pane == Pane::Canvas);
            dock.show(pane);
            assert!(dock.is_visible(pane));
        }
    }

    #[test]
    fn the_palette_keeps_its_width_in_a_wide_window_and_leaves_room_in_a_small_one() {
        let mut dock = Dock::default();
        for (window, palette) in [(1280.0, 192.0), (1920.0, 192.0), (640.0, 140.8), (1280.0, 188.0)] {
            dock.keep_lists(window);
            let root = dock.tree.root().unwrap();
            let Some(Tile::Container(Container::Linear(linear))) = dock.tree.tiles.get(root) else {
                unreachable!("the first layout is a row")
            };
            let width = linear.shares.split(&linear.children, window)[0];
            assert!((width - palette).abs() < 0.5, "{width} of {window}");
        }
    }
}
