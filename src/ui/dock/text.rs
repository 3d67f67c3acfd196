//! A layout as a short text for the next start, and back.
//!
//! Must not know how panes are drawn. A text that another version wrote keeps its panes where they stood.

use std::fmt::Write as _;

use egui_tiles::{Container, ContainerKind, Linear, LinearDir, Tabs, Tile, TileId, Tiles, Tree};

use super::{Dock, FIRST, Pane};

/// Deeper layouts are refused.
const MAX_DEPTH: usize = 12;

impl Dock {
    /// The layout that `text` describes; `None` where it names a pane twice or not the drawing. A pane
    /// that a layout of an older version lacks is added where it stands at the first start; one that only
    /// another version has is left out.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let mut reader = Reader { rest: text, tiles: Tiles::default(), seen: Vec::new() };
        let Read::Tile(root) = reader.tile(0)? else { return None };
        if !reader.rest.is_empty() || !reader.seen.contains(&Pane::Canvas) {
            return None;
        }
        let mut dock = Self { tree: Tree::new("dock", root, reader.tiles), width: None, split: None };
        let missing: Vec<Pane> = Pane::ALL.into_iter().filter(|pane| !reader.seen.contains(pane)).collect();
        if !missing.is_empty() {
            let first = Self::from_text(FIRST)?;
            missing.into_iter().try_for_each(|pane| dock.add(pane, &first))?;
        }
        dock.split = dock.automatic_split();
        Some(dock)
    }

    /// Adds a pane behind the tab that it follows in the layout of the first start; `None` where no tabs
    /// are left that it could stand among.
    fn add(&mut self, pane: Pane, first: &Self) -> Option<()> {
        let home = first.tree.tiles.parent_of(first.tree.tiles.find_pane(&pane)?)?;
        let mut neighbors: Vec<Pane> = Vec::new();
        for child in first.tree.tiles.get_container(home)?.children_vec() {
            neighbors.extend(first.tree.tiles.get_pane(&child));
        }
        let place = neighbors.iter().position(|&other| other == pane)?;
        let (before, after) = neighbors.split_at(place);
        let tabs_of = |other: &Pane| {
            let tile = self.tree.tiles.find_pane(other)?;
            let parent = self.tree.tiles.parent_of(tile)?;
            let Tile::Container(Container::Tabs(tabs)) = self.tree.tiles.get(parent)? else { return None };
            let idx = tabs.children.iter().position(|&child| child == tile)?;
            Some((parent, idx))
        };
        let behind = before.iter().rev().find_map(tabs_of).map(|(tabs, idx)| (tabs, idx + 1));
        let (tabs, idx) = behind
            .or_else(|| after.iter().find_map(tabs_of))
            .or_else(|| Pane::ALL.iter().rev().find_map(tabs_of).map(|(tabs, idx)| (tabs, idx + 1)))?;
        let tile = self.tree.tiles.insert_pane(pane);
        if let Some(Tile::Container(Container::Tabs(tabs))) = self.tree.tiles.get_mut(tabs) {
            tabs.children.insert(idx, tile);
        }
        Some(())
    }

    /// The layout as text, for the next start.
    pub(crate) fn to_text(&self) -> String {
        let mut text = String::new();
        if let Some(root) = self.tree.root() {
            self.write(root, &mut text);
        }
        text
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
                let shares = self.remembered_shares(id).map_or_else(|| shares.collect(), Vec::from);
                self.write_children(&linear.children, &shares, text);
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

/// What a part of the text describes.
enum Read {
    Tile(TileId),
    /// Only panes that this version does not have.
    Nothing,
}

/// Reads the text of a layout.
struct Reader<'a> {
    rest: &'a str,
    tiles: Tiles<Pane>,
    seen: Vec<Pane>,
}

impl Reader<'_> {
    /// A tile and what it holds; `None` where the text is no layout.
    fn tile(&mut self, depth: usize) -> Option<Read> {
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
            let mut share = 1.0;
            if kind != ContainerKind::Tabs {
                share = self.take(|c| c.is_ascii_digit() || c == '.').parse().ok()?;
                self.rest = self.rest.strip_prefix(':')?;
            }
            if let Read::Tile(child) = self.tile(depth + 1)? {
                children.push(child);
                shares.push(f32::clamp(share, 1.0, 100.0));
            }
            if let Some(rest) = self.rest.strip_prefix(',') {
                self.rest = rest;
            } else {
                self.rest = self.rest.strip_prefix(')')?;
                break;
            }
        }
        if children.is_empty() {
            return Some(Read::Nothing);
        }
        let direction = match kind {
            ContainerKind::Tabs | ContainerKind::Grid => {
                let mut tabs = Tabs::new(children);
                tabs.active = tabs.children.get(active).copied().or(tabs.active);
                return Some(Read::Tile(self.tiles.insert_container(tabs)));
            }
            ContainerKind::Horizontal => LinearDir::Horizontal,
            ContainerKind::Vertical => LinearDir::Vertical,
        };
        let mut linear = Linear::new(direction, children.clone());
        for (child, share) in children.into_iter().zip(shares) {
            linear.shares.set_share(child, share);
        }
        Some(Read::Tile(self.tiles.insert_container(linear)))
    }

    fn pane(&mut self) -> Option<Read> {
        let hidden = self.rest.starts_with('!');
        self.rest = self.rest.trim_start_matches('!');
        let code = self.take(|c| c.is_ascii_alphanumeric());
        let Some(pane) = Pane::ALL.into_iter().find(|pane| pane.code() == code) else {
            return (!code.is_empty()).then_some(Read::Nothing);
        };
        if self.seen.contains(&pane) {
            return None;
        }
        self.seen.push(pane);
        let tile = self.tiles.insert_pane(pane);
        self.tiles.set_visible(tile, !hidden);
        Some(Read::Tile(tile))
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
        assert!(text.contains("!data") && text.contains("t9("), "{text}");
    }

    #[test]
    fn a_layout_of_another_version_keeps_its_panes_and_gets_those_it_lacks() {
        let old = "v(30.0:t1(why,boundary),70.0:h(80.0:canvas,20.0:t1(loss,old,!data,metrics)))";
        let dock = Dock::from_text(old).unwrap();
        for pane in Pane::ALL {
            assert_eq!(dock.is_visible(pane), pane != Pane::Data, "{}", pane.code());
        }
        assert!(dock.is_in_front(Pane::Boundary));
        let text = dock.to_text();
        assert!(text.starts_with("v(30.0:t"), "{text}");
        assert!(text.contains("metrics,health,predictions"), "{text}");
        assert!(text.contains("h(80.0:canvas,20.0:t"), "{text}");
        assert!(!text.contains("old"), "{text}");
        assert_eq!(Dock::from_text(&text).unwrap().to_text(), text);
    }

    #[test]
    fn a_layout_that_lacks_one_pane_has_it_where_the_first_layout_has_it() {
        let first = Dock::default().to_text();
        for pane in Pane::ALL.into_iter().filter(|pane| *pane != Pane::Canvas) {
            let code = pane.code();
            let without = first.replace(&format!("{code},"), "").replace(&format!(",{code})"), ")");
            assert_ne!(without, first);
            // The tab in front stays in front.
            let places = |text: &str| text.replace("t1(", "t0(");
            assert_eq!(places(&Dock::from_text(&without).unwrap().to_text()), first, "{code}");
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
