//! How large the names of cards are written, one size for a whole drawing; and where they stand when cards are
//! too small for them: above each, as wide as there is room.
//!
//! Must not know the network, nor how a card is painted.

use std::sync::Arc;

use egui::{Galley, Painter, Pos2, Rangef, Rect, pos2};

use super::card::elided;
use super::painted::Picture;
use crate::network::NodeId;
use crate::ui::theme::{self, Theme};

/// The size of names on cards at 100 %.
pub(super) const NAME_SIZE: f32 = 13.0;
/// So large, in screen points, names are written from afar as long as all of them have room on their cards.
const FAR_SIZE: f32 = 10.5;
/// On cards they are not written smaller than this.
const SMALLEST: f32 = 8.0;
/// Above cards they stand from this zoom on: there would be more names than room.
const SMALLEST_ZOOM: f32 = 0.14;
/// A name that would be narrower says nothing.
const LEAST_WIDTH: f32 = 24.0;
/// Between a name and the card below it, and what stands beside it.
const GAP: f32 = 2.0;
/// From farther away the names of most drawings stand above their cards.
pub(super) const SMALLEST_ZOOM_ON_CARDS: f32 = 0.6;
/// Above a fitted drawing, in screen points, for the names above its cards.
pub(super) const ABOVE: f32 = 16.0;

/// How large the names of a drawing are written on its cards; nothing where they stand above them. `growth` is
/// how much larger than [`NAME_SIZE`] the longest could be written at 100 %.
pub(super) fn size_on_cards(zoom: f32, growth: f32, is_crowded: bool) -> Option<f32> {
    let own = NAME_SIZE * zoom;
    if is_crowded || own >= FAR_SIZE {
        return Some(own);
    }
    // In half points, so that texts are laid out for few sizes only.
    let largest = (2.0 * own * growth).floor() / 2.0;
    (largest >= SMALLEST).then_some(largest.min(FAR_SIZE))
}

/// A name that stands above its card.
pub(super) struct Name {
    pub(super) node: NodeId,
    pub(super) place: Rect,
    pub(super) galley: Arc<Galley>,
}

/// Where the names stand that are not written on their cards.
pub(super) fn above_cards(
    picture: &Picture,
    (zoom, area): (f32, Rect),
    on_screen: &dyn Fn(Pos2) -> Pos2,
    painter: &Painter,
    theme: &Theme,
) -> Vec<Name> {
    let mut names: Vec<Name> = Vec::new();
    if zoom < SMALLEST_ZOOM {
        return names;
    }
    let place = |card: Rect| Rect::from_min_max(on_screen(card.min), on_screen(card.max));
    let cards: Vec<Rect> = picture.cards.iter().map(|look| place(look.card.area)).collect();
    for (look, &card) in picture.cards.iter().zip(&cards) {
        if look.hidden || look.name_size.is_some() || !card.intersects(area) {
            continue;
        }
        let text = &look.card.text.name;
        let font = theme::strong(FAR_SIZE);
        let whole = painter.layout_no_wrap(text.clone(), font.clone(), theme.text).size();
        let taken: Vec<Rect> = names.iter().map(|name| name.place).collect();
        let others: Vec<Rect> = cards.iter().copied().filter(|other| *other != card).collect();
        let Some(free) = room(card, whole.y, area, &others, &taken) else { continue };
        let width = whole.x.min(free.width());
        if width < LEAST_WIDTH.min(whole.x) {
            continue;
        }
        let galley = elided(painter, text, font, theme.text, width);
        let width = galley.size().x;
        let left = (card.center().x - width / 2.0).min(free.right() - width).max(free.left());
        let place = Rect::from_min_size(pos2(left, free.top()), galley.size());
        names.push(Name { node: look.card.id, place, galley });
    }
    names
}

/// The room for a name of this height above a card, or else below it: up to the cards beside it, above which
/// names of their own stand, and up to the names there are.
fn room(card: Rect, height: f32, area: Rect, others: &[Rect], taken: &[Rect]) -> Option<Rect> {
    let band = |top: f32| Rangef::new(top, top + height);
    [band(card.top() - GAP - height), band(card.bottom() + GAP)].into_iter().find_map(|band| {
        if band.min < area.top() || band.max > area.bottom() {
            return None;
        }
        let others = others.iter().map(|other| other.with_min_y(other.top() - GAP - height));
        let (mut left, mut right) = (area.left(), area.right());
        for other in others.chain(taken.iter().copied()).filter(|other| other.y_range().intersects(band)) {
            if other.center().x < card.center().x {
                left = left.max(other.right() + GAP);
            } else {
                right = right.min(other.left() - GAP);
            }
        }
        let is_free = left < card.center().x && card.center().x < right;
        is_free.then(|| Rect::from_x_y_ranges(left..=right, band))
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    const AREA: Rect = Rect { min: pos2(0.0, 0.0), max: pos2(400.0, 200.0) };

    fn card(left: f32, top: f32) -> Rect {
        Rect::from_min_max(pos2(left, top), pos2(left + 40.0, top + 20.0))
    }

    #[test]
    fn all_names_of_a_drawing_have_one_size_and_leave_cards_that_are_too_small() {
        assert_eq!(size_on_cards(1.0, 1.1, false), Some(13.0), "as large as the zoom makes them");
        assert_eq!(size_on_cards(0.75, 1.1, false), Some(10.5), "larger than that from afar");
        assert_eq!(size_on_cards(0.65, 1.1, false), Some(9.0), "as large as the longest has room");
        assert_eq!(size_on_cards(0.5, 1.1, false), None, "or above the cards");
        assert_eq!(size_on_cards(0.5, 1.1, true), Some(6.5), "for which very many have no room");
    }

    #[test]
    fn a_name_above_its_card_covers_no_other_card_and_no_other_name() {
        let (own, others) = (card(100.0, 60.0), [card(20.0, 64.0), card(180.0, 60.0), card(100.0, 110.0)]);
        let free = room(own, 12.0, AREA, &others, &[]).unwrap();
        assert_eq!((free.left(), free.right(), free.bottom()), (62.0, 178.0, 58.0));
        let taken = [Rect::from_min_max(pos2(10.0, 48.0), pos2(80.0, 60.0))];
        assert_eq!(room(own, 12.0, AREA, &others, &taken).unwrap().left(), 82.0);
        assert!(others.iter().all(|other| !other.intersects(free)));
    }

    #[test]
    fn at_the_upper_edge_a_name_stands_below_its_card_and_without_room_nowhere() {
        let own = card(100.0, 4.0);
        assert_eq!(room(own, 12.0, AREA, &[], &[]).unwrap().top(), 26.0);
        assert_eq!(room(own, 12.0, AREA, &[card(96.0, 30.0)], &[]), None);
    }
}
