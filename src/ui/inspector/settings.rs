//! The settings of a node, by kind.
//!
//! Must not know how a setting takes effect.

use egui::Ui;

use super::super::data_panel::fitted_node_ui;
use super::super::fields::{
    NumberField, check_ui, choice_ui, count_ui, number_ui, own_if_same_kind, row_label, row_label_of_choice,
    wrapped_ui,
};
use super::super::rows_editor::source_ui;
use crate::app::{App, Command, EditCommand};
use crate::network::{
    Activation, CountedSteps, DataNode, Declaration, DenseNode, Family, Initializer, LOSS_WEIGHT, LossKind,
    LossNode, Node, NodeId, NodeKind, ParameterKey, ParameterRole, Setting, UNITS,
};
use crate::words::{ToMessage, Words};

/// The largest width that can be typed.
const WIDEST: usize = UNITS.typed.1 as usize;

/// The settings that the node's kind has.
pub(super) fn settings_ui(
    ui: &mut Ui,
    app: &App,
    words: &Words,
    id: NodeId,
    node: &Node,
    out: &mut Vec<Command>,
) {
    let mut kind = node.kind.clone();
    let declaration = kind.declaration();
    match &mut kind {
        NodeKind::Input(data) | NodeKind::Target(data) => {
            wrapped_ui(ui, |ui| data_ui(ui, app, words, data, out));
        }
        NodeKind::Dense(dense) => dense_ui(ui, app, words, id, dense, out),
        NodeKind::Activation(activation) => {
            wrapped_ui(ui, |ui| activation_ui(ui, words, activation, out));
        }
        NodeKind::Dropout { p: number } | NodeKind::Concat { dim: number } => {
            wrapped_ui(ui, |ui| numbers_ui(ui, words, declaration, vec![number], out));
        }
        NodeKind::Loss(loss) => {
            wrapped_ui(ui, |ui| loss_ui(ui, app, words, loss, out));
        }
        NodeKind::Add | NodeKind::Multiply => {}
        NodeKind::Tensor(tensor) => super::tensor::tensor_ui(ui, app, words, id, tensor, out),
        NodeKind::Operation(operation) => {
            wrapped_ui(ui, |ui| numbers_ui(ui, words, declaration, operation.numbers_mut(), out));
        }
        NodeKind::Reduce(reduce) => super::tensor::reduce_ui(ui, words, reduce, out),
        NodeKind::Reshape { shape } => super::tensor::sizes_ui(ui, words, shape, out),
    }
    let is_target = kind.is_target();
    if let Some(data) = kind.data_mut() {
        source_ui(ui, app, words, is_target, data, out);
        fitted_node_ui(ui, app, words, id);
    }
    super::root::root_ui(ui, app, words, id, node, out);
    if kind != node.kind {
        out.push(Command::Edit(EditCommand::SetKind(id, kind)));
    }
}

fn data_ui(ui: &mut Ui, app: &App, words: &Words, data: &mut DataNode, out: &mut Vec<Command>) {
    if data.rows.is_none() && app.document().data.path.is_none() {
        let label = words.text("setting-features");
        row_label(ui, label.clone());
        if let Some(features) = count_ui(ui, &label, data.features(), 1..=WIDEST, out) {
            data.set_features(features);
        }
    }
    if app.document().network.n_steps > 1 {
        let response = check_ui(ui, &mut data.per_step, words.text("setting-per-step"));
        response.on_hover_text(words.text("setting-per-step-hint"));
    }
}

fn dense_ui(
    ui: &mut Ui,
    app: &App,
    words: &Words,
    id: NodeId,
    dense: &mut DenseNode,
    out: &mut Vec<Command>,
) {
    wrapped_ui(ui, |ui| {
        let label = words.text(UNITS.key);
        row_label(ui, label.clone());
        if let Some(units) = count_ui(ui, &label, dense.units, 1..=WIDEST, out) {
            dense.units = units;
        }
        check_ui(ui, &mut dense.bias, words.text("setting-bias"));
        freeze_ui(ui, app, words, id, out);
    });
    wrapped_ui(ui, |ui| {
        let label = words.text("setting-init");
        initializer_ui(ui, words, &label, "W", &mut dense.weight_init, out);
    });
    if dense.bias {
        wrapped_ui(ui, |ui| {
            let label = words.text("setting-bias-init");
            initializer_ui(ui, words, &label, "b", &mut dense.bias_init, out);
        });
    }
}

fn initializer_ui(
    ui: &mut Ui,
    words: &Words,
    label: &str,
    letter: &str,
    initializer: &mut Initializer,
    out: &mut Vec<Command>,
) {
    let shown = words.text(initializer_key(*initializer));
    row_label_of_choice(ui, words.text_with("setting-init-of", &[("letter", letter.into())]), &shown);
    let choices = [
        Initializer::LinearDefault,
        Initializer::Zeros,
        Initializer::Constant { value: 1.0 },
        Initializer::Uniform { low: -0.1, high: 0.1 },
        Initializer::Normal { mean: 0.0, std: 0.1 },
        Initializer::XavierUniform,
        Initializer::XavierNormal,
        Initializer::KaimingUniform,
        Initializer::KaimingNormal,
        Initializer::Eye { gain: 1.0 },
    ];
    let listed =
        choices.map(|choice| (own_if_same_kind(choice, initializer), words.text(initializer_key(choice))));
    if let Some(chosen) = choice_ui(ui, label, initializer, listed, &shown) {
        *initializer = chosen;
    }
    match initializer {
        Initializer::Constant { value } => bare_number_ui(ui, words, "setting-value", value, out),
        Initializer::Uniform { low, high } => {
            bare_number_ui(ui, words, "setting-low", low, out);
            bare_number_ui(ui, words, "setting-high", high, out);
        }
        Initializer::Normal { mean, std } => {
            bare_number_ui(ui, words, "setting-mean", mean, out);
            bare_number_ui(ui, words, "setting-std", std, out);
        }
        Initializer::Eye { gain } => bare_number_ui(ui, words, "setting-value", gain, out),
        Initializer::LinearDefault
        | Initializer::Zeros
        | Initializer::XavierUniform
        | Initializer::XavierNormal
        | Initializer::KaimingUniform
        | Initializer::KaimingNormal => {}
    }
}

