//! The palette: everything that can be put on the canvas, in groups.
//!
//! Must not know where the canvas is: an entry is dragged there as data, or sent as a command.

use std::sync::Arc;

use egui::{
    Atom, Button, DragAndDrop, Key, Rect, RichText, ScrollArea, Sense, TextEdit, Ui, Vec2, pos2, vec2,
};

use crate::app::{App, Command, EditCommand, Pattern, Selection};
use crate::network::{Group, Network, NodeKind, Position};
use crate::ui::theme::{self, Theme};
use crate::words::{ToMessage, Words};

/// One thing that can be put on the canvas.
#[derive(Clone, Debug, PartialEq)]
pub enum PaletteEntry {
    /// A node.
    Kind(NodeKind),
    /// A ready-made pattern of nodes.
    Pattern(Pattern),
}

/// A group of the palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaletteGroup {
    /// Input, Target.
    Data,
    /// Dense, Dropout.
    Layers,
    /// Nonlinearities.
    Activations,
    /// Add, Multiply, Concat.
    Operations,
    /// Patterns with loops.
    Patterns,
    /// Losses.
    Loss,
    /// Tensors, what joins them and what moves their numbers about.
    Tensors,
    /// Functions of one number.
    Functions,
    /// One number from many.
    Reductions,
}

impl PaletteGroup {
    /// The groups in order.
    pub const ALL: [Self; 9] = [
        Self::Data,
        Self::Layers,
        Self::Activations,
        Self::Operations,
        Self::Patterns,
        Self::Loss,
        Self::Tensors,
        Self::Functions,
        Self::Reductions,
    ];

    /// The message that names it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Data => "palette-data",
            Self::Layers => "palette-layers",
            Self::Activations => "palette-activations",
            Self::Functions => "palette-functions",
            Self::Operations => "palette-operations",
            Self::Tensors => "palette-tensors",
            Self::Reductions => "palette-reductions",
            Self::Patterns => "palette-patterns",
            Self::Loss => "palette-loss",
        }
    }

    fn of(kind: &NodeKind) -> Self {
        match kind.declaration().group {
            Group::Data => Self::Data,
            Group::Layers => Self::Layers,
            Group::Activations => Self::Activations,
            Group::Functions => Self::Functions,
            Group::Operations => Self::Operations,
            Group::Tensors => Self::Tensors,
            Group::Reductions => Self::Reductions,
            Group::Losses => Self::Loss,
        }
    }

    fn entries(self) -> Vec<PaletteEntry> {
        if self == Self::Patterns {
            return Pattern::ALL.map(PaletteEntry::Pattern).to_vec();
        }
        let kinds = NodeKind::palette().into_iter();
        kinds.filter(|kind| Self::of(kind) == self).map(PaletteEntry::Kind).collect()
    }
}

impl PaletteEntry {
    /// The entries whose name, hint or group holds every word of a search, in groups.
    pub fn matching(search: &str, words: &Words) -> Vec<(PaletteGroup, Vec<Self>)> {
        let wanted: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
        let mut groups = Vec::new();
        for group in PaletteGroup::ALL {
            let title = words.text(group.key());
            let found: Vec<Self> = group
                .entries()
                .into_iter()
                .filter(|entry| {
                    let text =
                        format!("{} {} {} {title}", entry.base_name(), entry.label(words), entry.hint(words));
                    let text = text.to_lowercase();
                    wanted.iter().all(|word| text.contains(word))
                })
                .collect();
            if !found.is_empty() {
                groups.push((group, found));
            }
        }
        groups
    }

    /// The node kind, unless it is a pattern.
    pub fn kind(&self) -> Option<&NodeKind> {
        match self {
            Self::Kind(kind) => Some(kind),
            Self::Pattern(_) => None,
        }
    }

