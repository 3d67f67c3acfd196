//! The numbers on cards: lit where they make what is under the pointer, and asked about by a click.
//!
//! Must not know how a number is explained.

use egui::{CornerRadius, Pos2, Rect, StrokeKind, Ui};

use super::card::strip_area;
use super::scene::Card;
use super::{Canvas, canvas_id};
use crate::app::{App, Command, ViewCommand};
use crate::explain::{Quantity, Tensor};
use crate::train::{Pass, SampleView};
use crate::ui::lit;
use crate::ui::theme::Theme;

impl Canvas {
    /// Frames the nodes whose numbers are lit, and asks about the number of a strip that is clicked. The
    /// first click on a card selects it.
    pub(super) fn numbers_ui(&mut self, ui: &Ui, area: Rect, app: &App, out: &mut Vec<Command>) {
        let lit = lit::of(ui.ctx());
        let painter = ui.painter().with_clip_rect(area);
        for card in self.scene.cards.iter().filter(|card| lit.has_node(card.id)) {
            let at = |point| area.min + self.view.local_from_canvas(point).to_vec2();
            let frame = Rect::from_min_max(at(card.area.min), at(card.area.max)).expand(3.0);
            let line = (2.0, Theme::of(ui).accent);
            painter.rect_stroke(frame, CornerRadius::same(8), line, StrokeKind::Outside);
        }
        // A press selects, so what counts is what was selected before it.
        let before = self.selected_before_press;
        if !ui.input(|input| input.pointer.any_down()) {
            self.selected_before_press = app.selection().only_node();
        }
        let Some(response) = ui.ctx().read_response(canvas_id()).filter(egui::Response::clicked) else {
            return;
        };
        let Some(pointer) = response.interact_pointer_pos() else { return };
        let at = self.canvas_point(area, pointer);
        let card = self.scene.cards.iter().find(|card| card.area.contains(at));
        let pass = app.snapshot().and_then(|snapshot| snapshot.pass.as_deref());
        let (Some(card), Some(pass)) = (card, pass) else { return };
        if before == Some(card.id)
            && let Some(of) = number_at(card, at, pass, app.time_step())
        {
            out.push(Command::View(ViewCommand::Explain(of)));
        }
    }
}

/// The number behind a cell of a card's strips: of the sample shown, or of the batch's first.
fn number_at(card: &Card, at: Pos2, pass: &Pass, time_step: usize) -> Option<Quantity> {
    let row = [0, 1].into_iter().find(|&row| strip_area(card.area, row).contains(at))?;
    let numbers = pass.node(card.id, time_step)?;
    let (tensor, values) = match row {
        0 => (Tensor::Output { node: card.id, time_step }, &numbers.output),
        _ => (Tensor::Grad { node: card.id, time_step }, numbers.grad.as_ref()?),
    };
    let strip = strip_area(card.area, row);
    let n_columns = values.n_columns();
    let column = ((at.x - strip.left()) / strip.width() * n_columns as f32) as usize;
    let sample = match pass.view {
        SampleView::Sample(sample) => sample,
        SampleView::Batch | SampleView::Alone(_) => 0,
    };
    Some(tensor.at(sample.min(values.n_rows().saturating_sub(1)), column.min(n_columns.saturating_sub(1))))
}
