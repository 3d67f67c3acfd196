//! From egui's events to the gesture machine, and from what it says to commands.
//!
//! Must not know what the gestures mean in pixels: that is the machine's.

use egui::{Event, Key, Modifiers, PointerButton, Pos2, Rect, Response, Ui, Vec2};

use super::access::card_id;
use super::geometry::GRID;
use super::gesture::{Button, Gesture, GestureAction, Hit, Keys, Machine};
use super::popup::{LoopOffer, PaletteOffer, Popup};
use super::rename::Rename;
use super::scene::{point, position};
use super::view::edge_speed;
use super::{Canvas, canvas_id, node_of, overlay};
use crate::app::{App, Command, EditCommand, Selection, ViewCommand};
use crate::network::{EdgeId, Network, NodeId};
use crate::words::Words;

/// How long something is held at the edge before the drawing runs on, in seconds.
const REST_AT_EDGE: f64 = 0.4;

impl Canvas {
    /// Takes in what hands did since the last frame.
    pub(super) fn take_input(
        &mut self,
        ui: &Ui,
        area: Rect,
        app: &App,
        words: &Words,
        out: &mut Vec<Command>,
    ) {
        let Some(response) = ui.ctx().read_response(canvas_id()) else { return };
        let network = &app.document().network;
        let mut selection = app.selection().clone();
        self.navigate(ui, area, &response);
        self.play(ui, area, &response, app, &mut selection, words, out);
        self.run_on(ui, area, network, &mut selection, words, out);
        self.keys(ui, app, out);
        let pointer = ui.ctx().pointer_latest_pos().filter(|_| response.contains_pointer());
        self.hovered = pointer.filter(|_| !self.machine.is_busy()).map(|pointer| {
            let at = self.canvas_point(area, pointer);
            self.scene.hit(at, super::gesture::REACH / self.view.zoom(), &selection.nodes)
        });
        self.show_cursor(ui);
    }

    pub(super) fn canvas_point(&self, area: Rect, screen: Pos2) -> Pos2 {
        self.view.canvas_from_local((screen - area.min).to_pos2())
    }

    /// Wheel, pinch.
    pub(super) fn navigate(&mut self, ui: &Ui, area: Rect, response: &Response) {
        if !response.contains_pointer() {
            return;
        }
        let Some(pointer) = ui.ctx().pointer_latest_pos() else { return };
        let (zoom, scroll) = ui.input(|input| (input.zoom_delta(), input.smooth_scroll_delta()));
        if zoom != 1.0 {
            self.view.zoom_by_factor(zoom, (pointer - area.min).to_pos2());
        } else if scroll != Vec2::ZERO {
            self.view.pan += scroll;
        }
    }

    /// Plays the frame's pointer events to the machine, in order.
    #[expect(clippy::too_many_arguments, reason = "a frame's worth of context, passed on once")]
    fn play(
        &mut self,
        ui: &Ui,
        area: Rect,
        response: &Response,
        app: &App,
        selection: &mut Selection,
        words: &Words,
        out: &mut Vec<Command>,
    ) {
        let network = &app.document().network;
        // Whether this frame's press is ours: neither another panel's nor a popup's.
        let is_ours = response.is_pointer_button_down_on() || response.clicked() || response.drag_stopped();
        // A control that has the keyboard is pressed by Space; a card has no use for it.
        let focused = ui.memory(egui::Memory::focused);
        let is_free = focused.is_none_or(|id| id == canvas_id() || self.card_with(id).is_some());
        let (events, space) = ui.input(|input| (input.events.clone(), input.key_down(Key::Space)));
        let space = space && is_free;
        let zoom = self.view.zoom();
        for event in events {
            let moved_to = match event {
                Event::PointerMoved(pos) | Event::PointerButton { pos, .. } => Some(pos),
                _ => None,
            };
            let mut machine = std::mem::take(&mut self.machine);
            let drawing = self.drawing(network, selection, words);
            let act = match event {
                Event::PointerButton { pos, button, pressed: true, modifiers } if is_ours => {
                    let keys = Keys { shift: modifiers.shift, ctrl: modifiers.command, space };
                    let at = self.canvas_point(area, pos);
                    match button {
                        PointerButton::Primary => {
                            machine.press(at, zoom, Button::Primary, keys, selection, &drawing)
                        }
                        PointerButton::Middle => {
                            machine.press(at, zoom, Button::Middle, keys, selection, &drawing)
                        }
                        PointerButton::Secondary | PointerButton::Extra1 | PointerButton::Extra2 => None,
                    }
                }
                Event::PointerMoved(pos) => {
                    let travel = self.last_pointer.map_or(Vec2::ZERO, |last| pos - last);
                    machine.drag(self.canvas_point(area, pos), zoom, travel, selection, &drawing)
                }
                Event::PointerButton { button, pressed: false, .. } if button != PointerButton::Secondary => {
                    machine.release(selection)
                }
                Event::Key { key: Key::Escape, pressed: true, .. } => {
                    self.refusal = None;
                    machine.cancel()
                }
                _ => None,
            };
            if let Gesture::Pressed { hit: Hit::Card(node), .. } = machine.gesture() {
                self.wants_focus = Some(*node);
            }
            self.machine = machine;
            if let Some(pos) = moved_to {
                self.last_pointer = Some(pos);
            }
            if let Some(act) = act {
                self.carry_out(ui, area, act, network, selection, out);
            }
        }
        if response.double_clicked()
            && let Some(pointer) = ui.ctx().pointer_latest_pos()
        {
            let at = self.canvas_point(area, pointer);
            if self.open_at(at, app) {
                self.machine = Machine::default();
                return;
            }
            let mut machine = std::mem::take(&mut self.machine);
            let act = machine.double_click(at, zoom, &self.drawing(network, selection, words));
            self.machine = machine;
            match act {
                Some(act) => self.carry_out(ui, area, act, network, selection, out),
                None if self.scene.hit(at, super::gesture::REACH / zoom, &selection.nodes) == Hit::Empty => {
                    self.popup = Some(Popup::Palette(PaletteOffer::new(None, None, at, pointer)));
                }
                None => {}
            }
        }
    }