    /// What new nodes are called, before the number.
    pub fn base_name(&self) -> &'static str {
        match self {
            Self::Kind(kind) => kind.base_name(),
            Self::Pattern(pattern) => pattern.base_name(),
        }
    }

    /// Its name in the person's language.
    pub fn label(&self, words: &Words) -> String {
        match self {
            Self::Kind(kind) => words.say(&kind.message()),
            Self::Pattern(pattern) => words.say(&pattern.message()),
        }
    }

    /// What it does, in one sentence.
    pub fn hint(&self, words: &Words) -> String {
        words.text(&format!("palette-hint-{}", self.slug()))
    }

    fn slug(&self) -> String {
        match self {
            Self::Kind(kind) => kind.slug().replace('_', "-"),
            Self::Pattern(Pattern::Elman) => "elman".to_owned(),
            Self::Pattern(Pattern::Lstm) => "lstm".to_owned(),
            Self::Pattern(Pattern::Gru) => "gru".to_owned(),
            Self::Pattern(Pattern::Attention) => "attention".to_owned(),
        }
    }

    /// Whether a wire can arrive at it.
    pub fn has_input(&self) -> bool {
        self.kind().is_some_and(|kind| kind.ports().needed() > 0)
    }

    /// Whether a wire can leave it.
    pub fn has_output(&self) -> bool {
        self.kind().is_some_and(NodeKind::has_output)
    }

    /// Whether it can be put into a wire.
    pub fn takes_insertion(&self) -> bool {
        self.has_input() && self.has_output()
    }

    /// From the middle of what it draws to the middle of its outermost cards.
    pub fn half_size(&self) -> Vec2 {
        let Self::Pattern(pattern) = self else { return Vec2::ZERO };
        let drawn = pattern.draw(1).network;
        let places = drawn.nodes.values().map(|node| pos2(node.position.x, node.position.y));
        let around = Rect::from_points(&places.collect::<Vec<_>>());
        around.size() / 2.0
    }

    /// The command that puts it at a place.
    pub fn add_at(&self, position: Position) -> EditCommand {
        match self {
            Self::Kind(kind) => EditCommand::AddNode { kind: kind.clone(), position },
            Self::Pattern(pattern) => EditCommand::AddPattern { pattern: *pattern, position },
        }
    }
}

/// A place for a new node, or for the middle of a pattern of this half size: right of what is selected
/// (or of the rightmost node), where nothing stands.
pub fn free_place(network: &Network, selection: &Selection, half_size: Vec2) -> Position {
    let apart = vec2(152.0, 80.0) + half_size;
    let places: Vec<Position> = network.nodes.values().map(|node| node.position).collect();
    let rightmost = |nodes: &mut dyn Iterator<Item = Position>| nodes.max_by(|a, b| a.x.total_cmp(&b.x));
    let selected =
        &mut selection.nodes.iter().filter_map(|id| network.nodes.get(id)).map(|node| node.position);
    let Some(beside) = rightmost(selected).or_else(|| rightmost(&mut places.iter().copied())) else {
        return Position::default();
    };
    let mut place = Position { x: beside.x + 184.0 + half_size.x, y: beside.y };
    while places.iter().any(|at| (at.x - place.x).abs() < apart.x && (at.y - place.y).abs() < apart.y) {
        place.y += 96.0;
    }
    place
}

/// The palette as a panel: entries are dragged to the canvas, or Enter (or a double click) adds
/// them beside the selection.
pub fn palette_ui(ui: &mut Ui, app: &App, words: &Words, out: &mut Vec<Command>) {
    let theme = Theme::of(ui);
    let search_id = ui.id().with("palette search");
    let mut search = ui.data(|data| data.get_temp::<String>(search_id)).unwrap_or_default();
    let name = words.text("palette-search");
    let field = ui.add(TextEdit::singleline(&mut search).hint_text(&name).desired_width(f32::INFINITY));
    field.widget_info(|| egui::WidgetInfo::text_edit(true, "", &search, &name));
    if field.changed() {
        ui.data_mut(|data| data.insert_temp(search_id, search.clone()));
    }
    let add = |entry: &PaletteEntry, out: &mut Vec<Command>| {
        let place = free_place(&app.document().network, app.selection(), entry.half_size());
        out.push(Command::Edit(entry.add_at(place)));
    };
    let groups = PaletteEntry::matching(&search, words);
    if field.lost_focus()
        && ui.input(|input| input.key_pressed(Key::Enter))
        && !search.trim().is_empty()
        && let Some(entry) = groups.first().and_then(|(_, entries)| entries.first())
    {
        add(entry, out);
    }
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(4.0, 2.0);
        ui.spacing_mut().button_padding = vec2(6.0, 1.0);
        ui.spacing_mut().interact_size.y = 18.0;
        for (group, entries) in &groups {
            ui.add_space(4.0);
            let title = words.text(group.key()).to_uppercase();
            ui.label(RichText::new(title).font(theme::strong(10.0)).color(theme.weak));
            for entry in entries {
                if entry_ui(ui, entry, words) {
                    add(entry, out);
                }
            }
        }
        if groups.is_empty() {
            ui.weak(words.text("palette-nothing"));
        }
    });
}

