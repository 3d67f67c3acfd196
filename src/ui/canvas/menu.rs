//! The menus of nodes, wires and empty space.
//!
//! Must not know how anything is done: every entry sends a command.

use egui::{Align, Atom, Button, DragValue, Layout, Pos2, Response, Ui};

use super::gesture::Hit;
use super::input::{delete_edge, select};
use super::popup::{PaletteOffer, Popup};
use super::rename::Rename;
use super::scene::position;
use super::{Canvas, CanvasRequest, canvas_id, node_of};
use crate::app::{Alignment, App, Command, EditCommand, Selection, ViewCommand};
use crate::network::{EdgeId, InitialState, NodeId};
use crate::ui::act::Act;
use crate::ui::menu::menu_room;
use crate::ui::outline;
use crate::ui::palette::PaletteEntry;
use crate::ui::pictures;
use crate::words::Words;

/// The list of kinds is no higher than this, in points.
const MOST_OF_KINDS: f32 = 420.0;

impl Canvas {
    /// The menu of what was clicked with the right button.
    pub(super) fn menu_ui(&mut self, response: &Response, app: &App, words: &Words, out: &mut Vec<Command>) {
        if response.secondary_clicked()
            && let Some(pointer) = response.ctx.pointer_latest_pos()
        {
            let at = self.view.canvas_from_local((pointer - response.rect.min).to_pos2());
            let reach = super::gesture::REACH / self.view.zoom();
            let hit = self.scene.hit(at, reach, &app.selection().nodes);
            self.menu_spot = Some((hit, at));
            let selection = app.selection();
            let now = match hit {
                Hit::Wire(edge) if !selection.edges.contains(&edge) => {
                    Some(Selection { edges: [edge].into(), ..Selection::default() })
                }
                hit => node_of(hit)
                    .filter(|node| !selection.nodes.contains(node))
                    .map(|node| Selection::of_nodes([node])),
            };
            if let Some(now) = now {
                select(&now, out);
                self.known_selection = now;
            }
        }
        let Some((hit, at)) = self.menu_spot else { return };
        let shown = response.context_menu(|ui| {
            ui.set_min_width(200.0);
            match hit {
                Hit::Wire(edge) => self.wire_menu_ui(ui, edge, at, app, words, out),
                Hit::Empty => self.ground_menu_ui(ui, at, app, words, out),
                Hit::Card(node) | Hit::Output(node) | Hit::Input(node, _) => {
                    self.node_menu_ui(ui, node, app, words, out);
                }
            }
        });
        if shown.is_none() && !response.secondary_clicked() {
            self.menu_spot = None;
        }
    }

    fn node_menu_ui(&mut self, ui: &mut Ui, node: NodeId, app: &App, words: &Words, out: &mut Vec<Command>) {
        let network = &app.document().network;
        let Some(drawn) = network.nodes.get(&node) else { return };
        if entry(ui, words, "canvas-menu-rename", "F2") {
            self.rename = Rename::of(network, node);
        }
        ui.menu_button(words.text("canvas-menu-kind"), |ui| {
            let most = MOST_OF_KINDS.min(menu_room(ui));
            egui::ScrollArea::vertical().max_height(most).show(ui, |ui| {
                for (group, entries) in PaletteEntry::matching("", words) {
                    let kinds: Vec<_> = entries.iter().filter_map(PaletteEntry::kind).collect();
                    if kinds.is_empty() {
                        continue;
                    }
                    ui.weak(words.text(group.key()));
                    for kind in kinds {
                        use crate::words::ToMessage as _;
                        let is_this = kind.slug() == drawn.kind.slug();
                        let button = Button::selectable(is_this, words.say(&kind.message()));
                        if ui.add_enabled(!is_this, button).clicked() {
                            out.push(Command::Edit(EditCommand::SetKind(node, kind.clone())));
                            ui.close();
                        }
                    }
                }
            });
        });
        if super::opened::can_open(&drawn.kind) && entry(ui, words, "menu-neurons", "N") {
            self.toggle_opened(node, app);
        }
        outline::connect_menu_ui(ui, node, network, words, out);
        if entry(ui, words, "menu-pin", "Ctrl+P") {
            out.push(Command::View(ViewCommand::TogglePin(node)));
        }
        ui.separator();
        if app.selection().nodes.len() > 1 {
            ui.menu_button(words.text("canvas-menu-align"), |ui| {
                for alignment in Alignment::ALL {
                    if ui.button(words.text(Act::Align(alignment).key())).clicked() {
                        out.push(Command::Edit(EditCommand::Align(alignment)));
                        ui.close();
                    }
                }
            });
        }
        for (key, shortcut, edit) in [
            ("menu-cut", "Ctrl+X", EditCommand::Cut),
            ("menu-copy", "Ctrl+C", EditCommand::Copy),
            ("menu-duplicate", "Ctrl+D", EditCommand::Duplicate),
            ("menu-delete", "Del", EditCommand::DeleteSelection { heal: false }),
            ("menu-delete-heal", "Shift+Del", EditCommand::DeleteSelection { heal: true }),
        ] {
            if entry(ui, words, key, shortcut) {
                out.push(Command::Edit(edit));
            }
        }
    }

