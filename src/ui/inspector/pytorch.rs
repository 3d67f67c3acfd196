//! A node as PyTorch keeps it: `requires_grad`, `grad_fn`, what is saved for the backward pass, `.grad`, and
//! the calls that change it.
//!
//! Must not know how `.grad` is kept.

use egui::{CollapsingHeader, RichText, Ui};

use super::super::fields::{check_ui, note_ui, row_label, wrapped_ui};
use super::super::theme::{self, Theme};
use crate::app::{App, AutogradCommand, Command, GradientCommand};
use crate::explain::{Kept, short};
use crate::network::{Node, NodeId, ParameterKey};
use crate::train::Values;
use crate::words::{ToMessage, Words};

/// More numbers of a `.grad` are left out.
const MOST_SHOWN: usize = 24;

/// The section of one node.
pub(super) fn pytorch_ui(
    ui: &mut Ui,
    app: &App,
    words: &Words,
    id: NodeId,
    node: &Node,
    out: &mut Vec<Command>,
) {
    let Some(kept) = app.autograd().and_then(|autograd| autograd.of(id)) else { return };
    // With free operations this is what one looks for; with layers it is one way of looking at them.
    let is_free = app.document().network.nodes.values().all(|node| node.kind.data().is_none());
    let header = RichText::new(words.text("autograd-title")).font(theme::strong(13.0));
    CollapsingHeader::new(header).id_salt(("pytorch", id)).default_open(is_free).show(ui, |ui| {
        facts_ui(ui, words, kept, node);
        grads_ui(ui, app, words, id, kept, node, out);
        if is_free && app.is_rounding(id) {
            note_ui(ui, words.text("autograd-rounding"));
        }
        calls_ui(ui, app, words, out);
    });
}

/// A line of a name and what it is, as Python prints it.
fn line_ui(ui: &mut Ui, name: &str, value: &str) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        row_label(ui, name);
        ui.label(RichText::new(value).font(theme::mono(12.0)).color(Theme::of(ui).text));
    });
}

fn facts_ui(ui: &mut Ui, words: &Words, kept: &Kept, node: &Node) {
    let python = |yes: bool| if yes { "True" } else { "False" };
    line_ui(ui, "requires_grad", python(kept.requires_grad));
    line_ui(ui, "is_leaf", python(kept.is_leaf));
    let grad_fn = match kept.grad_fn {
        Some(name) => format!("<{name}>"),
        None if !kept.is_leaf => words.text("autograd-handed-on"),
        None => "None".to_owned(),
    };
    line_ui(ui, "grad_fn", &grad_fn);
    if kept.is_leaf {
        return;
    }
    let saved: Vec<String> =
        kept.saved.iter().map(|saved| format!("{} {}", saved.name, saved.shape)).collect();
    let saved = match (saved.is_empty(), kept.saves_within) {
        (false, _) => saved.join(", "),
        (true, true) => words.text("autograd-saved-within"),
        (true, false) => words.text("autograd-saved-nothing"),
    };
    line_ui(ui, &words.text("autograd-saved"), &saved);
    if node.stop(0).is_some() {
        note_ui(ui, words.text("autograd-zeros"));
    }
}