/// One entry; says whether it shall be added.
fn entry_ui(ui: &mut Ui, entry: &PaletteEntry, words: &Words) -> bool {
    // The space that grows keeps the name at the left.
    let name = RichText::new(entry.label(words)).font(theme::text(12.0));
    let button = Button::new((name, Atom::grow()))
        .sense(Sense::click_and_drag())
        .truncate()
        .min_size(vec2(ui.available_width(), 18.0));
    let response = ui.add(button).on_hover_ui(|ui| {
        ui.label(RichText::new(entry.label(words)).font(theme::strong(13.0)));
        ui.label(entry.hint(words));
    });
    if response.drag_started() {
        DragAndDrop::set_payload(ui.ctx(), Arc::new(entry.clone()));
    }
    if response.drag_started() || response.dragged() {
        response.dnd_set_drag_payload(entry.clone());
    }
    if response.clicked() {
        response.request_focus();
    }
    let by_key = response.has_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    let by_reader =
        ui.input(|input| input.has_accesskit_action_request(response.id, egui::accesskit::Action::Click));
    by_key || by_reader || response.double_clicked()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Node;

    #[test]
    fn every_entry_has_a_name_and_a_sentence_in_every_language() {
        use crate::words::Language;
        for language in Language::CHOICES {
            let words = Words::new(language);
            for group in PaletteGroup::ALL {
                assert!(words.has(group.key()), "{language:?} lacks {}", group.key());
                for entry in group.entries() {
                    let key = format!("palette-hint-{}", entry.slug());
                    assert!(words.has(&key), "{language:?} lacks {key}");
                    assert!(!entry.label(&words).is_empty());
                }
            }
        }
    }

    #[test]
    fn a_search_finds_by_name_and_by_what_it_does() {
        let words = Words::default();
        let names = |search: &str| -> Vec<&'static str> {
            let groups = PaletteEntry::matching(search, &words).into_iter();
            groups.flat_map(|(_, entries)| entries).map(|entry| entry.base_name()).collect()
        };
        assert_eq!(names("leaky"), ["Leaky ReLU"]);
        // Every word counts, in any order, and by the sentence about what it does.
        assert_eq!(names("cross entropy"), names("entropy cross"));
        assert!(names("cross entropy").contains(&"Cross-entropy"));
        let sentence = PaletteEntry::Kind(NodeKind::Add).hint(&words).to_lowercase();
        assert!(!sentence.contains("softmax") && names(&sentence).contains(&"Add"), "{sentence}");
        assert!(names("no such thing at all").is_empty());
        assert_eq!(names("").len(), NodeKind::palette().len() + Pattern::ALL.len());
    }

    #[test]
    fn a_pattern_stands_clear_of_what_is_drawn() {
        let half_size = PaletteEntry::Pattern(Pattern::Lstm).half_size();
        assert!(half_size.x > 300.0 && half_size.y > 100.0);
        let drawn = Pattern::Gru.draw(8).network;
        let place = free_place(&drawn, &Selection::default(), half_size);
        assert!(drawn.nodes.values().all(|node| place.x - half_size.x - node.position.x > 150.0));
    }

    #[test]
    fn new_nodes_do_not_cover_old_ones() {
        let mut network = Network::default();
        for _ in 0..6 {
            let position = free_place(&network, &Selection::default(), Vec2::ZERO);
            let id = network.next_node_id();
            assert!(network.nodes.values().all(|node| {
                (node.position.x - position.x).abs() >= 152.0 || (node.position.y - position.y).abs() >= 80.0
            }));
            network.nodes.insert(id, Node::new(format!("Add {}", id.0), NodeKind::Add, position));
        }
    }
}