    /// Pans while something is dragged at the edge, and drags it along.
    fn run_on(
        &mut self,
        ui: &Ui,
        area: Rect,
        network: &Network,
        selection: &mut Selection,
        words: &Words,
        out: &mut Vec<Command>,
    ) {
        let Some(pointer) = ui.ctx().pointer_latest_pos().filter(|_| self.machine.drags()) else {
            // An entry of the palette is dragged, too.
            if !egui::DragAndDrop::has_any_payload(ui.ctx()) {
                self.held_at_edge = None;
            }
            return;
        };
        let Some(origin) = ui.input(|input| input.pointer.press_origin()) else { return };
        let speed = edge_speed((pointer - area.min).to_pos2(), pointer - origin, area.size());
        if !self.run_at(ui, speed) {
            return;
        }
        let (at, zoom) = (self.canvas_point(area, pointer), self.view.zoom());
        let mut machine = std::mem::take(&mut self.machine);
        let act = machine.drag(at, zoom, Vec2::ZERO, selection, &self.drawing(network, selection, words));
        self.machine = machine;
        if let Some(act) = act {
            self.carry_out(ui, area, act, network, selection, out);
        }
    }

    /// Pans at this speed, in screen points a second, once a hand has rested at the edge: one that puts
    /// something down there at once finds it where it put it. Says whether it panned.
    pub(super) fn run_at(&mut self, ui: &Ui, speed: Vec2) -> bool {
        if speed == Vec2::ZERO {
            self.held_at_edge = None;
            return false;
        }
        ui.ctx().request_repaint();
        let now = ui.input(|input| input.time);
        if now - *self.held_at_edge.get_or_insert(now) < REST_AT_EDGE {
            return false;
        }
        // A frame that was long in coming must not throw the drawing out of sight.
        self.view.pan += speed * ui.input(|input| input.stable_dt).min(0.05);
        true
    }

    /// What the person meant, as commands or as something to open.
    fn carry_out(
        &mut self,
        ui: &Ui,
        area: Rect,
        act: GestureAction,
        network: &Network,
        selection: &mut Selection,
        out: &mut Vec<Command>,
    ) {
        match act {
            GestureAction::Select(now) => {
                select(&now, out);
                self.known_selection = now.clone();
                *selection = now;
            }
            GestureAction::Pan(by) => self.view.pan += by,
            GestureAction::Rename(node) => self.rename = Rename::of(network, node),
            GestureAction::Move(nodes, by) => {
                out.push(Command::Edit(EditCommand::Move(moved(network, nodes.iter().copied(), by))));
            }
            GestureAction::Insert(node, edge, by) => {
                if let Some((node, position)) = moved(network, [node], by).pop() {
                    out.push(Command::Edit(EditCommand::InsertNodeOnEdge { node, edge, position }));
                }
            }
            GestureAction::Connect(from, to, port, replacing) => {
                connect(network, from, to, port, replacing, out);
            }
            GestureAction::Unplug(edge) => out.push(delete_edge(edge)),
            GestureAction::OfferLoop(from, to, port, replacing) => {
                let at = ui.ctx().pointer_latest_pos().unwrap_or(area.center());
                self.popup = Some(Popup::Loop(LoopOffer { from, to, port, replacing, delay: 1, at }));
            }
            GestureAction::OfferPalette(wire, at) => {
                let place = area.min + self.view.local_from_canvas(at).to_vec2();
                self.popup = Some(Popup::Palette(PaletteOffer::new(Some(wire), None, at, place)));
            }
            GestureAction::Refuse(reason) => {
                let at = ui.ctx().pointer_latest_pos().unwrap_or(area.center());
                self.refusal = Some(overlay::Bubble::new(reason, at, ui.input(|input| input.time)));
                out.push(Command::View(ViewCommand::ShowUnfinished));
            }
        }
    }

