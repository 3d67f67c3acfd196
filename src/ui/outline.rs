//! The outline: every node and wire as a list that the keyboard reaches.
//!
//! Must not know where anything stands on the canvas.

use std::collections::BTreeMap;

use egui::{Button, Id, RichText, ScrollArea, Ui, WidgetInfo, WidgetType, vec2};

use crate::app::{App, Command, EditCommand, Selection, ViewCommand};
use crate::network::{EdgeId, Network, NodeId, Place, Refusal, Severity};
use crate::ui::findings::Findings;
use crate::ui::menu::menu_room;
use crate::ui::theme::{self, Theme};
use crate::words::{ToMessage, Words};

/// Every node as a row; the selected ones open and show their wires.
pub fn outline_ui(ui: &mut Ui, app: &App, words: &Words, out: &mut Vec<Command>) {
    let network = &app.document().network;
    if network.nodes.is_empty() {
        ui.weak(words.text("outline-empty"));
        return;
    }
    let wiring = network.wiring();
    let worst = worst_by_node(app);
    let order = network.topological_order().unwrap_or_else(|_| network.nodes.keys().copied().collect());
    let row_height = 22.0;
    ScrollArea::vertical().auto_shrink([false, false]).show_viewport(ui, |ui, seen| {
        ui.spacing_mut().item_spacing = vec2(4.0, 2.0);
        let top = ui.cursor().top();
        for node in order {
            let is_selected = app.selection().nodes.contains(&node);
            let y = ui.cursor().top() - top;
            // Rows out of sight keep their height only; those near the edge stay for the Tab key.
            if !is_selected && (y < seen.top() - 400.0 || y > seen.bottom() + 400.0) {
                ui.add_space(row_height);
                continue;
            }
            let Some(drawn) = network.nodes.get(&node) else { continue };
            let problem = worst.get(&node).copied();
            let name = drawn.name.as_str();
            let kind = words.say(&drawn.kind.message());
            if row_ui(ui, (name, &kind), problem, is_selected, node, words) {
                select_node(ui, app, node, out);
            }
            if is_selected {
                ui.indent(Id::new(("outline", node)), |ui| {
                    for &edge in wiring.incoming(node) {
                        edge_row_ui(ui, app, edge, true, words, out);
                    }
                    for &edge in wiring.outgoing(node) {
                        edge_row_ui(ui, app, edge, false, words, out);
                    }
                    connect_menu_ui(ui, node, network, words, out);
                });
            }
        }
    });
}

/// The worst problem of each node.
fn worst_by_node(app: &App) -> BTreeMap<NodeId, Severity> {
    let mut worst: BTreeMap<NodeId, Severity> = BTreeMap::new();
    for problem in &Findings::of(app).problems {
        if let Place::Node(node) = problem.at {
            let known = worst.entry(node).or_insert(problem.severity);
            *known = (*known).max(problem.severity);
        }
    }
    worst
}

/// One node; says whether it was chosen.
fn row_ui(
    ui: &mut Ui,
    (name, kind): (&str, &str),
    problem: Option<Severity>,
    is_selected: bool,
    node: NodeId,
    words: &Words,
) -> bool {
    let theme = Theme::of(ui);
    let spoken = words.text_with(
        if problem.is_some() { "outline-node-with-problem" } else { "outline-node" },
        &[("name", name.into()), ("kind", kind.into())],
    );
    let mark = problem.map(|severity| {
        let color = match severity {
            Severity::Error => theme.error,
            Severity::Warning => theme.warning,
            Severity::Note => theme.accent,
        };
        RichText::new("!").font(theme::strong(12.0)).color(color)
    });
    let says_kind = name.to_lowercase().contains(&kind.to_lowercase());
    // Where there is no room for both, the name stands alone.
    let width = |text: &str, font| ui.painter().layout_no_wrap(text.to_owned(), font, theme.text).size().x;
    let needed = width(name, theme::text(13.0)) + width(kind, theme::text(11.0)) + 32.0;
    let has_room = needed <= ui.available_width();
    let detail = RichText::new(if says_kind || !has_room { "" } else { kind }).small().color(theme.weak);
    let mut button =
        Button::selectable(is_selected, name).truncate().min_size(vec2(ui.available_width(), 20.0));
    button = button.right_text(mark.unwrap_or(detail));
    let response = ui.push_id(node, |ui| ui.add(button)).inner;
    response.widget_info(|| WidgetInfo::selected(WidgetType::SelectableLabel, true, is_selected, &spoken));
    response.clicked()
}

fn select_node(ui: &Ui, app: &App, node: NodeId, out: &mut Vec<Command>) {
    let modifiers = ui.input(|input| input.modifiers);
    if modifiers.shift || modifiers.command {
        out.push(Command::View(ViewCommand::ToggleNode(node)));
    } else if app.selection() != &Selection::of_nodes([node]) {
        out.push(Command::View(ViewCommand::Select { nodes: vec![node], edges: Vec::new() }));
    }
}

/// One wire of a node: its other end and its shape.
fn edge_row_ui(ui: &mut Ui, app: &App, edge: EdgeId, arrives: bool, words: &Words, out: &mut Vec<Command>) {
    let network = &app.document().network;
    let Some(wire) = network.edges.get(&edge) else { return };
    let other = if arrives { wire.from } else { wire.to };
    let Some(other) = network.nodes.get(&other) else { return };
    let key = if arrives { "outline-wire-from" } else { "outline-wire-to" };
    let mut text = words.text_with(key, &[("name", other.name.as_str().into())]);
    if wire.delay > 0 {
        text = format!("{text} (t−{})", wire.delay);
    }
    let is_selected = app.selection().edges.contains(&edge);
    let button = Button::selectable(is_selected, RichText::new(text).small()).truncate();
    if ui.push_id(("edge", edge, arrives), |ui| ui.add(button)).inner.clicked() {
        out.push(Command::View(ViewCommand::Select { nodes: Vec::new(), edges: vec![edge] }));
    }
}

/// "Connect to …": every node with a port that a wire from here could end at; the others say why
/// not.
pub fn connect_menu_ui(ui: &mut Ui, from: NodeId, network: &Network, words: &Words, out: &mut Vec<Command>) {
    if !network.nodes.get(&from).is_some_and(|node| node.kind.has_output()) {
        return;
    }
    ui.menu_button(RichText::new(words.text("outline-connect-to")).size(12.0), |ui| {
        ScrollArea::vertical().max_height(menu_room(ui).min(360.0)).show(ui, |ui| {
            let connections = network.connections_from(from);
            for (&to, node) in &network.nodes {
                let Some(port) = connections.free_port(to) else { continue };
                let allowed = connections.to(to, port);
                target_ui(ui, (from, to, port), &node.name, allowed, words, out);
            }
        });
    });
}

fn target_ui(
    ui: &mut Ui,
    (from, to, port): (NodeId, NodeId, usize),
    name: &str,
    allowed: Result<(), Refusal>,
    words: &Words,
    out: &mut Vec<Command>,
) {
    let connect = |delay| Command::Edit(EditCommand::Connect { from, to, port, delay });
    match allowed {
        Ok(()) => {
            if ui.button(name).clicked() {
                out.push(connect(0));
                ui.close();
            }
        }
        Err(refusal) if refusal.offers_loop() => {
            let text = words.text_with("outline-connect-loop", &[("name", name.into())]);
            if ui.button(text).clicked() {
                out.push(connect(1));
                ui.close();
            }
        }
        Err(refusal) => {
            ui.add_enabled(false, Button::new(name)).on_disabled_hover_text(words.say(&refusal.message()));
        }
    }
}
