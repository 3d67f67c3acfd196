//! What the canvas painted last, so that frames in which nothing changed paint it again without
//! asking `egui_graphs`, which would ask for yet another frame.
//!
//! Must not know the application. New numbers refill the cards' strips in what was painted;
//! anything else goes through `egui_graphs` anew.

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::epaint::{ClippedShape, Mesh};
use egui::layers::ShapeIdx;
use egui::{Pos2, Rect, Shape, Ui, UiBuilder, Vec2, vec2};
use egui_graphs::{
    Graph, GraphView, LayoutHierarchical, LayoutStateHierarchical, MetadataFrame, SettingsInteraction,
    SettingsNavigation, set_layout_state,
};
use petgraph::Directed;

use super::card::{CardDisplay, CardLook, strip_shapes};
use super::shown::StripsOf;
use super::strips::Strips;
use super::view::View;
use super::wire::{WireDisplay, WireLook};
use crate::network::NodeId;
use crate::ui::theme::Theme;

/// The view graph: payloads are shared, because `egui_graphs` clones both ends of every edge.
type ViewGraph = Graph<Arc<CardLook>, Arc<WireLook>, Directed, u32, CardDisplay, WireDisplay>;

/// What is to be painted: visible cards and wires, later ones on top.
#[derive(Debug, Default)]
pub(crate) struct Picture {
    /// Cards, with hidden ones for wires whose end is out of sight.
    pub(crate) cards: Vec<Arc<CardLook>>,
    /// Wires, each by itself.
    pub(crate) wires: Vec<Arc<WireLook>>,
    /// Both ends of all wires, where they are painted as one bundle.
    pub(crate) bundle: Option<Arc<Vec<[Pos2; 2]>>>,
}

impl PartialEq for Picture {
    /// The same bundle, not an equal one: scenes are made anew when anything changes.
    fn eq(&self, other: &Self) -> bool {
        let same_bundle = match (&self.bundle, &other.bundle) {
            (Some(mine), Some(theirs)) => Arc::ptr_eq(mine, theirs),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        same_bundle && self.cards == other.cards && self.wires == other.wires
    }
}

/// All that decides how the picture comes out, besides the picture itself.
#[derive(Clone, Debug, PartialEq)]
struct Frame {
    area: Rect,
    view: View,
    dark: bool,
    pixels_per_point: f32,
    font_atlas: [usize; 2],
}

/// Names the numbers of a snapshot at a time step: revision, sequence, step.
pub(crate) type Numbers = Option<StripsOf>;

/// What was painted last.
#[derive(Default)]
pub(crate) struct Painted {
    frame: Option<Frame>,
    picture: Picture,
    shapes: Vec<ClippedShape>,
    /// Where in `shapes` the strips of each painted card are.
    slots: Vec<(usize, Arc<CardLook>)>,
    /// Which numbers the strips show.
    numbers: Numbers,
    font_atlas_fill: f32,
    top_left: Option<egui::Pos2>,
    /// How often `egui_graphs` was asked, for tests and measurements.
    pub(crate) n_shows: u64,
}

impl Painted {
    /// What was painted last.
    pub(crate) fn picture(&self) -> &Picture {
        &self.picture
    }

    /// Paints the picture, anew or again.
    pub(crate) fn paint(
        &mut self,
        ui: &mut Ui,
        area: Rect,
        view: View,
        picture: Picture,
        strips: &BTreeMap<NodeId, Arc<Strips>>,
        numbers: Numbers,
    ) {
        let (font_atlas, fill) =
            ui.fonts_mut(|fonts| (fonts.font_image_size(), fonts.font_atlas_fill_ratio()));
        let frame = Frame {
            area,
            view,
            dark: ui.visuals().dark_mode,
            pixels_per_point: ui.pixels_per_point(),
            font_atlas,
        };
        // An emptier font atlas is a new one: texts that were laid out before point into nowhere.
        let same = self.frame.as_ref() == Some(&frame)
            && self.picture == picture
            && fill >= self.font_atlas_fill
            && !self.shapes.is_empty();
        self.font_atlas_fill = fill;
        let layer = ui.layer_id();
        if same {
            if self.numbers != numbers {
                self.refill(view, area, strips, Theme::of(ui));
                self.numbers = numbers;
            }
            ui.ctx().graphics_mut(|graphics| {
                let list = graphics.entry(layer);
                for shape in &self.shapes {
                    list.add(shape.clip_rect, shape.shape.clone());
                }
            });
            return;
        }
        let start = ui.ctx().graphics(|graphics| graphics.get(layer).map_or(0, |list| list.next_idx().0));
        paint_ground(ui, area, view);
        if self.top_left.is_none() {
            // In its very first frame a graph view fits itself to the screen: nothing is shown then.
            self.show(ui, area, view, &Picture::default());
            ui.ctx().request_discard("the canvas's first frame");
            return;
        }
        if let Some(bundle) = &picture.bundle {
            paint_bundle(ui, area, view, bundle);
        }
        self.show(ui, area, view, &picture);
        self.shapes = ui.ctx().graphics(|graphics| {
            graphics
                .get(layer)
                .map_or_else(Vec::new, |list| list.all_entries().skip(start).cloned().collect())
        });
        self.slots = slots(&self.shapes, &picture);
        self.refill(view, area, strips, Theme::of(ui));
        self.numbers = numbers;
        ui.ctx().graphics_mut(|graphics| {
            let list = graphics.entry(layer);
            for (place, _) in &self.slots {
                if let Some(filled) = self.shapes.get(*place) {
                    list.mutate_shape(ShapeIdx(start + place), |shape| shape.shape = filled.shape.clone());
                }
            }
        });
        self.frame = Some(frame);
        self.picture = picture;
    }

