//! Typeset formulas: painted, with every operand an area of its own to hover and to click.
//!
//! Must not know what an operand means: the caller gives marked LaTeX and gets back the mark under
//! the pointer. Layouts are kept while they are shown. A screen reader hears the linear text.

pub(crate) mod fonts;
pub(crate) mod line;
mod typeset;

use std::sync::Arc;

use egui::cache::{ComputerMut, FrameCache};
use egui::{Color32, CursorIcon, Painter, Pos2, Rect, Response, ScrollArea, Sense, Stroke, Ui, Vec2};

use self::typeset::{Ink, Piece, Typeset};
use super::theme::Theme;
use crate::explain::Tensor;

/// What a formula of several parts leaves between two of them, in em.
const BETWEEN_PARTS: f32 = 0.28;
/// A part that is wider than the room shrinks no further.
const SMALLEST: f32 = 0.62;

/// A formula to set.
pub(crate) struct Formula<'a> {
    /// LaTeX part after part: a line breaks only between two. Operands are [marked](crate::explain::print::marked).
    pub(crate) parts: &'a [String],
    /// The same as one line of text.
    pub(crate) linear: &'a str,
    /// The height of an em.
    pub(crate) size: f32,
    /// The color of an operand, by its mark.
    pub(crate) color: &'a dyn Fn(usize) -> Color32,
    /// The marks that are lit from elsewhere.
    pub(crate) is_lit: &'a dyn Fn(usize) -> bool,
}

/// What the pointer does on a formula.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pointed {
    /// The mark under the pointer.
    pub(crate) hovered: Option<usize>,
    /// The mark that was clicked.
    pub(crate) clicked: Option<usize>,
}

#[derive(Default)]
struct Typesetter;

impl ComputerMut<&str, Option<Arc<Typeset>>> for Typesetter {
    fn compute(&mut self, latex: &str) -> Option<Arc<Typeset>> {
        Typeset::of(latex).map(Arc::new)
    }
}

type Layouts = FrameCache<Option<Arc<Typeset>>, Typesetter>;

/// A part with its place in the formula.
struct Placed {
    typeset: Arc<Typeset>,
    /// Its top left corner, from the formula's.
    at: Vec2,
    /// The height of its em.
    size: f32,
}

impl Formula<'_> {
    /// Draws it, and says what the pointer does on it.
    pub(crate) fn ui(&self, ui: &mut Ui) -> (Response, Pointed) {
        let room = ui.available_width();
        let (parts, size) = self.placed(ui, room);
        if size.x <= room + 1.0 {
            return self.placed_ui(ui, &parts, size);
        }
        // What cannot be broken is scrolled: it pushes nothing beside it out of the panel.
        let area = ScrollArea::horizontal().id_salt(("formula", self.linear));
        area.show(ui, |ui| self.placed_ui(ui, &parts, size)).inner
    }

    /// The same once its parts have their places.
    fn placed_ui(&self, ui: &mut Ui, parts: &[Placed], size: Vec2) -> (Response, Pointed) {
        let (rect, response) = ui.allocate_exact_size(size, Sense::click());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Label, true, self.linear));
        let mut areas: Vec<(usize, Rect)> = Vec::new();
        for part in parts {
            let origin = rect.min + part.at;
            for piece in &part.typeset.pieces {
                if let Some(mark) = piece.mark {
                    let area = area_of(&piece.ink, origin, part.size);
                    match areas.last_mut() {
                        Some((last, whole)) if *last == mark => *whole = whole.union(area),
                        _ => areas.push((mark, area)),
                    }
                }
            }
        }
        let pointer = response.hover_pos();
        let under = pointer.and_then(|at| areas.iter().find(|(_, area)| area.expand(1.0).contains(at)));
        let pointed = Pointed {
            hovered: under.map(|(mark, _)| *mark),
            clicked: under.map(|(mark, _)| *mark).filter(|_| response.clicked()),
        };
        if ui.is_rect_visible(rect) {
            self.paint(ui, rect, parts, &areas, pointed.hovered);
        }
        let response = if pointed.hovered.is_some() {
            response.on_hover_cursor(CursorIcon::PointingHand)
        } else {
            response
        };
        (response, pointed)
    }

    /// Where the parts stand: in lines as wide as the room.
    fn placed(&self, ui: &Ui, room: f32) -> (Vec<Placed>, Vec2) {
        let mut placed: Vec<Placed> = Vec::new();
        let (mut x, mut top, mut widest) = (0.0_f32, 0.0_f32, 0.0_f32);
        let mut line = 0;
        for latex in self.parts {
            let layout = ui.memory_mut(|memory| memory.caches.cache::<Layouts>().get(latex.as_str()).clone());
            let Some(typeset) = layout else { continue };
            let shrunk = (room / (typeset.size.x * self.size).max(1.0)).clamp(SMALLEST, 1.0);
            let size = self.size * shrunk;
            let width = typeset.size.x * size;
            if x > 0.0 && x + width > room {
                top += settle_line(&mut placed[line..], top) + 0.3 * self.size;
                line = placed.len();
                // A line that goes on stands in a little.
                x = self.size;
            }
            placed.push(Placed { typeset, at: Vec2::new(x, 0.0), size });
            x += width;
            widest = widest.max(x);
            x += BETWEEN_PARTS * self.size;
        }
        let height = top + placed.get_mut(line..).map_or(0.0, |line| settle_line(line, top));
        (placed, Vec2::new(widest, height))
    }

    fn paint(&self, ui: &Ui, rect: Rect, parts: &[Placed], areas: &[(usize, Rect)], hovered: Option<usize>) {
        let theme = Theme::of(ui);
        let painter = ui.painter();
        for (mark, area) in areas {
            if Some(*mark) == hovered || (self.is_lit)(*mark) {
                painter.rect_filled(area.expand2(Vec2::new(2.0, 1.0)), 3.0, theme.accent_faint);
            }
        }
        for part in parts {
            let origin = rect.min + part.at;
            for piece in &part.typeset.pieces {
                let color = piece.mark.map_or(theme.text, self.color);
                paint_piece(painter, piece, origin, part.size, color);
            }
        }
    }
}

