//! What stands in each pane of the dock, and how their tabs look.
//!
//! Must not know where the panes stand.

use std::collections::HashMap;

use egui::containers::menu::MenuButton;
use egui::{Button, Ui, WidgetInfo, WidgetType};
use egui_tiles::{TabState, TileId, Tiles, UiResponse};

use super::act::Act;
use super::canvas::Canvas;
use super::dock::Pane;
use super::menu::long_menu_ui;
use super::tab_bar::{self, Tab};
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
/// The menu of all tabs of a bar that has no room for them.
const MENU_WIDTH: f32 = 24.0;
/// Left free at the end of a bar.
const BAR_END: f32 = 4.0;

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
    /// The tab that was chosen in the menu of a bar.
    pub(super) open: Option<TileId>,
    /// What is written on the tabs; `None` on those that have no room.
    pub(super) shown: HashMap<TileId, Option<String>>,
}

impl Panes<'_> {
    /// The tab of a tile.
    fn tab(&self, tiles: &Tiles<Pane>, tile: TileId, is_open: bool) -> Tab {
        let pane = tiles.get_pane(&tile);
        let title = self.words.text(pane.map_or("pane-group", |pane| title_key(*pane, self.app)));
        let is_counted =
            |problem: &&Problem| problem.severity > Severity::Note && !self.app.is_to_do(problem);
        let n_found = match pane {
            Some(Pane::Problems) => self.app.problems().iter().filter(is_counted).count(),
            Some(Pane::Health) => self.app.health_findings().len(),
            _ => 0,
        };
        Tab { title, n_found, is_open }
    }

    /// All tabs of a bar by their whole names.
    fn tab_menu_ui(&mut self, ui: &mut Ui, tiles: &Tiles<Pane>, tabs: &[(TileId, Tab)]) {
        let name = self.words.text("pane-all-tabs");
        let sign = Button::new("»").frame(false).min_size(egui::vec2(MENU_WIDTH, ui.available_height()));
        let (response, _) = MenuButton::from_button(sign).ui(ui, |ui| {
            long_menu_ui(ui, |ui| {
                for (tile, tab) in tabs {
                    let mut button = Button::selectable(tab.is_open, tab.whole());
                    if let Some(pane) = tiles.get_pane(tile) {
                        button = button.shortcut_text(ui.ctx().format_shortcut(&pane.shortcut()));
                    }
                    let entry = ui.add(button);
                    let named = || WidgetInfo::selected(WidgetType::Button, true, tab.is_open, &tab.title);
                    entry.widget_info(named);
                    if entry.clicked() {
                        self.open = Some(*tile);
                        ui.close();
                    }
                }
            });
        });
        response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, &name));
        response.on_hover_text(name);
    }
}

/// The height of a tab's letters, and its margins on both sides together: smaller in a narrow window.
fn tab_measures(ui: &Ui) -> (f32, f32) {
    if ui.ctx().content_rect().width() < NARROW_WINDOW { (11.0, 12.0) } else { (13.0, 20.0) }
}

fn tab_font(height: f32, is_open: bool) -> egui::FontId {
    if is_open { theme::strong(height) } else { theme::text(height) }
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
        let Some(shown) = self.shown.get(&tile).cloned().flatten() else {
            // Only the menu has room for it.
            let (_, rect) = ui.allocate_space(egui::Vec2::ZERO);
            return ui.interact(rect, id, egui::Sense::hover());
        };
        let theme = Theme::of(ui);
        let tab = self.tab(tiles, tile, state.active);
        let (height, margins) = tab_measures(ui);
        let color = if state.active { theme.text } else { theme.weak };
        let is_shortened = shown != tab.whole();
        let galley = ui.painter().layout_no_wrap(shown, tab_font(height, state.active), color);
        let size = egui::vec2(galley.size().x + margins, ui.available_height());
        let (_, rect) = ui.allocate_space(size);
        let response = ui
            .interact(rect, id, egui::Sense::click_and_drag())
            .on_hover_cursor(egui::CursorIcon::PointingHand);
        let response = if is_shortened { response.on_hover_text(tab.title.as_str()) } else { response };
        response
            .widget_info(|| WidgetInfo::selected(WidgetType::Button, true, state.active, tab.title.as_str()));
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

    /// Before the tabs of a bar are drawn: decides what is written on each, and adds the menu where some have
    /// no room.
    fn top_bar_right_ui(
        &mut self,
        tiles: &Tiles<Pane>,
        ui: &mut Ui,
        _: TileId,
        bar: &egui_tiles::Tabs,
        scroll_offset: &mut f32,
    ) {
        *scroll_offset = 0.0;
        let visible = bar.children.iter().copied().filter(|&tile| tiles.is_visible(tile));
        let tabs: Vec<(TileId, Tab)> =
            visible.map(|tile| (tile, self.tab(tiles, tile, bar.is_active(tile)))).collect();
        let (height, margins) = tab_measures(ui);
        let width = |text: &str, is_open: bool| {
            let font = tab_font(height, is_open);
            ui.painter().layout_no_wrap(text.to_owned(), font, egui::Color32::PLACEHOLDER).size().x + margins
        };
        let titles: Vec<Tab> = tabs.iter().map(|(_, tab)| tab.clone()).collect();
        let texts = tab_bar::shown(&titles, ui.available_width() - BAR_END, MENU_WIDTH, &width);
        let has_menu = texts.contains(&None);
        self.shown.extend(tabs.iter().map(|(tile, _)| *tile).zip(texts));
        ui.spacing_mut().item_spacing.x = 0.0;
        if has_menu {
            self.tab_menu_ui(ui, tiles, &tabs);
        }
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