/// `.grad` of the node's leaves, and of its value.
fn grads_ui(
    ui: &mut Ui,
    app: &App,
    words: &Words,
    id: NodeId,
    kept: &Kept,
    node: &Node,
    out: &mut Vec<Command>,
) {
    let grads = app.grads();
    let parameters = app.document().parameters.iter();
    for (&key, parameter) in parameters.filter(|(key, _)| is_of(**key, id)) {
        let name = match key {
            ParameterKey::Node(_, role) if node.kind.tensor().is_none() => {
                format!(
                    "{}.grad",
                    crate::explain::Letter::of_parameter(ParameterKey::Node(id, role)).symbol()
                )
            }
            _ => ".grad".to_owned(),
        };
        let text = match grads.of_leaf(key) {
            Some(values) => listed(values),
            None if !parameter.trainable => words.text("autograd-none-not-required"),
            None => words.text("autograd-none-yet"),
        };
        line_ui(ui, &name, &text);
    }
    if kept.is_leaf {
        if node.kind.tensor().is_none() {
            line_ui(ui, ".grad", &words.text("autograd-none-not-required"));
        }
        return;
    }
    let text = match grads.of_inner(id, app.time_step()) {
        Some(values) => listed(values),
        None if grads.is_retained(id) => words.text("autograd-none-yet"),
        None => words.text("autograd-not-kept"),
    };
    line_ui(ui, ".grad", &text);
    let mut is_retained = grads.is_retained(id);
    let response = check_ui(ui, &mut is_retained, "retain_grad()");
    if response.on_hover_text(words.text("autograd-retain-grad-hint")).changed() {
        out.push(autograd(AutogradCommand::RetainGrad(id, is_retained)));
    }
}

/// `zero_grad()`, `backward()`, and what the newest of them came to.
fn calls_ui(ui: &mut Ui, app: &App, words: &Words, out: &mut Vec<Command>) {
    let grads = app.grads();
    wrapped_ui(ui, |ui| {
        let can_run = app.has_whole_pass();
        let calls = [
            ("zero_grad()", AutogradCommand::ZeroGrad, "autograd-zero-grad-hint", true),
            ("forward()", AutogradCommand::Forward, "autograd-forward-hint", can_run),
            ("backward()", AutogradCommand::Backward, "autograd-backward-hint", can_run),
        ];
        for (name, command, hint, is_enabled) in calls {
            let label = RichText::new(name).font(theme::mono(12.0));
            let response = ui.add_enabled(is_enabled, egui::Button::new(label));
            let response = response
                .on_hover_text(words.text(hint))
                .on_disabled_hover_text(words.text("autograd-needs-pass"));
            if response.clicked() {
                out.push(autograd(command));
            }
        }
        let mut retains = grads.retains_graph();
        let response = check_ui(ui, &mut retains, "retain_graph=True");
        if response.on_hover_text(words.text("autograd-retain-graph-hint")).changed() {
            out.push(autograd(AutogradCommand::RetainGraph(retains)));
        }
    });
    if let Some(refusal) = grads.refused() {
        let error = Theme::of(ui).error;
        let text = RichText::new(words.say(&refusal.message())).color(error).size(12.0);
        ui.add(egui::Label::new(text).wrap());
        return;
    }
    match (grads.n_backward(), grads.is_freed()) {
        (0, _) => note_ui(ui, words.text("autograd-before")),
        (n, is_freed) => {
            if n > 1 {
                note_ui(ui, words.text_with("autograd-added-up", &[("n", n.into())]));
            }
            note_ui(ui, words.text(if is_freed { "autograd-is-freed" } else { "autograd-is-built" }));
        }
    }
}

fn autograd(command: AutogradCommand) -> Command {
    Command::Gradient(GradientCommand::Autograd(command))
}

fn is_of(key: ParameterKey, id: NodeId) -> bool {
    matches!(key, ParameterKey::Node(node, _) if node == id)
}

/// Numbers as Python lists them, shortened; of many their sizes.
fn listed(values: &Values) -> String {
    if values.len() > MOST_SHOWN {
        let first: Vec<String> = values.data().iter().take(4).map(|x| short(*x)).collect();
        return format!("{:?}: {}, …", values.shape(), first.join(", "));
    }
    nested(values.shape(), values.data())
}

fn nested(shape: &[usize], data: &[f64]) -> String {
    match shape {
        [] => data.first().map_or_else(String::new, |x| short(*x)),
        [first, rest @ ..] => {
            let size = data.len() / (*first).max(1);
            let parts: Vec<String> = data.chunks(size.max(1)).map(|part| nested(rest, part)).collect();
            format!("[{}]", parts.join(", "))
        }
    }
}
