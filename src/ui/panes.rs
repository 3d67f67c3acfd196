//! What stands in each pane of the dock, and how their tabs look.
//!
//! Must not know where the panes stand.

use egui::Ui;
use egui_tiles::{TabState, TileId, Tiles, UiResponse};

use super::act::Act;
use super::canvas::Canvas;
use super::dock::Pane;
use super::theme::{self, Theme};
use super::{
    backprop, boundary, curves, data_panel, gradient, health, inspector, landscape, outline, palette, plots,
    predictions, problems, runs, training, walk, what_if, why,
};
use crate::app::{App, Command, Questions};
use crate::network::{Problem, Severity};
use crate::words::Words;

/// Narrower windows have smaller tabs.
const NARROW_WINDOW: f32 = 700.0;
/// There a tab that is not in front has this much room for its title.
const NARROW_TAB: f32 = 16.0;

/// The key of a pane's title over what it shows now.
pub(super) fn title_key(pane: Pane, app: &App) -> &'static str {
    match pane {
        Pane::Boundary if boundary::is_of_tensors(app) => "pane-descent",
        _ => pane.key(),
    }
}

/// Draws the panes of the dock.
pub(super) struct Panes<'a> {
    pub(super) app: &'a App,
    pub(super) words: &'a Words,
    pub(super) canvas: &'a mut Canvas,
    pub(super) out: &'a mut Vec<Command>,
    pub(super) acts: &'a mut Vec<Act>,
    /// What the panes in sight want to know about the trained network.
    pub(super) asks: &'a mut Questions,
    pub(super) hide: Option<Pane>,
}

