//! Where the panels stand: a tree of splits and tabs that a person can resize, move and hide.
//!
//! Must not know what a panel shows. The layout is remembered as a short text of its own.

use std::fmt::Write as _;

use egui::{Key, KeyboardShortcut, Modifiers};
use egui_tiles::{Container, ContainerKind, Linear, LinearDir, Tabs, Tile, TileId, Tiles, Tree};

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
    /// Metrics of the task.
    Metrics,
    /// What the network says about every row.
    Predictions,
    /// What it says over one or two inputs.
    Boundary,
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
    pub(crate) const ALL: [Self; 15] = [
        Self::Canvas,
        Self::Palette,
        Self::Outline,
        Self::Inspector,
        Self::Why,
        Self::Training,
        Self::Loss,
        Self::Metrics,
        Self::Predictions,
        Self::Boundary,
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
            Self::Metrics => "pane-metrics",
            Self::Predictions => "pane-predictions",
            Self::Boundary => "pane-boundary",
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
            Self::Predictions => (Key::P, true),
            Self::Boundary => (Key::B, true),
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
}

/// The layout of the first start.
const FIRST: &str = "h(15:t0(palette,outline),56:v(62:canvas,\
                     38:t0(loss,metrics,predictions,boundary,data,backprop,gradient,problems)),\
                     29:t0(inspector,why,whatif,training))";
/// The window for which the shares of the first layout were chosen.
const FIRST_WIDTH: f32 = 1280.0;
/// Columns of names are at least so wide that the longest names and both tabs can be read,
const LIST_WIDTH: f32 = 188.0;
/// but take no larger share of a small window.
const LIST_SHARE: f32 = 0.22;
/// Deeper layouts are refused.
const MAX_DEPTH: usize = 12;

impl Default for Dock {
    fn default() -> Self {
        let first = Self::from_text(FIRST).map(|dock| Self { width: Some(FIRST_WIDTH), ..dock });
        first.unwrap_or_else(|| Self { tree: Tree::new_tabs("dock", Pane::ALL.to_vec()), width: None })
    }
}

impl Dock {
    /// The layout that `text` describes; `None` where it does not name every pane exactly once.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let mut reader = Reader { rest: text, tiles: Tiles::default(), seen: Vec::new() };
        let root = reader.tile(0)?;
        let complete = reader.rest.is_empty() && Pane::ALL.iter().all(|pane| reader.seen.contains(pane));
        complete.then(|| Self { tree: Tree::new("dock", root, reader.tiles), width: None })
    }

    /// The layout as text, for the next start.
    pub(crate) fn to_text(&self) -> String {
        let mut text = String::new();
        if let Some(root) = self.tree.root() {
            self.write(root, &mut text);
        }
        text
    }

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

    fn set_visible(&mut self, pane: Pane, visible: bool) {
        if let Some(tile) = self.tree.tiles.find_pane(&pane) {
            self.tree.set_visible(tile, visible);
        }
    }

    /// Draws all panes.
    pub(crate) fn ui(&mut self, ui: &mut egui::Ui, behavior: &mut dyn egui_tiles::Behavior<Pane>) {
        self.keep_lists(ui.available_width());
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

    fn write(&self, id: TileId, text: &mut String) {
        match self.tree.tiles.get(id) {
            None => {}
            Some(Tile::Pane(pane)) => {
                if !self.tree.tiles.is_visible(id) {
                    text.push('!');
                }
                text.push_str(pane.code());
            }
            Some(Tile::Container(Container::Linear(linear))) => {
                text.push(if linear.dir == LinearDir::Horizontal { 'h' } else { 'v' });
                let total: f32 = linear.children.iter().map(|&child| linear.shares[child]).sum();
                let shares =
                    linear.children.iter().map(|&child| 100.0 * linear.shares[child] / total.max(1e-6));
                self.write_children(&linear.children, &shares.collect::<Vec<_>>(), text);
            }
            Some(Tile::Container(Container::Tabs(tabs))) => {
                let active = tabs.children.iter().position(|&child| Some(child) == tabs.active).unwrap_or(0);
                text.push('t');
                text.push_str(&active.to_string());
                self.write_children(&tabs.children, &[], text);
            }
            Some(Tile::Container(container @ Container::Grid(_))) => {
                text.push_str("t0");
                let children: Vec<TileId> = container.children().copied().collect();
                self.write_children(&children, &[], text);
            }
        }
    }

    fn write_children(&self, children: &[TileId], shares: &[f32], text: &mut String) {
        text.push('(');
        for (i, &child) in children.iter().enumerate() {
            if i > 0 {
                text.push(',');
            }
            if let Some(share) = shares.get(i) {
                // Writing to a String cannot fail.
                let _ = write!(text, "{share:.1}:");
            }
            self.write(child, text);
        }
        text.push(')');
    }
}

