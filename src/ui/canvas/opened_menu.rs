//! What can be taken along from an opened node: the numbers of its frame for other programs, and a picture of it.
//!
//! Must not know how a frame is moved.

use egui::{Align, Layout, Rect, Response, Sense, Ui, UiBuilder, vec2};

use super::opened::{Frame, Opened, frame_size};
use super::view::SMALLEST_ZOOM_WITH_TEXT;
use super::{curve, neurons};
use crate::network::Node;
use crate::ui::copy_menu::CopyMenu;
use crate::ui::pictures;

/// Larger than the cross beside it, as is what can be clicked.
const BUTTON: f32 = 18.0;

impl Frame<'_> {
    /// The menu, at the frame's other button, at the key for menus, and at three dots beside the cross.
    pub(super) fn menu_ui(&self, ui: &mut Ui, node: &Node, opened: &Opened, ground: &Response) {
        let table = |most: usize| {
            let table = match (node.kind.dense(), node.kind.activation()) {
                (Some(dense), _) => neurons::table(self, dense, opened.color_by, most),
                (None, activation) => activation.map(|activation| curve::table(self, activation, most)),
            };
            table.unwrap_or_else(|| pictures::number_table([], []))
        };
        let picture = |dark: bool| {
            let size = frame_size(self.app, self.node).unwrap_or_default();
            pictures::of_page(size, &node.name, dark, |ui| self.page_ui(ui, node, opened))
        };
        let n_rows = match node.kind.dense() {
            Some(dense) => dense.units,
            None => curve::N_POINTS,
        };
        let menu = CopyMenu { name: &node.name, n_rows, table: &table, picture: Some(&picture) };
        menu.on(ground, self.words);
        if self.zoom < SMALLEST_ZOOM_WITH_TEXT {
            return;
        }
        let center = self.place.right_top() + vec2(-38.0, 16.0) * self.zoom;
        let place = Rect::from_center_size(center, vec2(BUTTON, BUTTON));
        let builder = UiBuilder::new().id(self.id("menu")).max_rect(place);
        let mut corner = ui.new_child(builder.layout(Layout::left_to_right(Align::Center)));
        menu.button_ui(&mut corner, self.words);
    }

    /// The inside of the frame on a page of its own.
    fn page_ui(&self, ui: &mut Ui, node: &Node, opened: &Opened) {
        let Some(size) = frame_size(self.app, self.node) else { return };
        let (place, ground) = ui.allocate_exact_size(size, Sense::hover());
        let page = Frame { node: self.node, place, zoom: 1.0, app: self.app, words: self.words };
        let mut opened = Opened { color_by: opened.color_by, ..Opened::default() };
        page.inside_ui(ui, node, &ground, &mut opened, &mut Vec::new());
    }
}
