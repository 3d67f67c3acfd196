//! The outlines of glyphs, from the same font files that the window uses.
//!
//! Must not know where a glyph stands.

use std::collections::HashMap;

use egui::{FontDefinitions, FontFamily};
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, MetadataProvider as _};

use crate::export::image::Segment;

/// What was asked for so far.
pub(super) struct Outlines<'a> {
    fonts: &'a FontDefinitions,
    places: HashMap<(FontFamily, char), Option<usize>>,
    found: Vec<Vec<Segment>>,
}

impl<'a> Outlines<'a> {
    pub(super) fn new(fonts: &'a FontDefinitions) -> Self {
        Self { fonts, places: HashMap::new(), found: Vec::new() }
    }

    /// The number of a glyph's outline; none for a blank.
    pub(super) fn find(&mut self, family: &FontFamily, sign: char) -> Option<usize> {
        let key = (family.clone(), sign);
        if let Some(place) = self.places.get(&key) {
            return *place;
        }
        let outline = self.outline(family, sign).filter(|outline| !outline.is_empty());
        let place = outline.map(|outline| {
            let known = self.found.iter().position(|known| *known == outline);
            known.unwrap_or_else(|| {
                self.found.push(outline);
                self.found.len() - 1
            })
        });
        self.places.insert(key, place);
        place
    }

    /// All outlines, in the order of their numbers.
    pub(super) fn into_found(self) -> Vec<Vec<Segment>> {
        self.found
    }

    /// The outline in the first font of the family that has the sign.
    fn outline(&self, family: &FontFamily, sign: char) -> Option<Vec<Segment>> {
        let files = self.fonts.families.get(family)?.iter();
        files.filter_map(|name| self.fonts.font_data.get(name)).find_map(|data| {
            let font = FontRef::from_index(data.font.as_ref(), data.index).ok()?;
            let glyph = font.charmap().map(sign)?;
            let mut pen = Pen::default();
            let settings = DrawSettings::unhinted(Size::new(1.0), LocationRef::default());
            font.outline_glyphs().get(glyph)?.draw(settings, &mut pen).ok()?;
            Some(pen.segments)
        })
    }
}

/// Turns a font's path, whose y points upwards.
#[derive(Default)]
struct Pen {
    segments: Vec<Segment>,
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.segments.push(Segment::Move([x, -y]));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.segments.push(Segment::Line([x, -y]));
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.segments.push(Segment::Quadratic([cx, -cy], [x, -y]));
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.segments.push(Segment::Cubic([ax, -ay], [bx, -by], [x, -y]));
    }

    fn close(&mut self) {
        self.segments.push(Segment::Close);
    }
}
