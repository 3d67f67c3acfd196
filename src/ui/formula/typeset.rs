//! LaTeX laid out as signs at places: what is painted, and which operand each sign belongs to.
//!
//! Operands are marked by colors in the LaTeX ([`crate::explain::print::marked`]); the typesetter hands a color on to every
//! sign. Lengths are in em. Must not know egui's painter or what an operand means.

use egui::{Pos2, Rect, Vec2};
use ratex_layout::{LayoutOptions, layout, to_display_list};
use ratex_types::color::Color;
use ratex_types::display_item::{DisplayItem, DisplayList};
use ratex_types::path_command::PathCommand;

use super::fonts;

/// A formula with all its signs at their places.
#[derive(Clone, Debug, Default)]
pub(crate) struct Typeset {
    /// How large it is.
    pub(super) size: Vec2,
    /// How far its baseline lies below its top.
    pub(super) baseline: f32,
    pub(super) pieces: Vec<Piece>,
}

/// Something that is painted, with the mark that it stands under.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Piece {
    pub(super) ink: Ink,
    pub(super) mark: Option<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Ink {
    /// A sign at the left end of its baseline.
    Sign { at: Pos2, scale: f32, face: &'static str, sign: char },
    /// A bar of a fraction or of a root.
    Bar(Rect),
    /// The outline of a sign taller than every face has.
    Outline(Vec<Pos2>),
}

impl Typeset {
    /// Lays LaTeX out; nothing where it cannot be read.
    pub(super) fn of(latex: &str) -> Option<Self> {
        let parsed = ratex_parser::parse(latex).ok()?;
        let options = LayoutOptions::default();
        let DisplayList { items, width, height, depth } = to_display_list(&layout(&parsed, &options));
        let pieces = items.into_iter().filter_map(piece).collect();
        Some(Self { size: Vec2::new(width as f32, (height + depth) as f32), baseline: height as f32, pieces })
    }
}

fn mark_of(color: Color) -> Option<usize> {
    let byte = |part: f32| (part * 255.0).round() as usize;
    ((byte(color.r) << 16) | (byte(color.g) << 8) | byte(color.b)).checked_sub(1)
}

fn piece(item: DisplayItem) -> Option<Piece> {
    let place = |x: f64, y: f64| Pos2::new(x as f32, y as f32);
    Some(match item {
        DisplayItem::GlyphPath { x, y, scale, font, char_code, color } => {
            let sign = char::from_u32(char_code)?;
            let ink = Ink::Sign { at: place(x, y), scale: scale as f32, face: fonts::face(&font), sign };
            Piece { ink, mark: mark_of(color) }
        }
        DisplayItem::Line { x, y, width, thickness, color, .. } => {
            let size = Vec2::new(width as f32, thickness as f32);
            let top = place(x, y - thickness / 2.0);
            Piece { ink: Ink::Bar(Rect::from_min_size(top, size)), mark: mark_of(color) }
        }
        DisplayItem::Rect { x, y, width, height, color } => {
            let size = Vec2::new(width as f32, height as f32);
            Piece { ink: Ink::Bar(Rect::from_min_size(place(x, y), size)), mark: mark_of(color) }
        }
        DisplayItem::Path { x, y, commands, color, .. } => {
            let outline = outline(place(x, y), &commands);
            Piece { ink: Ink::Outline(outline), mark: mark_of(color) }
        }
    })
}

/// The corners of a path; curves by a few points each.
fn outline(origin: Pos2, commands: &[PathCommand]) -> Vec<Pos2> {
    const PER_CURVE: u8 = 6;
    let place = |x: f64, y: f64| origin + Vec2::new(x as f32, y as f32);
    let mut points: Vec<Pos2> = Vec::new();
    for command in commands {
        let from = points.last().copied().unwrap_or(origin);
        match *command {
            PathCommand::MoveTo { x, y } | PathCommand::LineTo { x, y } => points.push(place(x, y)),
            PathCommand::QuadTo { x1, y1, x, y } => {
                let (via, to) = (place(x1, y1), place(x, y));
                points.extend((1..=PER_CURVE).map(|step| {
                    let t = f32::from(step) / f32::from(PER_CURVE);
                    from.lerp(via, t).lerp(via.lerp(to, t), t)
                }));
            }
            PathCommand::CubicTo { x1, y1, x2, y2, x, y } => {
                let (a, b, to) = (place(x1, y1), place(x2, y2), place(x, y));
                points.extend((1..=PER_CURVE).map(|step| {
                    let t = f32::from(step) / f32::from(PER_CURVE);
                    let (ab, bc, cd) = (from.lerp(a, t), a.lerp(b, t), b.lerp(to, t));
                    ab.lerp(bc, t).lerp(bc.lerp(cd, t), t)
                }));
            }
            PathCommand::Close => {}
        }
    }
    points
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::explain::print::marked;

    #[test]
    fn every_sign_knows_its_operand_and_those_between_belong_to_none() {
        let latex = format!("{} \\cdot {}", marked(0, "w_{01}"), marked(300, "x"));
        let typeset = Typeset::of(&latex).unwrap();
        let marks: Vec<(char, Option<usize>)> = typeset
            .pieces
            .iter()
            .filter_map(|piece| match piece.ink {
                Ink::Sign { sign, .. } => Some((sign, piece.mark)),
                Ink::Bar(_) | Ink::Outline(_) => None,
            })
            .collect();
        let expected = [('w', Some(0)), ('0', Some(0)), ('1', Some(0)), ('⋅', None), ('x', Some(300))];
        assert_eq!(marks, expected);
    }

    #[test]
    fn a_fraction_has_a_bar_and_stands_taller_than_its_baseline() {
        let typeset = Typeset::of("\\frac{a}{b}").unwrap();
        assert!(typeset.pieces.iter().any(|piece| matches!(piece.ink, Ink::Bar(_))));
        assert!(typeset.size.y > typeset.baseline && typeset.baseline > 1.0);
        assert!(Typeset::of("\\frac{a").is_none());
    }
}