    /// Hands the picture to `egui_graphs`, all of whose own gestures are off.
    fn show(&mut self, ui: &mut Ui, area: Rect, view: View, picture: &Picture) {
        self.n_shows += 1;
        let id = || Some("canvas".to_owned());
        let mut graph = ViewGraph::new();
        fill(&mut graph, picture);
        let mut inner = ui.new_child(UiBuilder::new().id(egui::Id::new("canvas graph")).max_rect(area));
        inner.set_clip_rect(area.intersect(ui.clip_rect()));
        // The view compensates for a widget that moved; ours shall move with it.
        let moved = self.top_left.map_or(Vec2::ZERO, |before| area.min - before);
        self.top_left = Some(area.min);
        let mut meta = MetadataFrame::new(id());
        meta.zoom = view.zoom();
        meta.pan = view.pan - moved;
        meta.save(&mut inner);
        // A hierarchical layout that was triggered leaves the places that we give.
        let placed = LayoutStateHierarchical { triggered: true, ..LayoutStateHierarchical::default() };
        set_layout_state(&mut inner, placed, id());
        let interactions = SettingsInteraction::new().with_dragging_enabled(false).with_hover_enabled(false);
        let navigation =
            SettingsNavigation::new().with_zoom_and_pan_enabled(false).with_fit_to_screen_enabled(false);
        GraphView::<LayoutStateHierarchical, LayoutHierarchical>::new()
            .with_interactions(&interactions)
            .with_navigations(&navigation)
            .with_id(id())
            .show(&mut inner, &mut graph);
    }

    /// Puts new numbers into the strips of what was painted.
    fn refill(&mut self, view: View, area: Rect, strips: &BTreeMap<NodeId, Arc<Strips>>, theme: &Theme) {
        let mut meta = MetadataFrame::new(None);
        meta.zoom = view.zoom();
        meta.pan = view.pan + area.min.to_vec2();
        for (place, look) in &self.slots {
            if let Some(slot) = self.shapes.get_mut(*place) {
                let strips = strips.get(&look.card.id).map(AsRef::as_ref);
                slot.shape = Shape::Vec(strip_shapes(look, strips, &meta, theme));
            }
        }
    }
}

fn fill(graph: &mut ViewGraph, picture: &Picture) {
    let mut places = BTreeMap::new();
    for look in &picture.cards {
        let place = graph.add_node_custom(Arc::clone(look), |node| {
            node.set_location(look.card.area.center());
            node.set_selected(look.selected);
        });
        places.insert(look.card.id, place);
    }
    for look in &picture.wires {
        if let (Some(&from), Some(&to)) = (places.get(&look.wire.from), places.get(&look.wire.to)) {
            // Order would only bend edges of the library's own drawing.
            graph.add_edge_custom(from, to, Arc::clone(look), |_| {});
        }
    }
}

/// Finds the strips of each card among the shapes: the one `Shape::Vec` that each painted card
/// has, in the order of painting (cards in order, selected ones last).
fn slots(shapes: &[ClippedShape], picture: &Picture) -> Vec<(usize, Arc<CardLook>)> {
    let painted = |selected: bool| {
        picture.cards.iter().filter(move |look| !look.hidden && look.selected == selected).cloned()
    };
    let places = shapes.iter().enumerate().filter(|(_, shape)| matches!(shape.shape, Shape::Vec(_)));
    places.map(|(place, _)| place).zip(painted(false).chain(painted(true))).collect()
}

/// All wires as one mesh of thin straight lines under the cards.
fn paint_bundle(ui: &Ui, area: Rect, view: View, bundle: &[[Pos2; 2]]) {
    // The more there are, the fainter each: where many run together it is seen.
    let strength = (2_000.0 / bundle.len().max(1) as f32).clamp(0.08, 0.5);
    let color = Theme::of(ui).wire.gamma_multiply(strength);
    let on_screen = |point: Pos2| area.min + view.local_from_canvas(point).to_vec2();
    let mut lines = Mesh::default();
    lines.reserve_triangles(2 * bundle.len());
    lines.reserve_vertices(4 * bundle.len());
    for &[from, to] in bundle {
        let (from, to) = (on_screen(from), on_screen(to));
        let side = (to - from).normalized().rot90() * 0.5;
        let first = lines.vertices.len() as u32;
        for corner in [from - side, from + side, to + side, to - side] {
            lines.colored_vertex(corner, color);
        }
        lines.add_triangle(first, first + 1, first + 2);
        lines.add_triangle(first, first + 2, first + 3);
    }
    ui.painter().with_clip_rect(area.intersect(ui.clip_rect())).add(Shape::mesh(lines));
}

/// The ground and its dots.
fn paint_ground(ui: &Ui, area: Rect, view: View) {
    let theme = Theme::of(ui);
    let painter = ui.painter().with_clip_rect(area.intersect(ui.clip_rect()));
    painter.rect_filled(area, 0.0, theme.canvas);
    let mut pitch = 24.0 * view.zoom();
    while pitch < 14.0 {
        pitch *= 2.0;
    }
    let offset = vec2(view.pan.x.rem_euclid(pitch), view.pan.y.rem_euclid(pitch));
    let mut dots = Mesh::default();
    let count = |length: f32| (length / pitch).ceil().max(0.0) as usize;
    for row in 0..count(area.height()) {
        for column in 0..count(area.width()) {
            let center = area.min + offset + vec2(column as f32 * pitch, row as f32 * pitch);
            dots.add_colored_rect(Rect::from_center_size(center, Vec2::splat(2.0)), theme.canvas_dots);
        }
    }
    painter.add(Shape::mesh(dots));
}
