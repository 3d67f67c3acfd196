//! A color for each class: told apart for every common color blindness (Okabe and Ito 2008).
//!
//! Must not know what is drawn in them.

use egui::Color32;

use super::theme::{Theme, mix};

const CLASSES: [Color32; 8] = [
    Color32::from_rgb(0x2f, 0x78, 0xc4),
    Color32::from_rgb(0xe6, 0x8a, 0x1e),
    Color32::from_rgb(0x00, 0x9e, 0x73),
    Color32::from_rgb(0xcc, 0x79, 0xa7),
    Color32::from_rgb(0x56, 0xb4, 0xe9),
    Color32::from_rgb(0xd5, 0x5e, 0x00),
    Color32::from_rgb(0xd8, 0xc8, 0x20),
    Color32::from_rgb(0x8c, 0x8c, 0x96),
];

/// The color of the n-th class. After the eighth they come again, nearer to the color of text.
pub(crate) fn class_color(theme: &Theme, class: usize) -> Color32 {
    let round = (class / CLASSES.len()).min(2) as f32;
    mix(CLASSES[class % CLASSES.len()], theme.text, 0.4 * round)
}
