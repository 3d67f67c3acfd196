//! Text shortened to the room that there is, with an ellipsis where something is left out.
//!
//! Must not know what the text says.

use egui::{Color32, FontId, Painter};

/// `text` without its end.
pub(crate) fn without_end(painter: &Painter, text: &str, font: &FontId, width: f32) -> String {
    shortened(text, |kept| (kept, 0), fits(painter, font, width))
}

/// `text` without its middle: names of nodes differ at the end.
pub(crate) fn without_middle(painter: &Painter, text: &str, font: &FontId, width: f32) -> String {
    shortened(text, |kept| (kept - 2 * kept / 5, 2 * kept / 5), fits(painter, font, width))
}

fn fits(painter: &Painter, font: &FontId, width: f32) -> impl Fn(&str) -> bool {
    move |text| painter.layout_no_wrap(text.to_owned(), font.clone(), Color32::WHITE).size().x <= width
}

/// As much of `text` as fits; `share` says of how many characters are kept how many stand before the ellipsis
/// and behind it.
fn shortened(text: &str, share: impl Fn(usize) -> (usize, usize), fits: impl Fn(&str) -> bool) -> String {
    if fits(text) {
        return text.to_owned();
    }
    let characters: Vec<char> = text.chars().collect();
    let candidate = |kept: usize| {
        let (before, behind) = share(kept);
        let before: String = characters[..before].iter().collect();
        let behind: String = characters[characters.len() - behind..].iter().collect();
        format!("{}…{}", before.trim_end(), behind.trim_start())
    };
    (0..characters.len()).rev().map(candidate).find(|candidate| fits(candidate)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_beginning_and_its_end() {
        let short = |text: &str, most: usize| {
            shortened(text, |kept| (kept - 2 * kept / 5, 2 * kept / 5), |text| text.chars().count() <= most)
        };
        assert_eq!(short("Dense 1", 7), "Dense 1");
        assert_eq!(short("hidden layer 12", 10), "hidden…12");
        assert_eq!(short("hidden layer 12", 1), "…");
        assert_eq!(short("hidden layer 12", 0), "");
    }
}