impl egui_tiles::Behavior<Pane> for Panes<'_> {
    fn pane_ui(&mut self, ui: &mut Ui, _: TileId, pane: &mut Pane) -> UiResponse {
        let theme = Theme::of(ui);
        let (app, words, out) = (self.app, self.words, &mut *self.out);
        let (fill, margin) = match pane {
            Pane::Canvas => (theme.canvas, egui::Margin::ZERO),
            _ => (theme.panel, egui::Margin::symmetric(12, 8)),
        };
        egui::Frame::NONE.fill(fill).inner_margin(margin).show(ui, |ui| {
            ui.expand_to_include_rect(ui.max_rect());
            match pane {
                Pane::Training => training::training_ui(ui, app, words, out),
                Pane::Inspector => inspector::inspector_ui(ui, app, words, self.acts, out),
                Pane::Why => why::why_ui(ui, app, words, out),
                Pane::Loss => curves::loss_ui(ui, app, words, out),
                Pane::Runs => runs::runs_ui(ui, app, words, out),
                Pane::Metrics => plots::metrics_ui(ui, app, words, out),
                Pane::Health => health::health_ui(ui, app, words, self.asks, out),
                Pane::Predictions => predictions::predictions_ui(ui, app, words, self.asks, self.acts, out),
                Pane::Backprop => backprop::backprop_ui(ui, app, words, self.acts, out),
                Pane::Boundary => boundary::boundary_ui(ui, app, words, self.asks, out),
                Pane::Landscape => landscape::landscape_ui(ui, app, words, self.asks, out),
                Pane::WhatIf => what_if::what_if_ui(ui, app, words, self.asks),
                Pane::Gradient => gradient::gradient_ui(ui, app, words, out),
                Pane::Problems => problems::problems_ui(ui, app, words, out),
                Pane::Canvas if app.is_walking() => walk::with_bar_ui(ui, self.canvas, app, words, out),
                Pane::Canvas => self.canvas.ui(ui, app, words, out),
                Pane::Palette => palette::palette_ui(ui, app, words, out),
                Pane::Outline => outline::outline_ui(ui, app, words, out),
                Pane::Data => data_panel::data_ui(ui, app, words, self.acts, out),
            }
        });
        UiResponse::None
    }

    fn tab_title_for_pane(&mut self, pane: &Pane) -> egui::WidgetText {
        self.words.text(title_key(*pane, self.app)).into()
    }

    fn tab_ui(
        &mut self,
        tiles: &mut Tiles<Pane>,
        ui: &mut Ui,
        id: egui::Id,
        tile: TileId,
        state: &TabState,
    ) -> egui::Response {
        let theme = Theme::of(ui);
        let title = match tiles.get_pane(&tile) {
            Some(pane) => self.words.text(title_key(*pane, self.app)),
            None => self.words.text("pane-group"),
        };
        // In a small window five tabs share a narrow column: there only the one in front is written out.
        let is_narrow = ui.ctx().content_rect().width() < NARROW_WINDOW;
        let (height, margins) = if is_narrow { (11.0, 6.0) } else { (13.0, 20.0) };
        let font = if state.active { theme::strong(height) } else { theme::text(height) };
        let color = if state.active { theme.text } else { theme.weak };
        let is_counted =
            |problem: &&Problem| problem.severity > Severity::Note && !self.app.is_to_do(problem);
        let n_found = match tiles.get_pane(&tile) {
            Some(Pane::Problems) => self.app.problems().iter().filter(is_counted).count(),
            Some(Pane::Health) => self.app.health_findings().len(),
            _ => 0,
        };
        let shown = if n_found == 0 { title.clone() } else { format!("{title}  {n_found}") };
        let mut job = egui::text::LayoutJob::simple_singleline(shown, font, color);
        if is_narrow && !state.active {
            job.wrap = egui::text::TextWrapping::truncate_at_width(NARROW_TAB);
        }
        let galley = ui.painter().layout_job(job);
        let size = egui::vec2(galley.size().x + margins, ui.available_height());
        let (_, rect) = ui.allocate_space(size);
        let response = ui
            .interact(rect, id, egui::Sense::click_and_drag())
            .on_hover_cursor(egui::CursorIcon::PointingHand);
        let response = if galley.elided { response.on_hover_text(title.as_str()) } else { response };
        response.widget_info(|| {
            egui::WidgetInfo::selected(egui::WidgetType::Button, true, state.active, title.as_str())
        });
        if ui.is_rect_visible(rect) && !state.is_being_dragged {
            ui.painter().galley(rect.center() - galley.size() / 2.0, galley, color);
            let line = rect.bottom() - 1.0;
            let span = rect.shrink2(egui::vec2(margins / 2.0, 0.0)).x_range();
            if state.active {
                ui.painter().hline(span, line, (2.0, theme.accent));
            } else if response.hovered() || response.has_focus() {
                ui.painter().hline(span, line, (2.0, theme.wire));
            }
        }
        let pane = tiles.get_pane(&tile).copied();
        response.context_menu(|ui| {
            if ui.button(self.words.text("pane-hide")).clicked() {
                self.hide = pane;
                ui.close();
            }
        });
        response
    }

    fn tab_bar_height(&self, _: &egui::Style) -> f32 {
        30.0
    }

    fn tab_bar_color(&self, visuals: &egui::Visuals) -> egui::Color32 {
        visuals.panel_fill
    }

    fn tab_bar_hline_stroke(&self, visuals: &egui::Visuals) -> egui::Stroke {
        visuals.widgets.noninteractive.bg_stroke
    }

    fn resize_stroke(&self, style: &egui::Style, state: egui_tiles::ResizeState) -> egui::Stroke {
        match state {
            egui_tiles::ResizeState::Idle => style.visuals.widgets.noninteractive.bg_stroke,
            egui_tiles::ResizeState::Hovering | egui_tiles::ResizeState::Dragging => {
                egui::Stroke::new(2.0, style.visuals.hyperlink_color)
            }
        }
    }

    fn min_size(&self) -> f32 {
        80.0
    }

    fn is_tile_draggable(&self, tiles: &Tiles<Pane>, tile: TileId) -> bool {
        tiles.get_pane(&tile) != Some(&Pane::Canvas)
    }

    fn simplification_options(&self) -> egui_tiles::SimplificationOptions {
        egui_tiles::SimplificationOptions { prune_single_child_tabs: false, ..Default::default() }
    }
}