/// The color of a number's family, as text.
pub(crate) fn family_color(ui: &Ui, of: Tensor) -> Color32 {
    let theme = Theme::of(ui);
    match of {
        Tensor::Update(_) | Tensor::UpdateLine { .. } | Tensor::OptimizerState { .. } => theme.accent,
        _ if of.is_gradient() => theme.gradient_text,
        _ => theme.value_text,
    }
}

/// Puts the parts of a line on one baseline; gives the line's height.
fn settle_line(line: &mut [Placed], top: f32) -> f32 {
    let above = line.iter().map(|part| part.typeset.baseline * part.size).fold(0.0, f32::max);
    let below = line.iter().map(|part| (part.typeset.size.y - part.typeset.baseline) * part.size);
    let below = below.fold(0.0, f32::max);
    for part in line {
        part.at.y = top + above - part.typeset.baseline * part.size;
    }
    above + below
}

/// Where a sign is hovered and clicked: the room of a line of text around it.
fn area_of(ink: &Ink, origin: Pos2, size: f32) -> Rect {
    match ink {
        Ink::Sign { at, scale, sign, .. } => {
            let em = size * scale;
            let baseline = origin + at.to_vec2() * size;
            let width = if sign.is_ascii_punctuation() { 0.3 } else { 0.55 };
            Rect::from_min_max(
                baseline - Vec2::new(0.0, 0.75 * em),
                baseline + Vec2::new(width * em, 0.22 * em),
            )
        }
        Ink::Bar(bar) => {
            Rect::from_min_max(origin + bar.min.to_vec2() * size, origin + bar.max.to_vec2() * size)
        }
        Ink::Outline(points) => {
            Rect::from_points(&points.iter().map(|point| origin + point.to_vec2() * size).collect::<Vec<_>>())
        }
    }
}

fn paint_piece(painter: &Painter, piece: &Piece, origin: Pos2, size: f32, color: Color32) {
    match &piece.ink {
        Ink::Sign { at, scale, face, sign } => {
            let font = fonts::font(face, size * scale);
            let galley = painter.layout_no_wrap(sign.to_string(), font, color);
            let ascent = galley
                .rows
                .first()
                .map_or(0.0, |row| row.pos.y + row.row.glyphs.first().map_or(0.0, |glyph| glyph.pos.y));
            let baseline = origin + at.to_vec2() * size;
            painter.galley(baseline - Vec2::new(0.0, ascent), galley, color);
        }
        Ink::Bar(bar) => {
            let bar =
                Rect::from_min_max(origin + bar.min.to_vec2() * size, origin + bar.max.to_vec2() * size);
            let y = bar.center().y;
            painter.hline(bar.x_range(), y, Stroke::new(bar.height().max(1.0), color));
        }
        Ink::Outline(points) => {
            let points = points.iter().map(|point| origin + point.to_vec2() * size).collect();
            painter.add(egui::Shape::closed_line(points, Stroke::new(0.8, color)));
        }
    }
}
