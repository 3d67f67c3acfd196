//! The faces that formulas are set in, under the names that the typesetter gives them.
//!
//! Must not know what is set. Signs that a face lacks are taken from the text's.

use std::sync::Arc;

use egui::{FontData, FontDefinitions, FontFamily, FontId};

/// Name of the typesetter, name of the file, and the file.
const FACES: [(&str, &[u8]); 6] = [
    ("Main-Regular", include_bytes!("../../../assets/fonts/KaTeX_Main-Regular.ttf")),
    ("Math-Italic", include_bytes!("../../../assets/fonts/KaTeX_Math-Italic.ttf")),
    ("Size1-Regular", include_bytes!("../../../assets/fonts/KaTeX_Size1-Regular.ttf")),
    ("Size2-Regular", include_bytes!("../../../assets/fonts/KaTeX_Size2-Regular.ttf")),
    ("Size3-Regular", include_bytes!("../../../assets/fonts/KaTeX_Size3-Regular.ttf")),
    ("Size4-Regular", include_bytes!("../../../assets/fonts/KaTeX_Size4-Regular.ttf")),
];

/// Adds the faces, each followed by those of the text.
pub(crate) fn add_to(fonts: &mut FontDefinitions) {
    let text = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    for (name, bytes) in FACES {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
        let family = [vec![name.to_owned()], text.clone()].concat();
        fonts.families.insert(FontFamily::Name(name.into()), family);
    }
}

/// The face of this name; the upright one for those that no formula needs.
pub(super) fn face(name: &str) -> &'static str {
    let found = FACES.iter().find(|(face, _)| *face == name);
    found.map_or(FACES[0].0, |(face, _)| face)
}

/// A face at a size.
pub(super) fn font(face: &'static str, size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(face.into()))
}
