//! Where backward starts: the mark of a root, and the vector v of a root that is no scalar. And what it does
//! not come to: what is computed under `no_grad`.
//!
//! Must not know how a vector is used.

use egui::Ui;

use super::super::fields::{check_ui, note_ui};
use super::tensor::{TypedField, typed_ui};
use crate::app::{App, Command, EditCommand};
use crate::network::{MAX_TYPED, Node, NodeId, Seed};
use crate::tensor::Shape;
use crate::words::Words;

/// A switch for what `backward()` can start at, and v where it takes one.
pub(super) fn root_ui(
    ui: &mut Ui,
    app: &App,
    words: &Words,
    id: NodeId,
    node: &Node,
    out: &mut Vec<Command>,
) {
    let network = &app.document().network;
    let mut is_root = network.roots.contains(&id);
    let shape = app.shapes().node(id);
    if !is_root && (!node.kind.has_way_through() || shape.is_none()) {
        return;
    }
    if node.kind.has_way_through() {
        let mut no_grad = node.no_grad;
        let response = check_ui(ui, &mut no_grad, words.text("setting-no-grad"));
        if response.on_hover_text(words.text("setting-no-grad-hint")).changed() {
            let selected = &app.selection().nodes;
            let nodes = if selected.contains(&id) { selected.iter().copied().collect() } else { vec![id] };
            out.push(Command::Edit(EditCommand::SetNoGrad { nodes, no_grad }));
        }
    }
    let response = check_ui(ui, &mut is_root, words.text("setting-root"));
    if response.on_hover_text(words.text("setting-root-hint")).changed() {
        out.push(Command::Edit(EditCommand::SetRoot { node: id, is_root }));
    }
    let seed = network.seeds.get(&id);
    let Some(shape) = shape.filter(|shape| is_root && (seed.is_some() || shape.features() != 1)) else {
        return;
    };
    vector_ui(ui, words, id, shape, seed, out);
}

/// v, typed as numbers; ones are offered where nothing is typed yet.
fn vector_ui(
    ui: &mut Ui,
    words: &Words,
    id: NodeId,
    shape: &Shape,
    seed: Option<&Seed>,
    out: &mut Vec<Command>,
) {
    if shape.features() > MAX_TYPED {
        return note_ui(ui, words.text("rows-too-many"));
    }
    let offered = Seed::ones(shape.dims());
    let shown = seed.unwrap_or(&offered);
    let field = TypedField {
        id: ui.id().with(("vector", id)),
        label: "setting-vector",
        hint: "setting-vector-hint",
        shape: &shown.shape,
        values: shown.values.as_slice(),
    };
    if let Some(typed) = typed_ui(ui, words, &field) {
        let seed = Some(Seed::new(&typed.shape, typed.values));
        out.push(Command::Edit(EditCommand::SetSeed { node: id, seed }));
    }
    let is_offered = seed.is_none();
    if (is_offered || *shown != offered) && ui.button(words.text("setting-vector-ones")).clicked() {
        let seed = Some(offered.clone()).filter(|_| shape.features() != 1);
        out.push(Command::Edit(EditCommand::SetSeed { node: id, seed }));
    }
    // Below the button: beside it the text would go on under it.
    note_ui(ui, words.text(if is_offered { "setting-vector-missing" } else { "setting-vector-note" }));
}