    /// Arrow keys, F2, Esc, while a card has the keyboard.
    fn keys(&mut self, ui: &Ui, app: &App, out: &mut Vec<Command>) {
        let network = &app.document().network;
        let focused = ui.memory(egui::Memory::focused);
        let here = focused.and_then(|id| self.card_with(id));
        let is_free = focused.is_none() || here.is_some() || focused == Some(canvas_id());
        if !is_free || self.popup.is_some() || self.rename.is_some() {
            return;
        }
        if ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::F2))
            && let Some(node) = here.or_else(|| app.selection().only_node())
        {
            self.rename = Rename::of(network, node);
        }
        let Some(node) = here else { return };
        let arrows = [
            (Key::ArrowLeft, Vec2::LEFT),
            (Key::ArrowRight, Vec2::RIGHT),
            (Key::ArrowUp, Vec2::UP),
            (Key::ArrowDown, Vec2::DOWN),
        ];
        for (key, direction) in arrows {
            if ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, key)) {
                let selected = &app.selection().nodes;
                let nodes: Vec<NodeId> =
                    if selected.contains(&node) { selected.iter().copied().collect() } else { vec![node] };
                out.push(Command::Edit(EditCommand::Move(moved(network, nodes, direction * GRID))));
            } else if ui.input_mut(|input| input.consume_key(Modifiers::NONE, key))
                && let Some(next) = self.scene.neighbor(node, direction)
            {
                let now = Selection::of_nodes([next]);
                select(&now, out);
                ui.memory_mut(|memory| memory.request_focus(card_id(next)));
            }
        }
    }

    /// The node whose card is this widget.
    fn card_with(&self, id: egui::Id) -> Option<NodeId> {
        self.scene.cards.iter().map(|card| card.id).find(|&node| id == card_id(node))
    }

    fn show_cursor(&self, ui: &Ui) {
        let icon = match (self.machine.gesture(), self.hovered) {
            (Gesture::Panning, _) => Some(egui::CursorIcon::Grabbing),
            (Gesture::Moving { .. }, _) => Some(egui::CursorIcon::Move),
            (Gesture::Wiring(_), _) | (_, Some(Hit::Output(_) | Hit::Input(..))) => {
                Some(egui::CursorIcon::Crosshair)
            }
            (Gesture::Idle | Gesture::Pressed { .. } | Gesture::Marquee { .. }, hit) => {
                hit.and_then(node_of).map(|_| egui::CursorIcon::Grab)
            }
        };
        if let Some(icon) = icon {
            ui.ctx().set_cursor_icon(icon);
        }
    }
}

/// Selects exactly this.
pub(super) fn select(now: &Selection, out: &mut Vec<Command>) {
    out.push(Command::View(ViewCommand::Select {
        nodes: now.nodes.iter().copied().collect(),
        edges: now.edges.iter().copied().collect(),
    }));
}

fn moved(
    network: &Network,
    nodes: impl IntoIterator<Item = NodeId>,
    by: Vec2,
) -> Vec<(NodeId, crate::network::Position)> {
    let place = |node: NodeId| network.nodes.get(&node).map(|n| (node, position(point(n.position) + by)));
    nodes.into_iter().filter_map(place).collect()
}

pub(super) fn delete_edge(edge: EdgeId) -> Command {
    Command::Edit(EditCommand::Delete { nodes: Vec::new(), edges: vec![edge], heal: false })
}

/// A wire; one that is moved keeps its delay and is replaced.
fn connect(
    network: &Network,
    from: NodeId,
    to: NodeId,
    port: usize,
    replacing: Option<EdgeId>,
    out: &mut Vec<Command>,
) {
    let Some((id, old)) = replacing.and_then(|id| network.edges.get(&id).map(|edge| (id, edge))) else {
        out.push(Command::Edit(EditCommand::Connect { from, to, port, delay: 0 }));
        return;
    };
    if (old.from, old.to, old.port) != (from, to, port) {
        let edge = crate::network::Edge { from, to, port, ..old.clone() };
        out.push(Command::Edit(EditCommand::SetEdge(id, edge)));
    }
}