fn initializer_key(initializer: Initializer) -> &'static str {
    match initializer {
        Initializer::LinearDefault => "init-linear-default",
        Initializer::Zeros => "init-zeros",
        Initializer::Constant { .. } => "init-constant",
        Initializer::Uniform { .. } => "init-uniform",
        Initializer::Normal { .. } => "init-normal",
        Initializer::Eye { .. } => "init-eye",
        Initializer::XavierUniform => "init-xavier-uniform",
        Initializer::XavierNormal => "init-xavier-normal",
        Initializer::KaimingUniform => "init-kaiming-uniform",
        Initializer::KaimingNormal => "init-kaiming-normal",
    }
}

fn activation_ui(ui: &mut Ui, words: &Words, activation: &mut Activation, out: &mut Vec<Command>) {
    let label = words.text("setting-function");
    let listed =
        Activation::ALL.map(|choice| (own_if_same_kind(choice, activation), words.say(&choice.message())));
    let shown = words.say(&activation.message());
    row_label_of_choice(ui, label.as_str(), &shown);
    if let Some(chosen) = choice_ui(ui, &label, activation, listed, &shown) {
        *activation = chosen;
    }
    numbers_ui(ui, words, activation.declaration(), activation.numbers_mut(), out);
}

/// The numeric settings that a kind declares.
fn numbers_ui(
    ui: &mut Ui,
    words: &Words,
    declaration: &Declaration,
    values: Vec<&mut f64>,
    out: &mut Vec<Command>,
) {
    for (setting, value) in declaration.settings.iter().zip(values) {
        setting_ui(ui, words, setting, value, out);
    }
}

fn setting_ui(ui: &mut Ui, words: &Words, setting: &Setting, value: &mut f64, out: &mut Vec<Command>) {
    let (least, most) = setting.typed;
    number_ui(ui, &words.text(setting.key), value, least..=most, false, out);
}

fn loss_ui(ui: &mut Ui, app: &App, words: &Words, loss: &mut LossNode, out: &mut Vec<Command>) {
    let label = words.text("setting-loss");
    let listed =
        LossKind::ALL.map(|choice| (own_if_same_kind(choice, &loss.kind), words.say(&choice.message())));
    let shown = words.say(&loss.kind.message());
    row_label_of_choice(ui, label.as_str(), &shown);
    if let Some(chosen) = choice_ui(ui, &label, &loss.kind, listed, &shown) {
        loss.kind = chosen;
    }
    numbers_ui(ui, words, loss.kind.declaration(), loss.kind.numbers_mut(), out);
    setting_ui(ui, words, &LOSS_WEIGHT, &mut loss.weight, out);
    if app.document().network.n_steps > 1 {
        let label = words.text("setting-counted");
        let choices = [CountedSteps::Last, CountedSteps::Every].map(|c| (c, words.text(counted_key(c))));
        let shown = words.text(counted_key(loss.counted));
        row_label_of_choice(ui, label.as_str(), &shown);
        if let Some(chosen) = choice_ui(ui, &label, &loss.counted, choices, &shown) {
            loss.counted = chosen;
        }
    }
}

fn counted_key(counted: CountedSteps) -> &'static str {
    match counted {
        CountedSteps::Last => "setting-counted-last",
        CountedSteps::Every => "setting-counted-every",
    }
}

/// A switch for each parameter: frozen parameters get no gradient.
fn freeze_ui(ui: &mut Ui, app: &App, words: &Words, id: NodeId, out: &mut Vec<Command>) {
    for (role, letter) in [(ParameterRole::Weight, "W"), (ParameterRole::Bias, "b")] {
        let key = ParameterKey::Node(id, role);
        let Some(parameter) = app.document().parameters.get(&key) else { continue };
        let mut frozen = !parameter.trainable;
        let label = words.text_with("setting-freeze", &[("letter", letter.into())]);
        if check_ui(ui, &mut frozen, label).on_hover_text(words.text("setting-freeze-hint")).changed() {
            out.push(Command::Edit(EditCommand::SetTrainable { key, trainable: !frozen }));
        }
    }
}

/// A number whose name is said but not shown.
fn bare_number_ui(ui: &mut Ui, words: &Words, key: &str, value: &mut f64, out: &mut Vec<Command>) {
    let label = words.text(key);
    let field = NumberField { name: &label, range: -1e9..=1e9, logarithmic: false, whole: false };
    ui.scope(|ui| {
        if let Some(new) = field.ui(ui, *value, out) {
            *value = new;
        }
    })
    .response
    .on_hover_text(label);
}