/// Reads the text of a layout.
struct Reader<'a> {
    rest: &'a str,
    tiles: Tiles<Pane>,
    seen: Vec<Pane>,
}

impl Reader<'_> {
    fn tile(&mut self, depth: usize) -> Option<TileId> {
        if depth > MAX_DEPTH {
            return None;
        }
        let start = self.rest;
        let word = self.take(|c| c.is_ascii_alphanumeric() || c == '!');
        if !self.rest.starts_with('(') {
            self.rest = start;
            return self.pane();
        }
        self.rest = &self.rest[1..];
        let kind = match word.as_bytes().first()? {
            b'h' => ContainerKind::Horizontal,
            b'v' => ContainerKind::Vertical,
            b't' => ContainerKind::Tabs,
            _ => return None,
        };
        let active: usize = if kind == ContainerKind::Tabs { word[1..].parse().ok()? } else { 0 };
        let mut children = Vec::new();
        let mut shares = Vec::new();
        loop {
            if kind != ContainerKind::Tabs {
                let share: f32 = self.take(|c| c.is_ascii_digit() || c == '.').parse().ok()?;
                shares.push(share.clamp(1.0, 100.0));
                self.rest = self.rest.strip_prefix(':')?;
            }
            children.push(self.tile(depth + 1)?);
            if let Some(rest) = self.rest.strip_prefix(',') {
                self.rest = rest;
            } else {
                self.rest = self.rest.strip_prefix(')')?;
                break;
            }
        }
        let direction = match kind {
            ContainerKind::Tabs | ContainerKind::Grid => {
                let mut tabs = Tabs::new(children);
                tabs.active = tabs.children.get(active).copied().or(tabs.active);
                return Some(self.tiles.insert_container(tabs));
            }
            ContainerKind::Horizontal => LinearDir::Horizontal,
            ContainerKind::Vertical => LinearDir::Vertical,
        };
        let mut linear = Linear::new(direction, children.clone());
        for (child, share) in children.into_iter().zip(shares) {
            linear.shares.set_share(child, share);
        }
        Some(self.tiles.insert_container(linear))
    }

    fn pane(&mut self) -> Option<TileId> {
        let hidden = self.rest.starts_with('!');
        self.rest = self.rest.trim_start_matches('!');
        let code = self.take(|c| c.is_ascii_alphanumeric());
        let pane = Pane::ALL.into_iter().find(|pane| pane.code() == code)?;
        if self.seen.contains(&pane) {
            return None;
        }
        self.seen.push(pane);
        let tile = self.tiles.insert_pane(pane);
        self.tiles.set_visible(tile, !hidden);
        Some(tile)
    }

    fn take(&mut self, belongs: impl Fn(char) -> bool) -> String {
        let end = self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken.to_owned()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_layout_survives_being_written_and_read() {
        let mut dock = Dock::default();
        dock.toggle(Pane::Data);
        dock.show(Pane::Problems);
        let text = dock.to_text();
        let again = Dock::from_text(&text).unwrap();
        assert_eq!(again.to_text(), text);
        assert!(!again.is_visible(Pane::Data));
        assert!(text.contains("!data") && text.contains("t7("), "{text}");
    }

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

    #[test]
    fn a_layout_that_lacks_or_repeats_a_pane_is_refused() {
        let deep = "t0(".repeat(40);
        for text in ["", "canvas", "h(", "h(x:canvas)", "q(1:canvas)", "t0(canvas,canvas)", "t0(é)", &deep] {
            assert!(Dock::from_text(text).is_none(), "{text}");
        }
        assert!(Dock::from_text(FIRST).is_some());
    }
}