    fn wire_menu_ui(
        &mut self,
        ui: &mut Ui,
        edge: EdgeId,
        at: Pos2,
        app: &App,
        words: &Words,
        out: &mut Vec<Command>,
    ) {
        let Some(wire) = app.document().network.edges.get(&edge) else { return };
        if entry(ui, words, "canvas-menu-insert", "") {
            let place = self.screen_place(ui, at);
            self.popup = Some(Popup::Palette(PaletteOffer::new(None, Some(edge), at, place)));
        }
        let set = |wire: crate::network::Edge| Command::Edit(EditCommand::SetEdge(edge, wire));
        if wire.delay == 0 {
            if entry(ui, words, "canvas-menu-make-loop", "") {
                out.push(set(crate::network::Edge { delay: 1, ..wire.clone() }));
            }
        } else {
            ui.horizontal(|ui| {
                let label = ui.label(words.text("canvas-loop-delay"));
                let mut delay = wire.delay;
                let field = DragValue::new(&mut delay).range(1..=1000).prefix("t−");
                if ui.add(field).labelled_by(label.id).changed() {
                    out.push(set(crate::network::Edge { delay, ..wire.clone() }));
                }
            });
            for (initial, key) in [
                (InitialState::Zeros, "canvas-menu-initial-zeros"),
                (InitialState::Trained, "canvas-menu-initial-trained"),
            ] {
                if ui.radio(wire.initial == initial, words.text(key)).clicked() && wire.initial != initial {
                    out.push(set(crate::network::Edge { initial, ..wire.clone() }));
                    ui.close();
                }
            }
            if entry(ui, words, "canvas-menu-unloop", "") {
                out.push(set(crate::network::Edge { delay: 0, ..wire.clone() }));
            }
        }
        ui.separator();
        if entry(ui, words, "menu-delete", "Del") {
            out.push(delete_edge(edge));
        }
    }

    fn ground_menu_ui(&mut self, ui: &mut Ui, at: Pos2, app: &App, words: &Words, out: &mut Vec<Command>) {
        if entry(ui, words, "canvas-menu-add", "") {
            let place = self.screen_place(ui, at);
            self.popup = Some(Popup::Palette(PaletteOffer::new(None, None, at, place)));
        }
        if entry(ui, words, "menu-paste", "Ctrl+V") {
            out.push(Command::Edit(EditCommand::Paste { at: Some(position(at)) }));
        }
        if entry(ui, words, "menu-select-all", "Ctrl+A") {
            out.push(Command::View(ViewCommand::SelectAll));
        }
        ui.separator();
        if app.document().network.nodes.len() > 1 && entry(ui, words, "menu-auto-layout", "Ctrl+Shift+L") {
            out.push(Command::Edit(EditCommand::AutoLayout));
            self.ask(CanvasRequest::Fit);
        }
        if entry(ui, words, "menu-fit", "F") {
            self.ask(CanvasRequest::Fit);
        }
        if entry(ui, words, "menu-zoom-reset", "0") {
            self.ask(CanvasRequest::ZoomReset);
        }
        ui.separator();
        if entry(ui, words, "menu-save-picture", "") {
            pictures::offer_drawing(ui.ctx(), app, words);
        }
    }

    fn screen_place(&self, ui: &Ui, at: Pos2) -> Pos2 {
        let corner = ui.ctx().read_response(canvas_id()).map_or(Pos2::ZERO, |response| response.rect.min);
        corner + self.view.local_from_canvas(at).to_vec2()
    }
}

/// One entry with its key; says whether it was chosen, and closes the menu then.
fn entry(ui: &mut Ui, words: &Words, key: &str, shortcut: &str) -> bool {
    let chosen = ui
        .with_layout(Layout::top_down_justified(Align::LEFT), |ui| {
            let button = Button::new((words.text(key), Atom::grow()));
            let button = if shortcut.is_empty() { button } else { button.shortcut_text(shortcut) };
            ui.add(button).clicked()
        })
        .inner;
    if chosen {
        ui.close();
    }
    chosen
}
